"""Amazon SES, through a topic of SNS.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html: a message is signed with an
RSA key whose certificate lies at an address that the message names; that has to be SNS's own.
https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html and
event-publishing-retrieving-sns-contents beside it, for a configuration set, say what is in it.
Raw message delivery has to be off: a raw message is not signed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm
from cryptography.x509 import Certificate, load_pem_x509_certificate

from digest.bounces.providers.posts import (
    WINDOW,
    Post,
    Told,
    id_of,
    labelled,
    pairs,
    parsed,
    require_fresh,
    table,
    tables,
    text,
    texts,
    type_name,
    unbase64,
)
from digest.bounces.statuses import kind_of
from digest.errors import HookError
from digest.model import EventKind, MailEvent
from digest.settings import SesHook

#: SNS signs a message once and tries it for an hour; ids keep older tries from counting twice.
TRIED_FOR = timedelta(hours=1) + WINDOW

#: What is signed, in this order.
SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": (
        "Message",
        "MessageId",
        "SubscribeURL",
        "Timestamp",
        "Token",
        "TopicArn",
        "Type",
    ),
}
SIGNED["UnsubscribeConfirmation"] = SIGNED["SubscriptionConfirmation"]

HASHES: Mapping[str, type[HashAlgorithm]] = {"1": SHA1, "2": SHA256}

_HOST = re.compile(r"sns\.[a-z]{2}(-[a-z]+)+-[0-9]{1,2}\.amazonaws\.com(\.cn)?")
_CERTIFICATE = re.compile(r"/SimpleNotificationService-[0-9a-zA-Z]{1,64}\.pem")


def read(post: Post, hook: SesHook, *, fetch: Callable[[str], bytes]) -> Told:
    envelope = table(parsed(post.body))
    if text(envelope, "TopicArn") not in hook.topics:
        raise HookError("it is from a topic that is not among topics under [hooks.ses]")
    require_fresh(_moment(text(envelope, "Timestamp")), post, past=TRIED_FOR)
    _verify(envelope, fetch, post.at)
    kind = text(envelope, "Type")
    if kind == "SubscriptionConfirmation":
        return Told(confirm=_confirmation(envelope), others=(kind,))
    if kind != "Notification":
        return Told(others=(kind,))
    message = table(parsed(text(envelope, "Message")))
    said = text(message, "eventType") or text(message, "notificationType")
    events = tuple(_events(message, said, text(envelope, "MessageId")))
    return Told(events=events, others=() if events else (type_name(said),))


def _verify(envelope: Mapping[str, Any], fetch: Callable[[str], bytes], at: datetime) -> None:
    names = SIGNED.get(text(envelope, "Type"), ())
    algorithm = HASHES.get(text(envelope, "SignatureVersion"))
    if not names or algorithm is None:
        raise HookError("it is not an SNS message, or is signed in an unknown way")
    data = "".join(f"{name}\n{text(envelope, name)}\n" for name in names if name in envelope)
    certificate = _certificate(text(envelope, "SigningCertURL"), fetch)
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise HookError("its certificate is out of date")
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        raise HookError("its certificate has no RSA key")
    try:
        key.verify(
            unbase64(text(envelope, "Signature")), data.encode("utf-8", "replace"), PKCS1v15(), algorithm()
        )
    except InvalidSignature:
        raise HookError("its signature is wrong") from None


def _certificate(address: str, fetch: Callable[[str], bytes]) -> Certificate:
    if not (_is_theirs(address) and _CERTIFICATE.fullmatch(urlsplit(address).path) and "?" not in address):
        raise HookError("its certificate is not from SNS")
    try:
        return _loaded(fetch(address))
    except ValueError:
        raise HookError("its certificate cannot be read") from None


@lru_cache(maxsize=8)
def _loaded(pem: bytes) -> Certificate:
    return load_pem_x509_certificate(pem)


def _is_theirs(address: str) -> bool:
    try:
        parts = urlsplit(address)
        # The whole of the host's part: no port, no user, nothing that another reader takes for the host.
        return parts.scheme == "https" and _HOST.fullmatch(parts.netloc) is not None
    except ValueError:
        return False


def _confirmation(envelope: Mapping[str, Any]) -> str:
    address = text(envelope, "SubscribeURL")
    if not _is_theirs(address):
        raise HookError("its SubscribeURL does not lead to SNS")
    asked = parse_qs(urlsplit(address).query)
    if asked.get("Action") != ["ConfirmSubscription"] or asked.get("TopicArn") != [
        text(envelope, "TopicArn")
    ]:
        raise HookError("its SubscribeURL asks for something else")
    return address


def _moment(words: str) -> datetime:
    try:
        moment = datetime.fromisoformat(words)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except ValueError:
        raise HookError("it has no time") from None


def _events(message: Mapping[str, Any], said: str, message_id: str) -> Iterator[MailEvent]:
    mail = table(message, "mail")
    tags = {name: value for name, values in table(mail, "tags").items() for value in texts(values)[:1]}
    known = {
        "source": "ses",
        "proven": True,
        "message_id": pairs(tables(mail.get("headers"))).get("Message-ID", "")
        or text(mail, "commonHeaders", "messageId"),
        "returned_to": tuple(filter(None, [parseaddr(text(mail, "source"))[1]])),
        **labelled(tags),
    }
    for number, (kind, address, status, words) in enumerate(_outcomes(message, said)):
        yield MailEvent(
            kind=kind,
            id=f"{id_of(message_id, message)}/{number}",
            recipients=(address,),
            status=status,
            detail=words,
            **known,
        )


def _outcomes(message: Mapping[str, Any], said: str) -> Iterator[tuple[EventKind, str, str, str]]:
    """(kind, address, status, words) for each recipient."""
    if said == "Complaint":
        complaint = table(message, "complaint")
        kind = text(complaint, "complaintFeedbackType")
        if kind != "not-spam":
            for one in tables(complaint.get("complainedRecipients")):
                yield EventKind.COMPLAINT, text(one, "emailAddress"), "", kind
    if said == "Bounce":
        bounce = table(message, "bounce")
        for one in tables(bounce.get("bouncedRecipients")):
            status, words = text(one, "status"), text(one, "diagnosticCode")
            yield _bounced(bounce, status, words), text(one, "emailAddress"), status, words
    if said == "Reject":
        for address in texts(table(message, "mail").get("destination")):
            yield EventKind.BLOCKED, address, "", text(message, "reject", "reason")


def _bounced(bounce: Mapping[str, Any], status: str, words: str) -> EventKind:
    kind, more = text(bounce, "bounceType"), text(bounce, "bounceSubType")
    if more in {"MessageTooLarge", "ContentRejected", "AttachmentRejected"}:
        return EventKind.BLOCKED
    if kind != "Permanent":
        return EventKind.SOFT
    # "NoEmail", and what SES did not even try because an address bounced before.
    if more in {"NoEmail", "Suppressed", "OnAccountSuppressionList"}:
        return EventKind.HARD
    return kind_of(status, words) if status else EventKind.HARD
