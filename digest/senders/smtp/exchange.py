"""Several connections at once, in one thread: each takes a mail when it is free; receipts keep the order.

A conversation runs until it has to wait; then another runs whose socket is ready. Only opening a
connection, which ``smtplib`` does, blocks, and has a thread.
"""

from __future__ import annotations

import queue
import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from digest.errors import SendError
from digest.model import Mail, Receipt
from digest.senders.smtp.bell import Bell
from digest.senders.smtp.connection import OPEN, Connection, Steps, Wait
from digest.senders.smtp.contents import Contents
from digest.senders.smtp.conversation import Conversation, Job, refused_unsent

#: Mails for each connection that are taken and have no receipt yet: one that travels, one whose envelope
#: does, and two for the time in which the receipts are recorded.
AHEAD = 4
#: Another connection is opened for every so many mails, until there are enough.
RAMP = 5
#: Seconds after which a source of mails is slow: what is under way is brought to its end before it is asked.
SLOW = 0.1
#: A moment that does not come.
NEVER = float("inf")


class Line:
    """A connection, and what is going on over it."""

    def __init__(
        self,
        connection: Connection,
        following: Callable[[], Job | None],
        done: Callable[[int, Receipt], None],
    ) -> None:
        self.connection = connection
        self._conversation = Conversation(connection, following, done)
        #: What began the conversation that goes on.
        self.job: Job | None = None
        self.steps: Steps[None] | None = None
        #: What the conversation waits for, and until when.
        self.events = 0
        self.deadline = NEVER
        #: Whether the connection was ever open.
        self.served = False
        #: What the selector was told.
        self.watched: socket.socket | None = None
        self.watched_events = 0

    def is_closed(self) -> bool:
        return self.connection.sock is None

    def begin(self, job: Job) -> None:
        self.job, self.steps = job, self._conversation.carry(job)

    def go_on(self, error: BaseException | None) -> Wait | None:
        """What is waited for next; None when it is over. *error* is what came of the last wait."""
        if self.steps is None:
            return None
        try:
            wait = next(self.steps) if error is None else self.steps.throw(error)
        except StopIteration:
            self.end()
            return None
        self.events = wait.events
        self.deadline = NEVER if wait is OPEN else time.monotonic() + wait.seconds
        return wait

    def end(self) -> None:
        self.job = self.steps = None
        self.events, self.deadline = 0, NEVER


