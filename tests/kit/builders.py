"""Shared builders: one article, feed or newsletter with everything but what a test is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from digest.model import Article
from digest.settings import Feed, Newsletter

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def article(**given: Any) -> Article:
    values: dict[str, Any] = {
        "id": "a1",
        "feed_url": "https://example.com/rss.xml",
        "outlet": "Example Times",
        "url": "https://example.com/a1",
        "canonical_url": "https://example.com/a1",
        "title": "Council votes to rebuild the old bridge",
        "first_seen": NOW - HOUR,
    }
    return Article(**(values | given))


def feed(**given: Any) -> Feed:
    return Feed(**({"url": "https://example.com/rss.xml", "title": "Example Times"} | given))


def newsletter(**given: Any) -> Newsletter:
    values: dict[str, Any] = {
        "key": "the-example",
        "title": "The Example",
        "timezone": ZoneInfo("America/New_York"),
        "sections": ("World", "Nation"),
        "feeds": (feed(),),
        "from_": "The Example <example@example.org>",
        "postal_address": "12 Station Road, Springfield",
    }
    return Newsletter(**(values | given))
