"""One newsletter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Annotated, Literal

from annotated_types import Interval, MinLen

from digest.settings.feeds import Feed
from digest.settings.look import Brand, HouseLink, ReaderQuote
from digest.settings.secrets import ChatAddress, CommentAddress
from digest.settings.senders import MailSenderSettings, OutboxSettings, SenderSettings
from digest.settings.summarizers import ExtractiveSettings, SummarizerSettings
from digest.spelling import (
    Approval,
    BounceMailbox,
    Days,
    Duration,
    HolidayCalendar,
    Hour,
    Language,
    Line,
    Mailbox,
    MaybeHour,
    MaybeMailbox,
    MaybeWebAddress,
    Slug,
    Text,
    Title,
    Zone,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticesSettings:
    """What the editors are told: by mail to `editors`, and by chat. docs/watching.md shows every notice."""

    mute: tuple[
        Literal[
            "draft ready",
            "reminder",
            "not sent",
            "sent",
            "feed ill",
            "trouble",
            "settings refused",
            "missed",
            "recovered",
        ],
        ...,
    ] = ()
    """Kinds of notices that are told nobody, as in ["sent"]."""
    commands: bool = False
    """`digest build` and `digest send` tell the editors as well, as with --tell, and so does the desk of a
    draft that it composes: for newsletters that cron runs. `digest run` always does."""
    preview: MaybeWebAddress = ""
    """Where editors open the desk, as in "https://desk.example.org/". Default: the command to start it."""
    ill_after: Annotated[int, Interval(ge=1, le=100)] = 3
    """So many times in a row a feed has to fail before the editors are told; `digest status` calls it ill
    from then on."""
    sender: MailSenderSettings | None = None
    """Who takes these mails, where the newsletter's own sender holds the list, or should not be the one to
    say that it fails. Default: the newsletter's `sender`."""
    from_: MaybeMailbox = ""
    """From of these mails. Default: the newsletter's `from`."""
    apprise: tuple[ChatAddress, ...] = ()
    """Addresses of chats and the like as Apprise writes them, each from the environment, as in
    ["${EDITORS_CHAT}"]. Needs `pip install "digest-newsletter[notices]"`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietDay:
    """A day with fewer stories than `min_items`. Where more than half of the feeds failed, the day is not
    quiet: there is no edition, and they are asked again until `max_lateness` is over."""

    do: Literal["skip", "backfill", "notice"] = "skip"
    """"skip": no edition, and the editors are told. "backfill": older stories that no edition ran fill it up,
    at most seven days old. "notice": a short mail with `letter`, and what stories there are."""
    subject: Title = "A quiet day"
    """Subject of the short mail where it has no story at all."""
    letter: Text = "Little happened since our last edition, so this one is short. The next will have more."
    """What the short mail says above its stories."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsletter:
    """A newsletter; NAME is its key: small letters, digits and hyphens."""

    #: The table's name in the file: "the-sift".
    key: str
    title: Title
    """The name in the masthead."""
    tagline: Line = ""
    """The line under the name."""
    timezone: Zone
    """IANA name of the zone that days and hours are meant in, as in "America/New_York"."""
    language: Language = "en"
    """Language of the edition; articles in another are left out unless their feed allows it. Its own words
    are English, German, Spanish or French."""
    days: Days = frozenset(range(5))
    """Days with an edition, by name."""
    holidays: HolidayCalendar = ""
    """Country, or country and region, whose public holidays have no edition: "US", "DE-BY"."""
    build: Hour = time(5, 0)
    """When the draft is made."""
    remind: MaybeHour = None
    """When the editors are reminded of a draft that nobody approved, as in "06:00". Default: they are not."""
    send: Hour = time(6, 30)
    """When the edition goes out."""
    max_lateness: Duration = timedelta(hours=3)
    """How late after that hour `digest run` still sends: an edition that waited for an approval, a mended
    file or a server, mails that were deferred, and what was due while it did not run. Never later than the
    next edition's `build`."""
    approval: Approval = "automatic"
    """"automatic" sends what nobody stopped; "required" sends only what `digest approve` approved;
    "automatic after 06:15" waits for an approval until then."""
    fetch_every: Duration = timedelta(hours=1)
    """How often `digest run` asks each feed between two builds, so that short feeds lose nothing."""
    items: Annotated[int, Interval(ge=1, le=60)] = 6
    """How many stories an edition has at most."""
    min_items: Annotated[int, Interval(ge=1, le=60)] = 1
    """With fewer stories than this the day is quiet; `quiet_day` says what then."""
    quiet_day: QuietDay = QuietDay()
    """What becomes of a day with fewer stories than `min_items`."""
    quick_hits: Annotated[int, Interval(ge=0, le=20)] = 4
    """How many stories that just missed become one-line links."""
    per_outlet: Annotated[int, Interval(ge=0, le=60)] = 0
    """At most this many stories of one outlet in an edition.
    0 gives each outlet up to twice its even share of the places, at least 2, and more where fewer than
    `min_items` would come together."""
    per_section: Annotated[int, Interval(ge=0, le=60)] = 0
    """At most this many stories of one section; 0 means no limit."""
    sections: tuple[Title, ...] = ()
    """Sections in the order in which they are shown."""
    photos: Literal["credited", "all", "none"] = "credited"
    """Which of the publishers' pictures a draft has: those with a credit, all, or none."""
    feeds: Annotated[tuple[Feed, ...], MinLen(1)]
    """Where the articles come from."""
    template: Slug = "sift"
    """Name of the template: "sift" is led by photos, "brief" is short lines for many items; your own is a
    folder in templates/ (`digest init --template NAME` makes one)."""
    brand: Brand = Brand()
    """The house's logo and colours."""
    sender: SenderSettings = OutboxSettings()
    """Who takes the mails."""
    mails_per_minute: Annotated[int, Interval(ge=0, le=1_000_000)] = 0
    """At most so many mails a minute go to the sender, whichever it is; 0 means no limit."""
    retry_after: tuple[Duration, ...] = (timedelta(minutes=1), timedelta(minutes=5))
    """How long `digest send` waits before it tries deferred mails again, as in ["1m", "5m"]; once for each.
    What is deferred even then is left to the next `digest send`."""
    summarizer: SummarizerSettings = ExtractiveSettings()
    """Who writes the summaries."""
    from_: Mailbox
    """The mail's From, as in "The Sift <sift@example.org>"."""
    reply_to: MaybeMailbox = ""
    """Where answers go. Default: the address in `from`."""
    bounces: BounceMailbox = ""
    """Where bounces go, and mails that unsubscribe, as in "bounces@mail.example.org": each mail's envelope
    sender is that mailbox with "+" and a token of the edition and the reader, so the server must keep what
    follows "+". Its domain needs SPF. Default: the address in `from`; who unsubscribes by mail then writes to
    `reply_to`."""
    postal_address: Text
    """The publisher's postal address: the law asks for it in each mail."""
    web: MaybeWebAddress = ""
    """Address of the newsletter's pages (archive, unsubscribe). Without it, readers unsubscribe by mail."""
    sign_up: MaybeWebAddress = ""
    """Address of the page to sign up at where the sender's provider holds the list; other newsletters have
    their own, by `digest web`."""
    topics: Mapping[str, Title] = field(default_factory=dict)
    """What readers may choose on their preferences page: a tag, and what it is called there, as in
    { sport = "Sport and games" }. Nothing follows from it but the tag."""
    offered: bool = True
    """Whether the preferences pages of the project's other newsletters offer it."""
    archive: MaybeWebAddress = ""
    """Address of the past editions where they lie with another host than `web`: the files that `digest
    archive` makes. Default: `web`."""
    comments: CommentAddress = ""
    """Where readers comment on an item, as in "https://forum.example.org/new?about={url}"; {url} is replaced
    by the address of the item's page."""
    copyright: Line = ""
    """The line at the very end. Default: the title."""
    house_link: HouseLink | None = None
    """A link in the masthead, as in { text = "Donate", url = "https://example.org/donate" }."""
    reader_quote: ReaderQuote | None = None
    """A reader's words beside the invitation to subscribe."""
    editors: tuple[Mailbox, ...] = ()
    """Addresses of the editors, who are told what they have to know, as in ["desk@example.org"]."""
    notices: NoticesSettings = NoticesSettings()
    """What the editors are told, and how."""
    extra_days_off: tuple[date, ...] = ()
    """Days without an edition besides the holidays, as in [2026-12-24]."""
