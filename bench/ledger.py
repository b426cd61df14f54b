"""A whole delivery but for the sending: ``ledger.py PEOPLE FOLDER``; prints its figures as JSON.

Everyone comes on the list, is due, claimed, addressed and recorded, on a sender that takes all at once. CPU
seconds of the run's tenths, and the process's memory at the end of each.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from digest.model import EditionKey, Mail, Outcome, Receipt, Rendered, Slotted, Tally
from digest.pipeline import Desk, deliver
from digest.settings import Feed, Newsletter
from digest.spelling import read_zone
from digest.stores import open_store
from digest.stores.files import DiskEditionFiles

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
IMPRINT = "12 Station Road, Springfield "


class Taker:
    """Takes every mail, and notes CPU seconds and memory whenever another tenth is done."""

    name = "taker"
    batch = 100

    def __init__(self, people: int) -> None:
        self._tenth = people // 10
        self._last = time.process_time()
        self.seconds: list[float] = []
        self.megabytes: list[float] = []

    def send(self, mails: Iterable[Mail]) -> Iterator[Receipt]:
        for number, mail in enumerate(mails, 1):
            yield Receipt(subscriber_id=mail.subscriber_id, outcome=Outcome.SENT, detail="250 2.0.0 taken")
            if number % self._tenth == 0:
                now = time.process_time()
                self.seconds.append(now - self._last)
                self.megabytes.append(resident())
                self._last = now

    def check(self) -> str:
        return "takes all"


def resident() -> float:
    """Megabytes that the process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def subscribe(file: Path, newsletter: str, people: int) -> None:
    connection = sqlite3.connect(file)
    connection.executemany(
        "INSERT INTO subscriber (id, newsletter, email, address_key, name, state, added_at) "
        "VALUES (lower(hex(randomblob(12))), ?, ?, ?, '', 'active', 0)",
        ((newsletter, f"reader{n}@example.org", f"reader{n}@example.org") for n in range(people)),
    )
    connection.commit()
    connection.close()


def main(people: str, folder: str) -> None:
    count, project = int(people), Path(folder)
    newsletter = Newsletter(
        key="bench",
        title="The Bench",
        timezone=read_zone("UTC"),
        feeds=(Feed(url="https://example.org/rss.xml"),),
        from_="The Bench <bench@example.org>",
        postal_address=IMPRINT.strip(),
    )
    key = EditionKey(newsletter=newsletter.key, day=NOW.date())
    html = Slotted((f'<p>{IMPRINT}<a href="', '">Unsubscribe</a></p>'), ("unsubscribe",))
    text = Slotted((IMPRINT, ""), ("unsubscribe",))
    edition = Rendered(key=key, subject="Bench", html=html, text=text, web="", sha256="ab" * 32)
    store = open_store("sqlite:///ledger.db", project=project)
    subscribe(project / "ledger.db", newsletter.key, count)
    desk = Desk(store=store, files=DiskEditionFiles(project), fetcher=None, summarizers=())
    taker = Taker(count)
    began = time.perf_counter()
    deliver(newsletter, edition, desk, taker, now=NOW)
    wall = time.perf_counter() - began
    assert store.ledger.tally(key) == Tally(sent=count)
    store.close()
    print(json.dumps({"seconds": taker.seconds, "megabytes": taker.megabytes, "wall": wall}))


if __name__ == "__main__":
    main(*sys.argv[1:])
