"""Brevo: one mail per request, recognized by its key for half an hour.

https://developers.brevo.com/reference/sendtransacemail: the versions of a batch have no header fields of
their own, and a newsletter needs a List-Unsubscribe for each reader; so there is no batch here.
https://developers.brevo.com/docs/heterogenous-versions-batch-emails: a request whose key was used is
answered with an error, and is not carried out again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from digest.model import Mail
from digest.ports import Capabilities
from digest.senders.answers import Answer, Ruling, Verdict, Verdicts, by_status, plain
from digest.senders.http import Call
from digest.senders.placeholders import CURLY, neutral
from digest.senders.shared import (
    alternatives,
    as_json,
    fingerprint,
    header_fields,
    labels,
    mailbox,
    person,
)
from digest.settings import BrevoSettings

CAN = Capabilities(
    kind="message",
    bytes_max=20_000_000,
    idempotency=timedelta(minutes=30),
    schedule=timedelta(hours=72),
    rate=1000,
    placeholders=("{{ x }}", "{% x %}", "{# x #}"),
)
#: "Maximum allowed characters are 70", of each name.
LONGEST_NAME = 70
USED_KEY = ("duplicate_parameter", "duplicate_request")
BAD_RECEIVER = re.compile(r"(?i)\bnot valid in to\b|\bto is not valid\b|blacklisted|blocklisted")


class Brevo:
    name = "brevo"
    can = CAN

    def __init__(self, settings: BrevoSettings) -> None:
        self._key = settings.key
        self.server = settings.base_url or "https://api.brevo.com"

    def call(self, mails: Sequence[Mail]) -> Call:
        [mail] = mails
        return Call(path="/v3/smtp/email", headers=self._headers(), body=as_json(payload(mail)))

    def verdicts(self, answer: Answer) -> Verdicts:
        return receipts(answer)

    def probe(self) -> Call:
        return Call(method="GET", path="/v3/account", headers=self._headers())

    def _headers(self) -> dict[str, str]:
        return {
            "api-key": self._key.reveal(),
            "Accept": "application/json",
            "Content-Type": "application/json",
        }


def payload(given: Mail) -> dict[str, Any]:
    mail = neutral(given, CURLY)
    return {
        "sender": _short(mailbox(mail.sender)),
        "to": [_short(person(mail.to_name, mail.to))],
        **({"replyTo": _short(mailbox(mail.reply_to))} if mail.reply_to else {}),
        "subject": mail.rendered.subject,
        **alternatives(mail, "htmlContent", "textContent"),
        "headers": {**header_fields(mail), "idempotencyKey": _key(given)},
        "tags": list(labels(mail).values()),
    }


def _key(mail: Mail) -> str:
    """A UUID, as it has to be, of what is sent and to whom."""
    return str(UUID(bytes=fingerprint([mail])[:16], version=4))


def _short(mailbox: dict[str, str]) -> dict[str, str]:
    return {key: value[:LONGEST_NAME] if key == "name" else value for key, value in mailbox.items()}


def receipts(answer: Answer) -> Verdicts:
    fields = answer.fields()
    if answer.status in (201, 202) and isinstance(fields.get("messageId"), str):
        return Verdict(Ruling.SENT, remote_id=fields["messageId"])
    words = plain(fields.get("message"))
    if answer.status == 400 and fields.get("code") in USED_KEY:
        return Verdict(Ruling.SENT, "taken before, by its idempotencyKey")
    if answer.status == 400 and BAD_RECEIVER.search(words):
        return Verdict(Ruling.REFUSED, words)
    if fields.get("code") in ("not_enough_credits", "permission_denied", "account_under_validation"):
        return Verdict(Ruling.STOP, words)
    return by_status(answer.status, words)
