"""Who gets which edition, and what it was."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import NamedTuple, Protocol

from digest.model import Content, Correction, Delivery, EditionKey, Receipt, State, Subscriber, Tally

#: What may be claimed unless an operator says more: an unsure mail may have been read.
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


class Standing(NamedTuple):
    """An edition's list at one moment."""

    tally: Tally
    #: Mails among the pending that a living process has claimed: that one says what comes of them.
    in_hand: int


class Ledger(Protocol):
    """One row for each (edition, subscriber): said before it is done.

    A row is pending, then sending, then what its receipt says; nothing that breaks takes it out, so all
    states together are always the edition's list.
    """

    def owned(self) -> AbstractContextManager[str]:
        """A new name for whoever claims, alive until the block ends or the process does, however it does.

        What is still claimed under a name that is dead is unsure; what is under a living one is left alone.
        """
        ...

    def enrol(self, key: EditionKey, *, at: datetime) -> None:
        """Put on the edition's list every active subscriber who is not on it."""
        ...

    def withdraw(self, key: EditionKey) -> None:
        """Take off it who is not active any more and was sent nothing."""
        ...

    def due(self, key: EditionKey, *states: State, after: str = "", limit: int) -> Sequence[Due]:
        """The next page of active subscribers in these states, by id, from the one behind *after*."""
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
        """Claim (subscriber id, message id) pairs and say which of these subscribers are now ours.

        The *receipts* of mails before them are recorded with it: a disk is waited for once.

        Durable when it returns, and atomic between processes: a row in any state but *of* is not ours, nor
        is that of a subscriber who is not active at this very moment, whoever was so when it was looked.
        Who is not on the list comes on it. A claim of no *owner* is nobody's when the call returns.
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
        """Give back claims of unsure mails that have not left once more, and may have left before.

        Each is unsure again, with the (subscriber id, SHA-256, words) that it had: what a reader may have is
        the content of the earlier try.
        """
        ...

    def mark_unsure(self, key: EditionKey, *, at: datetime) -> int:
        """Say of the claims of the dead that they are unsure, and how many those were."""
        ...

    def note(self, key: EditionKey, subscriber_id: str, *, remote_id: str) -> None:
        """Keep what the provider calls a claimed mail, before it is told to send it."""
        ...

    def get(self, key: EditionKey, subscriber_id: str) -> Delivery | None:
        """That row, if it is on the edition's list."""
        ...

    def tally(self, key: EditionKey) -> Tally: ...

    def standing(self, key: EditionKey) -> Standing:
        """The tally, and how many of its pending mails a process that is alive has in hand."""
        ...

    def contents(self, key: EditionKey) -> frozenset[str]:
        """SHA-256 of each content of the edition that somebody was sent, or may have been."""
        ...

    def history(self, newsletter: str, subscriber_id: str, *, limit: int) -> Sequence[Delivery]:
        """What one subscriber's mails of the newest *limit* editions came to, newest first."""
        ...

    def returned(self, key: EditionKey) -> Mapping[str, int]:
        """How many mails of the edition came back, by ``EventKind``."""
        ...

    def deliveries(
        self, key: EditionKey, *states: State, after: str = "", limit: int | None = None
    ) -> Sequence[Delivery]:
        """Rows in these states (all without any), by subscriber id, from the one behind *after*."""
        ...


class ArchiveStore(Protocol):
    """What was sent, and what was corrected since."""

    def keep(self, content: Content) -> None:
        """Before its first mail leaves; nothing when that content of that edition is kept."""
        ...

    def sent(self, newsletter: str) -> Mapping[date, tuple[str, datetime]]:
        """The days whose edition went to the list and somebody was sent, the newest first.

        Each with the SHA-256 of the content that most readers have, and when the edition was first sent.
        """
        ...

    def content(self, key: EditionKey, sha256: str) -> Content | None: ...

    def correct(self, correction: Correction) -> bool:
        """False when that edition has it already; it then gets the other replaced words, if there are any."""
        ...

    def corrections(self, newsletter: str) -> Sequence[Correction]:
        """All of its editions, the oldest first."""
        ...

    def tell(self, corrections: Iterable[Correction], *, on: date) -> None:
        """Remember that the draft of the edition of that day was given them."""
        ...
