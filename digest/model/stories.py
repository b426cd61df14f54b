"""What was chosen, and what summarizers answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from digest.model.articles import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Chosen: its lead article, who else covers it, and why it is in."""

    lead: Article
    rivals: tuple[Article, ...] = ()
    section: str
    score: float
    #: "3 h old", "also in Kestrel Radio": each a few words, in the order of their weight.
    reasons: tuple[str, ...] = ()
    #: A recent edition ran it, and it has changed materially since.
    update: bool = False
    #: The related article that its dig-deeper sentence leads to; None if none is related enough.
    deeper: Article | None = None
    #: Earlier and other articles on the same matter, the most related first: material for context.
    background: tuple[Article, ...] = ()

    @property
    def told(self) -> tuple[Article, ...]:
        """Every article that tells the story: the lead first."""
        return (self.lead, *self.rivals)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A story that a recent edition ran."""

    day: date
    #: Its lead, as it was read at the time.
    article: Article
    #: What the edition said: headline, summary and context.
    words: str
    #: What else was known then: who else told it, and what it led to.
    sources: tuple[Article, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An article that was considered, for ``--explain``."""

    article: Article
    score: float
    reasons: tuple[str, ...]
    #: "chosen", or the reason why not: "too old", "same story as …", "over the limit of its feed".
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    stories: tuple[Story, ...]
    #: Stories that just missed, best first.
    spares: tuple[Story, ...]
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Where a sentence is: ``text[start:end]`` of that article's text, in characters."""

    article_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """The sources that a blurb rests on."""

    #: Ids of all articles that its words may come from: who tells the story, and where it leads.
    articles: tuple[str, ...]
    #: One for each sentence that is verbatim, of the summary and then of the context.
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A question that a summary leaves open, and the paragraph that answers it."""

    question: str
    text: str
    #: One for each sentence of *text*, in order; empty when the words are not verbatim.
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A summarizer's answer."""

    text: str
    #: One for each sentence of *text*, in order; empty when the words are not verbatim.
    spans: tuple[Span, ...] = ()
    #: "extractive", "publisher" (its own description) or a model's name.
    written_by: str
    context: Context | None = None
    #: What ``Story.deeper`` is about, in words that can follow "about"; "" if the summarizer has none.
    topic: str = ""
    #: Why a summarizer that was asked before did not write it; "" when the first one did.
    reason: str = ""
