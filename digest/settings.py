"""The words of ``schedules.toml``, typed and frozen. ``config`` reads them; the rest obeys them.

A docstring below a field is its documentation: the JSON Schema and ``docs/schedules.md`` show it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Annotated, Any, ClassVar, Literal, Self
from urllib.parse import SplitResult, urlsplit

from annotated_types import Interval, MinLen

from digest.spelling import (
    Approval,
    BounceMailbox,
    ByKind,
    ColourCode,
    Days,
    Duration,
    HolidayCalendar,
    Host,
    Hour,
    Language,
    Line,
    Mailbox,
    MaybeColourCode,
    MaybeHost,
    MaybeHour,
    MaybeMailbox,
    MaybeWebAddress,
    OtherLanguage,
    Slug,
    Spelled,
    Text,
    Title,
    WebAddress,
    Zone,
    read_web_address,
)


class Secret:
    """A value that is shown nowhere: ``repr``, ``str`` and tracebacks say ``***``."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself, for the one call that needs it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)


class FromEnvironment(str):
    """A text whose ``${NAME}`` were replaced: *written* is what the file says, and all that is shown."""

    __slots__ = ("written",)

    written: str

    def __new__(cls, value: str, *, written: str) -> Self:
        text = super().__new__(cls, value)
        text.written = written
        return text

    def __repr__(self) -> str:
        return repr(self.written)


@dataclass(frozen=True, slots=True)
class Hidden:
    """Marks a setting whose value is a ``Secret``; *read* raises ValueError with what it expected."""

    read: Callable[[str], Secret]
    examples: tuple[str, ...]
    pattern: str = ""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(self._value)

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        shape = {"type": "string", "writeOnly": True, "examples": list(self.examples)}
        return {**shape, "pattern": self.pattern} if self.pattern else shape

    def _value(self, text: object) -> Secret:
        if not isinstance(text, str):
            raise ValueError(f'must be a text in quotes, as in "{self.examples[0]}"')
        return self.read(text)


def read_secret(text: str) -> Secret:
    if text and not isinstance(text, FromEnvironment):
        raise ValueError(
            'is a secret and does not belong into the file: write "${NAME}" and set NAME where it runs'
        )
    return Secret(str(text))


def read_database_url(text: str) -> Secret:
    """An SQLAlchemy address; a password in it has to come from the environment."""
    written = text.written if isinstance(text, FromEnvironment) else text
    try:
        parts, password = urlsplit(text), urlsplit(written).password or ""
    except ValueError:
        parts, password = SplitResult("", "", "", "", ""), ""
    if not parts.scheme or "://" not in text:
        raise ValueError("must be the address of a database, as in sqlite:///var/digest.db")
    if password and "${" not in password:
        raise ValueError(
            'its password does not belong into the file: write "${NAME}" and set NAME where it runs'
        )
    return Secret(str(text))


def read_header(text: str) -> Secret:
    """The value of a request's header: Latin-1 on one line (RFC 9110, section 5.5)."""
    if not all(char == "\t" or " " <= char <= "~" or "\xa0" <= char <= "\xff" for char in text):
        raise ValueError("must be on one line and without control characters")
    return Secret(str(text))


#: Where each provider of language models is asked, unless the file says otherwise.
SERVERS = {
    "ollama": "http://localhost:11434/v1",
    "openai": "https://api.openai.com/v1",
    "anthropic": "https://api.anthropic.com",
}


def read_model(text: str) -> str:
    """A provider and its own name for a model."""
    provider, colon, name = text.partition(":")
    if provider not in SERVERS or not colon or not name or any(map(str.isspace, text)):
        raise ValueError(
            f'must be a provider and its model, as in "ollama:llama3.2"; providers: {", ".join(SERVERS)}'
        )
    return text


def read_region(text: str) -> str:
    """A region's name as AWS writes it: it becomes a part of a host's."""
    if not re.fullmatch(r"[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}", text):
        raise ValueError('must be the name of a region of AWS, as in "eu-west-1"')
    return text


def read_comments(text: str) -> str:
    """An address of the web in which {url} stands for that of a page."""
    read_web_address(text.replace("{url}", ""))
    return text


#: Characters of a secret that nobody guesses, however often it may be tried.
LEAST_SECRET = 20


