"""What a feed says, in one shape for every format, before any of it is trusted or cleaned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Words:
    """A text as it stands in the feed. *html* is false only where the format says that it is plain."""

    value: str = ""
    html: bool = True


NOTHING = Words()


class NoFeedError(Exception):
    """It is no feed; the words complete "url: …". ``parse`` makes a ``ParseError`` of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawImage:
    url: str
    alt: Words = NOTHING
    caption: Words = NOTHING
    credit: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEnclosure:
    url: str
    type: str = ""
    length: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RawItem:
    """One item, entry or element of ``items``; links may be relative to *base*."""

    guid: str = ""
    link: str = ""
    base: str = ""
    title: Words = NOTHING
    summary: Words = NOTHING
    content: Words = NOTHING
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    language: str = ""
    categories: tuple[str, ...] = ()
    image: RawImage | None = None
    enclosures: tuple[RawEnclosure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFeed:
    title: Words = NOTHING
    language: str = ""
    #: Whose the items are that name nobody (Atom and JSON Feed).
    authors: tuple[str, ...] = ()
    items: tuple[RawItem, ...] = ()
    #: Items that the document has beyond those, not looked at.
    unread: int = 0


def number(text: object) -> int:
    """*text* as a count of pixels or bytes; 0 for what is none."""
    digits = str(text or "").strip().removesuffix("px")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 13 else 0
