"""The ``<meta>`` and ``<link>`` elements of a page, by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from lxml import etree, html

from digest.words.text import clean

#: Elements that are examined, and characters that a value may have: a page has about fifty.
_MOST = 400
_LONGEST = 4000
#: Elements of the body that say with ``itemprop`` (microdata) or ``property`` (RDFa) what they hold.
_ITEMS = etree.XPath("//body//*[@itemprop or @property][not(self::meta or self::link)]")
_WORTH_READING = frozenset(
    {"datepublished", "datemodified", "articlesection", "headline", "isaccessibleforfree"}
)
_LONGEST_ITEM = 300


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
    for name, value in _said(tree):
        if name and value and len(value) <= _LONGEST and (words := clean(value)):
            values.setdefault(name.strip().lower(), []).append(words)
    return Meta({name: tuple(found) for name, found in values.items()})


def _said(tree: html.HtmlElement) -> Iterator[tuple[str | None, str | None]]:
    for element in islice(tree.iter("meta", "link", "html"), _MOST):
        if element.tag == "html":
            yield "lang", element.get("lang") or element.get("xml:lang")
        elif element.tag == "link":
            yield from (
                (f"link:{relation}", element.get("href")) for relation in element.get("rel", "").split()
            )
        else:
            for attribute in ("property", "name", "itemprop", "http-equiv"):
                yield element.get(attribute), element.get("content")
    for element in _ITEMS(tree)[:_MOST]:
        for item in _WORTH_READING.intersection(_item_names(element)):
            words = element.get("content") or element.get("datetime") or "".join(element.itertext())
            yield item, words[:_LONGEST_ITEM]


def _item_names(element: html.HtmlElement) -> list[str]:
    """What it holds, without the vocabulary: "datepublished" of "schema:datePublished"."""
    said = f"{element.get('itemprop', '')} {element.get('property', '')}".lower().split()
    return [name.rpartition(":")[2] for name in said]
