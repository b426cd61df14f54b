"""Buttondown: HMAC-SHA-256 of the raw body, "X-Buttondown-Signature: sha256=…".

https://docs.buttondown.com/api-webhooks-introduction. The signature has no time; each event has an id, which
keeps a copy from counting. Buttondown holds its list itself: an event that names no address is counted only.
"""

from __future__ import annotations

from digest.bounces.providers.posts import (
    Post,
    Told,
    hmac_sha256,
    id_of,
    parsed,
    same,
    table,
    text,
    type_name,
)
from digest.errors import HookError
from digest.model import EventKind, MailEvent
from digest.settings import ButtondownHook

KINDS = {
    "subscriber.bounced": EventKind.SOFT,
    "subscriber.rejected": EventKind.BLOCKED,
    "subscriber.complained": EventKind.COMPLAINT,
    "subscriber.unsubscribed": EventKind.UNSUBSCRIBE,
}
#: Of the description's SubscriberUndeliverabilityReason, those that say that there is no such address.
UNKNOWN = frozenset({"does_not_exist", "hard_bounce", "disabled", "malformed"})


def read(post: Post, hook: ButtondownHook) -> Told:
    _verify(post, hook)
    said = table(parsed(post.body))
    type_, data = text(said, "event_type"), table(said, "data")
    kind, address = KINDS.get(type_), text(data, "email_address") or text(data, "email")
    if kind is None or "@" not in address:
        return Told(others=(type_name(type_),))
    why = text(data, "undeliverability_reason") or text(data, "reason")
    if why in UNKNOWN and kind in {EventKind.SOFT, EventKind.BLOCKED}:
        kind = EventKind.HARD
    event = MailEvent(
        kind=kind,
        source="buttondown",
        id=id_of(text(said, "id"), said),
        proven=True,
        recipients=(address,),
        detail=why,
    )
    return Told(events=(event,))


def _verify(post: Post, hook: ButtondownHook) -> None:
    given = post.headers.get("x-buttondown-signature", "")
    genuine = [f"sha256={hmac_sha256(key.reveal().encode(), post.body).hex()}" for key in hook.keys]
    if not any([same(given, each) for each in genuine]):  # noqa: C419 - each, so that time tells nothing
        raise HookError("its signature is wrong")
