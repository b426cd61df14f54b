"""What the desk shows: the last state that could be rendered, and what has been wrong since."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from digest import app as application
from digest import pipeline
from digest.app import App
from digest.config import FILE
from digest.errors import DigestError
from digest.model import Article, Edition, EditionKey, EditionRecord, Finding, Mail, Rendered, Subscriber
from digest.ports import Step
from digest.rendering.page import icon_of
from digest.senders import mime
from digest.settings import Brand, Newsletter

#: Seconds between two looks at the files. A save counts as complete when two looks agree.
INTERVAL = 0.05

#: What distinguishes one state of a file from another; None if there is no file.
Trace = tuple[int, int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A rendered state: one reader's mail, part by part as it will leave, and what is known beside it."""

    newsletter: Newsletter
    #: The edition's file: what messages call it, and what it says.
    source: str
    text: str
    edition: Edition
    record: EditionRecord | None
    #: The lead articles of its items, by id; an editors' own item has none.
    articles: Mapping[str, Article]
    mail: Mail
    rendered: Rendered
    parts: Mapping[str, Part]
    findings: tuple[Finding, ...]


class Exhibit:
    """The edition as it is on the disk. Any thread may call its methods, except the coroutines."""

    def __init__(
        self,
        project: Path,
        key: EditionKey,
        *,
        file: Path,
        clock: Callable[[], datetime] = application.utc_now,
    ) -> None:
        self._project = project
        self._file = file
        self._seen: Mapping[Path, Trace] = {}
        self._turned = asyncio.Condition()
        self._closed = False
        self._app: App | None = None
        self._settings: Trace = None
        #: Held by whoever loads or writes: what is written is what was looked at.
        self.lock = threading.RLock()
        self.clock = clock
        self.key = key
        self.view: View | None = None
        #: What is wrong, in the words of the command line; None if nothing is.
        self.problem: DigestError | None = None
        #: Whether ``view`` is older than the files, because they cannot be shown as they are now.
        self.stale = False
        #: The last step of composing while that goes on.
        self.composing: Step | None = None
        #: Counts how often there was something new to show.
        self.version = 0

    def app(self) -> App:
        """The project's app, opened again when its settings changed.

        Raises:
            ConfigError: The settings are wrong.
        """
        with self.lock:
            trace = _trace(self._project / FILE)
            if self._app is None or trace != self._settings:
                opened = application.build(self._project)
                self._drop_app()
                self._app, self._settings = opened, trace
            return self._app

    def went_out(self) -> bool:
        """Whether its readers have it; not known while the settings or the database are wrong."""
        with self.lock, suppress(DigestError):  # it is told where it matters
            return pipeline.went_out(self.key, self.app().store)
        return False

    def icon(self) -> bytes:
        """The newsletter's, with its colours exchanged: a desk's tab is told from that of the pages."""
        brand = self.view.newsletter.brand if self.view else Brand()
        return icon_of(brand, is_desk=True)

    def load(self) -> None:
        """Render what the files say now. What is wrong is told, and the last good state stays."""
        with self.lock:
            self._seen = self._traces()
            try:
                self.view = self._rendered()
            except DigestError as exc:
                self.problem, self.stale = exc, True
            else:
                self.problem, self.stale = None, False

    def _rendered(self) -> View:
        app = self.app()
        newsletter = app.newsletter(self.key.newsletter)
        text = app.files.read(self.key) or ""
        edition = pipeline.read_edition(self.key, app.files)
        rendered = pipeline.render_edition(newsletter, self.key, app.template(newsletter), app.files)
        record = app.store.editions.get(self.key)
        now = self.clock()
        reader = Subscriber(id="preview", newsletter=newsletter.key, email="reader@example.org", added_at=now)
        # Not the store's secret: the links of a preview unsubscribe nobody.
        mail = pipeline.mail_for(reader, rendered, newsletter, secret=b"preview", now=now)
        ids = {blurb.id for blurb in (*edition.blurbs, *edition.pending)}
        found = app.store.feeds.find(ids)
        return View(
            newsletter=newsletter,
            source=app.files.path(self.key),
            text=text,
            edition=edition,
            record=record,
            articles={id_: article for id_, (article, _) in found.items()},
            mail=mail,
            rendered=rendered,
            parts=parts_of(mail, rendered),
            findings=pipeline.proof(newsletter, edition, rendered, record, app.store),
        )

    async def turn(self) -> None:
        """Load, and wake everyone who waits for a newer version."""
        await asyncio.to_thread(self.load)
        await self.tell()

    async def tell(self) -> None:
        """There is something new: count it, and wake everyone who waits for it."""
        self.version += 1
        await self.wake()

    async def wake(self) -> None:
        async with self._turned:
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
        with self.lock:
            self._drop_app()

    def _drop_app(self) -> None:
        if self._app is not None:
            self._app.__exit__(None, None, None)
            self._app = None

    def _traces(self) -> Mapping[Path, Trace]:
        return {path: _trace(path) for path in self._sources()}

    def _sources(self) -> Iterator[Path]:
        """Every file that affects the mail, whether it exists or not."""
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
