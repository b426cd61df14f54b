"""A message that came back, read: whose mail it is about, and what became of it.

Nothing in it is believed yet. It is taken apart into what it claims (kind, status, addresses) and what only
somebody can know who had our mail: the address that it was sent back to, the tokens and the Message-ID of the
mail that it returns. Whoever acts on it asks for such proof.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import date
from email import message_from_bytes, message_from_string
from email.message import Message
from email.utils import getaddresses
from typing import NamedTuple
from urllib.parse import unquote

from digest.bounces.prose import read_prose
from digest.bounces.reports import FEEDBACK, STATUS, Said, fields_of, read_feedback, read_status
from digest.model import EventKind, MailEvent

#: Bytes of a message that are examined: reports come first, and the mail that is returned last.
LARGEST = 2_000_000
#: Parts, and addresses of one kind, that are examined.
MOST_PARTS = 50
MOST_ADDRESSES = 20

#: Where a server notes which address a message came for.
ENVELOPE = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to")
RETURNED = frozenset(
    {
        "message/rfc822",
        "message/global",
        "text/rfc822-headers",
        "message/rfc822-headers",
        "message/global-headers",
    }
)
_TOKEN = re.compile(r"(?<![\w-])[\w-]{8,200}\.[\w-]{24}(?![\w-])", re.ASCII)
#: What the mailto address of a List-Unsubscribe has as its subject; the token proves it.
_WISH = re.compile(r"unsubscribe\s+\S+\s+([\w-]{8,200}\.[\w-]{24})", re.ASCII | re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<[^<>\s]{3,200}>")

NOT_A_BOUNCE = "no bounce"


class Reading(NamedTuple):
    """The event, or *why* a message is none."""

    event: MailEvent | None
    why: str = ""


class Original(NamedTuple):
    """What is left of the mail that came back."""

    message_id: str = ""
    to: tuple[str, ...] = ()
    sender: str = ""
    tokens: tuple[str, ...] = ()
    day: date | None = None


def read_mail(raw: bytes, *, sent_to: Sequence[str] = ()) -> Reading:
    """What a message is that came to the mailbox of the bounces, for the addresses *sent_to*.

    Any bytes are read. Replies, from people or machines, and reports of delays and deliveries are no bounces.
    """
    try:
        message = message_from_bytes(raw[:LARGEST])
        if wish := _wish(message, raw):
            return Reading(wish)
        parts = list(_parts(message))
    except RecursionError:  # hundreds of parts in each other
        return Reading(None, NOT_A_BOUNCE)
    said, original = _reported(parts) or _told(message, parts) or (None, Original())
    if said is None:
        automatic = str(message.get("auto-submitted", "no")).strip().lower()
        return Reading(None, NOT_A_BOUNCE if automatic in {"", "no"} else "an automatic reply")
    if said.kind is None:
        return Reading(None, said.why)
    header = fields_of(message)
    came_for = [*sent_to, *(header.get(name, "") for name in ENVELOPE), original.sender, said.sender]
    event = MailEvent(
        kind=said.kind,
        source="mail",
        id=_id(header.get("message-id", ""), raw),
        recipients=tuple(dict.fromkeys((*said.recipients, *original.to)))[:MOST_ADDRESSES],
        returned_to=_addresses(*came_for),
        tokens=original.tokens,
        message_id=original.message_id or said.message_id,
        day=original.day,
        status=said.status,
        detail=said.words,
    )
    return Reading(event)


def _wish(message: Message, raw: bytes) -> MailEvent | None:
    """A reader's, to leave, as mail programs write it for them."""
    header = fields_of(message)
    found = _WISH.fullmatch(header.get("subject", ""))
    if found is None:
        return None
    id_ = _id(header.get("message-id", ""), raw)
    return MailEvent(kind=EventKind.UNSUBSCRIBE, source="mail", id=id_, tokens=(found[1],))


def _reported(parts: Sequence[Message]) -> tuple[Said, Original] | None:
    for part in parts:
        kind = part.get_content_type()
        if kind in STATUS or kind == FEEDBACK:
            said = read_feedback(part) if kind == FEEDBACK else read_status(part)
            return said, _original(parts)
    return None


def _told(message: Message, parts: Sequence[Message]) -> tuple[Said, Original] | None:
    text = next((part for part in parts if part.get_content_type() == "text/plain"), None)
    words = _text(text) if text is not None else ""
    told = read_prose(words, failed=str(message.get("x-failed-recipients", "")))
    if told is None:
        return None
    attached = _original(parts)
    original = _read_original(message_from_string(told.original)) if told.original else attached
    return Said(told.kind, status=told.status, words=told.words, recipients=told.recipients), original


def _parts(message: Message) -> Iterator[Message]:
    """The message's own parts, and not those of messages in it."""
    waiting = [message]
    for _ in range(MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop(0)
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting[:0] = [each for each in inner if isinstance(each, Message)]
        else:
            yield part


def _original(parts: Sequence[Message]) -> Original:
    for part in parts:
        if part.get_content_type() in RETURNED:
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], Message):
                return _read_original(inner[0])
            return _read_original(message_from_string(_text(part)))
    return Original()


def _read_original(message: Message) -> Original:
    header = fields_of(message)
    ids = _MESSAGE_ID.search(header.get("message-id", ""))
    tokens = _TOKEN.findall(unquote(header.get("list-unsubscribe", "")[:4000]))
    return Original(
        message_id=ids[0] if ids else "",
        to=_addresses(header.get("to", "")),
        sender=header.get("return-path", ""),
        tokens=tuple(dict.fromkeys(tokens))[:MOST_ADDRESSES],
        day=_day(header.get("feedback-id", "")),
    )


def _text(part: Message) -> str:
    """A part's text; its bytes as Latin-1 where its encoding is unknown, for codes are ASCII."""
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, AssertionError):  # of broken base64 or uuencode
        payload = None
    content = payload if isinstance(payload, bytes) else str(part.get_payload()).encode("utf-8", "replace")
    return content.decode("utf-8", "replace")


def _addresses(*fields: str) -> tuple[str, ...]:
    found = (address for _, address in getaddresses([field[:4000] for field in fields if field]))
    return tuple(dict.fromkeys(address for address in found if "@" in address))[:MOST_ADDRESSES]


def _day(feedback_id: str) -> date | None:
    try:
        return date.fromisoformat(feedback_id.partition(":")[0].strip())
    except ValueError:
        return None


def _id(message_id: str, raw: bytes) -> str:
    """One message has one id, wherever it is read: servers write fields of their own on top."""
    return hashlib.sha256(message_id.encode("utf-8", "replace") if message_id else raw).hexdigest()[:32]
