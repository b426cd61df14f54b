"""Dispatch: a stream of mails, each claimed before the sender has it and recorded when its receipt is here.

::

    due | claim | mail -> sender -> receipt | record

The sender pulls: a batch is claimed when it asks for the first mail of it. What goes wrong on this side only
ends the stream: what is under way comes to its end and is recorded before the error is raised.

A server that refuses one mail after another is not believed (see doubting): those refusals are kept back, and
after so many of them the run stops, and nobody counts as refused. What is kept back has not left: where no
mail was taken yet its claim is given back at once, so that no process that ends then leaves it in doubt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from digest.errors import DigestError, SendError, StoreError
from digest.logs import log
from digest.model import Mail, Outcome, Receipt, Rendered, State
from digest.pipeline.delivery.addressing import mail_for
from digest.pipeline.delivery.doubting import Doubted, Doubts, is_doubtful
from digest.pipeline.delivery.tempo import Tempo
from digest.pipeline.desk import Desk
from digest.ports import DUE, Due, Sender, Step
from digest.settings import Newsletter


def unnoted(_: datetime) -> None:
    """For whoever need not know that a mail is about to leave."""


class Dispatch:
    """One run's mails, claimed under one *owner*. *leaving* is called before mails that are claimed leave."""

    def __init__(
        self,
        newsletter: Newsletter,
        rendered: Rendered,
        desk: Desk,
        sender: Sender,
        *,
        owner: str,
        tempo: Tempo,
        leaving: Callable[[datetime], None] = unnoted,
    ) -> None:
        self._newsletter = newsletter
        self._rendered = rendered
        self._ledger = desk.store.ledger
        self._progress = desk.progress
        self._sender = sender
        self._owner = owner
        self._tempo = tempo
        self._leaving = leaving
        self._secret = desk.store.secret()
        self._standing = self._ledger.tally(rendered.entry)
        # A claim is in doubt after a crash: where mails are slow it is of no more than leave in a second.
        self.batch = min(sender.batch, tempo.allows or sender.batch)
        #: How many mails came to what.
        self.outcomes: Counter[Outcome] = Counter()
        #: With the sender, and without a receipt, by subscriber.
        self._out: dict[str, Mail] = {}
        #: What the ledger said of the unsure ones of these, which have left before, perhaps.
        self._was: dict[str, Due] = {}
        self._receipts: list[Receipt] = []
        #: Refusals that are kept back, while no mail is taken.
        self._doubts = Doubts()
        #: Those in hand that an earlier try was of.
        self._tried: set[str] = set()
        self._of: Sequence[State] = DUE
        self._failure: DigestError | None = None

    @property
    def listed(self) -> int:
        """How many were on the edition's list when the run began."""
        return self._standing.total

    @property
    def left(self) -> bool:
        """Whether a mail of this run has left, or may have."""
        return bool(self._out or self.outcomes[Outcome.SENT] or self.outcomes[Outcome.UNSURE])

    def send(self, due: Iterable[Sequence[Due]], *, of: Sequence[State]) -> None:
        """Send *due*, batch by batch, to whoever is still in one of the states *of*.

        Raises:
            SendError: The sender cannot send now; mails without a receipt are free again.
            StoreError: Nothing more can be claimed or recorded.
        """
        self._of = of
        mails = self._mails(due)
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
        self._end_doubts()
        if self._failure is not None:
            raise self._failure

    def _mails(self, due: Iterable[Sequence[Due]]) -> Generator[Mail, None, None]:
        try:
            for batch in due:
                if self._failure is not None or not self._tempo.goes_on():
                    return
                if self._doubts.are_too_many:
                    return
                yield from self._claimed(batch)
        except DigestError as failure:
            self._failure = failure

    def _claimed(self, batch: Sequence[Due]) -> Iterator[Mail]:
        now = self._tempo.now()
        mails = {due.id: self._mail(due, now) for due in batch}
        ours = self._ledger.claim(
            self._rendered.entry,
            [(who, mail.message_id) for who, mail in mails.items()],
            sha256=self._rendered.sha256,
            at=now,
            owner=self._owner,
            of=self._of,
            receipts=self._receipts,
        )
        waiting = {who: mail for who, mail in mails.items() if who in ours}
        if State.UNSURE in self._of:
            self._was |= {due.id: due for due in batch if due.id in ours}
        self._tried |= {due.id for due in batch if due.tried and due.id in ours}
        try:
            # Not before: when the claim fails, these are tried again as the run ends: their mails are sent.
            if self._receipts:
                self._receipts = []
                self._tell_progress()
            if waiting and not self.outcomes[Outcome.SENT]:
                self._leaving(now)
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
        mail = self._out.get(receipt.subscriber_id)
        if mail is None or not is_doubtful(receipt):
            self._book(receipt)
            if receipt.outcome is Outcome.SENT:
                self._believe()
        elif self._trusted and receipt.subscriber_id in self._tried:
            self._book(receipt)
        else:
            self._doubts.hold(receipt, mail)
            if not self._trusted:
                self._give_back_doubted()

    @property
    def _trusted(self) -> bool:
        """The server has taken mails of the edition: it is one that delivers."""
        return bool(self._standing.sent or self.outcomes[Outcome.SENT])

    def _give_back_doubted(self) -> None:
        try:
            self._release([one.mail.subscriber_id for one in self._doubts if self._is_out(one.mail)])
        except StoreError as failure:  # they are tried once more as the run ends
            self._failure = failure

    def _is_out(self, mail: Mail) -> bool:
        return mail.subscriber_id in self._out

    def _believe(self) -> None:
        """Those who were refused are refused; but for whom another process has taken since."""
        if not (doubted := self._doubts.let_go()):
            return
        given_back = [one for one in doubted if not self._is_out(one.mail)]
        for one in doubted:
            if self._is_out(one.mail):
                self._book(one.receipt)
        if given_back:
            try:
                self._refuse(given_back)
            except StoreError as failure:  # who is due again, the next run finds refused
                self._failure = failure

    def _refuse(self, given_back: Sequence[Doubted]) -> None:
        now, refusals = self._tempo.now(), [one.receipt for one in given_back]
        ours = self._ledger.refuse(self._rendered.entry, refusals, of=self._of, at=now)
        for receipt, mail in given_back:
            if mail.subscriber_id in ours:
                self._count(receipt)
        self._tell_progress()

    def _end_doubts(self) -> None:
        """Settle those whose refusals are kept back, as the run ends: to none of them a mail has left."""
        if not self._doubts:
            return
        trusted = self._trusted
        if self._doubts.end(trusted=trusted):
            self._believe()
            self._record()
            return
        self._failure = self._failure or self._doubts.failure(self._sender.name, trusted=trusted)
        self._doubts.let_go()

    def _book(self, receipt: Receipt) -> None:
        self._out.pop(receipt.subscriber_id, None)
        self._was.pop(receipt.subscriber_id, None)
        self._tried.discard(receipt.subscriber_id)
        self._receipts.append(receipt)
        self._count(receipt)

    def _count(self, receipt: Receipt) -> None:
        self.outcomes[receipt.outcome] += 1
        if receipt.outcome is not Outcome.SENT:
            # By the subscriber's id, which tells nobody who that is.
            log.info(receipt.outcome.value, subscriber=receipt.subscriber_id, detail=receipt.detail)

    def _record(self) -> None:
        """All that is known: what came of mails, and which of them have not left."""
        if self._receipts:
            now = self._tempo.now()
            self._ledger.record(self._rendered.entry, self._receipts, at=now)
            self._receipts = []
            self._tell_progress()
        self._release([one.mail.subscriber_id for one in self._doubts if self._is_out(one.mail)])

    def _record_now(self) -> None:
        """While receipts come: what fails ends the stream of mails, and not that of their receipts."""
        try:
            self._record()
        except DigestError as failure:
            self._failure = failure

    def _tell_progress(self) -> None:
        self._progress(Step("send", self.outcomes.total(), self._standing.pending + self._standing.deferred))

    def _release(self, mails: Collection[str]) -> None:
        """Give back what has not left: an unsure mail stays as it was, for it may have left before."""
        unsure = [self._was[who] for who in mails if who in self._was]
        free = set(mails) - {due.id for due in unsure}
        if unsure:
            kept = [(due.id, due.sha256, due.detail) for due in unsure]
            self._ledger.release_unsure(self._rendered.entry, kept)
        if free:
            self._ledger.release(self._rendered.entry, free)
        for who in list(mails):
            self._was.pop(who, None)
            self._tried.discard(who)
            self._out.pop(who, None)
