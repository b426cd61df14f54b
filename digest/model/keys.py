"""Which edition, and the time that it covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionKey:
    """Which edition: a newsletter's key and a day of its own calendar."""

    newsletter: str
    day: date

    def __str__(self) -> str:
        return f"{self.newsletter}/{self.day.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The time that an edition covers: *until* belongs to it, *since* to the one before.

    So what the feeds say at the moment of the build, undated as it may be, is of this edition.
    """

    since: datetime
    until: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.since < moment <= self.until
