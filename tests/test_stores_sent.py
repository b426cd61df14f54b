"""What stores keep of what was sent, and of its corrections."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from kit.builders import HOUR, NOW
from kit.kept import DAY, KEY, deliver, pairs

from digest.model import (
    Content,
    Correction,
    EditionKey,
    Outcome,
    Receipt,
)
from digest.ports import Store


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
