from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit.builders import NOW, article, newsletter

from digest.model import Article, Kind, Story
from digest.related import Archive, find, nearby, relate, sentence
from digest.topics import gerund, topic
from digest.words.likeness import tally

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


def dig(*archive: Article, told: Story | None = None, used: frozenset[str] = frozenset()) -> Story:
    told = told or story()
    pieces = Archive([*told.told, *archive, *OTHERS])
    [related] = relate([told], pieces, newsletter=newsletter(), used=used, now=NOW)
    return related


def test_a_related_piece_is_found():
    related = dig(RETOLD, BACKGROUND, ELSEWHERE)

    assert related.deeper == BACKGROUND
    assert replace(related, deeper=None, background=()) == story()


def test_the_same_story_told_again_is_not_deeper():
    assert dig(RETOLD).deeper is None


def test_a_name_in_common_relates_nothing():
    assert dig(ELSEWHERE).deeper is None
    assert dig(ELSEWHERE).background == ()


def test_a_word_in_common_relates_nothing():
    pay = article(
        id="pay",
        url="https://example.net/pay",
        canonical_url="https://example.net/pay",
        title="Pay, pay, pay: what a street musician learnt",
        text="A violinist asks passers-by for pay. Pay is what she sings of, and pay she got: twelve cents.",
    )

    assert dig(pay).deeper is None


def test_two_words_in_common_relate_nothing():
    airport = article(
        id="airport",
        url="https://example.net/airport",
        canonical_url="https://example.net/airport",
        title="A walk out to the terminals of an airport",
        text="Travellers may walk out to the new terminals on foot since spring, past shops and a chapel.",
    )

    assert dig(airport).deeper is None


def test_what_is_said_in_common_relates_more_than_where():
    elsewhere = article(
        id="sydney",
        url="https://example.net/sydney",
        canonical_url="https://example.net/sydney",
        title="Sydney wharves fall silent",
        text="Crane drivers at Port Botany stayed at home on Friday, and eleven ships lay off Sydney. The "
        "Maritime Union wants more pay for nights; its members last stopped work in 2011.",
    )

    assert dig(ELSEWHERE, elsewhere).deeper == elsewhere


def test_a_target_that_was_used_is_not_used_again():
    assert dig(BACKGROUND, used=frozenset(["https://example.net/machines"])).deeper is None


def test_two_stories_never_lead_to_the_same_piece():
    another = replace(STRIKE, id="another", url="https://e.com/2", canonical_url="https://e.com/2", text="")
    archive = Archive([STRIKE, another, BACKGROUND, *OTHERS])

    related = relate([story(), story(another)], archive, newsletter=newsletter(), used=(), now=NOW)

    assert [each.deeper for each in related] == [BACKGROUND, None]


def test_what_the_edition_tells_itself_is_no_target():
    archive = Archive([STRIKE, BACKGROUND, *OTHERS])

    first, second = relate([story(), story(BACKGROUND)], archive, newsletter=newsletter(), used=(), now=NOW)

    assert (first.deeper, second.deeper) == (None, None)
    assert (first.background, second.background) == ((), ())
    assert dig(told=story(STRIKE, replace(BACKGROUND, kind=Kind.REPORT))).deeper is None


def test_a_rival_of_another_kind_goes_deeper():
    assert dig(told=story(STRIKE, BACKGROUND)).deeper == BACKGROUND
    assert (
        dig(told=story(STRIKE, BACKGROUND), used={BACKGROUND.canonical_url or BACKGROUND.url}).deeper is None
    )
    assert dig(told=story(replace(STRIKE, kind=Kind.ANALYSIS), BACKGROUND)).deeper is None


def test_a_piece_from_the_future_in_another_language_or_without_an_address_is_left_out():
    assert dig(replace(BACKGROUND, first_seen=NOW + DAY)).deeper is None
    assert dig(replace(BACKGROUND, language="nl")).deeper is None
    assert dig(replace(BACKGROUND, url="", canonical_url="")).deeper is None


