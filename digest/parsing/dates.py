"""Dates in feeds: RFC 822 and RFC 3339 by the standard library, the rest by feedparser."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import struct_time

#: Dates outside are mistakes: no feed is older than RSS, and year 9999 means "never".
_EARLIEST, _LATEST = datetime(1995, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)

_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", re.ASCII)
_RFC822 = re.compile(r"(?:[A-Za-z]{3,9},?\s+)?\d{1,2}\s+[A-Za-z]{3}[a-z]*\s+\d{2,4}\s+\d{1,2}:\d\d", re.ASCII)
_LONGEST = 100


def moment(text: str) -> datetime | None:
    """*text* as an aware UTC moment, or None when it is no date of our age. No zone means UTC."""
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    try:
        if _ISO.match(text):
            return _sane(datetime.fromisoformat(text))
        if _RFC822.match(text):
            return _sane(parsedate_to_datetime(text))
    except (ValueError, OverflowError):
        pass
    from feedparser.datetimes import _parse_date as parse_uncommon

    try:
        return from_tuple(parse_uncommon(text))
    except (ValueError, OverflowError):
        return None


def from_tuple(parsed: struct_time | None) -> datetime | None:
    """feedparser's ``…_parsed`` (in UTC) as an aware moment, or None."""
    if parsed is None:
        return None
    try:
        return _sane(datetime.fromtimestamp(calendar.timegm(parsed), UTC))
    except (ValueError, OverflowError, OSError):
        return None


def _sane(found: datetime) -> datetime | None:
    aware = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return aware.replace(microsecond=0) if _EARLIEST <= aware < _LATEST else None
