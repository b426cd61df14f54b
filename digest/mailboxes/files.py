"""Messages on this machine: a stream, a file with one message, an mbox, a Maildir."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from digest.errors import MailboxError

#: Bytes of one message that are read; a report stands at the beginning.
LARGEST = 5_000_000

#: What a mail server on the way may give a program in front of the message, as an mbox does.
FROM_LINE = b"From "


def read_stream(stream: BinaryIO) -> bytes:
    """One message, as a mail server pipes it; the rest of a huge one is read and dropped."""
    message = stream.read(LARGEST)
    while stream.read(65_536):  # who pipes would fail with a broken pipe, and tell the sender
        pass
    return _without_from(message)


def read_path(path: Path) -> Iterator[bytes]:
    """Every message of an mbox or of a file with one; of a Maildir those that nobody has read.

    Raises:
        MailboxError: There is none, or it cannot be read.
    """
    try:
        if path.is_dir():
            yield from _maildir(path)
        else:
            yield from _file(path)
    except OSError as error:
        raise MailboxError(f"{path}: cannot be read: {error.strerror}") from error


def _maildir(folder: Path) -> Iterator[bytes]:
    """https://cr.yp.to/proto/maildir.html: what is new is in new, and what was seen in cur, with a flag S."""
    new, seen = folder / "new", folder / "cur"
    if not (new.is_dir() and seen.is_dir()):
        raise MailboxError(f"{folder}: is not a Maildir; expected a folder with new, cur and tmp in it")
    for message in sorted(new.iterdir()):
        with message.open("rb") as file:
            content = file.read(LARGEST)
        yield content
        message.rename(seen / f"{message.name.partition(':')[0]}:2,S")


def _file(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        lines: list[bytes] = []
        size = 0
        blank = True
        for line in file:
            # The mbox formats part messages by a line that begins so behind an empty one.
            if blank and line.startswith(FROM_LINE):
                if lines:
                    yield b"".join(lines)
                lines, size = [], 0
            elif size < LARGEST:
                # "mboxrd" and "mboxo" hide such a line in a message behind ">".
                hidden = line.startswith(b">") and line.lstrip(b">").startswith(FROM_LINE)
                lines.append(line[1:] if hidden else line)
                size += len(line)
            blank = not line.strip()
        if lines:
            yield b"".join(lines)


def _without_from(message: bytes) -> bytes:
    return message.partition(b"\n")[2] if message.startswith(FROM_LINE) else message
