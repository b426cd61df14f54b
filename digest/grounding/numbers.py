"""Numbers by their meaning: "1,200" is "twelve hundred", but "47 percent" is not "47 people"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from digest.grounding import shares
from digest.grounding.calendar import MONTH, month

_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ORDINALS = [
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
]
_SMALL = {
    **{word: value for value, word in enumerate(_UNITS)},
    **{word: value for value, word in enumerate(_ORDINALS)},
    **{word: 10 * value for value, word in enumerate(_TENS, 2)},
    **{f"{word[:-1]}ieth": 10 * value for value, word in enumerate(_TENS, 2)},
}
_LARGE = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 1e3,
    "lakh": 1e5,
    "million": 1e6,
    "crore": 1e7,
    "billion": 1e9,
    "trillion": 1e12,
}
#: After digits; a letter may also be another unit ("5m" is five metres too).
_SHORT = {"k": 1e3, "m": 1e6, "mn": 1e6, "mln": 1e6, "b": 1e9, "bn": 1e9, "t": 1e12, "tn": 1e12, "trn": 1e12}
#: From how many on somebody speaks of them.
VAGUE = {
    "dozens": 20,
    "hundreds": 200,
    "thousands": 2e3,
    "millions": 2e6,
    "billions": 2e9,
    "trillions": 2e12,
}
#: Up to so many times as many they are; and 2015 is no thousands.
_VAGUE_UP_TO = 500
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_CURRENCIES = {
    **dict.fromkeys(("dollar", "dollars", "usd"), "$"),
    **dict.fromkeys(("pound", "pounds", "gbp"), "£"),
    **dict.fromkeys(("euro", "euros", "eur"), "€"),
    **dict.fromkeys(("yen", "yuan"), "¥"),
    **dict.fromkeys(("rupee", "rupees", "rs", "inr"), "₹"),
}
#: All that only say how many, or of which unit.
WORDS = frozenset((*_SMALL, *_LARGE, *VAGUE, *_CURRENCIES, "percent", "per", "cent", "pct"))
_LONGEST_WORD_NUMBER = 12
_LAST_DAY = 31

_ANY_LARGE = "|".join(_LARGE)
_ANY_WORD = "|".join(sorted((*_SMALL, *_LARGE, *(f"{word}th" for word in _LARGE)), key=len, reverse=True))
#: Only those go on behind tens, and anything behind a large one: "six and nine" are two numbers.
_ANY_DIGIT = "|".join((*_UNITS[1:10], *_ORDINALS[1:10]))
_BEHIND_LARGE = f"(?:{'|'.join(f'(?<={word})' for word in _LARGE)})"
_NUMBER = re.compile(
    rf"""
    (?:(?<!\w)|(?=[\d$£€¥₹]))  # most places are neither, which is soon seen
    (?P<sign>(?:\b(?:US|A|AU|C|NZ|HK))?\$|[£€¥₹]|\b(?:Rs\.?|INR|USD|EUR|GBP)\s?)?\s?
    (?:
        (?P<digits>\d{{1,3}}(?:[,\u00a0\u202f]\d{{3}})+(?:\.\d+)?|\d+(?:[.:]\d+)?)
        (?:(?:st|nd|rd|th|s)\b)?
        (?:[ \u00a0-]?(?P<large>(?:{_ANY_LARGE})(?!\w)|(?:k|mn?|mln|bn?|trn?|tn?)(?!\w)))?
      | \b(?P<words>(?:an?\s(?=(?:{_ANY_LARGE})\b)|half\sa\s(?=(?:{_ANY_LARGE})\b))?
        (?:{_ANY_WORD})(?:(?<=ty)[ -](?:{_ANY_DIGIT})\b|[ -](?:{_ANY_LARGE})(?:th)?\b
          |{_BEHIND_LARGE}(?:[ -]|\sand\s|-and-)(?:{_ANY_WORD})\b)*)\b
      | \b(?P<vague>{"|".join(VAGUE)})\b
    )
    (?P<unit>[ \u00a0-]?(?:%|(?:per\s?cent|percent|pct)\b)
      |[ \u00a0]?[ap]\.?\s?m\b
      |[ \u00a0-](?:U\.?S\.?\s)?(?:{"|".join(_CURRENCIES)})\b)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MONTH_BEFORE = re.compile(rf"\b(?P<month>{MONTH})\.? (?:the )?\Z")
