"""The editors' files on the disk: ``editions/<newsletter>/<day>.yaml`` under the project."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from digest.errors import EditionError, StoreError
from digest.model import EditionKey
from digest.spelling import read_slug

FOLDER = "editions"

#: Bytes. A long edition has some 40 kB; what is larger was not written by hand.
MAX_BYTES = 2_000_000


class DiskEditionFiles:
    """``ports.EditionFiles``. *root* is the project's folder; no file outside it is ever touched."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, key: EditionKey) -> str:
        """The file's path from the project's folder."""
        return f"{FOLDER}/{key.newsletter}/{key.day.isoformat()}.yaml"

    def read(self, key: EditionKey) -> str | None:
        file = self._file(key)
        try:
            with open(file, "rb", opener=_open_at_once) as opened:
                if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
                    raise EditionError(self.path(key), "this is not a file; move it away")
                content = opened.read(MAX_BYTES + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise EditionError(self.path(key), f"cannot be read: {error.strerror}") from error
        self._weigh(key, content)
        return self._decoded(key, content)

    def write(self, key: EditionKey, text: str, *, over: str | None) -> bool:
        """Raises EditionError for a text that ``read`` would refuse, StoreError when the disk does."""
        content = text.encode()
        self._weigh(key, content)
        file = self._file(key)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with _drafted(file, content) as draft, _one_by_one(file.parent):
                if self.read(key) != over:
                    return False
                draft.replace(file)
        except OSError as error:
            raise StoreError(f"{self.path(key)}: cannot be written: {error.strerror}") from error
        return True

    def gone_out(self, key: EditionKey) -> int | None:
        """Raises EditionError for an unreadable note: it may have said "all"."""
        note = self._note(key)
        try:
            words = note.read_text(encoding="utf-8").split()
            return int(words[0])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, IndexError) as error:
            raise EditionError(
                self._note_path(key), "cannot be read: it says how many mails of the edition have gone out"
            ) from error

    def note_gone_out(self, key: EditionKey, count: int, *, at: datetime) -> None:
        """Raises StoreError if it cannot be written."""
        note = self._note(key)
        content = f"{count} mails had gone out at {at.isoformat(timespec='seconds')}\n".encode()
        try:
            note.parent.mkdir(parents=True, exist_ok=True)
            with _drafted(note, content) as draft:
                draft.replace(note)
        except OSError as error:
            raise StoreError(f"{self._note_path(key)}: cannot be written: {error.strerror}") from error

    def _note(self, key: EditionKey) -> Path:
        return self._file(key).with_suffix(".sent")

    def _note_path(self, key: EditionKey) -> str:
        return self.path(key).removesuffix(".yaml") + ".sent"

    def _file(self, key: EditionKey) -> Path:
        """Where the file is, once it is certain that this is inside the project."""
        try:
            read_slug(key.newsletter)
        except ValueError as error:
            raise EditionError(
                FOLDER, f"the name of a newsletter {error}; got {key.newsletter[:64]!r}"
            ) from None
        file = self._root / self.path(key)
        try:
            inside = file.resolve().is_relative_to(self._root.resolve())
        except (OSError, RuntimeError) as error:  # a loop of symbolic links
            raise EditionError(self.path(key), "its symbolic links lead nowhere") from error
        if not inside:
            raise EditionError(
                self.path(key), "a symbolic link leads out of the project; put a real folder in its place"
            )
        return file

    def _weigh(self, key: EditionKey, content: bytes) -> None:
        if len(content) > MAX_BYTES:
            raise EditionError(
                self.path(key), f"is larger than {MAX_BYTES // 1_000_000} MB; is this an edition?"
            )

    def _decoded(self, key: EditionKey, content: bytes) -> str:
        try:
            return content.decode()
        except UnicodeDecodeError as error:
            before = content[: error.start]
            line_start = before.rfind(b"\n") + 1
            raise EditionError(
                self.path(key),
                f"byte 0x{content[error.start]:02x} is not UTF-8; save the file as UTF-8 in your editor",
                line=before.count(b"\n") + 1,
                column=len(before[line_start:].decode()) + 1,
            ) from error


def _open_at_once(path: str, flags: int) -> int:
    # Opening a pipe would wait for its writer, for ever if need be.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


@contextmanager
def _one_by_one(folder: Path) -> Iterator[None]:
    """No two of our processes look at a file in *folder* and put another in its place at the same moment.

    An editor's own program knows nothing of it. Nor do systems and network drives without such a lock:
    there the look alone has to do, as with that.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


@contextmanager
def _drafted(file: Path, content: bytes) -> Iterator[Path]:
    """A file beside *file* with *content*, safe on the disk, to be put in its place; or it goes again."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}.tmp")
    try:
        with draft.open("xb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        if file.exists():
            draft.chmod(stat.S_IMODE(file.stat().st_mode))
        yield draft
    finally:
        draft.unlink(missing_ok=True)