def test_a_report_of_the_same_names_from_other_days_is_related():
    """Measured on stories of one day, likeness tells retellings; over weeks it tells the matter."""
    days_ago = replace(BACKGROUND, kind=Kind.REPORT, first_seen=NOW - 5 * DAY)

    assert dig(days_ago).deeper == days_ago
    assert dig(replace(days_ago, first_seen=NOW)).deeper is None


def test_another_kind_of_piece_is_preferred():
    report = replace(BACKGROUND, kind=Kind.REPORT)
    column = replace(report, kind=Kind.COLUMN, id="c", url="https://e.com/c", canonical_url="https://e.com/c")

    assert dig(report, column).deeper == column


def test_a_newer_piece_is_preferred():
    older = replace(
        BACKGROUND, first_seen=NOW - 20 * DAY, url="https://e.com/o", canonical_url="https://e.com/o"
    )

    assert dig(older, BACKGROUND).deeper == BACKGROUND


def test_a_piece_whose_title_is_a_date_leads_nowhere():
    assert dig(replace(BACKGROUND, title="Friday, 20 November 2026")).deeper is None


def test_a_few_words_that_are_like_a_retelling_retell_as_well():
    walkout = replace(
        RETOLD,
        text=f"{RETOLD.text} The Heron, with wheat from Odesa for the mills of Cleo Marsh, lies off Hoek van "
        "Holland.",
    )
    brief = article(
        id="brief",
        url="https://example.net/brief",
        canonical_url="https://example.net/brief",
        title="Mills of Cleo Marsh wait for the Heron",
        description="The wheat from Odesa lies off Hoek van Holland, as dockworkers want more pay.",
    )

    assert dig(brief).deeper == brief
    assert dig(walkout, brief).deeper is None


def test_a_name_and_figures_in_common_relate_nothing():
    game = article(
        id="game",
        url="https://example.net/game",
        title="Andrew Marsh lifts Herons, 20-12",
        description="12 / 20 / 26 Andrew Marsh threw as his Herons won by 20 to 12.",
    )
    trial = replace(
        STRIKE, title="Trial of Andrew Ek, 20", text="12 / 20 / 26 Andrew Ek, 20, was tried for 12 thefts."
    )

    [near] = Archive([trial, game, *OTHERS]).nearest([tally(trial)], lambda piece: piece.id == "game")

    assert near.relatedness == 0


def test_a_headline_that_says_the_same_retells_the_event_though_its_text_is_unknown():
    again = replace(
        BACKGROUND, kind=Kind.REPORT, title="Rotterdam dockworkers walk out over pay", first_seen=NOW - DAY
    )

    assert dig(again).deeper is None


def test_a_piece_without_a_title_is_found_by_its_text():
    untitled = replace(BACKGROUND, title="")

    assert dig(untitled).deeper == untitled


def test_another_event_that_several_outlets_tell_is_no_retelling():
    """A second walkout shares many words with the first; that others tell it too shows that it is another."""
    second = [
        article(
            id=f"hamburg{n}",
            url=f"https://example.de/{n}",
            canonical_url=f"https://example.de/{n}",
            outlet=f"Example Bote {n}",
            title=title,
            text="Lashers in Hamburg stopped work on Monday over pay, the union Kaikante said. Some 900 "
            "members of Kaikante stayed away from Tollerort and Altenwerder, where feeder ships lay "
            "alongside. Senator Meier called the walkout a blackmail of the Elbe, as in Rotterdam.",
        )
        for n, title in enumerate(
            ("Hamburg lashers stop work over pay", "Lashers walk out in Hamburg", "Kaikante stops Hamburg")
        )
    ]

    assert dig(*second, told=story(STRIKE, RETOLD)).deeper in second
    assert dig(second[0], told=story(STRIKE, RETOLD)).deeper is None


