"""Dates and times as pages write them: ISO 8601 and its misspellings, RFC 5322, and English words."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

_ISO_LIKE = re.compile(
    r"^(?P<year>\d{4})[-/.]?(?P<month>\d\d)[-/.]?(?P<day>\d\d)"
    r"(?:[T ,]+(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?:[.,]\d+)?\s*(?P<zone>Z|[A-Z]{2,4}"
    r"|[+-]\d\d:?\d\d)?)?\b"
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DATES = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}\b", rf"\b{_DAY}\.?\s+{_MONTH},?\s+{_YEAR}\b")
)
_TIME = re.compile(
    r"\b(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?\s*(?P<half>[ap]\.?m)?\.?\s*(?P<zone>[A-Z]{2,4}\b)?",
    re.IGNORECASE,
)
#: Hours ahead of UTC. "ET" and its like are what is meant most of the year: New York's summer time.
_ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "BST": 1, "CET": 1, "CEST": 2, "EST": -5, "EDT": -4, "ET": -4, "CST": -6,
    "CDT": -5, "CT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "PT": -7,
}  # fmt: skip
_LONGEST = 120
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/_-])")


def moment(text: str) -> datetime | None:
    """A date or a moment in UTC; one without a zone is taken as UTC. None for anything else."""
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    for read in (datetime.fromisoformat, _iso_like, parsedate_to_datetime, _in_words):
        try:
            found = read(text)
        except (ValueError, IndexError, TypeError, OverflowError):
            continue
        if found and 1990 <= found.year <= 2200:
            return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return None


def day_in_address(url: str) -> datetime | None:
    """The day that an address is of: "/2026/11/22/bridge"."""
    found = _IN_ADDRESS.search(url)
    try:
        return found and datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC)
    except ValueError:
        return None


def _iso_like(text: str) -> datetime | None:
    """ "2026-11-22 18:30:00 -0500", "2026/11/22", "2026-11-22T18:30 EST"."""
    found = _ISO_LIKE.match(text)
    if not found:
        return None
    year, month, day, hour, minute, second = (
        int(found[name] or 0) for name in ("year", "month", "day", "hour", "minute", "second")
    )
    return datetime(year, month, day, hour, minute, second, tzinfo=_zone(found["zone"] or ""))


def _in_words(text: str) -> datetime | None:
    """ "Sunday, Nov. 22, 2026 at 6:30 p.m. EST", "22 November 2026"."""
    found = next(filter(None, (form.search(text) for form in _DATES)), None)
    if not found:
        return None
    month = _MONTHS.index(found["month"].lower()) + 1
    day = datetime(int(found["year"]), month, int(found["day"]), tzinfo=UTC)
    clock = _TIME.search(text)
    if not clock:
        return day
    hour = int(clock["hour"])
    if clock["half"]:
        hour = hour % 12 + (12 if clock["half"].lower().startswith("p") else 0)
    return day.replace(
        hour=hour,
        minute=int(clock["minute"]),
        second=int(clock["second"] or 0),
        tzinfo=_zone(clock["zone"] or ""),
    )


def _zone(name: str) -> timezone:
    if name[:1] in ("+", "-"):
        hours, minutes = int(name[1:3]), int(name[-2:])
        return timezone((1 if name[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))
    return timezone(timedelta(hours=_ZONES.get(name.upper(), 0)))
