"""What a publisher said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What kind of article it is; also the noun in a dig-deeper sentence."""

    REPORT = "report"
    STORY = "story"
    INTERVIEW = "interview"
    CONVERSATION = "conversation"
    COLUMN = "column"
    ANALYSIS = "analysis"
    REVIEW = "review"
    PODCAST = "podcast"
    VIDEO = "video"


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    url: str
    alt: str = ""
    caption: str = ""
    #: "Associated Press / Photo by Ariel Schalit"
    credit: str = ""
    #: Pixels; 0 when unknown.
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    url: str
    type: str = ""
    #: Bytes; 0 when unknown.
    length: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a publisher said. Never changed after parsing; ``dataclasses.replace`` it."""

    #: Stable across runs: 12 hex digits of a hash of feed address and identity.
    id: str
    feed_url: str
    #: The feed's title in the configuration: "Example Times".
    outlet: str
    #: Where a reader goes; http or https, or "" when the feed gave no usable link.
    url: str
    #: *url* in canonical form, without tracking parameters: equal for equal pages. "" without url.
    canonical_url: str = ""
    title: str
    #: The publisher's own description (plain text).
    description: str = ""
    #: The article's text: from the feed, or from the page after extraction.
    text: str = ""
    authors: tuple[str, ...] = ()
    #: What the publisher says, future dates included; see ``when``.
    published: datetime | None = None
    updated: datetime | None = None
    first_seen: datetime
    #: BCP 47 as declared ("en", "en-GB"); "" when undeclared.
    language: str = ""
    #: The publisher's own section or categories.
    categories: tuple[str, ...] = ()
    kind: Kind = Kind.REPORT
    image: Image | None = None
    enclosures: tuple[Enclosure, ...] = ()
    #: Readers without a subscription cannot read it.
    paywalled: bool = False
    #: Old when first seen (its feed turned new all at once): kept, but no candidate.
    backlog: bool = False

    @property
    def when(self) -> datetime:
        """The article's time: ``min(published, first_seen)``; so never later than it was found."""
        return self.first_seen if self.published is None else min(self.published, self.first_seen)
