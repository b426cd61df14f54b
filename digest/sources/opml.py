"""Lists of feeds as OPML 2.0 (opml.org/spec2): a section is an outline, and its feeds are in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from typing import NoReturn
from xml.parsers import expat

from digest.urls import usable

#: Bytes, nested outlines and feeds: no list of a person has more.
LARGEST, DEEPEST, MOST = 5_000_000, 50, 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A feed of a list."""

    url: str
    title: str = ""
    #: The outline that it is in, or its category; "" at the top.
    section: str = ""


def read_opml(content: bytes) -> tuple[list[Outline], list[str]]:
    """The feeds of a list, each once and in order, and a line for each that cannot be taken.

    Entities are refused where they are declared, before any could be put in place.

    Raises:
        ValueError: It is no OPML; the words say where.
    """
    if len(content) > LARGEST:
        raise ValueError(f"has more than {LARGEST // 1_000_000} MB")
    reader = _Reader()
    try:
        reader.parser.Parse(content, True)
    except expat.ExpatError as error:
        raise ValueError(f"line {error.lineno}: is not XML: {expat.ErrorString(error.code)}") from None
    if not reader.is_opml:
        raise ValueError("is XML, but not OPML")
    return list(reader.found.values()), reader.problems


def write_opml(outlines: Iterable[Outline], *, title: str) -> str:
    """The list: feeds without a section first, then each section in the order of its first feed."""
    grouped: dict[str, list[Outline]] = {"": []}
    for outline in outlines:
        grouped.setdefault(outline.section, []).append(outline)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        f"<head><title>{_text(title)}</title></head>",
        "<body>",
    ]
    for section, feeds in grouped.items():
        lines += [f'<outline text="{_text(section)}">'] if section else []
        lines += [
            f'<outline type="rss" text="{_text(feed.title or feed.url)}" title="{_text(feed.title)}" '
            f'xmlUrl="{_text(feed.url)}"/>'
            for feed in feeds
        ]
        lines += ["</outline>"] if section else []
    return "\n".join([*lines, "</body>", "</opml>", ""])


def _text(words: str) -> str:
    """*words* in an attribute: a line break in one would come back as a space."""
    return escape(words).replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")


@dataclass
class _Reader:
    found: dict[str, Outline] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    is_opml: bool = False
    #: What the outlines around the present place are called; feeds have no name here.
    _around: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.EntityDeclHandler = self._refuse
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def _refuse(self, *declared: object) -> NoReturn:
        raise ValueError(f"declares an entity, {str(declared[0])[:40]!r}: no list of feeds needs one")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name.lower() == "opml":
            self.is_opml = True
        if name.lower() != "outline":
            return
        given = {key.lower(): " ".join(value.split()) for key, value in attributes.items()}
        title = given.get("title") or given.get("text", "")
        if len(self._around) >= DEEPEST:
            raise ValueError(f"has more than {DEEPEST} nested outlines")
        url = given.get("xmlurl", "")
        self._around.append("" if url else title)
        if url:
            self._take(url, title, given.get("category", ""))

    def _end(self, name: str) -> None:
        if name.lower() == "outline" and self._around:
            self._around.pop()

    def _take(self, written: str, title: str, category: str) -> None:
        url = usable(written)
        around = next((name for name in reversed(self._around) if name), "")
        section = around or category.split(",", maxsplit=1)[0].strip("/ ").rpartition("/")[2]
        if not url:
            self.problems.append(f"“{title or written[:80]}” has no web address")
        elif len(self.found) >= MOST:
            raise ValueError(f"has more than {MOST:,} feeds")
        else:
            name = "" if title in (written, url) else title
            self.found.setdefault(url, Outline(url=url, title=name, section=section))
