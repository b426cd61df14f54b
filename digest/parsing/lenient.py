"""Everything else that is meant to be a feed, by feedparser: broken markup, old formats, odd dates.

feedparser gets bytes only: a ``str`` may name a file or an address that it would open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import feedparser

from digest.parsing.dates import from_tuple
from digest.parsing.raw import NOTHING, RawEnclosure, RawFeed, RawImage, RawItem, Words, number
from digest.urls import usable

_ITEM = re.compile(r"<(?:\w+:)?(?:item|entry)(?=[\s>])", re.IGNORECASE)
#: What feedparser is given at most. It takes about 20 µs a tag, and the broken feed of a real publisher
#: has some thousands.
_MOST_TAGS = 100_000


def read(text: str, location: str, *, most: int) -> RawFeed | None:
    """The feed in *text* with its first *most* items; None when feedparser finds no feed in it."""
    starts = [match.start() for match in _ITEM.finditer(text)]
    if len(starts) > most:
        text = text[: starts[most]]
    if text.count("<") > _MOST_TAGS:
        return None
    found = feedparser.parse(
        text.encode("utf-8"),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    version = str(found.get("version") or "")
    if not version and not found["entries"]:
        return None
    # Not ``found.feed.get``: feedparser warns, and guesses, where a date is missing.
    head = dict(found["feed"])
    atom = version.startswith("atom")
    return RawFeed(
        title=_words(head, "title", atom=atom),
        language=str(head.get("language") or ""),
        authors=tuple(_authors(head)) if atom else (),
        items=tuple(_item(dict(entry), location, atom=atom) for entry in found["entries"][:most]),
        unread=max(0, len(starts) - most),
    )


def _item(entry: Mapping[str, Any], location: str, *, atom: bool) -> RawItem:
    content = next((part for part in map(_content, entry.get("content", ())) if part.value), NOTHING)
    summary = _words(entry, "summary", atom=atom)
    guid = str(entry.get("id") or "")
    link = str(entry.get("feedburner_origlink") or entry.get("link") or "")
    return RawItem(
        guid=guid,
        # feedparser takes any guid for an address.
        link=usable(link) if link == guid else link,
        base=location,
        title=_words(entry, "title", atom=atom),
        # feedparser copies the content where there is no summary.
        summary=NOTHING if summary.value == content.value else summary,
        content=content,
        authors=tuple(_authors(entry)),
        published=_date(entry, "published", "created", "updated"),
        updated=_date(entry, "updated"),
        language=str(entry.get("language") or ""),
        categories=tuple(str(tag.get("label") or tag.get("term") or "") for tag in entry.get("tags", ())),
        image=_image(entry),
        enclosures=tuple(_enclosures(entry)),
    )


def _words(holder: Mapping[str, Any], name: str, *, atom: bool) -> Words:
    detail = holder.get(f"{name}_detail") or {}
    plain = atom and "html" not in str(detail.get("type") or "text/plain")
    return Words(str(holder.get(name) or "").strip(), html=not plain)


def _content(part: Mapping[str, Any]) -> Words:
    kind = str(part.get("type") or "")
    if "html" not in kind and "text" not in kind:
        return NOTHING
    return Words(str(part.get("value") or "").strip(), html="html" in kind)


def _date(entry: Mapping[str, Any], *names: str) -> datetime | None:
    moments = (from_tuple(entry.get(f"{name}_parsed")) for name in names)
    return next((found for found in moments if found), None)


def _authors(holder: Mapping[str, Any]) -> Iterator[str]:
    for author in holder.get("authors", ()):
        if name := author.get("name"):
            yield str(name)


def _enclosures(entry: Mapping[str, Any]) -> Iterator[RawEnclosure]:
    for link in entry.get("links", ()):
        if dict.get(link, "rel") == "enclosure" and (url := dict.get(link, "href")):
            yield RawEnclosure(
                url=str(url), type=str(link.get("type") or "").lower(), length=number(link.get("length"))
            )


def _image(entry: Mapping[str, Any]) -> RawImage | None:
    pictures = [dict(media) for media in entry.get("media_content", ()) if _is_picture(media)]
    pictures = pictures or [dict(media) for media in entry.get("media_thumbnail", ())]
    pictures = [media for media in pictures if media.get("url")]
    if not pictures:
        found = next((part for part in _enclosures(entry) if part.type.startswith("image/")), None)
        url = found.url if found else str((entry.get("image") or {}).get("href") or "")
        return RawImage(url=url) if url else None
    best = max(pictures, key=lambda media: number(media.get("width")))
    credited = (str(credit.get("content") or "") for credit in entry.get("media_credit", ()))
    return RawImage(
        url=str(best["url"]),
        credit=" / ".join(filter(None, credited)),
        width=number(best.get("width")),
        height=number(best.get("height")),
    )


def _is_picture(media: Mapping[str, Any]) -> bool:
    kind = str(media.get("medium") or media.get("type") or "").lower()
    return kind == "image" or kind.startswith("image/")
