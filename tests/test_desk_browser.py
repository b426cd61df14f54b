"""The desk in a real browser: what an editor does there is in the file, and what is in the file is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from kit.builders import NOW
from kit.linekit import Project
from kit.previewserver import Desk, desk_of

from digest import editions
from digest.model import Blurb, Edition, EditionKey

if TYPE_CHECKING:
    from kit.browser import Visit

pytest_plugins = ["kit.browser"]
pytestmark = pytest.mark.slow

#: Milliseconds after which a browser has certainly done what it was going to do.
PATIENCE = 20_000
#: Milliseconds in which what must not happen would have happened.
PAUSE = 700
KEY = EditionKey(newsletter="morning-tide", day=NOW.date())


@pytest.fixture
def desk(built: Project) -> Iterator[Desk]:
    with desk_of(built) as served:
        yield served


def edit(path: Path, old: str, new: str) -> None:
    """As careful editors save: in a new file that takes the old one's place."""
    text = path.read_text()
    assert old in text
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(text.replace(old, new, 1))
    draft.replace(path)


def in_file(project: Project) -> Edition:
    return editions.parse(project.edition.read_text(), source="", key=KEY)


def headlines(blurbs: tuple[Blurb, ...]) -> list[str]:
    return [blurb.headline for blurb in blurbs]


class Page:
    """The desk as an editor sees it."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.keyboard = page.keyboard
        page.locator(".item").first.wait_for(timeout=PATIENCE)

    def rows(self, section: str = "") -> list[str]:
        """Headlines of a section's items, or of all, from top to bottom."""
        scope = f'[data-section="{section}"] ' if section else ""
        return self.page.locator(f"#list {scope}.item .headline").all_inner_texts()  # type: ignore[no-any-return]

    def row(self, headline: str) -> Any:
        return self.page.locator(".item", has=self.page.get_by_text(headline, exact=True))

    def pick(self, headline: str) -> Any:
        return self.row(headline).locator(".pick")

    def field(self, label: str) -> Any:
        return self.page.get_by_role("textbox", name=label, exact=True)

    def saved(self) -> None:
        """Wait until nothing is on its way to the file."""
        self.page.locator("#saving", has_text=re.compile("^Saved$")).wait_for(timeout=PATIENCE)

    def spoken(self, words: str) -> None:
        self.page.locator("#spoken", has_text=words).wait_for(timeout=PATIENCE, state="attached")

    def drag(self, headline: str, to: Any, *, below: bool = False) -> None:
        """Press a row, and let it go over the upper or lower end of another element."""
        to.scroll_into_view_if_needed()
        self.row(headline).scroll_into_view_if_needed()
        here, there = self.row(headline).bounding_box(), to.bounding_box()
        mouse = self.page.mouse
        mouse.move(here["x"] + 90, here["y"] + here["height"] / 2)
        mouse.down()
        mouse.move(here["x"] + 90, here["y"] + here["height"] / 2 + 12)
        mouse.move(there["x"] + 90, there["y"] + (there["height"] - 3 if below else 3), steps=6)

    def drop(self) -> None:
        self.page.mouse.up()
        self.saved()


# --- moving ---------------------------------------------------------------------------------------------


def test_a_row_is_dragged_to_another_place(visit: Visit, desk: Desk, built: Project):
    page = Page(visit(desk.url))
    first, second, *_ = page.rows("Nation")

    page.drag(second, page.row(first))
    assert page.page.locator(".drop-line").is_visible()
    page.drop()

    assert page.rows("Nation")[:2] == [second, first]
    written = headlines(in_file(built).blurbs)
    assert written.index(second) == written.index(first) - 1


def test_a_row_that_is_dragged_into_another_section_belongs_to_it(visit: Visit, desk: Desk, built: Project):
    page = Page(visit(desk.url))
    [moved, *_] = page.rows("Business")
    [neighbour, *_] = page.rows("Nation")

    page.drag(moved, page.row(neighbour), below=True)
    page.drop()

    assert page.rows("Nation")[:2] == [neighbour, moved]
    assert next(blurb for blurb in in_file(built).blurbs if blurb.headline == moved).section == "Nation"


