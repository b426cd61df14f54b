"""Resend, whose posts Svix signs: https://docs.svix.com/receiving/verifying-payloads/how-manual.

HMAC-SHA-256 over "id.timestamp.body"; while a key is changed, there is a signature for each.
https://resend.com/docs/dashboard/webhooks/event-types says what is in them.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from digest.bounces.providers.posts import (
    Post,
    Told,
    hmac_sha256,
    id_of,
    labelled,
    pairs,
    parsed,
    require_fresh,
    same,
    table,
    tables,
    text,
    texts,
    type_name,
    unbase64,
    unix_time,
)
from digest.bounces.statuses import kind_of, status_of
from digest.errors import HookError
from digest.model import EventKind, MailEvent
from digest.settings import ResendHook

#: Signatures of one post that are examined.
MOST_SIGNATURES = 10

SUPPRESSED = {"previous_bounce": EventKind.HARD, "previous_complaint": EventKind.COMPLAINT}


def read(post: Post, hook: ResendHook) -> Told:
    message_id = _verify(post, hook)
    said = table(parsed(post.body))
    type_, data = text(said, "type"), table(said, "data")
    kind, words = _outcome(type_, data)
    if kind is None:
        return Told(others=(type_name(type_),))
    tags = data.get("tags")
    event = MailEvent(
        kind=kind,
        source="resend",
        id=id_of(message_id),
        proven=True,
        recipients=tuple(texts(data.get("to")) or filter(None, [text(data, "email")])),
        message_id=pairs(tables(data.get("headers"))).get("Message-ID", ""),
        status=status_of("", words),
        detail=words,
        **labelled(tags if isinstance(tags, dict) else pairs(tables(tags))),
    )
    return Told(events=(event,))


def _verify(post: Post, hook: ResendHook) -> str:
    message_id, moment = (post.headers.get(f"svix-{name}", "") for name in ("id", "timestamp"))
    if not message_id:
        raise HookError("it has no id")
    require_fresh(unix_time(moment), post)
    content = f"{message_id}.{moment}.".encode("utf-8", "replace")
    given = post.headers.get("svix-signature", "").split()[:MOST_SIGNATURES]
    signatures = [each.removeprefix("v1,") for each in given if each.startswith("v1,")]
    for key in hook.keys:
        secret = unbase64(key.reveal().removeprefix("whsec_"))
        genuine = base64.b64encode(hmac_sha256(secret, content, post.body)).decode("ascii")
        if secret and any(same(signature, genuine) for signature in signatures):
            return message_id
    raise HookError("its signature is wrong")


def _outcome(type_: str, data: Mapping[str, Any]) -> tuple[EventKind | None, str]:
    match type_:
        case "email.complained":
            return EventKind.COMPLAINT, ""
        case "email.suppressed":
            why = table(data, "suppressed")
            return SUPPRESSED.get(text(why, "reason")), text(why, "message")
        case "email.bounced":
            bounce = table(data, "bounce")
            words = " ".join(texts(bounce.get("diagnosticCode"))) or text(bounce, "message")
            return _bounced(bounce, words), words
        case "contact.updated" if data.get("unsubscribed") is True:
            return EventKind.UNSUBSCRIBE, ""
    return None, ""


def _bounced(bounce: Mapping[str, Any], words: str) -> EventKind:
    more = text(bounce, "subType")
    if more in {"MessageTooLarge", "ContentRejected", "AttachmentRejected"}:
        return EventKind.BLOCKED
    if text(bounce, "type") != "Permanent":
        return EventKind.SOFT
    if more == "NoEmail":
        return EventKind.HARD
    status = status_of("", words)
    return kind_of(status) if status else EventKind.HARD
