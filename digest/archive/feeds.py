"""The editions as full-text feeds: RSS 2.0 (rssboard.org) and JSON Feed 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from digest.addresses import INDEX, JSON_FEED, RSS, Addresses
from digest.model import Image
from digest.rendering.page import Imprint

#: What XML 1.0 cannot hold, however it is written.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An edition in a feed. Its address is its id, too: it never changes."""

    url: str
    title: str
    summary: str
    html: str
    image: Image | None
    at: datetime
    #: Later than ``at`` when it was corrected.
    changed_at: datetime


def rss(entries: Sequence[Entry], imprint: Imprint, own: Addresses) -> str:
    """The newest first."""
    changed = [format_datetime(max(entry.changed_at for entry in entries))] if entries else []
    head = [
        _tag("title", imprint.title),
        _tag("link", own.page(INDEX)),
        _tag("description", imprint.tagline or imprint.title),
        _tag("language", imprint.language),
        _tag("copyright", imprint.copyright),
        *(_tag("lastBuildDate", moment) for moment in changed),
        f'<atom:link href={quoteattr(own.page(RSS))} rel="self" type="application/rss+xml"/>',
    ]
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/">',
        "<channel>",
        *head,
        *(line for entry in entries for line in _item(entry)),
        "</channel>",
        "</rss>",
    ]
    return "\n".join(lines) + "\n"


def _item(entry: Entry) -> list[str]:
    corrected = entry.changed_at > entry.at
    return [
        "<item>",
        _tag("title", entry.title),
        _tag("link", entry.url),
        f'<guid isPermaLink="true">{escape(entry.url)}</guid>',
        _tag("pubDate", format_datetime(entry.at)),
        *([_tag("atom:updated", entry.changed_at.isoformat(timespec="seconds"))] if corrected else []),
        _tag("description", entry.summary or entry.title),
        _tag("content:encoded", entry.html),
        "</item>",
    ]


def _tag(name: str, text: str) -> str:
    return f"<{name}>{escape(_NO_XML.sub(' ', text))}</{name}>"


def json_feed(entries: Sequence[Entry], imprint: Imprint, own: Addresses) -> str:
    """The newest first."""
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": imprint.title,
        "home_page_url": own.page(INDEX),
        "feed_url": own.page(JSON_FEED),
        **({"description": imprint.tagline} if imprint.tagline else {}),
        "language": imprint.language,
        "authors": [{"name": imprint.from_name, "url": own.page(INDEX)}],
        "items": [_json_item(entry) for entry in entries],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"


def _json_item(entry: Entry) -> dict[str, Any]:
    corrected = entry.changed_at > entry.at
    return {
        "id": entry.url,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.html,
        **({"summary": entry.summary} if entry.summary else {}),
        **({"image": entry.image.url} if entry.image else {}),
        "date_published": entry.at.isoformat(timespec="seconds"),
        **({"date_modified": entry.changed_at.isoformat(timespec="seconds")} if corrected else {}),
    }
