"""An edition as mail and as page: each case in data/editions has its answers beside it."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.builders import newsletter
from lxml import html as lxml_html
from pydantic import TypeAdapter
from ruamel.yaml import YAML

from digest.app import template_sources
from digest.model import Aside, Blurb, Edition, EditionKey, Image, Link, Rendered, Sponsor
from digest.rendering import SLOTS, Template, render
from digest.settings import HouseLink, Newsletter, ReaderQuote
from digest.words.text import clean

ROOT = Path(__file__).parent.parent
CASES = sorted((ROOT / "tests/data/editions").glob("*.yaml"))
READER = {
    "unsubscribe": "https://news.example.org/sift/unsubscribe/t0ken",
    "preferences": "https://news.example.org/sift/preferences/t0ken",
    "address": "reader@example.net",
}


def sources(**changed: str) -> dict[str, str]:
    """The shipped template's files, with the given ones changed."""
    return template_sources(ROOT / "templates/sift") | changed


def shipped(name: str = "sift") -> Template:
    """A shipped template: compiled once, and not before a test needs it."""
    return compiled(name)


@cache
def compiled(name: str) -> Template:
    return Template(name, sources(**template_sources(ROOT / "templates" / name)))


def load(path: Path) -> tuple[Edition, Newsletter]:
    given = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    values: dict[str, Any] = given["newsletter"]
    for key, kind in (("house_link", HouseLink), ("reader_quote", ReaderQuote)):
        if key in values:
            values[key] = kind(**values[key])
    return TypeAdapter(Edition).validate_python(given["edition"]), newsletter(**values)


def edition(**changes: Any) -> Edition:
    return replace(load(ROOT / "tests/data/editions/bare.yaml")[0], **changes)


def blurb(**changes: Any) -> Blurb:
    return replace(edition().blurbs[0], **changes)


def rendered(case: str, template: str = "sift") -> Rendered:
    return render(*load(ROOT / f"tests/data/editions/{case}.yaml"), shipped(template))


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def visible(html: str) -> str:
    """What a reader sees of a page, images apart."""
    body = lxml_html.fromstring(html).body
    for element in body.xpath("//*[contains(@style, 'display:none')] | //style"):
        element.drop_tree()
    return " ".join(body.itertext())


def spread(html: str) -> str:
    """One tag a line, so that a difference can be read."""
    return html.replace("><", ">\n<") + "\n"


# --- the answers -------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_is_rendered_as_its_answers_say(path, accept):
    result = render(*load(path), shipped())
    answers = {
        ".html": spread(result.html.fill(READER)),
        ".txt": result.text.fill(READER),
        ".web.html": result.web,
    }

    for suffix, text in answers.items():
        accept(path.with_suffix(suffix), text)


@pytest.mark.slow
def test_the_brief_template_renders_as_its_answer_says(accept):
    accept(ROOT / "tests/data/editions/full.brief.html", spread(rendered("full", "brief").html.fill(READER)))


# --- every mail ---------------------------------------------------------------------------------


@pytest.fixture(
    params=product([path.stem for path in CASES], ("sift", "brief")),
    ids="-".join,
)
def mail(request) -> Rendered:
    return rendered(*request.param)


@pytest.mark.slow
def test_the_way_out_and_the_postal_address_are_in_both_parts(mail):
    for part in (mail.html, mail.text):
        assert "unsubscribe" in part.slots
        assert READER["unsubscribe"] in part.fill(READER)
    assert mail.text.slots.count("unsubscribe") == 1


@pytest.mark.slow
def test_nothing_of_a_subscriber_is_in_the_page(mail):
    assert not re.search("[\ue000-\uf8ff]", mail.web)
    assert not set(READER.values()) & set(re.findall(r'href="([^"]*)"', mail.web))


@pytest.mark.slow
def test_a_mail_program_may_drop_all_of_the_style(mail):
    html = re.sub(r"<style.*?</style>", "", mail.html.fill(READER), flags=re.DOTALL)
    tree = lxml_html.fromstring(html)

    for title in tree.xpath("//h1 | //h3"):
        assert "font-family:Georgia" in title.get("style") + title.getparent().get("style")
    assert all("font-size" in text.get("style") for text in tree.xpath("//td/div[p]"))


