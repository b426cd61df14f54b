"""Buttondown: one email per edition.

https://docs.buttondown.com/api-emails-introduction: an email that is made without a status may be sent at
once, so it is made as a draft, and sent by a change of its status. From, answers and header fields are the
newsletter's there; the text part is made of the HTML. https://docs.buttondown.com/editor-modes: the template
"naked" leaves HTML as it is; the first line keeps it from being read as Markdown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from digest.model import Campaign, EditionKey, Remote, Standing
from digest.ports import Capabilities
from digest.senders.answers import Answer, Ruling, Verdict, by_status, plain
from digest.senders.campaigns import Page, is_id
from digest.senders.http import Call
from digest.senders.placeholders import CURLY, neutral_edition
from digest.senders.shared import as_json
from digest.settings import ButtondownSettings

CAN = Capabilities(
    kind="campaign",
    bytes_max=10_000_000,
    native_unsubscribe=True,
    own_text=False,
    schedule=timedelta(days=365),
    placeholders=("{{ x }}", "{% x %}", "{# x #}"),
)
#: https://docs.buttondown.com/api-versioning; in this one nothing is sent that is not said to be.
VERSION = "2026-04-01"
AS_HTML = "<!-- buttondown-editor-mode: fancy -->"
SLOTS = {
    "unsubscribe": "{{ unsubscribe_url }}",
    "preferences": "{{ manage_subscription_url }}",
    "address": "{{ subscriber.email }}",
}
STANDINGS = {
    "draft": Standing.DRAFT,
    "scheduled": Standing.SCHEDULED,
    "about_to_send": Standing.SENDING,
    "in_flight": Standing.SENDING,
    "throttled": Standing.SENDING,
    "resending": Standing.SENDING,
    "sent": Standing.SENT,
    "paused": Standing.PAUSED,
    "suppressed": Standing.CANCELLED,
}
#: Nobody can send it any more, and nobody sees it.
DELETED = "deleted"
#: How long before its day an edition's email may have been made.
BEFORE = timedelta(days=14)


class Buttondown:
    name = "buttondown"
    can = CAN

    def __init__(self, settings: ButtondownSettings) -> None:
        self._settings = settings
        self.server = settings.base_url or "https://api.buttondown.com"

    def search(self, key: EditionKey, page: int) -> Call:
        asked = {
            "ordering": "-creation_date",
            "creation_date__start": (key.day - BEFORE).isoformat(),
            "excluded_fields": "body",
            "page": page,
        }
        return self._call("GET", f"/emails?{urlencode(asked)}")

    def found(self, key: EditionKey, answer: Answer) -> Page | None:
        fields = answer.fields()
        items = fields.get("results")
        if not isinstance(items, list):
            return None
        ours = [item for item in items if _marks(item).get("edition") == str(key)]
        return Page([one for item in ours if (one := remote(item))], more=bool(items and fields.get("next")))

    def read(self, remote_id: str) -> Call:
        return self._call("GET", f"/emails/{remote_id}")

    def remote(self, answer: Answer) -> Remote | None:
        return remote(answer.json())

    def create(self, campaign: Campaign) -> Call:
        body = {**payload(campaign, self._settings.tags), "status": "draft"}
        return self._call("POST", "/emails", body)

    def write(self, campaign: Campaign, remote: Remote, *, new: bool) -> Sequence[Call]:
        if new:
            return ()
        return (self._call("PATCH", f"/emails/{remote.id}", payload(campaign, self._settings.tags)),)

    def review(self, remote: Remote) -> Call | None:  # noqa: ARG002 - there is none
        return None

    def objections(self, answer: Answer) -> str:  # noqa: ARG002
        return ""

    def trial(self, campaign: Campaign, remote: Remote, addresses: Sequence[str]) -> Sequence[Call]:  # noqa: ARG002
        return (self._call("POST", f"/emails/{remote.id}/send-draft", {"recipients": list(addresses)}),)

    def launch(self, campaign: Campaign, remote: Remote) -> Call:
        if campaign.at:
            change = {"status": "scheduled", "publish_date": campaign.at.isoformat()}
        else:
            change = {"status": "about_to_send"}
        return self._call("PATCH", f"/emails/{remote.id}", change)

    def probe(self) -> Call:
        return self._call("GET", "/emails?excluded_fields=body&status=scheduled")

    def is_gone(self, answer: Answer) -> bool:
        return answer.status == 404 or answer.fields().get("status") == DELETED

    def refusal(self, answer: Answer) -> Verdict:
        detail = answer.fields().get("detail")
        first = detail[0] if isinstance(detail, list) and detail else detail
        words = plain(first.get("msg") if isinstance(first, dict) else first)
        if answer.fields().get("code") == "email_duplicate":
            return Verdict(Ruling.UNSURE, words)  # it was made before: to be looked for
        return by_status(answer.status, words)

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Call:
        return Call(
            method=method,
            path=f"/v1{path}",
            headers={
                "Authorization": f"Token {self._settings.key.reveal()}",
                "X-API-Version": VERSION,
                "Content-Type": "application/json",
            },
            body=b"" if body is None else as_json(body),
        )


def payload(campaign: Campaign, tags: Sequence[str]) -> dict[str, Any]:
    rendered = neutral_edition(campaign.rendered, CURLY)
    has_tag = [{"field": "subscriber.tags", "operator": "contains", "value": tag} for tag in tags]
    return {
        "subject": rendered.subject,
        "body": AS_HTML + rendered.html.fill(SLOTS),
        "template": "naked",
        "filters": {"filters": has_tag, "groups": [], "predicate": "or"},
        # The archive and its comments are on the newsletter's own pages.
        "archival_mode": "disabled",
        "commenting_mode": "disabled",
        "metadata": {"edition": str(rendered.key), "content": campaign.content},
    }


def _marks(item: object) -> Mapping[str, Any]:
    found = item.get("metadata") if isinstance(item, dict) else None
    return found if isinstance(found, dict) else {}


def remote(item: object) -> Remote | None:
    if not isinstance(item, dict) or not is_id(item.get("id")) or item.get("status") == DELETED:
        return None
    status, analytics = str(item.get("status")), item.get("analytics")
    sent = analytics.get("deliveries") if isinstance(analytics, dict) else None
    standing = STANDINGS.get(status, Standing.UNKNOWN)
    said = [plain(status)] if standing is Standing.UNKNOWN else []
    return Remote(
        id=item["id"],
        standing=standing,
        content=str(_marks(item).get("content") or ""),
        words=", ".join([*said, *([f"{sent} mails"] if isinstance(sent, int) else [])]),
    )
