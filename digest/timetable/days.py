"""When a newsletter has an edition, and what time it covers: pure functions of newsletter, day and now.

Days and hours are the newsletter's own; moments are aware and in UTC.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from digest.model import Window
from digest.settings import Newsletter

DAY = timedelta(days=1)
#: What an edition may reach back, so that one after a long silence is not all old news.
REACH = timedelta(days=7)
#: Days that are searched for one with an edition.
HORIZON = 366

WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def today(newsletter: Newsletter, now: datetime) -> date:
    """The day it is where the newsletter is at home."""
    return now.astimezone(newsletter.timezone).date()


def is_publishing_day(newsletter: Newsletter, day: date) -> bool:
    return not day_off(newsletter, day)


def day_off(newsletter: Newsletter, day: date) -> str:
    """Why the day has no edition, as in "Thanksgiving Day (US)"; "" when it has one."""
    if day.weekday() not in newsletter.days:
        return f"{WEEKDAY_NAMES[day.weekday()]} is not one of its days"
    if day in newsletter.extra_days_off:
        return f"{day.isoformat()} is one of its extra days off"
    if newsletter.holidays and (name := _holidays(newsletter.holidays, day.year).get(day)):
        return f"{name} ({newsletter.holidays})"
    if not _happens(newsletter, day):
        return f"the calendar of {newsletter.timezone.key} left {day.isoformat()} out"
    return ""


def previous_day(newsletter: Newsletter, day: date) -> date:
    """The last publishing day before *day*.

    Raises:
        LookupError: There is none within a year: its days off are all its days.
    """
    return _publishing_day(newsletter, day, -DAY)


def next_day(newsletter: Newsletter, day: date) -> date:
    """The first publishing day after *day*.

    Raises:
        LookupError: There is none within a year: its days off are all its days.
    """
    return _publishing_day(newsletter, day, DAY)


def local(newsletter: Newsletter, day: date, hour: time) -> datetime:
    """The moment (UTC) at which the newsletter's clocks show *hour* on *day*.

    An hour that the clocks skip is the first moment after the gap; one that they show twice is the
    first of the two.
    """
    shown = datetime.combine(day, hour, tzinfo=newsletter.timezone)  # fold=0: the first of two
    before, after = shown.utcoffset(), shown.replace(fold=1).utcoffset()
    moment = shown.astimezone(UTC)
    if before is None or after is None or after <= before:
        return moment
    # In a gap (PEP 495): with the offset from before it the moment lies behind the change of clocks,
    # with the one from after it ahead of it. The change itself is between, and found by halving.
    ahead = moment - (after - before)
    seconds = range(int(ahead.timestamp()), int(moment.timestamp()) + 1)
    change = bisect_left(seconds, after, key=lambda second: _offset(newsletter, second))
    return datetime.fromtimestamp(seconds[change], UTC)


def window(newsletter: Newsletter, day: date, *, last: Window | None, now: datetime) -> Window:
    """What the edition of *day* covers when it is made at *now*: from where the last one ended.

    *last* is the window of the newest edition of an earlier day that was sent; without one it begins
    at the build hour of the publishing day before. It reaches back at most seven days, or to the last
    edition's day where that is further (a weekly newsletter, a long holiday). It ends now, or with the
    day's last moment. A clock that was set back makes it empty, so that no moment falls into two editions.
    """
    until = min(now, local(newsletter, day + DAY, time(0)) - timedelta.resolution)
    before = previous_day(newsletter, day)
    if last is None:
        since = local(newsletter, before, newsletter.build)
    else:
        # That edition may have been made the evening before its day.
        since = max(last.until, min(until - REACH, local(newsletter, before - DAY, time(0))))
    return Window(since=since, until=max(since, until))


def _publishing_day(newsletter: Newsletter, day: date, step: timedelta) -> date:
    for n in range(1, HORIZON + 1):
        if is_publishing_day(newsletter, day + n * step):
            return day + n * step
    raise LookupError(f"{newsletter.key} has no day with an edition within a year of {day.isoformat()}")


def _happens(newsletter: Newsletter, day: date) -> bool:
    """False for the one day that a country skips when it crosses the date line (Samoa, 2011-12-30)."""
    return local(newsletter, day, time(0)) < local(newsletter, day + DAY, time(0))


def _offset(newsletter: Newsletter, second: int) -> timedelta:
    return datetime.fromtimestamp(second, newsletter.timezone).utcoffset() or timedelta()


@lru_cache(maxsize=64)
def _holidays(calendar: str, year: int) -> Mapping[date, str]:
    """The public holidays of a country or region ("US", "DE-BY") in that year, with their names."""
    import holidays

    country, _, region = calendar.partition("-")
    return dict(holidays.country_holidays(country, region or None, years=year, language="en_US"))
