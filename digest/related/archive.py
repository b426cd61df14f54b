"""The pieces that a story may lead to, and which of them are nearest to it.

An index says which pieces share the story's telling words. That is quick, and rough; the nearest of these
are then weighed word for word.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import heapify, heappop, nlargest
from itertools import islice
from math import sqrt
from operator import itemgetter

from digest.model import Article
from digest.words.likeness import OPENING, RELATED, SAME_EVENT, Rarity, Tally, tally
from digest.words.terms import norm, term, words

#: How many pieces are weighed word for word: the piece to lead to is hardly ever beyond them.
_NEAREST = 12
#: How many entries of the index are read for one story: it bounds the time in a large archive, and what is
#: left out are the words that say least.
_LOOKUPS = 5_000
#: What two pieces have in common besides names has to come to this much.
_BESIDE_NAMES = 0.06
#: How much it comes to at most, as a multiple of what they have in common besides the two weightiest terms.
_BESIDE_TWO = 4

#: Words that are written without spaces are compared two characters at a time.
_PAIR = 2

Vector = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Near:
    """A piece of the archive, as it stands to a story."""

    article: Article
    #: 0 to 1.
    relatedness: float
    tally: Tally = field(repr=False)


class Archive:
    """Pieces, indexed by their terms: made once, searched for each story."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = list(articles)
        self._place = {article.id: number for number, article in enumerate(articles)}
        #: Which articles have a term, by number.
        self._holders: dict[str, array[int]] = {}
        #: What sharing a term with an article is worth: the less the more terms it has.
        self._worth = array("d")
        for number, article in enumerate(articles):
            keys = set().union(*map(_terms, _tokens(article))) - {""}
            self._worth.append(1 / sqrt(len(keys) + 1))
            for key in keys:
                if key in self._holders:
                    self._holders[key].append(number)
                else:
                    self._holders[key] = array("I", [number])
        self._rarity = Rarity.counted(
            {key: len(numbers) for key, numbers in self._holders.items()}, len(articles)
        )

    def learn(self, pages: Iterable[Article]) -> None:
        """Pieces that were read since: they are weighed by their pages, and found as before."""
        for page in pages:
            if page.id in self._place:
                self._articles[self._place[page.id]] = page

    def nearest(self, told: Sequence[Tally], fits: Callable[[Article], bool]) -> list[Near]:
        """The pieces that *fits* allows and that have most to do with the story *told*, the nearest first."""
        centre = _centre([self._rarity.vector(tallied, RELATED) for tallied in told])
        found = []
        for article in self._roughly(centre, fits):
            tallied = tally(article)
            vector = self._rarity.vector(tallied, RELATED)
            found.append(Near(article, _relatedness(centre, vector, tallied.names), tallied))
        return sorted(found, key=lambda near: -near.relatedness)

    def event(self, tallied: Tally) -> Vector:
        """What tells a piece's event from others."""
        return self._rarity.vector(tallied, SAME_EVENT)

    def _roughly(self, centre: Vector, fits: Callable[[Article], bool]) -> Iterable[Article]:
        """The articles that share the most telling terms of *centre*, for their length."""
        shared: dict[int, float] = defaultdict(float)
        left = _LOOKUPS
        telling = {
            key: weight * self._rarity.of(key) for key, weight in centre.items() if key in self._holders
        }
        for key, weight in sorted(telling.items(), key=itemgetter(1), reverse=True):
            numbers = self._holders[key]
            if len(numbers) <= left:
                left -= len(numbers)
                for number in numbers:
                    shared[number] += weight
        ranked = [(-weight * self._worth[number], number) for number, weight in shared.items()]
        heapify(ranked)
        articles = (self._articles[heappop(ranked)[1]] for _ in range(len(ranked)))
        return islice(filter(fits, articles), _NEAREST)


@lru_cache(maxsize=50_000)  # most of them come again, in the next piece and in the next newsletter's
def _terms(token: str) -> frozenset[str]:
    """What a run of characters between spaces is indexed by: one word, where its script has spaces."""
    found = words(token)
    longest = max(map(term, found), key=len, default="")
    return frozenset((longest,) if token.isascii() or len(longest) > _PAIR else map(term, found))


def _tokens(article: Article) -> set[str]:
    return set(f"{article.title} {article.description} {article.text}".split(maxsplit=OPENING)[:OPENING])


def _centre(vectors: Sequence[Vector]) -> Vector:
    """What several tellings of a story have in common stands out; of length 1 (or empty)."""
    total: dict[str, float] = defaultdict(float)
    for vector in vectors:
        for key, weight in vector.items():
            total[key] += weight
    length = norm(total) or 1.0
    return {key: weight / length for key, weight in total.items()}


def _relatedness(one: Vector, other: Vector, names: Collection[str]) -> float:
    """Their cosine, in which no term counts for more than all others together, nor two for much more.

    So a word or two relate nothing ("retired general"); nor do *names* and figures, unless something is said
    of them in common.
    """
    shared = {key: weight * other[key] for key, weight in one.items() if key in other}
    said = (worth for key, worth in shared.items() if key not in names and not key[0].isdigit())
    if sum(said) < _BESIDE_NAMES:
        return 0.0
    whole = sum(shared.values())
    most, second = nlargest(2, (*shared.values(), 0.0, 0.0))
    return min(whole, 2 * (whole - most), _BESIDE_TWO * (whole - most - second))
