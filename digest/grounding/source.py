"""A source, read once: what it contains, in the forms in which texts are compared with it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from digest.grounding import certainty, measures, numbers, quoting
from digest.grounding.words import PAIRS, Word, aliases, initials, parts, words
from digest.words.terms import term

#: Names of more words are not cut into initials.
_LONGEST_NAME = 7
#: So many sentences on, "she" and "the club" may still be who was named: one in ten of people's summaries
#: joins two names that their article has in no one sentence, and one in fifty two that are further apart.
_NEAR = 2


@dataclass(frozen=True, slots=True)
class Source:
    text: str
    numbers: frozenset[tuple[float, str]]
    #: Pairs of numbers that stand together: both ends of a range, or a score.
    ranges: frozenset[tuple[float, float]]
    #: Each folded word with the sentences that have it, and where in each it comes first and last.
    places: Mapping[str, Mapping[int, tuple[int, int]]]
    #: Initials of names: "who" for World Health Organization.
    initials: frozenset[str]
    terms: frozenset[str]
    #: Words that it writes without a capital: those name nobody.
    small: frozenset[str]
    #: Those of each sentence with both around it.
    around: Sequence[frozenset[str]]
    sentences: Sequence[Sequence[Word]]
    #: The sentences that have a number, by its values.
    figures: Mapping[float, frozenset[int]]
    #: How each term is said, and what each number measures.
    certainty: Mapping[str, certainty.Said]
    measures: Mapping[float, Mapping[str, str]]
    #: The whole as quotations are compared in it, and what of it is quoted.
    plain: str
    said: str

    def holds(self, word: Word) -> bool:
        """Whether it has the word, its other names, or the name whose initials it is."""
        return self.speaks_of(word.folded) or (word.text.isupper() and word.folded in self.initials)

    def speaks_of(self, folded: str) -> bool:
        return any(name in self.places for name in aliases(folded))

    def most_together(self, terms: frozenset[str]) -> int:
        """How many of *terms* stand together, in three sentences that follow each other."""
        return max((len(terms & each) for each in self.around), default=0)

    def has_in_order(self, one: str, other: str) -> bool:
        """Whether a sentence has both words, or what they name, *one* before *other*; or none has either."""
        ones, others = self._places(one), self._places(other)
        if not ones or not others:
            return True
        return any(
            first[sentence][0] <= second[sentence][1]
            for first in ones
            for second in others
            for sentence in first.keys() & second.keys()
        )

    def keeps_apart(self, one: Sequence[Word], other: Sequence[Word]) -> bool:
        """Whether it has both names, but never near each other."""
        others = self.sentences_of(other)
        near = {place + step for place in self.sentences_of(one) for step in range(-_NEAR, _NEAR + 1)}
        return bool(near) and bool(others) and near.isdisjoint(others)

    def sentences_of(self, name: Sequence[Word]) -> frozenset[int]:
        """Those that have a word of it, and where any has them all, only those."""
        having = [frozenset[int]().union(*self._places(word.folded)) for word in name]
        return frozenset.intersection(*having) or frozenset[int]().union(*having)

    def _places(self, folded: str) -> list[Mapping[int, tuple[int, int]]]:
        return [self.places[name] for name in aliases(folded) if name in self.places]


@lru_cache(maxsize=32)
def read(text: str) -> Source:
    """*text* as what another text may lean on: all its sources, below each other."""
    found = words(text)
    sentences = _by_sentence(found)
    by_sentence = [frozenset(filter(None, (term(word.text) for word in each))) for each in sentences]
    places: dict[str, dict[int, tuple[int, int]]] = defaultdict(dict)
    for word, folded in _named(found):
        for part in (folded, *parts(folded)):
            first, _ = places[part].get(word.sentence, (word.start, word.start))
            places[part][word.sentence] = (first, word.start)
    return Source(
        text=text,
        numbers=numbers.keys(text),
        ranges=numbers.ranges(text),
        places=dict(places),
        initials=frozenset(_initials(found)),
        terms=frozenset[str]().union(*by_sentence),
        small=frozenset(word.folded for word in found if not word.is_capital),
        around=[frozenset[str]().union(*by_sentence[max(0, n - 1) : n + 2]) for n in range(len(sentences))],
        sentences=sentences,
        figures=_figures(text, sentences),
        certainty=certainty.said(text, sentences),
        measures=measures.measures(text),
        plain=quoting.plain(text),
        said=quoting.said(text),
    )


def _figures(text: str, sentences: Sequence[Sequence[Word]]) -> Mapping[float, frozenset[int]]:
    starts = [word.start for sentence in sentences for word in sentence[:1]]
    numbered = [number for number, sentence in enumerate(sentences) if sentence]
    found: dict[float, set[int]] = defaultdict(set)
    for number in numbers.with_shared_units(text):
        for value in number.values:
            found[value].add(numbered[max(0, bisect_right(starts, number.start) - 1)])
    return {value: frozenset(places) for value, places in found.items()}


def _named(found: Sequence[Word]) -> Iterator[tuple[Word, str]]:
    """Each word with its folded form, and the names of two words that have others: "united-states"."""
    for word, behind in zip_longest(found, found[1:]):
        yield word, word.folded
        if behind is not None and (name := f"{word.folded}-{behind.folded}") in PAIRS:
            yield word, name


def _by_sentence(found: Iterable[Word]) -> list[list[Word]]:
    sentences: list[list[Word]] = []
    for word in found:
        while len(sentences) <= word.sentence:
            sentences.append([])
        sentences[word.sentence].append(word)
    return sentences


def _initials(found: Sequence[Word]) -> Iterable[str]:
    """Of each stretch of capitalised words, with or without the small ones between."""
    for sentence in _by_sentence(found):
        for first, opening in enumerate(sentence):
            run: list[Word] = []
            for word in sentence[first : first + _LONGEST_NAME] if opening.is_capital else ():
                if word.is_capital:
                    run.append(word)
                    if len(run) > 1:
                        yield initials(run)
                elif len(word.folded) > 3:
                    break
