"""The providers that hold the list, for ``espserver``: they keep campaigns, and send each once, as told.

What a request may say stands in ``tests/data/esp/``, one rule for each operation. A campaign that was sent
is in ``EspServer.taken``, once for each time; what its readers see is what the provider makes of its texts.
"""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from jsonschema import Draft202012Validator

from kit.espserver import RULES, Asked, EspServer, StandIn
from kit.espstandins import Reply, answer

#: What a provider puts in for its own placeholders; another one it does not know.
UNSUBSCRIBE = "https://lists.example.net/u/r1"
PREFERENCES = "https://lists.example.net/p/r1"
READER = "ada@example.com"


class Seen(NamedTuple):
    """A campaign as a reader has it."""

    subject: str
    html: str
    #: "" where the provider makes it of the HTML.
    text: str


class CampaignStandIn(StandIn):
    #: Where its campaigns are: "/api/campaigns".
    path: str
    #: What it calls a campaign that was made, one that was launched, and one that waits for its hour.
    draft: str
    running: str
    scheduled: str

    def __init__(self) -> None:
        rules = json.loads((RULES / f"{self.name}.json").read_text(encoding="utf-8"))
        self._rules = {
            operation: (
                re.compile(operation.replace("{id}", r"[\w-]+")),
                rule.get("query", {}),
                Draft202012Validator(rule["body"]) if "body" in rule else None,
            )
            for operation, rule in rules.items()
        }
        self.campaigns: dict[str, dict[str, Any]] = {}
        #: Whom tests went to.
        self.tested: list[str] = []

    def violations(self, asked: Asked) -> list[str]:
        parts = urlsplit(asked.path)
        wrong = []
        name, value = self.proof
        if not asked.headers.get(name, "").startswith(value):
            wrong.append(f"header: {name}")
        for operation, query, body in self._rules.values():
            if operation.fullmatch(f"{asked.method} {parts.path}"):
                wrong += self._wrong_query(dict(parse_qsl(parts.query)), query)
                if body is not None:
                    wrong += [f"{e.json_path}: {e.message[:200]}" for e in body.iter_errors(asked.json)]
                elif asked.body:
                    wrong.append("a body where none is known")
                return wrong
        return [*wrong, f"no such operation: {asked.method} {asked.path}"]

    @staticmethod
    def _wrong_query(given: dict[str, str], rules: dict[str, Any]) -> list[str]:
        return [
            f"query: {name}={value}"
            for name, value in given.items()
            if name not in rules or not Draft202012Validator(rules[name]).is_valid(value)
        ]

    def handle(self, server: EspServer, asked: Asked) -> Reply:
        tail = urlsplit(asked.path).path.removeprefix(self.path).strip("/")
        remote_id, _, action = tail.partition("/")
        if remote_id and remote_id not in self.campaigns:
            return self.missing()
        if remote_id:
            return self.act(server, asked, self.campaigns[remote_id], action)
        if asked.method == "GET":
            return self.listed(dict(parse_qsl(urlsplit(asked.path).query)))
        return self.made(asked)

    def add(self, given: dict[str, Any]) -> dict[str, Any]:
        number = len(self.campaigns) + 1
        campaign = {"id": self.id_of(number), "status": self.draft, **given}
        self.campaigns[str(campaign["id"])] = campaign
        return campaign

    def launch(self, server: EspServer, campaign: dict[str, Any]) -> bool:
        """Only what is a draft can be launched."""
        if campaign["status"] != self.draft:
            return False
        campaign["status"] = self.running
        server.taken.append(str(campaign["id"]))
        return True

    def id_of(self, number: int) -> Any:
        return f"c{number}"

    def missing(self) -> Reply:
        return answer(404, {"title": "Resource Not Found", "status": 404, "detail": "no such campaign"})

    def made(self, asked: Asked) -> Reply:
        raise NotImplementedError

    def listed(self, query: dict[str, str]) -> Reply:
        raise NotImplementedError

    def act(self, server: EspServer, asked: Asked, campaign: dict[str, Any], action: str) -> Reply:
        raise NotImplementedError

    def seen(self, campaign: dict[str, Any]) -> Seen:
        raise NotImplementedError


