"""What came over the network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


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
    """An answer that means "as last time" (304, or the very same bytes)."""

    url: str
    moved_to: str = ""
    etag: str = ""
    last_modified: str = ""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What is remembered about a feed between runs."""

    url: str
    etag: str = ""
    last_modified: str = ""
    body_sha256: str = ""
    moved_to: str = ""
    #: What identifies its articles, chosen when it is first read, and kept: "guid", "link" or "hash".
    identity: str = ""
    #: Not to be fetched before this (429 or 503 with Retry-After).
    not_before: datetime | None = None
    #: When the publisher answered 410 Gone: not fetched again until its address changes.
    gone_at: datetime | None = None
    checked_at: datetime | None = None
    succeeded_at: datetime | None = None
    #: Failures in a row, and the last error.
    failures: int = 0
    problem: str = ""
