"""One whole run on the bench's feeds: ``stages.py PORT FOLDER``; prints CPU seconds of each stage as JSON."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from digest import app as application
from digest import pipeline
from digest.model import EditionKey, Subscriber
from digest.timetable import today

SETTINGS = """
[newsletters.bench]
title = "The Bench"
timezone = "UTC"
days = "mon-sun"
items = 20
quick_hits = 4
per_outlet = 4
from = "The Bench <bench@example.org>"
postal_address = "1 Loopback Street"
"""
FEED = """
[[newsletters.bench.feeds]]
url = "http://127.0.0.1:{port}/feed/{number}.xml"
title = "Outlet {number}"
allow_private = true
limit = 30
"""


class Clock:
    """CPU seconds between two marks, by stage."""

    def __init__(self) -> None:
        self.taken: dict[str, float] = {}
        self._last = time.process_time()

    def mark(self, stage: str) -> None:
        now = time.process_time()
        self.taken[stage] = self.taken.get(stage, 0.0) + now - self._last
        self._last = now


def main(port: str, folder: str) -> None:
    project = Path(folder)
    project.mkdir()
    feeds = "".join(FEED.format(port=port, number=number) for number in range(30))
    (project / "schedules.toml").write_text(SETTINGS + feeds)
    clock = Clock()
    now = datetime.now(UTC)
    with application.build(project) as app:
        newsletter = app.newsletter(None)
        key = EditionKey(newsletter=newsletter.key, day=today(newsletter, now))

        def seen(step) -> None:
            if step.done == step.total and step.stage in {"choose", "read", "summarize"}:
                clock.mark(step.stage)

        desk = app.desk(newsletter, seen)
        desk.store.feeds.states([])  # opened before the clock runs, as reader is

        clock.mark("open")
        first = pipeline.gather(newsletter, desk, at=now)
        clock.mark("gather")
        second = pipeline.gather(newsletter, desk, at=now)
        clock.mark("gather again, unchanged")
        composed = pipeline.compose(newsletter, key, desk, now=now)
        clock.mark("relate and lay down")
        assert len(composed.edition.blurbs) == 20, len(composed.edition.blurbs)
        rendered = pipeline.render_edition(newsletter, key, app.template(newsletter), app.files)
        clock.mark("render")
        people = [
            Subscriber(id=f"{n:032x}", newsletter="bench", email=f"reader{n}@example.org", added_at=now)
            for n in range(1000)
        ]
        app.store.subscribers.add(people)
        clock.mark("add 1,000 subscribers")
        delivered = pipeline.deliver(newsletter, rendered, desk, app.sender(newsletter), now=now)
        clock.mark("send 1,000 mails to the outbox")
        assert sum(delivered.outcomes.values()) == 1000
    print(json.dumps({**clock.taken, "parsed again": second.fresh, "articles": first.articles}))


if __name__ == "__main__":
    main(*sys.argv[1:])
