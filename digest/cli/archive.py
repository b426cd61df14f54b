"""archive and correct: sent editions as plain files for any web host, and corrections to them."""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from digest.cli.delivery import tempo_of
from digest.cli.session import Session, for_edition, say, with_session
from digest.errors import ConfigError, NothingToDo, SendError, StoppedError

if TYPE_CHECKING:
    from digest.app import App
    from digest.archive import Archive
    from digest.model import EditionKey
    from digest.pipeline.delivery.correcting import Corrected
    from digest.ports import Sender
    from digest.settings import Newsletter


@click.command()
@click.argument("newsletter", required=False)
@click.option(
    "-o",
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write the files to.",
)
@with_session
def archive(session: Session, out: Path) -> None:
    """Write every edition that was sent as plain files.

    Pages, items, lists, RSS, JSON Feed and sitemap are the same ones that `digest web` serves. A file that is
    already up to date is left alone, so that little has to be uploaded again; nothing is deleted.
    """
    from digest import pipeline
    from digest.addresses import addresses
    from digest.archive import robots

    with session.app() as app:
        newsletter = app.newsletter(session.newsletter)
        if not (address := addresses(newsletter).archive):
            words = (
                f"newsletters.{newsletter.key}.web: missing; set it, or archive, to the address at which "
                "readers will find the files"
            )
            raise ConfigError("schedules.toml", [words])
        on = pipeline.shelf(newsletter, app.store, now=session.now)
        pages = pipeline.open_archive(newsletter, app.template(newsletter), app.store, on)
        files = _files(pages)
    if not urlsplit(address).path:  # a host has one robots.txt, at its root
        files["robots.txt"] = robots([newsletter]).encode()
    written = [path for path, body in files.items() if _write(out / path, body)]
    count = len(on.sent)
    words = f"{newsletter.key}: editions: {count}, files in {out}: {len(files)}, written: {len(written)}"
    session.done(words, editions=count, files=len(files), written=len(written), path=str(out))


def _files(archive: Archive) -> dict[str, bytes]:
    """Every page by the name of its file."""
    found = {}
    for path in archive.paths():
        if page := archive.page(path):
            found[f"{path}index.html" if path.endswith("/") or not path else path] = page.body
    return found


def _write(file: Path, body: bytes) -> bool:
    """False if the file has that content already. If the write is cut off, the old file stays.

    Raises:
        ConfigError: It cannot be written.
    """
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}.tmp")  # another run has its own
    try:
        if file.is_file() and file.read_bytes() == body:
            return False
        file.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(body)
        draft.replace(file)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise ConfigError("--out", [f"{file}: cannot be written: {error.strerror}"]) from error
    return True


@click.command()
@click.option("--item", default="", help="Number or id of the item (default: the edition as a whole).")
@click.option("--text", help="What was wrong, and what is right. Without it, list the corrections so far.")
@click.option(
    "--replace",
    "replaced",
    nargs=2,
    multiple=True,
    metavar="WRONG RIGHT",
    help="Replace these words of the item in the archive (repeatable).",
)
@click.option("--mail", is_flag=True, help="Send the correction to everyone who was sent the edition, once.")
@for_edition
def correct(
    session: Session, item: str, text: str | None, replaced: tuple[tuple[str, str], ...], mail: bool
) -> None:
    """Correct an edition that was sent.

    A dated note is put at the item and at the end of the edition, in the archive and its feeds, and among the
    corrections of the next draft. Making the same correction twice changes nothing.
    """
    from digest import pipeline

    if text is None and (item or replaced or mail):
        raise click.UsageError("A correction needs --text.")
    with session.app() as app:
        newsletter = app.newsletter(session.newsletter)
        key = session.key(newsletter)
        if text is None:
            _list(app, newsletter, key, session)
            return
        sender = app.sender(newsletter) if mail else None
        with pipeline.journalled(app.store.journal, key, "correct", session.now) as entry:
            done = pipeline.correct(
                newsletter,
                key,
                app.desk(newsletter),
                item=item,
                text=text,
                replaced=replaced,
                now=session.now,
            )
            words, code, numbers = _said(done), 0, dict[str, Any]()
            if sender is not None:
                more, code, numbers = _mailed(app, newsletter, done, sender, session)
                words = f"{words}; {more}"
            entry.lines.append(words)
            entry.code = code
    details = {"correction": done.correction.id, "new": done.new, "draft": done.draft, **numbers}
    session.done(words, code=code, details=details, edition=str(key))


def _said(done: Corrected) -> str:
    made = "corrected" if done.new else "was corrected before"
    then = "the next draft will have it"
    if told_on := done.correction.told_on:
        then = f"the edition of {told_on} has it"
    if done.draft:
        then = f"{done.draft} has it"
    return f"{done.correction.key}: {made}: “{done.headline}”; {then}"


def _mailed(
    app: App, newsletter: Newsletter, done: Corrected, sender: Sender, session: Session
) -> tuple[str, int, dict[str, Any]]:
    from digest import pipeline

    with session.progress() as progress, tempo_of(newsletter, session) as tempo:
        desk = app.desk(newsletter, progress)
        rendered = pipeline.rendered_correction(done, newsletter, app.template(newsletter), desk)
        try:
            mailed = pipeline.mail_correction(
                newsletter, rendered, desk, sender, now=session.now, tempo=tempo
            )
        except NothingToDo:
            return "everyone who has the edition has been sent it", 0, {}
        except SendError as exc:
            raise SendError(f"{exc}; the rest gets it by the same command once more") from exc
    if mailed.stopped:
        raise StoppedError(f"stopped as asked; so far {mailed.tally}; the rest gets it by the same command")
    numbers = {str(outcome): count for outcome, count in mailed.outcomes.items()}
    words = ", ".join(f"{count} {outcome}" for outcome, count in numbers.items())
    complete = mailed.tally.sent == mailed.tally.total
    return f"mailed: {words}", 0 if complete else 1, numbers


def _list(app: App, newsletter: Newsletter, key: EditionKey, session: Session) -> None:
    from digest import pipeline
    from digest.words.text import counted

    past = pipeline.archived_edition(key, app.store)
    if past is None or not past.corrections:
        raise NothingToDo(f"{key}: nothing was corrected")
    headlines = {blurb.id: blurb.headline for blurb in past.edition.blurbs}
    rows = [
        {
            "id": one.id,
            "at": one.at.astimezone(newsletter.timezone).isoformat(timespec="minutes"),
            "about": headlines.get(one.item, past.edition.subject),
            "text": one.text,
            "told_on": str(one.told_on or ""),
        }
        for one in past.corrections
    ]
    if not session.as_json:
        for row in rows:
            say(f"{row['at']}  “{row['about']}”: {row['text']}")
    session.done(
        f"{key}: {counted(len(rows), 'correction')}", details={"corrections": rows}, edition=str(key)
    )
