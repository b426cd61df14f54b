"""The rate of requests to a provider, over all connections, and how long a request waits for its turn.

A provider limits an account, not a connection: if one request is told to wait, all wait. What it says about
its limit is obeyed beside the number in its documents: Retry-After (RFC 9110, section 10.2.3), and the rest
of a window with its end, which most write as X-RateLimit-Remaining and X-RateLimit-Reset.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from digest.senders.answers import Answer

#: Seconds that one request waits in all, when the provider asks to be left alone.
PATIENCE = 120.0
#: Longest that the end of a window is believed to be away.
WINDOW = 60.0


class Rate:
    """At most *per_second* requests a second, evenly spread; 0 is no limit. Safe for several threads."""

    def __init__(
        self,
        per_second: float = 0.0,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._interval = 1 / per_second if per_second else 0.0
        self._clock = clock
        self._sleep = sleep
        self._lock = Lock()
        #: When the next request may leave.
        self._next = 0.0

    def turn(self) -> None:
        """Wait until a request may leave; that place is taken."""
        while wait := self._until_next():
            # Meanwhile another connection may hear that all are to wait longer.
            self._sleep(wait)

    def hold(self, seconds: float) -> None:
        """No request leaves before so many seconds are over."""
        with self._lock:
            self._next = max(self._next, self._clock() + seconds)

    def heard(self, answer: Answer) -> None:
        """Obey what an answer says of the window: where nothing is left of it, wait for its end."""
        if (window := answer.window_over_in) is not None:
            self.hold(min(window, WINDOW))

    def _until_next(self) -> float:
        with self._lock:
            now = self._clock()
            if now < self._next:
                return self._next - now
            self._next = now + self._interval
            return 0.0


class Patience:
    """One request's: how long it waits before it is made again, and when that is enough."""

    def __init__(self) -> None:
        self.attempts = 0
        self._waited = 0.0

    def pause(self, asked_for: float | None) -> float | None:
        """Seconds to wait, as long as it was *asked_for* or longer each time; None: give up."""
        # Who asks for 0 seconds each time would be asked for ever.
        seconds = 2.0 ** min(self.attempts, 5) if asked_for is None else max(asked_for, 1.0)
        self.attempts += 1
        self._waited += seconds
        return seconds if self._waited <= PATIENCE else None
