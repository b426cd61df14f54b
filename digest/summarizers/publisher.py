"""The publisher's own description as a summary, when the article's text is too short for one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from digest.errors import SummaryError
from digest.model import Article, Story, Summary
from digest.sentences import dateline, fault, split
from digest.words.text import run_on, word_count

#: Faults of a blurb of our own choosing that a publisher may have in its words about itself.
_FORGIVEN = frozenset(("first person", "a question"))
_CUT = re.compile(r"(?:…|\.\.+|\[…\]|\[\.\.\.\])[\"”’'»)\]\s]*\Z")
_STOPPED = re.compile(r"[.!?。！？][\"”’'»)\]]*\Z")
_HANGING = re.compile(
    r"(?:\b(?:a|an|the|and|or|but|of|to|in|on|at|by|for|from|with|as|is|are|was|were|that|which|who)"
    r"|[,:;–—-])\Z"
)
#: What stands behind a headline that a description begins with.
_PARTED = re.compile(r"[.!?]?(?:\s*[|:–—-]\s+|\s*\Z)")
_FEWEST_WORDS = 6
_AT_MOST = 4 / 3


class PublishersDescription:
    """The last summarizer to ask, for pages behind a paywall, videos, and news of a few lines."""

    name = "publisher"

    def summarize(
        self, stories: Sequence[Story], *, words: int, at: datetime
    ) -> Iterator[Summary | SummaryError]:
        del at  # the same description has the same summary, whenever
        for story in stories:
            try:
                yield describe(story.lead, words=words)
            except SummaryError as exc:
                yield exc


def describe(article: Article, *, words: int) -> Summary:
    """Whole sentences of the description word for word, at most about *words* words.

    ``spans`` are empty: they would point into the article's text, where these words do not stand. A
    description that lacks nothing but its full stop is taken as it is.

    Raises:
        SummaryError: Nothing whole is left of it: the story needs an editor's words, or stays out.
    """
    chosen: list[str] = []
    length = 0
    for sentence in _whole_sentences(article):
        length += word_count(sentence)
        if chosen and length > _AT_MOST * words:
            break
        chosen.append(sentence)
    if not chosen:
        raise SummaryError("the publisher's description has no whole sentence")
    return Summary(text=run_on(chosen), written_by=PublishersDescription.name)


def _whole_sentences(article: Article) -> list[str]:
    found: list[str] = []
    description = article.description
    for start, end in split(description):
        begin = min(end, start + _headline(description[start:end], article.title))
        begin = min(end, begin + dateline(description[begin:end]))
        sentence = description[begin:end]
        if not sentence or sentence in found or _CUT.search(sentence):
            continue
        problem = fault(sentence)
        if not problem or problem in _FORGIVEN or _is_whole_clause(sentence, problem, article.text):
            found.append(sentence)
    return found


def _headline(sentence: str, title: str) -> int:
    """How many characters of *sentence* are the headline and what parts it from the rest: "Rain - …"."""
    if not title or not sentence.casefold().startswith(title.casefold()):
        return 0
    behind = _PARTED.match(sentence, len(title))
    return behind.end() if behind else 0


def _is_whole_clause(sentence: str, problem: str, text: str) -> bool:
    """Whether a teaser lacks nothing but its full stop."""
    if problem != "cut short" or _STOPPED.search(sentence) or _HANGING.search(sentence):
        return False
    rest = text.partition(sentence)[2].partition("\n")[0].strip()
    goes_on = rest != "" and not rest.startswith(".")
    return word_count(sentence) >= _FEWEST_WORDS and not goes_on and fault(sentence + ".") == ""
