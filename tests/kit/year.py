"""Months of a project's mornings in seconds: ``python year.py FOLDER SEED SINCE UNTIL`` leaves their traces.

The scheduler, the pipeline and the store are the real ones; the clock is frozen and leaps to each moment at
which the scheduler would wake up. Feeds are generated, readers' mails counted. At random but seeded moments
feeds fail, the mail server is down or puts mails off, editors break a file, and the process is killed, for
good: it is a fork that ends without a word in the middle of what it does, and somebody starts it again later.
"""

from __future__ import annotations

import gc
import json
import os
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from digest import config, timetable
from digest.app import App
from digest.errors import FetchError, SendError
from digest.model import Fetched, Mail, Notice, Outcome, Receipt, Request, Subscriber
from digest.scheduler import Shift, deciding
from digest.settings import Newsletter
from digest.stores import database

READERS = 9
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
MONTH = timedelta(days=30)
#: How probable it is that the process is killed while it does what is due.
KILLED = 0.08

SETTINGS = """
[newsletters.harbor]
title = "The Harbor"
timezone = "America/New_York"
days = "mon-fri"
holidays = "US"
extra_days_off = [2026-12-24]
build = "05:00"
send = "06:30"
items = 2
min_items = 2
quick_hits = 0
template = "tiny"
fetch_every = "12h"
from = "The Harbor <harbor@example.org>"
postal_address = "12 Station Road, Springfield"
editors = ["desk@example.org"]

[[newsletters.harbor.feeds]]
url = "https://one.example/rss.xml"
title = "One"
content = "feed"
limit = 40

[[newsletters.harbor.feeds]]
url = "https://two.example/rss.xml"
title = "Two"
content = "feed"
limit = 40

# The hours at which clocks change in Berlin, on the nights to Sunday.
[newsletters.night]
title = "The Night"
timezone = "Europe/Berlin"
days = "sun"
build = "02:10"
send = "02:40"
max_lateness = "2h"
items = 2
min_items = 2
quick_hits = 0
template = "tiny"
fetch_every = "12h"
from = "The Night <night@example.org>"
postal_address = "12 Station Road, Springfield"
editors = ["desk@example.org"]
quiet_day = { do = "notice" }

[[newsletters.night.feeds]]
url = "https://three.example/rss.xml"
title = "Three"
content = "feed"
limit = 40
"""
TEMPLATES = {
    "edition.mjml.j2": """<mjml><mj-body><mj-section><mj-column><mj-text>{{ edition.letter }}
{% for section in sections %}{% for blurb in section.blurbs %}{{ blurb.headline }} {% endfor %}{% endfor %}
{{ newsletter.postal_address }} <a href="{{ slots.unsubscribe }}">Unsubscribe</a></mj-text></mj-column>
</mj-section></mj-body></mjml>""",
    "edition.txt.j2": "{{ edition.subject }}\n{{ newsletter.postal_address }}\n{{ slots.unsubscribe }}\n",
    "web.html.j2": "<html><body>{{ edition.subject }}</body></html>",
}


@dataclass(frozen=True)
class Span:
    """Something does not work from one moment to another."""

    since: datetime
    until: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.since <= moment < self.until


def spans(
    chance: random.Random, life: Span, monthly: float, shortest: timedelta, longest: timedelta
) -> list[Span]:
    """So many a month. Half of them are meant: they begin in the morning hours of a newsletter."""
    found = []
    for number in range(round(monthly * (life.until - life.since) / MONTH)):
        since = life.since + chance.random() * (life.until - life.since)
        if number % 2:
            since = since.replace(hour=chance.choice([0, 1, 9, 10, 11]))
        found.append(Span(since, since + shortest + chance.random() * (longest - shortest)))
    return found


@dataclass
class World:
    """What happens outside of the program."""

    folder: Path
    chance: random.Random
    now: datetime
    #: Calls of the feeds or mails that are still to be made before the process is killed; -1: it lives.
    lives: int = -1
    feeds_down: list[Span] = field(default_factory=list)
    server_down: list[Span] = field(default_factory=list)
    host_down: list[Span] = field(default_factory=list)
    slow_news: list[Span] = field(default_factory=list)

    def step(self) -> None:
        """One more call to the outside: the process may not live to see its answer."""
        if self.lives == 0:
            os._exit(9)
        self.lives -= self.lives > 0

    def trace(self, name: str, **what: Any) -> None:
        """What is written here outlives the process, as everything in the world does."""
        with (self.folder / f"{name}.jsonl").open("a") as file:
            file.write(json.dumps(what) + "\n")


