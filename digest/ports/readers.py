"""Subscribers, and what they and their servers said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from digest.model import MailEvent, Reason, Subscriber, Suppressed


class SubscriberStore(Protocol):
    def add(self, subscribers: Sequence[Subscriber]) -> int:
        """Add those whose address the newsletter does not have yet, and say how many that were.

        Who unsubscribed or is suppressed stays so. Who was unconfirmed is as if new. Who is there by a list
        alone, and is now said to have unsubscribed, has.
        """
        ...

    def active(self, newsletter: str, *, after: str = "", limit: int = 1000) -> Sequence[Subscriber]:
        """The next page of active subscribers by id, from the one behind *after*."""
        ...

    def find(self, newsletter: str, email: str) -> Subscriber | None: ...

    def get(self, subscriber_id: str) -> Subscriber | None: ...

    def all(self, newsletter: str) -> Iterator[Subscriber]: ...

    def counts(self, newsletter: str) -> Mapping[str, int]:
        """Subscribers by state."""
        ...

    def set_state(self, newsletter: str, email: str, state: str, *, at: datetime | None = None) -> bool:
        """False when there is no such subscriber. Who is suppressed and unsubscribes stays suppressed."""
        ...

    def unsubscribe(self, subscriber_id: str, *, at: datetime) -> None:
        """Nothing more for that subscriber; who is suppressed, or not there, stays so."""
        ...

    def invite(self, new: Subscriber, *, forget: datetime) -> Subscriber:
        """Put down *new*, who is unconfirmed, unless somebody has that address; and say who has it now.

        Who is unconfirmed there takes the new name and moment. Who is so since before *forget*, and never
        answered, is forgotten.
        """
        ...

    def confirm(self, subscriber_id: str, *, asked_at: datetime, at: datetime, consent: str) -> bool:
        """Make active who was asked *asked_at* to confirm, and say whether that subscriber is.

        Who is suppressed, or has unsubscribed since, is not.
        """
        ...

    def prefer(self, subscriber_id: str, *, name: str, plain: bool, tags: Sequence[str]) -> bool:
        """False when there is no such subscriber."""
        ...

    def plan_move(self, subscriber_id: str, email: str) -> bool:
        """Remember the address that is to take the place of the present one; the last one counts."""
        ...

    def move(self, subscriber_id: str, *, asked_at: datetime, at: datetime, consent: str) -> bool:
        """Let the remembered address take the other's place, and say whether it has.

        The old one stays behind as unsubscribed, so that no import brings it back. Nobody who is suppressed
        moves, and nobody moves to an address that is; nor does who has unsubscribed since *asked_at*, at
        either of them.
        """
        ...

    def ask(self, who: str, *, day: date, most: int) -> bool:
        """Count a mail that *who* is to get without being subscribed; False when it had *most* that day."""
        ...

    def unask(self, who: str, *, day: date) -> None:
        """Take back what ``ask`` counted: that mail did not leave."""
        ...


class SuppressionStore(Protocol):
    """Addresses that get nothing, whoever adds them."""

    def suppress(self, those: Iterable[Suppressed]) -> int:
        """Suppress them, and say for how many that is new, or the reason weightier than the one there was."""
        ...

    def lift(self, newsletter: str, email: str, *, even_complaint: bool = False, at: datetime) -> bool:
        """Take it back, and say whether there was anything to take back. Whose it is has to be added, or to
        sign up, anew. Who complained stays, unless that is meant."""
        ...

    def find(self, newsletter: str, email: str) -> Suppressed | None: ...

    def all(self, newsletter: str) -> Iterator[Suppressed]: ...


class Whose(NamedTuple):
    """The mail that an event is about."""

    newsletter: str
    subscriber: Subscriber
    #: Its edition's; None where nobody knows.
    day: date | None


class Facts(NamedTuple):
    """What is so after one more event."""

    #: Editions that did not reach the reader, since the moment that was asked for.
    bounced: int
    #: Readers of that edition whose addresses are unknown.
    unknown: int
    #: Mails of that edition that were taken, counted no further than *unknown*.
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
        """Keep it, note it beside the ledger's row, and suppress the reader if *decide* gives a reason; all
        or nothing. Nothing of this when it was told before, also by another process just now.

        Who unsubscribes by it is unsubscribed.
        """
        ...

    def use(self, source: str, token: str, post: str, *, at: datetime) -> Use:
        """Use the token for that *post*, and for no other: whether it is new says nothing of what it told."""
        ...

    def count(self, source: str, types: Mapping[str, int]) -> None:
        """So many more events of these types, which change nothing."""
        ...

    def counts(self) -> Mapping[tuple[str, str], int]:
        """How many events of which (source, kind or type)."""
        ...
