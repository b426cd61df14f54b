"""A page's own style sheet, as far as it takes no CSS engine to know what it says of an element.

Read are rules that always hold, whose selectors name elements by tag, class and id, each perhaps inside of
others ("td .small"). Passed over are rules under conditions (@media, @supports), and selectors with anything
else in them (":hover", "[dir]", "a > b"), as are style sheets for paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Self

_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_SIMPLE = re.compile(r"([a-z][a-z0-9]*|\*)?((?:[.#][\w-]+)*)", re.IGNORECASE)
_NAME = re.compile(r"([.#])([\w-]+)")
_IMPORTANT = re.compile(r"\s*!\s*important\s*$", re.IGNORECASE)


class Kind(NamedTuple):
    """What a selector asks of an element, or what an element is."""

    tag: str
    id: str = ""
    classes: frozenset[str] = frozenset()

    @classmethod
    def read(cls, words: str) -> Self | None:
        """None for what is no plain selector of one element."""
        found = _SIMPLE.fullmatch(words)
        if found is None or not words:
            return None
        names = _NAME.findall(found[2])
        ids = [name for sign, name in names if sign == "#"]
        tag = (found[1] or "*").lower()
        return cls(tag, "".join(ids), frozenset(name for sign, name in names if sign == "."))

    def fits(self, element: Kind) -> bool:
        return (
            self.tag in ("*", element.tag) and self.id in ("", element.id) and self.classes <= element.classes
        )


class Declared(NamedTuple):
    name: str
    value: str
    is_important: bool


class Rule(NamedTuple):
    #: From the outermost element to the one that it is about.
    inside: tuple[Kind, ...]
    declared: tuple[Declared, ...]

    @property
    def weight(self) -> tuple[int, int, int]:
        """Its specificity (CSS Selectors 3, 9)."""
        return (
            sum(kind.id != "" for kind in self.inside),
            sum(len(kind.classes) for kind in self.inside),
            sum(kind.tag != "*" for kind in self.inside),
        )

    def fits(self, element: Kind, around: Sequence[Kind]) -> bool:
        *outer, last = self.inside
        if not last.fits(element):
            return False
        left = iter(reversed(around))
        return all(any(kind.fits(one) for one in left) for kind in reversed(outer))


class StyleSheet:
    """The rules of all *texts*, the lightest first."""

    def __init__(self, texts: Iterable[str]) -> None:
        rules = [rule for text in texts for rule in _rules(_COMMENT.sub(" ", text))]
        self._rules = sorted(rules, key=lambda rule: rule.weight)

    def of(self, element: Kind, around: Sequence[Kind], style: str = "") -> dict[str, str]:
        """What holds for an element with that *style* of its own, *around* which those others are: the value
        of each property, lower case and without white space, what was said last at the end."""
        fitting = (rule.declared for rule in self._rules if rule.fits(element, around))
        said = [*(one for declared in fitting for one in declared), *declarations(style)]
        found: dict[str, str] = {}
        for one in sorted(said, key=lambda one: one.is_important):
            found.pop(one.name, None)
            found[one.name] = one.value
        return found


def declarations(text: str) -> Iterator[Declared]:
    for part in text.split(";"):
        name, colon, value = part.partition(":")
        if colon:
            plain = _IMPORTANT.sub("", value)
            yield Declared(name.strip().lower(), "".join(plain.lower().split()), plain != value)


def _rules(text: str) -> Iterator[Rule]:
    at = 0
    while (opens := text.find("{", at)) >= 0:
        head, at = text[at:opens].rpartition(";")[2].strip(), _end(text, opens)
        if head.startswith("@"):
            continue
        declared = tuple(declarations(text[opens + 1 : at - 1]))
        for selector in head.split(","):
            words = selector.split()
            inside = tuple(kind for kind in map(Kind.read, words) if kind is not None)
            if words and len(inside) == len(words):
                yield Rule(inside, declared)


def _end(text: str, opens: int) -> int:
    """Behind the brace that closes the one at *opens*."""
    depth = 0
    for brace in re.compile(r"[{}]").finditer(text, opens):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return brace.end()
    return len(text) + 1
