"""Addresses: what one is, when two are one, and how it is shown."""

from __future__ import annotations

import re

from email_validator import EmailNotValidError, validate_email

_HOST = re.compile(r"[A-Za-z0-9.-]*")
#: Where dots in an address mean nothing, and which are one host (support.google.com/mail/answer/7436150).
_DOTLESS = {"gmail.com", "googlemail.com"}
_ADDRESS = re.compile(r"[^\s<>()\[\]\"',:;=]{1,100}@[\w.-]+")


def read_address(email: str) -> str:
    """*email* as it is kept and sent to: the domain in lower case and ASCII, the part before it as given.

    Raises:
        ValueError: It is none; the words hold it masked.
    """
    try:
        return (
            validate_email(email.strip(), check_deliverability=False, allow_smtputf8=False).ascii_email or ""
        )
    except EmailNotValidError as error:
        # What follows a colon there are characters of the address.
        reason = str(error).partition(": ")[0].rstrip(".")
        raise ValueError(f"{mask(email)}: {reason}") from None


def address_key(email: str) -> str:
    """What two spellings of one address have in common."""
    return email.casefold()


def mailbox_key(email: str) -> str:
    """What addresses of one mailbox have in common, as far as can be told: "ada+news@" is where "ada@" is.

    It is for counting what a mailbox is sent, and may take two mailboxes for one; nobody is sent to it.
    """
    local, _, domain = address_key(email).rpartition("@")
    local = local.partition("+")[0]
    if domain in _DOTLESS:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def mask(email: str) -> str:
    """An address for logs and messages: "j…@example.org"."""
    local, at, domain = email.strip().lstrip("<\"'").rpartition("@")
    host = _HOST.match(domain)
    return f"{local[:1]}…{at}{host.group() if at and host else ''}"


def mask_all(words: str) -> str:
    """*words* with each address in them masked: servers quote their receivers."""
    return _ADDRESS.sub(lambda found: mask(found[0]), words)
