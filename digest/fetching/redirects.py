"""Redirects, from the address that was requested to the one that answered. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import httpx

from digest.errors import FetchError
from digest.fetching.addresses import parse, same_server
from digest.model import Request
from digest.urls import shown

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
MAX_REDIRECTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """The addresses that were asked, in order, and the status of each redirect between them."""

    urls: tuple[httpx.URL, ...]
    redirects: tuple[int, ...] = ()

    @property
    def url(self) -> httpx.URL:
        """Where it has come to."""
        return self.urls[-1]

    def on(self, request: Request, status: int, location: str) -> Journey:
        """The journey with one redirect more.

        Raises:
            FetchError: It leads nowhere, in a circle, or too far.
        """
        asked = shown(request.url)
        if not location:
            raise FetchError(asked, f"answered {status}, a redirect, without saying where to", status=status)
        if len(self.redirects) == MAX_REDIRECTS:
            reason = f"redirects more than {MAX_REDIRECTS} times, at last to {shown(location)}"
            raise FetchError(asked, reason, status=status)
        try:
            url = parse(location, self.url)
        except ValueError as exc:
            raise FetchError(asked, f"redirects to an address that {exc}", status=status) from exc
        urls = (*self.urls, url)
        if url in self.urls:
            circle = " → ".join(shown(str(stop)) for stop in urls[self.urls.index(url) :])
            raise FetchError(asked, f"redirects in a circle: {circle}", status=status)
        return Journey(urls=urls, redirects=(*self.redirects, status))


def lasting_address(request: Request, journey: Journey) -> str:
    """Where to ask from now on, or "" to go on as before.

    Only permanent redirects count, and they must not weaken anything: no way back from https to
    http, and what was granted to one server (credentials, a private address) is not handed on to
    another at the word of the first.
    """
    if not journey.redirects or not PERMANENT.issuperset(journey.redirects):
        return ""
    schemes = [url.scheme for url in journey.urls]
    if schemes != sorted(schemes):  # "http" < "https"
        return ""
    if (request.headers or request.allow_private) and not same_server(journey.urls[0], journey.url):
        return ""
    return str(journey.url)
