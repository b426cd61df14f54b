"""Mailchimp: one campaign per edition.

https://mailchimp.com/developer/marketing/api/campaigns/: a campaign is made, then its content is put, then
the provider's checklist is read, then it is sent or scheduled (on a quarter of an hour). The visible From is
its ``reply_to``; header fields are the provider's. It wants its own merge tags for the way out and for the
postal address. https://mailchimp.com/developer/marketing/docs/fundamentals/: ten connections at once, no
word of what is left, and under load a 403 without a body.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from email.utils import parseaddr
from html import escape
from typing import Any
from urllib.parse import urlencode

from digest.errors import SendError
from digest.model import Campaign, EditionKey, Remote, Standing
from digest.ports import Capabilities
from digest.senders.answers import Answer, Ruling, Verdict, by_status, plain
from digest.senders.campaigns import Page, is_id
from digest.senders.http import Call
from digest.senders.placeholders import STAR, neutral_edition
from digest.senders.shared import as_json
from digest.settings import MailchimpSettings, Secret

CAN = Capabilities(
    kind="campaign",
    bytes_max=10_000_000,
    native_unsubscribe=True,
    schedule=timedelta(days=365),
    placeholders=("*|X|*",),
)
SLOTS = {"unsubscribe": "*|UNSUB|*", "preferences": "*|UPDATE_PROFILE|*", "address": "*|EMAIL|*"}
ADDRESS = "*|LIST:ADDRESS|*"
STANDINGS = {
    "save": Standing.DRAFT,
    "schedule": Standing.SCHEDULED,
    "sending": Standing.SENDING,
    "sent": Standing.SENT,
    "paused": Standing.PAUSED,
    "canceling": Standing.CANCELLED,
    "canceled": Standing.CANCELLED,
}
PER_PAGE = 200
#: How long before its day an edition's campaign may have been made.
BEFORE = timedelta(days=14)
SHOWN = "id,status,emails_sent,settings.title"


class Mailchimp:
    name = "mailchimp"
    can = CAN

    def __init__(self, settings: MailchimpSettings) -> None:
        self._settings = settings
        self.server = settings.base_url or server_of(settings.key)

    def search(self, key: EditionKey, page: int) -> Call:
        asked = {
            "list_id": self._settings.list,
            "since_create_time": f"{key.day - BEFORE}T00:00:00+00:00",
            "sort_field": "create_time",
            "sort_dir": "DESC",
            "count": PER_PAGE,
            "offset": (page - 1) * PER_PAGE,
            "fields": ",".join(f"campaigns.{field}" for field in SHOWN.split(",")),
        }
        return self._call("GET", f"?{urlencode(asked)}")

    def found(self, key: EditionKey, answer: Answer) -> Page | None:
        items = answer.fields().get("campaigns")
        if not isinstance(items, list):
            return None
        ours = [item for item in items if _title(item).partition(" ")[0] == str(key)]
        return Page([one for item in ours if (one := remote(item))], more=len(items) >= PER_PAGE)

    def read(self, remote_id: str) -> Call:
        return self._call("GET", f"/{remote_id}?fields={SHOWN}")

    def remote(self, answer: Answer) -> Remote | None:
        return remote(answer.json())

    def create(self, campaign: Campaign) -> Call:
        return self._call("POST", "", {"type": "regular", **self._payload(campaign)})

    def write(self, campaign: Campaign, remote: Remote, *, new: bool) -> Sequence[Call]:
        put = self._call("PUT", f"/{remote.id}/content", content(campaign))
        return (put,) if new else (self._call("PATCH", f"/{remote.id}", self._payload(campaign)), put)

    def review(self, remote: Remote) -> Call | None:
        return self._call("GET", f"/{remote.id}/send-checklist")

    def objections(self, answer: Answer) -> str:
        fields = answer.fields()
        items = fields.get("items")
        wrong = [item for item in items if _is_error(item)] if isinstance(items, list) else []
        if fields.get("is_ready") is True:
            return ""
        words = (f"{plain(item.get('heading'))}: {plain(item.get('details'))}" for item in wrong)
        return "; ".join(words) or "its checklist does not say that it is ready"

    def trial(self, campaign: Campaign, remote: Remote, addresses: Sequence[str]) -> Sequence[Call]:  # noqa: ARG002
        body = {"test_emails": list(addresses), "send_type": "html"}
        return (self._call("POST", f"/{remote.id}/actions/test", body),)

    def launch(self, campaign: Campaign, remote: Remote) -> Call:
        if campaign.at is None:
            return self._call("POST", f"/{remote.id}/actions/send")
        body = {"schedule_time": campaign.at.isoformat()}
        return self._call("POST", f"/{remote.id}/actions/schedule", body)

    def probe(self) -> Call:
        return self._call("GET", "?count=1&fields=total_items")

    def is_gone(self, answer: Answer) -> bool:
        return answer.status == 404

    def refusal(self, answer: Answer) -> Verdict:
        words = plain(answer.fields().get("detail") or answer.fields().get("title"))
        if answer.status == 403 and not answer.fields():
            return Verdict(Ruling.LATER, "403 without a word: too many requests")
        return by_status(answer.status, words)

    def _payload(self, campaign: Campaign) -> dict[str, Any]:
        recipients: dict[str, Any] = {"list_id": self._settings.list}
        if self._settings.segment:
            recipients["segment_opts"] = {"saved_segment_id": self._settings.segment}
        return {"recipients": recipients, **settings(campaign)}

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Call:
        login = base64.b64encode(f"digest:{self._settings.key.reveal()}".encode()).decode("ascii")
        return Call(
            method=method,
            path=f"/3.0/campaigns{path}",
            headers={"Authorization": f"Basic {login}", "Content-Type": "application/json"},
            body=b"" if body is None else as_json(body),
        )


def server_of(key: Secret) -> str:
    """The server of the data centre that a key names; "" when it names none."""
    centre = key.reveal().rpartition("-")[2]
    return f"https://{centre}.api.mailchimp.com" if re.fullmatch(r"[a-z]{2,4}[0-9]{1,3}", centre) else ""


def settings(campaign: Campaign) -> dict[str, Any]:
    """What the campaign is, but for its content.

    Raises:
        SendError: It asks for what Mailchimp does not have.
    """
    name, address = parseaddr(campaign.sender)
    if campaign.reply_to and parseaddr(campaign.reply_to)[1] != address:
        raise SendError(
            "mailchimp: replies go to from, and nowhere else: remove reply_to from the newsletter"
        )
    if campaign.at and (campaign.at.minute % 15 or campaign.at.second):
        raise SendError(
            "mailchimp: it schedules only on quarters of an hour, such as 06:30 or 06:45: change send"
        )
    return {
        "settings": {
            "title": campaign.name,
            "subject_line": neutral_edition(campaign.rendered, STAR).subject,
            "from_name": name or address,
            "reply_to": address,
            "auto_footer": False,
            "inline_css": False,
        },
        "tracking": {"opens": False, "html_clicks": False, "text_clicks": False},
    }


def content(campaign: Campaign) -> dict[str, str]:
    rendered = neutral_edition(campaign.rendered, STAR)
    postal = _pattern(campaign.postal_address)
    return {
        "html": postal.sub(ADDRESS, rendered.html.fill(SLOTS)),
        "plain_text": postal.sub(ADDRESS, rendered.text.fill(SLOTS)),
    }


def _pattern(address: str) -> re.Pattern[str]:
    """A postal address as templates print it, in lines or in one, in a text or in HTML."""
    words = (word for word in re.split(r"[\s,]+", address) if word)
    written = (
        f"(?:{re.escape(word)}|{re.escape(escape(word, quote=False))})".replace("'", "(?:'|&#39;|&#x27;)")
        for word in words
    )
    return re.compile(r"(?:[\s,]|<br\s*/?>|&nbsp;)+".join(written))


def _title(item: object) -> str:
    found = item.get("settings") if isinstance(item, dict) else None
    title = found.get("title") if isinstance(found, dict) else None
    return title if isinstance(title, str) else ""


def _is_error(item: object) -> bool:
    return isinstance(item, dict) and item.get("type") == "error"


def remote(item: object) -> Remote | None:
    if not isinstance(item, dict) or not is_id(item.get("id")):
        return None
    sent, status = item.get("emails_sent"), str(item.get("status"))
    standing = STANDINGS.get(status, Standing.UNKNOWN)
    said = [plain(status)] if standing is Standing.UNKNOWN else []
    return Remote(
        id=item["id"],
        standing=standing,
        content=_title(item).rpartition(" ")[2],
        words=", ".join([*said, *([f"{sent} mails"] if isinstance(sent, int) and sent else [])]),
    )