def test_a_drag_is_given_up_with_escape(visit: Visit, desk: Desk, built: Project):
    page = Page(visit(desk.url))
    before, text = page.rows(), built.edition.read_text()

    page.drag(before[3], page.row(before[0]))
    page.keyboard.press("Escape")
    page.page.mouse.up()
    page.page.wait_for_timeout(PAUSE)

    assert page.rows() == before
    assert built.edition.read_text() == text


def test_a_finger_drags_a_row_by_its_grip(visit: Visit, desk: Desk, built: Project):
    page = Page(visit(desk.url, width=390, height=844, touch=True))
    first, second, *_ = page.rows("Nation")
    page.row(second).scroll_into_view_if_needed()
    grip, target = page.row(second).locator(".grip").bounding_box(), page.row(first).bounding_box()
    finger = page.page.context.new_cdp_session(page.page)

    def touch(kind: str, *points: dict[str, float]) -> None:
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    touch("touchStart", {"x": x, "y": y})
    for height in (y - 10, y - 40, target["y"] + 3):
        touch("touchMove", {"x": x, "y": height})
    touch("touchEnd")
    page.saved()

    assert page.rows("Nation")[:2] == [second, first]
    assert headlines(in_file(built).blurbs).index(second) < headlines(in_file(built).blurbs).index(first)


def test_a_row_is_moved_by_keys_keeps_the_focus_and_says_where_it_is(
    visit: Visit, desk: Desk, built: Project
):
    page = Page(visit(desk.url))
    first, second, *_ = page.rows("Nation")
    page.pick(first).focus()
    page.pick(first).click()

    page.pick(first).press("Alt+ArrowDown")

    page.spoken(f"“{first}”: place 2 of {len(page.rows('Nation'))} in Nation")
    page.saved()
    assert page.rows("Nation")[:2] == [second, first]
    assert page.pick(first).evaluate("e => e === document.activeElement")
    written = headlines(in_file(built).blurbs)
    assert written.index(first) == written.index(second) + 1


def test_an_item_goes_by_keys_into_the_next_section(visit: Visit, desk: Desk, built: Project):
    page = Page(visit(desk.url))
    last = page.rows("World")[-1]
    page.pick(last).click()

    page.pick(last).press("Alt+ArrowDown")
    page.saved()

    assert page.rows("Nation")[0] == last
    assert next(blurb for blurb in in_file(built).blurbs if blurb.headline == last).section == "Nation"


def test_items_are_dropped_held_and_brought_in(visit: Visit, desk: Desk, built: Project):
    page = Page(visit(desk.url))
    first, second, *_ = page.rows()
    pending = page.page.locator('[data-list="pending"] .headline').first.inner_text()

    page.pick(first).press("x")
    page.pick(second).click()
    page.pick(second).press("h")
    page.row(pending).hover()
    page.row(pending).get_by_role("button", name="Bring in").click()
    page.saved()

    uses = {blurb.headline: str(blurb.use) for blurb in in_file(built).blurbs}
    assert (uses[first], uses[second], uses[pending]) == ("no", "hold", "yes")
    assert "dropped" in page.row(first).inner_text()
    assert "held" in page.row(second).inner_text()


# --- writing --------------------------------------------------------------------------------------------


def test_a_headline_is_edited_in_place(visit: Visit, desk: Desk, built: Project):
    page = Page(visit(desk.url))
    page.pick(page.rows()[0]).click()

    page.field("Headline").fill("Zebras cross the river")
    page.keyboard.press("Tab")
    page.saved()

    assert headlines(in_file(built).blurbs)[0] == "Zebras cross the river"
    page.page.frame_locator("#frame").get_by_text("Zebras cross the river").first.wait_for(timeout=PATIENCE)
    assert page.rows()[0] == "Zebras cross the river"
    assert "edited" in page.row("Zebras cross the river").inner_text()


