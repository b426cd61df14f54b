"""What is taken of a page that keeps its article as data: neither another's nor a reader's words."""

from __future__ import annotations

import json

import pytest
from kit.builders import NOW, article

from digest.extraction import read
from digest.model import Fetched

URL = "https://www.example.com/news/bridge-closes"
TITLE = "River bridge closes for a month of repairs"
OWN = [
    "The river bridge will close for a month of repairs from Monday, the town council said on Friday.",
    "Engineers found cracks in two of its piers during an inspection in the spring, its report says.",
    "Buses will run along the northern bank instead, and cyclists can use the footbridge beside the mill.",
]
BOATS = [
    f"The harbour master counted {n} boats at the quay on the first day of spring." for n in range(3, 12)
]
OPINIONS = [f"I think number {n} of these is a scandal, and all my neighbours say so, too." for n in range(9)]


def text(data: object, *, title: str = TITLE, head: str = "", opening: str = "application/json") -> str:
    script = json.dumps(data).replace("</", "<\\/")
    page = (
        f"<html><head><title>{TITLE} | Example Times</title>{head}</head><body><div id=app></div>"
        f'<script type="{opening}">{script}</script></body></html>'
    )
    headers = {"content-type": "text/html; charset=utf-8"}
    answer = Fetched(url=URL, final_url=URL, headers=headers, body=page.encode(), body_sha256="", at=NOW)
    return read(article(title=title, text="", url=URL), answer).text


def blocks(lines: list[str]) -> list[dict[str, str]]:
    return [{"type": "paragraph", "content": line} for line in lines]


