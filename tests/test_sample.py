"""The sample newsroom: what it promises to the demo, to other tests and to screenshots."""

from __future__ import annotations

import csv
import gzip
import json
import re
import struct
import zlib
from collections import Counter
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
from kit.builders import NOW

from digest import config
from digest.sample import SAMPLE, Newsroom
from digest.sample.manuscripts import WEEKDAYS, Manuscript, load_manuscripts, load_outlets
from digest.sample.newsroom import DEFAULT_BASE
from digest.sample.pictures import SCENES, draw
from digest.sample.site import Site
from digest.sample.sketch import LIGHTS
from digest.settings import Newsletter, OutboxSettings

OUTLETS = load_outlets()
MANUSCRIPTS = load_manuscripts(NOW)


@pytest.fixture(scope="module")
def site() -> Site:
    return Newsroom(NOW).documents()


@pytest.fixture(scope="module")
def newsroom():
    with Newsroom(NOW).serve() as served:
        yield served


def with_trait(trait: str) -> list[Manuscript]:
    found = [one for one in MANUSCRIPTS if trait in one.traits]
    assert found, f"no article has the trait {trait!r}"
    return found


def page(site: Site, manuscript: Manuscript) -> str:
    return site[manuscript.path(NOW)].body.decode()


def entries(site: Site, outlet: str) -> dict[str, Any]:
    """The entries of an RSS or Atom feed by title."""
    parsed = feedparser.parse(site[OUTLETS[outlet].feed_path].body)
    return {entry.title: entry for entry in parsed.entries}


def linked_data(html: str) -> dict[str, Any]:
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html)[1])


