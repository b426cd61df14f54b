"""What happens when processes meet: each moment that a hunt with real ones has found, held still."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from kit.builders import NOW
from kit.forking import forked
from kit.linekit import Project
from test_shift import KEY, READERS, Watcher, at, required
from test_telling import kinds_of

from digest import app as application
from digest import pipeline
from digest.errors import EditionError, NothingToDo
from digest.model import Approval, Outcome, Receipt, Run, Stage, State, Subscriber, Tally
from digest.ports import Ledger, Step, Store
from digest.scheduler import Shift
from digest.stores import open_store
from digest.stores import owners as owner_files
from digest.stores.database import open_database
from digest.stores.editions import SqlEditions
from digest.stores.files import DiskEditionFiles
from digest.stores.ledger import SqlLedger
from digest.stores.owners import FileOwners, new_name, owners_of
from digest.tellers.mail import MailTeller

pytestmark = pytest.mark.slow


class Killed(BaseException):
    """The end of the process, as far as the program can tell."""


@pytest.fixture
def watcher(project: Project) -> Watcher:
    project.ok("subscribers", "import", str(project.folder / "readers.txt"))
    watching = Watcher(project)
    assert watching.said("04:00") == []
    return watching


@contextmanager
def another_sends(store: Store, *, of: State = State.PENDING, most: int = 3) -> Iterator[list[str]]:
    """Another process that has so many mails in hand: their readers."""
    ledger = store.ledger
    with ledger.owned() as owner:
        ledger.enrol(KEY, at=NOW)
        store.editions.begin(KEY, at=NOW)
        due = [one.id for one in ledger.due(KEY, of, limit=most)]
        claims = [(id_, f"<{id_}@example.org>") for id_ in due]
        ledger.claim(KEY, claims, sha256="", at=NOW, owner=owner, of=[of])
        yield due


def sends(ledger: Ledger, ids: list[str]) -> None:
    ledger.record(KEY, [Receipt(subscriber_id=id_, outcome=Outcome.SENT) for id_ in ids], at=NOW)


# --- an edition's mails, and two who send them --------------------------------------------------------


def test_what_another_sends_once_more_is_told_by_that_one(built: Project) -> None:
    with application.build(built.folder) as app:
        ledger = app.store.ledger
        with another_sends(app.store):
            pass  # and dies
        assert ledger.mark_unsure(KEY, at=NOW) == 3
        with another_sends(app.store, of=State.UNSURE):
            ended = built.run("send", "--resend-unsure", "--tell")

    assert (ended.exit_code, kinds_of(built)) == (75, [])
    assert "another process is sending it right now" in ended.output


def test_who_is_in_the_hands_of_another_has_not_got_it_already(built: Project) -> None:
    with application.build(built.folder) as app, another_sends(app.store):
        ended = built.run("send", "--to", "ada@example.com")

    assert ended.exit_code == 75
    assert "1 mail in the hands of another process" in ended.output
    assert "had it already" not in ended.output


def test_what_another_gave_back_is_in_nobodys_hands(built: Project) -> None:
    """It is said so, and not that another process is at it."""
    with application.build(built.folder) as app:
        ledger = app.store.ledger
        with another_sends(app.store, most=2) as theirs:
            assert ledger.standing(KEY) == (Tally(pending=3), 2)
            ledger.release(KEY, theirs[:1])
            assert ledger.standing(KEY) == (Tally(pending=3), 1)
        assert ledger.standing(KEY) == (Tally(pending=2, unsure=1), 0)


def test_an_edition_that_everybody_has_is_not_told_as_not_sent(built: Project) -> None:
    built.ok("send")
    built.edition.write_text("items: what is this\n")

    assert built.run("send", "--tell").exit_code == 1
    assert kinds_of(built) == []


def test_a_copy_for_one_of_the_readers_is_not_the_edition(built: Project) -> None:
    built.ok("send", "--to", "ada@example.com")
    built.edition.write_text("items: what is this\n")

    assert built.run("send", "--tell").exit_code == 1
    assert kinds_of(built) == ["not-sent"]


def test_what_most_readers_have_did_not_reach_everybody(built: Project) -> None:
    with application.build(built.folder) as app, another_sends(app.store, most=2) as theirs:
        sends(app.store.ledger, theirs)
    built.edition.write_text("items: what is this\n")
    built.run("send", "--tell")

    [path] = (built.folder / "outbox").rglob("notice-not-sent*-desk@*.eml")
    assert b"Monday 23 November did not reach everybody" in path.read_bytes()


def test_what_another_is_sending_is_not_told_as_held_up_by_a_later_edit(built: Project) -> None:
    built.edition.write_text("items: what is this\n")
    with application.build(built.folder) as app, another_sends(app.store) as theirs:
        sends(app.store.ledger, theirs[:1])
        assert built.run("send", "--tell").exit_code == 1

    assert kinds_of(built) == []


def test_who_dies_while_it_tells_has_written_down_what_it_sent(
    built: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: Any) -> None:
        raise Killed

    monkeypatch.setattr(MailTeller, "tell", dies)
    with pytest.raises(Killed):
        built.run("send", "--tell")

    with application.build(built.folder) as app:
        assert [(run.stage, run.code) for run in app.store.journal.latest(KEY.newsletter, limit=1)] == [
            ("send", 0)
        ]


def test_a_draft_that_is_being_made_is_not_called_one_that_nobody_made(project: Project) -> None:
    project.ok("subscribers", "import", str(project.folder / "readers.txt"))
    with (
        application.build(project.folder) as app,
        pipeline.on_duty(app.store.roster, KEY, Stage.BUILD, at=NOW),
    ):
        ended = project.run("send")

    assert ended.exit_code == 75
    assert "its draft is being made right now" in ended.output


# --- a scheduler beside commands and other schedulers -------------------------------------------------


def test_what_a_command_still_sends_is_not_told_as_missed(watcher: Watcher) -> None:
    watcher.tick("05:00")
    with application.build(watcher.project.folder) as app:
        ledger = app.store.ledger
        with another_sends(app.store) as theirs:
            sends(ledger, theirs[:1])
            assert watcher.said("09:30") == []
            sends(ledger, theirs[1:])
    assert watcher.said("09:31") == [("let go", 0)]

    assert [one for one in watcher.notices if "ready" not in one] == []


def test_what_a_command_is_sending_is_not_held_up_by_a_later_edit(watcher: Watcher) -> None:
    watcher.tick("05:00")
    watcher.project.edition.write_text("items: what is this\n")
    with application.build(watcher.project.folder) as app, another_sends(app.store) as theirs:
        assert watcher.said("06:30") == [("send", 75)]
        sends(app.store.ledger, theirs)
    assert watcher.said("06:45") == [("send", 0)]

    assert watcher.notices[1:] == ["The edition of Monday 23 November is out: 3 mails"]


def test_what_a_command_sent_is_out_whatever_became_of_its_file(watcher: Watcher) -> None:
    watcher.tick("05:00")
    watcher.project.ok("send", now=at("06:29").isoformat())
    watcher.project.edition.write_text("items: what is this\n")

    assert watcher.said("06:30") == [("send", 0)]
    assert watcher.notices[1:] == ["The edition of Monday 23 November is out: 3 mails"]


def test_cron_and_the_scheduler_tell_once_that_nobody_approved_it(watcher: Watcher) -> None:
    watcher.project.configure(required)
    watcher.tick("05:00")
    watcher.tick("06:30")
    assert watcher.project.run("send", "--tell", now=at("06:30").isoformat()).exit_code == 1

    assert [one for one in watcher.notices if "not sent" in one] == [
        "The edition of Monday 23 November was not sent"
    ]


@contextmanager
def another_was_quicker(watcher: Watcher, hour: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Run]]:
    """Between a shift's look at what is due and its doing it another one does it; at last, the journal."""
    do, runs = Shift._do, list[Run]()

    def late(shift: Shift, *given: Any) -> Any:
        monkeypatch.setattr(Shift, "_do", do)
        watcher.tick(hour)
        return do(shift, *given)

    monkeypatch.setattr(Shift, "_do", late)
    yield runs
    with application.build(watcher.project.folder) as app:
        runs += app.store.journal.latest(KEY.newsletter)


