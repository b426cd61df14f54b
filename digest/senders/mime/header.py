"""Header fields as they travel: ASCII, folded at spaces, RFC 2047 words only where people read.

The standard library's ``EmailMessage`` would turn a List-Unsubscribe of more than a line into RFC 2047 words,
which receivers ignore; so structured fields are written as they are.
"""

from __future__ import annotations

import re
from email.header import Header
from email.utils import parseaddr

from digest.errors import SendError

#: Characters of a line, CRLF not counted (RFC 5322, 2.1.1; RFC 2047, 2, where a line has an encoded word).
WIDTH = 76

_CLEAN = re.compile(r"[ -~]*(?:\r\n [ -~]+)*")

#: A field's name, and its value with the folds that it travels with.
Field = tuple[str, str]


def checked(field: Field) -> Field:
    """The field itself.

    Raises:
        SendError: It would hold a line break that is no fold, or something that is not ASCII.
    """
    name, value = field
    if not _CLEAN.fullmatch(value):
        raise SendError(f"the header field {name} would hold a line break or a character that is not ASCII")
    return field


def mailbox(name: str, text: str) -> str:
    """The value of the address field *name*, from "The Sift <sift@example.org>"."""
    return address(name, *parseaddr(text))


def address(name: str, person: str, mail: str) -> str:
    """The value of the address field *name* with one receiver or sender."""
    person = " ".join(person.split())
    if not person:
        return mail
    if _plain(name, person):
        quoted = person.replace("\\", "\\\\").replace('"', '\\"')
        return folded(name, f'"{quoted}" <{mail}>')
    # An address may be in no encoded word (RFC 2047, 5), and has a line of its own.
    return f"{_encoded(name, person)}\r\n <{mail}>"


def unstructured(name: str, text: str) -> str:
    """The value of a field that people read: folded, and in encoded words where it cannot stand as it is."""
    text = " ".join(text.split())
    return folded(name, text) if _plain(name, text) else _encoded(name, text)


def folded(name: str, value: str) -> str:
    """*value* broken at spaces so that no line is longer than need be."""
    lines = [""]
    room = WIDTH - len(name) - 2
    for word in value.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            lines.append(word)
            room = WIDTH - 1
        else:
            lines[-1] += f" {word}" if lines[-1] else word
    return "\r\n ".join(lines)


def _plain(name: str, text: str) -> bool:
    """Whether *text* may stand as it is: what looks like an encoded word may not.

    Nor may a word that no line holds: it would be folded nowhere, and more than 998 octets are no line
    (RFC 5322, 2.1.1). Encoded words part it.
    """
    room = WIDTH - len(name) - len(': ""')
    return (
        text.isascii()
        and text.isprintable()
        and "=?" not in text
        and all(len(word) <= room for word in text.split(" "))
    )


def _encoded(name: str, text: str) -> str:
    """RFC 2047 words of at most 75 characters, none of which parts a character."""
    return Header(text, "utf-8", header_name=name, maxlinelen=WIDTH).encode(linesep="\r\n")
