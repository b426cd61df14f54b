"""A text without its marks, and where each of its characters is in the text as it was written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from digest.words import marks

_EDGE = {"em": len("*"), "strong": len("**"), "a": len("[")}


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link: ``[words](url)`` is ``text[start:end]`` of the marked text."""

    url: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Unmarked:
    #: The words alone, without the addresses of links.
    text: str
    #: For each character of *text*, its place in the marked text.
    places: tuple[int, ...]
    anchors: tuple[Anchor, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where ``text[start:end]``, which is not empty, stands in the marked text."""
        return self.places[start], self.places[end - 1] + 1


def unmarked(marked: str) -> Unmarked:
    """*marked* as ``marks.read`` reads it."""
    walk = _Walk(marked)
    walk.over(marks.read(marked))
    text = "".join(marked[place] for place in walk.places)
    return Unmarked(text, tuple(walk.places), tuple(walk.anchors))


class _Walk:
    """Goes through a text and its tree side by side: the tree says which stars and brackets are marks."""

    def __init__(self, marked: str) -> None:
        self._marked = marked
        self._at = 0
        self.places: list[int] = []
        self.anchors: list[Anchor] = []

    def over(self, nodes: Iterable[marks.Node]) -> None:
        for node in nodes:
            if isinstance(node, str):
                self._over_words(len(node))
            else:
                self._over_mark(node)

    def _over_words(self, count: int) -> None:
        for _ in range(count):
            if self._marked[self._at] == "\\" and self._marked[self._at + 1 : self._at + 2] in _ESCAPED:
                self._at += 1
            self.places.append(self._at)
            self._at += 1

    def _over_mark(self, mark: marks.Mark) -> None:
        start = self._at
        self._at += _EDGE[mark.kind]
        self.over(mark.children)
        if mark.kind == "a":
            self._at += len(f"]({mark.url})")
            self.anchors.append(Anchor(mark.url, start, self._at))
        else:
            self._at += _EDGE[mark.kind]


_ESCAPED = frozenset(marks.SPECIAL)
