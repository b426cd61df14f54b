"""Who takes the mails, or the campaigns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from annotated_types import Interval, MinLen

from digest.settings.secrets import ApiAddress, PrivateKey, Region, Secret, SecretText, SenderKey
from digest.spelling import ByKind, Duration, Host, Line, MaybeHost, Slug, Title, WebAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxSettings:
    """Mails as files, one .eml each: nothing leaves the machine. The default."""

    kind: Literal["outbox"] = "outbox"
    """One .eml file a mail."""
    path: Title = "outbox"
    """Folder of the mails, relative to the project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimSettings:
    """The signature of the mails, where the server that takes them adds none."""

    domain: Host
    """The domain that signs, d=: that of `from`, or one above or below it."""
    selector: Host
    """The name below which the public key stands in the DNS: SELECTOR._domainkey.DOMAIN."""
    key: PrivateKey
    """The RSA key in PEM, of 2048 bits, as in "${DKIM_KEY}"; DKIM_KEY_FILE names a file that holds it."""
    ed25519_selector: MaybeHost = ""
    """The selector of the Ed25519 key."""
    ed25519_key: PrivateKey = Secret("")
    """An Ed25519 key in PEM, for a second signature beside that of RSA."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSettings:
    """An SMTP server."""

    kind: Literal["smtp"]
    """An SMTP server that takes mail for delivery."""
    host: Host
    """Name or address of the server."""
    port: Annotated[int, Interval(ge=1, le=65535)] = 587
    """587 with security = "starttls", 465 with "tls"."""
    security: Literal["starttls", "tls", "none"] = "starttls"
    """"starttls" upgrades a plain connection, "tls" starts encrypted; "none" stays plain, and takes a
    login only to a loopback host."""
    username: Line = ""
    """Login name; no login without it."""
    password: SecretText = Secret("")
    """Password of the login, as in "${SMTP_PASSWORD}"."""
    timeout: Duration = timedelta(seconds=60)
    """How long one step of the conversation may take."""
    connections: Annotated[int, Interval(ge=1, le=50)] = 4
    """Connections at once, at most; a short list needs one."""
    domain_rate: Annotated[float, Interval(ge=0, le=100_000)] = 0.0
    """At most so many mails a second to the addresses of one domain; 0 means no limit."""
    dkim: DkimSettings | None = None
    """How mails are signed, as in { domain = "example.org", selector = "news", key = "${DKIM_KEY}" }."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SesSettings:
    """Amazon SES, version 2 of its API. Mails that get no answer are unsure: it knows no repeated request."""

    kind: Literal["ses"]
    """Amazon SES: one finished message a request."""
    region: Region
    """Region of AWS where the domain is verified."""
    access_key: Title
    """Id of the access key; a user that may do no more than ses:SendEmail and ses:GetAccount will do."""
    secret_key: SenderKey
    """The access key's secret, as in "${SENDER_KEY}"."""
    session_token: SenderKey = Secret("")
    """Token of temporary credentials."""
    configuration_set: Line = ""
    """Configuration set that the mails go through, which publishes bounces and complaints."""
    rate: Annotated[float, Interval(ge=0, le=100_000)] = 0.0
    """At most so many requests a second: your account's own maximum send rate. Default: no limit."""
    base_url: ApiAddress = ""
    """Another address of the API, such as that of a test server. Default: the provider's."""
    timeout: Duration = timedelta(seconds=60)
    """How long an answer may take."""
    dkim: DkimSettings | None = None
    """How mails are signed where SES does not sign with your domain itself (Easy DKIM); as that of "smtp"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostmarkSettings:
    """Postmark. Each mail of a request has its own result."""

    kind: Literal["postmark"]
    """Postmark: whole mails in batches."""
    token: SenderKey
    """Token of the server, as in "${SENDER_KEY}"."""
    stream: Slug = "broadcast"
    """Message stream of kind "broadcast". Set its unsubscribes to "custom": the links are ours."""
    batch: Annotated[int, Interval(ge=1, le=500)] = 50
    """Mails in one request; after a crash, those of two requests may be in doubt."""
    rate: Annotated[float, Interval(ge=0, le=100_000)] = 0.0
    """At most so many requests a second. Default: what the provider's documents allow (docs/senders.md)."""
    base_url: ApiAddress = ""
    """Another address of the API, such as that of a test server. Default: the provider's."""
    timeout: Duration = timedelta(seconds=60)
    """How long an answer may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResendSettings:
    """Resend. A request that got no answer is repeated: it is known by its key for a day."""

    kind: Literal["resend"]
    """Resend: whole mails in batches."""
    key: SenderKey
    """API key, as in "${SENDER_KEY}"; one that may only send will do."""
    batch: Annotated[int, Interval(ge=1, le=100)] = 50
    """Mails in one request; after a crash, those of two requests may be in doubt."""
    rate: Annotated[float, Interval(ge=0, le=100_000)] = 0.0
    """At most so many requests a second. Default: what the provider's documents allow (docs/senders.md)."""
    base_url: ApiAddress = ""
    """Another address of the API, such as that of a test server. Default: the provider's."""
    timeout: Duration = timedelta(seconds=60)
    """How long an answer may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailgunSettings:
    """Mailgun. Mails that get no answer are unsure: it knows no repeated request."""

    kind: Literal["mailgun"]
    """Mailgun: one finished message a request."""
    domain: Host
    """Sending domain, as in "mg.example.org"."""
    key: SenderKey
    """API key or the domain's sending key, as in "${SENDER_KEY}"."""
    region: Literal["us", "eu"] = "us"
    """Where the domain lives."""
    rate: Annotated[float, Interval(ge=0, le=100_000)] = 0.0
    """At most so many requests a second. Default: what the provider's documents allow (docs/senders.md)."""
    base_url: ApiAddress = ""
    """Another address of the API, such as that of a test server. Default: the provider's."""
    timeout: Duration = timedelta(seconds=60)
    """How long an answer may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendgridSettings:
    """SendGrid. The edition travels once for all readers of a request; clicks and opens are not tracked."""

    kind: Literal["sendgrid"]
    """SendGrid: an edition, and what differs from reader to reader."""
    key: SenderKey
    """API key, as in "${SENDER_KEY}"; one that may only send mail will do."""
    region: Literal["global", "eu"] = "global"
    """Where the account lives."""
    batch: Annotated[int, Interval(ge=1, le=1000)] = 100
    """Mails in one request; after a crash, those of two requests may be in doubt."""
    rate: Annotated[float, Interval(ge=0, le=100_000)] = 0.0
    """At most so many requests a second. Default: what the provider's documents allow (docs/senders.md)."""
    base_url: ApiAddress = ""
    """Another address of the API, such as that of a test server. Default: the provider's."""
    timeout: Duration = timedelta(seconds=60)
    """How long an answer may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrevoSettings:
    """Brevo. A request that got no answer is repeated: it is known by its key for half an hour."""

    kind: Literal["brevo"]
    """Brevo: one mail a request."""
    key: SenderKey
    """API key, as in "${SENDER_KEY}"."""
    rate: Annotated[float, Interval(ge=0, le=100_000)] = 0.0
    """At most so many requests a second. Default: what the provider's documents allow (docs/senders.md)."""
    base_url: ApiAddress = ""
    """Another address of the API, such as that of a test server. Default: the provider's."""
    timeout: Duration = timedelta(seconds=60)
    """How long an answer may take."""


