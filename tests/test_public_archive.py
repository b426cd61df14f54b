"""The archive as `digest web` serves it, and as plain files."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from kit.archivekit import DAY, TODAY, at, begin, lay_down, send
from kit.builders import NOW
from kit.linekit import Project
from starlette.applications import Starlette
from starlette.testclient import TestClient

from digest import app
from digest.model import CAMPAIGN, Content, EditionKey, Outcome, Receipt
from digest.pipeline import shelf
from digest.public.archive import UNASKED, routes

pytest_plugins = ["kit.browser"]
pytestmark = pytest.mark.slow  # whole projects

BASE = "/sift/"
EDITION = f"{BASE}2026-11-23/"
BRIDGE = f"{EDITION}council-votes-to-rebuild-the-old-bridge/"


class Clock:
    def __init__(self) -> None:
        self.now = NOW + timedelta(hours=1)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, time: timedelta = UNASKED) -> None:
        self.now += time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def sent_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = begin(tmp_path_factory.mktemp("archive"))
    lay_down(project)
    send(project)
    return project.folder


@pytest.fixture
def sent(sent_once: Path, tmp_path: Path) -> Project:
    """A project whose edition of today both readers have."""
    import shutil

    shutil.copytree(sent_once, tmp_path / "project")
    return Project(tmp_path / "project")


@pytest.fixture
def web(sent: Project, clock: Clock) -> Iterator[TestClient]:
    with app.build(sent.folder, {}) as opened:
        site = Starlette(routes=routes(opened, clock))
        with TestClient(site, base_url="https://news.example.org", follow_redirects=False) as client:
            yield client


# --- what is served ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        (BASE, "text/html"),
        (EDITION, "text/html"),
        (BRIDGE, "text/html"),
        (f"{BASE}2026-11/", "text/html"),
        (f"{BASE}feed.xml", "application/rss+xml"),
        (f"{BASE}feed.json", "application/feed+json"),
        (f"{BASE}sitemap.xml", "application/xml"),
        ("/robots.txt", "text/plain"),
    ],
)
def test_each_page_is_served_and_may_be_cached(web, path, media_type):
    answer = web.get(path)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert answer.headers["cache-control"].startswith("public, max-age=")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/sift", EDITION.rstrip("/"), BRIDGE.rstrip("/"), f"{BASE}2026-11"])
def test_a_page_without_its_slash_leads_to_the_one_with_it(web, path):
    answer = web.get(path)

    assert (answer.status_code, answer.headers["location"]) == (301, f"{path}/")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/2026-11-23/",
        f"{BASE}2026-11-24/",
        f"{BASE}2026-11-22/",
        f"{BASE}2026-12/",
        f"{EDITION}nothing/",
        f"{BASE}2026-11-23/..%2f",
        f"{BASE}9999-99-99/",
        f"{BASE}sign-up",
    ],
)
def test_everything_else_is_left_to_others(web, path):
    assert web.get(path).status_code == 404


def test_what_readers_have_in_their_mail_leads_to_a_page(web, sent):
    [mail, *_] = sent.mails()
    html = mail.get_body(("html",)).get_content()

    for path in (EDITION, BASE, f"{BASE}feed.xml"):
        assert f'href="https://news.example.org{path}"' in html
        assert web.get(path).status_code == 200


def test_a_page_runs_nothing_and_its_form_goes_to_the_newsletter(web):
    policy = web.get(EDITION).headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "form-action 'self' https://news.example.org;" in policy
    assert "script" not in policy


def test_each_page_has_its_icon_in_itself_and_may_show_it(web):
    for path in (BASE, EDITION, BRIDGE):
        answer = web.get(path)
        assert re.search(r'<link rel="icon" href="data:image/png;base64,[\w+/=]+">', answer.text), path
        assert " data:" in answer.headers["content-security-policy"].partition("img-src")[2].partition(";")[0]


def test_what_has_no_icon_in_itself_finds_one(web):
    answer = web.get("/favicon.ico")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert "max-age" in answer.headers["cache-control"]


# --- sent, and nothing else --------------------------------------------------------------------------------


def test_an_edition_is_there_once_somebody_has_it(web, sent, clock):
    tomorrow = TODAY + DAY
    lay_down(sent, tomorrow)
    clock.passes(2 * DAY)

    assert web.get(f"{BASE}{tomorrow}/").status_code == 404

    send(sent, tomorrow)
    clock.passes()

    assert web.get(f"{BASE}{tomorrow}/").status_code == 200
    assert f'<a rel="next" href="https://news.example.org{BASE}{tomorrow}/">' in web.get(EDITION).text


def test_an_edition_that_is_sent_later_today_is_not_there_yet(web, clock):
    clock.now = datetime(2026, 11, 23, 9, 59, tzinfo=UTC)

    assert web.get(EDITION).status_code == 404


def test_a_campaign_that_a_provider_has_is_there_from_its_hour_on(tmp_path):
    project = begin(tmp_path / "project")
    key, hour = EditionKey(newsletter="the-sift", day=TODAY), NOW + timedelta(hours=1)
    with app.build(project.folder, {}) as opened:
        newsletter, store = opened.newsletter(None), opened.store
        store.archive.keep(Content(key=key, sha256="ab", source="{}", at=hour))
        store.editions.begin(key, at=NOW)
        store.ledger.claim(key, [(CAMPAIGN, "")], sha256="ab", at=NOW)
        store.ledger.record(key, [Receipt(subscriber_id=CAMPAIGN, outcome=Outcome.SENT)], at=NOW)

        assert shelf(newsletter, store, now=NOW).sent == {}
        assert list(shelf(newsletter, store, now=hour).sent) == [TODAY]


def test_a_file_that_is_changed_or_gone_after_the_send_changes_no_page(web, sent, clock):
    before = web.get(EDITION).content

    file = sent.folder / "editions/the-sift" / f"{TODAY}.yaml"
    file.write_text(file.read_text().replace("The Harrow Bridge on Sunday", "A lie"))
    clock.passes()
    changed = web.get(EDITION).content
    file.unlink()
    clock.passes()

    assert before == changed == web.get(EDITION).content


def test_of_two_contents_the_archive_has_the_one_that_most_readers_have(web, sent, clock):
    file = sent.folder / "editions/the-sift" / f"{TODAY}.yaml"
    file.write_text(file.read_text().replace("An engineering report", "Another report"))
    sent.ok("subscribers", "add", "the-sift", "cleo@example.org")
    send(sent)
    clock.passes()

    assert "An engineering report" in web.get(EDITION).text

    for number in range(3):
        sent.ok("subscribers", "add", "the-sift", f"reader{number}@example.org")
    send(sent)
    clock.passes()

    assert "Another report" in web.get(EDITION).text


def test_a_test_mail_publishes_nothing(tmp_path):
    project = begin(tmp_path / "project")
    lay_down(project)
    send(project, TODAY, "--to", "stranger@example.org")

    with (
        app.build(project.folder, {}) as opened,
        TestClient(Starlette(routes=routes(opened, Clock()))) as web,
    ):
        assert web.get(EDITION).status_code == 404


def test_no_address_token_or_id_of_a_reader_is_in_any_page(web, sent):
    with app.build(sent.folder, {}) as opened:
        readers = list(opened.store.subscribers.all("the-sift"))
    marks = {mail["List-Unsubscribe"].rpartition("/")[2].strip("<> \r\n") for mail in sent.mails()}
    marks |= {mail["Message-ID"].strip("<>") for mail in sent.mails()}
    private = marks | {reader.id for reader in readers} | {reader.email for reader in readers}
    assert len(private) >= 8

    for path in (BASE, EDITION, BRIDGE, f"{BASE}feed.xml", f"{BASE}feed.json", f"{BASE}sitemap.xml"):
        text = web.get(path).text
        assert not [mark for mark in private if mark in text]


# --- asked again -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [BASE, EDITION, BRIDGE, f"{BASE}feed.xml", f"{BASE}feed.json"])
def test_what_is_known_is_not_sent_again(web, path):
    first = web.get(path)

    for known in (
        {"If-None-Match": first.headers["etag"]},
        {"If-None-Match": f'"other", W/{first.headers["etag"]}'},
        {"If-Modified-Since": first.headers["last-modified"]},
    ):
        again = web.get(path, headers=known)
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == first.headers["etag"]


def test_a_date_does_not_count_beside_a_mark_and_nonsense_counts_for_nothing(web):
    first = web.get(EDITION)

    for known in (
        {"If-None-Match": '"other"', "If-Modified-Since": first.headers["last-modified"]},
        {"If-Modified-Since": "Sun, 01 Nov 2020 00:00:00 GMT"},
        {"If-Modified-Since": "yesterday"},
        {"If-Modified-Since": "Mon, 23 Nov 2026 10:00:00"},
    ):
        assert web.get(EDITION, headers=known).status_code == 200


def test_the_dates_say_when_it_was_sent_and_a_head_has_no_body(web):
    answer = web.head(EDITION)

    assert answer.headers["last-modified"] == "Mon, 23 Nov 2026 10:00:00 GMT"
    assert answer.status_code == 200
    assert web.post(EDITION).status_code == 405


def test_a_correction_is_seen_at_once(web, sent, clock):
    first = web.get(BRIDGE)

    sent.ok(
        "correct", "--date", str(TODAY), "--item", "bridge", "--text", "It opens in May.", now=at(TODAY + DAY)
    )
    clock.passes()
    second = web.get(BRIDGE, headers={"If-None-Match": first.headers["etag"]})

    assert second.status_code == 200
    assert "It opens in May." in second.text
    assert second.headers["last-modified"] == "Tue, 24 Nov 2026 10:00:00 GMT"


def test_a_database_that_fails_is_said_and_not_cached(web, sent, clock):
    connection = sqlite3.connect(sent.folder / "var/digest.db")
    connection.execute("ALTER TABLE content RENAME TO gone")
    connection.commit()
    connection.close()

    answer = web.get(EDITION)

    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert "cache-control" not in answer.headers


# --- as files ----------------------------------------------------------------------------------------------


def test_the_files_are_the_pages_that_are_served(web, sent, tmp_path):
    out = tmp_path / "out"

    said = sent.ok("archive", "--out", str(out), now=at(TODAY)).stdout

    assert f"editions: 1, files in {out}: 13, written: 13" in said
    for file in out.rglob("*"):
        if file.is_file():
            path = BASE + file.relative_to(out).as_posix().removesuffix("index.html")
            assert web.get(path).content == file.read_bytes(), path
    assert (out / "2026-11-23" / "index.html").exists()
    assert not (out / "robots.txt").exists()  # a host has one, at its root


def test_what_is_as_it_should_be_is_not_written_again(sent, tmp_path):
    out = tmp_path / "out"
    sent.ok("archive", "--out", str(out), now=at(TODAY))
    (out / "of-the-house.html").write_text("mine")

    assert "written: 0" in sent.ok("archive", "--out", str(out), now=at(TODAY)).stdout
    assert (out / "of-the-house.html").read_text() == "mine"


def test_an_archive_at_another_host_is_where_mails_and_pages_lead(sent, tmp_path):
    sent.configure(lambda text: text.replace("[[", 'archive = "https://past.example.org"\n\n[[', 1))
    out = tmp_path / "out"

    sent.ok("archive", "--out", str(out), now=at(TODAY))

    page = (out / "2026-11-23/index.html").read_text()
    assert '<link rel="canonical" href="https://past.example.org/2026-11-23/">' in page
    assert 'action="https://news.example.org/sift/sign-up"' in page
    assert "Sitemap: https://past.example.org/sitemap.xml" in (out / "robots.txt").read_text()
    assert (
        'href="https://past.example.org/2026-11-23/"'
        in sent.ok("render", "--html", "--date", str(TODAY)).stdout
    )


def test_a_newsletter_without_an_address_has_no_files(tmp_path):
    project = begin(tmp_path / "project")
    project.configure(lambda text: text.replace('web = "https://news.example.org/sift"\n', ""))

    result = project.run("archive", "--out", str(tmp_path / "out"))

    assert result.exit_code == 2
    assert "newsletters.the-sift.web: missing; set it, or archive" in result.stderr


def test_a_folder_that_cannot_be_written_is_named(sent, tmp_path):
    (tmp_path / "file").write_text("")

    result = sent.run("archive", "--out", str(tmp_path / "file/inside"))

    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


# --- in a browser ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 600, 1200])
def test_axe_finds_nothing_and_nothing_runs_out_of_the_window(visit, sent, tmp_path, scheme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    sent.ok("correct", "--date", str(TODAY), "--item", "1", "--text", "It was two weeks.", now=at(TODAY))
    sent.ok("archive", "--out", str(tmp_path / "out"), now=at(TODAY))
    item = next((tmp_path / "out/2026-11-23").glob("ferry-*/index.html"))

    for file in (tmp_path / "out/index.html", tmp_path / "out/2026-11-23/index.html", item):
        page = visit(file.as_uri(), width=width, scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), file
        assert axe.run(page).response["violations"] == []
