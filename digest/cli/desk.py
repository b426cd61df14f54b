"""build and preview: a draft, and a look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from digest.cli.session import Session, for_edition
from digest.cli.telling import tell_option, telling

if TYPE_CHECKING:
    from digest.model import Selection


@click.command()
@click.option("--explain", is_flag=True, help="Show every candidate with its score and reasons.")
@tell_option
@for_edition
def build(session: Session, explain: bool, tell: bool) -> None:
    """Gather the news and compose one edition."""
    from digest import pipeline

    with session.app() as app, session.progress() as progress:
        newsletter = app.newsletter(session.newsletter)
        key = session.key(newsletter)
        with telling(session, app, newsletter, key, "build", asked=tell) as editors:
            desk = app.desk(newsletter, progress)
            made = pipeline.build(newsletter, key, desk, now=session.now, unasked=session.day is None)
            editors.told_of_draft(made)
    if explain and not session.as_json:
        _explain(made.composed.selection)
    gathered, edition = made.gathered, made.composed.edition
    explained = {"candidates": _candidates(made.composed.selection)} if explain else {}
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


def _candidates(selection: Selection) -> list[dict[str, object]]:
    return [
        {
            "verdict": candidate.verdict,
            "score": round(candidate.score, 3),
            "title": candidate.article.title,
            "outlet": candidate.article.outlet,
            "url": candidate.article.url,
            "when": candidate.article.when.isoformat(),
            "reasons": list(candidate.reasons),
        }
        for candidate in selection.candidates
    ]


def _explain(selection: Selection) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("score", "outlet", "article", "why", "verdict", box=None, pad_edge=False)
    for candidate in selection.candidates:
        row = (
            f"{candidate.score:.2f}",
            candidate.article.outlet,
            candidate.article.title,
            ", ".join(candidate.reasons),
            candidate.verdict,
        )
        table.add_row(*map(Text, row))
    console = Console()
    Console(width=max(console.width, 140) if not console.is_terminal else None).print(table)


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on; another needs a password."
)
@click.option("--port", default=8600, show_default=True, help="Port to listen on; 0 takes a free one.")
@click.option("--open/--no-open", "browse", default=None, help="Open a browser (default: on a terminal).")
@for_edition
def preview(session: Session, host: str, port: int, browse: bool | None) -> None:
    """The editors' desk in a browser: the mail as it will be sent, and everything that can be changed in it.

    Composes the day's edition when there is none. On another address than a loopback one it asks for the
    password in DIGEST_PREVIEW_PASSWORD.
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
