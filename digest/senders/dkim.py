"""DKIM signatures (RFC 6376, 8301, 8463): relaxed/relaxed over all of the body, without l=.

The body only has to be hashed: ``mime`` writes it in its canonical form.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, cast

from digest.errors import SendError
from digest.senders.mime import Message
from digest.settings import DkimSettings

# Its functions are loaded where a key is: a sender that does not sign is 8 MB smaller without them.
if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

#: Signed where they are there: RFC 8058 (4) asks for both unsubscribe fields, Gmail for Feedback-ID.
SIGNED = ("List-Id", "Feedback-ID")
#: Signed once more than they are there, so that nobody adds a second From, Subject or link to unsubscribe to
#: a mail that still verifies (RFC 6376, 5.4.2 and 8.15).
SEALED = (
    "From",
    "To",
    "Cc",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
)
#: RFC 8301, 3.2: verifiers take no smaller one.
LEAST_BITS = 1024
FIELD = "DKIM-Signature"
#: Characters of a line of base64 in the signature's field.
WIDTH = 72

_WHITE = re.compile(r"[ \t]+")

#: Makes the bytes of a signature of the given bytes.
Sign = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Key:
    """A private key and where its public half stands: ``selector._domainkey.domain``."""

    algorithm: str
    selector: str
    sign: Sign = field(repr=False)


def rsa_key(selector: str, pem: str) -> Key:
    """The key in *pem* for rsa-sha256.

    Raises:
        SendError: It is none that verifiers take; nothing of it is in the message.
    """
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.hashes import SHA256

    private, padding, algorithm = _private(pem, "key"), PKCS1v15(), SHA256()
    if not isinstance(private, RSAPrivateKey):
        raise SendError("dkim.key must be an RSA key; an Ed25519 key belongs in dkim.ed25519_key")
    if private.key_size < LEAST_BITS:
        raise SendError(
            f"dkim.key has {private.key_size} bits, but verifiers want {LEAST_BITS} or more; use 2048"
        )
    return Key("rsa-sha256", selector, lambda data: private.sign(data, padding, algorithm))


def ed25519_key(selector: str, pem: str) -> Key:
    """The key in *pem* for ed25519-sha256.

    Raises:
        SendError: It is none; nothing of it is in the message.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = _private(pem, "ed25519_key")
    if not isinstance(private, Ed25519PrivateKey):
        raise SendError("dkim.ed25519_key must be an Ed25519 key; an RSA key belongs in dkim.key")
    # RFC 8463, 3: what is signed is the SHA-256 of the header fields.
    return Key("ed25519-sha256", selector, lambda data: private.sign(hashlib.sha256(data).digest()))


def keys_of(settings: DkimSettings) -> tuple[Key, ...]:
    """RSA first, and Ed25519 beside it where there is one: many verifiers know only RSA (RFC 8463, 3).

    Raises:
        SendError: A key cannot be used.
    """
    keys = [rsa_key(settings.selector, settings.key.reveal())]
    if settings.ed25519_key:
        keys.append(ed25519_key(settings.ed25519_selector, settings.ed25519_key.reveal()))
    return tuple(keys)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What the DNS has to say at ``name``, so that receivers believe our signatures."""

    name: str
    #: "rsa" or "ed25519", as a record's k= has it.
    kind: str
    #: The key in base64, as a record's p= has it.
    base64: str

    @property
    def record(self) -> str:
        return f"v=DKIM1; k={self.kind}; p={self.base64}"


def public_keys(settings: DkimSettings) -> tuple[PublicKey, ...]:
    """The public halves of ``keys_of``, in their order.

    Raises:
        SendError: A key cannot be used.
    """
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    keys_of(settings)
    rsa = cast("RSAPrivateKey", _private(settings.key.reveal(), "key")).public_key()
    whole = rsa.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    at = f"._domainkey.{settings.domain}"
    found = [PublicKey(f"{settings.selector}{at}", "rsa", base64.b64encode(whole).decode())]
    if settings.ed25519_key:
        private = _private(settings.ed25519_key.reveal(), "ed25519_key")
        raw = (
            cast("Ed25519PrivateKey", private).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        )  # RFC 8463, 4.2
        found.append(PublicKey(f"{settings.ed25519_selector}{at}", "ed25519", base64.b64encode(raw).decode()))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A message, and for each key the signature's field without its end and what is to be signed."""

    message: Message = field(repr=False)
    tags: tuple[str, ...]
    data: tuple[bytes, ...] = field(repr=False)


