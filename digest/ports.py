"""What the pipeline needs from outside: small interfaces that adapters fulfil.

Every moment is an aware UTC ``datetime`` that the caller names; no adapter reads a clock for one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple, Protocol

from digest.errors import FetchError, SummaryError
from digest.model import (
    Approval,
    Article,
    Campaign,
    Content,
    Correction,
    Delivery,
    Duty,
    EditionKey,
    EditionRecord,
    FeedState,
    Fetched,
    Mail,
    MailEvent,
    Notice,
    NoticeKind,
    Reason,
    Receipt,
    Remote,
    Request,
    Run,
    Stage,
    State,
    Story,
    Subscriber,
    Summary,
    Suppressed,
    Tally,
    Unchanged,
    Watch,
    Window,
)
from digest.settings import Newsletter


class Step(NamedTuple):
    """Something happened in a stage: *done* of *total*; *words* are empty when there is nothing to say."""

    stage: str
    done: int
    total: int
    words: str = ""


#: Told of each step as it happens: a progress bar, plain lines, or nobody.
Progress = Callable[[Step], None]


class Fetcher(Protocol):
    def fetch(
        self, requests: Sequence[Request], *, at: datetime
    ) -> Iterator[tuple[Request, Fetched | Unchanged | FetchError]]:
        """Every request with its answer, in the order in which they come in.

        A failure is an answer, never an exception: one address cannot spoil another.
        """
        ...


class Summarizer(Protocol):
    name: str

    def summarize(
        self, stories: Sequence[Story], *, words: int, at: datetime
    ) -> Iterator[Summary | SummaryError]:
        """An answer for each story, in order: a summary of about *words* words, or why there is none.

        A story that cannot be told is an answer, never an exception: the next summarizer is asked for it.
        """
        ...


class Answers(Protocol):
    """What a language model once answered, so that it is not asked the same again."""

    def get(self, key: str) -> str | None: ...

    def put(self, key: str, text: str, *, at: datetime) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a provider's API can do, as its documents say; settings are checked against it."""

    #: "message": we hold the list, and hand over a mail for each. "campaign": the provider holds the list.
    kind: Literal["message", "campaign"]
    #: Mails in one request; for a campaign 1.
    batch_max: int = 1
    #: Bytes of one request.
    bytes_max: int
    #: A request has the edition once, and for each mail only what is its own.
    shares_content: bool = False
    #: How long a repeated request is known by its key, and not carried out twice; 0: it is not known.
    idempotency: timedelta = timedelta()
    #: A request may be taken for some of its mails only, and says for which.
    partial_results: bool = False
    #: The provider can put in an unsubscribe link and header fields of its own.
    native_unsubscribe: bool = False
    #: How far ahead it can be told to send; 0: it cannot.
    schedule: timedelta = timedelta()
    #: Requests a second that its documents allow; 0: they name no number.
    rate: float = 0.0
    #: A campaign's text part is ours; otherwise the provider makes one of the HTML.
    own_text: bool = True
    #: What opens its placeholders, as documents show it; neutralised in an edition's text.
    placeholders: tuple[str, ...] = ()


class Sender(Protocol):
    name: str
    #: How many mails are claimed together: those, and what is under way, may be in doubt after a crash.
    batch: int

    def send(self, mails: Iterable[Mail]) -> Iterator[Receipt]:
        """A receipt for each mail, in order, as soon as it is known. A refusal is a receipt.

        *mails* are claimed while they are asked for, in the caller's thread: no more than can be sent soon.

        Raises:
            SendError: Nothing can be sent now; mails without a receipt have not left.
        """
        ...

    def check(self) -> str:
        """Do all but the sending (connect, log in), and say what was found.

        Raises:
            SendError: Nothing could be sent now.
        """
        ...


