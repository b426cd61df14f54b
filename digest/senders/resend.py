"""Resend: a batch of whole mails, recognized by its key for a day.

https://resend.com/docs/api-reference/emails/send-batch-emails: one bad address refuses the whole batch.
https://resend.com/docs/dashboard/emails/idempotency-keys: the same key and body give the first answer again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from digest.model import Mail
from digest.ports import Capabilities
from digest.senders.answers import Answer, Ruling, Verdict, Verdicts, by_status, plain
from digest.senders.http import Call
from digest.senders.placeholders import CURLY, neutral
from digest.senders.shared import alternatives, as_json, fingerprint, header_fields, labels, receiver
from digest.settings import ResendSettings

CAN = Capabilities(
    kind="message",
    batch_max=100,
    bytes_max=40_000_000,
    idempotency=timedelta(hours=24),
    rate=5,  # a team; more on request
    placeholders=("{{{ X }}}",),
)
#: Waiting a minute does not help against these, though their status is 429.
QUOTAS = ("daily_quota_exceeded", "monthly_quota_exceeded")


class Resend:
    name = "resend"
    can = CAN

    def __init__(self, settings: ResendSettings) -> None:
        self._key = settings.key
        self.server = settings.base_url or "https://api.resend.com"

    def call(self, mails: Sequence[Mail]) -> Call:
        body = as_json(payload(mails))
        headers = {**self._headers(), "Idempotency-Key": fingerprint(mails).hex()}
        return Call(path="/emails/batch", headers=headers, body=body)

    def verdicts(self, answer: Answer) -> Verdicts:
        return receipts(answer)

    def probe(self) -> Call:
        return Call(method="GET", path="/domains", headers=self._headers())

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._key.reveal()}", "Content-Type": "application/json"}


def payload(mails: Sequence[Mail]) -> list[dict[str, Any]]:
    return [_message(neutral(mail, CURLY)) for mail in mails]


def _message(mail: Mail) -> dict[str, Any]:
    return {
        "from": mail.sender,
        "to": [receiver(mail)],
        **({"reply_to": mail.reply_to} if mail.reply_to else {}),
        "subject": mail.rendered.subject,
        **alternatives(mail, "html", "text"),
        "headers": header_fields(mail),
        "tags": [{"name": name, "value": value} for name, value in labels(mail).items()],
    }


def receipts(answer: Answer) -> Verdicts:
    fields = answer.fields()
    name, words = fields.get("name"), plain(fields.get("message"))
    taken = fields.get("data")
    if answer.status == 200 and isinstance(taken, list):
        return [_result(item) for item in taken]
    if name in QUOTAS:
        return Verdict(Ruling.STOP, words)
    if name == "restricted_api_key":
        return []  # the key may send, and nothing else: it was asked about something else
    if name == "invalid_idempotent_request":
        return Verdict(Ruling.UNSURE, words)
    return by_status(answer.status, words)


def _result(item: object) -> Verdict:
    remote_id = item.get("id") if isinstance(item, dict) else None
    if not isinstance(remote_id, str):
        return Verdict(Ruling.UNSURE, "a result without its id")
    return Verdict(Ruling.SENT, remote_id=remote_id)
