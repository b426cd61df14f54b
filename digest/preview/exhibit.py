"""What the preview shows: the last state that could be rendered, and what has been wrong since."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from digest import app as application
from digest import pipeline
from digest.errors import DigestError
from digest.model import EditionKey, Mail, Rendered, Subscriber


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A rendered state: one reader's mail and what is said about it."""

    rendered: Rendered
    mail: Mail
    preheader: str
    title: str


class Exhibit:
    """The edition as it stands on the disk; ``version`` counts the times that something was new."""

    def __init__(self, project: Path, newsletter: str, key: EditionKey) -> None:
        self._project = project
        self._newsletter = newsletter
        self.key = key
        self.view: View | None = None
        self.problem = ""
        self.version = 0
        self._turned = asyncio.Condition()

    def folders(self) -> list[Path]:
        """What is to be watched."""
        edition = self._project / "editions" / self._newsletter
        edition.mkdir(parents=True, exist_ok=True)
        shipped = application.SHIPPED / "templates"
        return [path for path in (edition, self._project, shipped) if path.is_dir()]

    def load(self) -> None:
        """Render what the files say now. What is wrong is told, and the last good state stays."""
        try:
            self.view = self._rendered()
            dropped = (f"left out: item {blurb}: {why}" for blurb, why in self.view.rendered.dropped)
            self.problem = "\n".join(dropped)
        except DigestError as exc:
            self.problem = str(exc)

    def _rendered(self) -> View:
        with application.build(self._project) as app:
            newsletter = app.newsletter(self._newsletter)
            edition = pipeline.read_edition(self.key, app.files)
            rendered = pipeline.render_edition(newsletter, self.key, app.template(newsletter), app.files)
            now = application.utc_now()
            reader = Subscriber(
                id="preview", newsletter=newsletter.key, email="reader@example.org", added_at=now
            )
            mail = pipeline.mail_for(reader, rendered, newsletter, secret=b"preview", now=now)
            return View(rendered=rendered, mail=mail, preheader=edition.preheader, title=newsletter.title)

    async def turn(self) -> None:
        """Load, and wake everyone who waits for a newer version."""
        await asyncio.to_thread(self.load)
        async with self._turned:
            self.version += 1
            self._turned.notify_all()

    async def newer_than(self, version: int) -> int:
        async with self._turned:
            await self._turned.wait_for(lambda: self.version > version)
            return self.version
