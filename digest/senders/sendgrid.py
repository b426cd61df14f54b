"""SendGrid: an edition once, and beside it what differs from subscriber to subscriber.

https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send: a request has one content and up to
1,000 personalizations, each with header fields and substitutions of its own. So the slots of an edition are
written as substitution tags, and 60 kB travel once for all. The tags are named by the edition's hash: no
article can spell them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from html import escape
from typing import Any

from digest.model import Mail, Slotted
from digest.ports import Capabilities
from digest.senders.answers import Answer, Ruling, Verdict, Verdicts, by_status, plain
from digest.senders.http import Call
from digest.senders.placeholders import ANGLE, neutral
from digest.senders.shared import as_json, header_fields, labels, mailbox, person
from digest.settings import SendgridSettings

CAN = Capabilities(
    kind="message",
    batch_max=1000,
    bytes_max=30_000_000,
    shares_content=True,
    native_unsubscribe=True,
    schedule=timedelta(hours=72),
    placeholders=("-x-", "{{ x }}", "<%x%>", "[%x%]"),
)
SERVERS = {"global": "https://api.sendgrid.com", "eu": "https://api.eu.sendgrid.com"}


class Sendgrid:
    name = "sendgrid"
    can = CAN

    def __init__(self, settings: SendgridSettings) -> None:
        self._key = settings.key
        self.server = settings.base_url or SERVERS[settings.region]

    def call(self, mails: Sequence[Mail]) -> Call:
        return Call(path="/v3/mail/send", headers=self._headers(), body=as_json(payload(mails)))

    def verdicts(self, answer: Answer) -> Verdicts:
        return receipts(answer)

    def probe(self) -> Call:
        return Call(method="GET", path="/v3/scopes", headers=self._headers())

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._key.reveal()}", "Content-Type": "application/json"}


def payload(mails: Sequence[Mail]) -> dict[str, Any]:
    """*mails* are of one edition, one From and one Reply-To."""
    plain_mails = [neutral(mail, ANGLE) for mail in mails]
    first = plain_mails[0]
    edition = first.rendered
    off = {"enable": False}
    return {
        "personalizations": [_personal(mail) for mail in plain_mails],
        "from": mailbox(first.sender),
        **({"reply_to": mailbox(first.reply_to)} if first.reply_to else {}),
        "subject": edition.subject,
        "content": _content(first),
        "tracking_settings": {
            "click_tracking": {**off, "enable_text": False},
            "open_tracking": off,
            "subscription_tracking": off,
            "ganalytics": off,
        },
    }


def _content(mail: Mail) -> list[dict[str, str]]:
    edition = mail.rendered
    text = {"type": "text/plain", "value": _tagged(edition.text, _tags(mail, "t"))}
    if edition.is_text_only:
        return [text]
    return [text, {"type": "text/html", "value": _tagged(edition.html, _tags(mail, "h"))}]


def _personal(mail: Mail) -> dict[str, Any]:
    text, html = _tags(mail, "t"), _tags(mail, "h")
    return {
        "to": [person(mail.to_name, mail.to)],
        "headers": header_fields(mail),
        "substitutions": {
            **{tag: mail.values[slot] for slot, tag in text.items()},
            **{tag: escape(mail.values[slot]) for slot, tag in html.items()},
        },
        "custom_args": labels(mail),
    }


def _tags(mail: Mail, part: str) -> dict[str, str]:
    """The tag of each slot in a part of the mail."""
    slots = mail.rendered.html.slots if part == "h" else mail.rendered.text.slots
    return {slot: f"-{mail.rendered.sha256[:20]}.{part}.{slot}-" for slot in slots}


def _tagged(part: Slotted, tags: Mapping[str, str]) -> str:
    return part.fill(tags)


def receipts(answer: Answer) -> Verdicts:
    if answer.status == 202:  # the body is empty, and the id is that of all
        return Verdict(Ruling.SENT, remote_id=answer.headers.get("x-message-id", ""))
    errors = answer.fields().get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    words, where = plain(first.get("message")), first.get("field")
    if answer.status == 400 and isinstance(where, str) and where.startswith(("from", "reply_to", "content")):
        return Verdict(Ruling.STOP, f"{where}: {words}")
    return by_status(answer.status, words)