class ListmonkStandIn(CampaignStandIn):
    name = "listmonk"
    path = "/api/campaigns"
    proof = ("authorization", "token digest:canary")
    draft, running, scheduled = "draft", "running", "scheduled"

    def id_of(self, number: int) -> int:
        return number

    def missing(self) -> Reply:
        return answer(400, {"message": "Campaign not found"})

    def made(self, asked: Asked) -> Reply:
        return answer(200, {"data": self.add({"sent": 0, "to_send": 0} | asked.json)})

    def listed(self, query: dict[str, str]) -> Reply:
        found = [one for one in self.campaigns.values() if query.get("tag", "") in ("", *one["tags"])]
        size = int(query["per_page"])
        start = (int(query.get("page", 1)) - 1) * size
        newest = list(reversed(found))[start : start + size]
        return answer(200, {"data": {"results": newest, "total": len(found)}})

    def act(self, server: EspServer, asked: Asked, campaign: dict[str, Any], action: str) -> Reply:
        if action == "test":
            self.tested += asked.json["subscribers"]
            return answer(200, {"data": True})
        if action == "status":
            status = asked.json["status"]
            well = campaign["send_at"] is not None if status == "scheduled" else True
            if not well or campaign["status"] != self.draft:
                return answer(400, {"message": "Only draft campaigns can be started"})
            if status == "running":
                self.launch(server, campaign)
                campaign["to_send"] = 1204
            campaign["status"] = status
        elif asked.method == "PUT":
            campaign |= asked.json
        return answer(200, {"data": campaign})

    def seen(self, campaign: dict[str, Any]) -> Seen:
        assert campaign["content_type"] == "visual", "any other is put into a template"
        return Seen(
            campaign["subject"],
            # What Go's html/template does to comments that it sees.
            self._printed(re.sub(r"<!--.*?-->", "", self._unwrapped(campaign["body"]), flags=re.DOTALL)),
            self._printed(self._unwrapped(campaign["altbody"])),
        )

    def _unwrapped(self, template: str) -> str:
        """Go's ``{{ Safe "…" }}`` out of sight, so that nothing in it is taken for an action."""
        self._kept: list[str] = []

        def keep(found: re.Match[str]) -> str:
            self._kept.append(json.loads(found[1]))
            return f"\0{len(self._kept) - 1}\0"

        return re.sub(r'\{\{ Safe ("(?:[^"\\]|\\.)*") \}\}', keep, template)

    def _printed(self, template: str) -> str:
        known = {
            "UnsubscribeURL": UNSUBSCRIBE,
            "ManageURL": PREFERENCES,
            ".Subscriber.Email": READER,
            "Safe .Subscriber.Email": READER,
        }
        out = re.sub(r"\{\{ ([^}]*) \}\}", lambda found: known[found[1]], template)
        assert "{{" not in out, "the template does not compile"
        out = re.sub(r"https?://\S+@TrackLink", "https://tracked.example.net", out)
        return re.sub("\0(\\d+)\0", lambda found: self._kept[int(found[1])], out)


