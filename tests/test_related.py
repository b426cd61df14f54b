from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOW, article, newsletter
from hypothesis import given
from hypothesis import strategies as st

from digest.model import Article, Kind, Story
from digest.related import Archive, dig_deeper, sentence
from digest.topics import gerund, topic

DAY = timedelta(days=1)

STRIKE = article(
    id="strike",
    url="https://example.com/strike?utm=1",
    canonical_url="https://example.com/strike",
    title="Dockworkers in Rotterdam walk out over pay",
    text="Dockworkers in Rotterdam walked out on Monday over pay, the union Havens said. Some 4,000 "
    "members of Havens "
    "stopped work at nine terminals of the port, and ships waited at anchor. The employers offered "
    "three per cent.",
)
RETOLD = article(
    id="retold",
    url="https://example.org/walkout",
    canonical_url="https://example.org/walkout",
    outlet="Example Post",
    title="Rotterdam dockworkers stop work over pay",
    text="Some 4,000 dockworkers in Rotterdam stopped work on Monday at nine terminals of the port over "
    "pay, the union "
    "Havens said. Ships waited at anchor. The employers had offered three per cent.",
)
BACKGROUND = article(
    id="background",
    url="https://example.net/machines",
    canonical_url="https://example.net/machines",
    outlet="Example Journal",
    kind=Kind.ANALYSIS,
    authors=("Ana Sá",),
    first_seen=NOW - 3 * DAY,
    title="How machines changed the port of Rotterdam",
    text="When the first cranes without drivers came to Rotterdam in 1993, the union Havens had ten "
    "thousand members. "
    "Today the terminals load by night what a shift of hundreds once did in a week, and young "
    "people train as "
    "programmers. The harbour master says that the city gained more than it lost, but its old "
    "quarters tell another tale.",
)
ELSEWHERE = article(
    id="elsewhere",
    url="https://example.net/cheese",
    canonical_url="https://example.net/cheese",
    title="Cheese wins a prize in Rotterdam",
    text="A goat cheese from a farm in Friesland took the first prize at a fair for cooks and their guests.",
)
OTHERS = [
    article(
        id=f"o{n}",
        url=f"https://example.net/{n}",
        canonical_url=f"https://example.net/{n}",
        title=title,
        text=title,
    )
    for n, title in enumerate(
        (
            "Senate passes farm bill",
            "Rain ends drought in Kenya",
            "Robot plays chess",
            "Museum of tea opens in Kyoto",
        )
    )
]


def story(lead: Article = STRIKE, *rivals: Article) -> Story:
    return Story(lead=lead, rivals=rivals, section="World", score=1.0)


def dig(*archive: Article, lead: Article = STRIKE, used: frozenset[str] = frozenset()) -> tuple[str, str]:
    pieces = Archive([lead, *archive, *OTHERS])
    return dig_deeper(story(lead), pieces, newsletter=newsletter(), used=used, now=NOW)


def test_a_related_piece_is_found_and_told_in_the_house_grammar():
    line, target = dig(RETOLD, BACKGROUND, ELSEWHERE)

    assert target == "https://example.net/machines"
    assert line == (
        "Read Ana Sá’s [analysis](https://example.net/machines) in *Example Journal* about how machines "
        "changed the "
        "port of Rotterdam."
    )


def test_the_same_story_told_again_is_not_deeper():
    _, target = dig(RETOLD)

    assert target == "https://example.com/strike"


def test_without_a_related_piece_the_storys_own_source_is_named():
    line, target = dig(ELSEWHERE)

    assert target == "https://example.com/strike"
    assert line == "Read the full [report](https://example.com/strike?utm=1) in *Example Times*."


def test_a_target_that_was_used_is_not_used_again():
    _, target = dig(BACKGROUND, used=frozenset(["https://example.net/machines"]))

    assert target == "https://example.com/strike"


def test_a_piece_from_the_future_or_in_another_language_is_left_out():
    _, future = dig(replace(BACKGROUND, first_seen=NOW + DAY))
    _, foreign = dig(replace(BACKGROUND, language="nl"))

    assert {future, foreign} == {"https://example.com/strike"}


def test_a_report_of_the_same_names_from_other_days_is_related():
    """Measured on stories of one day, likeness tells retellings; over weeks it tells the matter."""
    days_ago = replace(BACKGROUND, kind=Kind.REPORT, first_seen=NOW - 5 * DAY)

    assert dig(days_ago)[1] == "https://example.net/machines"
    assert dig(replace(days_ago, first_seen=NOW))[1] == "https://example.com/strike"


def test_a_rival_is_no_target():
    archive = Archive([STRIKE, BACKGROUND, *OTHERS])

    _, target = dig_deeper(story(STRIKE, BACKGROUND), archive, newsletter=newsletter(), used=(), now=NOW)

    assert target == "https://example.com/strike"


def test_a_piece_without_a_title_is_found_by_its_text():
    assert dig(replace(BACKGROUND, title=""))[1] == "https://example.net/machines"