@pytest.mark.slow
def test_the_html_is_clean(mail):
    html = mail.html.fill(READER)
    tree = lxml_html.fromstring(html)

    assert "<mj-" not in html
    assert not tree.xpath("//script | //form | //iframe | //link | //@onclick | //@onerror | //@onmouseover")
    assert not re.search(r"https?://fonts\.", html)
    assert [*re.findall(r"<!--\[if|<!\[endif\]-->", html)] == ["<!--[if", "<![endif]-->"] * html.count(
        "<!--[if"
    )
    assert sum(map(len, re.findall(r"<style.*?</style>", html, re.DOTALL))) < 16_384
    assert "url(" not in html
    assert "@import" not in html
    assert tree.xpath("//title/text()")
    assert len(tree.xpath("//h1")) == 1
    assert tree.get("lang") not in (None, "und")
    assert tree.get("dir") in ("ltr", "rtl")
    assert all(table.get("role") == "presentation" for table in tree.xpath("//table"))
    assert all(image.get("alt") for image in tree.xpath("//img"))
    assert all(16 <= int(image.get("width")) <= 600 for image in tree.xpath("//img"))
    assert all(int(image.get("height", "16")) >= 16 for image in tree.xpath("//img"))
    assert all(image.get("src").startswith("https://") for image in tree.xpath("//img"))
    assert tree.xpath("//meta[@name='color-scheme'][@content='light dark']")
    assert "prefers-color-scheme: dark" in html


@pytest.mark.slow
def test_outlook_shows_all_of_a_picture(mail):
    """In a line that is so many pixels high it shows no more of one than that."""
    for image in lxml_html.fromstring(mail.html.fill(READER)).xpath("//img"):
        lines = [line for up in image.iterancestors() if (line := styles(up).get("line-height"))]
        assert lines[0] == "100%"


@pytest.mark.slow
def test_outlook_indents_a_list(mail):
    """It knows no padding of one; a margin in letters has room for numbers in any size."""
    for list_ in lxml_html.fromstring(mail.html.fill(READER)).xpath("//ol | //ul"):
        start = "right" if list_.xpath("ancestor::*[@dir='rtl']") else "left"
        assert styles(list_) == {"margin": "0", f"margin-{start}": "1.6em", "padding": "0"}


def styles(element: Any) -> dict[str, str]:
    pairs = (pair.partition(":") for pair in element.get("style", "").split(";") if pair)
    return {name: value for name, _, value in pairs}


BLOCKS = {"p", "div", "table", "h1", "h2", "h3", "ol", "ul"}
PHRASES = {"p", "h1", "h2", "h3", "a", "strong", "em", "span"}


def misnested(html: str) -> list[str]:
    """The end tags that close another element than the last, and the blocks that stand within a phrase."""
    open_, wrong = [], []
    for closing, tag in re.findall(
        r"<(/?)([a-z][a-z0-9]*)\b[^>]*>", re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL)
    ):
        if tag in {"br", "img", "meta"}:
            continue
        if not closing:
            wrong += [f"<{tag}> in <{open_[-1]}>"] if tag in BLOCKS and PHRASES.intersection(open_) else []
            open_.append(tag)
        elif open_.pop() != tag:
            wrong.append(f"</{tag}>")
    return wrong + open_


@pytest.mark.slow
def test_elements_are_nested_as_html_has_it(mail):
    assert misnested(mail.html.fill(READER)) == []


@pytest.mark.slow
def test_headings_leave_no_level_out(mail):
    for page in (mail.html.fill(READER), mail.web):
        levels = [int(heading.tag[1]) for heading in lxml_html.fromstring(page).xpath("//h1|//h2|//h3|//h4")]
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.slow
def test_every_link_leads_somewhere(mail):
    for page in (mail.html.fill(READER), mail.web):
        tree = lxml_html.fromstring(page)
        for target in tree.xpath("//a/@href"):
            assert re.match(r"https?://|mailto:", target) or tree.xpath(f"//*[@id='{target[1:]}']")


@pytest.mark.slow
def test_the_text_says_what_the_html_says(mail):
    text = set(words(mail.text.fill(READER)))
    html = words(visible(mail.html.fill(READER)))

    assert sum(word in text for word in html) >= 0.97 * len(html)


@pytest.mark.slow
def test_the_text_has_every_link(mail):
    text = mail.text.fill(READER)

    for target in lxml_html.fromstring(mail.html.fill(READER)).xpath("//a/@href"):
        # Where a mail is to be written, the text leads to the page that says how.
        assert target.startswith(("#", "mailto:?")) or target in text


@pytest.mark.slow
def test_the_text_is_wrapped_but_no_link_is_broken(mail):
    text = mail.text.fill(dict.fromkeys(SLOTS, "…"))

    assert not re.search(r"\n{3}|[ \t]\n", text)
    for line in text.splitlines():
        assert len(line) <= 76 or " " not in line.strip()


