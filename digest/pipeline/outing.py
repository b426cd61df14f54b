"""Whether an edition is out."""

from __future__ import annotations

from digest.model import CAMPAIGN, EditionKey, State
from digest.ports import Store


def went_out(key: EditionKey, store: Store) -> bool:
    """Whether it was sent to the list, and somebody has it or may have it.

    Mails to single readers (``--to``) do not count.
    """
    return store.editions.begun(key) is not None and bool(store.ledger.contents(key))


def is_out(key: EditionKey, store: Store) -> bool:
    """Whether it was sent to the list, and nobody is still waiting for it."""
    campaign, tally = store.ledger.get(key, CAMPAIGN), store.ledger.tally(key)
    if campaign is not None and campaign.state is State.SENT:
        return True
    if store.editions.begun(key) is None:
        return False
    return bool(tally.sent) and not (tally.pending or tally.deferred)
