"""listmonk: one campaign per edition, to lists on a server of one's own.

https://listmonk.app/docs/apis/campaigns/: a campaign is made as a draft, and its status decides what becomes
of it. https://listmonk.app/docs/templating/: its texts are Go templates. The content is "visual", as any
other is put into a template of the server's. Go takes comments out of HTML, and with them what Outlook needs
(https://pkg.go.dev/html/template), so they go through the function ``Safe``; and in the text part it would
take a "<" for a tag, so all of that does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from digest.model import Campaign, EditionKey, Remote, Standing
from digest.ports import Capabilities
from digest.senders.answers import Answer, Verdict, by_status, plain
from digest.senders.campaigns import Page
from digest.senders.http import Call
from digest.senders.placeholders import LISTMONK, neutral_edition
from digest.senders.shared import as_json, unfolded
from digest.settings import ListmonkSettings

CAN = Capabilities(
    kind="campaign",
    bytes_max=10_000_000,
    native_unsubscribe=True,
    schedule=timedelta(days=365),
    placeholders=("{{ x }}", "@TrackLink"),
)
SLOTS = {
    "unsubscribe": "{{ UnsubscribeURL }}",
    "preferences": "{{ ManageURL }}",
    "address": "{{ .Subscriber.Email }}",
}
#: A text part is no HTML: an apostrophe in an address stays one.
TEXT_SLOTS = {**SLOTS, "address": "{{ Safe .Subscriber.Email }}"}
STANDINGS = {
    "draft": Standing.DRAFT,
    "scheduled": Standing.SCHEDULED,
    "running": Standing.SENDING,
    "finished": Standing.SENT,
    "paused": Standing.PAUSED,
    "cancelled": Standing.CANCELLED,
}
PER_PAGE = 100
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
#: Ours: every other one was made harmless.
ACTION = re.compile(r"(\{\{ [^{}]+ \}\})")


class Listmonk:
    name = "listmonk"
    can = CAN

    def __init__(self, settings: ListmonkSettings) -> None:
        self._settings = settings
        self.server = settings.base_url.rstrip("/").removesuffix("/api")

    def search(self, key: EditionKey, page: int) -> Call:
        asked = {
            "tag": tag(key),  # its description says "tags", and its server reads this
            "no_body": "true",
            "order_by": "created_at",
            "order": "DESC",
            "page": page,
            "per_page": PER_PAGE,
        }
        return self._call("GET", f"?{urlencode(asked)}")

    def found(self, key: EditionKey, answer: Answer) -> Page | None:
        data = answer.fields().get("data")
        items = data.get("results") if isinstance(data, dict) else None
        if not isinstance(items, list):
            return None
        ours = [item for item in items if isinstance(item, dict) and tag(key) in (item.get("tags") or ())]
        return Page([one for item in ours if (one := remote(item))], more=len(items) >= PER_PAGE)

    def read(self, remote_id: str) -> Call:
        return self._call("GET", f"/{remote_id}?no_body=true")

    def remote(self, answer: Answer) -> Remote | None:
        return remote(answer.fields().get("data"))

    def create(self, campaign: Campaign) -> Call:
        return self._call("POST", "", payload(campaign, self._settings.lists))

    def write(self, campaign: Campaign, remote: Remote, *, new: bool) -> Sequence[Call]:
        if new:
            return ()
        return (self._call("PUT", f"/{remote.id}", payload(campaign, self._settings.lists)),)

    def review(self, remote: Remote) -> Call | None:  # noqa: ARG002 - there is none
        return None

    def objections(self, answer: Answer) -> str:  # noqa: ARG002
        return ""

    def trial(self, campaign: Campaign, remote: Remote, addresses: Sequence[str]) -> Sequence[Call]:
        """The server sends tests to its own subscribers only."""
        body = {**payload(campaign, self._settings.lists), "subscribers": list(addresses)}
        return (self._call("POST", f"/{remote.id}/test", body),)

    def launch(self, campaign: Campaign, remote: Remote) -> Call:
        status = "scheduled" if campaign.at else "running"
        return self._call("PUT", f"/{remote.id}/status", {"status": status})

    def probe(self) -> Call:
        return self._call("GET", "?no_body=true&per_page=1")

    def is_gone(self, answer: Answer) -> bool:
        """A campaign that is not there is a "bad request"."""
        return answer.status in (400, 404)

    def refusal(self, answer: Answer) -> Verdict:
        return by_status(answer.status, plain(answer.fields().get("message")))

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Call:
        given = self._settings
        return Call(
            method=method,
            path=f"/api/campaigns{path}",
            headers={
                "Authorization": f"token {given.username}:{given.token.reveal()}",
                "Content-Type": "application/json",
            },
            body=b"" if body is None else as_json(body),
        )


def tag(key: EditionKey) -> str:
    """At most 100 characters, and no white space: what an edition's campaign is found by."""
    return f"digest:{key}"


def payload(campaign: Campaign, lists: Sequence[int]) -> dict[str, Any]:
    rendered = neutral_edition(campaign.rendered, LISTMONK)
    fields = {**unfolded(campaign.headers), **({"Reply-To": campaign.reply_to} if campaign.reply_to else {})}
    return {
        "name": campaign.name,
        "subject": rendered.subject,
        "lists": list(lists),
        "from_email": campaign.sender,
        "type": "regular",
        "messenger": "email",
        "content_type": "visual",
        "body": COMMENT.sub(lambda comment: _safe(comment[0]), rendered.html.fill(SLOTS)),
        "altbody": _safe(rendered.text.fill(TEXT_SLOTS)),
        # A header field is a template as well; no name or address needs two braces.
        "headers": [{name: value.replace("{{", "{")} for name, value in fields.items()],
        "tags": [tag(rendered.key)],
        "send_at": campaign.at.isoformat() if campaign.at else None,
    }


def _safe(text: str) -> str:
    """*text* as Go prints it unchanged, but for our own actions; JSON's texts are Go's as well."""
    parts = ACTION.split(text)
    parts[::2] = [
        f"{{{{ Safe {json.dumps(part, ensure_ascii=False)} }}}}" if part else "" for part in parts[::2]
    ]
    return "".join(parts)


def remote(item: object) -> Remote | None:
    if not isinstance(item, dict) or not isinstance(item.get("id"), int):
        return None
    sent, whole, name = item.get("sent"), item.get("to_send"), item.get("name")
    return Remote(
        id=str(item["id"]),
        standing=STANDINGS.get(str(item.get("status")), Standing.UNKNOWN),
        content=name.rpartition(" ")[2] if isinstance(name, str) else "",
        words=f"{sent} of {whole} mails" if whole else "",
    )
