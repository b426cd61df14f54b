"""Pictures, bylines and descriptions in the shapes that site builders give them."""

from __future__ import annotations

from typing import Any

import pytest
from kit.builders import NOW, article

from digest.extraction import read
from digest.extraction.captions import split_credit
from digest.model import Article, Fetched, Image

URL = "https://www.example.com/given"
SENTENCE = "The town council voted on Sunday night to rebuild the old bridge over the river as it was. "
HOLD = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


def made(body: str, *, head: str = "", **given: Any) -> Article:
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    headers = {"content-type": "text/html; charset=utf-8"}
    answer = Fetched(url=URL, final_url=URL, headers=headers, body=page.encode(), body_sha256="", at=NOW)
    return read(article(**({"url": URL, "title": "Council votes"} | given)), answer)


def picture(body: str, *, head: str = "") -> Image:
    found = made(body, head=head).image
    assert found is not None
    return found


# --- pictures ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "image",
    [
        '<amp-img src="/bridge.jpg" width="1200" height="630" layout="responsive"></amp-img>',
        f'<img src="{HOLD}" data-src="/bridge.jpg">',
        f'<img src="{HOLD}" data-lazy-srcset="/bridge-400x210.jpg 400w, /bridge.jpg 1200w">',
        f'<img src="{HOLD}" data-srcset="/bridge-400x210.jpg 400w,/bridge.jpg 1200w">',
        '<img src="/placeholder.png" data-original="/bridge.jpg">',
        '<noscript><img src="/bridge.jpg"></noscript>',
        '<picture><source data-srcset="/bridge.jpg 1200w"><img data-src="/bridge-400x210.jpg"></picture>',
    ],
)
def test_a_picture_may_be_loaded_late(image: str) -> None:
    found = picture(f"<figure>{image}<figcaption>The bridge. Photo: Ana Sá</figcaption></figure>")

    assert found.url == "https://www.example.com/bridge.jpg"
    assert (found.caption, found.credit) == ("The bridge.", "Photo by Ana Sá")


def test_an_address_may_have_commas() -> None:
    sources = "/w_400,c_fill/bridge.jpg 400w, /w_1200,c_fill/bridge.jpg 1200w"
    found = picture(f'<figure><img srcset="{sources}"><figcaption>The bridge.</figcaption></figure>')

    assert found.url == "https://www.example.com/w_1200,c_fill/bridge.jpg"


def test_words_below_a_picture_may_have_no_name() -> None:
    image = f'<div class="css-1"><img src="{HOLD}" data-src="/bridge.jpg"><noscript><img src="/bridge.jpg">'
    body = (
        f'{image}</noscript><div class="css-2">The bridge on Sunday. Photo: Ana Sá/Getty Images</div></div>'
    )
    found = picture(f"{body}<p>{SENTENCE * 9}</p>", head='<meta property="og:image" content="/bridge.jpg">')

    assert (found.caption, found.credit) == ("The bridge on Sunday.", "Getty Images / Photo by Ana Sá")


def test_but_another_pictures_words_are_not_its() -> None:
    teaser = (
        '<div class="t"><img src="/film.jpg"><span>The film of the week – Ana Sá/Getty Images</span></div>'
    )
    found = picture(f"<p>{SENTENCE * 9}</p>{teaser}", head='<meta property="og:image" content="/bridge.jpg">')

    assert (found.url, found.credit) == ("https://www.example.com/bridge.jpg", "")


@pytest.mark.parametrize(
    ("given", "caption", "credit"),
    [
        ("Le pont. Crédit photo : Ana Sá / AFP", "Le pont.", "AFP / Photo by Ana Sá"),
        ("Crédits : Ana Sá", "", "Photo by Ana Sá"),
        ("Photo AFP", "", "AFP"),
        ("Die Brücke. Quelle: dpa", "Die Brücke.", "dpa"),
        ("Foto: picture alliance/dpa | Ana Sá", "", "picture alliance / dpa / Photo by Ana Sá"),
        ("El puente. Imagen: Ana Sá", "El puente.", "Photo by Ana Sá"),
        ("Мост. Фото: Ana Sá / Reuters", "Мост.", "Reuters / Photo by Ana Sá"),
        ("橋。写真：Ana Sá", "橋。", "Photo by Ana Sá"),
        (
            "The bridge after the flood Ana Sá/AP",
            "The bridge after the flood",
            "Associated Press / Photo by Ana Sá",
        ),
        (
            "The bridge after the flood Ana Sá / AFP via Getty Images",
            "The bridge after the flood",
            "AFP via Getty Images / Photo by Ana Sá",
        ),
        ("The river is a source of pride", "The river is a source of pride", ""),
    ],
)
def test_a_credit_has_a_word_in_every_language(given: str, caption: str, credit: str) -> None:
    assert split_credit(given) == (caption, credit)


# --- bylines ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        '<div class="css-9">By Ana Sá and Bo Ek</div>',
        "<p><em>Words by Ana Sá; photos by Cy Oduya</em> <span>and</span></p><div>By Ana Sá and Bo Ek</div>",
        "<span>By Ana Sá and Bo Ek Thursday, November 19, 2026</span>",
    ],
)
def test_a_line_below_the_headline_may_say_by(line: str) -> None:
    assert made(f"<h1>Council votes</h1>{line}<p>{SENTENCE}</p>").authors[0] == "Ana Sá"


def test_a_page_without_an_element_for_its_headline_may_have_one_such_line() -> None:
    one = f"<td><b>Council votes</b><br><i>By Ana Sá</i><br>{SENTENCE}</td>"
    other = "<td><i>By Bo Ek</i></td>"

    assert made(f"<table><tr>{one}</tr></table>").authors == ("Ana Sá",)
    assert made(f"<table><tr>{one}{other}</tr></table>").authors == ()


@pytest.mark.parametrize("line", ["By the river", "By U.S. Customs and Border Protection", "By Sunday Night"])
def test_other_lines_that_begin_so_are_none(line: str) -> None:
    assert made(f"<h1>Council votes</h1><div>{line}</div><p>{SENTENCE}</p>").authors == ()


def test_ghost_calls_all_authors_but_the_first_contributors() -> None:
    node = (
        '<script type="application/ld+json">{"@type": "Article",'
        ' "author": {"@type": "Person", "name": "Ana Sá"},'
        ' "contributor": [{"@type": "Person", "name": "Bo Ek"}]}</script>'
    )

    assert made("", head=f'{node}<meta name="generator" content="Ghost 5.9">').authors == ("Ana Sá", "Bo Ek")
    assert made("", head=node).authors == ("Ana Sá",)


# --- descriptions -----------------------------------------------------------------------------------


@pytest.mark.parametrize("cut", ["The council voted to […]", "The council voted to...", "The council voted…"])
def test_a_description_that_the_feed_cut_is_the_pages(cut: str) -> None:
    head = '<meta name="description" content="The council voted to rebuild the bridge.">'

    assert made("", head=head, description=cut).description == "The council voted to rebuild the bridge."


def test_unless_that_is_cut_too() -> None:
    head = '<meta name="description" content="The council voted to rebuild…">'

    assert made("", head=head, description="It was late. And…").description == "It was late. And…"


def test_the_words_below_a_video_are_its_description() -> None:
    described = (SENTENCE * 3).strip()
    body = f"<h1>Council votes</h1><p>{described}</p>"
    video = '<meta property="og:type" content="video.other">'

    assert made(body, head=video, description=described, text="").text == ""
    assert made(body, head=video, description=SENTENCE, text="").text == described
    assert made(body, description=described, text="").text == described