def test_subject_and_letter_are_edited_and_the_subject_is_counted(visit: Visit, desk: Desk, built: Project):
    page = Page(visit(desk.url))
    page.page.locator(".pick.edition").click()

    page.field("Subject").fill("z" * 61)
    assert page.page.get_by_text("61 / 60").evaluate("e => e.classList.contains('over')")
    page.field("Subject").fill("Zebras")
    page.field("Letter").fill("Dear friends,\n\nthe zebras are back.")
    page.field("Letter").press("Control+Enter")
    page.saved()

    assert in_file(built).subject == "Zebras"
    assert in_file(built).letter == "Dear friends,\n\nthe zebras are back."
    assert page.field("Letter").evaluate("e => e === document.activeElement")


def test_escape_takes_a_text_back_and_it_can_be_brought_back(visit: Visit, desk: Desk, built: Project):
    page = Page(visit(desk.url))
    [headline, *_] = page.rows()
    page.pick(headline).click()

    page.field("Headline").fill("Zebras")
    page.field("Headline").press("Escape")
    assert page.field("Headline").input_value() == headline
    page.page.get_by_role("button", name="Bring it back").click()
    page.saved()

    assert headlines(in_file(built).blurbs)[0] == "Zebras"


def test_a_quick_hit_is_added_once_it_is_whole(visit: Visit, desk: Desk, built: Project):
    page = Page(visit(desk.url))
    before = in_file(built).quick_hits
    page.page.locator(".pick.edition").click()
    hits = page.page.get_by_role("region", name="Quick hits")

    page.page.get_by_role("button", name="Add quick hit").click()
    hits.get_by_role("textbox", name="Text").last.fill("Zebras counted")
    hits.get_by_role("textbox", name="Link").last.fill("https://example.org/zebras")
    hits.get_by_role("textbox", name="Outlet").last.fill("The Example")
    page.keyboard.press("Control+Enter")
    page.saved()

    assert in_file(built).quick_hits[:-1] == before
    added = in_file(built).quick_hits[-1]
    assert (added.text, added.url, added.outlet) == (
        "Zebras counted",
        "https://example.org/zebras",
        "The Example",
    )


def test_a_correction_is_added_and_removed(visit: Visit, desk: Desk, built: Project):
    page = Page(visit(desk.url))
    page.page.locator(".pick.edition").click()

    page.page.get_by_role("button", name="Add correction").click()
    page.field("Correction").fill("The bridge is closed.")
    page.keyboard.press("Control+Enter")
    page.saved()
    assert in_file(built).corrections == ("The bridge is closed.",)

    page.page.get_by_role("button", name="Remove correction 1").click()
    page.saved()
    assert in_file(built).corrections == ()


def test_an_item_of_the_editors_own_is_added(visit: Visit, desk: Desk, built: Project):
    page = Page(visit(desk.url))

    page.page.get_by_role("button", name="Own item").click()
    page.field("Headline").last.fill("Zebras cross the river")
    dialog = page.page.get_by_role("dialog")
    dialog.get_by_label("Summary").fill("Three zebras crossed the Wend on Monday, the harbour office said.")
    dialog.get_by_label("Section").select_option("Nation")
    dialog.get_by_role("button", name="Add").click()
    page.saved()

    own = next(blurb for blurb in in_file(built).blurbs if blurb.headline == "Zebras cross the river")
    assert (own.section, own.summary[:12]) == ("Nation", "Three zebras")
    assert page.rows("Nation")[-1] == own.headline
    assert page.field("Headline").input_value() == own.headline


def test_what_no_source_says_is_marked_and_vouched_for(visit: Visit, desk: Desk, built: Project):
    page = Page(visit(desk.url))
    page.pick(page.rows()[0]).click()
    summary = page.field("Summary").input_value()

    page.field("Summary").fill(f"{summary} It cost 4711 crowns.")
    page.keyboard.press("Control+Enter")
    page.page.locator('[data-path="summary"] .mirror mark', has_text="4711").wait_for(timeout=PATIENCE)
    page.page.locator('[data-path="summary"]').get_by_role("button", name="Vouch for “4711”").click()
    page.saved()

    assert in_file(built).blurbs[0].vouched == ("4711",)
    assert page.page.locator(".mirror mark.error").count() == 0
    page.page.get_by_role("button", name="Take back: 4711").click()
    page.saved()
    assert in_file(built).blurbs[0].vouched == ()


