"""What `digest status` and `digest check` say, as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from digest import feeds, parsing, pipeline, timetable
from digest.app import App
from digest.errors import DigestError, FeedError
from digest.model import CAMPAIGN, EditionKey, Fetched, Finding, Request, Tally, Unchanged
from digest.pipeline.proofing import proof
from digest.settings import Feed, Newsletter
from digest.text import shorten
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


class Check(NamedTuple):
    what: str
    well: bool
    words: str


def findings(app: App, newsletter: Newsletter, now: datetime) -> Iterator[Check]:
    """Everything that could spoil the next edition, asked for now. Nothing is stored or sent."""
    yield Check(
        f"{newsletter.key} settings", True, f"{len(newsletter.feeds)} feeds, {newsletter.sender.kind}"
    )
    yield _store(app, newsletter)
    yield _template(app, newsletter)
    yield from _feeds(app, newsletter, now)
    yield from _edition(app, newsletter, now)
    yield _sender(app, newsletter)


def _store(app: App, newsletter: Newsletter) -> Check:
    try:
        active = app.store.subscribers.counts(newsletter.key).get("active", 0)
    except DigestError as exc:
        return Check("store", False, str(exc))
    return Check("store", True, f"can be read, {active} active subscribers")


def _template(app: App, newsletter: Newsletter) -> Check:
    what = f"template {newsletter.template}"
    try:
        app.template(newsletter)
    except DigestError as exc:
        return Check(what, False, str(exc))
    return Check(what, True, "can be read")


def _feeds(app: App, newsletter: Newsletter, now: datetime) -> Iterator[Check]:
    asked = {}
    for feed in newsletter.feeds:
        request = feeds.request(feed, None, now)
        if isinstance(request, Request):
            asked[request] = feed
    for request, answer in app.fetcher.fetch(list(asked), at=now):
        feed = asked[request]
        what = f"feed {feed.title or shown(feed.url)}"
        try:
            yield Check(what, True, _feed_words(feed, answer, now))
        except FeedError as exc:
            yield Check(what, False, str(exc))


def _feed_words(feed: Feed, answer: Fetched | Unchanged | FeedError, now: datetime) -> str:
    if isinstance(answer, FeedError):
        raise answer
    if isinstance(answer, Unchanged):
        return "unchanged"
    parsed = parsing.parse(
        answer.body,
        feed=feed,
        content_type=answer.headers.get("content-type", ""),
        location=answer.final_url,
        identity="",
        at=now,
    )
    moved = f"; it moved to {shown(answer.moved_to)}: write that address" if answer.moved_to else ""
    left_out = ", some items left out (digest try shows which)" if parsed.left_out else ""
    return f"{len(parsed.articles)} articles{left_out}{moved}"


def _edition(app: App, newsletter: Newsletter, now: datetime) -> Iterator[Check]:
    key = EditionKey(newsletter=newsletter.key, day=timetable.today(newsletter, now))
    what = f"edition {key}"
    try:
        if app.files.read(key) is None:
            return
        rendered = pipeline.render_edition(newsletter, key, app.template(newsletter), app.files)
        edition = pipeline.read_edition(key, app.files)
        record = app.store.editions.get(key)
        found = proof(newsletter, edition, rendered, record, app.store)
    except DigestError as exc:
        yield Check(what, False, str(exc))
        return
    headlines = {blurb.id: blurb.headline for blurb in edition.blurbs}
    for finding in found:
        yield Check(what, finding.level != "error", _finding_words(finding, headlines))


def _finding_words(finding: Finding, headlines: Mapping[str, str]) -> str:
    """ "warning: “Council votes to rebuild …”, summary: has 12 words; …"."""
    places = [f"“{shorten(headlines[finding.item], 50)}”"] if finding.item else []
    places += [finding.key] if finding.key else []
    level = "" if finding.level == "error" else f"{finding.level}: "
    return f"{level}{', '.join(places)}: {finding.words}"


def _sender(app: App, newsletter: Newsletter) -> Check:
    what = f"sender {newsletter.sender.kind}"
    try:
        sender = app.campaigns(newsletter) or app.sender(newsletter)
        words = sender.check()
    except DigestError as exc:
        return Check(what, False, str(exc))
    return Check(what, True, words)
