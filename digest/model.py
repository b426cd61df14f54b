"""The words: everything that travels from stage to stage, frozen.

``Fetched`` → ``Article`` → ``Story`` → ``Blurb`` in ``Section`` in ``Edition`` → ``Mail`` → ``Receipt``.

All moments are aware and in UTC; all text is plain text without control characters, its paragraphs
parted by a line break, unless a field says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from html import escape
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionKey:
    """Which edition: a newsletter's key and a day of its own calendar."""

    newsletter: str
    day: date

    def __str__(self) -> str:
        return f"{self.newsletter}/{self.day.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The time that an edition covers: *since* belongs to it, *until* does not."""

    since: datetime
    until: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.since <= moment < self.until


# --- what the network gave -------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One address to fetch, with what is known of it from last time."""

    url: str
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # may hold credentials
    etag: str = ""
    last_modified: str = ""
    #: SHA-256 (hex) of the last body; the same body again is ``Unchanged``.
    body_sha256: str = ""
    #: The host of *url* may resolve to a private address (other hosts may not).
    allow_private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An answer with a body: status 200, decompressed."""

    #: The address that was asked for, as in the request.
    url: str
    #: The address that answered, after redirects.
    final_url: str
    #: Set when every redirect on the way was a permanent one (301, 308): ask there from now on.
    moved_to: str = ""
    #: Names in lower case.
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(repr=False)
    body_sha256: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """An answer that says: as last time (304, or the very same bytes)."""

    url: str
    moved_to: str = ""
    etag: str = ""
    last_modified: str = ""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What is remembered of a feed between two runs."""

    url: str
    etag: str = ""
    last_modified: str = ""
    body_sha256: str = ""
    moved_to: str = ""
    #: How its articles are told apart, chosen on first sight and kept: "guid", "link" or "hash".
    identity: str = ""
    #: Not to be asked before (429 or 503 with Retry-After).
    not_before: datetime | None = None
    #: When the publisher said 410 Gone: never asked again until its address changes.
    gone_at: datetime | None = None
    checked_at: datetime | None = None
    succeeded_at: datetime | None = None
    #: Failures in a row, and the last one's words.
    failures: int = 0
    problem: str = ""


# --- what a publisher said --------------------------------------------------------------------


class Kind(StrEnum):
    """What sort of piece it is; also the noun in a dig-deeper sentence."""

    REPORT = "report"
    STORY = "story"
    INTERVIEW = "interview"
    CONVERSATION = "conversation"
    COLUMN = "column"
    ANALYSIS = "analysis"
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
    #: A reader without a subscription cannot read it.
    paywalled: bool = False
    #: Old when first seen (its feed turned new all at once): kept, but no candidate.
    backlog: bool = False

    @property
    def when(self) -> datetime:
        """The article's time: ``min(published, first_seen)``; so never in the future of its finding."""
        return self.first_seen if self.published is None else min(self.published, self.first_seen)


