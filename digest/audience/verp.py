"""Variable envelope return paths: a bounce's address says whose mail of which edition came back.

The envelope sender is ``bounces+TOKEN@mail.example.org``. Addresses are not always passed on in the
case that they were written in, so a token has small letters and digits only.
"""

from __future__ import annotations

import hmac
import re
from datetime import date
from itertools import product

from digest.model import EditionKey

#: Bytes of HMAC-SHA-256: 80 bits, which fill 16 characters of base 32.
_PROOF = 10
#: Ten bits in base 32 (RFC 4648, 6), in small letters.
_TWO = [first + second for first, second in product("abcdefghijklmnopqrstuvwxyz234567", repeat=2)]
_TOKEN = re.compile(r"[0-9a-z]+-[0-9]{8}-[a-z2-7]{16}", re.IGNORECASE)


def bounce_address(secret: bytes, key: EditionKey, subscriber_id: str, mailbox: str) -> str:
    """The envelope sender of that subscriber's mail; bounces of it arrive in *mailbox*."""
    local, _, domain = mailbox.rpartition("@")
    day = key.day.isoformat().replace("-", "")
    return f"{local}+{subscriber_id}-{day}-{_proof(secret, key.newsletter, subscriber_id, day)}@{domain}"


def read_bounce_address(secret: bytes, newsletter: str, address: str) -> tuple[EditionKey, str] | None:
    """The edition and the subscriber's id; None for an address not made with *secret* for *newsletter*."""
    found = _TOKEN.fullmatch(address.rpartition("@")[0].rpartition("+")[2])
    if found is None:
        return None
    subscriber_id, day, proof = found[0].lower().split("-")
    if not hmac.compare_digest(_proof(secret, newsletter, subscriber_id, day), proof):
        return None
    try:
        return EditionKey(newsletter=newsletter, day=date.fromisoformat(day)), subscriber_id
    except ValueError:
        return None


def _proof(secret: bytes, newsletter: str, subscriber_id: str, day: str) -> str:
    words = f"bounce\0{newsletter}\0{subscriber_id}\0{day}"
    bits = int.from_bytes(hmac.digest(secret, words.encode(), "sha256")[:_PROOF], "big")
    # The standard library's takes longer than the rest of an address.
    return "".join([_TWO[bits >> at & 1023] for at in range(70, -1, -10)])
