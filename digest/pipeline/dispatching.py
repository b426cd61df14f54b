"""Dispatch: a stream of mails, each claimed before the sender has it and recorded when its receipt is here.

::

    due | claim | mail -> sender -> receipt | record | suppress

The sender pulls: a batch is claimed when it asks for the first mail of it. What goes wrong on this side only
ends the stream: what is under way comes to its end and is recorded before the error is raised.

A server that takes no mail of the edition, and does not say that addresses are at fault, is not believed: it
was not logged in to, perhaps, or has blocked us. Its refusals are kept back, after so many the run stops, and
nobody counts as refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from digest.errors import DigestError, SendError
from digest.logs import log
from digest.model import Mail, Outcome, Receipt, Rendered, State
from digest.pipeline.addressing import mail_for
from digest.pipeline.desk import Desk
from digest.pipeline.suppressing import Suppression, is_ours, is_unknown
from digest.pipeline.tempo import Tempo
from digest.ports import Due, Sender, Step
from digest.settings import Newsletter
from digest.text import counted

#: Refusals in a row, from the first mail on, after which no further mail is begun.
MOST_DOUBTED = 20


class Dispatch:
    """One run's mails, claimed under one *owner*."""

    def __init__(
        self,
        newsletter: Newsletter,
        rendered: Rendered,
        desk: Desk,
        sender: Sender,
        *,
        owner: str,
        tempo: Tempo,
    ) -> None:
        self._newsletter = newsletter
        self._rendered = rendered
        self._ledger = desk.store.ledger
        self._progress = desk.progress
        self._sender = sender
        self._owner = owner
        self._tempo = tempo
        self._secret = desk.store.secret()
        self._standing = self._ledger.tally(rendered.entry)
        self._suppression = Suppression(newsletter.key, desk.store.suppressions)
        # A claim is in doubt after a crash: where mails are slow it is of no more than leave in a second.
        self.batch = min(sender.batch, tempo.allows or sender.batch)
        #: How many mails came to what.
        self.outcomes: Counter[Outcome] = Counter()
        #: With the sender, and without a receipt, by subscriber.
        self._out: dict[str, Mail] = {}
        #: What the ledger said of the unsure ones of these, which have left before, perhaps.
        self._was: dict[str, Due] = {}
        self._receipts: list[Receipt] = []
        #: Refusals that are kept back, while no mail came to anything else.
        self._doubted: list[Receipt] = []
        self._failure: DigestError | None = None

    @property
    def listed(self) -> int:
        """How many were on the edition's list when the run began."""
        return self._standing.total

    @property
    def suppressed(self) -> int:
        return self._suppression.suppressed

    @property
    def disbelieved(self) -> int:
        """Addresses that were refused as unknown by a server that nobody should believe."""
        return self._suppression.disbelieved

    def send(self, due: Iterable[Sequence[Due]], *, of: Sequence[State]) -> None:
        """Send *due*, batch by batch, to whoever is still in one of the states *of*.

        Raises:
            SendError: The sender cannot send now; mails without a receipt are free again.
            StoreError: Nothing more can be claimed or recorded.
        """
        mails = self._mails(due, of)
        try:
            for receipt in self._sender.send(mails):
                self._take(receipt)
                if len(self._receipts) >= 2 * self.batch and self._failure is None:
                    self._record_now()  # mostly it is done with the next claim
        except SendError:
            try:
                self._record()
            finally:
                self._release(self._out)
            raise
        finally:
            mails.close()
            self._record()
        self._disbelieve()
        if self._failure is not None:
            raise self._failure

    def _mails(self, due: Iterable[Sequence[Due]], of: Sequence[State]) -> Generator[Mail, None, None]:
        try:
            for batch in due:
                if self._failure is not None or not self._tempo.goes_on():
                    return
                if len(self._doubted) >= MOST_DOUBTED:
                    return
                yield from self._claimed(batch, of)
        except DigestError as failure:
            self._failure = failure

    def _claimed(self, batch: Sequence[Due], of: Sequence[State]) -> Iterator[Mail]:
        now = self._tempo.now()
        mails = {due.id: self._mail(due, now) for due in batch}
        ours = self._ledger.claim(
            self._rendered.entry,
            [(who, mail.message_id) for who, mail in mails.items()],
            sha256=self._rendered.sha256,
            at=now,
            owner=self._owner,
            of=of,
            receipts=self._receipts,
        )
        waiting = {who: mail for who, mail in mails.items() if who in ours}
        if State.UNSURE in of:
            self._was |= {due.id: due for due in batch if due.id in ours}
        try:
            # Not before: when the claim fails, these are tried again as the run ends: their mails are sent.
            if self._receipts:
                self._receipts = []
                self._settle(now)
            for who in list(waiting):
                if not self._may_leave():
                    return
                self._out[who] = mail = waiting.pop(who)
                yield mail
        finally:
            self._release(waiting)

    def _mail(self, due: Due, now: datetime) -> Mail:
        mail = mail_for(due, self._rendered, self._newsletter, secret=self._secret, now=now)
        return replace(mail, message_id=due.message_id) if due.message_id else mail

    def _may_leave(self) -> bool:
        wait = self._tempo.until_next()
        if wait:
            self._record()
        return self._tempo.pause(wait)

    def _take(self, receipt: Receipt) -> None:
        if is_ours(receipt) and not self._standing.sent and not self.outcomes:
            self._doubted.append(receipt)
            return
        doubted, self._doubted = self._doubted, []
        for one in (*doubted, receipt):
            self._book(one)

    def _disbelieve(self) -> None:
        """Let go of those whose refusals are kept back, as the run ends: to none of them a mail has left."""
        if not self._doubted:
            return
        doubted, self._doubted = self._doubted, []
        who = [receipt.subscriber_id for receipt in doubted]
        for one in who:
            self._out.pop(one, None)
        self._release(who)
        self._failure = self._failure or SendError(
            f"{self._sender.name} took none of {counted(len(doubted), 'mail')}, and does not say that an "
            f"address is at fault: {doubted[-1].detail}; nobody counts as refused. See that it lets you send"
        )

    def _book(self, receipt: Receipt) -> None:
        mail = self._out.pop(receipt.subscriber_id, None)
        self._was.pop(receipt.subscriber_id, None)
        self.outcomes[receipt.outcome] += 1
        self._receipts.append(receipt)
        if receipt.outcome is not Outcome.SENT:
            # By the subscriber's id, which tells nobody who that is.
            log.info(receipt.outcome.value, subscriber=receipt.subscriber_id, detail=receipt.detail)
        if mail is not None and is_unknown(receipt):
            self._suppression.refuse(mail.to, receipt.detail)

    def _record(self) -> None:
        if not self._receipts:
            return
        now = self._tempo.now()
        self._ledger.record(self._rendered.entry, self._receipts, at=now)
        self._receipts = []
        self._settle(now)

    def _record_now(self) -> None:
        """While receipts come: what fails ends the stream of mails, and not that of their receipts."""
        try:
            self._record()
        except DigestError as failure:
            self._failure = failure

    def _settle(self, now: datetime) -> None:
        """What follows from receipts that are recorded."""
        taken = self._standing.sent + self.outcomes[Outcome.SENT]
        self._suppression.settle(taken=taken, at=now)
        self._progress(Step("send", self.outcomes.total(), self._standing.pending + self._standing.deferred))

    def _release(self, mails: Collection[str]) -> None:
        """Give back what has not left: an unsure mail stays as it was, for it may have left before."""
        unsure = [self._was.pop(who) for who in mails if who in self._was]
        free = set(mails) - {due.id for due in unsure}
        if unsure:
            kept = [(due.id, due.sha256, due.detail) for due in unsure]
            self._ledger.release_unsure(self._rendered.entry, kept)
        if free:
            self._ledger.release(self._rendered.entry, free)
