"""Postmark: a batch of whole mails through a message stream, with a result for each.

https://postmarkapp.com/developer/api/email-api#send-batch-emails: HTTP 200 says only that the batch was
read; what became of each mail is in its own ErrorCode.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from digest.model import Mail
from digest.ports import Capabilities
from digest.senders.answers import Answer, Ruling, Verdict, Verdicts, by_status, plain
from digest.senders.http import Call
from digest.senders.placeholders import CURLY, neutral
from digest.senders.shared import alternatives, as_json, header_fields, labels, receiver
from digest.settings import PostmarkSettings

CAN = Capabilities(
    kind="message",
    batch_max=500,
    bytes_max=50_000_000,
    partial_results=True,
    native_unsubscribe=True,  # a broadcast stream, unless its unsubscribes are set to "custom"
    placeholders=("{{ x }}", "{{{ pm:unsubscribe }}}"),
)
#: Of https://postmarkapp.com/developer/api/overview#error-codes.
RULINGS = {
    0: Ruling.SENT,
    100: Ruling.LATER,  # maintenance
    406: Ruling.REFUSED,  # inactive recipient: bounced, complained or unsubscribed before
    429: Ruling.LATER,
    10: Ruling.STOP,  # no or a wrong token
    400: Ruling.STOP,  # sender signature not found
    401: Ruling.STOP,  # sender signature not confirmed
    405: Ruling.STOP,  # no credits
    412: Ruling.STOP,  # account pending
    413: Ruling.STOP,  # account may not send
    1235: Ruling.STOP,  # no such message stream
}


class Postmark:
    name = "postmark"
    can = CAN

    def __init__(self, settings: PostmarkSettings) -> None:
        self._settings = settings
        self.server = settings.base_url or "https://api.postmarkapp.com"

    def call(self, mails: Sequence[Mail]) -> Call:
        body = as_json(payload(mails, stream=self._settings.stream))
        return Call(path="/email/batch", headers=self._headers(), body=body)

    def verdicts(self, answer: Answer) -> Verdicts:
        return receipts(answer)

    def probe(self) -> Call:
        return Call(method="GET", path="/server", headers=self._headers())

    def _headers(self) -> dict[str, str]:
        token = self._settings.token.reveal()
        return {
            "X-Postmark-Server-Token": token,
            "Accept": "application/json",
            "Content-Type": "application/json",
        }


def payload(mails: Sequence[Mail], *, stream: str) -> list[dict[str, Any]]:
    return [_message(neutral(mail, CURLY), stream) for mail in mails]


def _message(mail: Mail, stream: str) -> dict[str, Any]:
    # X-PM-KeepID: Postmark would put an id of its own in place of ours.
    fields = {**header_fields(mail), "X-PM-KeepID": "true"}
    return {
        "From": mail.sender,
        "To": receiver(mail),
        **({"ReplyTo": mail.reply_to} if mail.reply_to else {}),
        "Subject": mail.rendered.subject,
        **alternatives(mail, "HtmlBody", "TextBody"),
        "Headers": [{"Name": name, "Value": value} for name, value in fields.items()],
        "MessageStream": stream,
        "Metadata": labels(mail),
        "TrackOpens": False,
        "TrackLinks": "None",
    }


def receipts(answer: Answer) -> Verdicts:
    found = answer.json()
    if answer.status == 200 and isinstance(found, list):
        return [_result(item if isinstance(item, dict) else {}) for item in found]
    fields = answer.fields()
    code, words = fields.get("ErrorCode"), plain(fields.get("Message"))
    if answer.status == 422 and isinstance(code, int) and code and code in RULINGS:
        return Verdict(RULINGS[code], f"{code} {words}")
    return by_status(answer.status, words)


def _result(item: dict[str, Any]) -> Verdict:
    code = item.get("ErrorCode")
    if not isinstance(code, int):
        return Verdict(Ruling.UNSURE, "a result without its ErrorCode")
    words = plain(item.get("Message"))
    # 300 is any fault of a mail, of its From as well as of its To.
    ruling = RULINGS.get(code, Ruling.REJECTED)
    return Verdict(ruling, words if code == 0 else f"{code} {words}", str(item.get("MessageID") or ""))