# --- what was chosen, and our words -------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Chosen: its lead article, who else covers it, and why it is in."""

    lead: Article
    rivals: tuple[Article, ...] = ()
    section: str
    score: float
    #: "3 h old", "also in Kestrel Radio": each a few words, in the order of their weight.
    reasons: tuple[str, ...] = ()
    #: A recent edition ran it, and it has changed materially since.
    update: bool = False
    #: The related piece that its dig-deeper sentence leads to; None when nothing is related enough.
    deeper: Article | None = None
    #: Earlier and other pieces on the same matter, the most related first: material for context.
    background: tuple[Article, ...] = ()

    @property
    def told(self) -> tuple[Article, ...]:
        """Every article that tells the story: the lead first."""
        return (self.lead, *self.rivals)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A story that a recent edition ran."""

    day: date
    #: Its lead, as it was read then.
    article: Article
    #: What the edition said: headline, summary and context.
    words: str
    #: What else was known then: who told it besides, and what it led to.
    sources: tuple[Article, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An article that was considered, for ``--explain``."""

    article: Article
    score: float
    reasons: tuple[str, ...]
    #: "chosen", or the reason why not: "too old", "same story as …", "over the limit of its feed".
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    stories: tuple[Story, ...]
    #: Stories that just missed, best first.
    spares: tuple[Story, ...]
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Where a sentence stands: ``text[start:end]`` of that article's text, in characters."""

    article_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What a blurb rests on."""

    #: Ids of all articles that its words may come from: who tells the story, and where it leads.
    articles: tuple[str, ...]
    #: One for each sentence that is verbatim, of the summary and then of the context.
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A question that a summary leaves open, and the paragraph that answers it."""

    question: str
    text: str
    #: One for each sentence of *text*, in order; empty when the words are not verbatim.
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A summarizer's answer."""

    text: str
    #: One for each sentence of *text*, in order; empty when the words are not verbatim.
    spans: tuple[Span, ...] = ()
    #: "extractive", "publisher" (its own description) or a model's name.
    written_by: str
    context: Context | None = None
    #: What ``Story.deeper`` is about, in words that read on behind "about"; "" when the summarizer has none.
    topic: str = ""
    #: Why a summarizer that was asked before did not write it; "" when the first one did.
    reason: str = ""


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
    """What an edition's file says: the editors have the last word in it."""

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
    """Somebody said that this content, and no other, may go out."""

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
    #: By blurb id.
    provenance: Mapping[str, Provenance] = field(default_factory=dict)
    approval: Approval | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What an editor should look at before an edition goes out."""

    #: "error": it must not go out like this. "warning": mend it, or mean it. "note": good to know.
    level: Literal["error", "warning", "note"]
    #: The blurb's id; "" when it is about the edition.
    item: str
    #: The key in the edition's file, as in "headline" or "quick_hits"; "html" is the mail as a whole, and ""
    #: the whole item.
    key: str
    #: What is so, and what to do about it.
    words: str
    #: Where in the key's text, marks included: ``text[start:end]``; -1 when it is about all of it.
    start: int = -1
    end: int = -1
    #: The words that an editor may vouch for, so that it is not said again; "" where that is no answer.
    vouch: str = ""


# --- what was sent ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What an edition said when it was sent: whatever becomes of its file, the archive shows this."""

    key: EditionKey
    #: As in the ledger's rows.
    sha256: str
    #: ``Rendered.source``.
    source: str = field(repr=False)
    #: When the first of its mails was about to leave.
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What an edition got wrong, and what is so. One for each (edition, item, text)."""

    key: EditionKey
    #: A blurb's id; "" when it is about the edition as a whole.
    item: str = ""
    #: One paragraph; inline marks work in it.
    text: str
    #: (wrong words, right words): how the pages of the archive read from now on.
    replaced: tuple[tuple[str, str], ...] = ()
    at: datetime
    #: The edition whose draft was given it for its corrections; None while none was.
    told_on: date | None = None

    @property
    def id(self) -> str:
        """12 hex digits, different within an edition."""
        return sha256(f"{self.item}\0{self.text}".encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """An edition as the archive knows it."""

    #: As it was sent.
    edition: Edition = field(repr=False)
    #: When it was.
    at: datetime
    #: The oldest first.
    corrections: tuple[Correction, ...] = ()

    @property
    def changed_at(self) -> datetime:
        return max([self.at, *(correction.at for correction in self.corrections)])


# --- mails ------------------------------------------------------------------------------------------


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
    #: What the mail is about when it is no edition, as in "confirm".
    about: str = ""
    #: Blurbs left out because they break the template: (blurb id, why).
    dropped: tuple[tuple[str, str], ...] = ()
    #: What was shortened to keep the HTML below ``GMAIL``: (blurb id, or "" for what is no blurb; how).
    #: The web page has all of it.
    shortened: tuple[tuple[str, str], ...] = ()
    #: The edition as JSON, with what goes out and nothing else, for the archive; "" for what is no edition.
    source: str = field(default="", repr=False)

    @property
    def entry(self) -> EditionKey:
        """What the ledger books its mails under, so that nobody gets the same twice.

        The edition itself, or what is about it: the name of a newsletter has no "#".
        """
        name = f"{self.key.newsletter}#{self.about}" if self.about else self.key.newsletter
        return EditionKey(newsletter=name, day=self.key.day)

    @property
    def is_text_only(self) -> bool:
        """For a reader who wants it so: there is no HTML part."""
        return self.html == NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One subscriber's mail. ``values`` fill the slots of ``rendered``; plain text, not escaped."""

    rendered: Rendered
    #: What the ledger calls the receiver.
    subscriber_id: str
    to: str = field(repr=False)
    to_name: str = field(default="", repr=False)
    #: "The Sift <sift@example.org>", as the configuration has it.
    sender: str
    reply_to: str = ""
    #: Who is told when it bounces, an address alone (VERP); "" is the sender.
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


