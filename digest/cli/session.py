"""What the commands share: options, the clock, printing, and how errors end a process."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import click

from digest.errors import ConfigError, DigestError, OutputError

if TYPE_CHECKING:
    from digest.app import App
    from digest.model import EditionKey
    from digest.ports import Progress, Step
    from digest.settings import Newsletter

Command = Callable[..., None]
#: The format of a log.
LogFormat = Literal["text", "json"]

#: Characters that could control a terminal or reverse a line. Feeds are clean by now; a server's reply, a
#: file's name or an editor's text may be in a message as it came.
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def say(words: str, *, err: bool = False) -> None:
    """Print *words*, with a visible mark for each control character except tabs and line breaks.

    A failure to write to standard error is ignored: its disk may be full, and an edition is due.

    Raises:
        OutputError: An answer cannot be written.
    """
    if err:
        with suppress(OSError):
            click.echo(printable(words), err=True)
    else:
        answer(f"{printable(words)}\n")


def answer(content: str | bytes) -> None:
    """Write what was asked for to standard output.

    Raises:
        OutputError: It cannot be written.
    """
    with answering():
        click.echo(content, nl=False)


@contextmanager
def answering() -> Iterator[None]:
    """The block writes to standard output.

    Raises:
        OutputError: That cannot be written.
    """
    try:
        yield
    except BrokenPipeError:
        raise  # who closed it has heard enough: click ends the process without a word
    except OSError as error:
        # What is left of the answer is not to fail once more when the process ends.
        with suppress(OSError, ValueError), Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        raise OutputError(f"standard output cannot be written: {error.strerror}") from error


def printable(words: str) -> str:
    return CONTROLS.sub("\ufffd", words)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turns failures to write below *folder* into errors that say what to do.

    Raises:
        ConfigError: It cannot be written there.
    """
    try:
        yield
    except OSError as error:
        problem = f"{error.filename or folder}: cannot be written: {error.strerror}"
        raise ConfigError(str(folder), [f"{problem}; name a folder in which you may write"]) from error


def say_json(given: Mapping[str, Any]) -> None:
    """Print *given* in one line of JSON, readable but for control characters; raises as ``say`` does."""
    line = json.dumps(given, ensure_ascii=False, default=str)
    answer(CONTROLS.sub(lambda control: f"\\u{ord(control[0]):04x}", line) + "\n")


