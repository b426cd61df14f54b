"""What makes an edition out of the day's articles, and what each of the others is told."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from builders import HOUR, NOW, article, feed, newsletter
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.model import Article, Image, Kind, Selection, Window
from digest.selection import choose
from digest.selection.grouping import same_story
from digest.selection.placing import outlet_limit

DAY = Window(since=NOW - timedelta(days=1), until=NOW)

WORLD = feed(url="https://world.example/rss", title="World Wire", section="World", limit=20)
NATION = feed(url="https://nation.example/rss", title="Nation Post", section="Nation", limit=20)
LOCAL = feed(url="https://local.example/rss", title="Local Herald", limit=20)
FEEDS = (WORLD, NATION, LOCAL)

SUBJECTS = (
    "Glacier study finds record melting in Patagonia",
    "Parliament rejects pension reform in close vote",
    "Striking dockers close harbour of Rotterdam",
    "Telescope captures birth of distant planet",
    "Farmers dump milk outside ministry over prices",
    "Chess champion Okafor retires at thirty",
    "Court orders airline Skyjet to refund passengers",
    "Wolves return to Bavarian forest after century",
    "Central bank holds interest rate at four percent",
    "Earthquake damages monastery in northern Albania",
    "Novelist Ferrante wins prize for debut thriller",
    "Cyclone Mira makes landfall near Chittagong",
)


def piece(number: int, source: Any = WORLD, **given: Any) -> Article:
    """An article unlike the others, from *source*."""
    values: dict[str, Any] = {
        "id": f"p{number:02}",
        "feed_url": source.url,
        "outlet": source.title,
        "url": f"https://example.com/{number}",
        "canonical_url": f"https://example.com/{number}",
        "title": SUBJECTS[number],
        "description": f"{SUBJECTS[number]}, in some more words than the title has, as a teaser says it.",
        "first_seen": NOW - 2 * HOUR,
        "language": "en",
    }
    return article(**(values | given))


def chosen(*articles: Article, recent: frozenset[str] = frozenset(), **given: Any) -> Selection:
    letter = newsletter(**({"feeds": FEEDS, "per_outlet": 20} | given))
    return choose(articles, newsletter=letter, window=DAY, now=NOW, recent=recent)


def leads(selection: Selection) -> list[str]:
    return [story.lead.id for story in selection.stories]


def verdict(selection: Selection, given: Article) -> str:
    [found] = [one.verdict for one in selection.candidates if one.article == given]
    return found


# --- who is left out --------------------------------------------------------------------------------


def test_no_articles_make_no_stories() -> None:
    assert chosen() == Selection(stories=(), spares=(), candidates=())


@pytest.mark.parametrize(
    ("given_", "reason"),
    [
        ({"first_seen": NOW - timedelta(days=2)}, "older than the window"),
        ({"first_seen": NOW}, "newer than the window"),
        ({"published": NOW - timedelta(days=3)}, "older than the window"),
        ({"backlog": True}, "already old when its feed was first read"),
        ({"url": "", "canonical_url": ""}, "no link"),
        ({"title": " "}, "no title"),
        ({"feed_url": "https://gone.example/rss"}, "its feed is not in the configuration"),
        ({"language": "fr", "description": ""}, 'in "fr", wanted en'),
    ],
)
def test_each_article_left_out_is_told_why(given_: dict[str, Any], reason: str) -> None:
    out = piece(0, **given_)

    selection = chosen(out, piece(1))

    assert leads(selection) == ["p01"]
    if given_.get("language") != "fr":
        assert verdict(selection, out) == reason
    else:
        assert verdict(selection, out).endswith("wanted en")


def test_the_first_moment_of_the_window_belongs_to_it() -> None:
    assert leads(chosen(piece(0, first_seen=DAY.since))) == ["p00"]


@pytest.mark.parametrize("known", ["p00", "https://example.com/0"])
def test_what_ran_before_does_not_run_again(known: str) -> None:
    ran = piece(0)

    selection = chosen(ran, recent=frozenset({known}))

    assert verdict(selection, ran) == "ran in an earlier edition"


def test_a_feed_may_bring_another_language() -> None:
    source = feed(url=WORLD.url, title=WORLD.title, languages=("fr",))
    french = piece(0, title="Le conseil municipal reconstruit le pont", description="", language="fr")

    assert leads(chosen(french, feeds=(source,))) == ["p00"]


def test_a_feed_has_its_limit_and_the_newest_of_it_count() -> None:
    source = feed(url=WORLD.url, title=WORLD.title, limit=2)
    old, new, newest = (piece(n, first_seen=NOW - (9 - n) * HOUR) for n in range(3))

    selection = chosen(old, new, newest, feeds=(source,))

    assert leads(selection) == ["p02", "p01"]
    assert verdict(selection, old) == "over its feed's limit of 2"


# --- the same article, the same story ---------------------------------------------------------------


@pytest.mark.parametrize(
    "same",
    [
        {"canonical_url": "https://example.com/0"},
        {"title": "glacier study finds record melting in Patagonia!"},
    ],
)
def test_the_same_article_from_two_feeds_is_one(same: dict[str, str]) -> None:
    first, second = piece(0), piece(1, LOCAL, **same)

    selection = chosen(second, first)

    assert leads(selection) == ["p00"]
    assert verdict(selection, second) == f"same article as “{first.title}” (World Wire)"
    assert selection.stories[0].rivals == ()


def test_the_same_text_under_two_titles_is_one_article() -> None:
    text = "The river rose by two metres in one night, the water board said. " * 5
    first, second = piece(0, text=text), piece(1, LOCAL, text=text.upper())

    assert leads(chosen(first, second)) == ["p00"]


BRIDGE = (
    ("Fire destroys Alder Bridge in Springfield", "A fire destroyed Alder Bridge in Springfield on Sunday."),
    ("Springfield loses Alder Bridge to a fire", "Alder Bridge, 140 years old, burned down in Springfield."),
    ("Alder Bridge in ashes", "Police in Springfield ask who saw the fire at Alder Bridge begin on Sunday."),
)


def bridge(number: int, source: Any, **given: Any) -> Article:
    """One of three outlets' articles on one fire."""
    title, description = BRIDGE[number]
    return piece(number, source, **({"title": title, "description": description} | given))


