"""Whether an edition is out."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from digest.errors import StoreError
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


class Beginning:
    """A run's word that the edition goes to its list: said before a mail leaves, taken back when none did.

    It is said after the mails are claimed: another run that takes its own word back sees the claims.
    """

    def __init__(self, key: EditionKey, store: Store) -> None:
        tally = store.ledger.tally(key)
        self._key = key
        self._editions = store.editions
        #: What single readers had before, and what nobody knows of.
        self._gone = tally.sent + tally.unsure
        self._is_new = False

    def say(self, at: datetime) -> None:
        if self._editions.begin(self._key, at=at):
            self._is_new = True

    def take_back(self) -> None:
        """Where this run was the first to say it, and nobody has sent a mail since."""
        if self._is_new:
            with suppress(StoreError):  # then it counts as out, which costs an editor `--again`
                self._editions.take_back(self._key, gone=self._gone)