@pytest.mark.slow
def test_an_edition_renders_the_same_on_every_machine():
    program = (
        "import sys; sys.path[:0] = sys.argv[1:]\n"
        "from test_rendering import rendered\n"
        "print(rendered('full').sha256)\n"
    )
    command = [sys.executable, "-c", program, str(ROOT), str(ROOT / "tests")]
    elsewhere = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    there = subprocess.run(command, env=elsewhere, capture_output=True, text=True, check=False)

    assert there.stdout.strip() == rendered("full").sha256, there.stderr


# --- what is in an edition ------------------------------------------------------------------------


def test_the_parts_stand_in_their_order():
    text = rendered("full").text.fill(READER)
    order = [
        "View this email in your browser",
        "Harbor Credit Union",
        "THE SIFT",
        "News briefs, weekday mornings",
        "Monday, November 23, 2026 · No. 214",
        "Donate: https://example.org/donate",
        "Idle ferries in Port Ellery on Friday. (Associated Press",
        "Dear friends,",
        "IN THIS EDITION",
        "WORLD",
        "Lund & Daughters Boats",
        "UPDATE: Island states",
        "NATION",
        "dredging (subscription)",
        "CULTURE",
        "SCIENCE",
        "QUICK HITS",
        "NUMBER OF THE DAY",
        "CORRECTIONS",
        "An actual newsletter worth",
        "Forward it to a friend",
        "Sign up for The Sift: https://news.example.org/sift",
        "reader@example.net is subscribed",
        "Unsubscribe:",
        "Change your preferences:",
        "Read past editions:",
        "Follow by RSS:",
        "12 Station Road, Springfield",
        "© 2026 The Sift",
    ]

    places = [text.find(part) for part in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)


def test_what_does_not_run_is_nowhere():
    result = rendered("full")
    for part in (result.html.fill(READER), result.text.fill(READER), result.web):
        for hidden in ("Umbrellas", "taken out", "too late", "nocredit.jpg"):
            assert hidden not in part


@pytest.mark.slow
def test_a_table_of_contents_comes_with_the_seventh_blurb():
    blurbs = tuple(blurb(id=f"b{n}", headline=f"Headline {n}") for n in range(7))

    six = render(edition(blurbs=blurbs[:6]), newsletter(), shipped()).text.fill(READER)
    seven = render(edition(blurbs=blurbs), newsletter(), shipped()).text.fill(READER)

    assert "IN THIS EDITION" not in six
    assert " 7. Headline 6" in seven


@pytest.mark.slow
def test_the_lead_photo_is_shown_once_above_the_letter():
    html = rendered("full").html.fill(READER)

    assert html.count("https://example.com/ferries.jpg") == 1
    assert html.index("ferries.jpg") < html.index("Dear friends")
    assert html.index("Council votes to rebuild") < html.index("bridge.jpg")


@pytest.mark.slow
def test_a_photo_without_credit_is_not_shown():
    image = Image(url="https://example.com/p.jpg", caption="A bridge", credit=" ")
    result = render(edition(blurbs=(blurb(image=image),)), newsletter(), shipped())

    assert "p.jpg" not in result.html.fill(READER) + result.web
    assert "A bridge" not in result.text.fill(READER)


@pytest.mark.slow
def test_a_newsletter_may_show_photos_without_credit():
    image = Image(url="https://example.com/p.jpg", caption="A bridge")
    result = render(edition(blurbs=(blurb(image=image),)), newsletter(photos="all"), shipped())

    assert "p.jpg" in result.html.fill(READER)
    assert "p.jpg" in result.web
    assert "<em></em>" not in result.html.fill(READER) + result.web
    assert "Photo: A bridge\n" in result.text.fill(READER)


@pytest.mark.parametrize("alt", ["", "Bridge to be rebuilt", "BRIDGE to be rebuilt"])
def test_the_text_part_names_no_photo_of_which_it_has_nothing_to_say(alt: str):
    image = Image(url="https://example.com/p.jpg", alt=alt)
    two = [blurb(id=key, headline="Bridge to be rebuilt", image=image) for key in ("one", "two")]
    result = render(edition(blurbs=tuple(two)), newsletter(photos="all"), shipped())

    assert result.html.fill(READER).count("p.jpg") == 2
    assert "Photo:" not in result.text.fill(READER)


def test_a_credit_that_says_photo_is_not_labelled_as_one():
    image = Image(url="https://example.com/p.jpg", credit="Photo by Bo Li")
    result = render(edition(blurbs=(blurb(image=image),)), newsletter(), shipped())

    assert "\nPhoto by Bo Li\n" in result.text.fill(READER)


