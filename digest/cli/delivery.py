"""render and approve: the edition as a mail; and what all commands need that send one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.session import Session, answer, for_edition, writing
from digest.errors import ConfigError

if TYPE_CHECKING:
    from digest.app import App
    from digest.model import EditionKey, Mail, Rendered, Subscriber
    from digest.pipeline import Tempo
    from digest.settings import Newsletter


def rendered_edition(app: App, newsletter: Newsletter, key: EditionKey) -> Rendered:
    from digest import pipeline

    return pipeline.render_edition(newsletter, key, app.template(newsletter), app.files)


def reader(app: App, newsletter: Newsletter, address: str, session: Session) -> tuple[Subscriber, bool]:
    """The subscriber with that address, and True; or a stand-in for anybody else, and False.

    Raises:
        ConfigError: That is no address.
    """
    from digest import audience
    from digest.model import Subscriber

    address = typed_address(address)
    known = app.store.subscribers.find(newsletter.key, address)
    if known is not None and known.state == "active":
        return known, True
    stranger = Subscriber(
        id=audience.new_id(), newsletter=newsletter.key, email=address, added_at=session.now
    )
    return stranger, False


def typed_address(text: str) -> str:
    """An address from the command line, in its normal form.

    Raises:
        ConfigError: That is no address.
    """
    from digest import audience

    try:
        return audience.read_address(text)
    except ValueError as exc:
        raise ConfigError("the command line", [str(exc)]) from None


def mail_to(
    app: App, newsletter: Newsletter, rendered: Rendered, subscriber: Subscriber, session: Session
) -> Mail:
    from digest import pipeline

    return pipeline.mail_for(subscriber, rendered, newsletter, secret=app.store.secret(), now=session.now)


@click.command()
@click.option("--to", default="reader@example.org", show_default=True, help="Whose mail to write.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write (default: standard output).",
)
@click.option("--html", "part", flag_value="html", help="Only the HTML part.")
@click.option("--text", "part", flag_value="text", help="Only the text part.")
@click.option("--web", "part", flag_value="web", help="The web page.")
@for_edition
def render(session: Session, to: str, output: Path | None, part: str | None) -> None:
    """Write one subscriber's mail as .eml, or a part of it."""
    from digest.senders import mime

    with session.app() as app:
        newsletter = app.newsletter(session.newsletter)
        rendered = rendered_edition(app, newsletter, session.key(newsletter))
        subscriber, _ = reader(app, newsletter, to, session)
        mail = mail_to(app, newsletter, rendered, subscriber, session)
    parts = {"html": mail.html, "text": mail.text, "web": rendered.web}
    body = parts[part].encode("utf-8") if part else mime.message(mail)
    if output is None:
        answer(body)
        return
    with writing(output.parent):
        output.write_bytes(body)
    session.done(f"{output}: {len(body)} bytes", path=str(output), bytes=len(body), sha256=rendered.sha256)


@click.command()
@click.option("--by", default=getuser, show_default="your login name", help="Who approves the edition.")
@for_edition
def approve(session: Session, by: str) -> None:
    """Approve this very content, and no other, for sending."""
    from digest import pipeline
    from digest.logs import log
    from digest.model import Approval
    from digest.words.text import counted

    with session.app() as app:
        newsletter = app.newsletter(session.newsletter)
        key = session.key(newsletter)
        rendered = rendered_edition(app, newsletter, key)
        approval = Approval(sha256=rendered.sha256, by=by, at=session.now)
        app.store.editions.approve(key, approval)
        edition, record = pipeline.read_edition(key, app.files), app.store.editions.get(key)
        if doubts := pipeline.doubts(newsletter, edition, rendered, record, app.store):
            what = counted(doubts, "thing stands", "things stand")
            session.note(f"{what} in it that somebody should look at: digest check {key.newsletter}")
        log.info("approved", newsletter=key.newsletter, day=str(key.day), by=by, content=rendered.sha256[:12])
    words = f"{key}: approved by {by}, content {rendered.sha256[:12]}"
    session.done(words, edition=str(key), sha256=rendered.sha256, by=by)


@contextmanager
def tempo_of(newsletter: Newsletter, session: Session) -> Iterator[Tempo]:
    """The newsletter's pace, for a run that stops when it is told to."""
    from digest.cli.stopping import asked_to_stop
    from digest.pipeline import Tempo

    with asked_to_stop() as wait:
        yield Tempo(
            session.clock(),
            wait=wait,
            per_minute=newsletter.mails_per_minute,
            retry_after=newsletter.retry_after,
        )
