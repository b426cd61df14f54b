"""Relate: what else there is on the matter of each story, read before an item leads there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from digest import related
from digest.model import Article, EditionKey, Story, Window
from digest.pipeline.desk import Desk
from digest.pipeline.draft.reading import note, read_pages
from digest.pipeline.draft.revising import Revised
from digest.ports import Step, Store
from digest.settings import Newsletter
from digest.urls import host

#: How far back a dig-deeper link may lead, and how long no other leads to the same place.
ARCHIVE = timedelta(days=30)
REPEAT = timedelta(days=10)
#: How often other pieces are looked for in place of those that turn out to have little to do with a story.
_ROUNDS = 3
#: So says a server of a page that it does not have any more.
_GONE = frozenset((404, 410))


def related_to(
    seen: Revised,
    hits: Sequence[Story],
    newsletter: Newsletter,
    key: EditionKey,
    window: Window,
    desk: Desk,
    *,
    now: datetime,
) -> Revised:
    """The same stories with the pieces that lead deeper, each of them once, and none that is a quick hit.

    A teaser of few words seems to be on the matter of more than its page is: what is led to was read first.
    Its page tells, too, which words of its headline are names, and who wrote it; that of a story's first
    rival, what it knows beyond the lead. The notes are on the pages that could not be read here.

    Nothing leads to a page that is gone, nor to a server that does not answer; such a one is not asked again.
    """
    pieces = archive(newsletter, desk.store, until=window.until, now=now)
    used = desk.store.editions.sent_targets(newsletter.key, since=key.day - REPEAT, before=key.day)
    used |= {story.lead.canonical_url or story.lead.url for story in hits}
    found: tuple[Story, ...] = (*seen.stories, *seen.spares)
    tried: dict[str, Article] = {}
    notes: list[str] = []
    silent: set[str] = set()
    for _ in range(_ROUNDS):
        found = related.relate(found, pieces, newsletter=newsletter, used=used, now=now)
        others = (one for story in found for one in (story.deeper, *story.rivals[:1]) if one)
        unread = {one.id: one for one in others if one.id not in tried}
        if not unread:
            break
        asked = [one for one in unread.values() if host(one.url) not in silent]
        pages, failed = read_pages(asked, newsletter.feeds, desk, now=now)
        tried |= {one.id: pages.get(one.id, one) for one in unread.values()}
        notes += (note(article, error) for article, error in failed)
        silent |= {host(article.url) for article, error in failed if error.status is None}
        gone = {article.id for article, error in failed if error.status in _GONE}
        lost = [one for one in unread.values() if one.id not in pages and host(one.url) in silent]
        used |= {related.address(one) for one in (*lost, *(unread[id_] for id_ in gone))}
        pieces.learn(pages.values())
        found = tuple(_with_rivals_read(story, tried) for story in found)
    else:
        found = related.relate(found, pieces, newsletter=newsletter, used=used, now=now)
    found = tuple(story if _is_read(story, tried) else replace(story, deeper=None) for story in found)
    desk.progress(Step("relate", len(found), len(found), _counted(found)))
    places = len(seen.stories)
    return replace(seen, stories=found[:places], spares=found[places:], notes=tuple(notes))


def archive(newsletter: Newsletter, store: Store, *, until: datetime, now: datetime) -> related.Archive:
    """All that the newsletter's feeds had in the last weeks before *until*, as its pages were read."""
    urls = [feed.url for feed in newsletter.feeds]
    seen = store.feeds.articles(urls, Window(since=now - ARCHIVE, until=until))
    pages = store.feeds.pages(seen)
    return related.Archive([pages.get(article.id, article) for article in seen])


def _counted(stories: Sequence[Story]) -> str:
    deeper = sum(story.deeper is not None for story in stories)
    return f"{deeper} of {len(stories)} stories lead to another piece"


def _with_rivals_read(story: Story, pages: dict[str, Article]) -> Story:
    return replace(story, rivals=tuple(pages.get(rival.id, rival) for rival in story.rivals))


def _is_read(story: Story, pages: dict[str, Article]) -> bool:
    return story.deeper is None or story.deeper.id in pages
