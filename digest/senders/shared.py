"""Parts of a mail that several APIs want in the same form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from functools import lru_cache
from html import escape
from typing import Any

from digest.errors import SendError
from digest.model import Mail, Slotted


@dataclass(frozen=True, slots=True)
class Filled:
    """A part of a mail, with what fills its slots; JSON has it as a text."""

    part: Slotted
    values: Mapping[str, str]


def html(mail: Mail) -> Filled:
    return Filled(mail.rendered.html, {slot: escape(value) for slot, value in mail.values.items()})


def text(mail: Mail) -> Filled:
    return Filled(mail.rendered.text, mail.values)


def alternatives(mail: Mail, html_key: str, text_key: str) -> dict[str, Filled]:
    """A mail's parts under the provider's names for them; a reader who wants text only has one."""
    parts = {html_key: html(mail), text_key: text(mail)}
    if mail.rendered.is_text_only:
        del parts[html_key]
    return parts


def header_fields(mail: Mail) -> dict[str, str]:
    """The mail's own header fields, unfolded, with its Message-ID.

    Raises:
        SendError: As ``unfolded`` does.
    """
    return {"Message-ID": mail.message_id, **unfolded(mail.headers)}


def unfolded(fields: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Header fields, each on one line.

    Raises:
        SendError: One would hold a line break or something that is not ASCII: it would be a second field.
    """
    found = {name: value.replace("\r\n ", " ") for name, value in fields}
    for name, value in found.items():
        if not value.isascii() or not value.isprintable():
            raise SendError(
                f"the header field {name} would hold a line break or a character that is not ASCII"
            )
    return found


def receiver(mail: Mail) -> str:
    """The receiver as one mailbox (RFC 5322, section 3.4); a name may have any letters, in JSON."""
    if not mail.to_name:
        return mail.to
    quoted = mail.to_name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{mail.to}>'


def mailbox(written: str) -> dict[str, str]:
    """A mailbox as it is written, "The Sift <sift@example.org>", as an object."""
    return person(*_parted(written))


@lru_cache(maxsize=16)  # all mails of an edition have one sender
def _parted(written: str) -> tuple[str, str]:
    return parseaddr(written)


def person(name: str, address: str) -> dict[str, str]:
    return {"email": address, "name": name} if name else {"email": address}


def labels(mail: Mail) -> dict[str, str]:
    """What the provider keeps beside the mail and tells again when it bounces; letters, digits and "-"."""
    key = mail.rendered.key
    return {"newsletter": key.newsletter, "day": key.day.isoformat(), "subscriber": mail.subscriber_id}


def fingerprint(mails: Sequence[Mail]) -> bytes:
    """32 bytes that are the same for the same mails, in another run as well, and for no others."""
    own = [
        [
            mail.rendered.sha256,
            mail.rendered.is_text_only,
            mail.sender,
            mail.reply_to,
            mail.to,
            mail.to_name,
            header_fields(mail),
            mail.values,
        ]
        for mail in mails
    ]
    return hashlib.sha256(as_json(own)).digest()


# --- JSON ---------------------------------------------------------------------------------------------

#: What stands in a text for a part that is put in afterwards; ``as_json`` counts them.
_HOLE = '"\\u0000"'


def as_json(value: Any) -> bytes:
    """Compact UTF-8; the same for the same value. Bytes in it are a text that needs no escaping.

    What an edition's mails share is escaped once: that takes ten times as long as all the rest.
    """
    parts: list[Filled | bytes] = []

    def set_aside(part: Any) -> str:
        parts.append(part)
        return "\0"

    texts = _encoder(set_aside).encode(value).split(_HOLE)
    out = [texts[0].encode()]
    for part, after in zip(parts, texts[1:], strict=True):
        out += (b'"', *([part] if isinstance(part, bytes) else _filled(part)), b'"', after.encode())
    return b"".join(out)


def _filled(given: Filled) -> Iterator[bytes]:
    pieces = _pieces(given.part)
    yield pieces[0]
    for slot, piece in zip(given.part.slots, pieces[1:], strict=True):
        yield _escaped(given.values[slot])
        yield piece


@lru_cache(maxsize=8)
def _pieces(part: Slotted) -> tuple[bytes, ...]:
    return tuple(map(_escaped, part.pieces))


def _encoder(default: Callable[[Any], str] | None = None) -> json.JSONEncoder:
    return json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=default)


def _escaped(text: str) -> bytes:
    return _encoder().encode(text)[1:-1].encode()
