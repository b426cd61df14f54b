"""Settings of each sender behind an API, and mails of one edition to different readers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from html import escape
from typing import Any

from digest.model import Campaign, EditionKey, Mail, Rendered, Slotted
from digest.settings import (
    BrevoSettings,
    ButtondownSettings,
    ListmonkSettings,
    MailchimpSettings,
    MailgunSettings,
    PostmarkSettings,
    ResendSettings,
    Secret,
    SendgridSettings,
    SesSettings,
)


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        #: How long somebody slept, each time.
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


KEY = Secret("canary-key")
SETTINGS: dict[str, tuple[Any, dict[str, Any]]] = {
    "ses": (SesSettings, {"region": "eu-west-1", "access_key": "AKIAEXAMPLE", "secret_key": KEY}),
    "postmark": (PostmarkSettings, {"token": KEY}),
    "resend": (ResendSettings, {"key": KEY}),
    "mailgun": (MailgunSettings, {"domain": "mg.example.org", "key": Secret("canary")}),
    "sendgrid": (SendgridSettings, {"key": KEY}),
    "brevo": (BrevoSettings, {"key": KEY}),
}
#: Those of the providers that hold the list; each has its server in ``base_url``.
CAMPAIGN_SETTINGS: dict[str, tuple[Any, dict[str, Any]]] = {
    "listmonk": (ListmonkSettings, {"username": "digest", "token": KEY, "lists": (3, 4)}),
    "buttondown": (ButtondownSettings, {"key": KEY}),
    "mailchimp": (MailchimpSettings, {"key": Secret("canary-key-us19"), "list": "a1b2"}),
}


def campaign(**given: Any) -> Campaign:
    """An edition that says what every provider would take for a placeholder, and what HTML hides."""
    names = "{{ .Subscriber.Name }} {% if x %} {# y #} *|FNAME|* https://example.com/a@TrackLink a < b `c`"
    html = (
        '<!doctype html><html lang="en"><head><title>x</title><!--[if mso]><style>p{color:red}</style>'
        "<![endif]--><style>p{margin:0}</style></head><body>"
        '<div style="display:none">And what comes of it</div>'
        f"<p>Grüße, 世界: {escape(names)}</p><p>1 High Street<br>Springfield</p>"
        '<!--[if mso]><a href="'
    )
    rendered = Rendered(
        key=given.pop("key", EditionKey(newsletter="the-example", day=date(2026, 11, 23))),
        subject=given.pop("subject", "Council votes {{ to }} rebuild *|the|* bridge"),
        html=Slotted(
            (
                html,
                '">x</a><![endif]--><a href="',
                '">Unsubscribe</a> <a href="',
                '">Preferences</a> ',
                "</body>",
            ),
            ("unsubscribe", "unsubscribe", "preferences", "address"),
        ),
        text=Slotted(
            (f"Grüße, 世界: {names} <b\n1 High Street, Springfield\n", "\n", "\n", "\n"),
            ("unsubscribe", "preferences", "address"),
        ),
        web="",
        sha256=given.pop("sha256", "ab" * 32),
    )
    values: dict[str, Any] = {
        "rendered": rendered,
        "sender": "The Example <news@example.org>",
        "postal_address": "1 High Street\nSpringfield",
        "headers": (("List-Id", '"The Example"\r\n <the-example.example.org>'), ("Precedence", "bulk")),
    }
    return Campaign(**(values | given))


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
