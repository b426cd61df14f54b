"""A blurb of the article's own sentences, word for word: pure, without network, model or data.

::

    split | note what no blurb may hold | weigh | choose within the words | in the article's order
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import log, sqrt

from digest.errors import SummaryError
from digest.model import Span, Story, Summary
from digest.sentences import Sentence, read
from digest.terms import cosine, rarity, terms

#: With fewer usable characters than this, the publisher's own description says more.
_LEAST = 200
#: Of the words asked for: what a blurb wants at least, may have, and is content with.
_AT_LEAST, _AT_MOST, _ENOUGH = 2 / 3, 4 / 3, 0.7
#: So many best sentences are tried as the first choice before a short blurb is taken.
_STARTS = 5

# Weights beside a centrality of 1. All but the description's were chosen, with _ENOUGH and _REDUNDANCY, by
# the ROUGE of summaries that people wrote of news articles.
_POSITION, _DEPTH, _TITLE, _REPEATED, _LENGTH, _DESCRIPTION = 1.0, -0.4, 1.0, 0.4, -0.6, 0.3
#: From here on a sentence is no deeper in the article, and no longer.
_DEEPEST, _LONG = 20, 40
#: How much a sentence loses for saying again what is chosen already (MMR).
_REDUNDANCY = 1.0
#: Faults of what is no sentence of the article's: nothing points back at it.
_NOT_OF_THE_TEXT = frozenset(("a caption", "boilerplate"))
#: Kept out while an article has other sentences; a column in the first person has none.
_AT_NEED = frozenset(("first person",))


class ExtractiveSummarizer:
    """The summarizer that is always there: other ones fall back on it."""

    name = "extractive"

    def summarize(self, story: Story, *, words: int) -> Summary:
        article = story.lead
        sentences = read(article.text, article.title)
        if _usable(sentences) < _LEAST:
            sentences = read(article.text, article.title, forgiven=_AT_NEED)
        if _usable(sentences) < _LEAST:
            raise SummaryError(
                f"{article.url or article.id}: its text has under {_LEAST} characters of whole sentences; "
                "use the publisher's own description"
            )
        chosen = choose(sentences, weigh(sentences, article.title, article.description), words)
        if not chosen:
            raise SummaryError(
                f"{article.url or article.id}: no sentence of its text can open a summary; "
                "use the publisher's own description"
            )
        return Summary(
            text=" ".join(sentence.text for sentence in chosen),
            spans=tuple(Span(article_id=article.id, start=s.start, end=s.end) for s in chosen),
            written_by=self.name,
        )


def _usable(sentences: Iterable[Sentence]) -> int:
    """In characters."""
    return sum(len(sentence.text) for sentence in sentences if not sentence.fault)


def weigh(sentences: Sequence[Sentence], title: str, description: str) -> list[float]:
    """How much each sentence says of the article.

    Centrality, place, words of title and description, words that other sentences have too, brevity.
    """
    vectors = _vectors(sentences)
    centroid: Counter[str] = Counter()
    for vector in vectors:
        centroid.update(vector)
    central = [cosine(vector, centroid) for vector in vectors]
    most = max(central, default=0.0) or 1.0
    headline, announced = frozenset(terms(title)), frozenset(terms(description))
    counts = Counter(term for sentence in sentences for term in set(sentence.terms))
    repeated = frozenset(term for term, count in counts.items() if count > 1)
    return [
        similarity / most
        + _POSITION / sqrt(before + 1)
        + _DEPTH * min(before, _DEEPEST) / _DEEPEST
        + _TITLE * _share(sentence.terms, headline)
        + _DESCRIPTION * _share(sentence.terms, announced)
        + _REPEATED * _share(repeated, frozenset(sentence.terms))
        + _LENGTH * min(sentence.length, _LONG) / _LONG
        for before, (sentence, similarity) in enumerate(zip(sentences, central, strict=True))
    ]


def _vectors(sentences: Sequence[Sentence]) -> list[dict[str, float]]:
    weights = rarity(sentence.terms for sentence in sentences)
    return [
        {term: (1 + log(count)) * weights[term] for term, count in Counter(sentence.terms).items()}
        for sentence in sentences
    ]


def _share(found: Iterable[str], wanted: frozenset[str]) -> float:
    """How much of what is *wanted* is *found*."""
    return len(wanted.intersection(found)) / len(wanted) if wanted else 0.0


def choose(sentences: Sequence[Sentence], weights: Sequence[float], words: int) -> list[Sentence]:
    """The sentences of a blurb of about *words* words, in the article's order; empty when none can open it.

    The best one first, then what adds most to it (MMR). A sentence that leans on the one before brings
    it along. The first is one that stands alone.
    """
    groups = [group for group in (_with_antecedents(sentences, i) for i in range(len(sentences))) if group]
    groups.sort(key=lambda group: -sum(weights[i] for i in group) / len(group))
    vectors = _vectors(sentences)
    longest: list[Sentence] = []
    for start in groups[:_STARTS]:
        chosen = _grow(start, groups, sentences, weights, vectors, words)
        if len(chosen) > 1 and _words(chosen) >= _AT_LEAST * words:
            return chosen
        longest = max(longest, chosen, key=_words)
    return longest


def _grow(
    start: frozenset[int],
    groups: Sequence[frozenset[int]],
    sentences: Sequence[Sentence],
    weights: Sequence[float],
    vectors: Sequence[Mapping[str, float]],
    words: int,
) -> list[Sentence]:
    """*start* and what adds most to it, while there are words left."""

    def fits(indices: frozenset[int]) -> bool:
        return _words(sentences[i] for i in indices) <= _AT_MOST * words and _opens(sentences, min(indices))

    def gain(new: frozenset[int]) -> float:
        return sum(weights[i] - _REDUNDANCY * _nearest(vectors, i, chosen) for i in new) / len(new)

    chosen: frozenset[int] = frozenset()
    offers = [start]
    while offers:
        best = max(offers, key=gain)
        chosen = chosen | best
        if len(chosen) > 1 and _words(sentences[i] for i in chosen) >= _ENOUGH * words:
            break
        offers = [group - chosen for group in groups if not group <= chosen and fits(chosen | group)]
    return [sentences[i] for i in sorted(chosen)] if fits(chosen) else []


def _words(sentences: Iterable[Sentence]) -> int:
    return sum(sentence.length for sentence in sentences)


def _with_antecedents(sentences: Sequence[Sentence], index: int) -> frozenset[int]:
    """*index* and the sentences before it that it needs; empty when one of them cannot be had."""
    group: set[int] = set()
    while index >= 0 and not sentences[index].fault:
        group.add(index)
        if not sentences[index].leans:
            return frozenset(group)
        index -= 1
    return frozenset()


def _opens(sentences: Sequence[Sentence], index: int) -> bool:
    return not sentences[index].points_back or all(
        sentence.fault in _NOT_OF_THE_TEXT for sentence in sentences[:index]
    )


def _nearest(vectors: Sequence[Mapping[str, float]], index: int, chosen: Collection[int]) -> float:
    return max((cosine(vectors[index], vectors[other]) for other in chosen), default=0.0)