def read_hook_secret(text: str) -> Secret:
    """A secret from the environment, as long as one has to be that the whole world may try."""
    secret = read_secret(text)
    if len(text) < LEAST_SECRET and isinstance(text, FromEnvironment) and text:
        raise ValueError(f"must have {LEAST_SECRET} characters or more, as `openssl rand -hex 20` makes them")
    if not text:
        raise ValueError('must not be empty: write "${NAME}" and set NAME where it runs')
    return secret


REFERENCE = r"\$\{[A-Za-z_][A-Za-z0-9_]*\}"
SecretText = Annotated[Secret, Hidden(read_secret, ("${SMTP_PASSWORD}",), f"^$|{REFERENCE}")]
PrivateKey = Annotated[Secret, Hidden(read_secret, ("${DKIM_KEY}",), f"^$|{REFERENCE}")]
ApiKey = Annotated[Secret, Hidden(read_secret, ("${LLM_API_KEY}",), f"^$|{REFERENCE}")]
ChatAddress = Annotated[Secret, Hidden(read_secret, ("${EDITORS_CHAT}",), REFERENCE)]
SenderKey = Annotated[Secret, Hidden(read_secret, ("${SENDER_KEY}",), f"^$|{REFERENCE}")]
HookSecret = Annotated[Secret, Hidden(read_hook_secret, ("${HOOK_SECRET}",), REFERENCE)]
ModelName = Annotated[
    str,
    Spelled(read_model, ("ollama:llama3.2", "openai:gpt-5-mini", "anthropic:claude-haiku-4-5"), r"\w+:\S+"),
]
Region = Annotated[str, Spelled(read_region, ("eu-west-1", "us-east-1"))]
ApiAddress = Annotated[
    str, Spelled(read_web_address, ("http://localhost:8080/v1",), r"(https?://|\$\{)\S+", empty=True)
]
CommentAddress = Annotated[
    str,
    Spelled(
        read_comments, ("https://forum.example.org/new?about={url}",), r"(https?://|\$\{)\S+", empty=True
    ),
]
HeaderText = Annotated[Secret, Hidden(read_header, ("Bearer ${FEED_TOKEN}",))]
DatabaseUrl = Annotated[
    Secret,
    Hidden(
        read_database_url, ("sqlite:///var/digest.db", "postgresql+psycopg://digest:${PGPASSWORD}@db/digest")
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A source of articles."""

    url: WebAddress
    """Address of an RSS, Atom or JSON feed; http or https."""
    title: Line = ""
    """The outlet's name as readers see it. Default: the feed's own title."""
    section: Line = ""
    """The section that its stories go to. Default: the newsletter's first."""
    weight: Annotated[float, Interval(ge=0, le=10)] = 1.0
    """How much its stories count when stories compete; 1 is usual."""
    limit: Annotated[int, Interval(ge=1, le=200)] = 10
    """At most this many of its newest articles are candidates for one edition."""
    identity: Literal["auto", "guid", "link", "hash"] = "auto"
    """What tells its articles apart. "auto" chooses on first sight and keeps to it."""
    content: Literal["page", "feed"] = "page"
    """Where an article's text is read: on its page, or in the feed (full-text feeds)."""
    languages: tuple[OtherLanguage, ...] = ()
    """Languages taken besides the newsletter's own, as in ["fr"]; ["*"] takes any."""
    headers: Mapping[str, HeaderText] = field(default_factory=dict)
    """Extra request headers, as in { Authorization = "Bearer ${FEED_TOKEN}" }; only those that are no
    credentials may stand in the file."""
    username: Line = ""
    """User name for HTTP basic authentication."""
    password: SecretText = Secret("")
    """Password for HTTP basic authentication, as in "${FEED_PASSWORD}"."""
    paywalled: bool = False
    """Its pages need a subscription: links are marked so, and pages are not fetched."""
    allow_private: bool = False
    """Its host may have a private or loopback address."""


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
    processes: Annotated[int, Interval(ge=1, le=16)] = 1
    """Processes that sign; an RSA signature takes longer than all else of a mail."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractiveSettings:
    """Whole sentences of the article. The default."""

    kind: Literal["extractive"] = "extractive"
    """"extractive" takes whole sentences from the article, word for word."""
    words: Annotated[int, Interval(ge=30, le=120)] = 60
    """About how many words a summary may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmSettings:
    """A language model, behind a gate.

    What it says is used only where the article bears it out: each number, name and quotation has to stand
    in the article, and most of the words. Whatever fails, whatever is late, and whatever is beyond the
    budget, has its summary from the article's own sentences.
    Needs `pip install "digest-newsletter[llm]"`.
    """

    kind: Literal["llm"]
    """"llm" asks a language model for summary, question, context and topic."""
    model: ModelName
    """Provider and its model. A server of your own that speaks OpenAI's language, such as llama.cpp, is
    "openai:" and any name, with its `base_url`."""
    base_url: ApiAddress = ""
    """Address of the API, and the only host that is contacted. Default: that of the provider; for ollama,
    http://localhost:11434/v1."""
    api_key: ApiKey = Secret("")
    """Key of the API, as in "${LLM_API_KEY}"; servers of your own often need none."""
    words: Annotated[int, Interval(ge=30, le=120)] = 60
    """About how many words a summary, and the context below it, may have."""
    calls: Annotated[int, Interval(ge=1, le=1000)] = 40
    """At most so many calls a run. An answer that was given before is remembered, and costs none."""
    tokens: Annotated[int, Interval(ge=1000, le=10_000_000)] = 200_000
    """At most so many tokens a run, those of the questions included."""
    timeout: Duration = timedelta(seconds=30)
    """How long one answer may take."""
    time_limit: Duration = timedelta(minutes=3)
    """How long all answers of a run may take together; the edition never waits longer."""
    workers: Annotated[int, Interval(ge=1, le=32)] = 4
    """Questions that are asked at once."""

    @property
    def provider(self) -> str:
        return self.model.partition(":")[0]

    @property
    def model_name(self) -> str:
        """The provider's own name for the model."""
        return self.model.partition(":")[2]

    @property
    def server(self) -> str:
        """The address that is asked."""
        return self.base_url or SERVERS[self.provider]


SummarizerSettings = Annotated[ExtractiveSettings | LlmSettings, ByKind()]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticesSettings:
    """What the editors are told: by mail to `editors`, and by chat. docs/watching.md shows every notice."""

    mute: tuple[
        Literal[
            "draft ready",
            "reminder",
            "not sent",
            "sent",
            "feed ill",
            "trouble",
            "settings refused",
            "missed",
            "recovered",
        ],
        ...,
    ] = ()
    """Kinds of notices that are told nobody, as in ["sent"]."""
    commands: bool = False
    """`digest build` and `digest send` tell the editors as well, as with --tell: for newsletters that cron
    runs. `digest run` always does."""
    preview: MaybeWebAddress = ""
    """Where editors open the desk, as in "https://desk.example.org/". Default: the command to start it."""
    ill_after: Annotated[int, Interval(ge=1, le=100)] = 3
    """So many times in a row a feed has to fail before the editors are told; `digest status` calls it ill
    from then on."""
    sender: MailSenderSettings | None = None
    """Who takes these mails, where the newsletter's own sender holds the list, or should not be the one to
    say that it fails. Default: the newsletter's `sender`."""
    from_: MaybeMailbox = ""
    """From of these mails. Default: the newsletter's `from`."""
    apprise: tuple[ChatAddress, ...] = ()
    """Addresses of chats and the like as Apprise writes them, each from the environment, as in
    ["${EDITORS_CHAT}"]. Needs `pip install "digest-newsletter[notices]"`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseLink:
    """A link in the masthead."""

    text: Title
    """The words of the link, as in "Donate"."""
    url: WebAddress
    """Where it leads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderQuote:
    """A reader's words beside the invitation to subscribe."""

    text: Text
    """What a reader said about the newsletter."""
    by: Line = ""
    """Who said it, as in "Adam"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """A picture in the masthead, in place of the newsletter's name in letters."""

    url: WebAddress
    """Where the picture lies. One that is read on white and on black needs no ground of its own."""
    width: Annotated[int, Interval(ge=16, le=560)]
    """Its width in the mail, in pixels; for sharp screens the file has twice as many."""
    height: Annotated[int, Interval(ge=8, le=320)]
    """Its height in the mail, in pixels."""
    alt: Line = ""
    """What it says, for readers without pictures. Default: the newsletter's title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DarkColours:
    """The colours for readers whose screens are dark."""

    paper: ColourCode = "#171614"
    """What is behind the text."""
    ink: ColourCode = "#ebe7e0"
    """The text."""
    accent: MaybeColourCode = ""
    """Labels and flags. Default: that of the light scheme, lighter until it can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """The house's logo and colours, which every template takes.

    Text and labels need a contrast of 4.5:1 (WCAG 2.2, level AA); what has less is a problem of the file.
    """

    logo: Logo | None = None
    """A picture in the masthead, as in { url = "https://example.org/logo.png", width = 240, height = 60 }."""
    accent: ColourCode = "#98201b"
    """Labels, flags and the house's own link."""
    paper: ColourCode = "#ffffff"
    """What is behind the text."""
    ink: ColourCode = "#1f1b16"
    """The text; captions, lines and boxes are shades between it and the paper."""
    dark: DarkColours = DarkColours()
    """The colours for readers whose screens are dark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietDay:
    """A day with fewer stories than `min_items`. Where more than half of the feeds failed, the day is not
    quiet: there is no edition, and they are asked again until `max_lateness` is over."""

    do: Literal["skip", "backfill", "notice"] = "skip"
    """"skip": no edition, and the editors are told. "backfill": older stories that no edition ran fill it up,
    at most seven days old. "notice": a short mail with `letter`, and what stories there are."""
    subject: Title = "A quiet day"
    """Subject of the short mail where it has no story at all."""
    letter: Text = "Little happened since our last edition, so this one is short. The next will have more."
    """What the short mail says above its stories."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsletter:
    """A newsletter; NAME is its key: small letters, digits and hyphens."""

    #: The table's name in the file: "the-sift".
    key: str
    title: Title
    """The name in the masthead."""
    tagline: Line = ""
    """The line under the name."""
    timezone: Zone
    """IANA name of the zone that days and hours are meant in, as in "America/New_York"."""
    language: Language = "en"
    """Language of the edition; articles in another are left out unless their feed allows it."""
    days: Days = frozenset(range(5))
    """Days with an edition, by name."""
    holidays: HolidayCalendar = ""
    """Country, or country and region, whose public holidays have no edition: "US", "DE-BY"."""
    build: Hour = time(5, 0)
    """When the draft is made."""
    remind: MaybeHour = None
    """When the editors are reminded of a draft that nobody approved, as in "06:00". Default: they are not."""
    send: Hour = time(6, 30)
    """When the edition goes out."""
    max_lateness: Duration = timedelta(hours=3)
    """How late after that hour `digest run` still sends: an edition that waited for an approval, a mended
    file or a server, mails that were deferred, and what was due while it did not run. Never later than the
    next edition's `build`."""
    approval: Approval = "automatic"
    """"automatic" sends what nobody stopped; "required" sends only what `digest approve` approved;
    "automatic after 06:15" waits for an approval until then."""
    fetch_every: Duration = timedelta(hours=1)
    """How often `digest run` asks each feed between two builds, so that short feeds lose nothing."""
    items: Annotated[int, Interval(ge=1, le=60)] = 6
    """How many stories an edition has at most."""
    min_items: Annotated[int, Interval(ge=1, le=60)] = 1
    """With fewer stories than this the day is quiet; `quiet_day` says what then."""
    quiet_day: QuietDay = QuietDay()
    """What becomes of a day with fewer stories than `min_items`."""
    quick_hits: Annotated[int, Interval(ge=0, le=20)] = 4
    """How many stories that just missed become one-line links."""
    per_outlet: Annotated[int, Interval(ge=0, le=60)] = 0
    """At most this many stories of one outlet in an edition.
    0 gives each outlet up to twice its even share of the places, and at least 2."""
    per_section: Annotated[int, Interval(ge=0, le=60)] = 0
    """At most this many stories of one section; 0 means no limit."""
    sections: tuple[Title, ...] = ()
    """Sections in the order in which they are shown."""
    photos: Literal["credited", "all", "none"] = "credited"
    """Which of the publishers' pictures a draft has: those with a credit, all, or none."""
    feeds: Annotated[tuple[Feed, ...], MinLen(1)]
    """Where the articles come from."""
    template: Slug = "sift"
    """Name of the template: "sift" is led by photos, "brief" is short lines for many items; your own is a
    folder in templates/ (`digest init --template NAME` makes one)."""
    brand: Brand = Brand()
    """The house's logo and colours."""
    sender: SenderSettings = OutboxSettings()
    """Who takes the mails."""
    mails_per_minute: Annotated[int, Interval(ge=0, le=1_000_000)] = 0
    """At most so many mails a minute go to the sender, whichever it is; 0 means no limit."""
    retry_after: tuple[Duration, ...] = (timedelta(minutes=1), timedelta(minutes=5))
    """How long `digest send` waits before it tries deferred mails again, as in ["1m", "5m"]; once for each.
    What is deferred even then is left to the next `digest send`."""
    summarizer: SummarizerSettings = ExtractiveSettings()
    """Who writes the summaries."""
    from_: Mailbox
    """The mail's From, as in "The Sift <sift@example.org>"."""
    reply_to: MaybeMailbox = ""
    """Where answers go. Default: the address in `from`."""
    bounces: BounceMailbox = ""
    """Where bounces go, as in "bounces@mail.example.org": each mail's envelope sender is that mailbox with
    "+" and a token of the edition and the reader, so the server must keep what follows "+". Its domain needs
    SPF. Default: the address in `from`."""
    postal_address: Text
    """The publisher's postal address: the law asks for it in each mail."""
    web: MaybeWebAddress = ""
    """Address of the newsletter's pages (archive, unsubscribe). Without it, readers unsubscribe by mail."""
    archive: MaybeWebAddress = ""
    """Address of the past editions where they lie with another host than `web`: the files that `digest
    archive` makes. Default: `web`."""
    comments: CommentAddress = ""
    """Where readers comment on an item, as in "https://forum.example.org/new?about={url}"; {url} is replaced
    by the address of the item's page."""
    copyright: Line = ""
    """The line at the very end. Default: the title."""
    house_link: HouseLink | None = None
    """A link in the masthead, as in { text = "Donate", url = "https://example.org/donate" }."""
    reader_quote: ReaderQuote | None = None
    """A reader's words beside the invitation to subscribe."""
    editors: tuple[Mailbox, ...] = ()
    """Addresses of the editors, who are told what they have to know, as in ["desk@example.org"]."""
    notices: NoticesSettings = NoticesSettings()
    """What the editors are told, and how."""
    extra_days_off: tuple[date, ...] = ()
    """Days without an edition besides the holidays, as in [2026-12-24]."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    """Where everything is kept."""

    url: DatabaseUrl = Secret("sqlite:///var/digest.db")
    """Address of the database; a SQLite path is relative to the project, and a password in it comes from
    the environment."""
    keep: Duration = timedelta(days=365)
    """How long `digest run` keeps the texts of articles, what language models answered, and the journal.
    Editions, subscribers and who was sent what are kept for ever. At least "60d"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchingSettings:
    """Limits of every request to the outside."""

    workers: Annotated[int, Interval(ge=1, le=64)] = 16
    """Feeds and pages asked at once."""
    timeout: Duration = timedelta(seconds=30)
    """Total time for one address, redirects and body included."""
    max_bytes: Annotated[int, Interval(ge=100_000, le=100_000_000)] = 10_000_000
    """Bytes of one body after decompression; larger ones are refused."""
    per_host: Annotated[int, Interval(ge=1, le=16)] = 2
    """Connections to one host at once."""
    user_agent: Line = ""
    """Who we say we are. Default: the program's name and version."""
    allow_hosts: tuple[Host, ...] = ()
    """Hosts that may have a private address, as in ["intranet.example.org"]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What ``schedules.toml`` says."""

    # Read by pydantic; it holds for the tables below as well.
    __pydantic_config__: ClassVar[Mapping[str, Any]] = {
        "extra": "forbid",
        "alias_generator": lambda name: name.removesuffix("_"),  # `from` is a keyword of Python
        "use_attribute_docstrings": True,
    }

    newsletters: Annotated[Mapping[str, Newsletter], MinLen(1)]
    """The newsletters, one table [newsletters.NAME] each."""
    store: StoreSettings = StoreSettings()
    """Where everything is kept."""
    fetching: FetchingSettings = FetchingSettings()
    """Limits of every outward request."""
    bounces: BouncesSettings = BouncesSettings()
    """When an address that mails come back from gets no more."""
    hooks: HooksSettings = HooksSettings()
    """Who may tell of bounces and complaints."""
