"""`digest web` as a process, and its pages in a browser."""

from __future__ import annotations

import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Any

import httpx
import pytest
from kit.archivekit import TODAY, at, begin, lay_down, send
from kit.linekit import Project
from kit.smtpserver import Postbox, serving
from kit.webkit import ONE_CLICK, write_project

pytest_plugins = ["kit.browser"]
pytestmark = pytest.mark.slow  # processes and a browser

PUBLIC = "https://news.example.org"
COMMAND = [sys.executable, "-c", "from digest.cli import main; main()"]


@dataclass(frozen=True)
class Served:
    #: Of the host, without a slash.
    url: str
    process: subprocess.Popen[str]

    def ended(self) -> str:
        """Ask it to end, and give what it has said since."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.stderr is not None
        said = self.process.stderr.read()
        assert self.process.wait(20) == 0
        return said


@contextmanager
def serving_pages(folder: Path) -> Iterator[Served]:
    options = ["--project", str(folder), "--now", at(TODAY), "--port", "0"]
    with subprocess.Popen([*COMMAND, "web", *options], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            said, url = [], ""
            for line in process.stderr:
                said.append(line)
                if found := re.search(r"is on (http://[^/]+)/", line):
                    url = found[1]
                if "Ctrl-C" in line:
                    yield Served(url, process)
                    return
            raise AssertionError(f"no pages: {''.join(said)}")
        finally:
            process.kill()


@pytest.fixture(scope="module")
def post() -> Iterator[Postbox]:
    with serving() as postbox:
        yield postbox


@pytest.fixture
def project(tmp_path: Path, post: Postbox) -> Project:
    """Two newsletters; The Sift was sent to one reader."""
    post.mails.clear()
    folder = tmp_path / "project"
    write_project(folder, post.port)
    project = Project(folder)
    project.ok("subscribers", "add", "the-sift", "ada@example.com")
    lay_down(project)
    project.ok("send", "the-sift", "--date", str(TODAY), now=at(TODAY))
    return project


def links_of(post: Postbox) -> tuple[set[str], dict[str, str]]:
    """The links to us of the newest mail, in both parts, and its header."""
    from email import message_from_bytes, policy

    mail: Any = message_from_bytes(post.mails[-1][1], policy=policy.default)
    parts = "".join(mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    found = set(re.findall(rf"{PUBLIC}/[^\s\"<>]*", parts))
    return found, dict(mail.items())


def test_every_link_of_a_mail_works_and_the_log_says_nothing_of_readers(project: Project, post: Postbox):
    links, header = links_of(post)
    one_click = re.search(rf"<({PUBLIC}/the-sift/unsubscribe/[^>]+)>", header["List-Unsubscribe"])
    assert one_click is not None
    assert header["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert {one_click[1], f"{PUBLIC}/the-sift/sign-up", f"{PUBLIC}/the-sift/{TODAY}/"} <= links
    assert len(links) == 7

    reader = {"X-Forwarded-For": "198.51.100.7"}  # as a proxy writes it
    with serving_pages(project.folder) as served, httpx.Client(headers=reader) as client:
        for link in links:
            answer = client.get(link.replace(PUBLIC, served.url))
            assert answer.status_code == 200, link
        token = one_click[1].rpartition("/")[2]
        assert (
            client.get(f"{served.url}/the-sift/preferences/forged{token}?email=ada@example.com").status_code
            == 404
        )
        assert (
            client.post(f"{served.url}/the-sift/sign-up", data={"email": "bo@example.net"}).status_code == 200
        )
        [letter] = [link for link in links_of(post)[0] if "/confirm/" in link]
        assert client.post(letter.replace(PUBLIC, served.url)).status_code == 200
        answer = client.post(one_click[1].replace(PUBLIC, served.url), data=ONE_CLICK)
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
        said = served.ended()

    assert said == ""
    listed = project.ok("subscribers", "export", "the-sift").stdout
    assert "ada@example.com,,unsubscribed" in listed
    assert "bo@example.net,,active" in listed


def test_the_server_itself_believes_no_field_that_no_proxy_of_ours_wrote(project: Project, post: Postbox):
    project.configure(lambda text: f"[web]\nper_network = 2\nproxies = []\n{text}")
    with serving_pages(project.folder) as served:
        statuses = [
            httpx.post(
                f"{served.url}/the-sift/sign-up",
                data={"email": f"r{n}@example.net"},
                headers={"X-Forwarded-For": f"203.0.113.{n}", "X-Forwarded-Proto": "https"},
            ).status_code
            for n in range(4)
        ]
        served.ended()

    assert statuses == [200, 200, 429, 429]


def test_it_ends_when_told_though_a_letter_waits_and_a_browser_is_connected(project: Project):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        write_project(project.folder, silent.getsockname()[1])
        with serving_pages(project.folder) as served:
            idle = httpx.Client()
            idle.get(f"{served.url}/the-sift/")
            address = served.url.removeprefix("http://").split(":")
            body = b"email=bo%40example.net"
            with socket.create_connection((address[0], int(address[1]))) as waiting:
                head = f"POST /the-sift/sign-up HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
                waiting.sendall(head.encode() + body)
                letter, _ = silent.accept()  # it is on its way, and no server greets it
                with letter:
                    said = served.ended()
                    answer = waiting.recv(10_000)
            idle.close()

    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"try again" in answer
    assert "Traceback" not in said


def test_who_waits_for_a_locked_database_as_it_ends_is_told_to_ask_again(project: Project, post: Postbox):
    path = re.search(rf"<{PUBLIC}(/the-sift/unsubscribe/[^>]+)>", links_of(post)[1]["List-Unsubscribe"])
    assert path is not None
    other = sqlite3.connect(project.folder / "var" / "digest.db", isolation_level=None)
    with closing(other), serving_pages(project.folder) as served:
        other.execute("BEGIN IMMEDIATE")
        address = served.url.removeprefix("http://").split(":")
        body = b"List-Unsubscribe=One-Click"
        head = f"POST {path[1]} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
        with socket.create_connection((address[0], int(address[1]))) as waiting:
            form = "Content-Type: application/x-www-form-urlencoded"
            waiting.sendall(f"{head}{form}\r\n\r\n".encode() + body)
            sleep(0.3)  # it waits for the lock by then
            served.process.send_signal(signal.SIGTERM)
            answer = waiting.recv(10_000)
        other.close()
        assert served.process.stderr is not None
        said = served.process.stderr.read()

    assert answer.startswith(b"HTTP/1.1 503 ")
    assert "Traceback" not in said


def test_a_taken_port_and_a_newsletter_without_pages_are_named(project: Project, tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = project.run("web", "--port", str(taken.getsockname()[1]))
    assert (result.exit_code, "choose another" in result.stderr) == (2, True)

    bare = begin(tmp_path / "bare")
    bare.configure(lambda text: text.replace('web = "https://news.example.org/sift"\n', ""))
    result = bare.run("web", "--port", "0")
    assert (result.exit_code, "no newsletter has pages" in result.stderr) == (2, True)


def test_archive_and_pages_are_one_site(tmp_path: Path):
    project = begin(tmp_path / "project")
    lay_down(project)
    send(project)
    with serving_pages(project.folder) as served, httpx.Client() as client:
        edition = client.get(f"{served.url}/sift/{TODAY}/").text
        assert f'href="{PUBLIC}/sift/forward/{TODAY}"' in edition
        friend = client.get(f"{served.url}/sift/forward/{TODAY}").text
        assert re.search(rf'href="mailto:\?subject=The%20Sift&amp;body={PUBLIC}/sift/{TODAY}/"', friend)
        assert client.get(f"{served.url}/sift/forward/2026-11-24").status_code == 404
        assert client.get(f"{served.url}/sift/forward/20261123").status_code == 404
        assert client.get(f"{served.url}/robots.txt").status_code == 200
        assert client.post(f"{served.url}/sift/hooks/postmark").status_code == 404


# --- in a browser ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "windows"), [("en", ((320, "dark"), (1200, "light"))), ("ar", ((600, "light"),))]
)
def test_axe_finds_nothing_and_nothing_runs_out_of_the_window(
    visit: Any, project: Project, post: Postbox, language: str, windows: tuple[tuple[int, str], ...]
):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    links, _ = links_of(post)
    zone = 'timezone = "UTC"'
    project.configure(lambda text: text.replace(zone, f'{zone}\nlanguage = "{language}"'))
    paths = [link.removeprefix(PUBLIC) for link in sorted(links) if re.search("unsub|pref|sign-up", link)]
    paths += [f"/the-sift/forward/{TODAY}"]
    with serving_pages(project.folder) as served:
        for width, scheme in windows:
            page = visit(f"{served.url}/the-sift/nothing", width=width, scheme=scheme)
            assert page.evaluate("getComputedStyle(document.body).direction") == ("ltr")
            for path in paths:
                page.goto(f"{served.url}{path}")
                assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
                assert page.evaluate("getComputedStyle(document.body).maxWidth") != "none", path
                assert axe.run(page).response["violations"] == [], path


def test_a_reader_signs_up_changes_what_comes_and_leaves(visit: Any, project: Project, post: Postbox):
    with serving_pages(project.folder) as served:
        page = visit(f"{served.url}/the-sift/sign-up", width=360)
        page.get_by_label("Your email address").fill("cleo@example.net")
        page.get_by_label("Your name").fill("Cleo")
        page.get_by_role("button", name="Sign up").click()
        assert page.get_by_role("heading").inner_text() == "Check your inbox"

        [letter] = [link for link in links_of(post)[0] if "/confirm/" in link]
        page.goto(letter.replace(PUBLIC, served.url))
        page.get_by_role("button", name="Confirm my subscription").click()
        assert page.get_by_role("heading").inner_text() == "You are subscribed"

        project.ok("send", "the-sift", "--date", str(TODAY), now=at(TODAY))
        [preferences] = [link for link in links_of(post)[0] if "/preferences/" in link]
        page.goto(preferences.replace(PUBLIC, served.url))
        page.get_by_label("Send me plain text").check()
        page.get_by_label("Art").check()
        page.get_by_role("button", name="Save").click()
        assert page.get_by_role("status").inner_text() == "Saved."
        assert page.get_by_label("Art").is_checked()
        assert "cleo@example.net,Cleo,active" in (
            listed := project.ok("subscribers", "export", "the-sift").stdout
        )
        assert ",art,yes," in listed

        page.get_by_role("button", name="Unsubscribe").click()
        assert page.get_by_role("heading").inner_text() == "You are unsubscribed"
        page.get_by_role("button", name="Subscribe again").click()
        assert page.get_by_role("heading").inner_text() == "Check your inbox"
    assert "cleo@example.net,Cleo,unsubscribed" in project.ok("subscribers", "export", "the-sift").stdout
