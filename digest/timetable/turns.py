"""Which of a newsletter's turns are due now, and which were missed or skipped, each with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from digest.model import Stage
from digest.settings import Newsletter
from digest.timetable.days import DAY, day_off, local, today
from digest.timetable.plans import Plan, plan

#: How long after its hour something is still on time.
PROMPT = timedelta(minutes=1)


class Standing(StrEnum):
    """How a turn stands at a moment; whether it was taken, the timetable does not know."""

    AHEAD = "ahead"
    DUE = "due"
    #: Its hour has passed, and it may still be done.
    LATE = "late"
    #: It is too late for it.
    MISSED = "missed"
    #: There is no edition that day.
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One thing that is done once for an edition."""

    day: date
    stage: Stage
    standing: Standing
    #: Its hour, and the moment from which on it is too late.
    at: datetime
    until: datetime
    #: Why it stands so.
    words: str

    @property
    def is_open(self) -> bool:
        return self.standing in (Standing.DUE, Standing.LATE)


def turns(newsletter: Newsletter, now: datetime, *, since: date) -> Iterator[Turn]:
    """Every turn of the days from *since* to today, in their order."""
    last = today(newsletter, now)
    for n in range((last - since).days + 1):
        day = since + n * DAY
        if reason := day_off(newsletter, day):
            yield _skipped(newsletter, day, reason)
        else:
            yield from _of_day(newsletter, plan(newsletter, day), now)


def _skipped(newsletter: Newsletter, day: date, reason: str) -> Turn:
    hour = local(newsletter, day, newsletter.build)
    return Turn(
        day=day,
        stage=Stage.BUILD,
        standing=Standing.SKIPPED,
        at=hour,
        until=hour,
        words=f"no edition: {reason}",
    )


def _of_day(newsletter: Newsletter, plan: Plan, now: datetime) -> Iterator[Turn]:
    yield _turn(newsletter, plan.day, Stage.BUILD, plan.build, plan.last, now)
    if plan.remind is not None:
        yield _turn(newsletter, plan.day, Stage.REMIND, plan.remind, max(plan.send, plan.remind), now)
    yield _turn(newsletter, plan.day, Stage.SEND, plan.send, plan.last, now)


def _turn(
    newsletter: Newsletter, day: date, stage: Stage, at: datetime, until: datetime, now: datetime
) -> Turn:
    hour, end = (f"{moment.astimezone(newsletter.timezone):%H:%M}" for moment in (at, until))
    if now < at:
        standing, words = Standing.AHEAD, f"its hour is {hour}"
    elif now >= until:
        standing, words = Standing.MISSED, f"its hour was {hour}, and it could be late until {end}"
    elif now < at + PROMPT:
        standing, words = Standing.DUE, f"its hour is {hour}"
    else:
        standing, words = Standing.LATE, f"its hour was {hour}; it may be late until {end}"
    return Turn(day=day, stage=stage, standing=standing, at=at, until=until, words=words)
