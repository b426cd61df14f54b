"""Mailgun: one finished message per request.

https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages: its batches fill a
template from recipient variables, and give all mails one Message-ID; a mail whose fate is unknown could not
be repeated under its own. So the message goes as we made it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from urllib.parse import quote

from digest.model import Mail
from digest.ports import Capabilities
from digest.senders.answers import Answer, Ruling, Verdict, Verdicts, by_status, plain
from digest.senders.http import Call
from digest.senders.mime import message
from digest.senders.placeholders import PERCENT, neutral
from digest.senders.shared import labels
from digest.settings import MailgunSettings

CAN = Capabilities(
    kind="message",
    bytes_max=25_000_000,
    native_unsubscribe=True,
    schedule=timedelta(days=3),
    placeholders=("%recipient.x%", "%unsubscribe_url%"),
)
SERVERS = {"us": "https://api.mailgun.net", "eu": "https://api.eu.mailgun.net"}
BAD_RECEIVER = re.compile(r"(?i)^'?to'? parameter is not a valid address")

#: A field of a form: name, file name ("" for a plain value) and content.
Part = tuple[str, str, bytes]


class Mailgun:
    name = "mailgun"
    can = CAN

    def __init__(self, settings: MailgunSettings) -> None:
        self._settings = settings
        self.server = settings.base_url or SERVERS[settings.region]

    def call(self, mails: Sequence[Mail]) -> Call:
        [mail] = mails
        boundary, body = form(payload(mail))
        return Call(
            path=f"/v3/{quote(self._settings.domain)}/messages.mime",
            headers={
                **self._headers(),
                "Content-Type": f"multipart/form-data; boundary={boundary}",
            },
            body=body,
        )

    def verdicts(self, answer: Answer) -> Verdicts:
        return receipts(answer)

    def probe(self) -> Call:
        path = f"/v4/domains/{quote(self._settings.domain)}"
        return Call(method="GET", path=path, headers=self._headers())

    def _headers(self) -> dict[str, str]:
        login = base64.b64encode(f"api:{self._settings.key.reveal()}".encode()).decode("ascii")
        return {"Authorization": f"Basic {login}"}


def payload(given: Mail) -> list[Part]:
    mail = neutral(given, PERCENT)
    fields = {
        "to": mail.to,
        "o:tracking": "no",
        **{f"v:{name}": value for name, value in labels(mail).items()},
    }
    return [
        *((name, "", value.encode()) for name, value in fields.items()),
        ("message", "message.eml", message(mail)),
    ]


def form(parts: Iterable[Part]) -> tuple[str, bytes]:
    """*parts* as multipart/form-data (RFC 7578), with its boundary; names are ASCII and plain."""
    given = list(parts)
    boundary = hashlib.sha256(b"\0".join(content for _, _, content in given)).hexdigest()
    lines: list[bytes] = []
    for name, file, content in given:
        shown = f'; filename="{file}"\r\nContent-Type: message/rfc822' if file else ""
        lines += [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{shown}\r\n\r\n'.encode(),
            content,
            b"\r\n",
        ]
    return boundary, b"".join([*lines, f"--{boundary}--\r\n".encode()])


def receipts(answer: Answer) -> Verdicts:
    fields = answer.fields()
    if answer.status == 200 and isinstance(fields.get("id"), str):
        return Verdict(Ruling.SENT, plain(fields.get("message")), fields["id"])
    words = plain(fields.get("message"))
    if answer.status == 400 and BAD_RECEIVER.match(words):
        return Verdict(Ruling.REFUSED, words)
    return by_status(answer.status, words)
