"""Adds feeds to ``schedules.toml``, and removes them: everything else stays, byte for byte.

A place in the text is found, and no parsed tree is written back. The result is read again, and has to be the
settings of before with that one change; else nothing is done, and the message says what to write by hand.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from digest.config.portable import spelled
from digest.errors import ConfigError

#: A comment, a string of any kind, or a character: what TOML's text is made of (toml.io/en/v1.0.0).
_PIECES = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}(?!")'
    r"|'''.*?'{3,5}(?!')"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|.",
    re.DOTALL,
)
_OPENING, _CLOSING = "[{", "]}"


@dataclass(frozen=True, slots=True)
class Statement:
    """A header or a key with its value: ``text[start:end]``, up to and with the end of its line."""

    start: int
    end: int
    #: The keys of a header, as in ("newsletters", "the-sift", "feeds"); () for a key with its value.
    header: tuple[str, ...] = ()
    #: It begins one of several tables, "[[…]]".
    repeated: bool = False


def add_feed(text: str, newsletter: str, feed: Mapping[str, Any], *, source: str) -> str:
    """*text* with one feed more, behind the newsletter's last.

    Raises:
        ConfigError: The place for it cannot be found; the words have what to write.
    """
    wanted = deepcopy(tomllib.loads(text))
    wanted["newsletters"][newsletter]["feeds"].append(dict(feed))
    break_ = "\r\n" if "\r\n" in text else "\n"
    block = [f"[[{_path(newsletter)}]]", *(f"{key} = {spelled(value)}" for key, value in feed.items())]
    if blocks := _blocks(text, newsletter):
        _, end = blocks[-1]
        before = "" if text[:end].endswith("\n") else break_
        behind = break_ if text[end:].strip() else ""
        if text[end:].startswith(("\n", "\r\n")):
            behind = ""
        changed = text[:end] + before + break_ + break_.join(block) + break_ + behind + text[end:]
    else:
        changed = _into_list(text, newsletter, feed)
    return _checked(changed, wanted, source, "add this to it by hand:\n\n" + "\n".join(block))


def remove_feed(text: str, newsletter: str, place: int, *, source: str) -> str:
    """*text* without the newsletter's feed number *place*, and without the comment right above it.

    Raises:
        ConfigError: Its place cannot be found.
    """
    wanted = deepcopy(tomllib.loads(text))
    del wanted["newsletters"][newsletter]["feeds"][place]
    if blocks := _blocks(text, newsletter):
        start, end = blocks[place]
        changed = text[: _with_comment(text, start)] + text[end:].lstrip("\r\n")
        if not text[end:].strip():
            changed = text[: _with_comment(text, start)].rstrip("\r\n") + ("\r\n" if "\r\n" in text else "\n")
    else:
        changed = _out_of_list(text, newsletter, place)
    return _checked(changed, wanted, source, f"take feed {place + 1} out of it by hand")


def _checked(changed: str, wanted: Mapping[str, Any], source: str, by_hand: str) -> str:
    try:
        if tomllib.loads(changed) == wanted:
            return changed
    except tomllib.TOMLDecodeError:
        pass
    raise ConfigError(source, [f"is written so that only a person should change it: {by_hand}"])


def _path(newsletter: str) -> str:
    name = newsletter if re.fullmatch(r"[A-Za-z0-9_-]+", newsletter) else spelled(newsletter)
    return f"newsletters.{name}.feeds"


def _blocks(text: str, newsletter: str) -> list[tuple[int, int]]:
    """Where each of the newsletter's ``[[newsletters.….feeds]]`` stands, tables of its own included."""
    path = ("newsletters", newsletter, "feeds")
    found: list[tuple[int, int]] = []
    inside = False
    for statement in statements(text):
        if statement.header:
            inside = statement.header[:3] == path and bool(found or statement.repeated)
            if statement.header == path and statement.repeated:
                found.append((statement.start, statement.end))
        if inside:
            found[-1] = (found[-1][0], statement.end)
    return found


def _with_comment(text: str, start: int) -> int:
    """Where the comment begins that stands right above *start*."""
    while start:
        above = text.rfind("\n", 0, start - 1) + 1
        if not text[above:start].lstrip().startswith("#"):
            break
        start = above
    return start


def _list(text: str, newsletter: str) -> Sequence[tuple[int, int]]:
    """Where the list ``feeds = [ … ]`` begins and ends, and then each table in it."""
    table: tuple[str, ...] = ()
    for statement in statements(text):
        if statement.header:
            table = () if statement.repeated else statement.header
            continue
        if table != ("newsletters", newsletter):
            continue
        written = text[statement.start : statement.end]
        if set(tomllib.loads(written)) == {"feeds"}:
            return list(_spans(text, statement))
    return ()


def _spans(text: str, statement: Statement) -> Iterator[tuple[int, int]]:
    depth, begins, ends, tables, start = 0, 0, 0, [], 0
    for piece in _PIECES.finditer(text, statement.start, statement.end):
        if piece[0] in _OPENING:
            depth += 1
            begins = piece.start() if depth == 1 else begins
            start = piece.start() if depth == 2 else start
        elif piece[0] in _CLOSING:
            depth -= 1
            if depth == 1:
                tables.append((start, piece.end()))
            ends = piece.end() if depth == 0 else ends
    yield begins, ends
    yield from tables


def _into_list(text: str, newsletter: str, feed: Mapping[str, Any]) -> str:
    """The feed as one table more of ``feeds = [ … ]``."""
    spans = _list(text, newsletter)
    if len(spans) < 2:
        return ""
    (_, _), *tables = spans
    start, end = tables[-1]
    line = text.rfind("\n", 0, start) + 1
    lead = text[line:start]
    between = f",\n{lead}" if not lead.strip() else ", "
    return text[:end] + between + spelled(dict(feed)) + text[end:]


def _out_of_list(text: str, newsletter: str, place: int) -> str:
    spans = _list(text, newsletter)
    if len(spans) < 2:
        return ""
    _, *tables = spans
    start, end = tables[place]
    if place + 1 < len(tables):
        return text[:start] + text[tables[place + 1][0] :]
    return text[: tables[place - 1][1]] + text[end:] if place else text[:start] + text[end:]


def statements(text: str) -> Iterator[Statement]:
    """The headers and keys of a TOML text, which has to be valid, in order."""
    depth, start = 0, -1
    for piece in _PIECES.finditer(text):
        character = piece[0]
        if start < 0 and not (character.isspace() or character.startswith("#")):
            start = piece.start()
        if character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth -= 1
        elif character == "\n" and depth == 0 and start >= 0:
            yield _statement(text, start, piece.end())
            start = -1
    if start >= 0:
        yield _statement(text, start, len(text))


def _statement(text: str, start: int, end: int) -> Statement:
    if text[start] != "[":
        return Statement(start, end)
    repeated = text.startswith("[[", start)
    keys: list[str] = []
    inner: Any = tomllib.loads(text[start:end])
    while isinstance(inner, dict) and inner:
        (key, inner) = next(iter(inner.items()))
        keys.append(key)
    return Statement(start, end, tuple(keys), repeated)
