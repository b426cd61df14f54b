"""The facts by which an editor tells whether a story has moved on: numbers, names, and days to come."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from unicodedata import normalize

from digest.sentences import split
from digest.words.terms import term

#: Two numbers this near to each other, in parts of the larger, are one that was rounded.
ROUNDED = 0.02
#: From this part of its longer words on with a capital, a headline's capitals do not tell its names.
TITLED = 0.6


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: Capitals that are no news: days and months, offices and ranks, agencies, and the great names that an
#: account of an event mentions or not as it likes.
_COMMON = _listed(
    """monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat sun
    january february march april may june july august september october november december
    jan feb mar apr jun jul aug sep sept oct nov dec christmas easter thanksgiving
    mr mrs ms miss dr prof sir dame lord lady president vice prime minister chancellor premier secretary
    senator senators sen representative rep congressman congresswoman governor gov mayor judge justice
    attorney general gen colonel col captain capt lieutenant lt sergeant sgt major admiral officer detective
    sheriff chief police king queen prince princess pope bishop archbishop reverend rev father ceo chairman
    chairwoman spokesman spokeswoman director coach department ministry office agency state city county
    congress parliament senate house court supreme government party republican republicans democrat
    democrats democratic gop labour conservative conservatives administration
    us usa uk eu un america american americans britain british europe european western
    washington white united states nations kingdom
    associated press ap reuters afp bloomberg cnn bbc nbc abc cbs npr fox news times post journal
    facebook twitter instagram youtube tv gmt est edt utc updated published posted
    north south east west northern southern eastern central"""
)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_COUNTS = {
    word: float(count)
    for count, word in enumerate(
        ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 2
    )
}
_POWERS = {"hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "m": 1e6}
_POWERS |= {"billion": 1e9, "bn": 1e9, "b": 1e9, "trillion": 1e12, "tn": 1e12}
_POWER = "|".join(sorted(_POWERS, key=len, reverse=True))

#: Digits, and small counts in words. The first alternatives are no facts: times of day, ages, "9/11", and
#: what belongs to a name ("COVID-19", "MH370") or an order ("21st").
_NUMBER = re.compile(
    rf"""\d{{1,2}}:\d\d(?::\d\d)?|\b\d{{1,2}}(?:\.\d\d)?\s?[ap]\.?m\b|\b\d{{1,2}}\so['’]clock
      | \b\d{{1,3}}[\s-](?:years?|months?|weeks?)[\s-]old|\baged?\s\d{{1,3}}\b
      | (?<=[^\W\d_],\s)\d\d(?=,)|(?<=[^\W\d_]\s)\(\d\d\)
      | \b\d+(?:/\d+)+
      | (?:(?:[^\W\d_]-?)|\#)\d[\d,.]*\w*
      | \b(?P<month>{_MONTH})\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,\s(?P<year>\d{{4}})\b)?
      | \b(?P<early_day>\d{{1,2}})(?:st|nd|rd|th)?\s(?P<late_month>{_MONTH})(?:\s(?P<late_year>\d{{4}})\b)?
      | \b\d+(?:st|nd|rd|th)\b
      | (?P<number>\b\d[\d,]*(?:\.\d+)?|\b(?:{"|".join(_COUNTS)})\b)(?:[\s-]?(?P<power>{_POWER})\b|(?!\w))""",
    re.IGNORECASE | re.VERBOSE,
)
_WORD = re.compile(r"[^\W\d_](?:[\w’'-]|(?<=\b\w)\.|\.(?=\w))*")
_OPENING = re.compile(r"[:“‘\"]")
_ABBREVIATION = re.compile(r"\([A-Z]{2,6}\)")
_INITIAL = re.compile(r"[A-Z]\.")
_PEOPLE = re.compile(r"\w+(?:[ai]an|ish|ese|french|dutch|swiss)s?|greek|german", re.IGNORECASE)
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_POSSESSIVE = re.compile(r"[’']s?$")


class Fact(NamedTuple):
    """A number, a day or a name."""

    value: float | date | str
    #: As it is written: "1,200", "3 million", "Dec. 4", "Bo Li".
    words: str


@dataclass(frozen=True, slots=True)
class Known:
    """What texts say."""

    numbers: frozenset[float]
    days: frozenset[date]
    words: frozenset[str]
    #: The words that are ever written in small letters: no names, whatever a headline makes of them.
    small: frozenset[str]

    def has(self, fact: Fact) -> bool:
        """Whether *fact* was said: a number perhaps rounded, of a name any word, "Iran" for "Iranian"."""
        if isinstance(fact.value, float):
            return any(abs(fact.value - each) <= ROUNDED * max(fact.value, each) for each in self.numbers)
        if isinstance(fact.value, date):
            return fact.value in self.days
        said = [folded(word) for word in fact.value.split()]
        return any(word in self.words or any(_akin(word, each) for each in self.words) for word in said)


def known(texts: Iterable[str], today: date) -> Known:
    """What *texts* say, read on the day *today*."""
    whole = "\n".join(texts)
    written = _WORD.findall(whole)
    return Known(
        numbers=frozenset(fact.value for fact in numbers(whole) if isinstance(fact.value, float)),
        days=frozenset(fact.value for fact in days(whole, today) if isinstance(fact.value, date)),
        words=frozenset(map(folded, written)),
        small=frozenset(folded(word) for word in written if word[0].islower()),
    )


def facts(text: str, today: date) -> Iterator[Fact]:
    """The numbers, days and names of *text*, read on the day *today*."""
    yield from numbers(text)
    yield from days(text, today)
    yield from names(text)


def numbers(text: str) -> Iterator[Fact]:
    """The amounts, tolls, scores and shares of *text*: no times of day, ages, orders or dates."""
    for match in _NUMBER.finditer(text):
        if written := match["number"]:
            value = _COUNTS.get(written.lower()) or float(written.replace(",", ""))
            yield Fact(value * _POWERS.get((match["power"] or "").lower(), 1.0), match[0].rstrip(","))


def days(text: str, today: date) -> Iterator[Fact]:
    """The days that *text* gives with month and day; without a year, those nearest to *today*."""
    for match in _NUMBER.finditer(text):
        month, day = match["month"] or match["late_month"], match["day"] or match["early_day"]
        if month:
            given = match["year"] or match["late_year"]
            years = [int(given)] if given else [today.year - 1, today.year, today.year + 1]
            possible = [found for year in years if (found := _day(year, month, int(day)))]
            if possible:
                yield Fact(min(possible, key=lambda found: abs(found - today)), match[0])


def names(text: str) -> Iterator[Fact]:
    """The names of *text*: words with a capital side by side, at least one not at a sentence's start.

    Offices, days and the like are left out: of "President Bo Li" it is "Bo Li".
    """
    plain = _ABBREVIATION.sub("", text)
    for start, end in split(plain):
        run: list[str] = []
        sure = False  # a capital says nothing where a sentence or a quotation starts
        last = start
        for match in _WORD.finditer(plain, start, end):
            word, gap = match[0], plain[last : match.start()]
            if run and (gap != " " or not _may_name(word)):
                yield from _name(run, sure)
                run, sure = [], False
            if _may_name(word):
                run.append(word)
                sure = sure or not (match.start() == start or _OPENING.search(gap))
            last = match.end()
        yield from _name(run, sure)


def titled(headline: str) -> bool:
    """Whether *headline* Has Capitals Like This."""
    long = [word for word in re.findall(r"[^\W\d_][\w’'-]*", headline) if len(word) > 3]
    return len(long) > 2 and sum(word[0].isupper() for word in long) > TITLED * len(long)


def folded(word: str) -> str:
    """*word* as it is compared: without case, accents, dots and possessive."""
    plain = word if word.isascii() else _ACCENTS.sub("", normalize("NFD", word))
    return _POSSESSIVE.sub("", plain.casefold().replace(".", ""))


def _akin(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= 4 and long.startswith(short[: max(4, len(short) - 2)])


def _may_name(word: str) -> bool:
    return word[0].isupper() and bool(term(word) or _INITIAL.fullmatch(word)) and folded(word) not in _COMMON


def _name(run: Sequence[str], sure: bool) -> Iterator[Fact]:
    words = _POSSESSIVE.sub("", " ".join(run))
    if sure and not _PEOPLE.fullmatch(words):
        yield Fact(words, words)


def _day(year: int, month: str, day: int) -> date | None:
    try:
        return date(year, _MONTHS.index(month[:3].lower()) + 1, day)
    except ValueError:
        return None
