"""A newsletter's settings without its secrets: what a build hangs on, to be read again elsewhere."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, time
from pathlib import Path
from typing import Any

from digest.config.environment import REFERENCE, variable

#: Tables and keys of a newsletter that no edition's words hang on, or that may hold a credential.
LEFT_OUT = frozenset({"sender", "bounces", "editors"})
OF_FEEDS = frozenset({"headers", "username", "password"})
#: Keys whose text names a credential, and whose value is nobody's business.
CREDENTIALS = frozenset({"api_key"})

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def portable(text: str, newsletter: str) -> str:
    """The newsletter's table of the settings in *text*, as TOML; without comments, sender and credentials."""
    table = {
        key: value
        for key, value in tomllib.loads(text)["newsletters"][newsletter].items()
        if key not in LEFT_OUT
    }
    table["feeds"] = [_without(feed, OF_FEEDS) for feed in table["feeds"]]
    return "\n".join(_tables(("newsletters", newsletter), table)) + "\n"


def public_values(text: str, environ: Mapping[str, str], base: Path) -> dict[str, str]:
    """What the names stand for that *text*, which is ``portable``, takes from the environment."""
    table = tomllib.loads(text)
    names = set(_names(table)) - set(_names(table, secret=True))
    return {name: variable(name, environ, base) for name in sorted(names)}


def _without(table: Mapping[str, Any], keys: frozenset[str]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key not in keys}


def _names(value: Any, *, secret: bool = False, inside: bool = False) -> Iterator[str]:
    """The names in all texts; with *secret*, only in those of credentials."""
    match value:
        case dict():
            for key, inner in value.items():
                yield from _names(inner, secret=secret, inside=inside or key in CREDENTIALS)
        case list():
            for inner in value:
                yield from _names(inner, secret=secret, inside=inside)
        case str() if inside or not secret:
            yield from REFERENCE.findall(value)


def _tables(path: tuple[str, ...], table: Mapping[str, Any]) -> Iterator[str]:
    """A table's own keys, then the tables in it: TOML takes no key of a table behind another table."""
    yield f"[{_path(path)}]"
    below = {key: value for key, value in table.items() if isinstance(value, dict) or _is_tables(value)}
    for key, value in table.items():
        if key not in below:
            yield f"{_path((key,))} = {spelled(value)}"
    for key, value in below.items():
        yield ""
        if isinstance(value, dict):
            yield from _tables((*path, key), value)
            continue
        for one in value:
            yield f"[[{_path((*path, key))}]]"
            yield from (f"{_path((name,))} = {spelled(inner)}" for name, inner in one.items())
            yield ""


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _path(keys: tuple[str, ...]) -> str:
    return ".".join(key if _BARE.fullmatch(key) else spelled(key) for key in keys)


def spelled(value: Any) -> str:
    """A value as TOML writes it."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case date() | time():  # a datetime is a date
            return value.isoformat()
        case list():
            return f"[{', '.join(map(spelled, value))}]"
        case dict():
            pairs = (f"{_path((key,))} = {spelled(inner)}" for key, inner in value.items())
            return f"{{ {', '.join(pairs)} }}" if value else "{}"
    return repr(value)
