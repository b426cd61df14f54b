from __future__ import annotations

from base64 import b64decode
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit.builders import HOUR, NOW, article, feed

from digest.errors import FetchError, ParseError
from digest.feeds import LONGEST_PAUSE, PATIENCE, admit, after, request
from digest.model import Article, FeedState, Fetched, Request, Unchanged
from digest.ports import Known
from digest.settings import Secret

URL = "https://example.com/rss.xml"
NEW_URL = "https://new.example/feed"
DAY = timedelta(days=1)
NOTHING = Known(ids=frozenset(), by_url={})


def state(**given: Any) -> FeedState:
    return FeedState(**({"url": URL} | given))


def fetched(**given: Any) -> Fetched:
    values = {
        "url": URL,
        "final_url": URL,
        "headers": {"etag": '"e2"', "last-modified": "Mon, 23 Nov 2026 05:00:00 GMT"},
        "body": b"<rss/>",
        "body_sha256": "b2",
        "at": NOW,
    }
    return Fetched(**(values | given))


def asked(**given: Any) -> Request:
    """The request of a feed with these settings, or in this state."""
    known = given.pop("state", None)
    found = request(feed(**given), known, NOW)
    assert isinstance(found, Request)
    return found


# --- asking ----------------------------------------------------------------------------------------


def test_a_feed_on_first_sight_is_asked_without_conditions() -> None:
    assert asked() == Request(url=URL)


def test_a_known_feed_is_asked_whether_it_changed() -> None:
    found = asked(state=state(etag='"e"', last_modified="then", body_sha256="b"))

    assert (found.etag, found.last_modified, found.body_sha256) == ('"e"', "then", "b")


def test_a_feed_that_is_gone_is_not_asked() -> None:
    assert request(feed(), state(gone_at=NOW - DAY), NOW) == (
        "gone since 2026-11-22 (410): remove it, or give its new address"
    )


def test_a_feed_that_asked_for_a_pause_has_it() -> None:
    resting = state(not_before=NOW + HOUR)

    assert request(feed(), resting, NOW) == "asked not to be fetched again until 2026-11-23 11:00 UTC"
    assert isinstance(request(feed(), resting, NOW + HOUR), Request)


def test_a_feed_that_moved_is_asked_at_its_new_address() -> None:
    assert asked(state=state(moved_to=NEW_URL)).url == NEW_URL


def test_name_and_password_make_a_basic_login() -> None:
    [(name, value)] = asked(username="ana", password=Secret("pässword")).headers

    assert name == "Authorization"
    assert b64decode(value.removeprefix("Basic ")).decode() == "ana:pässword"


def test_a_header_of_its_own_outweighs_the_login() -> None:
    given = {"authorization": Secret("Bearer token")}

    assert asked(headers=given, username="ana").headers == (("authorization", "Bearer token"),)


@pytest.mark.parametrize(
    "new",
    [NEW_URL, "https://sub.example.com/rss.xml", "http://example.com/rss.xml", "https://example.com:8443/"],
)
def test_credentials_stay_with_the_configured_host(new: str) -> None:
    found = asked(username="ana", password=Secret("x"), allow_private=True, state=state(moved_to=new))

    assert (found.headers, found.allow_private) == ((), False)


@pytest.mark.parametrize(
    ("home", "new"),
    [(URL, "https://EXAMPLE.com/new"), ("http://example.com/rss.xml", "https://example.com/rss.xml")],
)
def test_credentials_follow_on_their_own_host_and_up_to_https(home: str, new: str) -> None:
    assert asked(url=home, username="ana", state=state(url=home, moved_to=new)).headers


def test_a_request_shows_no_secret() -> None:
    assert "x7canary" not in repr(asked(username="ana", headers={"X-Token": Secret("x7canary")}))


# --- remembering -----------------------------------------------------------------------------------