class Wire:
    """``ports.Fetcher``: feeds whose articles come at their own hours, each with those of two days."""

    def __init__(self, world: World) -> None:
        self._world = world

    def close(self) -> None: ...

    def fetch(
        self, requests: Sequence[Request], *, at: datetime
    ) -> Iterator[tuple[Request, Fetched | FetchError]]:
        for request in requests:
            self._world.step()
            if any(at in span for span in self._world.feeds_down):
                yield request, FetchError(request.url, "no answer in time")
                continue
            body = feed(request.url, at, self._world.slow_news)
            digest = sha256(body).hexdigest()
            headers = {"content-type": "application/rss+xml"}
            yield (
                request,
                Fetched(
                    url=request.url,
                    final_url=request.url,
                    headers=headers,
                    body=body,
                    body_sha256=digest,
                    at=at,
                ),
            )


def feed(url: str, at: datetime, slow: Iterable[Span]) -> bytes:
    items = "".join(
        _item(url, when)
        for n in range(2 * 24)
        if (when := at.replace(minute=17, second=0, microsecond=0) - n * HOUR) <= at
        and when.hour % 8 == len(url) % 8
        and not any(when in span for span in slow)
    )
    head = f"<title>{url}</title><language>en</language>"
    return f"<rss version='2.0'><channel>{head}{items}</channel></rss>".encode()


SYLLABLES = ["ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu"]


def _item(url: str, when: datetime) -> str:
    """A story with names of its own, so that no two of them are one."""
    chance = random.Random(f"{url} {when}")
    names = ["".join(chance.choices(SYLLABLES, k=4)).title() for _ in range(11)]
    title = f"The town of {names[0]} opens the {names[1]} bridge to {names[2]}"
    body = " ".join(
        f"The mayor of {one} said on that morning that {other} would be paid for by the people of {third}."
        for one, other, third in zip(names[3:], names[4:], names[5:], strict=False)
    )
    link = f"{url.removesuffix('rss.xml')}{when:%Y%m%d%H}"
    return (
        f"<item><guid>{link}</guid><link>{link}</link><title>{title}</title>"
        f"<pubDate>{format_datetime(when)}</pubDate><description>{body}</description></item>"
    )


class Post:
    """``ports.Sender``: takes mails, puts some off, or is down."""

    name, batch = "post", 4

    def __init__(self, world: World) -> None:
        self._world = world

    def check(self) -> str:
        return "well"

    def send(self, mails: Iterable[Mail]) -> Iterator[Receipt]:
        world = self._world
        if any(world.now in span for span in world.server_down):
            raise SendError("post: no route to the server")
        for mail in mails:
            world.step()
            # The same for one mail and hour: who is put off is taken later.
            key = mail.rendered.key
            fate = random.Random(f"{key} {mail.subscriber_id} {world.now:%H}").random()
            if fate < 0.01:
                yield Receipt(
                    subscriber_id=mail.subscriber_id, outcome=Outcome.DEFERRED, detail="450 greylisted"
                )
                continue
            late = world.now.isoformat()
            world.trace("mails", newsletter=key.newsletter, day=str(key.day), to=mail.subscriber_id, at=late)
            world.step()
            yield Receipt(subscriber_id=mail.subscriber_id, outcome=Outcome.SENT)


class Desk:
    """``ports.Teller``: the editors write down what they are told."""

    name = "desk"

    def __init__(self, world: World) -> None:
        self._world = world

    def tell(self, notice: Notice, newsletter: Newsletter) -> None:
        self._world.trace(
            "notices",
            newsletter=newsletter.key,
            day=str(notice.day or ""),
            kind=notice.kind,
            words=[notice.headline, *notice.lines],
        )


