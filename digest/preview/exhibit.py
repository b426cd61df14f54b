"""What the preview shows: the last state that could be rendered, and what has been wrong since."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from digest import app as application
from digest import pipeline
from digest.config import FILE
from digest.errors import DigestError
from digest.model import EditionKey, Mail, Rendered, Subscriber
from digest.senders import mime

#: Seconds between two looks at the files. A save is taken up when two looks agree: it is complete then.
INTERVAL = 0.05

#: What tells one state of a file from another; None for no file.
Trace = tuple[int, int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A rendered state: one reader's mail, part by part as it will leave, and what is said about it."""

    title: str
    sender: str
    subject: str
    preheader: str
    sha256: str
    parts: Mapping[str, Part]


class Exhibit:
    """The edition as it stands on the disk."""

    def __init__(self, project: Path, key: EditionKey, *, file: Path) -> None:
        self._project = project
        self._file = file
        self._seen: Mapping[Path, Trace] = {}
        self._turned = asyncio.Condition()
        self._closed = False
        self.key = key
        self.view: View | None = None
        #: What is wrong, in the words of the command line; "" when nothing is.
        self.problem = ""
        #: Whether ``view`` is older than the files, because they cannot be shown as they are now.
        self.stale = False
        #: Counts how often there was something new to show.
        self.version = 0

    def load(self) -> None:
        """Render what the files say now. What is wrong is told, and the last good state stays."""
        try:
            self.view, dropped = self._rendered()
        except DigestError as exc:
            self.problem, self.stale = str(exc), True
        else:
            self.problem = "\n".join(f"left out: item {blurb}: {why}" for blurb, why in dropped)
            self.stale = False

    def _rendered(self) -> tuple[View, tuple[tuple[str, str], ...]]:
        """The view, and the items that are not in it."""
        with application.build(self._project) as app:
            newsletter = app.newsletter(self.key.newsletter)
            edition = pipeline.read_edition(self.key, app.files)
            rendered = pipeline.render_edition(newsletter, self.key, app.template(newsletter), app.files)
        now = application.utc_now()
        reader = Subscriber(id="preview", newsletter=newsletter.key, email="reader@example.org", added_at=now)
        # Another secret than the store's: the links of a preview unsubscribe nobody.
        mail = pipeline.mail_for(reader, rendered, newsletter, secret=b"preview", now=now)
        view = View(
            title=newsletter.title,
            sender=mail.sender,
            subject=rendered.subject,
            preheader=edition.preheader,
            sha256=rendered.sha256,
            parts=parts_of(mail, rendered),
        )
        return view, rendered.dropped

    async def turn(self) -> None:
        """Load, and wake everyone who waits for a newer version."""
        self._seen = self._traces()
        await asyncio.to_thread(self.load)
        async with self._turned:
            self.version += 1
            self._turned.notify_all()

    async def watch(self) -> None:
        """Turn whenever the edition, the settings or a template change; runs until it is cancelled.

        The files are looked at, again and again: some thirty of them, for a fraction of a millisecond.
        Unlike the system's notifications that sees any editor's way of saving, folders that are added
        later, network drives and containers, and it asks nothing of the rest of the project.
        """
        before = self._seen
        while True:
            await asyncio.sleep(INTERVAL)
            now = self._traces()
            if now == before != self._seen:
                await self.turn()
            before = now

    async def versions(self) -> AsyncIterator[int]:
        """The present version and each that follows, until the exhibit closes."""
        seen = 0
        while True:
            async with self._turned:
                while self.version == seen and not self._closed:
                    await self._turned.wait()
            if self._closed:
                return
            seen = self.version
            yield seen

    async def close(self) -> None:
        """End ``versions`` for all who follow it."""
        async with self._turned:
            self._closed = True
            self._turned.notify_all()

    def _traces(self) -> Mapping[Path, Trace]:
        return {path: _trace(path) for path in self._sources()}

    def _sources(self) -> Iterator[Path]:
        """Every file that has a say in the mail, whether it is there or not."""
        yield self._project / FILE
        yield self._file
        for place in (application.SHIPPED, self._project):
            for folder, _, names in os.walk(place / "templates"):
                yield from (Path(folder, name) for name in names if name.endswith(".j2"))


def parts_of(mail: Mail, rendered: Rendered) -> Mapping[str, Part]:
    """The parts by the names of ``digest render``'s options; "raw" is the message with its header."""
    return {
        "html": Part(content=mail.html.encode(), media_type="text/html; charset=utf-8"),
        "text": Part(content=mail.text.encode(), media_type="text/plain; charset=utf-8"),
        "raw": Part(content=mime.message(mail), media_type="text/plain; charset=us-ascii"),
        "web": Part(content=rendered.web.encode(), media_type="text/html; charset=utf-8"),
    }


def _trace(path: Path) -> Trace:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
