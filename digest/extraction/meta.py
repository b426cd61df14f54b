"""The ``<meta>`` and ``<link>`` elements of a page, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import html

from digest.text import clean

#: Elements that are looked at, and characters that a value may have: a page has about fifty.
_MOST = 400
_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Meta:
    """What the page says of itself. Names in lower case, whichever attribute they stood in."""

    values: Mapping[str, tuple[str, ...]]

    def first(self, *names: str) -> str:
        """The first value of the first of these that has one, or ""."""
        return next((self.values[name][0] for name in names if name in self.values), "")

    def all(self, *names: str) -> tuple[str, ...]:
        return tuple(value for name in names for value in self.values.get(name, ()))


def read_meta(tree: html.HtmlElement) -> Meta:
    """``<link rel="x" href>`` is called "link:x"; ``<html lang>`` "lang"."""
    values: dict[str, list[str]] = {}

    def note(name: str | None, value: str | None) -> None:
        if name and value and len(value) <= _LONGEST and (words := clean(value)):
            values.setdefault(name.strip().lower(), []).append(words)

    for count, element in enumerate(tree.iter("meta", "link", "html")):
        if count > _MOST:
            break
        if element.tag == "html":
            note("lang", element.get("lang") or element.get("xml:lang"))
        elif element.tag == "link":
            for relation in (element.get("rel") or "").split():
                note(f"link:{relation}", element.get("href"))
        else:
            for attribute in ("property", "name", "itemprop", "http-equiv"):
                note(element.get(attribute), element.get("content"))
    return Meta({name: tuple(found) for name, found in values.items()})