def test_a_check_leads_to_its_place(visit: Visit, desk: Desk, built: Project):
    page = Page(visit(desk.url))
    second = page.rows()[1]
    page.pick(second).click()
    page.field("Summary").fill("It cost 4711 crowns on Monday.")
    page.keyboard.press("Control+Enter")
    page.saved()
    page.pick(page.rows()[3]).click()

    page.page.get_by_role("button", name="Checks").click()
    page.page.locator("#findings button", has_text="4711").first.click()

    assert page.field("Headline").input_value() == second
    chosen = page.field("Summary").evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)")
    assert "4711" in chosen


def test_another_dig_deeper_target_is_chosen(visit: Visit, desk: Desk, built: Project):
    page = Page(visit(desk.url))
    index = headlines(in_file(built).blurbs).index("Dockers back pay deal, and the cranes turn again")
    page.pick("Dockers back pay deal, and the cranes turn again").click()
    before = page.field("Dig deeper").input_value()

    page.page.get_by_role("button", name="Other targets").click()
    candidate = page.page.locator(".candidate").first
    candidate.wait_for(timeout=PATIENCE)
    candidate.click()
    page.saved()

    after = in_file(built).blurbs[index].dig_deeper
    assert after != before
    assert page.field("Dig deeper").input_value() == after


def test_a_sentence_is_seen_in_its_source(visit: Visit, desk: Desk):
    page = Page(visit(desk.url))
    page.pick(page.rows()[0]).click()

    page.page.locator('[data-path="summary"]').get_by_role("button", name="Sources").click()
    quoted = page.page.locator("#told .quoted").first
    quoted.wait_for(timeout=PATIENCE)
    sentence = " ".join(quoted.inner_text().split())
    quoted.click()

    chosen = page.page.evaluate(
        "() => { const e = document.activeElement; return e.value.slice(e.selectionStart, e.selectionEnd) }"
    )
    assert chosen == sentence
    assert "here" in quoted.get_attribute("class")


# --- undo -----------------------------------------------------------------------------------------------


def test_undo_and_redo_say_what_they_do_and_restore_the_file(visit: Visit, desk: Desk, built: Project):
    page = Page(visit(desk.url))
    before = built.edition.read_text()
    [headline, *_] = page.rows()
    page.pick(headline).click()
    page.field("Headline").fill("Zebras")
    page.keyboard.press("Control+Enter")
    page.saved()
    after = built.edition.read_text()

    undo = page.page.get_by_role("button", name=re.compile("^Undo: .*headline"))
    undo.wait_for(timeout=PATIENCE)
    page.pick("Zebras").press("Control+z")
    page.page.get_by_role("button", name=re.compile("^Redo: ")).wait_for(timeout=PATIENCE)
    assert built.edition.read_text() == before
    assert page.rows()[0] == page.field("Headline").input_value() == headline

    page.pick(headline).press("Control+Shift+Z")
    undo.wait_for(timeout=PATIENCE)
    assert built.edition.read_text() == after


def test_undo_in_a_text_is_the_texts_own(visit: Visit, desk: Desk, built: Project):
    page = Page(visit(desk.url))
    before = built.edition.read_text()
    [headline, second, *_] = page.rows()
    page.pick(headline).press("x")
    page.saved()
    page.pick(second).click()

    page.field("Headline").press("End")
    page.keyboard.type("!")
    page.keyboard.press("Control+z")
    page.page.wait_for_timeout(PAUSE)

    assert page.field("Headline").input_value() == second
    assert built.edition.read_text() != before


# --- live, and with others --------------------------------------------------------------------------------


def test_a_change_in_the_file_appears(visit: Visit, desk: Desk, built: Project):
    page = Page(visit(desk.url))
    [headline, *_] = page.rows()
    page.pick(headline).click()

    edit(built.edition, f"headline: {headline}", "headline: Zebras")

    page.row("Zebras").wait_for(timeout=PATIENCE)
    assert page.field("Headline").input_value() == "Zebras"


