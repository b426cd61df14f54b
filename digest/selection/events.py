"""What an article tells of its event, and how alike two articles are that may tell of the same one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from math import log, log1p
from typing import NamedTuple

from digest.model import Article
from digest.words.likeness import SAME_EVENT, Rarity, Tally, likeness

#: Two groups of articles whose pairs are on average this alike tell the same story, if the pairs within each
#: are as alike as is usual.
SAME = 0.245
#: That is so of titles with 300 words of text. Two titles alone have fewer words in common: when they tell
#: the same, they are this much as alike. In between it grows with the logarithm of the words.
SHORT, LONG, AT_SHORT = 12, 310, 0.6
#: What is added to a pair's cosine. Two wrecks are told in the same words, but one was on Tuesday; of one
#: wreck the tellings have the 306 passengers in common: for each such figure there is more, less each time.
OTHER_DAY, SAME_FIGURES = -0.08, 0.10
#: Below this cosine nothing is added.
LEAST = 0.1
#: What few shared terms have to come to: "Donald Trump, president" makes no story of two, nor does one word.
FEWEST, TELLING_FEW, SAME_BY_FEW = 2, 4, 0.28
#: A term that more than this part of the articles has (and more than a few) is skipped when pairs are
#: looked for: it says little, and costs the square of its articles.
COMMON = 0.15
FEW = 60

#: In so many articles of an outlet, and in nine of ten, what it keeps saying is found.
OFTEN, NEARLY_ALL = 3, 0.9

Vector = Mapping[str, float]


class Told(NamedTuple):
    """What an article says of its event."""

    vector: Vector
    days: frozenset[int]
    #: How rare each of the figures is that it begins with, from 0 to 1.
    figures: Mapping[str, float]
    title: frozenset[str]
    #: In words.
    length: int


def events_told(tallies: Sequence[Tally], refrains: Sequence[frozenset[str]], rarity: Rarity) -> list[Told]:
    """What each of some articles tells of its event, without the refrain of its outlet."""
    vectors = _telling(
        [
            {word: weight for word, weight in rarity.vector(each, SAME_EVENT).items() if word not in refrain}
            for each, refrain in zip(tallies, refrains, strict=True)
        ]
    )
    return [
        Told(
            vector=vector,
            days=each.days,
            figures={key: rarity.share(key) for key in each.figures},
            title=each.title,
            length=each.length,
        )
        for vector, each in zip(vectors, tallies, strict=True)
    ]


def refrains(articles: Sequence[Article], tallies: Sequence[Tally]) -> list[frozenset[str]]:
    """For each article what its outlet keeps saying: terms of nearly all its articles, and of no title."""
    by_feed: dict[str, list[Tally]] = defaultdict(list)
    for article, each in zip(articles, tallies, strict=True):
        by_feed[article.feed_url].append(each)
    kept = {feed: _kept_saying(said) for feed, said in by_feed.items()}
    return [kept[article.feed_url] for article in articles]


def _kept_saying(said: Sequence[Tally]) -> frozenset[str]:
    holders = Counter(key for each in said for key in each.counts)
    most = max(OFTEN, NEARLY_ALL * len(said))
    titles = frozenset().union(*(each.title for each in said))
    return frozenset(key for key, count in holders.items() if count >= most) - titles


def alike(one: Told, other: Told, cosine: float) -> float:
    """How alike two articles are whose vectors have that *cosine*: 0 where they share no more than a name."""
    if cosine < LEAST:
        return cosine
    shared = one.figures.keys() & other.figures.keys()
    found = cosine + SAME_FIGURES * log1p(sum(one.figures[key] for key in shared))
    if one.days and other.days and one.days.isdisjoint(other.days):
        found += OTHER_DAY
    found *= _brevity(max(one.length, other.length))
    return found if found < SAME or _shares_enough(one, other) else 0.0


def _shares_enough(one: Told, other: Told) -> bool:
    """Whether a pair that is alike enough is so for more than a name, or for what an outlet always says."""
    shared = one.vector.keys() & other.vector.keys()
    titles = one.title | other.title
    if titles and shared.isdisjoint(titles):
        return False
    if len(shared) < TELLING_FEW:
        return len(shared) >= FEWEST and likeness(one.vector, other.vector) >= SAME_BY_FEW
    return True


def _brevity(length: int) -> float:
    """What the likeness is multiplied by where neither text is longer than that: 1 for whole texts."""
    grown = log(min(max(length, SHORT), LONG) / SHORT) / log(LONG / SHORT)
    return 1 / (AT_SHORT + (1 - AT_SHORT) * grown)


def _telling(vectors: Sequence[Vector]) -> list[Vector]:
    """*vectors* without the terms that nearly every article has, or only one."""
    holders = Counter(word for vector in vectors for word in vector)
    most = max(FEW, COMMON * len(vectors))
    telling = {word for word, count in holders.items() if 1 < count <= most}
    return [{word: weight for word, weight in vector.items() if word in telling} for vector in vectors]
