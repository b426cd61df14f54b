"""Everything else that is meant to be a feed, by feedparser: broken markup, old formats, odd dates.

feedparser gets bytes only: a ``str`` may name a file or an address that it would open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from digest.parsing.dates import from_tuple
from digest.parsing.raw import NOTHING, NoFeedError, RawEnclosure, RawFeed, RawImage, RawItem, Words, number
from digest.urls import usable

_CHARACTER = re.compile(r"&#(?:[0-9]{1,9}|[xX][0-9a-fA-F]{1,8});?")
#: feedparser takes it for the item's own description, or that for the content; by a name that it does
#: not know, it leaves both alone.
_CAPTION = re.compile(r"<(/?)media:description\b[^<>]*>", re.IGNORECASE)


def read(text: str, location: str) -> RawFeed | None:
    """The feed in *text*, or None when feedparser finds no feed in it."""
    import feedparser

    text = _CAPTION.sub(r"<\1media:caption>", _CHARACTER.sub(_without_nonsense, text))
    try:
        found = feedparser.parse(
            text.encode("utf-8"),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except (
        ArithmeticError,
        AssertionError,
        AttributeError,
        LookupError,
        RuntimeError,
        TypeError,
        ValueError,
    ) as exc:
        # Its handlers were not written for every kind of rubbish; one feed must not end the run.
        raise NoFeedError(f"is broken in a way that feedparser cannot repair ({type(exc).__name__})") from exc
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
        items=tuple(_item(dict(entry), location, atom=atom) for entry in found["entries"]),
    )


def _without_nonsense(reference: re.Match[str]) -> str:
    """A space for a reference to no character: feedparser raises UnicodeError or ValueError at these."""
    digits = reference[0].strip("&#;")
    point = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    return reference[0] if 32 <= point < 0xD800 or 0xE000 <= point < 0x110000 or point in (9, 10, 13) else " "


def _item(entry: Mapping[str, Any], location: str, *, atom: bool) -> RawItem:
    content = next((part for part in map(_content, entry.get("content", ())) if part.value), NOTHING)
    summary = _words(entry, "summary", atom=atom)
    if not summary.value:
        summary = Words(_caption(entry), html=False)
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
        language=str(entry.get("language") or (entry.get("title_detail") or {}).get("language") or ""),
        categories=tuple(_categories(entry)),
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
    authors = holder.get("authors", ())
    if len(authors) < 2 and (author := holder.get("author")):
        yield str(author)  # whole: feedparser cuts addresses short at long top-level domains
        return
    for author in authors:
        if name := author.get("name"):
            yield str(name)


def _categories(entry: Mapping[str, Any]) -> Iterator[str]:
    for tag in entry.get("tags", ()):
        if tag.get("scheme") != "http://www.itunes.com/":  # keywords for a search engine
            yield str(tag.get("label") or tag.get("term") or "")


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
        return RawImage(url=url, caption=Words(_caption(entry), html=False)) if url else None
    best = max(pictures, key=lambda media: number(media.get("width")))
    credited = (str(credit.get("content") or "") for credit in entry.get("media_credit", ()))
    return RawImage(
        url=str(best["url"]),
        caption=Words(_caption(entry), html=False),
        credit=" / ".join(filter(None, credited)),
        width=number(best.get("width")),
        height=number(best.get("height")),
    )


def _caption(entry: Mapping[str, Any]) -> str:
    caption = entry.get("media_caption")
    return caption.strip() if isinstance(caption, str) else ""


def _is_picture(media: Mapping[str, Any]) -> bool:
    kind = str(media.get("medium") or media.get("type") or "").lower()
    return kind == "image" or kind.startswith("image/")