def ask(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    address = urlsplit(url)
    connection = HTTPConnection(address.hostname, address.port, timeout=5)
    try:
        target = f"{address.path}?{address.query}" if address.query else address.path
        connection.request("GET", target, headers={k.replace("_", "-"): v for k, v in headers.items()})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


# --- the articles ---------------------------------------------------------------------------------


def test_about_thirty_articles_in_six_outlets():
    assert 28 <= len(MANUSCRIPTS) <= 36
    assert {one.outlet for one in MANUSCRIPTS} == set(OUTLETS)
    assert len(OUTLETS) == 6


def test_every_section_has_several_articles():
    counts = Counter(one.section for one in MANUSCRIPTS)

    assert set(counts) == {"World", "Nation", "Business", "Science", "Culture"}
    assert min(counts.values()) >= 4


def test_most_articles_fall_into_the_last_day():
    fresh = [one for one in MANUSCRIPTS if one.moment(NOW) >= NOW - timedelta(days=1)]

    assert len(fresh) >= 24


@pytest.mark.parametrize("manuscript", MANUSCRIPTS, ids=lambda one: one.slug)
def test_an_article_is_as_long_as_a_report(manuscript: Manuscript):
    if "brief" in manuscript.traits:
        assert 150 <= len(manuscript.text) <= 250
    else:
        assert 250 <= len(manuscript.text.split()) <= 500
        assert len(manuscript.paragraphs) >= 8
    assert 27 <= len(manuscript.title) <= 60


@pytest.mark.parametrize("day", range(7))
def test_no_placeholder_is_left_on_any_day(day: int):
    for manuscript in load_manuscripts(NOW + timedelta(days=day)):
        for words in (manuscript.title, manuscript.description, manuscript.text):
            assert not re.search(r"[{}]", words), manuscript.slug


def test_a_weekday_is_that_of_the_articles_own_time():
    sunday = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    by_slug = {one.slug: one for one in load_manuscripts(sunday)}

    strike, election, french = (
        by_slug[slug].text
        for slug in ("dockworkers-vote-to-end-strike", "osterra-heads-for-runoff", "musee-maritime-rouvre")
    )

    assert "voted on Saturday to end" in strike  # 3.5 hours before
    assert "regional councils on Tuesday" in election  # three days after Saturday
    assert "rouvert ses portes samedi" in french


def test_months_go_with_the_day():
    january = datetime(2027, 1, 15, tzinfo=UTC)
    by_slug = {one.slug: one for one in load_manuscripts(january)}

    assert "between May and December" in by_slug["truce-monitors-reach-tarn-valley"].text


# --- the traits, each in the documents ------------------------------------------------------------


def test_several_outlets_tell_of_one_event():
    events: dict[str, set[str]] = {}
    for one in with_trait("same-event"):
        events.setdefault(one.event, set()).add(one.outlet)

    assert sorted(len(outlets) for outlets in events.values()) == [2, 3]


def test_an_update_has_other_numbers_than_the_story_before():
    [update], [first] = with_trait("update"), with_trait("updated-later")

    assert update.title.startswith("UPDATE: ")
    assert (update.event, update.outlet) == (first.event, first.outlet)
    assert update.hours_before < first.hours_before
    assert "61" in update.text
    assert "61" not in first.text


def test_a_paywalled_page_shows_its_beginning_and_says_so(site: Site):
    [paid] = with_trait("paywalled")

    html = page(site, paid)

    assert linked_data(html)["isAccessibleForFree"] is False
    assert paid.paragraphs[1][:60] in html
    assert paid.paragraphs[2][:60] not in html
    assert "Subscribe to continue reading" in html


def test_a_podcast_has_an_enclosure_that_can_be_heard(site: Site):
    [podcast] = with_trait("podcast")

    [enclosure] = entries(site, podcast.outlet)[podcast.title].enclosures

    sound = site[urlsplit(enclosure.href).path]
    assert enclosure.type == sound.content_type == "audio/wav"
    assert int(enclosure.length) == len(sound.body)
    assert sound.body.startswith(b"RIFF")


@pytest.mark.parametrize(
    ("kind", "kicker", "schema"),
    [
        ("interview", "Interview", "ReportageNewsArticle"),
        ("analysis", "Analysis", "AnalysisNewsArticle"),
        ("column", "Opinion", "OpinionNewsArticle"),
    ],
)
def test_the_kind_of_a_piece_is_on_its_page(site: Site, kind: str, kicker: str, schema: str):
    for piece in with_trait(kind):
        html = page(site, piece)

        assert piece.kind == kind
        assert linked_data(html)["@type"] == schema
        assert kicker in html


def test_an_undated_article_has_a_date_nowhere(site: Site):
    [undated] = with_trait("undated")

    html = page(site, undated)
    entry = entries(site, undated.outlet)[undated.title]

    assert "published_parsed" not in entry
    assert "updated_parsed" not in entry
    assert "<time" not in html
    assert "datePublished" not in html
    assert "2026" not in undated.path(NOW)


@pytest.mark.slow
def test_a_photo_has_caption_and_credit_on_the_page_and_in_the_feed(site: Site):
    for one in with_trait("photo"):
        html = page(site, one)
        figcaption = re.search(r"<figcaption>.*?</figcaption>", html, re.DOTALL)[0]

        assert one.picture.credit in figcaption
        assert f'property="og:image" content="{DEFAULT_BASE}{one.picture_path}"' in html
        if OUTLETS[one.outlet].feed != "json":
            entry = entries(site, one.outlet)[one.title]
            assert entry.media_content[0]["url"].endswith(one.picture_path)
            assert entry.media_credit[0]["content"] == one.picture.credit


def test_one_photo_has_no_credit(site: Site):
    [bare] = with_trait("photo-without-credit")

    assert "creditText" not in page(site, bare)
    assert "media_credit" not in entries(site, bare.outlet)[bare.title]


def test_datelines_begin_the_text():
    for one in with_trait("dateline"):
        assert re.match(r"[A-Z]{4,}( [A-Z]+)*(, [A-Z]\w+( [A-Z]\w+)?)? \(Meridian Wire\) — ", one.text), (
            one.slug
        )


def test_an_article_in_french_says_so(site: Site):
    [french] = with_trait("other-language")

    assert '<html lang="fr">' in page(site, french)
    assert entries(site, french.outlet)[french.title].title_detail.language == "fr"


def test_one_link_has_tracking_parameters_and_still_leads_to_the_page(site: Site):
    [tracked] = with_trait("tracking")

    link = entries(site, tracked.outlet)[tracked.title].link

    assert "utm_source=rss" in link
    assert "fbclid=" in link
    assert urlsplit(link).path in site


def test_wire_copy_is_the_same_word_for_word():
    one, other = with_trait("duplicate")

    assert (one.title, one.text) == (other.title, other.text)
    assert one.outlet != other.outlet


def test_one_article_is_dated_ahead_and_some_are_days_old():
    [ahead] = with_trait("future-dated")

    assert ahead.moment(NOW) > NOW
    assert all(one.moment(NOW) < NOW - timedelta(days=1) for one in with_trait("weekend"))


def test_bylines_name_nobody_one_two_or_three(site: Site):
    assert {len(one.authors) for one in MANUSCRIPTS} == {0, 1, 2, 3}
    [three] = with_trait("three-authors")
    assert "By Idris Vane, Lucy Amber and Tobias Reyl" in page(site, three)


@pytest.mark.slow
def test_special_characters_survive_feed_and_page(site: Site):
    titles = " ".join(one.title for one in with_trait("special-characters"))
    assert set('&<>"“”ë') <= set(titles)

    for one in with_trait("special-characters"):
        if OUTLETS[one.outlet].feed != "json":
            assert one.title in entries(site, one.outlet)
        assert linked_data(page(site, one))["headline"] == one.title


# --- feeds and pages ------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", [slug for slug, outlet in OUTLETS.items() if outlet.feed != "json"])
def test_an_xml_feed_is_well_formed_and_complete(site: Site, slug: str):
    document = site[OUTLETS[slug].feed_path]

    parsed = feedparser.parse(document.body)

    assert not parsed.bozo
    assert parsed.version == {"rss": "rss20", "atom": "atom10"}[OUTLETS[slug].feed]
    assert len(parsed.entries) == sum(one.outlet == slug for one in MANUSCRIPTS)
    assert len({entry.id for entry in parsed.entries}) == len(parsed.entries)
    # feedparser counts the words of media:description among the contents.
    paragraphs = [sum(c.value.count("<p>") for c in entry.get("content", ())) for entry in parsed.entries]
    assert min(paragraphs) >= 8 if OUTLETS[slug].content == "full" else max(paragraphs) == 0


def test_the_json_feed_has_every_article_in_full(site: Site):
    feed = json.loads(site["/lindmoor-observer/feed.json"].body)

    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert len(feed["items"]) == sum(one.outlet == "lindmoor-observer" for one in MANUSCRIPTS)
    assert all(item["content_html"].count("<p>") >= 8 for item in feed["items"])


def test_there_is_rss_atom_and_json_and_excerpts_and_full_texts():
    assert Counter(outlet.feed for outlet in OUTLETS.values()) == {"rss": 3, "atom": 2, "json": 1}
    assert {outlet.content for outlet in OUTLETS.values()} == {"full", "excerpt"}
    assert {outlet.design for outlet in OUTLETS.values()} == {"wire", "paper", "review"}


class Balance(HTMLParser):
    """Raises when an element is closed that is not the last one opened."""

    VOID = frozenset({"meta", "link", "img", "input", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.slow
def test_pages_are_balanced_html_with_one_heading_and_boilerplate(site: Site):
    for one in MANUSCRIPTS:
        html = page(site, one)
        reader = Balance()
        reader.feed(html)

        assert reader.open == [], one.slug
        assert html.lower().startswith("<!doctype html>")
        assert html.count("<h1") == html.count("<article") == 1
        assert "cookies" in html
        assert "newsletter" in html


def test_every_link_of_the_newsroom_leads_somewhere(site: Site):
    for one in MANUSCRIPTS:
        for link in re.findall(r'(?:href|src)="([^"]+)"', page(site, one)):
            target = link.removeprefix(DEFAULT_BASE)
            assert target.startswith("#") or target in site, link


@pytest.mark.slow
def test_the_same_moment_gives_the_same_bytes():
    one, other = (Newsroom(NOW.replace(microsecond=part)).documents() for part in (0, 999))

    texts = [path for path in one if not path.startswith("/pictures/")]

    assert list(one) == list(other)
    assert all(one[path] == other[path] for path in texts)


# --- pictures -------------------------------------------------------------------------------------


def png_size(data: bytes) -> tuple[int, int]:
    """Width and height of a sound PNG of 8-bit RGB: every checksum right, as many pixels as it says."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    at, pixels, kinds = 8, b"", []
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", data, at + 8 + length)[0] == zlib.crc32(kind + body)
        kinds.append(kind)
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack_from(">IIBB", body)
            assert (depth, colour) == (8, 2)
        elif kind == b"IDAT":
            pixels += body
        at += 12 + length
    assert kinds == [b"IHDR", b"IDAT", b"IEND"]
    assert len(zlib.decompress(pixels)) == height * (3 * width + 1)
    return width, height


@pytest.mark.slow
def test_a_picture_is_a_small_png_and_always_the_same():
    picture = draw("parliament", "dusk", "a-seed")

    assert png_size(picture) == (1200, 675)
    assert len(picture) < 60_000
    assert draw("parliament", "dusk", "a-seed") == picture
    assert draw("parliament", "dusk", "another-seed") != picture


@pytest.mark.slow
def test_every_picture_is_a_small_png(site: Site):
    for one in MANUSCRIPTS:
        if one.picture:
            document = site[one.picture_path]
            assert png_size(document.body) == (1200, 675)
            assert len(document.body) < 60_000, one.slug


def test_every_article_with_a_picture_names_a_known_scene_and_light():
    for one in MANUSCRIPTS:
        assert one.picture is None or (one.picture.scene in SCENES and one.picture.light in LIGHTS)
    assert {one.picture.scene for one in MANUSCRIPTS if one.picture} == set(SCENES)


# --- the server -----------------------------------------------------------------------------------


def test_a_page_is_served_whatever_its_query(newsroom):
    path = MANUSCRIPTS[0].path(NOW)

    status, headers, body = ask(f"{newsroom.url}{path}?utm_source=rss")

    assert status == 200
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert body == newsroom.documents[path].body


def test_links_lead_back_to_the_server(newsroom):
    _, _, body = ask(f"{newsroom.url}/northern-review/feed.xml")

    assert f"{newsroom.url}/northern-review/".encode() in body
    assert DEFAULT_BASE.encode() not in body


@pytest.mark.parametrize(
    ("validator", "header"), [("ETag", "If_None_Match"), ("Last-Modified", "If_Modified_Since")]
)
def test_an_unchanged_feed_answers_304(newsroom, validator: str, header: str):
    url = f"{newsroom.url}/meridian-wire/feed.xml"
    _, headers, _ = ask(url)

    status, again, body = ask(url, **{header: headers[validator]})

    assert (status, body) == (304, b"")
    assert again["ETag"] == headers["ETag"]


@pytest.mark.parametrize("date", ["Mon, 01 Jan 2001 00:00:00 GMT", "Mon, 01 Jan 2001 00:00:00 -0000", "soon"])
def test_an_old_or_unreadable_date_gets_the_whole_feed(newsroom, date: str):
    status, _, body = ask(f"{newsroom.url}/meridian-wire/feed.xml", If_Modified_Since=date)

    assert status == 200
    assert body


def test_text_is_zipped_for_those_who_take_it(newsroom):
    url = f"{newsroom.url}/lindmoor-observer/feed.json"
    _, plain, body = ask(url)

    _, headers, zipped = ask(url, Accept_Encoding="br, gzip")

    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped) == body
    assert headers["ETag"] != plain["ETag"]


def test_an_unknown_address_is_404(newsroom):
    assert ask(f"{newsroom.url}/nowhere")[0] == 404


@pytest.mark.slow
def test_it_stops_while_a_client_keeps_its_connection():
    with Newsroom(NOW).serve() as served:
        address = urlsplit(served.url)
        client = HTTPConnection(address.hostname, address.port, timeout=5)
        client.request("GET", "/")
        client.getresponse().read()

    with pytest.raises(OSError):  # noqa: PT011 - refused, reset: each system has its own words
        HTTPConnection(address.hostname, address.port, timeout=5).connect()
    client.close()


# --- the newsletter of the sample -----------------------------------------------------------------


@pytest.fixture(scope="module")
def newsletter() -> Newsletter:
    text = (SAMPLE / "schedules.toml").read_text(encoding="utf-8")
    settings = config.parse(text, source="schedules.toml", environ={"SAMPLE_NEWSROOM": DEFAULT_BASE})
    [newsletter] = settings.newsletters.values()
    return newsletter


def test_the_newsletter_reads_every_outlet(newsletter: Newsletter):
    assert {feed.title: feed.url for feed in newsletter.feeds} == {
        outlet.title: DEFAULT_BASE + outlet.feed_path for outlet in OUTLETS.values()
    }
    assert all(feed.allow_private for feed in newsletter.feeds)


def test_the_newsletter_has_an_edition_on_every_day_and_sends_nothing_out(newsletter: Newsletter):
    assert newsletter.days == frozenset(range(7))
    assert newsletter.sender == OutboxSettings()


def test_the_newsletter_shows_every_section(newsletter: Newsletter):
    assert {one.section for one in MANUSCRIPTS} == set(newsletter.sections)
    assert {feed.section for feed in newsletter.feeds} == set(newsletter.sections)


def test_the_subscribers_are_of_reserved_domains():
    with (SAMPLE / "subscribers.csv").open(encoding="utf-8", newline="") as lines:
        addresses = [row["email"] for row in csv.DictReader(lines)]

    assert [address.partition("@")[2] for address in addresses] == [
        "example.org",
        "example.com",
        "example.net",
    ]


def test_weekdays_have_seven_names_in_every_language():
    assert {one.language for one in MANUSCRIPTS} == set(WEEKDAYS)
    assert all(len(names) == 7 for names in WEEKDAYS.values())
