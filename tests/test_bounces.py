"""What comes back by mail: read, attributed with proof, and what follows."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit.builders import NOW, newsletter
from kit.imapserver import DOVECOT, PASSWORD, Imap, imap_server
from kit.linekit import Project

from digest.audience import bounce_address, message_id, unsubscribe_token
from digest.bounces import kind_of, read_mail
from digest.errors import MailboxError
from digest.mailboxes import read_imap, read_path
from digest.model import (
    EditionKey,
    EventKind,
    MailEvent,
    Outcome,
    Reason,
    Receipt,
    State,
    Subscriber,
)
from digest.pipeline import Effect, Returns
from digest.settings import BouncesSettings, ImapSettings, Secret
from digest.stores import SqlStore, open_store

CASES = Path(__file__).parent / "data" / "bounces"
KEY = EditionKey(newsletter="the-example", day=date(2026, 11, 23))
DAY = timedelta(days=1)
MAILBOX = "bounces@mail.example.org"

# --- reading ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", sorted(CASES.glob("*.eml")), ids=lambda case: case.stem)
def test_a_message_is_read_as_its_answer_says(case: Path, accept: Callable[[Path, str], None]) -> None:
    reading = read_mail(case.read_bytes())
    said: Any = reading.why
    if reading.event is not None:
        said = {name: value for name, value in asdict(reading.event).items() if value and name != "id"}

    accept(case.with_suffix(".json"), json.dumps(said, indent=1, default=str) + "\n")


@pytest.mark.parametrize("case", ["vacation", "challenge", "person", "read-receipt", "forwarded-bounce"])
def test_what_people_and_their_programs_answer_is_no_bounce(case: str) -> None:
    assert read_mail((CASES / f"{case}.eml").read_bytes()).event is None


@pytest.mark.parametrize("case", ["delayed", "delivered", "relayed", "exim-warning", "one-of-two-has-it"])
def test_a_mail_that_is_late_or_there_is_no_bounce(case: str) -> None:
    assert read_mail((CASES / f"{case}.eml").read_bytes()).event is None


@pytest.mark.parametrize("case", sorted(CASES.glob("*.eml")), ids=lambda case: case.stem)
def test_line_ends_make_no_difference(case: Path) -> None:
    lines = case.read_bytes().replace(b"\r\n", b"\n")
    event, other = read_mail(lines).event, read_mail(lines.replace(b"\n", b"\r\n")).event

    assert (event is None) == (other is None)
    if event and other:
        assert replace(event, id="") == replace(other, id="")


@pytest.mark.parametrize(
    ("status", "words", "kind"),
    [
        ("5.1.1", "", EventKind.HARD),
        ("5.1.10", "", EventKind.HARD),
        ("5.1.7", "", EventKind.BLOCKED),
        ("5.7.1", "", EventKind.BLOCKED),
        ("5.2.2", "", EventKind.SOFT),
        ("5.5.0", "550 5.5.0 Requested action not taken: mailbox unavailable", EventKind.SOFT),
        ("5.5.2", "", EventKind.BLOCKED),
        ("4.2.2", "", EventKind.SOFT),
        ("", "", EventKind.SOFT),
        ("5.0.0", "550 5.1.1 unknown", EventKind.HARD),
        ("5.0.0", "450 4.1.1 unknown yet", EventKind.SOFT),
        ("5.1.1", "550 5.7.1 spam", EventKind.HARD),
        ("", "host 192.5.1.1 said no", EventKind.SOFT),
        ("15.1.1", "", EventKind.SOFT),
    ],
)
def test_a_status_says_whether_it_is_the_address(status: str, words: str, kind: EventKind) -> None:
    assert kind_of(status, words) is kind


@given(st.binary())
def test_any_bytes_are_read(raw: bytes) -> None:
    read_mail(raw)


@pytest.mark.slow
@given(
    st.sampled_from(sorted(CASES.glob("*.eml"))),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=40)), max_size=6),
)
def test_a_bounce_with_any_bytes_in_it_is_read(case: Path, wounds: list[tuple[float, bytes]]) -> None:
    raw = case.read_bytes()
    for where, bytes_ in wounds:
        place = int(where * len(raw))
        raw = raw[:place] + bytes_ + raw[place + len(bytes_) :]

    read_mail(raw)


@pytest.mark.slow
def test_a_thousand_parts_in_each_other_are_no_bounce() -> None:
    parts = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(5000))

    assert read_mail(parts.encode()).event is None


# --- whose mail it was, and what follows --------------------------------------------------------------


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Iterator[SqlStore]:
    """Ada, Bo, Cleo and Dan were sent today's edition."""
    shutil.copy(made, tmp_path)
    store = open_store("sqlite:///digest.db", project=tmp_path)
    people = [
        Subscriber(id=f"{n:024x}", newsletter=KEY.newsletter, email=f"{name}@example.com", added_at=NOW - DAY)
        for n, name in enumerate(["ada", "bo", "cleo", "dan"], 1)
    ]
    store.subscribers.add(people)
    send(store, KEY, people)
    yield store
    store.close()


