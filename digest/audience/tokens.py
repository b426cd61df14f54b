"""Stand-ins for a subscriber where others can read them: ids, tokens in addresses, Message-IDs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from digest.audience.addresses import address_key
from digest.model import EditionKey

#: Characters of a token that is worth checking.
_LONGEST_TOKEN = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What following the link in a letter says: this address is mine, and I want it to be used."""

    subscriber_id: str
    newsletter: str
    #: When the mail was asked for, to the second.
    asked_at: datetime
    #: Stands for the address that the mail went to.
    address: str


def new_id() -> str:
    """A subscriber's id: 24 random hex digits, which cannot be guessed and do not collide."""
    return secrets.token_hex(12)


def unsubscribe_token(secret: bytes, subscriber_id: str, newsletter: str) -> str:
    """A token that says, unforgeably, who unsubscribes from what (RFC 8058, 3.1). It never expires.

    Letters, digits, "-", "_" and one "."; the last 24 characters are 144 bits of HMAC-SHA-256.
    """
    return _sealed(secret, b"unsubscribe", f"{subscriber_id}\0{newsletter}")


def read_token(secret: bytes, token: str) -> tuple[str, str] | None:
    """The (subscriber id, newsletter) of a token made with this secret; None for anything else."""
    words = _opened(secret, b"unsubscribe", token)
    if words is None:
        return None
    subscriber_id, _, newsletter = words.partition("\0")
    return subscriber_id, newsletter


def confirmation_token(
    secret: bytes, subscriber_id: str, newsletter: str, email: str, *, asked_at: datetime
) -> str:
    """A token for a mail to *email*: whoever has it reads mail there. As unforgeable as the other."""
    words = (subscriber_id, newsletter, str(int(asked_at.timestamp())), address_mark(secret, email))
    return _sealed(secret, b"confirm", "\0".join(words))


def read_confirmation(secret: bytes, token: str) -> Confirmation | None:
    """What a token of ``confirmation_token`` says, however old it is; None for anything else."""
    words = _opened(secret, b"confirm", token)
    if words is None:
        return None
    subscriber_id, newsletter, seconds, address = words.split("\0")
    return Confirmation(
        subscriber_id=subscriber_id,
        newsletter=newsletter,
        asked_at=datetime.fromtimestamp(int(seconds), UTC),
        address=address,
    )


def address_mark(secret: bytes, email: str) -> str:
    """22 characters that are unique to an address, and from which it cannot be found."""
    digest = hmac.digest(secret, b"address\0" + address_key(email).encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


def count_mark(secret: bytes, kind: str, name: str) -> str:
    """The name that something is counted under without being revealed, as in ("network", "192.0.2.7")."""
    digest = hmac.digest(secret, b"count\0" + f"{kind}\0{name}".encode(), "sha256")
    return f"{kind}:{base64.urlsafe_b64encode(digest[:16]).rstrip(b'=').decode()}"


def message_id(key: EditionKey, subscriber_id: str, domain: str) -> str:
    """The Message-ID of an edition's mail to a subscriber: always the same, and revealing nothing."""
    words = f"{key}/{subscriber_id}"
    return f"<{hashlib.sha256(words.encode()).hexdigest()[:32]}@{domain}>"


def _sealed(secret: bytes, purpose: bytes, words: str) -> str:
    payload = base64.urlsafe_b64encode(words.encode()).rstrip(b"=")
    # 18 bytes fill 24 characters to the last bit: a token has one spelling, and no other passes.
    proof = base64.urlsafe_b64encode(hmac.digest(secret, purpose + b"\0" + payload, "sha256")[:18])
    return f"{payload.decode()}.{proof.decode()}"


def _opened(secret: bytes, purpose: bytes, token: str) -> str | None:
    """The content of a token that was made with this secret for that purpose; compared in constant time."""
    if len(token) > _LONGEST_TOKEN:
        return None
    payload = token.partition(".")[0]
    try:
        given = token.encode()
        words = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode()
    except ValueError:
        return None
    return words if hmac.compare_digest(_sealed(secret, purpose, words).encode(), given) else None
