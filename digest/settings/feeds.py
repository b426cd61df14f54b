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
    """What identifies an article. "auto" decides when the feed is first read, and keeps to it."""
    content: Literal["page", "feed"] = "page"
    """Where an article's text is read from: its page, or the feed (full-text feeds)."""
    languages: tuple[OtherLanguage, ...] = ()
    """Languages accepted besides the newsletter's own, as in ["fr"]; ["*"] accepts any."""
    headers: Mapping[str, HeaderText] = field(default_factory=dict)
    """Extra request headers, as in { Authorization = "Bearer ${FEED_TOKEN}" }; only those that are no
    credentials may stand in the file."""
    username: Line = ""
    """User name for HTTP basic authentication."""
    password: SecretText = Secret("")
    """Password for HTTP basic authentication, as in "${FEED_PASSWORD}"."""
    paywalled: bool = False
    """Its pages need a subscription: links are marked as such, and pages are not fetched."""
    allow_private: bool = False
    """Whether its host may have a private or loopback address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchingSettings:
    """Limits for all requests to the outside."""

    workers: Annotated[int, Interval(ge=1, le=64)] = 16
    """Feeds and pages fetched at once."""
    timeout: Duration = timedelta(seconds=30)
    """Total time for one address, redirects and body included."""
    max_bytes: Annotated[int, Interval(ge=100_000, le=100_000_000)] = 10_000_000
    """Maximum bytes of one body after decompression; larger ones are refused."""
    per_host: Annotated[int, Interval(ge=1, le=16)] = 2
    """Connections to one host at once."""
    user_agent: Line = ""
    """What the program calls itself. Default: its name and version."""
    allow_hosts: tuple[Host, ...] = ()
    """Hosts that are allowed a private address, as in ["intranet.example.org"]."""