def send(store: SqlStore, key: EditionKey, people: list[Subscriber]) -> None:
    store.ledger.enrol(key, at=NOW)
    pairs = [(one.id, message_id(key, one.id, "example.org")) for one in people]
    store.ledger.claim(key, pairs, sha256="", at=NOW)
    receipts = [Receipt(subscriber_id=one.id, outcome=Outcome.SENT) for one in people]
    store.ledger.record(key, receipts, at=NOW)


def ada(store: SqlStore) -> Subscriber:
    found = store.subscribers.find(KEY.newsletter, "ada@example.com")
    assert found is not None
    return found


def returns(store: SqlStore, **rule: Any) -> Returns:
    return Returns(store, {KEY.newsletter: newsletter()}, BouncesSettings(**rule))


def bounce(kind: EventKind = EventKind.HARD, **given: Any) -> MailEvent:
    return MailEvent(**({"kind": kind, "source": "mail", "id": "1"} | given))


def verp(store: SqlStore, key: EditionKey = KEY) -> str:
    return bounce_address(store.secret(), key, ada(store).id, MAILBOX)


@pytest.mark.slow
def test_the_address_that_it_came_back_to_says_whose_mail_it_was(store: SqlStore) -> None:
    effect = returns(store).take(bounce(returned_to=(verp(store).upper(),)), at=NOW)

    assert effect is Effect.SUPPRESSED
    assert ada(store).state == "suppressed"
    noted = store.suppressions.find(KEY.newsletter, "Ada@example.com")
    assert noted is not None
    assert (noted.reason, noted.source, noted.at) == (Reason.HARD, "mail", NOW)


@pytest.mark.slow
def test_the_token_of_list_unsubscribe_says_it_too(store: SqlStore) -> None:
    token = unsubscribe_token(store.secret(), ada(store).id, KEY.newsletter)

    assert returns(store).take(bounce(EventKind.COMPLAINT, tokens=(token,)), at=NOW) is Effect.SUPPRESSED
    assert store.ledger.returned(KEY) == {"complaint": 1}


@pytest.mark.slow
def test_a_mail_that_list_unsubscribe_asks_for_unsubscribes(store: SqlStore) -> None:
    case = (CASES / "wish.eml").read_text()
    token = unsubscribe_token(store.secret(), ada(store).id, KEY.newsletter)
    genuine = re.sub(r"(?<=\n )\S+", token, case)

    effects = [
        returns(store).take(event, at=NOW)
        for event in (read_mail(case.encode()).event, read_mail(genuine.encode()).event)
        if event is not None
    ]

    assert effects == [Effect.UNPROVEN, Effect.UNSUBSCRIBED]
    assert ada(store).state == "unsubscribed"


@pytest.mark.slow
def test_the_message_id_says_it_with_the_address(store: SqlStore) -> None:
    event = bounce(
        recipients=("x@example.net", "ada@example.com"),
        message_id=message_id(KEY, ada(store).id, "example.org"),
    )

    assert returns(store).take(event, at=NOW) is Effect.SUPPRESSED


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(EventKind))
def test_a_forged_bounce_changes_nothing(store: SqlStore, kind: EventKind) -> None:
    other = bounce_address(b"another secret", KEY, ada(store).id, MAILBOX)
    forged = bounce(
        kind,
        recipients=("ada@example.com",),
        returned_to=(other, MAILBOX),
        tokens=(unsubscribe_token(b"another secret", ada(store).id, KEY.newsletter),),
        message_id="<forged@example.org>",
        newsletter=KEY.newsletter,
        subscriber_id=ada(store).id,
        day=KEY.day,
    )

    assert returns(store).take(forged, at=NOW) is Effect.UNPROVEN
    assert ada(store).state == "active"
    assert store.ledger.returned(KEY) == {}


