"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), which feedparser does not read.

Each value may be of any type: one that is not of the specified type counts as missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from digest.parsing.dates import moment
from digest.parsing.raw import NOTHING, NoFeedError, RawEnclosure, RawFeed, RawImage, RawItem, Words, number

#: Each costs some 60 bytes, however short it is written.
MOST_VALUES = 500_000


def read(text: str, location: str) -> RawFeed:
    """The feed in *text*.

    Raises:
        NoFeedError: It is no JSON, or JSON of another kind.
    """
    if text.count("{") + text.count("[") > MOST_VALUES:
        raise NoFeedError(f"is JSON with more than {MOST_VALUES:,} objects and lists; it is not read")
    try:
        document = json.loads(text, strict=False)  # a line break in a string is common
    except json.JSONDecodeError as exc:
        raise NoFeedError(f"looks like JSON but is not valid: {exc.msg}, line {exc.lineno}") from exc
    except (ValueError, RecursionError) as exc:  # a number of 5,000 digits; 10,000 brackets
        raise NoFeedError("is JSON that cannot be read: nested too deeply, or a number is too long") from exc
    if not isinstance(document, dict):
        raise NoFeedError("is JSON, but not a JSON Feed: a feed is an object with version and items")
    version = _text(document, "version")
    if "jsonfeed.org/version/1" not in version and not isinstance(document.get("items"), list):
        raise NoFeedError(
            f"is JSON, but not a JSON Feed: its version is {version[:80]!r}, and it has no list of items"
        )
    return RawFeed(
        title=Words(_text(document, "title"), html=False),
        language=_text(document, "language"),
        authors=tuple(_authors(document)),
        items=tuple(_item(entry, location) for entry in _objects(document, "items")),
    )


def _item(entry: Mapping[str, Any], location: str) -> RawItem:
    html, plain = _text(entry, "content_html"), _text(entry, "content_text")
    picture = _text(entry, "image") or _text(entry, "banner_image")
    link = _text(entry, "url") or _text(entry, "external_url")
    published, updated = moment(_text(entry, "date_published")), moment(_text(entry, "date_modified"))
    return RawItem(
        guid=_identifier(entry),
        link=link,
        base=location,
        title=Words(_text(entry, "title"), html=False),
        summary=Words(_text(entry, "summary"), html=False),
        content=Words(html) if html else Words(plain, html=False) if plain else NOTHING,
        authors=tuple(_authors(entry)),
        published=published or updated,
        updated=updated,
        language=_text(entry, "language"),
        categories=tuple(tag for tag in _list(entry, "tags") if isinstance(tag, str)),
        image=RawImage(url=picture) if picture else None,
        enclosures=tuple(
            RawEnclosure(
                url=_text(part, "url"),
                type=_text(part, "mime_type").lower(),
                length=number(part.get("size_in_bytes")),
            )
            for part in _objects(entry, "attachments")
        ),
    )


def _identifier(entry: Mapping[str, Any]) -> str:
    """A number is taken as its digits, as version 1.1 asks."""
    value = entry.get("id")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(value)
    return _text(entry, "id")


def _authors(holder: Mapping[str, Any]) -> Iterator[str]:
    """``authors`` of version 1.1, else ``author`` of 1.0."""
    single = holder.get("author")
    for author in _objects(holder, "authors") or ([single] if isinstance(single, dict) else []):
        if name := _text(author, "name"):
            yield name


def _text(holder: Mapping[str, Any], key: str) -> str:
    value = holder.get(key)
    return value.strip() if isinstance(value, str) else ""


def _list(holder: Mapping[str, Any], key: str) -> list[Any]:
    value = holder.get(key)
    return value if isinstance(value, list) else []


def _objects(holder: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    return [value for value in _list(holder, key) if isinstance(value, dict)]
