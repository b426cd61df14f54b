"""A run of deliveries, in one process: what it claims, records, tries again, waits for and leaves alone."""

from __future__ import annotations

import os
import random
import shutil
import signal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kit.builders import NOW, newsletter
from sqlalchemy import Connection, event

from digest.cli.stopping import asked_to_stop
from digest.errors import EditionError, NothingToDo, SendError, StoreError
from digest.model import (
    EditionKey,
    Mail,
    Outcome,
    Reason,
    Receipt,
    Rendered,
    Slotted,
    State,
    Subscriber,
    Tally,
)
from digest.pipeline import Delivered, Desk, Tempo, deliver, resend_unsure, went_out
from digest.pipeline.delivery.suppressing import believed, is_unknown, unknown_of
from digest.ports import Step
from digest.stores import SqlStore, open_store, owners
from digest.stores.files import DiskEditionFiles

NEWSLETTER = newsletter()
KEY = EditionKey(newsletter=NEWSLETTER.key, day=NOW.date())
Answer = Callable[[Mail], Receipt]


def rendered(sha256: str = "ab" * 32) -> Rendered:
    imprint = f"{NEWSLETTER.postal_address} "
    html = Slotted((f'<p>{imprint}<a href="', '">Unsubscribe</a></p>'), ("unsubscribe",))
    text = Slotted((imprint, ""), ("unsubscribe",))
    return Rendered(key=KEY, subject="Council votes", html=html, text=text, web="", sha256=sha256)


EDITION = rendered()


def taken(mail: Mail) -> Receipt:
    return Receipt(subscriber_id=mail.subscriber_id, outcome=Outcome.SENT, detail="250 taken")


def answering(outcome: Outcome, detail: str, *whom: str) -> Answer:
    """Takes all mails but those to *whom*; to all, when nobody is named."""

    def answer(mail: Mail) -> Receipt:
        if whom and mail.subscriber_id not in whom:
            return taken(mail)
        return Receipt(subscriber_id=mail.subscriber_id, outcome=outcome, detail=detail)

    return answer


class Post:
    """A sender that answers as it is told, and keeps what it took."""

    name = "post"

    def __init__(self, answer: Answer = taken, *, batch: int = 3) -> None:
        self.answer = answer
        self.batch = batch
        self.tried: list[Mail] = []

    @property
    def got(self) -> list[str]:
        return [mail.subscriber_id for mail in self.tried]

    def send(self, mails: Iterable[Mail]) -> Iterator[Receipt]:
        for mail in mails:
            receipt = self.answer(mail)
            self.tried.append(mail)
            yield receipt

    def check(self) -> str:
        return "well"


