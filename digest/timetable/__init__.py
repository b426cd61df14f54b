"""When a newsletter has an edition, what time it covers, and what is due: pure functions of a newsletter, a
day and now.

days     which days have an edition, hours as moments, windows
plans    the moments of one day's edition
turns    which of them are due, late, missed or skipped, and why

Days and hours are the newsletter's own; moments are aware and in UTC.
"""

from digest.timetable.days import (
    DAY,
    REACH,
    day_off,
    is_publishing_day,
    local,
    next_day,
    previous_day,
    today,
    window,
)
from digest.timetable.plans import Plan, next_moment, plan
from digest.timetable.turns import Standing, Turn, turns

__all__ = [
    "DAY",
    "REACH",
    "Plan",
    "Standing",
    "Turn",
    "day_off",
    "is_publishing_day",
    "local",
    "next_day",
    "next_moment",
    "plan",
    "previous_day",
    "today",
    "turns",
    "window",
]
