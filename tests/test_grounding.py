"""Whether a text says only what its source says."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.grounding import Problem, What, problems

SOURCE = """\
MARLOW (AP) — The council of Marlow voted 7-2 on Tuesday to spend $4.6 million on the old bridge, which \
engineers closed in March. “We could not patch it one more time,” Mayor Ruth Calder said. She denied that \
the builder, Acme Stone, had been chosen before the vote.
Twelve hundred people signed a petition on Nov. 3, and 47 percent of shop owners said they had lost \
customers. The World Heritage Council praised the plan. Ana Sá, the city's engineer, beat Peter Holm of \
Leeds in the final of the bridge prize.
"""


def found(text: str, source: str = SOURCE) -> list[Problem]:
    return problems(text, [source])


def kinds(text: str, source: str = SOURCE) -> set[What]:
    return {problem.kind for problem in found(text, source)}


def words(text: str, source: str = SOURCE) -> list[str]:
    return [problem.words for problem in found(text, source)]


# --- numbers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("1,200 people came.", "Twelve hundred people came."),
        ("1200 people came.", "1,200 people came."),
        ("1\u00a0200 people came.", "1,200 people came."),
        ("Five of them came.", "5 of them came."),
        ("The 21st of them came.", "The twenty-first of them came."),
        ("Two thousand five hundred came.", "2,500 came."),
        ("It cost $4.6 million.", "It cost 4.6 million dollars."),
        ("It cost $4.6bn.", "It cost $4.6 billion."),
        ("It cost $4,600,000.", "It cost $4.6 million."),
        ("It cost £3m.", "It cost three million pounds."),
        ("About 47% of them came.", "About 47 percent of them came."),
        ("About 47 per cent of them came.", "About 47% of them came."),
        ("About 5 percent to 10 percent came.", "About 5-10 percent came."),
        ("It cost $5 million to $10 million.", "It cost $5-10 million."),
        ("It was on Nov. 3 and Nov. 4.", "It was on November 3 and 4."),
        ("It was on 3 November.", "It was on Nov. 3."),
        ("It began at 5:30 p.m.", "It began at 5:30pm."),
        ("Dozens of people came.", "Some 60 people came."),
        ("Half a million people came.", "Some 500,000 people came."),
        ("It won 3–1.", "It won 3-1."),
        ("It began in the 1990s.", "It began in 1990."),
        ("A dozen people came.", "Some 12 people came."),
    ],
)
def test_a_number_is_the_same_in_whatever_form(said: str, written: str) -> None:
    assert What.NUMBER not in kinds(said, written)


@pytest.mark.parametrize(
    ("said", "written", "marked"),
    [
        ("About 1,300 people came.", "About 1,200 people came.", "1,300"),
        ("About 47% of them came.", "About 47 of them came.", "47%"),
        ("It cost £4 million.", "It cost $4 million.", "£4 million"),
        ("It cost $4 billion.", "It cost $4 million.", "$4 billion"),
        ("It was on Nov. 5.", "It was on Nov. 3, when 5 people came.", "5"),
        ("It was on May 3.", "It was on March 3.", "3"),
        ("It began at 5 a.m.", "It began at 5 p.m.", "5 a.m"),
        ("It won 1-3.", "It won 3-1.", "1-3"),
        ("Thirteen people came.", "Twelve people came.", "Thirteen"),
        ("Hundreds of people came.", "Some 60 people came.", "Hundreds"),
        ("Thousands of people came.", "Some 300 people came in 2015.", "Thousands"),
        ("Dozens of people came.", "Some 40,000 people came.", "Dozens"),
    ],
)
def test_a_number_that_stands_nowhere_is_marked(said: str, written: str, marked: str) -> None:
    assert marked in [problem.words for problem in found(said, written) if problem.kind is What.NUMBER]


# --- names --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Mayor Calder said so.",
        "Calder's council voted.",
        "The WHC praised the plan.",
        "Officials praised the plan.",
        "Meanwhile, Acme Stone was chosen.",
        "It was on a Tuesday in March.",
        "Ms. Calder said so.",
        "Council members voted.",
    ],
)
def test_a_name_of_the_source_may_be_said_in_other_ways(text: str) -> None:
    assert What.NAME not in kinds(text)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("The builder is Mason Brothers.", "Mason Brothers"),
        ("Mayor Jane Calder said so.", "Jane"),
        ("Delgado said so.", "Delgado"),
        ("It was on a Friday in March.", "Friday"),
        ("The plan was praised by UNESCO.", "UNESCO"),
        ("Peter Calder said so.", "Peter Calder"),
        ("Calder Ruth said so.", "Calder Ruth"),
    ],
)
def test_a_name_that_stands_nowhere_is_marked(text: str, marked: str) -> None:
    assert marked in [problem.words for problem in found(text) if problem.kind is What.NAME]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("It was made in the US.", "It was made in America."),
        ("The French voted on it.", "People in France voted on it."),
        ("It was made by U.S. engineers.", "It was made by engineers of the United States."),
        ("He praised José there.", "He praised Jose there."),
        ("It was in Sept. last year.", "It was in September last year."),
    ],
)
def test_places_and_accents_have_several_names(text: str, source: str) -> None:
    assert found(text, source) == []


# --- quotations ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        'Calder said: "We could not patch it one more time."',
        "“We could not patch it,” Calder said.",
        "Calder said it was not possible to “patch it one more time.”",
        "Calder said: «We could not patch it\u00a0one more time».",
        "“We could … one more time,” Calder said.",
        "“[They] could not patch it one more time,” Calder said.",
        "The “old bridge” was closed.",
    ],
)
def test_a_quotation_may_differ_in_its_marks_and_be_cut(text: str) -> None:
    assert What.QUOTATION not in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "“We could not mend it one more time,” Calder said.",
        "“We could patch it one more time,” Calder said.",
        "The council “voted on Tuesday to spend” it.",
        "It is a “new bridge” for Marlow.",
        "The council “voted 7-2 on Tuesday to spend $4.6 million”.",
    ],
)
def test_words_that_nobody_said_are_no_quotation(text: str) -> None:
    assert What.QUOTATION in kinds(text)


# --- wording ------------------------------------------------------------------------------------------


BOUNDED = "At least 14 of the 62 boats sank. The trip took 52 days and cost more than $3.2 million."


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("Up to 14 of the 62 boats sank.", "Up to"),
        ("At least 14 of more than 62 boats sank.", "more than"),
        ("The trip cost under $3.2 million.", "under"),
    ],
)
def test_a_bound_that_no_source_sets_is_marked(text: str, bound: str) -> None:
    [problem] = problems(text, [BOUNDED])

    assert problem.words.startswith(bound)
    assert f"does not say “{bound}” of that number" in problem.reason


@pytest.mark.parametrize(
    "text",
    [
        "More than 14 of the 62 boats sank.",
        "The trip took 52 days and cost over $3.2 million.",
        "The trip went on over 52 days and cost $3.2 million.",
    ],
)
def test_a_bound_may_be_said_in_other_words(text: str) -> None:
    assert problems(text, [BOUNDED]) == []


def test_a_sentence_of_other_words_is_marked() -> None:
    text = "The council of Marlow voted on Tuesday. Tourists admire volcanoes while drinking cheap coffee."

    [problem] = found(text)

    assert problem.kind is What.WORDING
    assert text[problem.start : problem.end] == "Tourists admire volcanoes while drinking cheap coffee"


@pytest.mark.parametrize(
    "text",
    [
        "The council of Marlow did not vote 7-2 on Tuesday to spend $4.6 million on the old bridge.",
        "“We could not patch it one more time,” Mayor Ruth Calder never said.",
        "She said that the builder, Acme Stone, had not been chosen before the vote.",
        "She denied that the builder, Acme Stone, had been chosen after the vote.",
        "Ana Sá, the city's engineer, lost to Peter Holm of Leeds in the final of the bridge prize.",
        "Peter Holm, the city's engineer, beat Ana Sá of Leeds in the final of the bridge prize.",
        "Calder beat Holm.",
        "The council of Leeds voted 7-2 on Tuesday to spend $4.6 million on the old bridge.",
    ],
)
def test_a_turned_sense_is_found_beside_the_sentence_it_was_made_from(text: str) -> None:
    assert kinds(text) & {What.SENSE, What.NAME}


DEED = (
    "Mayor Ruth Calder sued the builder Acme Stone over the closed bridge on Tuesday.\n"
    "The shops and the schools reopened after the flood, the council of Marlow said.\n"
    "The council thanked the flood for the sandbags."
)


@pytest.mark.parametrize(
    "text",
    [
        "Acme Stone sued Mayor Ruth Calder over the closed bridge on Tuesday.",
        "The builder Acme Stone sued Ruth Calder over the closed bridge.",
        "On Tuesday Acme Stone sued Mayor Ruth Calder over the closed bridge.",
        "The flood thanked the council for the sandbags.",
    ],
)
def test_whoever_did_it_is_not_whom_it_was_done_to(text: str) -> None:
    [problem] = found(text, DEED)
    assert problem.kind is What.SENSE
    assert "the other way round" in problem.reason


@pytest.mark.parametrize(
    "text",
    [
        "Ruth Calder sued Acme Stone over the closed bridge on Tuesday.",
        "Acme Stone was sued by Mayor Ruth Calder over the closed bridge on Tuesday.",
        "On Tuesday Ruth Calder sued Acme Stone over the closed bridge.",
        "On Tuesday, over the closed bridge, Ruth Calder sued Acme Stone.",
        "The schools and the shops reopened after the flood, the council of Marlow said.",
        "The council of Marlow said the shops and the schools reopened after the flood.",
    ],
)
def test_another_order_of_words_may_say_the_same(text: str) -> None:
    assert not found(text, DEED)


@pytest.mark.parametrize(
    "text",
    [
        "The council voted 7-2 to spend $4.6 million on the old bridge.",
        "On Tuesday, the council of Marlow voted 7-2 to spend $4.6 million on the bridge, closed in March.",
        "Ruth Calder, the mayor, denied that Acme Stone had been chosen before the vote.",
        "Shop owners said that they had lost customers, and 1,200 people signed a petition.",
    ],
)
def test_a_faithful_sentence_has_no_problem(text: str) -> None:
    assert found(text) == []


# --- all of it ----------------------------------------------------------------------------------------


def test_problems_come_in_the_order_of_the_text_with_their_places_and_reasons() -> None:
    text = "Mayor Delgado said 48 percent signed.  “It is over,” Holm said."

    marked = found(text)

    assert [text[problem.start : problem.end] for problem in marked] == [problem.words for problem in marked]
    assert [problem.start for problem in marked] == sorted(problem.start for problem in marked)
    assert [str(problem) for problem in marked if problem.kind is not What.WORDING] == [
        "the name Delgado is not in the source",
        "the number 48 percent is not in the source",
        "the quotation “It is over,” is not in the source",
    ]


def test_what_one_of_several_sources_says_stands() -> None:
    text = "About 47 percent of shop owners said so. It rained in Oslo on Monday."

    assert problems(text, [SOURCE, "It rained in Oslo on Monday."]) == []


def test_without_a_source_nothing_stands() -> None:
    assert {problem.kind for problem in problems("Ana Sá has 7 bridges in Leeds.", [])} >= {
        What.NAME,
        What.NUMBER,
    }


@pytest.mark.parametrize("text", ["", " ", "\n\n", "—", "“", "…", "7", "“”", "a" * 10_000])
def test_any_text_has_an_answer(text: str) -> None:
    assert problems(text, [text]) == []


FRAGMENTS = st.sampled_from(
    [
        *SOURCE.split(),
        *(
            "5-10 percent",
            "$3m",
            "(",
            ")",
            "“",
            "”",
            "'",
            "’",
            "—",
            "\n",
            "1,200.5",
            "p.m.",
            "Nov. 3-5",
            "half a",
        ),
        *(
            "hundreds",
            "U.S.",
            "’90s",
            "No. 10",
            "COVID-19",
            "9/11",
            "twelve hundred",
            "O'Brien",
            "iPhone",
            "İ",
        ),
    ]
)


@given(st.lists(FRAGMENTS, max_size=60).map(" ".join))
def test_a_text_is_borne_out_by_itself(text: str) -> None:
    assert problems(text, [text]) == []


@given(st.text(max_size=300), st.text(max_size=300))
def test_places_lie_within_the_text(text: str, source: str) -> None:
    for problem in problems(text, [source]):
        assert text[problem.start : problem.end] == problem.words != ""


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["“", "A ", "1 ", "five ", "'", "Aa. ", "1-", "one-", "not a word "])
def test_time_grows_with_the_length_only(piece: str) -> None:
    text = piece * (30_000 // len(piece))
    started = process_time()
    problems(text[:1_000], [text])

    assert process_time() - started < 3
