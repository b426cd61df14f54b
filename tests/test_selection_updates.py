"""What the last editions ran, and when it may run again."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.builders import HOUR, NOW, article, feed, newsletter

from digest.model import Article, Ran, Selection, Window
from digest.selection import choose
from digest.selection.facts import days, known, names, numbers

DAY = Window(since=NOW - timedelta(days=1), until=NOW)
TODAY = NOW.date()
FRIDAY = date(2026, 11, 20)

WIRE = feed(url="https://wire.example/rss", title="World Wire", limit=20)
POST = feed(url="https://post.example/rss", title="Nation Post", limit=20)
RADIO = feed(url="https://radio.example/rss", title="Kestrel Radio", limit=20)
FEEDS = (WIRE, POST, RADIO)

FIRE = (
    "At least 12 people died on Friday when a ferry caught fire off Port Alder, the coast guard said. "
    "The Morwen was on her way to Saint Bryn with 180 passengers when flames broke out below deck. "
    "Captain Ines Okafor said that 1,200 litres of fuel had burned."
)


def ferry(source: Any = WIRE, **given: Any) -> Article:
    """An article on the fire on a ferry, as it was when it ran."""
    values: dict[str, Any] = {
        "id": "ferry",
        "feed_url": source.url,
        "outlet": source.title,
        "url": "https://wire.example/ferry",
        "canonical_url": "https://wire.example/ferry",
        "title": "Ferry Morwen burns off Port Alder",
        "description": "A ferry with 180 passengers caught fire off Port Alder on Friday.",
        "text": FIRE,
        "first_seen": NOW - timedelta(days=3),
        "language": "en",
    } | given
    return article(**({"published": values["first_seen"]} | values))


def retold(source: Any = POST, **given: Any) -> Article:
    """Another outlet's article on it, of today, without anything new."""
    values = {
        "id": "retold",
        "url": "https://post.example/ferry",
        "canonical_url": "https://post.example/ferry",
        "title": "Twelve dead as ferry burns near Port Alder",
        "description": "Twelve people died when the ferry Morwen burned off Port Alder near Saint Bryn.",
        "text": "",
        "first_seen": NOW - 2 * HOUR,
    }
    return ferry(source, **(values | given))


def other(number: int, source: Any = RADIO) -> Article:
    subjects = (
        "Wolves return to the Kell forest",
        "Court orders airline to refund",
        "Novelist Bo Li wins prize",
    )
    return article(
        id=f"other{number}",
        feed_url=source.url,
        outlet=source.title,
        url=f"https://radio.example/{number}",
        canonical_url=f"https://radio.example/{number}",
        title=subjects[number],
        description=f"{subjects[number]}, in some more words than a headline has, as teasers say it.",
        first_seen=NOW - (5 + number) * HOUR,
        language="en",
    )


RAN = Ran(day=FRIDAY, article=ferry(), words="Ferry burns off Port Alder\nTwelve people died on the Morwen.")


def chosen(*articles: Article, recent: tuple[Ran, ...] = (RAN,), **given: Any) -> Selection:
    letter = newsletter(**({"feeds": FEEDS, "per_outlet": 20, "sections": ()} | given))
    return choose(articles, newsletter=letter, window=DAY, now=NOW, recent=recent)


def verdicts(selection: Selection) -> dict[str, str]:
    return {one.article.id: one.verdict for one in selection.candidates}


def updated(**given: Any) -> Article:
    """The page that ran, updated within the window."""
    return ferry(**({"updated": NOW - 3 * HOUR} | given))


# --- what is not run again ---------------------------------------------------------------------------


def test_what_ran_does_not_run_again_under_its_id_nor_its_address() -> None:
    same_id = updated(canonical_url="https://wire.example/moved")
    same_page = updated(id="other id")

    assert verdicts(chosen(same_id)) == {"ferry": "ran on Friday (2026-11-20)"}
    assert verdicts(chosen(same_page)) == {"other id": "ran on Friday (2026-11-20)"}


