"""Rewrites one key of an item or of the file: its lines are replaced, and no others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from digest.editions import tree
from digest.editions.shape import ITEM_KEYS, TOP_KEYS
from digest.editions.sheet import Block, content_end, last_line, lines_of
from digest.editions.tree import Node
from digest.editions.writing import item_entry, top_entry
from digest.errors import EditionError

_BEHIND_MARK = re.compile(r":(?:\s+[>|][-+\d]*)?(\s+#.*)$")


def with_item_field(block: Block, key: str, value: object, *, source: str, newline: str) -> Block:
    """The item with *value* under *key*; an empty value takes a key away that need not be there.

    Raises:
        EditionError: The item is written in braces, as {id: …}.
    """
    item = _item(block, source)
    indent = " " * (item.keys["id"][1] - 1)
    entry = [indent + line.removeprefix("    ") if line.strip() else line for line in item_entry(key, value)]
    lines = _with_entry(block.lines, item, key, entry, order=ITEM_KEYS, end=len(block.lines), newline=newline)
    return replace(block, lines=tuple(lines))


def with_top_field(text: str, key: str, value: object, *, source: str, newline: str) -> str:
    """The file with *value* under one of its own keys, as in ``subject``."""
    root = tree.read(text, source=source)
    lines = lines_of(text)
    entry = list(top_entry(key, value))
    return "".join(
        _with_entry(lines, root, key, entry, order=TOP_KEYS, end=last_line(lines), newline=newline)
    )


def with_item_remark(block: Block, key: str, remark: str, *, source: str, newline: str) -> Block:
    """The item with the comment *remark* above *key*, in place of one that begins with the same words."""
    item = _item(block, source)
    at, _ = _place(block.lines, item, key, order=ITEM_KEYS, end=len(block.lines))
    lines = _with_remark(block.lines, at, " " * (item.keys["id"][1] - 1), remark, newline)
    grown = len(lines) - len(block.lines) if at <= block.above else 0
    return replace(block, lines=lines, above=block.above + grown)


def with_top_remark(text: str, key: str, remark: str, *, source: str, newline: str) -> str:
    """The file with the comment *remark* above *key*, in place of one that begins with the same words."""
    lines = lines_of(text)
    at, _ = _place(lines, tree.read(text, source=source), key, order=TOP_KEYS, end=last_line(lines))
    return "".join(_with_remark(lines, at, "", remark, newline))


def _with_remark(lines: Sequence[str], at: int, indent: str, remark: str, newline: str) -> tuple[str, ...]:
    opening = f"# {remark.partition(':')[0]}:"
    earlier = at > 0 and lines[at - 1].lstrip(" ").startswith(opening)
    return (*lines[: at - 1 if earlier else at], f"{indent}# {remark}{newline}", *lines[at:])


def _item(block: Block, source: str) -> Node:
    [item] = _sequence(tree.read("".join(block.lines) + "...\n", source=source))
    if item.flow:
        raise EditionError(
            source, f'item "{block.id}" is written in braces; write each of its keys on a line of its own'
        )
    return item


def _sequence(node: Node) -> Sequence[Node]:
    return node.value if isinstance(node.value, list) else ()


def _with_entry(
    lines: Sequence[str],
    mapping: Node,
    key: str,
    entry: Sequence[str],
    *,
    order: Sequence[str],
    end: int,
    newline: str,
) -> list[str]:
    """*lines* with *entry* as the lines of *key*; a comment in its first line stays there."""
    start, behind = _place(lines, mapping, key, order=order, end=end)
    written = list(entry)
    if key in mapping.keys:
        before = lines[start][: mapping.keys[key][1] - 1]
        if not written and "-" in before:  # the item's first key holds its dash
            written = [f'{key}: ""']
        if written:
            written[0] = before + written[0].lstrip(" ") + _comment(lines[start], _values(mapping)[key])
    written = [line + newline for line in written]
    return [*lines[:start], *written, *lines[behind:]]


def _place(
    lines: Sequence[str], mapping: Node, key: str, *, order: Sequence[str], end: int
) -> tuple[int, int]:
    """First line of a key and the line behind its last; equal where it is missing, and belongs there."""
    starts = sorted(line - 1 for line, _ in mapping.keys.values())

    def ends(start: int) -> int:
        following = next((other for other in starts if other > start), end)
        indent = len(lines[start]) - len(lines[start].lstrip(" -"))
        return content_end(lines, start, following, indent=indent)

    if key in mapping.keys:
        start = mapping.keys[key][0] - 1
        return start, ends(start)
    before = [name for name in order[: order.index(key)] if name in mapping.keys]
    place = max((ends(mapping.keys[name][0] - 1) for name in before), default=starts[0])
    return place, place


def _values(mapping: Node) -> Mapping[str, Node]:
    return mapping.value if isinstance(mapping.value, dict) else {}


def _comment(line: str, value: Node) -> str:
    """The comment in the line of a key, behind its value, with the white space before it."""
    line = line.rstrip("\r\n")
    if value.end:
        behind = line[value.end - 1 :] if value.value else line.partition(":")[2]
        return behind if behind.lstrip(" ").startswith("#") else ""
    found = _BEHIND_MARK.search(line)
    return found[1] if found else ""