class ButtondownStandIn(CampaignStandIn):
    name = "buttondown"
    path = "/v1/emails"
    proof = ("authorization", "Token canary")
    draft, running, scheduled = "draft", "about_to_send", "scheduled"

    def missing(self) -> Reply:
        return answer(404, {"detail": "Not found."})

    def made(self, asked: Asked) -> Reply:
        assert asked.headers["x-api-version"] == "2026-04-01"
        if asked.json["status"] != "draft":
            return answer(400, {"code": "sending_requires_confirmation", "detail": "Are you sure?"})
        return answer(201, self.add(asked.json))

    def listed(self, query: dict[str, str]) -> Reply:
        newest = list(reversed(self.campaigns.values()))
        start = (int(query.get("page", 1)) - 1) * 50
        more = "https://api.example.org/next" if newest[start + 50 :] else None
        return answer(200, {"results": newest[start : start + 50], "next": more, "count": len(newest)})

    def act(self, server: EspServer, asked: Asked, campaign: dict[str, Any], action: str) -> Reply:
        if action == "send-draft":
            self.tested += asked.json["recipients"]
            return answer(200, {})
        if asked.method == "PATCH":
            status = asked.json.get("status")
            if campaign["status"] != self.draft:
                return answer(400, {"code": "status_invalid", "detail": "The email is on its way."})
            if status == "about_to_send":
                self.launch(server, campaign)
            campaign |= asked.json
        return answer(200, campaign)

    def seen(self, campaign: dict[str, Any]) -> Seen:
        first, body = "<!-- buttondown-editor-mode: fancy -->", campaign["body"]
        assert body.startswith(first)
        assert campaign["template"] == "naked"
        return Seen(self._printed(campaign["subject"]), self._printed(body.removeprefix(first)), "")

    @staticmethod
    def _printed(template: str) -> str:
        known = {
            "unsubscribe_url": UNSUBSCRIBE,
            "manage_subscription_url": PREFERENCES,
            "subscriber.email": READER,
        }
        assert "{%" not in template, "a tag that it does not know is an error"
        without = re.sub(r"\{#.*?#\}", "", template)
        return re.sub(r"\{\{ (.*?) \}\}", lambda found: known.get(found[1], ""), without)


class MailchimpStandIn(CampaignStandIn):
    name = "mailchimp"
    path = "/3.0/campaigns"
    proof = ("authorization", "Basic ")
    draft, running, scheduled = "save", "sending", "schedule"

    def made(self, asked: Asked) -> Reply:
        return answer(200, self.add({"emails_sent": 0, "content": {}} | asked.json))

    def listed(self, query: dict[str, str]) -> Reply:
        found = [
            one for one in self.campaigns.values() if one["recipients"]["list_id"] == query.get("list_id")
        ]
        start = int(query.get("offset", 0))
        newest = list(reversed(found))[start : start + int(query["count"])]
        return answer(200, {"campaigns": newest, "total_items": len(found)})

    def act(self, server: EspServer, asked: Asked, campaign: dict[str, Any], action: str) -> Reply:
        if action == "send-checklist":
            wrong = [
                {"type": "error", "heading": heading, "details": "is missing"}
                for heading, there in (
                    ("HTML", "*|UNSUB|*" in campaign["content"].get("html", "")),
                    ("Text", "*|UNSUB|*" in campaign["content"].get("plain_text", "")),
                    ("Address", "*|LIST:ADDRESS|*" in campaign["content"].get("html", "")),
                )
                if not there
            ]
            return answer(200, {"is_ready": not wrong, "items": wrong})
        if action == "actions/test":
            self.tested += asked.json["test_emails"]
            return 204, b"", {}
        if action.startswith("actions/"):
            if campaign["status"] != self.draft:
                return answer(400, {"title": "Bad Request", "detail": "It was sent already."})
            if action == "actions/send":
                self.launch(server, campaign)
            else:
                campaign |= {"status": self.scheduled, **asked.json}
            return 204, b"", {}
        if action == "content":
            campaign["content"] = asked.json
        elif asked.method == "PATCH":
            campaign |= asked.json
        return answer(200, campaign)

    def seen(self, campaign: dict[str, Any]) -> Seen:
        texts = (
            campaign["settings"]["subject_line"],
            campaign["content"]["html"],
            campaign["content"]["plain_text"],
        )
        known = {
            "UNSUB": UNSUBSCRIBE,
            "UPDATE_PROFILE": PREFERENCES,
            "EMAIL": READER,
            "LIST:ADDRESS": "1 High Street, Springfield",
        }
        return Seen(
            *(re.sub(r"\*\|(.*?)\|\*", lambda found: known.get(found[1], ""), text) for text in texts)
        )


CAMPAIGN_STAND_INS: dict[str, type[CampaignStandIn]] = {
    kind.name: kind for kind in (ListmonkStandIn, ButtondownStandIn, MailchimpStandIn)
}
