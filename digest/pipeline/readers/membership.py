"""What readers can do themselves: sign up, change what they get, and leave.

::

    sign_up     address | letter            this alone subscribes nobody
    confirm     the letter's token          now they are, or have another address
    leave       a mail's token              at once, whoever has the token
    prefer      a mail's token, wishes      at once; other newsletters and addresses by letter

A token is a mail's own and shows that whoever has it had that mail. It may have been forwarded: what it does
can be undone, and what it does to another address waits for a letter's answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from digest import audience
from digest.addresses import addresses
from digest.model import Letter, Subscriber
from digest.pipeline.readers.correspondence import Contents, Correspondence, Posted, Stationery
from digest.ports import Store
from digest.settings import Newsletter
from digest.words.text import clean

#: How long a letter's link is valid; the letters say so.
GOOD_FOR = timedelta(days=7)
#: How long an address is kept whose letter nobody answers.
FORGOTTEN = timedelta(days=30)
#: Characters of a reader's name.
LONGEST_NAME = 100
#: What no name contains, but what somebody types who wants our mails to carry their words.
_NO_NAME = ("@", "/", "www.", "http")


class Answer(StrEnum):
    """What a reader is told."""

    SENT = "sent"
    CONFIRMED = "confirmed"
    MOVED = "moved"
    UNSUBSCRIBED = "unsubscribed"
    SAVED = "saved"
    ASKED = "asked"
    EXPIRED = "expired"
    BROKEN = "broken"
    TOO_MANY = "too_many"
    UNAVAILABLE = "unavailable"


class Question(StrEnum):
    """What a letter's link asks before anything is done."""

    CONFIRM = "confirm"
    MOVE = "move"


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    tag: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Another newsletter of the project."""

    key: str
    title: str
    tagline: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a reader gets, and may change."""

    #: Masked: whoever has the link knows the address, or should not.
    address: str
    name: str
    plain: bool
    active: bool
    topics: tuple[Topic, ...]
    others: tuple[Other, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a reader chose on the card."""

    name: str = field(default="", repr=False)
    plain: bool = False
    topics: frozenset[str] = frozenset()
    #: Keys of other newsletters: those that were chosen when the card was shown, and those chosen now.
    had: frozenset[str] = frozenset()
    newsletters: frozenset[str] = frozenset()
    #: A new address, or "".
    email: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks, and when."""

    #: An IPv4 address, or the /64 of an IPv6 one.
    network: str = field(repr=False)
    at: datetime


class Membership:
    """Membership, through ports only. Threads may share one.

    Each method raises StoreError or RenderError if it failed, and then nothing was changed.
    """

    def __init__(
        self, store: Store, correspondence: Correspondence, stationeries: Mapping[str, Stationery]
    ) -> None:
        self._store = store
        self._correspondence = correspondence
        #: Of the newsletters whose lists are ours and that have pages, by key.
        self._stationeries = stationeries

    # --- to get it --------------------------------------------------------------------------------

    def sign_up(self, newsletter: Newsletter, email: str, name: str, asker: Asker) -> Answer:
        """Raises ValueError: That is no address."""
        address = audience.read_address(email)
        return _told(self._invite(newsletter, address, name, asker))

    def ask_again(self, newsletter: Newsletter, token: str, asker: Asker) -> Answer:
        """For a reader who left by mistake. That takes a letter, too: somebody else may have the mail."""
        if (reader_id := self._reader_id(newsletter, token)) is None:
            return Answer.BROKEN
        one = self._store.subscribers.get(reader_id)
        if one is None:
            on = self._stationeries[newsletter.key]
            nobody = f"{reader_id}@{newsletter.key}.invalid"
            posted = self._correspondence.write(on, nobody, lambda: None, network=asker.network, at=asker.at)
        else:
            posted = self._invite(newsletter, one.email, one.name, asker)
        return _told(posted)

    def question(self, newsletter: Newsletter, token: str, at: datetime) -> Question | Answer:
        """What a letter's link asks; an answer if there is nothing left to ask."""
        found = self._found(newsletter, token, at)
        if isinstance(found, Answer):
            return found
        question, one, asked_at = found
        if one.state == "suppressed" or one.has_left_since(asked_at):
            return Answer.EXPIRED
        if question is Question.CONFIRM and one.state == "active":
            return Answer.CONFIRMED
        return question

    def confirm(self, newsletter: Newsletter, token: str, at: datetime) -> Answer:
        """Do what the letter asked. Doing it twice changes nothing."""
        found = self._found(newsletter, token, at)
        if isinstance(found, Answer):
            return found
        question, one, asked_at = found
        consent = f"by the link in a letter to the address, asked for at {asked_at:%Y-%m-%d %H:%M} UTC"
        if question is Question.MOVE:
            done = self._store.subscribers.move(one.id, asked_at=asked_at, at=at, consent=consent)
            return Answer.MOVED if done else Answer.EXPIRED
        done = self._store.subscribers.confirm(one.id, asked_at=asked_at, at=at, consent=consent)
        return Answer.CONFIRMED if done else Answer.EXPIRED

    def _found(
        self, newsletter: Newsletter, token: str, at: datetime
    ) -> tuple[Question, Subscriber, datetime] | Answer:
        secret = self._store.secret()
        said = audience.read_confirmation(secret, token)
        if said is None or said.newsletter != newsletter.key:
            return Answer.BROKEN
        one = self._store.subscribers.get(said.subscriber_id)
        if one is None or at - said.asked_at > GOOD_FOR:
            return Answer.EXPIRED
        if said.address == audience.address_mark(secret, one.email):
            return Question.CONFIRM, one, said.asked_at
        if one.moving_to and said.address == audience.address_mark(secret, one.moving_to):
            return Question.MOVE, one, said.asked_at
        return Answer.EXPIRED

    def _invite(self, newsletter: Newsletter, email: str, name: str, asker: Asker) -> Posted:
        on = self._stationeries[newsletter.key]
        return self._correspondence.write(
            on,
            email,
            lambda: self._invitation(newsletter, email, read_name(name), asker.at),
            network=asker.network,
            at=asker.at,
        )

    def _invitation(self, newsletter: Newsletter, email: str, name: str, at: datetime) -> Contents:
        new = Subscriber(
            id=audience.new_id(),
            newsletter=newsletter.key,
            email=email,
            name=name,
            state="unconfirmed",
            added_at=at,
        )
        one = self._store.subscribers.invite(new, forget=at - FORGOTTEN)
        if one.state == "suppressed":
            return None
        own, secret = addresses(newsletter), self._store.secret()
        if one.state == "active":
            return Letter.KNOWN, own.preferences(audience.unsubscribe_token(secret, one.id, newsletter.key))
        token = audience.confirmation_token(secret, one.id, newsletter.key, one.email, asked_at=at)
        return Letter.CONFIRM, own.confirm(token)

    # --- to leave, or to have it otherwise ----------------------------------------------------------

    def leave(self, newsletter: Newsletter, token: str, at: datetime) -> Answer:
        """Unsubscribe; every genuine token gets the same answer, whoever it stands for."""
        reader_id = self._reader_id(newsletter, token)
        if reader_id is None:
            return Answer.BROKEN
        one = self._store.subscribers.get(reader_id)
        if one is not None and one.state in ("active", "unconfirmed"):
            self._store.subscribers.unsubscribe(one.id, at=at)
        return Answer.UNSUBSCRIBED

    def is_genuine(self, newsletter: Newsletter, token: str) -> bool:
        """Whether a mail of that newsletter had the token."""
        return self._reader_id(newsletter, token) is not None

    def card(self, newsletter: Newsletter, token: str) -> Card | Answer:
        one = self._reader(newsletter, token)
        if isinstance(one, Answer):
            return one
        return Card(
            address=audience.mask(one.email),
            name=one.name,
            plain=one.plain,
            active=one.state == "active",
            topics=tuple(
                Topic(tag=tag, words=words, chosen=tag in one.tags)
                for tag, words in newsletter.topics.items()
            ),
            others=tuple(
                Other(
                    key=other.key,
                    title=other.title,
                    tagline=other.tagline,
                    chosen=self._active_at(other, one.email) is not None,
                )
                for other in self._others(newsletter)
            ),
        )

    def prefer(self, newsletter: Newsletter, token: str, wishes: Wishes, asker: Asker) -> Answer:
        """Changes that need a letter come first: if it cannot be sent, nothing is changed.

        Raises:
            ValueError: The new address is not valid.
        """
        one = self._reader(newsletter, token)
        if isinstance(one, Answer):
            return one
        email = audience.read_address(wishes.email) if wishes.email.strip() else ""
        letters = 0
        if email and audience.address_key(email) != audience.address_key(one.email):
            if (posted := self._ask_to_move(newsletter, one, email, asker)) is not Posted.DONE:
                return _told(posted)
            letters += 1
        for other in self._others(newsletter):
            theirs = self._active_at(other, one.email)
            if theirs is None and other.key in wishes.newsletters:
                if (posted := self._invite(other, one.email, one.name, asker)) is not Posted.DONE:
                    return _told(posted)
                letters += 1
            elif theirs is not None and other.key in wishes.had - wishes.newsletters:
                self._store.subscribers.unsubscribe(theirs.id, at=asker.at)
        kept = [tag for tag in one.tags if tag not in newsletter.topics]
        chosen = [tag for tag in newsletter.topics if tag in wishes.topics]
        name = read_name(wishes.name)
        self._store.subscribers.prefer(one.id, name=name, plain=wishes.plain, tags=[*kept, *chosen])
        return Answer.ASKED if letters else Answer.SAVED

    def _ask_to_move(self, newsletter: Newsletter, one: Subscriber, email: str, asker: Asker) -> Posted:
        def contents() -> Contents:
            self._store.subscribers.plan_move(one.id, email)
            if self._store.suppressions.find(newsletter.key, email) is not None:
                return None
            secret = self._store.secret()
            token = audience.confirmation_token(secret, one.id, newsletter.key, email, asked_at=asker.at)
            return Letter.MOVE, addresses(newsletter).confirm(token)

        on = self._stationeries[newsletter.key]
        return self._correspondence.write(on, email, contents, network=asker.network, at=asker.at)

    def _others(self, newsletter: Newsletter) -> Sequence[Newsletter]:
        known = (on.newsletter for on in self._stationeries.values())
        return [other for other in known if other.offered and other.key != newsletter.key]

    def _active_at(self, newsletter: Newsletter, email: str) -> Subscriber | None:
        one = self._store.subscribers.find(newsletter.key, email)
        return one if one is not None and one.state == "active" else None

    def _reader(self, newsletter: Newsletter, token: str) -> Subscriber | Answer:
        if (reader_id := self._reader_id(newsletter, token)) is None:
            return Answer.BROKEN
        return self._store.subscribers.get(reader_id) or Answer.EXPIRED

    def _reader_id(self, newsletter: Newsletter, token: str) -> str | None:
        said = audience.read_token(self._store.secret(), token)
        return said[0] if said is not None and said[1] == newsletter.key else None


def read_name(text: str) -> str:
    """A name as it may appear in a mail's To; "" if it is not one."""
    name = clean(text)[:LONGEST_NAME].strip()
    return "" if any(mark in name.lower() for mark in _NO_NAME) else name


def _told(posted: Posted) -> Answer:
    return {
        Posted.DONE: Answer.SENT,
        Posted.TOO_MANY: Answer.TOO_MANY,
        Posted.LATER: Answer.UNAVAILABLE,
    }[posted]