@pytest.mark.parametrize(
    ("before", "hour", "stage"),
    [((), "05:00", "build"), (("05:00",), "06:00", "remind"), (("05:00", "06:00"), "06:30", "send")],
)
def test_what_another_did_this_moment_is_not_done_again(
    watcher: Watcher, monkeypatch: pytest.MonkeyPatch, before: tuple[str, ...], hour: str, stage: str
) -> None:
    watcher.project.configure(
        lambda text: text.replace('build = "05:00"', 'build = "05:00"\nremind = "06:00"')
    )
    for earlier in before:
        watcher.tick(earlier)
    with another_was_quicker(watcher, hour, monkeypatch) as runs:
        assert watcher.said(hour) == []

    assert [run.stage for run in runs].count(stage) == 1


def test_a_day_off_is_written_down_once(watcher: Watcher, monkeypatch: pytest.MonkeyPatch) -> None:
    watcher.project.configure(
        lambda text: text.replace('build = "05:00"', 'build = "05:00"\nextra_days_off = ["2026-11-23"]')
    )
    with another_was_quicker(watcher, "05:00", monkeypatch) as runs:
        assert watcher.said("05:00") == []

    assert len(runs) == 1


@pytest.mark.parametrize(
    ("before", "hour", "notice"), [((), "05:00", "is ready"), (("05:00",), "06:30", "is out")]
)
def test_what_one_that_died_had_to_tell_the_next_one_tells(
    watcher: Watcher, monkeypatch: pytest.MonkeyPatch, before: tuple[str, ...], hour: str, notice: str
) -> None:
    for earlier in before:
        watcher.tick(earlier)

    def dies(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Shift, "_tell", dies)
        with pytest.raises(Killed):
            watcher.tick(hour)
    hours, minutes = hour.split(":")
    watcher.tick(f"{hours}:{int(minutes) + 2:02}")

    assert sum(notice in one for one in watcher.notices) == 1
    assert watcher.mails in (set(), READERS)


