"""`digest run` in processes of its own, that are killed, stopped, doubled, or beside lines of cron.

The feeds and the mail server are real ones on loopback that count; the clock is ahead or behind by --now.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from kit.faultserver import FaultServer, Script, reply
from kit.smtpserver import Postbox, serving
from kit.year import TEMPLATES, feed

from digest import app as application
from digest.audience import new_id
from digest.model import EditionKey, FeedState, Subscriber, Tally

pytestmark = pytest.mark.slow

PEOPLE = 120
EVERYONE = {f"r{number}@example.com" for number in range(PEOPLE)}
DAY = date(2026, 11, 23)
KEY = EditionKey(newsletter="the-example", day=DAY)
#: Three seconds before everything is due, and a minute after it was.
MINUTE_AGO = datetime(2026, 11, 23, 4, 59, tzinfo=UTC)
BEFORE, AFTER = "2026-11-23T04:59:57", "2026-11-23T05:01:00"

# A feed that hangs does so until somebody is killed, however slow the machine is.
SETTINGS = """
[fetching]
timeout = "10m"

[newsletters.the-example]
title = "The Example"
timezone = "UTC"
build = "05:00"
send = "05:00"
items = 3
quick_hits = 0
template = "tiny"
from = "The Example <news@example.org>"
postal_address = "12 Station Road, Springfield"

[newsletters.the-example.sender]
kind = "smtp"
host = "127.0.0.1"
port = {port}
security = "none"
connections = 1

