"""Where articles come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Literal

from annotated_types import Interval

from digest.settings.secrets import HeaderText, Secret, SecretText
from digest.spelling import Duration, Host, Line, OtherLanguage, WebAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A source of articles."""

    url: WebAddress
    """Address of an RSS, Atom or JSON feed; http or https."""
    title: Line = ""
    """The outlet's name as readers see it. Default: the feed's own title."""
    section: Line = ""
    """The section that its stories go to. Default: the newsletter's first."""
    weight: Annotated[float, Interval(ge=0, le=10)] = 1.0
    """How much its stories count when stories compete; 1 is usual."""
    limit: Annotated[int, Interval(ge=1, le=200)] = 10
    """At most this many of its newest articles are candidates for one edition."""
    identity: Literal["auto", "guid", "link", "hash"] = "auto"
    """What tells its articles apart. "auto" chooses on first sight and keeps to it."""
    content: Literal["page", "feed"] = "page"
    """Where an article's text is read: on its page, or in the feed (full-text feeds)."""
    languages: tuple[OtherLanguage, ...] = ()
    """Languages taken besides the newsletter's own, as in ["fr"]; ["*"] takes any."""
    headers: Mapping[str, HeaderText] = field(default_factory=dict)
    """Extra request headers, as in { Authorization = "Bearer ${FEED_TOKEN}" }; only those that are no
    credentials may stand in the file."""
    username: Line = ""
    """User name for HTTP basic authentication."""
    password: SecretText = Secret("")
    """Password for HTTP basic authentication, as in "${FEED_PASSWORD}"."""
    paywalled: bool = False
    """Its pages need a subscription: links are marked so, and pages are not fetched."""
    allow_private: bool = False
    """Its host may have a private or loopback address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchingSettings:
    """Limits of every request to the outside."""

    workers: Annotated[int, Interval(ge=1, le=64)] = 16
    """Feeds and pages asked at once."""
    timeout: Duration = timedelta(seconds=30)
    """Total time for one address, redirects and body included."""
    max_bytes: Annotated[int, Interval(ge=100_000, le=100_000_000)] = 10_000_000
    """Bytes of one body after decompression; larger ones are refused."""
    per_host: Annotated[int, Interval(ge=1, le=16)] = 2
    """Connections to one host at once."""
    user_agent: Line = ""
    """Who we say we are. Default: the program's name and version."""
    allow_hosts: tuple[Host, ...] = ()
    """Hosts that may have a private address, as in ["intranet.example.org"]."""
