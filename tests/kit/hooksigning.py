"""Posts as each provider makes them, signed with keys of its own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from digest.settings import (
    BrevoHook,
    ButtondownHook,
    HooksSettings,
    MailgunHook,
    PostmarkHook,
    ResendHook,
    Secret,
    SendgridHook,
    SesHook,
)
from kit.builders import NOW

SECRET = "canary-0123456789-0123456789"
OLD_SECRET = "canary-9876543210-9876543210"
WHSEC = "whsec_" + base64.b64encode(SECRET.encode()).decode()
TOPIC = "arn:aws:sns:eu-west-1:123456789012:bounces"
CERTIFICATE = (
    "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-7ff5318490ec183fbaddaa2a969abfda.pem"
)
CONFIRM = (
    f"https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=2336412f37f"
)


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def certificate(begins: datetime = NOW - timedelta(days=100)) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(rsa_key().public_key())
        .serial_number(1)
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=365))
        .sign(rsa_key(), SHA256())
    )
    return made.public_bytes(Encoding.PEM)


def public_key() -> str:
    der = ec_key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


def settings() -> HooksSettings:
    secrets = (Secret(OLD_SECRET), Secret(SECRET))
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    unused = base64.b64encode(other.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
    return HooksSettings(
        ses=SesHook(topics=("arn:aws:sns:eu-west-1:123456789012:others", TOPIC)),
        postmark=PostmarkHook(secrets=secrets),
        resend=ResendHook(keys=(Secret("whsec_" + base64.b64encode(b"another").decode()), Secret(WHSEC))),
        mailgun=MailgunHook(keys=secrets),
        sendgrid=SendgridHook(public_keys=(unused, public_key())),
        buttondown=ButtondownHook(keys=secrets),
        brevo=BrevoHook(secrets=secrets),
    )


@dataclass
class Posted:
    """A request as it leaves the provider."""

    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def ses(message: Any, at: datetime, *, number: str = "1", version: str = "2", **other: str) -> Posted:
    envelope = {
        "Type": "Notification",
        "MessageId": f"22b80b92-fdea-4c2c-8f9d-bdfb0c7bf32{number}",
        "TopicArn": TOPIC,
        "Subject": "Amazon SES Email Event Notification",
        "Message": json.dumps(message),
        "Timestamp": at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "SignatureVersion": version,
        "SigningCertURL": CERTIFICATE,
        "UnsubscribeURL": "https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe",
        **other,
    }
    names = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
    if envelope["Type"] != "Notification":
        names = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
    signed = "".join(f"{name}\n{envelope[name]}\n" for name in names if name in envelope)
    hash_ = SHA256() if version == "2" else SHA1()
    signature = rsa_key().sign(signed.encode(), PKCS1v15(), hash_)
    envelope["Signature"] = base64.b64encode(signature).decode()
    return Posted(_json(envelope), {"content-type": "text/plain; charset=UTF-8"})


def basic(message: Any, at: datetime, *, number: str = "1") -> Posted:
    login = base64.b64encode(f"hook:{SECRET}".encode()).decode()
    return Posted(_json(message), {"authorization": f"Basic {login}"})


def bearer(message: Any, at: datetime, *, number: str = "1") -> Posted:
    return Posted(_json(message), {"authorization": f"Bearer {SECRET}"})


def svix(message: Any, at: datetime, *, number: str = "1") -> Posted:
    body, seconds = _json(message), int(at.timestamp())
    signed = f"msg_{number}.{seconds}.".encode() + body
    signature = base64.b64encode(hmac.digest(SECRET.encode(), signed, "sha256")).decode()
    return Posted(
        body,
        {
            "svix-id": f"msg_{number}",
            "svix-timestamp": str(seconds),
            "svix-signature": f"v1a,x v1,{base64.b64encode(bytes(32)).decode()} v1,{signature}",
        },
    )


def mailgun(message: Any, at: datetime, *, number: str = "1") -> Posted:
    seconds = str(int(at.timestamp()))
    token = hashlib.sha256(f"{message}{number}".encode()).hexdigest()[:50]
    signature = hmac.digest(SECRET.encode(), f"{seconds}{token}".encode(), "sha256").hex()
    signed = {"timestamp": seconds, "token": token, "signature": signature}
    return Posted(_json({"signature": signed, **message}))


def sendgrid(message: Any, at: datetime, *, number: str = "1") -> Posted:
    body, seconds = _json(message), str(int(at.timestamp()))
    signature = ec_key().sign(seconds.encode() + body, ec.ECDSA(SHA256()))
    return Posted(
        body,
        {
            "x-twilio-email-event-webhook-timestamp": seconds,
            "x-twilio-email-event-webhook-signature": base64.b64encode(signature).decode(),
        },
    )


def buttondown(message: Any, at: datetime, *, number: str = "1") -> Posted:
    body = _json(message)
    signature = hmac.digest(SECRET.encode(), body, "sha256").hex()
    return Posted(body, {"x-buttondown-signature": f"sha256={signature}"})


SIGN: dict[str, Callable[..., Posted]] = {
    "ses": ses,
    "postmark": basic,
    "resend": svix,
    "mailgun": mailgun,
    "sendgrid": sendgrid,
    "buttondown": buttondown,
    "brevo": bearer,
}
#: Where a signature proves the whole body.
SIGNED = ("ses", "resend", "sendgrid", "buttondown")
#: Where a post has a time that is proven.
TIMED = {
    "ses": timedelta(minutes=65),
    **dict.fromkeys(("resend", "mailgun", "sendgrid"), timedelta(minutes=5)),
}
