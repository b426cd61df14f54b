"""The links of an edition, asked in the background: what answers mean, and where that is said."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from kit.builders import NOW, feed, newsletter
from kit.faultserver import FaultServer, redirect, reply

from digest.errors import ConfigError
from digest.fetching import HttpFetcher, exchange
from digest.model import Blurb, Edition, EditionKey, Fetched, Image, Link, Request, Sponsor, Window
from digest.preview.links import LinkCheck, Verdict, findings_of, judged, requests
from digest.settings import FetchingSettings, Newsletter


def blurb(**changes: Any) -> Blurb:
    return replace(Blurb(id="a", headline="The bridge", summary="It is to be rebuilt."), **changes)


def edition(*blurbs: Blurb, **changes: Any) -> Edition:
    plain = Edition(
        key=EditionKey(newsletter="the-example", day=NOW.date()),
        number=1,
        window=Window(since=NOW - timedelta(days=1), until=NOW),
        subject="The bridge",
        preheader="Plus: more",
        blurbs=blurbs,
    )
    return replace(plain, **changes)


# --- what an answer means ------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "RETRY_PAUSE", 0.001)


def verdict(url: str, **given: Any) -> Verdict | None:
    options = {"allow_hosts": ["127.0.0.1", "localhost"]} | given
    with HttpFetcher(FetchingSettings(timeout=timedelta(seconds=5)), **options) as fetcher:
        [(request, answer)] = fetcher.fetch([Request(url=url)], at=NOW)
        return judged(request, answer)


def test_a_page_that_answers_is_fine(server: FaultServer):
    assert verdict(server.script("/a", reply(200, b"a page"))) is None


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, "dead"), (410, "dead"), (401, "login"), (403, "login"), (500, "unknown"), (429, "unknown")],
)
def test_what_is_no_page_is_told(server: FaultServer, status: int, kind: str):
    found = verdict(server.script("/a", reply(status)))

    assert found is not None
    assert found.kind == kind
    assert str(status) in found.words


def test_a_host_that_there_is_not_is_dead():
    def nobody(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    def no_network(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    gone, offline = (verdict("http://gone.example/", resolve=resolve) for resolve in (nobody, no_network))

    assert gone is not None
    assert "there is no such host" in gone.words
    assert offline is not None
    assert offline.kind == "unknown"


def test_another_page_at_the_end_of_a_redirect_is_told(server: FaultServer):
    server.script("/new", reply(200, b"a page"))
    server.script("/", reply(200, b"the front page"))

    elsewhere = verdict(server.script("/old", redirect(301, "/new")))
    front = verdict(server.script("/report", redirect(302, "/")))
    foreign = verdict(server.script("/new/", redirect(301, server.url("/new", host="localhost"))))

    assert elsewhere == Verdict(
        "moved", f"redirects to {server.url('/new')}: use that address, or make sure that it is meant"
    )
    assert front is not None
    assert "the front page of 127.0.0.1: the page itself may be gone" in front.words
    assert foreign is not None
    assert "localhost" in foreign.words


@pytest.mark.parametrize("to", ["/a/", "/a?session=1", "/a?utm_source=feed"])
def test_the_same_page_under_another_spelling_is_no_news(server: FaultServer, to: str):
    server.script(to, reply(200, b"a page"))
    server.script("/a", redirect(301, to), reply(200, b"a page"))

    assert verdict(server.url("/a")) is None


def test_http_and_https_are_the_same_page():
    arrived = Fetched(
        url="http://a.example/x", final_url="https://www.a.example/x/", body=b"x", body_sha256="", at=NOW
    )

    assert judged(Request(url="http://a.example/x"), arrived) is None


def test_a_redirect_to_a_login_is_one(server: FaultServer):
    server.script("/account/login", reply(200, b"who are you?"))

    found = verdict(server.script("/report", redirect(302, "/account/login")))

    assert found is not None
    assert found.kind == "login"


def test_a_body_that_is_too_large_to_read_is_there_all_the_same(server: FaultServer):
    url = server.script("/film", b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")

    assert verdict(url) is None


# --- the links of an edition -----------------------------------------------------------------------------


def test_addresses_are_asked_once_and_none_behind_a_paywall():
    letters = newsletter(
        feeds=(
            feed(url="https://paid.example/rss", paywalled=True),
            feed(url="http://10.0.0.5/f", allow_private=True),
        )
    )
    full = edition(
        blurb(url="https://x.example/a#part", image=Image(url="https://x.example/p.jpg")),
        blurb(id="b", url="https://x.example/a"),
        blurb(id="c", url="https://www.paid.example/c"),
        letter="[mail](mailto:a@x.example) and [this](http://10.0.0.5/b)",
    )

    assert [(request.url, request.allow_private) for request in requests(full, letters)] == [
        ("https://x.example/a", False),
        ("https://x.example/p.jpg", False),
        ("http://10.0.0.5/b", True),
    ]


def test_a_verdict_is_told_wherever_the_address_stands():
    page = "https://x.example/a"
    full = edition(
        blurb(url=f"{page}#top", dig_deeper=f"Read the [report]({page}).", image=Image(url=page)),
        quick_hits=(Link(text="A hit", url=page),),
    )

    found = list(findings_of(full, {page: Verdict("dead", "is dead")}))

    assert [(finding.level, finding.key, finding.words) for finding in found] == [
        ("error", "url", "the link is dead"),
        ("error", "image", "its picture is dead"),
        ("error", "dig_deeper", "the link is dead"),
        ("error", "quick_hits", "the link of “A hit” is dead"),
    ]
    assert (found[2].start, found[2].end) == (9, 9 + len(f"[report]({page})"))


def test_what_is_expected_is_not_told():
    page = "https://x.example/a"
    marked = edition(blurb(url=page, subscription=True))
    unmarked = edition(blurb(url=page))
    paid = edition(
        blurb(url="", image=Image(url=page)), sponsors=(Sponsor(name="Acme", text="Tea.", url=page),)
    )

    login = {page: Verdict("login", "wants a login")}
    assert list(findings_of(marked, login)) == []
    assert [finding.level for finding in findings_of(unmarked, login)] == ["note"]
    assert list(findings_of(paid, {page: Verdict("moved", "leads on")})) == []


# --- in the background -------------------------------------------------------------------------------


@dataclass
class Shown:
    """What ``LinkCheck`` needs of an exhibit."""

    newsletter: Newsletter
    edition: Edition
    told: int = 0
    problem: ConfigError | None = None
    turned: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def view(self) -> Any:
        return self

    def app(self) -> Any:
        if self.problem:
            raise self.problem
        return SimpleNamespace(settings=SimpleNamespace(fetching=FetchingSettings()))

    def clock(self) -> datetime:
        return NOW

    async def tell(self) -> None:
        async with self.turned:
            self.told += 1
            self.turned.notify_all()

    async def versions(self) -> AsyncIterator[int]:
        seen = -1
        while True:
            async with self.turned:
                await self.turned.wait_for(lambda: self.told > seen)  # noqa: B023 - awaited at once
            seen = self.told
            yield seen


def shown(server: FaultServer, *paths: str) -> Shown:
    local = newsletter(feeds=(feed(url=server.url("/feed"), allow_private=True),))
    items = (blurb(id=path, url=server.url(path)) for path in paths)
    return Shown(local, edition(*items))


async def until(met: Callable[[], Any]) -> None:
    async with asyncio.timeout(5):
        while not met():  # noqa: ASYNC110 - of the server, which is in a thread, nobody is told
            await asyncio.sleep(0.005)


def test_findings_come_while_nobody_waits_and_no_address_is_asked_twice(server: FaultServer):
    for path in ("/a", "/b"):
        server.script(path, reply(200, b"a page"))

    async def morning() -> None:
        exhibit: Any = shown(server, "/a", "/gone")
        check = LinkCheck(exhibit)
        assert check.findings() == ()
        with check.running(asyncio.get_running_loop()):
            await until(lambda: check.findings() and exhibit.told)
            exhibit.edition = shown(server, "/a", "/b", "/gone").edition
            await exhibit.tell()
            await until(lambda: "/b" in server.paths)
        assert [finding.item for finding in check.findings()] == ["/gone"]

    asyncio.run(morning())

    assert sorted(server.paths) == ["/a", "/b", "/gone"]


def test_a_slow_server_holds_up_neither_the_others_nor_the_end(server: FaultServer):
    server.script("/slow", lambda connection: server.over.wait(10) and None)

    async def morning() -> float:
        exhibit: Any = shown(server, "/slow", "/gone")
        check = LinkCheck(exhibit)
        loop = asyncio.get_running_loop()
        with check.running(loop):
            await until(check.findings)
            left = loop.time()
        return loop.time() - left

    assert asyncio.run(morning()) < 0.5


@pytest.mark.slow
def test_settings_that_are_wrong_only_put_it_off(server: FaultServer):
    async def morning() -> None:
        exhibit: Any = shown(server, "/gone")
        exhibit.problem = ConfigError("schedules.toml", ["wrong"])
        check = LinkCheck(exhibit)
        with check.running(asyncio.get_running_loop()):
            await asyncio.sleep(0.05)
            assert server.paths == []
            exhibit.problem = None
            await exhibit.tell()
            await until(check.findings)

    asyncio.run(morning())


def test_a_desk_without_an_edition_has_nothing_to_ask():
    check = LinkCheck(SimpleNamespace(view=None))  # type: ignore[arg-type]

    check.look()

    assert check.findings() == ()
