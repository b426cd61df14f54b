"""Plans and turns: fifty years in every time zone, and what is due, late, missed or skipped."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from apscheduler.triggers.cron import CronTrigger
from hypothesis import given
from hypothesis import strategies as st
from kit.builders import newsletter

from digest.model import Stage, Window
from digest.settings import Newsletter
from digest.timetable import (
    Standing,
    is_publishing_day,
    local,
    next_day,
    next_moment,
    plan,
    today,
    turns,
    window,
)

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
FIRST, LAST = date(1995, 1, 1), date(2045, 1, 1)
ZONES = sorted(available_timezones())
#: Around the hours at which clocks change somewhere, midnight among them.
HOURS = [time(h, m) for h in (0, 1, 2, 3, 23) for m in (0, 30)] + [time(5), time(12, 15), time(23, 59)]


def at(zone: str, **given: Any) -> Newsletter:
    return newsletter(timezone=ZoneInfo(zone), **given)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@cache
def changes(zone: str) -> tuple[date, ...]:
    """The days of fifty years around which the zone's clocks are set."""
    tz, step = ZoneInfo(zone), timedelta(days=6)
    count = (LAST - FIRST) // step
    noons = [datetime.combine(FIRST + n * step, time(12), tzinfo=UTC) for n in range(count)]
    found = []
    for one, other in pairwise(noons):
        before, after = one.astimezone(tz).utcoffset(), other.astimezone(tz).utcoffset()
        if before != after:
            noons_between = [one + n * DAY for n in range((other - one).days + 1)]
            changed = [noon for noon in noons_between if noon.astimezone(tz).utcoffset() != before]
            found.append(changed[0].date())
    return tuple(found)


def kinds() -> Iterator[str]:
    """One zone of each history: the names of the others are aliases, for what is asked here."""
    seen = set()
    for zone in ZONES:
        tz = ZoneInfo(zone)
        history = (
            changes(zone),
            tuple(datetime.combine(day, time(12), tz).utcoffset() for day in (FIRST, *changes(zone))),
        )
        if history not in seen:
            seen.add(history)
            yield zone


@pytest.mark.slow
def test_every_zone_in_fifty_years_has_one_edition_a_working_day() -> None:
    """Around each change of clocks, at the hours at which they change, and on days far from any."""
    chance = random.Random(5)
    checked = 0
    for zone in kinds():
        near = chance.sample(changes(zone), min(6, len(changes(zone))))
        far = [FIRST + chance.randrange(18_000) * DAY for _ in range(2)]
        for day in (*near, *far):
            build, send = sorted(chance.sample(HOURS, 2))
            paper = at(
                zone, build=build, send=send, days=frozenset(chance.sample(range(7), chance.randint(1, 7)))
            )
            days = [day + n * DAY for n in range(-8, 9) if is_publishing_day(paper, day + n * DAY)]
            plans = [plan(paper, one) for one in days]
            for one in plans:
                assert one.build <= one.send < one.last, (zone, one)
                assert today(paper, one.build) in (one.day, one.day + DAY), (zone, one)
                open_now = [
                    turn
                    for turn in turns(paper, one.send, since=one.day - 3 * DAY)
                    if turn.stage is Stage.SEND and turn.is_open
                ]
                assert [turn.day for turn in open_now] == [one.day], (zone, one)
                checked += 1
            for one, following in pairwise(plans):
                assert one.last <= following.build, (zone, one, following)
    assert checked > 5_000


@pytest.mark.slow
def test_every_zone_in_fifty_years_has_each_article_in_one_window() -> None:
    """Editions at their build hours, made late now and then, with articles at any second."""
    chance = random.Random(6)
    for zone in kinds():
        paper = at(zone, build=chance.choice(HOURS), send=time(23, 59))
        for day in chance.sample(changes(zone), min(6, len(changes(zone)))) or [date(2026, 6, 1)]:
            windows: list[Window] = []
            one = next_day(paper, day - 7 * DAY)
            while one < day + 7 * DAY:
                delay = chance.choice([timedelta(), timedelta(seconds=3), timedelta(minutes=50)])
                last = windows[-1] if windows else None
                windows.append(window(paper, one, last=last, now=plan(paper, one).build + delay))
                one = next_day(paper, one)
            since, until = windows[0].since, windows[-1].until
            for _ in range(20):
                moment = since + chance.random() * (until - since)
                assert sum(moment in each for each in windows) == 1, (zone, moment)


