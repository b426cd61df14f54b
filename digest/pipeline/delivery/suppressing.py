"""Suppress: an address that its server does not know gets no further edition.

The rule: a permanent refusal with an enhanced status of addressing (5.1.x of RFC 3463, 3.2) is believed,
whether the server says it at RCPT or later; 5.1.7 to 5.1.9 are about the sender's address, and every other
5xx about the mail, its policy or the moment: those are refused for this edition only, and the next one is
tried. And where an edition has more unknown readers than lists have that are looked after, no server is
believed: one of them is more likely broken than right. They are held, for somebody to look at, and tried with
the next editions, until so many in a row were refused as make a soft bounce certain.

That is settled as a run ends, from the ledger: it has the refusals of runs that were cut off, too, and of
other processes. What comes back later suppresses by the same rule, one by one; and as the next edition
begins, all of it is looked at once more. A complaint suppresses at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from digest.bounces import kind_of
from digest.logs import log
from digest.model import Delivery, EditionKey, EventKind, Outcome, Reason, Receipt, State, Suppressed
from digest.ports import TAKEN_FOR_EACH, Due, Facts, Ledger, Store
from digest.settings import BouncesSettings

#: So many unknown readers are believed of any edition: of a short list they are more than a small share.
FEW = 5
#: States of a mail that may come back.
LEFT = (State.SENDING, State.SENT, State.UNSURE)
#: Rows that are read at a time.
PAGE = 1000
DAY = timedelta(days=1)

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


class Settled(NamedTuple):
    """What a run's refusals lead to."""

    suppressed: int = 0
    #: Readers who were called unknown, and are not suppressed: there are too many.
    held: int = 0


def settle(key: EditionKey, store: Store, settings: BouncesSettings, *, at: datetime) -> Settled:
    """Suppress whom servers called unknown when the edition was sent to them, as far as that is believed."""
    reason, those, ledger = Reason.HARD, _who(key, store.ledger), store.ledger
    if not those:
        return Settled()
    if not _are_believed(key, len(those), ledger):
        reason, those = Reason.SOFT, _unknown_before(key, those, ledger, settings)
    rows = (row for row in _unknown(key, ledger) if row.subscriber_id in those) if those else ()
    given = [one for row in rows if (one := _suppressed(row, store, reason, at=at))]
    new = store.suppressions.suppress(given)
    if new:
        log.info("suppressed", addresses=new, reason=reason.value)
    return Settled(new, held(key, store))


def settle_last(key: EditionKey, store: Store, settings: BouncesSettings, *, at: datetime) -> None:
    """Do so for the edition before: by now what came back later is here, and runs that failed are over."""
    for earlier in _before(key, settings):
        if store.ledger.tally(earlier).total:
            settle(earlier, store, settings, at=at)
            return


def held(key: EditionKey, store: Store) -> int:
    """How many are on the list as before whom servers called unknown: too many to be believed."""
    refused, returned = store.ledger.tally(key).refused, _came_back(key, store.ledger)
    if _are_believed(key, refused + returned, store.ledger):
        return 0  # as mostly: no more than these are unknown
    if _are_believed(key, len(_who(key, store.ledger)), store.ledger):
        return 0
    refused = sum(_says_unknown(reader.detail) for reader in _active(key, store.ledger, State.REFUSED))
    return refused + sum(1 for _ in _active(key, store.ledger, *LEFT, returned=EventKind.HARD))


def _active(
    key: EditionKey, ledger: Ledger, *states: State, returned: EventKind | None = None
) -> Iterator[Due]:
    after = ""
    while page := ledger.due(key, *states, returned=returned, after=after, limit=PAGE):
        yield from page
        after = page[-1].id


def _are_believed(key: EditionKey, unknown: int, ledger: Ledger) -> bool:
    return believed(unknown=unknown, taken=ledger.tally(key).sent - _came_back(key, ledger))


def _came_back(key: EditionKey, ledger: Ledger) -> int:
    return ledger.returned(key).get(EventKind.HARD, 0)


def _who(key: EditionKey, ledger: Ledger) -> set[str]:
    return {row.subscriber_id for row in _unknown(key, ledger)}


def unknown_of(key: EditionKey, store: Store, *, at: datetime) -> Iterator[Suppressed]:
    """Everyone who was unknown when the edition was sent, for somebody who believes it.

    Told at once or later; but for those whom a later edition reached.
    """
    ledger = store.ledger
    days = (replace(key, day=key.day + n * DAY) for n in range(1, _days(key, at)))
    later = [other for other in days if ledger.tally(other).sent]
    for row in _unknown(key, ledger):
        reached = any(_has(ledger.get(other, row.subscriber_id)) for other in later)
        one = None if reached else _suppressed(row, store, Reason.HARD, at=at)
        if one is not None:
            yield one


def _days(key: EditionKey, at: datetime) -> int:
    """Up to the day after that of *at*, which has begun somewhere."""
    return (at.date() - key.day).days + 2


def _has(row: Delivery | None) -> bool:
    return row is not None and row.state is State.SENT and not row.returned


def _unknown_before(key: EditionKey, those: set[str], ledger: Ledger, settings: BouncesSettings) -> set[str]:
    """Those of them whom the editions before called unknown as well, as many as the settings ask for."""
    editions, left = 1, set(those)
    for earlier in _before(key, settings):
        if editions >= settings.soft or not left:
            break
        if ledger.tally(earlier).total:
            left &= _who(earlier, ledger)
            editions += 1
    return left if editions >= settings.soft else set()


def _before(key: EditionKey, settings: BouncesSettings) -> Iterator[EditionKey]:
    """The days before that are near enough to count, the newest first."""
    return (replace(key, day=key.day - back * DAY) for back in range(1, settings.within.days))


def _unknown(key: EditionKey, ledger: Ledger) -> Iterator[Delivery]:
    """Told while it was sent, or since."""
    yield from (row for row in _rows(key, ledger, State.REFUSED) if _says_unknown(row.detail))
    yield from _rows(key, ledger, returned=EventKind.HARD)


def _rows(
    key: EditionKey, ledger: Ledger, *states: State, returned: EventKind | None = None
) -> Iterator[Delivery]:
    after = ""
    while page := ledger.deliveries(key, *states, returned=returned, after=after, limit=PAGE):
        yield from page
        after = page[-1].subscriber_id


def _suppressed(row: Delivery, store: Store, reason: Reason, *, at: datetime) -> Suppressed | None:
    """None if the reader is on the list no more, or was brought back or has confirmed an address since."""
    reader = store.subscribers.get(row.subscriber_id)
    if reader is None or reader.state != "active":
        return None
    if any(moment is not None and moment > row.at for moment in (reader.confirmed_at, reader.changed_at)):
        return None
    # What came back later is with its event; the row says how the mail was taken.
    source, words = ("report", "") if row.returned else ("smtp", row.detail)
    return Suppressed(
        newsletter=reader.newsletter, email=reader.email, reason=reason, source=source, detail=words, at=at
    )
