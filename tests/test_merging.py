"""Moving, rewriting and composing again: what nobody meant to change stays byte for byte."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit.builders import newsletter

from digest import editions
from digest.editions.fields import with_item_field, with_top_field
from digest.editions.merging import merge
from digest.editions.sheet import ITEMS, PENDING, read
from digest.errors import EditionError
from digest.model import Blurb, Edition, EditionKey, Image, Link, Use, Window

KEY = EditionKey(newsletter="the-example", day=date(2026, 11, 23))
WINDOW = Window(
    since=datetime(2026, 11, 20, 10, tzinfo=UTC),
    until=datetime(2026, 11, 23, 10, tzinfo=UTC),
)


def blurb(id_: str, **given: Any) -> Blurb:
    values = {
        "headline": f"Headline of {id_}",
        "summary": f"What happened in {id_}. " * 9,
        "section": "World",
    }
    values["summary"] = values["summary"].strip()
    return Blurb(id=id_, **(values | given))


def edition(items: str = "abc", pending: str = "p", **given: Any) -> Edition:
    values: dict[str, Any] = {
        "key": KEY,
        "number": 7,
        "window": WINDOW,
        "subject": "Council votes",
        "preheader": "Plus: more",
        "blurbs": tuple(map(blurb, items)),
        "pending": tuple(map(blurb, pending)),
        "quick_hits": (Link(text="Ferry sails", url="https://example.com/f"),),
    }
    return Edition(**(values | given))


def text_of(given: Edition) -> str:
    return editions.write(given, newsletter(), notes={"a": "Example Times · 3 h old"})


def parsed(text: str) -> Edition:
    return editions.parse(text, source="day.yaml", key=KEY)


BASE = text_of(edition())


def sheet(text: str):
    return read(text, source="day.yaml")


def merged(mine: str, theirs: Edition, base: str = BASE):
    return merge(base, mine, text_of(theirs), source="day.yaml", key=KEY)


# --- moving ------------------------------------------------------------------------------------------


REMARKS = st.sampled_from(["# ask Ana\n", "#\n", "# 50 %: really?\n"])
SECTIONS = st.sampled_from(["section: World", "section:  'World' # which?"])


@st.composite
def remarked(draw: st.DrawFn, text: str = BASE) -> str:
    """*text* with an editor's comments above items and keys, and other quotes around some words."""
    lines = text.splitlines(keepends=True)
    for at in sorted(draw(st.sets(st.integers(20, len(lines) - 2), max_size=6)), reverse=True):
        line = lines[at]
        indent = len(line) - len(line.lstrip(" "))
        if line.strip() and (line.lstrip().startswith("- id:") or (": " in line and indent in (0, 4))):
            lines.insert(
                at, " " * indent + draw(st.sampled_from(["# ask Ana\n", "#\n", "# 50 %: really?\n"]))
            )
    return "".join(lines).replace(
        "section: World", draw(st.sampled_from(["section: World", "section:  'World' # x"]))
    )


def test_the_pieces_join_to_the_text():
    assert sheet(BASE).text == BASE


@pytest.mark.slow
@given(remarked(), st.sampled_from("abcp"), st.sampled_from([ITEMS, PENDING]), st.integers(0, 5))
def test_an_item_moved_anywhere_and_back_leaves_the_file_as_it_was(
    text: str, id_: str, name: str, index: int
):
    before = sheet(text)
    origin, at = before.where(id_)

    moved = sheet(before.moved(id_, name, index).text)

    assert [b.id for b in parsed(moved.text).blurbs] == [b.id for b in moved.list(ITEMS).blocks]
    assert moved.moved(id_, origin.name, at).text == text


def test_an_items_comments_go_with_it():
    text = BASE.replace("  - id: b\n", "  # Ana checks this\n  - id: b\n")

    moved = sheet(text).moved("b", ITEMS, 0).text

    assert moved.index("# Ana checks this") < moved.index("- id: b") < moved.index("- id: a")


def test_the_last_item_may_leave_a_list_and_come_back():
    text = BASE.replace("pending:\n", "pending:  # the bench\n")
    emptied = sheet(text).moved("p", ITEMS, 3).text

    assert "pending: []  # the bench\n" in emptied
    assert parsed(emptied).pending == ()
    assert sheet(emptied).moved("p", PENDING, 0).text == text


def test_lines_may_end_as_on_windows():
    text = BASE.replace("\n", "\r\n")

    assert sheet(sheet(text).moved("c", ITEMS, 0).text).moved("c", ITEMS, 2).text == text


