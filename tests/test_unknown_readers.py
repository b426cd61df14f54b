"""Readers whom servers call unknown: who is suppressed, who is held, and for how long."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from kit.builders import NOW
from kit.linekit import Project
from kit.smtpserver import serving
from test_delivery import EDITION, KEY, NEWSLETTER, Post, answering, subscribe

from digest.errors import SendError
from digest.model import EditionKey, EventKind, Mail, MailEvent, Outcome, Reason, Receipt, Subscriber
from digest.pipeline import Delivered, Desk, deliver
from digest.pipeline.delivery.suppressing import held, unknown_of
from digest.ports import Store, Whose
from digest.settings import BouncesSettings
from digest.stores.files import DiskEditionFiles

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)
DEAD = "550 5.1.1 no such mailbox"
PEOPLE = [f"s{number:02}" for number in range(40)]


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    fetcher: Any = None
    bounces = BouncesSettings(soft=3)
    return Desk(
        store=store, files=DiskEditionFiles(tmp_path), fetcher=fetcher, summarizers=(), bounces=bounces
    )


def send(desk: Desk, *dead: str, days: int = 0, post: Post | None = None, **given: Any) -> Delivered:
    """The edition of so many days later, to a server that does not know the *dead*."""
    post = post or (Post(answering(Outcome.REFUSED, DEAD, *dead)) if dead else Post())
    key = EditionKey(newsletter=KEY.newsletter, day=KEY.day + days * DAY)
    edition = replace(EDITION, key=key, sha256=f"{days:064}")
    return deliver(NEWSLETTER, edition, desk, post, now=NOW + days * DAY, **given)


def states(desk: Desk) -> dict[str, int]:
    return dict(desk.store.subscribers.counts(KEY.newsletter))


def unknown(desk: Desk, *, days: int = 0) -> list[str]:
    return [one.email.partition("@")[0] for one in unknown_of(KEY, desk.store, at=NOW + days * DAY)]


def test_a_list_that_is_looked_after_loses_its_few_dead_addresses(desk: Desk) -> None:
    subscribe(desk, *PEOPLE)

    done = send(desk, *PEOPLE[::15])

    assert (done.suppressed, done.held) == (3, 0)
    [one, *_] = desk.store.suppressions.all(KEY.newsletter)
    assert (one.reason, one.source, one.detail) == (Reason.HARD, "smtp", DEAD)
    assert not held(KEY, desk.store)


def test_of_too_many_nobody_is_suppressed_whoever_came_first(desk: Desk) -> None:
    subscribe(desk, *PEOPLE)

    done = send(desk, *PEOPLE[1::2])

    assert (done.suppressed, done.held, states(desk)) == (0, 20, {"active": 40})
    assert held(KEY, desk.store) == 20


def test_a_run_that_was_cut_off_has_its_unknown_readers_counted_by_the_next(desk: Desk) -> None:
    subscribe(desk, *PEOPLE)
    left = iter(range(20))

    def answer(mail: Mail) -> Receipt:
        if next(left, None) is None:
            raise SendError("the line is cut")
        return answering(Outcome.REFUSED, DEAD, *PEOPLE[:3], *PEOPLE[36:])(mail)

    with pytest.raises(SendError, match="cut"):
        send(desk, post=Post(answer))
    assert states(desk) == {"active": 40}

    done = send(desk, *PEOPLE[36:])

    assert (done.suppressed, done.held) == (0, 7)


def test_who_was_refused_by_a_run_that_was_cut_off_is_suppressed_by_the_next(desk: Desk) -> None:
    subscribe(desk, *PEOPLE)
    left = iter(range(20))

    def answer(mail: Mail) -> Receipt:
        if next(left, None) is None:
            raise SendError("the line is cut")
        return answering(Outcome.REFUSED, DEAD, *PEOPLE[3:6])(mail)

    with pytest.raises(SendError, match="cut"):
        send(desk, post=Post(answer))

    assert (send(desk).suppressed, states(desk)) == (3, {"active": 37, "suppressed": 3})


def test_two_runs_of_one_edition_count_together(desk: Desk) -> None:
    subscribe(desk, *PEOPLE)
    readers = list(desk.store.subscribers.all(KEY.newsletter))

    first = send(desk, *PEOPLE[:4], only=readers[:20])
    second = send(desk, *PEOPLE[20:24])

    assert (first.suppressed, first.held) == (4, 0)
    assert (second.suppressed, second.held) == (0, 4)


def test_whom_edition_after_edition_calls_unknown_is_mailed_no_more(desk: Desk) -> None:
    """Else an old list would be mailed for ever, at the cost of the sender's reputation."""
    subscribe(desk, *PEOPLE)
    dead = PEOPLE[::3]

    runs = [send(desk, *dead, days=days) for days in (0, 3, 4)]

    assert [(run.suppressed, run.held) for run in runs] == [(0, 14), (0, 14), (14, 0)]
    assert {one.reason for one in desk.store.suppressions.all(KEY.newsletter)} == {Reason.SOFT}
    assert send(desk, *dead, days=5).outcomes == {Outcome.SENT: 26}


def test_whom_an_edition_in_between_reached_is_mailed_on(desk: Desk) -> None:
    subscribe(desk, *PEOPLE)

    for days, dead in enumerate([PEOPLE[::3], PEOPLE[1::3], PEOPLE[::3], PEOPLE[::3]]):
        done = send(desk, *dead, days=days)

    assert (done.suppressed, states(desk)) == (0, {"active": 40})


