"""The addresses of a newsletter's public pages: linked to in mails, served, and exported.

::

    {archive}/                          past editions, the newest first
    {archive}/2026-11/                  those of a month
    {archive}/2026-11-23/               an edition
    {archive}/2026-11-23/bridge-vote/   an item of it
    {archive}/feed.xml                  the editions as RSS; feed.json and sitemap.xml beside it
    {web}/sign-up                       what `digest web` answers for readers: see below

Pages end with a slash, so that a folder of plain files has the same addresses as a server.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from digest.settings import CampaignSettings, Newsletter

#: Paths below the archive's address.
INDEX = ""
RSS = "feed.xml"
JSON_FEED = "feed.json"
SITEMAP = "sitemap.xml"

#: Paths below the address of `digest web`; behind a slash follows a token, and behind the last a day.
SIGN_UP = "sign-up"
CONFIRM = "confirm/"
UNSUBSCRIBE = "unsubscribe/"
AGAIN = "again/"
PREFERENCES = "preferences/"
FORWARD = "forward/"


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
    #: The page to sign up at.
    sign_up: str
    #: Where the form of that page is sent to; "" where the page is a provider's.
    form: str

    @classmethod
    def at(cls, web: str, archive: str = "") -> Self:
        """Those of a newsletter with these settings, whose list is ours."""
        web = web.rstrip("/")
        sign_up = f"{web}/{SIGN_UP}" if web else ""
        return cls(web=web, archive=archive.rstrip("/") or web, sign_up=sign_up, form=sign_up)

    def page(self, path: str) -> str:
        """A page of the archive, by its path."""
        return f"{self.archive}/{path}" if self.archive else ""

    def edition(self, day: date) -> str:
        return self.page(edition_path(day))

    def confirm(self, token: str) -> str:
        return self._own(CONFIRM, token)

    def unsubscribe(self, token: str) -> str:
        return self._own(UNSUBSCRIBE, token)

    def preferences(self, token: str) -> str:
        return self._own(PREFERENCES, token)

    def forward(self, day: date) -> str:
        return self._own(FORWARD, day.isoformat())

    def _own(self, path: str, what: str) -> str:
        return f"{self.web}/{path}{what}" if self.web else ""


def addresses(newsletter: Newsletter) -> Addresses:
    """Those of *newsletter*."""
    own = Addresses.at(newsletter.web, newsletter.archive)
    if isinstance(newsletter.sender, CampaignSettings):
        return replace(own, sign_up=newsletter.sign_up, form="")
    return own