@pytest.mark.slow
def test_the_publishers_own_words_are_called_so():
    quoted = blurb(written_by="publisher", outlet="Example Times")
    result = render(edition(blurbs=(quoted,)), newsletter(), shipped())

    for part in (result.html.fill(READER), result.text.fill(READER), result.web):
        assert "In the words of Example Times" in part
    ours = render(edition(blurbs=(replace(quoted, written_by="extractive"),)), newsletter(), shipped())
    assert "In the words of" not in ours.html.fill(READER) + ours.text.fill(READER) + ours.web


@pytest.mark.slow
def test_an_image_is_never_enlarged():
    image = Image(url="https://example.com/p.jpg", credit="A", width=300, height=200)
    html = render(edition(blurbs=(blurb(image=image),)), newsletter(), shipped()).html.fill(READER)

    assert 'width="300" height="200"' in html


@pytest.mark.slow
def test_a_portrait_does_not_fill_the_window():
    image = Image(url="https://example.com/p.jpg", credit="A", width=400, height=1200)
    html = render(edition(blurbs=(blurb(image=image),)), newsletter(), shipped()).html.fill(READER)

    assert 'width="187" height="560"' in html


@pytest.mark.parametrize("template", ["sift", "brief"])
def test_every_font_that_outlook_meets_first_is_on_windows(template):
    html = rendered("full", template).html.fill(READER)
    first = set(re.findall(r"(?:font-family:|font:\d+px/\d+px )\s*([^,;\"]+)", html))

    assert first == {"Georgia", "Segoe UI"}


def test_what_gmail_may_drop_takes_no_other_rule_with_it(mail):
    blocks = re.findall(r"<style[^>]*>(.*?)</style>", mail.html.fill(READER), re.DOTALL)

    assert [block.count("{") for block in blocks if "a[" in block] == [1]


@pytest.mark.slow
def test_a_newsletter_without_pages_has_no_links_to_them():
    result = render(edition(), newsletter(), shipped())

    assert set(result.html.slots) == set(result.text.slots) == {"unsubscribe", "address"}
    assert "browser" not in result.html.fill(READER)
    assert "canonical" not in result.web


def test_an_edition_without_blurbs_is_still_a_mail():
    result = render(edition(blurbs=()), newsletter(), shipped())

    assert "unsubscribe" in result.html.slots
    assert result.dropped == ()


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("UN: محادثات في جنيف حول المناخ", "\u200f"),
        ("الجزيرة says that the talks in Geneva go on", "\u200e"),
        ("محادثات UN في جنيف", ""),
        ("Talks in جنيف go on", ""),
        ("BBC عرب", ""),
        ("\u200eUN: محادثات في جنيف", ""),
        ("[UN](https://example.com/a-long-address-in-latin-letters) محادثات", "\u200f"),
        ("Talks – “go on”", ""),
    ],
)
def test_a_text_begins_with_its_own_direction(text: str, mark: str):
    """An even number of both says nothing, and an editor's mark stands."""
    item = blurb(headline=text, summary=f"{text}\n\nTalks", section="UN العالم كله")
    result = render(edition(subject=text, blurbs=(item,)), newsletter(sections=(item.section,)), shipped())

    assert result.subject == mark + text
    [headline] = lxml_html.fromstring("".join(result.html.pieces)).xpath("//h3")
    assert headline.text_content() == mark + text
    assert f"\n{mark}{text}" in "".join(result.text.pieces)
    # By its name a section's items are found.
    assert ">UN العالم كله</h2>" in result.web


def test_a_subject_is_one_line_and_otherwise_the_editors():
    result = render(edition(subject="Talks resume\r\nBcc: x@example.com "), newsletter(), shipped())

    assert result.subject == "Talks resume Bcc: x@example.com"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "words_of_it"),
    [
        ("en-GB", "Monday, November 23, 2026"),
        ("de", "Montag, 23. November 2026"),
        ("es", "Lunes, 23 de noviembre de 2026"),
        ("fr", "Lundi 23 novembre 2026"),
        ("tlh", "Monday, November 23, 2026"),
    ],
)
def test_the_date_is_in_the_words_of_the_language(language, words_of_it):
    day = EditionKey(newsletter="the-example", day=date(2026, 11, 23))
    result = render(edition(key=day), newsletter(language=language), shipped())

    assert words_of_it in result.text.fill(READER)
    assert words_of_it in visible(result.html.fill(READER))


# --- what follows readers -----------------------------------------------------------------------------


