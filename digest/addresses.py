"""The addresses of a newsletter's public pages: what mails link to, what is served, and what is exported.

::

    {archive}/                          past editions, the newest first
    {archive}/2026-11/                  those of a month
    {archive}/2026-11-23/               an edition
    {archive}/2026-11-23/bridge-vote/   an item of it
    {archive}/feed.xml                  the editions as RSS; feed.json and sitemap.xml beside it
    {web}/sign-up                       what `digest web` answers for readers

Pages end with a slash, so that a folder of plain files has the same addresses as a server.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

from digest.settings import Newsletter

#: Paths below the archive's address.
INDEX = ""
RSS = "feed.xml"
JSON_FEED = "feed.json"
SITEMAP = "sitemap.xml"

#: Paths below the address of `digest web`; a token follows the last two.
SIGN_UP = "sign-up"
UNSUBSCRIBE = "unsubscribe/"
PREFERENCES = "preferences/"


def month_path(day: date) -> str:
    return f"{day:%Y-%m}/"


def edition_path(day: date) -> str:
    return f"{day.isoformat()}/"


def item_path(day: date, slug: str) -> str:
    return f"{day.isoformat()}/{slug}/"


@dataclass(frozen=True, slots=True)
class Addresses:
    """A newsletter's own; each is "" where it has no such page."""

    #: Of `digest web`, without a slash at the end.
    web: str
    #: Of the past editions: the same, unless they lie with another host.
    archive: str

    @classmethod
    def at(cls, web: str, archive: str = "") -> Self:
        """Those of a newsletter with these settings."""
        web = web.rstrip("/")
        return cls(web=web, archive=archive.rstrip("/") or web)

    def page(self, path: str) -> str:
        """A page of the archive, by its path."""
        return f"{self.archive}/{path}" if self.archive else ""

    def edition(self, day: date) -> str:
        return self.page(edition_path(day))

    @property
    def sign_up(self) -> str:
        return f"{self.web}/{SIGN_UP}" if self.web else ""

    def unsubscribe(self, token: str) -> str:
        return f"{self.web}/{UNSUBSCRIBE}{token}" if self.web else ""

    def preferences(self, token: str) -> str:
        return f"{self.web}/{PREFERENCES}{token}" if self.web else ""


def addresses(newsletter: Newsletter) -> Addresses:
    """Those of *newsletter*."""
    return Addresses.at(newsletter.web, newsletter.archive)
