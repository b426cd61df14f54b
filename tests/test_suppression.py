"""Who gets nothing: what it wins over, who may take it back, and what is shown of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from threading import Thread

import pytest
from kit.builders import NOW
from kit.linekit import Project
from test_store_opening import address, alter, made_by

from digest import app as application
from digest.audience import bounce_address
from digest.model import (
    EditionKey,
    EventKind,
    MailEvent,
    Outcome,
    Reason,
    Receipt,
    State,
    Subscriber,
    Suppressed,
)
from digest.ports import Facts, Store, Use, Whose
from digest.stores import open_store, suppressions

KEY = EditionKey(newsletter="the-example", day=date(2026, 11, 23))
DAY = timedelta(days=1)
LETTER = KEY.newsletter


def reader(name: str = "ada", **given: str) -> Subscriber:
    return Subscriber(
        id=f"id-{name}", newsletter=LETTER, email=f"{name}@example.com", added_at=NOW - DAY, **given
    )


def suppressed(name: str = "ada", reason: Reason = Reason.HARD, newsletter: str = LETTER) -> Suppressed:
    return Suppressed(
        newsletter=newsletter, email=f"{name}@example.com", reason=reason, source="smtp", detail="550", at=NOW
    )


def state_of(store: Store, name: str = "ada") -> str:
    found = store.subscribers.find(LETTER, f"{name}@example.com")
    return found.state if found else ""


# --- in the store -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_who_is_suppressed_is_on_no_list(store: Store) -> None:
    store.subscribers.add([reader(), reader("bo")])

    assert store.suppressions.suppress([suppressed()]) == 1

    assert [one.email for one in store.subscribers.active(LETTER)] == ["bo@example.com"]
    assert store.suppressions.find(LETTER, "ADA@example.com") == suppressed()
    assert store.suppressions.find("another", "ada@example.com") is None


@pytest.mark.slow
@pytest.mark.parametrize("state", ["active", "unconfirmed"])
def test_suppression_wins_over_an_import_whichever_comes_first(store: Store, state: str) -> None:
    store.suppressions.suppress([suppressed()])

    store.subscribers.add([reader(state=state), reader("bo")])
    store.subscribers.add([reader()])

    assert (state_of(store), state_of(store, "bo")) == ("suppressed", "active")


def test_a_newsletters_suppression_is_its_own(store: Store) -> None:
    store.suppressions.suppress([suppressed(newsletter="another")])

    store.subscribers.add([reader()])

    assert state_of(store) == "active"


@pytest.mark.slow
def test_an_imported_list_suppresses_who_is_there(store: Store) -> None:
    store.subscribers.add([reader()])

    store.subscribers.add([reader(state="suppressed"), reader("bo", state="suppressed")])

    assert (state_of(store), state_of(store, "bo")) == ("suppressed", "suppressed")
    assert {one.reason for one in store.suppressions.all(LETTER)} == {Reason.IMPORTED}


@pytest.mark.parametrize("reason", list(Reason))
def test_the_weightiest_reason_stands(store: Store, reason: Reason) -> None:
    store.suppressions.suppress([suppressed(reason=Reason.SOFT)])

    new = store.suppressions.suppress([suppressed(reason=reason)])

    weightier = reason in {Reason.COMPLAINT, Reason.HARD}
    found = store.suppressions.find(LETTER, "ada@example.com")
    assert found is not None
    assert (new, found.reason) == (int(weightier), reason if weightier else Reason.SOFT)


@pytest.mark.slow
def test_taken_back_somebody_has_to_sign_up_again(store: Store) -> None:
    store.subscribers.add([reader()])
    store.suppressions.suppress([suppressed()])

    assert store.suppressions.lift(LETTER, "ada@example.com", at=NOW)
    assert not store.suppressions.lift(LETTER, "ada@example.com", at=NOW)
    assert state_of(store) == "unconfirmed"

    store.subscribers.add([reader()])
    assert state_of(store) == "active"


@pytest.mark.slow
def test_a_complaint_is_for_ever_unless_an_operator_insists(store: Store) -> None:
    store.subscribers.add([reader()])
    store.suppressions.suppress([suppressed(reason=Reason.COMPLAINT)])

    assert not store.suppressions.lift(LETTER, "ada@example.com", at=NOW)
    assert not store.subscribers.confirm("id-ada", asked_at=NOW, at=NOW, consent="page")
    assert state_of(store) == "suppressed"
    assert store.suppressions.lift(LETTER, "ada@example.com", even_complaint=True, at=NOW)


@pytest.mark.parametrize("many", [0, 2, 3, 4, 9])
def test_all_are_listed_by_address_page_by_page(
    store: Store, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(suppressions, "PAGE", 3)
    store.suppressions.suppress(suppressed(f"r{n}") for n in reversed(range(many)))

    listed = list(store.suppressions.all(LETTER))

    assert [one.email for one in listed] == [f"r{n}@example.com" for n in range(many)]


# --- events -------------------------------------------------------------------------------------------


def sent(store: Store) -> Whose:
    store.subscribers.add([reader(), reader("bo"), reader("cleo")])
    store.ledger.enrol(KEY, at=NOW)
    store.ledger.claim(KEY, [("id-ada", "<a@x>"), ("id-bo", "<b@x>")], sha256="", at=NOW)
    receipts = [Receipt(subscriber_id=who, outcome=Outcome.SENT) for who in ("id-ada", "id-bo")]
    store.ledger.record(KEY, receipts, at=NOW)
    return Whose(LETTER, reader(), KEY.day)


def event(kind: EventKind = EventKind.SOFT, id_: str = "1", source: str = "mail") -> MailEvent:
    return MailEvent(kind=kind, source=source, id=id_)


@pytest.mark.slow
def test_an_event_is_taken_once_and_a_decision_has_its_facts(store: Store) -> None:
    whose = sent(store)
    seen: list[Facts] = []

    def decide(facts: Facts) -> Reason | None:
        seen.append(facts)
        return Reason.HARD

    first = store.events.take(event(EventKind.HARD), whose, at=NOW, since=NOW - DAY, decide=decide)
    again = store.events.take(event(EventKind.HARD), whose, at=NOW, since=NOW - DAY, decide=decide)

    assert (first.new, first.reason, again.new, again.reason) == (True, Reason.HARD, False, None)
    assert seen == [Facts(bounced=1, unknown=1, taken=1)]
    assert state_of(store) == "suppressed"
    assert store.events.counts() == {("mail", "hard"): 1}


@pytest.mark.slow
def test_a_note_changes_no_state_and_a_mail_that_never_left_has_none(store: Store) -> None:
    whose = sent(store)
    before = store.ledger.tally(KEY)
    waiting = whose._replace(subscriber=reader("cleo"))

    for number, who in enumerate([whose, waiting]):
        taken = event(id_=str(number))
        store.events.take(taken, who, at=NOW, since=NOW - DAY, decide=lambda _: None)

    rows = {row.subscriber_id: (row.state, row.returned) for row in store.ledger.deliveries(KEY)}
    assert rows == {
        "id-ada": (State.SENT, "soft"),
        "id-bo": (State.SENT, ""),
        "id-cleo": (State.PENDING, ""),
    }
    assert store.ledger.tally(KEY) == before


@pytest.mark.slow
def test_what_failed_in_between_is_not_taken(store: Store) -> None:
    whose = sent(store)

    def fail(_: Facts) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.events.take(event(), whose, at=NOW, since=NOW - DAY, decide=fail)

    assert store.ledger.returned(KEY) == {}
    assert store.events.take(event(), whose, at=NOW, since=NOW - DAY, decide=lambda _: None).new


def test_a_token_is_used_once(store: Store) -> None:
    later = NOW + timedelta(minutes=4)
    assert store.events.use("mailgun", "t", "one", at=NOW) is Use.NEW
    assert store.events.use("mailgun", "t", "another", at=later) is Use.SPENT
    assert store.events.use("mailgun", "t", "one", at=later) is Use.SAME, "it was not taken, perhaps"
    assert store.events.use("another", "t", "another", at=NOW) is Use.NEW


def test_types_are_counted(store: Store) -> None:
    store.events.count("ses", {"open": 2, "click": 1})
    store.events.count("ses", {"open": 3})
    store.events.count("ses", {})

    assert store.events.counts() == {("ses", "open"): 5, ("ses", "click"): 1}


@pytest.mark.slow
def test_the_same_event_from_many_at_once_is_taken_once(store: Store) -> None:
    whose = sent(store)
    new: list[bool] = []

    def take() -> None:
        taken = store.events.take(event(), whose, at=NOW, since=NOW - DAY, decide=lambda _: None)
        new.append(taken.new)

    at_once(take, take, take, take)

    assert sorted(new) == [False, False, False, True]


@pytest.mark.slow
def test_of_two_soft_bounces_at_once_the_second_counts_the_first(store: Store) -> None:
    whose = sent(store)
    seen: list[int] = []

    def take(id_: str, days: int) -> None:
        theirs = whose._replace(day=KEY.day - days * DAY)
        soft = event(id_=id_)
        store.events.take(
            soft, theirs, at=NOW, since=NOW - DAY, decide=lambda facts: seen.append(facts.bounced)
        )

    at_once(*(lambda number=number: take(str(number), number) for number in range(4)))

    assert sorted(seen) == [1, 2, 3, 4]


def at_once(*calls: Callable[[], None]) -> None:
    threads = [Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_nobody_moves_to_an_address_that_is_suppressed(store: Store) -> None:
    store.subscribers.add([reader()])
    store.suppressions.suppress([suppressed("bo", Reason.MANUAL)])
    store.subscribers.plan_move("id-ada", "bo@example.com")

    assert not store.subscribers.move("id-ada", asked_at=NOW, at=NOW, consent="page")
    assert state_of(store) == "active"


@pytest.mark.slow
def test_a_readers_history_is_the_newest_mails_first(store: Store) -> None:
    sent(store)
    later = EditionKey(newsletter=LETTER, day=KEY.day + DAY)
    store.ledger.claim(later, [("id-ada", "<c@x>")], sha256="", at=NOW)

    assert [row.key.day for row in store.ledger.history(LETTER, "id-ada", limit=5)] == [later.day, KEY.day]
    assert [row.key.day for row in store.ledger.history(LETTER, "id-bo", limit=1)] == []
    assert store.ledger.history("another", "id-ada", limit=5) == []


@pytest.mark.slow
def test_who_was_suppressed_by_an_older_program_is_noted(tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    made_by(file, "0004")
    alter(
        file,
        """INSERT INTO subscriber
        (id, newsletter, email, address_key, name, state, added_at, plain, tags, consent, moving_to) VALUES
        ('1', 'the-example', 'Ada@example.com', 'ada@example.com', '', 'suppressed', 0, 0, '[]', '', ''),
        ('2', 'the-example', 'bo@example.com', 'bo@example.com', '', 'active', 0, 0, '[]', '', '')""",
    )

    opened = open_store(address(file), project=file.parent)
    listed = list(opened.suppressions.all(LETTER))
    opened.close()

    assert [(one.email, one.reason) for one in listed] == [("Ada@example.com", Reason.IMPORTED)]


# --- the commands -------------------------------------------------------------------------------------


def test_who_was_refused_as_unknown_is_suppressed_on_request(built: Project):
    key = EditionKey(newsletter="morning-tide", day=NOW.date())
    with application.build(built.folder) as app:
        ledger = app.store.ledger
        ledger.enrol(key, at=NOW)
        ids = [one.id for one in ledger.due(key, State.PENDING, limit=9)]
        ledger.claim(key, [(one, f"<{one}@x>") for one in ids], sha256="", at=NOW)
        words = ("550 5.1.1 unknown", "554 5.7.1 blocked", "550 5.1.1 unknown")
        told = [
            Receipt(subscriber_id=one, outcome=Outcome.REFUSED, detail=why)
            for one, why in zip(ids, words, strict=True)
        ]
        ledger.record(key, told, at=NOW)

    assert built.run("subscribers", "suppress").exit_code == 2
    done = built.ok("subscribers", "suppress", "--unknown", str(key.day))
    assert "2 suppressed, 0 were before" in done.stdout
    again = built.run("subscribers", "suppress", "--unknown", str(key.day))
    assert (again.exit_code, "nobody who is on the list was unknown" in again.output) == (3, True)
    other = built.run("subscribers", "suppress", "--unknown", "2026-11-01")
    assert (other.exit_code, "no mail of it was sent" in other.output) == (3, True)


@pytest.fixture
def sent_project(built: Project) -> Project:
    built.ok("send")
    return built


def bounce_of(project: Project, name: str, case: str = "unknown-user") -> bytes:
    """A bounce of that reader's mail of today's edition."""
    opened = open_store("sqlite:///var/digest.db", project=project.folder)
    found = opened.subscribers.find("morning-tide", name)
    assert found is not None
    key = EditionKey(newsletter="morning-tide", day=NOW.date())
    verp = bounce_address(opened.secret(), key, found.id, "bounces@mail.example.org")
    opened.close()
    raw = (Path(__file__).parent / "data" / "bounces" / f"{case}.eml").read_text()
    standing = "bounces+5f3a9c0d1e2b4a6c8d7e9f01-20261123-abcdefghijklmnop@mail.example.org"
    return raw.replace(standing, verp).encode()


def test_a_bounce_in_a_file_suppresses_and_is_listed_masked(sent_project: Project, tmp_path: Path) -> None:
    (tmp_path / "bounce.eml").write_bytes(bounce_of(sent_project, "ada@example.com"))

    done = sent_project.ok("bounces", str(tmp_path / "bounce.eml"))
    again = sent_project.ok("bounces", str(tmp_path / "bounce.eml"))
    listed = sent_project.ok("subscribers", "suppressed")
    table = sent_project.ok("subscribers", "suppressed", "--csv")

    assert done.output == "1 read: 1 hard suppressed\n"
    assert again.output == "1 read: 1 hard known before\n"
    assert "a…@example.com  hard  2026-11-23T10:00+00:00  mail  5.1.1 550" in listed.stdout
    assert "ada@" not in listed.output + done.output
    assert "1 suppressed (1 hard)" in listed.stdout
    [row] = csv.DictReader(io.StringIO(table.stdout))
    assert (row["email"], row["reason"]) == ("ada@example.com", "hard")
    assert "of these came back: 1 hard" in sent_project.ok("status").stdout
    assert "mail: 1 hard\n" in sent_project.ok("bounces", "--counts").stdout


def test_suppress_and_unsuppress(built: Project) -> None:
    assert "1 suppressed, 0 were before" in built.ok("subscribers", "suppress", "New@example.com").stdout
    built.ok("subscribers", "add", "new@example.com")
    assert "suppressed" in built.ok("subscribers", "export").stdout.split("new@example.com", 1)[1]

    assert "1 no longer suppressed" in built.ok("subscribers", "unsuppress", "new@example.com").stdout
    assert built.run("subscribers", "unsuppress", "new@example.com").exit_code == 1


def test_imap_without_its_settings_is_named(built: Project) -> None:
    answer = built.run("bounces", "--imap")

    assert answer.exit_code == 2
    assert "bounces.imap is required" in answer.output
