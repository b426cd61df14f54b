"""What pydantic found wrong, in words for whoever wrote the file.

A message quotes the file, never the environment, and nothing at all where a secret may stand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from digest.config.environment import Place
from digest.config.schema import Node, resolve
from digest.spelling import nearest

#: What a setting has to be, by the type in the schema.
WANTED = {
    "string": "a text in quotes",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a table",
}


def name(place: Place) -> str:
    """A place as messages call it: ``newsletters.the-sift.feeds[2].url``, lists counted from 1."""
    parts = []
    for part in place:
        if isinstance(part, int):
            parts.append(f"[{part + 1}]")
        else:
            parts.append("." + (part if re.fullmatch(r"[A-Za-z0-9_-]+", part) else quoted(part)))
    return "".join(parts).removeprefix(".")


def in_order(places: Iterable[Place], table: Mapping[str, Any]) -> list[Place]:
    """The places in the order of the file; what is missing there comes first in its table."""

    def position(place: Place) -> list[int]:
        value: Any = table
        path = []
        for part in place:
            if isinstance(value, dict):
                path.append(list(value).index(part) if part in value else -1)
                value = value.get(str(part))
            elif isinstance(value, list) and isinstance(part, int):
                path.append(part)
                value = value[part]
        return path

    return sorted(places, key=position)


def explain(errors: Iterable[Any], table: Mapping[str, Any], schema: Node) -> Iterator[tuple[Place, str]]:
    """Each of pydantic's errors as a place and what is wrong there; *table* is the file as it is."""
    for error in errors:
        place, node, owner, value = _find(error["loc"], table, schema)
        if error["type"] == "missing":
            description = node.get("description", "")
            yield place, f"is required: {_lowered(description)}"
        elif error["type"] == "unexpected_keyword_argument":
            yield place, _unknown(str(place[-1]), owner)
        elif error["type"] == "union_tag_not_found" and isinstance(value, dict):
            yield (*place, "kind"), f"is required: one of {', '.join(_kinds(node))}"
        elif error["type"] == "union_tag_invalid":
            yield (*place, "kind"), _not_one_of(_kinds(node), value["kind"])
        elif error["type"] == "too_short":
            if not value:  # else its parts are wrong, and have been named
                yield place, f"at least one is needed: {_lowered(node['description'])}"
        else:
            yield place, _wrong(error, node, value)


def shown(value: object) -> str:
    """A value of the file as a message may repeat it: no inside of tables, no login of an address."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            text = re.sub(r"//.*@", "//***@", value, flags=re.DOTALL)
            return quoted(text if len(text) <= 80 else f"{text[:79]}…")
        case datetime() | date() | time():
            return value.isoformat()
        case dict():
            return "a table"
        case list():
            return "a list"
    return str(value)


def quoted(text: str) -> str:
    """The text as TOML may write it, with nothing in it that a terminal would obey."""
    return json.dumps(text, ensure_ascii=not text.isprintable())


def suggestion(word: str, known: Sequence[str]) -> str:
    """ "; did you mean …?" where one of *known* is near, else which there are."""
    meant = nearest(word, known)
    return f"; did you mean {meant}?" if meant else f"; known: {', '.join(known)}"


def _find(
    location: Sequence[str | int], table: Mapping[str, Any], schema: Node
) -> tuple[Place, Node, Node, Any]:
    """The place in the file that pydantic means, its part of the schema, that part's owner, and its value."""
    node = owner = schema
    value: Any = table
    place: list[str | int] = []
    for part in location:
        if "discriminator" in node:
            # The kind of a table stands in pydantic's location, but not in the path of the file.
            node = resolve({"$ref": node["discriminator"]["mapping"][part]}, schema)
            continue
        owner = node
        place.append(part)
        if isinstance(part, int):
            node, value = node.get("items", {}), value[part]
        else:
            inner = node.get("properties", {}).get(part) or node.get("additionalProperties") or {}
            node, value = inner, value.get(part)
        node = resolve(node, schema)
    return tuple(place), node, owner, value


def _wrong(error: Any, node: Node, value: object) -> str:
    got = "" if _secret(node) else f"; got {shown(value)}"
    reason = error.get("ctx", {}).get("error")
    if isinstance(reason, ValueError):
        expected, semicolon, advice = str(reason).partition("; ")
        return f"{expected}{got}{semicolon}{advice}"
    if "enum" in node or "const" in node:
        return _not_one_of(node.get("enum") or [node["const"]], value)
    if node.get("format") == "date":
        return f"must be a date without quotes, as in 2026-12-24{got}"
    wanted = WANTED[node.get("type", "object")]
    if "minimum" in node:
        wanted += f" from {node['minimum']} to {node['maximum']}"
    if "examples" in node:
        wanted += f", as in {shown(node['examples'][0])}"
    return f"must be {wanted}{got}"


def _unknown(key: str, owner: Node) -> str:
    return f"no such setting{suggestion(key, list(owner.get('properties', {})))}"


def _not_one_of(known: Sequence[str], value: object) -> str:
    hint = nearest(value, known) if isinstance(value, str) else ""
    return f"must be one of {', '.join(known)}; got {shown(value)}{f'; did you mean {hint}?' if hint else ''}"


def _kinds(node: Node) -> list[str]:
    return list(node["discriminator"]["mapping"])


def _secret(node: Node) -> bool:
    """Whether a secret may stand there: also where a table of some is expected, and was not given."""
    return "writeOnly" in node or node.get("type", "object") == "object"


def _lowered(sentence: str) -> str:
    """A description as the end of a sentence: "The name in the masthead." is "the name in the masthead"."""
    words = sentence.rstrip(".")
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