def test_what_happened_relates_two_pieces_more_than_where():
    elsewhere = article(
        id="sydney",
        url="https://example.net/sydney",
        canonical_url="https://example.net/sydney",
        title="Sydney wharves fall silent",
        text="Crane drivers at Port Botany stayed at home on Friday, and eleven ships lay off Sydney. The "
        "Maritime Union wants more pay for nights; its members last stopped work in 2011.",
    )

    assert dig(ELSEWHERE, elsewhere)[1] == "https://example.net/sydney"


def test_an_empty_archive_leaves_the_storys_own_source():
    _, target = dig_deeper(story(), Archive([]), newsletter=newsletter(), used=(), now=NOW)

    assert target == "https://example.com/strike"


def test_a_story_without_an_address_has_no_sentence():
    assert dig(lead=article(url="", canonical_url="")) == ("", "")


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ({}, "Read the [report](https://example.com/a1) in *Example Times* about"),
        ({"authors": ("Chris Wilkes",)}, "Read Chris Wilkes’ [report]("),
        ({"authors": ("Ana Sá", "Bo Li")}, "Read Ana Sá and Bo Li’s [report]("),
        ({"authors": ("Ana Sá", "Bo Li", "Cy Day")}, "Read the [report]("),
        ({"authors": ("Example Times",)}, "Read the [report]("),
        ({"authors": ("News Desk",)}, "Read the [report]("),
        ({"kind": Kind.INTERVIEW}, "Read the [interview]("),
        ({"kind": Kind.PODCAST}, "Listen to the [report](https://example.com/a1) on *Example Times* about"),
        ({"kind": Kind.CONVERSATION}, "Listen to the [conversation]("),
        ({"kind": Kind.VIDEO}, "Watch the [report](https://example.com/a1) on *Example Times* about"),
        ({"outlet": "*The* [Sift]"}, "Read the [report](https://example.com/a1) in *The Sift* about"),
        ({"url": "https://e.com/a_(b)*"}, "Read the [report](https://e.com/a_%28b%29%2A) in"),
        ({"title": ""}, "Read the [report](https://example.com/a1) in *Example Times*."),
    ],
)
def test_the_sentence_follows_what_is_known(given_, expected):
    assert sentence(article(**given_)).startswith(expected)


@given(st.text(max_size=80), st.text(max_size=30), st.lists(st.text(max_size=20), max_size=3))
def test_no_word_of_a_publisher_becomes_a_mark(title, outlet, authors):
    line = sentence(article(title=title, outlet=outlet, authors=tuple(authors)))

    assert line.count("*") in (0, 2)
    assert re.findall(r"[\[\]]", line) == ["[", "]"]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Putin praises Kim's support for his war", "Putin praising Kim’s support for his war"),
        ("Council votes to rebuild the old bridge", "the council voting to rebuild the old bridge"),
        ("Study finds that coffee helps hearts", "a study finding that coffee helps hearts"),
        ("New York mayor says he quits", "New York mayor saying he quits"),
        ("Acme unveils thinner phone", "Acme unveiling thinner phone"),
        ("Fed cuts its key rate", "Fed cutting its key rate"),
        ("Man dies after fall from cliff", "a man dying after fall from cliff"),
        ("Why the truce holds", "why the truce holds"),
        ("What to know about the vote", "what to know about the vote"),
        ("The long road to peace", "the long road to peace"),
        (
            "Acme Readies Android Push Into Wearable Devices",
            "Acme readying Android push into wearable devices",
        ),
        # What no rule is sure of is quoted:
        ("Budget cuts to hit schools", "“Budget cuts to hit schools”"),
        ("Tax cuts fail to help poor", "“Tax cuts fail to help poor”"),
        ("Officials say Putin praises Kim", "“Officials say Putin praises Kim”"),
        ("Putin praises Kim, vows revenge", "“Putin praises Kim, vows revenge”"),
        ("Stocks fall as Fed raises rates", "“Stocks fall as Fed raises rates”"),
        ("Scratching heads over pot policies", "“Scratching heads over pot policies”"),
        ("The bank raised rates", "“The bank raised rates”"),
        ("Acme Unveils Thinner Gizmo Quickly", "“Acme Unveils Thinner Gizmo Quickly”"),
        ("Who is the new pope?", "“Who is the new pope?”"),
        ("What we know about the crash", "“What we know about the crash”"),
        ('Mayor calls deal "terrible"', "“Mayor calls deal ‘terrible’”"),
        # Nothing to say:
        ("Mayor quits after …", ""),
        ("", ""),
    ],
)
def test_a_headline_becomes_a_topic(title, expected):
    text = "On Monday the council voted to push Android into wearable devices; a study was read."

    assert topic(title, text) == expected


@pytest.mark.parametrize(
    ("bare", "expected"),
    [
        ("praise", "praising"),
        ("win", "winning"),
        ("die", "dying"),
        ("agree", "agreeing"),
        ("visit", "visiting"),
    ],
)
def test_a_gerund_is_spelled(bare, expected):
    assert gerund(bare) == expected
