"""The pace of a delivery: mails per minute, retries of deferred mails, and the request to stop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta


def never(_: float) -> bool:
    """A wait that is over at once, and never asks to stop."""
    return False


class Tempo:
    """One run's pace. *clock* tells the time; *wait* waits that many seconds, or returns True to stop.

    At *until* the run is over: a machine may sleep in the middle of it, and wake up on another day.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        *,
        wait: Callable[[float], bool] = never,
        per_minute: int = 0,
        retry_after: Sequence[timedelta] = (),
        until: datetime | None = None,
    ) -> None:
        self.now = clock
        self._until = until
        self.retry_after = retry_after
        self._wait = wait
        self._interval = timedelta(minutes=1) / per_minute if per_minute else timedelta()
        self._turn: datetime | None = None
        self.stopped = False

    @property
    def allows(self) -> int:
        """How many mails may leave per second; 0 if there is no limit."""
        return max(1, int(timedelta(seconds=1) / self._interval)) if self._interval else 0

    def goes_on(self) -> bool:
        """False if the run was told to stop, or is over."""
        return self.pause(timedelta())

    def pause(self, length: timedelta) -> bool:
        """Wait that long; False if the run was told to stop meanwhile, or is over."""
        self.stopped = self.stopped or self._wait(length.total_seconds())
        return not self.stopped and (self._until is None or self.now() < self._until)

    def until_next(self) -> timedelta:
        """How long until the next mail may leave; calling this takes its turn."""
        if not self._interval:
            return timedelta()
        now = self.now()
        # If the clock was set back, nobody waits longer than one mail's time.
        turn = min(max(self._turn or now, now), now + self._interval)
        self._turn = turn + self._interval
        return turn - now
