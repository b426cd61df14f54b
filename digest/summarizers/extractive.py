"""A blurb from the article's own sentences, word for word: pure, without network, model or data.

::

    split | note what no blurb may contain | weigh the words | choose the sentences that say most
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from heapq import nlargest
from operator import attrgetter
from typing import NamedTuple

from digest.errors import SummaryError
from digest.model import Article, Span, Story, Summary
from digest.sentences import Sentence, first_report, read
from digest.summarizers.salience import Salience
from digest.words.text import breadth, run_on

#: With fewer usable characters than this, the publisher's own description says more, if there is one.
_LEAST, _LEAST_UNDESCRIBED = 200, 100
#: Of the words asked for: what a summary has at least and at most, and what is expected of a person's.
_AT_LEAST, _AT_MOST, _EXPECTED = 2 / 3, 4 / 3, 0.45
#: What it costs to say "Li" where nobody said "Bo Li", of an overlap of 0.3 or so: first of all, and later.
_STRANGER_FIRST, _STRANGER = 0.07, 0.05
#: What it is worth to have the figures of the headline, which a reader looks for: "112-107".
_FIGURES = 0.1
#: Of the terms of the shorter one of two sentences, that the other has too, when both say the same.
_SAME = 0.6
#: So many of the best beginnings of a summary are kept while it grows (beam search).
_KEPT = 12
#: Faults of what is no sentence of the article's: nothing points back at it.
_NOT_OF_THE_TEXT = frozenset(("a caption", "boilerplate"))
#: Faults of a report's sentences, but not of a column's.
_OF_A_COLUMN = ("first person",)


class ExtractiveSummarizer:
    """The summarizer that is always there: other ones fall back on it."""

    name = "extractive"

    def summarize(
        self, stories: Sequence[Story], *, words: int, at: datetime
    ) -> Iterator[Summary | SummaryError]:
        del at  # the same text has the same summary, whenever
        for story in stories:
            try:
                yield quote(story.lead, words=words)
            except SummaryError as exc:
                yield exc


def quote(article: Article, *, words: int) -> Summary:
    """A summary of the article's own sentences.

    Raises:
        SummaryError: Too few of them can be quoted: use the publisher's own description.
    """
    chosen = _chosen(article, words)
    return Summary(
        text=run_on(sentence.text for sentence in chosen),
        spans=tuple(Span(article_id=article.id, start=s.start, end=s.end) for s in chosen),
        written_by=ExtractiveSummarizer.name,
    )


def _chosen(article: Article, words: int) -> list[Sentence]:
    least = _LEAST if article.description else _LEAST_UNDESCRIBED
    text = first_report(article.text)
    sentences = read(text, article.title)
    chosen = choose(sentences, article.title, words)
    if not _is_enough(chosen, words) and _is_in_first_person(sentences):
        sentences = read(text, article.title, forgiven=_OF_A_COLUMN)
        chosen = choose(sentences, article.title, words)
    if not chosen:
        sentences = [_taken_as_opener(sentence) for sentence in sentences]
        chosen = choose(sentences, article.title, words)
    if _usable(sentences) < least:
        raise SummaryError(f"its text has under {least} characters of whole sentences")
    if not chosen:
        raise SummaryError("no sentence of its text can open a summary")
    return chosen


def _taken_as_opener(sentence: Sentence) -> Sentence:
    """Below a headline "The issue was raised …" may open a summary, where nothing better can."""
    points_back = sentence.points_back and not sentence.text.startswith("The ")
    return replace(sentence, points_back=points_back)


def _usable(sentences: Iterable[Sentence]) -> int:
    """In characters."""
    return sum(breadth(sentence.text) for sentence in sentences if not sentence.fault)


def _is_in_first_person(sentences: Iterable[Sentence]) -> bool:
    faults = Counter(sentence.fault for sentence in sentences)
    return sum(faults[fault] for fault in _OF_A_COLUMN) > faults[""]


def _is_enough(chosen: Sequence[Sentence], words: int) -> bool:
    return len(chosen) > 1 and sum(sentence.length for sentence in chosen) >= _AT_LEAST * words


class _Draft(NamedTuple):
    """A summary that may still grow."""

    #: Of its sentences, in the article's order.
    places: tuple[int, ...]
    #: How often it has which token.
    said: dict[str, int]
    tokens: int
    words: int
    #: How many tokens of it a person's summary is expected to have too.
    shared: float
    #: What its sentences cost that name somebody who is not introduced.
    strangers: float
    #: Figures of the headline that it has.
    figures: frozenset[str]
    #: Its expected overlap (F1) with a person's summary, and what is given and taken for the last two.
    worth: float


_worth = attrgetter("worth")
_NOTHING = _Draft((), {}, 0, 0, 0.0, 0.0, frozenset(), 0.0)


class _Writing:
    """How drafts grow by an article's sentences, towards a person's summary of so many tokens."""

    def __init__(self, sentences: Sequence[Sentence], title: str, expected: float) -> None:
        self._sentences = sentences
        self._salience = Salience(sentences, title)
        self._expected = expected
        wanted = self._salience.figures
        self._figures = [wanted.intersection(sentence.terms) for sentence in sentences] if wanted else []
        self._a_figure = _FIGURES / max(len(wanted), 1)

    def grown(self, draft: _Draft, place: int) -> _Draft:
        sentence = self._sentences[place]
        said = dict(draft.said)
        shared = draft.shared + self._salience.read_on(said, place)
        tokens = draft.tokens + self._salience.lengths[place]
        figures = draft.figures | self._figures[place] if self._figures else draft.figures
        strangers = draft.strangers + self._cost(draft, sentence)
        worth = shared / (tokens + self._expected) - strangers + self._a_figure * len(figures)
        return _Draft(
            (*draft.places, place),
            said,
            tokens,
            draft.words + sentence.length,
            shared,
            strangers,
            figures,
            worth,
        )

    def _cost(self, draft: _Draft, sentence: Sentence) -> float:
        """Of the names in *sentence* that neither it nor *draft* gives in full."""
        if not sentence.presumes:
            return 0.0
        met = {name for place in draft.places for name in self._sentences[place].names}
        if sentence.presumes.issubset(met):
            return 0.0
        return _STRANGER if draft.places else _STRANGER_FIRST


def choose(sentences: Sequence[Sentence], title: str, words: int) -> list[Sentence]:
    """The sentences of a blurb of about *words* words, in the article's order; empty when none can open it.

    Of all runs of sentences within the words, the one with the highest expected overlap (F1) with a person's
    summary. A sentence that makes sense behind another only stands behind it. The first one stands alone.
    """
    writing = _Writing(sentences, title, words * _EXPECTED)
    topics = [frozenset(sentence.terms) for sentence in sentences]
    drafts = [_NOTHING]
    for place, sentence in enumerate(sentences):
        if sentence.fault:
            continue
        said_by = _said_by(topics, place)
        drafts += [
            writing.grown(draft, place)
            for draft in drafts
            if draft.words + sentence.length <= _AT_MOST * words
            and said_by.isdisjoint(draft.places)
            and _follows(sentences, place, draft.places)
        ]
        if len(drafts) > _KEPT:
            drafts = nlargest(_KEPT, drafts, key=_worth)
    long_enough = [draft for draft in drafts if len(draft.places) > 1 and draft.words >= _AT_LEAST * words]
    best = max(long_enough, key=_worth) if long_enough else max(drafts, key=lambda draft: draft.words)
    return [sentences[place] for place in best.places]


def _said_by(topics: Sequence[frozenset[str]], place: int) -> frozenset[int]:
    """The earlier sentences that say the same as the one at *place*, by the terms of each."""
    own = topics[place]
    return frozenset(
        earlier
        for earlier, other in enumerate(topics[:place])
        if len(own & other) >= _SAME * min(len(own), len(other))
    )


def _follows(sentences: Sequence[Sentence], place: int, before: Sequence[int]) -> bool:
    """Whether the sentence at *place* can stand behind those *before*."""
    sentence = sentences[place]
    if sentence.leans:
        return bool(before) and before[-1] == place - 1
    return bool(before) or not sentence.points_back or _is_first(sentences, place)


def _is_first(sentences: Sequence[Sentence], place: int) -> bool:
    return all(sentence.fault in _NOT_OF_THE_TEXT for sentence in sentences[:place])
