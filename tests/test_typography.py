from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.words.typography import marked_like

TYPOGRAPHIC = "“We’re done,” the mayor said. ‘Never again’ is the council’s word."
STRAIGHT = "\"We're done,\" the mayor said. It is the council's word."


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Mayor says 'we are done' with tolls", "Mayor says ‘we are done’ with tolls"),
        ("'It's over,' says mayor", "‘It’s over,’ says mayor"),
        ('Mayor: "We are done"', "Mayor: “We are done”"),
        ("Council's bridge won't open", "Council’s bridge won’t open"),
        ("Teachers' strike ends", "Teachers’ strike ends"),
        ("A hit of the '90s returns", "A hit of the ’90s returns"),
        ("Escapee on '15 most wanted' list", "Escapee on ‘15 most wanted’ list"),
        ("Rock 'n' roll hall opens", "Rock ’n’ roll hall opens"),
        ("Open 'til late", "Open ’til late"),
        ("\"The 'old' bridge\" falls", "“The ‘old’ bridge” falls"),
        ("Anti-'bridge' vote", "Anti-‘bridge’ vote"),
        ("‘We are done’: mayor's word", "‘We are done’: mayor’s word"),
        ("Why Li was 'the worst mayor ever", "Why Li was ‘the worst mayor ever"),
        ("Bridge falls", "Bridge falls"),
    ],
)
def test_a_headline_has_the_marks_of_its_article(words, expected):
    assert marked_like(words, TYPOGRAPHIC) == expected


@pytest.mark.parametrize("words", ["A 6'2\" guard signs", 'A 27" screen', 'Mayor says "we are done'])
def test_marks_whose_sense_is_open_stay(words):
    assert marked_like(words, TYPOGRAPHIC) == words


@pytest.mark.parametrize("text", [STRAIGHT, "", "No marks at all.", "Er sagte: „Wir sind’s, ’s ist’s.“"])
def test_they_stay_straight_beside_straight_ones_and_other_languages(text):
    assert marked_like("Mayor says 'we are done'", text) == "Mayor says 'we are done'"


@given(st.text(alphabet="ab '\".,-0", max_size=30))
def test_nothing_but_marks_is_changed(words):
    marks = str.maketrans("“”‘’", "\"\"''")
    assert marked_like(words, TYPOGRAPHIC).translate(marks) == words
