"""A post, and what all of them have in common: secrets, time, and fields that may be of any type."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from digest.errors import HookError
from digest.model import MailEvent
from digest.settings import Secret

#: How far a post's own time may be from ours, where it is signed again each time that it is tried.
WINDOW = timedelta(minutes=5)

#: Characters of an id that is kept as it is.
LONGEST_ID = 100

_TYPE = re.compile(r"[^A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    #: As it came, byte for byte.
    body: bytes = field(repr=False)
    #: By name in lower case.
    headers: Mapping[str, str] = field(repr=False)
    #: What follows the provider's name in the path.
    path_secret: str = field(default="", repr=False)
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a post says."""

    events: tuple[MailEvent, ...] = ()
    #: Types of events that change nothing, known or not.
    others: tuple[str, ...] = ()
    #: Good for this post alone: another one with it is a replay.
    token: str = field(default="", repr=False)
    #: An address to ask, so that the provider knows that we listen.
    confirm: str = ""


# --- proof --------------------------------------------------------------------------------------------


def same(given: str, expected: str) -> bool:
    """Compared in a time that tells nothing of where they differ."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode("utf-8", "replace"))


def knows_secret(post: Post, secrets: Sequence[Secret]) -> bool:
    """Whether a post brings one of them: as a password (Basic), a token (Bearer), or in its path."""
    scheme, _, credentials = post.headers.get("authorization", "").partition(" ")
    given = post.path_secret
    if scheme.lower() == "bearer":
        given = credentials.strip()
    elif scheme.lower() == "basic":
        given = unbase64(credentials).decode("utf-8", "replace").partition(":")[2]
    # All are compared, so that the time does not tell which one it was.
    return any([same(given, secret.reveal()) for secret in secrets]) and bool(given)  # noqa: C419


def require_secret(post: Post, secrets: Sequence[Secret]) -> None:
    if not knows_secret(post, secrets):
        raise HookError("it does not contain the secret")


def hmac_sha256(key: bytes, *parts: bytes) -> bytes:
    return hmac.digest(key, b"".join(parts), "sha256")


def require_fresh(moment: datetime, post: Post, *, past: timedelta = WINDOW) -> None:
    if post.at - moment > past:
        raise HookError("it is too old")
    if moment - post.at > WINDOW:
        raise HookError("its time is in the future; is this machine's clock right?")


def unix_time(text: str) -> datetime:
    """The moment of seconds since 1970, of digits alone."""
    if not re.fullmatch(r"[0-9]{1,11}", text, re.ASCII):
        raise HookError("it has no time")
    return datetime.fromtimestamp(int(text), UTC)


def unbase64(text: str) -> bytes:
    """The bytes of canonical base64 (RFC 4648, 3.5): they have one spelling. None of anything else."""
    try:
        written = text.strip().encode("ascii")
        found = base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return found if base64.b64encode(found) == written else b""


# --- fields -------------------------------------------------------------------------------------------


def parsed(body: bytes | str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise HookError("it is no JSON") from None


def table(value: object, *path: str) -> Mapping[str, Any]:
    """The object at *path*; an empty one where there is none."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def text(value: object, *path: str) -> str:
    """The text at *path*, a number's digits; "" if there is neither."""
    *above, name = path
    found = table(value, *above).get(name)
    if isinstance(found, bool):
        return ""
    return _writable(str(found)) if isinstance(found, str | int) else ""


def tables(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def texts(value: object) -> list[str]:
    return [_writable(each) for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _writable(text: str) -> str:
    """JSON's escapes can write what no database takes: half a surrogate pair, and NUL."""
    return text.encode("utf-8", "replace").decode().replace("\0", "?")


def type_name(words: str) -> str:
    """A provider's word for a type of event, fit to be counted by."""
    return _TYPE.sub(" ", words).strip()[:60] or "(none)"


def id_of(given: str, *rest: object) -> str:
    """The provider's id of an event; a hash of what it says where it has none, or one that is too long."""
    if given and len(given) <= LONGEST_ID and given.isprintable():
        return given
    words = json.dumps([given, *rest], sort_keys=True, default=str)
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:32]


def labelled(beside: Mapping[str, Any]) -> dict[str, Any]:
    """What ``senders.shared.labels`` gave along with the mail."""
    return {
        "newsletter": text(beside, "newsletter"),
        "day": _day(text(beside, "day")),
        "subscriber_id": text(beside, "subscriber"),
    }


def pairs(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """[{"name": …, "value": …}] as a table."""
    return {text(row, "name"): text(row, "value") for row in rows}


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None
