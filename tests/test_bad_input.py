"""One morning with every hostile feed and page of ``hostile``: each costs itself, and nothing else."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import Result
from kit.builders import NOW
from kit.faultserver import FaultServer
from kit.hostile import LEFT_OUT, PAGES, READ, UNREADABLE, feed, item, tale
from kit.linekit import Project, make_project

from digest import editions
from digest.model import Blurb, Edition, EditionKey

pytestmark = pytest.mark.slow  # whole projects

#: What no line of ours may hold: it drives a terminal, ends a header, or turns a line around.
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ue000-\ue00f]")

BAD_FEED = """
[[newsletters.morning-tide.feeds]]
url = "{url}"
title = "{title}"
section = "World"
content = "{content}"
weight = 5.0
allow_private = true
"""


def hostile_project(project: Project, server: FaultServer) -> Project:
    """*project* with one good feed (The Port Alder Courier) and all the bad ones."""
    feeds = []

    def add(title: str, url: str, content: str = "feed") -> None:
        feeds.append(BAD_FEED.format(title=title, url=url, content=content))

    for name, bad in LEFT_OUT.items():
        add(f"Bad {name}", server.script(f"/bad/{len(feeds)}", bad.answer()))
    for name, evil in READ.items():
        add(f"Evil {name}", server.script(f"/evil/{len(feeds)}", evil.answer(tale(f"Evil {name}"))))
    for name, page in (PAGES | UNREADABLE).items():
        about = tale(f"Page {name}", link=server.url(f"/page/{len(feeds)}"))
        server.script(f"/page/{len(feeds)}", page(about))
        answer = feed(item(about.title, about.teaser, about.link))
        add(f"Page {name}", server.script(f"/links/{len(feeds)}", answer), "page")

    def change(text: str) -> str:
        head, *known = text.split("[[newsletters.morning-tide.feeds]]")
        [courier] = [feed for feed in known if "port-alder-courier" in feed]
        head = head.replace("items = 8", "items = 60", 1).replace("quick_hits = 4", "quick_hits = 0", 1)
        limits = '\n[fetching]\ntimeout = "2s"\n'
        return f"{head}[[newsletters.morning-tide.feeds]]{courier}{''.join(feeds)}{limits}"

    project.configure(change)
    return project


@dataclass(frozen=True)
class Morning:
    project: Project
    build: Result
    edition: Edition
    mail: EmailMessage
    html: str
    text: str
    web: str

    def lines(self, words: str) -> list[str]:
        return [line for line in self.build.stderr.splitlines() if words in line]

    def blurb(self, outlet: str) -> Blurb:
        [blurb] = [blurb for blurb in self.edition.blurbs if blurb.outlet == outlet]
        return blurb


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory, newsroom: str) -> Iterator[Morning]:
    with pytest.MonkeyPatch.context() as patch, FaultServer() as server:
        patch.setenv("SAMPLE_NEWSROOM", newsroom)
        project = hostile_project(make_project(tmp_path_factory.mktemp("hostile")), server)
        project.ok("subscribers", "add", "ada@example.com")
        build = project.ok("build")
        web = project.ok("render", "--web").stdout
        project.ok("send")
        key = EditionKey(newsletter="morning-tide", day=NOW.date())
        edition = editions.parse(project.edition.read_text(), source="edition", key=key)
        [mail] = project.mails()
        text, html = (part.get_content().replace("\r\n", "\n") for part in mail.iter_parts())
        yield Morning(project, build, edition, mail, html, text, web)


# --- what comes of it ------------------------------------------------------------------------------


def test_the_edition_is_made_from_the_rest(morning: Morning):
    count = 1 + len(LEFT_OUT) + len(READ) + len(PAGES) + len(UNREADABLE)

    assert f"{count} feeds (0 unchanged, {len(LEFT_OUT)} failed)" in morning.build.stdout
    assert "The Port Alder Courier" in {blurb.outlet for blurb in morning.edition.blurbs}


@pytest.mark.parametrize("name", LEFT_OUT)
def test_a_bad_feed_is_left_out_and_one_line_says_why(name: str, morning: Morning):
    [line] = morning.lines(f"Bad {name}: ")

    assert line.startswith(f"gather: Bad {name}: http://127.0.0.1:")
    assert LEFT_OUT[name].words in line
    assert f"Bad {name}" not in morning.project.edition.read_text()


@pytest.mark.parametrize("name", READ)
def test_what_a_feed_says_is_only_text(name: str, morning: Morning):
    blurb = morning.blurb(f"Evil {name}")

    assert tale(f"Evil {name}").title in blurb.headline
    for part in (words(morning.html), words(morning.web), " ".join(morning.text.split())):
        assert tale(f"Evil {name}").title in part
        assert READ[name].shown in part


def test_an_item_with_a_scripted_link_is_left_out_and_a_line_says_why(morning: Morning):
    said = morning.lines("Evil scripted links: ")
    [numbers, *lines] = [line for line in said if line.startswith("gather: ")]

    assert numbers.endswith(": 1 articles, 1 new")
    for line, link in zip(
        lines, ("javascript:alert(1)", "data:text/html,", "file:///etc/passwd"), strict=True
    ):
        assert re.search(r"item \d left out: “Bad link \w{4}” has no usable link", line)
        assert link in line


def test_of_five_thousand_items_the_newest_are_read_and_a_line_says_so(morning: Morning):
    lines = morning.lines("Evil 5,000 items: ")

    assert lines[0].endswith(": 500 articles, 500 new")
    assert lines[1].endswith(": 4501 items left out: only the newest 500 of a feed are read")


@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_page_gives_text_or_nothing(name: str, morning: Morning):
    blurb = morning.blurb(f"Page {name}")

    assert blurb.headline == tale(f"Page {name}").title
    assert blurb.summary
    assert blurb.image is None or blurb.image.url.startswith("https://gazette.example/p.jpg?%22onerror=")


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_page_that_cannot_be_read_costs_its_text_only_and_a_line_says_why(name: str, morning: Morning):
    about = tale(f"Page {name}")
    [_, line, written] = morning.lines(f"Page {name}: ")

    assert "is summarized by publisher (extractive: " in written
    assert line.startswith(f"read: Page {name}: the page of “{about.title}”: http://127.0.0.1:")
    assert morning.blurb(f"Page {name}").summary == about.teaser


# --- what leaves the house -----------------------------------------------------------------------------


class Reader(HTMLParser):
    """What a mail program makes of it: elements, attributes and visible words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def words(html: str) -> str:
    return " ".join("".join(Reader(html).words).split())


