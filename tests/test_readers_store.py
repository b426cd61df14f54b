"""What the store makes of readers' own wishes, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from kit.builders import NOW
from test_suppression import at_once, suppressed

from digest.model import Subscriber
from digest.ports import Store

HOUR = timedelta(hours=1)
TODAY = date(2026, 11, 23)
LETTER = "the-example"


def add(store: Store, name: str = "ada", state: str = "active") -> str:
    given = Subscriber(
        id=f"id-{name}", newsletter=LETTER, email=f"{name}@example.com", state=state, added_at=NOW
    )
    store.subscribers.add([given])
    return given.id


def state_of(store: Store, name: str = "ada") -> str:
    found = store.subscribers.find(LETTER, f"{name}@example.com")
    return found.state if found else ""


@pytest.mark.slow
def test_who_unsubscribes_has_a_moment_of_it(store: Store) -> None:
    reader = add(store)
    store.subscribers.unsubscribe(reader, at=NOW)
    store.subscribers.unsubscribe(reader, at=NOW + HOUR)  # the first counts

    found = store.subscribers.get(reader)
    assert found is not None
    assert (found.state, found.changed_at) == ("unsubscribed", NOW)


@pytest.mark.slow
def test_who_is_invited_takes_the_last_name_and_is_forgotten_without_an_answer(store: Store) -> None:
    def invite(name: str, at: datetime, email: str = "ada@example.com") -> Subscriber:
        new = Subscriber(
            id=f"{email}-{at}", newsletter=LETTER, email=email, name=name, state="unconfirmed", added_at=at
        )
        return store.subscribers.invite(new, forget=at - 24 * HOUR)

    first = invite("Somebody", NOW)
    assert invite("Ada", NOW + HOUR).id == first.id
    again = invite("", NOW + 2 * HOUR)
    assert (again.id, again.name, again.added_at) == (first.id, "Ada", NOW + 2 * HOUR)
    assert store.subscribers.confirm(first.id, asked_at=NOW, at=NOW, consent="by letter")
    assert invite("Eve", NOW + 3 * HOUR).name == "Ada"  # a reader's name is the reader's

    invite("", NOW, email="bo@example.com")
    invite("", NOW + 30 * HOUR, email="cleo@example.com")
    assert (state_of(store), state_of(store, "bo"), state_of(store, "cleo")) == ("active", "", "unconfirmed")


@pytest.mark.slow
def test_who_is_suppressed_is_not_invited(store: Store) -> None:
    store.suppressions.suppress([suppressed()])
    new = Subscriber(id="x", newsletter=LETTER, email="ADA@example.com", state="unconfirmed", added_at=NOW)

    assert store.subscribers.invite(new, forget=NOW).state == "suppressed"


@pytest.mark.parametrize(
    ("state", "asked_at", "done"),
    [
        ("unconfirmed", NOW, True),
        ("active", NOW, True),
        ("unsubscribed", NOW + HOUR, True),
        ("unsubscribed", NOW - HOUR, False),
    ],
)
def test_a_confirmation_counts_unless_its_reader_left_since(
    store: Store, state: str, asked_at: object, done: bool
) -> None:
    reader = add(store, state="unconfirmed" if state == "unconfirmed" else "active")
    if state == "unsubscribed":
        store.subscribers.unsubscribe(reader, at=NOW)

    said = store.subscribers.confirm(reader, asked_at=asked_at, at=NOW + 2 * HOUR, consent="by letter")

    assert said is done
    assert state_of(store) == ("active" if done else "unsubscribed")


@pytest.mark.slow
def test_a_move_leaves_the_old_address_behind_as_unsubscribed(store: Store) -> None:
    reader = add(store)
    store.subscribers.plan_move(reader, "new@example.com")

    assert store.subscribers.move(reader, asked_at=NOW, at=NOW, consent="by letter")

    assert (state_of(store, "new"), state_of(store)) == ("active", "unsubscribed")
    found = store.subscribers.find(LETTER, "new@example.com")
    assert found is not None
    assert (found.id, found.consent, found.moving_to) == (reader, "by letter", "")
    store.subscribers.add([Subscriber(id="x", newsletter=LETTER, email="ada@example.com", added_at=NOW)])
    assert state_of(store) == "unsubscribed"  # an old list does not bring it back


@pytest.mark.slow
@pytest.mark.parametrize("left", ["ada", "bo"])
def test_who_left_since_does_not_move(store: Store, left: str) -> None:
    reader = add(store)
    add(store, "bo")
    store.subscribers.plan_move(reader, "bo@example.com")
    store.subscribers.unsubscribe(f"id-{left}", at=NOW + HOUR)
    other = {"ada": "bo", "bo": "ada"}[left]

    moved = store.subscribers.move(reader, asked_at=NOW, at=NOW + 2 * HOUR, consent="by letter")

    assert moved is (left == "ada")  # there is nothing to do: the other address has it
    assert (state_of(store, left), state_of(store, other)) == ("unsubscribed", "active")


@pytest.mark.slow
def test_who_moves_at_once_twice_moves_once(store: Store) -> None:
    reader = add(store)
    add(store, "bo", "unsubscribed")
    store.subscribers.plan_move(reader, "bo@example.com")
    said: list[bool] = []

    def move() -> None:
        said.append(store.subscribers.move(reader, asked_at=NOW, at=NOW + HOUR, consent="by letter"))

    at_once(move, move, move)

    assert said == [True, True, True]
    assert (state_of(store), state_of(store, "bo")) == ("unsubscribed", "active")


def test_no_more_than_the_most_is_asked_for_in_a_day_however_many_ask_at_once(store: Store) -> None:
    said: list[bool] = []
    ask = lambda: said.append(store.subscribers.ask("mailbox:a", day=TODAY, most=3))  # noqa: E731

    at_once(*[ask] * 8)

    assert sorted(said) == [False] * 5 + [True] * 3
    store.subscribers.unask("mailbox:a", day=TODAY)
    assert store.subscribers.ask("mailbox:a", day=TODAY, most=3)
    assert not store.subscribers.ask("mailbox:a", day=TODAY, most=3)
    assert store.subscribers.ask("mailbox:b", day=TODAY, most=3)
    assert store.subscribers.ask("mailbox:a", day=TODAY + timedelta(days=1), most=3)


def test_preferences_are_kept(store: Store) -> None:
    reader = add(store)

    assert store.subscribers.prefer(reader, name="Ada", plain=True, tags=["art"])
    assert not store.subscribers.prefer("nobody", name="", plain=False, tags=[])

    found = store.subscribers.get(reader)
    assert found is not None
    assert (found.name, found.plain, found.tags) == ("Ada", True, ("art",))
