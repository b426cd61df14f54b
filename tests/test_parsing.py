"""A case is a feed in data/feeds with its articles beside it (``pytest --accept`` rewrites those)."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import MISSING, asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit.builders import NOW, feed

from digest.errors import ParseError
from digest.model import Article, Kind
from digest.parsing import ParsedFeed, parse, xml
from digest.parsing.dates import moment
from digest.parsing.kinds import kind_of
from digest.parsing.people import names

CASES = sorted(
    path for path in (Path(__file__).parent / "data" / "feeds").iterdir() if path.suffix != ".json"
)
URL = "https://feeds.example.org/rss.xml"


def parsed(body: bytes | str, *, content_type: str = "", identity: str = "", **settings: Any) -> ParsedFeed:
    return parse(
        body.encode() if isinstance(body, str) else body,
        feed=feed(**({"url": URL, "title": ""} | settings)),
        content_type=content_type,
        location=URL,
        identity=identity,
        at=NOW,
    )


def rss(items: str, *, before: str = "") -> str:
    return f'<?xml version="1.0"?>{before}<rss version="2.0"><channel><title>T</title>{items}</channel></rss>'


def item(title: str = "Title", number: int = 1, more: str = "") -> str:
    return f"<item><title>{title}</title><link>https://example.com/{number}</link>{more}</item>"


def reason(body: bytes | str) -> str:
    with pytest.raises(ParseError) as caught:
        parsed(body)
    assert caught.value.url == URL
    return caught.value.reason


def as_json(found: ParsedFeed) -> str:
    def shown(article: Article) -> dict[str, Any]:
        values = asdict(article)
        defaults = {field.name: field.default for field in fields(Article) if field.default is not MISSING}
        always = {"feed_url", "first_seen"}
        return {
            name: value
            for name, value in values.items()
            if value != defaults.get(name) and name not in always
        }

    answer = asdict(found) | {"articles": [shown(article) for article in found.articles]}
    return json.dumps(answer, indent=1, ensure_ascii=False, default=str) + "\n"


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_a_feed_makes_the_articles_beside_it(case: Path, accept: Callable[[Path, str], None]) -> None:
    accept(case.with_suffix(".json"), as_json(parsed(case.read_bytes())))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_lxml_and_feedparser_read_the_same(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = parsed(case.read_bytes())
    monkeypatch.setattr(xml, "read", lambda *_: None)
    slow = parsed(case.read_bytes())

    assert quick == slow


# --- what is no feed ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty body"),
        (b" \r\n ", "empty body"),
        (b"\x1f\x8b\x08\x00garbage", "gzip data"),
        (b"%PDF-1.7", "a PDF"),
        (b"hello there", "neither XML nor JSON; it begins with “hello there”"),
        (bytes(range(256)) * 4, "neither XML nor JSON"),
        (b"<catalog><book/></catalog>", "its root is <catalog>"),
        (b'{"version": "https://jsonfeed.org/version/1.1", ', "looks like JSON but is not valid"),
        (b'{"message": "not found"}', "not a JSON Feed: its version is ''"),
        (b"[1, 2]", "not a JSON Feed"),
        (b"[" * 100_000, "too deep"),
        (b'{"items": ' + b"1" * 5000 + b"}", "a number is too long"),
        (b"[" + b"{}," * 600_000 + b"{}]", "more than 500,000 objects"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_feed_is_refused_in_clear_words(body: bytes, words: str) -> None:
    assert words in reason(body)


def test_a_page_is_named_by_its_title() -> None:
    page = "<!DOCTYPE html><html><head><title>Error &amp; more</title></head><body>x</body></html>"

    assert reason(page) == (
        "answered with an HTML page, not a feed (title: “Error & more”); look for its feed address"
    )


def test_a_page_that_names_its_feed_helps() -> None:
    page = '<html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head></html>'

    assert "its feed is https://feeds.example.org/feed.xml" in reason(page)


def test_a_feed_without_items_is_no_error() -> None:
    found = parsed(rss(""))

    assert (found.articles, found.identity, found.left_out) == ((), "", ())


def test_a_warning_printed_above_the_feed_is_skipped() -> None:
    assert len(parsed("Warning: mysql is slow\n" + rss(item())).articles) == 1


# --- hostile and huge ----------------------------------------------------------------------------


@pytest.mark.slow
def test_of_five_thousand_items_the_newest_are_read() -> None:
    def dated(number: int) -> str:
        return item(number=number, more=f"<pubDate>{1 + number // 250} Nov 2026 05:00:00 GMT</pubDate>")

    found = parsed(rss("".join(map(dated, range(5000)))))

    assert len(found.articles) == 500
    assert found.articles[0].url == "https://example.com/4500"
    assert found.left_out == ("T: 4500 items left out: only the newest 500 of a feed are read",)


@pytest.mark.slow
def test_a_broken_feed_of_five_thousand_items_is_cut_before_it_is_mended() -> None:
    found = parsed(rss("".join(item(number=number) for number in range(5000))).removesuffix("</rss>"))

    assert (len(found.articles), len(found.left_out)) == (500, 1)


@pytest.mark.slow
def test_a_million_items_are_not_built() -> None:
    found = parsed(rss("<item/>" * 1_000_000))

    assert found.left_out[-1] == "T: 999500 items left out: only the newest 500 of a feed are read"
    assert found.left_out[-2] == "T: 490 more items left out for such reasons"


@pytest.mark.slow
def test_more_tags_than_any_feed_has_are_refused() -> None:
    assert "more than 300,000 tags" in reason(rss("<item>" + "<a>b</a>" * 400_000 + "</item>"))


@pytest.mark.slow
@pytest.mark.parametrize("tag", ["<b>", "&lt;b&gt;"])
def test_ten_thousand_tags_in_a_title_are_stripped(tag: str) -> None:
    end = tag.replace("b", "/b")
    found = parsed(rss(item(tag * 10_000 + "Deep" + end * 10_000) + item("Next", 2)))

    assert [article.title for article in found.articles] == ["Deep", "Next"]


def test_references_to_no_character_are_spaces() -> None:
    [found] = parsed(rss(item("a&#0;b&#xD800;c&#99999999;d"))).articles

    assert found.title == "a b c d"


def test_a_bomb_of_entities_stays_a_name() -> None:
    declared = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    [found] = parsed(rss(item("&e11;"), before=f'<!DOCTYPE rss [<!ENTITY e0 "ha">{declared}]>')).articles

    assert found.title == "&e11;"


def test_no_external_entity_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("canary")
    doctype = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{(tmp_path / "secret").as_uri()}">]>'

    assert "canary" not in str(parsed(rss(item("a &x;"), before=doctype)))


def test_a_huge_attribute_is_no_address() -> None:
    huge = f'<enclosure url="https://example.com/{"a" * 1_000_000}" type="audio/mpeg"/>'

    [found] = parsed(rss(item(more=huge))).articles

    assert found.enclosures == ()


@given(st.binary(max_size=300))
def test_any_bytes_are_articles_or_a_parse_error(body: bytes) -> None:
    with suppress(ParseError):
        parsed(body)


PIECES = """
<item> </item> <title> </title> <link> </link> https://example.com/1 &amp; &nbsp; &#xD800; &#99999999;
<![CDATA[ ]]> <!-- --> <a~href=' " > < words \x00 <dc:date> <description> </description> <guid> </guid>
<enclosure~url='x'/> <svg> <media:content~url='x'> <!ENTITY~x~'y'> <entry> <content~type='xhtml'> <category/>
<image> <source> <author> <name> <media:description> <itunes:image~href='x'/> <pubDate>
"""
FRAGMENTS = st.lists(st.sampled_from(PIECES.replace("~", "\t").split()), max_size=25).map("".join)


@pytest.mark.slow
@given(FRAGMENTS, st.booleans())
def test_broken_markup_is_articles_or_a_parse_error(fragments: str, closed: bool) -> None:
    body = rss(fragments) if closed else rss(fragments).removesuffix("</channel></rss>")
    try:
        found = parsed(body)
    except ParseError:
        return
    assert all("\n" not in article.title for article in found.articles)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
ITEM_KEYS = [
    *("id", "url", "external_url", "title", "content_html", "content_text", "summary", "image", "language"),
    *("date_published", "date_modified", "authors", "author", "tags", "attachments"),
]


@pytest.mark.slow
@given(st.lists(st.dictionaries(st.sampled_from(ITEM_KEYS), JSON_VALUES), max_size=4), JSON_VALUES)
def test_no_type_in_a_json_feed_is_a_crash(items: list[dict[str, Any]], other: Any) -> None:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": items,
        "title": other,
        "authors": other,
    }

    found = parsed(json.dumps(document))

    assert len(found.articles) + len(found.left_out) == len(items)


# --- identity ------------------------------------------------------------------------------------


def ids(found: ParsedFeed) -> list[str]:
    return [article.id for article in found.articles]


def test_guids_of_their_own_tell_articles_apart() -> None:
    found = parsed(rss(item(more="<guid>a</guid>") + item("Other", 2, "<guid>b</guid>")))
    moved = parsed(rss(item("New title", 9, "<guid>a</guid>")), identity=found.identity)

    assert found.identity == "guid"
    assert ids(moved) == ids(found)[:1]


def test_one_guid_for_all_is_none() -> None:
    found = parsed(rss(item(more="<guid>same</guid>") + item("Other", 2, "<guid>same</guid>")))

    assert found.identity == "link"
    assert len(set(ids(found))) == 2


def test_a_link_is_known_again_under_other_tracking() -> None:
    first = parsed(rss(item()), identity="link")
    second = parsed(rss(item().replace("/1<", "/1?utm_source=rss<")), identity="link")

    assert ids(first) == ids(second)


def test_without_guids_and_links_the_words_decide() -> None:
    found = parsed(rss("<item><title>A</title></item><item><title>B</title></item>"))

    assert found.identity == "hash"
    assert len(set(ids(found))) == 2


def test_identity_is_kept_when_the_feed_changes() -> None:
    body = rss(item(more="<guid>a</guid>") + item("Other", 2, "<guid>b</guid>"))

    assert parsed(body, identity="link").identity == "link"


def test_the_setting_outweighs_what_is_remembered() -> None:
    found = parse(
        rss(item()).encode(),
        feed=feed(identity="hash"),
        content_type="",
        location=URL,
        identity="guid",
        at=NOW,
    )

    assert found.identity == "hash"


# --- small words -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "people"),
    [
        ("By Jane Doe", ["Jane Doe"]),
        ("jane@x.org (Jane Doe)", ["Jane Doe"]),
        ("Jane Doe <jane@x.org>", ["Jane Doe"]),
        ("noreply@x.org", []),
        ("By Jane Doe and Joe Park", ["Jane Doe", "Joe Park"]),
        ("Jane Doe, Joe Park & Li Wei", ["Jane Doe", "Joe Park", "Li Wei"]),
        ("Jane Doe, Political Editor", ["Jane Doe"]),
        ("Smith, John", ["Smith, John"]),
        ("Jane Doe, Example", ["Jane Doe"]),
        ("De Smith, John", ["De Smith, John"]),
        ("Bonnie and Clyde", ["Bonnie and Clyde"]),
        ("<b>Jane&nbsp;Doe</b>", ["Jane Doe"]),
        ("admin", []),
        ("Example Times", []),
        ("Jane Doe; jane doe", ["Jane Doe"]),
        ("a" * 5000, []),
    ],
)
def test_bylines_are_names(said: str, people: list[str]) -> None:
    assert list(names([said], outlet="Example Times")) == people


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon, 23 Nov 2026 05:00:00 GMT", datetime(2026, 11, 23, 5, tzinfo=UTC)),
        ("23 Nov 2026 05:00 EST", datetime(2026, 11, 23, 10, tzinfo=UTC)),
        ("Mon, 23 Nov 26 05:00:00 -0000", datetime(2026, 11, 23, 5, tzinfo=UTC)),
        ("2026-11-23T05:00:00+05:30", datetime(2026, 11, 22, 23, 30, tzinfo=UTC)),
        ("2026-11-23 05:00:00", datetime(2026, 11, 23, 5, tzinfo=UTC)),
        ("2026-11-23", datetime(2026, 11, 23, tzinfo=UTC)),
        ("Sun Jan  4 16:29:06 2004", datetime(2004, 1, 4, 16, 29, 6, tzinfo=UTC)),
        ("2004-07", datetime(2004, 7, 1, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59Z", None),
        ("Mon, 99 Foo 2026 05:00:00 GMT", None),
        ("tomorrow", None),
        ("", None),
        ("1" * 5000, None),
    ],
)
def test_dates_are_utc_or_none(text: str, expected: datetime | None) -> None:
    assert moment(text) == expected


@pytest.mark.slow
@given(st.text(max_size=40) | st.from_regex(r"\d{1,5}-\d\d-\d\dT\d\d:\d\d.{0,8}", fullmatch=True))
def test_no_date_is_a_crash(text: str) -> None:
    found = moment(text)

    assert found is None or found.tzinfo is UTC


@pytest.mark.parametrize(
    ("title", "categories", "kind"),
    [
        ("Opinion: Let them", (), Kind.COLUMN),
        ("Analysis | What it means", (), Kind.ANALYSIS),
        ("Interview – The mayor", (), Kind.INTERVIEW),
        ("Watch-makers strike", (), Kind.REPORT),
        ("Video shows flood", ("World",), Kind.REPORT),
        ("Nets", ("Podcasts",), Kind.PODCAST),
        ("Review: Nets", (), Kind.REVIEW),
        ("The Salt Road: Nets review – a dazzling show", (), Kind.REVIEW),
        ("Album review: Nets", (), Kind.REVIEW),
        ("River podcast: Nets", (), Kind.PODCAST),
        ("Court orders review – minister", (), Kind.REPORT),
        ("Year in review: the nets", (), Kind.REPORT),
        ("Nets", ("Sea", "Long Reads"), Kind.STORY),
    ],
)
def test_the_kind_is_told_by_label_and_category(title: str, categories: tuple[str, ...], kind: Kind) -> None:
    assert kind_of(title, categories, ()) is kind


def test_the_header_s_charset_counts_where_the_feed_names_none() -> None:
    body = '<rss version="2.0"><channel>' + item("Привет") + "</channel></rss>"

    [found] = parsed(body.encode("koi8-r"), content_type="text/xml; charset=KOI8-R").articles

    assert found.title == "Привет"


@pytest.mark.parametrize("claim", ["utf-16", "UTF-16LE", "utf-32"])
def test_what_begins_in_ascii_is_not_in_utf_16_whatever_is_said(claim: str) -> None:
    document = f'<rss version="2.0"><channel>{item("Çà et là")}</channel></rss>'
    content = f'<?xml version="1.0" encoding="{claim}"?>{document}'.encode("windows-1252")

    [found] = parsed(content + b" " * (-len(content) % 4), content_type=f"text/xml; charset={claim}").articles

    assert found.title == "Çà et là"


def test_a_paywalled_feed_has_paywalled_articles() -> None:
    assert parsed(rss(item()), paywalled=True).articles[0].paywalled


def test_the_outlet_is_the_configured_title_then_the_feed_s_then_the_host() -> None:
    body = rss(item())

    assert parsed(body, title="Ours").articles[0].outlet == "Ours"
    assert parsed(body).articles[0].outlet == "T"
    assert parsed(body.replace("<title>T</title>", "")).articles[0].outlet == "feeds.example.org"


def test_one_long_text_alone_is_the_text_and_its_opening_the_description() -> None:
    body = "&lt;p&gt;The opening.&lt;/p&gt;&lt;p&gt;" + "And so on. " * 80 + "&lt;/p&gt;"

    [found] = parsed(rss(item(more=f"<description>{body}</description>"))).articles

    assert found.description == "The opening."
    assert found.text.startswith("The opening.\nAnd so on.")