@pytest.mark.parametrize("part", ["html", "web"])
def test_nothing_in_it_is_active(part: str, morning: Morning):
    seen = Reader(getattr(morning, part))

    assert seen.tags.isdisjoint(("script", "iframe", "object", "embed", "form", "svg", "base", "mj-raw"))
    assert not [name for name, _ in seen.attributes if name.startswith("on")]
    for name, value in seen.attributes:
        if name in {"href", "src", "background", "action", "srcset"}:
            # A PNG that the page has in itself, its icon, runs nothing.
            assert value.startswith(("https://", "http://", "mailto:", "#", "data:image/png;base64,")), value


def test_no_mjml_is_left_and_no_file_was_read(morning: Morning):
    for part in (morning.html, morning.web):
        assert "<mj-" not in part
        assert "</mj-" not in part
    for part in (morning.html, morning.web, morning.text, morning.project.edition.read_text()):
        assert "root:" not in part


def test_the_header_is_ours_alone(morning: Morning):
    assert morning.mail.get_all("Subject") == [morning.edition.subject]
    assert morning.mail.get_all("To") == ["ada@example.com"]
    assert not {"bcc", "cc", "x-evil"} & {name.lower() for name in morning.mail}


def test_no_control_character_is_in_any_part(morning: Morning):
    for part in (morning.html, morning.web, morning.text, morning.project.edition.read_text()):
        assert CONTROLS.findall(part) == []


def test_the_unsubscribe_link_is_where_we_put_it_only(morning: Morning):
    assert morning.text.count("mailto:desk@example.org?subject=unsubscribe") == 1


def test_no_output_drives_the_terminal(morning: Morning):
    status = morning.project.run("status", "--json").output

    assert CONTROLS.findall(morning.build.output + status) == []


# --- and what it costs ------------------------------------------------------------------------------------

#: Started on its own, so that the peak is the program's and not that of the tests that start it.
MEASURE = """
import json, resource, subprocess, sys
run = subprocess.run(sys.argv[1:], capture_output=True, text=True)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([run.returncode, peak * 1024, run.stdout, run.stderr]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the peak is in another unit")
def test_it_all_takes_less_than_300_mb(project: Project):
    with FaultServer() as server:
        hostile_project(project, server)
        digest = Path(sys.executable).with_name("digest")
        words = [str(digest), "build", "--project", str(project.folder), "--now", NOW.isoformat()]
        run = subprocess.run(
            [sys.executable, "-c", MEASURE, *words], capture_output=True, text=True, check=True
        )
    code, peak, stdout, stderr = json.loads(run.stdout)

    assert code == 0, stderr
    assert f"{len(LEFT_OUT)} failed" in stdout
    assert peak < 300_000_000
