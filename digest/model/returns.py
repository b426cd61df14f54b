"""What comes back after sending: bounces, complaints, and what followed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class EventKind(StrEnum):
    """What came back after sending a mail, the most serious first."""

    COMPLAINT = "complaint"
    UNSUBSCRIBE = "unsubscribe"
    #: There is no such address.
    HARD = "hard"
    #: The address could not take it: a full mailbox, a server that never answered.
    SOFT = "soft"
    #: The mail or its sender was not wanted; that says nothing about the address.
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailEvent:
    """What a bounce, a complaint or a provider says about one mail to one reader."""

    kind: EventKind
    #: Who says so: "mail" for what came by mail, else a provider's name.
    source: str
    #: The same whenever the same event is reported again, and unique otherwise within the source.
    id: str
    #: A provider reported it, and proved who it is. What comes by mail needs proof that only that mail had.
    proven: bool = False
    #: Addresses, one of which was the reader's.
    recipients: tuple[str, ...] = field(default=(), repr=False)
    #: Addresses to which it came back; each mail has its own (VERP).
    returned_to: tuple[str, ...] = field(default=(), repr=False)
    #: Tokens in the mail's own List-Unsubscribe.
    tokens: tuple[str, ...] = field(default=(), repr=False)
    message_id: str = ""
    #: What the sender gave the provider to keep beside the mail.
    newsletter: str = ""
    day: date | None = None
    subscriber_id: str = ""
    #: RFC 3463, as in "5.1.1"; "" when none was given.
    status: str = ""
    #: The server's words, addresses masked.
    detail: str = ""


class Reason(StrEnum):
    """Why an address gets nothing, the most serious first."""

    #: For good: only an operator who insists can take it back.
    COMPLAINT = "complaint"
    HARD = "hard"
    #: Too many soft bounces.
    SOFT = "soft"
    #: An operator said so.
    MANUAL = "manual"
    #: A list said so.
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppressed:
    """An address that gets nothing from a newsletter, whoever adds it."""

    newsletter: str
    email: str = field(repr=False)
    reason: Reason
    #: Who said so: a ``MailEvent.source``, "smtp", "operator" or "list".
    source: str
    detail: str = ""
    at: datetime
