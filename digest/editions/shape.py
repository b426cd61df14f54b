"""The shape of an edition's file: its keys, in the order in which they are written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from digest.model import Aside, Blurb, Image, Link, Sponsor

#: The line that ends a file. A file without it was cut short, and half an edition is never sent.
END = "..."


@dataclass(frozen=True, slots=True, kw_only=True)
class Covers:
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionFile:
    newsletter: str
    day: date
    number: int
    covers: Covers
    quiet: bool = False
    subject: str
    preheader: str = ""
    letter: str = ""
    sponsors: tuple[Sponsor, ...] = ()
    items: tuple[Blurb, ...] = ()
    pending: tuple[Blurb, ...] = ()
    quick_hits: tuple[Link, ...] = ()
    asides: tuple[Aside, ...] = ()
    corrections: tuple[str, ...] = field(default=())


TOP_KEYS = tuple(EditionFile.__dataclass_fields__)
ITEM_KEYS = tuple(Blurb.__dataclass_fields__)
IMAGE_KEYS = tuple(Image.__dataclass_fields__)
SPONSOR_KEYS = tuple(Sponsor.__dataclass_fields__)
LINK_KEYS = tuple(Link.__dataclass_fields__)
ASIDE_KEYS = tuple(Aside.__dataclass_fields__)
COVERS_KEYS = tuple(Covers.__dataclass_fields__)

#: The keys that a mapping may have, by the key it stands under ("" is the whole file).
KEYS = {
    "": TOP_KEYS,
    "covers": COVERS_KEYS,
    "items": ITEM_KEYS,
    "pending": ITEM_KEYS,
    "image": IMAGE_KEYS,
    "sponsors": SPONSOR_KEYS,
    "quick_hits": LINK_KEYS,
    "asides": ASIDE_KEYS,
}
