"""Secrets, which are never shown, and how they are written in the file."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Self
from urllib.parse import SplitResult, urlsplit

from digest.spelling import Spelled, read_web_address


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
            'is a secret and does not belong in the file: write "${NAME}" and set NAME where it runs'
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
            'its password does not belong in the file: write "${NAME}" and set NAME where it runs'
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


def read_token(text: str) -> Secret:
    """A secret as ``read_hook_secret`` has it, or none at all."""
    return read_hook_secret(text) if text else Secret("")


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
MetricsToken = Annotated[Secret, Hidden(read_token, ("${METRICS_TOKEN}",), f"^$|{REFERENCE}")]
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
