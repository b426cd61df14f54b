"""What a page adds to its article: each page in data/pages has its answer beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from kit.builders import NOW, article

from digest.extraction import read
from digest.extraction.captions import split_credit
from digest.extraction.credits import normal_credit
from digest.extraction.dates import moment
from digest.extraction.metadata import language_tag
from digest.extraction.page import LIMIT, decode
from digest.model import Article, Fetched, Image, Kind
from digest.words.bylines import is_name, split_authors

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


@pytest.mark.slow
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


@pytest.mark.slow
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


def test_an_outlet_that_only_the_address_tells_is_no_part_of_the_title() -> None:
    site = replace(page(), final_url="https://www.saltnation.example/bridge")
    told = read(bare(title="Mayor quits over a bridge - Salt Nation"), site)

    assert told.title == "Mayor quits over a bridge"


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


@pytest.mark.slow
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


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("opinion/2026/bridge", Kind.COLUMN),
        ("podcasts/bridge", Kind.PODCAST),
        ("video/bridge", Kind.VIDEO),
        ("film/reviews/bridge", Kind.REVIEW),
        ("review/bridge", Kind.REPORT),
        ("news/opinion", Kind.REPORT),
    ],
)
def test_an_address_tells_the_kind(path: str, kind: Kind) -> None:
    at = replace(page(), final_url=f"https://www.example.com/{path}")

    assert read(bare(), at).kind is kind


def test_an_address_tells_the_day() -> None:
    at = replace(page(), final_url="https://www.example.com/2026/11/22/bridge")

    found = read(bare(published=None), at).published
    assert found is not None
    assert found.isoformat() == "2026-11-22T00:00:00+00:00"


def test_the_hour_of_a_day_is_asked_elsewhere() -> None:
    head = '<meta name="date" content="2026-11-22">'
    body = '<time class="published" datetime="2026-11-22T06:30:00Z">this morning</time>'

    found = read(bare(published=None), page(head=head, body=body)).published
    assert found is not None
    assert found.hour == 6


@pytest.mark.parametrize(
    ("head", "paywalled"),
    [
        (
            '{"@type": ["NewsArticle"], "hasPart": [{"isAccessibleForFree": "False", "cssSelector": ".p"}]}',
            True,
        ),
        ('{"@type": "NewsArticle", "hasPart": {"isAccessibleForFree": true, "cssSelector": ".free"}}', False),
        ('{"@type": "schema:NewsArticle", "isAccessibleForFree": ["false"]}', True),
    ],
)
def test_a_part_may_be_paid_for(head: str, paywalled: bool) -> None:
    assert read(bare(), page(head=jsonld(head))).paywalled is paywalled


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["Example", "Example Staff", "Example Sport", "example", "https://example.com/ana"]
)
def test_a_site_is_not_its_own_author(name: str) -> None:
    assert read(bare(), page(head=f'<meta name="author" content="{name}">')).authors == ()


def test_a_byline_that_is_only_shown_is_read() -> None:
    body = f'<div class="byline-wrap"><span class="author-name">Ana Sá</span> Reporter</div><p>{SENTENCE}</p>'

    assert read(bare(), page(body=body)).authors == ("Ana Sá",)


def test_escaped_names_are_whole() -> None:
    head = jsonld('{"@type": "NewsArticle", "author": {"@type": "Person", "name": "Ann O&#039;Dell"}}')

    assert read(bare(), page(head=head)).authors == ("Ann O'Dell",)


def test_a_title_that_the_feed_cut_is_the_pages() -> None:
    head = '<meta property="og:title" content="Council votes to rebuild the old bridge">'

    assert read(bare(title="Council votes to rebuild ..."), page(head=head)).title == (
        "Council votes to rebuild the old bridge"
    )


def test_a_pages_title_is_without_the_sites_name() -> None:
    head = '<meta property="og:title" content="Council votes - Example 4">'
    head += '<meta property="og:site_name" content="Example 4">'

    assert read(bare(title=""), page(head=head)).title == "Council votes"


# --- pictures ---------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    "address",
    ["/logo.png", "/img/default-image.jpg", "/no-image.png", "//gravatar.com/avatar/1f?s=400", "/1x1.gif"],
)
def test_a_stand_in_is_no_picture(address: str) -> None:
    assert read(bare(), page(head=f'<meta property="og:image" content="{address}">')).image is None


def test_missing_is_a_word_of_the_news() -> None:
    assert read(bare(), page(head='<meta property="og:image" content="/girl-missing-since-may.jpg">')).image


def test_the_largest_of_a_picture_is_taken_up_to_what_a_mail_needs() -> None:
    sizes = "/b-400.jpg 400w, /b-1800.jpg 1800w, /b-5000.jpg 5000w"
    body = f'<figure><img src="/b-400.jpg" srcset="{sizes}"><figcaption>A bridge.</figcaption></figure>'

    found = read(bare(), page(body=body)).image
    assert found is not None
    assert (found.url, found.width) == ("https://www.example.com/b-1800.jpg", 1800)


def test_an_alternative_text_with_a_credit_is_a_caption() -> None:
    picture = '<img src="/b.jpg" alt="Crews lift a bridge in Salt River on Monday. (AP Photo/Ana Sá)">'
    body = f'<figure>{picture}<span class="credit">Photo: Ana Sá</span></figure>'
    image = read(bare(), page(body=body)).image

    assert image
    assert (image.alt, image.caption, image.credit) == (
        "Crews lift a bridge in Salt River on Monday.",
        "Crews lift a bridge in Salt River on Monday.",
        "Associated Press / Photo by Ana Sá",
    )


def test_a_picture_for_a_subscription_is_none_of_the_article() -> None:
    head = '<meta property="og:image" content="/bridge.jpg">'
    body = '<figure><img src="/offer.jpg"><figcaption>Subscribe now. (Image: Example)</figcaption></figure>'

    found = read(bare(), page(head=head, body=body)).image
    assert found is not None
    assert found.url.endswith("/bridge.jpg")


def test_a_headline_is_no_alternative_text() -> None:
    head = '<meta property="og:title" content="Bridge falls"><meta property="og:image" content="/b.jpg">'
    head += '<meta property="og:image:alt" content="Bridge falls">'

    found = read(bare(), page(head=head)).image
    assert found is not None
    assert found.alt == ""


@pytest.mark.parametrize(
    ("alt", "said"),
    [
        ("Example News. A bridge in the rain", "A bridge in the rain"),
        ("Example News", "Example News"),
        ("salt river bridge", ""),
        ("111819 Salt River", ""),
        ("a bridge in the rain", "a bridge in the rain"),
        ("A bridge in the rain", "A bridge in the rain"),
    ],
)
def test_an_alternative_text_describes_the_picture(alt: str, said: str) -> None:
    head = '<meta property="og:site_name" content="Example News">'
    head += f'<meta property="og:image" content="/b.jpg"><meta property="og:image:alt" content="{alt}">'

    found = read(bare(), page(head=head)).image
    assert found is not None
    assert found.alt == said


def test_a_caption_has_no_space_before_a_comma_and_is_no_question() -> None:
    def caption(words: str) -> str:
        body = f'<figure><img src="/b.jpg"><figcaption>{words}</figcaption></figure>'
        found = read(bare(), page(head='<meta property="og:image" content="/b.jpg">', body=body)).image
        assert found is not None
        return found.caption

    assert caption("A scene of <i>The Bridge</i>, a film.") == "A scene of The Bridge, a film."
    assert caption("Who is Bo Li?") == ""


def test_a_site_in_a_country_is_not_its_own_author() -> None:
    site = page(head='<meta name="author" content="Example Sport">')

    assert read(bare(), replace(site, final_url="https://www.example.co.uk/a")).authors == ()


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


def test_days_stay_as_the_source_says_them() -> None:
    said = (
        "The council votes today. Yesterday, on Sunday, it had put the vote off until this morning, it said. "
    )

    assert read(bare(), page(body=f"<p>{said * 3}</p>")).text == (said * 3).strip()


@pytest.mark.parametrize(
    "postscript",
    [
        "Ana Sá contributed to this report.",
        "Write to Ana Sá at ana@example.com",
        "This article was originally published by The Example.",
        "Originally published on Example.",
        "Follow Ana Sá on Twitter.",
        "Updated at 1:23 p.m.",
        "Correction, Nov. 15, 2026: An earlier version named the wrong river.",
        "The views expressed here are those of the author.",
        "Download the Example app for the latest news.",
        "An error has occurred, please try again later.",
        "___",
    ],
)
def test_who_helped_and_how_to_write_is_none_of_the_article(postscript: str) -> None:
    body = f"<p>{SENTENCE}One.</p><p>{SENTENCE}Two.</p><p>{SENTENCE}Three.</p><p>{postscript}</p>"

    assert read(bare(), page(body=body)).text.endswith("Three.")


def test_a_list_of_links_is_none_of_the_article() -> None:
    links = '<p><a href="/a">How the fire began</a> [VIDEO]<br><a href="/b">Who pays for it</a> [INSIGHT]</p>'
    body = f"<p>{SENTENCE}One.</p><p>DON'T MISS</p>{links}<p>{SENTENCE}Two.</p><p>{SENTENCE}Three.</p>"

    assert read(bare(), page(body=body)).text.count("\n") == 2


@pytest.mark.parametrize("label", ["link", "social-link", "related-person", "aside share"])
def test_a_word_within_a_sentence_stays_whatever_it_is_called(label: str) -> None:
    name = f'<span class="{label}"><a href="/x">Ann Alder</a></span>'
    body = f"<p>The bridge was built by {name}. {SENTENCE * 3}</p>"

    assert read(bare(), page(body=body)).text.startswith("The bridge was built by Ann Alder. The town")


def test_a_large_first_letter_belongs_to_its_word() -> None:
    body = f'<div><span class="x1">T</span><p>{SENTENCE[1:] * 3}</p></div><p>{SENTENCE}</p>'

    assert read(bare(), page(body=body)).text.startswith("The town council")


def test_a_word_is_not_broken_by_what_has_no_width() -> None:
    body = f"<p>The \u200cAlder\u200c bridge\u200b is 👩\u200d🚀’s. {SENTENCE * 3}</p>"

    assert read(bare(), page(body=body)).text.startswith("The Alder bridge is 👩\u200d🚀’s. The")


def test_references_to_notes_are_no_words() -> None:
    body = f'<p>It was built in 1901.<sup><a href="#n1">[1]</a></sup> {SENTENCE * 3}</p>'

    assert read(bare(), page(body=body)).text.startswith("It was built in 1901. The town")


def test_text_between_line_breaks_is_paragraphs() -> None:
    body = f"<div>{SENTENCE}One.<br><br>{SENTENCE}Two, <em>he</em> said.<br><br>{SENTENCE}Three.</div>"

    lines = read(bare(), page(body=body)).text.split("\n")
    assert [line.rpartition(" was. ")[2] for line in lines] == ["One.", "Two, he said.", "Three."]


def test_a_teaser_beside_the_article_is_none_of_it() -> None:
    teaser = f'<div class="popular-posts"><a href="/x"><p>{SENTENCE * 2}Elsewhere.</p></a></div>'

    found = read(bare(), page(body=f"{teaser}<p>{SENTENCE}One.</p><p>{SENTENCE * 4}Two.</p>")).text
    assert "One." in found
    assert "Elsewhere" not in found


@pytest.mark.slow
def test_no_paragraph_is_the_page_in_one_piece() -> None:
    title = "Springfield to rebuild its bridge"
    body = f"<div>Home News {title} {title} A short teaser, of one sentence only.</div>"

    assert title not in read(bare(title=title), page(body=body)).text


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


@pytest.mark.slow
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


@pytest.mark.slow
@settings(max_examples=40)
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
        ("Salt River Echo / Photo by Ana Sá", "Salt River Echo / Photo by Ana Sá"),
        ("Photo by Ana DE SÁ / AFP", "AFP / Photo by Ana de Sá"),
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
        ("A bridge. (AP Photo/Ana Sá, File)", "A bridge.", "Associated Press / Photo by Ana Sá"),
        (
            "A bridge in Springfield, Ill. (Ana Sá/AP)",
            "A bridge in Springfield, Ill.",
            "Associated Press / Photo by Ana Sá",
        ),
        (
            "A bridge. (Ana Sá / The Example Times via AP)",
            "A bridge.",
            "The Example Times via Associated Press / Photo by Ana Sá",
        ),
        ("A bridge. (AP)", "A bridge.", "Associated Press"),
        ("A bridge. (Ana Sá / Associated Press)", "A bridge.", "Associated Press / Photo by Ana Sá"),
        ("A bridge. REUTERS/Ana Sá/File Photo", "A bridge.", "Reuters / Photo by Ana Sá"),
        ("A bridge. Ana Sá/Reuters files", "A bridge.", "Reuters / Photo by Ana Sá"),
        ("The bridge in March Reuters", "The bridge in March", "Reuters"),
        ("The bridge in March AFP via Getty Images", "The bridge in March", "AFP via Getty Images"),
        ("The bridge. Getty", "The bridge.", "Getty Images"),
        ("The bridge (Image: GETTY )", "The bridge", "Getty Images"),
        ("The bridge (Photo Credit : PTI File Photo )", "The bridge", "PTI"),
        ("The bridge, seen on Sunday Credit: EPA", "The bridge, seen on Sunday", "EPA"),
        (
            "The bridge, seen on Sunday Credit: Getty - Contributor",
            "The bridge, seen on Sunday",
            "Getty Images",
        ),
        (
            "The bridge. Credit... Ana Sá/The Example Times",
            "The bridge.",
            "The Example Times / Photo by Ana Sá",
        ),
        ("The bridge. Credit: Ana Sá/Xinhua/ZUMA", "The bridge.", "Xinhua via ZUMA / Photo by Ana Sá"),
        (
            "The bridge. Photograph by Ana Sá/AFP/Getty Images",
            "The bridge.",
            "AFP via Getty Images / Photo by Ana Sá",
        ),
        ("The bridge. Photo: Ana Sá / Reuters", "The bridge.", "Reuters / Photo by Ana Sá"),
        (
            "The bridge. Photo: Ana Sá, STF / Associated Press",
            "The bridge.",
            "Associated Press / Photo by Ana Sá",
        ),
        (
            "The bridge. (AP Photo/Ana Sá) Photo: Ana Sá, STF / Associated Press",
            "The bridge.",
            "Associated Press / Photo by Ana Sá",
        ),
        (
            "The bridge. Photo: Ana Sá/Anadolu via Getty Images",
            "The bridge.",
            "Anadolu via Getty Images / Photo by Ana Sá",
        ),
        (
            "The bridge. Photo: Archive of Springfield/Getty",
            "The bridge.",
            "Archive of Springfield via Getty Images",
        ),
        ("The bridge. Photo by Ana Sá", "The bridge.", "Photo by Ana Sá"),
        ("The bridge. (Picture by Ana Sá.)", "The bridge.", "Photo by Ana Sá"),
        ("The bridge © Ana Sá", "The bridge", "Photo by Ana Sá"),
        (
            "The bridge. Foto: Von Ana Sá, CC BY-SA 3.0, https://example.org/bridge",
            "The bridge.",
            "Photo by Ana Sá",
        ),
        ("The bridge. Ana SÁ / AFP", "The bridge.", "AFP / Photo by Ana Sá"),
        ("The bridge. | Ana Sá/Getty Images", "The bridge.", "Getty Images / Photo by Ana Sá"),
        (
            "The bridge. Photo illustration by Example. Photo by Ana Sá.",
            "The bridge.",
            "Example / Photo by Ana Sá",
        ),
        ("The bridge. Image: Alder Bridge Inc.", "The bridge.", "Alder Bridge Inc."),
        ("The bridge. Courtesy Alder Museum", "The bridge.", "Courtesy of Alder Museum"),
        ("The bridge. Courtesy of Ana Sá", "The bridge.", "Courtesy of Ana Sá"),
        ("The bridge. (ana1999/iStock)", "The bridge.", "iStock / Photo by ana1999"),
        ("The bridge as drawn [AlderWorks via NASA]", "The bridge as drawn", "AlderWorks / NASA"),
        ("Illustration: Ana Sá/Example", "", "Example / Illustration by Ana Sá"),
        ("Photo by Illustration by Ana Sá", "", "Illustration by Ana Sá"),
        ("(Image: © Alder Collaboration)", "", "Alder Collaboration"),
        ("photo: Ana Sá via Unsplash", "", "Unsplash / Photo by Ana Sá"),
        ("Image via Getty Images", "", "Getty Images"),
        ("Courtesy Example", "", "Courtesy of Example"),
        ("Shutterstock", "", "Shutterstock"),
        (
            "Image copyright Getty Images Image caption The bridge on Sunday",
            "The bridge on Sunday",
            "Getty Images",
        ),
        ("Image source, Reuters Image caption, The bridge on Sunday", "The bridge on Sunday", "Reuters"),
        ("Image caption The bridge on Sunday", "The bridge on Sunday", ""),
        ("Media caption Who built the bridge?", "Who built the bridge?", ""),
        ("Image: The mayor, left, has opened the bridge", "The mayor, left, has opened the bridge", ""),
        ("FILE PHOTO: The bridge in 2020. (Reuters)", "The bridge in 2020.", "Reuters"),
        (
            "FILE - The bridge in 2020. (AP Photo/Ana Sá)",
            "The bridge in 2020.",
            "Associated Press / Photo by Ana Sá",
        ),
        ("The bridge before the fire. (FILE)", "The bridge before the fire.", ""),
        (
            "The bridge before the fire. Salt River Echo / Photo by Ana Sá",
            "The bridge before the fire.",
            "Salt River Echo / Photo by Ana Sá",
        ),
        (
            "The bridge burned. (AP Photo/Ana Sá) less",
            "The bridge burned.",
            "Associated Press / Photo by Ana Sá",
        ),
        ("The bridge burned. The river ... more", "The bridge burned.", ""),
        ("alder-bridge-1200x630.jpg The bridge", "The bridge", ""),
        ("alder-bridge-burned-sunday", "", ""),
        ("The bridge (left) and the mill", "The bridge (left) and the mill", ""),
        ("The mayor (second from right)", "The mayor (second from right)", ""),
        ("The bridge in 1999 (before the fire)", "The bridge in 1999 (before the fire)", ""),
        ("It may be crossed on foot and/or by ferry.", "It may be crossed on foot and/or by ferry.", ""),
        ("Ana Sá of Springfield, PA", "Ana Sá of Springfield, PA", ""),
    ],
)
def test_a_credit_is_parted_from_its_caption(given_: str, caption: str, credit: str) -> None:
    assert split_credit(given_) == (caption, credit)


@given(st.text(max_size=120))
def test_a_caption_is_never_longer_than_what_was_given(text: str) -> None:
    assert len(split_credit(text).caption) <= len(normalize("NFC", text))


@given(st.text(max_size=60))
def test_any_credit_is_survived(text: str) -> None:
    assert len(normal_credit(text)) <= 200


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("Ana Sá, Reuters", ["Ana Sá"]),
        ("Ana Sá @anasa", ["Ana Sá"]),
        ("Ana Sá, PhD", ["Ana Sá"]),
        ("Ana Sá - Example News", ["Ana Sá"]),
        ("Ana Oduya. Example International", ["Ana Oduya", "Example International"]),
        ("Second Edition Edited by Ana Sá", ["Ana Sá"]),
        ("Written by: Ana Sá", ["Ana Sá"]),
        ("Author: Ana Sá (eg)", ["Ana Sá"]),
        ("Ana S.", ["Ana S."]),
        ("Karl", ["Karl"]),
        ("Letters to the Editor", []),
        ("Staff Reports", []),
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
        ("2026-11-22 18:30:00 -0500", "2026-11-22T23:30:00+00:00"),
        ("2026-11-22T18:30 EST", "2026-11-22T23:30:00+00:00"),
        ("2026/11/22", "2026-11-22T00:00:00+00:00"),
        ("20261122", "2026-11-22T00:00:00+00:00"),
        ("November 22, 2026 13:42", "2026-11-22T13:42:00+00:00"),
        ("Published 10:02 PM EST Nov 22, 2026", "2026-11-23T03:02:00+00:00"),
        ("Sunday, Nov. 22, 2026, 6:30 p.m. ET", "2026-11-22T22:30:00+00:00"),
        ("22nd November 2026", "2026-11-22T00:00:00+00:00"),
        ("31 February 2026", None),
        ("2026-13-45", None),
        ("0001-01-01T00:00:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_are_in_utc(text: str, iso: str | None) -> None:
    found = moment(text)

    assert (found and found.isoformat()) == iso
