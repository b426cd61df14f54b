"""Signs in further threads: a signature takes longer than the rest of a mail, and blocks no other thread."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

#: Threads beyond which Python itself is what takes the time.
MOST = 3

Draft = TypeVar("Draft")
Signed = TypeVar("Signed")


def further_threads() -> int:
    """As many as there are cores beside the one that sends."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(MOST, cores - 1)


class Signers(Generic[Draft, Signed]):
    """*sign* is called for each draft, in one of so many *threads* or by ``help``.

    *done* is called in the thread, once there is something for ``signed`` to give.
    """

    def __init__(self, sign: Callable[[Draft], Signed], done: Callable[[], None], *, threads: int) -> None:
        self._sign = sign
        self._done = done
        #: Drafts, and what was made of them, with the round they belong to; None ends a thread.
        self._drafts: SimpleQueue[tuple[int, Draft] | None] = SimpleQueue()
        self._made: SimpleQueue[tuple[int, Signed | BaseException]] = SimpleQueue()
        self._round = 0
        self._threads = [Thread(target=self._work, name="signer", daemon=True) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def ask(self, draft: Draft) -> None:
        self._drafts.put((self._round, draft))

    @property
    def has_drafts(self) -> bool:
        """Whether a draft waits for somebody who has time."""
        return not self._drafts.empty()

    @property
    def has_signed(self) -> bool:
        return not self._made.empty()

    def help(self) -> None:
        """Sign a draft in the caller's thread, if one waits."""
        with suppress(Empty):
            task = self._drafts.get_nowait()
            if task is not None:
                self._made.put((task[0], self._sign(task[1])))

    def signed(self) -> Iterator[Signed]:
        """What has been signed since this was asked last. What ``sign`` raised is raised here."""
        # Asked several times a mail: only this thread takes, so what is there stays there.
        while not self._made.empty():
            round_, made = self._made.get_nowait()
            if round_ != self._round:
                continue
            if isinstance(made, BaseException):
                raise made
            yield made

    def clear(self) -> None:
        """Forget every draft, and what is being made of them."""
        self._round += 1
        with suppress(Empty):
            while True:
                self._drafts.get_nowait()

    def close(self) -> None:
        self.clear()
        for _ in self._threads:
            self._drafts.put(None)
        for thread in self._threads:
            thread.join()
        self._threads = []

    def _work(self) -> None:
        while (task := self._drafts.get()) is not None:
            made: Signed | BaseException
            try:
                made = self._sign(task[1])
            except BaseException as error:  # noqa: BLE001 - it is raised where the mail is waited for
                made = error
            self._made.put((task[0], made))
            self._done()
