"""SendGrid's signed event webhook: ECDSA on P-256 with SHA-256, over timestamp and body.

https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
and https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event: a post is a list of events,
whose ids are their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from digest.bounces.providers.posts import (
    Post,
    Told,
    id_of,
    labelled,
    parsed,
    require_fresh,
    tables,
    text,
    type_name,
    unbase64,
    unix_time,
)
from digest.bounces.statuses import kind_of, status_of
from digest.errors import HookError
from digest.model import EventKind, MailEvent
from digest.settings import SendgridHook

#: How SendGrid reads the server's words.
CLASSES = {
    "Invalid Address": EventKind.HARD,
    "Content": EventKind.BLOCKED,
    "Reputation": EventKind.BLOCKED,
    "Frequency/Volume": EventKind.BLOCKED,
    "Technical": EventKind.SOFT,
    "Mailbox Unavailable": EventKind.SOFT,
}
#: Why SendGrid did not even try.
DROPPED = {
    "Bounced Address": EventKind.HARD,
    "Spam Reporting Address": EventKind.COMPLAINT,
    "Unsubscribed Address": EventKind.UNSUBSCRIBE,
}


def read(post: Post, hook: SendgridHook) -> Told:
    _verify(post, hook)
    rows = tables(parsed(post.body))
    kinds = [_outcome(row) for row in rows]
    return Told(
        events=tuple(_event(row, kind) for row, kind in zip(rows, kinds, strict=True) if kind is not None),
        others=tuple(
            type_name(text(row, "event")) for row, kind in zip(rows, kinds, strict=True) if kind is None
        ),
    )


def _verify(post: Post, hook: SendgridHook) -> None:
    moment, signature = (
        post.headers.get(f"x-twilio-email-event-webhook-{name}", "") for name in ("timestamp", "signature")
    )
    require_fresh(unix_time(moment), post)
    for key in hook.public_keys:
        try:
            _key(key).verify(unbase64(signature), moment.encode() + post.body, ECDSA(SHA256()))
        except InvalidSignature:
            continue
        return
    raise HookError("its signature is wrong")


@lru_cache(maxsize=8)
def _key(words: str) -> EllipticCurvePublicKey:
    try:
        key = load_der_public_key(unbase64(words))
    except ValueError:
        key = None
    if not isinstance(key, EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise HookError("a key under [hooks.sendgrid] is not a verification key as SendGrid shows it")
    return key


def _event(row: Mapping[str, Any], kind: EventKind) -> MailEvent:
    message_id = text(row, "smtp-id")
    return MailEvent(
        kind=kind,
        source="sendgrid",
        id=id_of(text(row, "sg_event_id"), row),
        proven=True,
        recipients=(text(row, "email"),),
        message_id=message_id if message_id.startswith("<") else "",
        status=_status(row),
        detail=text(row, "reason"),
        **labelled(row),
    )


def _status(row: Mapping[str, Any]) -> str:
    return status_of(text(row, "status"), text(row, "reason"))


def _outcome(row: Mapping[str, Any]) -> EventKind | None:
    match text(row, "event"):
        case "spamreport":
            return EventKind.COMPLAINT
        case "unsubscribe" | "group_unsubscribe":
            return EventKind.UNSUBSCRIBE
        case "dropped":
            return DROPPED.get(text(row, "reason"))
        case "bounce":
            return _bounced(row)
    return None


def _bounced(row: Mapping[str, Any]) -> EventKind:
    status = _status(row)
    if status and not status.endswith(".0.0"):
        return kind_of(status)
    if text(row, "type") == "blocked":
        return CLASSES.get(text(row, "bounce_classification"), EventKind.BLOCKED)
    return CLASSES.get(text(row, "bounce_classification"), EventKind.SOFT)
