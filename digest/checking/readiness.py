"""Whether the project is ready for its next edition: store, list, editors, the edition itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from digest import pipeline, timetable
from digest.app import App
from digest.checking.finding import Check, bad, ok, unknown, warning
from digest.checking.mailing import is_reserved
from digest.errors import DigestError, EditionError
from digest.model import EditionKey, Finding
from digest.pipeline.draft.proofing import proof
from digest.settings import CampaignSettings, Newsletter, OutboxSettings
from digest.urls import is_loopback
from digest.words.text import shorten

#: Bytes of free disk: an edition, its mails to an outbox and what is kept of it take less.
SCARCE, TOO_SCARCE = 1_000_000_000, 100_000_000


def settings(app: App, newsletter: Newsletter, now: datetime) -> Iterator[Check]:
    """What the settings mean for the next day with an edition."""
    yield ok("settings", f"{len(newsletter.feeds)} feeds, {newsletter.sender.kind}")
    try:
        today = timetable.today(newsletter, now)
        still = (
            timetable.is_publishing_day(newsletter, today) and now < timetable.plan(newsletter, today).last
        )
        day = today if still else timetable.next_day(newsletter, today)
    except LookupError as error:
        yield bad("days", str(error), "see days, holidays and extra_days_off")
        return
    off = f"; not today: {reason}" if (reason := timetable.day_off(newsletter, today)) else ""
    yield ok("next edition", f"{day:%A %Y-%m-%d}, sent at {newsletter.send:%H:%M}{off}")
    if not newsletter.editors:
        yield warning(
            "editors", "there are none: nobody will be told if an edition does not go out", "set editors"
        )
    yield from pages(newsletter)
    yield disk(app.project)


def pages(newsletter: Newsletter) -> Iterator[Check]:
    """Whether readers can open the newsletter's own pages; nothing if no mail leaves the machine."""
    if isinstance(newsletter.sender, OutboxSettings):
        return
    for key, address in {"web": newsletter.web, "archive": newsletter.archive}.items():
        host = urlsplit(address).hostname or ""
        if is_loopback(host):
            words = f"{address} is this machine only: no reader can follow a link to it"
            yield bad(key, words, "write the address that readers use for it")
        elif is_reserved(host):
            yield bad(key, f"{address} is reserved for examples, and belongs to nobody", "write your own")
    if isinstance(newsletter.sender, CampaignSettings):
        return  # the way out of the list is the provider's
    missing = "is not set" if not newsletter.web else "is not an https address"
    if not newsletter.web.startswith("https://"):
        words = (
            f"{missing}: readers cannot unsubscribe with one click, which large receivers require (RFC 8058)"
        )
        yield warning("web", words, "run digest web behind https, and set web to its address")


def disk(project: Path) -> Check:
    try:
        free = shutil.disk_usage(project).free
    except OSError as error:
        return unknown("disk", f"could not be checked: {error.strerror}")
    words = f"{free / 1e9:.1f} GB free"
    if free < TOO_SCARCE:
        return bad("disk", words, "make room: a store that cannot be written sends nothing")
    return warning("disk", words, "make room") if free < SCARCE else ok("disk", words)


def store(app: App, newsletter: Newsletter) -> Iterator[Check]:
    try:
        active = app.store.subscribers.counts(newsletter.key).get("active", 0)
    except DigestError as error:
        yield bad("store", str(error))
        return
    yield ok("store", f"can be read, {active} active subscribers")
    if not active and not isinstance(newsletter.sender, CampaignSettings):
        yield warning("list", "nobody is on it", "digest subscribers import FILE")


def sender(app: App, newsletter: Newsletter) -> Check:
    what = f"sender {newsletter.sender.kind}"
    try:
        words = (app.campaigns(newsletter) or app.sender(newsletter)).check()
    except DigestError as error:
        return bad(what, str(error), "nothing can be sent like this: fix it before the hour to send")
    return ok(what, words)


def tellers(app: App, newsletter: Newsletter) -> Iterator[Check]:
    """The ways to the editors."""
    for teller in app.tellers(newsletter):
        what = f"notices by {teller.name}"
        try:
            yield ok(what, teller.check())
        except DigestError as error:
            yield bad(what, str(error), "nobody would be told when an edition does not go out")


def edition(app: App, newsletter: Newsletter, now: datetime) -> Iterator[Check]:
    """Today's edition, if there is one: proofread, and approved if it has to be."""
    key = EditionKey(newsletter=newsletter.key, day=timetable.today(newsletter, now))
    what = f"edition {key.day}"
    try:
        if app.files.read(key) is None:
            return
        rendered = pipeline.render_edition(newsletter, key, app.template(newsletter), app.files)
        present = pipeline.read_edition(key, app.files)
        record = app.store.editions.get(key)
        found = proof(newsletter, present, rendered, record, app.store)
    except EditionError as error:
        yield bad(what, str(error), f"fix the file: digest preview {newsletter.key}")
        return
    except DigestError as error:
        yield bad(what, str(error))
        return
    headlines = {blurb.id: blurb.headline for blurb in present.blurbs}
    yield from (_proofread(what, finding, headlines) for finding in found)
    approval = record.approval if record else None
    if newsletter.approval == "required" and (approval is None or approval.sha256 != rendered.sha256):
        yield warning(what, "its present content is not approved", f"digest approve {newsletter.key}")


def _proofread(what: str, finding: Finding, headlines: Mapping[str, str]) -> Check:
    """ "warn edition …: “Council votes to rebuild …”, summary: has 12 words; …"; a note is no warning."""
    places = [f"“{shorten(headlines[finding.item], 50)}”"] if finding.item else []
    places += [finding.key] if finding.key else []
    words = f"{', '.join(places)}: {finding.words}"
    if finding.level == "note":
        return ok(what, f"note: {words}")
    return bad(what, words) if finding.level == "error" else warning(what, words)
