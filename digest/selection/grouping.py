"""Which articles tell the same story: average link over the likeness of their openings.

It is done twice. The first groups tell in how many *stories* a term occurs, which is what makes it rare:
the names of an event that twenty of a day's sixty articles tell are no common words.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import log, log1p
from typing import NamedTuple

from digest.likeness import SAME_EVENT, SAME_MATTER, Rarity, Tally, likeness, tally
from digest.model import Article

#: Two groups of articles whose pairs are on average this alike tell the same story, if the pairs within each
#: are as alike as is usual.
SAME = 0.245
#: That is so of titles with 300 words of text. Two titles alone have hardly a word in common, and are half as
#: alike when they tell the same; in between it grows with the logarithm of the words.
SHORT, LONG, AT_SHORT = 12, 310, 0.48
#: What is added to a pair's cosine. Two wrecks are told in the same words, but one was on Tuesday; of one
#: wreck the tellings have the 306 passengers in common: for each such figure there is more, less each time.
OTHER_DAY, SAME_FIGURES = -0.08, 0.10
#: Below this cosine nothing is added.
LEAST = 0.1
#: The usual likeness within a story, which counts as much as one pair of it. Where tellings are less alike,
#: less is asked of one more; where they are more alike, it may be the same kind of event on another day.
USUAL = 0.30
#: For events, a term is as rare as among so many articles more: what a few share counts on a quiet day, too.
UNSEEN = 150
#: The tellings of a story that have a term make it less rare by this power of their number: twenty as two
#: or three articles would that have nothing else in common.
RETOLD = 0.3
#: What few shared terms have to come to: "Donald Trump, president" makes no story of two, nor does one word.
FEWEST, TELLING_FEW, SAME_BY_FEW = 2, 4, 0.28
#: A term that more than this part of the articles has (and more than a few) is skipped when pairs are
#: looked for: it says little, and costs the square of its articles.
COMMON = 0.15
FEW = 60

#: In so many articles of an outlet, and in half of them, what it keeps saying is found.
OFTEN = 3

Vector = Mapping[str, float]


class Told(NamedTuple):
    """What an article says of its event."""

    vector: Vector
    days: frozenset[int]
    #: How rare each of the figures is that it begins with, from 0 to 1.
    figures: Mapping[str, float]
    title: frozenset[str]
    #: For how little it says: see ``_brevity``.
    brevity: float


#: Articles by number, each with its likeness to others; both directions are there.
Links = dict[int, dict[int, float]]


class Corpus:
    """Articles, each with an id of its own, that are compared with each other."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self.articles = articles
        self._numbers = {article.id: number for number, article in enumerate(articles)}
        self._tallies = list(map(tally, articles))
        self._rarity = Rarity(self._tallies)
        self._refrains = _refrains(articles, self._tallies)
        self._matters: dict[str, Vector] = {}

    def stories(self) -> list[list[int]]:
        """The articles by number in groups, each about one event; both in the given order."""
        first = self._grouped(Rarity(self._tallies, unseen=UNSEEN))
        if len(first) == len(self.articles):
            return first
        return self._grouped(_rarity_among(first, self._tallies))

    def _grouped(self, rarity: Rarity) -> list[list[int]]:
        vectors = _telling(
            [
                {
                    word: weight
                    for word, weight in rarity.vector(each, SAME_EVENT).items()
                    if word not in refrain
                }
                for each, refrain in zip(self._tallies, self._refrains, strict=True)
            ]
        )
        told = [
            Told(
                vector=vector,
                days=each.days,
                figures={key: rarity.share(key) for key in each.figures},
                title=each.title,
                brevity=_brevity(each.length),
            )
            for vector, each in zip(vectors, self._tallies, strict=True)
        ]
        grouped = [
            group
            for component in _components(_alike(told))
            for group in _average_link(_links(component, told))
        ]
        alone = set(range(len(told))).difference(*grouped)
        return sorted([*map(sorted, grouped), *([number] for number in alone)])

    def on_matter(self, one: Article, other: Article) -> float:
        """How much two of the articles are about the same matter, whatever happened in it: 0 to 1."""
        return likeness(self._matter(one), self._matter(other))

    def _matter(self, article: Article) -> Vector:
        if article.id not in self._matters:
            tallied = self._tallies[self._numbers[article.id]]
            self._matters[article.id] = self._rarity.vector(tallied, SAME_MATTER)
        return self._matters[article.id]


def same_story(articles: Sequence[Article]) -> list[list[Article]]:
    """*articles* in groups, each about one event; groups and their members keep the given order."""
    return [[articles[number] for number in group] for group in Corpus(articles).stories()]


def _refrains(articles: Sequence[Article], tallies: Sequence[Tally]) -> list[frozenset[str]]:
    """For each article what its outlet keeps saying: terms of most of its articles, and of no title."""
    by_feed: dict[str, list[Tally]] = defaultdict(list)
    for article, each in zip(articles, tallies, strict=True):
        by_feed[article.feed_url].append(each)
    refrains = {feed: _kept_saying(said) for feed, said in by_feed.items()}
    return [refrains[article.feed_url] for article in articles]


def _kept_saying(said: Sequence[Tally]) -> frozenset[str]:
    holders = Counter(key for each in said for key in each.counts)
    most = max(OFTEN, len(said) / 2)
    titles = frozenset().union(*(each.title for each in said))
    return frozenset(key for key, count in holders.items() if count >= most) - titles


