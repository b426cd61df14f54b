"""init, demo and status: a project's beginning, its health, and a rehearsal of it all."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.session import Session, json_option, now_option, say, with_session, writing

if TYPE_CHECKING:
    from datetime import datetime


#: The schema's name in the first line of the settings; text editors complete and check with it.
SCHEMA = "schedules.schema"
IGNORED = "var/\noutbox/\n.env\n"
TEMPLATES = """\
A file here is used instead of the shipped one of the same name: templates/sift/parts/… changes a part of
the template "sift". `digest init --template NAME` makes a template of your own, for you to change.
"""


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path())
@click.option(
    "--template",
    metavar="NAME",
    help="Copy a shipped template to templates/NAME, for you to change; works in an existing project, too.",
)
@click.option("--like", metavar="NAME", help="The shipped template to copy: sift (default) or brief.")
@now_option
@json_option
def init(folder: Path, template: str | None, like: str | None, now: datetime, as_json: bool) -> None:
    """Start a newsletter project: a folder with a schedules.toml."""
    from digest.errors import ConfigError, DigestError

    session = Session(project=folder, now=now, as_json=as_json)
    settings = folder / "schedules.toml"
    if settings.exists() and template is None:
        session.fail(ConfigError(str(settings), ["is there already; it is left as it is"]))
    try:
        with writing(folder):
            if template is not None:
                _copy_template(folder, template, like)
            if not settings.exists():
                _begin(folder)
    except DigestError as exc:
        session.fail(exc)
    ready, then = f"{settings} is ready", "name your sender in it, then run: digest build"
    if template is not None:
        ready, then = (
            f"{folder / 'templates' / template} is ready",
            f'write template = "{template}" in {settings}',
        )
    session.done(f"{ready}: {then}", path=str(settings))


def _begin(folder: Path) -> None:
    """Create the files of a new project; existing ones are left as they are."""
    import json

    from digest.app import SHIPPED
    from digest.config import json_schema

    text = (
        (SHIPPED / "schedules.toml").read_text(encoding="utf-8").replace("docs/schedules.schema", SCHEMA, 1)
    )
    files = {
        "schedules.toml": text,
        f"{SCHEMA}.json": json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n",
        "templates/README.txt": TEMPLATES,
        ".gitignore": IGNORED,
    }
    (folder / "editions").mkdir(parents=True, exist_ok=True)
    (folder / "templates").mkdir(exist_ok=True)
    for name, content in files.items():
        if not (folder / name).exists():
            (folder / name).write_text(content, encoding="utf-8")


def _copy_template(folder: Path, name: str, like: str | None) -> None:
    """Copy all files of a shipped template into the project's own folder of that name.

    Raises:
        ConfigError: *name* is not a valid name, or is taken; or there is no template *like*.
    """
    from digest.app import shipped_template
    from digest.errors import ConfigError
    from digest.spelling import read_slug

    try:
        read_slug(name)
    except ValueError as problem:
        raise ConfigError("--template", [str(problem)]) from None
    target = folder / "templates" / name
    if target.exists():
        raise ConfigError(str(target), ["is there already; it is left as it is"])
    for path, text in shipped_template(like, name).items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_text(text, encoding="utf-8")


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("digest-demo"))
@click.option("--port", default=8600, show_default=True, help="Port of the preview.")
@click.option(
    "--serve/--no-serve", default=None, help="Serve the preview at the end (default: on a terminal)."
)
@now_option
@json_option
def demo(folder: Path, port: int, serve: bool | None, now: datetime, as_json: bool) -> None:
    """Make and deliver a sample edition, without network or keys."""
    from digest.cli import demonstration
    from digest.errors import DigestError

    session = Session(project=folder, now=now, as_json=as_json)
    try:
        demonstration.run(session, port=port, serve=sys.stdout.isatty() if serve is None else serve)
    except DigestError as exc:
        session.fail(exc)


@click.command()
@click.argument("newsletter", required=False)
@with_session
def status(session: Session) -> None:
    """Show what ran, what is due, who got it, which feeds are ill.

    Lists whatever somebody should look at; if there is anything, it exits with 1, for monitors.
    """
    from digest import pipeline
    from digest.cli.reports import status_lines, status_of

    with session.app() as app:
        known = app.settings.newsletters
        chosen = [app.newsletter(session.newsletter)] if session.newsletter else list(known.values())
        reports = [status_of(pipeline.watch(newsletter, app.store, now=session.now)) for newsletter in chosen]
    count = sum(len(report["concerns"]) for report in reports)
    if not session.as_json:
        for report in reports:
            say("\n".join(status_lines(report)) + "\n")
    session.done(
        f"newsletters: {len(reports)}, to look at: {count}", code=1 if count else 0, newsletters=reports
    )