def test_what_is_being_typed_is_not_overwritten_by_a_change_in_the_file(
    visit: Visit, desk: Desk, built: Project
):
    page = Page(visit(desk.url))
    [headline, second, *_] = page.rows()
    page.pick(headline).click()
    page.field("Summary").press("End")
    page.keyboard.type(" And zeb")

    edit(built.edition, f"headline: {second}", "headline: Lions")
    page.row("Lions").wait_for(timeout=PATIENCE)
    page.keyboard.type("ras.")
    page.keyboard.press("Control+Enter")
    page.saved()

    assert "And zebras." in in_file(built).blurbs[0].summary
    assert "Lions" in headlines(in_file(built).blurbs)


def test_two_tabs_stay_in_step(visit: Visit, desk: Desk):
    one, other = Page(visit(desk.url)), Page(visit(desk.url))
    first, second, *_ = one.rows("Nation")

    one.pick(first).click()
    one.pick(first).press("Alt+ArrowDown")
    one.field("Headline").fill("Zebras")
    one.keyboard.press("Control+Enter")

    other.row("Zebras").wait_for(timeout=PATIENCE)
    assert other.rows("Nation")[:2] == [second, "Zebras"]


def conflicting(visit: Visit, desk: Desk, project: Project) -> Page:
    """A page on which two texts of one headline met."""
    page = Page(visit(desk.url))
    [headline, *_] = page.rows()
    page.pick(headline).click()
    page.field("Headline").fill("Zebras")
    edit(project.edition, f"headline: {headline}", "headline: Lions")
    page.row("Lions").wait_for(timeout=PATIENCE)
    assert page.field("Headline").input_value() == "Zebras"
    page.keyboard.press("Control+Enter")
    page.page.get_by_role("dialog").wait_for(timeout=PATIENCE)
    return page


def test_a_conflict_shows_both_texts_and_keeps_mine(visit: Visit, desk: Desk, built: Project):
    page = conflicting(visit, desk, built)
    assert page.page.locator("#theirs").inner_text() == "Lions"
    assert page.page.locator("#yours").inner_text() == "Zebras"
    assert headlines(in_file(built).blurbs)[0] == "Lions"

    page.page.get_by_role("button", name="Keep mine").click()
    page.saved()

    assert headlines(in_file(built).blurbs)[0] == "Zebras"


def test_a_conflict_can_be_settled_for_the_file(visit: Visit, desk: Desk, built: Project):
    page = conflicting(visit, desk, built)

    page.page.get_by_role("button", name="Take the file’s").click()
    page.saved()

    assert page.field("Headline").input_value() == headlines(in_file(built).blurbs)[0] == "Lions"
    assert page.page.get_by_role("button", name="Bring it back").is_visible()


def test_a_conflict_can_wait_while_the_text_stays(visit: Visit, desk: Desk, built: Project):
    page = conflicting(visit, desk, built)

    page.page.get_by_role("button", name="Go on editing mine").click()

    assert page.field("Headline").input_value() == "Zebras"
    assert headlines(in_file(built).blurbs)[0] == "Lions"
    page.page.get_by_text("1 text not saved").wait_for(timeout=PATIENCE)
    page.page.get_by_role("button", name="Own item").click()
    page.page.wait_for_timeout(PAUSE)
    assert page.page.get_by_role("dialog").count() == 1  # it is asked once, not at every turn


def test_what_was_typed_outlives_a_reload(visit: Visit, desk: Desk, built: Project):
    page = Page(visit(desk.url))
    third = page.rows()[2]
    page.pick(third).click()
    page.field("Summary").fill("Half a sent")

    page.page.reload()

    page = Page(page.page)
    assert page.field("Headline").input_value() == third
    assert page.field("Summary").input_value() == "Half a sent"
    page.field("Summary").fill("Half a sentence on Monday.")
    page.keyboard.press("Control+Enter")
    page.saved()
    written = next(blurb for blurb in in_file(built).blurbs if blurb.headline == third)
    assert written.summary == "Half a sentence on Monday."


def test_a_text_that_the_file_refuses_stays_in_its_field(visit: Visit, desk: Desk, built: Project):
    page = Page(visit(desk.url))
    [headline, second, *_] = page.rows()
    page.pick(headline).click()
    page.field("Link").fill("zebras")
    page.keyboard.press("Control+Enter")
    page.page.locator(".notes .error", has_text="Not saved").wait_for(timeout=PATIENCE)

    page.pick(second).click()
    assert "not saved" in page.row(headline).inner_text()
    page.pick(headline).click()

    assert page.field("Link").input_value() == "zebras"
    page.field("Link").press("Escape")
    page.saved()


