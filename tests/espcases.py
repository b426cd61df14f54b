"""Settings of each sender behind an API, and mails of one edition to different readers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from digest.model import EditionKey, Mail, Rendered, Slotted
from digest.settings import (
    BrevoSettings,
    MailgunSettings,
    PostmarkSettings,
    ResendSettings,
    Secret,
    SendgridSettings,
    SesSettings,
)

KEY = Secret("canary-key")
SETTINGS: dict[str, tuple[Any, dict[str, Any]]] = {
    "ses": (SesSettings, {"region": "eu-west-1", "access_key": "AKIAEXAMPLE", "secret_key": KEY}),
    "postmark": (PostmarkSettings, {"token": KEY}),
    "resend": (ResendSettings, {"key": KEY}),
    "mailgun": (MailgunSettings, {"domain": "mg.example.org", "key": Secret("canary")}),
    "sendgrid": (SendgridSettings, {"key": KEY}),
    "brevo": (BrevoSettings, {"key": KEY}),
}


def mail(**given: Any) -> Mail:
    rendered = Rendered(
        key=EditionKey(newsletter="the-example", day=date(2026, 11, 23)),
        subject=given.pop("subject", "Council votes to rebuild the bridge"),
        html=Slotted(('<p lang="en">Grüße, 世界</p><a href="', '">Unsubscribe</a>\n'), ("unsubscribe",)),
        text=Slotted(("Grüße, 世界\n.\n..dots\n", "\n"), ("unsubscribe",)),
        web="",
        sha256="ab" * 32,
    )
    values: dict[str, Any] = {
        "rendered": rendered,
        "subscriber_id": "s1",
        "to": "ada@example.com",
        "sender": "The Example <news@example.org>",
        "message_id": "<abc@example.org>",
        "values": {"unsubscribe": "", "preferences": "", "address": "ada@example.com"},
        "date": datetime(2026, 11, 23, 10, tzinfo=UTC),
    }
    return Mail(**(values | given))


def mails(count: int, **given: Any) -> list[Mail]:
    """Of one edition, to different readers."""
    one = mail(**given)
    return [
        replace(
            one,
            subscriber_id=f"s{n}",
            to=f"reader{n}@example.com",
            message_id=f"<{n}.abc@example.org>",
            headers=(("List-Unsubscribe", f"<https://example.org/u/{n}>,\r\n <mailto:desk@example.org>"),),
            values={**one.values, "unsubscribe": f"https://example.org/u/{n}?a=1&b=2"},
        )
        for n in range(count)
    ]
