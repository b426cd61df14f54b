"""The readers' pages over a real database and a real mail server, without a network between."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from httpx import Response
from starlette.testclient import TestClient

from digest import app
from digest.app import App
from digest.audience import new_id, unsubscribe_token
from digest.model import Subscriber
from digest.public import aside
from digest.public.site import site
from kit.builders import NOW
from kit.smtpserver import Postbox

LETTER = """
[newsletters.{key}]
title = "{title}"
tagline = "News briefs, weekday mornings"
timezone = "UTC"
days = "mon-sun"
web = "https://news.example.org/{key}"
from = "{title} <{key}@example.org>"
postal_address = "12 Station Road, Springfield"
{more}

[newsletters.{key}.sender]
kind = "smtp"
host = "127.0.0.1"
port = {port}
security = "none"

[[newsletters.{key}.feeds]]
url = "https://feeds.example.org/{key}.xml"
"""
TOPICS = 'topics = { sport = "Sport and games", art = "Art" }'
BASE = "/the-sift"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
READER = "198.51.100.7"


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def passes(self, time: timedelta) -> None:
        self.now += time


def write_project(folder: Path, port: int, more: str = "") -> None:
    """Two newsletters: The Sift, with topics, and The Evening."""
    folder.mkdir(parents=True, exist_ok=True)
    sift = LETTER.format(key="the-sift", title="The Sift", more=TOPICS, port=port)
    evening = LETTER.format(key="the-evening", title="The Evening", more="", port=port)
    (folder / "schedules.toml").write_text(more + sift + evening)


@dataclass
class Web:
    """The pages of a project, and what its mail server got."""

    app: App
    client: TestClient
    post: Postbox
    clock: Clock = field(default_factory=Clock)

    def get(self, path: str, **given: Any) -> Response:
        return self.client.get(f"{BASE}/{path}", **given)

    def put(self, path: str, data: dict[str, Any] | None = None, **given: Any) -> Response:
        """A form, as a browser posts it."""
        return self.client.post(f"{BASE}/{path}", data=data or {}, **given)

    def sign_up(self, email: str, name: str = "", **given: Any) -> Response:
        return self.put("sign-up", {"email": email, "name": name, "comment": ""}, **given)

    # --- who is there ---------------------------------------------------------------------------

    def add(self, email: str, *, newsletter: str = "the-sift", **given: Any) -> Subscriber:
        one = Subscriber(id=new_id(), newsletter=newsletter, email=email, added_at=NOW, **given)
        self.app.store.subscribers.add([one])
        return one

    def reader(self, email: str, newsletter: str = "the-sift") -> Subscriber:
        found = self.app.store.subscribers.find(newsletter, email)
        assert found is not None
        return found

    def state(self, email: str, newsletter: str = "the-sift") -> str:
        found = self.app.store.subscribers.find(newsletter, email)
        return found.state if found else ""

    def token(self, one: Subscriber) -> str:
        """That of the links in the reader's mails."""
        return unsubscribe_token(self.app.store.secret(), one.id, one.newsletter)

    # --- what was sent --------------------------------------------------------------------------

    def letters(self) -> list[EmailMessage]:
        read = (message_from_bytes(content, policy=policy.default) for _, content in self.post.mails)
        return list(read)  # type: ignore[arg-type]

    def link(self, email: str = "") -> str:
        """The path of the link in the newest letter, to that address where it is named."""
        letters = [mail for mail in self.letters() if email in mail["To"]]
        text = letters[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
        found = re.search(r"https://news\.example\.org(/\S+)", text)
        assert found is not None
        return found[1]


@contextmanager
def opened(folder: Path, post: Postbox, *, peer: str = READER) -> Iterator[Web]:
    clock = Clock()
    aside.LEAST = 0.0
    with app.build(folder, {}) as project:
        client = TestClient(
            site(project, clock),
            base_url="http://attacker.example:81",
            client=(peer, 50000),
            follow_redirects=False,
        )
        yield Web(app=project, client=client, post=post, clock=clock)


def heading(answer: Response) -> str:
    found = re.search(r"<h1[^>]*>\s*(.*?)\s*</h1>", answer.text, re.DOTALL)
    return found[1] if found else ""
