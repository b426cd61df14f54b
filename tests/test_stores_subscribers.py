"""The subscribers of every store."""

from __future__ import annotations

from dataclasses import replace

import pytest
from kit.builders import NOW
from kit.kept import subscriber

from digest.ports import Store


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
