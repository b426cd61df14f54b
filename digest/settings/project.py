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
    """Settings for all pages of `digest web`. A letter is a mail to an address that somebody typed in, such
    as the one that asks to confirm a sign-up; the limits keep strangers from flooding a mailbox with ours."""

    proxies: tuple[Network, ...] = ("127.0.0.1", "::1")
    """Addresses and networks of the proxies in front of it. The last address that one of them names in
    X-Forwarded-For is the reader's; that of anybody else is ignored."""
    per_address: Annotated[int, Interval(ge=1, le=100)] = 3
    """Maximum letters a day to one mailbox, from all newsletters together; further requests get the same
    answer."""
    per_network: Annotated[int, Interval(ge=1, le=10_000)] = 30
    """Maximum letters a day that are requested from one IPv4 address, or from one IPv6 /64 network."""
    in_all: Annotated[int, Interval(ge=1, le=1_000_000)] = 1000
    """Maximum letters a day in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    """Where everything is kept."""

    url: DatabaseUrl = Secret("sqlite:///var/digest.db")
    """Address of the database; a SQLite path is relative to the project, and a password in it comes from
    the environment."""
    keep: Duration = timedelta(days=365)
    """How long `digest run` keeps article texts, language models' answers, and the journal.
    Editions, subscribers and the ledger are kept for good. At least "60d"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSettings:
    """The log: one event per line. `digest run` and `digest web` write it to standard error, any other
    command with --log-format."""

    format: Literal["text", "json"] = "text"
    """"text" is for people, "json" for machines: one object per line."""
    level: Literal["debug", "info", "warning", "error"] = "info"
    """Events below this level are left out."""
    file: Line = ""
    """File to which every command adds its events, relative to the project; it may be moved while it is being
    written, as logrotate does. Default: standard error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsSettings:
    """The metrics for Prometheus, at /metrics of `digest web`."""

    token: MetricsToken = Secret("")
    """The bearer token that a scraper has to send, as in "${METRICS_TOKEN}". Without one, only this machine
    is answered, and nobody through a proxy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSettings:
    """What `digest check` asks besides feeds and sender."""

    dns: MaybeDnsServer = ""
    """The DNS server to ask for SPF, DKIM, DMARC and MX. Default: the system's."""
    timeout: Duration = timedelta(seconds=5)
    """How long it, or a server whose certificate is checked, may take to answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaySettings:
    """How long a build's inputs are kept, so that `digest build --replay` can repeat it."""

    days: Annotated[int, Interval(ge=0, le=400)] = 14
    """Days to keep them, in the database: about 2 MB for a day of 30 feeds and 40 pages. 0 keeps nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything in ``schedules.toml``."""

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
    """The metrics for Prometheus."""
    check: CheckSettings = CheckSettings()
    """What `digest check` asks besides feeds and sender."""
    replay: ReplaySettings = ReplaySettings()
    """How long a build's inputs are kept."""
    bounces: BouncesSettings = BouncesSettings()
    """When an address that mails come back from gets no more."""
    hooks: HooksSettings = HooksSettings()
    """Who may tell of bounces and complaints."""
    web: WebSettings = WebSettings()
    """What holds for the pages that readers come to."""
