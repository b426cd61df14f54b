"""Which articles tell the same story: average link over the likeness of their openings."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence

from digest.likeness import SAME_EVENT, Rarity, tally
from digest.model import Article

#: Two groups of articles whose pairs are on average this alike (cosine) tell the same story. It holds
#: for titles with descriptions, and for 300 words of text.
SAME = 0.22
#: A term that more than this part of the articles has (and more than a few) is skipped when pairs are
#: looked for: it says little, and costs the square of its articles.
COMMON = 0.15
FEW = 60

#: Articles by number, each with its likeness to others; both directions are there.
Links = list[dict[int, float]]


def same_story(articles: Sequence[Article]) -> list[list[Article]]:
    """*articles* in groups, each about one event; groups and their members keep the given order."""
    groups = _average_link(_links(_vectors(articles)))
    return [[articles[n] for n in sorted(group)] for group in sorted(groups, key=min)]


def _vectors(articles: Sequence[Article]) -> list[dict[str, float]]:
    """One vector an article, of length 1 (or empty)."""
    tallies = list(map(tally, articles))
    rarity = Rarity(tallies)
    return [rarity.vector(each, SAME_EVENT) for each in tallies]


def _links(vectors: Sequence[Mapping[str, float]]) -> Links:
    """The cosine of each pair that has a term in common which is not in every other article, too."""
    holders: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for n, vector in enumerate(vectors):
        for word, weight in vector.items():
            holders[word].append((n, weight))
    most = max(FEW, COMMON * len(vectors))
    links: Links = [{} for _ in vectors]
    for having in holders.values():
        if 1 < len(having) <= most:
            for at, (one, weight) in enumerate(having):
                row = links[one]
                for other, another in having[at + 1 :]:
                    row[other] = row.get(other, 0.0) + weight * another
    for one, row in enumerate(links):
        for other, likeness in row.items():
            if one < other:
                links[other][one] = likeness
    return links


def _average_link(links: Links) -> list[list[int]]:
    """Join the two groups that are most alike, again and again, until none are alike enough.

    *links* is used up: it comes to hold the sums of likeness between groups, a group going by the
    number of its first member. Stale entries of the heap are known by the sizes they were made for.
    """
    members: dict[int, list[int]] = {n: [n] for n in range(len(links))}
    heap = [
        (-likeness, one, other, 1, 1)
        for one, row in enumerate(links)
        for other, likeness in row.items()
        if one < other and likeness >= SAME
    ]
    heapq.heapify(heap)
    while heap:
        _, one, other, *sizes = heapq.heappop(heap)
        if [len(members.get(one, ())), len(members.get(other, ()))] != sizes:
            continue
        members[one] += members.pop(other)
        for third, likeness in links[other].items():
            links[third].pop(other, None)
            if third != one:
                links[one][third] = links[third][one] = links[one].get(third, 0.0) + likeness
        for third, likeness in links[one].items():
            average = likeness / (len(members[one]) * len(members[third]))
            if average >= SAME:
                low, high = min(one, third), max(one, third)
                heapq.heappush(heap, (-average, low, high, len(members[low]), len(members[high])))
    return list(members.values())
