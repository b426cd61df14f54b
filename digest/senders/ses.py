"""Amazon SES, version 2 of its API: one finished message per request, signed.

https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html. Its batches take templates only,
and it recognizes no repeated request: a mail without an answer is unsure.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from digest.model import Mail
from digest.ports import Capabilities
from digest.senders import dkim
from digest.senders.answers import Answer, Ruling, Verdict, Verdicts, by_status, plain
from digest.senders.http import Call
from digest.senders.mime import compose
from digest.senders.shared import as_json, labels
from digest.senders.sigv4 import signed
from digest.settings import SesSettings

#: Raw messages are sent as they are: no placeholder of theirs is looked for.
CAN = Capabilities(kind="message", bytes_max=40_000_000)

#: Header fields that it rewrites: a signature of them would not hold
#: (https://docs.aws.amazon.com/ses/latest/dg/send-email-authentication-dkim-manual.html).
REPLACED = ("Date", "Message-ID")

#: Of the account, not of a mail, though their status is 400.
STOPS = (
    "AccountSuspendedException",
    "LimitExceededException",
    "MailFromDomainNotVerifiedException",
    "NotFoundException",
    "SendingPausedException",
)


class Ses:
    name = "ses"
    can = CAN

    def __init__(self, settings: SesSettings, *, clock: Callable[[], float] = time.time) -> None:
        self._settings = settings
        # AWS takes a signature for a quarter of an hour; a run may take longer.
        self._clock = clock
        self.server = settings.base_url or f"https://email.{settings.region}.amazonaws.com"

    def call(self, mails: Sequence[Mail]) -> Call:
        [mail] = mails
        set_ = self._settings.configuration_set
        body = as_json(payload(mail, self._message(mail), configuration_set=set_))
        return self._signed("POST", "/v2/email/outbound-emails", body)

    def verdicts(self, answer: Answer) -> Verdicts:
        return receipts(answer)

    def probe(self) -> Call:
        _ = self._keys  # one that cannot be used is told before the first mail
        return self._signed("GET", "/v2/email/account", b"")

    @cached_property
    def _keys(self) -> tuple[dkim.Key, ...]:
        return dkim.keys_of(self._settings.dkim) if self._settings.dkim else ()

    def _message(self, mail: Mail) -> bytes:
        message = compose(mail)
        if self._settings.dkim:
            domain = self._settings.dkim.domain
            message = dkim.signed(message, mail.date, domain, self._keys, without=REPLACED)
        return bytes(message)

    def _signed(self, method: str, path: str, body: bytes) -> Call:
        settings = self._settings
        headers = signed(
            method,
            self.server.rstrip("/") + path,
            body,
            region=settings.region,
            service="ses",
            access_key=settings.access_key,
            secret_key=settings.secret_key,
            session_token=settings.session_token,
            at=self._clock(),
        )
        return Call(method=method, path=path, headers=headers, body=body)


def payload(mail: Mail, message: bytes, *, configuration_set: str) -> dict[str, Any]:
    return {
        "Destination": {"ToAddresses": [mail.to]},
        "Content": {"Raw": {"Data": base64.b64encode(message)}},
        "EmailTags": [{"Name": name, "Value": value} for name, value in labels(mail).items()],
        **({"ConfigurationSetName": configuration_set} if configuration_set else {}),
    }


def receipts(answer: Answer) -> Verdicts:
    fields = answer.fields()
    if answer.status == 200 and isinstance(fields.get("MessageId"), str):
        return Verdict(Ruling.SENT, remote_id=fields["MessageId"])
    words = plain(fields.get("message") or fields.get("Message"))
    # A colon and an address may follow the name.
    kind = answer.headers.get("x-amzn-errortype", "").partition(":")[0]
    if kind in STOPS:
        return Verdict(Ruling.STOP, f"{kind}: {words}")
    return by_status(answer.status, f"{kind} {words}".strip())
