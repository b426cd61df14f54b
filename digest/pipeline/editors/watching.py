"""Watch: how a newsletter is doing, and what somebody should look at. For `digest status` and monitors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from digest import timetable
from digest.model import CAMPAIGN, Delivery, EditionKey, FeedState, Run, Stage, Tally
from digest.pipeline.delivery.suppressing import held
from digest.pipeline.editors.notices import ill, too_many_unknown
from digest.ports import Store, Untold
from digest.settings import Newsletter
from digest.urls import shown
from digest.words.text import counted

#: How many lines of the journal are read, and how many editions reported.
RUNS = 60
EDITIONS = 5
#: How late a build or a send may be before it is reported.
GRACE = timedelta(minutes=15)
#: How long after its hour an edition that nobody has is reported; at most until the next is made.
MISSED = timedelta(days=1)
_STAGES = (Stage.BUILD, Stage.SEND)


class Concern(StrEnum):
    """What somebody should look at, the most pressing first."""

    #: The hour to send has passed, and nobody has it.
    OVERDUE = "overdue"
    #: The last build or send of the newest edition ended with an error, or before everybody had it.
    FAILED = "failed"
    #: The hour to build has passed, and there is no draft.
    NO_DRAFT = "no draft"
    UNSURE = "unsure"
    DEFERRED = "deferred"
    #: Servers called readers unknown, and too many to believe it.
    HELD = "held"
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
    """The state of a newsletter."""

    newsletter: Newsletter
    now: datetime
    #: The next day whose hour to send has not come; None if there is none within a year.
    next_day: date | None
    subscribers: Mapping[str, int]
    #: Those that something was done for, the newest first.
    editions: Sequence[Watched]
    #: What ran, the newest first.
    runs: Sequence[Run]
    ill: Sequence[FeedState]
    untold: Sequence[Untold]
    concerns: Sequence[tuple[Concern, str]]

    @property
    def next_build(self) -> datetime | None:
        return self._at(self.newsletter.build)

    @property
    def next_send(self) -> datetime | None:
        return self._at(self.newsletter.send)

    def _at(self, hour: time) -> datetime | None:
        return timetable.local(self.newsletter, self.next_day, hour) if self.next_day else None


def watch(newsletter: Newsletter, store: Store, *, now: datetime, editions: int = EDITIONS) -> Watch:
    """The newsletter's state, with its newest *editions*.

    Raises:
        StoreError: It cannot be read.
    """
    runs = store.journal.latest(newsletter.key, limit=RUNS)
    days = sorted({run.day for run in runs}, reverse=True)[:editions]
    watched = [_watched(EditionKey(newsletter=newsletter.key, day=day), runs, store) for day in days]
    ill_ones = ill(newsletter, store.feeds.states([feed.url for feed in newsletter.feeds]))
    untold = store.notices.untold(newsletter.key, now=now)
    return Watch(
        newsletter=newsletter,
        now=now,
        next_day=_next_day(newsletter, now),
        subscribers=store.subscribers.counts(newsletter.key),
        editions=watched,
        runs=runs,
        ill=ill_ones,
        untold=untold,
        concerns=[
            *(_hours(newsletter, runs, store, now) if runs else ()),
            *(_deliveries(watched[0], store) if watched else ()),
            *((Concern.FEED_ILL, f"{shown(state.url)}: {state.problem}") for state in ill_ones),
            *((Concern.UNTOLD, f"{one.headline}: {one.why or 'its process ended'}") for one in untold),
        ],
    )


def _watched(key: EditionKey, runs: Sequence[Run], store: Store) -> Watched:
    return Watched(
        key=key,
        tally=store.ledger.tally(key),
        returned=dict(store.ledger.returned(key)),
        campaign=store.ledger.get(key, CAMPAIGN),
        last=_last(runs, key.day),
    )


def _last(runs: Sequence[Run], day: date) -> Mapping[str, Run]:
    """The last run of each stage for that day."""
    return {run.stage: run for run in reversed(runs) if run.day == day}


def _next_day(newsletter: Newsletter, now: datetime) -> date | None:
    today = timetable.today(newsletter, now)
    if timetable.is_publishing_day(newsletter, today) and now < timetable.local(
        newsletter, today, newsletter.send
    ):
        return today
    try:
        return timetable.next_day(newsletter, today)
    except LookupError:
        return None


def _hours(
    newsletter: Newsletter, runs: Sequence[Run], store: Store, now: datetime
) -> Iterator[tuple[Concern, str]]:
    """What should have been done by now for the edition whose turn it is. A quiet day is explained."""
    if (day := _turn(newsletter, runs, now)) is None:
        return
    key, last = EditionKey(newsletter=newsletter.key, day=day), _last(runs, day)
    plan = timetable.plan(newsletter, day)
    tally, in_hand = store.ledger.standing(key)
    # Whoever got it by `send --to` only is no sign that it went out.
    out = tally.sent and Stage.SEND in last
    if _is_quiet(last) or (out and not (last[Stage.SEND].code and tally.pending and not in_hand)):
        return
    if failed := [run for run in last.values() if run.code not in (0, 3)]:
        yield from ((Concern.FAILED, f"{run.stage} of {run.day}: {run.words}") for run in failed)
    elif now > plan.send + GRACE:
        yield Concern.OVERDUE, f"the edition of {day} should have gone out at {newsletter.send:%H:%M}"
    elif now > plan.build + GRACE and not store.editions.get(key):
        yield Concern.NO_DRAFT, f"the edition of {day} should have been built at {newsletter.build:%H:%M}"


def _turn(newsletter: Newsletter, runs: Sequence[Run], now: datetime) -> date | None:
    """Today; until something is done for it yesterday, where somebody minded the newsletter then."""
    today = timetable.today(newsletter, now)
    publishing = timetable.is_publishing_day(newsletter, today)
    begun = any(run.day == today and run.stage in _STAGES for run in runs)
    if publishing and (begun or now >= timetable.local(newsletter, today, newsletter.build)):
        return today
    yesterday = today - timetable.DAY
    if not timetable.is_publishing_day(newsletter, yesterday):
        return None
    send = timetable.local(newsletter, yesterday, newsletter.send)
    return yesterday if runs[-1].at <= send and now < send + MISSED else None


def _is_quiet(last: Mapping[str, Run]) -> bool:
    """Whether the last send, or else the last build, said that there is nothing to do, and why."""
    said = last.get(Stage.SEND) or last.get(Stage.BUILD)
    return said is not None and said.code == 3


def _deliveries(newest: Watched, store: Store) -> Iterator[tuple[Concern, str]]:
    key, tally = newest.key, newest.tally
    send = f"of {key.day}: digest send {key.newsletter} --date {key.day}"
    if tally.unsure:
        yield Concern.UNSURE, f"{counted(tally.unsure, 'mail')} {send} --unsure"
    if tally.deferred:
        yield Concern.DEFERRED, f"{counted(tally.deferred, 'mail')} {send}"
    if count := held(key, store):
        yield Concern.HELD, too_many_unknown(key, count)