def _rarity_among(stories: Iterable[Sequence[int]], tallies: Sequence[Tally]) -> Rarity:
    """How rare terms are when the tellings of a story count less the more there are."""
    holders: dict[str, float] = defaultdict(float)
    articles = 0.0
    for story in stories:
        articles += len(story) ** RETOLD
        for key, count in Counter(key for number in story for key in tallies[number].counts).items():
            holders[key] += count**RETOLD
    return Rarity.counted(holders, articles, unseen=UNSEEN)


def _telling(vectors: Sequence[Vector]) -> list[Vector]:
    """*vectors* without the terms that nearly every article has, or only one."""
    holders = Counter(word for vector in vectors for word in vector)
    most = max(FEW, COMMON * len(vectors))
    telling = {word for word, count in holders.items() if 1 < count <= most}
    return [{word: weight for word, weight in vector.items() if word in telling} for vector in vectors]


def _alike(told: Sequence[Told]) -> Iterator[tuple[int, int]]:
    """The pairs that are alike enough to be of one story."""
    for number, cosines in enumerate(_cosines(each.vector for each in told)):
        if max(cosines, default=0.0) < LEAST:  # as most are, and this is fast
            continue
        for other, cosine in enumerate(cosines):
            if cosine >= LEAST and _likeness(told[other], told[number], cosine) >= SAME:
                yield other, number


def _brevity(length: int) -> float:
    """What the likeness of a text of so many words is multiplied by, over 1 for a short one."""
    grown = log(min(max(length, SHORT), LONG) / SHORT) / log(LONG / SHORT)
    return float((AT_SHORT + (1 - AT_SHORT) * grown) ** -0.5)


def _likeness(one: Told, other: Told, cosine: float) -> float:
    """How alike a pair is in all; less than ``SAME`` where it has only a name in common."""
    if cosine < LEAST:
        return cosine
    shared = one.figures.keys() & other.figures.keys()
    alike = cosine + SAME_FIGURES * log1p(sum(one.figures[key] for key in shared))
    if one.days and other.days and one.days.isdisjoint(other.days):
        alike += OTHER_DAY
    alike *= one.brevity * other.brevity
    return alike if alike < SAME or _shares_enough(one, other) else 0.0


def _cosines(vectors: Iterable[Vector]) -> Iterator[list[float]]:
    """For each vector its cosines with those before it."""
    holders: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, vector in enumerate(vectors):
        cosines = [0.0] * number
        for word, weight in vector.items():
            having = holders[word]
            for other, another in having:
                cosines[other] += weight * another
            having.append((number, weight))
        yield cosines


def _components(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The numbers that *pairs* connect: no group of a higher average goes beyond one of these."""
    of: dict[int, list[int]] = {}
    for one, other in pairs:
        mine, theirs = of.setdefault(one, [one]), of.setdefault(other, [other])
        if mine is not theirs:
            mine += theirs
            of.update(dict.fromkeys(theirs, mine))
    return [members for number, members in of.items() if members[0] == number]


def _links(numbers: Sequence[int], told: Sequence[Told]) -> Links:
    """The likeness of each pair of *numbers* that has a telling term in common."""
    links: Links = {number: {} for number in numbers}
    for one, cosines in zip(numbers, _cosines(told[number].vector for number in numbers), strict=True):
        for other, cosine in zip(numbers, cosines, strict=False):
            if cosine and (alike := _likeness(told[one], told[other], cosine)):
                links[one][other] = links[other][one] = alike
    return links


def _shares_enough(one: Told, other: Told) -> bool:
    """Whether a pair that is alike enough is so for more than a name, or for what an outlet always says."""
    shared = one.vector.keys() & other.vector.keys()
    titles = one.title | other.title
    if titles and shared.isdisjoint(titles):
        return False
    if len(shared) < TELLING_FEW:
        return len(shared) >= FEWEST and likeness(one.vector, other.vector) >= SAME_BY_FEW
    return True


def _average_link(links: Links) -> list[list[int]]:
    """Join the two groups that are most alike, again and again, until none are alike enough.

    *links* is used up: it comes to hold the sums of likeness between groups, a group going by the
    number of its first member. Stale entries of the heap are known by the sizes they were made for.
    """
    members = {number: [number] for number in links}
    within = dict.fromkeys(links, 0.0)  # sums of likeness, too
    looseness = dict.fromkeys(links, 1.0)

    def entries(one: int) -> Iterator[tuple[float, int, int, int, int]]:
        size, loose = len(members[one]), looseness[one]
        for other, total in links[one].items():
            size_of_other = len(members[other])
            alike = total / (size * size_of_other) * loose * looseness[other]
            if alike < SAME:
                continue
            if one < other:
                yield -alike, one, other, size, size_of_other
            else:
                yield -alike, other, one, size_of_other, size

    heap = [entry for number in links for entry in entries(number) if entry[1] == number]
    heapq.heapify(heap)
    while heap:
        _, one, other, *sizes = heapq.heappop(heap)
        if [len(members.get(one, ())), len(members.get(other, ()))] != sizes:
            continue
        members[one] += members.pop(other)
        within[one] += within[other] + links[one][other]
        looseness[one] = _looseness(within[one], len(members[one]))
        for third, total in links[other].items():
            links[third].pop(other, None)
            if third != one:
                links[one][third] = links[third][one] = links[one].get(third, 0.0) + total
        for entry in entries(one):
            heapq.heappush(heap, entry)
    return list(members.values())


def _looseness(within: float, size: int) -> float:
    """Over 1 for a group whose pairs are less alike than is usual, below for a tighter one.

    The likeness of two groups is multiplied by both, which divides it by the root of how alike the pairs
    within them are (their geometric mean, one usual pair added to each) against what is usual.
    """
    return float((USUAL * (size * (size - 1) / 2 + 1) / (within + USUAL)) ** 0.25)
