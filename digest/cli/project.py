"""init, demo, status and check: a project's beginning, its health, and a rehearsal of it all."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.session import Session, json_option, now_option, say, with_session

if TYPE_CHECKING:
    from datetime import datetime


#: What the settings' first line calls the schema that editors complete and check by.
SCHEMA = "schedules.schema"
IGNORED = "var/\noutbox/\n.env\n"
TEMPLATES = """\
A file here wins over the shipped one of the same name: templates/sift/parts/… changes a part of the
template "sift", templates/NAME/ with edition.mjml.j2, edition.txt.j2 and web.html.j2 makes a new one.
"""


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path())
@now_option
@json_option
def init(folder: Path, now: datetime, as_json: bool) -> None:
    """Begin a newsletter project: schedules.toml, templates, editions."""
    import json

    from digest.app import SHIPPED
    from digest.config import json_schema
    from digest.errors import ConfigError

    session = Session(project=folder, now=now, as_json=as_json)
    settings = folder / "schedules.toml"
    if settings.exists():
        session.fail(ConfigError(str(settings), ["is there already; it is left as it is"]))
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
    session.done(f"{settings} is ready: name your sender in it, then run: digest build", path=str(settings))


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("digest-demo"))
@click.option("--port", default=8600, show_default=True, help="Port of the preview.")
@click.option("--serve/--no-serve", default=None, help="End by serving the preview (default: on a terminal).")
@now_option
@json_option
def demo(folder: Path, port: int, serve: bool | None, now: datetime, as_json: bool) -> None:
    """The whole way on the sample newsroom: no network, no keys."""
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
    """What ran, what is due, who got it, which feeds are ill."""
    from digest.cli.reports import status_lines, status_of

    with session.app() as app:
        known = app.settings.newsletters
        chosen = [app.newsletter(session.newsletter)] if session.newsletter else list(known.values())
        reports = [status_of(app, newsletter, session.now) for newsletter in chosen]
    ill = sum(len(report["ill_feeds"]) for report in reports)
    if not session.as_json:
        for report in reports:
            say("\n".join(status_lines(report)) + "\n")
    session.done(f"newsletters: {len(reports)}, ill feeds: {ill}", newsletters=reports)


@click.command()
@click.argument("newsletter", required=False)
@with_session
def check(session: Session) -> None:
    """Look at config, feeds, template, edition and sender, and send nothing."""
    from digest.cli.reports import findings

    with session.app() as app:
        known = app.settings.newsletters
        chosen = [app.newsletter(session.newsletter)] if session.newsletter else list(known.values())
        found = [finding for newsletter in chosen for finding in findings(app, newsletter, session.now)]
    bad = [finding for finding in found if not finding.well]
    if not session.as_json:
        for finding in found:
            say(f"{'ok  ' if finding.well else 'BAD '} {finding.what}: {finding.words}")
    session.done(
        f"{len(found)} checked, {len(bad)} to mend",
        code=1 if bad else 0,
        findings=[{"what": f.what, "well": f.well, "words": f.words} for f in found],
    )
