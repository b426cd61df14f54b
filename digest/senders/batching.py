"""Sends mails through a provider's API: in requests of some mails, a few requests at once.

A provider translates; what follows from its words is decided here, the same for all of them:

* Not now (429, 503): all wait as long as it asks, within ``PATIENCE``, and ask again; then deferred.
* No answer: unsure; unless the provider tells a repeated request by its key, then it is asked again.
* A request that was refused as a whole is halved, until it is known whose fault it was.
* What nobody was spared is not about one address: everything stops, and no mail counts as refused for it.
* When nothing at all was taken of a group, the next one is not tried: its mails would be in doubt as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import timedelta
from itertools import chain, groupby, islice
from typing import Protocol

from digest.errors import SendError
from digest.model import Mail, Outcome, Receipt
from digest.ports import Capabilities
from digest.senders.answers import Answer, Ruling, Verdict, Verdicts, by_status
from digest.senders.http import Call, Door, NoAnswer
from digest.senders.rate import Patience, Rate

#: How often a request with a key is made, when no answer comes.
ATTEMPTS = 3

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
        self.batch = size * connections * (1 if size > 1 else 4)
        self._provider = provider
        self._size = size
        self._connections = connections
        self._door = Door(provider.name, provider.server, timeout=timeout)
        self._rate = rate
        #: Something was taken: a refusal after that is about one mail.
        self._taken = False
        #: Why nothing of the last group was taken.
        self._stalled = ""

    def send(self, mails: Iterable[Mail]) -> Iterator[Receipt]:
        remaining = iter(mails)
        # The pool is waited for first: no connection is closed under a request.
        with self._door, ThreadPoolExecutor(self._connections) as pool:
            while group := list(islice(remaining, self.batch)):
                yield from self._deliver(group, pool)

    def check(self) -> str:
        try:
            with self._door:
                answer = self._door.ask(self._provider.probe())
        except NoAnswer as exc:
            raise SendError(f"{self.name}: {exc}") from exc
        verdict = self._provider.verdicts(answer) if answer.status >= 300 else ()
        if isinstance(verdict, Verdict):
            raise SendError(f"{self.name}: {verdict.words}")
        return f"{self._provider.server} takes the key"

    def _deliver(self, group: Sequence[Mail], pool: Executor) -> Iterator[Receipt]:
        """Receipts for a group of mails, all of whose requests have come to an end."""
        if self._stalled:
            why, self._stalled = self._stalled, ""
            raise SendError(f"{self.name}: nothing was taken of the mails before: {why}")
        settled = list(chain.from_iterable(pool.map(self._settle, self._requests(group))))
        self._taken = self._taken or any(verdict.ruling is Ruling.SENT for verdict in settled)
        settled = [self._judged(verdict) for verdict in settled]
        for mail, verdict in zip(group, settled, strict=True):
            if verdict.ruling is not Ruling.STOP:
                yield Receipt(
                    subscriber_id=mail.subscriber_id,
                    outcome=OUTCOMES[verdict.ruling],
                    remote_id=verdict.remote_id,
                    detail=verdict.words,
                )
        for verdict in settled:
            if verdict.ruling is Ruling.STOP:
                raise SendError(f"{self.name}: {verdict.words}")
        if not any(verdict.ruling in (Ruling.SENT, Ruling.REFUSED) for verdict in settled):
            self._stalled = settled[0].words

    def _judged(self, verdict: Verdict) -> Verdict:
        if verdict.ruling is not Ruling.REJECTED:
            return verdict
        return verdict._replace(ruling=Ruling.REFUSED if self._taken else Ruling.STOP)

    def _requests(self, group: Sequence[Mail]) -> Iterator[Sequence[Mail]]:
        for _, same in groupby(group, key=lambda mail: (id(mail.rendered), mail.sender, mail.reply_to)):
            mails = list(same)
            yield from (mails[start : start + self._size] for start in range(0, len(mails), self._size))

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
            answer = self._door.ask(self._provider.call(mails))
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