class CampaignSender(Protocol):
    """Hands an edition to a provider that holds the list: a draft first, which is then launched.

    A draft reaches nobody, and a campaign is launched once, however often that is asked for. So an answer
    that got lost costs a look, and no reader gets two.
    """

    name: str

    def look(self, key: EditionKey, *, remote_id: str = "") -> Remote | None:
        """The edition's campaign at the provider, by its id there where that is known; None: there is none.

        Raises:
            SendError: The provider does not say.
        """
        ...

    def draft(self, campaign: Campaign, remote: Remote | None) -> Remote:
        """Make the draft; or make *remote*, which is one, say what *campaign* says.

        Raises:
            SendError: There is no such draft now, and nothing was launched.
        """
        ...

    def test(self, campaign: Campaign, remote: Remote, addresses: Sequence[str]) -> None:
        """Send what *remote* would send to these addresses, and to nobody else.

        Raises:
            SendError: Not everyone will get it.
        """
        ...

    def launch(self, campaign: Campaign, remote: Remote) -> Remote:
        """Let the provider send the draft, now or at the campaign's hour. ``UNKNOWN``: it may, or may not.

        Raises:
            SendError: It was certainly not launched.
        """
        ...

    def check(self) -> str:
        """Ask whether the key is taken, and say what was found.

        Raises:
            SendError: Nothing could be sent now.
        """
        ...


class Known(NamedTuple):
    """What the store knows of a feed's articles: id by canonical address, and all ids."""

    ids: frozenset[str]
    by_url: Mapping[str, str]


class FeedStore(Protocol):
    """Feeds' states and their articles."""

    def states(self, urls: Sequence[str]) -> Mapping[str, FeedState]:
        """The states of those feeds that have one, by address."""
        ...

    def known(self, feed_url: str) -> Known: ...

    def keep(self, state: FeedState, articles: Sequence[Article]) -> int:
        """Save both or neither, and say how many articles were new.

        A known article takes the new words, but keeps ``first_seen`` and ``backlog``.
        """
        ...

    def articles(self, feed_urls: Sequence[str], window: Window) -> Sequence[Article]:
        """Those whose ``when`` is in the window as their feeds have them, newest first, then by id."""
        ...

    def read(self, articles: Sequence[tuple[Article, Article]]) -> None:
        """Save what reading gave: known articles as their feeds have them, and after reading their pages."""
        ...

    def find(self, ids: Collection[str]) -> Mapping[str, tuple[Article, Article]]:
        """Those with these ids, by id: as their feeds have them now, and as their pages were last read."""
        ...

    def pages(self, articles: Sequence[Article]) -> Mapping[str, Article]:
        """Those of *articles* whose pages were read, by id, with what reading gave.

        A page that was read under another title or description is not the article's any more.
        """
        ...


class EditionStore(Protocol):
    def recent(self, newsletter: str, *, before: date, limit: int) -> Sequence[EditionRecord]:
        """The newest editions of earlier days of which at least one mail was sent, newest first."""
        ...

    def get(self, key: EditionKey) -> EditionRecord | None: ...

    def save(self, record: EditionRecord) -> None:
        """Insert or replace."""
        ...

    def next_number(self, newsletter: str) -> int:
        """One more than the highest number of an edition that was sent; 1 at first."""
        ...

    def approve(self, key: EditionKey, approval: Approval) -> None: ...

    def sent_targets(self, newsletter: str, *, since: date) -> frozenset[str]:
        """Canonical addresses that dig-deeper links of editions since that day led to."""
        ...

    def link(self, key: EditionKey, targets: Iterable[str]) -> None:
        """Remember the dig-deeper targets of an edition, in place of those it had."""
        ...


#: What may be claimed unless an operator says more: an unsure mail may have been read.
DUE = (State.PENDING, State.DEFERRED)


class Due(NamedTuple):
    """Someone whose mail is to be sent."""

    subscriber: Subscriber
    #: What an earlier try had; "" when there was none.
    message_id: str = ""


