"""The words of ``schedules.toml``, typed and frozen. ``config`` reads them; the rest obeys them.

A docstring below a field is its documentation: the JSON Schema and ``docs/schedules.md`` show it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Secret:
    """A value that is shown nowhere: ``repr``, ``str`` and tracebacks say ``***``."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself, for the one call that needs it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)


@dataclass(frozen=True, slots=True)
class Spelled:
    """Marks a setting that the file writes as a string: ``read`` makes the value of it.

    ``read`` raises ValueError with words that say what was expected.
    """

    read: Callable[[str], Any]
    examples: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(
            self.read, core_schema.str_schema(strict=True, metadata={"examples": self.examples})
        )

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return {"type": "string", "examples": list(self.examples)}


def read_days(text: str) -> frozenset[int]:
    """``"mon-fri"`` or ``"mon,wed,sat-sun"`` as weekday numbers, Monday 0.

    Numbers are refused: cron counts from Sunday, others from Monday.
    """
    days: set[int] = set()
    for part in text.lower().replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        names = (first, last) if dash else (first, first)
        if not all(name in WEEKDAYS for name in names):
            raise ValueError(f'days are written as names, as in "mon-fri" or "mon,wed,sat"; got {text!r}')
        start, end = (WEEKDAYS.index(name) for name in names)
        days.update((start + n) % 7 for n in range((end - start) % 7 + 1))
    return frozenset(days)


def read_time(text: str) -> time:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise ValueError(f'an hour is written as "06:30"; got {text!r}')
    return time.fromisoformat(text)


def read_duration(text: str) -> timedelta:
    match = re.fullmatch(r"(\d+)\s*([smhd])", text.strip())
    if not match:
        raise ValueError(f'a duration is a number and s, m, h or d, as in "3h"; got {text!r}')
    return timedelta(seconds=int(match[1]) * SECONDS[match[2]])


