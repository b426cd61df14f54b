"""What `digest status` says, as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from digest import timetable
from digest.app import App
from digest.model import CAMPAIGN, EditionKey, Tally
from digest.settings import Newsletter
from digest.urls import shown

#: So many failures in a row make a feed ill.
ILL = 2


def status_of(app: App, newsletter: Newsletter, now: datetime) -> dict[str, Any]:
    """The state of a newsletter; moments in its own zone."""
    today = timetable.today(newsletter, now)
    day = today if timetable.is_publishing_day(newsletter, today) else timetable.next_day(newsletter, today)
    if now >= timetable.local(newsletter, day, newsletter.send):
        day = timetable.next_day(newsletter, day)
    states = app.store.feeds.states([feed.url for feed in newsletter.feeds])
    runs = app.store.journal.latest(newsletter.key, limit=5)
    last = next((run.day for run in runs if run.stage == "send"), runs[0].day if runs else None)
    key = EditionKey(newsletter=newsletter.key, day=last) if last else None
    tally = app.store.ledger.tally(key) if key else Tally()

    def local(moment: datetime | None) -> str:
        return moment.astimezone(newsletter.timezone).isoformat(timespec="minutes") if moment else ""

    return {
        "newsletter": newsletter.key,
        "next_edition": str(day),
        "next_build": local(timetable.local(newsletter, day, newsletter.build)),
        "next_send": local(timetable.local(newsletter, day, newsletter.send)),
        "subscribers": dict(app.store.subscribers.counts(newsletter.key)),
        "last_edition": str(last) if last else "",
        "list": tally.total,
        "delivered": tally.counts(),
        "returned": dict(app.store.ledger.returned(key)) if key else {},
        "campaign": _campaign(app, key) if key else {},
        "runs": [
            {
                "stage": run.stage,
                "day": str(run.day),
                "at": local(run.at),
                "code": run.code,
                "words": run.words,
            }
            for run in runs
        ],
        "feeds": len(newsletter.feeds),
        "ill_feeds": [
            {
                "url": shown(state.url),
                "failures": state.failures,
                "since": local(state.succeeded_at),
                "words": state.problem,
            }
            for state in states.values()
            if state.failures >= ILL or state.gone_at
        ],
    }


def _campaign(app: App, key: EditionKey) -> dict[str, str]:
    """The edition at a provider that holds the list; empty where single mails are sent."""
    row = app.store.ledger.get(key, CAMPAIGN)
    if row is None:
        return {}
    return {"state": str(row.state), "id": row.remote_id, "words": row.detail, "at": row.at.isoformat()}


def status_lines(report: dict[str, Any]) -> Iterator[str]:
    """The same for a person."""
    people = ", ".join(f"{count} {state}" for state, count in report["subscribers"].items()) or "none"
    yield f"{report['newsletter']}: next edition {report['next_edition']}"
    yield f"  build {report['next_build']}, send {report['next_send']}"
    yield f"  subscribers: {people}"
    if report["last_edition"]:
        got = str(Tally(**report["delivered"])) if report["list"] else "not delivered"
        if campaign := report["campaign"]:
            got = f"{campaign['state']}, as campaign {campaign['id'] or '(none yet)'}"
            got += f": {campaign['words']}" if campaign["words"] else ""
        yield f"  edition {report['last_edition']}: {got}"
    if report["returned"]:
        came_back = ", ".join(f"{count} {kind}" for kind, count in sorted(report["returned"].items()))
        yield f"  of these came back: {came_back}"
    for run in report["runs"]:
        yield f"  {run['at']} {run['stage']} → {run['code']}: {run['words']}"
    for feed in report["ill_feeds"]:
        yield f"  ill: {feed['url']} ({feed['failures']} failures): {feed['words']}"
