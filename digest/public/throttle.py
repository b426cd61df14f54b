"""Limits how often a network may ask for something costly, in this process's memory."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock

#: How many networks are remembered; beyond that, counting starts over.
REMEMBERED = 20_000


class Throttle:
    """At most *most* times *within* a time, by network. Threads may share one."""

    def __init__(self, most: int, within: timedelta) -> None:
        self._most = most
        self._within = within
        self._lock = Lock()
        #: When the period began, and how many requests came since.
        self._asked: dict[str, tuple[datetime, int]] = {}

    def allows(self, network: str, at: datetime) -> bool:
        """Count one more, and say whether it is within the limit."""
        with self._lock:
            began, times = self._asked.get(network, (at, 0))
            if not began <= at < began + self._within:
                began, times = at, 0
            if network not in self._asked and len(self._asked) >= REMEMBERED:
                self._forget(at)
            self._asked[network] = (began, times + 1)
            return times < self._most

    def _forget(self, at: datetime) -> None:
        """Forget the networks whose period is over; or everything, if there are none."""
        kept = {name: asked for name, asked in self._asked.items() if at < asked[0] + self._within}
        self._asked = kept if len(kept) < REMEMBERED else {}
