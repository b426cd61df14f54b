"""Everything that is kept, and the editors' files."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from digest.model import EditionKey
from digest.ports.articles import EditionStore, FeedStore
from digest.ports.ledger import ArchiveStore, Ledger
from digest.ports.minding import Journal, NoticeStore, Roster, TapeStore
from digest.ports.outside import Answers
from digest.ports.readers import EventStore, SubscriberStore, SuppressionStore


class Store(Protocol):
    """Everything that is kept. Each method is one transaction and raises ``StoreError``."""

    @property
    def feeds(self) -> FeedStore: ...
    @property
    def editions(self) -> EditionStore: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def archive(self) -> ArchiveStore: ...
    @property
    def subscribers(self) -> SubscriberStore: ...
    @property
    def suppressions(self) -> SuppressionStore: ...
    @property
    def events(self) -> EventStore: ...
    @property
    def journal(self) -> Journal: ...
    @property
    def roster(self) -> Roster: ...
    @property
    def notices(self) -> NoticeStore: ...
    @property
    def answers(self) -> Answers: ...
    @property
    def tapes(self) -> TapeStore: ...

    def prune(self, *, before: datetime) -> int:
        """Delete what nobody needs any more from the time *before*; return how many articles and answers.

        Articles stay known by their ids, as a feed may still have them; their texts and pages go, and so do
        the journal, duties, notices and what language models answered. Editions, the ledger and all that is
        about subscribers stay.
        """
        ...

    def secret(self) -> bytes:
        """32 random bytes, made once: the key of the project's tokens."""
        ...

    def close(self) -> None: ...


class EditionFiles(Protocol):
    """The editors' files, one per edition."""

    def path(self, key: EditionKey) -> str:
        """What messages call the file."""
        ...

    def read(self, key: EditionKey) -> str | None:
        """The file's text, or None if there is none.

        Raises:
            EditionError: It is not UTF-8, or too large.
        """
        ...

    def write(self, key: EditionKey, text: str, *, over: str | None) -> bool:
        """Replace *over*, which is what ``read`` gave, by *text*; all of it or nothing.

        False if the file has changed meanwhile: nothing is written, and nobody's save is lost.
        """
        ...

    def gone_out(self, key: EditionKey) -> int | None:
        """How many of its mails had gone out when that was last noted; None if it never was.

        The note is beside the file and not in the database, so that it outlives a restored database.
        """
        ...

    def note_gone_out(self, key: EditionKey, count: int, *, at: datetime) -> None: ...
