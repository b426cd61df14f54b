"""What numbers measure: "5 miles" is not "5 kilometers", nor "5 percent" "5 percentage points"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

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


def measures(text: str) -> Mapping[float, frozenset[str]]:
    """What each number of *text* measures, by its values: "" for one that stands without a unit."""
    found: dict[float, set[str]] = defaultdict(set)
    for number in with_shared_units(text):
        for value in number.values:
            found[value].add(_measure(text, number))
    return {value: frozenset(units) for value, units in found.items()}


def unheld(text: str, held: Mapping[float, frozenset[str]]) -> Iterator[tuple[int, int]]:
    """The numbers of *text*, with their units, that a source has with other units only."""
    for number in numbers(text):
        theirs = frozenset[str]().union(*(held.get(value, frozenset()) for value in number.values))
        if number.vague or not theirs:
            continue
        unit = _measure(text, number)
        behind = _UNIT.match(text, number.end)
        if unit == _ORDINAL:
            if theirs.isdisjoint((unit, "", *_TIMES)):
                yield number.start, number.end
        elif behind and theirs.isdisjoint((unit, "", *((_ORDINAL,) if unit in _TIMES else ()))):
            yield number.start, behind.end()
        elif not unit and theirs == {_PERCENT} and not _JOINED.match(text, number.end):
            yield number.start, number.end


def _measure(text: str, number: Number) -> str:
    if not number.unit and _ORDER.search(text, number.start, number.end):
        return _ORDINAL  # "first-degree" has no degrees
    behind = _UNIT.match(text, number.end)
    if behind and number.unit in ("", _PERCENT):
        return _UNITS[behind["unit"].casefold().replace(" ", "-")]
    return number.unit
