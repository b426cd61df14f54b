"""Watch: how a newsletter stands, and what somebody should look at. For `digest status`, and for monitors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from digest import timetable
from digest.model import CAMPAIGN, Delivery, EditionKey, FeedState, Run, Tally
from digest.pipeline.notices import ill
from digest.ports import Store, Untold
from digest.settings import Newsletter
from digest.urls import shown

#: Lines of the journal that are read, and editions that are told of.
RUNS = 60
EDITIONS = 5
#: How late a build or a send may be before it is called so.
GRACE = timedelta(minutes=15)


class Concern(StrEnum):
    """What somebody should look at, the most pressing first."""

    #: The hour to send has passed, and nobody has it.
    OVERDUE = "overdue"
    #: The last build or send of the newest edition ended with an error.
    FAILED = "failed"
    #: The hour to build has passed, and there is no draft.
    NO_DRAFT = "no draft"
    UNSURE = "unsure"
    DEFERRED = "deferred"
    FEED_ILL = "feed ill"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What became of an edition."""

    key: EditionKey
    tally: Tally
    #: What came back of it, by ``EventKind``.
    returned: Mapping[str, int]
    #: At a provider that holds the list; None where single mails are sent.
    campaign: Delivery | None
    #: The last run of each stage, by its name.
    last: Mapping[str, Run]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """How a newsletter stands."""

    newsletter: Newsletter
    now: datetime
    #: The next day with an edition that is not out yet, and its hours.
    next_day: date
    next_build: datetime
    next_send: datetime
    subscribers: Mapping[str, int]
    #: Those that something was done for, the newest first.
    editions: Sequence[Watched]
    #: What ran, the newest first.
    runs: Sequence[Run]
    ill: Sequence[FeedState]
    untold: Sequence[Untold]
    concerns: Sequence[tuple[Concern, str]]


def watch(newsletter: Newsletter, store: Store, *, now: datetime) -> Watch:
    """Raises StoreError: Nobody knows how it stands."""
    runs = store.journal.latest(newsletter.key, limit=RUNS)
    editions = [_watched(EditionKey(newsletter=newsletter.key, day=day), runs, store) for day in _days(runs)]
    ill_ones = ill(newsletter, store.feeds.states([feed.url for feed in newsletter.feeds]))
    untold = store.notices.untold(newsletter.key)
    next_day = _next_day(newsletter, now)
    return Watch(
        newsletter=newsletter,
        now=now,
        next_day=next_day,
        next_build=timetable.local(newsletter, next_day, newsletter.build),
        next_send=timetable.local(newsletter, next_day, newsletter.send),
        subscribers=store.subscribers.counts(newsletter.key),
        editions=editions,
        runs=runs,
        ill=ill_ones,
        untold=untold,
        concerns=[
            *(_hours(newsletter, editions, store, now) if runs else ()),
            *(_deliveries(editions[0]) if editions else ()),
            *((Concern.FEED_ILL, f"{shown(state.url)}: {state.problem}") for state in ill_ones),
            *((Concern.UNTOLD, f"{one.headline}: {one.why or 'its process ended'}") for one in untold),
        ],
    )


def _days(runs: Sequence[Run]) -> Sequence[date]:
    return sorted({run.day for run in runs}, reverse=True)[:EDITIONS]


def _watched(key: EditionKey, runs: Sequence[Run], store: Store) -> Watched:
    return Watched(
        key=key,
        tally=store.ledger.tally(key),
        returned=dict(store.ledger.returned(key)),
        campaign=store.ledger.get(key, CAMPAIGN),
        last={run.stage: run for run in reversed(runs) if run.day == key.day},
    )


def _next_day(newsletter: Newsletter, now: datetime) -> date:
    today = timetable.today(newsletter, now)
    if timetable.is_publishing_day(newsletter, today) and now < timetable.local(
        newsletter, today, newsletter.send
    ):
        return today
    return timetable.next_day(newsletter, today)


def _hours(
    newsletter: Newsletter, editions: Sequence[Watched], store: Store, now: datetime
) -> Iterator[tuple[Concern, str]]:
    """What should have been done today by now. A day off, or a quiet one, is explained."""
    today = timetable.today(newsletter, now)
    if timetable.day_off(newsletter, today):
        return
    edition = next((each for each in editions if each.key.day == today), None)
    last = edition.last if edition else {}
    failed = [run for run in last.values() if run.code not in (0, 3)]
    yield from (
        (Concern.FAILED, f"{run.stage} of {run.day}: {run.words}")
        for run in failed
        if not (edition and edition.tally.sent)
    )
    if failed or (edition and edition.tally.total) or _is_quiet(last):
        return
    if now > timetable.local(newsletter, today, newsletter.send) + GRACE:
        yield Concern.OVERDUE, f"the edition of {today} should have gone out at {newsletter.send:%H:%M}"
    elif now > timetable.local(newsletter, today, newsletter.build) + GRACE and not _is_drafted(
        newsletter, today, store
    ):
        yield (
            Concern.NO_DRAFT,
            f"the edition of {today} should have been built at {newsletter.build:%H:%M}",
        )


def _is_quiet(last: Mapping[str, Run]) -> bool:
    """Whether the last build or send said that there is nothing to do, and why."""
    return any(run.code == 3 for run in last.values())


def _is_drafted(newsletter: Newsletter, day: date, store: Store) -> bool:
    return store.editions.get(EditionKey(newsletter=newsletter.key, day=day)) is not None


def _deliveries(newest: Watched) -> Iterator[tuple[Concern, str]]:
    key, tally = newest.key, newest.tally
    if tally.unsure:
        yield (
            Concern.UNSURE,
            f"{tally.unsure} mails of {key.day}: digest send {key.newsletter} --date {key.day} --unsure",
        )
    if tally.deferred:
        yield (
            Concern.DEFERRED,
            f"{tally.deferred} mails of {key.day}: digest send {key.newsletter} --date {key.day}",
        )
