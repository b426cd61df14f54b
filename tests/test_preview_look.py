"""The preview in a real browser: its views, live reload, and what a hostile mail cannot do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from faultserver import FaultServer, reply
from linekit import Project
from previewserver import Preview, previewing

from digest.app import SHIPPED

if TYPE_CHECKING:
    from browser import Visit

pytest_plugins = ["browser"]
pytestmark = pytest.mark.slow

VIEWS = ("Desktop", "Phone", "Text", "Raw", "Web page")
#: Milliseconds after which a browser has certainly done what it was going to do.
PATIENCE = 20_000
#: Milliseconds in which what must not happen would have happened.
PAUSE = 700


@pytest.fixture(scope="module")
def preview(built_once: Project, newsroom: str) -> Iterator[Preview]:
    """The edition as it was built, for tests that change nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMPLE_NEWSROOM", newsroom)
        with previewing(built_once) as served:
            yield served


@pytest.fixture
def own(built: Project) -> Iterator[Preview]:
    """The preview of ``built``, which a test may change."""
    with previewing(built) as served:
        yield served


def edit(path: Path, old: str, new: str) -> None:
    """As careful editors save: in a new file that takes the old one's place."""
    text = path.read_text()
    assert old in text
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(text.replace(old, new, 1))
    draft.replace(path)


def look(page: Any, view: str) -> None:
    page.get_by_role("button", name=view, exact=True).click()


def mail_in(page: Any) -> Any:
    """The document in the frame, once all of it is there."""
    page.locator("iframe#mail").wait_for(timeout=PATIENCE)
    page.wait_for_function(
        "() => { const mail = document.querySelector('#mail').contentDocument;"
        " return mail && mail.body?.innerText && mail.readyState === 'complete'; }",
        timeout=PATIENCE,
    )
    return page.frames[1]


def wait_for_mail(page: Any, text: str) -> None:
    page.frame_locator("#mail").get_by_text(text).first.wait_for(timeout=PATIENCE)


# --- views --------------------------------------------------------------------------------------------


def test_the_inbox_row_and_the_facts_are_told(visit: Visit, preview: Preview):
    page = visit(preview.url)
    mail_in(page)

    header = page.locator("header").inner_text()

    assert "The Morning Tide <tide@example.org>" in header
    assert "Plus: " in header
    assert "morning-tide/2026-11-23" in header
    assert "bytes of HTML" in header
    assert len(page.locator("#sha256").text_content().removeprefix("sha256 ")) == 64
    assert page.get_by_role("status").inner_text() == "Live"
    assert page.get_by_role("alert").count() == 0


@pytest.mark.parametrize(("view", "width"), [("Desktop", 660), ("Phone", 360), ("Web page", 1040)])
def test_a_view_is_as_wide_as_it_says_without_the_scroll_bar(
    visit: Visit, preview: Preview, view: str, width: int
):
    page = visit(preview.url)
    look(page, view)

    inside = mail_in(page).evaluate("[document.documentElement.clientWidth, innerWidth]")

    assert inside[0] == width
    assert inside[1] > width  # there is a bar


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("width", "height"), [(1200, 800), (360, 740)])
def test_a_view_fills_the_window_and_nothing_is_cut_off(
    visit: Visit, preview: Preview, view: str, width: int, height: int
):
    page = visit(preview.url, width=width, height=height)
    look(page, view)
    shown = page.locator("main > :visible")
    shown.wait_for(timeout=PATIENCE)

    box, main = shown.bounding_box(), page.locator("main").bounding_box()

    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("document.documentElement.scrollHeight") == height
    assert height - (box["y"] + box["height"]) <= 20
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["height"] >= main["height"] - 40


