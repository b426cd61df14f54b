"""bounces: what came back, by mail."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.session import Session, say, with_session
from digest.errors import ConfigError, DigestError, StoreError

if TYPE_CHECKING:
    from digest.app import App


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option("--imap", "imap", is_flag=True, help="Read the mailbox that [bounces.imap] names.")
@click.option(
    "--to",
    "sent_to",
    multiple=True,
    metavar="ADDRESS",
    help="The address that the message was delivered to, if its header does not say.",
)
@click.option("--counts", is_flag=True, help="Only say how much has come back so far, and from where.")
@with_session
def bounces(
    session: Session, paths: tuple[Path, ...], imap: bool, sent_to: tuple[str, ...], counts: bool
) -> None:
    """Process what came back: bounces and complaints.

    Reads one message from standard input, or the files, mboxes and Maildirs that are named. An address that
    does not exist, complains, or cannot be reached for too long is suppressed; a reader who unsubscribes by
    mail is unsubscribed. Only a message that proves to be about one of our mails has an effect. Reading a
    message twice changes nothing.
    """
    piped = not (paths or imap or counts)
    try:
        with session.app() as app:
            if counts:
                _counted(session, app)
            else:
                _taken(session, app, _messages(app, paths, imap=imap), sent_to)
    except DigestError as error:
        if piped:
            # Any other code tells the mail server that the bounce cannot be delivered, and it is lost.
            error.exit_code = StoreError.exit_code
        raise


def _messages(app: App, paths: tuple[Path, ...], *, imap: bool) -> Iterable[bytes]:
    from digest import mailboxes

    if imap:
        settings = app.settings.bounces.imap
        if settings is None:
            raise ConfigError(
                "schedules.toml", ["bounces.imap is required for --imap: its host, username and password"]
            )
        yield from mailboxes.read_imap(settings)
    for path in paths:
        yield from mailboxes.read_path(path)
    if not (imap or paths):
        yield mailboxes.read_stream(sys.stdin.buffer)


def _taken(session: Session, app: App, messages: Iterable[bytes], sent_to: tuple[str, ...]) -> None:
    from digest import pipeline
    from digest.bounces import read_mail

    returns = pipeline.Returns(app.store, app.settings.newsletters, app.settings.bounces)
    done: Counter[str] = Counter()
    read = 0
    for message in messages:
        read += 1
        reading = read_mail(message, sent_to=sent_to)
        if reading.event is None:
            done[reading.why] += 1
            continue
        effect = returns.take(reading.event, at=session.now)
        done[f"{reading.event.kind} {effect}"] += 1
    told = ", ".join(f"{count} {words}" for words, count in done.items())
    session.done(f"{read} read{': ' if told else ''}{told}", read=read, effects=dict(done))


def _counted(session: Session, app: App) -> None:
    counted = sorted(app.store.events.counts().items())
    if not session.as_json:
        for (source, words), times in counted:
            say(f"{source}: {times} {words}")
    events = [{"source": source, "kind": words, "times": times} for (source, words), times in counted]
    session.done(f"{sum(times for _, times in counted)} told so far", details={"events": events})
