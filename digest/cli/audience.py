"""subscribers: who gets the mail."""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.session import Session, answer, with_session
from digest.errors import ConfigError

if TYPE_CHECKING:
    from digest.app import App
    from digest.settings import Newsletter

#: How many of the lines that an import leaves out are shown.
MOST_PROBLEMS = 50


@click.group()
def subscribers() -> None:
    """Import, add, remove and export subscribers."""


def named(app: App, words: tuple[str, ...]) -> tuple[Newsletter, tuple[str, ...]]:
    """The newsletter that the first word names, or the only one; and the other words."""
    if words and words[0] in app.settings.newsletters:
        return app.newsletter(words[0]), words[1:]
    return app.newsletter(None), words


@subscribers.command("import")
@click.argument("words", nargs=-1, required=True, metavar="[NEWSLETTER] FILE")
@with_session
def import_(session: Session, words: tuple[str, ...]) -> None:
    """Import a CSV file or a list of addresses.

    A CSV file has the columns email and name; a list has one address per line. Lists exported by other
    programs are read as they are; anyone who left or bounced there gets nothing here.
    """
    from digest import audience
    from digest.words.text import counted

    with session.app() as app:
        newsletter, files = named(app, words)
        if len(files) != 1:
            raise ConfigError(
                "digest subscribers import", ["name one file, as in: digest subscribers import list.csv"]
            )
        read = audience.read_subscribers(
            _text(Path(files[0])), newsletter=newsletter.key, at=session.now, new_id=audience.new_id
        )
        for problem in read.problems[:MOST_PROBLEMS]:
            session.note(problem)
        if len(read.problems) > MOST_PROBLEMS:
            session.note(f"… and {len(read.problems) - MOST_PROBLEMS} more")
        added = app.store.subscribers.add(read.subscribers)
        keys = {audience.address_key(one.email) for one in read.subscribers}
        known_bad = app.store.suppressions.all(newsletter.key)
        suppressed = sum(audience.address_key(one.email) in keys for one in known_bad)
    left = sum(one.state == "unsubscribed" for one in read.subscribers)
    if left:
        session.note(f"{left} of them had unsubscribed, according to the list")
    if suppressed:
        session.note(f"{suppressed} of them are suppressed, and get nothing: digest subscribers suppressed")
    known = len(read.subscribers) - added
    session.done(
        f"{newsletter.key}: {added} added, {known} known before, "
        f"{counted(len(read.problems), 'line')} left out",
        code=1 if read.problems else 0,
        added=added,
        known=known,
        suppressed=suppressed,
        left_out=len(read.problems),
    )


def _text(path: Path) -> str:
    """The file's text: UTF-8, UTF-16 as spreadsheets write it ("Unicode text"), or else Windows-1252."""
    try:
        content = path.read_bytes()
    except OSError as exc:
        raise ConfigError(str(path), [f"cannot be read: {exc.strerror}"]) from exc
    try:
        text = content.decode("utf-16" if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\0" in text:
        raise ConfigError(str(path), ["is not a text file; save the table as CSV, and import that"])
    return text


@subscribers.command()
@click.argument("words", nargs=-1, required=True, metavar="[NEWSLETTER] ADDRESS...")
@with_session
def add(session: Session, words: tuple[str, ...]) -> None:
    """Add addresses; those that unsubscribed stay unsubscribed."""
    from digest import audience

    with session.app() as app:
        newsletter, addresses = named(app, words)
        read = audience.read_subscribers(
            "\n".join(addresses), newsletter=newsletter.key, at=session.now, new_id=audience.new_id
        )
        if read.problems:
            raise ConfigError("digest subscribers add", list(read.problems))
        added = app.store.subscribers.add(read.subscribers)
    session.done(
        f"{newsletter.key}: {added} added, {len(read.subscribers) - added} known before", added=added
    )


@subscribers.command()
@click.argument("words", nargs=-1, required=True, metavar="[NEWSLETTER] ADDRESS...")
@with_session
def remove(session: Session, words: tuple[str, ...]) -> None:
    """Unsubscribe addresses; an import does not bring them back."""
    from digest.cli.delivery import typed_address

    with session.app() as app:
        newsletter, addresses = named(app, words)
        removed = sum(
            app.store.subscribers.set_state(
                newsletter.key, typed_address(address), "unsubscribed", at=session.now
            )
            for address in addresses
        )
    unknown = len(addresses) - removed
    code = 1 if unknown else 0
    session.done(f"{newsletter.key}: {removed} unsubscribed, {unknown} unknown", code=code, removed=removed)


@subscribers.command()
@click.option("--tag", multiple=True, help="Only subscribers with this tag (repeatable: with all of them).")
@click.argument("newsletter", required=False)
@with_session
def export(session: Session, tag: tuple[str, ...]) -> None:
    """Write all subscribers and their states as CSV.

    It goes to standard output.
    """
    from digest import audience

    wanted = set(_tags(tag))
    with session.app() as app:
        newsletter = app.newsletter(session.newsletter)
        those = [one for one in app.store.subscribers.all(newsletter.key) if wanted <= set(one.tags)]
    answer(audience.write_subscribers(those))


@subscribers.command("tag")
@click.option("--add", multiple=True, metavar="TAG", help="Give them this tag (repeatable).")
@click.option("--remove", multiple=True, metavar="TAG", help="Take this tag from them (repeatable).")
@click.argument("words", nargs=-1, required=True, metavar="[NEWSLETTER] ADDRESS...")
@with_session
def tag_(session: Session, words: tuple[str, ...], add: tuple[str, ...], remove: tuple[str, ...]) -> None:
    """Give tags to subscribers, or take them away."""
    from digest.cli.delivery import typed_address

    given, taken = _tags(add), _tags(remove)
    if not given and not taken:
        raise click.UsageError("Give at least one --add TAG or --remove TAG.")
    with session.app() as app:
        newsletter, addresses = named(app, words)
        tagged = 0
        for address in addresses:
            one = app.store.subscribers.find(newsletter.key, typed_address(address))
            if one is None:
                continue
            tags = [tag for tag in dict.fromkeys((*one.tags, *given)) if tag not in taken]
            tagged += app.store.subscribers.prefer(one.id, name=one.name, plain=one.plain, tags=tags)
    unknown = len(addresses) - tagged
    session.done(
        f"{newsletter.key}: {tagged} tagged, {unknown} unknown", code=1 if unknown else 0, tagged=tagged
    )


def _tags(written: tuple[str, ...]) -> tuple[str, ...]:
    from digest import audience

    try:
        return audience.read_tags(",".join(written))
    except ValueError as exc:
        raise ConfigError("the command line", [str(exc)]) from None