def signed(
    message: Message, at: datetime, domain: str, keys: Sequence[Key], *, without: tuple[str, ...] = ()
) -> Message:
    """*message* with a DKIM-Signature of each key in front, which says nothing of the fields *without*."""
    draft = unsigned(message, at, domain, keys, without=without)
    return finished(draft, [key.sign(data) for key, data in zip(keys, draft.data, strict=True)])


def unsigned(
    message: Message, at: datetime, domain: str, keys: Sequence[Key], *, without: tuple[str, ...] = ()
) -> Unsigned:
    """All of ``signed`` but the signatures, which may be made elsewhere."""
    order, names = _plan(tuple(name.lower() for name, _ in message.fields), without)
    header = b"".join([_relaxed(*message.fields[place]) for place in order])
    body = hashlib.sha256()
    for piece in message.body:
        body.update(piece)
    bh = _base64(body.digest())
    frames = [_frame(key.algorithm, key.selector, domain, at, names) for key in keys]
    tags = tuple(f"{frame.before}{bh}{frame.behind}" for frame in frames)
    data = tuple(
        b"".join((header, frame.signed_before, bh.encode(), frame.signed_behind)) for frame in frames
    )
    return Unsigned(message, tags, data)


def finished(draft: Unsigned, signatures: Sequence[bytes]) -> Message:
    """The message with these signatures, one for each of ``draft.data``."""
    fields = [
        (FIELD, words + _lines(_base64(signature)))
        for words, signature in zip(draft.tags, signatures, strict=True)
    ]
    return Message((*fields, *draft.message.fields), draft.message.body)


class Frame(NamedTuple):
    """The signature's field around bh=, as it travels and as it is signed."""

    before: str
    behind: str
    signed_before: bytes
    signed_behind: bytes


@lru_cache(maxsize=4)
def _frame(algorithm: str, selector: str, domain: str, at: datetime, names: str) -> Frame:
    before = (
        f"v=1; a={algorithm}; c=relaxed/relaxed; d={domain};\r\n s={selector}; t={int(at.timestamp())}; bh="
    )
    behind = f";\r\n h={names};\r\n b="
    # The hash has no white space, nor has what is beside it: both sides are canonical by themselves.
    whole = _canonical(FIELD, f"{before}{behind}").removesuffix(b"\r\n")
    signed_before, bh, signed_behind = whole.partition(b" bh=")
    return Frame(before, behind, signed_before + bh, signed_behind)


def _lines(text: str) -> str:
    return "\r\n ".join(text[at : at + WIDTH] for at in range(0, len(text), WIDTH))


def _private(pem: str, name: str) -> object:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        return load_pem_private_key(pem.encode("utf-8"), password=None)
    except (ValueError, TypeError):
        # Nothing of the cause is told: it may quote the key.
        raise SendError(
            f"dkim.{name} is not a private key in PEM without a password (-----BEGIN PRIVATE KEY-----)"
        ) from None


@lru_cache(maxsize=256)  # most fields are the same in all mails of an edition
def _relaxed(name: str, value: str) -> bytes:
    return _canonical(name, value)


def _canonical(name: str, value: str) -> bytes:
    """RFC 6376, 3.4.2: unfolded, one space where there was white space, none around."""
    unfolded = _WHITE.sub(" ", value.replace("\r\n", "")).strip(" ")
    return f"{name.lower()}:{unfolded}\r\n".encode("ascii")


@lru_cache(maxsize=16)
def _plan(names: tuple[str, ...], without: tuple[str, ...]) -> tuple[tuple[int, ...], str]:
    """Which of the fields are signed, by their places, and h=, folded.

    A name stands there once for each field of that name, the last field first (RFC 6376, 5.4.2), and a sealed
    one once more.
    """
    order: list[int] = []
    listed: list[str] = []
    for wanted in (name for name in (*SEALED, *SIGNED) if name not in without):
        places = [place for place, name in enumerate(names) if name == wanted.lower()]
        order += reversed(places)
        listed += [wanted.lower()] * (len(places) + (wanted in SEALED))
    lines = [""]
    for name in listed:
        if len(lines[-1]) + len(name) > WIDTH:
            lines.append("")
        lines[-1] += f"{name}:"
    return tuple(order), "\r\n  ".join(lines).removesuffix(":")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
