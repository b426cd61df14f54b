"""The sample's documents: pages, feeds, pictures and sounds, made from the manuscripts on demand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from digest.sample.manuscripts import (
    MONTHS,
    WEEKDAYS,
    Manuscript,
    Outlet,
    Picture,
    load_manuscripts,
    load_outlets,
)
from digest.sample.pictures import draw
from digest.sample.sketch import HEIGHT, WIDTH
from digest.sample.sounds import chime

HTML = "text/html; charset=utf-8"
FEED_TYPES = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}
TRACKING = "?utm_source=rss&utm_medium=feed&utm_campaign=morning&fbclid=IwAR0sample"
#: How many paragraphs of a paywalled article a visitor sees.
FREE_PARAGRAPHS = 2

_SCHEMA_TYPES = {
    "analysis": "AnalysisNewsArticle",
    "column": "OpinionNewsArticle",
    "interview": "ReportageNewsArticle",
}
_KICKERS = {"analysis": "Analysis", "column": "Opinion", "interview": "Interview", "podcast": "Podcast"}


@dataclass(frozen=True, slots=True)
class Document:
    body: bytes = field(repr=False)
    content_type: str
    modified: datetime


class Site(Mapping[str, Document]):
    """Every document by its path. Each is made when it is first asked for, and kept."""

    def __init__(self, makers: Mapping[str, Callable[[], Document]]) -> None:
        self._makers = makers
        self._made: dict[str, Document] = {}

    def __getitem__(self, path: str) -> Document:
        if path not in self._made:
            self._made[path] = self._makers[path]()
        return self._made[path]

    def __contains__(self, path: object) -> bool:
        return path in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaser:
    """A link to another page."""

    url: str
    title: str
    description: str = ""


class Page:
    """A manuscript as the templates see it: its words, and what the address and the time add."""

    picture_width, picture_height = WIDTH, HEIGHT

    def __init__(
        self, manuscript: Manuscript, outlet: Outlet, *, base: str, now: datetime, related: Sequence[Teaser]
    ) -> None:
        self._manuscript = manuscript
        self.outlet = outlet
        self.title = manuscript.title
        self.description = manuscript.description
        self.authors = manuscript.authors
        self.section = manuscript.section
        self.kind = manuscript.kind
        self.language = manuscript.language
        self.paywalled = manuscript.paywalled
        self.duration = manuscript.duration
        self.picture: Picture | None = manuscript.picture
        self.related = related
        self.path = manuscript.path(now)
        self.url = base + self.path
        self.link = self.url + TRACKING if manuscript.tracking else self.url
        self.guid = f"tag:sample.example.org,2026:{self.path[1:]}"
        self.published = None if manuscript.hours_before is None else manuscript.moment(now)
        self.modified = min(now, manuscript.moment(now))
        self.feed_url = base + outlet.feed_path
        self.feed_type = FEED_TYPES[outlet.feed]
        self.picture_url = base + manuscript.picture_path if manuscript.picture else ""
        self.audio_url = base + manuscript.audio_path if manuscript.audio_path else ""
        self.audio_bytes = len(chime()) if manuscript.audio_path else 0

    @property
    def visible(self) -> tuple[str, ...]:
        """The paragraphs that a visitor without a subscription sees."""
        paragraphs = self._manuscript.paragraphs
        return paragraphs[:FREE_PARAGRAPHS] if self.paywalled else paragraphs

    @property
    def kicker(self) -> str:
        return _KICKERS.get(self.kind, self.section)

    @property
    def categories(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.section, self.kicker)))

    @property
    def byline(self) -> str:
        *others, last = self.authors or ("",)
        names = f"{', '.join(others)} and {last}" if others else last
        return f"By {names}" if names else ""

    @property
    def minutes(self) -> int:
        return max(1, round(len(self._manuscript.text.split()) / 220))

    @property
    def published_words(self) -> str:
        """ "Monday, 23 November 2026, 04:30 UTC", in the article's language."""
        if self.published is None:
            return ""
        weekday = WEEKDAYS[self.language][self.published.weekday()]
        month = MONTHS[self.language][self.published.month - 1]
        return f"{weekday}, {self.published.day} {month} {self.published:%Y, %H:%M} UTC"

    @property
    def excerpt(self) -> str:
        """The description as RSS feeds have it: HTML, with the publisher's way to more."""
        return str(Markup('<p>{}</p> <a href="{}">Read more</a>').format(self.description, self.link))

    @property
    def content(self) -> str:
        return _templates.get_template("content.html.j2").render(page=self)

    @property
    def linked_data(self) -> Markup:
        """Schema.org's NewsArticle as JSON that is safe inside of a script element."""
        data: dict[str, Any] = {
            "@context": "https://schema.org",
            "@type": _SCHEMA_TYPES.get(self.kind, "NewsArticle"),
            "headline": self.title,
            "description": self.description,
            "url": self.url,
            "mainEntityOfPage": {"@type": "WebPage", "@id": self.url},
            "articleSection": self.section,
            "inLanguage": self.language,
            "isAccessibleForFree": not self.paywalled,
            "author": [{"@type": "Person", "name": name} for name in self.authors],
            "publisher": {"@type": "NewsMediaOrganization", "name": self.outlet.title},
        }
        if self.kind in _KICKERS:
            data["genre"] = self.kicker
        if self.published:
            data |= dict.fromkeys(("datePublished", "dateModified"), self.published.isoformat())
        if self.paywalled:
            data["hasPart"] = {
                "@type": "WebPageElement",
                "isAccessibleForFree": False,
                "cssSelector": ".paywall",
            }
        if self.picture:
            data["image"] = {
                "@type": "ImageObject",
                "url": self.picture_url,
                "width": WIDTH,
                "height": HEIGHT,
                "caption": self.picture.caption,
            }
            if self.picture.credit:
                data["image"]["creditText"] = self.picture.credit
        return Markup(json.dumps(data, ensure_ascii=False).replace("<", "\\u003c"))  # noqa: S704 - "<" is gone


