"""From an answer's bytes to articles.

``decoding`` makes text of the bytes; ``xml`` (well-formed RSS and Atom), ``lenient`` (feedparser: the rest)
or ``jsonfeed`` makes a ``RawFeed`` of the text; ``articles`` cleans it. Foreign objects go no further than
the module that met them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from digest.errors import ParseError
from digest.parsing import jsonfeed, lenient, xml
from digest.parsing.articles import MOST_ITEMS, ParsedFeed, articles_of
from digest.parsing.decoding import decode
from digest.parsing.limits import MOST_TAGS, MOST_TAGS_TO_MEND, cut
from digest.parsing.raw import NoFeedError, RawFeed
from digest.settings import Feed
from digest.urls import shown, usable
from digest.words.text import clean, clean_title, shorten

__all__ = ["ParsedFeed", "parse"]

_BINARY = (
    (b"\x1f\x8b", "gzip data that its headers do not declare"),
    (b"PK\x03\x04", "a ZIP file"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
)
_FEED_START = re.compile(r"<(?:\?xml|rss|feed|rdf:RDF)[\s>]|<\w+:feed[\s>]", re.IGNORECASE)
_ROOT = re.compile(r"<([A-Za-z][\w:.-]*)")
_COMMENT = re.compile(r"<!--(?:[^-]|-(?!->))*+-->")
_DOCTYPE = re.compile(r"<!DOCTYPE[^<>\[]*+(?:\[[^\]]*+\]\s*+)?+>", re.IGNORECASE)
#: Longer ones, and those that name others, are not for feeds.
_SHORT_ENTITY = re.compile(r"""<!ENTITY\s+([\w.-]+)\s+(["'])((?:&#\w{1,8};|[^&%<"']){0,32})\2\s*>""")
_ENTITY = re.compile(r"&([A-Za-z_][\w.-]{0,40});")
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_PAGE_TITLE = re.compile(r"<title\b[^<>]*>([^<]{1,500})", re.IGNORECASE)
_FEED_LINK = re.compile(
    r"""<link\b[^<>]*\btype\s*=\s*["']?application/(?:rss|atom|feed)\+(?:xml|json)[^<>]*>""", re.IGNORECASE
)
_HREF = re.compile(r"\bhref\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
#: So much of a document's beginning is looked at to tell what it is.
_HEAD = 8192


def parse(
    body: bytes, *, feed: Feed, content_type: str, location: str, identity: str, at: datetime
) -> ParsedFeed:
    """The articles in a feed's answer.

    *location* is the address that answered: links are relative to it. *identity* is what was remembered
    of the feed, "" on first sight. The same bytes give the same articles, ``first_seen`` apart.

    Raises:
        ParseError: It is no feed: remember the reason, and fetch it again next time.
    """
    try:
        raw = _read(body, content_type, location)
    except NoFeedError as exc:
        raise ParseError(shown(feed.url), str(exc)) from exc
    return articles_of(raw, feed=feed, identity=identity, at=at)


def _read(body: bytes, content_type: str, location: str) -> RawFeed:
    if not body.strip():
        raise NoFeedError("answered with an empty body, not a feed")
    for start, name in _BINARY:
        if body.startswith(start):
            raise NoFeedError(f"answered with {name}, not a feed")
    text = decode(body, content_type).lstrip()
    if text.startswith(("{", "[")):
        return jsonfeed.read(text, location)
    return _read_xml(_without_doctype(_without_preface(text)), location)


def _without_preface(text: str) -> str:
    """*text* from where the feed begins: some servers print a warning or a comment above it."""
    if text.startswith("<?xml"):
        return text
    start = _FEED_START.search(text, 0, _HEAD)
    return text[start.start() :] if start else text


def _without_doctype(text: str) -> str:
    """Without its document type; what that declares for one short text is put in place.

    So no parser sees an entity, and there is nothing to expand a thousandfold or to fetch: what is left
    of such a declaration is text. An undeclared ``&nbsp;`` becomes an error that feedparser mends.
    """
    if doctype := _DOCTYPE.search(text, 0, _HEAD):
        short = {name: value for name, _, value in _SHORT_ENTITY.findall(doctype[0])}
        text = text[: doctype.start()] + text[doctype.end() :]
        if short:
            text = _ENTITY.sub(lambda match: short.get(match[1], match[0]), text)
    return text.replace("<!DOCTYPE", "&lt;!DOCTYPE").replace("<!ENTITY", "&lt;!ENTITY")


def _read_xml(text: str, location: str) -> RawFeed:
    head = _COMMENT.sub("", text[:_HEAD])
    if _HTML.search(head) and not re.search(r"<(?:\w+:)?(?:rss|feed|rdf)\b", head, re.IGNORECASE):
        raise NoFeedError(_about_page(text, location))
    root = _ROOT.search(head)
    if not text.startswith("<") or not root:
        raise NoFeedError(f"is neither XML nor JSON; it begins with “{shorten(clean(text[:200]), 60)}”")
    # The newest are chosen among ten times as many as are kept; feedparser is too slow for that.
    text, unread = cut(text, items=(10 * MOST_ITEMS, MOST_ITEMS), tags=MOST_TAGS)
    raw = xml.read(text, location)
    if raw is None:
        text, more = cut(text, items=(MOST_ITEMS,), tags=MOST_TAGS_TO_MEND)
        raw, unread = lenient.read(text, location), unread + more
    if raw is None:
        raise NoFeedError(f"is XML or nearly so, but not a readable feed; its root is <{root[1][:40]}>")
    return replace(raw, unread=unread)


def _about_page(text: str, location: str) -> str:
    """What to do about a page; with the feed's address when the page names it."""
    title = _PAGE_TITLE.search(text)
    named = f" (title: “{shorten(clean_title(title[1]), 80)}”)" if title and clean(title[1]) else ""
    link = _FEED_LINK.search(text[:500_000])
    href = _HREF.search(link[0]) if link else None
    address = usable(clean_title(href[1]), location) if href else ""
    advice = f"its feed is {address}" if address else "look for its feed address"
    return f"answered with an HTML page, not a feed{named}; {advice}"
