"""The ledger of every store: each mail claimed once, whatever breaks."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kit.builders import HOUR, NOW
from kit.kept import DAY, KEY, deliver, due, pairs

from digest.errors import StoreError
from digest.model import (
    EditionKey,
    Outcome,
    Receipt,
    State,
    Subscriber,
    Tally,
)
from digest.ports import DUE, Store
from digest.stores import ledger, open_store
from digest.stores.database import VALUES


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
