"""What stands for a subscriber where others can read it: ids, tokens in addresses, Message-IDs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from digest.model import EditionKey

#: Characters of a token that is worth a look.
_LONGEST_TOKEN = 500


def new_id() -> str:
    """A subscriber's id: 24 hex digits, random, and so neither guessed nor met twice."""
    return secrets.token_hex(12)


def unsubscribe_token(secret: bytes, subscriber_id: str, newsletter: str) -> str:
    """What in an address says, unforgeably, who unsubscribes from what (RFC 8058, 3.1). It never expires.

    Letters, digits, "-", "_" and one "."; the last 24 characters are 144 bits of HMAC-SHA-256.
    """
    payload = base64.urlsafe_b64encode(f"{subscriber_id}\0{newsletter}".encode()).rstrip(b"=")
    # 18 bytes fill 24 characters to the last bit: there is one spelling of a token, and no other passes.
    proof = base64.urlsafe_b64encode(hmac.digest(secret, b"unsubscribe\0" + payload, "sha256")[:18])
    return f"{payload.decode()}.{proof.decode()}"


def read_token(secret: bytes, token: str) -> tuple[str, str] | None:
    """The (subscriber id, newsletter) of a token made with this secret; None for anything else."""
    if len(token) > _LONGEST_TOKEN:
        return None
    payload = token.partition(".")[0]
    try:
        given = token.encode()
        words = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode()
    except ValueError:
        return None
    subscriber_id, _, newsletter = words.partition("\0")
    genuine = unsubscribe_token(secret, subscriber_id, newsletter).encode()
    return (subscriber_id, newsletter) if hmac.compare_digest(genuine, given) else None


def message_id(key: EditionKey, subscriber_id: str, domain: str) -> str:
    """The Message-ID of an edition's mail to a subscriber: always the same, and says nothing about either."""
    words = f"{key}/{subscriber_id}"
    return f"<{hashlib.sha256(words.encode()).hexdigest()[:32]}@{domain}>"
