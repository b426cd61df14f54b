"""Suppress: an address that its server does not know gets no further edition.

The rule: a permanent refusal with an enhanced status of addressing (5.1.x of RFC 3463, 3.2) is believed at
once; 5.1.7 to 5.1.9 are about the sender's address, and every other 5xx about the mail, its policy or the
moment: those are refused for this edition only, and the next one is tried. And no server is believed that
knows fewer of an edition's readers than it refuses: then it is more likely broken than right.
"""

from __future__ import annotations

import re

from digest.model import Outcome, Receipt
from digest.ports import SubscriberStore

_UNKNOWN = re.compile(r"5\d\d[ -]5\.1\.(?![789]\b)\d+\b")


def is_unknown(receipt: Receipt) -> bool:
    """Whether the refusal says that there is no such address."""
    return receipt.outcome is Outcome.REFUSED and _UNKNOWN.match(receipt.detail) is not None


class Suppression:
    """One run's: addresses wait here until enough mails were taken for their refusal to be believed."""

    def __init__(self, newsletter: str, subscribers: SubscriberStore) -> None:
        self._newsletter = newsletter
        self._subscribers = subscribers
        self._waiting: list[str] = []
        self.suppressed = 0

    @property
    def disbelieved(self) -> int:
        return len(self._waiting)

    def refuse(self, address: str) -> None:
        self._waiting.append(address)

    def settle(self, *, taken: int) -> None:
        """Suppress whom a server refused that took *taken* mails of this edition."""
        if self.suppressed + len(self._waiting) > taken:
            return
        for address in self._waiting:
            self._subscribers.set_state(self._newsletter, address, "suppressed")
        self.suppressed += len(self._waiting)
        self._waiting.clear()
