"""What is remembered of a feed between runs, and which of its articles are let in.

Pure: each function makes a new value from old ones and the moment that the caller passes.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from digest.errors import FeedError, FetchError
from digest.model import Article, FeedState, Fetched, Request, Unchanged
from digest.ports import Known
from digest.settings import Feed
from digest.words.text import shorten

#: No server may silence its feed for longer, whatever its Retry-After says.
LONGEST_PAUSE = timedelta(days=1)
#: After so many failures in a row at a new address, the configured one is tried again.
PATIENCE = 3

#: A known feed that turns new all at once (a new blog software, new guids) is no news: from so many
#: articles, and from this share of new ones on, those that are not clearly of these days are backlog.
FLOOD_ARTICLES = 10
FLOOD_SHARE = 0.8
FLOOD_FRESH = timedelta(days=3)

_NAMED = 5


def request(feed: Feed, state: FeedState | None, at: datetime) -> Request | str:
    """What to ask for, or the words why *feed* is not asked now.

    Credentials, and the leave to have a private address, are for the configured host only: a feed that
    moved to another one is asked there without them.
    """
    state = state or FeedState(url=feed.url)
    if state.gone_at is not None:
        return f"gone since {state.gone_at:%Y-%m-%d} (410): remove it, or give its new address"
    if state.not_before is not None and at < state.not_before:
        return f"asked not to be fetched again until {state.not_before:%Y-%m-%d %H:%M} UTC"
    url = state.moved_to or feed.url
    at_home = _at_home(url, feed.url)
    return Request(
        url=url,
        headers=_headers(feed) if at_home else (),
        etag=state.etag,
        last_modified=state.last_modified,
        body_sha256=state.body_sha256,
        allow_private=feed.allow_private and at_home,
    )


def _at_home(url: str, home: str) -> bool:
    """Whether *url* is on the host of *home*: the same scheme and port, or its step up to https."""
    new, old = urlsplit(url), urlsplit(home)
    if new.hostname != old.hostname:
        return False
    step_up = (old.scheme, old.port or 80, new.scheme, new.port or 443) == ("http", 80, "https", 443)
    return step_up or (new.scheme, new.port) == (old.scheme, old.port)


def _headers(feed: Feed) -> tuple[tuple[str, str], ...]:
    headers = [(name, value.reveal()) for name, value in feed.headers.items()]
    if feed.username and "authorization" not in {name.lower() for name, _ in headers}:
        login = f"{feed.username}:{feed.password.reveal()}".encode()
        headers.append(("Authorization", "Basic " + b64encode(login).decode("ascii")))
    return tuple(headers)


def after(
    state: FeedState | None,
    feed: Feed,
    answer: Fetched | Unchanged | FeedError,
    at: datetime,
    *,
    identity: str = "",
) -> FeedState:
    """What to remember of *feed* after *answer*.

    The answer to a request is a ``Fetched`` that was parsed, with the *identity* that parsing used, an
    ``Unchanged``, or the ``FetchError`` or ``ParseError`` that there was instead.
    """
    state = replace(state or FeedState(url=feed.url), checked_at=at)
    if isinstance(answer, FeedError):
        return _after_failure(state, answer, at)
    healthy = replace(
        state,
        moved_to=_moved_to(state, feed, answer.moved_to),
        not_before=None,
        gone_at=None,
        succeeded_at=at,
        failures=0,
        problem="",
        identity=identity or state.identity,
    )
    if isinstance(answer, Unchanged):
        return replace(
            healthy,
            etag=answer.etag or state.etag,
            last_modified=answer.last_modified or state.last_modified,
        )
    return replace(
        healthy,
        etag=answer.headers.get("etag", ""),
        last_modified=answer.headers.get("last-modified", ""),
        body_sha256=answer.body_sha256,
    )


def _after_failure(state: FeedState, error: FeedError, at: datetime) -> FeedState:
    failures = state.failures + 1
    failed = replace(
        state,
        failures=failures,
        problem=error.reason,
        not_before=None,
        moved_to="" if failures % PATIENCE == 0 else state.moved_to,
    )
    if not isinstance(error, FetchError):
        # An answer came and could not be used: without validators it comes again, and whole.
        return replace(failed, etag="", last_modified="", body_sha256="")
    if error.status == 410:
        return replace(failed, gone_at=at)
    if error.retry_after is not None and error.retry_after > 0:
        pause = min(error.retry_after, LONGEST_PAUSE.total_seconds())
        return replace(failed, not_before=at + timedelta(seconds=pause))
    return failed


def _moved_to(state: FeedState, feed: Feed, new: str) -> str:
    moved_to = new or state.moved_to
    return "" if moved_to == feed.url else moved_to


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """The articles of one answer that are let in."""

    articles: tuple[Article, ...]
    #: What was done to them, one line each, for the log.
    notes: tuple[str, ...] = ()


def admit(articles: Sequence[Article], known: Known, at: datetime) -> Admitted:
    """*articles* of one feed, in their order, each once, and under the ids that they are known by.

    An article whose page is known under another id takes that id: its guid changed. When a feed that
    has been known turns new all at once, what is undated or old of it becomes backlog. On a feed's first
    sight nothing does.
    """
    renamed, merged = _under_known_ids(articles, known)
    single = _each_once(renamed)
    admitted, flooded = _guarded(single, known, at)
    notes = []
    if merged:
        notes.append(f"{len(merged)} known by their page, under a new guid: {_titles(merged)}")
    if doubles := len(renamed) - len(single):
        notes.append(f"{doubles} that the feed lists twice, taken once")
    if flooded:
        notes.append(
            f"{len(flooded)} of {len(admitted)} are backlog, undated or over {FLOOD_FRESH.days} days old: "
            "all of the feed suddenly looked new"
        )
    return Admitted(articles=admitted, notes=tuple(notes))


def _under_known_ids(
    articles: Sequence[Article], known: Known
) -> tuple[tuple[Article, ...], tuple[Article, ...]]:
    """The articles, and those of them that took the id of a known one.

    A page that several entries link to (a live blog) tells none of them apart.
    """
    sharers = Counter(article.canonical_url for article in articles)
    merged: list[Article] = []
    renamed: list[Article] = []
    for article in articles:
        page = article.canonical_url
        other = known.by_url.get(page) if page and sharers[page] == 1 else None
        if other is not None and other != article.id and article.id not in known.ids:
            renamed.append(replace(article, id=other))
            merged.append(article)
        else:
            renamed.append(article)
    return tuple(renamed), tuple(merged)


def _each_once(articles: Iterable[Article]) -> tuple[Article, ...]:
    """The first of those with one id, or with one page and one title."""
    ids: set[str] = set()
    pages: set[tuple[str, str]] = set()
    single: list[Article] = []
    for article in articles:
        page = (article.canonical_url, article.title.casefold())
        if article.id in ids or (article.canonical_url and page in pages):
            continue
        ids.add(article.id)
        pages.add(page)
        single.append(article)
    return tuple(single)


def _guarded(
    articles: tuple[Article, ...], known: Known, at: datetime
) -> tuple[tuple[Article, ...], tuple[Article, ...]]:
    """The articles, those of a flood marked, and the marked ones."""
    new = [article for article in articles if article.id not in known.ids]
    if not known.ids or len(new) < FLOOD_ARTICLES or len(new) < FLOOD_SHARE * len(articles):
        return articles, ()
    old = {
        article.id: replace(article, backlog=True)
        for article in new
        if article.published is None or article.published < at - FLOOD_FRESH
    }
    return tuple(old.get(article.id, article) for article in articles), tuple(old.values())


def _titles(articles: Sequence[Article]) -> str:
    shown = ", ".join(f"“{shorten(article.title, 60)}”" for article in articles[:_NAMED])
    more = len(articles) - _NAMED
    return f"{shown} and {more} more" if more > 0 else shown