class Outcome(StrEnum):
    SENT = "sent"
    #: Never to be tried again for this edition: bad address, blocked.
    REFUSED = "refused"
    #: May be tried again later.
    DEFERRED = "deferred"
    #: Nobody knows whether it left; tried again only when an operator says so.
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of one mail, in our words, with the provider's beside them."""

    subscriber_id: str
    outcome: Outcome
    remote_id: str = ""
    detail: str = field(default="", repr=False)  # a server may quote the address


class Standing(StrEnum):
    """Where a campaign stands at its provider."""

    #: Nothing of it leaves before it is launched.
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    #: Held back at the provider, part of it perhaps sent.
    PAUSED = "paused"
    #: Called off at the provider: it will never be sent.
    CANCELLED = "cancelled"
    #: The provider does not say.
    UNKNOWN = "unknown"


#: What the ledger calls a campaign's one receiver: the list that its provider holds.
CAMPAIGN = "campaign"


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """An edition as one mail to a list that a provider holds, which fills the slots by itself."""

    rendered: Rendered
    #: "The Sift <sift@example.org>", as the configuration has it.
    sender: str
    reply_to: str = ""
    postal_address: str
    #: Header fields that are the same for all readers, in order; ASCII and free of line breaks.
    headers: tuple[tuple[str, str], ...] = ()
    #: When the provider is to send it; None is at once.
    at: datetime | None = None

    @property
    def name(self) -> str:
        """What the provider calls it, and what it is found by: edition and content."""
        return f"{self.rendered.key} {self.content}"

    @property
    def content(self) -> str:
        """The beginning of the content's SHA-256: enough to tell that it is another one."""
        return self.rendered.sha256[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """A campaign as its provider has it."""

    id: str
    standing: Standing
    #: ``Campaign.content`` of what it was made from; "" when that cannot be told.
    content: str = ""
    #: More about it, as in "120 of 1204 mails".
    words: str = ""


class State(StrEnum):
    """Where a subscriber's mail of an edition stands: pending, then sending, then what its receipt said."""

    #: On the edition's list; nobody has begun with it.
    PENDING = "pending"
    #: Claimed before its mail left, and no receipt yet: in flight, or its process is gone.
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    DEFERRED = "deferred"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How an edition's list stands: everyone on it is counted in exactly one of the five."""

    sent: int = 0
    refused: int = 0
    deferred: int = 0
    #: Those whose process is gone without a receipt are among them.
    unsure: int = 0
    #: Those whose process is at it are among them.
    pending: int = 0

    @property
    def total(self) -> int:
        return self.sent + self.refused + self.deferred + self.unsure + self.pending

    def counts(self) -> dict[str, int]:
        """Those that are not 0, by name."""
        return {one.name: count for one in fields(self) if (count := getattr(self, one.name))}

    def __str__(self) -> str:
        """ "990 sent + 2 refused + 8 deferred = 1000 on the list"."""
        parts = " + ".join(f"{count} {name}" for name, count in self.counts().items())
        return f"{parts} = {self.total} on the list" if parts else "nobody is on the list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A row of the ledger: one subscriber's mail of one edition."""

    key: EditionKey
    subscriber_id: str
    state: State
    #: "" until it was claimed once; then always the same.
    message_id: str
    sha256: str
    at: datetime
    #: What the provider calls it; "" until that is known.
    remote_id: str = ""
    detail: str = field(default="", repr=False)
    #: What came back after it was sent, an ``EventKind``; its state stays what it was.
    returned: str = ""


# --- what comes back ---------------------------------------------------------------------------------


class EventKind(StrEnum):
    """What came back of a mail, the weightiest first."""

    COMPLAINT = "complaint"
    UNSUBSCRIBE = "unsubscribe"
    #: There is no such address.
    HARD = "hard"
    #: The address could not take it: a full mailbox, a server that never answered.
    SOFT = "soft"
    #: The mail or its sender was not wanted; that says nothing about the address.
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailEvent:
    """What a bounce, a complaint or a provider says of one mail to one reader."""

    kind: EventKind
    #: Who says so: "mail" for what came by mail, else a provider's name.
    source: str
    #: The same whenever the same is told again, and for nothing else of that source.
    id: str
    #: A provider said it and proved so. What comes by mail has to bring what only that mail had.
    proven: bool = False
    #: Addresses, one of which was the reader's.
    recipients: tuple[str, ...] = field(default=(), repr=False)
    #: Addresses to which it came back: that of a mail is its own (VERP).
    returned_to: tuple[str, ...] = field(default=(), repr=False)
    #: Tokens in the mail's own List-Unsubscribe.
    tokens: tuple[str, ...] = field(default=(), repr=False)
    message_id: str = ""
    #: What the sender gave the provider to keep beside the mail.
    newsletter: str = ""
    day: date | None = None
    subscriber_id: str = ""
    #: RFC 3463, as in "5.1.1"; "" when none was given.
    status: str = ""
    #: The server's words, addresses masked.
    detail: str = ""


class Reason(StrEnum):
    """Why an address gets nothing, the weightiest first."""

    #: For ever: only an operator who insists takes it back.
    COMPLAINT = "complaint"
    HARD = "hard"
    #: Too many soft bounces.
    SOFT = "soft"
    #: An operator said so.
    MANUAL = "manual"
    #: A list said so.
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppressed:
    """An address that gets nothing of a newsletter, whoever adds it."""

    newsletter: str
    email: str = field(repr=False)
    reason: Reason
    #: Who said so: a ``MailEvent.source``, "smtp", "operator" or "list".
    source: str
    detail: str = ""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A line of the journal: what was tried for a newsletter, and what became of it."""

    newsletter: str
    day: date
    #: "build", "send" or "correct".
    stage: str
    at: datetime
    #: The exit code, and the line that was printed with it.
    code: int
    words: str


# --- what is done when ---------------------------------------------------------------------------------


class Stage(StrEnum):
    """What is done once for an edition, or again and again for a newsletter or a project."""

    BUILD = "build"
    REMIND = "remind"
    SEND = "send"
    #: Asking the feeds between two builds.
    FETCH = "fetch"
    BOUNCES = "bounces"
    PRUNE = "prune"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """How one stage of one day stands, as the store knows it: one row for each (newsletter, day, stage)."""

    key: EditionKey
    stage: Stage
    #: Nothing more is to be done about it.
    settled: bool
    #: When it was begun, or left.
    at: datetime
    #: How often it was begun.
    tries: int
    #: As the journal has it: the exit code, and the line with it.
    code: int
    words: str
    #: Somebody is at it, or died over it.
    begun: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Since when a scheduler minds a newsletter, and when one last did before now."""

    since: datetime
    last: datetime


# --- what editors are told -----------------------------------------------------------------------------


class NoticeKind(StrEnum):
    """What a notice is about."""

    DRAFT_READY = "draft ready"
    REMINDER = "reminder"
    #: An edition that should be out is not; it still goes when what is wrong is mended in time.
    NOT_SENT = "not sent"
    SENT = "sent"
    FEED_ILL = "feed ill"
    #: A certificate, a login, the sender or the store: nothing goes out before somebody mends it.
    TROUBLE = "trouble"
    SETTINGS_REFUSED = "settings refused"
    #: It will not be caught up.
    MISSED = "missed"
    RECOVERED = "recovered"

    @property
    def slug(self) -> str:
        """As a part of a file's name or an address."""
        return self.value.replace(" ", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What the editors of a newsletter are told, once for each (newsletter, day, kind, about)."""

    kind: NoticeKind
    newsletter: str
    #: The edition's; None when it is about none.
    day: date | None = None
    #: One line.
    headline: str
    #: The rest of it, a line or paragraph each.
    lines: tuple[str, ...] = ()
    at: datetime
    #: What tells two of a kind and day apart: a feed's address, a reason in one word.
    about: str = ""