def test_what_a_story_may_lead_to_is_listed_best_first():
    report = replace(
        BACKGROUND,
        kind=Kind.REPORT,
        first_seen=NOW - 5 * DAY,
        id="r",
        url="https://e.com/r",
        canonical_url="https://e.com/r",
    )
    archive = Archive([STRIKE, RETOLD, report, BACKGROUND, ELSEWHERE, *OTHERS])

    candidates = nearby(story(), archive, language="en", now=NOW)

    assert candidates == (BACKGROUND, report)
    assert find(story(), archive, language="en", used=[BACKGROUND.canonical_url], now=NOW) == report


def test_background_is_what_else_there_is_on_the_matter():
    earlier = replace(
        RETOLD, id="own", outlet=STRIKE.outlet, url="https://e.com/own", canonical_url="https://e.com/own"
    )

    related = dig(BACKGROUND, ELSEWHERE, RETOLD, earlier, used=frozenset([BACKGROUND.canonical_url]))

    assert related.background == (RETOLD, BACKGROUND)


def test_background_is_of_three_pieces_at_most():
    pieces = [
        replace(BACKGROUND, id=str(n), url=f"https://e.com/{n}", canonical_url=f"https://e.com/{n}")
        for n in range(5)
    ]

    assert len(dig(*pieces).background) == 3
    assert len(dig(*[pieces[0]] * 3).background) == 1


@pytest.mark.slow
def test_in_a_large_archive_the_telling_words_find_the_piece():
    common = "On Monday ships stopped at anchor, and the employers offered pay for work."
    crowd = [
        article(
            id=f"c{n}", url=f"https://e.com/c{n}", canonical_url=f"https://e.com/c{n}", title="", text=common
        )
        for n in range(3000)
    ]

    assert dig(*crowd, BACKGROUND).deeper == BACKGROUND


def test_an_empty_archive_has_nothing_to_lead_to():
    assert relate([story()], Archive([]), newsletter=newsletter(), used=(), now=NOW) == (story(),)
    assert relate([], Archive([]), newsletter=newsletter(), used=(), now=NOW) == ()


@pytest.mark.slow
@given(st.lists(st.text(max_size=60), max_size=6), st.text(max_size=60))
def test_whatever_is_written_no_story_leads_to_itself(titles, title):
    pieces = [
        article(
            id=str(n), url=f"https://e.com/{n}", canonical_url=f"https://e.com/{n}", title=words, text=words
        )
        for n, words in enumerate([title, *titles])
    ]

    [related] = relate([story(pieces[0])], Archive(pieces), newsletter=newsletter(), used=(), now=NOW)

    assert pieces[0] not in (related.deeper, *related.background)


# --- the sentence ---------------------------------------------------------------------------------------


def deeper(**given: Any) -> str:
    line, _ = sentence(replace(story(), deeper=article(**given)))
    return line


def test_the_sentence_is_in_the_house_grammar():
    line, target = sentence(replace(story(), deeper=BACKGROUND))

    assert target == "https://example.net/machines"
    assert line == (
        "Read Ana Sá’s [analysis](https://example.net/machines) in *Example Journal* about how machines "
        "changed the port of Rotterdam."
    )


def test_without_a_related_piece_the_storys_own_source_is_named():
    line, target = sentence(story(), topic="the port")

    assert target == "https://example.com/strike"
    assert line == "Read the full [report](https://example.com/strike?utm=1) in *Example Times*."


