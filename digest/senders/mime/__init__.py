"""A mail as the bytes that travel: multipart/alternative, text first, both quoted-printable UTF-8; or the
text alone, for readers who want it so.

The standard library writes quoted-printable lines of 78 characters where RFC 2045 (6.7) allows 76, turns a
long List-Unsubscribe into RFC 2047 words that receivers ignore, and takes milliseconds a mail. So what an
edition's mails share is encoded once, in the pieces between its slots; a subscriber costs a join.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime, parseaddr
from functools import lru_cache

from digest.model import Mail, Rendered
from digest.senders.mime.header import Field, address, checked, mailbox, unstructured
from digest.senders.mime.quoted import Prepared, joined, prepare, quoted_printable

__all__ = ["Field", "Message", "addresses", "compose", "message", "quoted_printable"]

_PLAIN = "text/plain; charset=utf-8"
_PART = "\r\nContent-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Message:
    """A mail's header fields, folded, and its body; what is signed, and what is sent."""

    fields: tuple[Field, ...] = field(repr=False)
    #: In pieces, as they are kept: to be joined once, with all that goes before and behind.
    body: Sequence[bytes] = field(repr=False)

    @property
    def head(self) -> bytes:
        """The header fields and the empty line after them."""
        return "".join([*(f"{name}: {value}\r\n" for name, value in self.fields), "\r\n"]).encode("ascii")

    def __bytes__(self) -> bytes:
        """All of it: CRLF line ends, no line over 998 octets or with a dot in front, pure ASCII."""
        return b"".join((self.head, *self.body))


def message(mail: Mail) -> bytes:
    """The mail as one block of bytes, unsigned.

    Raises:
        SendError: A header field would hold a line break or something that is not ASCII.
    """
    return bytes(compose(mail))


def compose(mail: Mail) -> Message:
    """The mail as header fields and body.

    Raises:
        SendError: A header field would hold a line break or something that is not ASCII.
    """
    before, after = _shared(mail.rendered, mail.sender, mail.reply_to, mail.date)
    own = (("To", address("To", mail.to_name, mail.to)), ("Message-ID", mail.message_id), *mail.headers)
    body = _prepared(mail.rendered)
    return Message((*before, *map(checked, own), *after), body.fill(mail.values))


def addresses(mail: Mail) -> tuple[str, str]:
    """The envelope: who is told of a bounce, and who receives."""
    return mail.envelope_sender or _bare(mail.sender), mail.to


@lru_cache(maxsize=16)
def _bare(text: str) -> str:
    return parseaddr(text)[1]


@lru_cache(maxsize=4)
def _shared(
    rendered: Rendered, sender: str, reply_to: str, date: datetime
) -> tuple[tuple[Field, ...], tuple[Field, ...]]:
    """The fields that all mails of an edition have: those before and those after a mail's own."""
    before = [
        ("From", mailbox("From", sender)),
        *((("Reply-To", mailbox("Reply-To", reply_to)),) if reply_to else ()),
        ("Subject", unstructured("Subject", rendered.subject)),
        ("Date", format_datetime(date)),
    ]
    kind = [("Content-Type", f'multipart/alternative;\r\n boundary="{_boundary(rendered)}"')]
    if rendered.is_text_only:
        kind = [("Content-Type", _PLAIN), ("Content-Transfer-Encoding", "quoted-printable")]
    after = [("MIME-Version", "1.0"), *kind]
    return tuple(map(checked, before)), tuple(map(checked, after))


@lru_cache(maxsize=4)
def _prepared(rendered: Rendered) -> Prepared:
    if rendered.is_text_only:
        return joined(b"", prepare(rendered.text, html=False), b"")
    mark = f"--{_boundary(rendered)}".encode("ascii")
    return joined(
        mark + _PART.format(kind="plain").encode("ascii"),
        prepare(rendered.text, html=False),
        b"\r\n" + mark + _PART.format(kind="html").encode("ascii"),
        prepare(rendered.html, html=True),
        b"\r\n" + mark + b"--\r\n",
    )


def _boundary(rendered: Rendered) -> str:
    # Quoted-printable never writes "=_", so it cannot stand in a part (RFC 2045, 6.7).
    return f"=_{rendered.sha256[:32]}"
