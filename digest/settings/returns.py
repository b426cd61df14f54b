"""Bounces, and the providers that may report them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from annotated_types import Interval, MinLen

from digest.settings.secrets import HookSecret, SecretText
from digest.spelling import Duration, Host, Title


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapSettings:
    """The bounce mailbox on a server. Unread messages are read and marked as read; none is deleted."""

    host: Host
    """Name of the IMAP server; the connection is encrypted from the start."""
    port: Annotated[int, Interval(ge=1, le=65535)] = 993
    """Its port for encrypted connections."""
    username: Title
    """Login name."""
    password: SecretText
    """Password of the login, as in "${IMAP_PASSWORD}"."""
    folder: Title = "INBOX"
    """Folder that the bounces are in."""
    timeout: Duration = timedelta(seconds=60)
    """How long one step of the conversation may take."""
    every: Duration = timedelta(minutes=15)
    """How often `digest run` reads it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BouncesSettings:
    """When bounces suppress an address. An unknown address is suppressed at once, unless there are too many
    of them, and so is one that complains; a full mailbox, or a server that could not be reached, may be
    temporary."""

    soft: Annotated[int, Interval(ge=1, le=100)] = 5
    """An address is suppressed after soft bounces of this many editions..."""
    within: Duration = timedelta(days=14)
    """...within this time."""
    imap: ImapSettings | None = None
    """The bounce mailbox, for `digest bounces --imap`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SesHook:
    """Amazon SES through a topic of SNS, with raw message delivery off."""

    topics: Annotated[tuple[Title, ...], MinLen(1)]
    """ARNs of the topics to accept, as in "arn:aws:sns:eu-west-1:123456789012:bounces"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostmarkHook:
    """Postmark, which signs nothing: each post carries the secret."""

    secrets: Annotated[tuple[HookSecret, ...], MinLen(1)]
    """Secrets that you make up; one of them is the password in the webhook's address, or a part of its
    path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResendHook:
    """Resend, signed by Svix."""

    keys: Annotated[tuple[HookSecret, ...], MinLen(1)]
    """Signing secrets of the webhooks, "whsec_…"; two while you replace one by the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailgunHook:
    """Mailgun."""

    keys: Annotated[tuple[HookSecret, ...], MinLen(1)]
    """HTTP webhook signing keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendgridHook:
    """SendGrid's signed event webhook."""

    public_keys: Annotated[tuple[Title, ...], MinLen(1)]
    """Verification keys, as SendGrid shows them: "MFkwEwYH…". They are public, not secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtondownHook:
    """Buttondown."""

    keys: Annotated[tuple[HookSecret, ...], MinLen(1)]
    """Signing keys of the webhooks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrevoHook:
    """Brevo, which signs nothing: each post carries the secret."""

    secrets: Annotated[tuple[HookSecret, ...], MinLen(1)]
    """Secrets that you make up; one of them is the webhook's token, or a part of its path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HooksSettings:
    """Providers that may report bounces and complaints to `digest web`, at /hooks/NAME. One without a table
    is refused; docs/bounces.md has the address for each."""

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
