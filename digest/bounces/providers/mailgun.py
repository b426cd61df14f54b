"""Mailgun: https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks.

The signature, inside the body, is of a time and a token, not of what is said: whoever saw one post could say
anything with it. So a token is good for one post.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from digest.bounces.providers.posts import (
    Post,
    Told,
    hmac_sha256,
    id_of,
    labelled,
    parsed,
    require_fresh,
    same,
    table,
    text,
    type_name,
    unix_time,
)
from digest.bounces.statuses import kind_of, status_of
from digest.errors import HookError
from digest.model import EventKind, MailEvent
from digest.settings import MailgunHook

#: Why Mailgun gave a mail up, or did not try: of https://documentation.mailgun.com's "failed" events.
REASONS = {
    "bounce": EventKind.HARD,
    "suppress-bounce": EventKind.HARD,
    "suppress-complaint": EventKind.COMPLAINT,
    "suppress-unsubscribe": EventKind.UNSUBSCRIBE,
    "espblock": EventKind.BLOCKED,
}
#: Their "bounce" has refusals of the mail in it, and the server's status tells which.
TOLD_BY_STATUS = frozenset({"bounce", "generic", "old", ""})


def read(post: Post, hook: MailgunHook) -> Told:
    said = table(parsed(post.body))
    token = _verify(table(said, "signature"), post, hook)
    data = table(said, "event-data")
    delivery = table(data, "delivery-status")
    words = text(delivery, "message") or text(delivery, "description")
    status = status_of(text(delivery, "enhanced-code"), words)
    kind = _outcome(data, status)
    if kind is None:
        return Told(token=token, others=(type_name(f"{text(data, 'event')} {text(data, 'severity')}"),))
    message_id = text(data, "message", "headers", "message-id").strip("<> ")
    event = MailEvent(
        kind=kind,
        source="mailgun",
        id=id_of(text(data, "id"), data),
        proven=True,
        recipients=(text(data, "recipient"),),
        message_id=f"<{message_id}>" if message_id else "",
        status=status,
        detail=words,
        **labelled(table(data, "user-variables")),
    )
    return Told(events=(event,), token=token)


def _verify(signature: Mapping[str, Any], post: Post, hook: MailgunHook) -> str:
    moment, token = text(signature, "timestamp"), text(signature, "token")
    require_fresh(unix_time(moment), post)
    if not token or len(token) > 100:
        raise HookError("it has no token")
    given, signed = text(signature, "signature"), f"{moment}{token}".encode("utf-8", "replace")
    genuine = [hmac_sha256(key.reveal().encode(), signed).hex() for key in hook.keys]
    if not any([same(given, each) for each in genuine]):  # noqa: C419 - each, so that time tells nothing
        raise HookError("its signature is wrong")
    return token


def _outcome(data: Mapping[str, Any], status: str) -> EventKind | None:
    match text(data, "event"):
        case "complained":
            return EventKind.COMPLAINT
        case "unsubscribed":
            return EventKind.UNSUBSCRIBE
        case "failed" if text(data, "severity") == "permanent":  # a temporary failure is tried again
            reason = text(data, "reason")
            if status and reason in TOLD_BY_STATUS:
                return kind_of(status)
            return REASONS.get(reason, EventKind.SOFT)
    return None
