"""The edition's file: it reads back as written, and whatever is wrong has a line and a column."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit.builders import newsletter

from digest import editions
from digest.errors import EditionError
from digest.model import Aside, Blurb, Edition, EditionKey, Image, Link, Sponsor, Use, Window

KEY = EditionKey(newsletter="the-example", day=date(2026, 11, 23))
WINDOW = Window(since=datetime(2026, 11, 20, 10, tzinfo=UTC), until=datetime(2026, 11, 23, 10, tzinfo=UTC))
LONG = "The council voted nine to two on Monday to rebuild the bridge, according to its clerk. " * 3


def edition(**given: object) -> Edition:
    values: dict[str, object] = {
        "key": KEY,
        "number": 3,
        "window": WINDOW,
        "subject": "Council votes to rebuild the bridge",
        "preheader": "Plus: a storm, a strike",
        "blurbs": (
            Blurb(id="a1", section="World", headline="Council votes: a bridge", summary=LONG.strip()),
            Blurb(id="a2", section="Nation", headline="no", summary="First paragraph.\nSecond one."),
        ),
    }
    return Edition(**(values | given))  # type: ignore[arg-type]


def write(given: Edition) -> str:
    return editions.write(given, newsletter())


def parse(text: str) -> Edition:
    return editions.parse(text, source="day.yaml", key=KEY)


def problem(text: str) -> EditionError:
    with pytest.raises(EditionError) as caught:
        parse(text)
    return caught.value


def test_an_edition_reads_back_as_written():
    full = edition(
        letter="Dear friends,\n\nIt *rained* all week: see [the pictures](https://example.com/p).",
        sponsors=(
            Sponsor(name="Ferry", text="Sail: now", url="https://example.com/", starts=date(2026, 11, 1)),
        ),
        pending=(
            Blurb(
                id="a3",
                use=Use.HOLD,
                headline="A photo",
                summary="One.",
                question="Why?",
                context="Because.",
                image=Image(
                    url="https://example.com/p.png", alt="A: b", credit="Example / Photo by X", width=600
                ),
                update=True,
            ),
        ),
        quick_hits=(Link(text="Ferry sails", url="https://example.com/f", outlet="Example Times"),),
        asides=(Aside(title="Number of the day", text="9"),),
        corrections=("We said ten; it was nine.",),
    )

    assert parse(write(full)) == full


# What text.clean lets through: no control characters, single blanks.
words = st.text(st.characters(exclude_categories=("Cs",)), max_size=120)


@pytest.mark.slow
@given(words, words, st.lists(words, max_size=3))
def test_any_text_survives_the_file(headline: str, summary: str, corrections: list[str]):
    given = edition(
        blurbs=(Blurb(id="a1", use=Use.HOLD, headline=headline, summary=summary),),
        letter=summary,
        corrections=tuple(corrections),
    )

    assert parse(write(given)) == given


@pytest.mark.parametrize(
    "title", ["no", "2026-11-23", "1e3", "~", "null", "- a", "a: b", "# a", "'", '"', "*a", "&a", "!a", "@"]
)
def test_a_headline_that_looks_like_something_else_stays_a_headline(title: str):
    given = edition(blurbs=(Blurb(id="a1", headline=title, summary="One."),))

    assert parse(write(given)).blurbs[0].headline == title


def test_what_an_editor_types_without_quotes_is_text():
    text = write(edition()).replace('headline: "no"', "headline: 2026-11-23")

    assert parse(text).blurbs[1].headline == "2026-11-23"


@pytest.mark.slow
@pytest.mark.parametrize("step", [23, pytest.param(1, marks=pytest.mark.slow)])
def test_cut_at_any_byte_it_is_refused_and_never_crashes(step: int):
    whole = write(edition(letter="Dear friends — ça va?")).rstrip("\n").encode()
    for end in range(0, len(whole), step):
        cut = whole[:end].decode("utf-8", errors="ignore")
        assert problem(cut).source == "day.yaml"


@pytest.mark.parametrize(
    ("old", "new", "line_of", "words"),
    [
        ("use: yes", "use: yess", "use: yess", "did you mean yes?"),
        ('headline: "C', 'headlin: "C', "headlin:", 'did you mean "headline"?'),
        (
            'headline: "Council votes: a bridge"',
            "headline: Council votes: a bridge",
            "headline: Council",
            "needs quotes",
        ),
        ("number: 3", "number: three", "number: three", "valid integer"),
        ("  - id: a2", "  - id: a1", "  - id: a1", "two items"),
        ("newsletter: the-example", "newsletter: other", "newsletter: other", "this file is for"),
        ("day: 2026-11-23", "day: 2026-11-24", "day: 2026-11-24", "this file is for 2026-11-23"),
        ("number: 3", "number: 3\nnumber: 4", "number: 4", "twice"),
        ("number: 3", "number: !!python/object/apply:os.system [x]", "number: !!", "tags"),
        ("subject: Council votes", "subject: &a Council votes", "subject: &a", "anchors"),
        ("    use: yes", "\tuse: yes", "\tuse", "indent with spaces"),
        ("pending: []", "pending: [[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]", "pending:", "nested too deep"),
    ],
)
def test_a_mistake_has_its_line_and_what_to_do(old: str, new: str, line_of: str, words: str):
    text = write(edition())
    assert old in text
    broken = text.replace(old, new, 1)

    error = problem(broken)

    assert words in str(error)
    lines = [number for number, line in enumerate(broken.splitlines(), 1) if line_of in line]
    assert error.line in lines or error.line in {number + 1 for number in lines}
    assert str(error).startswith(f"day.yaml:{error.line}:{error.column}: ")


@pytest.mark.parametrize("cut", ["subject: Harbour is #1 again", "subject: What #MeToo changed  # sic"])
def test_a_text_that_yaml_would_cut_at_a_hash_is_refused(cut: str):
    text = re.sub("^subject: .*$", cut, write(edition()), flags=re.MULTILINE)

    found = problem(text)

    assert (found.line, found.column) == (text.split("\n").index(cut) + 1, cut.index("#") + 1)
    assert "put quotes around the text" in found.reason


@pytest.mark.parametrize(
    ("kept", "subject"),
    [
        ('subject: "Harbour is #1 again"', "Harbour is #1 again"),
        ("subject: 'Harbour is #1 again' #really", "Harbour is #1 again"),
        ("subject: Harbour leads  # was: is first", "Harbour leads"),
        ("subject: Harbour is No#1", "Harbour is No#1"),
        ("subject: >-\n  Harbour is #1 again", "Harbour is #1 again"),
    ],
)
def test_a_hash_in_quotes_a_block_or_a_comment_is_no_mistake(kept: str, subject: str):
    text = re.sub("^subject: .*$", lambda _: kept, write(edition()), flags=re.MULTILINE)

    assert parse(text).subject == subject


def test_every_mistake_is_told_at_once():
    text = write(edition()).replace("use: yes", "use: maybe").replace("number: 3", "number: x")

    assert len(problem(text).others) == 2


def test_a_question_without_its_context_is_refused():
    text = write(edition()).replace("    use: yes\n", "    use: yes\n    question: Why?\n", 1)

    assert "belong together" in str(problem(text))


def test_a_link_must_be_a_web_address():
    text = write(edition()).replace('url: ""', 'url: "javascript:alert(1)"', 1)

    assert "https://" in str(problem(text))


def test_a_text_after_the_end_is_refused():
    assert "follows the last line" in str(problem(write(edition()) + "---\na: b\n"))


def test_notes_stand_beside_their_items():
    text = editions.write(edition(), newsletter(), notes={"a1": "Example Times · 3 h old"})

    assert "  - id: a1  # Example Times · 3 h old\n" in text
    assert parse(text) == edition()
