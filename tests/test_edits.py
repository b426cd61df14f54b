"""The desk's edits of an edition's file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_merging import BASE, KEY, blurb, parsed

from digest.editions import Add, Edit, Move, Remove, Write, apply, in_words
from digest.errors import ConflictError, EditionError
from digest.model import Blurb, Image, Link, Use


def edited(edit: Edit, text: str = BASE) -> str:
    return apply(text, edit, source="day.yaml", key=KEY)


def write(id_: str, key: str, value: Any, was: Any) -> Write:
    return Write(id=id_, key=key, value=value, was=was)


def item(text: str, id_: str) -> Blurb:
    edition = parsed(text)
    return next(one for one in (*edition.blurbs, *edition.pending) if one.id == id_)


def test_an_item_is_moved():
    after = parsed(edited(Move(id="p", to="items", index=1)))

    assert [one.id for one in after.blurbs] == ["a", "p", "b", "c"]
    assert after.pending == ()


def test_an_item_is_deleted():
    assert [one.id for one in parsed(edited(Remove(id="b"))).blurbs] == ["a", "c"]


def test_an_item_of_the_editors_own_is_added_with_an_id_of_its_own():
    own = Blurb(id="", headline="Bake sale", summary="On Saturday.", section="World")

    once = edited(Add(to="items", index=0, item=own))
    twice = parsed(edited(Add(to="items", index=0, item=own), once))

    assert [one.id for one in twice.blurbs] == ["own-2", "own-1", "a", "b", "c"]
    assert twice.blurbs[0] == replace(own, id="own-2")


@pytest.mark.parametrize(
    ("key", "value", "was", "then"),
    [
        ("headline", "New", "Headline of a", "New"),
        ("summary", "One.\r\n\r\nTwo.  ", blurb("a").summary, "One.\n\nTwo."),
        ("use", "hold", "yes", Use.HOLD),
        ("update", True, False, True),
        ("vouched", ["47"], [], ("47",)),
        (
            "image",
            {"url": "https://example.com/p.png", "alt": "A"},
            None,
            Image(url="https://example.com/p.png", alt="A"),
        ),
    ],
)
def test_a_key_of_an_item_is_written(key: str, value: Any, was: Any, then: Any):
    after = edited(write("a", key, value, was))

    assert getattr(item(after, "a"), key) == then


@pytest.mark.parametrize(
    ("key", "value", "was", "then"),
    [
        ("subject", "New: subject", "Council votes", "New: subject"),
        ("letter", "Dear friends,\n\nit snows.", "", "Dear friends,\n\nit snows."),
        ("corrections", ["We said ten."], [], ("We said ten.",)),
        (
            "quick_hits",
            [{"text": "Snow", "url": "https://example.com/s"}],
            [{"text": "Ferry sails", "url": "https://example.com/f", "outlet": ""}],
            (Link(text="Snow", url="https://example.com/s"),),
        ),
    ],
)
def test_a_key_of_the_file_is_written(key: str, value: Any, was: Any, then: Any):
    assert getattr(parsed(edited(write("", key, value, was))), key) == then


def test_rewritten_words_are_not_called_the_machines():
    text = BASE.replace("    summary: >-", "    written_by: publisher\n    summary: >-", 1)
    assert item(text, "a").written_by == "publisher"

    after = item(edited(write("a", "summary", "Our words.", blurb("a").summary), text), "a")

    assert (after.summary, after.written_by) == ("Our words.", "")


def test_two_editors_of_one_key_are_told():
    with pytest.raises(ConflictError) as caught:
        edited(write("a", "headline", "Mine", "What I saw"))

    assert caught.value.present == "Headline of a"


def test_two_editors_who_write_the_same_agree():
    assert edited(write("a", "headline", "Headline of a", "What I saw")) == BASE


@pytest.mark.slow
@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (Move(id="x", to="items", index=0), 'there is no item "x"'),
        (Move(id="a", to="elsewhere", index=0), '"items" or "pending"'),
        (write("a", "id", "b", "a"), 'no key "id" to write'),
        (write("a", "hedline", "b", ""), 'no key "hedline" to write'),
        (write("", "newsletter", "x", "the-example"), 'no key "newsletter" to write'),
        (write("a", "use", "perhaps", "yes"), "'yes', 'no' or 'hold'"),
        (write("a", "headline", "", "Headline of a"), "an item needs a headline"),
        (write("a", "url", "javascript:alert(1)", ""), "a link starts with https"),
        (write("a", "image", {"alt": "no address"}, None), '"image"'),
    ],
)
def test_what_cannot_stand_there_is_refused(edit: Edit, words: str):
    with pytest.raises(EditionError, match=words):
        edited(edit)


def test_an_edit_of_an_invalid_file_is_refused():
    with pytest.raises(EditionError, match="did you mean"):
        edited(Remove(id="a"), BASE.replace("headline", "hedline", 1))


@pytest.mark.slow
@given(st.sampled_from("abcp"), st.text(max_size=200))
def test_any_text_may_be_a_summary(id_: str, words: str):
    """Or it is refused, because nothing, or nothing that a file can hold, is left of it."""
    was = item(BASE, id_).summary
    try:
        after = edited(write(id_, "summary", words, was))
    except EditionError:
        return

    lines = [" ".join(line.split()) for line in words.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    assert item(after, id_).summary == "\n".join(lines).strip("\n")


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (Move(id="p", to="items", index=1), "moved “Headline of p” to place 2 of items"),
        (Remove(id="a"), "deleted “Headline of a”"),
        (write("a", "dig_deeper", "", ""), "changed dig deeper of “Headline of a”"),
        (write("", "subject", "", ""), "changed subject"),
    ],
)
def test_undo_calls_an_edit_by_its_words(edit: Edit, words: str):
    assert in_words(edit, parsed(BASE)) == words
