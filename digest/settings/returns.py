"""What comes back: bounces, and who may tell of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from annotated_types import Interval, MinLen

from digest.settings.secrets import HookSecret, SecretText
from digest.spelling import Duration, Host, Title


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapSettings:
    """The mailbox of the bounces, on a server. Unread messages are read, and marked so; none is deleted."""

    host: Host
    """Name of the IMAP server; the connection is encrypted from its start."""
    port: Annotated[int, Interval(ge=1, le=65535)] = 993
    """Its port for encrypted connections."""
    username: Title
    """Login name."""
    password: SecretText
    """Password of the login, as in "${IMAP_PASSWORD}"."""
    folder: Title = "INBOX"
    """Folder that the bounces lie in."""
    timeout: Duration = timedelta(seconds=60)
    """How long one step of the conversation may take."""
    every: Duration = timedelta(minutes=15)
    """How often `digest run` reads it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BouncesSettings:
    """When an address that mails come back from gets no more. What says that there is no such address is
    believed at once, and so is a complaint; a full mailbox, or a server that was never reached, may pass."""

    soft: Annotated[int, Interval(ge=1, le=100)] = 5
    """So many editions that came back, softly, suppress the address..."""
    within: Duration = timedelta(days=14)
    """...when they did so within this time."""
    imap: ImapSettings | None = None
    """The mailbox of the bounces, for `digest bounces --imap`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SesHook:
    """Amazon SES through a topic of SNS, with raw message delivery off."""

    topics: Annotated[tuple[Title, ...], MinLen(1)]
    """ARNs of the topics that are listened to, as in "arn:aws:sns:eu-west-1:123456789012:bounces"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostmarkHook:
    """Postmark, which signs nothing: each post brings the secret."""

    secrets: Annotated[tuple[HookSecret, ...], MinLen(1)]
    """Secrets of your making, one of them the password in the webhook's address, or a part of its path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResendHook:
    """Resend, signed by Svix."""

    keys: Annotated[tuple[HookSecret, ...], MinLen(1)]
    """Signing secrets of the webhooks, "whsec_…"; two while one is changed for another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailgunHook:
    """Mailgun."""

    keys: Annotated[tuple[HookSecret, ...], MinLen(1)]
    """HTTP webhook signing keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendgridHook:
    """SendGrid's signed event webhook."""

    public_keys: Annotated[tuple[Title, ...], MinLen(1)]
    """Verification keys, as SendGrid shows them: "MFkwEwYH…". They are public, and no secrets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtondownHook:
    """Buttondown."""

    keys: Annotated[tuple[HookSecret, ...], MinLen(1)]
    """Signing keys of the webhooks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrevoHook:
    """Brevo, which signs nothing: each post brings the secret."""

    secrets: Annotated[tuple[HookSecret, ...], MinLen(1)]
    """Secrets of your making, one of which is the webhook's token, or stands in the path of its address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HooksSettings:
    """Who may tell `digest web` of bounces and complaints, at /hooks/NAME. Without its table, none is heard;
    docs/bounces.md has the address of each."""

    ses: SesHook | None = None
    """Amazon SES through a topic of SNS."""
    postmark: PostmarkHook | None = None
    """Postmark."""
    resend: ResendHook | None = None
    """Resend."""
    mailgun: MailgunHook | None = None
    """Mailgun."""
    sendgrid: SendgridHook | None = None
    """SendGrid's signed event webhook."""
    buttondown: ButtondownHook | None = None
    """Buttondown."""
    brevo: BrevoHook | None = None
    """Brevo."""