def test_a_success_is_remembered_with_its_validators() -> None:
    ill = state(failures=2, problem="no answer in time", not_before=NOW, identity="guid")

    assert after(ill, feed(), fetched(), NOW) == state(
        etag='"e2"',
        last_modified="Mon, 23 Nov 2026 05:00:00 GMT",
        body_sha256="b2",
        identity="guid",
        checked_at=NOW,
        succeeded_at=NOW,
    )


def test_the_identity_that_parsing_chose_is_kept() -> None:
    assert after(None, feed(), fetched(), NOW, identity="link").identity == "link"


def test_validators_that_are_no_longer_given_are_forgotten() -> None:
    assert after(state(etag='"old"'), feed(), fetched(headers={}), NOW).etag == ""


def test_unchanged_keeps_what_is_known() -> None:
    known = state(etag='"e"', last_modified="then", body_sha256="b", failures=1, problem="x")

    assert after(known, feed(), Unchanged(url=URL, at=NOW), NOW) == replace(
        known, failures=0, problem="", checked_at=NOW, succeeded_at=NOW
    )


def test_a_failed_fetch_is_counted_and_keeps_the_validators() -> None:
    found = after(state(etag='"e"', failures=1), feed(), FetchError(URL, "no answer in time"), NOW)

    assert (found.failures, found.problem, found.etag) == (2, "no answer in time", '"e"')
    assert found.succeeded_at is None


def test_what_could_not_be_parsed_is_fetched_whole_again() -> None:
    known = state(etag='"e"', last_modified="then", body_sha256="b")

    found = after(known, feed(), ParseError(URL, "answered with an HTML page"), NOW)

    assert (found.etag, found.last_modified, found.body_sha256) == ("", "", "")
    assert (found.failures, found.problem) == (1, "answered with an HTML page")


def test_gone_is_remembered() -> None:
    assert after(state(), feed(), FetchError(URL, "gone", status=410), NOW).gone_at == NOW


@pytest.mark.parametrize(("seconds", "pause"), [(120.0, timedelta(minutes=2)), (1e12, LONGEST_PAUSE)])
def test_a_pause_is_kept_but_not_for_ever(seconds: float, pause: timedelta) -> None:
    error = FetchError(URL, "too many requests", status=429, retry_after=seconds)

    assert after(state(), feed(), error, NOW).not_before == NOW + pause


@pytest.mark.parametrize("seconds", [None, 0.0, -5.0])
def test_no_pause_is_no_pause(seconds: float | None) -> None:
    error = FetchError(URL, "try again", status=503, retry_after=seconds)

    assert after(state(not_before=NOW), feed(), error, NOW).not_before is None


def test_a_permanent_redirect_is_remembered_and_can_be_taken_back() -> None:
    moved = after(state(), feed(), fetched(moved_to=NEW_URL), NOW)
    back = after(moved, feed(), fetched(url=NEW_URL, moved_to=URL), NOW)

    assert (moved.moved_to, back.moved_to) == (NEW_URL, "")


def test_a_new_address_that_fails_again_and_again_is_given_up() -> None:
    known: FeedState = state(moved_to=NEW_URL)
    for _ in range(PATIENCE):
        assert known.moved_to == NEW_URL
        known = after(known, feed(), FetchError(NEW_URL, "no such host"), NOW)

    assert known.moved_to == ""


# --- letting in --------------------------------------------------------------------------------------


def numbered(count: int, **given: Any) -> list[Article]:
    def one(number: int) -> Article:
        url = f"https://example.com/{number}"
        return article(id=f"new{number}", url=url, canonical_url=url, title=f"Story {number}", **given)

    return [one(number) for number in range(count)]


def knowing(*articles: Article, more: int = 0) -> Known:
    others = {f"https://example.com/old{number}": f"old{number}" for number in range(more)}
    by_url = {each.canonical_url: each.id for each in articles} | others
    return Known(ids=frozenset(by_url.values()), by_url=by_url)


