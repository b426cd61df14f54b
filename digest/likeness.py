"""How alike two articles are: TF-IDF over title and opening, names and numbers marked.

Names and numbers tell one fire from another; the other words tell that both are fires. So the same tallies
are weighed in two ways: for the same story (``SAME_EVENT``), and for what is related to it (``SAME_MATTER``).
"""

from __future__ import annotations

import heapq
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log
from operator import itemgetter

from digest.model import Article
from digest.terms import norm, term

#: Words of the text that are looked at: the opening says what happened, the rest is background.
OPENING = 300
#: How much more a title's word counts than a text's.
IN_TITLE = 2.0
#: The terms that a vector keeps, the weightiest: beyond them nothing is gained, and time is lost.
TERMS = 100
#: A collection is weighed as if it had so many more articles, with none of its terms, so that what two of
#: a dozen share counts much as it does among hundreds.
UNSEEN = 10

_WORD = re.compile(r"\d[\d.,:]*\d|[^\W_]+(?:[’'-][^\W_]+)*|[.!?:]")


@dataclass(frozen=True, slots=True)
class Weighing:
    """How much more a name, and a number, counts than another word."""

    name: float
    number: float


SAME_EVENT = Weighing(name=2.5, number=3.0)
SAME_MATTER = Weighing(name=1.5, number=1.0)


@dataclass(frozen=True, slots=True)
class Tally:
    """How much each term of an article counts, and which of them are names, and which numbers."""

    counts: Mapping[str, float]
    names: frozenset[str]
    numbers: frozenset[str]


def tally(article: Article) -> Tally:
    """Each term counts 1 + log of its occurrences."""
    counts: dict[str, float] = defaultdict(float)
    names: set[str] = set()
    opening = " ".join(f"{article.description} {article.text}".split(maxsplit=OPENING)[:OPENING])
    for text, place in ((article.title, IN_TITLE), (opening, 1.0)):
        starts = True  # a capital says nothing where a sentence starts
        for word in _WORD.findall(text):
            if word in ".!?:":
                starts = True
                continue
            if key := term(word):
                counts[key] += place
                if word[0].isupper() and not starts:
                    names.add(key)
            starts = False
    numbers = frozenset(key for key in counts if key[0].isdigit())
    return Tally({key: 1 + log(count) for key, count in counts.items()}, frozenset(names) - numbers, numbers)


class Rarity:
    """How rare each term is among the articles of *tallies*: their inverse document frequency."""

    def __init__(self, tallies: Iterable[Tally]) -> None:
        holders: Counter[str] = Counter()
        articles = UNSEEN
        for each in tallies:
            articles += 1
            holders.update(each.counts.keys())
        self._weights = {key: log(articles / (1 + count)) for key, count in holders.items()}
        self._unknown = log(articles)

    def vector(self, tallied: Tally, weighing: Weighing) -> dict[str, float]:
        """The weightiest terms of an article, as a vector of length 1 (or empty)."""
        rare, unknown = self._weights, self._unknown
        weights = {key: count * rare.get(key, unknown) for key, count in tallied.counts.items()}
        for key in tallied.names:
            weights[key] *= weighing.name
        for key in tallied.numbers:
            weights[key] *= weighing.number
        if len(weights) > TERMS:
            weights = dict(heapq.nlargest(TERMS, weights.items(), key=itemgetter(1)))
        length = norm(weights) or 1.0
        return {key: weight / length for key, weight in weights.items()}


def likeness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """The cosine of two vectors of length 1: 0 without a common term, 1 for the same direction."""
    return sum(weight * other[key] for key, weight in one.items() if key in other)
