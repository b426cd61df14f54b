"""The pages of an archive, by their paths."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from digest.addresses import (
    INDEX,
    JSON_FEED,
    RSS,
    SITEMAP,
    Addresses,
    addresses,
    edition_path,
    item_path,
    month_path,
)
from digest.archive.amending import Amended, Note, amended
from digest.archive.feeds import Entry, json_feed, rss
from digest.archive.sitemap import sitemap
from digest.archive.slugs import slugs
from digest.model import ArchivedEdition, Blurb, Edition, Image
from digest.rendering import Template
from digest.rendering.page import frame, imprint, photo, shown, title, variables
from digest.settings import Newsletter
from digest.words import marks
from digest.words.text import shorten

#: Characters of an item's summary that other sites show below its headline.
DESCRIPTION = 200
#: Editions in a feed, and on the first page.
RECENT = 20

HTML, XML = "text/html; charset=utf-8", "application/xml; charset=utf-8"
TYPES = {
    RSS: "application/rss+xml; charset=utf-8",
    JSON_FEED: "application/feed+json; charset=utf-8",
    SITEMAP: XML,
}
#: What a path may be; ``strptime`` would accept more than one spelling of a day.
PATH = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?/(?:([a-z0-9-]+)/)?", re.ASCII)

#: The templates; an edition's page is the one that has always been there.
ITEM, LIST, IN_FEEDS = "archive/item.html.j2", "archive/index.html.j2", "archive/feed.html.j2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    path: str
    body: bytes
    #: Media type, with the charset.
    type: str
    #: When it last changed; None if it never had anything to show.
    changed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A page before or after one."""

    url: str
    #: "" where the day says it.
    title: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the archive adds to the edition in a template; the README beside the templates explains each."""

    #: Addresses of the items' pages, by blurb id.
    items: Mapping[str, str]
    headlines: Mapping[str, str]
    #: By blurb id.
    notes: Mapping[str, tuple[Note, ...]]
    all_notes: tuple[Note, ...]
    published_at: datetime
    #: None while nothing was corrected.
    corrected_at: datetime | None
    earlier: Step | None
    later: Step | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An edition on a page that lists them."""

    url: str
    day: date
    title: str
    words: str
    photo: Image | None


