"""Hostile feeds and pages through the whole line: each costs itself, and nobody else anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import hostile
import pytest
from faultserver import FaultServer
from hostile import Bad
from linekit import Project

from digest.fetching import exchange

BAD_FEED = """
[[newsletters.morning-tide.feeds]]
url = "{url}"
title = "The Bad Gazette"
section = "World"
content = "{content}"
weight = 5.0
allow_private = true
"""


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "RETRY_PAUSE", 0.001)


@pytest.fixture
def morning(project: Project) -> Callable[..., Project]:
    """Makes a project with one good feed and a bad one."""

    def with_bad(url: str, *, content: str = "feed") -> Project:
        def change(text: str) -> str:
            head, *feeds = text.split("[[newsletters.morning-tide.feeds]]")
            [courier] = [feed for feed in feeds if "port-alder-courier" in feed]
            good = "[[newsletters.morning-tide.feeds]]" + courier
            limits = '\n[fetching]\ntimeout = "1s"\n'
            return head + good + BAD_FEED.format(url=url, content=content) + limits

        project.configure(change)
        return project

    return with_bad


@pytest.mark.parametrize("bad", hostile.LEFT_OUT.values(), ids=hostile.LEFT_OUT.keys())
def test_a_bad_feed_is_left_out_with_one_line(bad: Bad, server: FaultServer, morning):
    project = morning(server.script("/bad", bad.answer()))
    result = project.ok("build")
    print(result.stderr)


@pytest.mark.parametrize("make", hostile.READ.values(), ids=hostile.READ.keys())
def test_read(make, server: FaultServer, morning):
    project = morning(server.script("/bad", make()))
    result = project.ok("build")
    print(result.stderr)
    print(project.edition.read_text())
    print(project.ok("render", "--text").stdout)


@pytest.mark.parametrize("make", hostile.PAGES.values(), ids=hostile.PAGES.keys())
def test_pages(make, server: FaultServer, morning):
    link = server.script("/page", make())
    server.script(
        "/bad",
        hostile.feed(hostile.item(hostile.TITLE, "The council of Velm voted to plant trees.", link=link)),
    )
    project = morning(server.url("/bad"), content="page")
    result = project.ok("build")
    print(result.stderr)
    t = project.edition.read_text()
    i = t.find("Bad Gazette")
    print(t[i - 200 : i + 2500])
