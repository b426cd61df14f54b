"""What a build knew and heard, recorded so that it can be made again without network.

::

    build     knows, hears, is told        -> Tape + Premises + Heard… + Said…
    replay    Reel (all of it together)    -> the same edition

What a publisher said is kept by its SHA-256; of a request only the address is kept: no header, and so
no credential.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from digest.errors import FetchError
from digest.model import Article, EditionKey, FeedState, Fetched, Provenance, Summary, Unchanged, Window

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")
Answer = Fetched | Unchanged | FetchError

#: What parsing and extraction look at; nothing else of an answer's head is kept, cookies least of all.
HEADERS = ("content-type", "etag", "last-modified")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tape:
    """A run that was recorded."""

    id: int
    key: EditionKey
    #: "build", or what else asked feeds, as between builds.
    stage: str
    #: The run's own moment.
    at: datetime
    #: How it ended: the exit code and the line that was printed with it; None while it runs, or was cut off.
    code: int | None = None
    words: str = ""
    #: SHA-256 (hex) of the edition as the machine wrote it; "" when it wrote none.
    composed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A request of a run, and what came of it."""

    url: str
    outcome: Literal["fetched", "unchanged", "failed"]
    at: datetime
    final_url: str = ""
    moved_to: str = ""
    #: Those of ``HEADERS`` that there were.
    headers: Mapping[str, str] = field(default_factory=dict)
    #: Of the body; "" when there was none.
    sha256: str = ""
    #: Of a failure.
    reason: str = ""
    status: int | None = None
    retry_after: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a language model made of a story: a summary, or the reason why there is none."""

    #: The id of its lead.
    story: str
    summary: Summary | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastEdition:
    """An edition that was sent before, as its editors had left it then."""

    day: date
    number: int
    window: Window
    text: str = field(repr=False)
    provenance: Mapping[str, Provenance] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """What a build found in the project before it asked anybody; the articles it knew are the store's."""

    #: The newsletter's part of ``schedules.toml``, without sender and credentials.
    settings: str = field(repr=False)
    #: What the names stood for that these settings take from the environment.
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    #: Of the program and of the libraries that an edition's words depend on.
    versions: Mapping[str, str] = field(default_factory=dict)
    #: The edition's own number.
    number: int
    states: tuple[FeedState, ...] = ()
    past: tuple[PastEdition, ...] = ()
    #: Where dig-deeper links of late led.
    targets: tuple[str, ...] = ()
    #: Corrections of earlier editions, in the words that the draft was given.
    corrections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """An article as the store had it."""

    article: Article
    #: What it was when its page was read, and what reading gave; None while nobody had read it.
    page: tuple[Article, Article] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reel:
    """A tape with everything that belongs to it: given this again, a build makes the same edition."""

    tape: Tape
    premises: Premises
    remembered: Sequence[Remembered] = field(repr=False)
    heard: Sequence[Heard] = field(repr=False)
    said: Sequence[Said] = field(default=(), repr=False)
    #: By SHA-256.
    bodies: Mapping[str, bytes] = field(repr=False)
    #: The edition as the machine wrote it then; "" when it wrote none.
    composed: str = field(default="", repr=False)


def heard(url: str, answer: Answer, at: datetime) -> Heard:
    """What is kept of *answer*, the body aside."""
    match answer:
        case Fetched():
            kept = {name: answer.headers[name] for name in HEADERS if name in answer.headers}
            return Heard(
                url=url,
                outcome="fetched",
                at=at,
                final_url=answer.final_url,
                moved_to=answer.moved_to,
                headers=kept,
                sha256=answer.body_sha256,
            )
        case Unchanged():
            kept = {"etag": answer.etag, "last-modified": answer.last_modified}
            headers = {name: value for name, value in kept.items() if value}
            return Heard(url=url, outcome="unchanged", at=at, moved_to=answer.moved_to, headers=headers)
    return Heard(
        url=url,
        outcome="failed",
        at=at,
        final_url=answer.url,
        reason=answer.reason,
        status=answer.status,
        retry_after=answer.retry_after,
    )


def answer_of(one: Heard, bodies: Mapping[str, bytes]) -> Answer:
    """The answer again.

    Raises:
        KeyError: Its body is not among *bodies*.
    """
    if one.outcome == "fetched":
        return Fetched(
            url=one.url,
            final_url=one.final_url,
            moved_to=one.moved_to,
            headers=dict(one.headers),
            body=bodies[one.sha256],
            body_sha256=one.sha256,
            at=one.at,
        )
    if one.outcome == "unchanged":
        return Unchanged(
            url=one.url,
            moved_to=one.moved_to,
            etag=one.headers.get("etag", ""),
            last_modified=one.headers.get("last-modified", ""),
            at=one.at,
        )
    return FetchError(one.final_url, one.reason, status=one.status, retry_after=one.retry_after)


def kept_since(now: datetime, days: int) -> datetime:
    """The moment before which tapes are not kept any more."""
    return now - timedelta(days=days)


def adapter(kind: type[T]) -> TypeAdapter[T]:
    """Writes values of *kind* as JSON, and reads them again: anything else is a pydantic.ValidationError."""
    return cast("TypeAdapter[T]", _adapter(cast("Any", kind)))


@cache
def _adapter(kind: object) -> object:
    from pydantic import TypeAdapter

    return TypeAdapter(cast("Any", kind))
