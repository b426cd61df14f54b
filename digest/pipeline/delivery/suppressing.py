"""Suppress: an address that its server does not know gets no further edition.

The rule: a permanent refusal with an enhanced status of addressing (5.1.x of RFC 3463, 3.2) is believed at
once, whether the server says it at RCPT or later; 5.1.7 to 5.1.9 are about the sender's address, and every
other 5xx about the mail, its policy or the moment: those are refused for this edition only, and the next one
is tried. And where an edition has more unknown readers than lists have that are looked after, no server is
believed: one of them is more likely broken than right. They are held, for somebody to look at, and tried with
the next edition. What comes back softly suppresses after so many editions; a complaint at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from digest.bounces import kind_of
from digest.logs import log
from digest.model import EditionKey, EventKind, Outcome, Reason, Receipt, State, Suppressed
from digest.ports import TAKEN_FOR_EACH, Facts, Store, SuppressionStore

#: So many unknown readers are believed of any edition: of a short list they are more than a small share.
FEW = 5
#: Rows that ``unknown_of`` reads at a time.
PAGE = 1000

_PERMANENT = re.compile(r"5\d\d\b")
_REFUSAL = re.compile(r"5\d\d[ -](5\.\d{1,3}\.\d{1,3})\b")


def is_unknown(receipt: Receipt) -> bool:
    """Whether the refusal says that there is no such address."""
    return receipt.outcome is Outcome.REFUSED and _says_unknown(receipt.detail)


def _says_unknown(detail: str) -> bool:
    status = _REFUSAL.match(detail)
    return status is not None and kind_of(status[1]) is EventKind.HARD


def is_ours(receipt: Receipt) -> bool:
    """Whether an SMTP server's refusal may be aimed at the sender: relaying, a block, the mail itself.

    Without an enhanced status, that cannot be told.
    """
    if receipt.outcome is not Outcome.REFUSED or not _PERMANENT.match(receipt.detail):
        return False
    status = _REFUSAL.match(receipt.detail)
    return status is None or kind_of(status[1]) is EventKind.BLOCKED


def believed(*, unknown: int, taken: int) -> bool:
    """Whether so many readers of one edition may be unknown, where so many mails of it were taken."""
    return unknown <= taken and (unknown <= FEW or unknown * TAKEN_FOR_EACH <= taken)


def reason_after(kind: EventKind, facts: Facts, *, soft: int) -> Reason | None:
    """Why the reader gets no more mail after this came back; None as long as nothing is certain."""
    if kind is EventKind.COMPLAINT:
        return Reason.COMPLAINT
    if kind is EventKind.HARD and believed(unknown=facts.unknown, taken=facts.taken):
        return Reason.HARD
    if kind in {EventKind.HARD, EventKind.SOFT} and facts.bounced >= soft:
        return Reason.SOFT
    return None


class Suppression:
    """One run's suppressions: addresses wait here until enough mails were taken to believe their refusal."""

    def __init__(self, newsletter: str, suppressions: SuppressionStore) -> None:
        self._newsletter = newsletter
        self._suppressions = suppressions
        self._waiting: list[tuple[str, str]] = []
        self.suppressed = 0

    @property
    def held(self) -> int:
        """Addresses that were refused as unknown, and are not suppressed: there are too many."""
        return len(self._waiting)

    def refuse(self, address: str, words: str) -> None:
        self._waiting.append((address, words))

    def settle(self, *, taken: int, at: datetime) -> None:
        """Suppress those whom a server refused that took *taken* mails of this edition."""
        if not self._waiting or not believed(unknown=self.suppressed + len(self._waiting), taken=taken):
            return
        self._suppressions.suppress(
            _unknown(self._newsletter, address, words, at=at) for address, words in self._waiting
        )
        log.info("suppressed", addresses=len(self._waiting), reason=Reason.HARD.value)
        self.suppressed += len(self._waiting)
        self._waiting.clear()


def unknown_of(key: EditionKey, store: Store, *, at: datetime) -> Iterator[Suppressed]:
    """Everyone whose mail of the edition was refused as unknown, for somebody who believes it."""
    after = ""
    while page := store.ledger.deliveries(key, State.REFUSED, after=after, limit=PAGE):
        for row in page:
            reader = store.subscribers.get(row.subscriber_id) if _says_unknown(row.detail) else None
            if reader is not None:
                yield _unknown(key.newsletter, reader.email, row.detail, at=at)
        after = page[-1].subscriber_id


def _unknown(newsletter: str, address: str, words: str, *, at: datetime) -> Suppressed:
    return Suppressed(
        newsletter=newsletter, email=address, reason=Reason.HARD, source="smtp", detail=words, at=at
    )
