"""The rate of mails to one domain. (The pipeline sets the rate of all mails together.)"""

from __future__ import annotations

import time
from collections.abc import Callable

#: So many domains are remembered before those whose time has come are forgotten.
MANY = 1000


class Pace:
    """So many mails a second for each domain, over all connections; 0 is no limit."""

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._pause = 1 / rate if rate else 0.0
        self._clock = clock
        #: When the next mail to a domain may leave.
        self._next: dict[str, float] = {}

    def wait(self, address: str) -> float:
        """How many seconds it is until a mail to *address* may leave; at 0, that place is taken."""
        if not self._pause:
            return 0.0
        domain, now = address.rpartition("@")[2].lower(), self._clock()
        wait = self._next.get(domain, now) - now
        if wait > 0:
            return wait
        if len(self._next) >= MANY:
            self._next = {name: at for name, at in self._next.items() if at > now}
        self._next[domain] = now + self._pause
        return 0.0