@pytest.mark.slow
def test_links_say_nothing_of_how_a_reader_came():
    tracked = "https://example.com/a?id=7&utm_source=feed&utm_medium=rss&fbclid=x1&gclid=y2&mc_eid=z3"
    item = blurb(url=tracked, summary=f"See [it]({tracked}).", dig_deeper=f"Read [this]({tracked}).")
    given_edition = edition(
        blurbs=(item,), letter=f"[Here]({tracked})", quick_hits=(Link(text="A line", url=tracked),)
    )
    result = render(given_edition, newsletter(), shipped())

    for part in (result.html.fill(READER), result.text.fill(READER), result.web):
        assert part.count("https://example.com/a?id=7") >= 5
        assert not re.search("utm_|fbclid|gclid|mc_eid", part)


def test_a_sponsors_link_is_as_it_was_booked():
    booked = "https://example.com/rates?utm_campaign=sift"
    sponsor = Sponsor(name="Lund", text=f"[Rates]({booked})", url=booked)
    result = render(edition(sponsors=(sponsor,)), newsletter(), shipped())

    assert result.html.fill(READER).count(booked) == result.text.fill(READER).count(booked) == 2


@pytest.mark.slow
@pytest.mark.parametrize("size", [{"width": 1, "height": 1}, {"width": 1}, {"height": 2, "width": 600}])
def test_a_picture_that_nobody_can_see_is_none(size):
    pixel = Image(url="https://example.com/count.gif", credit="A", **size)
    sponsor = Sponsor(name="Lund", text="Boats", url="https://example.com/", image=pixel)
    result = render(edition(blurbs=(blurb(image=pixel),), sponsors=(sponsor,)), newsletter(), shipped())

    assert "count.gif" not in result.html.fill(READER) + result.web


# --- the hash ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_hash_is_that_of_what_is_sent():
    same = render(edition(), newsletter(), shipped()).sha256

    assert render(edition(), newsletter(), Template("sift", sources())).sha256 == same
    assert render(edition(pending=(blurb(id="p"),)), newsletter(), shipped()).sha256 == same
    assert render(edition(subject="Other"), newsletter(), shipped()).sha256 != same
    assert render(edition(preheader="Other"), newsletter(), shipped()).sha256 != same
    assert render(edition(letter="Other"), newsletter(), shipped()).sha256 != same
    assert render(edition(), newsletter(from_="Other <example@example.org>"), shipped()).sha256 != same


# --- whatever the feeds bring ----------------------------------------------------------------------


@pytest.mark.slow
def test_feed_text_cannot_forge_a_slot():
    forged = "\ue000address\ue001 &#57344;address&#57345;"
    result = render(edition(blurbs=(blurb(headline=forged, summary=forged),)), newsletter(), shipped())

    assert result.html.slots.count("address") == result.text.slots.count("address") == 1


@pytest.mark.slow
def test_deep_markup_in_a_text_is_only_long_text():
    deep = "<div>" * 3_000 + "*" * 10_000 + "[" * 10_000
    result = render(edition(blurbs=(blurb(summary=deep),)), newsletter(), shipped())

    assert result.dropped == ()
    assert result.html.fill(READER).count("&lt;div&gt;") == 3_000


ANY_TEXT = st.text(max_size=40) | st.sampled_from(
    [
        "{{ x }}",
        "{% if %}",
        "</mj-text>",
        "<mj-raw>",
        "&amp;",
        "a\\b",
        "e\u0301",
        "\x00",
        "]]>",
        "<!--",
        "\ue000",
        "--",
    ]
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(ANY_TEXT, min_size=12, max_size=12))
def test_any_text_in_any_field_is_shown_as_text(texts):
    one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve = texts
    picture = Image(url="https://example.com/p.png", alt=one, caption=two, credit=f"c{three}")
    item = blurb(
        section=four, headline=five, byline=six, summary=seven, question=eight, context=nine, dig_deeper=ten
    )
    given_edition = edition(
        subject=eleven,
        preheader=twelve,
        letter=one,
        blurbs=(replace(item, image=picture, outlet=two, correction=three, url=four, update=True),),
        sponsors=(Sponsor(name=five, text=six, url=seven, image=picture),),
        quick_hits=(Link(text=eight, url=nine, outlet=ten),),
        asides=(Aside(title=eleven, text=twelve, by=one),),
        corrections=(two, three),
    )

    result = render(given_edition, newsletter(title=four, tagline=five), shipped())

    tree = lxml_html.fromstring(result.html.fill(READER))
    assert result.dropped == ()
    assert not tree.xpath("//script | //iframe")
    shown = "".join(tree.body.text_content().split())
    assert "".join(clean(five).split()) in shown
