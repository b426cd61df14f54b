"""From a feed's items to ``Article`` values: cleaned, named, and given ids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from html import escape

from digest.model import Article, Enclosure, Image
from digest.parsing.kinds import kind_of
from digest.parsing.people import names
from digest.parsing.raw import RawFeed, RawImage, RawItem, Words
from digest.settings import Feed
from digest.urls import canonical, host, shown, untracked, usable
from digest.words.text import clean, clean_title, html_to_text, looks_like_html, paragraphs, shorten

#: So many items of one feed are read at most: the newest.
MOST_ITEMS = 500

_TITLE_LENGTH = 300
_DESCRIPTION_LENGTH = 600
_MOST_CATEGORIES = 20
_MOST_LINES = 10
_MOST_ENCLOSURES = 10
_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)

#: What blog software adds below every description.
_FOOTER = re.compile(
    r"(?:The post .{1,400} (?:appeared first|first appeared) on .{1,200}"
    r"|Continue reading\b.{0,200}|Read more\W{0,3})$"
)
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:-([A-Za-z]{4}))?(?:-([A-Za-z]{2}|\d{3}))?(?:-[A-Za-z0-9-]+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """What one answer of a feed holds."""

    #: The feed's own title; "" when it has none.
    title: str
    #: BCP 47 as declared; "" when undeclared.
    language: str
    #: In the feed's order.
    articles: tuple[Article, ...]
    #: How they are told apart, to be remembered: "guid", "link" or "hash"; "" while there are no items.
    identity: str
    #: One line for each item, or lot of items, that did not become an article.
    left_out: tuple[str, ...]


def articles_of(raw: RawFeed, *, feed: Feed, identity: str, at: datetime) -> ParsedFeed:
    """The articles of *feed*, found at *at*; *identity* is what was remembered of it, or ""."""
    title = clean_title(_markup(raw.title))
    outlet = feed.title or title or host(feed.url)
    chosen = feed.identity if feed.identity != "auto" else identity or choose_identity(raw.items)
    items = newest(raw.items, most=MOST_ITEMS)
    articles: list[Article] = []
    left_out: list[str] = []
    for place, item in enumerate(items, start=1):
        found = _article(item, raw, feed=feed, outlet=outlet, identity=chosen, at=at)
        if isinstance(found, Article):
            articles.append(found)
        else:
            left_out.append(f"{outlet}: item {place} left out: {found}")
    if (more := len(left_out) - _MOST_LINES) > 0:
        left_out[_MOST_LINES:] = [f"{outlet}: {more} more items left out for such reasons"]
    if unread := raw.unread + len(raw.items) - len(items):
        left_out.append(f"{outlet}: {unread} items left out: only the newest {MOST_ITEMS} of a feed are read")
    return ParsedFeed(
        title=title,
        language=_language(raw.language),
        articles=tuple(articles),
        identity=chosen,
        left_out=tuple(left_out),
    )


def newest(items: Sequence[RawItem], *, most: int) -> Sequence[RawItem]:
    """At most *most* items, the newest, in their old order. Undated ones rank as the oldest."""
    if len(items) <= most:
        return items
    ranked = sorted(
        range(len(items)),
        key=lambda place: items[place].published or items[place].updated or _UNDATED,
        reverse=True,
    )
    return [items[place] for place in sorted(ranked[:most])]


def choose_identity(items: Sequence[RawItem]) -> str:
    """ "guid" where nearly all items have one of their own, else "link" on the same terms, else "hash"."""
    if not items:
        return ""
    told = [item for item in items if item.guid or item.link]
    for name, values in (("guid", {item.guid for item in told}), ("link", {item.link for item in told})):
        if told and len(values - {""}) >= 0.8 * len(told):
            return name
    return "hash"


def _article(
    item: RawItem, raw: RawFeed, *, feed: Feed, outlet: str, identity: str, at: datetime
) -> Article | str:
    """The article, or why there is none."""
    description, text = _bodies(item)
    title = clean_title(_markup(item.title)) or (description or text).partition("\n")[0]
    title = shorten(title, _TITLE_LENGTH if item.title.value else 80)
    if not (title or item.link or item.guid):
        return "nothing in it: no title, no text, no link"
    url = untracked(usable(item.link, item.base))
    if item.link and not url:
        named = f"“{shorten(title, 60)}”" if title else "it"
        return f"{named} has no usable link ({shorten(shown(item.link), 80)})"
    page = canonical(url)
    categories = _unique(clean_title(category[:200]) for category in item.categories[:100])[:_MOST_CATEGORIES]
    enclosures = tuple(_enclosures(item))
    own = _key(item, identity, page) or f"{title}\n{description}"
    return Article(
        id=sha256(f"{feed.url}\n{own}".encode(errors="replace")).hexdigest()[:12],
        feed_url=feed.url,
        outlet=outlet,
        url=url,
        canonical_url=page,
        title=title,
        description=description,
        text=text,
        authors=names(item.authors, outlet=outlet) or names(raw.authors, outlet=outlet),
        published=item.published or item.updated,
        updated=item.updated,
        first_seen=at,
        language=_language(item.language) or _language(raw.language),
        categories=categories,
        kind=kind_of(title, categories, enclosures),
        image=_image(item.image, item.base),
        enclosures=enclosures,
        paywalled=feed.paywalled,
    )


def _key(item: RawItem, identity: str, page: str) -> str:
    """What tells *item* apart by *identity*; where it lacks that, by the next best; "" by its words."""
    if identity == "hash":
        return ""
    return (item.guid or page) if identity == "guid" else (page or item.guid)


def _bodies(item: RawItem) -> tuple[str, str]:
    """Description and text. One long body alone is the text, and its first paragraph the description."""
    summary, content = _prose(item.summary), _prose(item.content)
    if summary and content:
        return summary, content if len(content) > len(summary) else ""
    body = summary or content
    if len(body) <= _DESCRIPTION_LENGTH:
        return body, ""
    return shorten(body.partition("\n")[0], _DESCRIPTION_LENGTH), body


def _prose(words: Words) -> str:
    """*words* as plain paragraphs, also where markup was escaped once too often."""
    if not words.value:
        return ""
    if not words.html and not looks_like_html(words.value):
        return paragraphs(words.value)
    text = html_to_text(words.value)
    if looks_like_html(text):
        text = html_to_text(text.replace("\n", "<p>"))
    body, _, last = text.rpartition("\n")
    return body if _FOOTER.match(last) else text


def _markup(words: Words) -> str:
    """*words* as HTML: plain text that does not look like it is escaped, so that ``<b>`` stays ``<b>``."""
    return words.value if words.html or looks_like_html(words.value) else escape(words.value, quote=False)


def _image(image: RawImage | None, base: str) -> Image | None:
    if image is None or not (url := usable(image.url, base)):
        return None
    return Image(
        url=url,
        alt=clean_title(_markup(image.alt)),
        caption=_prose(image.caption).replace("\n", " "),
        credit=clean_title(image.credit),
        width=image.width,
        height=image.height,
    )


def _enclosures(item: RawItem) -> Iterable[Enclosure]:
    for enclosure in item.enclosures[:_MOST_ENCLOSURES]:
        if url := usable(enclosure.url, item.base):
            yield Enclosure(url=url, type=clean(enclosure.type)[:100], length=enclosure.length)


def _language(tag: str) -> str:
    """``en_us`` as ``en-US``; "" for what is no language tag."""
    match = _LANGUAGE.fullmatch(tag.strip().replace("_", "-"))
    if not match:
        return ""
    language, script, region = match.groups()
    return "-".join(filter(None, (language.lower(), (script or "").title(), (region or "").upper())))


def _unique(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, words)))