def test_two_outlets_on_one_event_are_one_story() -> None:
    one, other, third = (bridge(n, source) for n, source in enumerate(FEEDS))

    selection = chosen(one, other, third, piece(5))

    story = selection.stories[0]
    assert {story.lead, *story.rivals} == {one, other, third}
    assert "3 outlets" in story.reasons
    rival = story.rivals[0]
    assert verdict(selection, rival) == f"same story as “{story.lead.title}” ({story.lead.outlet})"


def test_two_events_of_one_kind_are_two_stories() -> None:
    fire = bridge(0, WORLD)
    elsewhere = piece(
        1,
        NATION,
        title="Fire destroys church in Kilkenny",
        description="A fire destroyed St. Mary's Church in Kilkenny on Friday morning.",
    )

    assert len(same_story([fire, elsewhere, *(piece(n) for n in range(3, 9))])) == 8


def test_a_story_is_known_as_one_with_and_without_others_around() -> None:
    """A term's rarity hangs on the collection; what it says of two articles must not."""
    told = [bridge(n, source) for n, source in enumerate(FEEDS)]

    assert same_story(told) == [told]
    assert told in same_story([*told, *(piece(n) for n in range(3, 12))])


def test_numbers_and_names_tell_two_events_of_one_kind_apart() -> None:
    quakes = [
        piece(
            n,
            title=f"Earthquake of magnitude {strength} shakes {place}",
            description=f"A {strength}-magnitude earthquake shook {place} on {day}, killing {dead} people, "
            "the geological survey said.",
        )
        for n, (strength, place, day, dead) in enumerate(
            [("6.1", "Aceh", "Tuesday", 35), ("7.4", "Kerman", "Friday", 12)]
        )
    ]

    assert len(same_story([*quakes, *(piece(n) for n in range(3, 9))])) == 8


def test_the_lead_is_open_to_all_and_has_words() -> None:
    paid = bridge(0, WORLD, paywalled=True, first_seen=NOW - 5 * HOUR)
    bare = bridge(1, NATION, description="")
    full = bridge(2, LOCAL, text="Alder Bridge in Springfield burned on Sunday. " * 20)

    [story] = chosen(paid, bare, full).stories

    assert story.lead is full


def test_a_story_goes_where_one_of_its_feeds_has_a_section() -> None:
    general, national = bridge(0, LOCAL, first_seen=NOW - 5 * HOUR), bridge(1, NATION)

    [story] = chosen(general, national).stories

    assert story.lead is general
    assert story.section == "Nation"


