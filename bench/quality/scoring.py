"""The figures: shingles of words for pages, ROUGE for blurbs, pairs and B³ for groups. All from 0 to 1."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from bench.quality.stemming import stem

#: Words of a shingle, and of a text's opening.
SHINGLE, OPENING = 4, 80

_WORD = re.compile(r"\w+")
_NO_TOKEN = re.compile(r"[^a-z0-9]+")


class Counts(NamedTuple):
    """How much was found rightly, found in all, and there to be found."""

    right: float
    found: float
    wanted: float

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else float(not self.wanted)

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else float(not self.found)

    @property
    def f1(self) -> float:
        return harmonic(self.precision, self.recall)


def harmonic(precision: float, recall: float) -> float:
    both = precision + recall
    return 2 * precision * recall / both if both else 0.0


def mean(values: Collection[float]) -> float:
    return sum(values) / len(values) if values else 0.0


# --- pages --------------------------------------------------------------------------------------------


def shingles(found: str, wanted: str, *, words: int | None = None) -> Counts:
    """Shingles of four words in common, each as often as both have it; of the first *words* words only."""
    one, other = (_shingles(_WORD.findall(text)[:words]) for text in (found, wanted))
    return Counts((one & other).total(), one.total(), other.total())


def _shingles(words: Sequence[str]) -> Counter[tuple[str, ...]]:
    """A text shorter than a shingle is one itself."""
    last = max(len(words) - SHINGLE, 0)
    return Counter(tuple(words[n : n + SHINGLE]) for n in range(last + 1) if words)


def macro_f1(pages: Collection[Counts]) -> float:
    """Of the mean precision and the mean recall, so that a long page counts no more than a short one."""
    return harmonic(mean([page.precision for page in pages]), mean([page.recall for page in pages]))


# --- blurbs -------------------------------------------------------------------------------------------


def tokens(text: str) -> list[str]:
    """Words as rouge-score has them: ASCII letters and digits, those above three characters stemmed."""
    return [stem(word) if len(word) > 3 else word for word in _NO_TOKEN.split(text.lower()) if word]


def rouge_1(blurb: Sequence[str], reference: Sequence[str]) -> Counts:
    shared = (Counter(blurb) & Counter(reference)).total()
    return Counts(shared, len(blurb), len(reference))


def rouge_l(blurb: Sequence[str], reference: Sequence[str]) -> Counts:
    return Counts(longest_common(blurb, reference), len(blurb), len(reference))


def rouge(blurb: str, references: Sequence[str]) -> tuple[float, float]:
    """ROUGE-1 and ROUGE-L, each the mean of the F1 over the references."""
    own = tokens(blurb)
    theirs = [tokens(reference) for reference in references]
    return (
        mean([rouge_1(own, reference).f1 for reference in theirs]),
        mean([rouge_l(own, reference).f1 for reference in theirs]),
    )


def longest_common(one: Sequence[Hashable], other: Sequence[Hashable]) -> int:
    """The length of the longest common subsequence, a row of its table at a time in the bits of a number.

    H. Hyyrö, Bit-parallel LCS-length computation revisited (2004).
    """
    places: dict[Hashable, int] = {}
    for n, word in enumerate(one):
        places[word] = places.get(word, 0) | 1 << n
    full = (1 << len(one)) - 1
    row = full
    for word in other:
        here = row & places.get(word, 0)
        row = ((row + here) | (row - here)) & full
    return len(one) - row.bit_count()


# --- groups -------------------------------------------------------------------------------------------

Groups = Sequence[Collection[str]]


def pairs(groups: Groups, labels: Mapping[str, str]) -> Counts:
    """Pairs of ids that are put into one group, and pairs with one label."""
    right = found = 0
    for group in groups:
        for one, other in combinations(group, 2):
            found += 1
            right += labels[one] == labels[other]
    wanted = sum(count * (count - 1) // 2 for count in Counter(labels.values()).values())
    return Counts(right, found, wanted)


def b_cubed(groups: Groups, labels: Mapping[str, str]) -> float:
    """F1 of the means over ids: how much of its group has its label, how much of its label its group.

    A. Bagga and B. Baldwin, Entity-based cross-document coreferencing (1998).
    """
    sizes = Counter(labels.values())
    precisions: list[float] = []
    recalls: list[float] = []
    for group in groups:
        within = Counter(labels[member] for member in group)
        for member in group:
            precisions.append(within[labels[member]] / len(group))
            recalls.append(within[labels[member]] / sizes[labels[member]])
    return harmonic(mean(precisions), mean(recalls))


def added(counts: Iterable[Counts]) -> Counts:
    right, found, wanted = (sum(column) for column in zip(*counts, strict=True))
    return Counts(right, found, wanted)
