"""The result of one check."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    #: It could not be checked: it may be well or not.
    UNKNOWN = "unknown"
    WARNING = "warning"
    #: It would spoil the next edition, or keep it from its readers.
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Check:
    what: str
    level: Level
    words: str
    #: The next step; "" if there is none.
    todo: str = ""


def ok(what: str, words: str) -> Check:
    return Check(what, Level.OK, words)


def bad(what: str, words: str, todo: str = "") -> Check:
    return Check(what, Level.BAD, words, todo)


def warning(what: str, words: str, todo: str = "") -> Check:
    return Check(what, Level.WARNING, words, todo)


def unknown(what: str, words: str, todo: str = "") -> Check:
    return Check(what, Level.UNKNOWN, words, todo)
