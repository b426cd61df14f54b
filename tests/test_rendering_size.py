"""Gmail cuts a mail at 102,400 bytes of HTML: no mail has more, and what it lost is told."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.builders import newsletter
from lxml import html as lxml_html
from test_rendering import READER, blurb, edition, shipped, visible, words

from digest.errors import RenderError
from digest.model import GMAIL, Blurb, Edition, Image, Link, Rendered
from digest.rendering import render
from digest.rendering.shortening import first_sentence

SENTENCE = (
    "The council voted on Monday to rebuild the bridge that floods had closed, according to the Gazette."
)
#: As real items are: 64 words of summary, a question, 64 words of context.
SUMMARY = " ".join([SENTENCE] * 4)


def item(number: int, **changes: Any) -> Blurb:
    photo = Image(
        url=f"https://images.example.com/2026/11/23/{number}-the-old-bridge.jpg",
        alt="A stone bridge over a swollen river",
        caption="The old bridge on Sunday, two days after the flood.",
        credit="Harbor Gazette / Photo by Lea Novak",
        width=1200,
        height=640,
    )
    given: dict[str, Any] = {
        "id": f"b{number}",
        "section": "World" if number < 7 else "Nation",
        "headline": f"Council votes to rebuild old bridge {number}",
        "url": f"https://www.example.com/2026/11/23/council-votes-to-rebuild-old-bridge-{number}",
        "outlet": "Harbor Gazette",
        "byline": "By Ana Sá & Tom Reyes",
        "summary": SUMMARY,
        "question": "What led up to the closure?",
        "context": SUMMARY,
        "dig_deeper": f"Read Tom Reyes’s [report](https://valley.example.org/2026/detour-{number}) "
        "in *The Valley Post* about what the detour costs the bakers.",
        "image": photo,
    }
    return blurb(**(given | changes))


def long(count: int, **changes: Any) -> Edition:
    return edition(blurbs=tuple(item(number) for number in range(1, count + 1)), **changes)


def rendered(given: Edition, template: str = "sift") -> Rendered:
    return render(given, newsletter(web="https://news.example.org/sift"), shipped(template))


def weight(result: Rendered) -> int:
    """With an address and links as long as they may be."""
    return len(result.html.fill(dict.fromkeys(READER, "x" * 512)).encode())


# --- what fits ------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_ten_items_with_pictures_stay_below_80_kilobytes():
    result = rendered(long(10))

    assert result.shortened == ()
    assert weight(result) < 80_000


@pytest.mark.slow
def test_forty_items_fit_into_the_brief_template_with_outlooks_comments():
    result = rendered(long(40), "brief")

    assert result.shortened == ()
    assert weight(result) <= GMAIL
    assert result.html.fill(READER).count("<!--[if") > 10
    assert len(lxml_html.fromstring(result.html.fill(READER)).xpath("//h3")) == 40


# --- what does not ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_tail_is_told_in_one_sentence_first():
    result = rendered(long(30))
    tree = lxml_html.fromstring(result.html.fill(READER))

    ids = [blurb_id for blurb_id, _ in result.shortened]
    assert weight(result) <= GMAIL
    assert ids == [f"b{number}" for number in range(30, 30 - len(ids), -1)]
    assert {how for _, how in result.shortened} == {"has only the first sentence of its summary"}
    last = [p.text_content() for p in tree.xpath("//h3[@id='story-30']/following-sibling::p")]
    assert SENTENCE in last
    assert SUMMARY not in last
    assert len(tree.xpath("//h3")) == 30


@pytest.mark.slow
def test_then_the_tail_becomes_quick_hits_then_the_contents_go():
    result = rendered(long(60, quick_hits=(Link(text="A goat is mayor", url="https://example.com/goat"),)))
    html, text = result.html.fill(READER), result.text.fill(READER)

    how = dict(result.shortened)
    assert weight(result) <= GMAIL
    assert how["b60"] == "is reduced to a line among the quick hits"
    assert how[""] == "the table of contents is left out"
    assert "In this edition" not in html
    assert html.index("Council votes to rebuild old bridge 60") < html.index("A goat is mayor")
    for number in range(1, 61):
        assert f"old bridge {number}" in html
        assert f"old-bridge-{number}\n" in text


@pytest.mark.slow
def test_the_first_item_stays_an_item():
    result = rendered(long(60, letter="Dear friends. " * 4_200))

    assert weight(result) <= GMAIL
    assert lxml_html.fromstring(result.html.fill(READER)).xpath("//h3[@id='story-1']")


@pytest.mark.slow
def test_the_page_has_all_of_it():
    result = rendered(long(60))

    assert result.web.count(SUMMARY) == 120
    assert len(lxml_html.fromstring(result.web).xpath("//article")) == 60


@pytest.mark.slow
def test_the_text_is_shortened_as_the_html_is():
    result = rendered(long(60))
    text, html = words(result.text.fill(READER)), words(visible(result.html.fill(READER)))

    assert set(html) - set(text) == set()
    assert text.count("floods") == html.count("floods") < 120


@pytest.mark.slow
def test_what_cannot_be_shortened_is_an_error():
    with pytest.raises(RenderError, match=r"sift: the mail has 1\d\d,\d\d\d bytes .* shorten the letter"):
        rendered(long(3, letter="Dear friends. " * 10_000))


@pytest.mark.slow
def test_an_item_that_is_too_much_alone_is_left_out():
    result = rendered(edition(blurbs=(item(1, dig_deeper="word " * 30_000), item(2))))

    [(left_out, why)] = result.dropped
    assert left_out == "b1"
    assert "bytes of HTML" in why


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.booleans(), st.sampled_from("é€𝄞&<")), min_size=1, max_size=60),
    st.sampled_from(("sift", "brief")),
)
def test_no_mail_is_ever_too_big(shapes, template):
    blurbs = tuple(
        item(
            number,
            summary=f"{odd * 9} is odd. " + SENTENCE * length,
            image=item(1).image if pictured else None,
        )
        for number, (length, pictured, odd) in enumerate(shapes, start=1)
    )
    result = rendered(edition(blurbs=blurbs), template)

    assert weight(result) <= GMAIL
    assert result.dropped == ()
    assert {blurb_id for blurb_id, _ in result.shortened} <= {"", *(each.id for each in blurbs)}
    text = result.text.fill(READER)
    assert all(each.url in text for each in blurbs)


# --- a first sentence ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("One thing. Another thing.", "One thing."),
        ("One thing.\n\nAnother thing.", "One thing."),
        ("*The Post* said so. Then more.", "*The Post* said so."),
        (
            "Read [the report](https://example.com/a.b). Then more.",
            "Read [the report](https://example.com/a.b).",
        ),
        ("**One thing. Another** thing.", "One thing."),
        ("No stop at all", "No stop at all"),
        ("", ""),
    ],
)
def test_a_first_sentence_keeps_the_marks_that_it_has_whole(text, first):
    assert first_sentence(text) == first


def test_a_sentence_without_an_end_gets_one():
    short = first_sentence("word " * 1_000)

    assert len(short) <= 400
    assert re.fullmatch(r"(word )+word…", short)


@pytest.mark.slow
def test_shortening_counts_in_the_hash():
    assert rendered(long(30)).sha256 != rendered(long(29)).sha256