@pytest.mark.slow
def test_a_message_id_is_only_believed_of_the_reader_who_was_sent_it(store: SqlStore) -> None:
    bos = message_id(KEY, f"{2:024x}", "example.org")

    effect = returns(store).take(bounce(recipients=("ada@example.com",), message_id=bos), at=NOW)

    assert effect is Effect.UNPROVEN


@pytest.mark.slow
@pytest.mark.parametrize("character", ["\ud800", "\0"])
def test_an_address_that_no_database_takes_is_nobodys(store: SqlStore, character: str) -> None:
    event = bounce(
        recipients=(f"ada{character}@example.com", "ada@example.com"),
        message_id=message_id(KEY, ada(store).id, "example.org"),
    )

    assert returns(store).take(event, at=NOW) is Effect.SUPPRESSED


@pytest.mark.slow
def test_the_ledger_stays_whole_and_has_a_note(store: SqlStore) -> None:
    before = store.ledger.tally(KEY)

    returns(store).take(bounce(EventKind.SOFT, returned_to=(verp(store),)), at=NOW)
    returns(store).take(bounce(EventKind.COMPLAINT, id="2", returned_to=(verp(store),)), at=NOW)
    returns(store).take(bounce(EventKind.BLOCKED, id="3", returned_to=(verp(store),)), at=NOW)

    [row] = [row for row in store.ledger.deliveries(KEY) if row.subscriber_id == ada(store).id]
    assert (row.state, row.returned) == (State.SENT, "complaint")
    assert store.ledger.tally(KEY) == before


@pytest.mark.slow
def test_the_same_message_counts_once(store: SqlStore) -> None:
    event = bounce(EventKind.SOFT, returned_to=(verp(store),))

    effects = [returns(store, soft=2).take(event, at=NOW) for _ in range(3)]

    assert effects == [Effect.NOTED, Effect.KNOWN, Effect.KNOWN]
    assert ada(store).state == "active"


@pytest.mark.slow
def test_softly_is_too_often_after_so_many_editions_within_the_time(store: SqlStore) -> None:
    rule = {"soft": 3, "within": timedelta(days=5)}
    effects = []
    for number, days in enumerate([1, 5, 8, 9]):
        key = EditionKey(newsletter=KEY.newsletter, day=KEY.day + days * DAY)
        send(store, key, [ada(store)])
        event = bounce(EventKind.SOFT, id=str(number), returned_to=(verp(store, key),))
        effects.append(returns(store, **rule).take(event, at=NOW + days * DAY))

    assert effects == [Effect.NOTED, Effect.NOTED, Effect.NOTED, Effect.SUPPRESSED]
    noted = store.suppressions.find(KEY.newsletter, "ada@example.com")
    assert noted is not None
    assert noted.reason is Reason.SOFT


@pytest.mark.slow
def test_two_bounces_of_one_edition_are_one(store: SqlStore) -> None:
    for number in range(5):
        event = bounce(EventKind.SOFT, id=str(number), returned_to=(verp(store),))
        assert returns(store, soft=2).take(event, at=NOW) is Effect.NOTED


@pytest.mark.slow
def test_what_is_about_the_mail_never_suppresses(store: SqlStore) -> None:
    for days in range(1, 9):
        key = EditionKey(newsletter=KEY.newsletter, day=KEY.day + days * DAY)
        send(store, key, [ada(store)])
        event = bounce(EventKind.BLOCKED, id=str(days), returned_to=(verp(store, key),))
        assert returns(store, soft=2).take(event, at=NOW) is Effect.NOTED


@pytest.mark.slow
def test_a_server_that_knows_hardly_anybody_is_not_believed_later_either(store: SqlStore) -> None:
    effects = []
    for number in range(1, 5):
        address = bounce_address(store.secret(), KEY, f"{number:024x}", MAILBOX)
        effects.append(returns(store).take(bounce(id=str(number), returned_to=(address,)), at=NOW))

    assert effects == [Effect.SUPPRESSED, Effect.SUPPRESSED, Effect.NOTED, Effect.NOTED]


