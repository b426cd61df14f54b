"""Postmark: https://postmarkapp.com/developer/webhooks/bounce-webhook, spam-complaint-webhook and
subscription-change-webhook.

Nothing is signed. A post proves itself by a secret: a password in its address, or a part of the path.
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
    type_name,
)
from digest.bounces.statuses import kind_of, status_of
from digest.model import EventKind, MailEvent
from digest.settings import PostmarkHook

#: Types of https://postmarkapp.com/developer/api/bounce-api#bounce-types; others say nothing of an address.
KINDS = {
    "HardBounce": EventKind.HARD,
    "BadEmailAddress": EventKind.HARD,
    "SoftBounce": EventKind.SOFT,
    "Transient": EventKind.SOFT,
    "DnsError": EventKind.SOFT,
    "Blocked": EventKind.BLOCKED,
    "SpamNotification": EventKind.BLOCKED,
    "VirusNotification": EventKind.BLOCKED,
    "DMARCPolicy": EventKind.BLOCKED,
    "SpamComplaint": EventKind.COMPLAINT,
    "Unsubscribe": EventKind.UNSUBSCRIBE,
}
#: Why Postmark itself sends no more.
REASONS = {
    "HardBounce": EventKind.HARD,
    "SpamComplaint": EventKind.COMPLAINT,
    "ManualSuppression": EventKind.UNSUBSCRIBE,
}


def read(post: Post, hook: PostmarkHook) -> Told:
    require_secret(post, hook.secrets)
    said = table(parsed(post.body))
    kind, address = _outcome(said)
    if kind is None:
        return Told(others=(type_name(f"{text(said, 'RecordType')} {text(said, 'Type')}"),))
    words = text(said, "Details") or text(said, "Description")
    status = status_of("", words)
    if kind is EventKind.HARD and status and text(said, "RecordType") == "Bounce":
        # Their "hard" has refusals of the mail in it, and the server's words tell which.
        kind = kind_of(status)
    number = text(said, "ID")
    event = MailEvent(
        kind=kind,
        source="postmark",
        id=id_of(f"{text(said, 'RecordType')}/{number}" if number else "", said),
        proven=True,
        recipients=(address,),
        status=status,
        detail=words,
        **labelled(table(said, "Metadata")),
    )
    return Told(events=(event,))


def _outcome(said: Mapping[str, Any]) -> tuple[EventKind | None, str]:
    match text(said, "RecordType"):
        case "Bounce":
            return KINDS.get(text(said, "Type")), text(said, "Email")
        case "SpamComplaint":
            return EventKind.COMPLAINT, text(said, "Email")
        case "SubscriptionChange" if said.get("SuppressSending") is True:
            kind = REASONS.get(text(said, "SuppressionReason"))
            # Suppressed by whoever runs the account: no wish of the reader's.
            ours = kind is EventKind.UNSUBSCRIBE and text(said, "Origin") != "Recipient"
            return None if ours else kind, text(said, "Recipient")
    return None, ""