@dataclass(kw_only=True)
class Session:
    """One call of a command."""

    project: Path
    newsletter: str | None = None
    day: date | None = None
    now: datetime
    as_json: bool = False
    #: How events are logged to standard error; "" if nobody asked for them.
    log_format: LogFormat | Literal[""] = ""
    #: Lines that stand in the JSON answer, and on standard error otherwise.
    notes: list[str] = field(default_factory=list)

    @contextmanager
    def app(self, *, logs: bool = False) -> Iterator[App]:
        """The project's app. *logs*: its events go to standard error, whether that was asked for or not."""
        from digest import app

        with app.build(self.project) as opened, self.logging(opened, always=logs):
            yield opened

    @contextmanager
    def logging(self, app: App, *, always: bool) -> Iterator[None]:
        from digest.logs import writing

        settings = app.settings.log
        if self.log_format:
            settings = replace(settings, format=self.log_format, file="")
        with writing(settings, app.redaction, project=self.project, stream=always or bool(self.log_format)):
            yield

    def key(self, newsletter: Newsletter) -> EditionKey:
        """The edition that is meant: of ``--date``, or of today where the newsletter is."""
        from digest import timetable
        from digest.model import EditionKey

        return EditionKey(newsletter=newsletter.key, day=self.day or timetable.today(newsletter, self.now))

    def clock(self) -> Callable[[], datetime]:
        """A clock that starts at ``now``: a rehearsal's time passes, too."""
        ahead = self.now - datetime.now(UTC)
        return lambda: datetime.now(UTC) + ahead

    def note(self, words: str) -> None:
        self.notes.append(words)
        if not self.as_json:
            say(words, err=True)

    def done(
        self, words: str, *, code: int = 0, details: Mapping[str, Any] | None = None, **numbers: Any
    ) -> None:
        """The last line: what was done, in numbers; *details* are for ``--json`` only.

        It is done, whether or not that can be said; but who asks for JSON asks for the answer.
        """
        if self.as_json:
            say_json({"done": words, "code": code, **numbers, **(details or {}), "notes": self.notes})
        else:
            with suppress(OutputError):
                say(words)
        if code:
            sys.exit(code)

    def fail(self, error: DigestError) -> NoReturn:
        if self.as_json and not isinstance(error, OutputError):
            with suppress(OutputError):
                say_json({"error": str(error), "code": error.exit_code, "notes": self.notes})
        else:
            say(f"digest: {error}", err=True)
        sys.exit(error.exit_code)

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """A bar on a terminal, plain lines elsewhere, nothing but notes with ``--json``."""
        if self.as_json or not sys.stderr.isatty():
            yield self._plain
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
            tasks: dict[str, Any] = {}

            def show(step: Step) -> None:
                if step.stage not in tasks:
                    tasks[step.stage] = bars.add_task(step.stage, total=step.total)
                bars.update(tasks[step.stage], completed=step.done, total=step.total)
                if step.words:
                    bars.console.print(f"  {printable(step.words)}", markup=False, highlight=False)

            yield show

    def _plain(self, step: Step) -> None:
        if step.words:
            self.note(f"{step.stage}: {step.words}")


def moment(_: click.Context, __: click.Parameter, value: str | None) -> datetime:
    """``--now`` for rehearsals; a time without a zone is meant in UTC."""
    if value is None:
        return datetime.now(UTC)
    try:
        given = datetime.fromisoformat(value)
        _require_our_age(given)
    except ValueError as exc:
        raise click.BadParameter(f"a time is written as 2026-11-23T05:00+00:00; got {value!r}") from exc
    return given.astimezone(UTC) if given.tzinfo else given.replace(tzinfo=UTC)


def on_day(_: click.Context, __: click.Parameter, value: str | None) -> date | None:
    if value is None:
        return None
    try:
        given = date.fromisoformat(value)
        _require_our_age(given)
    except ValueError as exc:
        raise click.BadParameter(f"a day is written as 2026-11-23; got {value!r}") from exc
    return given


def _require_our_age(day: date) -> None:
    """Refuse years near the ends of the calendar, where there is no day before or after."""
    if not 1970 <= day.year < 2200:
        raise ValueError(day)


project_option = click.option(
    "--project",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The newsletter project's folder (default: the current one).",
)
now_option = click.option(
    "--now", callback=moment, metavar="TIMESTAMP", help="Act as if it were this moment, for rehearsals."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
log_option = click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    help="Also log to standard error, one event per line.",
)
date_option = click.option(
    "--date",
    "day",
    callback=on_day,
    metavar="YYYY-MM-DD",
    help="The edition's day (default: today, in the newsletter's time zone).",
)


def with_session(function: Command) -> Command:
    """Give *function* a Session of the shared options, and end the process as its error says."""

    @project_option
    @now_option
    @json_option
    @log_option
    @wraps(function)
    def wrapper(
        project: Path, now: datetime, as_json: bool, log_format: LogFormat | None, **rest: Any
    ) -> None:
        session = Session(
            project=project,
            now=now,
            as_json=as_json,
            log_format=log_format or "",
            newsletter=rest.pop("newsletter", None),
            day=rest.pop("day", None),
        )
        try:
            function(session, **rest)
        except DigestError as exc:
            session.fail(exc)

    return wrapper


def for_edition(function: Command) -> Command:
    """``with_session`` with a newsletter's key and a day."""
    named = click.argument("newsletter", required=False)
    return named(date_option(with_session(function)))