def test_a_broken_file_is_told_and_what_was_typed_is_saved_when_it_is_mended(
    visit: Visit, desk: Desk, built: Project
):
    page = Page(visit(desk.url))
    [headline, *_] = before = page.rows()
    page.pick(headline).click()
    page.field("Summary").fill("Zebras crossed the river on Monday.")

    edit(built.edition, "use: yes", "use: yess")
    alert = page.page.get_by_role("alert").filter(has_text="Line")
    alert.wait_for(timeout=PATIENCE)
    assert re.search(r"Line \d+, column \d+: .*did you mean yes\?", alert.inner_text())
    assert page.rows() == before
    assert page.field("Headline").get_attribute("readonly") is not None
    assert page.page.get_by_role("button", name="Approve").is_disabled()
    page.keyboard.press("Tab")
    page.page.get_by_text("Not saved yet: the file is broken.").wait_for(timeout=PATIENCE)
    page.page.get_by_role("button", name="Show in the file").click()
    assert "use: yess" in page.page.locator("#lines .wrong").inner_text()
    page.keyboard.press("Escape")

    edit(built.edition, "use: yess", "use: yes")
    alert.wait_for(state="hidden", timeout=PATIENCE)
    page.saved()

    assert in_file(built).blurbs[0].summary == "Zebras crossed the river on Monday."


def test_a_text_that_the_mended_file_holds_already_is_saved(visit: Visit, desk: Desk, built: Project):
    page = Page(visit(desk.url))
    [headline, *_] = page.rows()
    page.pick(headline).click()
    page.field("Headline").fill("Zebras")
    edit(built.edition, "use: yes", "use: yess")
    page.page.get_by_role("alert").filter(has_text="Line").wait_for(timeout=PATIENCE)
    page.keyboard.press("Tab")
    page.page.get_by_text("1 text not saved").wait_for(timeout=PATIENCE)

    edit(built.edition, f"headline: {headline}", "headline: Zebras")
    edit(built.edition, "use: yess", "use: yes")

    page.saved()
    assert page.field("Headline").input_value() == "Zebras"


def test_the_end_of_the_desk_is_told_and_nothing_typed_is_lost(visit: Visit, desk: Desk):
    page = Page(visit(desk.url))
    page.pick(page.rows()[0]).click()
    desk.process.terminate()
    desk.process.join(20)
    page.page.get_by_text("No connection").first.wait_for(timeout=PATIENCE)

    page.field("Headline").fill("Zebras")
    page.keyboard.press("Control+Enter")

    page.page.locator(".notes .error", has_text="Not saved: no connection").wait_for(timeout=PATIENCE)
    assert page.field("Headline").input_value() == "Zebras"


# --- approving ------------------------------------------------------------------------------------------


def approve(page: Page, name: str = "") -> None:
    page.page.get_by_role("button", name=re.compile("^Approve")).first.click()
    dialog = page.page.get_by_role("dialog")
    if name:
        dialog.get_by_label("Your name").fill(name)
    dialog.get_by_role("button", name="Approve").click()
    dialog.wait_for(state="hidden", timeout=PATIENCE)


def test_an_approval_names_the_hash_and_a_change_asks_again(visit: Visit, desk: Desk, built: Project):
    page = Page(visit(desk.url))
    sha256 = page.page.locator("#hash").inner_text()
    page.page.get_by_role("button", name="Approve").click()
    assert sha256 in page.page.get_by_role("dialog").inner_text()
    page.keyboard.press("Escape")

    approve(page, "Ana Sá")
    page.page.locator("#approval.good", has_text="Approved by Ana Sá at").wait_for(timeout=PATIENCE)

    page.pick(page.rows()[0]).click()
    page.field("Headline").fill("Zebras")
    page.keyboard.press("Control+Enter")
    page.page.get_by_text(re.compile("Approved by Ana Sá at .*, changed since")).wait_for(timeout=PATIENCE)
    assert page.page.locator("#hash").inner_text() != sha256

    approve(page)  # the name is remembered
    page.page.locator("#approval.good", has_text="Approved by Ana Sá at").wait_for(timeout=PATIENCE)
    assert "changed since" not in page.page.locator("#approval").inner_text()


