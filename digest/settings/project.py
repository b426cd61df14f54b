"""What all newsletters of a project share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Interval, MinLen

from digest.settings.feeds import FetchingSettings
from digest.settings.newsletter import Newsletter
from digest.settings.returns import BouncesSettings, HooksSettings
from digest.settings.secrets import DatabaseUrl, MetricsToken, Secret
from digest.spelling import Duration, Line, MaybeDnsServer, Network


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """What holds for all pages of `digest web`. A letter is a mail to one address that somebody typed in, as
    the one that asks to confirm a sign-up; the limits keep strangers from having us fill a mailbox."""

    proxies: tuple[Network, ...] = ("127.0.0.1", "::1")
    """Addresses and networks of the proxies before it. The last address that such a one names in
    X-Forwarded-For is the reader's; nobody else's word is taken for it."""
    per_address: Annotated[int, Interval(ge=1, le=100)] = 3
    """Letters a day to one mailbox, of all newsletters together; who asks for more gets the same answer."""
    per_network: Annotated[int, Interval(ge=1, le=10_000)] = 30
    """Letters a day that are asked for from one IPv4 address, or from one /64 network of IPv6."""
    in_all: Annotated[int, Interval(ge=1, le=1_000_000)] = 1000
    """Letters a day in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    """Where everything is kept."""

    url: DatabaseUrl = Secret("sqlite:///var/digest.db")
    """Address of the database; a SQLite path is relative to the project, and a password in it comes from
    the environment."""
    keep: Duration = timedelta(days=365)
    """How long `digest run` keeps the texts of articles, what language models answered, and the journal.
    Editions, subscribers and who was sent what are kept for ever. At least "60d"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSettings:
    """The log: one event a line. `digest run` and `digest web` write it to standard error, any other command
    with --log-format."""

    format: Literal["text", "json"] = "text"
    """"text" is for people, "json" for machines: one object a line."""
    level: Literal["debug", "info", "warning", "error"] = "info"
    """Events below this level are left out."""
    file: Line = ""
    """File that every command adds its events to, relative to the project; it may be moved away while it is
    written, as logrotate does. Default: standard error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsSettings:
    """The numbers for Prometheus at /metrics of `digest web`."""

    token: MetricsToken = Secret("")
    """What a scraper has to send as its bearer token, as in "${METRICS_TOKEN}". Without it only this machine
    is answered, and nobody through a proxy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSettings:
    """What `digest check` asks, besides feeds and sender."""

    dns: MaybeDnsServer = ""
    """The DNS server that is asked for SPF, DKIM, DMARC and MX. Default: the system's."""
    timeout: Duration = timedelta(seconds=5)
    """How long an answer of it, or of a server whose certificate is looked at, may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaySettings:
    """How long is kept what a build knew and heard, so that `digest build --replay` makes it again."""

    days: Annotated[int, Interval(ge=0, le=400)] = 14
    """For so many days, in the database: about 2 MB for a day of 30 feeds and 40 pages. 0 keeps nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What ``schedules.toml`` says."""

    # Read by pydantic; it holds for the tables below as well.
    __pydantic_config__: ClassVar[Mapping[str, Any]] = {
        "extra": "forbid",
        "alias_generator": lambda name: name.removesuffix("_"),  # `from` is a keyword of Python
    }

    newsletters: Annotated[Mapping[str, Newsletter], MinLen(1)]
    """The newsletters, one table [newsletters.NAME] each."""
    store: StoreSettings = StoreSettings()
    """Where everything is kept."""
    fetching: FetchingSettings = FetchingSettings()
    """Limits of every outward request."""
    log: LogSettings = LogSettings()
    """The log."""
    metrics: MetricsSettings = MetricsSettings()
    """The numbers for Prometheus."""
    check: CheckSettings = CheckSettings()
    """What `digest check` asks, besides feeds and sender."""
    replay: ReplaySettings = ReplaySettings()
    """How long is kept what a build knew and heard."""
    bounces: BouncesSettings = BouncesSettings()
    """When an address that mails come back from gets no more."""
    hooks: HooksSettings = HooksSettings()
    """Who may tell of bounces and complaints."""
    web: WebSettings = WebSettings()
    """What holds for the pages that readers come to."""