@pytest.mark.parametrize("change", [("items:\n", "items: [{id: a, headline: A, summary: B}]\nothers:\n")])
def test_a_list_in_brackets_cannot_be_moved_in(change: tuple[str, str]):
    with pytest.raises(EditionError, match="is written in brackets"):
        sheet(BASE.replace(*change))


# --- writing one key ------------------------------------------------------------------------------------

VALUES: list[tuple[str, Any]] = [
    ("headline", "Short"),
    ("headline", 'It is: "so" # really'),
    ("summary", "One paragraph.\nAnother, which is long enough to be folded into more than one line of it."),
    ("use", Use.HOLD),
    ("update", True),
    ("update", False),
    ("question", "Why now?"),
    ("vouched", ("47", "“we will”")),
    ("image", Image(url="https://example.com/p.png", alt="A bridge", credit="Example")),
    ("image", None),
    ("correction", ""),
]


@pytest.mark.slow
@given(remarked(), st.sampled_from("abcp"), st.sampled_from(VALUES))
def test_a_key_that_is_written_changes_no_other(text: str, id_: str, change: tuple[str, Any]):
    key, value = change
    before = sheet(text)
    listing, at = before.where(id_)
    extra = {"context": "Because."} if key == "question" else {}

    block = listing.blocks[at]
    for name, given_value in ({key: value} | extra).items():
        block = with_item_field(block, name, given_value, source="day.yaml", newline="\n")
    after = before.with_block(block).text

    was = {b.id: b for b in (*parsed(text).blurbs, *parsed(text).pending)}
    now = {b.id: b for b in (*parsed(after).blurbs, *parsed(after).pending)}
    assert now == was | {id_: replace(was[id_], **{key: value}, **extra)}


def test_a_comment_behind_a_value_stays():
    text = BASE.replace("headline: Headline of b", "headline: Headline of b  # shorter!")
    listing, at = sheet(text).where("b")

    block = with_item_field(listing.blocks[at], "headline", "New", source="day.yaml", newline="\n")

    assert "    headline: New  # shorter!\n" in block.lines


def test_the_key_that_holds_the_dash_keeps_it():
    text = BASE.replace("  - id: b\n    use: yes\n", "  - use: yes\n    id: b\n")
    listing, at = sheet(text).where("b")

    block = with_item_field(listing.blocks[at], "use", Use.NO, source="day.yaml", newline="\n")

    assert block.lines[0] == "  - use: no\n"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("subject", "Another: subject"),
        ("letter", "Dear friends,\nit snows."),
        ("number", 8),
        ("quick_hits", ()),
        ("corrections", ("We said ten.",)),
    ],
)
def test_a_key_of_the_file_is_written_alone(key: str, value: Any):
    after = with_top_field(BASE, key, value, source="day.yaml", newline="\n")

    assert parsed(after) == replace(edition(), **{key: value})
    assert "# A number or quote of the day: title, text, by.\n" in after


# --- composing again ---------------------------------------------------------------------------------------


@pytest.mark.slow
@given(remarked())
def test_where_the_machine_has_nothing_new_the_file_stays_byte_for_byte(mine: str):
    assert merged(mine, edition()).text == mine


def test_what_nobody_touched_is_renewed():
    theirs = edition(
        subject="Council votes again", blurbs=(blurb("a", summary="New."), blurb("b"), blurb("c"))
    )

    result = merged(BASE, theirs)

    assert parsed(result.text) == theirs
    assert (result.renewed, result.late, result.conflicts) == (2, (), ())


def test_what_an_editor_touched_stays():
    mine = BASE.replace("headline: Headline of a", "headline: Ours").replace(
        "subject: Council votes", "subject: Mine"
    )
    theirs = edition(blurbs=(blurb("a", summary="New."), blurb("b"), blurb("c")))

    result = parsed(merged(mine, theirs).text)

    assert (result.subject, result.blurbs[0].headline, result.blurbs[0].summary) == ("Mine", "Ours", "New.")


def test_a_conflict_keeps_the_editors_words_and_says_the_machines():
    mine = BASE.replace("headline: Headline of a", "headline: Ours")
    theirs = edition(blurbs=(blurb("a", headline="Theirs"), blurb("b"), blurb("c")))

    result = merged(mine, theirs)

    assert parsed(result.text).blurbs[0].headline == "Ours"
    assert "    # The new draft has: Theirs\n    headline: Ours\n" in result.text
    [conflict] = result.conflicts
    assert (conflict.item, conflict.key) == ("a", "headline")


