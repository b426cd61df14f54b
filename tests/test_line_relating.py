"""What an item leads to when the page there is gone, slow, dead, elsewhere or hostile: whole builds."""

from __future__ import annotations

import socket
from datetime import timedelta
from time import monotonic

import pytest
from kit.builders import NOW
from kit.faultserver import FaultServer, Script, reply
from kit.linekit import DAY, Project

from digest import editions
from digest.model import Blurb, EditionKey

pytestmark = pytest.mark.slow  # whole projects

KEY = EditionKey(newsletter="morning-tide", day=NOW.date())
WALKOUT = (
    "Dockworkers in Port Alder walked out on Tuesday over pay, the union Havens said. Some 4,000 members "
    "stopped work at nine terminals of the port, and ships waited at anchor while the employers offered "
    "three percent."
)
LONG_WALKOUT = (
    "In the year in which the union Havens had ten thousand members, dockworkers stopped work over pay "
    "at all terminals of the port, and the long walkout of that winter ended with an offer in May."
)
TEASER = "A look back at when dockworkers of the union Havens stopped work over pay."
OFFER = (
    "The employers of the port made the union Havens an offer over pay in spring, which dockworkers at all "
    "terminals refused before the long walkout began and ships waited at anchor."
)


def page(title: str, body: str) -> bytes:
    text = f"<html><article><h1>{title}</h1><p>{body}</p></article></html>"
    return reply(200, text.encode(), content_type="text/html")


def silence(server: FaultServer) -> Script:
    def wait(connection: socket.socket) -> None:
        server.over.wait(20)

    return wait


def built(project: Project, server: FaultServer, pieces: dict[str, tuple[str, str, str, Script]]) -> Blurb:
    """The one item of an edition of *pieces*: by path, each host, title, teaser and what its page answers."""
    entries = ""
    for days, (path, (host, title, teaser, script)) in enumerate(pieces.items()):
        when = NOW - timedelta(days=5 * days, hours=2)
        entries += f"<item><title>{title}</title><link>{server.url(path, host=host)}</link>"
        entries += f"<description>{teaser}</description>"
        entries += f"<pubDate>{when:%a, %d %b %Y %H:%M} GMT</pubDate></item>"
        server.script(path, script)
    feed = f"<rss version='2.0'><channel><title>x</title>{entries}</channel></rss>"
    server.script("/feed.xml", reply(200, feed.encode(), content_type="application/rss+xml"))
    block = f'[[newsletters.morning-tide.feeds]]\nurl = "{server.url("/feed.xml")}"\nallow_private = true\n'
    block += '\n[fetching]\ntimeout = "2s"\n'
    project.configure(lambda text: text.partition("[[newsletters.morning-tide.feeds]]")[0] + block)
    project.configure(lambda text: text.replace("items = 8\nmin_items = 3", "items = 1\nmin_items = 1"))
    project.ok("build")
    [blurb] = editions.parse(project.edition.read_text(), source="edition", key=KEY).blurbs
    return blurb


def news() -> tuple[str, str, str, Script]:
    title = "Dockworkers in Port Alder walk out over pay"
    return "127.0.0.1", title, WALKOUT, page(title, WALKOUT)


@pytest.mark.parametrize("status", [404, 410])
def test_an_item_leads_to_no_page_that_is_gone(project: Project, status: int):
    with FaultServer() as server:
        blurb = built(
            project,
            server,
            {
                "/news": news(),
                "/old": ("127.0.0.1", "The long walkout of a winter", TEASER, reply(status, b"Gone.")),
            },
        )

        assert server.url("/old") not in blurb.dig_deeper
        assert server.url("/news") in blurb.dig_deeper


def test_what_comes_next_takes_the_place_of_a_page_that_is_gone(project: Project):
    with FaultServer() as server:
        blurb = built(
            project,
            server,
            {
                "/news": news(),
                "/old": ("127.0.0.1", "The long walkout of a winter", TEASER, reply(404, b"Gone.")),
                "/offer": ("127.0.0.1", "An offer that dockworkers refused", OFFER, page("An offer", OFFER)),
            },
        )

        assert server.url("/offer") in blurb.dig_deeper


def test_a_page_that_asks_for_a_password_is_led_to_as_before(project: Project):
    with FaultServer() as server:
        blurb = built(
            project,
            server,
            {
                "/news": news(),
                "/old": (
                    "127.0.0.1",
                    "The long walkout of a winter",
                    LONG_WALKOUT,
                    reply(403, b"No robots."),
                ),
            },
        )

        assert server.url("/old") in blurb.dig_deeper


def test_a_private_address_behind_a_link_is_not_asked(project: Project):
    with FaultServer() as server:
        blurb = built(
            project,
            server,
            {
                "/news": news(),
                "/old": ("localhost", "The long walkout of a winter", LONG_WALKOUT, page("x", LONG_WALKOUT)),
            },
        )

        assert "/old" not in server.paths
        assert "/old" not in blurb.dig_deeper


def test_a_server_that_does_not_answer_is_asked_for_no_second_piece(project: Project):
    with FaultServer() as server:
        old = {
            f"/old{n}": ("127.0.0.1", f"The walkout of winter {n}", LONG_WALKOUT, silence(server))
            for n in range(8)
        }
        before = monotonic()
        blurb = built(project, server, {"/news": news(), **old})

        assert monotonic() - before < 10
        assert sum(path.startswith("/old") for path in server.paths) <= 2
        assert "/old" not in blurb.dig_deeper


def test_a_build_with_dead_links_is_replayed_exactly(project: Project):
    with FaultServer() as server:
        built(
            project,
            server,
            {
                "/news": news(),
                "/old": ("127.0.0.1", "The long walkout of a winter", TEASER, reply(404, b"Gone.")),
                "/offer": ("127.0.0.1", "An offer that dockworkers refused", OFFER, page("An offer", OFFER)),
            },
        )
        asked = len(server.paths)

        replayed = project.run("build", "--date", DAY, "--replay")

        assert replayed.exit_code == 0, replayed.output
        assert len(server.paths) == asked


def test_a_second_build_of_the_day_asks_for_no_page_again(project: Project):
    with FaultServer() as server:
        pieces = {
            "/news": news(),
            "/offer": ("127.0.0.1", "An offer that dockworkers refused", OFFER, page("An offer", OFFER)),
        }
        built(project, server, pieces)
        server.asked.clear()
        project.ok("build")

        assert [path for path in server.paths if path != "/feed.xml"] == []
