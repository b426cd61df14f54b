"""A newsletter's settings without its secrets: what a build depends on, to be read again elsewhere.

What is a secret, the settings' own types say: so a new one is never forgotten here. It is kept as the
``${NAME}`` that the file has, and what that stands for is not kept.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, time
from pathlib import Path
from typing import Any, NamedTuple

from digest.config.environment import REFERENCE, variable
from digest.config.schema import Node, resolve, structure

#: Tables and keys of a newsletter that no edition's words depend on.
LEFT_OUT = frozenset({"sender", "bounces", "editors", "notices"})
#: Keys of a feed that are for its server only.
OF_FEEDS = frozenset({"headers", "username", "password"})

_BARE = re.compile(r"[A-Za-z0-9_-]+")


class Text(NamedTuple):
    """A text of the settings."""

    words: str
    is_secret: bool


def portable(text: str, newsletter: str) -> str:
    """The newsletter's table of the settings in *text*, as TOML; without comments, sender and credentials."""
    table = {
        key: value
        for key, value in tomllib.loads(text)["newsletters"][newsletter].items()
        if key not in LEFT_OUT
    }
    table["feeds"] = [
        {key: value for key, value in feed.items() if key not in OF_FEEDS} for feed in table["feeds"]
    ]
    return "\n".join(_tables(("newsletters", newsletter), table)) + "\n"


def public_values(text: str, environ: Mapping[str, str], base: Path) -> dict[str, str]:
    """What the names stand for that *text*, which is ``portable``, takes from the environment.

    A name that a secret is made of is not among them, wherever else it stands.
    """
    if not REFERENCE.search(text):
        return {}
    schema = structure()
    texts = list(_texts(tomllib.loads(text), schema, schema))
    secret = {name for one in texts if one.is_secret for name in REFERENCE.findall(one.words)}
    names = {name for one in texts for name in REFERENCE.findall(one.words)} - secret
    return {name: variable(name, environ, base) for name in sorted(names)}


def _texts(value: Any, node: Node, schema: Node) -> Iterator[Text]:
    """Every text in *value*, whose place in the schema is *node*; what the schema does not know is secret."""
    node = _chosen(value, resolve(node, schema), schema)
    match value:
        case dict():
            known, others = node.get("properties", {}), node.get("additionalProperties")
            for key, inner in value.items():
                below = known.get(key, others if isinstance(others, Mapping) else SECRET)
                yield from _texts(inner, below, schema)
        case list():
            for inner in value:
                yield from _texts(inner, node.get("items", SECRET), schema)
        case str():
            yield Text(value, bool(node.get("writeOnly")))


#: A place of which the schema says nothing.
SECRET: Node = {"writeOnly": True}


def _chosen(value: Any, node: Node, schema: Node) -> Node:
    """Of several tables, the one of that kind."""
    choices = [resolve(choice, schema) for choice in node.get("oneOf", ())]
    kind = value.get("kind") if isinstance(value, dict) else None
    return next((one for one in choices if one["properties"]["kind"].get("const") == kind), node)


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
