"""What the tests of the stores keep, and how they ask for it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from digest.model import (
    Article,
    EditionKey,
    EditionRecord,
    FeedState,
    Outcome,
    Provenance,
    Receipt,
    Span,
    State,
    Subscriber,
    Window,
)
from digest.ports import Store
from digest.tapes import Premises
from kit.builders import NOW

FEED = "https://example.com/rss.xml"
STATE = FeedState(url=FEED)
KEY = EditionKey(newsletter="the-example", day=date(2026, 11, 23))
DAY = timedelta(days=1)
EVER = Window(since=NOW - 1000 * DAY, until=NOW + 1000 * DAY)


def articles_of(store: Store, window: Window = EVER) -> list[Article]:
    return list(store.feeds.articles([FEED], window))


def record(day: date = KEY.day, **given: Any) -> EditionRecord:
    values = {
        "key": EditionKey(newsletter=KEY.newsletter, day=day),
        "number": 1,
        "window": Window(since=NOW - DAY, until=NOW),
        "composed": "# Edition\nitems:\r\n  - “ä”\n",
        "composed_at": NOW,
        "provenance": {
            "a1": Provenance(
                articles=("a1", "a2", "a3"),
                spans=(Span(article_id="a1", start=0, end=12), Span(article_id="a2", start=3, end=4)),
            )
        },
    }
    return EditionRecord(**(values | given))


def deliver(store: Store, key: EditionKey, outcome: Outcome | None, *, to_the_list: bool = True) -> None:
    if to_the_list:
        store.editions.begin(key, at=NOW)
    store.ledger.claim(key, [("s1", "<1@example.org>")], sha256="ab", at=NOW)
    if outcome:
        store.ledger.record(key, [Receipt(subscriber_id="s1", outcome=outcome)], at=NOW)


def pairs(*ids: str) -> list[tuple[str, str]]:
    return [(one, f"<{one}@example.org>") for one in ids]


def due(store: Store, *states: State, key: EditionKey = KEY, after: str = "", limit: int = 10) -> list[str]:
    return [one.id for one in store.ledger.due(key, *states, after=after, limit=limit)]


def subscriber(who: str, **given: Any) -> Subscriber:
    values = {
        "id": f"id-{who}",
        "newsletter": "the-example",
        "email": f"{who}@example.org",
        "added_at": NOW,
    }
    return Subscriber(**(values | given))


PREMISES = Premises(settings="[newsletters.the-example]", number=7, environment={"A": "b"})


def begun(store: Store, at: datetime = NOW) -> int:
    return store.tapes.begin(KEY, PREMISES, stage="build", at=at)
