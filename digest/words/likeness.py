"""How alike two articles are: TF-IDF over title and opening, names and numbers marked.

Names and numbers tell one fire from another; the other words tell that both are fires. So the same tallies
are weighed in several ways: for the same story (``SAME_EVENT``), for the same matter, whatever happened in
it (``SAME_MATTER``), and for pieces that are worth reading beside each other (``RELATED``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log
from operator import itemgetter

from digest.model import Article
from digest.words.terms import norm, parted, term

#: Words of the text that are examined: the opening says what happened, the rest is background.
OPENING = 300
#: How much more a title's word counts than a text's.
IN_TITLE = 2.0
#: Words of the text that are its lead: what it is about is said there.
LEAD = 40
#: Words of the text in which it is said on which day something happened, and how much of it.
EARLY = 80
#: The terms that a vector keeps, the weightiest: beyond them nothing is gained, and time is lost.
TERMS = 100
#: A collection is weighed as if it had so many more articles, with none of its terms, so that what two of
#: a dozen share counts much as it does among hundreds.
UNSEEN = 10

_DAYS = (
    "monday tuesday wednesday thursday friday saturday sunday",
    "montag dienstag mittwoch donnerstag freitag samstag sonntag",
    "lunes martes miércoles jueves viernes sábado domingo",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
)
#: The days of the week by what they are called, Monday as 0.
WEEKDAYS = {name: day for names in _DAYS for day, name in enumerate(names.split())}

_WORD = re.compile(r"\d[\d.,:]*\d|[^\W_]+(?:[’'-][^\W_]+)*|[.!?:]")


@dataclass(frozen=True, slots=True)
class Weighing:
    """How much more a name, a number, and a word of title or lead, counts than another word."""

    name: float
    number: float
    lead: float = 1.0


SAME_EVENT = Weighing(name=2.5, number=3.0)
SAME_MATTER = Weighing(name=1.5, number=1.0)
#: Between stories, who and where says less than what: one name in common relates nothing yet.
RELATED = Weighing(name=0.8, number=1.0, lead=2.0)


@dataclass(frozen=True, slots=True)
class Tally:
    """How much each term of an article counts, and which are names, numbers, and of title or lead."""

    counts: Mapping[str, float]
    names: frozenset[str]
    numbers: frozenset[str]
    lead: frozenset[str]
    title: frozenset[str]
    #: Numbers that the text begins with, and days of the week, Monday as 0.
    figures: frozenset[str]
    days: frozenset[int]
    #: Words of title and opening.
    length: int


@lru_cache(maxsize=1024)  # a piece is near to many stories, and chosen from in each of a day's builds
def tally(article: Article) -> Tally:
    """Each term counts 1 + log of its occurrences."""
    opening = f"{article.description} {article.text}".split(maxsplit=OPENING)[:OPENING]
    title = parted(_WORD.findall(article.title))
    lead = parted(_WORD.findall(" ".join(opening[:LEAD])))
    early = [*lead, *parted(_WORD.findall(" ".join(opening[LEAD:EARLY])))]
    body = [*early, *parted(_WORD.findall(" ".join(opening[EARLY:])))]
    counts = {key: IN_TITLE * count for key, count in Counter(map(term, title)).items()}
    for key, count in Counter(map(term, body)).items():
        counts[key] = counts.get(key, 0.0) + count
    counts.pop("", None)
    numbers = frozenset(key for key in counts if key[0].isdigit())
    return Tally(
        counts={key: 1 + log(count) for key, count in counts.items()},
        names=(_names(title) | _names(body)) - numbers,
        numbers=numbers,
        lead=frozenset(filter(None, map(term, [*title, *lead]))),
        title=frozenset(filter(None, map(term, title))),
        figures=numbers.intersection(map(term, early)),
        days=frozenset(WEEKDAYS[word] for word in map(str.lower, early) if word in WEEKDAYS),
        length=sum(word[0].isalnum() for word in (*title, *body)),
    )


def _names(found: Sequence[str]) -> frozenset[str]:
    """The terms with a capital, which says nothing where a sentence starts."""
    behind = zip(found[1:], found, strict=False)
    names = {word for word, before in behind if word[0].isupper() and before not in ".!?:"}
    return frozenset(filter(None, map(term, names)))


class Rarity:
    """How rare each term is among the articles of *tallies*: their inverse document frequency."""

    def __init__(self, tallies: Iterable[Tally], *, unseen: int = UNSEEN) -> None:
        holders: Counter[str] = Counter()
        articles = 0
        for each in tallies:
            articles += 1
            holders.update(each.counts.keys())
        self._weigh(holders, articles + unseen)

    @classmethod
    def counted(cls, holders: Mapping[str, float], articles: float, *, unseen: int = UNSEEN) -> Rarity:
        """The same of so many *articles*, of which so many are *holders* of each term."""
        rarity = cls(())
        rarity._weigh(holders, articles + unseen)
        return rarity

    def _weigh(self, holders: Mapping[str, float], total: float) -> None:
        self._weights = {key: log(total / (1 + count)) for key, count in holders.items()}
        self._unknown = log(total)

    def of(self, key: str) -> float:
        return self._weights.get(key, self._unknown)

    def share(self, key: str) -> float:
        """How rare *key* is, from 0 to 1: as rare as what no article has."""
        return max(0.0, self.of(key) / self._unknown)

    def vector(self, tallied: Tally, weighing: Weighing) -> dict[str, float]:
        """The weightiest terms of an article, as a vector of length 1 (or empty)."""
        rare, unknown = self._weights, self._unknown
        weights = {key: count * rare.get(key, unknown) for key, count in tallied.counts.items()}
        for key in tallied.names:
            weights[key] *= weighing.name
        for key in tallied.numbers:
            weights[key] *= weighing.number
        if weighing.lead != 1:
            for key in tallied.lead:
                weights[key] *= weighing.lead
        if len(weights) > TERMS:
            weights = dict(sorted(weights.items(), key=itemgetter(1), reverse=True)[:TERMS])
        length = norm(weights) or 1.0
        return {key: weight / length for key, weight in weights.items()}


def likeness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """The cosine of two vectors of length 1: 0 without a common term, 1 for the same direction."""
    return sum(weight * other[key] for key, weight in one.items() if key in other)
