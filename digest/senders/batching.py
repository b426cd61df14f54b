"""Sends mails through a provider's API: several mails per request, a few requests at once.

A provider translates; what follows from its words is decided here, the same for all of them:

* Not now (429, 503): all wait as long as it asks, up to ``PATIENCE``, and ask again; then deferred.
* No answer: unsure; unless the provider recognizes a repeated request by its key, then it is repeated.
* A request that was refused as a whole is halved, until it is known whose fault it was.
* What all mails were refused for is not about one address: everything stops, and none counts as refused.
* When as many mails got no answer as are under way at once, nothing more is tried: it would be in doubt, too.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from itertools import groupby, islice
from threading import Lock
from typing import NamedTuple, Protocol

from digest.errors import SendError
from digest.model import Mail, Outcome, Receipt
from digest.ports import Capabilities
from digest.senders.answers import UNREADABLE, Answer, Ruling, Verdict, Verdicts, by_status
from digest.senders.http import Call, Door, NoAnswer
from digest.senders.rate import Patience, Rate

#: How often a request with a key is made, when no answer comes.
ATTEMPTS = 3
#: Requests of one mail that wait for each connection, so that it is never idle.
QUEUE = 4
#: Seconds after which a source of mails is slow: what is under way is told before it is asked again.
SLOW = 0.1

OUTCOMES = {
    Ruling.SENT: Outcome.SENT,
    Ruling.REFUSED: Outcome.REFUSED,
    Ruling.LATER: Outcome.DEFERRED,
    Ruling.UNSURE: Outcome.UNSURE,
}


class Provider(Protocol):
    """What an adapter's file gives: translations both ways. Pure, but for a signature's clock."""

    name: str
    can: Capabilities
    #: Where its API is: "https://api.example.org".
    server: str

    def call(self, mails: Sequence[Mail]) -> Call:
        """The request that hands over *mails*, of one edition."""
        ...

    def verdicts(self, answer: Answer) -> Verdicts:
        """What an answer means."""
        ...

    def probe(self) -> Call:
        """A request that only tells whether the key is taken."""
        ...


class _Asked(NamedTuple):
    """A request that is under way, or over."""

    mails: Sequence[Mail]
    verdicts: Future[list[Verdict]]


class ApiSender:
    """A ``ports.Sender`` on a provider's API; *size* mails are in a request, and *connections* are made."""

    def __init__(
        self,
        provider: Provider,
        *,
        timeout: timedelta,
        size: int,
        connections: int,
        rate: Rate,
    ) -> None:
        self.name = provider.name
        #: Mails that are under way, and so may be in doubt, at once.
        self.most = size * connections * (1 if size > 1 else QUEUE)
        self.batch = size if size > 1 else self.most
        self._provider = provider
        self.size = size
        #: Mails that a connection is given at once.
        self._portion = size if size > 1 else QUEUE
        self._connections = connections
        self._door = Door(provider.name, provider.server, timeout=timeout)
        self._rate = rate
        #: One writes a request at a time: several would only take turns at it, which costs more than waiting.
        self._writing = Lock()
        #: Something was taken: a refusal after that is about one mail.
        self._taken = False
        #: How many mails came to nothing, one after the other, and what was said of the last.
        self._barren, self._why = 0, ""

    def send(self, mails: Iterable[Mail]) -> Iterator[Receipt]:
        source = iter(mails)
        under_way: deque[_Asked] = deque()
        # The pool is waited for first: no connection is closed under a request.
        with self._door, ThreadPoolExecutor(self._connections) as pool:
            open_, slow, self._barren = True, False, 0
            while open_ or under_way:
                awaited = len(under_way) if slow or not open_ else self._too_many(under_way)
                if awaited:
                    under_way[awaited - 1].verdicts.exception()  # it has none: this is to wait
                # What is known is told before more is asked for.
                while under_way and (awaited > 0 or under_way[0].verdicts.done()):
                    yield from self._told(under_way)
                    awaited -= 1
                if under_way and not self._has_room(under_way):
                    continue
                group, slow = self._taken_from(source) if open_ else ([], False)
                open_ = bool(group)
                if group and not self._has_room(under_way):
                    raise SendError(f"{self.name}: it has taken none of the last mails: {self._why}")
                for request in _same(group):
                    under_way.append(_Asked(request, pool.submit(self._settle_each, request)))

    def check(self) -> str:
        try:
            with self._door:
                answer = self._door.ask(self._provider.probe())
        except NoAnswer as exc:
            raise SendError(f"{self.name}: {exc}") from exc
        verdict = self._provider.verdicts(answer) if answer.status >= 300 else ()
        if isinstance(verdict, Verdict):
            raise SendError(f"{self.name}: {verdict.words}")
        if not answer.is_object:
            raise SendError(f"{self.name}: it cannot be used: {UNREADABLE}")
        return f"{self._provider.server} accepts the key"

    def _taken_from(self, source: Iterator[Mail]) -> tuple[list[Mail], bool]:
        """The next mails for a connection, and whether their source is slow: then none waits for another."""
        asked_at, slow, group = time.monotonic(), False, []
        for mail in islice(source, self._portion):
            group.append(mail)
            slow = time.monotonic() - asked_at > SLOW
            if slow and self.size == 1:
                break
        return group, slow

    def _has_room(self, under_way: Iterable[_Asked]) -> bool:
        """Whether more may be asked: what may be in doubt at once has a limit."""
        return self._barren + sum(len(asked.mails) for asked in under_way) + self._portion <= self.most

    def _too_many(self, under_way: Sequence[_Asked]) -> int:
        """How many requests to wait for before more is asked: half of them, for each time costs some."""
        return 0 if self._has_room(under_way) else (len(under_way) + 1) // 2

    def _told(self, under_way: deque[_Asked]) -> Iterator[Receipt]:
        """The receipts of the request that was asked first.

        Raises:
            SendError: Nothing can be sent now; the receipts of all that is under way were given before.
        """
        asked = under_way.popleft()
        settled = asked.verdicts.result()
        if not self._taken:
            self._taken = any(verdict.ruling is Ruling.SENT for verdict in settled) or (
                # It matters whom it took, and so the others are heard first.
                any(verdict.ruling is Ruling.REJECTED for verdict in settled) and _any_sent(under_way)
            )
        settled = [self._judged(verdict) for verdict in settled]
        yield from _receipts(asked.mails, settled)
        stopped = next((verdict for verdict in settled if verdict.ruling is Ruling.STOP), None)
        if stopped is not None:
            while under_way:
                rest = under_way.popleft()
                yield from _receipts(rest.mails, [self._judged(one) for one in rest.verdicts.result()])
            raise SendError(f"{self.name}: {stopped.words}")
        if any(verdict.ruling in (Ruling.SENT, Ruling.REFUSED) for verdict in settled):
            self._barren = 0
        else:
            self._barren, self._why = self._barren + len(settled), settled[0].words

    def _judged(self, verdict: Verdict) -> Verdict:
        if verdict.ruling is not Ruling.REJECTED:
            return verdict
        return verdict._replace(ruling=Ruling.REFUSED if self._taken else Ruling.STOP)

    def _settle_each(self, mails: Sequence[Mail]) -> list[Verdict]:
        """A verdict for each of *mails*, one request after the other."""
        found: list[Verdict] = []
        for start in range(0, len(mails), self.size):
            found += self._settle(mails[start : start + self.size])
        return found

    def _settle(self, mails: Sequence[Mail]) -> list[Verdict]:
        """A verdict for each of *mails*; a request that is refused as a whole is halved."""
        found = self._asked(mails)
        if not isinstance(found, Verdict):
            return list(found)
        if found.ruling is Ruling.REJECTED and len(mails) > 1:
            half = len(mails) // 2
            return self._settle(mails[:half]) + self._settle(mails[half:])
        return [found] * len(mails)

    def _asked(self, mails: Sequence[Mail]) -> Verdicts:
        """What became of one request, asked again where that is safe.

        Once a request is in doubt it stays so, until an answer to its repetition settles it.
        """
        keyed = bool(self._provider.can.idempotency)
        doubt: Verdict | None = None
        patience = Patience()
        while True:
            found, asked_for = self._tried(mails)
            if not isinstance(found, Verdict) or found.ruling in (Ruling.SENT, Ruling.REFUSED):
                return found
            if found.ruling is Ruling.UNSURE:
                doubt = found
                again = keyed and patience.attempts + 1 < ATTEMPTS
            else:
                again = found.ruling is Ruling.LATER
            if not again or (pause := patience.pause(asked_for)) is None:
                return doubt or found
            self._rate.hold(pause)

    def _tried(self, mails: Sequence[Mail]) -> tuple[Verdicts, float | None]:
        """One attempt: what it means, and how long the provider asks to be left alone."""
        self._rate.turn()
        try:
            with self._writing:
                call = self._provider.call(mails)
            answer = self._door.ask(call)
        except NoAnswer as exc:
            return Verdict(Ruling.UNSURE, str(exc)), None
        except SendError as exc:
            return Verdict(Ruling.STOP, str(exc).removeprefix(f"{self.name}: ")), None
        self._rate.heard(answer)
        found = self._provider.verdicts(answer)
        if not isinstance(found, Verdict) and len(found) != len(mails):
            words = f"{len(found)} results for {len(mails)} mails"
            found = by_status(answer.status, words)
        return found, answer.retry_after


def _same(mails: Sequence[Mail]) -> Iterator[Sequence[Mail]]:
    """*mails*, parted where the edition changes: a request has one."""
    for _, same in groupby(mails, key=lambda mail: (id(mail.rendered), mail.sender, mail.reply_to)):
        yield list(same)


def _any_sent(under_way: Iterable[_Asked]) -> bool:
    return any(verdict.ruling is Ruling.SENT for asked in under_way for verdict in asked.verdicts.result())


def _receipts(mails: Sequence[Mail], verdicts: Sequence[Verdict]) -> Iterator[Receipt]:
    for mail, verdict in zip(mails, verdicts, strict=True):
        if verdict.ruling is not Ruling.STOP:
            yield Receipt(
                subscriber_id=mail.subscriber_id,
                outcome=OUTCOMES[verdict.ruling],
                remote_id=verdict.remote_id,
                detail=verdict.words,
            )
