"""The mail as the desk shows it: its views, live reload, and what a hostile mail cannot do."""

from __future__ import annotations

import shutil
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from kit.faultserver import FaultServer, reply
from kit.linekit import Project
from kit.previewserver import Desk, desk_of

from digest.app import SHIPPED

if TYPE_CHECKING:
    from kit.browser import Visit

pytest_plugins = ["kit.browser"]
pytestmark = pytest.mark.slow

VIEWS = ("Mail", "Inbox", "Text", "Raw", "Web page")
#: Milliseconds after which a browser has certainly done what it was going to do.
PATIENCE = 20_000
#: Milliseconds in which what must not happen would have happened.
PAUSE = 700


@pytest.fixture(scope="module")
def preview(built_once: Project, newsroom: str) -> Iterator[Desk]:
    """The edition as it was built, for tests that change nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMPLE_NEWSROOM", newsroom)
        with desk_of(built_once) as served:
            yield served


@pytest.fixture
def own(built: Project) -> Iterator[Desk]:
    """The desk of ``built``, which a test may change."""
    with desk_of(built) as served:
        yield served


def edit(path: Path, old: str, new: str) -> None:
    """As careful editors save: in a new file that takes the old one's place."""
    text = path.read_text()
    assert old in text
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(text.replace(old, new, 1))
    draft.replace(path)


def look(page: Any, view: str) -> None:
    """Choose a view; on a narrow screen the panel is opened first."""
    button = page.locator("#mail").get_by_role("button", name=view, exact=True)
    if not button.is_visible():
        page.get_by_role("navigation").get_by_role("button", name="Mail").click()
    button.click()


def mail_in(page: Any) -> Any:
    """The document in the frame, once all of it is there."""
    page.locator("iframe#frame").wait_for(timeout=PATIENCE)
    page.wait_for_function(
        "() => { const mail = document.querySelector('#frame').contentDocument;"
        " return mail && mail.body?.innerText && mail.readyState === 'complete'; }",
        timeout=PATIENCE,
    )
    return page.frames[1]


def wait_for_mail(page: Any, text: str) -> None:
    page.frame_locator("#frame").get_by_text(text).first.wait_for(timeout=PATIENCE)


# --- views --------------------------------------------------------------------------------------------


def test_the_inbox_row_is_cut_where_programs_cut_it(visit: Visit, preview: Desk):
    page = visit(preview.url)
    look(page, "Inbox")
    row = page.locator("#inbox figure", has_text="phone of 360")

    assert "The Morning Tide" in row.inner_text()
    assert "tide@example.org" not in row.inner_text()
    assert "Plus: " in row.inner_text()
    assert row.locator(".row").bounding_box()["width"] == 360
    assert row.locator(".preheader").evaluate("e => e.scrollWidth > e.clientWidth")


def test_weight_and_hash_are_told(visit: Visit, preview: Desk):
    page = visit(preview.url)
    mail_in(page)

    meter = page.get_by_role("meter")
    weight = int(meter.get_attribute("aria-valuenow"))

    assert f"{weight:,} of 102,400 bytes" in page.locator("#mail footer").inner_text()
    filled, whole = meter.locator("span").bounding_box(), meter.bounding_box()
    assert filled["width"] == pytest.approx(whole["width"] * weight / 102_400, abs=8)
    assert len(page.locator("#hash").text_content().removeprefix("sha256 ")) == 64


@pytest.mark.parametrize(("view", "width"), [("Desktop", 600), ("Phone", 360)])
@pytest.mark.parametrize("show", ["Mail", "Web page"])
def test_a_view_is_as_wide_as_it_says_without_the_scroll_bar(
    visit: Visit, preview: Desk, show: str, view: str, width: int
):
    page = visit(preview.url)
    look(page, show)
    look(page, view)

    inside = mail_in(page).evaluate("[document.documentElement.clientWidth, innerWidth]")

    assert inside[0] == width
    assert inside[1] > width  # there is a bar


