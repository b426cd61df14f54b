"""The log: events with fields, as text or JSON, one line each.

::

    with bound(newsletter=…, day=…):            for all events of the block
        log.info("gathered", feeds=23, failed=1)

Nothing is written until ``writing`` says where to. Everything, ours or a library's, passes one formatter,
which removes addresses and secrets, in tracebacks as well.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO

from digest.errors import ConfigError
from digest.masking import Redaction
from digest.settings import LogSettings
from digest.words.text import clean


@contextmanager
def _unfound(module: str) -> Iterator[None]:
    """Whoever would like to have *module* in the block has to do without it, unless it is loaded."""
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment]  # to an import: there is none
    try:
        yield
    finally:
        del sys.modules[module]


# structlog takes rich for tracebacks in colour, which nobody is shown: 6 MB and 50 ms of each command.
with _unfound("rich"):
    import structlog
    from structlog.contextvars import bound_contextvars as bound
    from structlog.stdlib import BoundLogger, ProcessorFormatter
    from structlog.typing import Processor, WrappedLogger

__all__ = ["bound", "log", "writing"]

NAME = "digest"

#: What each line begins with, and what it goes on with where that is bound.
HEAD = ("timestamp", "level", "event")
BOUND = ("newsletter", "day", "stage")

_ours = logging.getLogger(NAME)
_ours.addHandler(logging.NullHandler())  # else Python prints warnings that nobody asked to log, unmasked

log: BoundLogger = structlog.wrap_logger(
    _ours,
    processors=[
        structlog.stdlib.filter_by_level,
        structlog.contextvars.merge_contextvars,
        ProcessorFormatter.wrap_for_formatter,
    ],
    wrapper_class=BoundLogger,
    cache_logger_on_first_use=True,
)

Fields = MutableMapping[str, Any]


@contextmanager
def writing(
    settings: LogSettings, redaction: Redaction, *, project: Path, stream: bool = True
) -> Iterator[None]:
    """Write the log while the block runs: to the file of *settings*, or (if *stream*) to standard error.

    Warnings of libraries are written in any case.

    Raises:
        ConfigError: The file cannot be written.
    """
    handler = _file(project / settings.file) if settings.file else _StandardError()
    handler.setFormatter(_formatter(settings.format, redaction))
    level = settings.level.upper() if settings.file or stream else logging.CRITICAL + 1
    root, before = logging.getLogger(), _ours.level
    root.addHandler(handler)
    _ours.setLevel(level)
    try:
        yield
    finally:
        _ours.setLevel(before)
        root.removeHandler(handler)
        with suppress(OSError):
            handler.close()


class _Unheard(logging.Handler):
    """A line that cannot be written is lost, and nothing else: a disk that is full keeps no edition back."""

    _is_told = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            super().handleError(record)
        elif not self._is_told:
            self._is_told = True
            with suppress(OSError):
                sys.stderr.write(
                    f"digest: the log cannot be written: {error.strerror}; lines of it are lost\n"
                )


class _StandardError(_Unheard, logging.StreamHandler[TextIO]):
    """Standard error as it is when something is written, which is not always as it was at the start."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr


def _file(path: Path) -> logging.Handler:
    from logging.handlers import WatchedFileHandler

    class File(_Unheard, WatchedFileHandler):
        """Opened anew when logrotate has moved it."""

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return File(path, encoding="utf-8")
    except OSError as exc:
        raise ConfigError("schedules.toml", [f"log.file: {path}: {exc.strerror}"]) from exc


def _formatter(kind: str, redaction: Redaction) -> logging.Formatter:
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False, default=str) if kind == "json" else _line
    )

    def hide(_: WrappedLogger, __: str, event: Fields) -> Fields:
        return {key: _hidden(value, redaction, lines=key == "exception") for key, value in event.items()}

    return ProcessorFormatter(
        processors=[
            structlog.stdlib.add_log_level,
            _named,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            ProcessorFormatter.remove_processors_meta,
            hide,
            _in_order,
            renderer,
        ]
    )


def _named(_: WrappedLogger, __: str, event: Fields) -> Fields:
    """Which library it is that speaks."""
    record: logging.LogRecord = event["_record"]
    return event if record.name == NAME else {**event, "logger": record.name}


def _hidden(value: Any, redaction: Redaction, *, lines: bool = False) -> Any:
    """*value* as it may be shown: numbers as they are, all else in words on one line."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_hidden(each, redaction) for each in value]
    if isinstance(value, dict):
        return {redaction(clean(str(key))): _hidden(each, redaction) for key, each in value.items()}
    words = str(value)
    if lines:
        return redaction("\n".join(_indented(line) for line in words.splitlines()))
    return redaction(clean(words))


def _indented(line: str) -> str:
    return " " * (len(line) - len(line.lstrip(" "))) + clean(line)


def _in_order(_: WrappedLogger, __: str, event: Fields) -> Fields:
    return {key: event[key] for key in (*HEAD, *BOUND) if key in event} | dict(event)


def _line(_: WrappedLogger, __: str, event: Fields) -> str:
    """ "2026-11-23T10:00:00Z info gathered newsletter=the-sift feeds=23"."""
    trace = event.get("exception", "")
    rest = [f"{key}={_worded(value)}" for key, value in event.items() if key not in {*HEAD, "exception"}]
    return " ".join([*(event[key] for key in HEAD), *rest]) + (f"\n{trace}" if trace else "")


def _worded(value: Any) -> str:
    """In quotes where it would run into the next field."""
    plain = isinstance(value, str) and value and not set(value) & set(" =\"'")
    return value if plain else json.dumps(value, ensure_ascii=False)