_MONTH_BEHIND = re.compile(rf" (?:of )?(?P<month>{MONTH})\b")
#: What may stand between two numbers that share a unit: "5-10 percent", "Nov. 3 and 4".
_DASH = re.compile(r"[-–—]")
_RANGE = re.compile(r"\s?[-–—/]\s?|,? (?:to|and|or|through|zu|à) ", re.IGNORECASE)
#: "1 200" with a plain space, as in much of Europe; and "7:2", which is no time.
_SPACED = re.compile(r"(?<![\w.,])[1-9]\d{0,2}(?: \d{3})+(?![\w.,]\d|\w)")
_SCORE = re.compile(r"(?<![\w.,:])(\d{1,3}):(\d|[6-9]\d|\d{3})(?![\w:])")


@dataclass(frozen=True, slots=True)
class Number:
    start: int
    end: int
    #: What it may mean: more than one where it is ambiguous.
    values: frozenset[float]
    #: "%", "$" and the like, "am", "pm", "month 11"; "" without one.
    unit: str = ""
    #: "hundreds": any number from its value on.
    vague: bool = False

    @property
    def keys(self) -> frozenset[tuple[float, str]]:
        return frozenset((value, self.unit) for value in self.values)


@lru_cache(maxsize=64)  # a source is asked for its numbers, its ranges, its figures and its measures
def numbers(text: str) -> tuple[Number, ...]:
    """The numbers in *text*, in order, in digits or in English words."""
    return tuple(_number(text, match) for match in _NUMBER.finditer(text))


def is_year(value: float) -> bool:
    """Whether a number without a unit may be one."""
    return _FIRST_YEAR <= value <= _LAST_YEAR


def keys(text: str) -> frozenset[tuple[float, str]]:
    """All that *text* holds: each (value, unit), and each value with unit ""; vague ones are left out."""
    found: set[tuple[float, str]] = set()
    for number in with_shared_units(text):
        if not number.vague:
            found |= number.keys
            found |= {(value, "") for value in number.values}
    return frozenset(found)


def ranges(text: str) -> frozenset[tuple[float, float]]:
    """Each two numbers that are the ends of a range, or a score: "5-10", "from 5 to 10", "7:2"."""
    scores = {(float(match[1]), float(match[2])) for match in _SCORE.finditer(text)}
    return frozenset(scores).union(
        (first, second)
        for one, other in pairwise(numbers(text))
        if _RANGE.fullmatch(text[one.end : other.start])
        for first in one.values
        for second in other.values
    )


def scores(text: str, found: Sequence[Number]) -> Iterator[tuple[Number, Number]]:
    """Each two of the numbers *found* in *text* that a dash joins."""
    for one, other in pairwise(found):
        if _DASH.fullmatch(text[one.end : other.start]):
            yield one, other


def is_held(number: Number, held: frozenset[tuple[float, str]], words: Collection[str], text: str) -> bool:
    """Whether a source with these *held* keys and folded *words* has *number* of *text*."""
    if number.vague:
        [least] = number.values
        said = text[number.start : number.end].casefold().split()[0]
        return said in words or any(
            least <= value < least * _VAGUE_UP_TO and not is_year(value) for value, unit in held if unit == ""
        )
    return not number.keys.isdisjoint(held) or is_round(number, held, text)


def is_round(number: Number, held: Collection[tuple[float, str]], text: str) -> bool:
    """Whether *text* says that *number* is only about right, and one of the *held* keys is near it."""
    in_dozens = "dozen" in text[number.start : number.end].casefold()
    return any(
        shares.is_about(text, number.start, (value,), (other,))
        for value in number.values
        for other in _of_unit(number.unit, held)
        if in_dozens or shares.is_rounder(value, other)
    )


def held_in_another_form(
    text: str, held: frozenset[tuple[float, str]], pairs: frozenset[tuple[float, float]]
) -> Iterator[tuple[int, int]]:
    """Where *text* has a share, a spaced number or a score of a source with these *held* keys and *pairs*."""
    for start, end, ways in shares.shares(text):
        if any((value, "%") in held for value in ways) or shares.is_about(
            text, start, ways, _of_unit("%", held)
        ):
            yield start, end
    for number in _spaced(text):
        if is_held(number, held, (), text):
            yield number.start, number.end
    for match in _SCORE.finditer(text):
        if (float(match[1]), float(match[2])) in pairs:
            yield match.span()


