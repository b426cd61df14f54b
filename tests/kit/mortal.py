"""`digest send` in a process of its own, which may be told to kill itself (SIGKILL) at a step of its way.

A step is "claim commit 3": the third time that a transaction of ``ledger.claim`` is about to be kept. "call"
is before a function does anything and "return" after all that it does; "again" is put before what comes
after a pause for deferred mails.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from digest import editions
from digest.audience import new_id
from digest.cli import main
from digest.config import load
from digest.model import Blurb, Edition, EditionKey, Subscriber, Window
from digest.pipeline.delivery.dispatching import Dispatch
from digest.pipeline.delivery.tempo import Tempo
from digest.stores import ledger, open_store
from digest.stores.ledger import SqlLedger
from kit.builders import NOW
from kit.forking import forked
from kit.linekit import Project

KEY = EditionKey(newsletter="the-example", day=NOW.date())

SETTINGS = """
[newsletters.the-example]
title = "The Example"
timezone = "UTC"
days = "mon-sun"
from = "The Example <news@example.org>"
postal_address = "12 Station Road, Springfield"
template = "tiny"
retry_after = ["1s"]

[newsletters.the-example.sender]
kind = "smtp"
host = "127.0.0.1"
port = {port}
security = "none"

[[newsletters.the-example.feeds]]
url = "https://example.com/rss.xml"
title = "Example Times"
"""
TEMPLATE = {
    "edition.mjml.j2": """<mjml lang="en"><mj-head><mj-title>{{ edition.subject }}</mj-title></mj-head>
<mj-body><mj-section><mj-column>
{% for blurb in edition.blurbs %}<mj-text>{{ blurb.headline }}</mj-text>{% endfor %}
<mj-text>{{ newsletter.postal_address }} <a href="{{ slots.unsubscribe }}">Unsubscribe</a></mj-text>
</mj-column></mj-section></mj-body></mjml>""",
    "edition.txt.j2": """{% for blurb in edition.blurbs %}{{ blurb.headline }}{% endfor %}

{{ newsletter.postal_address }}
{{ slots.unsubscribe }}
""",
    "web.html.j2": "{% for blurb in edition.blurbs %}<h2>{{ blurb.headline }}</h2>{% endfor %}",
}


def mortal_project(folder: Path, *, people: int, port: int) -> Project:
    """A project with an edition and a list, and so small a template that mails cost next to nothing."""
    (folder / "templates" / "tiny").mkdir(parents=True)
    for name, text in TEMPLATE.items():
        (folder / "templates" / "tiny" / name).write_text(text)
    (folder / "schedules.toml").write_text(SETTINGS.format(port=port))
    edition = Edition(
        key=KEY,
        number=1,
        window=Window(since=NOW, until=NOW),
        subject="Council votes",
        preheader="And what comes of it",
        blurbs=(
            Blurb(
                id="b1",
                section="World",
                headline="Council votes to rebuild the old bridge",
                summary="It was close.",
                outlet="Example Times",
                url="https://example.com/a1",
            ),
        ),
    )
    path = folder / "editions" / KEY.newsletter / f"{KEY.day}.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(editions.write(edition, load(folder, {}).newsletters[KEY.newsletter]))
    store = open_store("sqlite:///var/digest.db", project=folder)
    store.subscribers.add(
        [
            Subscriber(id=new_id(), newsletter=KEY.newsletter, email=f"r{n}@example.com", added_at=NOW)
            for n in range(people)
        ]
    )
    store.close()
    return Project(folder)


@dataclass
class Running:
    process: BaseProcess
    said: Path

    def ended(self) -> tuple[int | None, str]:
        self.process.join(120)
        return self.process.exitcode, self.said.read_text()


def start(project: Project, *words: str, die_at: str = "") -> Running:
    """Begin `digest send` with *words*."""
    said = project.folder / f"said-{len(list(project.folder.glob('said-*')))}.txt"
    said.touch()
    return Running(forked(_send, str(project.folder), words, die_at, str(said)), said)


def _send(folder: str, words: tuple[str, ...], die_at: str, said: str) -> None:
    _mined(die_at)
    # What is handed out at once is small, so that there is much to resume.
    ledger.PAGE = 400
    with Path(said).open("w") as file, redirect_stdout(file), redirect_stderr(file):
        main(["send", *words, "--project", folder, "--now", NOW.isoformat()])
    sys.exit(0)


def _mined(die_at: str) -> None:
    """Count what happens, and die when it is the step's turn."""
    crossed: Counter[str] = Counter()
    inside: list[str] = []
    again = ""

    def cross(name: str) -> None:
        crossed[again + name] += 1
        if f"{again}{name} {crossed[again + name]}" == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def mine(owner: Any, attribute: str, name: str) -> None:
        function: Callable[..., Any] = getattr(owner, attribute)

        def mined(*args: Any, **given: Any) -> Any:
            cross(f"{name} call")
            inside.append(name)
            try:
                result = function(*args, **given)
            finally:
                inside.pop()
            cross(f"{name} return")
            return result

        setattr(owner, attribute, mined)

    def pause(tempo: Tempo, length: Any, original: Any = Tempo.pause) -> bool:
        nonlocal again
        if length:
            cross("pause")
            again = "again "
        return bool(original(tempo, length))

    for name in ("enrol", "claim", "record", "withdraw"):
        mine(SqlLedger, name, name)
    mine(Dispatch, "_mail", "mail")
    mine(Dispatch, "_take", "receipt")
    Tempo.pause = pause  # type: ignore[method-assign]
    event.listen(Engine, "commit", lambda _: cross(f"{inside[-1]} commit") if inside else None)
