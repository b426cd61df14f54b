"""Quoted-printable (RFC 2045, 6.7), in a form that survives every hop as it is.

Lines have at most 76 characters. None begins with a dot, so SMTP has none to double (RFC 5321, 4.5.2), or
with "From ", which old spools change. No white space stands at a line's end, nor twice side by side: the
relaxed canonical form of RFC 6376 (3.4.4) is the body itself, and needs no computing to be signed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple

from digest.model import Slotted

CRLF = b"\r\n"
SOFT = b"=\r\n"
#: Characters of a line before the "=" of a soft break.
WIDTH = 75

_UNSAFE = re.compile(rb"[^\n -<>-~]| (?=[ \n]|\Z)")
_ESCAPES = [b"=%02X" % code for code in range(256)]
#: What no line may begin with, and what stands there instead.
_LEADING = {b".": b"=2E", b"F": b"=46"}


class Slot(NamedTuple):
    """A hole of a prepared part: the value's name, and whether it goes into HTML."""

    name: str
    html: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """Encoded text with holes: ``pieces`` has one more element than ``slots``.

    What fills a slot has lines of its own: the pieces hold the soft breaks around it.
    """

    pieces: tuple[bytes, ...]
    slots: tuple[Slot, ...]
    #: Each slot once.
    different: frozenset[Slot] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "different", frozenset(self.slots))

    def fill(self, values: Mapping[str, str]) -> list[bytes]:
        """The encoded text in parts, to be joined; a KeyError names a slot without a value."""
        done: dict[Slot, bytes] = {}
        encoded: dict[str, bytes] = {}  # mostly the two parts of a mail have the same
        for slot in self.different:
            text = escape(values[slot.name]) if slot.html else values[slot.name]
            if text not in encoded:
                encoded[text] = quoted_printable(text)
            done[slot] = encoded[text]
        parts = [self.pieces[0]]
        for slot, piece in zip(self.slots, self.pieces[1:], strict=True):
            parts += (done[slot], piece)
        return parts


def prepare(part: Slotted, *, html: bool) -> Prepared:
    """*part* encoded once for all subscribers."""
    encoded = [quoted_printable(piece) for piece in part.pieces]
    last = len(encoded) - 1
    pieces = []
    for at, piece in enumerate(encoded):
        # A part may not end with a soft break: nothing would follow it.
        closed = SOFT if at and (piece or at < last) else b""
        opened = SOFT if at < last and piece and not piece.endswith(CRLF) else b""
        pieces.append(closed + piece + opened)
    return Prepared(tuple(pieces), tuple(Slot(name, html) for name in part.slots))


def joined(*parts: Prepared | bytes) -> Prepared:
    """Several parts and the bytes between them as one."""
    pieces: list[bytes] = [b""]
    slots: list[Slot] = []
    for part in parts:
        if isinstance(part, bytes):
            pieces[-1] += part
        else:
            pieces[-1] += part.pieces[0]
            pieces += part.pieces[1:]
            slots += part.slots
    return Prepared(tuple(pieces), tuple(slots))


def quoted_printable(text: str) -> bytes:
    """*text* in lines of at most 76 characters, ended by CRLF; the last one has at most 75 and no end."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8")
    safe = _UNSAFE.sub(lambda found: _ESCAPES[found[0][0]], unix)
    return CRLF.join([line if _stands(line) else _wrapped(line) for line in safe.split(b"\n")])


def _stands(line: bytes) -> bool:
    return len(line) <= WIDTH and not line.startswith((b".", b"From "))


def _wrapped(line: bytes) -> bytes:
    lines: list[bytes] = []
    at = 0
    while at < len(line):
        first = line[at : at + 1]
        start = _LEADING[first] if line.startswith((b".", b"From "), at) else first
        end = min(len(line), at + 1 + WIDTH - len(start))
        # An escape is three characters, and is not taken apart.
        if end < len(line) and (cut := line.rfind(b"=", end - 2, end)) > at:
            end = cut
        lines.append(start + line[at + 1 : end])
        at = end
    return SOFT.join(lines)