@pytest.mark.parametrize(
    ("zone", "day", "build", "send", "moments"),
    [
        # Berlin, 29 March 2026: 02:00 becomes 03:00, so both hours are its first minute.
        ("Europe/Berlin", date(2026, 3, 29), time(2, 10), time(2, 40), ("01:00", "01:00")),
        # 25 October: 02:10 and 02:40 come twice, and the first of the two is taken.
        ("Europe/Berlin", date(2026, 10, 25), time(2, 10), time(2, 40), ("00:10", "00:40")),
        ("America/New_York", date(2026, 3, 8), time(2, 30), time(3, 0), ("07:00", "07:00")),
    ],
)
def test_a_skipped_hour_is_the_first_minute_after_and_a_doubled_one_fires_once(
    zone: str, day: date, build: time, send: time, moments: tuple[str, str]
) -> None:
    paper = at(zone, days=frozenset(range(7)), build=build, send=send)
    planned = plan(paper, day)

    assert (f"{planned.build:%H:%M}", f"{planned.send:%H:%M}") == moments
    fired = []
    now = planned.build - 12 * 60 * MINUTE
    while (now := next_moment(paper, now)) < planned.build + timedelta(hours=12):
        due = [turn for turn in turns(paper, now, since=day - DAY) if turn.standing is Standing.DUE]
        fired += [(turn.day, turn.stage) for turn in due if turn.at == now]
    assert fired.count((day, Stage.BUILD)) == fired.count((day, Stage.SEND)) == 1


def test_the_day_that_samoa_left_out_has_no_edition() -> None:
    paper = at("Pacific/Apia", days=frozenset(range(7)))

    [skipped] = list(turns(paper, utc("2011-12-30T12:00"), since=date(2011, 12, 30)))[:1]
    assert skipped.standing is Standing.SKIPPED
    assert skipped.words == "no edition: the calendar of Pacific/Apia left 2011-12-30 out"
    assert next_day(paper, date(2011, 12, 29)) == date(2011, 12, 31)


NEW_YORK = at("America/New_York", remind=time(6), approval="automatic after 07:00")


@pytest.mark.parametrize(
    ("now", "standings"),
    [
        ("2026-11-23T09:59", {"build": "ahead", "remind": "ahead", "send": "ahead"}),
        ("2026-11-23T10:00", {"build": "due", "remind": "ahead", "send": "ahead"}),
        ("2026-11-23T10:01", {"build": "late", "remind": "ahead", "send": "ahead"}),
        ("2026-11-23T11:00", {"build": "late", "remind": "due", "send": "ahead"}),
        ("2026-11-23T11:30", {"build": "late", "remind": "missed", "send": "due"}),
        ("2026-11-23T14:29", {"build": "late", "remind": "missed", "send": "late"}),
        ("2026-11-23T14:30", {"build": "missed", "remind": "missed", "send": "missed"}),
    ],
)
def test_what_is_due_late_or_missed(now: str, standings: dict[str, str]) -> None:
    found = turns(NEW_YORK, utc(now), since=date(2026, 11, 23))

    assert {turn.stage: turn.standing for turn in found} == standings


def test_each_turn_says_why() -> None:
    paper = at("America/New_York", holidays="US")
    found = list(turns(paper, utc("2026-11-27T11:35"), since=date(2026, 11, 25)))

    assert [(turn.day.day, turn.stage.value, turn.words) for turn in found] == [
        (25, "build", "its hour was 05:00, and it could be late until 09:30"),
        (25, "send", "its hour was 06:30, and it could be late until 09:30"),
        (26, "build", "no edition: Thanksgiving Day (US)"),
        (27, "build", "its hour was 05:00; it may be late until 09:30"),
        (27, "send", "its hour was 06:30; it may be late until 09:30"),
    ]


def test_an_edition_that_waits_ends_where_the_next_one_begins() -> None:
    paper = at("UTC", days=frozenset(range(7)), send=time(23), max_lateness=timedelta(hours=12))

    assert plan(paper, date(2026, 11, 23)).last == utc("2026-11-24T05:00")
    assert plan(at("UTC", max_lateness=timedelta(days=9)), date(2026, 11, 20)).last == utc("2026-11-23T05:00")


def test_the_moments_of_a_day_are_in_order() -> None:
    planned = plan(NEW_YORK, date(2026, 11, 23))

    hours = [f"{moment:%H:%M}" for moment in planned.moments]
    assert hours == ["10:00", "11:00", "11:30", "12:00", "14:30"]
    assert planned.opens == utc("2026-11-23T12:00")
    assert plan(at("UTC", approval="required"), date(2026, 11, 23)).opens is None


@pytest.mark.slow
@given(zone=st.sampled_from(ZONES), second=st.integers(0, 50 * 365 * 86_400))
def test_the_next_moment_is_ahead_and_none_is_left_out(zone: str, second: int) -> None:
    paper = at(zone)
    now = utc("1995-01-01") + timedelta(seconds=second)
    moment = next_moment(paper, now)

    assert now < moment <= now + 7 * DAY
    for n in range(-1, 8):
        day = today(paper, now) + n * DAY
        if is_publishing_day(paper, day):
            assert not [one for one in plan(paper, day).moments if now < one < moment]


def test_a_scheduler_counts_weekdays_from_monday_as_crontab_does_not() -> None:
    """Why `days` takes names only: the same line means Monday to cron, and Tuesday to APScheduler."""
    trigger = CronTrigger.from_crontab("0 7 * * 1", timezone=UTC)

    fires = trigger.get_next_fire_time(None, utc("2026-11-22T00:00"))
    assert fires == utc("2026-11-24T07:00")
    assert fires.strftime("%A") == "Tuesday"
    assert local(at("UTC"), date(2026, 11, 23), time(7)) == utc("2026-11-23T07:00")
