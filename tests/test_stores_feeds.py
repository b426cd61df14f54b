"""What stores keep of feeds and their articles."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from kit.builders import HOUR, NOW, article
from kit.kept import DAY, EVER, FEED, STATE, articles_of

from digest.model import (
    Article,
    Enclosure,
    FeedState,
    Image,
    Kind,
    Window,
)
from digest.ports import Store
from digest.stores.database import VALUES


def full_article() -> Article:
    return article(
        description="What was decided, and why.",
        text="The council voted.\nThe bridge — “old Anna” — will be rebuilt. \N{BRIDGE AT NIGHT}",
        authors=("Ana Sá", "Li Wei"),
        published=NOW - 2 * HOUR + timedelta(microseconds=1),
        updated=NOW - HOUR,
        language="en-GB",
        categories=("Nation",),
        kind=Kind.INTERVIEW,
        image=Image(url="https://example.com/a.jpg", alt="A bridge", credit="Example / Ana Sá", width=800),
        enclosures=(Enclosure(url="https://example.com/a.mp3", type="audio/mpeg", length=5_000_000_000),),
        paywalled=True,
        backlog=True,
    )


def test_an_article_comes_back_as_it_was_kept(store: Store) -> None:
    one = full_article()
    unset = {field.name for field in fields(one) if not getattr(one, field.name)}

    store.feeds.keep(STATE, [one])

    assert [one] == articles_of(store)
    assert set() == unset, "a field that the test leaves empty is a field that it does not test"


def test_a_feeds_state_comes_back_as_it_was_kept(store: Store) -> None:
    state = FeedState(
        url=FEED,
        etag='W/"5"',
        last_modified="Mon, 23 Nov 2026 09:00:00 GMT",
        body_sha256="ab" * 32,
        moved_to="https://example.com/new.xml",
        identity="guid",
        not_before=NOW + HOUR,
        gone_at=NOW,
        checked_at=NOW - HOUR,
        succeeded_at=NOW - DAY,
        failures=3,
        problem="no answer in time",
    )

    store.feeds.keep(state, [])

    assert {FEED: state} == store.feeds.states([FEED, "https://example.com/unknown.xml"])


def test_a_later_state_replaces_the_earlier(store: Store) -> None:
    store.feeds.keep(replace(STATE, failures=2, gone_at=NOW), [])
    store.feeds.keep(replace(STATE, etag="new"), [])

    assert {FEED: replace(STATE, etag="new")} == store.feeds.states([FEED])


def test_a_moment_of_another_zone_comes_back_as_the_same_moment_in_utc(store: Store) -> None:
    lisbon = datetime.fromisoformat("2026-11-23T11:00:00+01:00")

    store.feeds.keep(replace(STATE, checked_at=lisbon), [])
    back = store.feeds.states([FEED])[FEED].checked_at

    assert back == lisbon
    assert back is not None
    assert back.tzinfo is UTC


def test_only_new_articles_are_counted(store: Store) -> None:
    assert store.feeds.keep(STATE, [article(id="a1"), article(id="a2")]) == 2
    assert store.feeds.keep(STATE, [article(id="a2"), article(id="a3")]) == 1
    assert store.feeds.keep(STATE, []) == 0


def test_of_two_articles_with_one_id_the_first_is_kept(store: Store) -> None:
    assert store.feeds.keep(STATE, [article(title="First"), article(title="Second")]) == 1
    assert [one.title for one in articles_of(store)] == ["First"]


def test_state_and_articles_are_saved_both_or_neither(store: Store) -> None:
    with pytest.raises(Exception, match=r"NOT NULL|not-null"):
        store.feeds.keep(STATE, [article(title=None)])

    assert store.feeds.states([FEED]) == {}


def test_an_article_of_another_feed_is_a_bug(store: Store) -> None:
    with pytest.raises(ValueError, match=r"other\.example"):
        store.feeds.keep(STATE, [article(feed_url="https://other.example/feed")])


def test_a_known_article_takes_the_new_words_but_not_the_new_times(store: Store) -> None:
    store.feeds.keep(STATE, [article(title="Old", backlog=True, first_seen=NOW - HOUR)])
    store.feeds.keep(
        STATE, [article(title="New", backlog=False, first_seen=NOW, url="https://example.com/b")]
    )

    assert articles_of(store) == [
        article(title="New", backlog=True, first_seen=NOW - HOUR, url="https://example.com/b")
    ]


def test_a_page_that_was_read_gives_what_it_gave(store: Store) -> None:
    read = replace(full_article(), backlog=False)
    bare = article(enclosures=read.enclosures)
    store.feeds.keep(STATE, [bare, article(id="a2")])

    store.feeds.read([(bare, read)])

    assert store.feeds.pages([bare, article(id="a2")]) == {"a1": read}


def test_what_was_read_does_not_change_what_the_feed_said(store: Store) -> None:
    store.feeds.keep(STATE, [article(text="Excerpt")])

    store.feeds.read([(article(), article(text="The whole text of the page"))])

    assert articles_of(store) == [article(text="Excerpt")]


@pytest.mark.parametrize("changed", [{"title": "UPDATE: Council votes"}, {"description": "More"}])
def test_a_page_goes_with_what_it_was_about(store: Store, changed: dict[str, str]) -> None:
    store.feeds.keep(STATE, [article()])
    store.feeds.read([(article(), article(text="The whole text of the page"))])

    assert store.feeds.pages([article(**changed)]) == {}


@pytest.mark.slow
def test_articles_are_found_by_id_as_their_feeds_have_them_and_as_they_were_read(store: Store) -> None:
    read, unread = article(id="a1"), article(id="a2", url="https://example.com/2")
    store.feeds.keep(STATE, [read, unread])
    store.feeds.read([(read, replace(read, text="The page’s text."))])
    retold = replace(read, title="Another title")
    store.feeds.keep(STATE, [retold])

    found = store.feeds.find(["a1", "a2", "unknown"])

    assert found.keys() == {"a1", "a2"}
    now, then = found["a1"]
    assert (now.title, then.title, then.text) == ("Another title", read.title, "The page’s text.")
    assert found["a2"] == (unread, unread)


@pytest.mark.slow
def test_a_page_read_again_replaces_the_first(store: Store) -> None:
    store.feeds.keep(STATE, [article()])

    store.feeds.read([(article(), article(text="First"))])
    store.feeds.read([(article(), article(text="Second"))])

    assert store.feeds.pages([article()])["a1"].text == "Second"


def test_only_known_articles_are_saved_as_read(store: Store) -> None:
    store.feeds.read([(article(id="a2"), article(id="a2", text="Read"))])

    assert store.feeds.pages([article(id="a2")]) == {}


def test_a_windows_end_belongs_to_it_and_its_beginning_does_not(store: Store) -> None:
    window = Window(since=NOW - DAY, until=NOW)
    moments = {
        "since": NOW - DAY,
        "first": NOW - DAY + timedelta(microseconds=1),
        "until": NOW,
        "after": NOW + timedelta(microseconds=1),
    }
    store.feeds.keep(STATE, [article(id=name, first_seen=moment) for name, moment in moments.items()])

    assert [one.id for one in articles_of(store, window)] == ["until", "first"]


def test_an_articles_time_is_its_date_or_its_first_sight_whichever_is_earlier(store: Store) -> None:
    future = article(id="future", published=NOW + 30 * DAY, first_seen=NOW - HOUR)
    old = article(id="old", published=NOW - 30 * DAY, first_seen=NOW - HOUR)
    store.feeds.keep(STATE, [future, old])

    assert [future] == articles_of(store, Window(since=NOW - DAY, until=NOW))


def test_articles_of_several_feeds_come_newest_first_then_by_id(store: Store) -> None:
    other = "https://other.example/feed"
    store.feeds.keep(STATE, [article(id="b"), article(id="d", first_seen=NOW)])
    store.feeds.keep(FeedState(url=other), [article(id=one, feed_url=other) for one in ("c", "a")])
    store.feeds.keep(FeedState(url="not/asked/for"), [article(id="e", feed_url="not/asked/for")])

    found = store.feeds.articles([FEED, other], EVER)

    assert [one.id for one in found] == ["d", "a", "b", "c"]


def test_ids_are_a_feeds_own(store: Store) -> None:
    other = "https://other.example/feed"
    store.feeds.keep(STATE, [article(id="a1", title="Here")])

    assert store.feeds.keep(FeedState(url=other), [article(id="a1", feed_url=other, title="There")]) == 1
    assert [one.title for one in articles_of(store)] == ["Here"]


def test_what_is_known_of_a_feed(store: Store) -> None:
    page = "https://example.com/same"
    store.feeds.keep(
        STATE,
        [
            article(id="newer", canonical_url=page, first_seen=NOW),
            article(id="older", canonical_url=page, first_seen=NOW - DAY),
            article(id="linkless", canonical_url=""),
        ],
    )

    known = store.feeds.known(FEED)

    assert known.ids == {"newer", "older", "linkless"}
    assert {page: "newer"} == known.by_url
    assert store.feeds.known("https://other.example/feed") == (frozenset(), {})


@pytest.mark.slow
def test_more_articles_than_a_statement_carries_values(store: Store) -> None:
    many = [article(id=f"{number:05}") for number in range(VALUES + 1)]

    assert store.feeds.keep(STATE, many) == len(many)
    assert store.feeds.keep(STATE, many) == 0
