"""demo: gather, compose, deliver to an outbox and preview, on the sample newsroom."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from digest import app as application
from digest import audience, pipeline
from digest.cli.session import Session, writing
from digest.model import EditionKey
from digest.sample import SAMPLE, Newsroom
from digest.sample.newsroom import Served
from digest.timetable import today
from digest.words.text import counted

#: What the sample's schedules.toml says in place of the newsroom's address.
ADDRESS = "${SAMPLE_NEWSROOM}"


class Made(NamedTuple):
    key: EditionKey
    #: What was delivered, and where it is.
    words: str
    mails: int
    outbox: Path
    edition: Path
    page: Path


def run(session: Session, *, port: int, serve: bool) -> None:
    """Make the project in ``session.project``, fill its outbox, and serve the preview if asked to."""
    folder = session.project
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with _newsroom(session.now, (port + 1) % 65536 if port else 0) as newsroom:
        settings = (SAMPLE / "schedules.toml").read_text(encoding="utf-8")
        # With the address itself in the file, the other commands work on the project, too.
        with writing(folder):
            (folder / "schedules.toml").write_text(settings.replace(ADDRESS, newsroom.url), encoding="utf-8")
        session.note(f"The sample newsroom is on {newsroom.url}")
        with application.build(folder) as app:
            made = _delivered(app, session)
            if serve:
                from digest import preview

                session.note(f"{made.words} lie in {made.outbox}/")
                preview.serve(
                    app,
                    made.key,
                    host="127.0.0.1",
                    port=port,
                    browse=None,
                    clock=session.clock(),
                    say=session.note,
                )
                return
    session.done(
        f"{made.words} lie in {made.outbox}/, the edition in {made.edition}, its web page in {made.page}",
        details={name: str(value) for name, value in made._asdict().items() if name != "words"},
    )


@contextmanager
def _newsroom(now: datetime, port: int) -> Iterator[Served]:
    """Serve on *port* if it is free: then the mails of an earlier demo show their pictures, too."""
    newsroom = Newsroom(now)
    with ExitStack() as stack:
        try:
            served = stack.enter_context(newsroom.serve(port))
        except OSError:
            served = stack.enter_context(newsroom.serve())
        yield served


def _delivered(app: application.App, session: Session) -> Made:
    newsletter = app.newsletter(None)
    key = EditionKey(newsletter=newsletter.key, day=today(newsletter, session.now))
    with session.progress() as progress:
        desk = app.desk(newsletter, progress)
        if app.files.read(key) is None:
            built = pipeline.build(newsletter, key, desk, now=session.now, unasked=False)
            session.note(built.words)
        _subscribe(app, newsletter.key, session)
        rendered = pipeline.render_edition(newsletter, key, app.template(newsletter), app.files)
        delivered = pipeline.deliver(newsletter, rendered, desk, app.sender(newsletter), now=session.now)
    outbox = session.project / "outbox" / newsletter.key / str(key.day)
    page = outbox.with_name(f"{key.day}.html")
    page.write_text(rendered.web, encoding="utf-8")
    mails = sum(delivered.outcomes.values()) + delivered.before
    edition = session.project / app.files.path(key)
    return Made(key, counted(mails, "mail"), mails, outbox, edition, page)


def _subscribe(app: application.App, newsletter: str, session: Session) -> None:
    text = Path(SAMPLE / "subscribers.csv").read_text(encoding="utf-8")
    read = audience.read_subscribers(text, newsletter=newsletter, at=session.now, new_id=audience.new_id)
    app.store.subscribers.add(read.subscribers)
