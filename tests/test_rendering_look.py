"""A mail and a page in a real browser: narrow and wide, light and dark, with and without pictures."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from kit.builders import newsletter
from test_rendering import CASES, READER, ROOT, blurb, edition, load, rendered, shipped

from digest.model import Image, Letter, Link, Sponsor
from digest.rendering import render
from digest.rendering.letters import letter
from digest.settings import Brand, Logo

pytestmark = pytest.mark.slow

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)

#: Every visible text whose contrast with what is behind it is below WCAG 2.2's level AA (1.4.3).
FAINT = """() => {
  const channel = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const numbers = css => css.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = element => {
    for (; element; element = element.parentElement) {
      const colour = numbers(getComputedStyle(element).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), faint = [];
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement, style = getComputedStyle(element);
    if (!texts.currentNode.data.trim() || !element.checkVisibility()) continue;
    const [a, b] = [light(numbers(style.color)), light(behind(element))].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    if ((a + 0.05) / (b + 0.05) < (large ? 3 : 4.5)) faint.push(texts.currentNode.data.trim());
  }
  return faint;
}"""


#: Each picture: the contrast of its alt text with its ground, and where it ends.
PICTURES = """() => {
  const channel = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = css => {
    const [r, g, b] = css.match(/[\\d.]+/g).map(Number);
    return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  };
  const behind = element => {
    for (; element; element = element.parentElement) {
      const colour = getComputedStyle(element).backgroundColor;
      if (!/, 0\\)$/.test(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  return [...document.images].map(image => {
    const [a, b] = [light(getComputedStyle(image).color), light(behind(image))].sort((x, y) => y - x);
    return {ratio: (a + 0.05) / (b + 0.05), right: image.getBoundingClientRect().right, alt: image.alt};
  });
}"""


#: What a page may not end within, except for what is in one line.
UNBROKEN = """() => [...document.querySelectorAll("div, table, ol, ul")]
  .filter(e => /inline-|flex|grid/.test(getComputedStyle(e).display)).map(e => e.outerHTML.slice(0, 80))"""


#: What is laid out from the left though it holds more than one text.
LEFT_TO_RIGHT = """() => [...document.querySelectorAll("div, table, td, ol, ul")]
  .filter(e => getComputedStyle(e).direction === "ltr").map(e => e.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())
        yield chromium
        chromium.close()


@pytest.fixture
def show(browser) -> Iterator[Any]:
    """Shows HTML in the window of a width and a colour scheme, one at a time; every request is refused."""
    pages: dict[tuple[int, str], Any] = {}

    def shown(html: str, *, width: int, scheme: str = "light") -> Any:
        if (width, scheme) not in pages:
            page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
            page.route("**/*", lambda route: route.abort())
            pages[width, scheme] = page
        pages[width, scheme].set_content(html, wait_until="domcontentloaded")
        return pages[width, scheme]

    yield shown
    for page in pages.values():
        page.close()


def bodies(case: str) -> list[str]:
    """The mail as each template makes it, and the page."""
    result = rendered(case)
    return [result.html.fill(READER), rendered(case, "brief").html.fill(READER), result.web]


@pytest.mark.parametrize("case", [path.stem for path in CASES])
@pytest.mark.parametrize("width", [320, 600, 1200])
def test_nothing_scrolls_sideways(show, case, width):
    *mails, page = bodies(case)
    # As some mail programs show it.
    bare = [re.sub(r"<style.*?</style>", "", mail, flags=re.DOTALL) for mail in mails]

    for html in (*mails, *bare, page):
        assert show(html, width=width).evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("pixels", "shown"), [(120, 120), (400, 640), (2400, 640)])
def test_a_page_blurs_no_small_picture(show, pixels, shown):
    image = Image(url="https://example.com/p.png", alt="A", credit="AP", width=pixels, height=pixels)
    page = show(render(edition(blurbs=(blurb(image=image),)), newsletter(), shipped()).web, width=1200)

    assert page.locator("figure img").bounding_box()["width"] == shown


def test_a_very_long_word_does_not_widen_the_mail(show):
    word = "Donaudampfschifffahrtsgesellschaft" * 20
    item = blurb(headline=word, summary=word, byline=word, dig_deeper=f"[{word}](https://example.com/)")
    result = render(replace(edition(letter=word), blurbs=(item,)), newsletter(title=word[:68]), shipped())

    for html in (result.html.fill(READER), result.web):
        assert show(html, width=320).evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("template", ["sift", "brief"])
def test_no_logo_widens_a_mail(show, template):
    wide = Brand(logo=Logo(url="https://example.com/logo.png", width=560, height=140))
    mail = render(edition(), newsletter(brand=wide), shipped(template)).html.fill(READER)

    for html in (mail, re.sub(r"<style.*?</style>", "", mail, flags=re.DOTALL)):
        assert show(html, width=320).evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("template", ["sift", "brief"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_stands_for_a_picture_is_read_and_in_its_place(show, template, scheme):
    """No picture is shown here: readers see the alt text, on the ground that the picture has."""
    wide = Brand(logo=Logo(url="https://example.com/logo.png", width=560, height=140))
    paid = Sponsor(
        name="A shop",
        text="Buy.",
        url="https://example.com/",
        place="top",
        image=Image(url="https://e.com/p.png"),
    )
    result = render(
        edition(blurbs=(blurb(image=Image(url="https://e.com/i.png", credit="AP")),), sponsors=(paid,)),
        newsletter(brand=wide),
        shipped(template),
    )

    for html, pictures in ((result.html.fill(READER), 3 if template == "sift" else 2), (result.web, 3)):
        page = show(html, width=320, scheme=scheme)
        found = page.evaluate(PICTURES)
        assert len(found) == pictures
        assert [p for p in found if p["ratio"] < 4.5 or p["right"] > 300] == []


@pytest.mark.parametrize("template", ["sift", "brief"])
def test_a_printer_may_end_a_page_between_any_two_lines(show, template):
    """Not in what is inline-block: there it cuts through letters and photos."""
    page = show(rendered("full", template).html.fill(READER), width=700)
    page.emulate_media(media="print")
    try:
        assert page.locator("p, h1, h2, h3, li").count() > 20
        assert page.evaluate(UNBROKEN) == []
    finally:
        page.emulate_media(media="screen")


@pytest.mark.parametrize("case", ["full", "rtl"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_contrast_is_enough(show, case, scheme):
    for html in bodies(case):
        page = show(html, width=600, scheme=scheme)
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")

        assert page.evaluate(FAINT) == []
        assert (background == "rgb(255, 255, 255)") == (scheme == "light")


DARK_HOUSE = Brand(accent="#ffe066", paper="#101014", ink="#f2f2f2")


@pytest.mark.parametrize("brand", [Brand(), DARK_HOUSE], ids=["light", "dark"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_button_of_a_letter_is_read_in_any_houses_colours(show, brand, scheme):
    sent = letter(Letter.CONFIRM, newsletter(brand=brand), shipped(), edition().key)
    page = show(sent.html.fill({"link": "https://news.example.org/confirm/t0ken"}), width=600, scheme=scheme)

    assert page.locator(".button a").inner_text() == "Confirm my subscription"
    assert page.evaluate(FAINT) == []


def test_the_preheader_is_first_and_hidden(show):
    page = show(bodies("full")[0], width=600)
    first = page.locator("body > div").first

    assert first.text_content().startswith("Plus: a treaty for the islands")
    assert not first.is_visible()


def test_hebrew_runs_from_the_right(show):
    page = show(bodies("rtl")[0], width=600)
    headline = page.locator("h3").first

    assert headline.evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert page.locator("h3").last.evaluate("e => getComputedStyle(e).direction") == "ltr"


@pytest.mark.parametrize("template", ["sift", "brief"])
def test_all_of_a_hebrew_mail_is_laid_out_from_the_right(show, template):
    case, owner = load(ROOT / "tests/data/editions/rtl.yaml")
    narrow = Image(url="https://example.com/p.jpg", credit="AP", width=200, height=400)
    hits = (Link(text="Ferry talks resume", url="https://example.com/f"),)
    blurbs = (replace(case.blurbs[0], image=narrow), *case.blurbs[1:])
    result = render(replace(case, blurbs=blurbs, quick_hits=hits), owner, shipped(template))
    page = show(result.html.fill(READER), width=600)

    assert page.locator("li").evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert page.evaluate(LEFT_TO_RIGHT) == []
    if template == "sift":
        day, number = (page.get_by_text(words).bounding_box() for words in ("Monday, November", "No."))
        assert day["x"] > number["x"]
        picture = page.locator("img").bounding_box()
        assert picture["x"] + picture["width"] == 580
