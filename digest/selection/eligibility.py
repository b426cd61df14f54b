"""Which articles are candidates at all, and why the others are not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from digest.model import Article, Window
from digest.settings import Feed, Newsletter
from digest.topics import is_date_line
from digest.words.languages import detect, primary, speaks
from digest.words.terms import terms

#: Why articles are not in, by id.
Verdicts = dict[str, str]

#: Terms that a title must have to tell an article ("Live updates" has none), and characters of a text;
#: of which this many tell it.
_TELLING_TERMS = 4
_TELLING_TEXT = 200
_TOLD = 1000


def eligible(
    articles: Sequence[Article],
    *,
    newsletter: Newsletter,
    window: Window,
    has_run: Callable[[Article], bool],
    verdicts: Verdicts,
) -> list[Article]:
    """Those of *articles* that may be in this edition; the reason for each other goes to *verdicts*.

    An article that *has_run* may be older than the window, if its publisher updated it within.
    """
    feeds = {feed.url: feed for feed in newsletter.feeds}
    left = []
    for article in articles:
        reason = (
            _unusable(article, feeds)
            or _untimely(article, window, has_run)
            or _foreign(article, newsletter, feeds[article.feed_url])
        )
        if reason:
            verdicts[article.id] = reason
        else:
            left.append(article)
    return left


def _unusable(article: Article, feeds: Mapping[str, Feed]) -> str:
    if article.feed_url not in feeds:
        return "its feed is not in the configuration"
    if not article.title.strip():
        return "no title"
    if is_date_line(article.title):
        return "its title is a date"
    return "" if article.url else "no link"


def news_time(article: Article, window: Window) -> datetime:
    """When *article* was news: its time, or its publisher's update if only that is in the *window*."""
    updated = article.updated
    return updated if article.when <= window.since and updated and updated in window else article.when


def _untimely(article: Article, window: Window, has_run: Callable[[Article], bool]) -> str:
    if article.backlog:
        return "already old when its feed was first read"
    moment = news_time(article, window) if has_run(article) else article.when
    if moment <= window.since:
        return "older than the window"
    return "newer than the window" if moment > window.until else ""


def foreign(article: Article, newsletter: Newsletter, feed: Feed, *, text: str) -> str:
    """Why *article*, whose language *text* shows, is in none that the newsletter wants; or ""."""
    wanted = (newsletter.language, *feed.languages)
    if speaks(article.language, text, wanted):
        return ""
    language = detect(text) or primary(article.language)
    return f'in "{language}", wanted {", ".join(sorted(set(map(primary, wanted))))}'


def _foreign(article: Article, newsletter: Newsletter, feed: Feed) -> str:
    text = f"{article.title}. {article.description or article.text[:500]}"
    return foreign(article, newsletter, feed, text=text)


def without_twins(
    articles: Sequence[Article], *, feeds: Mapping[str, Feed], verdicts: Verdicts
) -> list[Article]:
    """One of each set of articles with the same address, title or text.

    It is the one from a feed with a section, then of the greatest weight, then the earliest.
    """

    def rank(article: Article) -> tuple[object, ...]:
        feed = feeds[article.feed_url]
        return (not feed.section, -feed.weight, article.when, article.id)

    kept: dict[str, Article] = {}
    left = set()
    for article in sorted(articles, key=rank):
        keys = list(_marks(article))
        twin = next((kept[key] for key in keys if key in kept), None)
        for key in keys:
            kept.setdefault(key, twin or article)
        if twin:
            verdicts[article.id] = f"same article as {named(twin)}"
        else:
            left.add(article.id)
    return [article for article in articles if article.id in left]


def _marks(article: Article) -> Iterator[str]:
    """What no two different articles have in common."""
    if article.canonical_url:
        yield article.canonical_url
    title = terms(article.title)
    if len(title) >= _TELLING_TERMS:
        yield f"title {' '.join(title)}"
    text = re.sub(r"\W+", " ", article.text[:_TOLD]).strip().casefold()
    if len(text) >= _TELLING_TEXT:
        yield f"text {text}"


def within_limits(
    articles: Sequence[Article], *, feeds: Mapping[str, Feed], window: Window, verdicts: Verdicts
) -> list[Article]:
    """The newest of each feed, as many as it may have."""
    taken: dict[str, int] = defaultdict(int)
    left = set()
    for article in sorted(articles, key=lambda each: (-news_time(each, window).timestamp(), each.id)):
        limit = feeds[article.feed_url].limit
        if taken[article.feed_url] < limit:
            taken[article.feed_url] += 1
            left.add(article.id)
        else:
            verdicts[article.id] = f"over its feed's limit of {limit}"
    return [article for article in articles if article.id in left]


def named(article: Article) -> str:
    return f"“{article.title}” ({article.outlet})"