@pytest.mark.parametrize(
    ("language", "own", "deeper"),
    [
        (
            "de",
            "Lesen Sie den ganzen [Bericht](https://example.com/own) in *Example Times*.",
            "Lesen Sie die [Analyse](https://example.com/deep) von Ana Sá in *Die Post*: „Rat: ‘Zu teuer’“.",
        ),
        (
            "es-MX",
            "Lea el [artículo](https://example.com/own) completo en *Example Times*.",
            "Lea el [análisis](https://example.com/deep) de Ana Sá en *Die Post*: «Rat: ‘Zu teuer’».",
        ),
        (
            "fr",
            "Lisez l’[article](https://example.com/own) complet dans *Example Times*.",
            "Lisez l’[analyse](https://example.com/deep) d’Ana Sá dans *Die Post*"
            "\u00a0: «\u00a0Rat: ‘Zu teuer’\u00a0».",
        ),
    ],
)
def test_the_sentence_is_in_the_newsletters_language(language: str, own: str, deeper: str):
    piece = article(
        url="https://example.com/deep",
        outlet="Die Post",
        title="Rat: „Zu teuer“",
        authors=("Ana Sá",),
        kind=Kind.ANALYSIS,
    )
    told = story(article(url="https://example.com/own", outlet="Example Times"))

    assert sentence(told, language=language)[0] == own
    assert sentence(replace(told, deeper=piece), topic="the council", language=language)[0] == deeper


def test_a_story_without_an_address_has_no_sentence():
    assert sentence(story(article(url="", canonical_url=""))) == ("", "")


def test_a_given_topic_stands_for_the_one_that_the_headline_makes():
    line, _ = sentence(replace(story(), deeper=BACKGROUND), topic="*cranes* without drivers")

    assert line.endswith("in *Example Journal* about cranes without drivers.")


def test_a_title_that_was_cut_off_is_not_said():
    assert deeper(title="Mayor says he never …").endswith("in *Example Times*.")


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ({}, "Read the [report](https://example.com/a1) in *Example Times* about"),
        ({"authors": ("Chris Wilkes",)}, "Read Chris Wilkes’ [report]("),
        ({"authors": ("Ana Sá", "Bo Li")}, "Read Ana Sá and Bo Li’s [report]("),
        ({"authors": ("Ana Sá", "Bo Li", "Cy Day")}, "Read the [report]("),
        ({"authors": ("Example Times",)}, "Read the [report]("),
        ({"authors": ("News Desk",)}, "Read the [report]("),
        ({"authors": ("Harbour Sport",)}, "Read the [report]("),
        ({"kind": Kind.INTERVIEW}, "Read the [interview]("),
        ({"kind": Kind.REVIEW}, "Read the [review]("),
        (
            {"kind": Kind.REVIEW, "title": "Salt: The Road review – a dazzling show"},
            "Read the [review](https://example.com/a1) in *Example Times* of Salt: The Road.",
        ),
        (
            {"kind": Kind.REVIEW, "title": "Album review: The Salt Road"},
            "Read the [review](https://example.com/a1) in *Example Times* of The Salt Road.",
        ),
        (
            {"kind": Kind.REVIEW, "title": "Review: The Salt Road is too long"},
            "Read the [review](https://example.com/a1) in *Example Times* about ",
        ),
        ({"kind": Kind.PODCAST}, "Listen to the [report](https://example.com/a1) on *Example Times* about"),
        (
            {"kind": Kind.PODCAST, "title": "Harbour Podcast: Who runs the port?"},
            "Listen to the [report](https://example.com/a1) on *Example Times* about “Who runs the port?”",
        ),
        (
            {"kind": Kind.PODCAST, "title": "Episode #12 – Bo Li on the port"},
            "Listen to the [report](https://example.com/a1) on *Example Times* about “Bo Li on the port.”",
        ),
        ({"kind": Kind.CONVERSATION}, "Listen to the [conversation]("),
        ({"kind": Kind.VIDEO}, "Watch the [report](https://example.com/a1) on *Example Times* about"),
        ({"outlet": "*The* [Sift]"}, "Read the [report](https://example.com/a1) in *The Sift* about"),
        ({"url": "https://e.com/a_(b)*"}, "Read the [report](https://e.com/a_%28b%29%2A) in"),
        ({"title": ""}, "Read the [report](https://example.com/a1) in *Example Times*."),
        ({"title": "Deputy Sheriff"}, "Read the [report](https://example.com/a1) in *Example Times*."),
        (
            {"title": "Bo Li: ‘We won’"},
            "Read the [report](https://example.com/a1) in *Example Times* about “Bo Li: ‘We won.’”",
        ),
    ],
)
def test_the_sentence_follows_what_is_known(given_, expected):
    assert deeper(**given_).startswith(expected)


