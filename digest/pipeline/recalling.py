"""Recall: what the last editions ran, so that today's does not repeat it unawares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from digest import editions
from digest.errors import EditionError
from digest.model import Article, Blurb, Edition, EditionKey, EditionRecord, Provenance, Ran, Window
from digest.pipeline.desk import Desk
from digest.ports import EditionFiles
from digest.settings import Newsletter
from digest.urls import canonical

#: How many editions are looked back on: a week of weekdays.
EDITIONS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    #: What the last edition covered; None before the first.
    window: Window | None = None
    #: Where the earliest of the windows that were looked back on begins: nothing since then runs twice.
    since: datetime | None = None
    #: The last edition as its editors left it.
    last: Edition | None = None
    ran: tuple[Ran, ...] = ()
    #: Those of the articles that ran which are still in their feeds, as they are now.
    present: tuple[Article, ...] = ()

    def updated(self, window: Window) -> Sequence[Article]:
        """Articles that ran, are older than *window*, and were updated in it."""
        return [
            article
            for article in self.present
            if article.updated is not None and article.updated in window and article.when not in window
        ]


def recall(newsletter: Newsletter, key: EditionKey, desk: Desk) -> Recalled:
    """The editions before *key* that were sent, the newest first."""
    records = desk.store.editions.recent(newsletter.key, before=key.day, limit=EDITIONS)
    if not records:
        return Recalled()
    past = [as_sent(record, desk.files) for record in records]
    sources = {
        (edition.key.day, blurb.id): record.provenance.get(blurb.id, Provenance(articles=())).articles
        for record, edition in zip(records, past, strict=True)
        for blurb in edition.used
    }
    ids = {id_ for _, id_ in sources}
    found = desk.store.feeds.find(ids.union(*sources.values()))
    read = {id_: then for id_, (_, then) in found.items()}
    ran = [
        _ran(blurb, edition, read, sources[edition.key.day, blurb.id])
        for edition in past
        for blurb in edition.used
    ]
    return Recalled(
        window=records[0].window,
        since=min(record.window.since for record in records),
        last=past[0],
        ran=tuple(ran),
        present=tuple(now for id_, (now, _) in sorted(found.items()) if id_ in ids),
    )


def as_sent(record: EditionRecord, files: EditionFiles) -> Edition:
    """As its editors left it, or as it was composed if the file is gone or broken."""
    _, edition = text_as_sent(record, files)
    return edition


def text_as_sent(record: EditionRecord, files: EditionFiles) -> tuple[str, Edition]:
    """The text that ``as_sent`` reads, and what it says."""
    path = files.path(record.key)
    with suppress(EditionError):
        text = files.read(record.key) or record.composed
        return text, editions.parse(text, source=path, key=record.key)
    return record.composed, editions.parse(record.composed, source=path, key=record.key)


def _ran(blurb: Blurb, edition: Edition, read: Mapping[str, Article], sources: Sequence[str]) -> Ran:
    words = "\n".join(part for part in (blurb.headline, blurb.summary, blurb.context) if part)
    article = read.get(blurb.id) or _of_the_editors(blurb, edition)
    others = tuple(read[id_] for id_ in sources if id_ in read and id_ != article.id)
    return Ran(day=edition.key.day, article=article, words=words, sources=others)


def _of_the_editors(blurb: Blurb, edition: Edition) -> Article:
    """An item that came from no feed, as an article made of its words."""
    return Article(
        id=blurb.id,
        feed_url="",
        outlet=blurb.outlet,
        url=blurb.url,
        canonical_url=canonical(blurb.url) if blurb.url else "",
        title=blurb.headline,
        text=blurb.summary,
        first_seen=edition.window.until,
    )
