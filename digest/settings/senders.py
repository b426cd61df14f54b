"""Who is handed the mails, or the campaigns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from annotated_types import Interval, MinLen

from digest.settings.secrets import ApiAddress, PrivateKey, Region, Secret, SecretText, SenderKey
from digest.spelling import ByKind, Duration, Host, Line, MaybeHost, Slug, Title, WebAddress

#: A rate; 0.0 sets no limit of its own.
PerSecond = Annotated[float, Interval(ge=0, le=100_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxSettings:
    """Mails as files, one .eml each: nothing leaves the machine. The default."""

    kind: Literal["outbox"] = "outbox"
    """One .eml file per mail."""
    path: Title = "outbox"
    """Folder of the mails, relative to the project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimSettings:
    """The signature of the mails, where the server that takes them adds none."""

    domain: Host
    """The domain that signs, d=: that of `from`, or one above or below it."""
    selector: Host
    """The name of the public key's record in the DNS: SELECTOR._domainkey.DOMAIN."""
    key: PrivateKey
    """The RSA key in PEM, of 2048 bits, as in "${DKIM_KEY}"; DKIM_KEY_FILE names a file that holds it."""
    ed25519_selector: MaybeHost = ""
    """The selector of the Ed25519 key."""
    ed25519_key: PrivateKey = Secret("")
    """An Ed25519 key in PEM, for a second signature beside the RSA one."""


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
    """Maximum connections at once; a short list needs only one."""
    domain_rate: PerSecond = 0.0
    """Maximum mails per second to the addresses of one domain; 0 means no limit."""
    dkim: DkimSettings | None = None
    """How mails are signed, as in { domain = "example.org", selector = "news", key = "${DKIM_KEY}" }."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SesSettings:
    """Amazon SES, version 2 of its API. Mails without an answer are unsure: it recognizes no repeated
    request."""

    kind: Literal["ses"]
    """Amazon SES: one finished message per request."""
    region: Region
    """AWS region in which the domain is verified."""
    access_key: Title
    """Id of the access key; its user needs no permissions but ses:SendEmail and ses:GetAccount."""
    secret_key: SenderKey
    """The access key's secret, as in "${SENDER_KEY}"."""
    session_token: SenderKey = Secret("")
    """Token of temporary credentials."""
    configuration_set: Line = ""
    """Configuration set for the mails; it publishes bounces and complaints."""
    rate: PerSecond = 0.0
    """Maximum requests per second: set it to your account's maximum send rate. Default: no limit."""
    base_url: ApiAddress = ""
    """Another address for the API, such as a test server's. Default: the provider's."""
    timeout: Duration = timedelta(seconds=60)
    """How long an answer may take."""
    dkim: DkimSettings | None = None
    """How mails are signed, unless SES signs for your domain itself (Easy DKIM); as in "smtp"."""


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
    """Mails per request; after a crash, those of two requests may be in doubt."""
    rate: PerSecond = 0.0
    """Maximum requests per second. Default: what the provider's documents allow (docs/senders.md)."""
    base_url: ApiAddress = ""
    """Another address for the API, such as a test server's. Default: the provider's."""
    timeout: Duration = timedelta(seconds=60)
    """How long an answer may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResendSettings:
    """Resend. A request without an answer is repeated: Resend recognizes it by its key for a day."""

    kind: Literal["resend"]
    """Resend: whole mails in batches."""
    key: SenderKey
    """API key, as in "${SENDER_KEY}"; one that can only send is enough."""
    batch: Annotated[int, Interval(ge=1, le=100)] = 50
    """Mails per request; after a crash, those of two requests may be in doubt."""
    rate: PerSecond = 0.0
    """Maximum requests per second. Default: what the provider's documents allow (docs/senders.md)."""
    base_url: ApiAddress = ""
    """Another address for the API, such as a test server's. Default: the provider's."""
    timeout: Duration = timedelta(seconds=60)
    """How long an answer may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailgunSettings:
    """Mailgun. Mails without an answer are unsure: it recognizes no repeated request."""

    kind: Literal["mailgun"]
    """Mailgun: one finished message per request."""
    domain: Host
    """Sending domain, as in "mg.example.org"."""
    key: SenderKey
    """API key or the domain's sending key, as in "${SENDER_KEY}"."""
    region: Literal["us", "eu"] = "us"
    """Where the domain is hosted."""
    rate: PerSecond = 0.0
    """Maximum requests per second. Default: what the provider's documents allow (docs/senders.md)."""
    base_url: ApiAddress = ""
    """Another address for the API, such as a test server's. Default: the provider's."""
    timeout: Duration = timedelta(seconds=60)
    """How long an answer may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendgridSettings:
    """SendGrid. A request carries the edition once, for all its readers; clicks and opens are not tracked."""

    kind: Literal["sendgrid"]
    """SendGrid: an edition, and what differs from reader to reader."""
    key: SenderKey
    """API key, as in "${SENDER_KEY}"; one that can only send mail is enough."""
    region: Literal["global", "eu"] = "global"
    """Where the account is hosted."""
    batch: Annotated[int, Interval(ge=1, le=1000)] = 100
    """Mails per request; after a crash, those of two requests may be in doubt."""
    rate: PerSecond = 0.0
    """Maximum requests per second. Default: what the provider's documents allow (docs/senders.md)."""
    base_url: ApiAddress = ""
    """Another address for the API, such as a test server's. Default: the provider's."""
    timeout: Duration = timedelta(seconds=60)
    """How long an answer may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrevoSettings:
    """Brevo. A request without an answer is repeated: Brevo recognizes it by its key for half an hour."""

    kind: Literal["brevo"]
    """Brevo: one mail per request."""
    key: SenderKey
    """API key, as in "${SENDER_KEY}"."""
    rate: PerSecond = 0.0
    """Maximum requests per second. Default: what the provider's documents allow (docs/senders.md)."""
    base_url: ApiAddress = ""
    """Another address for the API, such as a test server's. Default: the provider's."""
    timeout: Duration = timedelta(seconds=60)
    """How long an answer may take."""


