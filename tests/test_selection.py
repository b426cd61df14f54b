"""What makes an edition out of the day's articles, and what each of the others is told."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.builders import HOUR, NOW, article, feed, newsletter

from digest.model import Article, Image, Kind, Selection, Story, Window
from digest.selection import choose, doubles, filling
from digest.selection.grouping import same_story
from digest.selection.placing import outlet_limit, rank, vary

DAY = Window(since=NOW - timedelta(days=1), until=NOW)

WORLD = feed(url="https://world.example/rss", title="World Wire", section="World", limit=20)
NATION = feed(url="https://nation.example/rss", title="Nation Post", section="Nation", limit=20)
LOCAL = feed(url="https://local.example/rss", title="Local Herald", limit=20)
FEEDS = (WORLD, NATION, LOCAL)

SUBJECTS = (
    "Glacier study finds record melting in Patagonia",
    "Parliament rejects pension reform in late vote",
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
    } | given
    return article(**({"published": values["first_seen"]} | values))


def chosen(*articles: Article, **given: Any) -> Selection:
    letter = newsletter(**({"feeds": FEEDS, "per_outlet": 20} | given))
    return choose(articles, newsletter=letter, window=DAY, now=NOW)


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
        ({"first_seen": NOW + timedelta(seconds=1)}, "newer than the window"),
        ({"published": NOW - timedelta(days=3)}, "older than the window"),
        ({"backlog": True}, "already old when its feed was first read"),
        ({"url": "", "canonical_url": ""}, "no link"),
        ({"title": " "}, "no title"),
        ({"title": "Friday, November 21st, 2026"}, "its title is a date"),
        ({"title": "Last updated: Fri 20 November, 10:39 GMT"}, "its title is a date"),
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


def test_the_last_moment_of_the_window_belongs_to_it_and_the_first_to_the_one_before() -> None:
    undated = piece(0, published=None, first_seen=DAY.until)
    before = piece(1, first_seen=DAY.since)

    selection = chosen(undated, before)

    assert leads(selection) == ["p00"]
    assert verdict(selection, before) == "older than the window"


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
    assert story.told == (one, other, third)
    assert "also in Nation Post, Local Herald" in story.reasons
    assert verdict(selection, other) == f"same story as “{one.title}” (World Wire), told alike"


def test_many_outlets_are_counted_not_named() -> None:
    sources = [feed(url=f"https://{n}.example/rss", title=f"Outlet {n}") for n in range(7)]
    told = [
        piece(n, source, title=BRIDGE[0][0], description=f"{BRIDGE[0][1]} Page {n}.")
        for n, source in enumerate(sources)
    ]
    told = [replace(one, title=f"{one.title} {n}") for n, one in enumerate(told)]

    [story] = chosen(*told, feeds=sources).stories

    assert "also in Outlet 1, Outlet 2, Outlet 3, Outlet 4 and 2 more" in story.reasons


def test_a_story_is_known_as_one_in_a_script_without_spaces() -> None:
    one = article(
        id="one", title="横浜市長が辞任を表明", text="横浜市の佐藤健市長は火曜日、辞任すると表明した。"
    )
    other = article(
        id="other", title="佐藤健市長が辞任へ", text="横浜市長の佐藤健氏が橋の改修をめぐり辞任する。"
    )
    quake = article(id="quake", title="トルコ東部で地震", text="水曜日、マグニチュード5.8の地震が発生した。")

    assert same_story([one, quake, other]) == [[one, other], [quake]]


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


def test_a_story_that_nearly_everybody_tells_is_one() -> None:
    """Its own names are in most articles of the day, and are its names still."""
    angles = (
        "A ferry of the Marlin line sank off Port Vell on Tuesday with 212 passengers on board.",
        "Divers searched the hull of the ferry that went down near Port Vell for survivors.",
        "The captain of the Marlin ferry had warned of water in the engine room, his wife said.",
        "Relatives of the passengers gathered in the harbour of Port Vell and waited for lists.",
        "Port Vell’s mayor asked why the Marlin line let the ferry sail in a gale.",
        "The Marlin line stopped all its ferries and opened its books to the coast guard.",
        "Fishermen pulled forty people from the sea before the coast guard’s helicopters came.",
        "The ferry was built in 1971, and its doors were repaired last winter, records show.",
    )
    told = [
        piece(n, FEEDS[n % len(FEEDS)], title=f"Ferry sinks off Port Vell: telling {n}", description=words)
        for n, words in enumerate(angles)
    ]

    assert told in same_story([*told, *(piece(n) for n in range(8, 12))])


def test_stories_that_share_the_day_are_whole_however_many_tell_them() -> None:
    """What twenty tellings of one event have in common is about as rare as what two have."""
    chance, endings = random.Random(1), ("ab", "ec", "id", "of", "ug", "am", "en", "ir", "os", "ut")

    def telling(story: str, number: int) -> Article:
        names = chance.sample([f"{story}{ending}" for ending in endings], 6)
        words = (f"{story.lower()}{number}{letter}" for letter in "abcdefghij")
        text = f"Then {' and '.join(names)} were {' '.join(words)}."
        return replace(piece(0), id=f"{story}-{number:02}", title="", description=text)

    told = [[telling(story, number) for number in range(20)] for story in ("Bram", "Dorv", "Felt")]

    assert same_story([article for story in told for article in story]) == told


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


def crash(day: str) -> Article:
    text = (
        f"A lorry overturned on the A7 near Hartfield {day}, and the road was closed for hours. Its load of "
        "gravel for Crowborough had to be shovelled away by hand, Kent county said."
    )
    return article(id="lorry", title="Lorry overturns near Hartfield", description="", text=text)


@pytest.mark.parametrize(
    ("day", "stories"),
    [("on Friday", 1), ("on Tuesday", 2), ("at dawn", 1), ("am Freitag", 1), ("am Dienstag", 2)],
)
def test_what_happened_on_another_day_of_the_week_is_less_alike(day: str, stories: int) -> None:
    text = (
        "Police were called to the A7 near Hartfield on Friday when a van hit a wall by the road at Colemans "
        "Hatch in Wealden. Both drivers went to hospital in Tunbridge with broken bones, and traffic was "
        "diverted for hours onto the old A7 by the village of Groombridge, Sussex, which is narrow and "
        "winding; councillors asked for signs, mirrors, bollards and a lower limit, and Ashdown’s mayor "
        "for a bypass past Withyham."
    )
    van = article(id="van", title="Two hurt as van hits wall", description="", text=text)

    assert len(same_story([crash(day), van])) == stories


@pytest.mark.parametrize(("missing", "stories"), [("306", 1), ("412", 2)])
def test_the_same_figures_at_the_beginning_make_two_tellings_more_alike(missing: str, stories: int) -> None:
    ferry = article(
        id="ferry",
        title="Ferry sinks in storm off Lombok",
        description="",
        text="A ferry with 306 passengers sank in a storm in the Bali Sea, 14 miles off the coast. Rescue "
        "boats of the Indonesian navy searched all night, harbour master Hadi Putra said, and aircraft from "
        "Surabaya joined them at dawn.",
    )
    relatives = article(
        id="relatives",
        title="Relatives wait in the harbour of Mataram",
        description="",
        text=f"Nobody has been found yet of the {missing} people whose ferry went down near Lombok in the "
        "storm. Their relatives waited for lists of names in the town hall, where Mayor Ayu Lestari told "
        "them of rescue boats, and to come back after evening prayers in Ampenan, Cakranegara, Praya or "
        "Senggigi.",
    )

    assert len(same_story([ferry, relatives])) == stories


FULL = "Alder Bridge in Springfield burned on Sunday, and nobody has crossed the river there since. " * 8
CREDITED = Image(url="https://example.com/p.jpg", credit="Example Times / Photo by Ana Sá")


@pytest.mark.parametrize(
    ("worse", "better", "why"),
    [
        ({"kind": Kind.VIDEO}, {"paywalled": True}, "which is a report"),
        ({"paywalled": True, "text": FULL}, {}, "which is open to all"),
        ({"image": CREDITED}, {"text": FULL}, "which says more"),
        ({"authors": ("Associated Press",), "image": CREDITED}, {}, "which is no agency copy"),
        ({"text": f"SPRINGFIELD (AP) — {FULL}"}, {"text": FULL + "More."}, "which is no agency copy"),
        ({"first_seen": NOW - 9 * HOUR}, {"image": CREDITED}, "which has a picture with its credit"),
        ({"text": FULL, "first_seen": NOW - 9 * HOUR}, {"text": FULL * 2 + "More."}, "which is longer"),
        ({"first_seen": NOW - 3 * HOUR}, {"first_seen": NOW - 4 * HOUR}, "which came first"),
    ],
)
def test_the_lead_of_a_story_and_why_it_leads(
    worse: dict[str, Any], better: dict[str, Any], why: str
) -> None:
    enough = "Alder Bridge, 140 years old, burned down in Springfield on Sunday, the police there said."
    rival = bridge(0, WORLD, **({"description": enough} | worse))
    lead = bridge(1, NATION, **({"description": f"{enough} Nobody was hurt."} | better))

    selection = chosen(rival, lead)

    assert leads(selection) == [lead.id]
    assert verdict(selection, rival) == f"same story as “{lead.title}” (Nation Post), {why}"


def test_a_favoured_feed_leads() -> None:
    favoured = feed(url=NATION.url, title=NATION.title, section="Nation", weight=1.5)
    rival, lead = bridge(0, WORLD, description=FULL[:90]), bridge(1, NATION, description=FULL[:91])

    selection = chosen(rival, lead, feeds=(WORLD, favoured))

    assert verdict(selection, rival).endswith("(Nation Post), whose feed weighs more")


def test_an_agency_leads_with_its_own() -> None:
    agency = feed(url=NATION.url, title="Associated Press", section="Nation")
    own = bridge(0, agency, authors=("Associated Press",), first_seen=NOW - HOUR)
    copy = bridge(1, WORLD, authors=("Associated Press",), first_seen=NOW - 2 * HOUR, description=FULL[:90])

    assert leads(chosen(replace(own, description=FULL[:90]), copy, feeds=(WORLD, agency))) == [own.id]


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


def test_nobody_knows_how_old_an_undated_story_is() -> None:
    [story] = chosen(piece(0, published=None, first_seen=NOW - 3 * HOUR)).stories

    assert story.reasons == ("seen 3 h ago", "undated")


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


OURS = (
    "Dams Inc. is thrilled to have Bo Li as our new chief. We asked him about the business and what is next. "
    "We hope that it is as much fun as it was for us! Dams are his life. He grew up beside one of ours."
)
LATER = (
    "Focus is why some dams are built and others never. It is a mystery why. Today we talk of it. "
    "You will learn to plan. I have built nine of them. We start with your pen and paper."
)
YOURS = (
    "Get ready to enjoy the dam near your town. You are about to feel how a clear plan helps. Dams need a "
    "plan. What matters now is what you see. Your neighbours will thank you for it."
)


@pytest.mark.parametrize(
    ("worse", "reason"),
    [
        ({"first_seen": NOW - 20 * HOUR}, "20 h old"),
        ({"published": None}, "undated"),
        ({"paywalled": True}, "needs a subscription"),
        ({"kind": Kind.PODCAST}, "podcast"),
        ({"kind": Kind.COLUMN}, "column"),
        ({"description": ""}, "hardly any text"),
        ({"title": "Storm Mira: live updates from the coast"}, "live or pictures"),
        ({"title": "Watch: the moment the dam broke"}, "live or pictures"),
        ({"title": "Letters to the editor: on the dam"}, "letters"),
        ({"title": "The Salt Road is a dazzling show", "kind": Kind.REVIEW}, "review"),
        ({"title": "Seven surprising things about the dam"}, "list"),
        ({"title": "How to fix a leaking dam"}, "advice"),
        ({"title": "Introducing Bo Li, new head of Dams Inc."}, "announcement"),
        ({"title": "Dam City starting lineup, notes: Week 11"}, "game service"),
        ({"title": "The dam is leaking. Why you shouldn’t worry"}, "in the first or second person"),
        ({"title": "A dam is what we really want"}, "in the first or second person"),
        ({"title": "I confirmed on Monday that the dam leaks"}, "in the first or second person"),
        ({"title": "At the dam", "text": OURS}, "in the first or second person"),
        ({"title": "At the dam", "text": YOURS}, "in the first or second person"),
        ({"title": "At the dam", "text": LATER}, "in the first or second person"),
    ],
)
def test_what_lowers_a_story(worse: dict[str, Any], reason: str) -> None:
    selection = chosen(piece(0, **worse), piece(1))

    assert leads(selection) == ["p01", "p00"]
    assert reason in selection.stories[1].reasons


def test_a_report_may_quote_who_speaks_of_himself_and_to_others() -> None:
    text = (
        "The dam broke on Monday. “We saw it coming, and you did not listen,” said the warden. ‘I’m done "
        "with our council,’ he wrote. 'You can't pay me,' said Bo Li. The council met at night. We do not "
        "know more."
    )

    assert "in the first or second person" not in chosen(piece(0, text=text)).stories[0].reasons


@pytest.mark.parametrize(
    ("given_", "reason"),
    [
        ({"title": "Newsletter: what we read this week"}, "newsletter"),
        ({"title": "Your Monday morning briefing"}, "newsletter"),
        ({"title": "Quiz: how well do you know the news?"}, "quiz"),
        ({"title": "Horoscope for Monday, November 23"}, "horoscope"),
        ({"title": "Today's best laptop deals"}, "shopping"),
        ({"title": "Sponsored: grow your savings"}, "promotion"),
        ({"title": "Monday's crossword, 23 November"}, "puzzle"),
        ({"title": "Lottery numbers for Saturday night"}, "lottery"),
        ({"title": "The best laptop deals for Black Friday"}, "shopping"),
        ({"title": "We’re hiring: a reporter for the county"}, "job advertisement"),
        ({"title": "Corrections and clarifications"}, "correction"),
        ({"title": "Spiced pear and honey cake recipe"}, "recipe"),
        ({"title": "Recipe: grandmother’s pear cake"}, "recipe"),
        ({"title": "Recipes for a long winter night"}, "recipe"),
        ({"title": "At the stove", "categories": ("Recipes",)}, "recipe"),
        ({"categories": ("Partner Content",)}, "promotion"),
        ({"url": "https://example.com/life/horoscopes/libra-today"}, "horoscope"),
    ],
)
def test_what_is_no_news_is_never_in(given_: dict[str, Any], reason: str) -> None:
    out = piece(0, **given_)

    selection = chosen(out)

    assert selection.stories == selection.spares == ()
    [candidate] = selection.candidates
    assert candidate.verdict == "not good enough"
    assert reason in candidate.reasons


@pytest.mark.parametrize(
    "title",
    [
        "Lawmakers deal with debt quietly",
        "They live in a quiz show world",
        "Quiz host Ana Sá retires after thirty years",
        "Sponsored by the state, a theatre reopens",
        "Lottery winner gives village a bakery",
        "Correctional officers end strike",
        "Jobs report shows a slow autumn",
        "Newspaper's crossing guard saves child",
        "Briefing room reopens in the old town hall",
        "Corrections department frees forty prisoners",
        "Subscribers leave cable company",
        "Food coupons run out in the camp",
        "Best trade deals in decades, says minister",
        "Vacancy on the court opens a fight",
        "School suspends student newsletter",
        "Horoscope writer Bo Li dies at ninety",
        "Giveaway of land angers farmers",
        "Brewer sells the family's secret recipe",
        "Court rules on an old recipe",
        "Recipe for disaster: how the dam broke",
        "Ten things of value stolen from museum",
        "Mayor: ‘We will rebuild the dam’",
        "World War I memorial to move to the dam",
        'Governor defends "dams, we build them" campaign',
        "Mayor to council: you lied about the dam",
        "Seven reasoned opinions divide the court",
        SUBJECTS[0],
    ],
)
def test_news_that_sounds_like_something_else_is_news(title: str) -> None:
    assert chosen(piece(0, title=title)).stories[0].score > 0.8


def test_fridays_news_has_a_chance_on_monday() -> None:
    long = Window(since=NOW - timedelta(days=3), until=NOW)
    friday = piece(0, first_seen=NOW - timedelta(days=2))
    letter = newsletter(feeds=FEEDS)

    on_monday = choose([friday], newsletter=letter, window=long, now=NOW).stories[0]

    assert on_monday.reasons[0] == "2 days old"
    assert on_monday.score > 0.5


def test_two_stories_whose_headlines_name_the_same_somebody_are_doubles_sooner() -> None:
    left = (
        "The actress left a clinic in the afternoon, said her agent, and thanked nurses there for weeks of "
        "care. Doctors had told her to rest until the spring, and a house in the hills above Salem waits for "
        "her with its garden, where Bo Li and Ana Brandt of Wend Valley grow 40 kinds of apples."
    )
    heard = (
        "Friends heard by the harbor that the actress has left the clinic in Salem. Producers of a film "
        "about a lighthouse keeper in Port Alder want her for its second part, which cameras follow from "
        "June to the first snow of the year, as Tom Ek of Kestrel Films told Lantern Weekly on its 90th "
        "birthday."
    )

    def pair(one: str, other: str) -> int:
        told = (
            piece(number, title=title, text=text, description="")
            for number, (title, text) in enumerate(((one, left), (other, heard)))
        )
        return len(doubles([Story(lead=article, section="", score=1.0) for article in told]))

    assert pair("Cleo Marsh leaves harbor clinic", "Cleo Marsh free again, friends hear") == 1
    assert pair("Cleo Marsh leaves harbor clinic", "Actress Marsh free again, friends hear") == 0


# --- places -----------------------------------------------------------------------------------------


def test_an_edition_has_at_most_its_items_and_spares_behind_them() -> None:
    articles = [piece(n, first_seen=NOW - (n + 1) * HOUR) for n in range(6)]

    selection = chosen(*articles, items=2)

    assert leads(selection) == ["p00", "p01"]
    assert [story.lead.id for story in selection.spares] == ["p02", "p03", "p04", "p05"]
    assert [verdict(selection, one) for one in articles[2:]] == [
        "below the best 2: quick hit 1",
        "below the best 2: quick hit 2",
        "below the best 2: quick hit 3",
        "below the best 2: quick hit 4",
    ]


def test_behind_the_quick_hits_there_are_three_spares_for_each_item_at_most() -> None:
    selection = chosen(*(piece(n) for n in range(12)), items=1, quick_hits=2)

    assert len(selection.spares) == 5
    assert verdict(selection, selection.spares[2].lead) == "below the best 1: spare 1"
    assert [one.verdict for one in selection.candidates[6:]] == ["below the best 1"] * 6


def test_quick_hits_are_as_fair_to_outlets_as_the_edition() -> None:
    articles = [piece(n, first_seen=NOW - (n + 1) * HOUR) for n in range(4)]
    others = [piece(5, NATION, first_seen=NOW - 20 * HOUR), piece(6, LOCAL, first_seen=NOW - 22 * HOUR)]

    selection = chosen(*articles, *others, items=1, quick_hits=3, per_outlet=1)

    assert leads(selection) == ["p00"]
    assert [story.lead.id for story in selection.spares[:3]] == ["p01", "p05", "p06"]


def test_the_third_story_on_one_matter_gives_way() -> None:
    stories = chosen(*(piece(n, first_seen=NOW - (n + 1) * HOUR) for n in range(5)), sections=()).stories
    strikes = {"p00", "p02", "p03"}

    varied = vary(
        stories, lambda one, other: 0.3 if {one.id, other.id} <= strikes else 0.05, places=len(stories)
    )

    assert [story.lead.id for story in varied if "third on its matter" in story.reasons] == ["p03"]
    assert [story.lead.id for story in sorted(varied, key=rank)] == ["p00", "p01", "p02", "p04", "p03"]


def test_one_outlet_does_not_fill_an_edition() -> None:
    articles = [piece(n, first_seen=NOW - (n + 1) * HOUR) for n in range(3)]
    other = piece(5, NATION, first_seen=NOW - 20 * HOUR)

    selection = chosen(*articles, other, per_outlet=2)

    assert leads(selection) == ["p00", "p01", "p05"]
    assert verdict(selection, articles[2]) == "World Wire has its 2 stories: quick hit 1"


@pytest.mark.parametrize(("per_outlet", "least", "count"), [(0, 4, 4), (0, 1, 2), (0, 9, 5), (2, 4, 2)])
def test_a_day_is_not_quiet_for_a_share_that_nobody_asked_for(
    per_outlet: int, least: int, count: int
) -> None:
    articles = [piece(n, first_seen=NOW - (n + 1) * HOUR) for n in range(6)]
    silent = [feed(url=f"https://example.com/{n}.xml", title=f"Silent {n}") for n in range(8)]

    selection = chosen(*articles, feeds=(*FEEDS, *silent), per_outlet=per_outlet, min_items=least, items=5)

    assert leads(selection) == [f"p{n:02}" for n in range(count)]


def test_a_rival_leads_where_its_outlet_has_enough() -> None:
    first = piece(5, image=Image(url="https://example.com/p.jpg"), first_seen=NOW - HOUR / 60)
    one = bridge(0, WORLD, first_seen=NOW - 20 * HOUR)
    other = bridge(1, NATION, first_seen=NOW - 19 * HOUR)

    selection = chosen(first, one, other, per_outlet=1)

    assert leads(selection) == [first.id, other.id]
    assert selection.stories[1].rivals == (one,)
    assert (
        verdict(selection, one)
        == f"same story as “{other.title}” (Nation Post), which leads because World Wire has its one story"
    )


def test_what_takes_an_empty_place_keeps_to_the_limits() -> None:
    letter = newsletter(feeds=FEEDS, per_outlet=1, per_section=2, items=3)

    def story(outlet: str, section: str = "World") -> Story:
        return Story(lead=article(id=f"{outlet} {section}", outlet=outlet), section=section, score=1.0)

    seated = [story("Kestrel Radio"), story("Halvern Ledger")]
    spares = [story("Kestrel Radio", "Nation"), story("Port Courier"), story("Port Courier", "Nation")]
    assert filling(seated, spares, letter, places=3) == spares[2:]
    assert filling(seated, spares, letter, places=2) == []


def test_a_section_has_its_limit() -> None:
    articles = [piece(n, first_seen=NOW - (n + 1) * HOUR) for n in range(2)]

    selection = chosen(*articles, piece(5, NATION), per_section=1)

    assert leads(selection) == ["p00", "p05"]
    assert verdict(selection, articles[1]) == "World has its one story: quick hit 1"


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


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_articles_does_not_matter(order: random.Random) -> None:
    shuffled = list(MANY)
    order.shuffle(shuffled)

    assert chosen(*shuffled, items=5, per_outlet=2) == chosen(*MANY, items=5, per_outlet=2)


@pytest.mark.slow
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


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(MANY), max_size=15), st.integers(1, 6), st.integers(0, 4))
def test_every_article_is_in_one_place_and_told_so_in_one_line(
    articles: list[Article], items: int, quick_hits: int
) -> None:
    selection = chosen(*articles, items=items, quick_hits=quick_hits, per_outlet=2)

    shown = [article.id for story in (*selection.stories, *selection.spares) for article in story.told]
    assert len(shown) == len(set(shown))
    assert len(selection.candidates) == len({one.id for one in articles})
    told = {one.article.id: one.verdict for one in selection.candidates}
    assert all(told.values())
    for place, story in enumerate(selection.stories):
        assert selection.candidates[place].article == story.lead
        assert told[story.lead.id].startswith("chosen, ")
    for place, story in enumerate(selection.spares, 1):
        where = f"quick hit {place}" if place <= quick_hits else f"spare {place - quick_hits}"
        assert told[story.lead.id].endswith(f": {where}")
    for story in (*selection.stories, *selection.spares):
        assert all(told[rival.id].startswith("same story as ") for rival in story.rivals)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=6))
def test_any_title_will_do(titles: list[str]) -> None:
    articles = [piece(n, title=title) for n, title in enumerate(titles)]

    assert len(chosen(*articles).candidates) == len(articles)


@pytest.mark.parametrize(("feeds", "items", "limit"), [(1, 6, 12), (3, 6, 4), (12, 6, 2), (30, 20, 2)])
def test_without_a_limit_an_outlet_has_up_to_twice_its_even_share(feeds: int, items: int, limit: int):
    outlets = tuple(feed(url=f"https://example.com/{n}", title=f"Outlet {n}") for n in range(feeds))

    assert outlet_limit(newsletter(feeds=outlets, per_outlet=0), items) == limit


def test_titles_alone_tell_the_same_story_in_other_words():
    titles = (
        "Pilots of Skyjet go on strike over pay",
        "Skyjet strike grounds 200 flights",
        "Strike at Skyjet: what passengers should know",
        "Wolves return to forest after a century",
        "Bank holds interest rate",
    )
    told = [article(id=title, title=title, description="", text="") for title in titles]

    assert [len(group) for group in same_story(told)] == [3, 1, 1]


@pytest.mark.parametrize("count", [3, 8])
def test_what_an_outlet_always_says_makes_no_story(count: int):
    always = "Springfield Gazette correspondents report from Lakeside; subscribe for Harbour Briefing alerts."
    told = [piece(n, LOCAL, description=f"{SUBJECTS[n]}. {always}") for n in range(count)]

    assert len(same_story(told)) == count


def test_a_word_alone_makes_no_story_of_two():
    one = article(id="a", title="The AMA row of a singer seems over")
    other = article(id="b", title="Only those who love: AMA")

    assert [len(group) for group in same_story([one, other])] == [1, 1]
