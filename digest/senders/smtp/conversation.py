"""The mails that go over one connection.

Where the server offers PIPELINING (RFC 2920), an envelope is one packet, and that of the next mail travels
behind the content of the one before it: a mail costs one round trip. Elsewhere each command waits for its
answer. What an answer means is ``replies``' to say; when the connection breaks, it depends on how far the
mail had come: before its last dot it has certainly not been taken, after it nobody knows (RFC 1047).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from digest.model import Mail, Outcome, Receipt
from digest.senders.mime import addresses
from digest.senders.smtp.connection import OPEN, Connection, Steps
from digest.senders.smtp.replies import CLOSING, Lost, Reply, Unwanted, judge, receipt_after

END = b".\r\n"
#: Commands of an envelope: MAIL, RCPT, DATA.
ENVELOPE = 3
#: What an address is not written with in an envelope.
_NO_PATH = re.compile(r"[^!-~]|[<>]")
#: RFC 3461, 4.
_NO_XTEXT = re.compile(r"[^!-~]|[+=]")


@dataclass(frozen=True, slots=True)
class Job:
    """A mail and its place in the order of receipts."""

    number: int
    mail: Mail
    #: What DATA takes, last dot included, in pieces.
    content: tuple[bytes, ...] = field(repr=False)


def refused_unsent(mail: Mail) -> Receipt | None:
    """The receipt of a mail that no envelope can carry; None for any other."""
    if not _NO_PATH.search(mail.to):
        return None
    detail = "the address is not ASCII, and this connection does not carry SMTPUTF8 (RFC 6531)"
    return Receipt(subscriber_id=mail.subscriber_id, outcome=Outcome.REFUSED, detail=detail)


class Conversation:
    """*following* gives a job to carry next, if there is one now; *done* is told of each receipt."""

    def __init__(
        self,
        connection: Connection,
        following: Callable[[], Job | None],
        done: Callable[[int, Receipt], None],
    ) -> None:
        self._connection = connection
        self._following = following
        self._done = done
        #: Taken, and not carried yet.
        self._held: Job | None = None
        #: The server still has an envelope that came to nothing.
        self._unclean = False

    def carry(self, first: Job) -> Steps[None]:
        """Carry *first* and all that follows it, until nothing does.

        Raises:
            SendError: The server cannot be reached, or does not want this sender. Mails of which no
                receipt was given have not left.
        """
        job: Job | None = first
        # What an earlier run had taken up when it broke off was given back: somebody else may have sent it.
        self._held = None
        announced = new = False
        while job is not None:
            try:
                if self._connection.sock is None:
                    yield OPEN
                    new, self._unclean = True, False
                receipt, announced = yield from self._carry(job, announced=announced)
            except Lost as lost:
                self._connection.drop()
                if new:
                    raise self._connection.error(f"closed the connection: {lost}") from lost
                announced = False
                continue
            except Unwanted as refused:
                self._connection.drop()
                sender, _ = addresses(job.mail)
                if (
                    job.mail.envelope_sender
                ):  # what is behind "+" stands for a reader, and is proof of a bounce
                    sender = re.sub(r"\+.*@", "+…@", sender)
                raise self._connection.error(f"does not take mail from {sender}: {refused}") from None
            self._done(job.number, receipt)
            new = False
            job, self._held = self._held or self._following(), None

    def _carry(self, job: Job, *, announced: bool) -> Steps[tuple[Receipt, bool]]:
        """The receipt of *job*, and whether the job that is held was announced behind it."""
        if announced:
            replies = yield from self._heard(ENVELOPE)
        else:
            replies = yield from self._announce(job)
        envelope = judge(replies)
        if envelope.refusal is None:
            return (yield from self._content(job))
        if envelope.waiting:
            yield from self._connection.say(END)
            yield from self._connection.hear(patiently=True)
        self._unclean = True
        return receipt_after(job.mail, envelope.refusal), False

    def _announce(self, job: Job) -> Steps[list[Reply]]:
        """Say the envelope, in one packet or command by command; the replies to what was said of it."""
        commands = self._commands(job)
        if self._unclean:
            commands.insert(0, b"RSET\r\n")
        if self._connection.offers("pipelining"):
            yield from self._connection.say(b"".join(commands))
            replies = yield from self._heard(len(commands))
        else:
            replies = []
            for command in commands:
                yield from self._connection.say(command)
                replies.append((yield from self._connection.hear()))
                if replies[-1].code >= 400:
                    break
        if self._unclean:
            reset = replies.pop(0)
            if reset.code >= 400:
                raise Lost(f"RSET was answered with {reset}")
            self._unclean = False
        return replies

    def _heard(self, count: int) -> Steps[list[Reply]]:
        replies: list[Reply] = []
        while len(replies) < count:
            replies.append(self._connection.heard() or (yield from self._connection.hear()))
        return replies

    def _content(self, job: Job) -> Steps[tuple[Receipt, bool]]:
        if self._held is None and self._connection.offers("pipelining"):
            self._held = self._following()
        chained = self._held if self._connection.offers("pipelining") else None
        envelope = self._commands(chained) if chained else []
        try:
            yield from self._connection.say(b"".join((*job.content, *envelope)))
        except Lost as lost:
            if lost.sent < sum(map(len, job.content)):
                raise
            return self._unsure(job, lost), False
        try:
            reply = yield from self._connection.hear(patiently=True)
        except Lost as lost:
            return self._unsure(job, lost), False
        if reply.code == CLOSING:
            self._connection.drop()
        return receipt_after(job.mail, reply), chained is not None and reply.code != CLOSING

    def _unsure(self, job: Job, lost: Lost) -> Receipt:
        self._connection.drop()
        detail = f"no answer after the mail: {lost}"
        return Receipt(subscriber_id=job.mail.subscriber_id, outcome=Outcome.UNSURE, detail=detail)

    def _commands(self, job: Job) -> list[bytes]:
        sender, receiver = addresses(job.mail)
        mail, rcpt = f"MAIL FROM:<{sender}>", f"RCPT TO:<{receiver}>"
        if self._connection.offers("dsn"):
            # A bounce then names the mail and the address that was written to, and has no body (RFC 3461).
            mail += f" RET=HDRS ENVID={_xtext(job.mail.message_id.strip('<>'))}"
            rcpt += f" NOTIFY=FAILURE ORCPT=rfc822;{_xtext(receiver)}"
        return [f"{mail}\r\n".encode("ascii"), f"{rcpt}\r\n".encode("ascii"), b"DATA\r\n"]


def _xtext(text: str) -> str:
    return _NO_XTEXT.sub(lambda found: f"+{ord(found[0]):02X}", text)
