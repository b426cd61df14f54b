"""Which articles tell the same story: average link over the likeness of their openings.

It is done twice. The first groups tell in how many *stories* a term occurs, which is what makes it rare:
the names of an event that twenty of a day's sixty articles tell are no common words.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from digest.model import Article
from digest.selection.events import LEAST, SAME, Told, Vector, alike, events_told, refrains
from digest.words.likeness import SAME_MATTER, Rarity, Tally, likeness, tally

#: The usual likeness within a story, which counts as much as one pair of it. Where tellings are less alike,
#: less is asked of one more; where they are more alike, it may be the same kind of event on another day.
USUAL = 0.30
#: For events, a term is as rare as among so many articles more: what a few share counts on a quiet day, too.
UNSEEN = 150
#: The tellings of a story that have a term make it less rare by this power of their number: twenty as two
#: or three articles would that have nothing else in common.
RETOLD = 0.3
#: Articles by number, each with its likeness to others; both directions are there.
Links = dict[int, dict[int, float]]


class Corpus:
    """Articles, each with an id of its own, that are compared with each other."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self.articles = articles
        self._numbers = {article.id: number for number, article in enumerate(articles)}
        self._tallies = list(map(tally, articles))
        self._rarity = Rarity(self._tallies)
        self._refrains = refrains(articles, self._tallies)
        self._matters: dict[str, Vector] = {}

    def stories(self) -> list[list[int]]:
        """The articles by number in groups, each about one event; both in the given order."""
        first = self._grouped(Rarity(self._tallies, unseen=UNSEEN))
        if len(first) == len(self.articles):
            return first
        return self._grouped(_rarity_among(first, self._tallies))

    def _grouped(self, rarity: Rarity) -> list[list[int]]:
        told = events_told(self._tallies, self._refrains, rarity)
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


def _rarity_among(stories: Iterable[Sequence[int]], tallies: Sequence[Tally]) -> Rarity:
    """How rare terms are when the tellings of a story count less the more there are."""
    holders: dict[str, float] = defaultdict(float)
    articles = 0.0
    for story in stories:
        articles += len(story) ** RETOLD
        for key, count in Counter(key for number in story for key in tallies[number].counts).items():
            holders[key] += count**RETOLD
    return Rarity.counted(holders, articles, unseen=UNSEEN)


def _alike(told: Sequence[Told]) -> Iterator[tuple[int, int]]:
    """The pairs that are alike enough to be of one story."""
    for number, cosines in enumerate(_cosines(each.vector for each in told)):
        if max(cosines, default=0.0) < LEAST:  # as most are, and this is fast
            continue
        for other, cosine in enumerate(cosines):
            if cosine >= LEAST and alike(told[other], told[number], cosine) >= SAME:
                yield other, number


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
            if cosine and (common := alike(told[one], told[other], cosine)):
                links[one][other] = links[other][one] = common
    return links


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
