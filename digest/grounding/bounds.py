"""Bounds on numbers: "more than 40", "up to 40" and "40" are three different claims."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from digest.grounding.numbers import Number, numbers

_UP = (
    r"(?:more|older|greater|higher|longer|larger|later) than|over|above|at least|upwards? of|beyond"
    r"|no(?:t)? (?:less|fewer) than|a minimum of|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?|topp?(?:s|ed|ing)"
)
_DOWN = (
    r"(?:less|fewer|younger|smaller|lower|shorter) than|under|below|up to|at most"
    r"|no(?:t)? more than|a maximum of"
)
#: Right before a number; a currency or "a" may stand between.
_BEFORE = re.compile(rf"\b(?:(?P<down>{_DOWN})|(?P<up>{_UP})) (?:an? )?[$€£¥₹]?\Z", re.IGNORECASE)
_BEHIND = re.compile(r"(?: or (?:more|older|above)\b|-plus\b|\+)", re.IGNORECASE)
#: "Over three days" and "above 40 houses" say when and where.
_DURING = re.compile(r"[ -](?:second|minute|hour|day|week|weekend|month|year|decade|season|game|night)s?\b")
_PLACES = ("over", "above", "below", "under", "beyond")
#: Characters before a number in which its bound stands.
_NEAR = 30


def unheld(text: str, source: str) -> Iterator[tuple[int, int, str]]:
    """The bounds in *text* that *source* does not set to the same number: start, end, and their words."""
    bounded = [(number, *bound) for number in numbers(text) if (bound := _bound(text, number))]
    theirs = numbers(source) if bounded else []
    for number, kind, words in bounded:
        start = number.start - len(words) - 1 if words else number.start
        same = [other for other in theirs if other.values & number.values]
        if same and kind not in _kinds(source, same) and text[start : number.end] not in source:
            yield start, number.end, words


def _kinds(text: str, found: Sequence[Number]) -> set[str]:
    return {bound[0] for number in found if (bound := _bound(text, number))}


def _bound(text: str, number: Number) -> tuple[str, str] | None:
    """Whether the number is said to be a lower or an upper bound, and in which words before it."""
    before = _BEFORE.search(text[max(0, number.start - _NEAR) : number.start])
    if before is None:
        return ("up", "") if _BEHIND.match(text, number.end) else None
    words = before["down"] or before["up"]
    if words.lower() in _PLACES and _DURING.match(text, number.end):
        return None
    return ("down" if before["down"] else "up"), words
