"""Survey: how a newsletter's feeds have done in the last weeks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from digest import sources, timetable
from digest.model import Article, EditionKey, Window
from digest.pipeline.recalling import as_sent
from digest.ports import EditionFiles, Store
from digest.settings import Newsletter
from digest.sources.health import REACH, Health

#: The most editions that four weeks can have.
EDITIONS = 28


def survey(newsletter: Newsletter, store: Store, files: EditionFiles, *, now: datetime) -> Sequence[Health]:
    """Each feed of the newsletter, in its order."""
    urls = [feed.url for feed in newsletter.feeds]
    states = store.feeds.states(urls)
    by_feed: dict[str, list[Article]] = defaultdict(list)
    window = Window(since=now - REACH, until=now + timedelta(days=1))
    for article in store.feeds.articles(urls, window):
        by_feed[article.feed_url].append(article)
    used = _used(newsletter, store, files, now)
    return [
        sources.health(
            feed, states.get(feed.url), by_feed[feed.url], used=used, newsletter=newsletter, now=now
        )
        for feed in newsletter.feeds
    ]


def _used(newsletter: Newsletter, store: Store, files: EditionFiles, now: datetime) -> frozenset[str]:
    """The ids of the articles that lead an item of an edition that was sent."""
    tomorrow = timetable.today(newsletter, now) + timedelta(days=1)
    key = EditionKey(newsletter=newsletter.key, day=tomorrow)
    records = store.editions.recent(newsletter.key, before=key.day, limit=EDITIONS)
    return frozenset(blurb.id for record in records for blurb in as_sent(record, files).used)
