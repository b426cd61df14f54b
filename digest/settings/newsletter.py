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
    """Kinds of notices that are not sent, as in ["sent"]."""
    commands: bool = False
    """Whether `digest build` and `digest send` notify the editors even without --tell, and the desk does when
    it composes a draft: for newsletters that cron runs. `digest run` always does."""
    preview: MaybeWebAddress = ""
    """Where editors open the desk, as in "https://desk.example.org/". Default: the command to start it."""
    ill_after: Annotated[int, Interval(ge=1, le=100)] = 3
    """How many times in a row a feed has to fail before the editors are told and `digest status` calls it
    ill."""
    sender: MailSenderSettings | None = None
    """Who takes these mails, if the newsletter's own sender holds the list, or if its failures should be
    reported by another route. Default: the newsletter's `sender`."""
    from_: MaybeMailbox = ""
    """From of these mails. Default: the newsletter's `from`."""
    apprise: tuple[ChatAddress, ...] = ()
    """Addresses of chats and the like as Apprise writes them, each from the environment, as in
    ["${EDITORS_CHAT}"]. Needs `pip install "digest-newsletter[notices]"`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietDay:
    """A day with fewer stories than `min_items`. If more than half of the feeds failed, the day is not
    quiet: there is no edition, and they are fetched again until `max_lateness` is over."""

    do: Literal["skip", "backfill", "notice"] = "skip"
    """"skip": no edition, and the editors are told. "backfill": it is filled up with stories that no edition
    ran, up to seven days old. "notice": a short mail with `letter`, and what stories there are."""
    subject: Title = "A quiet day"
    """Subject of the short mail if there is no story at all."""
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
    """IANA name of the time zone of days and hours, as in "America/New_York"."""
    language: Language = "en"
    """Language of the edition; articles in another are left out unless their feed allows it. The words that
    the program adds itself are English, German, Spanish or French."""
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
    """How long after that hour `digest run` may still send an edition that waited for an approval, a
    corrected file or a server, deferred mails, and what was due while it was not running. Never later than
    the next edition's `build`."""
    approval: Approval = "automatic"
    """"automatic" sends the edition unless somebody stops it; "required" sends it only once it is approved
    (`digest approve`); "automatic after 06:15" waits for an approval until then."""
    fetch_every: Duration = timedelta(hours=1)
    """How often `digest run` fetches each feed between builds, so that nothing is lost from short feeds."""
    items: Annotated[int, Interval(ge=1, le=60)] = 6
    """How many stories an edition has at most."""
    min_items: Annotated[int, Interval(ge=1, le=60)] = 1
    """With fewer stories than this the day is quiet; `quiet_day` says what happens then."""
    quiet_day: QuietDay = QuietDay()
    """What happens on a day with fewer stories than `min_items`."""
    quick_hits: Annotated[int, Interval(ge=0, le=20)] = 4
    """How many stories that just missed become one-line links."""
    per_outlet: Annotated[int, Interval(ge=0, le=60)] = 0
    """At most this many stories of one outlet in an edition.
    0 gives each outlet up to twice its even share of the places, at least 2, and more if there would be fewer
    than `min_items` stories otherwise."""
    per_section: Annotated[int, Interval(ge=0, le=60)] = 0
    """At most this many stories of one section; 0 means no limit."""
    sections: tuple[Title, ...] = ()
    """Sections in the order in which they are shown."""
    photos: Literal["credited", "all", "none"] = "credited"
    """Which of the publishers' pictures a draft has: those with a credit, all, or none."""
    feeds: Annotated[tuple[Feed, ...], MinLen(1)]
    """Where the articles come from."""
    template: Slug = "sift"
    """Name of the template: "sift" is led by photos, "brief" has short lines for many items; your own is a
    folder in templates/ (`digest init --template NAME` makes one)."""
    brand: Brand = Brand()
    """The newsletter's logo and colours."""
    sender: SenderSettings = OutboxSettings()
    """Who takes the mails."""
    mails_per_minute: Annotated[int, Interval(ge=0, le=1_000_000)] = 0
    """Maximum mails per minute that are handed to the sender, whichever it is; 0 means no limit."""
    retry_after: tuple[Duration, ...] = (timedelta(minutes=1), timedelta(minutes=5))
    """How long `digest send` waits before each new attempt at deferred mails, as in ["1m", "5m"]. Those that
    are deferred even then are left to the next `digest send`."""
    summarizer: SummarizerSettings = ExtractiveSettings()
    """Who writes the summaries."""
    from_: Mailbox
    """The mail's From, as in "The Sift <sift@example.org>"."""
    reply_to: MaybeMailbox = ""
    """Where replies go. Default: the address in `from`."""
    bounces: BounceMailbox = ""
    """Where bounces go, and mails that unsubscribe, as in "bounces@mail.example.org": each mail's envelope
    sender is that mailbox with "+" and a token of the edition and the reader, so its server must keep what
    follows "+". Its domain needs SPF. Default: the address in `from`; mails that unsubscribe then go to
    `reply_to`."""
    postal_address: Text
    """The publisher's postal address, which the law requires in each mail."""
    web: MaybeWebAddress = ""
    """Address of the newsletter's pages (archive, unsubscribe). Without it, readers unsubscribe by mail."""
    sign_up: MaybeWebAddress = ""
    """Address of the provider's sign-up page, if the sender's provider holds the list; other newsletters have
    a sign-up page of their own in `digest web`."""
    topics: Mapping[str, Title] = field(default_factory=dict)
    """What readers can choose on their preferences page: a tag, and what it is called there, as in
    { sport = "Sport and games" }. A choice only sets the tag."""
    offered: bool = True
    """Whether the preferences pages of the project's other newsletters offer this one."""
    archive: MaybeWebAddress = ""
    """Address of the past editions, if the files that `digest archive` makes are on another host than `web`.
    Default: `web`."""
    comments: CommentAddress = ""
    """Where readers can comment on an item, as in "https://forum.example.org/new?about={url}"; {url} is
    replaced by the address of the item's page."""
    copyright: Line = ""
    """The line at the very end. Default: the title."""
    house_link: HouseLink | None = None
    """A link in the masthead, as in { text = "Donate", url = "https://example.org/donate" }."""
    reader_quote: ReaderQuote | None = None
    """A reader's words, shown beside the invitation to subscribe."""
    editors: tuple[Mailbox, ...] = ()
    """Addresses of the editors, who get the notices, as in ["desk@example.org"]."""
    notices: NoticesSettings = NoticesSettings()
    """What the editors are told, and how."""
    extra_days_off: tuple[date, ...] = ()
    """Further days without an edition, besides the holidays, as in [2026-12-24]."""
