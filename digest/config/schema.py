"""The JSON Schema of ``schedules.toml``, from the types and docstrings in ``digest.settings``.

Text editors use it to complete and check; error messages and ``docs/schedules.md`` take their words from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import time, timedelta
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from digest.settings import Secret, Settings
from digest.spelling import SECONDS, WEEKDAYS

Node = Mapping[str, Any]


@cache
def adapter() -> TypeAdapter[Settings]:
    return TypeAdapter(Settings)


@cache
def json_schema() -> Mapping[str, Any]:
    """The schema (draft 2020-12), its keys spelled as in the file."""
    return _spelled(TypeAdapter(_described()))


@cache
def structure() -> Mapping[str, Any]:
    """The same without its words: for whoever builds, perhaps in several threads at once.

    The words are read with ``ast``, where Python 3.11 takes what another thread does for a bug of its own.
    """
    return _spelled(adapter())


def _spelled(settings: TypeAdapter[Settings]) -> Mapping[str, Any]:
    schema = settings.json_schema(schema_generator=_Generator)
    newsletter = schema["$defs"]["Newsletter"]
    # A newsletter's key is the name of its table.
    del newsletter["properties"]["key"]
    newsletter["required"].remove("key")
    return {"$schema": _Generator.schema_dialect, **schema, "title": "schedules.toml"}


def _described() -> type[Settings]:
    """``Settings`` with the words that stand below each key.

    pydantic reads the sources for them, which takes twice the time of all else: no file is read with it.
    """
    # Where it is from, so that the sources are found: a name, and from Python 3.13 on a line.
    whence = ("__module__", "__qualname__", "__doc__", "__firstlineno__")
    same = {name: value for name, value in vars(Settings).items() if name in whence}
    config = {**Settings.__pydantic_config__, "use_attribute_docstrings": True}
    return type("Settings", (Settings,), {**same, "__pydantic_config__": config})


def resolve(node: Node, schema: Node) -> Node:
    """The node itself, where it only points to another; its own words win."""
    if reference := node.get("$ref"):
        target = schema["$defs"][reference.rpartition("/")[2]]
        return {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    return node


def spell(value: object) -> Any:
    """A default as the file writes it."""
    match value:
        case Secret():
            return value.reveal()  # a default stands in the source
        case time():
            return value.isoformat("minutes")
        case timedelta():
            seconds = round(value.total_seconds())
            unit = max((unit for unit in SECONDS if seconds % SECONDS[unit] == 0), key=SECONDS.__getitem__)
            return f"{seconds // SECONDS[unit]}{unit}"
        case frozenset():
            return _spell_days(sorted(value))
        case tuple():
            return [spell(part) for part in value]
    return value


def _spell_days(days: list[int]) -> str:
    """``[0, 1, 2, 4]`` is "mon-wed,fri"."""
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    names = [(WEEKDAYS[run[0]], WEEKDAYS[run[-1]]) for run in runs]
    return ",".join(first if first == last else f"{first}-{last}" for first, last in names)


class _Generator(GenerateJsonSchema):
    """Without pydantic's titles, which repeat the keys, and with defaults as the file writes them."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        # TOML has no null: a key is there or it is not.
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        node = self.generate_inner(schema["schema"])
        default = spell(schema.get("default"))
        # A table is left out: its keys have their own defaults.
        return node if default is None or is_dataclass(default) else {**node, "default": default}
