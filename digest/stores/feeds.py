"""Feeds' states and their articles."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, select, update

from digest.model import Article, Enclosure, FeedState, Image, Kind, Window
from digest.ports import Known
from digest.stores.database import Database, portions, write
from digest.stores.past import remember
from digest.stores.schema import article, feed, page
from digest.tapes import adapter

# A scheduler asks for these at every tick: building a statement costs more than executing it.
_STATES = select(feed).where(feed.c.url.in_(bindparam("urls", expanding=True)))
# Oldest first: where two articles share an address, the newest has it.
_KNOWN = (
    select(article.c.id, article.c.canonical_url)
    .where(article.c.feed_url == bindparam("of_feed"))
    .order_by(article.c.at)
)
_SOME = select(article).where(
    (article.c.feed_url == bindparam("of_feed")) & article.c.id.in_(bindparam("ids", expanding=True))
)
_INSIDE = select(article).where(
    article.c.feed_url.in_(bindparam("urls", expanding=True))
    & (article.c.at > bindparam("since"))
    & (article.c.at <= bindparam("until"))
)
_FIND = (
    select(article, page.c.given)
    .outerjoin(page, (page.c.feed_url == article.c.feed_url) & (page.c.id == article.c.id))
    .where(article.c.id.in_(bindparam("ids", expanding=True)))
)
_PAGES = select(page).where(page.c.id.in_(bindparam("ids", expanding=True)))
_NEW = article.insert()
_CHANGE = update(article).where(
    (article.c.feed_url == bindparam("of_feed")) & (article.c.id == bindparam("of_id"))
)
_PAGE = select(page).where((page.c.feed_url == bindparam("of_feed")) & (page.c.id == bindparam("of_id")))


class SqlFeeds:
    def __init__(self, database: Database) -> None:
        self._database = database

    def states(self, urls: Sequence[str]) -> Mapping[str, FeedState]:
        with self._database.reading() as connection:
            return {
                row["url"]: FeedState(**row)
                for some in portions(urls)
                for row in connection.execute(_STATES, {"urls": list(some)}).mappings()
            }

    def known(self, feed_url: str) -> Known:
        with self._database.reading() as connection:
            rows = connection.execute(_KNOWN, {"of_feed": feed_url}).all()
        return Known(ids=frozenset(id_ for id_, _ in rows), by_url={url: id_ for id_, url in rows if url})

    def keep(self, state: FeedState, articles: Sequence[Article]) -> int:
        given = {one.id: one for one in reversed(articles)}  # of two with the same id, the first
        if strangers := {one.feed_url for one in articles} - {state.url}:
            raise ValueError(f"articles of {strangers.pop()} with the state of {state.url}")
        with self._database.writing() as connection:
            # First the state: its row is what keeps two writers of one feed apart.
            write(connection, feed, asdict(state))
            known = _some(connection, state.url, list(given))
            new = [_row(one) for one in given.values() if one.id not in known]
            renewals = [
                (old, replace(given[old.id], first_seen=old.first_seen, backlog=old.backlog))
                for old in known.values()
            ]
            changes = [(old, fresh) for old, fresh in renewals if fresh != old]
            before = {row["id"]: None for row in new} | {old.id: packed(old) for old, _ in changes}
            remember(connection, "article", state.url, before)
            if new:
                connection.execute(_NEW, new)
            _write_changes(connection, [fresh for _, fresh in changes])
        return len(new)

    def articles(self, feed_urls: Sequence[str], window: Window) -> Sequence[Article]:
        inside = {"since": window.since, "until": window.until}
        with self._database.reading() as connection:
            found = [
                article_of(row)
                for some in portions(feed_urls)
                for row in connection.execute(_INSIDE, {"urls": list(some)} | inside).mappings()
            ]
        return sorted(sorted(found, key=lambda one: one.id), key=lambda one: one.when, reverse=True)

    def read(self, articles: Sequence[tuple[Article, Article]]) -> None:
        with self._database.writing() as connection:
            for one, after in articles:
                if _some(connection, one.feed_url, [one.id]):
                    remember(connection, "page", one.feed_url, {one.id: _packed_page(connection, one)})
                    write(connection, page, _page_row(one, after))

    def find(self, ids: Collection[str]) -> Mapping[str, tuple[Article, Article]]:
        found: dict[str, tuple[Article, Article]] = {}
        with self._database.reading() as connection:
            for some in portions(sorted(ids)):
                for row in connection.execute(_FIND, {"ids": list(some)}).mappings():
                    one = article_of(row)
                    found[one.id] = (one, one if row["given"] is None else _read(one, row["given"]))
        return found

    def pages(self, articles: Sequence[Article]) -> Mapping[str, Article]:
        wanted = {(one.feed_url, one.id): one for one in articles}
        read: dict[str, Article] = {}
        with self._database.reading() as connection:
            for some in portions([one.id for one in articles]):
                for row in connection.execute(_PAGES, {"ids": list(some)}).mappings():
                    one = wanted.get((row["feed_url"], row["id"]))
                    if one is not None and (one.title, one.description) == (row["title"], row["description"]):
                        read[one.id] = _read(one, row["given"])
        return read


def packed(one: Article) -> bytes:
    """As a tape remembers it."""
    return adapter(Article).dump_json(one)


def unpacked_page(one: Article, row: Mapping[str, Any]) -> tuple[Article, Article]:
    """A row of ``page`` as what ``SqlFeeds.read`` was given."""
    as_read = replace(one, title=row["title"], description=row["description"])
    return as_read, _read(as_read, row["given"])


def _packed_page(connection: Connection, one: Article) -> bytes | None:
    row = connection.execute(_PAGE, {"of_feed": one.feed_url, "of_id": one.id}).mappings().one_or_none()
    if row is None:
        return None
    return json.dumps({name: row[name] for name in ("title", "description", "given")}).encode()


def _some(connection: Connection, feed_url: str, ids: Sequence[str]) -> dict[str, Article]:
    return {
        row["id"]: article_of(row)
        for some in portions(ids)
        for row in connection.execute(_SOME, {"of_feed": feed_url, "ids": list(some)}).mappings()
    }


def _write_changes(connection: Connection, articles: Sequence[Article]) -> None:
    """Updates everything of known articles except what identifies them and when they were first seen."""
    if not articles:
        return
    rows = map(_row, articles)
    changes = [
        {"of_feed": row["feed_url"], "of_id": row["id"]} | {name: row[name] for name in _CHANGING}
        for row in rows
    ]
    connection.execute(_CHANGE, changes)


def _page_row(one: Article, after: Article) -> dict[str, Any]:
    given = {name: getattr(after, name) for name in _FROM_PAGE}
    given["image"] = None if after.image is None else asdict(after.image)
    for name in _MOMENTS:
        given[name] = None if given[name] is None else given[name].isoformat()
    return {
        "feed_url": one.feed_url,
        "id": one.id,
        "title": one.title,
        "description": one.description,
        "given": given,
    }


def _read(one: Article, given: Mapping[str, Any]) -> Article:
    """*one* with what its page gave."""
    values = dict(given)
    values["kind"] = Kind(values["kind"])
    values["authors"] = tuple(values["authors"])
    values["categories"] = tuple(values["categories"])
    values["image"] = None if values["image"] is None else Image(**values["image"])
    for name in _MOMENTS:
        values[name] = None if values[name] is None else datetime.fromisoformat(values[name])
    return replace(one, **values)


def _row(one: Article) -> dict[str, Any]:
    row = {name: getattr(one, name) for name in _PLAIN}
    row["at"] = one.when
    row["image"] = None if one.image is None else asdict(one.image)
    row["enclosures"] = [asdict(enclosure) for enclosure in one.enclosures]
    return row


def article_of(row: RowMapping) -> Article:
    values: dict[str, Any] = {name: row[name] for name in _PLAIN}
    values["kind"] = Kind(row["kind"])
    values["authors"] = tuple(row["authors"])
    values["categories"] = tuple(row["categories"])
    values["image"] = None if row["image"] is None else Image(**row["image"])
    values["enclosures"] = tuple(Enclosure(**enclosure) for enclosure in row["enclosures"])
    return Article(**values)


#: The fields of an article that are a column as they are.
_PLAIN = tuple(one.name for one in fields(Article) if one.name not in {"image", "enclosures"})
#: What a later look at a known article may change.
_CHANGING = tuple(
    column.name
    for column in article.columns
    if column.name not in {"feed_url", "id", "first_seen", "backlog"}
)
#: What extraction may change.
_MOMENTS = ("published", "updated")
_FROM_PAGE = (
    *_MOMENTS,
    "title",
    "canonical_url",
    "description",
    "text",
    "authors",
    "language",
    "categories",
    "kind",
    "image",
    "paywalled",
)
