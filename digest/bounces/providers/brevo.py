"""Brevo: https://developers.brevo.com/docs/transactional-webhooks.

Nothing is signed. A post proves itself by a secret, as a token or password in its header or a part of the
path; that it comes from one of Brevo's addresses proves nothing behind a proxy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from digest.bounces.providers.posts import (
    Post,
    Told,
    id_of,
    labelled,
    parsed,
    require_secret,
    table,
    text,
    texts,
    type_name,
)
from digest.bounces.statuses import kind_of, status_of
from digest.model import EventKind, MailEvent
from digest.settings import BrevoHook

KINDS = {
    "hard_bounce": EventKind.HARD,
    "invalid_email": EventKind.HARD,
    "soft_bounce": EventKind.SOFT,
    "blocked": EventKind.BLOCKED,
    "spam": EventKind.COMPLAINT,
    "unsubscribed": EventKind.UNSUBSCRIBE,
}


def read(post: Post, hook: BrevoHook) -> Told:
    require_secret(post, hook.secrets)
    said = table(parsed(post.body))
    kind, words = KINDS.get(text(said, "event")), text(said, "reason")
    if kind is None:
        return Told(others=(type_name(text(said, "event")),))
    status = status_of("", words)
    if kind is EventKind.HARD and status:
        kind = kind_of(status)
    names = ("event", "email", "message-id", "ts_epoch", "ts_event")
    event = MailEvent(
        kind=kind,
        source="brevo",
        # Their "id" is the webhook's, not the event's.
        id=id_of("", [text(said, name) for name in names]),
        proven=True,
        recipients=(text(said, "email"),),
        status=status,
        detail=words,
        **labelled(_tags(said)),
    )
    return Told(events=(event,))


def _tags(said: Mapping[str, Any]) -> Mapping[str, str]:
    """The three tags that ``senders.brevo`` gives: newsletter, day, subscriber, in this order."""
    given = texts(said.get("tags"))
    return dict(zip(("newsletter", "day", "subscriber"), given, strict=True)) if len(given) == 3 else {}