def build_site(now: datetime, base: str) -> Site:
    """All documents of an edition's cutoff *now* (UTC), with absolute addresses that begin with *base*."""
    outlets, manuscripts = load_outlets(), load_manuscripts(now)
    makers: dict[str, Callable[[], Document]] = {}
    by_outlet: dict[str, list[Page]] = {slug: [] for slug in outlets}
    for manuscript in manuscripts:
        page = Page(
            manuscript,
            outlets[manuscript.outlet],
            base=base,
            now=now,
            related=_related(manuscript, manuscripts, base, now),
        )
        by_outlet[manuscript.outlet].append(page)
        makers[page.path] = partial(_page, page)
        if manuscript.picture:
            makers[manuscript.picture_path] = partial(_picture, manuscript.slug, manuscript.picture, now)
        if manuscript.audio_path:
            makers[manuscript.audio_path] = partial(Document, chime(), "audio/wav", now)
    for slug, outlet in outlets.items():
        makers[outlet.feed_path] = partial(_feed, outlet, by_outlet[slug], base)
        makers[f"/{slug}/"] = partial(_front, outlet, by_outlet[slug], base)
    makers["/"] = partial(_index, tuple(outlets.values()), base, now)
    return Site(makers)


def _related(
    manuscript: Manuscript, manuscripts: Sequence[Manuscript], base: str, now: datetime
) -> tuple[Teaser, ...]:
    """Four other pages of the same outlet, those on the same event first."""
    others = [one for one in manuscripts if one.outlet == manuscript.outlet and one is not manuscript]
    others.sort(key=lambda one: not (one.event and one.event == manuscript.event))
    return tuple(
        Teaser(url=base + one.path(now), title=one.title, description=one.description) for one in others[:4]
    )


def _page(page: Page) -> Document:
    text = _templates.get_template(f"{page.outlet.design}.html.j2").render(page=page)
    return Document(text.encode(), HTML, page.modified)


def _picture(slug: str, picture: Picture, now: datetime) -> Document:
    return Document(draw(picture.scene, picture.light, slug), "image/png", now)


def _feed(outlet: Outlet, pages: Sequence[Page], base: str) -> Document:
    modified = max(page.modified for page in pages)
    if outlet.feed == "json":
        text = _json_feed(outlet, pages, base)
    else:
        text = _templates.get_template(f"{outlet.feed}.xml.j2").render(
            outlet=outlet,
            pages=pages,
            home_url=f"{base}/{outlet.slug}/",
            feed_url=base + outlet.feed_path,
            modified=modified,
        )
    return Document(text.encode(), f"{FEED_TYPES[outlet.feed]}; charset=utf-8", modified)


def _json_feed(outlet: Outlet, pages: Sequence[Page], base: str) -> str:
    """https://www.jsonfeed.org/version/1.1/"""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.title,
        "description": outlet.tagline,
        "home_page_url": f"{base}/{outlet.slug}/",
        "feed_url": base + outlet.feed_path,
        "language": "en",
        "items": [_json_item(page) for page in pages],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def _json_item(page: Page) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": page.guid,
        "url": page.link,
        "title": page.title,
        "summary": page.description,
        "content_html": page.content,
        "authors": [{"name": name} for name in page.authors],
        "tags": list(page.categories),
        "language": page.language,
    }
    if page.published:
        item["date_published"] = page.published.isoformat()
    if page.picture:
        item["image"] = page.picture_url
    return item


def _front(outlet: Outlet, pages: Sequence[Page], base: str) -> Document:
    text = _templates.get_template("front.html.j2").render(
        title=outlet.title,
        tagline=outlet.tagline,
        links=pages,
        feed_url=base + outlet.feed_path,
        feed_type=FEED_TYPES[outlet.feed],
    )
    return Document(text.encode(), HTML, max(page.modified for page in pages))


def _index(outlets: Sequence[Outlet], base: str, now: datetime) -> Document:
    text = _templates.get_template("front.html.j2").render(
        title="The sample newsroom",
        tagline="Six made-up outlets and their feeds",
        links=[Teaser(url=base + one.feed_path, title=one.title) for one in outlets],
        feed_url="",
        feed_type="",
    )
    return Document(text.encode(), HTML, now)


_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "pages"),
    autoescape=True,
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)
_templates.filters["rfc822"] = format_datetime