@pytest.mark.parametrize("show", VIEWS)
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1000, 760), (360, 740)])
def test_a_view_fills_its_panel_and_nothing_is_cut_off(
    visit: Visit, preview: Desk, show: str, width: int, height: int
):
    page = visit(preview.url, width=width, height=height)
    page.locator(".item").first.wait_for(timeout=PATIENCE)
    look(page, show)
    shown = page.locator("#stage-of-mail > :visible")
    shown.wait_for(timeout=PATIENCE)

    box, stage = shown.bounding_box(), page.locator("#stage-of-mail").bounding_box()

    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("document.documentElement.scrollHeight") == height
    assert box["x"] >= stage["x"] - 1
    assert box["x"] + box["width"] <= width
    assert box["height"] >= stage["height"] - 2


def test_a_mail_that_is_wider_than_the_screen_is_drawn_smaller(visit: Visit, preview: Desk):
    page = visit(preview.url, width=360, height=740)
    page.locator(".item").first.wait_for(timeout=PATIENCE)
    look(page, "Desktop")

    assert mail_in(page).evaluate("document.documentElement.clientWidth") == 600
    assert page.locator("#frame").bounding_box()["width"] < 360


@pytest.mark.parametrize("show", ["Text", "Raw"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_raw_can_be_read_in_light_and_dark(visit: Visit, preview: Desk, show: str, scheme: str):
    page = visit(preview.url, scheme=scheme)
    look(page, show)
    plain = page.locator("#plain")
    page.locator("#plain", has_text="Osterra heads for runoff").wait_for(timeout=PATIENCE)

    ink, paper = plain.evaluate(
        "e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
        ".map(css => css.match(/\\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3)"
    )

    assert abs(ink - paper) > 180
    assert (paper < 64) == (scheme == "dark")
    assert ("Content-Transfer-Encoding" in plain.text_content()) == (show == "Raw")


def brightness(page: Any) -> float:
    """Of the mail's upper left corner on the screen, from 0 to 255."""
    box = page.locator("#frame").bounding_box()
    clip = {"x": box["x"] + 4, "y": box["y"] + 4, "width": 1, "height": 1}
    return page.evaluate(  # type: ignore[no-any-return]
        """async (data) => {
          const canvas = new OffscreenCanvas(1, 1).getContext("2d");
          const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
          canvas.drawImage(await createImageBitmap(new Blob([bytes])), 0, 0);
          const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
          return (red + green + blue) / 3;
        }""",
        b64encode(page.screenshot(clip=clip)).decode(),
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_mail_is_light_or_dark_as_chosen_whatever_the_system_prefers(
    visit: Visit, preview: Desk, scheme: str
):
    page = visit(preview.url, scheme=scheme)
    seen = {}
    for choice in ("light", "dark", "inverted"):
        page.locator("#look").select_option(choice)
        page.wait_for_function(
            "(view) => document.querySelector('#frame').contentDocument?.URL.endsWith(`view=${view}`)",
            arg=choice,
        )
        mail_in(page)
        seen[choice] = brightness(page)

    assert seen["light"] > 200
    assert seen["dark"] < 80
    assert seen["inverted"] < 80


def test_pictures_can_be_off(visit: Visit, preview: Desk):
    page = visit(preview.url)
    mail_in(page)
    page.locator("#look").select_option("bare")
    page.wait_for_function("() => document.querySelector('#frame').contentDocument?.URL.endsWith('bare')")

    assert mail_in(page).evaluate("[...document.images].every(image => !image.naturalWidth)")


def test_a_view_is_remembered(visit: Visit, preview: Desk):
    page = visit(preview.url)
    look(page, "Phone")
    look(page, "Text")

    page.reload()

    page.locator("#plain").wait_for(timeout=PATIENCE)
    assert page.get_by_role("button", name="Text", pressed=True).is_visible()
    look(page, "Mail")
    assert mail_in(page).evaluate("document.documentElement.clientWidth") == 360


def test_an_item_that_is_selected_is_scrolled_to(visit: Visit, preview: Desk):
    page = visit(preview.url)
    mail_in(page)

    page.locator(".item .pick").nth(4).click()

    page.wait_for_function("() => document.querySelector('#frame').contentWindow.scrollY > 500")
    headline = page.locator(".item .headline").nth(4).inner_text()
    heading = mail_in(page).get_by_role("heading", name=headline)
    assert heading.evaluate("e => Math.abs(e.getBoundingClientRect().top)") < 60


def test_a_link_of_the_mail_opens_beside_it(visit: Visit, preview: Desk):
    page = visit(preview.url)
    mail = mail_in(page)

    with page.expect_popup() as opened:
        mail.get_by_role("link", name="Osterra heads for runoff after split vote").last.click()

    assert "/meridian-wire/" in opened.value.url
    assert "/mail/html" in page.frames[1].url


def test_a_link_within_the_mail_stays_in_it(visit: Visit, preview: Desk):
    page = visit(preview.url)
    mail = mail_in(page)

    mail.locator("a[href='#story-4']").first.click()

    page.wait_for_function("() => document.querySelector('#frame').contentWindow.scrollY > 500")
    assert len(page.context.pages) == 1


# --- live -----------------------------------------------------------------------------------------------


def test_a_save_is_shown_at_the_same_place(visit: Visit, own: Desk, built: Project):
    page = visit(own.url)
    mail_in(page).evaluate("scrollTo(0, 900)")
    steps = page.evaluate("history.length")

    edit(built.edition, "headline: ", "headline: Zebras! ")

    wait_for_mail(page, "Zebras!")
    assert mail_in(page).evaluate("scrollY") == 900
    assert page.evaluate("history.length") == steps


def test_a_save_is_shown_as_text_too(visit: Visit, own: Desk, built: Project):
    page = visit(own.url)
    look(page, "Text")
    page.locator("#plain").wait_for(timeout=PATIENCE)

    edit(built.edition, "headline: ", "headline: Zebras! ")

    page.locator("#plain", has_text="Zebras!").wait_for(timeout=PATIENCE)


def test_templates_and_settings_are_shown_when_they_are_saved(visit: Visit, own: Desk, built: Project):
    page = visit(own.url)
    mail_in(page)

    parts = built.folder / "templates/sift/parts"
    parts.mkdir(parents=True)
    shutil.copy(SHIPPED / "templates/sift/parts/footer.mjml.j2", parts)
    edit(parts / "footer.mjml.j2", "</mj-text>", "<p>printed on no paper</p></mj-text>")
    wait_for_mail(page, "printed on no paper")

    edit(built.folder / "schedules.toml", 'title = "The Morning Tide"', 'title = "The Evening Tide"')
    page.get_by_role("heading", name="The Evening Tide").first.wait_for(timeout=PATIENCE)
    wait_for_mail(page, "The Evening Tide")


def test_what_is_broken_from_the_start_is_told_and_shown_when_mended(visit: Visit, built: Project):
    edit(built.edition, "use: yes", "use: yess")
    with desk_of(built) as served:
        page = visit(served.url, scheme="dark")
        page.get_by_text("This cannot be shown yet.").wait_for(timeout=PATIENCE)
        assert not page.locator("main").is_visible()

        edit(built.edition, "use: yess", "use: yes")

        wait_for_mail(page, "The Morning Tide")


def test_every_tab_is_live(visit: Visit, own: Desk, built: Project):
    tabs = [visit(own.url), visit(own.url)]
    for tab in tabs:
        mail_in(tab)

    edit(built.edition, "headline: ", "headline: Zebras! ")

    for tab in tabs:
        wait_for_mail(tab, "Zebras!")


def test_a_tab_that_nobody_sees_holds_no_connection_and_catches_up(visit: Visit, own: Desk, built: Project):
    page = visit(own.url)
    mail_in(page)
    turn = """state => {
      Object.defineProperty(document, 'visibilityState', {get: () => state, configurable: true});
      document.dispatchEvent(new Event('visibilitychange'));
    }"""
    page.evaluate(turn, "hidden")
    edit(built.edition, "headline: ", "headline: Zebras! ")
    page.wait_for_timeout(PAUSE)
    assert "Zebras!" not in page.locator("#frame").content_frame.locator("body").inner_text()

    page.evaluate(turn, "visible")

    wait_for_mail(page, "Zebras!")


# --- a hostile mail ---------------------------------------------------------------------------------------

HOSTILE = """<script>top.document.title="taken"</script><img src=x onerror=top.document.title="taken">"""

ACTIVE = """
<script>top.document.title = 'taken'; fetch('OUTSIDE/script')</script><script src="OUTSIDE/script"></script>
<img src="OUTSIDE/picture" alt=""><img src="x:" onerror="top.document.title = 'taken'" alt="">
<link rel="stylesheet" href="OUTSIDE/style"><style>@import 'OUTSIDE/style';</style>
<style>@font-face { font-family: foreign; src: url(OUTSIDE/font) } p { font-family: foreign }</style>
<iframe src="OUTSIDE/frame"></iframe><object data="OUTSIDE/object"></object><embed src="OUTSIDE/object">
<meta http-equiv="refresh" content="0; url=OUTSIDE/frame"><base href="OUTSIDE/">
<p onclick="top.document.title = 'taken'">press</p>
<a href="javascript:top.document.title='taken'">here</a>
<form action="OUTSIDE/form"><button>go</button></form>
"""


def test_markup_in_the_file_is_shown_as_words(visit: Visit, own: Desk, built: Project):
    edit(built.edition, "headline: Osterra heads for runoff after split vote", f"headline: '{HOSTILE}'")
    page = visit(own.url)
    for show in ("Mail", "Web page"):
        look(page, show)
        wait_for_mail(page, "<script>top.document.title=")
    page.wait_for_timeout(PAUSE)

    assert page.title() != "taken"


@pytest.mark.parametrize("in_frame", [True, False])
def test_a_mail_with_active_content_runs_nothing_and_asks_for_pictures_only(
    visit: Visit, built: Project, in_frame: bool
):
    """What the preview prevents by itself, should a template or the escaping let something through."""
    template = built.folder / "templates/sift/web.html.j2"
    template.parent.mkdir(parents=True)
    shutil.copy(SHIPPED / "templates/sift/web.html.j2", template)
    with FaultServer() as outside:
        active = ACTIVE.replace("OUTSIDE", outside.url("").rstrip("/"))
        edit(template, "</body>", f"{{% raw %}}{active}{{% endraw %}}</body>")
        with desk_of(built) as served:
            page = visit(served.url if in_frame else f"{served.url}mail/web")
            if in_frame:
                look(page, "Web page")
            mail = page.frame_locator("#frame") if in_frame else page
            mail.get_by_text("press", exact=True).click(timeout=PATIENCE)
            mail.get_by_role("link", name="here").click(timeout=PATIENCE)
            mail.get_by_role("button", name="go").click(timeout=PATIENCE)
            page.wait_for_timeout(PAUSE)

            assert page.title() != "taken"

        assert {asked.path for asked in outside.asked} == {"/picture"}
        assert all("referer" not in asked.headers for asked in outside.asked)


def test_a_foreign_page_cannot_frame_the_preview(visit: Visit, preview: Desk):
    with FaultServer() as foreign:
        body = f"<iframe src='{preview.url}'></iframe><iframe src='{preview.url}mail/html'></iframe>".encode()
        foreign.script("/", reply(200, body, content_type="text/html"))
        page = visit(foreign.url("/"))
        page.wait_for_timeout(PAUSE)

        assert [frame.url for frame in page.frames[1:]] == ["chrome-error://chromewebdata/"] * 2