def test_what_changed_behind_the_dialog_is_not_approved(visit: Visit, desk: Desk, built: Project):
    page = Page(visit(desk.url))
    [headline, *_] = page.rows()
    page.page.get_by_role("button", name="Approve").click()
    edit(built.edition, f"headline: {headline}", "headline: Zebras")
    page.row("Zebras").wait_for(timeout=PATIENCE)

    dialog = page.page.get_by_role("dialog")
    dialog.get_by_label("Your name").fill("Ana Sá")
    dialog.get_by_role("button", name="Approve").click()

    dialog.get_by_role("alert").filter(has_text="has changed meanwhile").wait_for(timeout=PATIENCE)
    page.keyboard.press("Escape")
    assert "Not approved" in page.page.locator("#approval").inner_text()


def test_a_test_is_sent(visit: Visit, desk: Desk, built: Project):
    page = Page(visit(desk.url))
    page.page.get_by_role("button", name="Test send").click()
    dialog = page.page.get_by_role("dialog")
    dialog.get_by_label("To").fill("ana@example.org")
    dialog.get_by_role("button", name="Send").click()

    page.page.locator(".toast", has_text="sent").wait_for(timeout=PATIENCE)
    assert any(mail["To"] and "ana@example.org" in mail["To"] for mail in built.mails())


def test_composing_again_shows_its_steps_and_keeps_what_was_changed(visit: Visit, desk: Desk, built: Project):
    page = Page(visit(desk.url))
    page.pick(page.rows()[0]).click()
    page.field("Headline").fill("Zebras")
    page.keyboard.press("Control+Enter")
    page.saved()

    page.page.get_by_role("button", name="Compose again").click()

    page.page.get_by_text("Composing: ").wait_for(timeout=PATIENCE)
    page.page.get_by_text("Composing: ").wait_for(timeout=PATIENCE, state="hidden")
    assert "Zebras" in page.rows()
    assert "Zebras" in headlines(in_file(built).blurbs)


# --- hostile words ----------------------------------------------------------------------------------------

HOSTILE = """<img src=x onerror="document.title='taken'"><script>document.title='taken'</script>"""


def test_markup_in_a_title_is_shown_as_words_everywhere(visit: Visit, desk: Desk, built: Project):
    [headline, *_] = headlines(in_file(built).blurbs)
    quoted = HOSTILE.replace("'", "''")
    edit(built.edition, f"headline: {headline}", f"headline: '{quoted}'")
    page = Page(visit(desk.url))
    page.row(HOSTILE).wait_for(timeout=PATIENCE)
    page.pick(HOSTILE).click()
    page.pick(HOSTILE).press("Alt+ArrowDown")
    page.saved()
    for panel in ("Checks", "Sources", "Mail"):
        page.page.get_by_role("navigation").get_by_role("button", name=panel).click()
    page.page.get_by_role("button", name="Inbox").click()
    page.page.get_by_role("button", name="Approve").click()
    page.keyboard.press("Escape")
    page.page.wait_for_timeout(PAUSE)

    assert page.page.title() != "taken"
    assert page.page.locator("img[src=x]").count() == 0
    assert page.field("Headline").input_value() == HOSTILE


# --- by keys alone ----------------------------------------------------------------------------------------


def test_everything_is_done_without_a_mouse(visit: Visit, desk: Desk, built: Project):
    page = Page(visit(desk.url))
    [first, *_] = page.rows()
    keys = page.keyboard

    keys.press("l")  # to the list
    keys.press("ArrowDown")  # second item
    keys.press("Alt+ArrowUp")
    page.spoken("place 1 of")
    keys.press("Enter")  # into its headline
    keys.press("Control+a")
    keys.type("Zebras")
    keys.press("Control+Enter")
    page.saved()
    keys.press("Escape")  # back to the list
    assert page.pick("Zebras").evaluate("e => e === document.activeElement")
    keys.press("j")
    keys.press("x")
    page.saved()
    keys.press("a")
    keys.type("Ana Sá")
    keys.press("Enter")
    page.page.locator("#approval.good").wait_for(timeout=PATIENCE)
    keys.press("?")
    assert page.page.get_by_role("dialog", name="Keyboard shortcuts").is_visible()
    keys.press("Escape")

    written = in_file(built).blurbs
    assert headlines(written)[:2] == ["Zebras", first]
    assert str(written[1].use) == "no"


