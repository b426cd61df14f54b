"""Gather: fetch | parse | keep. Afterwards the store holds the articles of the newsletter's feeds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from digest import feeds, parsing
from digest.errors import FeedError, FetchError, GatherError
from digest.logs import log
from digest.model import FeedState, Fetched, Request, Unchanged
from digest.pipeline.desk import Desk
from digest.ports import FeedStore, Fetcher, Step
from digest.settings import Feed, Newsletter
from digest.urls import shown

Answer = Fetched | Unchanged | FetchError


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """*feeds* = fresh + unchanged + skipped + failed."""

    feeds: int
    fresh: int
    unchanged: int
    skipped: int
    failed: int
    #: Articles in the fresh feeds, and how many of them were new.
    articles: int
    new: int
    #: One line for each feed or item that was left out, or otherwise worth mentioning.
    notes: tuple[str, ...]

    def counts(self) -> dict[str, int]:
        """Its numbers, by name."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name != "notes"}


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one feed."""

    outcome: str
    articles: int = 0
    new: int = 0
    notes: tuple[str, ...] = ()


def gather(newsletter: Newsletter, desk: Desk, *, at: datetime) -> Gathered:
    """Fetch every feed that is due, and keep what came.

    Raises:
        GatherError: No feed could be read, now or (unchanged, not due) before.
    """
    store = desk.store.feeds
    states = store.states([feed.url for feed in newsletter.feeds])
    results: list[Result] = []
    for feed, result in _results(newsletter.feeds, states, store, desk.fetcher, at):
        results.append(result)
        for words in _lines(feed, result):
            desk.progress(Step("gather", len(results), len(newsletter.feeds), words))
    counted = _counted(results)
    log.info("gathered", **counted.counts())
    if counted.failed and counted.failed + counted.skipped == counted.feeds:
        raise GatherError(f"no feed could be read, all {counted.feeds} failed; the first: {counted.notes[0]}")
    return counted


def _lines(feed: Feed, result: Result) -> Iterator[str]:
    """The numbers of a feed that was read, and what is worth mentioning."""
    if result.outcome == "fresh":
        yield f"{_name(feed)}: {result.articles} articles, {result.new} new"
    elif result.outcome == "unchanged":
        yield f"{_name(feed)}: unchanged"
    yield from result.notes


def _results(
    wanted: Sequence[Feed], states: Mapping[str, FeedState], store: FeedStore, fetcher: Fetcher, at: datetime
) -> Iterator[tuple[Feed, Result]]:
    asked: dict[Request, Feed] = {}
    for feed in wanted:
        request = feeds.request(feed, states.get(feed.url), at)
        if isinstance(request, str):
            yield feed, Result("skipped", notes=(f"{_name(feed)}: {request}",))
        else:
            asked[request] = feed
    for request, answer in fetcher.fetch(list(asked), at=at):
        feed = asked[request]
        yield feed, _keep(feed, states.get(feed.url), answer, store, at)


def _keep(feed: Feed, state: FeedState | None, answer: Answer, store: FeedStore, at: datetime) -> Result:
    """Parse and keep one feed's answer; a failure is remembered, and named."""
    if isinstance(answer, Unchanged):
        store.keep(feeds.after(state, feed, answer, at), [])
        return Result("unchanged")
    if isinstance(answer, FetchError):
        return _failed(feed, state, answer, store, at)
    try:
        parsed = parsing.parse(
            answer.body,
            feed=feed,
            content_type=answer.headers.get("content-type", ""),
            location=answer.final_url,
            identity=state.identity if state else "",
            at=at,
        )
    except FeedError as exc:
        return _failed(feed, state, exc, store, at)
    admitted = feeds.admit(parsed.articles, store.known(feed.url), at)
    after = feeds.after(state, feed, answer, at, identity=parsed.identity)
    new = store.keep(after, admitted.articles)
    named = feed.title or parsed.title or shown(feed.url)
    notes = (*parsed.left_out, *(f"{named}: {note}" for note in admitted.notes))
    return Result("fresh", articles=len(admitted.articles), new=new, notes=notes)


def _failed(feed: Feed, state: FeedState | None, error: FeedError, store: FeedStore, at: datetime) -> Result:
    after = feeds.after(state, feed, error, at)
    store.keep(after, [])
    log.warning("feed failed", feed=shown(feed.url), why=error.reason, failures=after.failures)
    return Result("failed", notes=(_named(feed, error),))


def _name(feed: Feed) -> str:
    return feed.title or shown(feed.url)


def _named(feed: Feed, error: FeedError) -> str:
    return f"{feed.title}: {error}" if feed.title else str(error)


def _counted(results: Sequence[Result]) -> Gathered:
    outcomes = [result.outcome for result in results]
    return Gathered(
        feeds=len(results),
        fresh=outcomes.count("fresh"),
        unchanged=outcomes.count("unchanged"),
        skipped=outcomes.count("skipped"),
        failed=outcomes.count("failed"),
        articles=sum(result.articles for result in results),
        new=sum(result.new for result in results),
        notes=tuple(note for result in results for note in result.notes),
    )
