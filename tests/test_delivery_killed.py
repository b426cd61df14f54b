"""`digest send` to a real SMTP server that counts, by processes that are killed, stopped, or two at once."""

from __future__ import annotations

import os
import re
import signal
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from kit.linekit import Project
from kit.mortal import KEY, Running, mortal_project, start
from kit.smtpserver import Postbox, serving

from digest import app as application
from digest.model import State, Tally

pytestmark = pytest.mark.slow

PEOPLE = 1000
EVERYONE = {f"r{number}@example.com" for number in range(PEOPLE)}
#: Deferred when they are first asked for.
GREYLISTED = {f"r{number}@example.com" for number in range(0, PEOPLE, 20)}


@pytest.fixture
def box() -> Iterator[Postbox]:
    """Takes every mail, but puts some off at first."""
    with serving() as postbox:
        yield postbox


def greylist(box: Postbox) -> None:
    seen: set[str] = set()
    take = box.handle_RCPT

    async def handle(server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if address in GREYLISTED - seen:
            seen.add(address)
            return "450 4.2.0 greylisted"
        return await take(server, session, envelope, address, options)

    box.handle_RCPT = handle  # type: ignore[method-assign]


@pytest.fixture
def project(tmp_path: Path, box: Postbox) -> Project:
    greylist(box)
    return mortal_project(tmp_path / "project", people=PEOPLE, port=box.port)


def arrived(box: Postbox) -> Counter[str]:
    return Counter(address for address, _ in box.mails)


def tally(project: Project) -> Tally:
    with application.build(project.folder) as opened:
        return opened.store.ledger.tally(KEY)


def in_state(project: Project, state: State) -> set[str]:
    with application.build(project.folder) as opened:
        found = opened.store.ledger.due(KEY, state, limit=PEOPLE)
        return {due.email for due in found}


def batch(project: Project) -> int:
    with application.build(project.folder) as opened:
        return opened.sender(opened.newsletter(None)).batch


STEPS = [
    "enrol commit 2",
    "enrol return 1",
    "claim commit 1",
    "claim return 1",
    "mail call 77",
    "claim commit 9",
    "claim return 9",
    "receipt call 333",
    "record commit 1",
    "record return 1",
    "pause 1",
    "again claim commit 1",
    "again claim return 1",
    "again record commit 1",
    "again receipt call 17",
    "again withdraw commit 1",
]


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_nobody_is_missed_and_nobody_gets_two(
    project: Project, box: Postbox, step: str
) -> None:
    code, _ = start(project, die_at=step).ended()
    assert code == -signal.SIGKILL
    after = tally(project)
    assert after.total in (0, 400, 800, PEOPLE), "a page of the list is on it, or is not"

    code, said = start(project, "--resume").ended()

    unsure = in_state(project, State.UNSURE)
    assert tally(project) == Tally(sent=PEOPLE - len(unsure), unsure=len(unsure)), said
    assert code in ({1} if unsure else {0, 3}), said
    assert len(unsure) <= 2 * batch(project)
    assert set(arrived(box).values()) == {1}
    assert set(arrived(box)) | unsure == EVERYONE


@pytest.mark.parametrize("step", ["enrol return 1", "claim commit 1", "receipt call 20", "record return 1"])
def test_what_killed_runs_leave_lying_is_swept_away_by_the_next(project: Project, step: str) -> None:
    for _ in range(2):
        assert start(project, die_at=step).ended()[0] == -signal.SIGKILL
        assert len(list(project.folder.glob("var/*-run-*"))) == 1, "no more than that of the last"

    start(project, "--resume").ended()
    assert not list(project.folder.glob("var/*-run-*"))


@pytest.mark.parametrize("mail", [1, 250, 990])
def test_killed_while_the_server_has_a_mail_in_hand(project: Project, box: Postbox, mail: int) -> None:
    """The server has taken it, and its answer finds nobody: what stays unsure has been delivered."""
    running: list[Running] = []
    take = box.handle_DATA

    async def handle(server: Any, session: Any, envelope: Any) -> str:
        answer = await take(server, session, envelope)
        if len(box.mails) == mail and running[0].process.pid:
            os.kill(running[0].process.pid, signal.SIGKILL)
        return answer

    box.handle_DATA = handle  # type: ignore[method-assign]
    running.append(start(project))
    assert running[0].ended()[0] == -signal.SIGKILL

    code, said = start(project, "--resume").ended()
    unsure = in_state(project, State.UNSURE)
    assert (code, set(arrived(box).values())) == (1, {1}), said
    assert 1 <= len(unsure) <= 2 * batch(project)
    assert set(arrived(box)) | unsure == EVERYONE

    start(project, "--resend-unsure").ended()
    assert in_state(project, State.UNSURE) == set()
    start(project).ended()  # for those that the server put off
    ids = [(address, message_from_bytes(content)["Message-ID"]) for address, content in box.mails]
    assert tally(project) == Tally(sent=PEOPLE)
    assert set(arrived(box)) == EVERYONE
    assert {address for address, count in arrived(box).items() if count > 1} <= unsure
    assert len(set(ids)) == PEOPLE, "a mail that came twice has one Message-ID"


def test_killed_while_the_server_is_in_doubt_what_it_refused_is_in_nobodys_hands(
    tmp_path: Path, box: Postbox
) -> None:
    """What was refused has not left, whether or not it counts as refused in the end."""
    project = mortal_project(tmp_path / "project", people=PEOPLE, port=box.port)
    box.replies |= dict.fromkeys(EVERYONE, "554 5.7.1 relay access denied")

    assert start(project, die_at="receipt return 15").ended()[0] == -signal.SIGKILL

    with application.build(project.folder) as opened:
        claimed = sum(bool(row.message_id) for row in opened.store.ledger.deliveries(KEY))
    after = tally(project)
    assert (after.unsure, after.refused, after.deferred) == (claimed - 15, 0, 0)
    box.replies.clear()
    _, said = start(project, "--resume").ended()
    unsure = in_state(project, State.UNSURE)
    assert tally(project) == Tally(sent=PEOPLE - len(unsure), unsure=len(unsure)), said
    assert set(arrived(box).values()) == {1}
    assert set(arrived(box)) == EVERYONE - unsure


def test_a_server_that_knows_nobody_stops_the_run_and_burns_no_list(tmp_path: Path, box: Postbox) -> None:
    project = mortal_project(tmp_path / "project", people=PEOPLE, port=box.port)
    box.replies |= dict.fromkeys(EVERYONE, "550 5.1.1 user unknown")

    code, said = start(project).ended()

    assert code == 75, said
    assert "mails in a row, the last with: 550 5.1.1 user unknown" in said
    assert "so far 1000 pending = 1000 on the list" in said
    box.replies.clear()
    start(project, "--resume").ended()
    assert tally(project) == Tally(sent=PEOPLE)


def test_two_processes_at_once_send_to_each_once(project: Project, box: Postbox) -> None:
    both = [start(project), start(project)]
    said = [running.ended() for running in both]

    assert {code for code, _ in said} <= {0, 3, 75}, said
    assert tally(project) == Tally(sent=PEOPLE)
    assert set(arrived(box).values()) == {1}
    assert set(arrived(box)) == EVERYONE


def test_one_that_lives_is_not_disturbed_by_one_that_resumes(project: Project, box: Postbox) -> None:
    first = start(project)
    while len(box.mails) < 100:
        sleep(0.01)

    second = start(project, "--resume").ended()

    assert first.ended()[0] in {0, 75}
    assert "unsure" not in second[1]
    assert tally(project) == Tally(sent=PEOPLE)
    assert set(arrived(box).values()) == {1}


def test_sigterm_lets_a_run_finish_what_it_is_at(project: Project, box: Postbox) -> None:
    running = start(project)
    while len(box.mails) < 100:
        sleep(0.01)
    running.process.terminate()

    code, said = running.ended()
    between = tally(project)
    assert code == 75, said
    assert re.search(r"stopped as asked; so far \d+ sent .*; go on with: digest send the-example", said)
    assert between.unsure == 0
    assert between.sent == len(box.mails) < PEOPLE
    assert not list(project.folder.glob("var/*-run-*"))

    assert start(project, "--resume").ended()[0] == 0
    assert set(arrived(box).values()) == {1}
    assert set(arrived(box)) == EVERYONE


def test_a_connection_cut_after_data_is_unsure_listed_and_sent_again_on_purpose(
    project: Project, box: Postbox
) -> None:
    box.cut |= {"r1@example.com", "r2@example.com"}

    code, said = start(project).ended()
    assert (code, tally(project)) == (1, Tally(sent=PEOPLE - 2, unsure=2)), said
    assert "998 sent + 2 unsure = 1000 on the list" in said

    code, said = start(project, "--unsure").ended()
    assert code == 0
    assert said.count("r…@example.com") == 2
    assert "r1@" not in said
    assert "2 unsure; to send them again" in said

    box.cut.clear()
    code, said = start(project, "--resend-unsure").ended()
    assert code == 0, said
    assert set(arrived(box)) == EVERYONE
    assert start(project, "--unsure").ended()[0] == 3
    assert start(project).ended()[0] == 3


def test_a_server_that_does_not_want_us_stops_the_run_and_costs_nothing(
    project: Project, box: Postbox
) -> None:
    box.replies["MAIL"] = "550 5.7.1 not you"

    code, said = start(project).ended()

    assert code == 75
    assert "does not take mail from" in said
    assert "so far 1000 pending = 1000 on the list; go on with: digest send the-example" in said
    assert box.mails == []
    box.replies.clear()
    assert start(project, "--resume").ended()[0] == 0
    assert set(arrived(box).values()) == {1}