def test_tab_reaches_every_panel_and_what_has_focus_is_seen(visit: Visit, desk: Desk):
    page = Page(visit(desk.url, width=1440, height=900))
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        found = page.page.evaluate(
            """() => {
              const e = document.activeElement, box = e.getBoundingClientRect();
              const style = getComputedStyle(e), around = getComputedStyle(e.parentElement);
              const marked = style.outlineStyle !== "none" || around.boxShadow !== "none"
                || (e.nextElementSibling && getComputedStyle(e.nextElementSibling).outlineStyle !== "none");
              return [e.closest(".panel, #top, #panels")?.id ?? "", e.tagName, marked, box.width > 0];
            }"""
        )
        panel, tag, marked, drawn = found
        if tag not in ("BODY", "IFRAME"):
            assert marked, found
            assert drawn, found
        seen.add(panel)

    assert {"top", "panels", "items", "edit", "mail"} <= seen


def test_single_letters_can_be_switched_off(visit: Visit, desk: Desk, built: Project):
    page = Page(visit(desk.url))
    before = built.edition.read_text()
    page.keyboard.press("?")
    page.page.get_by_label("Single letters are shortcuts").uncheck()
    page.keyboard.press("Escape")

    page.pick(page.rows()[0]).press("x")
    page.page.wait_for_timeout(PAUSE)

    assert built.edition.read_text() == before


# --- for everyone -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_axe_finds_nothing(visit: Visit, desk: Desk, built: Project, scheme: str, width: int, height: int):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    page = Page(visit(desk.url, width=width, height=height, scheme=scheme))

    def look(where: str) -> None:
        # The mail's own colours and headings are the template's matter.
        found = axe.run(page.page, context={"exclude": ["#frame"]})
        assert found.violations_count == 0, f"{where}: {found.generate_report()}"

    look("as it opens")
    page.pick(page.rows()[0]).click()
    page.field("Summary").fill("It cost 4711 crowns.")
    page.keyboard.press("Control+Enter")
    page.page.locator(".mirror mark").first.wait_for(timeout=PATIENCE, state="attached")
    look("an item with findings")
    panels = page.page.get_by_role("navigation")
    for panel in ("Checks", "Sources", "Mail"):
        panels.get_by_role("button", name=panel).click()
        page.page.wait_for_timeout(200)
        look(panel)
    for view in ("Inbox", "Raw"):
        page.page.get_by_role("button", name=view, exact=True).click()
        look(view)
    for key, dialog in [
        ("?", "Keyboard shortcuts"),
        ("a", "Approve this edition"),
        ("n", "An item of your own"),
    ]:
        page.page.locator("body").press(key)
        page.page.get_by_role("dialog", name=dialog).wait_for(timeout=PATIENCE)
        look(dialog)
        page.keyboard.press("Escape")
    edit(built.edition, "use: yes", "use: yess")
    page.page.get_by_role("alert").filter(has_text="Line").wait_for(timeout=PATIENCE)
    look("a broken file")


def test_a_phone_shows_one_panel_at_a_time(visit: Visit, desk: Desk):
    page = Page(visit(desk.url, width=390, height=844, touch=True))
    shown = "() => [...document.querySelectorAll('.panel')].filter(p => p.offsetParent).map(p => p.id)"

    assert page.page.evaluate(shown) == ["items"]
    page.pick(page.rows()[1]).tap()
    assert page.page.evaluate(shown) == ["edit"]
    for panel in ("Mail", "Checks", "Sources", "Items"):
        page.page.get_by_role("navigation").get_by_role("button", name=panel).tap()
        assert page.page.evaluate(shown) == [panel.lower()]
        assert page.page.evaluate("document.documentElement.scrollWidth") == 390
