"""bundle, and `build --replay`: an edition made again, and everything needed for that in one file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli import explaining
from digest.cli.session import Session, answer, for_edition, writing
from digest.errors import ConfigError, DigestError

if TYPE_CHECKING:
    from digest.app import App
    from digest.bundles import Bundle
    from digest.model import Selection
    from digest.pipeline import Replayed
    from digest.settings import Newsletter, Settings

#: What may be a reader's address in the words of a mail server.
ADDRESS = re.compile(r"[^\s<>@,;:\"']+@[\w.-]+")
#: Shorter values could not be told from ordinary words.
LEAST_SECRET = 6


def replay(
    session: Session,
    bundle: Path | None,
    run: int | None,
    out: Path | None,
    *,
    chosen: Callable[[Selection], object],
) -> Replayed:
    """Make an edition again, print it or write it to *out*, and say whether it is the same.

    *chosen* hears what was chosen from, whatever becomes of it.
    """
    from digest import pipeline
    from digest.app import replayed

    hidden: tuple[str, ...] = ()
    if bundle is not None:
        read = _read(bundle)
        reel, hidden = read.reel, read.hidden
    else:
        with session.app() as app:
            key = session.key(app.newsletter(session.newsletter))
            reel = pipeline.reel_of(pipeline.tape_of(key, app.store, run), app.store)
    try:
        again = replayed(reel, chosen=chosen)
    except DigestError:
        if reel.tape.code:
            session.note(f"run {reel.tape.id} ended with {reel.tape.code} then: {reel.tape.words}")
        raise
    except (LookupError, ValueError, OverflowError) as error:
        if bundle is None:
            raise
        # Well formed, but not a build: a stranger's file may say anything.
        raise ConfigError(str(bundle), [f"holds no build that can be made again: {error!r}"]) from error
    if out is not None:
        with writing(out.parent):
            out.write_text(again.composed.text, encoding="utf-8", newline="\n")
    elif not session.as_json:
        answer(again.composed.text)
    for words in _differences(again, hidden):
        session.note(words)
    return again


def verdict(again: Replayed) -> str:
    tape = again.reel.tape
    same = "the same, byte for byte" if again.same else "NOT the same"
    return f"{tape.key}: run {tape.id} of {tape.at:%Y-%m-%d %H:%M} UTC made again: {same}"


def _differences(again: Replayed, hidden: tuple[str, ...]) -> Iterator[str]:
    """Why the edition may have come out differently, and what could not have been the same."""
    if again.same:
        return
    for name, (then, now) in again.others.items():
        yield f"it was made by {name} {then}, and this is {now}"
    for url in again.strange:
        yield f"{url} is asked for now, but was not then"
    if hidden:
        yield f"a credential is hidden in the address of {', '.join(hidden)}: its articles have other ids"
    if not again.reel.composed:
        yield f"that run made no edition: {again.reel.tape.words}"


@click.command()
@click.option(
    "-o",
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write (default: NEWSLETTER-DAY.digest.zip).",
)
@click.option("--run", type=int, metavar="NUMBER", help="Which run to pack (default: the last).")
@for_edition
def bundle(session: Session, out: Path | None, run: int | None) -> None:
    """Pack an edition's build into one file.

    It holds everything needed to make the edition again: feeds, pages, settings. For a bug report, or as
    evidence. It holds no subscriber, no password and no request header.
    """
    from digest import bundles

    with session.app() as app:
        newsletter = app.newsletter(session.newsletter)
        key = session.key(newsletter)
        made = _bundle(app, newsletter, session, run)
    target = out or Path(f"{key.newsletter}-{key.day}.digest.zip")
    content = bundles.write(made)
    try:
        target.write_bytes(content)
    except OSError as error:
        raise ConfigError(str(target), [f"cannot be written: {error.strerror}"]) from error
    for url in made.hidden:
        session.note(f"{url}: its address holds a credential, which is hidden; a replay has other ids there")
    tape = made.reel.tape
    answers, size = len(made.reel.heard), len(content)
    session.done(
        f"{key}: run {tape.id} with {answers} answers, {size:,} bytes → {target}",
        path=str(target),
        run=tape.id,
        answers=answers,
        bytes=size,
    )


def _bundle(app: App, newsletter: Newsletter, session: Session, run: int | None) -> Bundle:
    from digest import bundles, pipeline
    from digest.app import replayed

    key = session.key(newsletter)
    tape = pipeline.tape_of(key, app.store, run)
    reel = pipeline.reel_of(tape, app.store)
    papers: dict[str, object] = {"journal.json": _journal(app, newsletter)}
    chosen: list[Selection] = []
    try:
        again = replayed(reel, chosen=chosen.append)
        if not again.same and reel.composed:
            session.note(f"run {tape.id} cannot be made again exactly as it was; the bundle has what is kept")
        papers["explain.json"] = explaining.candidates(again.composed.selection)
    except DigestError as error:
        found = explaining.candidates(chosen[-1]) if chosen else []
        papers["explain.json"] = {"problem": str(error), "candidates": found}
    made = bundles.Bundle(reel=reel, edition=app.files.read(key) or "", papers=papers)
    return bundles.masked(made, _secrets(app.settings))


def _journal(app: App, newsletter: Newsletter) -> list[dict[str, object]]:
    return [
        {
            "stage": run.stage,
            "day": str(run.day),
            "at": run.at.isoformat(),
            "code": run.code,
            "words": ADDRESS.sub("***@***", run.words),
        }
        for run in app.store.journal.latest(newsletter.key, limit=50)
    ]


def _secrets(settings: Settings) -> Iterator[str]:
    """The settings' secrets, as far as they can be told from other words."""
    from digest.masking import secrets_in

    for secret in secrets_in(settings):
        if len(value := secret.reveal()) >= LEAST_SECRET and not value.startswith("sqlite:"):
            yield value


def _read(path: Path) -> Bundle:
    from digest import bundles

    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(str(path), [f"cannot be read: {error.strerror}"]) from error
    return bundles.read(content, source=str(path))