def test_without_any_section_it_goes_to_the_first() -> None:
    assert chosen(piece(0, LOCAL)).stories[0].section == "World"
    assert chosen(piece(0, LOCAL), sections=()).stories[0].section == ""


# --- what a story is worth --------------------------------------------------------------------------


def test_reasons_are_words() -> None:
    source = feed(url=WORLD.url, title=WORLD.title, weight=1.5)
    image = Image(url="https://example.com/p.jpg")

    [story] = chosen(piece(0, image=image, first_seen=NOW - 3 * HOUR), feeds=(source,)).stories

    assert story.reasons == ("3 h old", "weight 1.5", "has photo")


@pytest.mark.parametrize(
    "better",
    [
        {"first_seen": NOW - HOUR},
        {"image": Image(url="https://example.com/p.jpg")},
        {"text": "Water fell, and then it rose again. " * 100},
    ],
)
def test_what_raises_a_story(better: dict[str, Any]) -> None:
    assert leads(chosen(piece(0), piece(1, **better))) == ["p01", "p00"]


@pytest.mark.parametrize(
    ("worse", "reason"),
    [
        ({"first_seen": NOW - 20 * HOUR}, "20 h old"),
        ({"paywalled": True}, "needs a subscription"),
        ({"kind": Kind.PODCAST}, "podcast"),
        ({"kind": Kind.COLUMN}, "column"),
        ({"description": ""}, "hardly any text"),
        ({"title": "Storm Mira: live updates from the coast"}, "live or pictures"),
        ({"title": "Watch: the moment the dam broke"}, "live or pictures"),
    ],
)
def test_what_lowers_a_story(worse: dict[str, Any], reason: str) -> None:
    selection = chosen(piece(0, **worse), piece(1))

    assert leads(selection) == ["p01", "p00"]
    assert reason in selection.stories[1].reasons


@pytest.mark.parametrize(
    "title",
    [
        "Newsletter: what we read this week",
        "Quiz: how well do you know the news?",
        "Horoscope for Monday, November 23",
        "Today's best laptop deals",
        "Sponsored: grow your savings",
    ],
)
def test_promotion_is_never_in(title: str) -> None:
    promotion = piece(0, title=title)

    selection = chosen(promotion)

    assert selection.stories == selection.spares == ()
    assert verdict(selection, promotion) == "not good enough"


@pytest.mark.parametrize(
    "title", ["Lawmakers deal with debt quietly", "They live in a quiz show world", SUBJECTS[0]]
)
def test_words_of_promotion_inside_a_headline_are_no_promotion(title: str) -> None:
    assert leads(chosen(piece(0, title=title))) == ["p00"]


def test_fridays_news_has_a_chance_on_monday() -> None:
    long = Window(since=NOW - timedelta(days=3), until=NOW)
    friday = piece(0, first_seen=NOW - timedelta(days=2))
    letter = newsletter(feeds=FEEDS)

    on_monday = choose([friday], newsletter=letter, window=long, now=NOW).stories[0]

    assert on_monday.reasons[0] == "2 days old"
    assert on_monday.score > 0.5


# --- places -----------------------------------------------------------------------------------------


def test_an_edition_has_at_most_its_items_and_spares_behind_them() -> None:
    articles = [piece(n, first_seen=NOW - (n + 1) * HOUR) for n in range(6)]

    selection = chosen(*articles, items=2)

    assert leads(selection) == ["p00", "p01"]
    assert [story.lead.id for story in selection.spares] == ["p02", "p03", "p04", "p05"]
    assert verdict(selection, articles[2]) == "below the best 2"


def test_there_are_three_spares_for_each_item_at_most() -> None:
    selection = chosen(*(piece(n) for n in range(12)), items=1)

    assert len(selection.spares) == 3


def test_one_outlet_does_not_fill_an_edition() -> None:
    articles = [piece(n, first_seen=NOW - (n + 1) * HOUR) for n in range(3)]
    other = piece(5, NATION, first_seen=NOW - 20 * HOUR)

    selection = chosen(*articles, other, per_outlet=2)

    assert leads(selection) == ["p00", "p01", "p05"]
    assert verdict(selection, articles[2]) == "World Wire has its 2 stories"