@pytest.mark.slow
def test_a_complaint_is_believed_of_everybody(store: SqlStore) -> None:
    for number in range(1, 5):
        address = bounce_address(store.secret(), KEY, f"{number:024x}", MAILBOX)
        event = bounce(EventKind.COMPLAINT, id=str(number), returned_to=(address,))
        assert returns(store).take(event, at=NOW) is Effect.SUPPRESSED


@pytest.mark.slow
def test_who_opts_out_by_a_report_is_unsubscribed(store: SqlStore) -> None:
    event = bounce(EventKind.UNSUBSCRIBE, returned_to=(verp(store),))

    assert returns(store).take(event, at=NOW) is Effect.UNSUBSCRIBED
    assert ada(store).state == "unsubscribed"


@pytest.mark.slow
def test_no_address_is_kept_in_what_a_server_said(store: SqlStore) -> None:
    words = "550 5.1.1 <ada@example.com> unknown;\nask ada@example.com"
    returns(store).take(bounce(returned_to=(verp(store),), status="5.1.1", detail=words), at=NOW)

    noted = store.suppressions.find(KEY.newsletter, "ada@example.com")
    assert noted is not None
    assert noted.detail == "5.1.1 550 5.1.1 <a…@example.com> unknown; ask a…@example.com"


@pytest.mark.slow
def test_what_a_server_said_is_kept_in_a_few_lines(store: SqlStore) -> None:
    returns(store).take(bounce(returned_to=(verp(store),), detail="no such user " * 5000), at=NOW)

    noted = store.suppressions.find(KEY.newsletter, "ada@example.com")
    assert noted is not None
    assert 100 < len(noted.detail) < 320


# --- where they lie -----------------------------------------------------------------------------------


def test_a_maildir_is_read_once_and_nothing_is_deleted(tmp_path: Path) -> None:
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    (tmp_path / "new" / "1.host").write_bytes(b"Subject: 1\n\n")
    (tmp_path / "new" / "2.host").write_bytes(b"Subject: 2\n\n")
    (tmp_path / "cur" / "0.host:2,S").write_bytes(b"Subject: 0\n\n")

    assert list(read_path(tmp_path)) == [b"Subject: 1\n\n", b"Subject: 2\n\n"]
    assert list(read_path(tmp_path)) == []
    assert sorted(path.name for path in (tmp_path / "cur").iterdir()) == [
        "0.host:2,S",
        "1.host:2,S",
        "2.host:2,S",
    ]


def test_a_message_that_was_not_dealt_with_stays_new(tmp_path: Path) -> None:
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    (tmp_path / "new" / "1.host").write_bytes(b"Subject: 1\n\n")
    reading = read_path(tmp_path)
    next(iter(reading))
    reading.close()  # type: ignore[attr-defined] - as an error on the way does

    assert list(read_path(tmp_path)) == [b"Subject: 1\n\n"]


def test_an_mbox_has_its_messages(tmp_path: Path) -> None:
    box = tmp_path / "mbox"
    box.write_bytes(
        b"From MAILER-DAEMON Mon Nov 23\nSubject: 1\n\n>From here\nFrom there\n\n"
        b"From MAILER-DAEMON Mon Nov 23\nSubject: 2\n\ntext\n"
    )

    assert list(read_path(box)) == [b"Subject: 1\n\nFrom here\nFrom there\n\n", b"Subject: 2\n\ntext\n"]


def test_a_file_with_one_message_is_one(tmp_path: Path) -> None:
    case = CASES / "unknown-user.eml"

    assert list(read_path(case)) == [case.read_bytes()]