@pytest.mark.slow
def test_a_second_conflict_replaces_the_remark_of_the_first():
    mine = BASE.replace("headline: Headline of a", "headline: Ours")
    first, second = (
        edition(blurbs=(blurb("a", headline=words), blurb("b"), blurb("c"))) for words in ("One", "Two")
    )

    again = merged(merged(mine, first).text, second, base=text_of(first)).text

    assert "# The new draft has: Two\n" in again
    assert "# The new draft has: One" not in again


def test_order_use_and_place_are_the_editors():
    mine = sheet(BASE).moved("c", ITEMS, 0).moved("p", ITEMS, 1).text.replace("use: yes", "use: hold", 1)
    theirs = edition(blurbs=(blurb("b"), blurb("a"), blurb("c")))

    result = parsed(merged(mine, theirs).text)

    assert [b.id for b in result.blurbs] == ["c", "p", "a", "b"]
    assert result.blurbs[0].use is Use.HOLD


def test_what_was_deleted_stays_deleted_and_what_is_the_editors_own_stays():
    without = sheet(BASE).removed("b").text
    mine = without.replace("pending:\n", "pending:\n  - {id: own, headline: Ours, summary: Ours.}\n\n")

    result = parsed(merged(mine, edition()).text)

    assert [b.id for b in result.blurbs] == ["a", "c"]
    assert [b.id for b in result.pending] == ["own", "p"]


@pytest.mark.slow
def test_late_stories_come_under_pending():
    mine = BASE.replace("headline: Headline of a", "headline: Ours")
    theirs = edition(blurbs=(blurb("d", headline="Breaking"), *map(blurb, "abc")))

    result = merged(mine, theirs)

    assert result.late == ("d",)
    assert [b.id for b in parsed(result.text).pending] == ["p", "d"]


def test_late_stories_come_under_a_pending_that_was_empty():
    mine = sheet(BASE).moved("p", ITEMS, 0).text

    result = merged(mine, edition(pending="pq"))

    assert [b.id for b in parsed(result.text).pending] == ["q"]


def test_an_invalid_file_is_not_merged():
    with pytest.raises(EditionError, match="did you mean"):
        merged(BASE.replace("headline:", "hedline:", 1), edition())


@pytest.mark.slow
@given(
    remarked(),
    st.sampled_from("abcp"),
    st.sampled_from(["headline", "summary", "byline"]),
    st.permutations("abcd"),
)
def test_no_line_of_the_editors_is_lost(text: str, id_: str, key: str, order: list[str]):
    """Of a file with an edit and comments, all lines that the machine has no news for are kept in order."""
    listing, at = sheet(text).where(id_)
    block = with_item_field(listing.blocks[at], key, "An editor’s words.", source="day.yaml", newline="\n")
    mine = sheet(text).with_block(block).text
    theirs = edition(blurbs=tuple(blurb(one, summary=f"News of {one}.") for one in order))

    result = merged(mine, theirs).text

    kept = iter(result.splitlines())
    summaries = ("What happened in", "      ", "    summary:")
    assert all(line in kept for line in mine.splitlines() if not line.startswith(summaries))
    assert "An editor’s words." in result


def test_subject_and_preheader_are_renewed_only_where_they_speak_of_the_files_own_items():
    given = {"subject": "Storm nears", "preheader": "Plus: a storm"}
    mine = BASE.replace("Headline of b", "Editor's own")

    renewed = parsed(merged(mine, edition("abc", **given)).text)
    of_another = parsed(merged(mine, edition("dabc", **given)).text)
    assert (renewed.subject, renewed.preheader) == ("Storm nears", "Plus: a storm")
    assert (of_another.subject, of_another.preheader) == ("Council votes", "Plus: more")


def test_no_quick_hit_comes_that_is_an_item_of_the_file():
    items = tuple(blurb(id_, url=f"https://example.com/{id_}") for id_ in "abc")
    hits = (Link(text="c", url="https://example.com/c"), Link(text="g", url="https://example.com/g"))
    base = text_of(edition(blurbs=items))
    mine = base.replace("Headline of b", "Editor's own")

    after = parsed(merged(mine, edition(blurbs=items[:2], quick_hits=hits), base=base).text)
    assert [hit.url for hit in after.quick_hits] == ["https://example.com/g"]