class WorldApp(App):
    def __init__(self, world: World) -> None:
        super().__init__(world.folder, config.load(world.folder, {}))
        self._world = world
        self.__dict__["fetcher"] = Wire(world)

    def sender(self, newsletter: Newsletter) -> Post:
        return Post(self._world)

    def tellers(self, newsletter: Newsletter) -> tuple[Desk, ...]:
        return (Desk(self._world),)


def project(folder: Path) -> None:
    (folder / "schedules.toml").write_text(SETTINGS)
    (folder / "templates" / "tiny").mkdir(parents=True)
    for name, text in TEMPLATES.items():
        (folder / "templates" / "tiny" / name).write_text(text)


def live(folder: Path, seed: int, life: Span) -> None:
    """All of it, from its first minute to its last."""
    chance = random.Random(seed)
    project(folder)
    deciding.LOOK = 10 * MINUTE  # what waits for people is looked at each minute, which takes long
    gc.freeze()  # what is imported is never freed, and needs not be looked at again and again
    gc.set_threshold(20_000)
    database.SYNCHRONOUS = "OFF"  # it is the process that is killed: no power is cut, and no disk waited for
    world = World(
        folder,
        chance,
        life.since,
        feeds_down=spans(chance, life, 2.5, HOUR, 14 * HOUR),
        server_down=spans(chance, life, 2, HOUR / 4, 7 * HOUR),
        host_down=spans(chance, life, 1.3, HOUR / 6, 30 * HOUR),
        slow_news=spans(chance, life, 0.7, 40 * HOUR, 90 * HOUR),
    )
    with WorldApp(world) as app:
        for newsletter in app.settings.newsletters:
            app.store.subscribers.add([reader(newsletter, n, life.since) for n in range(READERS)])
    app = WorldApp(world)
    while world.now < life.until:
        if down := next((span for span in world.host_down if world.now in span), None):
            app.__exit__(None, None, None)
            world.now = down.until
            app = WorldApp(world)
            continue
        shift = Shift(app, clock=lambda: world.now)
        break_a_file(world)
        if is_due(app, world.now) and chance.random() < KILLED:
            app.__exit__(None, None, None)
            if killed(world):
                world.now += chance.choice([MINUTE, 20 * MINUTE, 4 * HOUR])
            app = WorldApp(world)
            continue
        shift.tick()
        world.now = shift.next_wake()
    app.__exit__(None, None, None)


def is_due(app: App, now: datetime) -> bool:
    """Whether this is the hour of something in a timetable."""
    newsletters = app.settings.newsletters.values()
    return any(timetable.next_moment(one, now - MINUTE / 60) == now for one in newsletters)


def killed(world: World) -> bool:
    """Let a process live until it has asked the outside a few times; False when it did all of its tick."""
    lives = world.chance.randrange(0, 16)
    if (child := os.fork()) == 0:
        world.lives = lives
        app = WorldApp(world)
        shift = Shift(app, clock=lambda: world.now)
        shift.tick()
        app.__exit__(None, None, None)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if (code := os.waitstatus_to_exitcode(status)) not in (0, 9):
        raise SystemExit(f"the process ended with {code}")
    if code == 9:
        world.trace("kills", at=world.now.isoformat())
        return True
    world.now += MINUTE
    return False


def break_a_file(world: World) -> None:
    """Once a month an editor saves half of a file, and mends it an hour later, or never."""
    local = world.now - 5 * HOUR
    file = world.folder / "editions" / "harbor" / f"{local.date()}.yaml"
    kept = file.with_suffix(".whole")
    if local.day in (11, 12) and file.exists() and not kept.exists() and local.hour < 7:
        kept.write_bytes(file.read_bytes())
        file.write_bytes(kept.read_bytes()[: kept.stat().st_size // 2])
        world.trace("broken", day=str(local.date()))
    elif kept.exists() and local.day == 11 and local.hour >= 7:
        file.write_bytes(kept.read_bytes())


def reader(newsletter: str, number: int, at: datetime) -> Subscriber:
    return Subscriber(
        id=f"{newsletter}-{number}",
        newsletter=newsletter,
        email=f"r{number}@example.com",
        added_at=at,
    )


if __name__ == "__main__":
    into, numbered, *ends = sys.argv[1:]
    since, until = (datetime.fromisoformat(end).replace(tzinfo=UTC) for end in ends)
    live(Path(into), int(numbered), Span(since, until))
