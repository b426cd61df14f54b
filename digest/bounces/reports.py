"""The standard forms of a report: delivery status notifications and complaints.

RFC 3464 (and RFC 6533 for addresses beyond ASCII) says what became of a mail, recipient by recipient;
RFC 5965 that a reader called it spam.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from email.message import Message
from email.parser import HeaderParser
from typing import NamedTuple

from digest.bounces.statuses import kind_of, status_of
from digest.model import EventKind

STATUS = frozenset({"message/delivery-status", "message/global-delivery-status"})
FEEDBACK = "message/feedback-report"

#: RFC 5965, 7.3, and what became of it: who reports these wants no more of it. "not-spam" (RFC 6430),
#: "auth-failure" (RFC 6591) and the rest are no wish of a reader's.
COMPLAINTS = frozenset({"abuse", "fraud"})
OPT_OUTS = frozenset({"opt-out", "opt-out-list"})

#: From the mildest to the weightiest.
WEIGHT = (EventKind.BLOCKED, EventKind.SOFT, EventKind.HARD)

#: Blocks of one report that are examined.
MOST_BLOCKS = 100

_BLANK = re.compile(r"\r?\n[ \t]*\r?\n")
_XTEXT = re.compile(r"\+([0-9A-F]{2})")
_COMMENT = re.compile(r"\([^()]*\)")

Fields = dict[str, str]


class Said(NamedTuple):
    """What a report says: *kind* is None when it is about no failure, and *why* tells what else it is."""

    kind: EventKind | None
    why: str = ""
    status: str = ""
    words: str = ""
    recipients: tuple[str, ...] = ()
    #: Where the reported mail had asked its bounces to go.
    sender: str = ""
    message_id: str = ""


def read_status(part: Message) -> Said:
    """A delivery status notification.

    A mail of ours has one reader. Where several recipients are reported, that reader's address leads to all
    of them: the mildest failure counts, and none if one of them has the mail.
    """
    groups = list(_blocks(part))
    blocks = [fields for fields in groups if "action" in fields or "final-recipient" in fields]
    if not blocks:
        return Said(None, "a report that names no recipient")
    actions = {_word(fields.get("action", "")) for fields in blocks}
    if actions != {"failed"}:
        return Said(
            None, f"a report about a mail that was {', '.join(sorted(actions - {'failed'})) or 'not told'}"
        )
    mildest = min(blocks, key=lambda fields: WEIGHT.index(_kind(fields)))
    names = ("original-recipient", "final-recipient")
    addresses = [_address(fields.get(name, "")) for fields in blocks for name in names]
    diagnostic = _typed(mildest.get("diagnostic-code", ""))
    return Said(
        _kind(mildest),
        status=status_of(mildest.get("status", ""), diagnostic),
        words=diagnostic,
        recipients=tuple(dict.fromkeys(filter(None, addresses))),
        message_id=_envelope_id(groups),
    )


def read_feedback(part: Message) -> Said:
    """A complaint; the address may be missing or blacked out (RFC 6590), which is why mails carry tokens."""
    fields = next(_blocks(part), {})
    kind = _word(fields.get("feedback-type", ""))
    addresses = [_address(fields.get(name, "")) for name in ("original-rcpt-to", "removal-recipient")]
    found = tuple(dict.fromkeys(filter(None, addresses)))
    sender = fields.get("original-mail-from", "").strip(" <>")
    if kind in COMPLAINTS:
        return Said(EventKind.COMPLAINT, words=kind, recipients=found, sender=sender)
    if kind in OPT_OUTS:
        return Said(EventKind.UNSUBSCRIBE, words=kind, recipients=found, sender=sender)
    return Said(None, f"feedback of type {kind or '(none)'}")


def fields_of(message: Message) -> Fields:
    """A header's fields by name in lower case, unfolded; of several of one name the first."""
    fields: Fields = {}
    for name, value in message.items():
        fields.setdefault(name.lower(), re.sub(r"\s*\r?\n\s+", " ", str(value)).strip())
    return fields


def _envelope_id(groups: list[Fields]) -> str:
    """The Message-ID, which ``senders.smtp`` gives a server as the envelope's id (RFC 3461, 4.4)."""
    given = next(
        (fields["original-envelope-id"] for fields in groups if "original-envelope-id" in fields), ""
    )
    plain = _XTEXT.sub(lambda found: chr(int(found[1], 16)), given)
    return f"<{plain}>" if "@" in plain else ""


def _kind(fields: Fields) -> EventKind:
    return kind_of(fields.get("status", ""), _typed(fields.get("diagnostic-code", "")))


def _blocks(part: Message) -> Iterator[Fields]:
    """Groups of fields, parted by blank lines. The parser may have made messages of them, or of the first."""
    inner = part.get_payload()
    messages = [each for each in inner if isinstance(each, Message)] if isinstance(inner, list) else []
    text = "" if messages else _decoded(part, str(inner))
    for message in messages[:MOST_BLOCKS]:
        if message.keys():
            yield fields_of(message)
        rest = message.get_payload()
        text += f"{_decoded(part, rest)}\n\n" if isinstance(rest, str) else ""
    for block in _BLANK.split(text)[:MOST_BLOCKS]:
        if block.strip():
            yield fields_of(HeaderParser().parsestr(block.strip()))


def _decoded(part: Message, text: str) -> str:
    """RFC 3464 wants 7bit; some gateways encode all the same."""
    if _word(str(part.get("content-transfer-encoding", ""))) != "base64":
        return text
    try:
        return base64.b64decode(text.encode("ascii", "ignore")).decode("utf-8", "replace")
    except binascii.Error:
        return text


def _word(text: str) -> str:
    """A keyword without the comment that may follow it."""
    return _COMMENT.sub("", text).strip().lower()[:40]


def _typed(text: str) -> str:
    """The words of "smtp; 550 5.1.1 unknown" (RFC 3464, 2.1.2)."""
    _, semicolon, words = text.partition(";")
    return words.strip() if semicolon else text.strip()


def _address(text: str) -> str:
    address = _typed(text).strip(" <>")
    return address if "@" in address else ""
