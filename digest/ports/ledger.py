"""Who gets which edition, and what it was."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import NamedTuple, Protocol

from digest.model import (
    Content,
    Correction,
    Delivery,
    EditionKey,
    EventKind,
    Receipt,
    State,
    Subscriber,
    Tally,
)

#: What may be claimed unless an operator says more; not unsure mails, which may have been read.
DUE = (State.PENDING, State.DEFERRED)


class Due(NamedTuple):
    """A subscriber whose mail is to be sent: what the mail needs, and no more."""

    id: str
    email: str
    name: str = ""
    plain: bool = False
    #: What an earlier try had; "" when there was none.
    message_id: str = ""
    #: What that try was of, and what was said of it.
    sha256: str = ""
    detail: str = ""
    #: An earlier try came to nothing: a server put it off, or nobody knows.
    tried: bool = False

    @classmethod
    def of(cls, subscriber: Subscriber) -> Due:
        """A first try."""
        return cls(subscriber.id, subscriber.email, subscriber.name, subscriber.plain)

    def __repr__(self) -> str:
        return f"Due({self.id!r})"  # an address is shown to nobody


class Headcount(NamedTuple):
    """An edition's list at one moment."""

    tally: Tally
    #: Mails among the pending that a living process has claimed: that one says what comes of them.
    in_hand: int


class Ledger(Protocol):
    """One row for each (edition, subscriber), written before its mail is sent.

    A row is pending, then sending, then what its receipt says. No failure removes it, so all states together
    are always the edition's list.
    """

    def owned(self) -> AbstractContextManager[str]:
        """A new name for an owner of claims, alive until the block or the process ends, in whatever way.

        Mails still claimed by a dead owner are unsure; those of a living one are left alone.
        """
        ...

    def enrol(self, key: EditionKey, *, at: datetime) -> None:
        """Put every active subscriber on the edition's list who is not on it yet."""
        ...

    def withdraw(self, key: EditionKey) -> None:
        """Take subscribers off the list who are no longer active and were sent nothing."""
        ...

    def due(
        self,
        key: EditionKey,
        *states: State,
        returned: EventKind | None = None,
        after: str = "",
        limit: int,
    ) -> Sequence[Due]:
        """The next page of active subscribers in these states, by id, beginning behind *after*.

        *returned*: only those whose mail came back so.
        """
        ...

    def claim(
        self,
        key: EditionKey,
        mails: Sequence[tuple[str, str]],
        *,
        sha256: str,
        at: datetime,
        owner: str = "",
        of: Collection[State] = DUE,
        receipts: Sequence[Receipt] = (),
    ) -> frozenset[str]:
        """Claim (subscriber id, message id) pairs, and return which of these subscribers are now ours.

        The *receipts* of earlier mails are recorded in the same transaction, so that there is one wait for
        the disk.

        Durable when it returns, and atomic between processes: only rows in a state of *of* can be claimed,
        and only of subscribers who are active at that moment: who is leaving in a
        transaction that is not committed yet still is. A subscriber who is not on the list is added.
        Without an *owner*, the claim counts as a dead owner's when the call returns.
        """
        ...

    def record(self, key: EditionKey, receipts: Iterable[Receipt], *, at: datetime) -> None: ...

    def release(self, key: EditionKey, subscriber_ids: Iterable[str]) -> None:
        """Give back claims of mails that certainly have not left."""
        ...

    def refuse(
        self, key: EditionKey, receipts: Sequence[Receipt], *, of: Collection[State], at: datetime
    ) -> frozenset[str]:
        """Record refusals of mails whose claims were given back, and say of which.

        One that another process took meanwhile, and is in no state *of*, is left to that.
        """
        ...

    def release_unsure(self, key: EditionKey, mails: Iterable[tuple[str, str, str]]) -> None:
        """Give back claims of unsure mails that did not leave this time, but may have left before.

        Each is unsure again, with the (subscriber id, SHA-256, words) that it had: what the reader may have
        is the content of the earlier attempt.
        """
        ...

    def mark_unsure(self, key: EditionKey, *, at: datetime) -> int:
        """Mark the claims of dead owners as unsure, and return how many there were."""
        ...

    def note(self, key: EditionKey, subscriber_id: str, *, remote_id: str) -> None:
        """Keep the provider's id of a claimed mail, before the provider is told to send it."""
        ...

    def get(self, key: EditionKey, subscriber_id: str) -> Delivery | None:
        """The subscriber's row, if there is one on the edition's list."""
        ...

    def tally(self, key: EditionKey) -> Tally: ...

    def standing(self, key: EditionKey) -> Headcount:
        """The tally, and how many of its pending mails a living process has in hand."""
        ...

    def contents(self, key: EditionKey) -> frozenset[str]:
        """SHA-256 of each content of the edition that somebody was, or may have been, sent."""
        ...

    def history(self, newsletter: str, subscriber_id: str, *, limit: int) -> Sequence[Delivery]:
        """What became of one subscriber's mails of the newest *limit* editions, newest first."""
        ...

    def returned(self, key: EditionKey) -> Mapping[str, int]:
        """How many mails of the edition came back, by ``EventKind``."""
        ...

    def deliveries(
        self,
        key: EditionKey,
        *states: State,
        returned: EventKind | None = None,
        after: str = "",
        limit: int | None = None,
    ) -> Sequence[Delivery]:
        """Rows in these states (or in all, if none is given), by subscriber id, beginning behind *after*.

        *returned*: only what came back so.
        """
        ...


class ArchiveStore(Protocol):
    """What was sent, and what was corrected since."""

    def keep(self, content: Content) -> None:
        """Keep what is sent, before its first mail leaves; does nothing if this content is kept already."""
        ...

    def sent(self, newsletter: str) -> Mapping[date, tuple[str, datetime]]:
        """The days whose edition went to the list and was sent to somebody, the newest first.

        Each with the SHA-256 of the content that most readers have, and the time of the first mail.
        """
        ...

    def content(self, key: EditionKey, sha256: str) -> Content | None: ...

    def correct(self, correction: Correction) -> bool:
        """False if the edition has this correction already; its replaced words are updated if they differ."""
        ...

    def corrections(self, newsletter: str) -> Sequence[Correction]:
        """Those of all its editions, the oldest first."""
        ...

    def tell(self, corrections: Iterable[Correction], *, on: date) -> None:
        """Remember that they were put into the draft of the edition of that day."""
        ...
