"""The text of an edition's file as lines to be moved and replaced, so that all others stay as they are.

An item is a block of whole lines: the comments right above it, and all from its ``- id:`` on. What is moved
or replaced are such blocks and the lines of one key. Nothing is loaded and dumped again, so comments,
order, quoting and line breaks of everything else are kept byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from digest.editions import tree
from digest.editions.tree import Node
from digest.errors import EditionError

ITEMS, PENDING = "items", "pending"

#: What YAML counts as a line.
_LINE = re.compile(r"[^\r\n\x85\u2028\u2029]*(?:\r\n|[\r\n\x85\u2028\u2029]|\Z)")
_COMMENT = re.compile(r"( *)#")


@dataclass(frozen=True, slots=True)
class Block:
    """An item's whole lines, each with its line break; *first* is where the item itself begins."""

    id: str
    lines: tuple[str, ...]
    #: Lines of comments before the item.
    above: int


@dataclass(frozen=True, slots=True)
class ItemList:
    """``items`` or ``pending``: the line of its key, its blocks, and the lines before each of them."""

    name: str
    head: tuple[str, ...]
    blocks: tuple[Block, ...] = ()
    #: One for each block, the first behind the head.
    gaps: tuple[tuple[str, ...], ...] = ()
    #: Comments behind the last item.
    tail: tuple[str, ...] = ()

    def index(self, id_: str) -> int | None:
        return next((number for number, block in enumerate(self.blocks) if block.id == id_), None)

    def lines(self) -> Iterator[str]:
        yield from self.head
        for gap, block in zip(self.gaps, self.blocks, strict=True):
            yield from gap
            yield from block.lines
        yield from self.tail

    def without(self, index: int) -> tuple[ItemList, tuple[str, ...] | None]:
        """The list without that block, and the gap that went with it, if there was another block."""
        if len(self.blocks) == 1:
            return replace(self, head=(*_emptied(self.head), *self.gaps[0]), blocks=(), gaps=()), None
        gap = min(max(index, 1), len(self.blocks) - 1)
        blocks = self.blocks[:index] + self.blocks[index + 1 :]
        return replace(self, blocks=blocks, gaps=self.gaps[:gap] + self.gaps[gap + 1 :]), self.gaps[gap]

    def with_block(self, index: int, block: Block, gap: tuple[str, ...]) -> ItemList:
        blocks = (*self.blocks[:index], block, *self.blocks[index:])
        place = min(max(index, 1), len(self.blocks))
        gaps = (*self.gaps[:place], gap if self.blocks else (), *self.gaps[place:])
        return replace(self, head=_filled(self.head), blocks=blocks, gaps=gaps)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A valid file in pieces that join to its text."""

    source: str
    pieces: tuple[tuple[str, ...] | ItemList, ...]
    #: The line break of a line that is added.
    newline: str

    @property
    def text(self) -> str:
        return "".join(
            line
            for piece in self.pieces
            for line in (piece.lines() if isinstance(piece, ItemList) else piece)
        )

    def list(self, name: str) -> ItemList:
        """``items`` or ``pending``.

        Raises:
            EditionError: The file has no such key.
        """
        for piece in self.pieces:
            if isinstance(piece, ItemList) and piece.name == name:
                return piece
        raise EditionError(self.source, f'there is no "{name}" in it; write "{name}: []" above its last line')

    def where(self, id_: str) -> tuple[ItemList, int]:
        """The list that has an item, and its place there.

        Raises:
            EditionError: There is no such item.
        """
        for piece in self.pieces:
            if isinstance(piece, ItemList) and (index := piece.index(id_)) is not None:
                return piece, index
        raise EditionError(self.source, f'there is no item "{id_}" in it; was it deleted?')

    def moved(self, id_: str, name: str, index: int) -> Sheet:
        """The item in another place: *index* counts in the list as it is without the item."""
        origin, at = self.where(id_)
        block = origin.blocks[at]
        left, gap = origin.without(at)
        return self.with_list(left).inserted(block, name, index, gap=gap)

    def inserted(self, block: Block, name: str, index: int, *, gap: tuple[str, ...] | None = None) -> Sheet:
        """That block as a new item, parted by *gap* from the one before it (an empty line)."""
        target = self.list(name)
        place = max(0, min(index, len(target.blocks)))
        return self.with_list(target.with_block(place, block, gap or (self.newline,)))

    def removed(self, id_: str) -> Sheet:
        origin, at = self.where(id_)
        return self.with_list(origin.without(at)[0])

    def with_block(self, block: Block) -> Sheet:
        """That block in place of the one with its id."""
        origin, at = self.where(block.id)
        return self.with_list(replace(origin, blocks=(*origin.blocks[:at], block, *origin.blocks[at + 1 :])))

    def with_list(self, changed: ItemList) -> Sheet:
        """That list in place of the one of its name."""
        return replace(
            self,
            pieces=tuple(
                changed if isinstance(piece, ItemList) and piece.name == changed.name else piece
                for piece in self.pieces
            ),
        )


def read(text: str, *, source: str) -> Sheet:
    """The pieces of *text*, which must be valid.

    Raises:
        EditionError: It is no YAML, or a list of items is written in brackets.
    """
    root = tree.read(text, source=source)
    lines = lines_of(text)
    pieces: list[tuple[str, ...] | ItemList] = []
    done = 0
    for name, start, end in _lists(root, lines):
        pieces.append(tuple(lines[done:start]))
        node = root.value[name] if isinstance(root.value, dict) else root
        if node.flow and node.value:
            raise EditionError(
                source,
                f'"{name}" is written in brackets; start each of its items on its own line, with "- id:"',
                line=start + 1,
            )
        pieces.append(_item_list(name, node, lines, start, end))
        done = end
    return Sheet(source, (*pieces, tuple(lines[done:])), newline="\r\n" if "\r\n" in text else "\n")


def lines_of(text: str) -> list[str]:
    """The lines of *text*, each with its line break."""
    return [line for line in _LINE.findall(text) if line]


def _lists(root: Node, lines: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Name, first line and the line behind the last one of each list of items; lines count from 0."""
    starts = sorted((line - 1, key) for key, (line, _) in root.keys.items())
    ends = [start for start, _ in starts[1:]] + [last_line(lines)]
    for (start, key), end in zip(starts, ends, strict=True):
        if key in (ITEMS, PENDING):
            yield key, start, content_end(lines, start, end, indent=0)


