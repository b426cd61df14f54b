"""Mail addresses: which are valid, and which are the same."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

from digest.masking import mask

#: Hosts that ignore dots in an address, and are the same (support.google.com/mail/answer/7436150).
_DOTLESS = {"gmail.com", "googlemail.com"}


def read_address(email: str) -> str:
    """*email* as it is kept and sent to: the domain in lower case and ASCII, the part before it as given.

    Raises:
        ValueError: It is not one; the message shows it masked.
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

    It only counts what a mailbox is sent, and may take two mailboxes for one; no mail goes to it.
    """
    local, _, domain = address_key(email).rpartition("@")
    local = local.partition("+")[0]
    if domain in _DOTLESS:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"
