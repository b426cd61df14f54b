from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.sentences import balanced, quotations, split

CASES = [
    (file.stem, line)
    for file in sorted((Path(__file__).parent / "data" / "sentences").glob("*.txt"))
    for line in file.read_text(encoding="utf-8").splitlines()
]
MARKS = "aA1.!?… \n\"'“”‘’«»„()[]。」「SUJdrNo,"


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text)]


@pytest.mark.parametrize(("language", "line"), CASES)
def test_a_line_is_cut_where_its_case_says(language, line):
    """The cases are lines of data/sentences, with a bar between the sentences."""
    expected = line.split("|")

    assert sentences(" ".join(expected)) == expected


def test_japanese_has_no_spaces_between_sentences():
    assert sentences("今日は晴れ。明日は雨！「行く。来る。」と言った。") == [
        "今日は晴れ。",
        "明日は雨！",
        "「行く。来る。」と言った。",
    ]


def test_the_end_of_a_paragraph_ends_a_sentence():
    assert sentences("A heading\nIt rained. It\npoured") == ["A heading", "It rained.", "It", "poured"]


def test_a_forgotten_space_between_sentences_is_seen():
    assert sentences("Younis told PTI.He said so at Amazon.Com today.") == [
        "Younis told PTI.",
        "He said so at Amazon.Com today.",
    ]


@pytest.mark.parametrize("text", ["", " ", "\n\n \t"])
def test_no_text_no_sentences(text):
    assert split(text) == []


@given(st.text() | st.text(alphabet=MARKS))
def test_spans_are_in_order_and_leave_out_only_white_space(text):
    at = 0
    for start, end in split(text):
        assert at <= start < end
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        at = end

    assert not text[at:].strip()


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["a.a.a.", '"', ".", "“", "(.", ". ", "A. ", '?! " ', "' ", '."A', "« "])
def test_hostile_text_comes_to_an_end(piece):
    """In squared time 60 kB would take minutes here."""
    text = piece * (60_000 // len(piece))

    assert split(text)[-1][1] == len(text.rstrip())


@pytest.mark.parametrize(
    "whole", ["He said “go.”", "The 'old' (and new) way", "It's the boys’ 90s", "« Oui »", "„Ja“", "«Sí»", ""]
)
def test_marks_with_their_partners_are_balanced(whole):
    assert balanced(whole)


@pytest.mark.parametrize("cut", ["“I am sad.", "I go,” he said.", '"Go', "and so on).", "‘Go,", "(see below"])
def test_a_mark_without_its_partner_is_not_balanced(cut):
    assert not balanced(cut)


def test_quotations_are_found_with_their_marks():
    text = "“One ‘two’ three,” he said (so), "
    text += '"four".'

    assert [text[start:end] for start, end in quotations(text)] == ["“One ‘two’ three,”", '"four"']
