"""The plan of one day's edition: its hours as moments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from digest.settings import Newsletter
from digest.timetable.days import DAY, is_publishing_day, local, next_day, today


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """``build <= send < last``, and no plan of a later day begins before ``last``."""

    day: date
    build: datetime
    #: When the editors are reminded of a draft; None: they are not.
    remind: datetime | None
    #: From here on nobody has to approve it; None: that is never so.
    opens: datetime | None
    send: datetime
    #: What was not begun by then does not go out by itself any more.
    last: datetime
    #: The next edition is made, and nothing more of this one leaves, whatever was begun.
    ends: datetime

    @property
    def moments(self) -> tuple[datetime, ...]:
        """Whenever something is to be looked at, in order."""
        opens = self.opens if self.opens is not None and self.opens > self.send else None
        given = (self.build, self.remind, self.send, opens, self.last)
        return tuple(sorted({moment for moment in given if moment is not None}))


def plan(newsletter: Newsletter, day: date) -> Plan:
    """The plan of *day*, whether or not it is one with an edition.

    It ends when the next edition is to be made: that one covers what this one would have, were it not sent.
    """
    send = local(newsletter, day, newsletter.send)
    rule, _, hour = newsletter.approval.partition(" after ")
    opens = local(newsletter, day, time.fromisoformat(hour)) if hour else None
    if rule == "automatic" and not hour:
        opens = send
    ends = _next_build(newsletter, day)
    return Plan(
        day=day,
        build=local(newsletter, day, newsletter.build),
        remind=local(newsletter, day, newsletter.remind) if newsletter.remind else None,
        opens=opens,
        send=send,
        last=min(send + newsletter.max_lateness, ends),
        ends=ends,
    )


def next_moment(newsletter: Newsletter, now: datetime) -> datetime:
    """The first moment after *now* at which its timetable may ask for something; at the latest in a week."""
    day = today(newsletter, now)
    for n in range(-1, 8):
        one = day + n * DAY
        if not is_publishing_day(newsletter, one):
            # A day off is told at the hour at which its edition would have been made.
            moments: tuple[datetime, ...] = (local(newsletter, one, newsletter.build),)
        else:
            moments = plan(newsletter, one).moments
        if coming := [moment for moment in moments if moment > now]:
            return coming[0]
    return now + timedelta(days=7)


def _next_build(newsletter: Newsletter, day: date) -> datetime:
    try:
        following = next_day(newsletter, day)
    except LookupError:
        following = day + 7 * DAY
    return local(newsletter, following, newsletter.build)