def test_another_outlet_does_not_run_it_again() -> None:
    selection = chosen(retold(), other(0), other(1))

    assert [story.lead.id for story in selection.stories] == ["other0", "other1"]
    assert verdicts(selection)["retold"] == (
        "same story as “Ferry Morwen burns off Port Alder” (World Wire), which ran on Friday (2026-11-20)"
    )


def test_another_event_of_the_same_kind_runs() -> None:
    elsewhere = retold(
        title="Warehouse fire kills three in Tallgate",
        description="Three guards died in a fire in a warehouse in Tallgate, the mayor said on Sunday.",
    )

    [story] = chosen(elsewhere).stories

    assert not story.update


def test_an_old_article_that_did_not_run_stays_out_whatever_was_updated() -> None:
    assert verdicts(chosen(updated(), recent=())) == {"ferry": "older than the window"}


def test_the_last_time_is_named() -> None:
    again = replace(RAN, day=date(2026, 11, 23))

    assert verdicts(chosen(updated(), recent=(RAN, again)))["ferry"] == "ran on Monday (2026-11-23)"


# --- updates -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            {"title": "Ferry fire toll rises to 47", "text": "The toll rose to 47 on Sunday. " + FIRE},
            "new 47",
        ),
        ({"description": "Prosecutors charged Bo Li, the ferry's engineer, on Sunday."}, "new Bo Li"),
        ({"text": "Damage is put at $3.5 million. " + FIRE}, "new 3.5 million"),
        ({"text": "An inquiry is to open on Dec. 4. " + FIRE}, "new Dec. 4"),
    ],
)
def test_an_updated_page_runs_again_with_what_is_new(change: dict[str, str], reason: str) -> None:
    [story] = chosen(updated(**change)).stories

    assert story.update
    assert story.reasons[0] == f"update: {reason}"
    assert "3 h old" in story.reasons


@pytest.mark.parametrize(
    "change",
    [
        {"title": "UPDATE: Ferry burns off Port Alder"},
        {"text": "Twelve people have died. " + FIRE},
        {"text": FIRE.replace("1,200", "1200")},
        {"text": "About 1,190 litres burned. " + FIRE},
        {"text": "The fire broke out at 10:30 a.m. on Friday, Nov. 20. " + FIRE},
        {"text": "The Morwen was built in 1998. " + FIRE},
        {"text": "Ines Okafor, 51, is a 51-year-old captain. " + FIRE},
        {"text": "World Wire reports by Ana Sá. " + FIRE, "authors": ("Ana Sá",)},
        {
            "text": FIRE
            + " The tide was calm and the lifeboats were near." * 9
            + " They told it to Bo Li and 33 men."
        },
    ],
)
def test_an_updated_page_without_material_news_does_not_run_again(change: dict[str, Any]) -> None:
    assert verdicts(chosen(updated(**change)))["ferry"] == "ran on Friday (2026-11-20)"


def test_what_the_edition_itself_said_is_no_news() -> None:
    ran = replace(RAN, words="The toll may reach 47, said Bo Li.")
    change = updated(
        title="Ferry fire toll rises to 47, says Bo Li", text="The toll is 47, Bo Li said. " + FIRE
    )

    assert chosen(change, recent=(ran,)).stories == ()
    assert chosen(change).stories != ()


@pytest.mark.parametrize(
    "telling",
    [
        {
            "title": "Toll of ferry fire off Port Alder rises to 47",
            "description": "The ferry Morwen's fire off Port Alder has now cost 47 lives, officials said.",
        },
        {
            "title": "Ferry engineer Bo Li charged over fire on the Morwen",
            "description": "Engineer Bo Li faces 47 counts over the fire on the ferry Morwen off Port Alder.",
        },
    ],
)
def test_another_outlet_brings_an_update_with_news_in_its_headline(telling: dict[str, str]) -> None:
    [story] = chosen(
        retold(**telling), retold(RADIO, id="plain", canonical_url="https://radio.example/f")
    ).stories

    assert story.update
    assert story.lead.id == "retold"
    assert story.rivals == ()


