"""What is kept of feeds and editions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol

from digest.model import Approval, Article, EditionKey, EditionRecord, FeedState, Window


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
        """Save both or neither, and return how many articles were new.

        A known article gets the new words, but keeps ``first_seen`` and ``backlog``.
        """
        ...

    def articles(self, feed_urls: Sequence[str], window: Window) -> Sequence[Article]:
        """Those whose ``when`` is in the window as their feeds have them, newest first, then by id."""
        ...

    def read(self, articles: Sequence[tuple[Article, Article]]) -> None:
        """Save what reading gave: pairs of a known article as its feed has it, and as its page tells it."""
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
        """The newest editions of earlier days that went to the list, newest first.

        Of each at least one mail was sent.
        """
        ...

    def get(self, key: EditionKey) -> EditionRecord | None: ...

    def save(self, record: EditionRecord) -> None:
        """Insert or replace; an approval that was given meanwhile is kept."""
        ...

    def number(self, key: EditionKey) -> int:
        """The edition's number: one more than the highest of those that were sent, and 1 at first.

        It stays once a mail of it was sent; that of a draft grows when another edition goes out with it.
        """
        ...

    def approve(self, key: EditionKey, approval: Approval) -> None: ...

    def begin(self, key: EditionKey, *, at: datetime) -> bool:
        """Note that its sending to the list begins; the time of the first begin is kept.

        Returns whether this is the first.
        """
        ...

    def take_back(self, key: EditionKey, *, gone: int) -> None:
        """Note that it has not begun after all, unless more than *gone* mails have left or are about to."""
        ...

    def begun(self, key: EditionKey) -> datetime | None:
        """When its sending to the list began; None while at most single readers have it."""
        ...

    def sent_targets(self, newsletter: str, *, since: date, before: date) -> frozenset[str]:
        """Canonical addresses that dig-deeper links of the editions of these days led to."""
        ...

    def link(self, key: EditionKey, targets: Iterable[str]) -> None:
        """Remember an edition's dig-deeper targets, in place of those it had."""
        ...
