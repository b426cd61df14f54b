"""What numbers measure: "5 miles" is not "5 kilometers", nor "5 percent" "5 percentage points"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from digest.grounding.numbers import Number, numbers, with_shared_units

_UNITS = {
    form: unit
    for unit, forms in {
        "second": "second seconds sec secs",
        "minute": "minute minutes min mins",
        "hour": "hour hours hr hrs",
        "day": "day days",
        "week": "week weeks",
        "month": "month months",
        "year": "year years yr yrs",
        "decade": "decade decades",
        "century": "century centuries",
        "inch": "inch inches",
        "foot": "foot feet ft",
        "yard": "yard yards",
        "mile": "mile miles",
        "centimeter": "cm centimeter centimeters centimetre centimetres",
        "meter": "meter meters metre metres",
        "kilometer": "km kms kilometer kilometers kilometre kilometres",
        "acre": "acre acres",
        "hectare": "hectare hectares",
        "ounce": "ounce ounces",
        "gram": "gram grams gramme grammes",
        "kilogram": "kg kgs kilo kilos kilogram kilograms",
        "ton": "ton tons tonne tonnes",
        "liter": "liter liters litre litres",
        "gallon": "gallon gallons",
        "barrel": "barrel barrels",
        "degree": "degree degrees",
        "mph": "mph",
        "km/h": "kph km/h kmh",
        "megawatt": "megawatt megawatts mw",
        "gigawatt": "gigawatt gigawatts gw",
        "percentage point": "percentage-point percentage-points",
    }.items()
    for form in forms.split()
}
_UNIT = re.compile(
    r"[ \u00a0-]?(?:square |cubic |nautical |metric |light-)?"
    rf"(?P<unit>percentage[ -]points?|{'|'.join(sorted(_UNITS, key=len, reverse=True))})(?![\w/])",
    re.IGNORECASE,
)
_PERCENT = "%"
_ORDINAL = "ordinal"
#: "14th" is no count, but the 14th of those that are counted, or the minute after which 14 are over.
_ORDER = re.compile(r"(?:\dst|\dnd|\drd|th|first|second|third)\Z", re.IGNORECASE)
_TIMES = frozenset(("second", "minute", "hour", "day", "week", "month", "year", "decade", "century"))
#: Said right behind a number, they join it to the next one, whose unit it may share.
_JOINED = re.compile(r"\s?[-–—/,]|,? (?:to|and|or|through) ", re.IGNORECASE)


def measures(text: str) -> Mapping[float, Mapping[str, str]]:
    """What each number of *text* measures, by its values, and how that is written: "" without a unit."""
    found: dict[float, dict[str, str]] = defaultdict(dict)
    for number in with_shared_units(text):
        for value in number.values:
            found[value].setdefault(_measure(text, number), text[number.start : _end(text, number)])
    return dict(found)


def unheld(text: str, held: Mapping[float, Mapping[str, str]]) -> Iterator[tuple[int, int, str]]:
    """The numbers of *text*, with their units, that a source has with other units only; and one of those."""
    for number in numbers(text):
        theirs = {unit: written for value in number.values for unit, written in held.get(value, {}).items()}
        if theirs and not number.vague and _is_of_another(text, number, theirs.keys()):
            yield number.start, _end(text, number), next(iter(theirs.values()))


def _is_of_another(text: str, number: Number, theirs: Collection[str]) -> bool:
    """Whether none of the units of *theirs* can be what the number measures in *text*."""
    unit = _measure(text, number)
    if unit == _ORDINAL:
        return not any(each in (_ORDINAL, "", *_TIMES) for each in theirs)
    if _UNIT.match(text, number.end):
        return not any(each in (unit, "") or (each == _ORDINAL and unit in _TIMES) for each in theirs)
    return not unit and set(theirs) == {_PERCENT} and not _JOINED.match(text, number.end)


def _end(text: str, number: Number) -> int:
    behind = None if _is_ordinal(text, number) else _UNIT.match(text, number.end)
    return behind.end() if behind else number.end


def _is_ordinal(text: str, number: Number) -> bool:
    return not number.unit and bool(_ORDER.search(text, number.start, number.end))


def _measure(text: str, number: Number) -> str:
    if _is_ordinal(text, number):
        return _ORDINAL  # "first-degree" has no degrees
    behind = _UNIT.match(text, number.end)
    if behind and number.unit in ("", _PERCENT):
        return _UNITS[behind["unit"].casefold().replace(" ", "-")]
    return number.unit
