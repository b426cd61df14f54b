"""build and preview: a draft, and a look at it."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from digest.cli import explaining
from digest.cli.session import Session, for_edition
from digest.cli.telling import tell_option, telling


@click.command()
@click.option("--explain", is_flag=True, help="Show every candidate with its score and reasons.")
@click.option(
    "--replay", is_flag=True, help="Make that day's edition again, as it was then, without network; print it."
)
@click.option(
    "--run", type=int, metavar="NUMBER", help="With --replay: which run to repeat (default: the last)."
)
@click.option(
    "--bundle",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Replay the edition in this file, made by `digest bundle`; needs no project.",
)
@click.option(
    "-o",
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="With --replay: write the edition to this file.",
)
@click.option(
    "--again",
    is_flag=True,
    help="Compose it again even if it was sent; stories that are new in it will run in no later edition.",
)
@tell_option
@for_edition
def build(
    session: Session,
    explain: bool,
    again: bool,
    tell: bool,
    replay: bool,
    run: int | None,
    bundle: Path | None,
    out: Path | None,
) -> None:
    """Gather the news and compose one edition.

    A replay makes an edition again as it was made before, from the feeds, pages, articles and settings of
    that run. It prints the machine's version and writes nothing into the project, so what editors have
    changed since is safe.
    """
    if replay or bundle is not None:
        if again:
            raise click.UsageError("--again goes with neither --replay nor --bundle.")
        _replayed(session, explain, run, bundle, out)
        return
    if run is not None or out is not None:
        raise click.UsageError("--run and --out go with --replay.")
    _built(session, explain=explain, again=again, tell=tell)


def _built(session: Session, *, explain: bool, again: bool, tell: bool) -> None:
    from digest import pipeline

    with (
        explaining.shown(explain and not session.as_json) as chosen,
        session.app() as app,
        session.progress() as progress,
    ):
        newsletter = app.newsletter(session.newsletter)
        key = session.key(newsletter)
        with telling(session, app, newsletter, key, "build", asked=tell) as editors:
            desk = replace(app.desk(newsletter, progress), chosen=chosen.append)
            unasked = session.day is None
            made = pipeline.build(newsletter, key, desk, now=session.now, unasked=unasked, again=again)
            editors.told_of_draft(made)
    gathered, edition = made.gathered, made.composed.edition
    explained = {"candidates": explaining.candidates(made.composed.selection)} if explain else {}
    session.done(
        f"{made.words} → {made.composed.path}",
        edition=str(key),
        path=made.composed.path,
        number=edition.number,
        feeds=gathered.feeds,
        feeds_failed=gathered.failed,
        feeds_unchanged=gathered.unchanged,
        articles_new=gathered.new,
        items=len(edition.blurbs),
        pending=len(edition.pending),
        details=explained,
    )


def _replayed(
    session: Session, explain: bool, run: int | None, bundle: Path | None, out: Path | None
) -> None:
    from digest.cli import replaying

    with explaining.shown(explain and not session.as_json, err=out is None) as chosen:
        played = replaying.replay(session, bundle, run, out, chosen=chosen.append)
    details: dict[str, object] = {} if out else {"text": played.composed.text}
    if explain:
        details["candidates"] = explaining.candidates(played.composed.selection)
    words, code = replaying.verdict(played), 0 if played.same else 1
    if session.as_json:
        session.done(words, code=code, same=played.same, run=played.reel.tape.id, details=details)
        return
    session.note(words)  # standard output has the edition
    if code:
        sys.exit(code)


@click.command()
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; any but a loopback address needs a password.",
)
@click.option("--port", default=8600, show_default=True, help="Port to listen on; 0 takes a free one.")
@click.option("--open/--no-open", "browse", default=None, help="Open a browser (default: on a terminal).")
@for_edition
def preview(session: Session, host: str, port: int, browse: bool | None) -> None:
    """The editors' desk in a browser: see, edit, test, approve.

    Composes the day's edition if there is none. On any but a loopback address, visitors have to give the
    password that is set in DIGEST_PREVIEW_PASSWORD.
    """
    import os

    from digest import preview

    with session.app() as app:
        newsletter = app.newsletter(session.newsletter)
        preview.serve(
            app,
            session.key(newsletter),
            host=host,
            port=port,
            browse=browse,
            clock=session.clock(),
            say=session.note,
            password=os.environ.get(preview.PASSWORD, ""),
        )