def last_line(lines: Sequence[str]) -> int:
    """Where the line that ends the document stands, counted from 0."""
    return next(number for number in range(len(lines) - 1, -1, -1) if lines[number].startswith("..."))


def content_end(lines: Sequence[str], start: int, end: int, *, indent: int) -> int:
    """Behind the last of ``lines[start:end]`` that is more than blank or a comment of what follows.

    A comment that stands deeper than *indent* belongs to what is above it.
    """
    while end > start + 1:
        line = lines[end - 1]
        comment = _COMMENT.match(line)
        if line.strip() and not (comment and len(comment[1]) <= indent):
            break
        end -= 1
    return end


def _item_list(name: str, node: Node, lines: Sequence[str], start: int, end: int) -> ItemList:
    items = node.value if isinstance(node.value, list) else []
    if not items:
        return ItemList(name, tuple(lines[start:end]))
    dashes = [_dash(lines, item) for item in items]
    bounds = [*dashes, end]
    blocks, gaps = [], []
    behind = start + 1
    for item, (dash, following) in zip(items, pairwise(bounds), strict=True):
        indent = len(lines[dash]) - len(lines[dash].lstrip(" "))
        above = _first_comment(lines, behind, dash)
        ends = content_end(lines, dash, following, indent=indent)
        gaps.append(tuple(lines[behind:above]))
        blocks.append(Block(_id(item), tuple(lines[above:ends]), dash - above))
        behind = ends
    head, tail = tuple(lines[start : start + 1]), tuple(lines[behind:end])
    return ItemList(name, head, tuple(blocks), tuple(gaps), tail)


def _dash(lines: Sequence[str], item: Node) -> int:
    """The line, counted from 0, with the ``-`` before an item."""
    at = item.line - 1
    while not lines[at].lstrip(" ").startswith("-"):
        at -= 1
    return at


def _first_comment(lines: Sequence[str], start: int, dash: int) -> int:
    """Where what stands between two items begins to be the second one's: its first comment."""
    return next((number for number in range(start, dash) if lines[number].strip()), dash)


def _id(item: Node) -> str:
    given = item.value.get("id") if isinstance(item.value, dict) else None
    return given.value if given is not None and isinstance(given.value, str) else ""


def _emptied(head: tuple[str, ...]) -> tuple[str, ...]:
    """The line of a list's key, of which the last item was taken."""
    first, *others = head
    return (re.sub(r"^(\w+:)", r"\1 []", first), *others)


def _filled(head: tuple[str, ...]) -> tuple[str, ...]:
    """The line of a list's key, before its first item."""
    return tuple(lines_of(re.sub(r":\s*\[\s*\]", ":", "".join(head), count=1)))
