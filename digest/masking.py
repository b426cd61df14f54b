"""Hides what no message, log or notice may show: people's addresses, and the settings' secrets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from urllib.parse import quote, urlsplit

from digest.settings import Secret

_HOST = re.compile(r"[A-Za-z0-9.-]*")
#: No address ends in a slash before its @: so begin names of people in addresses of the web.
_ADDRESS = re.compile(r"[^\s<>()\[\]\"',:;=]{0,99}[^\s<>()\[\]\"',:;=/]@[\w.-]+")

#: What stands in a secret's place.
HIDDEN = "***"
#: Characters that a part of a secret has to have, so that words of it are not taken for it.
LEAST_PART = 8


def mask(email: str) -> str:
    """An address for logs and messages: "j…@example.org"."""
    local, at, domain = email.strip().lstrip("<\"'").rpartition("@")
    host = _HOST.match(domain)
    return f"{local[:1]}…{at}{host.group() if at and host else ''}"


def mask_all(words: str) -> str:
    """*words* with each address in them masked: servers quote their receivers."""
    return _ADDRESS.sub(lambda found: mask(found[0]), words)


class Redaction:
    """Takes addresses and these secrets out of any words."""

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        forms = {form for secret in secrets for form in _forms(secret.reveal())}
        # The longest first: one may be the beginning of another.
        ordered = sorted(forms, key=lambda form: (-len(form), form))
        self._secrets = re.compile("|".join(map(_exactly, ordered))) if ordered else None

    @classmethod
    def of(cls, settings: object) -> Redaction:
        """For all secrets that stand somewhere in *settings*."""
        return cls(secrets_in(settings))

    def __call__(self, words: str) -> str:
        if self._secrets is not None:
            words = self._secrets.sub(HIDDEN, words)
        return mask_all(words) if "@" in words else words


def secrets_in(settings: object) -> Iterator[Secret]:
    """Every secret in a tree of settings."""
    if isinstance(settings, Secret):
        yield settings
    elif is_dataclass(settings):
        for each in fields(settings):
            yield from secrets_in(getattr(settings, each.name))
    elif isinstance(settings, Mapping):
        for value in settings.values():
            yield from secrets_in(value)
    elif isinstance(settings, tuple):
        for value in settings:
            yield from secrets_in(value)


def _forms(value: str) -> Iterator[str]:
    """How a secret may be quoted: as a whole, escaped for an address, its lines and its long words.

    Of a database's address only the password is one.
    """
    if re.match(r"(sqlite|postgres)\w*(\+\w+)?://", value):
        value = urlsplit(value).password or ""
    # A chat's address is its tokens, one behind the other.
    words = re.split(r"[\s/:@?&=#]+" if "://" in value else r"\s+", value)
    parts = {value, *(part for part in words if len(part) >= LEAST_PART)}
    yield from (form for part in parts if part for form in (part, quote(part, safe="")))


def _exactly(form: str) -> str:
    """A short one as a word of its own only: its letters are those of other words."""
    return re.escape(form) if len(form) >= LEAST_PART else rf"(?<!\w){re.escape(form)}(?!\w)"
