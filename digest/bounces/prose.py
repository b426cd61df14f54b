"""Plain-text bounces, from servers that write no standard report; only forms that are as reliable.

qmail's QSBMF (https://cr.yp.to/proto/qsbmf.txt), Exim's, and that of older Exchange servers.
Anything else that looks like a bounce is ignored: a wrong guess would cost a reader the newsletter.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from digest.bounces.statuses import kind_of, status_of
from digest.model import EventKind


class Told(NamedTuple):
    kind: EventKind
    status: str
    words: str
    recipients: tuple[str, ...]
    #: What follows of the mail that came back.
    original: str


_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_RECIPIENT = re.compile(r"<([^<>\s]+@[^<>\s]+)>:[ \t]*\n?")
_EXIM = "could not be delivered to one or more of its recipients"
_COPY = re.compile(r"^-{4,} This is a copy of .*$", re.MULTILINE)
_EXCHANGE = "did not reach some or all of the intended recipients"
_EXCHANGE_STATUS = re.compile(r"[<(][^<>()\n]*#([245]\.\d{1,3}\.\d{1,3})[^<>()\n]*[)>]?")


def read_prose(text: str, *, failed: str = "") -> Told | None:
    """What a message's plain text says; *failed* is its X-Failed-Recipients, which Exim writes."""
    body = text.replace("\r\n", "\n").lstrip("\n")
    if body.startswith("Hi. This is the"):
        return _qmail(body)
    if failed and _EXIM in " ".join(body.split()):
        words, _, original = _split(_COPY, body)
        recipients = tuple(address.strip() for address in failed.split(",") if "@" in address)
        return _told(words[-600:], recipients, original)
    if _EXCHANGE in " ".join(body.split()):
        found = _EXCHANGE_STATUS.search(body)
        return _told(found[0], (), "") if found else None
    return None


def _qmail(body: str) -> Told | None:
    """An introduction, a paragraph for each recipient, one that begins with "-", and the mail."""
    place = 0
    said: list[tuple[str, str]] = []
    while place < len(body):
        found = _PARAGRAPH.search(body, place)
        paragraph = body[place : found.start() if found else len(body)]
        place = found.end() if found else len(body)
        if paragraph.startswith("-"):
            break
        recipient = _RECIPIENT.match(paragraph)
        if recipient:
            said.append((recipient[1], " ".join(paragraph[recipient.end() :].split())))
    if not said:
        return None
    words = said[0][1] if len(said) == 1 else ""
    return _told(words, tuple(address for address, _ in said), body[place:].lstrip("\n"))


def _told(words: str, recipients: tuple[str, ...], original: str) -> Told:
    plain = " ".join(words.split())
    return Told(kind_of("", plain), status_of("", plain), plain, recipients, original)


def _split(pattern: re.Pattern[str], text: str) -> tuple[str, str, str]:
    found = pattern.search(text)
    return (text[: found.start()], found[0], text[found.end() :].lstrip("\n")) if found else (text, "", "")