Days = Annotated[frozenset[int], Spelled(read_days, ("mon-fri", "mon,wed,fri"))]
Hour = Annotated[time, Spelled(read_time, ("05:00", "06:30"))]
Duration = Annotated[timedelta, Spelled(read_duration, ("3h", "45m", "2d"))]
SecretText = Annotated[Secret, Spelled(Secret, ("${SMTP_PASSWORD}",))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    url: str
    """Address of an RSS, Atom or JSON feed; http or https."""
    title: str = ""
    """The outlet's name as readers see it. Default: the feed's own title."""
    section: str = ""
    """The section that its stories go to. Default: the newsletter's first."""
    weight: float = 1.0
    """How much its stories count when stories compete; 0 to 10, 1 is usual."""
    limit: int = 10
    """At most this many of its newest articles are candidates for one edition; 1 to 200."""
    identity: Literal["auto", "guid", "link", "hash"] = "auto"
    """What tells its articles apart. "auto" chooses on first sight and keeps to it."""
    content: Literal["page", "feed"] = "page"
    """Where an article's text is read: on its page, or in the feed (full-text feeds)."""
    languages: tuple[str, ...] = ()
    """Languages taken besides the newsletter's own, as in ["fr"]; ["*"] takes any."""
    headers: Mapping[str, SecretText] = field(default_factory=dict)
    """Extra request headers, as in { Authorization = "Bearer ${FEED_TOKEN}" }."""
    username: str = ""
    """User name for HTTP basic authentication."""
    password: SecretText = Secret("")
    """Password for HTTP basic authentication, as in "${FEED_PASSWORD}"."""
    paywalled: bool = False
    """Its pages need a subscription: links are marked so, and pages are not fetched."""
    allow_private: bool = False
    """Its host may have a private or loopback address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxSettings:
    """Mails as files, one .eml each: nothing leaves the machine."""

    kind: Literal["outbox"] = "outbox"
    """One .eml file a mail."""
    path: str = "outbox"
    """Folder of the mails, relative to the project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSettings:
    """An SMTP server."""

    kind: Literal["smtp"]
    """An SMTP server that takes mail for delivery."""
    host: str
    """Name or address of the server."""
    port: int = 587
    """587 with security = "starttls", 465 with "tls"."""
    security: Literal["starttls", "tls", "none"] = "starttls"
    """"starttls" upgrades a plain connection, "tls" starts encrypted, "none" is for loopback only."""
    username: str = ""
    """Login name; no login without it."""
    password: SecretText = Secret("")
    """Password of the login, as in "${SMTP_PASSWORD}"."""
    timeout: Duration = timedelta(seconds=60)
    """How long one step of the conversation may take."""


SenderSettings = OutboxSettings | SmtpSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class SummarizerSettings:
    kind: Literal["extractive"] = "extractive"
    """"extractive" takes whole sentences from the article, word for word."""
    words: int = 60
    """About how many words a summary may have; 30 to 120."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseLink:
    text: str
    """The words of the link, as in "Donate"."""
    url: str
    """Where it leads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderQuote:
    text: str
    """What a reader said about the newsletter."""
    by: str = ""
    """Who said it, as in "Adam"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsletter:
    #: The table's name in the file: "the-sift".
    key: str
    title: str
    """The name in the masthead."""
    tagline: str = ""
    """The line under the name."""
    timezone: ZoneInfo
    """IANA name of the zone that days and hours are meant in, as in "America/New_York"."""
    language: str = "en"
    """Language of the edition; articles in another are left out unless their feed allows it."""
    days: Days = frozenset(range(5))
    """Days with an edition, by name."""
    holidays: str = ""
    """Country, or country and region, whose public holidays have no edition: "US", "DE-BY"."""
    build: Hour = time(5, 0)
    """When the draft is made."""
    send: Hour = time(6, 30)
    """When the edition goes out."""
    max_lateness: Duration | None = None
    """How late after the hour the scheduler may still send; a later edition is not sent by itself."""
    approval: Annotated[str, "approval"] = "automatic"
    """"automatic" sends what nobody stopped; "required" sends only what `digest approve` approved."""
    items: int = 6
    """How many stories an edition has at most; 1 to 60."""
    min_items: int = 1
    """With fewer stories than this there is no edition, and the run says so."""
    quick_hits: int = 4
    """How many stories that just missed become one-line links; 0 to 20."""
    per_outlet: int = 2
    """At most this many stories of one outlet in an edition; 1 to 60."""
    per_section: int = 0
    """At most this many stories of one section; 0 means no limit."""
    sections: tuple[str, ...] = ()
    """Sections in the order in which they are shown."""
    feeds: tuple[Feed, ...]
    """Where the articles come from."""
    template: str = "sift"
    """Name of the template, a folder in templates/."""
    sender: SenderSettings = OutboxSettings()
    """Who takes the mails."""
    summarizer: SummarizerSettings = SummarizerSettings()
    """Who writes the summaries."""
    from_: str
    """The mail's From, as in "The Sift <sift@example.org>"."""
    reply_to: str = ""
    """Where answers go. Default: the address in `from`."""
    postal_address: str
    """The publisher's postal address: the law asks for it in each mail."""
    web: str = ""
    """Address of the newsletter's pages (archive, unsubscribe). Without it, readers unsubscribe by mail."""
    copyright: str = ""
    """The line at the very end. Default: the title."""
    house_link: HouseLink | None = None
    """A link in the masthead, as in { text = "Donate", url = "https://example.org/donate" }."""
    reader_quote: ReaderQuote | None = None
    """A reader's words beside the invitation to subscribe."""
    editors: tuple[str, ...] = ()
    """Addresses of the editors, who are told when an edition does not go out."""
    extra_days_off: tuple[date, ...] = ()
    """Days without an edition besides the holidays, as in [2026-12-24]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    url: SecretText = Secret("sqlite:///var/digest.db")
    """Database address; a SQLite path is relative to the project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchingSettings:
    workers: int = 16
    """Feeds and pages asked at once; 1 to 64."""
    timeout: Duration = timedelta(seconds=30)
    """Total time for one address, redirects and body included."""
    max_bytes: int = 10_000_000
    """Bytes of one body after decompression; larger ones are refused."""
    per_host: int = 2
    """Connections to one host at once; 1 to 16."""
    user_agent: str = ""
    """Who we say we are. Default: the program's name and version."""
    allow_hosts: tuple[str, ...] = ()
    """Hosts that may have a private address, as in ["intranet.example.org"]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    newsletters: Mapping[str, Newsletter]
    """The newsletters, by key."""
    store: StoreSettings = StoreSettings()
    """Where everything is kept."""
    fetching: FetchingSettings = FetchingSettings()
    """Limits of every outward request."""
