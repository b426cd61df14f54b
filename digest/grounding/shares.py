"""Shares and round numbers: "one in five" is 20 percent, and "nearly 2,000" may be 1,960."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache

_COUNTS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
_PARTS = {
    "half": 2,
    "halve": 2,
    "third": 3,
    "quarter": 4,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
}
_COUNT = "|".join(_COUNTS)
_SHARE = re.compile(
    rf"\b(?:(?P<count>{_COUNT})[ -](?P<part>{'|'.join(_PARTS)})s?"
    rf"|(?P<some>{_COUNT}|\d{{1,3}}) (?:in|out of)(?: every)? (?P<of>{_COUNT}|\d{{1,3}}))\b",
    re.IGNORECASE,
)
#: Right before a number, they say that it is rounded down, up, or either way.
_DOWN = r"more than|over|above|upwards? of|at least|just over|well over|exceed(?:s|ed|ing)?|topp?(?:s|ed|ing)"
_UP = r"less than|fewer than|under|below|almost|nearly|close to|just under|up to"
_ROUND = re.compile(
    rf"\b(?:(?P<down>{_DOWN})|(?P<up>{_UP})|about|around|some|roughly|approximately|an estimated)"
    r" (?:an? )?[$€£¥₹]?\Z",
    re.IGNORECASE,
)
#: Characters before a number in which such words stand, and how far off, at most, it may then be.
_NEAR = 30
_UP_TO, _DOWN_TO, _ABOUT = 1.25, 0.85, 0.08


@lru_cache(maxsize=64)
def shares(text: str) -> tuple[tuple[int, int, frozenset[float]], ...]:
    """Where *text* says what part something is of a whole, and in percent, in the ways to round that."""
    found: list[tuple[int, int, frozenset[float]]] = []
    for match in _SHARE.finditer(text):
        count, part = match["count"] or match["some"], match["part"] or match["of"]
        some, of = _value(count, _COUNTS), _value(part, _PARTS if match["part"] else _COUNTS)
        if 0 < some < of:
            percent = 100 * some / of
            ways = (round(percent, 1), float(round(percent)), float(int(percent)))
            found.append((match.start(), match.end(), frozenset(ways)))
    return tuple(found)


def is_about(text: str, start: int, values: Collection[float], held: Collection[float]) -> bool:
    """Whether the words before ``text[start:]`` say that a number is round, and one of *held* is near it."""
    said = _ROUND.search(text[max(0, start - _NEAR) : start])
    if said is None:
        return False
    least = 1.0 if said["down"] else _DOWN_TO if said["up"] else 1 - _ABOUT
    most = _UP_TO if said["down"] else 1.0 if said["up"] else 1 + _ABOUT
    return any(least * value <= other <= most * value for value in values for other in held)


def is_rounder(one: float, other: float) -> bool:
    """Whether *one* has fewer digits that say something: 2,000 than 1,960."""
    return _digits(one) < _digits(other)


def _digits(value: float) -> int:
    return len(f"{value:f}".rstrip("0").replace(".", "").strip("0"))


def _value(written: str, known: Mapping[str, int]) -> int:
    return int(written) if written.isdigit() else known[written.casefold()]