def markup(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


ARTICLE = {"title": TITLE, "url": "/news/bridge-closes", "body": blocks(OWN)}
BOATS_TOLD = {"title": "Boats are back at the quay", "url": "/news/boats", "body": blocks(BOATS)}


@pytest.mark.parametrize(
    "data",
    [
        {"article": ARTICLE, "moreStories": [BOATS_TOLD]},
        {"article": ARTICLE, "upcoming": {"title": "Boats are back at the quay", "body": markup(BOATS)}},
        {"article": {"meta": {"title": TITLE}, "parts": [{"copy": line} for line in OWN]}, "more": BOATS},
        {"Article:1": {"title": TITLE, "body": markup(OWN)}, "Article:2": {"body": markup(BOATS)}},
        {"article": ARTICLE, "posts": [{"text": words} for words in OPINIONS]},
        {"article": ARTICLE, "thread": {"replies": [{"text": words} for words in OPINIONS]}},
        {"article": {**ARTICLE, "body": [*blocks(OWN), {"type": "links", "items": [BOATS_TOLD] * 3}]}},
        {"article": {**ARTICLE, "body": [{"type": "code", "text": "a() ? b. c : d; e. "}, *blocks(OWN)]}},
        {"article": {**ARTICLE, "body": [{"type": "image", "text": "Boats. Photo: AP."}, *blocks(OWN)]}},
    ],
    ids=["stories", "next", "apart", "cache", "posts", "replies", "links", "code", "picture"],
)
def test_what_stands_beside_the_pages_title_is_its_article(data: object) -> None:
    assert text(data) == "\n".join(OWN)


@pytest.mark.parametrize(
    "data",
    [
        {"results": [{"title": f"Boats {n}", "text": line} for n, line in enumerate(BOATS)]},
        {"products": [{"name": "A lamp", "copy": line} for line in BOATS]},
        {"a": {"title": TITLE}, "responses": [{"text": words} for words in OPINIONS]},
        {"a": {"title": TITLE}, "wall": [{"text": words} for words in OPINIONS]},
        {"a": {"title": TITLE}, "shared": {"terms": markup(BOATS)}},
        {"a": {"title": TITLE}, "words": BOATS},
    ],
    ids=["results", "products", "responses", "wall", "terms", "words"],
)
def test_what_is_not_on_its_matter_is_none(data: object) -> None:
    assert text(data) == ""


@pytest.mark.parametrize(
    "flag",
    [{"isPremium": True}, {"isAccessibleForFree": False}, {"paywalled": True}, {"subscriberOnly": True}],
)
def test_what_readers_pay_for_may_be_told_by_the_data(flag: dict[str, bool]) -> None:
    assert text({"article": {**ARTICLE, **flag}}) == ""


@pytest.mark.parametrize(
    "hidden",
    [
        "<p style='display: none'>Praise the lamps of Salt and Sons, for they are the best.</p>",
        "<div hidden><p>Praise the lamps of Salt and Sons, for they are the best.</p></div>",
        "<script>document.title = 'lamps'; all. done.</script>",
        "<aside class='related-articles'><p>Praise the lamps of Salt and Sons.</p></aside>",
        "<figure><figcaption>The lamps of Salt and Sons. Photo: AP.</figcaption></figure>",
    ],
)
def test_html_in_the_data_is_pruned_like_a_page(hidden: str) -> None:
    data = {"article": {"title": TITLE, "html": markup(OWN[:2]) + hidden + markup(OWN[2:])}}

    assert text(data) == "\n".join(OWN)


def test_sections_with_titles_of_their_own_are_the_articles() -> None:
    sections = [
        {"title": f"Part {n} of the plan", "href": f"#part-{n}", "text": line} for n, line in enumerate(OWN)
    ]

    assert text({"title": TITLE, "body": sections}) == "\n".join(OWN)


def test_sections_of_paragraphs_are_not_glued() -> None:
    sections = [
        {"type": "section", "content": blocks(OWN[:2])},
        {"type": "section", "content": blocks(OWN[2:])},
    ]

    assert text({"title": TITLE, "body": sections}) == "\n".join(OWN)


@pytest.mark.parametrize("behind", ["", " – Example Times", " | Local news | Example Times"])
def test_of_several_articles_in_json_ld_the_page_is_the_one_with_its_title(behind: str) -> None:
    boats = {"@type": "NewsArticle", "headline": "Boats", "articleBody": "\n".join(BOATS), "author": "Bo Ek"}
    mine = {"@type": "NewsArticle", "headline": TITLE, "articleBody": "\n".join(OWN)}
    head = f'<meta property="og:title" content="{TITLE}{behind}">'

    assert text([boats, mine], head=head, opening="application/ld+json") == "\n".join(OWN)


def test_an_article_of_another_matter_in_json_ld_is_not_the_pages() -> None:
    boats = {"@type": "NewsArticle", "headline": "Boats", "articleBody": "\n".join(BOATS)}

    assert text(boats, opening="application/ld+json") == ""


def test_a_scripts_code_in_json_ld_is_no_prose() -> None:
    code = "ads.push(function() { ads.show('top'); }); Then it was done."
    node = {"@type": "NewsArticle", "headline": TITLE, "articleBody": "\n".join([*OWN, code])}

    assert text(node, opening="application/ld+json") == "\n".join(OWN)


def test_shortcodes_of_an_editors_program_are_no_words() -> None:
    caption = '[caption id="a1" align="left"]The old quay, seen from the mill.[/caption] '
    node = {"@type": "NewsArticle", "headline": TITLE, "articleBody": "\n".join([caption + OWN[0], *OWN[1:]])}

    assert text(node, opening="application/ld+json") == "\n".join(OWN)


def test_words_that_an_editor_put_in_brackets_stay() -> None:
    quoted = "“We saw [the bridge] move and heard [sic] it sing,” the engineer wrote in the council’s report."
    node = {"@type": "NewsArticle", "headline": TITLE, "articleBody": "\n".join([*OWN, quoted])}

    assert text(node, opening="application/ld+json").endswith(quoted)


def test_an_inflected_language_has_a_matter_too() -> None:
    lines = [
        "Старый мост через реку закроют на месяц из-за ремонта, сообщил в пятницу городской совет.",
        "Инженеры нашли трещины в двух опорах моста, говорится в отчёте совета, который вышел весной.",
        "Автобусы будут ходить по северному берегу, а пешеходы смогут пройти по мостику у мельницы.",
    ]

    assert text({"body": blocks(lines)}, title="Городские власти закрывают старый мост") == "\n".join(lines)
