"""What stores keep of editions, until they are delivered."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from kit.builders import HOUR, NOW
from kit.kept import DAY, KEY, deliver, record, subscriber

from digest.errors import EditionError
from digest.model import (
    Approval,
    EditionKey,
    Outcome,
    Receipt,
    State,
)
from digest.ports import DUE, Store
from digest.stores import open_store

APPROVAL = Approval(sha256="cd" * 32, by="Ana Sá", at=NOW)


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
