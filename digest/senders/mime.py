"""A mail as the bytes that travel: multipart/alternative, text first, both quoted-printable UTF-8.

The standard library writes quoted-printable lines of 78 characters where RFC 2045 (6.7) allows 76, turns a
long List-Unsubscribe into RFC 2047 words that receivers ignore, and takes milliseconds a mail. So the parts
of an edition are encoded once, in the pieces between its slots; a subscriber costs a join.
"""

from __future__ import annotations

import binascii
from collections.abc import Mapping
from email.header import Header
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from html import escape

from digest.errors import SendError
from digest.model import Mail, Rendered, Slotted

CRLF = b"\r\n"
ENCODING = b"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
#: A soft line break: what is between two pieces starts on a line of its own (RFC 2045, 6.7 (5)).
SOFT = b"=\r\n"

#: A prepared part: bytes and, between them, the names of slots.
Prepared = tuple[tuple[bytes, ...], tuple[str, ...]]


def message(mail: Mail) -> bytes:
    """The whole message with CRLF line ends, no line over 998 octets, and pure ASCII.

    Raises:
        SendError: A header field would hold a line break or something that is not ASCII.
    """
    boundary, text, html = _prepared(mail.rendered)
    fields = [
        ("From", _mailbox(mail.sender)),
        ("To", _address(mail.to_name, mail.to)),
        *([("Reply-To", _mailbox(mail.reply_to))] if mail.reply_to else []),
        ("Subject", _words(mail.rendered.subject, "Subject")),
        ("Date", format_datetime(mail.date)),
        ("Message-ID", mail.message_id),
        *mail.headers,
        ("MIME-Version", "1.0"),
        ("Content-Type", f'multipart/alternative;\r\n boundary="{boundary}"'),
    ]
    head = "".join(f"{name}: {_checked(name, value)}\r\n" for name, value in fields)
    mark = b"--" + boundary.encode("ascii")
    escaped = {slot: escape(value) for slot, value in mail.values.items()}
    return b"".join(
        [
            head.encode("ascii"),
            CRLF,
            mark,
            b"\r\nContent-Type: text/plain; charset=utf-8",
            ENCODING,
            *_filled(text, mail.values),
            CRLF,
            mark,
            b"\r\nContent-Type: text/html; charset=utf-8",
            ENCODING,
            *_filled(html, escaped),
            CRLF,
            mark,
            b"--\r\n",
        ]
    )


def addresses(mail: Mail) -> tuple[str, str]:
    """The envelope: who sends, who receives."""
    return parseaddr(mail.sender)[1], mail.to


@lru_cache(maxsize=4)
def _prepared(rendered: Rendered) -> tuple[str, Prepared, Prepared]:
    # Quoted-printable never writes "=_", so the boundary cannot stand in a part (RFC 2045, 6.7).
    boundary = f"=_{rendered.sha256[:32]}"
    return boundary, _prepare(rendered.text), _prepare(rendered.html)


def _prepare(part: Slotted) -> Prepared:
    return tuple(map(quoted_printable, part.pieces)), part.slots


def _filled(part: Prepared, values: Mapping[str, str]) -> list[bytes]:
    pieces, slots = part
    out = [pieces[0]]
    for slot, piece in zip(slots, pieces[1:], strict=True):
        out += (SOFT, quoted_printable(values[slot]), SOFT, piece)
    return out


def quoted_printable(text: str) -> bytes:
    """*text* in lines of at most 76 characters, ended by CRLF (RFC 2045, 6.7)."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8")
    return binascii.b2a_qp(unix, istext=True).replace(b"\n", CRLF)


def _checked(name: str, value: str) -> str:
    unfolded = value.replace("\r\n ", " ")
    if not unfolded.isascii() or any(character < " " for character in unfolded):
        raise SendError(f"the header field {name} would hold a line break or a character that is not ASCII")
    return value


def _mailbox(mailbox: str) -> str:
    return _address(*parseaddr(mailbox))


def _address(name: str, address: str) -> str:
    if not name:
        return address
    if name.isascii():
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{address}>'
    return f"{_words(name, 'Reply-To')} <{address}>"


def _words(text: str, field: str) -> str:
    """*text* as it may stand in *field*: ASCII folded at 76, else RFC 2047 words of at most 75 characters."""
    charset = "us-ascii" if text.isascii() else "utf-8"
    return Header(text, charset, header_name=field, maxlinelen=76).encode(linesep="\r\n")
