"""Every store passes the same suite: to add one, see ``databases``."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from multiprocessing.synchronize import Barrier
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kit.builders import HOUR, NOW, article

from digest.errors import EditionError, StoreError
from digest.model import (
    Approval,
    Article,
    Content,
    Correction,
    Duty,
    EditionKey,
    EditionRecord,
    Enclosure,
    FeedState,
    Image,
    Kind,
    Notice,
    NoticeKind,
    Outcome,
    Provenance,
    Receipt,
    Run,
    Span,
    Stage,
    State,
    Subscriber,
    Tally,
    Watch,
    Window,
)
from digest.ports import DUE, Store
from digest.stores import ledger, open_store
from digest.stores.database import VALUES
from digest.tapes import Heard, Premises, Remembered, Said

FEED = "https://example.com/rss.xml"
STATE = FeedState(url=FEED)
KEY = EditionKey(newsletter="the-example", day=date(2026, 11, 23))
DAY = timedelta(days=1)
EVER = Window(since=NOW - 1000 * DAY, until=NOW + 1000 * DAY)


def articles_of(store: Store, window: Window = EVER) -> list[Article]:
    return list(store.feeds.articles([FEED], window))


# --- feeds ------------------------------------------------------------------------------------


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


# --- editions -----------------------------------------------------------------------------------


def record(day: date = KEY.day, **given: Any) -> EditionRecord:
    values = {
        "key": EditionKey(newsletter=KEY.newsletter, day=day),
        "number": 1,
        "window": Window(since=NOW - DAY, until=NOW),
        "composed": "# Edition\nitems:\r\n  - “ä”\n",
        "composed_at": NOW,
        "provenance": {
            "a1": Provenance(
                articles=("a1", "a2", "a3"),
                spans=(Span(article_id="a1", start=0, end=12), Span(article_id="a2", start=3, end=4)),
            )
        },
    }
    return EditionRecord(**(values | given))


APPROVAL = Approval(sha256="cd" * 32, by="Ana Sá", at=NOW)


def deliver(store: Store, key: EditionKey, outcome: Outcome | None, *, to_the_list: bool = True) -> None:
    if to_the_list:
        store.editions.begin(key, at=NOW)
    store.ledger.claim(key, [("s1", "<1@example.org>")], sha256="ab", at=NOW)
    if outcome:
        store.ledger.record(key, [Receipt(subscriber_id="s1", outcome=outcome)], at=NOW)


def test_an_edition_comes_back_as_it_was_saved(store: Store) -> None:
    assert store.editions.get(KEY) is None

    store.editions.save(record())

    assert record() == store.editions.get(KEY)


def test_an_approval_is_kept(store: Store) -> None:
    store.editions.save(record())
    store.editions.approve(KEY, APPROVAL)

    assert record(approval=APPROVAL) == store.editions.get(KEY)


def test_saving_again_leaves_the_approval_to_those_who_give_it(store: Store) -> None:
    store.editions.save(record())
    store.editions.approve(KEY, APPROVAL)

    store.editions.save(record(composed="new"))
    assert record(composed="new", approval=APPROVAL) == store.editions.get(KEY)


def test_an_edition_that_is_not_there_cannot_be_approved(store: Store) -> None:
    with pytest.raises(EditionError, match=r"the-example/2026-11-23: .*digest build"):
        store.editions.approve(KEY, APPROVAL)


@pytest.mark.parametrize("outcome", [None, Outcome.REFUSED, Outcome.DEFERRED, Outcome.UNSURE])
def test_the_last_edition_is_the_newest_earlier_one_that_someone_got(
    store: Store, outcome: Outcome | None
) -> None:
    sent, unsent, today = (record(KEY.day - days * DAY, number=3 - days) for days in (2, 1, 0))
    for one in (sent, unsent, today):
        store.editions.save(one)
    deliver(store, sent.key, Outcome.SENT)
    deliver(store, unsent.key, outcome)
    deliver(store, today.key, Outcome.SENT)

    assert [sent] == store.editions.recent(KEY.newsletter, before=KEY.day, limit=1)
    assert store.editions.recent(KEY.newsletter, before=sent.key.day, limit=1) == []
    assert store.editions.recent("another", before=KEY.day, limit=1) == []


def test_recent_editions_come_newest_first(store: Store) -> None:
    editions = [record(KEY.day - days * DAY, number=9 - days) for days in (1, 2, 3)]
    for one in editions:
        store.editions.save(one)
        deliver(store, one.key, Outcome.SENT)

    assert editions[:2] == store.editions.recent(KEY.newsletter, before=KEY.day, limit=2)


def test_numbers_count_the_editions_that_were_sent(store: Store) -> None:
    tomorrow = EditionKey(newsletter=KEY.newsletter, day=KEY.day + DAY)
    assert store.editions.number(KEY) == 1

    store.editions.save(record(number=7))
    assert store.editions.number(tomorrow) == 1

    deliver(store, KEY, Outcome.SENT)
    assert (store.editions.number(KEY), store.editions.number(tomorrow)) == (7, 8)
    assert store.editions.number(EditionKey(newsletter="another", day=KEY.day)) == 1


def test_of_two_drafts_with_one_number_the_later_one_sent_gets_another(store: Store) -> None:
    tomorrow = EditionKey(newsletter=KEY.newsletter, day=KEY.day + DAY)
    for key in (KEY, tomorrow):
        store.editions.save(record(key.day, number=store.editions.number(key)))
    assert store.editions.number(KEY) == store.editions.number(tomorrow) == 1

    deliver(store, tomorrow, Outcome.SENT)

    assert (store.editions.number(tomorrow), store.editions.number(KEY)) == (1, 2)


@pytest.mark.slow
def test_targets_of_sent_editions_are_remembered_from_a_day_on(store: Store) -> None:
    for days, outcome in enumerate([None, Outcome.SENT, Outcome.SENT, Outcome.SENT]):
        key = EditionKey(newsletter=KEY.newsletter, day=KEY.day - days * DAY)
        store.editions.link(key, [f"https://example.com/{days}", "https://example.com/every"])
        deliver(store, key, outcome)

    found = store.editions.sent_targets(KEY.newsletter, since=KEY.day - 2 * DAY, before=KEY.day)

    assert found == {"https://example.com/1", "https://example.com/2", "https://example.com/every"}
    assert store.editions.sent_targets("another", since=KEY.day - 2 * DAY, before=KEY.day) == frozenset()


def test_what_only_a_single_reader_was_sent_is_a_draft(store: Store) -> None:
    yesterday = EditionKey(newsletter=KEY.newsletter, day=KEY.day - DAY)
    store.editions.save(record(yesterday.day))
    store.editions.link(yesterday, ["https://example.com/1"])
    deliver(store, yesterday, Outcome.SENT, to_the_list=False)

    assert store.editions.recent(KEY.newsletter, before=KEY.day, limit=5) == []
    assert store.editions.sent_targets(KEY.newsletter, since=yesterday.day, before=KEY.day) == frozenset()
    assert store.editions.number(KEY) == 1


def test_when_its_sending_began_stays(store: Store) -> None:
    assert store.editions.begun(KEY) is None

    store.editions.begin(KEY, at=NOW)
    store.editions.begin(KEY, at=NOW + DAY)

    assert store.editions.begun(KEY) == NOW
    assert store.editions.begun(EditionKey(newsletter="another", day=KEY.day)) is None


def test_a_sending_of_which_no_mail_left_has_not_begun(store: Store) -> None:
    assert store.editions.begin(KEY, at=NOW)
    assert not store.editions.begin(KEY, at=NOW)
    store.editions.take_back(KEY, gone=0)
    assert store.editions.begun(KEY) is None

    assert store.editions.begin(KEY, at=NOW + DAY)
    deliver(store, KEY, Outcome.DEFERRED, to_the_list=False)
    store.editions.take_back(KEY, gone=0)
    assert store.editions.begun(KEY) is None
    store.editions.begin(KEY, at=NOW)
    deliver(store, KEY, None, to_the_list=False)  # claimed, and about to leave
    store.editions.take_back(KEY, gone=0)
    assert store.editions.begun(KEY) == NOW
    store.editions.take_back(KEY, gone=1)
    assert store.editions.begun(KEY) is None


@pytest.mark.slow
def test_one_who_claims_while_another_takes_back_has_begun(url: str, store: Store, tmp_path: Path) -> None:
    """Whatever the order: a mail that is about to leave was noted before."""
    with closing(open_store(url, project=tmp_path)) as other:
        for number in range(20):
            key = EditionKey(newsletter="the-example", day=KEY.day + number * DAY)
            store.editions.begin(key, at=NOW)
            together = threading.Barrier(2)

            def takes_back(key: EditionKey = key, together: threading.Barrier = together) -> None:
                together.wait()
                store.editions.take_back(key, gone=0)

            with ThreadPoolExecutor(1) as one:
                taken_back = one.submit(takes_back)
                together.wait()
                other.ledger.claim(key, [("s1", "<1@example.org>")], sha256="ab", at=NOW)
                other.editions.begin(key, at=NOW)
                taken_back.result()
            assert other.editions.begun(key) == NOW


def test_a_refusal_is_recorded_of_what_was_given_back_and_of_nothing_else(store: Store) -> None:
    mails = [(id_, f"<{id_}@example.org>") for id_ in ("s1", "s2", "s3", "s4")]
    store.ledger.claim(KEY, mails, sha256="ab", at=NOW)
    store.ledger.release(KEY, ["s1", "s2"])
    store.ledger.claim(KEY, mails[1:2], sha256="ab", at=NOW)  # another process
    store.ledger.record(KEY, [Receipt(subscriber_id="s3", outcome=Outcome.SENT)], at=NOW)
    refusals = [
        Receipt(subscriber_id=id_, outcome=Outcome.REFUSED, detail="554 5.7.1 no") for id_, _ in mails
    ]

    ours = store.ledger.refuse(KEY, refusals, of=DUE, at=NOW + HOUR)

    assert ours == {"s1"}
    row = store.ledger.get(KEY, "s1")
    assert row is not None
    assert (row.state, row.detail, row.at) == (State.REFUSED, "554 5.7.1 no", NOW + HOUR)
    assert [row.state for row in store.ledger.deliveries(KEY)][1:] == [
        State.SENDING,
        State.SENT,
        State.SENDING,
    ]


def test_who_was_tried_before_is_known(store: Store) -> None:
    store.subscribers.add([subscriber(who) for who in ("s1", "s2", "s3")])
    store.ledger.enrol(KEY, at=NOW)
    claimed = [("id-s1", "<1@example.org>"), ("id-s2", "<2@example.org>")]
    store.ledger.claim(KEY, claimed, sha256="ab", at=NOW)
    store.ledger.record(KEY, [Receipt(subscriber_id="id-s1", outcome=Outcome.DEFERRED)], at=NOW)
    store.ledger.release(KEY, ["id-s2"])

    found = store.ledger.due(KEY, *DUE, limit=9)

    assert [(due.id, due.tried) for due in found] == [
        ("id-s1", True),
        ("id-s2", False),
        ("id-s3", False),
    ]


def test_linking_again_replaces_the_targets(store: Store) -> None:
    deliver(store, KEY, Outcome.SENT)
    store.editions.link(KEY, ["https://example.com/1", "https://example.com/1"])
    store.editions.link(KEY, ["https://example.com/2"])

    assert store.editions.sent_targets(KEY.newsletter, since=KEY.day, before=KEY.day + DAY) == {
        "https://example.com/2"
    }


# --- ledger ---------------------------------------------------------------------------------------


def pairs(*ids: str) -> list[tuple[str, str]]:
    return [(one, f"<{one}@example.org>") for one in ids]


def claim(store: Store, *ids: str, key: EditionKey = KEY, at: datetime = NOW, **given: Any) -> frozenset[str]:
    return store.ledger.claim(key, pairs(*ids), sha256="ab" * 32, at=at, **given)


def receipt(subscriber_id: str, outcome: Outcome = Outcome.SENT, **given: str) -> Receipt:
    return Receipt(subscriber_id=subscriber_id, outcome=outcome, **given)


def test_a_claim_is_for_one_only(store: Store) -> None:
    assert claim(store, "s1", "s2") == {"s1", "s2"}
    assert claim(store, "s2", "s3") == {"s3"}
    assert claim(store) == frozenset()


@pytest.mark.parametrize("of", [DUE, (State.UNSURE,)])
@pytest.mark.parametrize("state", ["unsubscribed", "suppressed", "unconfirmed"])
def test_who_left_since_it_was_looked_who_is_due_is_not_claimed(
    store: Store, state: str, of: tuple[State, ...]
) -> None:
    people = [
        Subscriber(id=f"s{n}", newsletter=KEY.newsletter, email=f"r{n}@example.com", added_at=NOW)
        for n in (1, 2)
    ]
    store.subscribers.add(people)
    store.ledger.enrol(KEY, at=NOW)
    if State.UNSURE in of:
        claim(store, "s1", "s2")
        store.ledger.mark_unsure(KEY, at=NOW)
    seen = [due.id for due in store.ledger.due(KEY, *of, limit=9)]
    store.subscribers.set_state(KEY.newsletter, "r1@example.com", state)

    assert claim(store, *seen, of=of) == {"s2"}


def test_claims_are_an_editions_own(store: Store) -> None:
    claim(store, "s1")

    assert claim(store, "s1", key=replace(KEY, day=KEY.day + DAY)) == {"s1"}
    assert claim(store, "s1", key=replace(KEY, newsletter="another")) == {"s1"}


def test_one_subscriber_twice_in_a_claim_is_one_row(store: Store) -> None:
    assert claim(store, "s1", "s1") == {"s1"}
    assert store.ledger.tally(KEY).total == 1


@pytest.mark.parametrize(
    ("outcome", "ours"),
    [(Outcome.SENT, False), (Outcome.REFUSED, False), (Outcome.UNSURE, False), (Outcome.DEFERRED, True)],
)
def test_only_a_deferred_mail_can_be_claimed_again(store: Store, outcome: Outcome, ours: bool) -> None:
    claim(store, "s1")
    store.ledger.record(KEY, [receipt("s1", outcome, detail="450 later")], at=NOW)

    assert claim(store, "s1", at=NOW + HOUR) == ({"s1"} if ours else frozenset())

    (row,) = store.ledger.deliveries(KEY)
    assert row.state == (State.SENDING if ours else outcome)
    assert row.at == (NOW + HOUR if ours else NOW)
    assert row.detail == ("" if ours else "450 later")


def test_a_delivery_says_what_was_sent_to_whom(store: Store) -> None:
    claim(store, "s1")

    (row,) = store.ledger.deliveries(KEY)

    assert (row.key, row.subscriber_id, row.state) == (KEY, "s1", State.SENDING)
    assert (row.message_id, row.sha256, row.at) == ("<s1@example.org>", "ab" * 32, NOW)


def test_deliveries_by_state_and_page(store: Store) -> None:
    claim(store, "s4", "s3", "s2", "s1")
    store.ledger.record(
        KEY, [receipt("s1"), receipt("s2", Outcome.REFUSED, detail="550 no such mailbox")], at=NOW + HOUR
    )

    found = {
        one.subscriber_id: one.detail for one in store.ledger.deliveries(KEY, State.REFUSED, State.SENDING)
    }

    assert found == {"s2": "550 no such mailbox", "s3": "", "s4": ""}
    assert [one.subscriber_id for one in store.ledger.deliveries(KEY)] == ["s1", "s2", "s3", "s4"]
    assert [one.subscriber_id for one in store.ledger.deliveries(KEY, after="s1", limit=2)] == ["s2", "s3"]
    assert store.ledger.tally(KEY) == Tally(sent=1, refused=1, unsure=2)


def test_a_receipt_without_a_claim_is_an_error_that_costs_no_other_receipt(store: Store) -> None:
    claim(store, "s1", "s2")
    store.ledger.record(KEY, [receipt("s1")], at=NOW)

    with pytest.raises(StoreError, match=r"the-example/2026-11-23: 2 receipt.*s1"):
        store.ledger.record(KEY, [receipt("s1", Outcome.REFUSED), receipt("s2"), receipt("s3")], at=NOW)

    assert store.ledger.tally(KEY) == Tally(sent=2)


def test_a_receipt_that_is_recorded_already_is_no_stranger(store: Store) -> None:
    # A claim that fails after its receipts were recorded has them recorded as the run ends, too.
    claim(store, "s1", "s2")
    store.ledger.record(KEY, [receipt("s1", detail="250 taken")], at=NOW)

    store.ledger.record(KEY, [receipt("s1", detail="250 again"), receipt("s2")], at=NOW)
    with pytest.raises(StoreError, match="first of subscriber s1"):
        store.ledger.record(KEY, [receipt("s1", Outcome.REFUSED)], at=NOW)

    assert store.ledger.tally(KEY) == Tally(sent=2)
    first = store.ledger.get(KEY, "s1")
    assert first is not None
    assert first.detail == "250 taken"


def test_receipts_are_recorded_with_the_next_claim(store: Store) -> None:
    claim(store, "s1", "s2")

    assert claim(store, "s3", receipts=[receipt("s1"), receipt("s2", Outcome.REFUSED)]) == {"s3"}
    assert store.ledger.tally(KEY) == Tally(sent=1, refused=1, unsure=1)


def test_receipts_are_recorded_with_a_claim_that_gets_less_than_it_asked_for(store: Store) -> None:
    claim(store, "s1", "s2")

    assert claim(store, "s2", "s3", receipts=[receipt("s1")]) == {"s3"}
    assert store.ledger.tally(KEY) == Tally(sent=1, unsure=2)


def test_a_claim_with_a_receipt_of_nobody_takes_nothing(store: Store) -> None:
    claim(store, "s1")

    with pytest.raises(StoreError, match=r"1 receipt.*s9"):
        claim(store, "s2", receipts=[receipt("s1"), receipt("s9")])

    assert store.ledger.tally(KEY) == Tally(sent=1)


def test_an_unsure_mail_takes_a_late_receipt(store: Store) -> None:
    claim(store, "s1")
    store.ledger.record(KEY, [receipt("s1", Outcome.UNSURE)], at=NOW)
    store.ledger.record(KEY, [receipt("s1", Outcome.SENT)], at=NOW + HOUR)

    assert store.ledger.tally(KEY) == Tally(sent=1)


def test_an_unsure_mail_is_claimed_again_only_on_purpose_and_goes_back_to_unsure(store: Store) -> None:
    claim(store, "s1", "s2")
    store.ledger.record(KEY, [receipt("s1", Outcome.UNSURE), receipt("s2")], at=NOW)
    before = list(store.ledger.deliveries(KEY))

    mended = store.ledger.claim(KEY, pairs("s1", "s2"), sha256="mended", at=NOW, of=[State.UNSURE])
    assert mended == {"s1"}
    store.ledger.release_unsure(KEY, [(who, before[0].sha256, before[0].detail) for who in ("s1", "s2")])

    assert list(store.ledger.deliveries(KEY)) == before
    assert store.ledger.tally(KEY) == Tally(sent=1, unsure=1)
    assert claim(store, "s1") == frozenset()


def test_a_released_claim_is_free(store: Store) -> None:
    claim(store, "s1", "s2")

    store.ledger.release(KEY, ["s1", "s3"])

    assert [one.state for one in store.ledger.deliveries(KEY)] == [State.PENDING, State.SENDING]
    assert claim(store, "s1", "s2") == {"s1"}


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_outcome_is_never_released(store: Store, outcome: Outcome) -> None:
    deliver(store, KEY, outcome)

    store.ledger.release(KEY, ["s1"])

    assert store.ledger.tally(KEY) == Tally(**{outcome.value: 1})


@pytest.mark.slow
def test_a_claim_of_more_than_a_statement_carries(store: Store) -> None:
    everyone = [f"s{number:05}" for number in range(VALUES + 1)]

    assert claim(store, *everyone) == set(everyone)
    store.ledger.record(KEY, map(receipt, everyone[1:]), at=NOW)
    store.ledger.release(KEY, everyone)

    assert store.ledger.tally(KEY) == Tally(sent=VALUES, pending=1)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(["claim", "release", *Outcome]), st.sampled_from(["s1", "s2"])),
        max_size=12,
    ),
    st.dates(date(2000, 1, 1), date(2999, 1, 1)),
)
def test_nobody_is_sent_an_edition_twice(store: Store, steps: list[tuple[str, str]], day: date) -> None:
    key = EditionKey(newsletter=random.SystemRandom().randbytes(4).hex(), day=day)
    held: set[str] = set()
    sent: list[str] = []
    for step, who in steps:
        if step == "claim":
            held |= claim(store, who, key=key)
        elif who in held and step == "release":
            store.ledger.release(key, [who])
            held.discard(who)
        elif who in held:
            store.ledger.record(key, [receipt(who, Outcome(step))], at=NOW)
            held.discard(who)
            sent += [who] * (step == Outcome.SENT)

    assert len(sent) == len(set(sent)) == store.ledger.tally(key).sent


def enrolled(store: Store, *ids: str, key: EditionKey = KEY) -> None:
    store.subscribers.add(
        [
            Subscriber(id=one, newsletter=key.newsletter, email=f"{one}@example.org", added_at=NOW)
            for one in ids
        ]
    )
    store.ledger.enrol(key, at=NOW)


def due(store: Store, *states: State, key: EditionKey = KEY, after: str = "", limit: int = 10) -> list[str]:
    return [one.id for one in store.ledger.due(key, *states, after=after, limit=limit)]


@pytest.mark.slow
def test_the_list_is_everyone_who_is_active(store: Store) -> None:
    enrolled(store, "s1", "s2", "s3")
    store.subscribers.set_state(KEY.newsletter, "s3@example.org", "unsubscribed")
    tomorrow, other = replace(KEY, day=KEY.day + DAY), replace(KEY, newsletter="another")

    for key in (KEY, tomorrow, other):
        store.ledger.enrol(key, at=NOW)

    assert store.ledger.tally(KEY) == Tally(pending=3)
    assert store.ledger.tally(tomorrow) == Tally(pending=2)
    assert store.ledger.tally(other) == Tally()


@pytest.mark.slow
def test_what_a_process_recorded_just_before_it_ended_is_not_unsure(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ends(_: ledger.SqlLedger, __: str) -> bool:
        store.ledger.record(KEY, [Receipt(subscriber_id="s1", outcome=Outcome.SENT)], at=NOW)
        return False

    store.ledger.claim(KEY, [("s1", "<1@example.org>")], sha256="ab", at=NOW, owner="abc")
    monkeypatch.setattr(ledger.SqlLedger, "_lives", ends)

    assert store.ledger.tally(KEY) == Tally(sent=1)


def test_a_list_is_longer_than_a_page(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "PAGE", 3)

    for number in (1, 2, 3, 6, 8):
        enrolled(store, *(f"s{one}" for one in range(number)))
        assert store.ledger.tally(KEY) == Tally(pending=number)


@pytest.mark.slow
def test_who_is_due_comes_page_by_page_and_is_still_there(store: Store) -> None:
    enrolled(store, "s1", "s2", "s3", "s4", "s5")
    claim(store, "s2", "s3")
    store.ledger.record(KEY, [receipt("s2"), receipt("s3", Outcome.DEFERRED)], at=NOW)
    store.subscribers.set_state(KEY.newsletter, "s4@example.org", "unsubscribed")

    assert due(store, *DUE) == ["s1", "s3", "s5"]
    assert due(store, *DUE, after="s1", limit=1) == ["s3"]
    assert due(store, State.DEFERRED) == ["s3"]
    assert store.ledger.due(KEY, State.DEFERRED, limit=1)[0].message_id == "<s3@example.org>"


@pytest.mark.slow
def test_who_left_leaves_the_list_unless_a_mail_may_have_left(store: Store) -> None:
    everyone = ["pending", "sending", *(outcome.value for outcome in Outcome)]
    enrolled(store, *everyone)
    claim(store, "sending", *Outcome)
    store.ledger.record(KEY, [receipt(outcome.value, outcome) for outcome in Outcome], at=NOW)
    for who in everyone:
        store.subscribers.set_state(KEY.newsletter, f"{who}@example.org", "unsubscribed")

    store.ledger.withdraw(KEY)

    states = {one.subscriber_id: one.state for one in store.ledger.deliveries(KEY)}
    assert states == {name: State(name) for name in ("sending", "sent", "refused", "unsure")}


@pytest.mark.slow
def test_a_claim_is_its_owners_until_that_is_gone(store: Store) -> None:
    enrolled(store, "s1", "s2", "s3", "s4")
    with store.ledger.owned() as mine:
        claim(store, "s1", owner=mine)
        with store.ledger.owned() as yours:
            claim(store, "s2", owner=yours)
            assert store.ledger.tally(KEY) == Tally(pending=4)
            assert store.ledger.mark_unsure(KEY, at=NOW) == 0
        assert store.ledger.tally(KEY) == Tally(pending=3, unsure=1)
        assert store.ledger.mark_unsure(KEY, at=NOW) == 1

        (row,) = store.ledger.deliveries(KEY, State.UNSURE)
        assert (row.subscriber_id, row.detail) == (
            "s2",
            "the run that was sending it ended without an answer",
        )
        assert [one.subscriber_id for one in store.ledger.deliveries(KEY, State.SENDING)] == ["s1"]


def test_what_a_provider_calls_a_mail_is_kept_while_it_is_claimed(store: Store) -> None:
    claim(store, "s1", "s2")
    store.ledger.record(KEY, [receipt("s2", remote_id="r2")], at=NOW)

    store.ledger.note(KEY, "s1", remote_id="r1")
    store.ledger.note(KEY, "s2", remote_id="another")
    store.ledger.release(KEY, ["s1"])
    claim(store, "s1")

    rows = [store.ledger.get(KEY, who) for who in ("s1", "s2")]
    assert [(row.state, row.remote_id) for row in rows if row] == [(State.SENDING, "r1"), (State.SENT, "r2")]
    assert store.ledger.get(KEY, "s3") is None


def test_the_contents_that_somebody_may_have(store: Store) -> None:
    for who, outcome in (("s1", Outcome.SENT), ("s2", Outcome.REFUSED), ("s3", None)):
        store.ledger.claim(KEY, pairs(who), sha256=who, at=NOW)
        if outcome:
            store.ledger.record(KEY, [receipt(who, outcome)], at=NOW)

    assert store.ledger.contents(KEY) == {"s1", "s3"}


STEPS = st.tuples(
    st.sampled_from(["enrol", "claim", "resend", "release", "die", "leave", "withdraw", *Outcome]),
    st.sampled_from(["1", "2", "3"]),
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, max_size=15))
def test_all_states_together_are_always_the_list(store: Store, steps: list[tuple[str, str]]) -> None:
    """Beside a model of a few lines: what is claimed, recorded, given back, cut off or withdrawn, adds up."""
    key = replace(KEY, newsletter=random.SystemRandom().randbytes(6).hex())
    ids = [f"{key.newsletter}{number}" for number in "123"]
    expected: dict[str, State] = {}
    here = set(ids)
    enrolled(store, *ids, key=key)
    expected = dict.fromkeys(ids, State.PENDING)
    with ExitStack() as stack:
        owner = stack.enter_context(store.ledger.owned())
        for step, number in steps:
            who = key.newsletter + number
            state = expected.get(who)
            if step == "enrol":
                store.ledger.enrol(key, at=NOW)
                expected |= {one: State.PENDING for one in here if one not in expected}
            elif step in ("claim", "resend"):
                of = DUE if step == "claim" else (State.UNSURE,)
                free = (state is None or state in of) and who in here  # who left gets nothing
                assert claim(store, who, key=key, owner=owner, of=of) == ({who} if free else set())
                expected |= {who: State.SENDING} if free else {}
            elif step == "release":
                store.ledger.release(key, [who])
                expected |= {who: State.PENDING} if state is State.SENDING else {}
            elif step == "die":
                stack.close()
                store.ledger.mark_unsure(key, at=NOW)
                expected = {
                    one: State.UNSURE if its is State.SENDING else its for one, its in expected.items()
                }
                owner = stack.enter_context(store.ledger.owned())
            elif step == "leave":
                store.subscribers.set_state(key.newsletter, f"{who}@example.org", "unsubscribed")
                here.discard(who)
            elif step == "withdraw":
                store.ledger.withdraw(key)
                expected = {one: its for one, its in expected.items() if one in here or its not in DUE}
            elif state in (State.SENDING, State.UNSURE):
                store.ledger.record(key, [receipt(who, Outcome(step))], at=NOW)
                expected[who] = State(step)

            tally = store.ledger.tally(key)
            assert {one.subscriber_id: one.state for one in store.ledger.deliveries(key)} == expected
            assert tally.total == len(expected)
            assert tally.pending == sum(its in (State.PENDING, State.SENDING) for its in expected.values())


def own_and_wait(url: str, project: Path, owned: Any, over: Any) -> None:
    store = open_store(url, project=project)
    with store.ledger.owned() as owner:
        claim(store, "s1", owner=owner)
        owned.set()
        over.wait(60)


@pytest.mark.slow
def test_many_that_are_at_something_leave_the_others_room(store: Store) -> None:
    with ExitStack() as stack:
        owners = [stack.enter_context(store.ledger.owned()) for _ in range(20)]
        claim(store, "s1", owner=owners[-1])
        assert store.ledger.mark_unsure(KEY, at=NOW) == 0
    assert store.ledger.mark_unsure(KEY, at=NOW) == 1


@pytest.mark.slow
def test_a_living_process_keeps_its_claims_and_a_killed_one_does_not(
    url: str, store: Store, tmp_path: Path
) -> None:
    spawn = multiprocessing.get_context("spawn")
    owned, over = spawn.Event(), spawn.Event()
    process = spawn.Process(target=own_and_wait, args=(url, tmp_path, owned, over))
    process.start()
    assert owned.wait(60)

    assert store.ledger.mark_unsure(KEY, at=NOW) == 0
    process.kill()
    process.join()

    # PostgreSQL hears of it from the connection, a moment later.
    for _ in range(100):
        if store.ledger.mark_unsure(KEY, at=NOW):
            break
        sleep(0.1)
    assert store.ledger.tally(KEY) == Tally(unsure=1)
    assert not list(tmp_path.glob("*-run-*"))


def claim_all(url: str, project: Path, seed: int, start: Barrier, won: Any) -> None:
    store = open_store(url, project=project)
    everyone = [f"s{number:04}" for number in range(1000)]
    random.Random(seed).shuffle(everyone)
    start.wait(30)
    won.put([one for at in range(0, 1000, 5) for one in claim(store, *everyone[at : at + 5])])
    store.close()


@pytest.mark.slow
def test_two_processes_never_claim_the_same_row(url: str, store: Store, tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    start, won = spawn.Barrier(2), spawn.Queue()
    rivals = [spawn.Process(target=claim_all, args=(url, tmp_path, seed, start, won)) for seed in (1, 2)]
    for rival in rivals:
        rival.start()
    first, second = won.get(timeout=60), won.get(timeout=60)
    for rival in rivals:
        rival.join()

    assert sorted(first + second) == [f"s{number:04}" for number in range(1000)]


def claim_and_die(url: str, project: Path) -> None:
    claim(open_store(url, project=project), "s1", "s2")
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.slow
def test_a_claim_outlives_its_process(url: str, store: Store, tmp_path: Path) -> None:
    victim = multiprocessing.get_context("spawn").Process(target=claim_and_die, args=(url, tmp_path))
    victim.start()
    victim.join()

    assert victim.exitcode == -signal.SIGKILL
    assert store.ledger.tally(KEY) == Tally(unsure=2)
    assert claim(store, "s1", "s2", "s3") == {"s3"}


# --- subscribers ----------------------------------------------------------------------------------


def subscriber(who: str, **given: Any) -> Subscriber:
    values = {
        "id": f"id-{who}",
        "newsletter": "the-example",
        "email": f"{who}@example.org",
        "added_at": NOW,
    }
    return Subscriber(**(values | given))


def test_a_subscriber_comes_back_as_added(store: Store) -> None:
    ann = subscriber("Ann", name="Ann “Ä” Lee", state="suppressed")

    assert store.subscribers.add([ann]) == 1
    assert ann == store.subscribers.find("the-example", "Ann@example.org")
    assert [ann] == list(store.subscribers.all("the-example"))


def test_case_makes_no_other_address(store: Store) -> None:
    store.subscribers.add([subscriber("Ann")])

    assert store.subscribers.add([subscriber("ann", id="other")]) == 0
    assert store.subscribers.find("the-example", "ANN@Example.ORG") == subscriber("Ann")


def test_an_address_twice_in_one_call_is_added_once(store: Store) -> None:
    assert store.subscribers.add([subscriber("ann"), subscriber("ann", id="other")]) == 1
    assert store.subscribers.add([]) == 0


def test_newsletters_have_their_own_subscribers(store: Store) -> None:
    store.subscribers.add([subscriber("ann")])

    assert store.subscribers.add([subscriber("ann", id="other", newsletter="another")]) == 1
    assert store.subscribers.set_state("another", "ann@example.org", "unsubscribed")

    assert [subscriber("ann")] == list(store.subscribers.all("the-example"))
    assert [subscriber("ann")] == list(store.subscribers.active("the-example"))
    assert store.subscribers.find("a-third", "ann@example.org") is None


@pytest.mark.parametrize("state", ["unsubscribed", "suppressed"])
def test_who_left_is_not_brought_back_by_an_import(store: Store, state: str) -> None:
    store.subscribers.add([subscriber("ann")])
    store.subscribers.set_state("the-example", "ann@example.org", state)

    assert store.subscribers.add([subscriber("ann", id="other")]) == 0
    assert store.subscribers.active("the-example") == []
    assert {state: 1} == store.subscribers.counts("the-example")


@pytest.mark.slow
def test_a_list_of_who_left_lets_go_whom_another_list_brought(store: Store) -> None:
    everyone = [subscriber(f"r{number}", name="As known") for number in range(250)]
    store.subscribers.add([*everyone, subscriber("stays")])

    left = [subscriber(f"R{number}", id=f"other-{number}", state="unsubscribed") for number in range(250)]

    assert store.subscribers.add([*left, subscriber("stays", id="another")]) == 0
    assert store.subscribers.counts("the-example") == {"active": 1, "unsubscribed": 250}
    assert store.subscribers.find("the-example", "r0@example.org") == replace(
        everyone[0], state="unsubscribed"
    )


def test_a_list_of_who_left_is_older_than_what_a_reader_did_here(store: Store) -> None:
    store.subscribers.add([subscriber("ann", state="unconfirmed")])
    assert store.subscribers.confirm("id-ann", asked_at=NOW, at=NOW, consent="by the link in a letter")

    store.subscribers.add([subscriber("ann", id="other", state="unsubscribed")])

    assert store.subscribers.counts("the-example") == {"active": 1}


def test_setting_a_state_says_whether_there_is_such_a_subscriber(store: Store) -> None:
    store.subscribers.add([subscriber("ann")])

    assert store.subscribers.set_state("the-example", "ANN@example.org", "unsubscribed") is True
    assert store.subscribers.set_state("the-example", "ann@example.org", "unsubscribed") is True
    assert store.subscribers.set_state("the-example", "bob@example.org", "unsubscribed") is False
    with pytest.raises(ValueError, match="'gone'; expected one of active, unconfirmed, unsubscribed, supp"):
        store.subscribers.set_state("the-example", "ann@example.org", "gone")


def test_active_subscribers_come_in_pages_by_id(store: Store) -> None:
    everyone = [subscriber(f"r{number}") for number in range(7)]
    store.subscribers.add([*everyone, subscriber("left", state="unsubscribed")])
    pages, after = [], ""
    while page := store.subscribers.active("the-example", after=after, limit=3):
        pages.append(page)
        after = page[-1].id

    assert [len(page) for page in pages] == [3, 3, 1]
    assert everyone == [one for page in pages for one in page]


@pytest.mark.slow
def test_all_reads_more_than_a_page_and_can_be_left_off(store: Store) -> None:
    store.subscribers.add([subscriber(f"r{number}") for number in range(2001)])

    assert len({one.id for one in store.subscribers.all("the-example")}) == 2001
    assert next(iter(store.subscribers.all("the-example"))) == subscriber("r0")
    assert store.subscribers.counts("the-example") == {"active": 2001}


# --- what was sent, and corrected -------------------------------------------------------------------


def content(sha256: str = "ab", *, key: EditionKey = KEY, at: datetime = NOW) -> Content:
    return Content(key=key, sha256=sha256, source=f"what {sha256} says: “Zoë”", at=at)


def sent_to(store: Store, sha256: str, *ids: str, key: EditionKey = KEY) -> None:
    store.editions.begin(key, at=NOW)
    store.ledger.claim(key, pairs(*ids), sha256=sha256, at=NOW)
    store.ledger.record(key, [Receipt(subscriber_id=id_, outcome=Outcome.SENT) for id_ in ids], at=NOW)


def test_a_content_is_sent_once_somebody_has_it(store: Store) -> None:
    store.archive.keep(content())
    before = store.archive.sent(KEY.newsletter)
    sent_to(store, "cd", "s0")
    another = store.archive.sent(KEY.newsletter)
    sent_to(store, "ab", "s1")

    assert before == another == {}
    assert store.archive.sent(KEY.newsletter) == {KEY.day: ("ab", NOW)}
    assert store.archive.sent("another") == {}
    assert store.archive.content(KEY, "ab") == content()
    assert store.archive.content(KEY, "cd") is None


def test_what_only_a_single_reader_was_sent_is_not_for_everybody(store: Store) -> None:
    store.archive.keep(content())
    deliver(store, KEY, Outcome.SENT, to_the_list=False)

    assert store.archive.sent(KEY.newsletter) == {}


def test_a_content_that_is_kept_stays_as_it_is(store: Store) -> None:
    store.archive.keep(content())
    store.archive.keep(replace(content(), source="other words", at=NOW + DAY))

    assert store.archive.content(KEY, "ab") == content()


def test_of_several_contents_the_one_that_most_have_counts_and_of_equals_the_last(store: Store) -> None:
    store.archive.keep(content())
    store.archive.keep(content("cd", at=NOW + HOUR))
    sent_to(store, "ab", "s1", "s2")
    found = [store.archive.sent(KEY.newsletter)[KEY.day]]
    for reader in ("s3", "s4"):
        sent_to(store, "cd", reader)
        found.append(store.archive.sent(KEY.newsletter)[KEY.day])

    assert found == [("ab", NOW), ("ab", NOW), ("cd", NOW)]


def test_sent_days_come_newest_first(store: Store) -> None:
    keys = [replace(KEY, day=KEY.day + number * DAY) for number in (0, 2, 1)]
    for key in keys:
        store.archive.keep(content(key=key))
        sent_to(store, "ab", "s1", key=key)

    assert list(store.archive.sent(KEY.newsletter)) == [KEY.day + number * DAY for number in (2, 1, 0)]


CORRECTION = Correction(key=KEY, item="b1", text="It was “Zoë”.", replaced=(("Zoe", "Zoë"),), at=NOW)


def test_the_same_correction_twice_is_one(store: Store) -> None:
    assert store.archive.correct(CORRECTION)
    assert not store.archive.correct(replace(CORRECTION, replaced=(), at=NOW + DAY))
    assert store.archive.corrections(KEY.newsletter) == [CORRECTION]
    assert store.archive.corrections("another") == []


def test_a_correction_takes_other_replaced_words_and_keeps_its_day(store: Store) -> None:
    store.archive.correct(CORRECTION)
    other = replace(CORRECTION, replaced=(("Zo", "Zoë"),), at=NOW + DAY)

    assert not store.archive.correct(other)
    assert store.archive.corrections(KEY.newsletter) == [replace(other, at=NOW)]


def test_corrections_come_oldest_first_and_remember_who_told_them(store: Store) -> None:
    later = replace(CORRECTION, item="", at=NOW + HOUR)
    store.archive.correct(later)
    store.archive.correct(CORRECTION)

    store.archive.tell([later], on=KEY.day + DAY)

    assert store.archive.corrections(KEY.newsletter) == [CORRECTION, replace(later, told_on=KEY.day + DAY)]


# --- journal, secret --------------------------------------------------------------------------------


def test_the_latest_runs_come_newest_first(store: Store) -> None:
    runs = [
        Run(
            newsletter="the-example",
            day=KEY.day,
            stage="build",
            at=NOW + at * HOUR,
            code=0,
            words=f"run {words}",
        )
        for words, at in enumerate([0, 2, 1, 1])
    ]
    for one in (*runs, replace(runs[0], newsletter="another")):
        store.journal.note(one)

    assert [runs[1], runs[3], runs[2], runs[0]] == store.journal.latest("the-example")
    assert [runs[1], runs[3]] == store.journal.latest("the-example", limit=2)


def test_a_models_answer_is_remembered(store: Store) -> None:
    assert store.answers.get("key") is None

    store.answers.put("key", "One answer.", at=NOW)
    store.answers.put("key", "Another answer.", at=NOW)

    assert store.answers.get("key") == "Another answer."


def test_the_secret_is_made_once(url: str, store: Store, tmp_path: Path) -> None:
    secret = store.secret()
    again = open_store(url, project=tmp_path)

    assert len(secret) == 32
    assert secret == store.secret() == again.secret()
    again.close()


def open_and_tell(url: str, project: Path, start: Barrier, found: Any) -> None:
    start.wait(30)
    store = open_store(url, project=project)
    found.put(store.secret())
    store.close()


@pytest.mark.slow
def test_two_processes_make_the_same_tables_and_secret(url: str, tmp_path: Path) -> None:
    (tmp_path / "digest.db").unlink(missing_ok=True)  # SQLite's is made already
    spawn = multiprocessing.get_context("spawn")
    start, found = spawn.Barrier(2), spawn.Queue()
    both = [spawn.Process(target=open_and_tell, args=(url, tmp_path, start, found)) for _ in range(2)]
    for one in both:
        one.start()
    first, second = found.get(timeout=60), found.get(timeout=60)
    for one in both:
        one.join()

    assert first == second


# --- notices ---------------------------------------------------------------------------------------


def notice(**given: Any) -> Notice:
    values: dict[str, Any] = {
        "kind": NoticeKind.SENT,
        "newsletter": "the-example",
        "day": KEY.day,
        "headline": "It is out",
        "lines": ("to 4",),
        "at": NOW,
    }
    return Notice(**(values | given))


def test_a_notice_is_claimed_once(store: Store) -> None:
    assert store.notices.claim(notice())
    assert not store.notices.claim(notice(headline="In other words"))
    store.notices.settle(notice())
    assert not store.notices.claim(notice(at=NOW + DAY))

    others: list[dict[str, Any]] = [{"day": None}, {"kind": NoticeKind.MISSED}, {"about": "x"}]
    assert all(store.notices.claim(notice(**other)) for other in others)
    assert not any(store.notices.claim(notice(**other)) for other in others)


def test_a_notice_that_reached_nobody_is_free_again(store: Store) -> None:
    store.notices.claim(notice())
    store.notices.release(notice(), why="the server is away")

    [untold] = store.notices.untold("the-example", now=NOW)
    assert untold == (NoticeKind.SENT, KEY.day, "", "It is out", NOW, "the server is away", ("to 4",))
    assert store.notices.untold("another", now=NOW) == []
    assert store.notices.claim(notice(at=NOW + HOUR))
    store.notices.settle(notice())
    assert store.notices.untold("the-example", now=NOW + DAY) == []


def test_what_was_told_is_not_taken_back(store: Store) -> None:
    store.notices.claim(notice())
    store.notices.settle(notice())
    store.notices.release(notice(), why="too late")

    assert store.notices.untold("the-example", now=NOW) == []
    assert not store.notices.claim(notice())


def test_the_claim_of_a_telling_that_died_is_free_after_a_while(store: Store) -> None:
    store.notices.claim(notice(day=None))

    assert not store.notices.claim(notice(day=None, at=NOW + timedelta(minutes=14)))
    assert store.notices.untold("the-example", now=NOW + timedelta(minutes=14)) == []
    assert len(store.notices.untold("the-example")) == 1
    [untold] = store.notices.untold("the-example", now=NOW + timedelta(minutes=15))
    assert (untold.day, untold.why) == (None, "")
    assert store.notices.claim(notice(day=None, at=NOW + timedelta(minutes=15)))


def test_what_was_told_of_is_open_until_it_recovers(store: Store) -> None:
    def told(kind: NoticeKind, about: str, at: datetime) -> None:
        assert store.notices.claim(notice(kind=kind, about=about, at=at, day=at.date()))
        store.notices.settle(notice(kind=kind, about=about, at=at, day=at.date()))

    told(NoticeKind.FEED_ILL, "one", NOW)
    told(NoticeKind.FEED_ILL, "two", NOW)
    store.notices.claim(notice(kind=NoticeKind.FEED_ILL, about="never told"))
    assert set(store.notices.unanswered("the-example", NoticeKind.FEED_ILL)) == {"one", "two"}
    assert set(store.notices.unanswered("the-example", NoticeKind.TROUBLE)) == set()
    assert set(store.notices.unanswered("another", NoticeKind.FEED_ILL)) == set()

    told(NoticeKind.RECOVERED, "one", NOW + HOUR)
    assert set(store.notices.unanswered("the-example", NoticeKind.FEED_ILL)) == {"two"}
    told(NoticeKind.FEED_ILL, "one", NOW + DAY)
    assert set(store.notices.unanswered("the-example", NoticeKind.FEED_ILL)) == {"one", "two"}


# --- who is at what ------------------------------------------------------------------------------


def test_a_duty_is_one_owners_until_it_is_left(store: Store) -> None:
    with store.roster.owned() as one, store.roster.owned() as other:
        fresh = store.roster.take(KEY, Stage.BUILD, owner=one, at=NOW)

        assert fresh == Duty(key=KEY, stage=Stage.BUILD, settled=False, at=NOW, tries=0, code=0, words="")
        assert store.roster.take(KEY, Stage.BUILD, owner=other, at=NOW) is None
        [begun] = store.roster.duties(KEY.newsletter, since=KEY.day)
        assert (begun.settled, begun.tries, begun.code, begun.words) == (
            False,
            1,
            75,
            "begun, and not ended",
        )
        assert begun.begun
        done = replace(begun, settled=True, code=0, words="6 items", begun=False)
        store.roster.leave(done, owner=other)
        assert store.roster.duties(KEY.newsletter, since=KEY.day) == [begun]
        store.roster.leave(done, owner=one)
        assert store.roster.duties(KEY.newsletter, since=KEY.day) == [done]
        assert store.roster.take(KEY, Stage.BUILD, owner=other, at=NOW + HOUR) == done
        assert store.roster.take(KEY, Stage.SEND, owner=one, at=NOW) is not None


def test_what_a_dead_one_was_at_is_free(store: Store) -> None:
    with store.roster.owned() as dead:
        store.roster.take(KEY, Stage.SEND, owner=dead, at=NOW)

    with store.roster.owned() as heir:
        before = store.roster.take(KEY, Stage.SEND, owner=heir, at=NOW + HOUR)
        store.roster.leave(replace(before or NOBODY, words="the dead one's"), owner=dead)
        [held] = store.roster.duties(KEY.newsletter, since=KEY.day)

    assert before is not None
    assert (before.settled, before.tries) == (False, 1)
    assert (held.tries, held.at, held.words) == (2, NOW + HOUR, "begun, and not ended")


NOBODY = Duty(key=KEY, stage=Stage.SEND, settled=False, at=NOW, tries=0, code=0, words="")


def test_of_many_at_once_one_has_the_duty(store: Store) -> None:
    won: list[str] = []

    def take() -> None:
        with store.roster.owned() as owner:
            if store.roster.take(KEY, Stage.SEND, owner=owner, at=NOW) is not None:
                won.append(owner)
            barrier.wait(timeout=60)

    barrier = threading.Barrier(5)
    threads = [threading.Thread(target=take) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(won) == 1


def test_it_is_known_since_when_and_when_last_a_newsletter_was_minded(store: Store) -> None:
    first = store.roster.watch("the-example", at=NOW)
    second = store.roster.watch("the-example", at=NOW + HOUR)
    third = store.roster.watch("the-example", at=NOW + 2 * HOUR)
    anew = store.roster.watch("the-example", at=NOW + 3 * HOUR, anew=True)

    assert first == second == Watch(since=NOW, last=NOW)
    assert third == Watch(since=NOW, last=NOW + HOUR)
    assert anew == Watch(since=NOW + 3 * HOUR, last=NOW + 3 * HOUR)
    assert store.roster.watch("another", at=NOW) == Watch(since=NOW, last=NOW)


# --- forgetting ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_what_is_old_is_forgotten_and_what_matters_is_not(store: Store) -> None:
    old, young = NOW - 400 * DAY, NOW - 30 * DAY
    first = article(id="old", published=old, first_seen=old, text="Long.", description="Long, too.")
    second = article(id="young", published=young, first_seen=young, text="Long.", url="https://example.com/2")
    store.feeds.keep(STATE, [first, second])
    store.feeds.read([(first, replace(first, text="The page."))])
    store.answers.put("old", "an answer", at=old)
    store.answers.put("young", "an answer", at=young)
    for at in (old, young):
        store.journal.note(Run(newsletter=KEY.newsletter, day=KEY.day, stage="send", at=at, code=0, words=""))
        with store.roster.owned() as owner:
            store.roster.take(replace(KEY, day=at.date()), Stage.SEND, owner=owner, at=at)
    long_ago = replace(KEY, day=old.date())
    store.ledger.claim(long_ago, [("s1", "<1@example.org>")], sha256="", at=old)

    forgotten = store.prune(before=NOW - 365 * DAY)

    kept = {one.id: one for one in store.feeds.articles([FEED], EVER)}
    assert forgotten == 2
    assert kept == {
        "old": replace(first, text="", description="", enclosures=(), image=None),
        "young": second,
    }
    assert store.feeds.known(FEED).ids == {"old", "young"}, "its feed may still have it: it is not new"
    assert store.feeds.pages([first]) == {}
    assert (store.answers.get("old"), store.answers.get("young")) == (None, "an answer")
    assert [run.at for run in store.journal.latest(KEY.newsletter)] == [young]
    assert [duty.at for duty in store.roster.duties(KEY.newsletter, since=date(2000, 1, 1))] == [young]
    assert store.ledger.tally(long_ago).total == 1
    assert store.prune(before=NOW - 365 * DAY) == 0


# --- what builds heard ------------------------------------------------------------------------------

PREMISES = Premises(settings="[newsletters.the-example]", number=7, environment={"A": "b"})


def begun(store: Store, at: datetime = NOW) -> int:
    return store.tapes.begin(KEY, PREMISES, stage="build", at=at)


def as_of(store: Store, tape: int, *ids: str, since: datetime = EVER.since) -> dict[str, Remembered]:
    found = store.tapes.remembered(tape, [FEED], since=since, ids=ids)
    return {one.article.id: one for one in found}


def test_a_tape_has_what_was_put_on_it(store: Store) -> None:
    tape = begun(store)
    fetched = Heard(
        url=FEED, outcome="fetched", at=NOW, headers={"etag": '"1"'}, sha256=sha256(b"news").hexdigest()
    )
    failed = Heard(url="https://x.example/", outcome="failed", at=NOW, reason="answered 503", status=503)
    said = [Said(story="a1", problem="llm: too late")]

    store.tapes.hear(tape, [(fetched, b"news")])
    store.tapes.hear(tape, [(failed, b"")])
    store.tapes.hear(tape, [])
    store.tapes.end(tape, composed="edition", said=said, code=0, words="", at=NOW)

    [kept] = store.tapes.of(KEY)
    assert (kept.id, kept.code, kept.at) == (tape, 0, NOW)
    assert store.tapes.body(kept.composed) == b"edition"
    assert store.tapes.body("0" * 64) is None
    assert store.tapes.premises(tape) == PREMISES
    assert store.tapes.heard(tape) == [fetched, failed]
    assert store.tapes.body(fetched.sha256) == b"news"
    assert store.tapes.said(tape) == said


@pytest.mark.slow
def test_articles_are_as_they_were_when_a_tape_began(store: Store) -> None:
    """Whatever came, changed and was read since, once or several times, with tapes in between."""
    store.feeds.keep(STATE, [article(id="old", text="first", feed_url=FEED)])
    first = begun(store)
    one = article(id="old", text="second", feed_url=FEED)
    store.feeds.keep(STATE, [one, article(id="new", feed_url=FEED)])
    store.feeds.read([(one, replace(one, text="page"))])
    store.feeds.keep(STATE, [replace(one, text="third")])
    second = begun(store, NOW + HOUR)
    store.feeds.keep(STATE, [replace(one, text="fourth"), article(id="newer", feed_url=FEED)])
    store.feeds.read([(one, replace(one, text="page again"))])
    third = begun(store, NOW + 2 * HOUR)

    found = [as_of(store, tape) for tape in (first, second, third)]

    assert [set(each) for each in found] == [{"old"}, {"old", "new"}, {"old", "new", "newer"}]
    assert [each["old"].article.text for each in found] == ["first", "third", "fourth"]
    pages = [each["old"].page for each in found]
    assert [page and page[1].text for page in pages] == [None, "page", "page again"]
    assert store.feeds.find(["old"])["old"][1].text == "page again"


def test_what_is_old_comes_without_its_texts_unless_it_is_asked_for(store: Store) -> None:
    store.feeds.keep(STATE, [article(id=id_, text="words", feed_url=FEED) for id_ in ("a", "b")])
    tape = begun(store)

    found = as_of(store, tape, "b", since=NOW + DAY)

    assert (found["a"].article.text, found["b"].article.text) == ("", "words")
    assert set(as_of(store, tape)) == {"a", "b"}
    only = store.tapes.remembered(tape, [], since=EVER.since, ids=["a"])
    assert {one.article.id for one in only} == {"a", "b"}  # its whole feed: others may be known by their page


@pytest.mark.slow
def test_old_tapes_are_forgotten_with_what_only_they_had(store: Store) -> None:
    heard = Heard(url=FEED, outcome="fetched", at=NOW, sha256=sha256(b"old").hexdigest())
    again = Heard(url=FEED, outcome="fetched", at=NOW, sha256=sha256(b"both").hexdigest())
    first = begun(store)
    store.tapes.hear(first, [(heard, b"old"), (again, b"both")])
    store.feeds.keep(STATE, [article(id="a", feed_url=FEED)])
    second = begun(store, NOW + DAY)
    store.tapes.hear(second, [(replace(again, at=NOW + DAY), b"both")])

    assert store.tapes.prune(NOW) == 0
    assert store.tapes.prune(NOW + HOUR) == 1

    assert [tape.id for tape in store.tapes.of(KEY)] == [second]
    assert store.tapes.body(heard.sha256) is None
    assert store.tapes.body(again.sha256) == b"both"
    assert store.tapes.premises(second) == PREMISES
    assert set(as_of(store, second)) == {"a"}
    assert store.tapes.prune(NOW + 2 * DAY) == 1
    assert store.tapes.body(again.sha256) is None


@pytest.mark.slow
@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("keep"), st.sampled_from("abc"), st.integers(0, 3)),
            st.tuples(st.just("read"), st.sampled_from("abc"), st.integers(0, 3)),
            st.tuples(st.just("tape"), st.just(""), st.just(0)),
        ),
        max_size=14,
    )
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_past_can_be_read_backwards(
    made: Path, tmp_path: Path, steps: list[tuple[str, str, int]]
) -> None:
    """Against the simplest way: a whole copy whenever a tape begins."""
    shutil.copy(made, tmp_path / "digest.db")
    for leftover in ("digest.db-wal", "digest.db-shm"):
        (tmp_path / leftover).unlink(missing_ok=True)
    store = open_store("sqlite:///digest.db", project=tmp_path)
    copies: dict[int, dict[str, tuple[Article, Article]]] = {}
    for what, id_, number in steps:
        one = article(id=id_, feed_url=FEED, title=f"Title {number}", text=f"{number}")
        if what == "keep":
            store.feeds.keep(STATE, [one])
        elif what == "read":
            store.feeds.read([(one, replace(one, text=f"page {number}"))])
        else:
            copies[begun(store)] = dict(store.feeds.find("abc"))
    for tape, copy in copies.items():
        found = as_of(store, tape, *"abc")
        assert {id_: one.article for id_, one in found.items()} == {
            id_: then for id_, (then, _) in copy.items()
        }
        texts = {id_: (one.page[1] if one.page else one.article).text for id_, one in found.items()}
        assert texts == {id_: read.text for id_, (_, read) in copy.items()}
    store.close()
