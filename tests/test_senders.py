"""Every sender passes the same suite; to add one, add a fixture and its name to SENDERS."""

from __future__ import annotations

import ssl
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
import trustme
from kit.smtpserver import Postbox, serving
from test_mime import mail

from digest.errors import SendError
from digest.model import Outcome, Slotted
from digest.ports import Sender
from digest.senders import open_sender
from digest.senders.mime import message
from digest.senders.outbox import OutboxSender
from digest.senders.smtp import SmtpSender
from digest.settings import OutboxSettings, Secret, SmtpSettings

SENDERS = ["outbox", "smtp"]


class Case(NamedTuple):
    sender: Sender
    #: All that arrived, as bytes with CRLF.
    arrived: Callable[[], list[bytes]]


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with serving() as box:
        yield box


def smtp(box: Postbox, **given: object) -> SmtpSender:
    values = {"kind": "smtp", "host": "127.0.0.1", "port": box.port, "security": "none"} | given
    return SmtpSender(SmtpSettings(**values))  # type: ignore[arg-type]


@pytest.fixture(params=SENDERS)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    if request.param == "outbox":
        sender = open_sender(OutboxSettings(), project=tmp_path)
        return Case(sender, lambda: [path.read_bytes() for path in sorted(tmp_path.rglob("*.eml"))])
    box = request.getfixturevalue("postbox")
    return Case(smtp(box), lambda: [content for _, content in box.mails])


def test_what_arrives_is_what_was_made(case: Case):
    # A dot at a line's beginning is where SMTP loses characters when it is done wrong.
    sent = mail()

    [receipt] = case.sender.send([sent])

    assert receipt.outcome is Outcome.SENT
    assert receipt.subscriber_id == "s1"
    assert case.arrived() == [message(sent)]


def test_each_mail_has_a_receipt_in_order(case: Case):
    mails = [mail(subscriber_id=f"s{n}", to=f"reader{n}@example.com") for n in range(5)]

    receipts = list(case.sender.send(mails))

    assert [receipt.subscriber_id for receipt in receipts] == ["s0", "s1", "s2", "s3", "s4"]
    assert len(case.arrived()) == 5


def test_nothing_to_send_connects_nowhere(case: Case):
    assert list(case.sender.send([])) == []


def test_the_check_says_something_and_sends_nothing(case: Case):
    assert case.sender.check()
    assert case.arrived() == []


def test_no_address_stands_in_a_receipts_repr(case: Case):
    [receipt] = case.sender.send([mail()])

    assert "ada@" not in repr(receipt).replace("ada@example.com.eml", "")


# --- the outbox ------------------------------------------------------------------------------------


def test_the_outbox_is_sorted_by_newsletter_and_day(tmp_path: Path):
    list(OutboxSender(tmp_path).send([mail()]))

    assert (tmp_path / "the-example" / "2026-11-23" / "ada@example.com.eml").is_file()


def test_an_address_cannot_leave_the_outbox(tmp_path: Path):
    list(OutboxSender(tmp_path / "outbox").send([mail(to='"../../x"@example.com')]))

    [path] = tmp_path.rglob("*.eml")
    assert path.parent == tmp_path / "outbox" / "the-example" / "2026-11-23"


def test_an_outbox_that_cannot_be_written_stops_the_run(tmp_path: Path):
    (tmp_path / "outbox").write_text("a file, not a folder")

    with pytest.raises(SendError, match="cannot write"):
        list(OutboxSender(tmp_path / "outbox").send([mail()]))


# --- SMTP's answers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "reply", "outcome"),
    [
        ("ada@example.com", "550 5.1.1 no such mailbox", Outcome.REFUSED),
        ("ada@example.com", "450 4.2.0 greylisted", Outcome.DEFERRED),
        ("DATA", "554 5.7.1 spam", Outcome.REFUSED),
        ("DATA", "452 4.3.1 disk full", Outcome.DEFERRED),
        ("MAIL", "451 4.3.0 busy", Outcome.DEFERRED),
    ],
)
def test_a_reply_becomes_an_outcome(postbox: Postbox, stage: str, reply: str, outcome: Outcome):
    postbox.replies[stage] = reply

    [receipt] = smtp(postbox).send([mail()])

    assert receipt.outcome is outcome
    assert receipt.detail == reply


def test_a_sender_that_is_not_wanted_stops_the_run(postbox: Postbox):
    postbox.replies["MAIL"] = "550 5.7.1 not you"

    with pytest.raises(SendError, match=r"does not take mail from news@example\.org: 550"):
        list(smtp(postbox).send([mail()]))