class Ledger(Protocol):
    """One row for each (edition, subscriber): said before it is done.

    A row is pending, then sending, then what its receipt says; nothing that breaks takes it out, so all
    states together are always the edition's list.
    """

    def owned(self) -> AbstractContextManager[str]:
        """A new name for whoever claims, alive until the block ends or the process does, however it does.

        What is still claimed under a name that is dead is unsure; what is under a living one is left alone.
        """
        ...

    def enrol(self, key: EditionKey, *, at: datetime) -> None:
        """Put on the edition's list every active subscriber who is not on it."""
        ...

    def withdraw(self, key: EditionKey) -> None:
        """Take off it who is not active any more and was sent nothing."""
        ...

    def due(self, key: EditionKey, *states: State, after: str = "", limit: int) -> Sequence[Due]:
        """The next page of active subscribers in these states, by id, from the one behind *after*."""
        ...

    def claim(
        self,
        key: EditionKey,
        mails: Sequence[tuple[str, str]],
        *,
        sha256: str,
        at: datetime,
        owner: str = "",
        of: Collection[State] = DUE,
    ) -> frozenset[str]:
        """Claim (subscriber id, message id) pairs and say which of these subscribers are now ours.

        Durable when it returns, and atomic between processes: a row in any state but *of* is not ours.
        Who is not on the list comes on it. A claim of no *owner* is nobody's when the call returns.
        """
        ...

    def record(self, key: EditionKey, receipts: Iterable[Receipt], *, at: datetime) -> None: ...

    def release(self, key: EditionKey, subscriber_ids: Iterable[str], *, to: State = State.PENDING) -> None:
        """Give back claims of mails that certainly have not left."""
        ...

    def mark_unsure(self, key: EditionKey, *, at: datetime) -> int:
        """Say of the claims of the dead that they are unsure, and how many those were."""
        ...

    def note(self, key: EditionKey, subscriber_id: str, *, remote_id: str) -> None:
        """Keep what the provider calls a claimed mail, before it is told to send it."""
        ...

    def get(self, key: EditionKey, subscriber_id: str) -> Delivery | None:
        """That row, if it is on the edition's list."""
        ...

    def tally(self, key: EditionKey) -> Tally: ...

    def contents(self, key: EditionKey) -> frozenset[str]:
        """SHA-256 of each content of the edition that somebody was sent, or may have been."""
        ...

    def history(self, newsletter: str, subscriber_id: str, *, limit: int) -> Sequence[Delivery]:
        """What one subscriber's mails of the newest *limit* editions came to, newest first."""
        ...

    def returned(self, key: EditionKey) -> Mapping[str, int]:
        """How many mails of the edition came back, by ``EventKind``."""
        ...

    def deliveries(
        self, key: EditionKey, *states: State, after: str = "", limit: int | None = None
    ) -> Sequence[Delivery]:
        """Rows in these states (all without any), by subscriber id, from the one behind *after*."""
        ...


class ArchiveStore(Protocol):
    """What was sent, and what was corrected since."""

    def keep(self, content: Content) -> None:
        """Before its first mail leaves; nothing when that content of that edition is kept."""
        ...

    def sent(self, newsletter: str) -> Mapping[date, tuple[str, datetime]]:
        """The days whose edition somebody was sent, the newest first.

        Each with the SHA-256 of the content that most readers have, and when the edition was first sent.
        """
        ...

    def content(self, key: EditionKey, sha256: str) -> Content | None: ...

    def correct(self, correction: Correction) -> bool:
        """False when that edition has it already; it then gets the other replaced words, if there are any."""
        ...

    def corrections(self, newsletter: str) -> Sequence[Correction]:
        """All of its editions, the oldest first."""
        ...

    def tell(self, corrections: Iterable[Correction], *, on: date) -> None:
        """Remember that the draft of the edition of that day was given them."""
        ...


