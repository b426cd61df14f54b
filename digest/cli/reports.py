"""What `digest status` says, as plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from digest.model import Tally
from digest.pipeline import Watch
from digest.pipeline.editors.watching import Watched
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
    """The newest one that somebody tried to send; if there is none, the newest."""
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