def test_a_new_guid_for_a_known_page_takes_the_known_id() -> None:
    known = knowing(article(id="a1"))

    found = admit([article(id="a2")], known, NOW)

    assert [each.id for each in found.articles] == ["a1"]
    assert found.notes == (
        "1 known by their page, under a new guid: “Council votes to rebuild the old bridge”",
    )


def test_a_known_id_on_another_page_keeps_its_id() -> None:
    one, other = article(id="a1"), article(id="a2", canonical_url="https://example.com/a2")
    swapped = replace(other, canonical_url=one.canonical_url)

    assert admit([swapped], knowing(one, other), NOW).articles == (swapped,)


def test_entries_that_share_a_page_are_not_merged_by_it() -> None:
    live = [article(id="n1", title="Noon"), article(id="n2", title="One o'clock")]

    assert admit(live, knowing(article(id="a1")), NOW).articles == tuple(live)


def test_what_a_feed_lists_twice_is_taken_once() -> None:
    first, same_id, same_page = article(), article(title="Later words"), article(id="a9")

    found = admit([first, same_id, same_page], NOTHING, NOW)

    assert found.articles == (first,)
    assert found.notes == ("2 that the feed lists twice, taken once",)


def test_articles_without_address_are_not_doubles() -> None:
    bare = [article(id=f"b{number}", url="", canonical_url="") for number in range(2)]

    assert admit(bare, NOTHING, NOW).articles == tuple(bare)


def test_a_known_feed_that_turns_new_at_once_brings_no_old_news() -> None:
    fresh = numbered(2, published=NOW - DAY)
    old = [replace(each, id=f"o{each.id}", canonical_url=each.url + "/old") for each in numbered(10)]
    old[0] = replace(old[0], published=NOW - 4 * DAY)

    found = admit([*fresh, *old], knowing(more=5), NOW)

    assert [each.backlog for each in found.articles] == [False] * 2 + [True] * 10
    assert found.notes == (
        "10 of 12 are backlog, undated or over 3 days old: all of the feed suddenly looked new",
    )


@pytest.mark.parametrize(
    ("count", "known"),
    [(9, knowing(more=5)), (30, NOTHING), (10, knowing(*numbered(3))), (14, knowing(*numbered(4)))],
    ids=["few", "first sight", "mostly known", "known in part"],
)
def test_nothing_else_is_backlog(count: int, known: Known) -> None:
    found = admit(numbered(count), known, NOW)

    assert not any(each.backlog for each in found.articles)
    assert found.notes == ()


def test_known_articles_are_no_backlog_in_a_flood() -> None:
    known = knowing(numbered(1)[0])

    found = admit(numbered(20), known, NOW)

    assert [each.backlog for each in found.articles] == [False] + [True] * 19


def drawn(key: int, page: int, age: int) -> Article:
    """A small world of ids and pages, so that they meet often; page 0 is none and age 0 no date."""
    url = f"https://example.com/{page}" if page else ""
    published = NOW - age * DAY if age else None
    return article(id=f"id{key}", url=url, canonical_url=url, title=f"Title {page % 3}", published=published)


ARTICLES = st.lists(st.builds(drawn, st.integers(0, 25), st.integers(0, 25), st.integers(0, 9)), max_size=30)


@pytest.mark.slow
@given(ARTICLES, ARTICLES)
def test_what_is_let_in_is_the_feed_s_own_each_once_in_its_order(
    listed: list[Article], old: list[Article]
) -> None:
    known = knowing(*old)

    found = admit(listed, known, NOW).articles

    ids = [each.id for each in found]
    assert len(ids) == len(set(ids))
    assert set(ids) <= known.ids | {each.id for each in listed}
    assert known.ids.isdisjoint(each.id for each in found if each.backlog)
    rest = iter(listed)
    assert all(any(each == replace(one, id=each.id, backlog=each.backlog) for one in rest) for each in found)
