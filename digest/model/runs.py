"""What was run, what is to be done, and what the editors are told about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from digest.model.keys import EditionKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A line of the journal: what was run for a newsletter, and how it ended."""

    newsletter: str
    day: date
    #: "build", "send" or "correct".
    stage: str
    at: datetime
    #: The exit code, and the line that was printed with it.
    code: int
    words: str


class Stage(StrEnum):
    """What is done once for an edition, or repeatedly for a newsletter or a project."""

    BUILD = "build"
    REMIND = "remind"
    SEND = "send"
    #: Fetching the feeds between builds.
    FETCH = "fetch"
    BOUNCES = "bounces"
    PRUNE = "prune"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """The state of one stage of one day, as the store knows it: one row for each (newsletter, day, stage)."""

    key: EditionKey
    stage: Stage
    #: Nothing more has to be done about it.
    settled: bool
    #: When it was begun, or left.
    at: datetime
    #: How often it was begun.
    tries: int
    #: As in the journal: the exit code, and the line with it.
    code: int
    words: str
    #: A process is doing it, or died over it.
    begun: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Since when a scheduler has run a newsletter, and when it last did so before now."""

    since: datetime
    last: datetime


class NoticeKind(StrEnum):
    """What a notice is about."""

    DRAFT_READY = "draft ready"
    REMINDER = "reminder"
    #: An edition that should be out is not; it still goes out if the problem is fixed in time.
    NOT_SENT = "not sent"
    SENT = "sent"
    FEED_ILL = "feed ill"
    #: A certificate, a login, the sender or the store: nothing goes out before somebody fixes it.
    TROUBLE = "trouble"
    SETTINGS_REFUSED = "settings refused"
    #: It will not be caught up.
    MISSED = "missed"
    RECOVERED = "recovered"

    @property
    def slug(self) -> str:
        """As a part of a file name or an address."""
        return self.value.replace(" ", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What the editors of a newsletter are told, once for each (newsletter, day, kind, about)."""

    kind: NoticeKind
    newsletter: str
    #: The edition's; None when it is about none.
    day: date | None = None
    #: One line.
    headline: str
    #: The rest of it, a line or paragraph each.
    lines: tuple[str, ...] = ()
    at: datetime
    #: What distinguishes two of the same kind and day: a feed's address, a reason in one word.
    about: str = ""