#: The senders behind an HTTP API that hand over a mail for each reader.
ApiSettings = (
    SesSettings | PostmarkSettings | ResendSettings | MailgunSettings | SendgridSettings | BrevoSettings
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListmonkSettings:
    """A listmonk server of your own, 5.0 or later: it holds the list, and sends one campaign per edition."""

    kind: Literal["listmonk"]
    """listmonk: one campaign per edition."""
    base_url: WebAddress
    """Address of the server, as in "https://lists.example.org"."""
    username: Title
    """Name of the API user; it needs permission to get and manage campaigns and those lists."""
    token: SenderKey
    """Its token, as in "${SENDER_KEY}"."""
    lists: Annotated[tuple[Annotated[int, Interval(ge=1, le=2_000_000_000)], ...], MinLen(1)]
    """Ids of the lists that get the campaign, as in [3]."""
    rate: PerSecond = 0.0
    """Maximum requests per second. Default: no limit."""
    timeout: Duration = timedelta(seconds=60)
    """How long an answer may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtondownSettings:
    """Buttondown: it holds the list, and sends one email per edition. It makes the text part itself."""

    kind: Literal["buttondown"]
    """Buttondown: one email per edition."""
    key: SenderKey
    """API key, as in "${SENDER_KEY}"; one that can write emails is enough."""
    tags: tuple[Title, ...] = ()
    """Ids of tags: only subscribers with one of them get the edition. Default: all."""
    rate: PerSecond = 0.0
    """Maximum requests per second. Default: what the provider's answers allow."""
    base_url: ApiAddress = ""
    """Another address for the API, such as a test server's. Default: the provider's."""
    timeout: Duration = timedelta(seconds=60)
    """How long an answer may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailchimpSettings:
    """Mailchimp: it holds the list, and sends one campaign per edition. Answers go to `from`."""

    kind: Literal["mailchimp"]
    """Mailchimp: one campaign per edition."""
    key: SenderKey
    """API key, as in "${SENDER_KEY}"; it ends with its data centre, as in -us19."""
    list: Title
    """Id of the audience."""
    segment: Annotated[int, Interval(ge=0, le=2_000_000_000)] = 0
    """Id of a saved segment of it; 0 means the whole audience."""
    rate: PerSecond = 0.0
    """Maximum requests per second. Default: no limit."""
    base_url: ApiAddress = ""
    """Another address for the API, such as a test server's. Default: the provider's."""
    timeout: Duration = timedelta(seconds=60)
    """How long an answer may take."""


#: The senders that hold the list themselves, and are handed an edition.
CampaignSettings = ListmonkSettings | ButtondownSettings | MailchimpSettings
SenderSettings = Annotated[OutboxSettings | SmtpSettings | ApiSettings | CampaignSettings, ByKind()]
#: The senders that take single mails.
MailSenderSettings = Annotated[OutboxSettings | SmtpSettings | ApiSettings, ByKind()]