class SubscriberStore(Protocol):
    def add(self, subscribers: Sequence[Subscriber]) -> int:
        """Add those whose address the newsletter does not have yet, and say how many that were.

        Who unsubscribed or is suppressed stays so. Who was unconfirmed is as if new.
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

    def move(self, subscriber_id: str, *, at: datetime, consent: str) -> bool:
        """Let the remembered address take the other's place, and say whether it has.

        The old one stays behind as unsubscribed, so that no import brings it back. Nobody who is suppressed
        moves, and nobody moves to an address that is.
        """
        ...

    def ask(self, who: str, *, day: date, most: int) -> bool:
        """Count a mail that *who* is to get without being subscribed; False when it had *most* that day."""
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

    def use(self, source: str, token: str, *, at: datetime) -> bool:
        """Whether that token was used for the first time."""
        ...

    def count(self, source: str, types: Mapping[str, int]) -> None:
        """So many more events of these types, which change nothing."""
        ...

    def counts(self) -> Mapping[tuple[str, str], int]:
        """How many events of which (source, kind or type)."""
        ...


class Journal(Protocol):
    def note(self, run: Run) -> None: ...

    def latest(self, newsletter: str, *, limit: int = 10) -> Sequence[Run]:
        """The last runs, newest first."""
        ...


class Roster(Protocol):
    """Who is at what: one row for each (newsletter, day, stage), which one process at a time may hold."""

    def owned(self) -> AbstractContextManager[str]:
        """As ``Ledger.owned``: a name that is alive until the block ends, or its process does."""
        ...

    def take(self, key: EditionKey, stage: Stage, *, owner: str, at: datetime) -> Duty | None:
        """Ours from now on, unsettled and with one more try, and how it stood before; None while a living one
        is at it.

        Atomic between processes. What the dead were at is free; whether it was settled is not asked.
        """
        ...

    def leave(self, duty: Duty, *, owner: str) -> None:
        """Write down how it stands; nothing where *owner* does not have it any more."""
        ...

    def duties(self, newsletter: str, *, since: date) -> Sequence[Duty]:
        """Those of that day and later, by day and stage."""
        ...

    def watch(self, newsletter: str, *, at: datetime, anew: bool = False) -> Watch:
        """Note that the newsletter is minded now, and say how that was noted last; both are *at* at first,
        and where it is to begin *anew*."""
        ...


class Teller(Protocol):
    """One way to the editors: their mailboxes, a chat."""

    name: str

    def tell(self, notice: Notice, newsletter: Newsletter) -> None:
        """Say it to them, all of it or as much as fits.

        Raises:
            NoticeError: Nobody was reached.
        """
        ...


class NoticeStore(Protocol):
    """Which notices were told, so that none is told twice."""

    def claim(self, notice: Notice) -> bool:
        """True the first time that a notice of this (newsletter, day, kind, about) is to be told.

        Durable when it returns, and atomic between processes. A claim that was neither settled nor released
        is free again after some minutes, as its process is gone: a notice told twice is better than none.
        """
        ...

    def settle(self, notice: Notice) -> None:
        """It was told; it will never be again."""
        ...

    def release(self, notice: Notice, *, why: str = "") -> None:
        """It could not be told: whoever claims it next may try again."""
        ...

    def untold(self, newsletter: str) -> Sequence[Untold]:
        """Those that were claimed and not told so far, the newest first."""
        ...


class Untold(NamedTuple):
    """A notice that nobody was told."""

    kind: NoticeKind
    day: date | None
    headline: str
    at: datetime
    #: Why not; "" when its process ended before it could say so, or is at it.
    why: str


class Store(Protocol):
    """Everything that is kept. Each method is one transaction and raises ``StoreError``."""

    @property
    def feeds(self) -> FeedStore: ...
    @property
    def editions(self) -> EditionStore: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def archive(self) -> ArchiveStore: ...
    @property
    def subscribers(self) -> SubscriberStore: ...
    @property
    def suppressions(self) -> SuppressionStore: ...
    @property
    def events(self) -> EventStore: ...
    @property
    def journal(self) -> Journal: ...
    @property
    def roster(self) -> Roster: ...
    @property
    def notices(self) -> NoticeStore: ...
    @property
    def answers(self) -> Answers: ...

    def prune(self, *, before: datetime) -> int:
        """Forget what nobody needs of the time *before*, and say of how many articles and answers that was.

        Articles stay known by their ids, as a feed may still have them; their texts and pages go, and so do
        the journal, duties, notices and what language models answered. Editions, the ledger and all that is
        about subscribers stay.
        """
        ...

    def secret(self) -> bytes:
        """32 random bytes, made once: the key of the project's tokens."""
        ...

    def close(self) -> None: ...


class EditionFiles(Protocol):
    """The editors' files, one an edition."""

    def path(self, key: EditionKey) -> str:
        """What messages call the file."""
        ...

    def read(self, key: EditionKey) -> str | None:
        """The file's text, or None where there is none.

        Raises:
            EditionError: It is not UTF-8, or too large.
        """
        ...

    def write(self, key: EditionKey, text: str, *, over: str | None) -> bool:
        """Put *text* in place of *over*, what ``read`` gave; all of it or nothing.

        False when the file is another one by now: nothing is written, and nobody's save is lost.
        """
        ...

    def gone_out(self, key: EditionKey) -> int | None:
        """How many of its mails had gone out when that was last noted; None where it never was.

        This lies beside the file and not in the database, so that it outlives a database that is restored.
        """
        ...

    def note_gone_out(self, key: EditionKey, count: int, *, at: datetime) -> None: ...
