"""What a page adds to its article: each page in data/pages has its answer beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from builders import NOW, article
from hypothesis import example, given
from hypothesis import strategies as st

from digest.extraction import read
from digest.extraction.credits import normal_credit, split_credit
from digest.extraction.metadata import is_name, language_tag, moment, split_authors
from digest.extraction.page import LIMIT, decode
from digest.model import Article, Fetched, Image, Kind

PAGES = Path(__file__).parent / "data" / "pages"
HTML = {"content-type": "text/html; charset=utf-8"}
SENTENCE = "The town council voted on Sunday night to rebuild the old bridge over the river as it was. "


def fetched(body: bytes | str, headers: Mapping[str, str] = HTML) -> Fetched:
    given_ = body.encode() if isinstance(body, str) else body
    url = "https://www.example.com/given"
    return Fetched(url=url, final_url=url, headers=headers, body=given_, body_sha256="", at=NOW)


def page(*, head: str = "", body: str = "") -> Fetched:
    return fetched(f"<html><head>{head}</head><body><article>{body}</article></body></html>")


def jsonld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def bare(**given_: Any) -> Article:
    return article(**({"canonical_url": "https://example.com/given", "title": "A title"} | given_))


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.html")), ids=lambda path: path.stem)
def test_page(path: Path, accept: Callable[[Path, str], None]) -> None:
    found = read(bare(), fetched(path.read_bytes()))

    facts = {
        "canonical_url": found.canonical_url,
        "authors": found.authors,
        "published": found.published and found.published.isoformat(),
        "updated": found.updated and found.updated.isoformat(),
        "language": found.language,
        "categories": found.categories,
        "kind": found.kind,
        "paywalled": found.paywalled,
        "image": found.image and asdict(found.image),
        "text": found.text.split("\n"),
    }
    accept(path.with_suffix(".json"), json.dumps(facts, indent=2, ensure_ascii=False) + "\n")


# --- feed and page ----------------------------------------------------------------------------------


def test_what_the_feed_said_stands() -> None:
    given_ = bare(
        authors=("Ana Sá",),
        published=NOW,
        language="fr",
        categories=("News",),
        description="As the feed has it.",
    )
    head = (
        '<meta name="author" content="Bo Ek"><meta property="article:published_time" content="2020-01-01">'
        '<meta property="article:section" content="Other"><meta name="description" content="Other.">'
    )

    found = read(given_, page(head=head, body=f"<p>{SENTENCE}</p>"))

    fields = ("authors", "published", "language", "categories", "description")
    assert [getattr(found, name) for name in fields] == [getattr(given_, name) for name in fields]


@pytest.mark.parametrize("junk", ["admin", "newsroom@example.com", "Staff Writer", "https://example.com/ana"])
def test_but_its_role_accounts_are_no_authors(junk: str) -> None:
    found = read(bare(authors=(junk,)), page(head='<meta name="author" content="Bo Ek">'))

    assert found.authors == ("Bo Ek",)


def test_an_outlet_is_not_its_own_author() -> None:
    head = '<meta name="author" content="Example Times"><meta property="og:site_name" content="Example">'

    assert read(bare(outlet="Example Times"), page(head=head)).authors == ()


def test_the_page_has_the_text() -> None:
    found = read(bare(text="A teaser."), page(body=f"<p>{SENTENCE * 3}</p>" * 1))

    assert found.text == (SENTENCE * 3).strip()


def test_unless_the_page_has_a_teaser_only() -> None:
    full = SENTENCE * 20

    assert read(bare(text=full), page(body=f"<p>{SENTENCE}</p>")).text == full


def test_a_kind_that_the_feed_knew_stands() -> None:
    found = read(bare(kind=Kind.PODCAST), page(head='<meta property="article:section" content="Opinion">'))

    assert found.kind is Kind.PODCAST


def test_the_feeds_picture_stands_where_only_it_has_a_credit() -> None:
    in_feed = Image(url="https://example.com/feed.jpg", credit="Reuters")

    found = read(bare(image=in_feed), page(head='<meta property="og:image" content="/page.jpg">'))

    assert found.image == in_feed


@pytest.mark.parametrize(
    "declared",
    [
        '<link rel="canonical" href="https://bank.example.org/login">',
        '<link rel="canonical" href="https://www.example.com/">',
        '<link rel="canonical" href="javascript:alert(1)">',
        '<link rel="canonical" href="https://[broken">',
    ],
)
def test_a_page_cannot_pose_as_another(declared: str) -> None:
    assert read(bare(), page(head=declared)).canonical_url == "https://example.com/given"


def test_a_picture_with_another_scheme_is_none() -> None:
    assert read(bare(), page(head='<meta property="og:image" content="file:///etc/passwd">')).image is None


@pytest.mark.parametrize(
    ("head", "paywalled"),
    [
        (jsonld('{"@type": "NewsArticle", "isAccessibleForFree": false}'), True),
        (jsonld('{"@type": "NewsArticle", "isAccessibleForFree": "http://schema.org/False"}'), True),
        (jsonld('{"@type": "NewsArticle", "isAccessibleForFree": "True"}'), False),
        ('<meta property="article:content_tier" content="locked">', True),
        ('<meta name="article:content_tier" content="free">', False),
    ],
)
def test_a_paywall_is_declared_in_several_ways(head: str, paywalled: bool) -> None:
    assert read(bare(), page(head=head)).paywalled is paywalled


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (jsonld('{"@type": "https://schema.org/AnalysisNewsArticle"}'), Kind.ANALYSIS),
        (jsonld('{"@type": "VideoObject"}'), Kind.VIDEO),
        ('<meta property="og:type" content="article">' + jsonld('{"@type": "VideoObject"}'), Kind.REPORT),
        (jsonld('{"@type": "PodcastEpisode"}'), Kind.PODCAST),
        ('<meta property="og:type" content="video.other">', Kind.VIDEO),
    ],
)
def test_what_kind_of_piece_it_is(head: str, kind: Kind) -> None:
    assert read(bare(), page(head=head)).kind is kind


# --- paragraphs -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "boilerplate",
    [
        "Please wait while we load the latest comments…",
        "Already a member? Sign in.",
        "COMMENT BELOW",
        "Advertisement",
        "Read more: Bridges of the county",
        "https://example.com/short",
    ],
)
def test_boilerplate_is_no_paragraph(boilerplate: str) -> None:
    body = f"<p>{SENTENCE}One.</p><p>{boilerplate}</p><p>{SENTENCE}Two.</p><p>{SENTENCE}Three.</p>"

    assert read(bare(), page(body=body)).text.count("\n") == 2
    assert boilerplate not in read(bare(), page(body=body)).text


def test_labels_behind_the_article_are_none_of_it() -> None:
    body = f"<p>{SENTENCE}One.</p><p>{SENTENCE}Two.</p><p>{SENTENCE}Three.</p><p>World</p><p>· 1 min read</p>"

    assert read(bare(), page(body=body)).text.endswith("Three.")


@pytest.mark.parametrize(
    "promotion",
    [
        "Get the Springfield Monthly delivered to your door every month of the year. 12 issues for £10.",
        "Comments on the mayor’s bridge that insult other readers of the paper will be removed.",
        "Kommentare, die andere Leserinnen und Leser dieser Zeitung beleidigen, werden gelöscht.",
    ],
)
def test_promotion_behind_the_article_is_none_of_it(promotion: str) -> None:
    body = f"<p>{SENTENCE}One.</p><p>{SENTENCE}Two.</p><p>{SENTENCE}Three.</p><p>{promotion}</p>"

    assert read(bare(), page(body=body)).text.endswith("Three.")


def test_a_line_break_of_the_source_is_no_paragraph() -> None:
    body = f"<p>{SENTENCE}\n\n  It will be of oak.</p><p>{SENTENCE}Two.</p><p>{SENTENCE}Three.</p>"

    assert read(bare(), page(body=body)).text.split("\n")[0] == f"{SENTENCE}It will be of oak."


# --- bytes ------------------------------------------------------------------------------------------

WORDS = "“Café” – naïve"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (WORDS.encode(), {}),
        (b"\xef\xbb\xbf" + WORDS.encode(), {"content-type": "text/html; charset=iso-8859-1"}),
        (WORDS.encode(), {"content-type": "text/html; charset=iso-8859-1"}),
        (WORDS.encode("cp1252"), {}),
        (WORDS.encode("cp1252"), {"content-type": "text/html; charset=ISO-8859-1"}),
        (WORDS.encode("cp1252"), HTML),
        (WORDS.encode("cp1252"), {"content-type": "text/html; charset=klingon"}),
        (b"\xff\xfe" + WORDS.encode("utf-16-le"), {}),
        (WORDS.encode("utf-16"), HTML),
    ],
)
def test_the_character_set_is_what_it_is_not_what_it_says(body: bytes, headers: dict[str, str]) -> None:
    assert decode(body, headers) == WORDS


def test_a_declared_character_set_is_used() -> None:
    russian = "Мост через реку"

    assert decode(russian.encode("koi8-r"), {"content-type": "text/html; charset=koi8-r"}) == russian
    assert russian in decode(b'<meta charset="windows-1251">' + russian.encode("cp1251"), {})


def test_one_broken_byte_spoils_one_character() -> None:
    assert decode(WORDS.encode() + b"\xff", HTML) == WORDS + "\ufffd"


def test_a_page_is_cut_where_it_is_too_long() -> None:
    assert decode("é".encode() * LIMIT, HTML) == "é" * (LIMIT // 2)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"\x89PNG\r\n", "image/png"),
        (b'{"html": "<html>"}', "application/json"),
        (b"", "text/html"),
        (b"   ", "text/html"),
        (b"plain words", ""),
    ],
)
def test_what_is_no_page_changes_nothing(body: bytes, kind: str) -> None:
    assert read(bare(text="As it was."), fetched(body, {"content-type": kind})) == bare(text="As it was.")


def test_a_page_without_a_type_is_read_when_it_looks_like_one() -> None:
    found = read(bare(), fetched(f"<!doctype html><p>{SENTENCE * 4}</p>", {}))

    assert found.text == (SENTENCE * 4).strip()


@given(st.binary(max_size=400))
@example(b"<html>" + b"<div>" * 10_000 + b"x")
@example(b'<html lang="\xff"><meta content="' + b"a" * 100_000 + b'" name=author><p>x')
@example(b"<p " + b" ".join(b"a%d=1" % n for n in range(20_000)) + b">x")
@example(b"<html>\x00<p>\x00</p>\x00" + b"&#0;&#xD800;&#x10FFFF;")
@example(b'<script type="application/ld+json">' + b"[" * 100_000)
@example(
    b'<script type="application/ld+json">{"@type": ["NewsArticle", 3], "author": [[1], {"name": {}}, null]}'
)
@example(
    b'<script type="application/ld+json">{"@type": "Article", "image": [[], {"url": 3}], "@id": {}}</script>'
)
def test_any_bytes_are_survived(body: bytes) -> None:
    found = read(bare(), fetched(body, {"content-type": "text/html"}))

    assert "\x00" not in found.text


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.sampled_from(["Person", "NewsArticle", "By A", "2026-01-01"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["@type", "@id", "@graph", "author", "name", "image", "url", "hasPart", "datePublished"]
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_is_survived(data: Any) -> None:
    read(bare(), page(head=jsonld(json.dumps({"@type": "NewsArticle", "author": data, "image": data}))))
    read(bare(), page(head=jsonld(json.dumps(data))))


# --- small readers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_", "credit"),
    [
        ("(AP Photo/Ariel Schalit)", "Associated Press / Photo by Ariel Schalit"),
        ("AP Photo/Ariel Schalit, File", "Associated Press / Photo by Ariel Schalit"),
        ("Ariel Schalit/AP", "Associated Press / Photo by Ariel Schalit"),
        ("Photo: Ariel Schalit / Associated Press", "Associated Press / Photo by Ariel Schalit"),
        ("Ana Sá | The Example", "The Example / Photo by Ana Sá"),
        ("Ana Sá / Morning Star", "Morning Star / Photo by Ana Sá"),
        ("Photograph by Ana Sá for The Example", "The Example / Photo by Ana Sá"),
        ("Photo by Ana Sá via Getty Images", "Getty Images / Photo by Ana Sá"),
        ("Handout via REUTERS", "Reuters"),
        ("Image source, Getty Images", "Getty Images"),
        ("AFP via Getty Images", "AFP via Getty Images"),
        ("Photo courtesy of Ana Sá", "Courtesy of Ana Sá"),
        ("Credit: ANA SÁ", "Photo by Ana Sá"),
        ("© Ana Sá", "Photo by Ana Sá"),
        ("Illustration by Ana Sá / The Example", "The Example / Illustration by Ana Sá"),
        ("Associated Press / Photo by Ariel Schalit", "Associated Press / Photo by Ariel Schalit"),
        ("He has agreed to become the new manager of the club", ""),
        ("", ""),
    ],
)
def test_a_credit_has_one_form(given_: str, credit: str) -> None:
    assert normal_credit(given_) == credit
    assert normal_credit(credit) == credit


@pytest.mark.parametrize(
    ("given_", "caption", "credit"),
    [
        ("A bridge. (AP Photo/Ana Sá)", "A bridge.", "Associated Press / Photo by Ana Sá"),
        ("A bridge. Photo: Ana Sá", "A bridge.", "Photo by Ana Sá"),
        ("The bridge (left) and the mill", "The bridge (left) and the mill", ""),
        ("The bridge in 1999 (before the fire)", "The bridge in 1999 (before the fire)", ""),
    ],
)
def test_a_credit_is_parted_from_its_caption(given_: str, caption: str, credit: str) -> None:
    assert split_credit(given_) == (caption, credit)


@given(st.text(max_size=60))
def test_any_credit_is_survived(text: str) -> None:
    assert len(normal_credit(text)) <= 200


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ana Sá", ["Ana Sá"]),
        ("By Ana Sá and Bo Ek", ["Ana Sá", "Bo Ek"]),
        ("ANA SÁ, BO EK & CY ODUYA", ["Ana Sá", "Bo Ek", "Cy Oduya"]),
        ("Ana Sá, Staff Writer", ["Ana Sá"]),
        ("Ana Sá, MD", ["Ana Sá"]),
        ("Analysis by Ana Sá", ["Ana Sá"]),
        ("The Associated Press", ["The Associated Press"]),
        ("https://example.com/people/ana", []),
        ("newsroom@example.com", []),
    ],
)
def test_a_byline_has_names(byline: str, names: list[str]) -> None:
    assert list(split_authors(byline)) == names


def test_an_editor_by_name_only() -> None:
    assert is_name("Edith Orr")
    assert not is_name("Editor")


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("en_US", "en-US"),
        ("EN", "en"),
        ("pt-br", "pt-BR"),
        ("zh-Hans-CN", "zh-Hans-CN"),
        ("english", ""),
        ("", ""),
    ],
)
def test_language_tags_have_one_form(tag: str, language: str) -> None:
    assert language_tag(tag) == language


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-11-22T18:30:00-05:00", "2026-11-22T23:30:00+00:00"),
        ("2026-11-22T18:30:00Z", "2026-11-22T18:30:00+00:00"),
        ("2026-11-22", "2026-11-22T00:00:00+00:00"),
        ("Sun, 22 Nov 2026 18:30:00 GMT", "2026-11-22T18:30:00+00:00"),
        ("0001-01-01T00:00:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_are_in_utc(text: str, iso: str | None) -> None:
    found = moment(text)

    assert (found and found.isoformat()) == iso
