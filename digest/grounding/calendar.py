"""Months and weekdays, however they are abbreviated."""

from __future__ import annotations

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_SHORT_DAYS = {
    "mon": 0,
    "tue": 1,
    "tues": 1,
    "wed": 2,
    "thu": 3,
    "thur": 3,
    "thurs": 3,
    "fri": 4,
    "sat": 5,
    "sun": 6,
}
_FULL = {
    **{name[:3]: name for name in _MONTHS},
    "sept": "september",
    **{short: _DAYS[number] for short, number in _SHORT_DAYS.items()},
}

#: A month's name, with a capital.
MONTH = "(?:" + "|".join(f"{name[:3].title()}(?:{name[3:]})?" for name in _MONTHS) + "|Sept)"


def month(name: str) -> int:
    """1 for January, also of "Jan"."""
    return next(number for number, full in enumerate(_MONTHS, 1) if full[:3] == name[:3].casefold())


def is_calendar(word: str) -> bool:
    """Whether it is the whole name of a month or weekday."""
    return word in _MONTHS or word in _DAYS


def full(word: str) -> str:
    """The whole name of a month or weekday that may be cut short; any other word as it is."""
    return _FULL.get(word, word)