@pytest.mark.parametrize(
    "description",
    [
        "Ann Moor of the coast guard spoke of twelve dead on the ferry Morwen off Port Alder.",
        "Twelve died on the ferry Morwen off Port Alder, 30 miles from Gannet Bay and Tallgate.",
    ],
)
def test_another_outlets_details_make_no_update(description: str) -> None:
    assert chosen(retold(description=description)).stories == ()


def test_nor_does_what_another_outlet_wrote_at_the_same_time() -> None:
    ran = replace(RAN, article=ferry(first_seen=NOW - 23 * HOUR))
    at_once, later = (
        retold(
            title="Ferry toll rises to 47",
            description="The ferry Morwen's fire off Port Alder has now cost 47 lives.",
            first_seen=NOW - age,
        )
        for age in (22 * HOUR, 9 * HOUR)
    )

    assert chosen(at_once, recent=(ran,)).stories == ()
    assert chosen(later, recent=(ran,)).stories != ()


# --- promises ----------------------------------------------------------------------------------------

MANY = [
    *(other(n) for n in range(3)),
    retold(),
    retold(
        RADIO, id="charged", canonical_url="https://radio.example/c", title="Ferry engineer Bo Li charged"
    ),
    updated(text="The toll rose to 47 on Sunday. " + FIRE),
]


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_what_came_and_what_ran_does_not_matter(order: random.Random, twice: bool) -> None:
    recent = [RAN, replace(RAN, day=date(2026, 11, 19)), Ran(day=FRIDAY, article=other(1), words="")]
    articles, shuffled = list(MANY), recent * 2 if twice else list(recent)
    order.shuffle(articles)
    order.shuffle(shuffled)

    assert chosen(*articles, recent=tuple(shuffled)) == chosen(*MANY, recent=tuple(recent))


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(MANY), max_size=6), st.integers(1, 4))
def test_the_same_articles_again_never_run_again(articles: list[Article], items: int) -> None:
    first = chosen(*articles, items=items)
    ran = tuple(Ran(day=TODAY, article=story.lead, words="") for story in first.stories)

    second = chosen(*articles, items=items, recent=(RAN, *ran))

    assert not {story.lead.id for story in first.stories} & {
        article.id for story in (*second.stories, *second.spares) for article in story.told
    }
    assert len(second.candidates) == len({one.id for one in articles})
    assert all(one.verdict for one in second.candidates)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_facts_and_says_them_all(text: str) -> None:
    said = known([text], TODAY)

    assert all(map(said.has, [*numbers(text), *days(text, TODAY), *names(text)]))


# --- facts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("They counted 1,200 or 1200 birds.", [1200, 1200]),
        ("Twelve men, two boats and $3.5 million", [12, 2, 3.5e6]),
        ("up 4.5 percent to €1.2bn", [4.5, 1.2e9]),
        ("Alder beat Bryn 3-1.", [3, 1]),
        ("At 10:30, by 7 p.m. or at 9 o’clock", []),
        ("Bo Li, 47, a 33-year-old and a man aged 12", []),
        ("COVID-19, flight KA370, the 21st, 9/11, Nov. 20", []),
    ],
)
def test_numbers(text: str, values: list[float]) -> None:
    assert [fact.value for fact in numbers(text)] == values


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Nobody saw Bo Li in Port Alder.", ["Bo Li", "Port Alder"]),
        ("Bo Li left. Nobody stayed.", ["Bo Li"]),
        ("On Monday President Ines Okafor’s guards rose.", ["Ines Okafor"]),
        ("She said: “Nothing is lost,” and F.K.R. agents nodded.", ["F.K.R."]),
        ("The British and Greek crews met.", []),
    ],
)
def test_names(text: str, found: list[str]) -> None:
    assert [fact.words for fact in names(text)] == found


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on Dec. 4", date(2026, 12, 4)),
        ("by 5 January", date(2027, 1, 5)),
        ("March 3, 2024", date(2024, 3, 3)),
    ],
)
def test_days_without_a_year_are_the_nearest(text: str, day: date) -> None:
    assert [fact.value for fact in days(text, TODAY)] == [day]


def test_no_day_is_made_up() -> None:
    assert list(days("Feb. 30 and May 99", TODAY)) == []
