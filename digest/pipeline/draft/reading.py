"""Read: the pages of the chosen stories, so that a summary can rest on more than a feed's teaser."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from digest import extraction
from digest.errors import FetchError
from digest.model import Article, Fetched, Request, Story
from digest.pipeline.desk import Desk
from digest.ports import Step
from digest.settings import Feed
from digest.urls import host


def read(
    stories: Sequence[Story], feeds: Iterable[Feed], desk: Desk, *, now: datetime
) -> tuple[tuple[Story, ...], tuple[str, ...]]:
    """The same stories with their leads' text, and a line for each page that could not be read."""
    found, failed = read_pages([story.lead for story in stories], feeds, desk, now=now)
    read_so = tuple(replace(story, lead=found.get(story.lead.id, story.lead)) for story in stories)
    return read_so, tuple(note(article, error) for article, error in failed)


def read_pages(
    articles: Iterable[Article], feeds: Iterable[Feed], desk: Desk, *, now: datetime
) -> tuple[dict[str, Article], list[tuple[Article, FetchError]]]:
    """By id, those of *articles* that have a page, as it tells them; and those whose page could not be read.

    A page that was read in an earlier run is not fetched again.
    """
    by_url = {feed.url: feed for feed in feeds}
    articles = list(articles)
    found = dict(desk.store.feeds.pages(articles))
    wanted = {
        _request(article, by_url[article.feed_url]): article
        for article in articles
        if article.id not in found and _has_page(article, by_url[article.feed_url])
    }
    fresh: list[tuple[Article, Article]] = []
    failed: list[tuple[Article, FetchError]] = []
    for count, (request, answer) in enumerate(desk.fetcher.fetch(list(wanted), at=now), 1):
        article = wanted[request]
        words = ""
        if isinstance(answer, Fetched):
            fresh.append((article, extraction.read(article, answer)))
        elif isinstance(answer, FetchError):
            failed.append((article, answer))
            words = note(article, answer)
        desk.progress(Step("read", count, len(wanted), words))
    desk.store.feeds.read(fresh)
    return found | {article.id: after for article, after in fresh}, failed


def note(article: Article, error: FetchError) -> str:
    """That its page could not be read, and why."""
    return f"{article.outlet}: the page of “{article.title}”: {error}"


def _has_page(article: Article, feed: Feed) -> bool:
    return bool(article.url) and feed.content == "page" and not feed.paywalled


def _request(article: Article, feed: Feed) -> Request:
    """A page gets none of its feed's credentials; a private address only on its feed's own host."""
    return Request(url=article.url, allow_private=feed.allow_private and host(article.url) == host(feed.url))