class Exchange:
    """Lines that are opened as they are needed and kept until ``close``."""

    def __init__(self, connect: Callable[[], Connection], contents: Contents, size: int, bell: Bell) -> None:
        self._connect = connect
        self._contents = contents
        self._size = size
        self._lines: list[Line] = []
        #: Mails of this ``send``, and of all.
        self._taken = self._handed = 0
        self._receipts: dict[int, Receipt] = {}
        self._failure: BaseException | None = None
        self._opened: queue.SimpleQueue[tuple[Line, BaseException | None]] = queue.SimpleQueue()
        self._selector = selectors.DefaultSelector()
        self._bell = bell
        self._selector.register(bell, selectors.EVENT_READ)

    def send(self, mails: Iterable[Mail]) -> Iterator[Receipt]:
        """A receipt for each mail, in order. Mails are taken from *mails* as there is room for them.

        Whatever goes wrong, here or in *mails*: mails that are under way come to their end, their receipts
        are given, and then it is raised.
        """
        self._failure = None
        self._taken = given = 0
        source: Iterator[Mail] | None = iter(mails)
        try:
            while source is not None or given < self._taken:
                # What is known is told before another mail is asked for.
                while source is not None and given not in self._receipts and self._has_room(given):
                    source = self._pull(source, given)
                if given < self._taken and given not in self._receipts and self._failure is None:
                    self._turn()
                while given in self._receipts:
                    yield self._receipts.pop(given)
                    given += 1
                if self._failure is not None:
                    raise self._failure
        except GeneratorExit as over:
            self._halt(over)
            raise
        except BaseException as failure:
            self._halt(failure)
            for number in sorted(self._receipts):
                yield self._receipts.pop(number)
            raise
        finally:
            self._receipts.clear()

    def close(self) -> None:
        """Say QUIT on every line."""
        for line in self._lines:
            line.connection.close()
            self._watch(line)
        self._lines = []
        self._contents.close()
        self._selector.close()
        self._bell.close()

    def _has_room(self, given: int) -> bool:
        return self._taken - given < AHEAD * max(1, len(self._lines))

    def _pull(self, source: Iterator[Mail], given: int) -> Iterator[Mail] | None:
        """Take the next mail; None when there is none."""
        asked = time.monotonic()
        mail = next(source, None)
        if mail is not None:
            self._hand(mail)
        if time.monotonic() - asked > SLOW:
            while self._failure is None and given + len(self._receipts) < self._taken:
                self._turn()
        return source if mail is not None else None

    def _hand(self, mail: Mail) -> None:
        number, self._taken = self._taken, self._taken + 1
        if refusal := refused_unsent(mail):
            self._receipts[number] = refusal
            return
        self._contents.add(number, mail)
        if len(self._lines) < min(self._size, 1 + self._handed // RAMP):
            self._lines.append(Line(self._connect(), self._contents.take, self._receipts.__setitem__))
        self._handed += 1

    def _assign(self) -> None:
        # Until none is free, or no job may leave: a line whose answers are here is free again at once.
        while free := [line for line in self._lines if line.steps is None]:
            if self._failure is not None or self._contents.gathers(len(self._lines)):
                return
            job = self._contents.take()
            if job is None:
                return
            line = min(free, key=Line.is_closed)
            line.begin(job)
            self._advance(line)

    def _turn(self) -> None:
        """Let every line go on that can; wait until one can, unless a mail comes to its end at once."""
        known = len(self._receipts)
        self._assign()
        if len(self._receipts) > known:
            return  # there may be nothing left to wait for
        goes_on = self._failure is None
        signs = goes_on and self._contents.has_unsigned
        is_free = goes_on and any(line.steps is None for line in self._lines)
        with self._bell.listening():
            here = signs or (is_free and self._contents.has_news) or not self._opened.empty()
            events = self._selector.select(0 if here else self._patience())
        if signs and not events:
            self._contents.sign()  # nobody waits for anything that is here: time to help the signers
        for key, _ in events:
            match key.data:
                case Line() as line if line.steps is not None:
                    self._advance(line)
                case Line() as line:  # nobody asked: the server says goodbye
                    line.connection.drop()
                    self._watch(line)
                case _:
                    self._bell.hush()
        self._welcome()
        now = time.monotonic()
        for line in [line for line in self._lines if line.deadline <= now]:
            self._advance(line, TimeoutError("no answer in time"))

    def _patience(self) -> float | None:
        """For how many seconds nothing may happen."""
        ends = min((line.deadline for line in self._lines), default=NEVER)
        if self._contents.wait is not None:
            ends = min(ends, time.monotonic() + self._contents.wait)
        return max(0.0, ends - time.monotonic()) if ends < NEVER else None

    def _advance(self, line: Line, error: BaseException | None = None) -> None:
        """Let the line's conversation go on until it waits for something."""
        try:
            wait = line.go_on(error)
        except BaseException as exc:  # noqa: BLE001 - it is raised when the others have come to their end
            self._failure = self._failure or exc
            line.connection.drop()  # in the middle of a content, perhaps
            line.end()
        else:
            if wait is OPEN:
                threading.Thread(target=self._open, args=(line,), daemon=True).start()
        self._watch(line)

    def _open(self, line: Line) -> None:
        problem = None
        try:
            line.connection.open()
        except BaseException as exc:  # noqa: BLE001 - it is raised where the line is
            problem = exc
        self._opened.put((line, problem))
        self._bell.ring()

    def _welcome(self) -> None:
        """Go on with the lines that were opened, or could not be."""
        with suppress(queue.Empty):
            while True:
                line, problem = self._opened.get_nowait()
                # One more than the server allows: the others carry all.
                if isinstance(problem, SendError) and not line.served and len(self._lines) > 1:
                    self._lines.remove(line)
                    self._size = len(self._lines)
                    if line.job is not None and self._failure is None:
                        self._contents.put_back(line.job)
                    line.end()
                else:
                    line.served = line.served or problem is None
                    self._advance(line, problem)

    def _watch(self, line: Line) -> None:
        """Tell the selector what the line waits for."""
        current, events = line.connection.sock, line.events or selectors.EVENT_READ
        if current is not line.watched:
            if line.watched is not None:
                self._selector.unregister(line.watched)
            if current is not None:
                self._selector.register(current, events, line)
        elif current is not None and events != line.watched_events:
            self._selector.modify(current, events, line)
        line.watched, line.watched_events = current, events

    def _halt(self, failure: BaseException) -> None:
        """Bring what is under way to its end, and nothing else."""
        self._failure = failure
        self._contents.clear()
        while any(line.steps is not None for line in self._lines):
            self._turn()
