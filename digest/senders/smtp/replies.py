"""What a server says (RFC 5321, 4.2), and what it means for a mail, an envelope or the whole run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from digest.audience import mask
from digest.model import Mail, Outcome, Receipt
from digest.words.text import clean

#: Servers quote receivers.
_ADDRESS = re.compile(r"[^\s<>()\[\]\"',:;]+@[\w.-]+")

CLOSING = 421
GO_ON = 354
#: The login is missing, too weak or not good enough: true of every mail (RFC 4954, 6).
LOGIN = frozenset({530, 534, 535, 538})


class Reply(NamedTuple):
    code: int
    words: bytes = b""

    def __str__(self) -> str:
        """Fit for a message: in one line, and with the addresses in it masked."""
        text = self.words.decode("utf-8", errors="replace").rstrip()
        if "@" in text or not text.isprintable():
            text = _ADDRESS.sub(lambda found: mask(found[0]), clean(text))
        return f"{self.code} {text[:300]}".rstrip()


class Lost(Exception):  # noqa: N818 - no fault yet: most are mended by a new connection
    """The connection broke, or the server closes it; *sent* bytes of what was last said had left."""

    def __init__(self, why: str, sent: int = 0) -> None:
        super().__init__(why)
        self.sent = sent


class Unwanted(Exception):  # noqa: N818 - becomes a SendError where the server's name is known
    """The server takes no mail of ours: the run stops."""


class Envelope(NamedTuple):
    """What became of MAIL, RCPT and DATA."""

    #: Why this mail cannot go now; None when its content may follow.
    refusal: Reply | None
    #: The server waits for content, also where it refused the receiver (RFC 2920, 3.1).
    waiting: bool


def judge(replies: Sequence[Reply]) -> Envelope:
    """The replies to MAIL, RCPT and DATA, or to as many of them as were said.

    Raises:
        Lost: The server closes the connection, or makes no sense.
        Unwanted: It refused the sender, or wants another login.
    """
    for reply in replies:
        if reply.code == CLOSING:  # RFC 5321, 3.8
            raise Lost(str(reply))
        if reply.code in LOGIN:
            raise Unwanted(str(reply))
    if replies[0].code >= 500:
        raise Unwanted(str(replies[0]))
    refusal = next((reply for reply in replies if reply.code >= 400), None)
    waiting = len(replies) == 3 and replies[2].code == GO_ON
    if refusal is None and not waiting:
        raise Lost(f"DATA was answered with {replies[-1]}")
    return Envelope(refusal, waiting)


def receipt_after(mail: Mail, reply: Reply) -> Receipt:
    """SMTP's reply in our words: 2xx sent, 4xx deferred, 5xx refused (RFC 5321, 4.2.1)."""
    outcome = Outcome.SENT if reply.code < 400 else Outcome.DEFERRED if reply.code < 500 else Outcome.REFUSED
    return Receipt(subscriber_id=mail.subscriber_id, outcome=outcome, detail=str(reply))
