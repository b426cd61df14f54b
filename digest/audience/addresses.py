"""Addresses: what one is, and when two are one."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

from digest.masking import mask


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