[[newsletters.the-example.feeds]]
url = "{feed}"
title = "Example Times"
content = "feed"
allow_private = true
"""


@dataclass
class Process:
    popen: subprocess.Popen[bytes]
    file: Path

    @property
    def said(self) -> str:
        return self.file.read_text()

    def killed(self) -> str:
        self.popen.kill()
        return self.ended()[1]

    def stopped(self) -> tuple[int, str]:
        self.popen.send_signal(signal.SIGTERM)
        return self.ended()

    def ended(self) -> tuple[int, str]:
        code = self.popen.wait(timeout=200)
        return code, self.said

    def wait_until_it_says(self, words: str) -> None:
        until = monotonic() + 200
        while words not in self.said:
            assert self.popen.poll() is None, self.said
            assert monotonic() < until, self.said
            sleep(0.05)


@dataclass
class Place:
    """A project, its feed and its mail server."""

    folder: Path
    box: Postbox
    feeds: FaultServer
    processes: list[Process] = field(default_factory=list)

    def start(self, *words: str, now: str) -> Process:
        command = [sys.executable, "-m", "digest", *words, "--project", str(self.folder), "--now", now]
        said = self.folder.with_name(f"said-{len(self.processes)}")
        with said.open("wb") as file:
            process = Process(subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT), said)
        self.processes.append(process)
        return process

    def serve(self, *scripts: Script) -> None:
        self.feeds.script("/feed.xml", *scripts)

    @property
    def arrived(self) -> Counter[str]:
        return Counter(address for address, _ in self.box.mails)

    @property
    def tally(self) -> Tally:
        with application.build(self.folder) as app:
            return app.store.ledger.tally(KEY)

    def runs(self, stage: str) -> list[int]:
        with application.build(self.folder) as app:
            return [run.code for run in app.store.journal.latest(KEY.newsletter) if run.stage == stage]

    def wait_for(self, count: int) -> None:
        until = monotonic() + 200
        while len(self.box.mails) < count:
            assert monotonic() < until, [process.popen.poll() for process in self.processes]
            sleep(0.05)


NEWS = reply(
    200,
    feed("https://one.example/rss.xml", datetime(2026, 11, 23, 5, tzinfo=UTC), ()),
    content_type="application/rss+xml",
)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with serving() as box, FaultServer() as feeds:
        folder = tmp_path / "project"
        (folder / "templates" / "tiny").mkdir(parents=True)
        for name, text in TEMPLATES.items():
            (folder / "templates" / "tiny" / name).write_text(text)
        text = SETTINGS.format(port=box.port, feed=feeds.url("/feed.xml"))
        (folder / "schedules.toml").write_text(text)
        with application.build(folder) as app:
            app.store.subscribers.add(
                [
                    Subscriber(
                        id=new_id(),
                        newsletter=KEY.newsletter,
                        email=address,
                        added_at=datetime(2026, 1, 1, tzinfo=UTC),
                    )
                    for address in EVERYONE
                ]
            )
            # Its feed was asked a minute ago: the next who ask are builds.
            asked = FeedState(url=feeds.url("/feed.xml"), checked_at=MINUTE_AGO)
            app.store.feeds.keep(asked, [])
            app.store.roster.watch(KEY.newsletter, at=datetime(2026, 11, 22, tzinfo=UTC))
        made = Place(folder, box, feeds)
        made.serve(NEWS)
        yield made
        for process in made.processes:
            if process.popen.poll() is None:
                process.killed()


def everyone_has_one(place: Place) -> bool:
    return set(place.arrived) == EVERYONE and set(place.arrived.values()) == {1}


def test_it_builds_and_sends_at_its_hours_and_ends_when_it_is_asked_to(place: Place) -> None:
    process = place.start("run", now=BEFORE)
    place.wait_for(PEOPLE)
    code, said = process.stopped()

    assert code == 0, said
    assert "next edition Monday 2026-11-23: build 05:00, send 05:00 (UTC)" in said
    assert "stopped as asked" in said
    assert everyone_has_one(place)
    assert place.tally == Tally(sent=PEOPLE)
    assert not list(place.folder.glob("var/*-run-*")), "no claim is left behind"


def test_killed_while_it_builds_the_next_one_builds_it(place: Place) -> None:
    processes: list[Process] = []

    def kill(_: socket.socket) -> None:
        processes[0].popen.kill()

    place.serve(kill, NEWS)
    processes.append(place.start("run", now=BEFORE))
    assert processes[0].ended()[0] == -signal.SIGKILL
    assert place.tally == Tally()

    second = place.start("run", now=AFTER)
    place.wait_for(PEOPLE)
    assert second.stopped()[0] == 0
    assert everyone_has_one(place)
    assert place.runs("build") == [0]


def test_what_a_living_one_is_at_is_left_to_it_and_taken_over_when_it_is_dead(place: Place) -> None:
    place.serve(lambda _: place.feeds.over.wait(100), NEWS)
    first = place.start("run", now=BEFORE)
    while not place.feeds.paths:
        sleep(0.05)

    code, said = place.start("run", "--once", now=AFTER).ended()
    assert (code, place.box.mails) == (1, []), said
    assert "build" not in said.replace("digest build", "")
    code, said = place.start("build", "--date", str(DAY), now=AFTER).ended()
    assert code == 75
    assert "another process is doing its build right now" in said

    first.killed()
    code, said = place.start("run", "--once", now=AFTER).ended()
    assert code == 0, said
    assert everyone_has_one(place)


def test_killed_while_it_sends_the_next_one_goes_on_and_nobody_gets_two(place: Place) -> None:
    processes: list[Process] = []
    take = place.box.handle_DATA

    async def handle(server: Any, session: Any, envelope: Any) -> str:
        answer = await take(server, session, envelope)
        if len(place.box.mails) == 47:
            processes[0].popen.kill()
        return answer

    place.box.handle_DATA = handle  # type: ignore[method-assign]
    processes.append(place.start("run", now=BEFORE))
    assert processes[0].ended()[0] == -signal.SIGKILL

    code, said = place.start("run", "--once", now=AFTER).ended()
    tally = place.tally
    assert code == 1, said
    assert (tally.pending, tally.deferred) == (0, 0)
    assert tally.sent + tally.unsure == PEOPLE
    assert tally.unsure > 0
    assert set(place.arrived.values()) == {1}
    assert PEOPLE - tally.unsure <= len(place.arrived) <= PEOPLE


def test_two_of_them_and_cron_beside_them_are_one_edition(place: Place) -> None:
    first, second = place.start("run", now=BEFORE), place.start("run", now=BEFORE)
    first.wait_until_it_says("next edition Monday")
    cron = [place.start(*words, now=AFTER) for words in (("build",), ("send",), ("run", "--once"))]
    said = [process.ended() for process in cron]
    place.wait_for(PEOPLE)
    said += [first.stopped(), second.stopped()]

    assert everyone_has_one(place), said
    assert place.tally == Tally(sent=PEOPLE)
    assert [code for code, _ in said[3:]] == [0, 0], said
    assert len(list((place.folder / "editions" / KEY.newsletter).glob("*.yaml"))) == 1


def test_asked_to_stop_while_a_feed_hangs_it_ends_and_loses_nothing(place: Place) -> None:
    place.serve(lambda _: place.feeds.over.wait(100), NEWS)
    process = place.start("run", now=BEFORE)
    while not place.feeds.paths:
        sleep(0.05)
    code, said = process.stopped()
    assert code == 0, said

    assert place.start("run", "--once", now=AFTER).ended()[0] == 0
    assert everyone_has_one(place)


def test_asked_to_stop_while_it_sends_nothing_is_in_doubt(place: Place) -> None:
    process = place.start("run", now=BEFORE)
    place.wait_for(20)
    code, said = process.stopped()

    between = place.tally
    assert code == 0, said
    assert between.unsure == 0
    assert between.sent == len(place.box.mails)
    assert place.start("run", "--once", now=AFTER).ended()[0] in (0, 3)
    assert everyone_has_one(place)


def test_settings_that_are_wrong_are_refused_and_the_old_ones_go_on(place: Place) -> None:
    settings = place.folder / "schedules.toml"
    text = settings.read_text()
    process = place.start("run", now=BEFORE)
    process.wait_until_it_says("next edition Monday")
    settings.write_text(text.replace("items = 3", 'items = "three"'))
    process.wait_until_it_says("what=settings")
    place.wait_for(PEOPLE)
    settings.write_text(text.replace("items = 3", "items = 2"))
    process.wait_until_it_says("schedules.toml was changed, and is in force now")
    code, said = process.stopped()

    assert code == 0, said
    assert "what=settings" in said
    assert "code=2" in said
    assert "newsletters.the-example.items" in said
    assert "schedules.toml was changed, and is in force now" in said
    assert everyone_has_one(place)


def test_a_project_without_settings_ends_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "digest", "run", "--project", str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {})

    assert ended.returncode == 2
    assert "there is no such file" in ended.stderr
