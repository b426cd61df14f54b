"""Return: what came back is attributed to a mail, kept once, and takes effect.

::

    read                 a message or a post is an event                (see bounces)
    attribute            whose mail of which edition, with proof
    take                 kept, noted beside the ledger's row, counted; suppressed, or not

Anybody can write a mail, and a forged bounce must not cost a reader the newsletter. So a mail is believed
only if it has what only our mail had, in this order: the address that it was sent back to (VERP), a token of
our List-Unsubscribe, or our Message-ID together with an address that we sent it to. The last is random enough
that nobody guesses it. An address alone is believed only from a provider that has proved who it is, and only
if something was sent to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from functools import partial

from digest import audience
from digest.logs import log
from digest.model import Delivery, EventKind, MailEvent, Subscriber
from digest.pipeline.delivery.suppressing import LEFT, reason_after
from digest.ports import Store, Whose
from digest.settings import BouncesSettings, Newsletter
from digest.words.text import clean

#: How many editions back a returned mail may belong to; servers give up after five days.
EDITIONS = 30
#: How many characters of a server's message are kept.
LONGEST_DETAIL = 300


class Effect(StrEnum):
    """What became of an event."""

    SUPPRESSED = "suppressed"
    UNSUBSCRIBED = "unsubscribed"
    #: Kept, without further effect for now.
    NOTED = "noted"
    #: Reported before.
    KNOWN = "known before"
    #: Whose mail it was is unknown, or nothing proves it.
    UNPROVEN = "without proof"


class Returns:
    """Takes events in; *newsletters* by key."""

    def __init__(
        self, store: Store, newsletters: Mapping[str, Newsletter], settings: BouncesSettings
    ) -> None:
        self._store = store
        self._newsletters = tuple(newsletters)
        self._settings = settings

    def take(self, event: MailEvent, *, at: datetime) -> Effect:
        """Raises StoreError: It is not taken, and has to be told again."""
        whose = self.whose(event)
        effect = self._taken(event, whose, at)
        log.info(
            "came back",
            kind=event.kind.value,
            effect=effect.value,
            source=event.source,
            newsletter=whose.newsletter if whose else "",
            day=str(whose.day) if whose and whose.day else "",
            subscriber=whose.subscriber.id if whose else "",
        )
        return effect

    def _taken(self, event: MailEvent, whose: Whose | None, at: datetime) -> Effect:
        if whose is None:
            # Counted, not kept: anybody can write any number of bounces.
            self._store.events.count(event.source, {f"{event.kind} {Effect.UNPROVEN}": 1})
            return Effect.UNPROVEN
        taken = self._store.events.take(
            replace(event, detail=audience.mask_all(clean(event.detail)[:LONGEST_DETAIL])),
            whose,
            at=at,
            since=at - self._settings.within,
            decide=partial(reason_after, event.kind, soft=self._settings.soft),
        )
        if not taken.new:
            return Effect.KNOWN
        if taken.reason is not None:
            return Effect.SUPPRESSED
        return Effect.UNSUBSCRIBED if event.kind is EventKind.UNSUBSCRIBE else Effect.NOTED

    # --- whose mail it was ------------------------------------------------------------------------

    def whose(self, event: MailEvent) -> Whose | None:
        """The reader and the edition that *event* is about, as far as that is proven."""
        return next(
            (
                Whose(found.newsletter, found, self._day(found, day))
                for found, day in self._candidates(event)
                if found.newsletter in self._newsletters
            ),
            None,
        )

    def _candidates(self, event: MailEvent) -> Iterator[tuple[Subscriber, date | None]]:
        """Readers with the edition's day if it is known, the best proof first."""
        secret = self._store.secret()
        for address in event.returned_to:
            for newsletter in self._newsletters:
                if read := audience.read_bounce_address(secret, newsletter, address):
                    yield from self._known(read[1], newsletter, read[0].day)
        for token in event.tokens:
            if of := audience.read_token(secret, token):
                yield from self._known(of[0], of[1], event.day)
        if event.proven and event.subscriber_id:
            yield from self._known(event.subscriber_id, event.newsletter, event.day)
        if event.message_id:
            yield from (
                (reader, mail.key.day)
                for reader, mail in self._sent_to(event)
                if mail.message_id == event.message_id
            )
        if event.proven:
            newest = max(self._sent_to(event), key=lambda sent: sent[1].at, default=None)
            if newest is not None:
                yield newest[0], newest[1].key.day

    def _known(
        self, subscriber_id: str, newsletter: str, day: date | None
    ) -> Iterator[tuple[Subscriber, date | None]]:
        one = self._store.subscribers.get(subscriber_id)
        if one is not None and one.newsletter == newsletter:
            yield one, day

    def _sent_to(self, event: MailEvent) -> Iterator[tuple[Subscriber, Delivery]]:
        """What was sent to the addresses that the event names."""
        # Others write them, and not every character can be looked up.
        for address in filter(str.isprintable, event.recipients):
            for newsletter in self._newsletters:
                reader = self._store.subscribers.find(newsletter, address)
                if reader is not None:
                    yield from ((reader, row) for row in self._history(reader))

    def _history(self, reader: Subscriber) -> Iterator[Delivery]:
        rows = self._store.ledger.history(reader.newsletter, reader.id, limit=EDITIONS)
        return (row for row in rows if row.state in LEFT)

    def _day(self, reader: Subscriber, told: date | None) -> date | None:
        """The edition's day: as told if that was sent, else that of the newest mail."""
        days = [row.key.day for row in self._history(reader)]
        return told if told in days else next(iter(days), told)
