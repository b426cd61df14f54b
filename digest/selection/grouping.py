"""Which articles tell the same story: TF-IDF over title and opening, average link.

Names and numbers weigh more than other words, for they are what tells one fire from another.
"""

from __future__ import annotations

import heapq
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import log

from digest.model import Article
from digest.terms import norm, rarity, term

#: Two groups of articles whose pairs are on average this alike (cosine) tell the same story. It holds
#: for titles with descriptions, and for 300 words of text.
SAME = 0.18
#: Words of the text that are looked at: the opening says what happened, the rest is background.
OPENING = 300
#: How much more a title's word counts than a text's, and a name or number than another word.
IN_TITLE = 2.0
NAME = 2.5
#: A term that more than this part of the articles has (and more than a few) is skipped when pairs are
#: looked for: it says little, and costs the square of its articles.
COMMON = 0.1
FEW = 10

_WORD = re.compile(r"\d[\d.,:]*\d|[^\W_]+(?:[’'-][^\W_]+)*|[.!?:]")

#: Articles by number, each with its likeness to others; both directions are there.
Links = list[dict[int, float]]


def same_story(articles: Sequence[Article]) -> list[list[Article]]:
    """*articles* in groups, each about one event; groups and their members keep the given order."""
    groups = _average_link(_links(_vectors(articles)))
    return [[articles[n] for n in sorted(group)] for group in sorted(groups, key=min)]


def _vectors(articles: Sequence[Article]) -> list[dict[str, float]]:
    """One vector an article, of length 1 (or empty)."""
    counted = [_counts(article) for article in articles]
    rare = rarity(counted)
    vectors = []
    for counts in counted:
        vector = {word: count * rare[word] for word, count in counts.items()}
        length = norm(vector) or 1.0
        vectors.append({word: weight / length for word, weight in vector.items()})
    return vectors


def _counts(article: Article) -> dict[str, float]:
    """How much each term counts: 1 + log of its occurrences, times ``NAME`` for names and numbers."""
    counts: dict[str, float] = defaultdict(float)
    names: set[str] = set()
    opening = " ".join(f"{article.description} {article.text}".split()[:OPENING])
    for text, place in ((article.title, IN_TITLE), (opening, 1.0)):
        starts = True  # a capital says nothing where a sentence starts
        for word in _WORD.findall(text):
            if word in ".!?:":
                starts = True
                continue
            if key := term(word):
                counts[key] += place
                if word[0].isdigit() or (word[0].isupper() and not starts):
                    names.add(key)
            starts = False
    return {key: (1 + log(count)) * (NAME if key in names else 1.0) for key, count in counts.items()}


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
