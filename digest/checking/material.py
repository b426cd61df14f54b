"""Whether there will be enough articles: every feed, fetched now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from digest import feeds, parsing
from digest.checking.finding import Check, bad, ok, warning
from digest.errors import FeedError
from digest.model import Article, Fetched, Request, Unchanged
from digest.parsing.articles import ParsedFeed
from digest.ports import Fetcher
from digest.settings import Feed, Newsletter
from digest.urls import shown

#: A feed whose newest article is older has ended, or moved without a word.
STALE = timedelta(days=30)
DAY = timedelta(days=1)


def material(newsletter: Newsletter, fetcher: Fetcher, now: datetime) -> Iterator[Check]:
    """A finding for each feed, and one for all of them together. Nothing is stored."""
    asked: dict[Request, Feed] = {}
    for feed in newsletter.feeds:
        request = feeds.request(feed, None, now)
        if isinstance(request, Request):
            asked[request] = feed
    fresh = failed = 0
    for request, answer in fetcher.fetch(list(asked), at=now):
        feed = asked[request]
        what = f"feed {feed.title or shown(feed.url)}"
        try:
            parsed = _parsed(feed, answer, now)
        except FeedError as error:
            failed += 1
            yield bad(
                what, str(error), "open it in a browser, then set its new address, or: digest feeds remove"
            )
            continue
        fresh += min(sum(one.when >= now - DAY for one in parsed.articles), feed.limit)
        yield _feed(what, parsed, answer, now)
    yield _enough(newsletter, fresh, failed)


def _parsed(feed: Feed, answer: Fetched | Unchanged | FeedError, now: datetime) -> ParsedFeed:
    if not isinstance(answer, Fetched):
        raise answer if isinstance(answer, FeedError) else FeedError(shown(feed.url), "has no content")
    return parsing.parse(
        answer.body,
        feed=feed,
        content_type=answer.headers.get("content-type", ""),
        location=answer.final_url,
        identity="",
        at=now,
    )


def _feed(what: str, parsed: ParsedFeed, answer: object, now: datetime) -> Check:
    left_out = ", some items left out (digest try shows which)" if parsed.left_out else ""
    words = f"{len(parsed.articles)} articles{left_out}"
    if isinstance(answer, Fetched) and answer.moved_to:
        return warning(what, f"{words}; it moved to {shown(answer.moved_to)}", "write that address")
    newest = _newest(parsed.articles)
    if not parsed.articles:
        return warning(what, f"{words}: it is empty", "see whether the publisher has another one")
    if newest is not None and newest < now - STALE:
        return warning(
            what,
            f"{words}, the newest of {newest:%Y-%m-%d}",
            "it may have been discontinued: look for another",
        )
    return ok(what, words)


def _newest(articles: Sequence[Article]) -> datetime | None:
    return max((one.published for one in articles if one.published), default=None)


def _enough(newsletter: Newsletter, fresh: int, failed: int) -> Check:
    what, least = "articles", max(newsletter.min_items, 1)
    words = f"{fresh} of the last 24 hours, for {newsletter.items} items"
    if failed == len(newsletter.feeds):
        return bad(what, "no feed can be read", "check whether this machine has a network connection at all")
    if fresh < least:
        needed, todo = f"{words}, and {least} are needed at least", "add feeds, or lower min_items"
        # Otherwise a quiet day still has an edition.
        return (bad if newsletter.quiet_day.do == "skip" else warning)(what, needed, todo)
    if fresh < newsletter.items:
        return warning(what, words, "add feeds, or lower items: editions will be short")
    return ok(what, words)