def _of_unit(unit: str, held: Collection[tuple[float, str]]) -> list[float]:
    """Those that *held* has of it, but no years."""
    return [value for value, theirs in held if theirs == unit and (unit or not is_year(value))]


@lru_cache(maxsize=64)
def with_shared_units(text: str) -> tuple[Number, ...]:
    """The numbers of *text*, and those that are in it in other forms as well.

    They are the ends of ranges with the other's size and unit, shares in percent, and both sides of "7:2".
    """
    parts = (Number(*share, "%") for share in shares.shares(text))
    sides = (
        Number(*match.span(side), frozenset((float(match[side]),)))
        for match in _SCORE.finditer(text)
        for side in (1, 2)
    )
    return (*numbers(text), *_shared(text), *parts, *_spaced(text), *sides)


def _spaced(text: str) -> Iterator[Number]:
    for match in _SPACED.finditer(text):
        yield Number(match.start(), match.end(), frozenset((float(match.group().replace(" ", "")),)))


def _shared(text: str) -> Iterator[Number]:
    for one, other in pairwise(numbers(text)):
        if one.vague or other.vague or not _RANGE.fullmatch(text[one.end : other.start]):
            continue
        size = _size(text[other.start : other.end])
        unit = one.unit or other.unit
        yield replace(one, unit=other.unit or one.unit)
        yield replace(one, unit=unit, values=frozenset(value * size for value in one.values))
        yield replace(other, unit=unit)


def _size(written: str) -> float:
    last = re.search(rf"(?:{_ANY_LARGE}|bn|mn|m|k|tn)\b", written, re.IGNORECASE)
    word = last.group().casefold() if last else ""
    return _LARGE.get(word) or _SHORT.get(word, 1.0)


def _number(text: str, match: re.Match[str]) -> Number:
    start = match.start() + len(match.group()) - len(match.group().lstrip())
    end = match.end()
    if match["vague"]:
        return Number(start, end, frozenset((VAGUE[match["vague"].casefold()],)), vague=True)
    values = _of_words(match["words"]) if match["words"] else _of_digits(match["digits"], match["large"])
    unit = _unit(match) or _date(text, start, end, values)
    return Number(start, end, values, unit)


def _of_digits(digits: str, large: str | None) -> frozenset[float]:
    plain = re.sub(r"[,\u00a0\u202f]", "", digits).replace(":", ".")
    values = {float(plain[:40])}
    if re.fullmatch(r"\d{1,3}\.\d{3}", plain):  # thousands, in half of Europe
        values.add(float(plain.replace(".", "")))
    word = (large or "").casefold()
    if word in _LARGE:
        return frozenset(_exact(value * _LARGE[word]) for value in values)
    if word:
        values |= {_exact(value * _SHORT[word]) for value in values}
    return frozenset(values)


def _exact(value: float) -> float:
    return round(value, 6)


def _of_words(words: str) -> frozenset[float]:
    """ "two thousand five hundred" → 2500, "twelve hundred" → 1200, "twenty-first" → 21."""
    total = current = 0.0
    share = 0.5 if words.casefold().startswith("half") else 1.0
    for word in re.findall(r"[a-z]+", words.casefold())[:_LONGEST_WORD_NUMBER]:
        if word in _SMALL:
            current += _SMALL[word]
        elif (large := _LARGE.get(word.removesuffix("th"))) is not None:
            current = max(current, 1.0) * large
            if large > _LARGE["hundred"]:
                total, current = total + current, 0.0
    return frozenset(((total + current) * share,))


def _unit(match: re.Match[str]) -> str:
    sign, behind = match["sign"], (match["unit"] or "").strip(" \u00a0-").casefold()
    if sign:
        name = sign.strip().casefold().rstrip(".")
        return "$" if name.endswith("$") else _CURRENCIES.get(name, name)
    if not behind:
        return ""
    if re.fullmatch(r"[ap]\.?\s?m", behind):
        return f"{behind[0]}m"
    return _CURRENCIES.get(behind.split()[-1], "%")


def _date(text: str, start: int, end: int, values: frozenset[float]) -> str:
    """ "month 11" for a day of November."""
    if not any(1 <= value <= _LAST_DAY and value.is_integer() for value in values):
        return ""
    found = _MONTH_BEFORE.search(text, max(0, start - 16), start) or _MONTH_BEHIND.match(text, end)
    return f"month {month(found['month'])}" if found else ""
