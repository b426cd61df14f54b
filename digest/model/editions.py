"""What an edition's file says, and what is known beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from digest.model.articles import Image
from digest.model.keys import EditionKey, Window
from digest.model.stories import Provenance


class Use(StrEnum):
    YES = "yes"
    NO = "no"
    #: Not today: offered again in the next edition.
    HOLD = "hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blurb:
    """One item of an edition, as its file has it.

    *summary*, *context* and *dig_deeper* may hold the inline marks that an editor writes:
    ``*italic*``, ``**bold**`` and ``[words](https://…)``.
    """

    #: The lead article's id, or an editor's own.
    id: str
    use: Use = Use.YES
    section: str = ""
    headline: str
    url: str = ""
    outlet: str = ""
    #: "By A, B & C", or "".
    byline: str = ""
    summary: str
    #: A bold question, and the paragraph that answers it; both or neither.
    question: str = ""
    context: str = ""
    #: "Read Ana Sá’s [report](https://…) in *The Example* about the truce."
    dig_deeper: str = ""
    image: Image | None = None
    #: A materially changed story: shown with "UPDATE:".
    update: bool = False
    #: The link needs a subscription: shown with "(subscription)".
    subscription: bool = False
    correction: str = ""
    #: Numbers, names and quotations that no source holds: the editors answer for them.
    vouched: tuple[str, ...] = ()
    written_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    text: str
    url: str
    outlet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    text: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A number or quote of the day."""

    title: str
    text: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sponsor:
    """A paid slot: *place* is "top" or "after first"; shown on days in [starts, ends]."""

    name: str
    text: str
    url: str
    place: str = "top"
    starts: date | None = None
    ends: date | None = None
    image: Image | None = None

    def runs_on(self, day: date) -> bool:
        return (self.starts is None or self.starts <= day) and (self.ends is None or day <= self.ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    title: str
    blurbs: tuple[Blurb, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The content of an edition's file, in which the editors have the last word."""

    key: EditionKey
    number: int
    window: Window
    #: A short mail that says that the day is quiet: it may go out without an item.
    quiet: bool = False
    #: At most 60 characters.
    subject: str
    #: At most 90 characters.
    preheader: str
    #: Paragraphs parted by an empty line, with inline marks; the first may be a greeting.
    letter: str = ""
    sponsors: tuple[Sponsor, ...] = ()
    blurbs: tuple[Blurb, ...] = ()
    pending: tuple[Blurb, ...] = ()
    quick_hits: tuple[Link, ...] = ()
    asides: tuple[Aside, ...] = ()
    corrections: tuple[str, ...] = ()

    @property
    def used(self) -> tuple[Blurb, ...]:
        """The blurbs that go out, in the file's order."""
        return tuple(blurb for blurb in self.blurbs if blurb.use is Use.YES)

    def sections(self, order: Sequence[str]) -> tuple[Section, ...]:
        """The blurbs that go out by section: *order* first, then others as they first appear."""
        titles = dict.fromkeys([*order, *(blurb.section for blurb in self.used)])
        grouped = ((title, tuple(b for b in self.used if b.section == title)) for title in titles)
        return tuple(Section(title=title, blurbs=blurbs) for title, blurbs in grouped if blurbs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Somebody approved this content, and no other, for sending."""

    #: SHA-256 (hex) of the rendered content.
    sha256: str
    #: A name, as they gave it.
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionRecord:
    """What the store keeps of a composed edition, beside its file."""

    key: EditionKey
    number: int
    window: Window
    #: The file as the machine wrote it; a file that differs was edited.
    composed: str = field(repr=False)
    composed_at: datetime
    #: The one before it, for as long as the file may still be of that; else "".
    former: str = field(default="", repr=False)
    #: By blurb id.
    provenance: Mapping[str, Provenance] = field(default_factory=dict)
    approval: Approval | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What an editor should look at before an edition goes out."""

    #: "error": it must not go out like this. "warning": fix it, unless it is meant. "note": good to know.
    level: Literal["error", "warning", "note"]
    #: The blurb's id; "" when it is about the edition.
    item: str
    #: The key in the edition's file, as in "headline" or "quick_hits"; "html" is the mail as a whole, and ""
    #: the whole item.
    key: str
    #: What was found, and what to do about it.
    words: str
    #: Where in the key's text, marks included: ``text[start:end]``; -1 when it is about all of it.
    start: int = -1
    end: int = -1
    #: The words that an editor may vouch for, so that it is not said again; "" where that is no answer.
    vouch: str = ""