@pytest.mark.slow
@given(st.text(max_size=80), st.text(max_size=30), st.lists(st.text(max_size=20), max_size=3))
def test_no_word_of_a_publisher_becomes_a_mark(title, outlet, authors):
    line = deeper(title=title, outlet=outlet, authors=tuple(authors))

    assert line.count("*") in (0, 2)
    assert re.findall(r"[\[\]]", line) == ["[", "]"]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Putin praises Kim's support for his war", "Putin praising Kim’s support for his war"),
        ("Springfield man pleads guilty to fraud", "a Springfield man pleading guilty to fraud"),
        ("Apple bets on the old bridge", "Apple betting on the old bridge"),
        ("Council votes to rebuild the old bridge", "the council voting to rebuild the old bridge"),
        ("Study finds that coffee helps hearts", "a study finding that coffee helps hearts"),
        ("New York mayor says he quits", "the New York mayor saying he quits"),
        ("Acme unveils thinner phone", "Acme unveiling thinner phone"),
        ("Fed cuts its key rate", "the Fed cutting its key rate"),
        ("Man dies after fall from cliff", "a man dying after fall from cliff"),
        ("Why the truce holds", "why the truce holds"),
        ("What to know about the vote", "what to know about the vote"),
        ("The long road to peace", "the long road to peace"),
        ("Ex-minister joins the board", "an ex-minister joining the board"),
        ("Former minister joins the board", "a former minister joining the board"),
        ("Harbour Guard rescues three sailors", "the Harbour Guard rescuing three sailors"),
        (
            "Acme Readies Android Push Into Wearable Devices",
            "Acme readying Android push into wearable devices",
        ),
        # What no rule is sure of is quoted:
        ("Budget cuts to hit schools", "“Budget cuts to hit schools”"),
        ("Tax cuts fail to help poor", "“Tax cuts fail to help poor”"),
        ("Officials say Putin praises Kim", "“Officials say Putin praises Kim”"),
        ("Putin praises Kim, vows revenge", "“Putin praises Kim, vows revenge”"),
        ("Li leaves Salt Hall, checks into Old Hall", "“Li leaves Salt Hall, checks into Old Hall”"),
        ("Li rejects the appeal, aides said on Monday", "“Li rejects the appeal, aides said on Monday”"),
        ("Stocks fall as Fed raises rates", "“Stocks fall as Fed raises rates”"),
        ("Scratching heads over pot policies", "“Scratching heads over pot policies”"),
        ("The bank raised rates", "“The bank raised rates”"),
        ("Acme Unveils Thinner Gizmo Quickly", "“Acme Unveils Thinner Gizmo Quickly”"),
        ("Mayor tries, again, to sell bridge", "the mayor trying, again, to sell bridge"),
        ("Rep. Bo Li resigns over old bridge", "Rep. Bo Li resigning over old bridge"),
        ("Bo Li apologizes for ‘lazy’ remark", "Bo Li apologizing for ‘lazy’ remark"),
        ("Senators keep pressure on Bo Li", "senators keeping pressure on Bo Li"),
        ("Democrats urge Bo Li to quit", "Democrats urging Bo Li to quit"),
        ("Bo Li is running for mayor", "Bo Li running for mayor"),
        ("Bo Li criticized for his remarks", "Bo Li being criticized for his remarks"),
        ("Two climbers killed in avalanche", "two climbers being killed in avalanche"),
        ("Norway’s plan to drain a lake", "Norway’s plan to drain a lake"),
        ("NRA report recommends armed guards", "an NRA report recommending armed guards"),
        ("White House plays down report", "the White House playing down report"),
        ("NASA adds a second lander", "NASA adding a second lander"),
        ("Merger creates the largest ferry company", "a merger creating the largest ferry company"),
        ("Poet wins Golden Heron for first book", "“Poet wins Golden Heron for first book”"),
        ("Chain Lantern files for bankruptcy", "“Chain Lantern files for bankruptcy”"),
        ("The hall that Li attends was sold", "“The hall that Li attends was sold”"),
        ("Bo Li attends was sold in spring", "“Bo Li attends was sold in spring”"),
        ("Apple tops the list Norway has kept", "“Apple tops the list Norway has kept”"),
        ("Apple says Norway has kept the list", "Apple saying Norway has kept the list"),
        ("Putin thanks Bo Li after he was freed", "Putin thanking Bo Li after he was freed"),
        ("There’s a new plan for Norway", "“There’s a new plan for Norway”"),
        ("How to Leave Norway for good", "“How to Leave Norway for good”"),
        ("How to leave Norway for good", "how to leave Norway for good"),
        ("Lantern -- Acme unveils thinner phone", "“Lantern -- Acme unveils thinner phone”"),
        ("Former Acme boss joins the board", "a former Acme boss joining the board"),
        ("Former council chief Bo Li joins the board", "former council chief Bo Li joining the board"),
        ("Springfield Rep. Bo Li resigns from Congress", "Springfield Rep. Bo Li resigning from Congress"),
        ("Mo Li joins the board", "Mo Li joining the board"),
        ("Bo Li keeps getting lost", "“Bo Li keeps getting lost”"),
        ("Bo Li says mayor ‘unfit’", "“Bo Li says mayor ‘unfit’”"),
        ("‘I quit,’ mayor says on television", "“‘I quit,’ mayor says on television”"),
        ("Norway’s shares slip on weak demand", "“Norway’s shares slip on weak demand”"),
        ("Bull market charges into sixth year", "“Bull market charges into sixth year”"),
        ("Who is the new pope?", "“Who is the new pope?”"),
        ("What we know about the crash", "“What we know about the crash”"),
        ('Mayor calls deal "terrible"', "“Mayor calls deal ‘terrible’”"),
        ("Mayor Li: No to ‘Ferry War.’", "“Mayor Li: No to ‘Ferry War’”"),
        ("Mayor Li: I Defend the “War on Ferries", "“Mayor Li: I Defend the War on Ferries”"),
        ("Li calls vote 'unfair,' says council 'lied'", "“Li calls vote ‘unfair,’ says council ‘lied’”"),
        ("Parliament caps rent increases by four votes", "“Parliament caps rent increases by four votes”"),
        ("Labourer turns gunrunner arrested in Delhi", "“Labourer turns gunrunner arrested in Delhi”"),
        ("“The Salt Road” wins Golden Heron", "“‘The Salt Road’ wins Golden Heron”"),
        ('Council wins "Lantern" for first book', "the council winning “Lantern” for first book"),
        (
            "The armed group Havens dwells in Norway and Greece",
            "“The armed group Havens dwells in Norway and Greece”",
        ),
        ("The old firm Acme dwells in Norway", "“The old firm Acme dwells in Norway”"),
        ("The long road of Acme to peace", "the long road of Acme to peace"),
        # Nothing to say:
        ("Mayor quits after …", ""),
        ("Monday, 23 November 2026", ""),
        ("Last updated 9:30 a.m. GMT", ""),
        ("", ""),
    ],
)
def test_a_headline_becomes_a_topic(title, expected):
    text = (
        "SPRINGFIELD — On Monday the council voted to push Android into wearable devices; a study was read. "
        "Then the Harbour Guard spoke. Acme said nothing. Bo Li met Putin, who reads on his Apple what the "
        "Fed does in Norway. A merger failed, and the second lander was late. Rates fell."
    )

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