def test_it_is_not_said_whose_mail_a_server_does_not_want(postbox: Postbox):
    postbox.replies["MAIL"] = "550 5.7.1 not you"

    with pytest.raises(SendError, match=r"does not take mail from bounces\+…@example\.org: 550"):
        list(smtp(postbox).send([mail(envelope_sender="bounces+s1-proof@example.org")]))


def test_a_connection_cut_after_the_mail_leaves_it_unsure_and_the_next_one_is_sent(postbox: Postbox):
    postbox.cut.add("ada@example.com")

    first, second = smtp(postbox).send([mail(), mail(subscriber_id="s2", to="bob@example.com")])

    assert (first.outcome, second.outcome) == (Outcome.UNSURE, Outcome.SENT)


def test_one_connection_carries_all(postbox: Postbox):
    list(smtp(postbox).send([mail(subscriber_id=f"s{n}") for n in range(5)]))

    assert postbox.connections == 1


def test_a_421_is_answered_with_a_new_connection(postbox: Postbox):
    postbox.replies["bob@example.com"] = "421 4.3.2 going down"
    sending = smtp(postbox).send([mail(), mail(subscriber_id="s2", to="bob@example.com")])

    assert next(sending).outcome is Outcome.SENT
    with pytest.raises(SendError, match="closed the connection"):
        next(sending)
    assert postbox.connections == 2


def test_nobody_at_home_is_an_error_that_names_the_server(postbox: Postbox):
    sender = smtp(postbox, port=1)

    with pytest.raises(SendError, match=r"smtp 127\.0\.0\.1:1 cannot connect"):
        list(sender.send([mail()]))


def test_an_address_beyond_ascii_is_refused_not_raised(postbox: Postbox):
    [receipt] = smtp(postbox).send([mail(to="jürgen@example.com")])

    assert receipt.outcome is Outcome.REFUSED


# --- encryption and login ---------------------------------------------------------------------------


@pytest.fixture
def tls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ssl.SSLContext:
    """A server's context whose authority is trusted by this process."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def test_starttls_and_a_login(tls: ssl.SSLContext):
    with (
        serving(tls=tls, login={"desk": "correct horse"}) as box,
        closing(smtp(box, security="starttls", username="desk", password=Secret("correct horse"))) as sender,
    ):
        [receipt] = sender.send([mail()])

        assert receipt.outcome is Outcome.SENT
        assert "logged in as desk" in sender.check()


def test_tls_from_the_first_byte(tls: ssl.SSLContext):
    with serving(tls=tls, implicit=True) as box:
        [receipt] = smtp(box, security="tls").send([mail()])

    assert receipt.outcome is Outcome.SENT


@pytest.mark.slow
def test_large_mails_arrive_whole_through_tls(tls: ssl.SSLContext):
    sent = mail()
    large = replace(sent.rendered, html=Slotted(("".join(f"<p>{n}</p>\n" for n in range(40_000)),), ()))
    mails = [replace(sent, rendered=large, to=f"reader{n}@example.com") for n in range(30)]
    with serving(tls=tls, implicit=True, pipelining=True) as box:
        sender = smtp(box, security="tls", connections=3)
        receipts = list(sender.send(mails))
        sender.close()

    assert {receipt.outcome for receipt in receipts} == {Outcome.SENT}
    assert Counter(content for _, content in box.mails) == Counter(map(message, mails))


def test_a_wrong_password_stops_the_run_and_is_not_shown(tls: ssl.SSLContext):
    with serving(tls=tls, login={"desk": "correct horse"}) as box:
        sender = smtp(box, security="starttls", username="desk", password=Secret("canary-7f3a"))

        with pytest.raises(SendError, match="refused the login of 'desk'") as caught:
            list(sender.send([mail()]))

    assert "canary" not in str(caught.value) + repr(sender.__dict__)


@pytest.mark.slow
def test_a_certificate_of_an_unknown_authority_is_refused(
    tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("SSL_CERT_FILE")
    with serving(tls=tls) as box, pytest.raises(SendError, match="certificate"):
        list(smtp(box, security="starttls").send([mail()]))


@pytest.mark.slow
def test_a_server_without_encryption_is_not_talked_to(postbox: Postbox):
    with pytest.raises(SendError, match="starttls"):
        list(smtp(postbox, security="starttls").send([mail()]))

    assert postbox.mails == []