def test_a_rival_leads_where_its_outlet_has_enough() -> None:
    first = piece(5, image=Image(url="https://example.com/p.jpg"), first_seen=NOW - HOUR / 60)
    one = bridge(0, WORLD, first_seen=NOW - 20 * HOUR)
    other = bridge(1, NATION, first_seen=NOW - 19 * HOUR)

    selection = chosen(first, one, other, per_outlet=1)

    assert leads(selection) == [first.id, other.id]
    assert selection.stories[1].rivals == (one,)
    assert verdict(selection, one) == f"same story as “{other.title}” (Nation Post)"


def test_a_section_has_its_limit() -> None:
    articles = [piece(n, first_seen=NOW - (n + 1) * HOUR) for n in range(2)]

    selection = chosen(*articles, piece(5, NATION), per_section=1)

    assert leads(selection) == ["p00", "p05"]
    assert verdict(selection, articles[1]) == "World has its one story"


def test_each_section_gets_its_best_before_another_gets_a_second() -> None:
    articles = [piece(n, first_seen=NOW - (n + 1) * HOUR) for n in range(4)]
    nation = piece(5, NATION, first_seen=NOW - 15 * HOUR)

    assert leads(chosen(*articles, nation, items=3)) == ["p00", "p01", "p05"]


def test_but_not_at_any_price() -> None:
    articles = [piece(n, first_seen=NOW - (n + 1) * HOUR) for n in range(4)]
    weak = piece(5, NATION, first_seen=NOW - 23 * HOUR, kind=Kind.VIDEO, description="")

    assert leads(chosen(*articles, weak, items=3)) == ["p00", "p01", "p02"]


def test_sections_come_in_their_order_and_stories_by_score() -> None:
    nation = piece(0, NATION, first_seen=NOW - HOUR)
    worse, better = piece(1, first_seen=NOW - 9 * HOUR), piece(2, first_seen=NOW - 3 * HOUR)

    selection = chosen(nation, worse, better)

    assert leads(selection) == ["p02", "p01", "p00"]
    assert [verdict(selection, one) for one in (better, worse, nation)] == [
        "chosen, World 1",
        "chosen, World 2",
        "chosen, Nation 1",
    ]


# --- promises ---------------------------------------------------------------------------------------

MANY = [
    *(piece(n, FEEDS[n % 3], first_seen=NOW - (n % 4 + 1) * HOUR) for n in range(12)),
    *(bridge(n, FEEDS[n], id=f"b{n}", url=f"https://b.example/{n}", canonical_url="") for n in range(3)),
    piece(3, LOCAL, id="twin"),
    piece(4, LOCAL, id="old", first_seen=NOW - timedelta(days=4)),
    piece(0, NATION, id="p00", title="Another article under the same id"),
]


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_articles_does_not_matter(order: random.Random) -> None:
    shuffled = list(MANY)
    order.shuffle(shuffled)

    assert chosen(*shuffled, items=5, per_outlet=2) == chosen(*MANY, items=5, per_outlet=2)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from(MANY), max_size=15),
    st.integers(1, 6),
    st.integers(1, 3),
    st.integers(0, 3),
)
def test_limits_hold_and_every_article_gets_an_answer(
    articles: list[Article], items: int, per_outlet: int, per_section: int
) -> None:
    selection = chosen(*articles, items=items, per_outlet=per_outlet, per_section=per_section)

    outlets = [story.lead.outlet for story in selection.stories]
    sections = [story.section for story in selection.stories]
    assert len(selection.stories) <= items
    assert all(outlets.count(outlet) <= per_outlet for outlet in outlets)
    assert per_section == 0 or all(sections.count(section) <= per_section for section in sections)
    assert {one.article.id for one in selection.candidates} == {one.id for one in articles}
    assert all(one.verdict for one in selection.candidates)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=6))
def test_any_title_will_do(titles: list[str]) -> None:
    articles = [piece(n, title=title) for n, title in enumerate(titles)]

    assert len(chosen(*articles).candidates) == len(articles)


@pytest.mark.parametrize(("feeds", "items", "limit"), [(1, 6, 12), (3, 6, 4), (12, 6, 2), (30, 20, 2)])
def test_without_a_limit_an_outlet_has_up_to_twice_its_even_share(feeds: int, items: int, limit: int):
    outlets = tuple(feed(url=f"https://example.com/{n}", title=f"Outlet {n}") for n in range(feeds))

    assert outlet_limit(newsletter(feeds=outlets, items=items, per_outlet=0)) == limit
