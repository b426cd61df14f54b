"""YAML as a tree of mappings, lists and *strings*, each with its position.

Nothing is guessed from how a scalar looks: a headline ``no``, ``1e3`` or ``2026-11-23`` stays what the
editor wrote, and the schema decides what is a date. Tags, anchors, aliases and repeated keys are refused, so
no object is built, nothing grows, and no line is silently lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamStartEvent,
)

from digest.editions.shape import END
from digest.errors import EditionError

#: An edition nests four deep; more is a mistake or an attack.
DEPTH = 12


@dataclass(frozen=True, slots=True)
class Node:
    """*line* and *column* count from 1."""

    value: str | list[Node] | dict[str, Node]
    line: int
    column: int
    #: The column behind it, where it is a text that stands in one line; else 0.
    end: int
    #: A list or mapping in brackets.
    flow: bool
    #: Where each key of a mapping stands.
    keys: dict[str, tuple[int, int]]

    def plain(self) -> object:
        """The same without positions; an empty scalar in place of a mapping or list is left to the schema."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def at(self, path: tuple[int | str, ...]) -> Node:
        """The deepest node on *path* that exists."""
        node = self
        for step in path:
            inner: Node | None = None
            if isinstance(node.value, dict) and isinstance(step, str):
                inner = node.value.get(step)
            elif isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
                inner = node.value[step]
            if inner is None:
                break
            node = inner
        return node


@lru_cache(maxsize=8)  # a save is read for what it says, for its lines, and by whoever shows it
def read(text: str, *, source: str) -> Node:
    """The one document in *text*; its nodes are shared, and not to be changed.

    Raises:
        EditionError: It is no YAML, has tags, anchors or repeated keys, or its end is missing.
    """
    events = _events(text, source)
    for event in events:
        if not isinstance(event, StreamStartEvent | DocumentStartEvent):
            break
    else:
        raise EditionError(source, "the file is empty; compose the edition again", line=1, column=1)
    if not isinstance(event, NodeEvent):
        raise EditionError(source, "the file is empty; compose the edition again", line=1, column=1)
    node = _node(event, events, source, depth=0)
    end = next(events)
    if not isinstance(end, DocumentEndEvent) or not end.explicit:
        raise _wrong(
            source,
            end,
            f'the last line, "{END}", is missing: was the file cut short? Put it back if everything is there',
        )
    if isinstance(follow := next(events), DocumentStartEvent):
        raise _wrong(source, follow, f'something follows the last line, "{END}"; move it above that line')
    return node


def _events(text: str, source: str) -> Iterator[Event]:
    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        words = exc.problem or exc.context or "this is not YAML"
        line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
        raise EditionError(source, f"{words}{_hint(words)}", line=line, column=column) from exc
    except YAMLError as exc:
        # The reader's own error knows only an offset: characters that YAML does not allow.
        before = text[: getattr(exc, "position", 0)]
        raise EditionError(
            source,
            "a character that YAML does not allow; delete it",
            line=before.count("\n") + 1,
            column=len(before) - before.rfind("\n"),
        ) from exc


def _hint(problem: str) -> str:
    if "mapping values are not allowed" in problem:
        return '; a text with ": " in it needs quotes around it'
    if "found character '\\t'" in problem or "found character" in problem:
        return "; indent with spaces, and put the text in quotes if it begins with a mark"
    if "could not find expected ':'" in problem or "expected <block end>" in problem:
        return "; look at the indentation here and in the line above"
    if "unexpected end of stream" in problem:
        return "; a quote is opened and never closed"
    return ""


def _wrong(source: str, event: Event, reason: str) -> EditionError:
    mark = event.start_mark
    return EditionError(source, reason, line=mark.line + 1, column=mark.column + 1)


def _node(event: Event, events: Iterator[Event], source: str, *, depth: int) -> Node:
    if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor):
        raise _wrong(source, event, "anchors and aliases (& and *) are not used here; put the text in quotes")
    if getattr(event, "tag", None) is not None:
        raise _wrong(source, event, "tags (!) are not used here; put the text in quotes")
    if depth > DEPTH:
        raise _wrong(source, event, "nested too deeply for an edition")
    line, column = event.start_mark.line + 1, event.start_mark.column + 1
    if isinstance(event, ScalarEvent):
        empty = event.style is None and event.value in {"", "~", "null"}
        one_line = event.style not in {"|", ">"} and event.end_mark.line == event.start_mark.line
        end = event.end_mark.column + 1 if one_line else 0
        return Node("" if empty else event.value, line, column, end, flow=False, keys={})
    if isinstance(event, SequenceStartEvent):
        items = []
        while not isinstance(inner := next(events), SequenceEndEvent):
            items.append(_node(inner, events, source, depth=depth + 1))
        return Node(items, line, column, 0, flow=bool(event.flow_style), keys={})
    if isinstance(event, MappingStartEvent):
        return _mapping(event, events, source, depth)
    raise _wrong(source, event, "expected a text, a list or keys")


def _mapping(start: MappingStartEvent, events: Iterator[Event], source: str, depth: int) -> Node:
    values: dict[str, Node] = {}
    keys: dict[str, tuple[int, int]] = {}
    while not isinstance(key := next(events), MappingEndEvent):
        if not isinstance(key, ScalarEvent):
            raise _wrong(source, key, "a key must be a word")
        if key.value in values:
            first = keys[key.value][0]
            raise _wrong(source, key, f'"{key.value}" appears twice (first in line {first}); keep one')
        values[key.value] = _node(next(events), events, source, depth=depth + 1)
        keys[key.value] = (key.start_mark.line + 1, key.start_mark.column + 1)
    line, column = start.start_mark.line + 1, start.start_mark.column + 1
    return Node(values, line, column, 0, flow=bool(start.flow_style), keys=keys)