class Archive:
    """A newsletter's past editions: *days* are theirs, the newest first, and *past* reads one."""

    def __init__(
        self,
        newsletter: Newsletter,
        template: Template,
        *,
        days: Sequence[date],
        past: Callable[[date], ArchivedEdition],
    ) -> None:
        self._newsletter = newsletter
        self._template = template
        self._days = days
        self._places = {day: place for place, day in enumerate(days)}
        self._past = past
        self._own: Addresses = addresses(newsletter)

    def paths(self) -> Iterator[str]:
        """Of every page."""
        yield from (INDEX, RSS, JSON_FEED, SITEMAP)
        for path, _ in self._mapped():
            if path:
                yield path

    def page(self, path: str) -> Page | None:
        """The page at *path*; None if there is none."""
        if path == INDEX:
            return self._index(self._days[:RECENT])
        if path in TYPES:
            return self._machine_readable(path)
        if (found := PATH.fullmatch(path)) is None:
            return None
        year, month, of_month, slug = found.groups()
        if of_month is None:
            days = [day for day in self._days if month_path(day) == path]
            return self._index(days, month=days[0]) if days else None
        try:
            day = date(int(year), int(month), int(of_month))
        except ValueError:
            return None
        if day not in self._places:
            return None
        return self._item(day, slug) if slug else self._edition(day)

    # --- an edition, and its items ----------------------------------------------------------------

    def _edition(self, day: date) -> Page:
        past, now = self._amended(day)
        around = self._around(
            past,
            now,
            earlier=self._edition_beside(day, 1),
            later=self._edition_beside(day, -1),
        )
        text = self._template.web(variables(now.edition, self._newsletter) | {"archive": around})
        return _html(edition_path(day), text, self._changed(day, past))

    def _item(self, day: date, slug: str) -> Page | None:
        past, now = self._amended(day)
        blurbs = shown(now.edition, self._newsletter)
        names = self._slugs(past)
        place = next((place for place, blurb in enumerate(blurbs) if names[blurb.id] == slug), None)
        if place is None:
            return None
        blurb = blurbs[place]
        before, after = blurbs[max(place - 1, 0) : place], blurbs[place + 1 : place + 2]
        around = self._around(
            past,
            now,
            earlier=next((self._step(past, one) for one in before), None),
            later=next((self._step(past, one) for one in after), None),
        )
        given = variables(now.edition, self._newsletter) | {
            "archive": around,
            "blurb": blurb,
            "picture": photo(blurb),
            "description": shorten(" ".join(marks.plain(marks.read(blurb.summary)).split()), DESCRIPTION),
            "comments": self._newsletter.comments.replace("{url}", quote(around.items[blurb.id], safe="")),
        }
        text = self._template.web(given, ITEM)
        return _html(item_path(day, slug), text, self._changed(day, past))

    def _amended(self, day: date) -> tuple[ArchivedEdition, Amended]:
        past = self._past(day)
        return past, amended(past, self._newsletter.timezone)

    def _slugs(self, past: ArchivedEdition) -> Mapping[str, str]:
        """From what was sent: correcting a headline moves no page."""
        return slugs(shown(past.edition, self._newsletter))

    def _around(
        self, past: ArchivedEdition, now: Amended, *, earlier: Step | None = None, later: Step | None = None
    ) -> Around:
        day = past.edition.key.day
        return Around(
            items={id_: self._own.page(item_path(day, slug)) for id_, slug in self._slugs(past).items()},
            headlines={blurb.id: blurb.headline for blurb in now.edition.blurbs},
            notes=now.by_item,
            all_notes=now.notes,
            published_at=past.at,
            corrected_at=past.changed_at if past.corrections else None,
            earlier=earlier,
            later=later,
        )

    def _step(self, past: ArchivedEdition, blurb: Blurb) -> Step:
        day = past.edition.key.day
        return Step(url=self._own.page(item_path(day, self._slugs(past)[blurb.id])), title=blurb.headline)

    def _edition_beside(self, day: date, offset: int) -> Step | None:
        place = self._places[day] + offset
        if not 0 <= place < len(self._days):
            return None
        return Step(url=self._own.edition(self._days[place]), day=self._days[place])

    def _changed(self, day: date, past: ArchivedEdition) -> datetime:
        """A page changes with its corrections, and when there is a next edition to link to."""
        place = self._places[day]
        later = [self._past(self._days[place - 1]).at] if place else []
        return max([past.changed_at, *later])

    # --- lists of editions ------------------------------------------------------------------------

    def _index(self, days: Sequence[date], *, month: date | None = None) -> Page:
        sent = [self._past(day) for day in days]
        changed = max((past.changed_at for past in sent), default=None)
        path = INDEX if month is None else month_path(month)
        months = dict.fromkeys(day.replace(day=1) for day in self._days)
        given = frame(self._newsletter, days[0].year if days else None) | {
            "url": self._own.page(path),
            "month": month,
            "editions": [self._listed(past) for past in sent],
            "months": [Step(url=self._own.page(month_path(first)), day=first) for first in months],
        }
        return _html(path, self._template.web(given, LIST), changed)

    def _listed(self, past: ArchivedEdition) -> Listed:
        edition = amended(past, self._newsletter.timezone).edition
        return Listed(
            url=self._own.edition(edition.key.day),
            day=edition.key.day,
            title=title(edition, self._lead(edition)),
            words=edition.preheader,
            photo=self._lead_photo(edition),
        )

    def _lead_photo(self, edition: Edition) -> Image | None:
        return photo(self._lead(edition))

    def _lead(self, edition: Edition) -> Blurb | None:
        return next(iter(shown(edition, self._newsletter)), None)

    # --- for machines -----------------------------------------------------------------------------

    def _machine_readable(self, path: str) -> Page:
        if path == SITEMAP:
            mapped = list(self._mapped())
            text = sitemap((self._own.page(at), changed) for at, changed in mapped)
            changed = max((changed for _, changed in mapped if changed), default=None)
        else:
            entries = [self._entry(day) for day in self._days[:RECENT]]
            write = rss if path == RSS else json_feed
            year = self._days[0].year if self._days else None
            text = write(entries, imprint(self._newsletter, year), self._own)
            changed = max((entry.changed_at for entry in entries), default=None)
        return Page(path=path, body=text.encode(), type=TYPES[path], changed_at=changed)

    def _entry(self, day: date) -> Entry:
        past, now = self._amended(day)
        given = variables(now.edition, self._newsletter) | {"archive": self._around(past, now)}
        return Entry(
            url=self._own.edition(day),
            title=title(now.edition, self._lead(now.edition)),
            summary=now.edition.preheader,
            html=self._template.web(given, IN_FEEDS),
            image=self._lead_photo(now.edition),
            at=past.at,
            changed_at=past.changed_at,
        )

    def _mapped(self) -> Iterator[tuple[str, datetime | None]]:
        """Every page that people read, and when its own words last changed; the newest first."""
        sent = {day: self._past(day) for day in self._days}
        yield INDEX, max((past.changed_at for past in sent.values()), default=None)
        for day, past in sent.items():
            yield edition_path(day), past.changed_at
            for slug in self._slugs(past).values():
                yield item_path(day, slug), past.changed_at
        months: dict[str, datetime] = {}
        for day, past in sent.items():
            path = month_path(day)
            months[path] = max(past.changed_at, months.get(path, past.changed_at))
        yield from months.items()


def _html(path: str, text: str, changed_at: datetime | None) -> Page:
    return Page(path=path, body=text.encode(), type=HTML, changed_at=changed_at)
