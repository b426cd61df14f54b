"""What somebody should look at: in `digest status`, and for monitors over HTTP."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from kit.builders import HOUR, NOW, feed, newsletter
from kit.linekit import Project
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.testclient import TestClient

from digest import app
from digest.model import (
    EditionKey,
    EditionRecord,
    FeedState,
    Notice,
    NoticeKind,
    Outcome,
    Receipt,
    Run,
    Subscriber,
    Window,
)
from digest.pipeline import Concern, watch
from digest.ports import Store
from digest.public.health import FORWARDED, Metric, exposition, routes
from digest.settings import Newsletter
from digest.stores import open_store

DAY = date(2026, 11, 23)
KEY = EditionKey(newsletter="the-example", day=DAY)
HOUSE = newsletter()  # New York: build 05:00 is 10:00 UTC, send 06:30 is 11:30 UTC
BUILD, SEND = NOW, NOW + 1.5 * HOUR
LATE = timedelta(minutes=16)
MONDAYS = f"[{', '.join(str(DAY + timedelta(weeks=week)) for week in range(54))}]"
TOKEN = "canary-token-of-twenty-letters"


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "digest.db").write_bytes(made.read_bytes())
    store = open_store("sqlite:///digest.db", project=tmp_path)
    yield store
    store.close()


def ran(store: Store, stage: str, code: int = 0, *, day: date = DAY, at: datetime = BUILD) -> None:
    run = Run(newsletter="the-example", day=day, stage=stage, at=at, code=code, words=f"{stage} said so")
    store.journal.note(run)


def drafted(store: Store) -> None:
    window = Window(since=NOW - HOUR, until=NOW)
    store.editions.save(EditionRecord(key=KEY, number=1, window=window, composed="", composed_at=NOW))


def delivered(store: Store, **outcomes: Outcome) -> None:
    claims = [(who, f"<{who}@example.org>") for who in outcomes]
    store.ledger.claim(KEY, claims, sha256="", at=NOW)
    receipts = [Receipt(subscriber_id=who, outcome=outcome) for who, outcome in outcomes.items()]
    store.ledger.record(KEY, receipts, at=NOW)


def concerns(store: Store, now: datetime, house: Newsletter = HOUSE) -> list[Concern]:
    return [kind for kind, _ in watch(house, store, now=now).concerns]


# --- the hours -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_newsletter_that_never_ran_is_not_late(store: Store):
    assert concerns(store, SEND + 5 * HOUR) == []


@pytest.mark.slow
def test_a_build_that_did_not_come_is_a_concern_after_some_minutes(store: Store):
    ran(store, "build", day=DAY - timedelta(days=3))

    assert concerns(store, BUILD + LATE - timedelta(minutes=2)) == []
    assert concerns(store, BUILD + LATE) == [Concern.NO_DRAFT]
    drafted(store)
    assert concerns(store, BUILD + LATE) == []


@pytest.mark.slow
def test_an_edition_that_should_be_out_is_overdue(store: Store):
    ran(store, "build")
    drafted(store)

    assert concerns(store, SEND + LATE - timedelta(minutes=2)) == []
    assert concerns(store, SEND + LATE) == [Concern.OVERDUE]
    delivered(store, s1=Outcome.SENT)
    assert concerns(store, SEND + LATE) == [Concern.OVERDUE], (
        "whoever was named with --to has it, and no more"
    )
    ran(store, "send", at=SEND)
    assert concerns(store, SEND + LATE) == []


def test_a_day_off_and_a_quiet_day_are_explained(store: Store):
    saturday = timedelta(days=5)
    ran(store, "build", day=DAY - timedelta(days=1))
    assert concerns(store, SEND + saturday + LATE) == []

    assert concerns(store, SEND + LATE) == [Concern.OVERDUE]
    ran(store, "build", code=3)
    assert concerns(store, SEND + LATE) == []


def test_a_reminder_that_had_nothing_to_do_explains_nothing(store: Store):
    ran(store, "build", code=75)
    ran(store, "remind", code=3, at=BUILD + HOUR)

    assert concerns(store, SEND + LATE) == [Concern.FAILED]
    ran(store, "build", code=3, at=SEND)
    assert concerns(store, SEND + LATE) == []
    ran(store, "send", code=1, at=SEND)
    assert concerns(store, SEND + LATE) == [Concern.FAILED], "the send has the last word"


@pytest.mark.slow
def test_an_edition_that_nobody_has_is_looked_for_until_the_next_is_made(store: Store):
    days = timedelta(days=1)
    ran(store, "build", day=DAY - 3 * days, at=BUILD - 3 * days)

    assert concerns(store, SEND + 12 * HOUR) == [Concern.OVERDUE]
    assert concerns(store, BUILD + days - HOUR) == [Concern.OVERDUE], "the night after"
    assert concerns(store, BUILD + days + timedelta(minutes=1)) == []
    friday = SEND + 4 * days
    assert concerns(store, friday + 23 * HOUR) == [Concern.OVERDUE], (
        "a day off does not explain the day before"
    )
    assert concerns(store, friday + 25 * HOUR) == []


@pytest.mark.slow
def test_an_edition_of_before_anybody_minded_the_newsletter_is_not_looked_for(store: Store):
    ran(store, "build", at=SEND + 12 * HOUR)
    assert concerns(store, BUILD + timedelta(hours=23)) == []


@pytest.mark.slow
def test_a_run_that_failed_is_a_concern_until_one_succeeds(store: Store):
    ran(store, "build", code=75)
    assert watch(HOUSE, store, now=NOW).concerns == [(Concern.FAILED, "build of 2026-11-23: build said so")]

    ran(store, "build", at=NOW + HOUR)
    drafted(store)
    assert concerns(store, NOW + HOUR) == []


@pytest.mark.slow
def test_an_edition_that_was_stopped_halfway_is_a_concern_until_somebody_goes_on(store: Store):
    ran(store, "build")
    drafted(store)
    people = [
        Subscriber(id=who, newsletter=KEY.newsletter, email=f"{who}@example.com", added_at=NOW)
        for who in ("s1", "s2")
    ]
    store.subscribers.add(people)
    store.ledger.enrol(KEY, at=NOW)
    delivered(store, s1=Outcome.SENT)
    ran(store, "send", code=75, at=SEND)

    assert watch(HOUSE, store, now=SEND).concerns == [(Concern.FAILED, "send of 2026-11-23: send said so")]
    with store.ledger.owned() as owner:
        store.ledger.claim(KEY, [("s2", "<s2@example.org>")], sha256="", at=NOW, owner=owner)
        assert concerns(store, SEND) == []
        store.ledger.record(KEY, [Receipt(subscriber_id="s2", outcome=Outcome.SENT)], at=NOW)
    assert concerns(store, SEND) == []


@pytest.mark.slow
def test_an_edition_that_is_out_has_not_failed(store: Store):
    """A second send of it may have: everyone has it all the same."""
    delivered(store, s1=Outcome.SENT)
    ran(store, "send", code=75)

    assert concerns(store, SEND + LATE) == []


@pytest.mark.slow
def test_mails_in_doubt_and_put_off_are_concerns_with_what_to_do(store: Store):
    ran(store, "send", code=1)
    delivered(store, s1=Outcome.SENT, s2=Outcome.UNSURE, s3=Outcome.DEFERRED, s4=Outcome.DEFERRED)

    assert watch(HOUSE, store, now=NOW).concerns == [
        (Concern.UNSURE, "1 mail of 2026-11-23: digest send the-example --date 2026-11-23 --unsure"),
        (Concern.DEFERRED, "2 mails of 2026-11-23: digest send the-example --date 2026-11-23"),
    ]


@pytest.mark.slow
def test_ill_feeds_and_untold_notices_are_concerns(store: Store):
    store.feeds.keep(FeedState(url=feed().url, failures=3, problem="HTTP 503"), [])
    notice = Notice(kind=NoticeKind.SENT, newsletter="the-example", headline="It is out", at=NOW)
    store.notices.claim(notice)
    store.notices.release(notice, why="mail: the server is away")

    assert watch(HOUSE, store, now=NOW).concerns == [
        (Concern.FEED_ILL, "https://example.com/rss.xml: HTTP 503"),
        (Concern.UNTOLD, "It is out: mail: the server is away"),
    ]


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (SEND - timedelta(minutes=1), DAY),
        (SEND, DAY + timedelta(days=1)),
        (SEND + timedelta(days=4), DAY + timedelta(days=7)),
    ],
)
def test_the_next_edition_is_told_with_its_hours(store: Store, now: datetime, day: date):
    seen = watch(HOUSE, store, now=now)

    assert seen.next_day == day
    assert seen.next_send is not None
    assert seen.next_build == seen.next_send - 1.5 * HOUR


def test_a_newsletter_that_never_has_an_edition_is_told_so(built: Project):
    built.configure(
        lambda text: text.replace('days = "mon-sun"', f'days = "mon"\nextra_days_off = {MONDAYS}')
    )

    result = built.run("status")

    assert "next edition none within a year" in result.stdout
    assert built.json("status")["newsletters"][0]["next_send"] == ""


def test_what_was_not_told_is_of_interest_for_some_days(store: Store):
    notice = Notice(kind=NoticeKind.SENT, newsletter="the-example", headline="It is out", at=NOW)
    store.notices.claim(notice)
    assert concerns(store, NOW) == []
    assert concerns(store, NOW + HOUR) == [Concern.UNTOLD]  # its process is gone
    assert concerns(store, NOW + 73 * HOUR) == []


def test_the_status_tells_hours_in_the_newsletters_own_time(built: Project):
    built.configure(lambda text: text.replace('timezone = "UTC"', 'timezone = "America/New_York"'))

    [report] = built.json("status")["newsletters"]

    assert report["next_send"] == "2026-11-23T06:30-05:00"
    assert "build 2026-11-23 05:00, send 2026-11-23 06:30" in built.run("status").stdout


def test_the_status_ends_with_0_when_all_is_well_and_else_with_1(built: Project):
    overdue = built.run("status")
    assert (overdue.exit_code, "LOOK overdue" in overdue.stdout) == (1, True)

    built.ok("send")
    well = built.ok("status", "--json")
    assert '"well": true' in well.stdout


# --- over HTTP --------------------------------------------------------------------------------------


def web(project: Project, **environ: str) -> tuple[app.App, Starlette]:
    opened = app.build(project.folder, environ)
    return opened, Starlette(routes=list(routes(opened, lambda: NOW)))


def client(site: Starlette, host: str = "127.0.0.1") -> TestClient:
    return TestClient(site, client=(host, 50000))


@pytest.fixture
def sent(built: Project) -> Project:
    built.ok("send")
    return built


def test_health_is_200_and_says_no_more(sent: Project, newsroom: str):
    opened, site = web(sent, SAMPLE_NEWSROOM=newsroom)
    with opened:
        for path in ("/healthz", "/healthz/editions"):
            answer = client(site, "203.0.113.9").get(path)
            assert (answer.status_code, answer.text) == (200, "well\n")


def test_what_somebody_should_look_at_is_503_for_editions_only(built: Project, newsroom: str):
    opened, site = web(built, SAMPLE_NEWSROOM=newsroom)
    with opened:
        assert client(site).get("/healthz").status_code == 200
        answer = client(site).get("/healthz/editions")
        assert (answer.status_code, answer.text) == (503, "see digest status\n")


@pytest.mark.parametrize("path", ["/healthz", "/healthz/editions", "/metrics"])
def test_a_database_that_fails_is_503_without_a_detail(built: Project, newsroom: str, path: str):
    (built.folder / "var" / "digest.db").write_text("this is no database " * 500)
    opened, site = web(built, SAMPLE_NEWSROOM=newsroom)
    with opened:
        answer = client(site).get(path)

    assert (answer.status_code, answer.text) == (503, "not well\n")


def test_the_numbers_are_what_prometheus_reads(sent: Project, newsroom: str):
    opened, site = web(sent, SAMPLE_NEWSROOM=newsroom)
    with opened:
        answer = client(site).get("/metrics")

    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    families = {family.name: family for family in text_string_to_metric_families(answer.text)}
    samples = {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in families.values()
        for sample in family.samples
    }
    here = ("newsletter", "morning-tide")
    assert samples["digest_subscribers", here, ("state", "active")] == 3
    assert samples["digest_last_edition_mails", here, ("state", "sent")] == 3
    assert samples["digest_last_edition_mails", here, ("state", "deferred")] == 0
    assert samples["digest_last_run_exit_code", here, ("stage", "send")] == 0
    assert samples["digest_last_run_timestamp_seconds", here, ("stage", "send")] == NOW.timestamp()
    assert samples["digest_feeds", here] == 6
    assert samples["digest_concerns", ("kind", "overdue"), here] == 0
    assert families["digest_mail_events"].type == "counter"
    assert all(family.documentation for family in families.values())
    assert "@" not in answer.text


def test_any_label_is_read_as_it_was_written():
    text = 'a "quoted"\\ one\nof two lines'
    [family] = text_string_to_metric_families(
        exposition([Metric("digest_x", "gauge", "Words.", [({"label": text}, 1.5)])])
    )

    assert family.samples[0].labels == {"label": text}
    assert family.samples[0].value == 1.5


def test_numbers_are_for_this_machine_and_not_through_a_proxy(sent: Project, newsroom: str):
    opened, site = web(sent, SAMPLE_NEWSROOM=newsroom)
    with opened:
        assert client(site, "::1").get("/metrics").status_code == 200
        assert client(site, "203.0.113.9").get("/metrics").status_code == 403
        for header in FORWARDED:
            assert client(site).get("/metrics", headers={header: "127.0.0.1"}).status_code == 403


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        (f"Bearer {TOKEN[:-1]}", 401),
        (f"Basic {TOKEN}", 401),
        ("Bearer \u00e9".encode("latin-1"), 401),
        ("", 401),
    ],
)
def test_with_a_token_only_who_brings_it_has_them(
    sent: Project, newsroom: str, given: str | bytes, status: int
):
    sent.configure(lambda text: f'[metrics]\ntoken = "${{METRICS_TOKEN}}"\n\n{text}')
    opened, site = web(sent, SAMPLE_NEWSROOM=newsroom, METRICS_TOKEN=TOKEN)
    with opened:
        answer = client(site, "127.0.0.1").get("/metrics", headers={"authorization": given})

    assert answer.status_code == status
    assert TOKEN not in answer.text


@pytest.mark.parametrize(("token", "words"), [("short", "20 characters or more"), (None, "is a secret")])
def test_a_token_that_anybody_guesses_or_reads_is_refused(
    sent: Project, monkeypatch: pytest.MonkeyPatch, token: str | None, words: str
):
    monkeypatch.setenv("METRICS_TOKEN", token or "")
    written = "${METRICS_TOKEN}" if token else TOKEN
    sent.configure(lambda text: f'[metrics]\ntoken = "{written}"\n\n{text}')

    result = sent.run("status")

    assert result.exit_code == 2
    assert f"metrics.token: {words}" in result.stderr.replace("must have ", "")


def test_a_real_server_answers_a_real_client(sent: Project, newsroom: str):
    opened, site = web(sent, SAMPLE_NEWSROOM=newsroom)
    with opened, socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(site, log_config=None, lifespan="off", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            base = f"http://127.0.0.1:{listener.getsockname()[1]}"
            answers: dict[str, Any] = {
                path: httpx.get(base + path, trust_env=False).status_code
                for path in ("/healthz", "/healthz/editions", "/metrics")
            }
        finally:
            server.should_exit = True
            thread.join()

    assert answers == {"/healthz": 200, "/healthz/editions": 200, "/metrics": 200}


def test_a_subscriber_is_nowhere_in_the_numbers(store: Store):
    one = Subscriber(id="s1", newsletter="the-example", email="canary@example.com", added_at=NOW)
    store.subscribers.add([one])

    assert "canary" not in repr(watch(HOUSE, store, now=NOW))