#: The senders behind an HTTP API that hand over a mail for each reader.
ApiSettings = (
    SesSettings | PostmarkSettings | ResendSettings | MailgunSettings | SendgridSettings | BrevoSettings
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListmonkSettings:
    """A listmonk server of your own, 5.0 or later: it holds the list, and sends one campaign an edition."""

    kind: Literal["listmonk"]
    """listmonk: one campaign an edition."""
    base_url: WebAddress
    """Address of the server, as in "https://lists.example.org"."""
    username: Title
    """Name of the API user; it needs leave to get and manage campaigns and those lists."""
    token: SenderKey
    """Its token, as in "${SENDER_KEY}"."""
    lists: Annotated[tuple[Annotated[int, Interval(ge=1, le=2_000_000_000)], ...], MinLen(1)]
    """Ids of the lists that get the campaign, as in [3]."""
    rate: Annotated[float, Interval(ge=0, le=100_000)] = 0.0
    """At most so many requests a second. Default: no limit."""
    timeout: Duration = timedelta(seconds=60)
    """How long an answer may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtondownSettings:
    """Buttondown: it holds the list, and sends one email an edition. It makes the text part by itself."""

    kind: Literal["buttondown"]
    """Buttondown: one email an edition."""
    key: SenderKey
    """API key, as in "${SENDER_KEY}"; one that may write emails will do."""
    tags: tuple[Title, ...] = ()
    """Ids of tags: only subscribers with one of them get the edition. Default: all."""
    rate: Annotated[float, Interval(ge=0, le=100_000)] = 0.0
    """At most so many requests a second. Default: what the provider's answers allow."""
    base_url: ApiAddress = ""
    """Another address of the API, such as that of a test server. Default: the provider's."""
    timeout: Duration = timedelta(seconds=60)
    """How long an answer may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailchimpSettings:
    """Mailchimp: it holds the list, and sends one campaign an edition. Answers go to `from`."""

    kind: Literal["mailchimp"]
    """Mailchimp: one campaign an edition."""
    key: SenderKey
    """API key with its data centre, as in "${SENDER_KEY}" for one that ends with -us19."""
    list: Title
    """Id of the audience."""
    segment: Annotated[int, Interval(ge=0, le=2_000_000_000)] = 0
    """Id of a saved segment of it; 0 is the whole audience."""
    rate: Annotated[float, Interval(ge=0, le=100_000)] = 0.0
    """At most so many requests a second. Default: no limit."""
    base_url: ApiAddress = ""
    """Another address of the API, such as that of a test server. Default: the provider's."""
    timeout: Duration = timedelta(seconds=60)
    """How long an answer may take."""


#: The senders that hold the list themselves, and are handed an edition.
CampaignSettings = ListmonkSettings | ButtondownSettings | MailchimpSettings
SenderSettings = Annotated[OutboxSettings | SmtpSettings | ApiSettings | CampaignSettings, ByKind()]
#: The senders that take single mails.
MailSenderSettings = Annotated[OutboxSettings | SmtpSettings | ApiSettings, ByKind()]