# --- the hour, and an editor ----------------------------------------------------------------------------


def saves_meanwhile(project: Project, monkeypatch: pytest.MonkeyPatch, change: Callable[[str], str]) -> None:
    """An editor saves while the list is written down."""

    def enrol(ledger: SqlLedger, *args: Any, original: Any = SqlLedger.enrol, **given: Any) -> None:
        original(ledger, *args, **given)
        project.edition.write_text(change(project.edition.read_text()))

    monkeypatch.setattr(SqlLedger, "enrol", enrol)


def test_a_machine_that_sleeps_over_the_send_sends_nothing_of_yesterday(
    watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert watcher.said("05:00") == [("build", 0)]

    def enrol(ledger: SqlLedger, *args: Any, original: Any = SqlLedger.enrol, **given: Any) -> None:
        original(ledger, *args, **given)
        watcher.clock.now = at("05:00", KEY.day + timedelta(days=1))

    with monkeypatch.context() as patch:
        patch.setattr(SqlLedger, "enrol", enrol)
        assert watcher.said("06:30") == [("send", 75)]
    assert watcher.mails == set()

    assert watcher.said("05:01", KEY.day + timedelta(days=1))[0] == ("let go", 75)
    assert "The edition of Monday 23 November was missed" in watcher.notices


def renamed(text: str) -> str:
    return re.sub("^subject: .*$", "subject: Another subject", text, count=1, flags=re.MULTILINE)


def test_what_is_saved_while_the_list_is_written_down_goes_out(
    built: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    saves_meanwhile(built, monkeypatch, renamed)

    built.ok("send")

    assert {mail["Subject"] for mail in built.mails()} == {"Another subject"}
    with application.build(built.folder) as app:
        [(sha256, _)] = app.store.archive.sent(KEY.newsletter).values()
        assert app.store.ledger.contents(KEY) == {sha256}


def test_what_is_saved_while_the_list_is_written_down_waits_for_its_approval(
    built: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    built.configure(required)
    built.ok("approve")
    saves_meanwhile(built, monkeypatch, renamed)

    refused = built.run("send")

    assert refused.exit_code == 1
    assert "it was changed after its approval" in refused.stderr
    assert built.mails() == []


# --- a draft, and an editor ---------------------------------------------------------------------------


def build(project: Project, meanwhile: Callable[[Store], object], *, now: datetime = NOW) -> None:
    """Build, and do something when the work is nearly done."""
    with application.build(project.folder) as app:

        def look(step: Step) -> None:
            if step.stage == "summarize" and step.done == step.total:
                meanwhile(app.store)

        newsletter = app.newsletter(None)
        pipeline.build(newsletter, KEY, app.desk(newsletter, look), now=now, unasked=False)


def test_an_approval_that_comes_while_it_is_composed_again_stays(built: Project) -> None:
    approval = Approval(sha256="c" * 64, by="Ada", at=datetime(2026, 11, 23, 10, tzinfo=UTC))
    build(built, lambda store: store.editions.approve(KEY, approval))

    with application.build(built.folder) as app:
        record = app.store.editions.get(KEY)
    assert record is not None
    assert record.approval == approval


def test_what_goes_out_while_it_is_composed_again_stays_as_it_went_out(built: Project) -> None:
    text = built.edition.read_text()
    with application.build(built.folder) as app:
        before = app.store.editions.get(KEY)
        with pytest.raises(NothingToDo, match=r"it went out \(3 sent = 3 on the list\), and stays as it is"):
            build(built, lambda _: built.ok("send"), now=NOW + timedelta(hours=1))

        assert app.store.editions.get(KEY) == before, "or what came since would be in no edition"
        assert built.edition.read_text() == text


def test_a_file_that_comes_while_the_first_draft_is_made_is_left_as_it_is(project: Project) -> None:
    def writes(_: Store) -> None:
        project.edition.parent.mkdir(parents=True, exist_ok=True)
        project.edition.write_text("# mine\n")

    with pytest.raises(EditionError, match="was not composed here"):
        build(project, writes)

    assert project.edition.read_text() == "# mine\n"
    assert project.run("build").exit_code == 1, "nor is it taken for ours later"


@contextmanager
def dying(monkeypatch: pytest.MonkeyPatch, *, survives: int) -> Iterator[None]:
    """The process is killed when it is about to write a draft or its record once more than that."""
    left = survives

    def mined(function: Callable[..., Any]) -> Callable[..., Any]:
        def mine(*args: Any, **given: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                raise Killed
            return function(*args, **given)

        return mine

    with monkeypatch.context() as patch:
        patch.setattr(DiskEditionFiles, "write", mined(DiskEditionFiles.write))
        patch.setattr(SqlEditions, "save", mined(SqlEditions.save))
        yield


def test_killed_between_a_draft_and_its_record_the_next_build_makes_it(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    with dying(monkeypatch, survives=1), pytest.raises(Killed):
        project.run("build")

    project.ok("build")
    project.ok("approve")


@pytest.mark.parametrize("edited", [False, True])
@pytest.mark.parametrize("survives", [0, 1, 2])
def test_killed_between_a_later_draft_and_its_record_nothing_seems_to_be_edited(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, survives: int, edited: bool
) -> None:
    """The next build makes what it would have made if nobody had died: of the draft that the file has."""
    project.ok("build")
    if edited:
        text = project.edition.read_text()
        project.edition.write_text(re.sub("headline: .*", "headline: Our own words", text, count=1))
    project.configure(lambda text: text.replace("items = 8\nmin_items = 3", "items = 5\nmin_items = 3"))
    other = Project(Path(shutil.copytree(project.folder, tmp_path / "other")))
    with dying(monkeypatch, survives=survives), pytest.raises(Killed):
        project.run("build")
    if survives == 2:  # the file had it
        other.ok("build")
    for each in (project, other):
        each.configure(lambda text: text.replace("items = 5", "items = 6"))
        each.ok("build")

    assert project.edition.read_text() == other.edition.read_text()
    assert ("Our own words" in project.edition.read_text()) is edited
    with application.build(project.folder) as ours, application.build(other.folder) as theirs:
        records = [app.store.editions.get(KEY) for app in (ours, theirs)]
    assert [record and record.former for record in records] == ["", ""]
    assert len({record.composed for record in records if record}) == 1


def counts(folder: str, times: int) -> None:
    """Adds one to the number in the file, so many times, as one who looks before it writes."""
    files = DiskEditionFiles(Path(folder))
    for _ in range(times):
        while not files.write(KEY, str(int((text := files.read(KEY)) or 0) + 1), over=text):
            pass


def test_of_two_processes_that_save_none_loses_what_the_other_saved(tmp_path: Path) -> None:
    times = 400
    both = [forked(counts, str(tmp_path), times) for _ in range(2)]
    for one in both:
        one.join(100)

    assert [one.exitcode for one in both] == [0, 0]
    assert DiskEditionFiles(tmp_path).read(KEY) == str(2 * times)


# --- locks ----------------------------------------------------------------------------------------------


def test_two_who_ask_at_once_whether_a_dead_one_lives_both_hear_that_it_does_not(
    url: str, store: Store, tmp_path: Path
) -> None:
    database = open_database(url, project=tmp_path)
    owners, together = owners_of(database), threading.Barrier(2)

    def ask(name: str) -> bool:
        together.wait(20)
        return owners.lives(name)

    with ThreadPoolExecutor(2) as threads:
        for _ in range(300):
            name = new_name()
            if database.file is not None:
                database.file.with_name(f"{database.file.name}-run-{name}").touch()  # as a kill leaves it
            assert list(threads.map(ask, [name, name])) == [False, False]
    database.close()


def test_who_is_swept_away_while_it_is_born_is_born_anew(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between making the file and locking it, and again when it was locked: another one sweeps."""
    owners, sweeper = FileOwners(tmp_path / "a.db"), FileOwners(tmp_path / "a.db")
    locked, at = owner_files._locked, list[str]()

    def meets(path: Path, mode: str, *, ask: bool = False) -> Any:
        if ask or len(at) > 1:
            return locked(path, mode, ask=ask)
        at.append(path.name)
        if len(at) == 1:  # its file is made, and not locked yet
            half = sqlite3.connect(path)
            sweeper._sweep()
            assert not path.exists()
            return half
        lock = locked(path, mode)
        sweeper._sweep()
        return lock

    monkeypatch.setattr(owner_files, "_locked", meets)
    with owners.living() as name:
        assert owners.lives(name)
        assert sweeper.lives(name)
        assert [path.name for path in tmp_path.glob("a.db-run-*")] == [f"a.db-run-{name}"] == at[1:]
    assert not list(tmp_path.glob("a.db-run-*"))


def lives_and_dies(folder: str, seed: int) -> None:
    """Many short lives, each of which looks whether it is alive to others."""
    mine, others = FileOwners(Path(folder) / "a.db"), FileOwners(Path(folder) / "a.db")
    for _ in range(150):
        with mine.living() as name:
            if not others.lives(name) or not mine._path(name).exists():
                os._exit(1)
            if random.Random(f"{seed} {name}").random() < 0.02:
                os.kill(os.getpid(), signal.SIGKILL)


def test_of_many_that_are_born_swept_and_killed_none_is_taken_for_dead(tmp_path: Path) -> None:
    all_ = [forked(lives_and_dies, str(tmp_path), seed) for seed in range(12)]
    for one in all_:
        one.join(100)

    assert {one.exitcode for one in all_} <= {0, -signal.SIGKILL}
    with FileOwners(tmp_path / "a.db").living():
        assert len(list(tmp_path.glob("a.db-run-*"))) == 1
    assert not list(tmp_path.glob("a.db-run-*"))


def test_nothing_else_is_swept_away(tmp_path: Path) -> None:
    kept = ["a.db", "a.db-wal", "a.db-run-notes", "b.db-run-0123456789abcde", "a.db-run-0123456789abcdef"]
    for name in kept:
        (tmp_path / name).touch()
    (tmp_path / "a.db-run-edcba9876543210").write_text("words")
    for name in ("0123456789abcde", "0123456789abcde-journal", "aaaaaaaaaaaaaaa-journal"):
        (tmp_path / f"a.db-run-{name}").touch()

    with FileOwners(tmp_path / "a.db").living():
        pass

    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*kept, "a.db-run-edcba9876543210"])


def test_two_who_enrol_in_different_orders_do_not_wait_for_each_other(postgres: str, tmp_path: Path) -> None:
    """PostgreSQL reads a list in the order that it thinks best, which may be another one for each."""
    by_index = f"{postgres}%20-cenable_seqscan%3Doff%20-cenable_bitmapscan%3Doff%20-cenable_sort%3Doff"
    stores = [open_store(address, project=tmp_path) for address in (postgres, by_index)]
    ids = [f"s{number:05}" for number in range(9000, 0, -1)]
    stores[0].subscribers.add(
        [
            Subscriber(id=id_, newsletter=KEY.newsletter, email=f"{id_}@example.org", added_at=NOW)
            for id_ in ids
        ]
    )
    together = threading.Barrier(2)

    def enrol(store: Store) -> None:
        together.wait(20)
        store.ledger.enrol(KEY, at=NOW)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(enrol, stores))

    assert stores[0].ledger.tally(KEY) == Tally(pending=len(ids))
    for store in stores:
        store.close()
