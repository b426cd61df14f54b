"""Which process does what, which notices were told, and what builds heard."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import NamedTuple, Protocol

from digest.model import Duty, EditionKey, Notice, NoticeKind, Run, Stage, Watch
from digest.tapes import Heard, Premises, Remembered, Said, Tape


class Journal(Protocol):
    def note(self, run: Run) -> None: ...

    def latest(self, newsletter: str, *, limit: int = 10) -> Sequence[Run]:
        """The last runs, newest first."""
        ...


class Roster(Protocol):
    """Which process does what: one row for each (newsletter, day, stage), held by one process at a time."""

    def owned(self) -> AbstractContextManager[str]:
        """As ``Ledger.owned``: a name that is alive until the block ends, or its process does."""
        ...

    def take(self, key: EditionKey, stage: Stage, *, owner: str, at: datetime) -> Duty | None:
        """Take the duty, unsettled and with one more try, and return how it stood before; None while a living
        process holds it.

        Atomic between processes. What a dead process held is free; whether it was settled does not matter.
        """
        ...

    def leave(self, duty: Duty, *, owner: str) -> None:
        """Record how it stands; does nothing if *owner* no longer holds it."""
        ...

    def duties(self, newsletter: str, *, since: date) -> Sequence[Duty]:
        """Those of that day and later, by day and stage."""
        ...

    def watch(self, newsletter: str, *, at: datetime, anew: bool = False) -> Watch:
        """Note that a scheduler runs the newsletter now, and return what was noted last. Both moments are
        *at* the first time, and if the watch is to begin *anew*."""
        ...


class NoticeStore(Protocol):
    """Which notices were told, so that none is told twice."""

    def claim(self, notice: Notice) -> bool:
        """True the first time that a notice of this (newsletter, day, kind, about) is to be told.

        Durable when it returns, and atomic between processes. A claim that is neither settled nor released
        is free again after some minutes, because its process must be gone: told twice is better than never.
        """
        ...

    def settle(self, notice: Notice) -> None:
        """It was told; it will never be again."""
        ...

    def release(self, notice: Notice, *, why: str = "") -> None:
        """It could not be told: the next one to claim it may try again."""
        ...

    def unanswered(self, newsletter: str, kind: NoticeKind) -> Collection[str]:
        """What the told notices of that kind were about, except what a later "recovered" was about."""
        ...

    def untold(self, newsletter: str, *, now: datetime | None = None) -> Sequence[Untold]:
        """Those that nobody was told, the newest first.

        With *now*: only those of the last days, and none that a process may be telling right now.
        """
        ...


class Untold(NamedTuple):
    """A notice that nobody was told."""

    kind: NoticeKind
    day: date | None
    about: str
    headline: str
    at: datetime
    #: Why not; "" when its process ended before it could say so.
    why: str
    lines: tuple[str, ...] = ()


class TapeStore(Protocol):
    """What builds knew and heard, for some days."""

    def begin(self, key: EditionKey, premises: Premises, *, stage: str, at: datetime) -> int:
        """A new tape, by its id. From now on the articles are remembered as they are at this moment."""
        ...

    def hear(self, tape: int, answers: Sequence[tuple[Heard, bytes]]) -> None:
        """Keep these answers with their bodies, behind those that the tape has."""
        ...

    def end(
        self, tape: int, *, composed: str, said: Sequence[Said], code: int, words: str, at: datetime
    ) -> None: ...

    def of(self, key: EditionKey) -> Sequence[Tape]:
        """The tapes of builds of that edition, the newest first."""
        ...

    def premises(self, tape: int) -> Premises: ...

    def heard(self, tape: int) -> Sequence[Heard]: ...

    def said(self, tape: int) -> Sequence[Said]: ...

    def remembered(
        self, tape: int, feed_urls: Sequence[str], *, since: datetime, ids: Collection[str]
    ) -> Iterator[Remembered]:
        """The articles of these feeds, and those with these *ids*, as they were when the tape began.

        Those that are older than *since* and not in *ids* come without their texts.
        """
        ...

    def body(self, sha256: str) -> bytes | None:
        """What was kept under that SHA-256: an answer's body, or an edition."""
        ...

    def prune(self, before: datetime) -> int:
        """Forget what began before that moment, and say how many tapes those were."""
        ...
