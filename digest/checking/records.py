"""DKIM keys and DMARC policies in the DNS (RFC 6376, 7489, 9989). Pure, but for the look-ups given to it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from digest.senders.dkim import PublicKey

Texts = Callable[[str], Sequence[str]]


def tags(record: str) -> dict[str, str]:
    """ "v=DKIM1; p=…" as a mapping; white space in a value is dropped."""
    pairs = (part.partition("=") for part in record.split(";") if "=" in part)
    return {name.strip().lower(): "".join(value.split()) for name, _, value in pairs}


def key_problem(key: PublicKey, records: Sequence[str]) -> str:
    """Why receivers will not accept a signature by that key; "" if they will."""
    found = [tags(record) for record in records if "p" in tags(record)]
    if not found:
        return "there is no DKIM record"
    if len(found) > 1:
        return f"there are {len(found)} records, and receivers may take any"
    (record,) = found
    if not record["p"]:
        return "the key is revoked: its p= is empty"
    if record.get("k", "rsa") != key.kind:
        return f"the key is given as {record.get('k', 'rsa')!r}, and ours is {key.kind!r}"
    if "sha256" not in record.get("h", "sha256").split(":"):
        return f"it takes only h={record['h']}, and we sign with sha256"
    if _bytes(record["p"]) != _bytes(key.base64):
        return "it is another key than the private one that we sign with"
    return ""


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dmarc:
    """A policy, and the domain where it was found: all below it belong together."""

    domain: str
    tags: Mapping[str, str]

    @property
    def policy(self) -> str:
        return self.tags.get("p", "none").lower()

    def aligned(self, signed: str, from_domain: str, tag: str) -> bool:
        """Whether *signed* counts for mails of *from_domain*; *tag* is "adkim" or "aspf"."""
        if signed == from_domain or self.tags.get(tag, "r").lower() == "s":
            return signed == from_domain
        related = _is_below(signed, from_domain) or _is_below(from_domain, signed)
        return related or all(_is_below(one, self.domain) for one in (signed, from_domain))


def dmarc(domain: str, texts: Texts) -> Dmarc | str:
    """The policy for mails of *domain*, found on the way up from it; or the reason why there is none."""
    labels = domain.split(".")
    for place in range(max(len(labels) - 1, 1)):
        name = ".".join(labels[place:])
        found = [
            tags(text) for text in texts(f"_dmarc.{name}") if text.strip().lower().startswith("v=dmarc1")
        ]
        if len(found) > 1:
            return f"_dmarc.{name} has {len(found)} records, and receivers then take none of them"
        if found:
            if found[0].get("p", "none").lower() not in {"none", "quarantine", "reject"}:
                return f"_dmarc.{name} has p={found[0]['p']}, which is not a policy"
            return Dmarc(domain=name, tags=found[0])
    return f"there is no DMARC record at _dmarc.{domain}, nor above it"


def _is_below(name: str, domain: str) -> bool:
    return name == domain or name.endswith(f".{domain}")
