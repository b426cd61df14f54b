"""Subscribers, and what they and their servers said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from digest.model import MailEvent, Reason, Subscriber, Suppressed


class SubscriberStore(Protocol):
    def add(self, subscribers: Sequence[Subscriber]) -> int:
        """Add those whose address the newsletter does not have yet, and return how many there were.

        A subscriber who unsubscribed or is suppressed stays so, and one who was unconfirmed counts as new.
        One who came only from a list, and is now said to have unsubscribed, is unsubscribed.
        """
        ...

    def active(self, newsletter: str, *, after: str = "", limit: int = 1000) -> Sequence[Subscriber]:
        """The next page of active subscribers by id, beginning behind *after*."""
        ...

    def find(self, newsletter: str, email: str) -> Subscriber | None: ...

    def get(self, subscriber_id: str) -> Subscriber | None: ...

    def all(self, newsletter: str) -> Iterator[Subscriber]: ...

    def counts(self, newsletter: str) -> Mapping[str, int]:
        """Subscribers by state."""
        ...

    def set_state(self, newsletter: str, email: str, state: str, *, at: datetime | None = None) -> bool:
        """False if there is no such subscriber. One who is suppressed and unsubscribes stays suppressed."""
        ...

    def unsubscribe(self, subscriber_id: str, *, at: datetime) -> None:
        """Unsubscribe; does nothing to a subscriber who is suppressed, or does not exist."""
        ...

    def invite(self, new: Subscriber, *, forget: datetime) -> Subscriber:
        """Add *new*, who is unconfirmed, unless somebody has the address; and return who has it now.

        An unconfirmed subscriber with the address takes the new name and moment. Those who have been
        unconfirmed since before *forget*, and never answered, are deleted.
        """
        ...

    def confirm(self, subscriber_id: str, *, asked_at: datetime, at: datetime, consent: str) -> bool:
        """Activate a subscriber who was asked to confirm at *asked_at*, and return whether they are active.

        One who is suppressed, or has unsubscribed since, is not.
        """
        ...

    def prefer(self, subscriber_id: str, *, name: str, plain: bool, tags: Sequence[str]) -> bool:
        """False when there is no such subscriber."""
        ...

    def plan_move(self, subscriber_id: str, email: str) -> bool:
        """Remember the address that is to replace the present one; the last one counts."""
        ...

    def move(self, subscriber_id: str, *, asked_at: datetime, at: datetime, consent: str) -> bool:
        """Replace the present address by the remembered one, and return whether that was done.

        The old address is kept as unsubscribed, so that no import brings it back. It is not done if either
        address is suppressed, or was unsubscribed after *asked_at*.
        """
        ...

    def ask(self, who: str, *, day: date, most: int) -> bool:
        """Count a mail to *who*, who need not be subscribed; False if there were *most* of them that day."""
        ...

    def unask(self, who: str, *, day: date) -> None:
        """Take back what ``ask`` counted: that mail did not leave."""
        ...


class SuppressionStore(Protocol):
    """Addresses that get nothing, whoever adds them."""

    def suppress(self, those: Iterable[Suppressed]) -> int:
        """Suppress them; return for how many that is new, or the reason weightier than the one before."""
        ...

    def lift(self, newsletter: str, email: str, *, even_complaint: bool = False, at: datetime) -> bool:
        """Take a suppression back, and return whether there was one. The reader then has to be added, or to
        sign up, again. A complaint is only taken back with *even_complaint*."""
        ...

    def find(self, newsletter: str, email: str) -> Suppressed | None: ...

    def all(self, newsletter: str) -> Iterator[Suppressed]: ...


class Whose(NamedTuple):
    """The mail that an event is about."""

    newsletter: str
    subscriber: Subscriber
    #: Its edition's; None if that is not known.
    day: date | None


#: So many mails of an edition have to be taken for each reader of it who is unknown, or nobody is believed
#: who calls readers unknown. Few lists have as many dead addresses, and large providers have called all of
#: theirs unknown for hours.
TAKEN_FOR_EACH = 10


class Facts(NamedTuple):
    """What is known after one more event."""

    #: Editions that did not reach the reader, since the moment that was asked for.
    bounced: int
    #: Readers of that edition whose addresses are unknown.
    unknown: int
    #: Mails of that edition that were taken, counted no further than ``TAKEN_FOR_EACH`` of them.
    taken: int


class Taken(NamedTuple):
    #: It was not told before.
    new: bool
    reason: Reason | None


class Use(StrEnum):
    """What a token is that is good for one post."""

    NEW = "new"
    #: It was used for the same post, of which nobody knows whether it was taken.
    SAME = "same"
    #: It was used for another.
    SPENT = "spent"


class EventStore(Protocol):
    """What came back, each event once."""

    def take(
        self,
        event: MailEvent,
        whose: Whose,
        *,
        at: datetime,
        since: datetime,
        decide: Callable[[Facts], Reason | None],
    ) -> Taken:
        """Keep the event, note it beside the ledger's row, and suppress the reader if *decide* gives a
        reason; all or nothing. Does nothing if it was reported before, even by another process just now.

        If the event is an unsubscription, the reader is unsubscribed.
        """
        ...

    def use(self, source: str, token: str, post: str, *, at: datetime) -> Use:
        """Use the token for that *post*, and for no other; return what it had been used for before."""
        ...

    def count(self, source: str, types: Mapping[str, int]) -> None:
        """Count so many more events of these types, which change nothing."""
        ...

    def counts(self) -> Mapping[tuple[str, str], int]:
        """How many events of which (source, kind or type)."""
        ...
