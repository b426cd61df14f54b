"""`digest feeds`: finding, adding, removing, importing, exporting; all else in the settings stays."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit.builders import NOW, article, feed, newsletter
from kit.faultserver import FaultServer, redirect, reply
from kit.linekit import DAY, Project

from digest import config
from digest.app import SHIPPED
from digest.config.editing import add_feed, remove_feed
from digest.errors import ConfigError
from digest.model import FeedState
from digest.sample import SAMPLE
from digest.sources import Outline, common_addresses, health, offered, read_opml, write_opml

RSS = """<rss version="2.0"><channel><title>{title}</title><item><title>A bridge opens</title>
<link>https://example.com/{title}</link><pubDate>Mon, 23 Nov 2026 08:00:00 GMT</pubDate></item>
</channel></rss>"""


def rss(title: str) -> bytes:
    return reply(200, RSS.format(title=title).encode(), content_type="application/rss+xml")


def page(head: str = "", body: str = "") -> bytes:
    html = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"
    return reply(200, html.encode(), content_type="text/html")


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as serving:
        yield serving


# --- finding ----------------------------------------------------------------------------------------


def test_a_page_names_its_feeds_and_those_of_comments_come_last():
    html = b"""<html><head><base href="/news/">
    <link rel="alternate" type="application/rss+xml" href="/comments/feed">
    <link rel="Alternate" type="application/atom+xml; charset=utf-8" href="a.xml">
    <link rel="stylesheet" href="x.css"><link rel="alternate" type="text/html" href="/fr">
    <link rel="alternate" type="application/rss+xml" href="javascript:1">
    </head><body><a href="/other.rss">RSS</a></body></html>"""

    assert offered(html, "https://example.com/x") == [
        "https://example.com/news/a.xml",
        "https://example.com/comments/feed",
    ]


def test_links_that_look_like_feeds_count_where_none_is_named_on_the_same_host_only():
    html = b'<a href="/world/rss.xml">RSS</a><a href="https://else.example/feed">x</a><a href="/about">y</a>'

    assert offered(html, "https://example.com/") == ["https://example.com/world/rss.xml"]


@given(st.binary(max_size=300))
def test_any_bytes_offer_addresses_of_the_web_or_none(content: bytes):
    assert all(one.startswith(("http://", "https://")) for one in offered(content, "https://example.com/"))


def test_common_addresses_are_below_the_page_and_at_the_root():
    found = common_addresses("https://example.com/world")

    assert found[:2] == ["https://example.com/world/feed/", "https://example.com/feed/"]
    assert len(found) <= 12


def added(project: Project, url: str, *words: str):
    return project.run("feeds", "add", url, "--allow-private", *words)


def written(project: Project) -> list[dict[str, object]]:
    settings = tomllib.loads((project.folder / "schedules.toml").read_text())
    return settings["newsletters"]["morning-tide"]["feeds"]  # type: ignore[no-any-return]


def test_a_feed_is_added_as_itself_and_all_else_stays(project: Project, server: FaultServer):
    path = project.folder / "schedules.toml"
    before = path.read_text()
    url = server.script("/feed.xml", rss("The Marlow Post"))

    result = added(project, url, "--section", "World")

    assert result.exit_code == 0, result.stderr
    assert "The Marlow Post is added, 1 articles now" in result.stdout
    assert "A bridge opens" in result.stderr
    assert path.read_text().startswith(before)
    assert written(project)[-1] == {
        "url": url,
        "title": "The Marlow Post",
        "section": "World",
        "allow_private": True,
    }
    assert [each.name for each in project.folder.iterdir() if each.name.endswith(".tmp")] == []


def test_the_feed_of_a_site_is_found(project: Project, server: FaultServer):
    server.script("/", page('<link rel="alternate" type="application/rss+xml" href="/world.xml">'))
    server.script("/world.xml", rss("World"))

    assert added(project, server.url("/")).exit_code == 0
    assert written(project)[-1]["url"] == server.url("/world.xml")


def test_a_site_that_names_none_is_tried_where_feeds_often_are(project: Project, server: FaultServer):
    server.script("/", page())
    server.script("/feed/", reply(200, b"<html>no feed</html>", content_type="text/html"))
    server.script("/rss.xml", rss("Hidden"))

    assert added(project, server.url("/")).exit_code == 0
    assert written(project)[-1]["title"] == "Hidden"


def test_of_several_one_has_to_be_named_or_the_first_is_taken(project: Project, server: FaultServer):
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="/{name}.xml">' for name in ("a", "b", "gone")
    )
    server.script("/", page(links))
    server.script("/a.xml", rss("First"))
    server.script("/b.xml", rss("Second"))
    before = written(project)

    asked = added(project, server.url("/"))

    assert asked.exit_code == 2
    assert "2. " in asked.stderr
    assert "there are several" in asked.stderr
    assert written(project) == before
    assert added(project, server.url("/"), "--yes").exit_code == 0
    assert written(project)[-1]["title"] == "First"


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "openpty"), reason="has no terminals of its own")
def test_on_a_terminal_it_asks_which(project: Project, server: FaultServer):
    links = '<link rel="alternate" type="application/rss+xml" href="/{}.xml">'
    server.script("/", page(links.format("a") + links.format("b")))
    server.script("/a.xml", rss("First"))
    server.script("/b.xml", rss("Second"))
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "digest", "feeds", "add", server.url("/"), "--allow-private"]
    os.write(ours, b"3\n2\n")

    done = subprocess.run(
        [*command, "--project", str(project.folder)],
        stdin=theirs,
        capture_output=True,
        text=True,
        check=False,
    )
    os.close(ours)
    os.close(theirs)

    assert done.returncode == 0, done.stderr
    assert "3 is not in the range" in done.stderr
    assert written(project)[-1]["title"] == "Second"


def test_a_site_without_feeds_changes_nothing(project: Project, server: FaultServer):
    server.script("/", page(body="<p>Nothing here.</p>"))
    before = (project.folder / "schedules.toml").read_bytes()

    result = added(project, server.url("/"))

    assert result.exit_code == 1
    assert "its page offers none" in result.stderr
    assert (project.folder / "schedules.toml").read_bytes() == before


def test_a_feed_that_is_there_or_has_a_wrong_section_is_refused(project: Project, server: FaultServer):
    url = server.script("/feed.xml", rss("Post"))
    before = written(project)

    assert "must be one of the newsletter's sections" in added(project, url, "--section", "Sports").stderr
    assert written(project) == before
    assert added(project, url).exit_code == 0
    again = added(project, url)
    assert (again.exit_code, "has Post already" in again.stderr) == (3, True)


def test_looking_for_feeds_is_guarded(project: Project, server: FaultServer):
    """Neither the named address, nor what its page offers, nor a redirect leads to a private host."""
    url = server.script("/here.xml", rss("Inside"))

    result = project.run("feeds", "add", url)

    assert result.exit_code == 1
    assert "is not a public address" in result.stderr
    assert server.asked == []
    other = f"http://localhost:{server.port}/inside.xml"
    server.script("/", page(f'<link rel="alternate" type="application/rss+xml" href="{other}">'))
    server.script("/moved", redirect(302, other))
    server.script("/inside.xml", rss("Inside"))
    for path in ("/", "/moved"):
        assert added(project, server.url(path)).exit_code == 1
    assert "/inside.xml" not in server.paths


def test_a_file_that_is_saved_meanwhile_is_left(
    project: Project, server: FaultServer, monkeypatch: pytest.MonkeyPatch
):
    path = project.folder / "schedules.toml"
    url = server.script("/feed.xml", rss("Post"))
    parse = config.parse

    def saved_meanwhile(text: str, **given: object) -> object:
        if url in text:
            path.write_text("# an editor's save\n")
        return parse(text, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(config, "parse", saved_meanwhile)

    result = added(project, url)

    assert result.exit_code == 2
    assert "was changed meanwhile" in result.stderr
    assert path.read_text() == "# an editor's save\n"
    assert not list(project.folder.glob(".*.tmp"))


def test_a_feed_is_removed_by_address_or_title(project: Project, newsroom: str):
    path = project.folder / "schedules.toml"
    before = path.read_text()

    project.ok("feeds", "remove", "Kestrel radio")
    between = path.read_text()
    project.ok("feeds", "remove", f"{newsroom}/halvern-ledger/feed.xml")

    after = path.read_text()
    assert is_one_piece_more(between, after)
    assert is_one_piece_more(before, between)
    assert [each["title"] for each in written(project)] == [
        "Meridian Wire",
        "The Port Alder Courier",
        "The Lindmoor Observer",
        "Northern Review",
    ]
    assert "has no feed 'Kestrel Radio'" in project.run("feeds", "remove", "Kestrel Radio").stderr


def is_one_piece_more(long: str, short: str) -> bool:
    """Whether *long* is *short* with one piece put in, and else the same byte for byte."""
    places = (at for at in range(len(short) + 1) if long.startswith(short[:at]) and long.endswith(short[at:]))
    return len(long) > len(short) and any(True for _ in places)


# --- the settings' text -------------------------------------------------------------------------------

FEED = {"url": "https://new.example/feed", "title": 'The "New"'}
TEXTS = {
    "example": ((SHIPPED / "schedules.toml").read_text(), "first-light"),
    "sample": ((SAMPLE / "schedules.toml").read_text(), "morning-tide"),
    "tables after": (
        '[newsletters.a]\ntitle = """\n[[newsletters.a.feeds]]\n"""\n'
        '[[newsletters.a.feeds]] # first\nurl = "https://x/1"\n[newsletters.a.feeds.headers]\nX = "]["\n\n'
        '# the store\n[store]\nurl = "sqlite:///x" # [[newsletters.a.feeds]]\n',
        "a",
    ),
    "no break at the end": ('[[newsletters.a.feeds]]\nurl = "https://x/1"', "a"),
    "two newsletters": (
        '[[newsletters.b.feeds]]\nurl="https://b/"\n\n[[newsletters."a".feeds]]\nurl="https://x/1"\n'
        '# of a\n[newsletters.a.sender]\nkind="outbox"\n[[newsletters.b.feeds]]\nurl="https://b/2"\n',
        "a",
    ),
    "Windows": ('[[newsletters.a.feeds]]\r\nurl = "https://x/1"\r\n\r\n[store]\r\n', "a"),
    "a list": (
        '[newsletters.a]\nfeeds = [\n  { url = "https://x/1", title = "[{" }, # one\n'
        '  { url = "https://x/2" },\n]\n'
        'title = "x"\n',
        "a",
    ),
    "a list on one line": ("[newsletters.a]\nfeeds = [{ url = 'https://x/1' }]\n", "a"),
}


@pytest.mark.parametrize(("text", "key"), TEXTS.values(), ids=TEXTS)
def test_only_the_feed_is_added_and_taken_out_again(text: str, key: str):
    before = tomllib.loads(text)["newsletters"][key]["feeds"]

    after = add_feed(text, key, FEED, source="x")

    assert tomllib.loads(after)["newsletters"][key]["feeds"] == [*before, FEED]
    assert is_one_piece_more(after, text)
    back = remove_feed(after, key, len(before), source="x")
    assert is_one_piece_more(after, back)
    assert back.replace("\n\n", "\n").rstrip() == text.replace("\n\n", "\n").rstrip()
    if "\r\n" in text:
        assert "\n" not in after.replace("\r\n", "")


@pytest.mark.slow
@pytest.mark.parametrize(("text", "key"), TEXTS.values(), ids=TEXTS)
def test_any_feed_can_be_taken_out(text: str, key: str):
    feeds = tomllib.loads(text)["newsletters"][key]["feeds"]
    for place in range(len(feeds)):
        if len(feeds) == 1:
            continue
        after = tomllib.loads(remove_feed(text, key, place, source="x"))
        assert after["newsletters"][key]["feeds"] == feeds[:place] + feeds[place + 1 :]


def test_what_only_a_person_should_change_is_shown_and_left(tmp_path: Path):
    text = 'newsletters = { a = { feeds = [{ url = "https://x/1" }] } }\n'

    with pytest.raises(ConfigError, match="add this to it by hand") as caught:
        add_feed(text, "a", FEED, source="schedules.toml")

    assert 'url = "https://new.example/feed"' in str(caught.value)


def test_the_comment_above_a_feed_goes_with_it():
    text = (
        '# all of them\n\n# the first\n[[newsletters.a.feeds]]\nurl = "https://x/1"\n\n'
        '# the second\n[[newsletters.a.feeds]]\nurl = "https://x/2"\n'
    )

    assert remove_feed(text, "a", 0, source="x") == (
        '# all of them\n\n# the second\n[[newsletters.a.feeds]]\nurl = "https://x/2"\n'
    )


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@pytest.mark.slow
@given(
    st.lists(st.tuples(words, words), min_size=1, max_size=4),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", '# a comment with ] and "\n', "\n\n", "[store]\n"]),
)
def test_feeds_come_and_go_and_the_text_is_as_it_was(feeds: list[tuple[str, str]], break_: str, tail: str):
    quoted = [
        (json.dumps(url, ensure_ascii=False), json.dumps(title, ensure_ascii=False)) for url, title in feeds
    ]
    blocks = "\n".join(f"[[newsletters.a.feeds]]\nurl = {url}\ntitle = {title}\n" for url, title in quoted)
    text = ("# top\n\n" + blocks.replace("\x7f", "\\u007f") + "\n" + tail).replace("\n", break_)

    after = add_feed(text, "a", FEED, source="x")
    back = remove_feed(after, "a", len(feeds), source="x")

    assert tomllib.loads(after)["newsletters"]["a"]["feeds"][-1] == FEED
    assert is_one_piece_more(after, text)
    assert is_one_piece_more(after, back)
    assert back.replace("\n\n", "\n").rstrip() == text.replace("\n\n", "\n").rstrip()


# --- OPML ---------------------------------------------------------------------------------------------

outlines = st.builds(
    Outline,
    url=st.integers(0, 10_000).map(lambda number: f"https://example.com/{number}/feed?a=1&b=%22"),
    title=st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"], exclude_characters="￾￿"), max_size=20),
    section=st.sampled_from(["", "World", "Culture & <Arts>", '"Quoted"']),
)


@pytest.mark.slow
@given(st.lists(outlines, unique_by=lambda one: one.url))
def test_a_list_that_was_written_is_read_as_it_was(feeds: list[Outline]):
    text = write_opml(feeds, title="The Example & co")

    found, problems = read_opml(text.encode())

    assert problems == []
    assert sorted(found, key=lambda one: one.url) == sorted(feeds, key=lambda one: one.url)
    assert write_opml(found, title="The Example & co") == text


OPML = '<?xml version="1.0"?>{}<opml version="1.0"><body>{}</body></opml>'
BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            OPML.format(f'<!DOCTYPE opml [<!ENTITY e0 "ha">{BOMB}]>', '<outline text="&e11;"/>'),
            "declares an entity",
        ),
        (
            OPML.format('<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "&x;"),
            "declares an entity",
        ),
        (
            OPML.format('<!DOCTYPE opml [<!ENTITY % x SYSTEM "http://127.0.0.1/">%x;]>', ""),
            "declares an entity",
        ),
        (OPML.format("", "<outline>" * 60 + "</outline>" * 60), "nested outlines"),
        (OPML.format("", "<outline>"), "line 1: is not XML"),
        ("<rss/>", "is XML, but not OPML"),
        ("", "is not XML"),
    ],
)
def test_what_is_no_list_is_refused_before_anything_is_put_in_place(content: str, words: str):
    for encoding in ("utf-8", "utf-16"):
        with pytest.raises(ValueError, match=words):
            read_opml(
                content.replace('version="1.0"?', f'version="1.0" encoding="{encoding}"?').encode(encoding)
            )


def test_a_list_of_another_program(project: Project, tmp_path: Path):
    path = tmp_path / "feeds.opml"
    path.write_text(
        OPML.format(
            "",
            '<outline text="world"><outline xmlUrl="https://a.example/feed" text="A"/></outline>'
            '<outline text="Tech"><outline text="deep">'
            '<outline xmlUrl="https://b.example/" title="B&#10;2"/></outline></outline>'
            '<outline xmlUrl="https://c.example/" text="https://c.example/" category="/x/Culture"/>'
            '<outline xmlUrl="javascript:alert(1)" text="Evil"/>'
            '<outline xmlUrl="https://a.example/feed" text="again"/>',
        )
    )
    before = (project.folder / "schedules.toml").read_text()

    result = project.run("feeds", "import", str(path))

    assert result.exit_code == 1  # one was left out
    assert "3 feeds added, 0 there before, 1 left out" in result.stdout
    assert "“Evil” has no web address" in result.stderr
    assert "“deep” is no section of morning-tide: 1 feed of it goes to World" in result.stderr
    assert written(project)[-3:] == [
        {"url": "https://a.example/feed", "title": "A", "section": "World"},
        {"url": "https://b.example/", "title": "B 2"},
        {"url": "https://c.example/", "section": "Culture"},
    ]
    assert (project.folder / "schedules.toml").read_text().startswith(before)
    assert "0 feeds added, 3 there before" in project.run("feeds", "import", str(path)).stdout


def test_what_is_exported_can_be_imported(project: Project):
    project.configure(
        lambda text: text.replace("kestrel-radio/feed.xml", "kestrel-radio/feed.xml?token=s3cret")
    )

    result = project.ok("feeds", "export")

    assert "s3cret" not in result.output
    assert "its address holds a credential" in result.stderr
    found, _ = read_opml(result.stdout.encode())
    assert [(one.title, one.section) for one in found][:2] == [
        ("Meridian Wire", "World"),
        ("The Port Alder Courier", "Nation"),
    ]
    assert len(found) == 5


# --- health -------------------------------------------------------------------------------------------


def test_health_counts_a_young_feed_by_its_own_weeks():
    articles = [
        article(id=f"a{n}", first_seen=NOW - timedelta(days=n), published=NOW - timedelta(days=n, hours=2))
        for n in range(14)
    ]
    state = FeedState(url="x", succeeded_at=NOW, failures=0)

    found = health(feed(), state, articles, used={"a1", "a2", "z"}, newsletter=newsletter(), now=NOW)

    assert (found.state, found.articles, found.used) == ("well", 14, 2)
    assert 6.5 <= found.weekly <= 7.5
    assert found.hour == (NOW - timedelta(hours=2)).astimezone(ZoneInfo("America/New_York")).hour


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (None, "new"),
        (FeedState(url="x", failures=3, problem="answered 500"), "ill"),
        (FeedState(url="x", gone_at=NOW, failures=1), "gone"),
        (FeedState(url="x", succeeded_at=NOW), "silent"),
    ],
)
def test_health_in_a_word(state: FeedState | None, word: str):
    assert health(feed(), state, [], used=(), newsletter=newsletter(), now=NOW).state == word


def test_feeds_are_listed_with_their_health(built: Project):
    built.ok("send")
    built.configure(lambda text: text.replace("kestrel-radio/feed.xml", "kestrel-radio/none.xml"))
    built.run("build", "--date", DAY, "--again")
    once = built.run("feeds")
    built.run("build", "--date", DAY, "--again")

    shown = built.run("feeds")
    rows = {row["title"]: row for row in built.json("feeds", "list")["feeds"]}

    assert once.exit_code == 0
    assert "failed once" in once.stdout
    assert "feeds: 6, ill: 0" in once.stdout
    assert shown.exit_code == 1
    assert "ill, 2 in a row" in shown.stdout
    assert "answered 404" in shown.stdout
    assert re.search(r"Meridian Wire +well +Mon 23 Nov 10:00", shown.stdout)
    assert rows["Meridian Wire"]["used"] >= 1
    assert sum(row["used"] for row in rows.values()) == 8
    assert "feeds: 6, ill: 1" in shown.stdout