def test_what_was_too_long_ago_does_not_count(desk: Desk) -> None:
    subscribe(desk, *PEOPLE)

    runs = [send(desk, *PEOPLE[::3], days=days) for days in (0, 10, 20)]

    assert [run.suppressed for run in runs] == [0, 0, 0]


def test_whoever_is_brought_back_stays_when_the_rest_is_sent(desk: Desk) -> None:
    [ada, *_] = subscribe(desk, *PEOPLE)
    send(desk, "s00")
    desk.store.suppressions.lift(KEY.newsletter, ada.email, at=NOW + timedelta(hours=1))
    desk.store.subscribers.add([ada])
    assert states(desk) == {"active": 40}

    done = send(desk)

    assert (done.suppressed, states(desk)) == (0, {"active": 40})


def test_what_came_back_one_by_one_is_judged_together_before_the_next_edition(desk: Desk) -> None:
    """The first reports come while few mails are taken, and are too many for them."""
    readers = subscribe(desk, *(f"s{number:03}" for number in range(100)))
    send(desk)
    for reader in readers[:8]:
        came_back(desk, reader, KEY.day, NOW)
    assert (states(desk), held(KEY, desk.store)) == ({"active": 100}, 0)

    done = send(desk, days=1)

    assert (done.outcomes, states(desk)) == ({Outcome.SENT: 92}, {"active": 92, "suppressed": 8})


def test_of_too_many_that_came_back_nobody_is_suppressed_before_the_next_edition(desk: Desk) -> None:
    readers = subscribe(desk, *PEOPLE)
    send(desk)
    for reader in readers[:8]:
        came_back(desk, reader, KEY.day, NOW)

    assert held(KEY, desk.store) == 8
    assert send(desk, days=1).outcomes == {Outcome.SENT: 40}


def test_a_run_that_failed_in_the_end_is_judged_before_the_next_edition(desk: Desk) -> None:
    subscribe(desk, *PEOPLE)
    left = iter(range(20))

    def answer(mail: Mail) -> Receipt:
        if next(left, None) is None:
            raise SendError("the line is cut")
        return answering(Outcome.REFUSED, DEAD, *PEOPLE[3:6])(mail)

    with pytest.raises(SendError, match="cut"):
        send(desk, post=Post(answer))

    assert send(desk, days=3).outcomes == {Outcome.SENT: 37}


# --- somebody believes it -------------------------------------------------------------------------------


def test_a_later_edition_shows_that_a_reader_is_known(desk: Desk) -> None:
    subscribe(desk, *PEOPLE)
    send(desk, *PEOPLE[:10])

    assert unknown(desk) == PEOPLE[:10]
    send(desk, *PEOPLE[:4], *PEOPLE[20:24], days=1)

    assert unknown(desk, days=1) == PEOPLE[:4]
    assert unknown(desk, days=4) == PEOPLE[:4]


def test_whoever_moved_to_another_address_is_not_unknown_there(desk: Desk) -> None:
    subscribe(desk, *PEOPLE)
    send(desk, *PEOPLE[:10])

    desk.store.subscribers.plan_move("s00", "new@example.com")
    later = NOW + timedelta(hours=1)
    assert desk.store.subscribers.move("s00", asked_at=NOW, at=later, consent="page")

    assert unknown(desk) == PEOPLE[1:10]


def test_who_was_reported_as_unknown_later_is_among_them(desk: Desk) -> None:
    readers = subscribe(desk, *PEOPLE)
    send(desk)
    for reader in readers[:7]:
        came_back(desk, reader, KEY.day, NOW)

    assert unknown(desk) == PEOPLE[:7]


def came_back(desk: Desk, reader: Subscriber, day: date, at: datetime) -> None:
    event = MailEvent(kind=EventKind.HARD, source="mail", id=reader.id)
    whose = Whose(KEY.newsletter, reader, day)
    desk.store.events.take(event, whose, at=at, since=at - DAY, decide=lambda _: None)


# --- through a real SMTP server ---------------------------------------------------------------------------


def test_an_owner_is_told_looks_and_decides(built: Project) -> None:
    names = [f"r{number:02}" for number in range(12)]
    dead = names[::2]
    (built.folder / "more.txt").write_text("".join(f"{name}@example.com\n" for name in names))
    built.ok("subscribers", "import", str(built.folder / "more.txt"))
    with serving() as box:
        sender = f'kind = "smtp"\nhost = "127.0.0.1"\nport = {box.port}\nsecurity = "none"'
        built.configure(lambda text: text.replace('kind = "outbox"', sender))
        box.replies |= {f"{name}@example.com": DEAD for name in dead}
        done = built.run("send", "--tell")

    assert done.exit_code == 1
    assert "6 addresses were called unknown, too many to believe it" in done.stderr
    assert "--unknown 2026-11-23" in done.stderr
    assert f"{dead[0]}@" not in done.output
    status = built.run("status")
    assert (status.exit_code, "LOOK held: 6 addresses were called unknown" in status.stdout) == (1, True)

    assert "6 suppressed" in built.ok("subscribers", "suppress", "--unknown", "2026-11-23").stdout

    assert "held" not in built.run("status").stdout
    assert "6 suppressed (6 hard)" in built.ok("subscribers", "suppressed").stdout