@pytest.mark.parametrize("view", ["Text", "Raw"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_raw_can_be_read_in_light_and_dark(visit: Visit, preview: Preview, view: str, scheme: str):
    page = visit(preview.url, scheme=scheme)
    look(page, view)
    plain = page.locator("#plain")
    page.locator("#plain", has_text="Osterra heads for runoff").wait_for(timeout=PATIENCE)

    ink, paper = plain.evaluate(
        "e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
        ".map(css => css.match(/\\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3)"
    )

    assert abs(ink - paper) > 180
    assert (paper < 64) == (scheme == "dark")
    assert ("Content-Transfer-Encoding" in plain.text_content()) == (view == "Raw")


def test_a_view_has_an_address_of_its_own(visit: Visit, preview: Preview):
    page = visit(f"{preview.url}#phone")
    assert mail_in(page).evaluate("document.documentElement.clientWidth") == 360

    look(page, "Text")
    page.reload()

    page.locator("#plain").wait_for(timeout=PATIENCE)
    assert page.get_by_role("button", pressed=True).inner_text() == "Text"


def test_the_keyboard_reaches_every_view_and_is_seen(visit: Visit, preview: Preview):
    page = visit(preview.url)
    mail_in(page)
    for view in VIEWS:
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        assert focused.inner_text() == view
        assert focused.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"

    page.keyboard.press("Enter")

    assert page.get_by_role("button", pressed=True).inner_text() == "Web page"


def test_a_link_of_the_mail_opens_beside_it(visit: Visit, preview: Preview):
    page = visit(preview.url)
    mail = mail_in(page)

    with page.expect_popup() as opened:
        mail.get_by_role("link", name="Osterra heads for runoff after split vote").last.click()

    assert "/meridian-wire/" in opened.value.url
    assert page.frames[1].url.endswith("/mail/html")


def test_a_link_within_the_mail_stays_in_it(visit: Visit, preview: Preview):
    page = visit(preview.url)
    mail = mail_in(page)

    mail.locator("a[href='#story-4']").first.click()

    page.wait_for_function("document.querySelector('#mail').contentWindow.scrollY > 500", timeout=PATIENCE)
    assert len(page.context.pages) == 1


# --- live -----------------------------------------------------------------------------------------------


def test_a_save_is_shown_at_the_same_place(visit: Visit, own: Preview, built: Project):
    page = visit(own.url)
    mail_in(page).evaluate("scrollTo(0, 900)")
    steps = page.evaluate("history.length")

    edit(built.edition, "headline: ", "headline: Zebras! ")

    wait_for_mail(page, "Zebras!")
    assert mail_in(page).evaluate("scrollY") == 900
    assert page.evaluate("history.length") == steps


def test_a_save_is_shown_as_text_too(visit: Visit, own: Preview, built: Project):
    page = visit(f"{own.url}#text")
    page.locator("#plain").wait_for(timeout=PATIENCE)

    edit(built.edition, "headline: ", "headline: Zebras! ")

    page.locator("#plain", has_text="Zebras!").wait_for(timeout=PATIENCE)


def test_templates_and_settings_are_shown_when_they_are_saved(visit: Visit, own: Preview, built: Project):
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


def test_a_broken_file_is_told_above_the_last_good_state(visit: Visit, own: Preview, built: Project):
    page = visit(own.url)
    mail_in(page)

    edit(built.edition, "use: yes", "use: yess")
    alert = page.get_by_role("alert")
    alert.wait_for(timeout=PATIENCE)

    assert "This cannot be sent. Below is the last state that could be shown." in alert.inner_text()
    assert ".yaml:31:10: " in alert.inner_text()
    assert "did you mean yes?" in alert.inner_text()
    assert "Osterra" in page.frames[1].locator("body").inner_text()

    edit(built.edition, "use: yess", "use: yes")
    alert.wait_for(state="hidden", timeout=PATIENCE)


def test_what_is_broken_from_the_start_is_told_and_shown_when_mended(visit: Visit, built: Project):
    edit(built.edition, "use: yes", "use: yess")
    with previewing(built) as served:
        page = visit(served.url, scheme="dark")
        page.get_by_text("This cannot be shown yet.").wait_for(timeout=PATIENCE)
        assert not page.locator("main").is_visible()

        edit(built.edition, "use: yess", "use: yes")

        wait_for_mail(page, "Osterra")


def test_every_tab_is_live(visit: Visit, own: Preview, built: Project):
    tabs = [visit(own.url), visit(f"{own.url}#phone")]
    for tab in tabs:
        mail_in(tab)

    edit(built.edition, "headline: ", "headline: Zebras! ")

    for tab in tabs:
        wait_for_mail(tab, "Zebras!")


def test_a_tab_that_nobody_sees_holds_no_connection_and_catches_up(
    visit: Visit, own: Preview, built: Project
):
    page = visit(own.url)
    mail_in(page)
    turn = """state => {
      Object.defineProperty(document, 'visibilityState', {get: () => state, configurable: true});
      document.dispatchEvent(new Event('visibilitychange'));
    }"""
    page.evaluate(turn, "hidden")
    edit(built.edition, "headline: ", "headline: Zebras! ")
    page.wait_for_timeout(PAUSE)
    assert "Zebras!" not in page.locator("#mail").content_frame.locator("body").inner_text()

    page.evaluate(turn, "visible")

    wait_for_mail(page, "Zebras!")


def test_the_end_of_the_preview_is_told(visit: Visit, own: Preview):
    page = visit(own.url)
    mail_in(page)

    own.process.terminate()
    own.process.wait(timeout=20)

    page.get_by_text("No connection").wait_for(timeout=PATIENCE)
    assert "Osterra" in page.frames[1].locator("body").inner_text()


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


def test_markup_in_the_file_is_shown_as_words(visit: Visit, own: Preview, built: Project):
    edit(built.edition, "headline: Osterra heads for runoff after split vote", f"headline: '{HOSTILE}'")
    page = visit(own.url)
    for view in ("Desktop", "Web page"):
        look(page, view)
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
        with previewing(built) as served:
            page = visit(f"{served.url}#web" if in_frame else f"{served.url}mail/web")
            mail = page.frame_locator("#mail") if in_frame else page
            mail.get_by_text("press", exact=True).click(timeout=PATIENCE)
            mail.get_by_role("link", name="here").click(timeout=PATIENCE)
            mail.get_by_role("button", name="go").click(timeout=PATIENCE)
            page.wait_for_timeout(PAUSE)

            assert page.title() != "taken"

        assert {asked.path for asked in outside.asked} == {"/picture"}
        assert all("referer" not in asked.headers for asked in outside.asked)


def test_a_foreign_page_cannot_frame_the_preview(visit: Visit, preview: Preview):
    with FaultServer() as foreign:
        body = f"<iframe src='{preview.url}'></iframe><iframe src='{preview.url}mail/html'></iframe>".encode()
        foreign.script("/", reply(200, body, content_type="text/html"))
        page = visit(foreign.url("/"))
        page.wait_for_timeout(PAUSE)

        assert [frame.url for frame in page.frames[1:]] == ["chrome-error://chromewebdata/"] * 2
