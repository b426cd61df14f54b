"""The house's logo and colours: what is refused in schedules.toml, and what a page makes of the rest."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit.builders import newsletter
from lxml import html as lxml_html
from test_config import problems, read
from test_rendering import READER, edition, shipped

from digest import colours
from digest.colours import Colour
from digest.proofreading import contrast
from digest.rendering import render
from digest.rendering.page import icon_of, look
from digest.settings import Brand, DarkColours, Logo

LEAST = """
[newsletters.the-sift]
title = "The Sift"
timezone = "America/New_York"
from = "The Sift <sift@example.org>"
postal_address = "12 Station Road, Springfield"
feeds = [{ url = "https://example.com/rss.xml" }]

[newsletters.the-sift.brand]
"""
COLOURS = st.builds(Colour, *[st.integers(0, 255)] * 3)


def html(brand: Brand, template: str = "sift", **given: Any) -> str:
    return render(edition(), newsletter(brand=brand, **given), shipped(template)).html.fill(READER)


# --- the file ----------------------------------------------------------------------------------------


def test_a_brand_is_read():
    brand = (
        read(
            LEAST
            + """
logo = { url = "https://example.org/logo.png", width = 240, height = 60 }
accent = "#0B4F6C"
dark = { accent = "#7cc4e0" }
"""
        )
        .newsletters["the-sift"]
        .brand
    )

    assert brand.logo == Logo(url="https://example.org/logo.png", width=240, height=60)
    assert (brand.accent, brand.dark.accent, brand.paper) == ("#0b4f6c", "#7cc4e0", "#ffffff")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            'accent = "#d9776f"',
            "brand.accent: #d9776f on #f4f4f3, the boxes on paper #ffffff, has a contrast of 2.7:1, and text "
            "needs 4.5:1 (WCAG 2.2, level AA): #c53f34 has it",
        ),
        (
            'ink = "#999999"',
            "brand.ink: #999999 on #fafafa, the boxes on paper #ffffff, has a contrast of 2.7:1",
        ),
        (
            'paper = "#777777"',
            "brand.accent: #98201b on #737272, the boxes on paper #777777, has a contrast of 1.7:1",
        ),
        ('dark = { accent = "#98201b" }', "brand.dark.accent: #98201b on #"),
        ('dark = { paper = "#ffffff" }', "brand.dark.ink: #ebe7e0 on #"),
        (
            'accent = "red"',
            'brand.accent: must be a colour in six hexadecimal digits, as in "#98201b"; got "red"',
        ),
        (
            'logo = { url = "https://example.org/l.png", width = 600, height = 60 }',
            "brand.logo.width: must be",
        ),
        ('logo = { url = "https://example.org/l.png" }', "brand.logo.width is required"),
    ],
)
def test_what_cannot_be_read_is_refused(line, said):
    found = problems(LEAST + line)

    assert any(problem.startswith(f"newsletters.the-sift.{said}") for problem in found), found


@given(COLOURS, COLOURS, COLOURS)
def test_the_colour_that_a_problem_proposes_is_none(paper, ink, accent):
    for problem in _problems(paper, ink, accent):
        key, proposal = problem.split(": ")[0].rpartition(".")[2], problem.split(": ")[-1].split()[0]
        again = {"paper": str(paper), "ink": str(ink), "accent": str(accent), key: proposal}
        box = colours.box_on(paper, colours.read(again["ink"]))
        best = max(
            min(colours.ratio(end, ground) for ground in (paper, box))
            for end in (colours.BLACK, colours.WHITE)
        )
        found = colours.read(proposal)
        if key == "accent" and best >= colours.ENOUGH:
            assert min(colours.ratio(found, paper), colours.ratio(found, box)) >= colours.ENOUGH


def _problems(paper: Colour, ink: Colour, accent: Colour) -> list[str]:
    from digest.config.checks import check

    table = {"paper": str(paper), "ink": str(ink), "accent": str(accent)}
    found = check({"newsletters": {"n": {"brand": table}}})
    return [f"{place[-1]}: {words}" for place, words in found if place[2:3] == ("brand",)]


# --- the colours ---------------------------------------------------------------------------------------


@given(COLOURS, COLOURS)
def test_all_text_of_a_scheme_is_read_on_all_of_its_grounds(paper, ink):
    if min(colours.ratio(ink, paper), colours.ratio(ink, colours.box_on(paper, ink))) < colours.ENOUGH:
        return
    made = colours.scheme(paper=paper, ink=ink, accent=ink)

    for text in (made.ink, made.muted):
        for ground in (made.paper, made.box):
            assert colours.ratio(text, ground) >= colours.ENOUGH


@given(COLOURS)
def test_an_accent_is_lightened_for_dark_screens(accent):
    dark = look(Brand(accent=str(accent)), "The Example").dark

    assert min(colours.ratio(dark.accent, dark.paper), colours.ratio(dark.accent, dark.box)) >= colours.ENOUGH


def test_the_default_colours_are_read():
    made = look(Brand(), "The Example")

    for scheme in (made.light, made.dark):
        for text in (scheme.ink, scheme.accent, scheme.muted):
            assert min(colours.ratio(text, scheme.paper), colours.ratio(text, scheme.box)) >= colours.ENOUGH


# --- the page ------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("template", ["sift", "brief"])
def test_a_logo_stands_in_for_the_name(template):
    logo = Logo(url="https://example.org/logo.png", width=240, height=60)
    mail = lxml_html.fromstring(html(Brand(logo=logo), template))
    page = lxml_html.fromstring(render(edition(), newsletter(brand=Brand(logo=logo)), shipped(template)).web)

    for tree in (mail, page):
        [image] = tree.xpath("//h1//img")
        assert image.get("src") == "https://example.org/logo.png"
        assert (image.get("width"), image.get("height"), image.get("alt")) == ("240", "60", "The Example")
        assert tree.xpath("//h1")[0].text_content().strip() == ""


@pytest.mark.slow
@pytest.mark.parametrize("template", ["sift", "brief"])
def test_the_brands_colours_are_in_mail_and_page(template):
    brand = Brand(accent="#0b4f6c", paper="#fdf6ec", ink="#102030", dark=DarkColours(paper="#001122"))
    mail = html(brand, template, tagline="Daily")
    page = render(edition(), newsletter(brand=brand), shipped(template)).web

    for text in (mail, page):
        assert all(code in text for code in ("#0b4f6c", "#fdf6ec", "#102030", "#001122"))
        assert "#98201b" not in text
        assert "#ffffff" not in text
    assert list(contrast.findings(mail)) == []


# --- the icon ----------------------------------------------------------------------------------------------


def chunks(png: bytes) -> dict[bytes, bytes]:
    """Each by its name, with its checksum looked at."""
    found, at = {}, 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        name, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert png[at + 8 + length : at + 12 + length] == struct.pack(">I", zlib.crc32(name + data))
        found[name], at = data, at + 12 + length
    return found


def test_the_icon_is_a_small_picture_in_the_brands_colours():
    picture = icon_of(Brand(accent="#123456", paper="#fffff0"))
    parts = chunks(picture)

    assert len(picture) < 200
    assert struct.unpack(">IIBB", parts[b"IHDR"][:10]) == (32, 32, 1, 3)
    assert parts[b"PLTE"] == bytes.fromhex("123456fffff0")
    rows = zlib.decompress(parts[b"IDAT"])
    assert len(rows) == 32 * (1 + 4)
    assert rows[7 * 5 : 8 * 5] == b"\0" + (((1 << 20) - 1) << 6).to_bytes(4, "big"), "a line in the middle"
    assert (
        chunks(icon_of(Brand(accent="#123456", paper="#fffff0"), is_desk=True))[b"PLTE"][:3]
        == b"\xff\xff\xf0"
    )
