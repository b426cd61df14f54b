"""JSON-LD as publishers write it: one object or many, in lists and graphs, with comments, often broken."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml import html

from digest.extraction.matter import same_title
from digest.words.text import clean, unescape

Node = Mapping[str, Any]

#: The types of schema.org that are an article; a suffix will do for its many subtypes.
ARTICLES = ("Article", "BlogPosting", "Report", "Review", "LiveBlogPosting")
RECORDINGS = ("VideoObject", "PodcastEpisode", "AudioObject", "RadioEpisode")

_WRAPPING = re.compile(
    r"\A\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*.*?\*/)|(?:-->|//\s*\]\]>|\]\]>)?\s*;?\s*\Z"
)
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
#: Nodes that are examined; a page has about ten.
_MOST_NODES = 500


def nodes(tree: html.HtmlElement) -> list[Node]:
    """Every typed object of the page's JSON-LD blocks, outer ones first. A broken block has none."""
    found: list[Node] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            found.extend(_walk(_loads(script.text)))
            if len(found) >= _MOST_NODES:
                break
    return found[:_MOST_NODES]


def _loads(text: str) -> Any:
    text = _WRAPPING.sub("", text)
    for attempt in (text, _TRAILING_COMMA.sub("", text)):
        try:
            return json.loads(attempt, strict=False)  # not strict: raw line breaks inside strings
        except (ValueError, RecursionError):
            continue
    return None


def _walk(data: Any) -> Iterator[Node]:
    level, seen = [data], 0
    while level and seen < _MOST_NODES:
        following: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                if "@type" in value:
                    seen += 1
                    yield value
                following += (value[key] for key in ("@graph", "mainEntity", "video") if key in value)
            elif isinstance(value, list):
                following += value
        level = following


def types(node: Node) -> tuple[str, ...]:
    """The names in ``@type``, without "http://schema.org/" or "schema:"."""
    return tuple(re.split(r"[/:#]", kind)[-1] for kind in many(node.get("@type")) if isinstance(kind, str))


def article(found: Sequence[Node], *, title: str = "", only_articles: bool = False) -> Node:
    """The node about the page's article; else that of its recording; else an empty one.

    Of several articles it is the one with the page's *title*, else the first. Where a property only names
    another node (``{"@id": …}``), that node is in its place.
    """
    known = {node["@id"]: node for node in reversed(found) if isinstance(node.get("@id"), str)}
    for suffixes in (ARTICLES,) if only_articles else (ARTICLES, RECORDINGS):
        several = [node for node in found if any(kind.endswith(suffixes) for kind in types(node))]
        own = (node for node in several if same_title(text(node.get("headline")), title))
        if several:
            return {name: _resolved(value, known) for name, value in next(own, several[0]).items()}
    return {}


def _resolved(value: Any, known: Mapping[str, Node]) -> Any:
    if isinstance(value, list):
        return [_resolved(one, known) for one in value if not isinstance(one, list)]
    if isinstance(value, dict) and set(value) == {"@id"} and isinstance(value["@id"], str):
        return known.get(value["@id"], value)
    return value


def many(value: Any) -> list[Any]:
    """A property that may have one value, several or none."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def text(value: Any) -> str:
    """The words of a property: a string, or the name of an object; the first of several."""
    for one in many(value):
        words = one.get("name") or one.get("@value") if isinstance(one, dict) else one
        if isinstance(words, str) and (plain := clean(unescape(words))):
            return plain
    return ""


def address(value: Any) -> str:
    """An address that is given as a string or as an object with ``url``."""
    for one in many(value):
        found = (one.get("url") or one.get("contentUrl")) if isinstance(one, dict) else one
        if isinstance(found, str) and found.strip():
            return found.strip()
    return ""
