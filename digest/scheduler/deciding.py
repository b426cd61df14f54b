"""Decides what is to be done now: compares the timetable with what the store says was done. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from digest import timetable
from digest.model import Duty, FeedState, Stage, Watch
from digest.settings import Feed, Newsletter
from digest.timetable import Standing, Turn

#: Pauses before something that failed is tried again; the last one repeats.
PAUSES = tuple(timedelta(minutes=n) for n in (2, 5, 10, 15))
#: How often a quiet day is tried again until its edition's hour.
QUIET = timedelta(minutes=15)
#: How often deferred mails are tried again once the pauses of `retry_after` are used up.
DEFERRED = timedelta(minutes=15)
#: How often to check whether somebody has approved or fixed what waits for that.
LOOK = timedelta(minutes=1)
#: How far back missed editions are reported.
REMEMBERED = timedelta(days=31)

NOTHING, PROBLEM, LATER = 3, 1, 75


class Do(StrEnum):
    BUILD = "build"
    REMIND = "remind"
    SEND = "send"
    #: A day off is recorded, so that its silence is explained.
    SKIP = "skip"
    #: It is too late: that is recorded, and reported.
    LET_GO = "let go"
    #: It was due before a scheduler ran the newsletter.
    LEAVE = "leave"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    do: Do
    turn: Turn
    #: The reason.
    words: str


def first_day(newsletter: Newsletter, now: datetime, watch: Watch) -> date:
    """The first day to consider: what was due while no scheduler ran is reported, too."""
    since = max(watch.last - 2 * timetable.DAY, now - REMEMBERED)
    return timetable.today(newsletter, min(since, now))


def tasks(newsletter: Newsletter, now: datetime, *, duties: Iterable[Duty], watch: Watch) -> Iterator[Task]:
    """What is to be done, in order: the oldest first, and each edition is built before it is sent."""
    known = {(duty.key.day, duty.stage): duty for duty in duties}
    for turn in timetable.turns(newsletter, now, since=first_day(newsletter, now, watch)):
        duty = known.get((turn.day, turn.stage))
        if (task := _task(newsletter, turn, duty, now, watch)) is None:
            continue
        if task.do in (Do.BUILD, Do.REMIND) and _is_settled(known.get((turn.day, Stage.SEND))):
            continue  # what is out, or will not go out, needs no draft
        yield task


def _task(newsletter: Newsletter, turn: Turn, duty: Duty | None, now: datetime, watch: Watch) -> Task | None:
    if is_done(turn, duty):
        return None
    if turn.standing is Standing.SKIPPED:
        told = turn.day.weekday() in newsletter.days and watch.since <= turn.at <= now
        return Task(do=Do.SKIP, turn=turn, words=turn.words) if told else None
    if turn.stage is Stage.SEND and turn.at < watch.since:
        began = _shown(newsletter, watch.since)
        words = f"{turn.words}, and `digest run` has only run {newsletter.key} since {began}"
        return Task(do=Do.LEAVE, turn=turn, words=words) if turn.is_open else None
    if turn.standing is Standing.MISSED:
        if turn.stage is not Stage.SEND:
            return None
        return Task(do=Do.LET_GO, turn=turn, words=why_missed(newsletter, turn, duty, watch, now))
    if not turn.is_open or (duty is not None and now < again(newsletter, duty, now)):
        return None
    return Task(do=Do(turn.stage.value), turn=turn, words=turn.words)


def why_missed(newsletter: Newsletter, turn: Turn, duty: Duty | None, watch: Watch, now: datetime) -> str:
    if duty is not None:
        return duty.words
    if watch.last < turn.until:
        since, until = _shown(newsletter, watch.last), _shown(newsletter, now)
        return f"{turn.words}; `digest run` did not run from {since} to {until}"
    return turn.words


def again(newsletter: Newsletter, duty: Duty, now: datetime) -> datetime:
    """When to try again what was begun but not settled. If the clock was set back, nobody waits for it."""
    if duty.begun or duty.at > now:
        return now  # if a living process is doing it, that one is left to it
    if duty.stage is Stage.SEND and duty.code == PROBLEM:
        return duty.at  # somebody is fixing it
    if duty.code == NOTHING:
        return duty.at + QUIET
    if duty.stage is Stage.SEND:
        pauses = (*newsletter.retry_after, DEFERRED)
        return duty.at + pauses[min(duty.tries - 1, len(pauses) - 1)]
    return duty.at + PAUSES[min(duty.tries - 1, len(PAUSES) - 1)]


def next_wake(newsletter: Newsletter, now: datetime, *, duties: Sequence[Duty]) -> datetime:
    """When there may be something to do next for its editions."""
    moment = timetable.next_moment(newsletter, now)
    over = {duty.key.day for duty in duties if duty.stage is Stage.SEND and duty.settled}
    for duty in duties:
        is_open = not duty.settled and duty.stage in (Stage.BUILD, Stage.SEND)
        if is_open and duty.key.day not in over and now < timetable.plan(newsletter, duty.key.day).last:
            moment = min(moment, max(again(newsletter, duty, now), now + LOOK))
    return moment


def feeds_due(newsletter: Newsletter, states: Mapping[str, FeedState], now: datetime) -> Sequence[Feed]:
    """The feeds that were not fetched for so long that articles may have been lost."""
    return [feed for feed in newsletter.feeds if _asked_again(newsletter, states.get(feed.url), now) <= now]


def next_fetch(newsletter: Newsletter, states: Mapping[str, FeedState], now: datetime) -> datetime:
    return min(_asked_again(newsletter, states.get(feed.url), now) for feed in newsletter.feeds)


def _asked_again(newsletter: Newsletter, state: FeedState | None, now: datetime) -> datetime:
    if state is None or state.checked_at is None or state.checked_at > now:
        return now
    if state.gone_at is not None:
        return now + 365 * timetable.DAY
    return max(state.checked_at + newsletter.fetch_every, state.not_before or state.checked_at)


def is_done(turn: Turn, duty: Duty | None) -> bool:
    """A draft from before its hour is made again: what came since belongs in it."""
    return duty is not None and duty.settled and (turn.stage is not Stage.BUILD or duty.at >= turn.at)


def _is_settled(duty: Duty | None) -> bool:
    return duty is not None and duty.settled


def _shown(newsletter: Newsletter, moment: datetime) -> str:
    return f"{moment.astimezone(newsletter.timezone):%Y-%m-%d %H:%M}"