class Time:
    """A clock that is moved by waiting, and that stops a run after so many waits."""

    def __init__(self, *, stop_after: int | None = None) -> None:
        self.now = NOW
        self.waits: list[float] = []
        self._left = stop_after

    def wait(self, seconds: float) -> bool:
        if seconds:
            self.waits.append(seconds)
            self.now += timedelta(seconds=seconds)
        if self._left is not None:
            self._left -= 1
        return self._left is not None and self._left < 0

    def tempo(self, *, per_minute: int = 0, retry_after: tuple[int, ...] = ()) -> Tempo:
        pauses = [timedelta(seconds=seconds) for seconds in retry_after]
        return Tempo(lambda: self.now, wait=self.wait, per_minute=per_minute, retry_after=pauses)


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Iterator[SqlStore]:
    shutil.copy(made, tmp_path)
    opened = open_store("sqlite:///digest.db?timeout=0.05", project=tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def desk(store: SqlStore, tmp_path: Path) -> Desk:
    return desk_of(store, tmp_path)


def desk_of(store: SqlStore, folder: Path, told: Callable[[Step], None] = lambda _: None) -> Desk:
    fetcher: Any = None
    return Desk(store=store, files=DiskEditionFiles(folder), fetcher=fetcher, summarizers=(), progress=told)


def subscribe(desk: Desk, *ids: str) -> list[Subscriber]:
    people = [
        Subscriber(id=one, newsletter=KEY.newsletter, email=f"{one}@example.com", added_at=NOW) for one in ids
    ]
    desk.store.subscribers.add(people)
    return people


def send(desk: Desk, post: Post, **given: Any) -> Delivered:
    return deliver(NEWSLETTER, given.pop("edition", EDITION), desk, post, now=NOW, **given)


def standing(desk: Desk) -> Tally:
    return desk.store.ledger.tally(KEY)


# --- once to each ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_everyone_gets_it_once_however_often_it_is_sent(desk: Desk) -> None:
    subscribe(desk, *"abcdefgh")
    post = Post()

    first, second = send(desk, post), send(desk, post)

    assert post.got == list("abcdefgh")
    assert (first.outcomes, first.before, first.complete) == ({Outcome.SENT: 8}, 0, True)
    assert (second.outcomes, second.before, second.complete) == ({}, 8, True)
    assert standing(desk) == Tally(sent=8)


def test_a_mail_is_claimed_before_the_sender_has_it(desk: Desk) -> None:
    subscribe(desk, *"abcd")
    seen: list[State] = []

    def answer(mail: Mail) -> Receipt:
        rows = {row.subscriber_id: row.state for row in desk.store.ledger.deliveries(KEY)}
        seen.append(rows[mail.subscriber_id])
        return taken(mail)

    send(desk, Post(answer))

    assert seen == [State.SENDING] * 4


@pytest.mark.slow
def test_no_more_than_a_batch_is_without_a_receipt(desk: Desk) -> None:
    subscribe(desk, *"abcdefghij")
    most: list[int] = []

    def answer(mail: Mail) -> Receipt:
        most.append(len(desk.store.ledger.deliveries(KEY, State.SENDING)))
        return taken(mail)

    send(desk, Post(answer, batch=4))

    assert max(most) == 4


@pytest.mark.slow
def test_somebody_new_gets_it_with_the_next_run(desk: Desk) -> None:
    subscribe(desk, "a")
    send(desk, Post())
    subscribe(desk, "b")
    post = Post()

    send(desk, post)

    assert post.got == ["b"]


@pytest.mark.slow
def test_who_leaves_during_the_run_gets_nothing_and_leaves_the_list(desk: Desk) -> None:
    subscribe(desk, *"abcdef")

    def answer(mail: Mail) -> Receipt:
        desk.store.subscribers.set_state(KEY.newsletter, "e@example.com", "unsubscribed")
        return taken(mail)

    post = Post(answer, batch=2)
    done = send(desk, post)

    assert post.got == list("abcdf")
    assert (done.tally, done.complete) == (Tally(sent=5), True)


def test_a_list_of_nobody_is_said(desk: Desk) -> None:
    with pytest.raises(NothingToDo, match="nobody to send to; add someone with: digest subscribers add"):
        send(desk, Post())


@pytest.mark.slow
def test_only_some_are_sent_to_and_stay_sent(desk: Desk) -> None:
    everyone = subscribe(desk, *"abcdef")
    post = Post()

    some = send(desk, post, only=everyone[1:5])
    again = send(desk, post, only=everyone[:2])
    send(desk, post)

    assert post.got == list("bcdeaf")
    assert (some.outcomes, again.outcomes, again.before) == ({Outcome.SENT: 4}, {Outcome.SENT: 1}, 1)


# --- what a server says -----------------------------------------------------------------------------


@pytest.mark.slow
def test_refused_is_for_good_and_the_others_go_on(desk: Desk) -> None:
    subscribe(desk, *"abc")
    done = send(desk, Post(answering(Outcome.REFUSED, "550 5.7.1 no", "b")))
    post = Post()
    send(desk, post)

    assert (done.tally, done.complete, post.got) == (Tally(sent=2, refused=1), False, [])


@pytest.mark.slow
@pytest.mark.parametrize("words", ["554 5.7.1 Relay access denied", "550 relay not permitted"])
def test_a_server_that_takes_nobodys_mail_costs_nobody_the_edition(desk: Desk, words: str) -> None:
    """No login was set, say: the server refuses each receiver, and it is no receiver's fault."""
    people = [f"s{number:02}" for number in range(50)]
    subscribe(desk, *people)
    closed, mended = Post(answering(Outcome.REFUSED, words, *people)), Post()

    with pytest.raises(SendError, match=rf"took none of 21 mails.*{words}.*nobody counts as refused"):
        send(desk, closed)
    assert len(closed.got) == 21  # seven batches of three
    assert standing(desk) == Tally(pending=50)
    assert send(desk, mended).tally == Tally(sent=50)
    assert sorted(mended.got) == people


@pytest.mark.slow
def test_a_server_that_knows_nobody_burns_no_list(desk: Desk) -> None:
    people = [f"s{number:02}" for number in range(50)]
    subscribe(desk, *people)
    broken, mended = Post(answering(Outcome.REFUSED, "550 5.1.1 user unknown", *people)), Post()

    for _ in range(3):
        with pytest.raises(SendError, match=r"refused 21 mails in a row.*5\.1\.1.*Nobody of these counts"):
            send(desk, broken)
    assert len(broken.got) == 3 * 21
    assert standing(desk) == Tally(pending=50)
    assert desk.store.subscribers.counts(KEY.newsletter) == {"active": 50}
    assert send(desk, mended).tally == Tally(sent=50)


@pytest.mark.slow
@pytest.mark.parametrize("words", ["550 5.1.1 user unknown", "554 5.7.1 blocked"])
def test_a_server_that_breaks_in_the_middle_burns_nobody_from_there_on(desk: Desk, words: str) -> None:
    people = [f"s{number:03}" for number in range(100)]
    subscribe(desk, *people)
    broken = Post(answering(Outcome.REFUSED, words, "s003", *people[40:]))

    for _ in range(2):
        with pytest.raises(SendError, match=r"refused 2[0-2] mails in a row"):
            send(desk, broken)
    assert standing(desk) == Tally(sent=39, refused=1, pending=60)
    assert desk.store.subscribers.counts(KEY.newsletter) == {"active": 100}
    done = send(desk, Post())
    assert (done.tally, done.suppressed) == (Tally(sent=99, refused=1), 1 if "5.1.1" in words else 0)


@pytest.mark.slow
def test_one_who_is_unknown_makes_no_server_believed_that_then_refuses_everybody(desk: Desk) -> None:
    people = [f"s{number:02}" for number in range(50)]
    subscribe(desk, *people)

    def answer(mail: Mail) -> Receipt:
        words = "550 5.1.1 user unknown" if mail.subscriber_id == "s00" else "554 5.7.1 blocked"
        return answering(Outcome.REFUSED, words)(mail)

    with pytest.raises(SendError, match="refused 21 mails in a row"):
        send(desk, Post(answer))
    assert standing(desk) == Tally(pending=50)


@pytest.mark.slow
def test_those_who_were_put_off_may_all_be_dead_in_the_end(desk: Desk) -> None:
    people = [f"s{number:02}" for number in range(40)]
    subscribe(desk, *people)
    send(desk, Post(answering(Outcome.DEFERRED, "451 4.4.1 no answer", *people[10:])))
    assert standing(desk) == Tally(sent=10, deferred=30)

    done = send(desk, Post(answering(Outcome.REFUSED, "550 5.1.2 no such domain", *people[10:])))
    assert done.tally == Tally(sent=10, refused=30)


def test_whose_refusal_is_in_doubt_has_not_left_and_is_nobodys(desk: Desk) -> None:
    """A process that is killed in the middle leaves no mail in doubt that was refused."""
    subscribe(desk, *"abcdefgh")
    free: list[tuple[int, int]] = []

    def answer(mail: Mail) -> Receipt:
        tally, in_hand = desk.store.ledger.standing(KEY)
        free.append((tally.pending - in_hand, tally.unsure))
        return answering(Outcome.REFUSED, "554 5.7.1 blocked", *"abcdefg")(mail)

    assert send(desk, Post(answer, batch=4)).tally == Tally(sent=1, refused=7)
    assert free == [(4, 0), (5, 0), (6, 0), (7, 0), (4, 0), (5, 0), (6, 0), (7, 0)]


def test_of_those_in_doubt_another_process_may_have_taken_some(desk: Desk) -> None:
    subscribe(desk, *"abcd")
    other = Post()

    def answer(mail: Mail) -> Receipt:
        if mail.subscriber_id == "c":
            send(desk, other)
        return answering(Outcome.REFUSED, "554 5.7.1 blocked", *"ab")(mail)

    assert send(desk, Post(answer, batch=4)).tally == Tally(sent=4)
    assert other.got == ["a", "b"]


def test_an_unsure_mail_whose_second_try_is_in_doubt_stays_unsure(desk: Desk) -> None:
    subscribe(desk, *"ab")
    send(desk, Post(answering(Outcome.UNSURE, "no answer")))
    before = desk.store.ledger.deliveries(KEY, State.UNSURE)

    def answer(mail: Mail) -> Receipt:
        if mail.subscriber_id == "b":
            first = desk.store.ledger.get(KEY, "a")
            assert first == before[0]
        return answering(Outcome.REFUSED, "554 5.7.1 blocked", "a")(mail)

    assert resend_unsure(NEWSLETTER, EDITION, desk, Post(answer), now=NOW).tally == Tally(sent=1, refused=1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("refused", "words", "tally"),
    [
        ("ab", "550 5.7.1 no", Tally(sent=2, refused=2)),
        ("abc", "550 5.7.1 no", Tally(sent=1, refused=3)),
        ("abcd", "550 5.1.1 no such mailbox", Tally(refused=4)),
        ("abcd", "the address is not ASCII", Tally(refused=4)),
    ],
)
def test_who_is_refused_before_another_is_taken_stays_refused(
    desk: Desk, refused: str, words: str, tally: Tally
) -> None:
    subscribe(desk, *"abcd")

    assert send(desk, Post(answering(Outcome.REFUSED, words, *refused))).tally == tally


@pytest.mark.slow
def test_a_server_that_took_mails_of_the_edition_is_believed(desk: Desk) -> None:
    subscribe(desk, *"ab")
    send(desk, Post())
    subscribe(desk, "c")

    assert send(desk, Post(answering(Outcome.REFUSED, "550 5.7.1 no", "c"))).tally == Tally(sent=2, refused=1)


@pytest.mark.slow
def test_deferred_is_tried_again_after_each_pause_until_there_are_no_more(desk: Desk) -> None:
    subscribe(desk, *"abcd")
    time = Time()
    post = Post(answering(Outcome.DEFERRED, "450 4.2.0 greylisted", "b", "d"))

    done = send(desk, post, tempo=time.tempo(retry_after=(60, 300)))

    assert post.got == list("abcd" + "bd" + "bd")
    assert time.waits == [60, 300]
    assert (done.outcomes, done.complete) == ({Outcome.SENT: 2, Outcome.DEFERRED: 2}, False)
    assert done.tally == Tally(sent=2, deferred=2)


@pytest.mark.slow
def test_the_pause_is_said(store: SqlStore, tmp_path: Path) -> None:
    said: list[str] = []
    desk = desk_of(store, tmp_path, lambda step: said.append(step.words))
    subscribe(desk, *"ab")

    send(desk, Post(answering(Outcome.DEFERRED, "450 later")), tempo=Time().tempo(retry_after=(30, 300)))

    assert list(filter(None, said)) == [
        "2 deferred, to be tried again in 30 s",
        "2 deferred, to be tried again in 5 min",
    ]


@pytest.mark.slow
def test_greylisting_costs_a_pause_and_nothing_else(desk: Desk) -> None:
    subscribe(desk, *"abcde")
    seen: set[str] = set()

    def answer(mail: Mail) -> Receipt:
        known = mail.to in seen
        seen.add(mail.to)
        return taken(mail) if known else answering(Outcome.DEFERRED, "451 greylisted")(mail)

    time = Time()
    done = send(desk, Post(answer), tempo=time.tempo(retry_after=(60, 300)))

    assert (done.outcomes, done.tally, done.complete) == ({Outcome.SENT: 5}, Tally(sent=5), True)
    assert time.waits == [60]


@pytest.mark.slow
def test_what_stays_deferred_is_sent_by_a_later_run(desk: Desk) -> None:
    subscribe(desk, *"abc")
    send(desk, Post(answering(Outcome.DEFERRED, "450 later", "b")))
    post = Post()

    done = send(desk, post)

    assert (post.got, done.complete) == (["b"], True)


def test_unsure_is_not_sent_again_until_somebody_says_so_and_then_with_its_message_id(desk: Desk) -> None:
    subscribe(desk, *"abc")
    first, second, third = Post(answering(Outcome.UNSURE, "no answer", "b")), Post(), Post()

    done = send(desk, first)
    send(desk, second)
    moved = replace(NEWSLETTER, from_="The Example <news@elsewhere.example>")
    again = resend_unsure(moved, EDITION, desk, third, now=NOW)

    assert (done.tally, done.complete) == (Tally(sent=2, unsure=1), False)
    assert (second.got, third.got) == ([], ["b"])
    assert third.tried[0].message_id == first.tried[1].message_id
    assert again.tally == Tally(sent=3)
    with pytest.raises(NothingToDo, match="no mail is unsure"):
        resend_unsure(NEWSLETTER, EDITION, desk, third, now=NOW)


@pytest.mark.slow
def test_only_the_unsure_are_sent_again_and_what_fails_stays_unsure(desk: Desk) -> None:
    subscribe(desk, *"abcd")
    send(desk, Post(answering(Outcome.UNSURE, "no answer", "a", "b")))
    subscribe(desk, "e")

    def fail(mail: Mail) -> Receipt:
        raise SendError("refused the login")

    before = desk.store.ledger.deliveries(KEY, State.UNSURE)
    mended = replace(EDITION, sha256="mended")
    with pytest.raises(SendError):
        resend_unsure(NEWSLETTER, mended, desk, Post(fail), now=NOW)
    # They may have what was sent first; nobody has what was not sent.
    assert desk.store.ledger.deliveries(KEY, State.UNSURE) == before
    assert desk.store.ledger.contents(KEY) == {EDITION.sha256}
    assert standing(desk) == Tally(sent=2, unsure=2)

    post = Post(answering(Outcome.UNSURE, "no answer", "a"))
    resend_unsure(NEWSLETTER, EDITION, desk, post, now=NOW)
    assert (post.got, standing(desk)) == (["a", "b"], Tally(sent=3, unsure=1))


# --- when nothing can be sent -------------------------------------------------------------------------


def failing_after(count: int, error: Exception) -> Answer:
    left = [count]

    def answer(mail: Mail) -> Receipt:
        left[0] -= 1
        if left[0] < 0:
            raise error
        return taken(mail)

    return answer


@pytest.mark.slow
@pytest.mark.parametrize("count", [0, 1, 3, 4, 7])
def test_a_sender_that_is_not_wanted_stops_the_run_and_loses_nothing(desk: Desk, count: int) -> None:
    subscribe(desk, *"abcdefgh")
    stopped, post = Post(failing_after(count, SendError("refused the login"))), Post()

    with pytest.raises(SendError, match="refused the login"):
        send(desk, stopped)
    between = standing(desk)
    send(desk, post)

    assert between == Tally(sent=count, pending=8 - count)
    assert stopped.got + post.got == list("abcdefgh")


@pytest.mark.slow
def test_a_mistake_in_the_sender_leaves_in_doubt_what_it_had_and_nothing_else(desk: Desk) -> None:
    subscribe(desk, *"abcdefgh")

    with pytest.raises(ZeroDivisionError):
        send(desk, Post(failing_after(4, ZeroDivisionError())))

    assert standing(desk) == Tally(sent=4, unsure=1, pending=3)


class Ahead(Post):
    """Hands over as many mails as it can before it asks for the first answer, as a provider's API does."""

    def send(self, mails: Iterable[Mail]) -> Iterator[Receipt]:
        self.tried += (some := list(mails))
        yield from map(self.answer, some)


@pytest.mark.slow
def test_a_ledger_that_fails_ends_the_stream_and_what_is_under_way_is_recorded(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(desk, *"abcdefgh")
    ledger = desk.store.ledger
    claim, claims = ledger.claim, [0]

    def failing(*args: Any, **given: Any) -> frozenset[str]:
        claims[0] += 1
        if claims[0] == 3:
            raise StoreError("digest.db: the disk is full; make room, then run this again")
        return claim(*args, **given)

    monkeypatch.setattr(ledger, "claim", failing)
    post = Ahead(batch=2)

    with pytest.raises(StoreError, match="the disk is full"):
        send(desk, post)

    assert post.got == list("abcd")
    assert standing(desk) == Tally(sent=4, pending=4)


@pytest.mark.parametrize("step", ["enrol", "claim"])
def test_nothing_is_sent_that_cannot_be_written_down(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise StoreError("digest.db: another program has locked it")

    subscribe(desk, "a")
    monkeypatch.setattr(desk.store.ledger, step, fail)
    post = Post()

    with pytest.raises(StoreError, match="locked"):
        send(desk, post)

    assert post.got == []


@pytest.mark.slow
def test_a_full_disk_sends_nothing(desk: Desk, store: SqlStore) -> None:
    subscribe(desk, *(f"{number:04}" for number in range(2000)))
    store.secret()

    def full(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")

    event.listen(store._database._engine, "begin", full, insert=True)
    post = Post()

    with pytest.raises(StoreError, match="the disk is full; make room"):
        send(desk, post)

    assert post.got == []


def test_a_run_that_cannot_show_that_it_lives_sends_nothing(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(desk, "a")
    monkeypatch.setattr(owners, "new_name", lambda: "taken")
    (tmp_path / "digest.db-run-taken").mkdir()
    post = Post()

    with pytest.raises(StoreError, match=r"cannot be made and locked .*write permission on the folder"):
        send(desk, post)

    assert post.got == []


@pytest.mark.slow
def test_a_receipt_that_cannot_be_written_down_leaves_the_mail_unsure(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = desk.store.ledger.claim

    def fail(*_: Any, **__: Any) -> None:
        raise StoreError("digest.db: the disk is full")

    def claim_only(*args: Any, receipts: Sequence[Receipt], **named: Any) -> frozenset[str]:
        return fail() or frozenset() if receipts else claim(*args, **named)

    subscribe(desk, *"abcdef")
    with monkeypatch.context() as patch:
        patch.setattr(desk.store.ledger, "record", fail)
        patch.setattr(desk.store.ledger, "claim", claim_only)
        with pytest.raises(StoreError, match="full"):
            send(desk, Post())
    first = standing(desk)
    post = Post()
    send(desk, post)

    assert first == Tally(unsure=3, pending=3)
    assert post.got == list("def")


@pytest.mark.slow
def test_a_claim_that_fails_costs_no_receipt_of_the_mails_before_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = desk.store.ledger.claim

    def once(*args: Any, receipts: Sequence[Receipt], **named: Any) -> frozenset[str]:
        if receipts:
            raise StoreError("digest.db: another program has locked it")
        return claim(*args, **named)

    subscribe(desk, *"abcdef")
    monkeypatch.setattr(desk.store.ledger, "claim", once)
    with pytest.raises(StoreError, match="locked"):
        send(desk, Post())

    assert standing(desk) == Tally(sent=3, pending=3)


def a_record_fails_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, calls = desk.store.ledger, [0]
    through = ledger.record

    def failing_once(*args: Any, **named: Any) -> None:
        calls[0] += 1
        if calls[0] == 1:
            raise StoreError("digest.db: another program has locked it")
        through(*args, **named)

    monkeypatch.setattr(ledger, "record", failing_once)


@pytest.mark.parametrize(
    ("post", "per_minute"),
    [
        pytest.param(Post(), 180, id="in a wait between mails"),
        pytest.param(Ahead(batch=2), 0, id="while receipts come"),
    ],
)
def test_a_record_that_fails_ends_the_stream_and_is_made_up_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, post: Post, per_minute: int
) -> None:
    subscribe(desk, *"abcdefgh")
    a_record_fails_once(desk, monkeypatch)
    with pytest.raises(StoreError, match="locked"):
        send(desk, post, tempo=Time().tempo(per_minute=per_minute))

    sent = len(post.tried)
    assert standing(desk) == Tally(sent=sent, pending=8 - sent)


def test_a_sender_and_a_database_that_fail_together_leave_no_mail_in_doubt(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(desk, *"abcdefgh")
    a_record_fails_once(desk, monkeypatch)
    with pytest.raises(StoreError, match="locked"):
        send(desk, Post(failing_after(4, SendError("refused the login"))))

    assert standing(desk) == Tally(sent=4, pending=4)


def test_a_suppression_that_cannot_be_written_down_leaves_no_mail_in_doubt(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise StoreError("digest.db: another program has locked it")

    subscribe(desk, *"abcdef")
    with monkeypatch.context() as locked:
        locked.setattr(desk.store.suppressions, "suppress", fail)
        with pytest.raises(StoreError, match="locked"):
            send(desk, Post(answering(Outcome.REFUSED, "550 5.1.1 no such user", "a")))

    assert standing(desk) == Tally(sent=5, refused=1)
    assert (send(desk, post := Post()).suppressed, post.got) == (1, [])


# --- how fast, and until when ---------------------------------------------------------------------------


@pytest.mark.slow
def test_no_more_mails_a_minute_than_was_said(desk: Desk) -> None:
    subscribe(desk, *"abcdef")
    time = Time()
    sent: list[datetime] = []

    def answer(mail: Mail) -> Receipt:
        sent.append(time.now)
        return taken(mail)

    send(desk, Post(answer), tempo=time.tempo(per_minute=30))

    assert time.waits == [2.0] * 5
    assert sent == [NOW + timedelta(seconds=2 * number) for number in range(6)]


@pytest.mark.slow
def test_a_mail_carries_the_time_at_which_it_leaves_not_that_of_the_run(desk: Desk) -> None:
    subscribe(desk, *"abcd")
    post = Post(batch=1)

    send(desk, post, tempo=Time().tempo(per_minute=1))

    assert [mail.date for mail in post.tried] == [
        NOW,
        NOW,
        NOW + timedelta(minutes=1),
        NOW + timedelta(minutes=2),
    ]


@pytest.mark.slow
def test_where_mails_are_slow_few_are_claimed_at_once(desk: Desk) -> None:
    subscribe(desk, *"abcdef")
    most: list[int] = []

    def answer(mail: Mail) -> Receipt:
        most.append(len(desk.store.ledger.deliveries(KEY, State.SENDING)))
        return taken(mail)

    send(desk, Post(answer, batch=100), tempo=Time().tempo(per_minute=120))

    assert max(most) == 2


def test_a_clock_that_is_set_back_holds_nobody_up(desk: Desk) -> None:
    time = Time()
    tempo = time.tempo(per_minute=60)
    tempo.until_next()
    time.now -= timedelta(hours=1)

    assert tempo.until_next() <= timedelta(seconds=1)


@pytest.mark.slow
@pytest.mark.parametrize("waits", range(14))
def test_a_run_that_is_asked_to_stop_finishes_what_it_is_at_and_gives_back_the_rest(
    desk: Desk, waits: int
) -> None:
    subscribe(desk, *"abcdefgh")
    stopped, post = Post(), Post()

    done = send(desk, stopped, tempo=Time(stop_after=waits).tempo())
    between = standing(desk)
    send(desk, post)

    assert between == Tally(sent=len(stopped.got), pending=8 - len(stopped.got))
    assert done.stopped is (waits < 11), "8 mails and 3 batches ask"
    assert stopped.got + post.got == list("abcdefgh")


@pytest.mark.slow
def test_a_stop_cuts_a_pause_short(desk: Desk) -> None:
    subscribe(desk, *"ab")
    post = Post(answering(Outcome.DEFERRED, "450 later"))

    done = send(desk, post, tempo=Time(stop_after=3).tempo(retry_after=(60, 60)))

    assert (post.got, done.stopped, done.tally) == (["a", "b"], True, Tally(deferred=2))


def test_a_signal_cuts_a_wait_short_and_a_second_ctrl_c_ends_the_program() -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)

    with asked_to_stop() as wait:
        assert wait(0) is False
        os.kill(os.getpid(), signal.SIGINT)
        assert wait(60) is True
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    with asked_to_stop() as wait:
        os.kill(os.getpid(), signal.SIGTERM)
        assert wait(60) is True

    assert before == (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT))


# --- who is taken off the list ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("detail", "unknown"),
    [
        ("550 5.1.1 no such mailbox", True),
        ("553 5.1.3 bad address", True),
        ("550 5.1.10 null MX", True),
        ("550-5.1.1 no such mailbox", True),
        ("550 5.1.7 your address is no good", False),
        ("550 5.1.8 your domain is no good", False),
        ("550 5.7.1 blocked", False),
        ("552 5.2.2 mailbox full", False),
        ("550 no such mailbox", False),
        ("550 spam like 5.1.1", False),
        ("the address is not ASCII", False),
    ],
)
def test_which_refusals_say_that_there_is_no_such_address(detail: str, unknown: bool) -> None:
    assert is_unknown(Receipt(subscriber_id="a", outcome=Outcome.REFUSED, detail=detail)) is unknown
    assert not is_unknown(Receipt(subscriber_id="a", outcome=Outcome.DEFERRED, detail=detail))


@pytest.mark.parametrize(
    ("unknown", "taken", "expected"),
    [(1, 0, False), (1, 1, True), (5, 5, True), (6, 59, False), (6, 60, True), (100, 999, False)],
)
def test_only_so_many_are_believed_to_be_unknown(unknown: int, taken: int, expected: bool) -> None:
    assert believed(unknown=unknown, taken=taken) is expected


@pytest.mark.parametrize("who", ["a", "c", "d"])
def test_an_unknown_address_is_suppressed(desk: Desk, who: str) -> None:
    subscribe(desk, *"abcd")

    done = send(desk, Post(answering(Outcome.REFUSED, "550 5.1.1 no such mailbox", who)))

    assert (done.suppressed, done.held) == (1, 0)
    assert desk.store.subscribers.counts(KEY.newsletter) == {"active": 3, "suppressed": 1}


@pytest.mark.slow
def test_a_server_that_refuses_every_second_reader_costs_none_of_them_the_newsletter(desk: Desk) -> None:
    people = [f"s{number:03}" for number in range(120)]
    subscribe(desk, *people)
    broken = Post(answering(Outcome.REFUSED, "550 5.1.1 user unknown", *people[1::2]))

    done = send(desk, broken)

    assert done.tally == Tally(sent=60, refused=60)
    assert (done.suppressed, done.held) == (0, 60)
    assert desk.store.subscribers.counts(KEY.newsletter) == {"active": 120}


@pytest.mark.slow
def test_a_list_with_a_share_of_dead_addresses_loses_them(desk: Desk) -> None:
    people = [f"s{number:03}" for number in range(120)]
    subscribe(desk, *people)

    done = send(desk, Post(answering(Outcome.REFUSED, "550 5.1.1 user unknown", *people[::12])))

    assert (done.suppressed, done.held) == (10, 0)


@pytest.mark.slow
def test_who_is_held_is_suppressed_when_somebody_believes_it(desk: Desk) -> None:
    subscribe(desk, *"abcdefgh")
    send(desk, Post(answering(Outcome.REFUSED, "550 5.1.1 no such mailbox", *"abcdef")))
    send(desk, Post(answering(Outcome.REFUSED, "554 5.7.1 blocked", "g")))

    those = list(unknown_of(KEY, desk.store, at=NOW))

    assert [one.email for one in those] == [f"{who}@example.com" for who in "abcdef"]
    assert {(one.reason, one.detail) for one in those} == {(Reason.HARD, "550 5.1.1 no such mailbox")}


@pytest.mark.slow
def test_a_server_that_knows_hardly_anybody_is_not_believed(desk: Desk) -> None:
    subscribe(desk, *"abcdefgh")

    done = send(desk, Post(answering(Outcome.REFUSED, "550 5.1.1 no such mailbox", *"abcdefg")))

    assert (done.suppressed, done.held) == (0, 7)
    assert desk.store.subscribers.counts(KEY.newsletter) == {"active": 8}


# --- the same edition -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_an_edition_that_was_changed_is_not_resumed_but_may_be_sent_to_the_rest(desk: Desk) -> None:
    subscribe(desk, *"abcd")
    with pytest.raises(SendError):
        send(desk, Post(failing_after(2, SendError("gone"))))
    changed, post = rendered("cd" * 32), Post()

    with pytest.raises(EditionError, match="changed since the run that was cut off; undo that, or send"):
        send(desk, post, edition=changed, resume=True)
    assert post.got == []
    assert send(desk, post, resume=True, only=subscribe(desk, "c")).differs is False
    assert send(desk, post, edition=changed).differs is True
    assert post.got == ["c", "d"]


# --- whether it is out ----------------------------------------------------------------------------------


def refusing_the_login(mail: Mail) -> Receipt:
    raise SendError("the login was refused")


@pytest.mark.slow
def test_a_copy_for_one_and_a_login_that_failed_are_no_edition_that_is_out(desk: Desk) -> None:
    a, *_ = subscribe(desk, *"abcd")
    send(desk, Post(), only=[a])

    for _ in range(2):
        with pytest.raises(SendError):
            send(desk, Post(refusing_the_login))
    send(desk, Post(), only=[a])
    assert not went_out(KEY, desk.store)

    assert send(desk, Post()).before == 1
    assert went_out(KEY, desk.store)


@pytest.mark.parametrize("outcome", [Outcome.SENT, Outcome.UNSURE])
def test_an_edition_is_out_with_the_first_mail_that_may_have_left(desk: Desk, outcome: Outcome) -> None:
    a, *_ = subscribe(desk, *"abcd")
    send(desk, Post(), only=[a])

    def answer(mail: Mail) -> Receipt:
        if mail.subscriber_id == "c":
            raise SendError("the login was refused")
        return answering(outcome, "")(mail)

    with pytest.raises(SendError):
        send(desk, Post(answer))
    assert went_out(KEY, desk.store)


def test_what_a_mistake_leaves_in_doubt_is_out(desk: Desk) -> None:
    a, *_ = subscribe(desk, *"ab")
    send(desk, Post(), only=[a])
    with pytest.raises(ZeroDivisionError):
        send(desk, Post(failing_after(0, ZeroDivisionError())))

    assert went_out(KEY, desk.store)


def test_where_all_have_a_copy_the_edition_is_out_once_it_is_sent_to_the_list(desk: Desk) -> None:
    send(desk, Post(), only=subscribe(desk, *"ab"))
    assert not went_out(KEY, desk.store)

    assert send(desk, Post()).outcomes == {}
    assert went_out(KEY, desk.store)


@pytest.mark.slow
def test_a_run_that_fails_takes_back_nothing_that_another_has_sent(desk: Desk) -> None:
    subscribe(desk, *"abcdefgh")

    def answer(mail: Mail) -> Receipt:
        send(desk, Post())  # another process, to whom this one's claims are not
        raise SendError("the login was refused")

    with pytest.raises(SendError):
        send(desk, Post(answer))
    assert standing(desk) == Tally(sent=5, pending=3)
    assert went_out(KEY, desk.store)


# --- whatever happens -------------------------------------------------------------------------------------


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), people=st.integers(1, 12), batch=st.integers(1, 5), runs=st.integers(1, 4))
def test_whatever_happens_the_list_adds_up_and_nobody_gets_two(
    desk: Desk, seed: int, people: int, batch: int, runs: int
) -> None:
    """Runs that end in any way, on a server that says anything; nothing but the ledger is carried over."""
    chance = random.Random(seed)
    letter = replace(NEWSLETTER, key=f"n{random.SystemRandom().randrange(10**12)}")
    edition = replace(EDITION, key=replace(KEY, newsletter=letter.key))
    ids = [f"{letter.key}-{number}" for number in range(people)]
    desk.store.subscribers.add(
        [Subscriber(id=one, newsletter=letter.key, email=f"{one}@example.com", added_at=NOW) for one in ids]
    )
    arrived: Counter[str] = Counter()

    def answer(mail: Mail) -> Receipt:
        match chance.choice(["take", "take", "take", "lose", "defer", "refuse", "know", "stop", "break"]):
            case "stop":
                raise SendError("421")
            case "break":
                arrived[mail.subscriber_id] += chance.random() < 0.5
                raise ZeroDivisionError
            case "defer":
                return answering(Outcome.DEFERRED, "450 later")(mail)
            case "refuse":
                return answering(Outcome.REFUSED, "550 5.7.1 no")(mail)
            case "know":
                return answering(Outcome.REFUSED, "550 5.1.1 user unknown")(mail)
            case "lose":
                arrived[mail.subscriber_id] += chance.random() < 0.5
                return answering(Outcome.UNSURE, "no answer")(mail)
        arrived[mail.subscriber_id] += 1
        return taken(mail)

    for _ in range(runs):
        time = Time(stop_after=chance.choice([None, 2, 5]))
        tempo = time.tempo(retry_after=(60,))
        with suppress(SendError, ZeroDivisionError):
            deliver(letter, edition, desk, Post(answer, batch=batch), now=NOW, tempo=tempo)
        rows = {row.subscriber_id: row.state for row in desk.store.ledger.deliveries(edition.key)}
        tally = desk.store.ledger.tally(edition.key)
        assert tally.total == len(rows) == people
        assert tally.sent == sum(state is State.SENT for state in rows.values())
        assert max(arrived.values(), default=0) <= 1
        for who, state in rows.items():
            assert arrived[who] == 1 or state is not State.SENT
            assert arrived[who] == 0 or state in (State.SENT, State.UNSURE, State.SENDING)
