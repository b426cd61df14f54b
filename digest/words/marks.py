"""Inline marks: ``*italic*``, ``**bold**`` and ``[words](https://…)``, as editors write them.

A mark that is not closed, a link to anything but http, https or mailto, and a run of more than three
stars stay the characters that they are. A backslash before ``*``, ``[``, ``]`` or ``\\`` takes the
character as it is. Marks nest at most five deep, and reading takes time in proportion to the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import groupby

SPECIAL = "\\*[]"
MARKED = re.compile(r"[\\*\[\]]")

#: What may follow the words of a link: no space, and brackets only in pairs (as in ``…/A_(b)``).
TARGET = re.compile(r"\(((?:https?://|mailto:)[^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)\)", re.IGNORECASE)

#: Stars that have a neighbour, or are at an end and so may get one when the text is put into another.
TOUCHING = re.compile(r"(?<!\s)\*|\*(?!\s)")
_IN_ADDRESS = str.maketrans({mark: f"%{ord(mark):02X}" for mark in ' ()[]*\\<>"'})


@dataclass(frozen=True, slots=True)
class Mark:
    """Marked words. *kind* is the HTML element: "em", "strong" or "a"."""

    kind: str
    children: tuple[Node, ...]
    url: str = ""


Node = str | Mark


@dataclass(frozen=True, slots=True)
class Stars:
    """One to three stars that may open a mark, close one, or both."""

    count: int
    opens: bool
    closes: bool

    @property
    def kinds(self) -> tuple[str, ...]:
        """What the stars open, outermost first."""
        return {1: ("em",), 2: ("strong",), 3: ("strong", "em")}[self.count]


@lru_cache(maxsize=512)  # each part of a mail reads the same texts
def read(text: str) -> tuple[Node, ...]:
    """*text* as a tree. Without marks in it: one string, or none when *text* is empty."""
    if not MARKED.search(text):
        return (text,) if text else ()
    return _paired(_tokens(text, 0, len(text), _brackets(text)))


def html(nodes: Iterable[Node], *, link_style: str = "") -> str:
    """Escaped HTML; *link_style* is the CSS of its links."""
    style = f' style="{escape(link_style)}"' if link_style else ""

    def element(mark: Mark) -> str:
        attributes = f' href="{escape(mark.url)}"{style}' if mark.kind == "a" else ""
        return f"<{mark.kind}{attributes}>{_joined(mark.children, escape, element)}</{mark.kind}>"

    return _joined(nodes, escape, element)


def plain(nodes: Iterable[Node]) -> str:
    """The words alone, each link followed by its address: "the report (https://…)"."""

    def words(mark: Mark) -> str:
        inner = _joined(mark.children, str, words)
        return inner if mark.kind != "a" or inner == mark.url else f"{inner} ({mark.url})"

    return _joined(nodes, str, words)


def link(words: str, url: str) -> str:
    """Marked text of one link: *words* as they are, and *url* so that no mark of its own ends it."""
    return f"[{escape_marks(words)}]({url.translate(_IN_ADDRESS)})"


def escape_marks(text: str) -> str:
    """*text* with a backslash wherever ``read`` would see a mark, so that it is shown word for word.

    It stays so when it is put into marked text, between the brackets of a link included; text
    without anything that looks like a mark comes back unchanged.
    """
    brackets = "](" in text or not _balanced(text)

    def guarded(match: re.Match[str]) -> str:
        char, at = match[0], match.start()
        if char == "*":
            needed = TOUCHING.match(text, at) is not None
        elif char == "\\":
            needed = at + 1 == len(text) or text[at + 1] in SPECIAL
        else:
            needed = brackets
        return f"\\{char}" if needed else char

    return MARKED.sub(guarded, text)


def _joined(nodes: Iterable[Node], words: Callable[[str], str], element: Callable[[Mark], str]) -> str:
    return "".join(words(node) if isinstance(node, str) else element(node) for node in nodes)


def _balanced(text: str) -> bool:
    depth = 0
    for char in re.findall(r"[\[\]]", text):
        depth += 1 if char == "[" else -1
        if depth < 0:
            return False
    return depth == 0


def _brackets(text: str) -> dict[int, int]:
    """Where each ``[`` that has a partner is closed."""
    pairs, opened = {}, list[int]()
    for match in re.finditer(r"\\[\\*\[\]]|[\[\]]", text):
        if match[0] == "[":
            opened.append(match.start())
        elif match[0] == "]" and opened:
            pairs[opened.pop()] = match.start()
    return pairs


def _tokens(text: str, start: int, end: int, pairs: dict[int, int]) -> list[Node | Stars]:
    """``text[start:end]`` as words, stars and whole links. Words are never empty."""
    tokens: list[Node | Stars] = []
    words: list[str] = []
    at = start

    def add(token: Mark | Stars) -> None:
        if words:
            tokens.append("".join(words))
            words.clear()
        tokens.append(token)

    for match in re.compile(r"\\[\\*\[\]]|\*+|\[").finditer(text, start, end):
        if match.start() < at:  # inside a link that was taken whole
            continue
        words.append(text[at : match.start()])
        at = match.end()
        if match[0] == "[":
            close = pairs.get(match.start(), -1)
            target = TARGET.match(text, close + 1, end) if match.end() < close else None
            if target is None:
                words.append("[")
            else:
                inner = _tokens(text, match.end(), close, {})  # no link within a link
                add(Mark("a", _paired(inner), target[1]))
                at = target.end()
        elif match[0][0] == "\\":
            words.append(match[0][1])
        elif len(match[0]) > 3:
            words.append(match[0])
        else:
            opens = at < end and not text[at].isspace()
            closes = match.start() > start and not text[match.start() - 1].isspace()
            add(Stars(len(match[0]), opens, closes))
    if words or at < end:
        tokens.append("".join([*words, text[at:end]]))
    return [token for token in tokens if token != ""]


def _paired(tokens: Sequence[Node | Stars]) -> tuple[Node, ...]:
    """Stars in pairs become marks; the others become words again."""
    out: list[Node] = []
    opened: dict[str, int] = {}  # kind → where its stars stand in out; at most one of each kind
    for token in tokens:
        if not isinstance(token, Stars):
            out.append(token)
        elif token.closes and all(kind in opened for kind in token.kinds):
            for kind in sorted(token.kinds, key=lambda kind: -opened[kind]):
                _close(kind, out, opened)
        elif token.opens:
            for kind in token.kinds:
                opened[kind] = len(out)
                out.append("*" if kind == "em" else "**")
        else:
            out.append("*" * token.count)
    return tuple(_merged(out))


def _close(kind: str, out: list[Node], opened: dict[str, int]) -> None:
    """Fold everything behind the opening stars of *kind* into one mark."""
    at = opened.pop(kind)
    for other in [other for other, place in opened.items() if place > at]:
        del opened[other]  # crossing marks: the inner stars are only stars
    out[at:] = [Mark(kind, tuple(_merged(out[at + 1 :])))]


def _merged(nodes: Iterable[Node]) -> Iterator[Node]:
    """The same with neighbouring words joined."""
    for are_words, group in groupby(nodes, key=lambda node: isinstance(node, str)):
        if are_words:
            yield "".join(node for node in group if isinstance(node, str))
        else:
            yield from group
