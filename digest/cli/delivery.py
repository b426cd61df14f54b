"""render, approve and send: the edition as mails."""

from __future__ import annotations

from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digest.cli.session import Session, for_edition
from digest.errors import ConfigError, NothingToDo

if TYPE_CHECKING:
    from digest.app import App
    from digest.model import EditionKey, Mail, Rendered, Subscriber
    from digest.settings import Newsletter


def rendered_edition(app: App, newsletter: Newsletter, key: EditionKey) -> Rendered:
    from digest import pipeline

    return pipeline.render_edition(newsletter, key, app.template(newsletter), app.files)


def reader(app: App, newsletter: Newsletter, address: str, session: Session) -> tuple[Subscriber, bool]:
    """Who has that address, and whether it is a subscriber; anybody else gets a copy of their own.

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
@click.option("--to", default="reader@example.org", show_default=True, help="Whose mail.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File (default: standard output)."
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
        click.echo(body, nl=False)
        return
    output.write_bytes(body)
    session.done(f"{output}: {len(body)} bytes", path=str(output), bytes=len(body), sha256=rendered.sha256)


@click.command()
@click.option("--by", default=getuser, show_default="your login name", help="Who approves it.")
@for_edition
def approve(session: Session, by: str) -> None:
    """Say that this content, and no other, may go out."""
    from digest.model import Approval

    with session.app() as app:
        newsletter = app.newsletter(session.newsletter)
        key = session.key(newsletter)
        rendered = rendered_edition(app, newsletter, key)
        approval = Approval(sha256=rendered.sha256, by=by, at=session.now)
        app.store.editions.approve(key, approval)
    words = f"{key}: approved by {by}, content {rendered.sha256[:12]}"
    session.done(words, edition=str(key), sha256=rendered.sha256, by=by)


@click.command()
@click.option(
    "--to", multiple=True, help="Only to this address (repeatable); a stranger to the list gets a copy."
)
@click.option("--dry-run", is_flag=True, help="Do all but the sending.")
@for_edition
def send(session: Session, to: tuple[str, ...], dry_run: bool) -> None:
    """Deliver the edition: once to each subscriber, however often it is called."""
    from digest import pipeline

    with session.app() as app:
        newsletter = app.newsletter(session.newsletter)
        key = session.key(newsletter)
        with pipeline.journalled(app.store.journal, key, "send", session.now) as lines:
            if session.day is None and not to and app.files.read(key) is None:
                pipeline.require_publishing_day(newsletter, key)
            rendered = rendered_edition(app, newsletter, key)
            for blurb_id, why in rendered.dropped:
                session.note(f"left out: item {blurb_id}: {why}")
            if dry_run:
                words, code, numbers = _rehearsed(app, newsletter, rendered, to)
            elif to:
                words, code, numbers = _sent_to(app, newsletter, rendered, to, session)
            else:
                words, code, numbers = _sent(app, newsletter, rendered, session)
            lines.append(words)
    session.done(words, code=code, details=numbers, edition=str(key), sha256=rendered.sha256)


Said = tuple[str, int, dict[str, Any]]


def _rehearsed(app: App, newsletter: Newsletter, rendered: Rendered, to: tuple[str, ...]) -> Said:
    from digest.model import Outcome

    settled = app.store.ledger.counts(rendered.key)
    active = app.store.subscribers.counts(newsletter.key).get("active", 0)
    total = len(to) or active
    done = 0 if to else sum(count for outcome, count in settled.items() if outcome is not Outcome.DEFERRED)
    due = max(total - done, 0)
    size = sum(map(len, rendered.html.pieces))
    words = (
        f"{rendered.key}: would send {due} of {total} mails by {newsletter.sender.kind}, "
        f"{size} bytes of HTML each; nothing was sent"
    )
    return words, 0, {"would_send": due, "html_bytes": size}


def _sent(app: App, newsletter: Newsletter, rendered: Rendered, session: Session) -> Said:
    from digest import pipeline

    with session.progress() as progress:
        desk = app.desk(newsletter, progress)
        delivered = pipeline.deliver(newsletter, rendered, desk, app.sender(newsletter), now=session.now)
    if not delivered.outcomes and not delivered.in_doubt:
        raise NothingToDo(
            f"{rendered.key}: all {delivered.before} subscribers have it already; nobody gets it twice"
        )
    numbers = {str(outcome): count for outcome, count in delivered.outcomes.items()}
    parts = [f"{count} {name}" for name, count in numbers.items()]
    if delivered.before:
        parts.append(f"{delivered.before - delivered.in_doubt} settled before")
    if delivered.in_doubt:
        parts.append(f"{delivered.in_doubt} in doubt since a run was cut off")
    words = f"{rendered.key}: {', '.join(parts)}, by {newsletter.sender.kind}"
    code = 0 if delivered.complete else 1
    return words, code, {**numbers, "before": delivered.before, "in_doubt": delivered.in_doubt}


def _sent_to(
    app: App, newsletter: Newsletter, rendered: Rendered, to: tuple[str, ...], session: Session
) -> Said:
    """Subscribers among them go through the ledger, so the real send will pass them over."""
    from digest import pipeline
    from digest.model import Outcome

    readers = [reader(app, newsletter, address, session) for address in to]
    listed = [subscriber for subscriber, known in readers if known]
    strangers = [subscriber for subscriber, known in readers if not known]
    sender = app.sender(newsletter)
    outcomes: dict[Outcome, int] = {}
    before = 0
    if listed:
        desk = app.desk(newsletter)
        delivered = pipeline.deliver(newsletter, rendered, desk, sender, now=session.now, only=listed)
        outcomes, before = dict(delivered.outcomes), delivered.before
    copies = [mail_to(app, newsletter, rendered, subscriber, session) for subscriber in strangers]
    for receipt in sender.send(copies):
        outcomes[receipt.outcome] = outcomes.get(receipt.outcome, 0) + 1
    numbers = {str(outcome): count for outcome, count in outcomes.items()}
    parts = [f"{count} {name}" for name, count in numbers.items()]
    parts += [f"{before} had it already"] if before else []
    code = 0 if set(outcomes) <= {Outcome.SENT} else 1
    return (
        f"{rendered.key}: {', '.join(parts)}, by {newsletter.sender.kind}",
        code,
        {**numbers, "before": before},
    )
