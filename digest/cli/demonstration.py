"""The whole way on the sample newsroom: gather, compose, deliver to an outbox, preview."""

from __future__ import annotations

import os
from pathlib import Path

from digest import app as application
from digest import audience, pipeline
from digest.cli.session import Session
from digest.model import EditionKey
from digest.sample import SAMPLE, Newsroom
from digest.timetable import today

#: The sample's schedules.toml names its feeds with this variable.
ADDRESS = "SAMPLE_NEWSROOM"


def run(session: Session, *, port: int, serve: bool) -> None:
    """Make the project in ``session.project``, fill its outbox, and serve the preview if asked to."""
    folder = session.project
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "schedules.toml").write_bytes((SAMPLE / "schedules.toml").read_bytes())
    with Newsroom(session.now).serve() as newsroom:
        os.environ[ADDRESS] = newsroom.url
        session.note(f"The sample newsroom is on {newsroom.url}")
        with application.build(folder) as app, session.progress() as progress:
            newsletter = app.newsletter(None)
            key = EditionKey(newsletter=newsletter.key, day=today(newsletter, session.now))
            desk = app.desk(newsletter, progress)
            if app.files.read(key) is None:
                built = pipeline.build(newsletter, key, desk, now=session.now, unasked=False)
                session.note(built.words)
            _subscribe(app, newsletter.key, session)
            rendered = pipeline.render_edition(newsletter, key, app.template(newsletter), app.files)
            delivered = pipeline.deliver(newsletter, rendered, desk, app.sender(newsletter), now=session.now)
            page = folder / "outbox" / newsletter.key / f"{key.day}.html"
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(rendered.web, encoding="utf-8")
            sent = sum(delivered.outcomes.values())
            words = f"{sent} mails, {delivered.before} delivered before"
            where = page.parent / str(key.day)
            if serve:
                from digest import preview

                session.note(f"{words}: they lie in {where}/")
                preview.serve(app, key, host="127.0.0.1", port=port, browse=None, say=session.note)
                return
    session.done(
        f"{words}: they lie in {where}/, the edition in {desk.files.path(key)}, its web page in {page}",
        mails=sent,
        outbox=str(where),
        edition=desk.files.path(key),
        page=str(page),
    )


def _subscribe(app: application.App, newsletter: str, session: Session) -> None:
    text = Path(SAMPLE / "subscribers.csv").read_text(encoding="utf-8")
    read = audience.read_subscribers(text, newsletter=newsletter, at=session.now, new_id=audience.new_id)
    app.store.subscribers.add(read.subscribers)
