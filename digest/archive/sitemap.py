"""For search engines: a sitemap (sitemaps.org, 0.9), and robots.txt (RFC 9309)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from digest.addresses import PREFERENCES, SITEMAP, UNSUBSCRIBE, addresses
from digest.settings import Newsletter

#: Addresses that a sitemap may have.
MOST = 50_000


def sitemap(pages: Iterable[tuple[str, datetime | None]]) -> str:
    """Each page's address, and when it last changed; the first ``MOST`` of them."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>']
    lines += ['<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">']
    for (address, changed), _ in zip(pages, range(MOST), strict=False):
        when = f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed else ""
        lines.append(f"<url><loc>{escape(address)}</loc>{when}</url>")
    return "\n".join([*lines, "</urlset>"]) + "\n"


def robots(newsletters: Iterable[Newsletter]) -> str:
    """Everything may be read except single readers' pages. A host has one, at its root."""
    private, maps = [], []
    for newsletter in newsletters:
        own = addresses(newsletter)
        path = urlsplit(own.web).path
        private += [f"Disallow: {path}/{page}" for page in (UNSUBSCRIBE, PREFERENCES)]
        maps.append(f"Sitemap: {own.page(SITEMAP)}")
    return "\n".join(["User-agent: *", *private, "", *maps]) + "\n"
