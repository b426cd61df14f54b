"""Who gets an edition, and what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from html import escape
from typing import Protocol

from digest.model.keys import EditionKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    #: Opaque and random; what the ledger and tokens name, never the address.
    id: str
    newsletter: str
    email: str = field(repr=False)
    name: str = field(default="", repr=False)
    #: "active", "unconfirmed", "unsubscribed" or "suppressed"; only who is active gets editions.
    state: str = "active"
    added_at: datetime
    #: Wants text only: a mail without its HTML.
    plain: bool = False
    #: What operators and readers sort by, each small letters, digits and hyphens.
    tags: tuple[str, ...] = ()
    #: When the reader confirmed the address, and how consent was given; no network address is kept.
    confirmed_at: datetime | None = None
    consent: str = ""
    #: When the state last changed; None when nobody noted it.
    changed_at: datetime | None = None
    #: An address that is to take the place of ``email`` once the reader confirms it.
    moving_to: str = field(default="", repr=False)

    def has_left_since(self, moment: datetime) -> bool:
        return self.state == "unsubscribed" and self.changed_at is not None and self.changed_at > moment


class Reader(Protocol):
    """What a mail has to know about its subscriber."""

    @property
    def id(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def plain(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Slotted:
    """Text made once for an edition, with holes that each subscriber fills.

    ``pieces`` has one more element than ``slots``: piece, slot, piece, slot, …, piece.
    """

    pieces: tuple[str, ...]
    slots: tuple[str, ...]

    def fill(self, values: Mapping[str, str]) -> str:
        """The whole text; a KeyError names a slot without a value."""
        parts = [self.pieces[0]]
        for slot, piece in zip(self.slots, self.pieces[1:], strict=True):
            parts += (values[slot], piece)
        return "".join(parts)


#: No text at all.
NOTHING = Slotted(("",), ())

#: Bytes of a mail's HTML that Gmail shows: the rest, with the link to unsubscribe, is cut off.
GMAIL = 102_400


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rendered:
    """An edition, rendered once for all its subscribers. Compared by identity."""

    key: EditionKey
    subject: str
    html: Slotted = field(repr=False)
    text: Slotted = field(repr=False)
    #: The edition's web page: no slot, nothing of a subscriber.
    web: str = field(repr=False)
    #: SHA-256 (hex) of subject, html, text and web: what is approved and what the ledger stores.
    sha256: str
    #: What the mail is about if it is not an edition, as in "confirm".
    about: str = ""
    #: Blurbs left out because they break the template: (blurb id, why).
    dropped: tuple[tuple[str, str], ...] = ()
    #: What was shortened to keep the HTML below ``GMAIL``: (blurb id, or "" for what is no blurb; how).
    #: The web page has all of it.
    shortened: tuple[tuple[str, str], ...] = ()
    #: The edition as JSON, with what goes out and nothing else, for the archive; "" if it is not an edition.
    source: str = field(default="", repr=False)
    #: The key of its mails in the ledger, so that nobody gets the same twice: the edition, or something
    #: about it.
    entry: EditionKey = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # The name of a newsletter has no "#".
        name = f"{self.key.newsletter}#{self.about}" if self.about else self.key.newsletter
        object.__setattr__(self, "entry", EditionKey(newsletter=name, day=self.key.day))

    @property
    def is_text_only(self) -> bool:
        """For a reader who prefers plain text: there is no HTML part."""
        return self.html == NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One subscriber's mail. ``values`` fill the slots of ``rendered``; plain text, not escaped."""

    rendered: Rendered
    #: The recipient's id in the ledger.
    subscriber_id: str
    to: str = field(repr=False)
    to_name: str = field(default="", repr=False)
    #: "The Sift <sift@example.org>", as the configuration has it.
    sender: str
    reply_to: str = ""
    #: Where bounces go, a bare address (VERP); "" means the sender.
    envelope_sender: str = field(default="", repr=False)
    #: Stable for (edition, subscriber), so that a repeated mail folds into the first.
    message_id: str
    #: Further header fields, in order; ASCII and free of line breaks.
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    values: Mapping[str, str] = field(repr=False)
    date: datetime

    @property
    def html(self) -> str:
        return self.rendered.html.fill({slot: escape(value) for slot, value in self.values.items()})

    @property
    def text(self) -> str:
        return self.rendered.text.fill(self.values)


class Letter(StrEnum):
    """A mail to one address that somebody typed in: asking for it subscribes nobody."""

    #: Asks whether the address's reader wants the newsletter.
    CONFIRM = "confirm"
    #: Says that the address is subscribed already.
    KNOWN = "known"
    #: Asks whether the newsletter is to come to this address, in place of an old one.
    MOVE = "move"
