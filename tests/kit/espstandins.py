"""The providers that ``espserver`` can stand in for: where each has its mails, and how each answers."""

from __future__ import annotations

import base64
import email
import email.policy
import json
from email.utils import parseaddr
from typing import Any

from kit.espserver import Arrived, Asked, EspServer, StandIn

Reply = tuple[int, bytes, dict[str, str]]


def answer(status: int, body: object, **headers: str) -> Reply:
    return status, json.dumps(body).encode(), headers


def lowered(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


class PostmarkStandIn(StandIn):
    name = "postmark"
    path = "/email/batch"
    proof = ("x-postmark-server-token", "canary")

    def receivers(self, asked: Asked) -> list[str]:
        return [parseaddr(one["To"])[1] for one in asked.json]

    def handle(self, server: EspServer, asked: Asked) -> Reply:
        if asked.method == "GET":
            return answer(200, {"Name": "news"})
        results = []
        for address in self.receivers(asked):
            if address in server.bad:
                words = f"You tried to send to a recipient marked as inactive: {address}."
                results.append({"ErrorCode": 406, "Message": words})
            else:
                server.taken.append(address)
                results.append({"ErrorCode": 0, "Message": "OK", "MessageID": f"id-{len(server.taken)}"})
        return answer(200, results)

    def mails(self, asked: Asked) -> list[Arrived]:
        return [
            Arrived(
                parseaddr(one["To"])[1],
                {field["Name"].lower(): field["Value"] for field in one["Headers"]},
                one["Subject"],
                one["HtmlBody"],
                one["TextBody"],
            )
            for one in asked.json
        ]


class ResendStandIn(StandIn):
    name = "resend"
    path = "/emails/batch"
    proof = ("authorization", "Bearer canary")

    def receivers(self, asked: Asked) -> list[str]:
        return [parseaddr(one["to"][0])[1] for one in asked.json]

    def handle(self, server: EspServer, asked: Asked) -> Reply:
        key = asked.headers.get("idempotency-key", "")
        body, known = server.known.get(key, (b"", None))
        if known and body != asked.body:
            return answer(409, {"name": "invalid_idempotent_request", "message": "same key, other body"})
        found = known or super().handle(server, asked)
        if key and found[0] == 200:
            server.known[key] = (asked.body, found)
        return found

    def accepted(self, asked: Asked, receivers: list[str]) -> Reply:
        return answer(200, {"data": [{"id": f"id-{address}"} for address in receivers]})

    def refused(self, receivers: list[str]) -> Reply:
        return answer(422, {"statusCode": 422, "name": "validation_error", "message": "Invalid `to` field."})

    def mails(self, asked: Asked) -> list[Arrived]:
        return [
            Arrived(
                parseaddr(one["to"][0])[1], lowered(one["headers"]), one["subject"], one["html"], one["text"]
            )
            for one in asked.json
        ]


class SendgridStandIn(StandIn):
    name = "sendgrid"
    path = "/v3/mail/send"
    proof = ("authorization", "Bearer canary")

    def receivers(self, asked: Asked) -> list[str]:
        return [one["to"][0]["email"] for one in asked.json["personalizations"]]

    def accepted(self, asked: Asked, receivers: list[str]) -> Reply:
        return 202, b"", {"x_message_id": "id-of-all"}

    def refused(self, receivers: list[str]) -> Reply:
        wrong = {"message": "Does not contain a valid address.", "field": "personalizations.0.to.0.email"}
        return answer(400, {"errors": [wrong]})

    def mails(self, asked: Asked) -> list[Arrived]:
        given = asked.json
        text, html = (part["value"] for part in given["content"])
        return [
            Arrived(
                one["to"][0]["email"],
                lowered(one["headers"]),
                substituted(given["subject"], one["substitutions"]),
                substituted(html, one["substitutions"]),
                substituted(text, one["substitutions"]),
            )
            for one in given["personalizations"]
        ]


def substituted(text: str, tags: dict[str, str]) -> str:
    for tag, value in tags.items():
        text = text.replace(tag, value)
    return text


class BrevoStandIn(StandIn):
    name = "brevo"
    path = "/v3/smtp/email"
    proof = ("api-key", "canary")

    def receivers(self, asked: Asked) -> list[str]:
        return [asked.json["to"][0]["email"]]

    def handle(self, server: EspServer, asked: Asked) -> Reply:
        key = asked.json["headers"]["idempotencyKey"] if asked.method == "POST" else ""
        if key and key in server.known:
            return answer(400, {"code": "duplicate_parameter", "message": "idempotencyKey was used"})
        found = super().handle(server, asked)
        if key and found[0] == 201:
            server.known[key] = (b"", found)
        return found

    def accepted(self, asked: Asked, receivers: list[str]) -> Reply:
        return answer(201, {"messageId": f"<{receivers[0]}.id>"})

    def refused(self, receivers: list[str]) -> Reply:
        return answer(400, {"code": "invalid_parameter", "message": f"{receivers[0]} is not valid in to"})

    def mails(self, asked: Asked) -> list[Arrived]:
        one = asked.json
        headers = lowered(one["headers"])
        return [
            Arrived(one["to"][0]["email"], headers, one["subject"], one["htmlContent"], one["textContent"])
        ]


class MailgunStandIn(StandIn):
    name = "mailgun"
    path = "/v3/mg.example.org/messages.mime"
    proof = ("authorization", "Basic " + base64.b64encode(b"api:canary").decode())

    def data(self, asked: Asked) -> Any:
        return {name: value.decode() for name, value in asked.form.items()}

    def receivers(self, asked: Asked) -> list[str]:
        return [asked.form["to"].decode()]

    def accepted(self, asked: Asked, receivers: list[str]) -> Reply:
        return answer(200, {"id": f"<{receivers[0]}.id>", "message": "Queued. Thank you."})

    def refused(self, receivers: list[str]) -> Reply:
        return answer(400, {"message": "to parameter is not a valid address. please check documentation"})

    def mails(self, asked: Asked) -> list[Arrived]:
        return [parsed(asked.form["message"], asked.form["to"].decode())]


class SesStandIn(StandIn):
    name = "ses"
    path = "/v2/email/outbound-emails"
    proof = ("authorization", "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/")

    def receivers(self, asked: Asked) -> list[str]:
        [address] = asked.json["Destination"]["ToAddresses"]
        return [address]

    def accepted(self, asked: Asked, receivers: list[str]) -> Reply:
        return answer(200, {"MessageId": f"id-{receivers[0]}"})

    def refused(self, receivers: list[str]) -> Reply:
        kind = "MessageRejected:http://internal.amazon.com/coral/com.amazonaws.services.simpleemail.v2/"
        return answer(400, {"message": "Invalid address"}, x_amzn_errortype=kind)

    def mails(self, asked: Asked) -> list[Arrived]:
        raw = base64.b64decode(asked.json["Content"]["Raw"]["Data"])
        return [parsed(raw, self.receivers(asked)[0])]


def parsed(raw: bytes, to: str) -> Arrived:
    """A finished message as a reader's program takes it apart."""
    got: Any = email.message_from_bytes(raw, policy=email.policy.default)
    text, html = (part.get_content().replace("\r\n", "\n") for part in got.iter_parts())
    headers = {name.lower(): str(value).replace("\r\n ", " ") for name, value in got.items()}
    return Arrived(to, headers, str(got["Subject"]), html, text)


STAND_INS: dict[str, type[StandIn]] = {
    kind.name: kind
    for kind in (
        PostmarkStandIn,
        ResendStandIn,
        SendgridStandIn,
        BrevoStandIn,
        MailgunStandIn,
        SesStandIn,
    )
}
