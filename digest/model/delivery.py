"""What became of mails and campaigns."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum

from digest.model.keys import EditionKey
from digest.model.mails import Rendered


class Outcome(StrEnum):
    SENT = "sent"
    #: Never to be tried again for this edition: bad address, blocked.
    REFUSED = "refused"
    #: May be tried again later.
    DEFERRED = "deferred"
    #: Nobody knows whether it left; tried again only when an operator says so.
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of one mail, in our terms, with the provider's own words beside them."""

    subscriber_id: str
    outcome: Outcome
    remote_id: str = ""
    detail: str = field(default="", repr=False)  # a server may quote the address


class Standing(StrEnum):
    """A campaign's state at its provider."""

    #: A draft: nothing leaves before it is launched.
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    #: Held back at the provider, part of it perhaps sent.
    PAUSED = "paused"
    #: Called off at the provider: it will never be sent.
    CANCELLED = "cancelled"
    #: The provider does not say.
    UNKNOWN = "unknown"


#: The subscriber id of a campaign's one row in the ledger: the list that its provider holds.
CAMPAIGN = "campaign"


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """An edition as one mail to a list that a provider holds, which fills the slots by itself."""

    rendered: Rendered
    #: "The Sift <sift@example.org>", as the configuration has it.
    sender: str
    reply_to: str = ""
    postal_address: str
    #: Header fields that are the same for all readers, in order; ASCII and free of line breaks.
    headers: tuple[tuple[str, str], ...] = ()
    #: When the provider is to send it; None is at once.
    at: datetime | None = None

    @property
    def name(self) -> str:
        """Its name at the provider, by which it is found: edition and content."""
        return f"{self.rendered.key} {self.content}"

    @property
    def content(self) -> str:
        """The beginning of the content's SHA-256: enough to tell contents apart."""
        return self.rendered.sha256[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """A campaign as its provider shows it."""

    id: str
    standing: Standing
    #: ``Campaign.content`` of what it was made from; "" when that cannot be told.
    content: str = ""
    #: More about it, as in "120 of 1204 mails".
    words: str = ""


class State(StrEnum):
    """The state of a subscriber's mail of an edition: pending, then sending, then what its receipt said."""

    #: On the edition's list; nothing has been done yet.
    PENDING = "pending"
    #: Claimed before its mail left, and no receipt yet: in flight, or its process is gone.
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    DEFERRED = "deferred"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The state of an edition's list: everyone on it is counted in exactly one of the five."""

    sent: int = 0
    refused: int = 0
    deferred: int = 0
    #: Includes those whose process is gone without a receipt.
    unsure: int = 0
    #: Includes those that a living process is sending.
    pending: int = 0

    @property
    def total(self) -> int:
        return self.sent + self.refused + self.deferred + self.unsure + self.pending

    def counts(self) -> dict[str, int]:
        """Those that are not 0, by name."""
        return {one.name: count for one in fields(self) if (count := getattr(self, one.name))}

    def __str__(self) -> str:
        """ "990 sent + 2 refused + 8 deferred = 1000 on the list"."""
        parts = " + ".join(f"{count} {name}" for name, count in self.counts().items())
        return f"{parts} = {self.total} on the list" if parts else "nobody is on the list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A row of the ledger: one subscriber's mail of one edition."""

    key: EditionKey
    subscriber_id: str
    state: State
    #: "" until it was claimed once; then always the same.
    message_id: str
    sha256: str
    at: datetime
    #: What the provider calls it; "" until that is known.
    remote_id: str = ""
    detail: str = field(default="", repr=False)
    #: What came back after it was sent, an ``EventKind``; the state stays what it was.
    returned: str = ""