@pytest.mark.parametrize("place", ["nothing", "folder"])
def test_what_is_no_mailbox_is_named(tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()

    with pytest.raises(MailboxError, match=place):
        list(read_path(tmp_path / place))


# --- an IMAP server -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def imap() -> Iterator[Imap]:
    if DOVECOT is None:
        pytest.skip("needs Dovecot: apt-get install dovecot-imapd")
    with imap_server() as server:
        yield server


def imap_settings(server: Imap, **given: Any) -> ImapSettings:
    values = {"host": "localhost", "port": server.port, "username": "bounces", "password": Secret(PASSWORD)}
    return ImapSettings(**(values | given))


@pytest.mark.slow
def test_unread_messages_of_a_server_are_read_once_and_kept(imap: Imap) -> None:
    messages = [(CASES / f"{case}.eml").read_bytes() for case in ("unknown-user", "complaint")]
    for number, message in enumerate(messages):
        imap.put(f"{number}.host", message)

    reading = read_imap(imap_settings(imap), tls=imap.tls)
    first = next(iter(reading))
    reading.close()  # type: ignore[attr-defined] - as an error on the way does
    found = list(read_imap(imap_settings(imap), tls=imap.tls))
    again = list(read_imap(imap_settings(imap), tls=imap.tls))

    assert [read_mail(message).event for message in found] == [read_mail(raw).event for raw in messages]
    assert read_mail(first).event in [read_mail(raw).event for raw in messages]
    assert again == []
    assert len(list((imap.mail / "cur").iterdir())) == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"password": Secret("canary-wrong")}, "the login .* was refused"),
        ({"folder": "Bounces"}, "there is no folder 'Bounces'"),
        ({"port": 1}, "cannot be read: Connection refused"),
    ],
)
def test_a_server_that_gives_nothing_is_named(imap: Imap, wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(MailboxError, match=words) as caught:
        list(read_imap(imap_settings(imap, **wrong), tls=imap.tls))

    assert "canary" not in str(caught.value)
    assert caught.value.exit_code == 75


@pytest.mark.slow
def test_a_server_that_nobody_vouches_for_is_not_talked_to(imap: Imap) -> None:
    with pytest.raises(MailboxError, match="cannot be read"):
        list(read_imap(imap_settings(imap)))


# --- the command --------------------------------------------------------------------------------------

DIGEST = f"{sys.executable} -c 'from digest.cli import main; main()'"


def piped(command: str, message: bytes, **given: Any) -> subprocess.CompletedProcess[bytes]:
    """As a mail server does it: a shell, and the message on its standard input."""
    return subprocess.run(
        ["/bin/sh", "-c", command], input=message, capture_output=True, check=False, **given
    )


@pytest.mark.slow
def test_a_mail_server_pipes_one_message(built: Project) -> None:
    command = f"{DIGEST} bounces --project {built.folder}"

    done = piped(command, b"From MAILER-DAEMON Mon Nov 23\n" + (CASES / "vacation.eml").read_bytes())
    forged = piped(command, (CASES / "unknown-user.eml").read_bytes())

    assert (done.returncode, done.stdout) == (0, b"1 read: 1 an automatic reply\n")
    assert (forged.returncode, forged.stdout) == (0, b"1 read: 1 hard without proof\n")


@pytest.mark.slow
def test_whatever_fails_in_a_pipe_is_to_be_tried_again(tmp_path: Path) -> None:
    done = piped(f"{DIGEST} bounces --project {tmp_path}", b"Subject: x\n\n")

    assert done.returncode == 75
    assert b"there is no such file" in done.stderr


@pytest.mark.slow
def test_a_huge_message_is_taken_from_the_pipe_to_its_end(built: Project) -> None:
    command = f"{DIGEST} bounces --project {built.folder}"
    message = (CASES / "mailbox-full.eml").read_bytes()

    done = piped(command, message + b"x" * 20_000_000)

    assert (done.returncode, done.stdout) == (0, b"1 read: 1 soft without proof\n")


def test_the_envelope_may_be_told_on_the_command_line(built: Project, tmp_path: Path) -> None:
    opened = open_store("sqlite:///var/digest.db", project=built.folder)
    found = opened.subscribers.find("morning-tide", "ada@example.com")
    assert found is not None
    key = EditionKey(newsletter="morning-tide", day=NOW.date())
    address = bounce_address(opened.secret(), key, found.id, MAILBOX)
    opened.close()

    done = built.ok("bounces", str(CASES / "exchange-words.eml"), "--to", address)

    assert done.output == "1 read: 1 hard noted\n"  # nothing was sent: the one word is not believed


def test_no_address_is_ever_printed(built: Project) -> None:
    done = built.ok("bounces", *map(str, sorted(CASES.glob("*.eml"))))

    assert "@" not in done.output
    assert f"{len(list(CASES.glob('*.eml'))) - 1} read" in done.output  # the empty file has no message
