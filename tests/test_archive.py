"""The archive's pages, feeds and sitemap: what they say is in data/archive, one file a page."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html
from test_rendering import load, shipped, spread

from digest import editions
from digest.addresses import addresses
from digest.archive import Archive, amended, missing, robots, slugs
from digest.model import ArchivedEdition, Blurb, Correction, Edition, EditionKey
from digest.rendering import Template
from digest.rendering.page import readable
from digest.settings import Newsletter

ROOT = Path(__file__).parent.parent
ANSWERS = ROOT / "tests/data/archive"
SENT_AT = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
DAY = timedelta(days=1)
WEB = "https://news.example.org/sift/"
EDITION = "2026-11-23/"
BRIDGE = "2026-11-23/council-votes-to-rebuild-the-old-bridge/"


def case(name: str) -> tuple[Edition, Newsletter]:
    edition, newsletter = load(ROOT / f"tests/data/editions/{name}.yaml")
    return readable(edition, newsletter), newsletter


FULL, SIFT_LETTER = case("full")
LETTER = replace(SIFT_LETTER, comments="https://forum.example.org/new?about={url}")
WRONG_NUMBER = Correction(
    key=FULL.key,
    item="bridge",
    text="An earlier version said 9,000 cars. It is *7,000*, [says the county](https://example.com/count?utm_source=x).",
    replaced=(("9,000 cars", "7,000 cars"),),
    at=SENT_AT + DAY,
)
WRONG_LETTER = Correction(
    key=FULL.key, text="The frost came on Friday, not at the weekend.", at=SENT_AT + 2 * DAY
)


def past(edition: Edition = FULL, *corrections: Correction, at: datetime = SENT_AT) -> ArchivedEdition:
    return ArchivedEdition(edition=edition, at=at, corrections=corrections)


def on(day: date, edition: Edition = FULL, **changes: Any) -> Edition:
    return replace(edition, key=EditionKey(newsletter=edition.key.newsletter, day=day), **changes)


def archive(
    *editions: ArchivedEdition, newsletter: Newsletter = LETTER, template: Template | None = None
) -> Archive:
    by_day = {one.edition.key.day: one for one in editions}
    return Archive(
        newsletter, template or shipped(), days=sorted(by_day, reverse=True), past=by_day.__getitem__
    )


def earlier(days: int) -> ArchivedEdition:
    day = FULL.key.day - timedelta(days=days)
    return past(on(day, subject=f"The news of {day:%B %d}"), at=SENT_AT - days * DAY)


PAST = past(FULL, WRONG_NUMBER, WRONG_LETTER), earlier(3), earlier(30)
# No template decides which pages there are: an empty one tells them while tests are collected.
EMPTY = Template("empty", dict.fromkeys(("edition.mjml.j2", "edition.txt.j2", "web.html.j2"), ""))
PATHS = list(archive(*PAST, template=EMPTY).paths())


@cache
def everything() -> Archive:
    return archive(*PAST)


def text_of(path: str, whole: Archive | None = None) -> str:
    page = (whole or everything()).page(path)
    assert page is not None, path
    return page.body.decode()


def page_of(path: str, whole: Archive | None = None) -> Any:
    return lxml_html.document_fromstring(text_of(path, whole))


def meta(page: Any) -> dict[str, str]:
    found = page.xpath("//meta[@property or @name]")
    return {one.get("property") or one.get("name"): one.get("content") for one in found}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("", "index.html"),
        ("2026-11/", "month.html"),
        (EDITION, "edition.html"),
        (BRIDGE, "item.html"),
        ("feed.xml", "feed.xml"),
        ("feed.json", "feed.json"),
        ("sitemap.xml", "sitemap.xml"),
    ],
)
def test_a_page_is_as_its_answer_says(path, answer, accept):
    text = text_of(path)

    accept(
        ANSWERS / answer,
        spread(re.sub(r"(?s)<style>.*?</style>", "", text))
        if answer[-1] == "l" and answer[-4:] == "html"
        else text,
    )


@pytest.mark.slow
def test_a_page_of_a_language_from_right_to_left(accept):
    edition, newsletter = case("rtl")
    whole = archive(past(edition), newsletter=replace(newsletter, web=WEB))
    path = next(path for path in whole.paths() if path.count("/") == 2)

    text = text_of(path, whole)

    assert 'dir="rtl"' in text
    accept(ANSWERS / "rtl.item.html", spread(re.sub(r"(?s)<style>.*?</style>", "", text)))


# --- what there is, and what there is not -----------------------------------------------------------------


@pytest.mark.slow
def test_every_path_has_its_page_and_each_once():
    paths = PATHS

    assert len(paths) == len(set(paths))
    assert {"", "feed.xml", "feed.json", "sitemap.xml", EDITION, BRIDGE, "2026-11/", "2026-10/"} <= set(paths)
    for path in paths:
        page = everything().page(path)
        assert page is not None
        assert page.path == path


@pytest.mark.parametrize(
    "path",
    [
        "2026-11-22/",
        "2026-12-01/",
        "2026-12/",
        "2026-13/",
        "2026-13-40/",
        "2026-11-23/dropped/",
        "2026-11-23/../2026-11-23/",
        "2026-11-23",
        "２０２６-11-23/",
        "2026-11-23/bridge\n/",
        "0000-00-00/",
        "feed.atom",
        "x",
    ],
)
def test_what_was_not_sent_has_no_page(path):
    assert everything().page(path) is None


@given(st.text(max_size=40))
def test_any_other_path_has_none(path):
    page = everything().page(path)

    assert page is None or path in set(PATHS)


def test_an_archive_of_nothing_says_so():
    nothing = archive()

    # English words in a page that may be read from right to left.
    assert '<p dir="auto">Nothing has been sent yet.</p>' in text_of("", nothing)
    assert feedparser.parse(text_of("feed.xml", nothing).encode()).entries == []
    assert json.loads(text_of("feed.json", nothing))["items"] == []


# --- nothing of a subscriber, nothing of others' articles -------------------------------------------------


@pytest.mark.parametrize("path", PATHS)
def test_nothing_of_a_reader_is_in_any_page(path):
    text = text_of(path)

    assert not re.search("[\ue000-\uf8ff]", text)
    for private in ("unsubscribe", "preferences", "List-", "@example"):
        assert private not in text
    assert "{{" not in text
    assert "utm_" not in text


@pytest.mark.slow
def test_what_the_editors_left_out_is_nowhere():
    for path in PATHS:
        assert "must not be seen" not in text_of(path)


def test_an_item_leads_to_its_publisher_and_is_canonical_itself():
    page = page_of(BRIDGE)

    assert page.xpath("//link[@rel='canonical']/@href") == [WEB + BRIDGE]
    [source] = page.xpath("//p[@class='ways']/a[1]")
    assert source.get("href") == "https://example.com/bridge?a=1&b=2"
    assert source.text == "Read it in full at Harbor Gazette"


@pytest.mark.parametrize("path", [path for path in PATHS if "." not in path])
def test_each_page_has_its_card_and_one_h1(path):
    page = page_of(path)
    card = meta(page)

    assert card["og:url"] == page.xpath("//link[@rel='canonical']/@href")[0] == WEB + path
    assert card["og:title"] == card["twitter:title"]
    assert card["og:description"] == card["twitter:description"] == card["description"]
    assert (
        card["og:image"] == card["twitter:image"] if "og:image" in card else card["twitter:card"] == "summary"
    )
    assert len(page.xpath("//h1")) == 1
    assert page.xpath("//link[@rel='alternate']/@type") == ["application/rss+xml", "application/feed+json"]
    for script in page.xpath("//script | //iframe | //@onclick"):
        raise AssertionError(script)


@pytest.mark.parametrize("subject", ["Ferry talks resume after…", "Ferry talks resume after “three-week…”"])
def test_pages_and_feeds_have_all_of_a_headline_that_was_cut_for_the_subject(subject):
    whole = "Ferry talks resume after “three-week strike that nobody won”"
    sent = replace(FULL, subject=subject)
    lead = next(blurb for blurb in sent.blurbs if blurb.id == "ferries")
    blurbs = tuple(replace(blurb, headline=whole) if blurb is lead else blurb for blurb in sent.blurbs)
    shelf = archive(past(replace(sent, blurbs=blurbs)))

    assert page_of(EDITION, shelf).xpath("//title")[0].text == f"{whole} | The Sift"
    assert meta(page_of(EDITION, shelf))["og:title"] == whole
    assert page_of("", shelf).xpath("//h2[@class='headline']/a/text()") == [whole]
    assert feedparser.parse(text_of("feed.xml", shelf)).entries[0].title == whole
    assert json.loads(text_of("feed.json", shelf))["items"][0]["title"] == whole


def test_pages_have_the_subject_that_an_editor_wrote():
    shelf = archive(past(replace(FULL, subject="Boats, at last…")))

    assert page_of(EDITION, shelf).xpath("//title")[0].text == "Boats, at last… | The Sift"


def test_an_items_page_has_picture_author_question_and_ways_on():
    page = page_of(BRIDGE)
    words = " ".join(page.text_content().split())

    assert page.xpath("//figure/img/@src") == ["https://example.com/bridge.jpg"]
    assert "The Harrow Bridge on Sunday. Harbor Gazette / Photo by Lea Novak" in words
    assert "By Ana Sá · Harbor Gazette" in words
    assert "What led up to the closure? An engineering report" in words
    assert "Dig deeper: Read Tom Reyes’s report" in words
    [comments] = [link.get("href") for link in page.xpath("//a") if link.text == "Comment on it"]
    assert comments == "https://forum.example.org/new?about=" + (WEB + BRIDGE).replace(":", "%3A").replace(
        "/", "%2F"
    )
    assert "An actual newsletter worth subscribing to" in words
    steps = {link.get("rel"): link.get("href") for link in page.xpath("//nav//a")}
    assert set(steps) == {"prev", "next"}


@pytest.mark.parametrize("path", [EDITION, BRIDGE, "", "2026-11/"])
def test_one_signs_up_with_a_plain_form(path):
    [form] = page_of(path).xpath("//form")

    assert form.get("method") == "post"
    assert form.get("action") == addresses(LETTER).sign_up == WEB + "sign-up"
    assert "email" in form.inputs


def test_files_without_a_server_offer_no_form():
    static = replace(LETTER, web="", archive="https://static.example.org/")

    page = page_of(BRIDGE, archive(past(), newsletter=static))

    assert page.xpath("//form") == []
    assert page.xpath("//link[@rel='canonical']/@href") == ["https://static.example.org/" + BRIDGE]


def test_editions_lead_to_those_beside_them():
    [step] = page_of(EDITION).xpath("//nav[@class='steps']/a")

    assert (step.get("rel"), step.get("href")) == ("prev", WEB + "2026-11-20/")


@pytest.mark.slow
def test_every_link_to_a_page_of_ours_leads_to_one():
    pages = addresses(LETTER)  # those of `digest web` have tests of their own
    own = {WEB + path for path in PATHS} | {pages.sign_up}
    days = (re.match(r"\d{4}-\d\d-\d\d", path) for path in PATHS)
    own |= {pages.forward(date.fromisoformat(day[0])) for day in days if day}
    for path in PATHS:
        for url in re.findall(r'(?:href|action)="([^"]+)"', text_of(path)):
            if url.startswith(WEB):
                assert url in own, f"{path}: {url}"


# --- addresses ---------------------------------------------------------------------------------------------


def named(*headlines: str) -> list[str]:
    blurbs = [Blurb(id=f"b{number}", headline=text, summary="") for number, text in enumerate(headlines)]
    return list(slugs(blurbs).values())


@pytest.mark.parametrize(
    ("headline", "slug"),
    [
        ("Council votes to rebuild the old bridge", "council-votes-to-rebuild-the-old-bridge"),
        ("Zürich’s “Übermut”: 61 hurt", "zurichs-ubermut-61-hurt"),
        ("Power is cut to 40,000 homes", "power-is-cut-to-40000-homes"),
        ("A " + "long " * 30, "a-long-long-long-long-long-long-long-long-long-long-long"),
        ("../../etc/passwd", "etc-passwd"),
    ],
)
def test_an_item_is_called_by_its_headline(headline, slug):
    assert named(headline) == [slug]


def test_a_headline_without_ascii_is_called_by_its_id():
    [slug] = named("Αθήνα 2026")

    assert re.fullmatch("item-[0-9a-f]{8}", slug)


def test_two_equal_headlines_have_two_addresses():
    assert named("The same again", "The same again", "The same again") == [
        "the-same-again",
        "the-same-again-2",
        "the-same-again-3",
    ]


@given(st.lists(st.text(max_size=80), max_size=6))
def test_any_headlines_have_addresses_of_their_own(headlines):
    found = named(*headlines)

    assert len(set(found)) == len(headlines)
    assert all(re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", slug) for slug in found)


# --- corrections -------------------------------------------------------------------------------------------


def test_a_correction_stands_at_the_item_and_in_the_edition_with_its_day():
    for path, count in ((EDITION, 2), (BRIDGE, 1)):
        words = " ".join(page_of(path).text_content().split())
        assert (
            words.count("Correction, Tuesday, November 24, 2026: An earlier version said 9,000 cars.")
            == count
        )
        assert "About 7,000 cars a day" in words
        assert "About 9,000 cars a day" not in words
    assert (
        "Correction, Wednesday, November 25, 2026: The frost came on Friday"
        in page_of(EDITION).text_content()
    )
    assert "frost came on Friday" not in text_of(BRIDGE)


def test_a_corrected_headline_moves_no_page():
    wrong = Correction(
        key=FULL.key,
        item="bridge",
        text="It is the new one.",
        replaced=(("old bridge", "new bridge"),),
        at=SENT_AT,
    )
    whole = archive(past(FULL, wrong))

    assert "Council votes to rebuild the new bridge" in page_of(BRIDGE, whole).xpath("//h1")[0].text_content()


def test_words_that_stand_nowhere_are_named():
    wrong = replace(WRONG_NUMBER, replaced=(("9,000 cars", "x"), ("8,000 cars", "y")))

    assert missing(FULL, wrong) == ("8,000 cars",)


@pytest.mark.parametrize(
    ("summary", "wrong", "right", "after"),
    [
        ("9 of 19, 9,000, 1.9, in 1999.", "9", "8", "8 of 19, 9,000, 1.9, in 1999."),
        ("Ann’s Annual, Joann; Ann.", "Ann", "Anne", "Anne’s Annual, Joann; Anne."),
        ("[9 cars](https://example.com/9/) in *9*.", "9", "8", "[8 cars](https://example.com/9/) in *8*."),
        ("[It](https://example.com/9/).", "e.com/9", "e.com/8", "[It](https://example.com/9/)."),
        ("[It](https://example.com/9/).", "https://example.com/9", "https://b.com", "[It](https://b.com/)."),
        ("They paid $9.", "$9", "$8", "They paid $8."),
        ("大橋は九月に開く。", "九月", "十月", "大橋は十月に開く。"),
    ],
)
def test_words_are_replaced_where_they_are_whole(summary: str, wrong: str, right: str, after: str) -> None:
    blurb = replace(FULL.blurbs[0], summary=summary)
    given = Correction(key=FULL.key, item=blurb.id, text="x", replaced=((wrong, right),), at=SENT_AT)

    found = amended(past(replace(FULL, blurbs=(blurb,)), given), LETTER.timezone).edition

    assert found.blurbs[0].summary == after


def test_the_words_of_another_item_stay():
    wrong = Correction(key=FULL.key, item="maps", text="!", replaced=(("sheets", "leaves"),), at=SENT_AT)

    after = amended(past(FULL, wrong), LETTER.timezone).edition

    changed = [new.id for old, new in zip(FULL.blurbs, after.blurbs, strict=True) if old != new]
    assert changed == ["maps"]


# --- feeds -------------------------------------------------------------------------------------------------


def test_the_rss_is_valid_and_has_all_of_it():
    feed = feedparser.parse(text_of("feed.xml").encode())

    assert not feed.bozo
    assert feed.version == "rss20"
    assert (feed.feed.title, feed.feed.link, feed.feed.language) == ("The Sift", WEB, "en")
    newest, *others = feed.entries
    assert len(others) == 2
    assert newest.id == newest.link == WEB + EDITION
    assert newest.guidislink is False or newest.link == newest.id
    assert newest.published_parsed[:5] == (2026, 11, 23, 11, 30)
    assert newest.updated_parsed[:3] == (2026, 11, 25)
    [content] = newest.content
    for words in (
        "Council votes to rebuild the old bridge",
        "About 7,000 cars",
        "played to 900 people",
        "Correction, ",
    ):
        assert words in content.value
    assert "<script" not in content.value


@pytest.mark.slow
def test_a_feeds_ids_and_dates_stay_when_it_is_corrected():
    def identity(text: str) -> list[tuple[str, str]]:
        return [(entry.id, entry.published) for entry in feedparser.parse(text.encode()).entries]

    plain = archive(past(), earlier(3), earlier(30))

    assert identity(text_of("feed.xml")) == identity(text_of("feed.xml", plain))


@pytest.mark.slow
def test_a_feed_has_the_last_editions_only():
    many = archive(*(earlier(days) for days in range(30)))

    assert len(feedparser.parse(text_of("feed.xml", many).encode()).entries) == 20
    assert len(json.loads(text_of("feed.json", many))["items"]) == 20
    assert len(page_of("", many).xpath("//article")) == 20


RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def problems(feed: dict[str, Any]) -> list[str]:
    """What jsonfeed.org, version 1.1, would not have."""
    found = []
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        found.append("version")
    found += [key for key in ("title", "items") if not feed.get(key)]
    found += [key for key in ("home_page_url", "feed_url") if not feed[key].startswith("https://")]
    known = {"version", "title", "home_page_url", "feed_url", "description", "language", "authors", "items"}
    found += sorted(feed.keys() - known)
    found += ["author" for one in feed["authors"] if not one.keys() & {"name", "url", "avatar"}]
    for item in feed["items"]:
        if not isinstance(item.get("id"), str) or not (item.get("content_html") or item.get("content_text")):
            found.append("item")
        found += [
            key
            for key in ("date_published", "date_modified")
            if not RFC3339.fullmatch(item.get(key, "2000-01-01T00:00:00Z"))
        ]
        found += [key for key in ("url", "image") if not item.get(key, "https://").startswith("https://")]
    if len({item["id"] for item in feed["items"]}) != len(feed["items"]):
        found.append("ids")
    return found


def test_the_json_feed_is_one():
    feed = json.loads(text_of("feed.json"))

    assert problems(feed) == []
    newest = feed["items"][0]
    assert newest["id"] == newest["url"] == WEB + EDITION
    assert newest["date_published"] == "2026-11-23T11:30:00+00:00"
    assert newest["date_modified"] == "2026-11-25T11:30:00+00:00"
    assert "date_modified" not in feed["items"][1]


def test_hostile_words_are_words_in_every_page_and_feed():
    edition, newsletter = case("hostile")
    whole = archive(past(edition), newsletter=replace(newsletter, web=WEB))

    for path in whole.paths():
        text = text_of(path, whole)
        if path.endswith("xml"):
            etree.fromstring(text.encode())
        if path == "feed.json":
            json.loads(text)
        if not path or path.endswith("/"):
            page = lxml_html.document_fromstring(text)
            assert page.xpath("//script | //iframe | //object | //@onerror | //@onload") == []
            addresses = page.xpath("//*[not(@rel = 'icon')]/@href | //@src")
            assert not [url for url in addresses if not url.startswith(("http", "#", "mailto:"))]


# --- for search engines ------------------------------------------------------------------------------------


def test_the_sitemap_has_every_page_that_people_read():
    tree = etree.fromstring(text_of("sitemap.xml").encode())
    name = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}

    found = tree.xpath("//s:loc/text()", namespaces=name)

    assert sorted(found) == sorted(WEB + path for path in PATHS if "." not in path)
    assert "2026-11-25T11:30:00+00:00" in tree.xpath("//s:lastmod/text()", namespaces=name)


def test_robots_keep_out_of_readers_own_pages():
    other = replace(LETTER, key="dawn", web="https://news.example.org")

    assert robots([LETTER, other]) == (
        "User-agent: *\n"
        "Disallow: /sift/unsubscribe/\nDisallow: /sift/preferences/\n"
        "Disallow: /unsubscribe/\nDisallow: /preferences/\n\n"
        "Sitemap: https://news.example.org/sift/sitemap.xml\n"
        "Sitemap: https://news.example.org/sitemap.xml\n"
    )


# --- what is kept ------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", ["full", "bare", "hostile", "rtl"])
def test_what_was_sent_comes_back_as_it_was(name):
    edition, newsletter = case(name)

    again = editions.from_json(editions.to_json(edition))

    assert again == edition
    assert readable(again, newsletter) == again


def test_what_an_earlier_program_kept_is_read():
    known = json.loads(editions.to_json(FULL))
    del known["asides"], known["blurbs"][0]["vouched"]
    known["unheard_of"] = 1

    again = editions.from_json(json.dumps(known))

    assert again == replace(FULL, asides=())
