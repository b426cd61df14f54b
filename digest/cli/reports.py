"""What `digest status` and `digest check` say, as plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from digest import feeds, parsing, pipeline, timetable
from digest.app import App
from digest.errors import DigestError, FeedError
from digest.model import EditionKey, Fetched, Finding, Request, Tally, Unchanged
from digest.pipeline import Watch
from digest.pipeline.proofing import proof
from digest.pipeline.watching import Watched
from digest.settings import Feed, Newsletter
from digest.text import shorten
from digest.urls import shown

#: Lines of the journal that are shown.
RUNS = 8


def status_of(watch: Watch) -> dict[str, Any]:
    """How a newsletter stands; moments in its own zone."""
    newsletter = watch.newsletter

    def local(moment: datetime | None) -> str:
        return moment.astimezone(newsletter.timezone).isoformat(timespec="minutes") if moment else ""

    editions = [_edition_status(edition, local) for edition in watch.editions]
    return {
        "newsletter": newsletter.key,
        "well": not watch.concerns,
        "concerns": [{"kind": kind.value, "words": words} for kind, words in watch.concerns],
        "timezone": str(newsletter.timezone),
        "next_edition": str(watch.next_day or ""),
        "next_build": local(watch.next_build),
        "next_send": local(watch.next_send),
        "subscribers": dict(watch.subscribers),
        **_last_edition(editions),
        "editions": editions,
        "runs": [
            {
                "stage": run.stage,
                "day": str(run.day),
                "at": local(run.at),
                "code": run.code,
                "words": run.words,
            }
            for run in watch.runs[:RUNS]
        ],
        "feeds": len(newsletter.feeds),
        "ill_feeds": [
            {
                "url": shown(state.url),
                "failures": state.failures,
                "since": local(state.succeeded_at),
                "words": state.problem,
            }
            for state in watch.ill
        ],
        "untold": [
            {"kind": one.kind.value, "at": local(one.at), "headline": one.headline, "why": one.why}
            for one in watch.untold
        ],
    }


def _last_edition(editions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The newest one that somebody tried to send; while there is none, the newest."""
    newest = next((one for one in editions if "send" in one["last"]), next(iter(editions), None))
    if newest is None:
        return {"last_edition": "", "list": 0, "delivered": {}, "returned": {}, "campaign": {}}
    shown_of_it = ("list", "delivered", "returned", "campaign")
    return {"last_edition": newest["day"], **{name: newest[name] for name in shown_of_it}}


def _edition_status(edition: Watched, local: Callable[[datetime | None], str]) -> dict[str, Any]:
    campaign = edition.campaign
    return {
        "day": str(edition.key.day),
        "list": edition.tally.total,
        "delivered": edition.tally.counts(),
        "returned": dict(edition.returned),
        "campaign": {
            "state": str(campaign.state),
            "id": campaign.remote_id,
            "words": campaign.detail,
            "at": local(campaign.at),
        }
        if campaign
        else {},
        "last": {
            stage: {"at": local(run.at), "code": run.code, "words": run.words}
            for stage, run in edition.last.items()
        },
    }


def status_lines(report: Mapping[str, Any]) -> Iterator[str]:
    """The same for a person."""
    people = ", ".join(f"{count} {state}" for state, count in report["subscribers"].items()) or "none"
    following = report["next_edition"] or "none within a year: its days off are all its days"
    yield f"{report['newsletter']} ({report['timezone']}): next edition {following}"
    if report["next_edition"]:
        yield f"  build {_clock(report['next_build'])}, send {_clock(report['next_send'])}"
    yield f"  subscribers: {people}"
    for edition in report["editions"]:
        yield f"  edition {edition['day']}: {_got(edition)}"
        if edition["returned"]:
            came_back = ", ".join(f"{count} {kind}" for kind, count in sorted(edition["returned"].items()))
            yield f"    of these came back: {came_back}"
    for run in report["runs"]:
        yield f"  {_clock(run['at'])} {run['stage']} of {run['day']} → {run['code']}: {run['words']}"
    for feed in report["ill_feeds"]:
        since = f", read last {_clock(feed['since'])}" if feed["since"] else ""
        yield f"  ill: {feed['url']} ({feed['failures']} failures{since}): {feed['words']}"
    for concern in report["concerns"]:
        yield f"  LOOK {concern['kind']}: {concern['words']}"


def _clock(moment: str) -> str:
    """ "2026-11-23 05:00" of "2026-11-23T05:00-05:00": the zone is told once."""
    return moment[:16].replace("T", " ")


def _got(edition: Mapping[str, Any]) -> str:
    if campaign := edition["campaign"]:
        got = f"{campaign['state']}, as campaign {campaign['id'] or '(none yet)'}"
        return got + (f": {campaign['words']}" if campaign["words"] else "")
    if edition["list"]:
        return str(Tally(**edition["delivered"]))
    ran = ", ".join(f"{stage} → {run['code']}" for stage, run in edition["last"].items())
    return f"not delivered ({ran})"


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
    yield from _tellers(app, newsletter)


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


def _tellers(app: App, newsletter: Newsletter) -> Iterator[Check]:
    tellers = app.tellers(newsletter)
    if not tellers:
        words = f"nobody: name editors in newsletters.{newsletter.key}.editors"
        yield Check("notices", True, words)
    for teller in tellers:
        what = f"notices by {teller.name}"
        try:
            yield Check(what, True, teller.check())
        except DigestError as exc:
            yield Check(what, False, str(exc))
