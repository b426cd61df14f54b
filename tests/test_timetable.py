"""Days and windows of a newsletter, in any zone, across changes of clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit.builders import newsletter

from digest.model import Window
from digest.settings import Newsletter
from digest.timetable import day_off, is_publishing_day, local, next_day, previous_day, today, window

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
MIDNIGHT = time(0)

ZONES = st.sampled_from(sorted(available_timezones()))
DATES = st.dates(date(2000, 1, 1), date(2050, 12, 31))
HOURS = st.times().map(lambda hour: hour.replace(second=0, microsecond=0))
WEEKDAYS = st.frozensets(st.integers(0, 6), min_size=1)


def at(zone: str, **given: Any) -> Newsletter:
    return newsletter(timezone=ZoneInfo(zone), **given)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# --- days ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "zone", "day"),
    [
        ("2026-11-23T03:00", "America/New_York", date(2026, 11, 22)),
        ("2026-11-23T05:00", "America/New_York", date(2026, 11, 23)),
        ("2026-11-23T10:30", "Pacific/Kiritimati", date(2026, 11, 24)),
        ("2026-11-23T10:30", "Pacific/Pago_Pago", date(2026, 11, 22)),
    ],
)
def test_today_is_the_newsletters_own(now: str, zone: str, day: date) -> None:
    assert today(at(zone), utc(now)) == day


def test_a_weekday_has_an_edition() -> None:
    assert day_off(newsletter(), date(2026, 11, 23)) == ""
    assert is_publishing_day(newsletter(), date(2026, 11, 23))


def test_a_day_that_is_none_of_its_days_is_off() -> None:
    assert day_off(newsletter(), date(2026, 11, 21)) == "Saturday is not one of its days"
    assert not is_publishing_day(newsletter(), date(2026, 11, 21))


@pytest.mark.parametrize(
    ("calendar", "day", "reason"),
    [
        ("US", date(2026, 11, 26), "Thanksgiving Day (US)"),
        ("US", date(2026, 7, 3), "Independence Day (observed) (US)"),
        ("DE-BY", date(2026, 1, 6), "Epiphany (DE-BY)"),
        ("DE-BE", date(2026, 1, 6), ""),
        ("", date(2026, 12, 25), ""),
    ],
)
def test_a_public_holiday_is_off_where_the_newsletter_is_at_home(
    calendar: str, day: date, reason: str
) -> None:
    assert day_off(newsletter(holidays=calendar), day) == reason


def test_an_extra_day_off_is_off() -> None:
    paper = newsletter(extra_days_off=(date(2026, 12, 24),))

    assert day_off(paper, date(2026, 12, 24)) == "2026-12-24 is one of its extra days off"


def test_the_days_around_a_long_weekend_are_found() -> None:
    paper = newsletter(holidays="US", extra_days_off=(date(2026, 11, 27),))

    assert next_day(paper, date(2026, 11, 25)) == date(2026, 11, 30)
    assert previous_day(paper, date(2026, 11, 30)) == date(2026, 11, 25)


def test_a_newsletter_that_never_has_a_day_is_named() -> None:
    mondays = tuple(date(2026, 1, 5) + n * WEEK for n in range(120))

    with pytest.raises(
        LookupError, match="the-example has no day with an edition within a year of 2026-06-01"
    ):
        next_day(newsletter(days=frozenset({0}), extra_days_off=mondays), date(2026, 6, 1))


def test_a_holiday_may_last_for_months():
    holiday = tuple(date(2026, 6, 1) + n * DAY for n in range(300))

    assert next_day(newsletter(extra_days_off=holiday), date(2026, 5, 29)) == date(2027, 3, 29)


@given(days=WEEKDAYS, day=DATES)
def test_the_day_before_the_next_is_the_last(days: frozenset[int], day: date) -> None:
    paper = newsletter(days=days)

    assert day < next_day(paper, day) <= day + WEEK
    assert day - WEEK <= previous_day(paper, day) < day
    assert previous_day(paper, next_day(paper, previous_day(paper, day))) == previous_day(paper, day)


# --- hours -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "day", "hour", "moment"),
    [
        # Berlin, 29 March 2026: 02:00 becomes 03:00.
        ("Europe/Berlin", date(2026, 3, 29), time(1, 59), "2026-03-29T00:59"),
        ("Europe/Berlin", date(2026, 3, 29), time(2, 0), "2026-03-29T01:00"),
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), "2026-03-29T01:00"),
        ("Europe/Berlin", date(2026, 3, 29), time(2, 59), "2026-03-29T01:00"),
        ("Europe/Berlin", date(2026, 3, 29), time(3, 0), "2026-03-29T01:00"),
        ("Europe/Berlin", date(2026, 3, 29), time(3, 1), "2026-03-29T01:01"),
        # Berlin, 25 October 2026: 03:00 becomes 02:00.
        ("Europe/Berlin", date(2026, 10, 25), time(1, 59), "2026-10-24T23:59"),
        ("Europe/Berlin", date(2026, 10, 25), time(2, 0), "2026-10-25T00:00"),
        ("Europe/Berlin", date(2026, 10, 25), time(2, 59), "2026-10-25T00:59"),
        ("Europe/Berlin", date(2026, 10, 25), time(3, 0), "2026-10-25T02:00"),
        ("America/New_York", date(2026, 3, 8), time(2, 30), "2026-03-08T07:00"),
        ("America/New_York", date(2026, 11, 1), time(1, 30), "2026-11-01T05:30"),
        # Half an hour, midnight itself, and a whole day that a country left out.
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 10), "2026-10-03T15:30"),
        ("America/Sao_Paulo", date(2018, 11, 4), MIDNIGHT, "2018-11-04T03:00"),
        ("Pacific/Apia", date(2011, 12, 30), time(6, 30), "2011-12-30T10:00"),
        ("Asia/Kathmandu", date(2026, 11, 23), time(6, 30), "2026-11-23T00:45"),
        ("UTC", date(2026, 11, 23), time(6, 30), "2026-11-23T06:30"),
    ],
)
def test_an_hour_is_one_moment(zone: str, day: date, hour: time, moment: str) -> None:
    assert local(at(zone), day, hour) == utc(moment)


@given(zone=ZONES, day=DATES, hour=HOURS)
def test_the_clock_shows_the_hour_or_the_first_minute_after_a_gap(zone: str, day: date, hour: time) -> None:
    moment = local(at(zone), day, hour)
    wanted = datetime.combine(day, hour)

    shown = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert moment.tzinfo is UTC
    if shown != wanted:
        a_second_before = (moment - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert a_second_before < wanted < shown


@given(zone=ZONES, day=DATES, hour=HOURS)
def test_of_two_moments_the_first_is_taken(zone: str, day: date, hour: time) -> None:
    moment = local(at(zone), day, hour)

    shown = moment.astimezone(ZoneInfo(zone))
    assert shown.fold == 0


@given(zone=ZONES, day=DATES)
def test_days_follow_each_other(zone: str, day: date) -> None:
    assert local(at(zone), day, MIDNIGHT) <= local(at(zone), day + DAY, MIDNIGHT)


# --- windows ---------------------------------------------------------------------------------------

MONDAY = date(2026, 11, 23)
NEW_YORK = at("America/New_York")
FRIDAYS = Window(since=utc("2026-11-19T10:00"), until=utc("2026-11-20T10:00:30"))


def test_an_edition_begins_where_the_last_one_ended() -> None:
    monday = window(NEW_YORK, MONDAY, last=FRIDAYS, now=utc("2026-11-23T10:00:07"))

    assert monday == Window(since=FRIDAYS.until, until=utc("2026-11-23T10:00:07"))


def test_the_first_edition_begins_at_the_build_hour_of_the_publishing_day_before() -> None:
    monday = window(NEW_YORK, MONDAY, last=None, now=utc("2026-11-23T10:00"))

    assert monday.since == local(NEW_YORK, date(2026, 11, 20), time(5))


def test_an_edition_of_a_past_day_ends_with_the_day() -> None:
    monday = window(NEW_YORK, MONDAY, last=FRIDAYS, now=utc("2026-11-27T10:00"))

    assert monday.until == local(NEW_YORK, date(2026, 11, 24), MIDNIGHT) - timedelta(microseconds=1)


def test_after_a_long_silence_it_reaches_back_seven_days() -> None:
    long_ago = Window(since=utc("2026-10-01T10:00"), until=utc("2026-10-02T10:00"))
    now = utc("2026-11-23T10:00")

    assert window(NEW_YORK, MONDAY, last=long_ago, now=now).since == now - WEEK


@pytest.mark.parametrize(
    ("until", "days_off"),
    [
        ("2026-10-26T09:00:01", ()),
        ("2026-10-25T22:00:00", ()),
        ("2026-10-19T09:00:01", (date(2026, 10, 26),)),
    ],
    ids=["clocks set back", "made the evening before", "a week skipped"],
)
def test_a_weekly_newsletter_loses_nothing(until: str, days_off: tuple[date, ...]) -> None:
    """A week with the autumn night in it is longer than seven times 24 hours, and so is a week off."""
    weekly = at("America/New_York", days=frozenset({0}), extra_days_off=days_off)
    last = Window(since=utc("2026-10-12T09:00"), until=utc(until))

    assert window(weekly, date(2026, 11, 2), last=last, now=utc("2026-11-02T10:00:05")).since == last.until


def test_a_clock_that_was_set_back_makes_it_empty() -> None:
    monday = window(NEW_YORK, MONDAY, last=FRIDAYS, now=utc("2026-11-20T09:00"))

    assert monday == Window(since=FRIDAYS.until, until=FRIDAYS.until)
    assert FRIDAYS.until not in monday


@pytest.mark.slow
@given(
    zone=ZONES,
    days=WEEKDAYS,
    first=DATES,
    build=HOURS,
    delays=st.lists(st.timedeltas(timedelta(hours=-2), timedelta(hours=30)), min_size=2, max_size=8),
    moments=st.lists(st.floats(0, 1), min_size=1, max_size=5),
)
def test_each_moment_falls_into_exactly_one_edition(
    zone: str, days: frozenset[int], first: date, build: time, delays: list[timedelta], moments: list[float]
) -> None:
    """Whatever hour each edition is really made at: early, late, after its day, on a clock set back."""
    paper = at(zone, days=days, build=build)
    day = next_day(paper, first)
    windows: list[Window] = []
    for delay in delays:
        last = windows[-1] if windows else None
        windows.append(window(paper, day, last=last, now=local(paper, day, build) + delay))
        day = next_day(paper, day)

    since, until = windows[0].since, windows[-1].until
    for one, following in pairwise(windows):
        assert one.until == following.since
    for share in moments:
        moment = since + (until - since) * share
        assert sum(moment in one for one in windows) == (since < moment <= until)


@pytest.mark.slow
@given(
    zone=ZONES,
    day=DATES,
    last=st.none() | st.timedeltas(timedelta(days=-30), timedelta(days=30)),
    now=st.timedeltas(timedelta(days=-3), timedelta(days=3)),
)
def test_a_window_never_ends_before_it_begins(
    zone: str, day: date, last: timedelta | None, now: timedelta
) -> None:
    paper = at(zone)
    noon = local(paper, day, time(12))
    before = None if last is None else Window(since=noon + last - DAY, until=noon + last)

    covered = window(paper, day, last=before, now=noon + now)

    assert covered.since <= covered.until
    assert covered.since.tzinfo is covered.until.tzinfo is UTC
