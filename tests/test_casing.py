"""Names that are also words of headlines keep their capital."""

from __future__ import annotations

import pytest

from digest.words.casing import sentence_case
from digest.words.wording import headline

WORK = (
    "The town council said Monday that the old bridge will leave the list of those to rebuild in spring."
    " Officials said that the work may begin when the mayor has money for it, and guilty was what one"
    " of the builders pleaded, of whom the town had bought a million of old bricks. They do buy the rest. "
)


@pytest.mark.parametrize(
    ("title", "said", "expected"),
    [
        (
            "Actor Will Smith Pleads Guilty in Town",
            "The actor Will Smith pleaded guilty on Monday. ",
            "Actor Will Smith pleads guilty in town",
        ),
        (
            "Mayor Mark May Leaves Council in Spring",
            "Mayor Mark May said on Monday that she had done her work. ",
            "Mayor Mark May leaves council in spring",
        ),
        (
            "Mayor May Leave Council in Spring",
            "Mayor Mark Li said on Monday that she had done her work. ",
            "Mayor may leave council in spring",
        ),
        (
            "Officials Will Rebuild the Old Bridge in Spring",
            "Will Smith said so. ",
            "Officials will rebuild the old bridge in spring",
        ),
    ],
)
def test_will_and_may_are_names_beside_a_name(title: str, said: str, expected: str) -> None:
    assert sentence_case(title, said + WORK) == expected


@pytest.mark.parametrize("name", ["Sharp", "Boost", "Chance", "Rough"])
def test_what_a_company_may_be_called_is_not_small_in_every_headline(name: str) -> None:
    found = sentence_case(f"Council Buys Bricks of {name} for Old Bridge", WORK)

    assert name in found


def test_an_agency_may_number_a_version_behind_another_label() -> None:
    assert headline("RPT-UPDATE 1-Bridge closes", "Example Wire", text=WORK) == ("Bridge closes", True)
