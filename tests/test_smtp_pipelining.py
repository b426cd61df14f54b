"""SMTP as it is spoken over kept connections: envelopes in one packet, the next one behind the content.

Servers that misbehave are scripted; one that behaves is aiosmtpd.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from kit.smtpscript import CUT, TORN, Script, scripted
from kit.smtpserver import serving
from test_mime import mail

from digest.errors import SendError, StoreError
from digest.model import Mail, Outcome, Receipt, Slotted
from digest.senders.mime import message
from digest.senders.smtp import SmtpSender, exchange
from digest.senders.smtp.contents import Contents
from digest.senders.smtp.conversation import Job
from digest.senders.smtp.pace import Pace
from digest.settings import SmtpSettings

ENVELOPE = ["MAIL FROM:<news@example.org>", "RCPT TO:<reader0@example.com>", "DATA"]


def mails(count: int) -> list[Mail]:
    return [
        mail(subscriber_id=f"s{n}", to=f"reader{n}@example.com", message_id=f"<{n}@example.org>")
        for n in range(count)
    ]


def sender(port: int, **given: object) -> SmtpSender:
    values = {"kind": "smtp", "host": "127.0.0.1", "port": port, "security": "none", "connections": 1}
    return SmtpSender(SmtpSettings(**(values | given)))  # type: ignore[arg-type]


@contextmanager
def talking(script: Script, **given: object) -> Iterator[SmtpSender]:
    with scripted(script), closing(sender(script.port, **given)) as opened:
        yield opened


def on(command: str, reply: bytes, *, times: int = 1) -> Callable[[str, bytes], bytes | None]:
    """*reply* to the first *times* that *command* is heard."""
    left = [times]

    def answer(heard: str, content: bytes) -> bytes | None:
        if not heard.startswith(command) or not left[0]:
            return None
        left[0] -= 1
        return reply

    return answer


def outcomes(receipts: list[Receipt]) -> list[Outcome]:
    return [receipt.outcome for receipt in receipts]


# --- what goes over the wire ----------------------------------------------------------------------------


def test_an_envelope_is_one_packet_and_the_next_one_travels_behind_the_content():
    with talking(script := Script()) as smtp:
        list(smtp.send(mails(3)))

    _, first, *contents, quitting = [packet for packet in script.packets if packet]
    assert first == ENVELOPE
    following = [command.replace("0@", f"{n}@") for n in (1, 2) for command in [".", *ENVELOPE]]
    assert [command for packet in contents for command in packet] == [*following, "."]
    assert quitting == ["QUIT"]


def test_without_the_extension_each_command_waits_for_its_answer():
    with talking(script := Script(extensions=())) as smtp:
        list(smtp.send(mails(2)))

    assert [command for packet in script.packets for command in packet] == script.said
    assert all(len(packet) <= 1 for packet in script.packets)
    assert len(script.taken) == 2


def test_a_bounce_is_asked_for_where_the_server_offers_it():
    with talking(script := Script(extensions=("DSN", "PIPELINING"))) as smtp:
        list(smtp.send([mail(to="a+b=c@example.com", envelope_sender="bounces+x@example.org")]))

    assert "MAIL FROM:<bounces+x@example.org> RET=HDRS ENVID=abc@example.org" in script.said
    assert "RCPT TO:<a+b=c@example.com> NOTIFY=FAILURE ORCPT=rfc822;a+2Bb+3Dc@example.com" in script.said


def test_no_dot_is_doubled_and_none_is_lost():
    with talking(script := Script()) as smtp:
        list(smtp.send([mail()]))

    assert script.taken == [message(mail())]
    assert not any(line.startswith(b".") for line in script.taken[0].split(b"\r\n"))


# --- what an answer means -------------------------------------------------------------------------------


def test_a_refused_receiver_costs_the_others_nothing():
    refusal = on("RCPT TO:<reader1@", b"550 5.1.1 no such reader1@example.com here")
    with talking(script := Script(refusal)) as smtp:
        receipts = list(smtp.send(mails(4)))

    assert outcomes(receipts) == [Outcome.SENT, Outcome.REFUSED, Outcome.SENT, Outcome.SENT]
    assert receipts[1].detail == "550 5.1.1 no such r…@example.com here"
    assert len(script.taken) == 3


def test_a_data_that_is_taken_although_nobody_receives_it_is_ended_with_a_dot():
    # RFC 2920, 3.1: the 354 was on its way before the refusal could be read.
    with talking(script := Script(on("RCPT TO:<reader0@", b"450 4.2.0 later"))) as smtp:
        receipts = list(smtp.send(mails(2)))

    assert outcomes(receipts) == [Outcome.DEFERRED, Outcome.SENT]
    assert script.said[4:6] == [".", "RSET"]


def test_a_data_that_is_refused_with_its_receiver_is_reset():
    def answer(command: str, content: bytes) -> bytes | None:
        if command.startswith("RCPT TO:<reader0@"):
            refused.append(command)
            return b"550 5.1.1 unknown"
        if command == "DATA" and refused:
            refused.clear()
            return b"554 5.5.1 no valid recipients"
        return None

    refused: list[str] = []
    with talking(script := Script(answer)) as smtp:
        receipts = list(smtp.send(mails(2)))

    assert outcomes(receipts) == [Outcome.REFUSED, Outcome.SENT]
    assert "RSET" in script.said
    assert len(script.taken) == 1


@pytest.mark.slow
@pytest.mark.parametrize("extensions", [(), ("PIPELINING",)])
@pytest.mark.parametrize(
    ("command", "reply", "outcome"),
    [
        ("MAIL", b"451 4.3.0 busy", Outcome.DEFERRED),
        ("RCPT", b"450 4.2.0 greylisted", Outcome.DEFERRED),
        ("RCPT", b"550 5.1.1 unknown", Outcome.REFUSED),
        ("DATA", b"451 4.3.0 busy", Outcome.DEFERRED),
        (".", b"452 4.3.1 disk full", Outcome.DEFERRED),
        (".", b"554 5.7.1 spam", Outcome.REFUSED),
        (".", b"250-2.0.0 taken\r\n250 as 4711", Outcome.SENT),
    ],
)
def test_a_reply_to_any_command_is_that_mails_alone(
    command: str, reply: bytes, outcome: Outcome, extensions: tuple[str, ...]
):
    with talking(script := Script(on(command, reply), extensions)) as smtp:
        receipts = list(smtp.send(mails(3)))

    assert outcomes(receipts) == [outcome, Outcome.SENT, Outcome.SENT]
    assert script.connections == 1


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("MAIL", b"550 5.7.1 you are on a list"),
        ("MAIL", b"530 5.7.0 authentication required"),
        ("RCPT", b"530 5.7.0 authentication required"),
    ],
)
def test_a_sender_that_is_not_wanted_stops_the_run_and_nobody_is_refused(command: str, reply: bytes):
    script, words = Script(on(command, reply, times=9)), r"does not take mail from news@example\.org: 5[35]0"
    with talking(script) as smtp, pytest.raises(SendError, match=words):
        list(smtp.send(mails(3)))

    assert script.taken == []


def test_a_refused_sender_keeps_what_was_sent_before():
    def answer(command: str, content: bytes) -> bytes | None:
        return b"550 5.7.1 enough" if command.startswith("MAIL") and script.taken else None

    script = Script(answer)
    receipts: list[Receipt] = []
    with talking(script) as smtp, pytest.raises(SendError, match="550"):
        receipts.extend(smtp.send(mails(3)))

    assert outcomes(receipts) == [Outcome.SENT]
    assert len(script.taken) == 1


# --- connections that break -----------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("extensions", [(), ("PIPELINING",)])
@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("reply", [CUT, b"421 4.3.2 going down"])
def test_a_connection_lost_before_the_content_is_opened_again(
    command: str, reply: bytes, extensions: tuple[str, ...]
):
    with talking(script := Script(_second_time(command, reply), extensions)) as smtp:
        receipts = list(smtp.send(mails(4)))

    assert outcomes(receipts) == [Outcome.SENT] * 4
    assert Counter(script.taken) == Counter(map(message, mails(4)))
    assert script.connections == 2


def _second_time(command: str, reply: bytes) -> Callable[[str, bytes], bytes | None]:
    seen = [0]

    def answer(heard: str, content: bytes) -> bytes | None:
        seen[0] += heard.startswith(command)
        return reply if heard.startswith(command) and seen[0] == 2 else None

    return answer


@pytest.mark.parametrize("extensions", [(), ("PIPELINING",)])
def test_a_connection_lost_after_the_last_dot_is_unsure_for_that_mail_alone(extensions: tuple[str, ...]):
    with talking(script := Script(_second_time(".", CUT), extensions)) as smtp:
        receipts = list(smtp.send(mails(4)))

    assert outcomes(receipts) == [Outcome.SENT, Outcome.UNSURE, Outcome.SENT, Outcome.SENT]
    assert "no answer after the mail" in receipts[1].detail
    assert len(script.taken) == 3


def test_a_421_after_the_last_dot_defers_and_the_next_mail_has_a_new_connection():
    with talking(script := Script(on(".", b"421 4.3.2 going down"))) as smtp:
        receipts = list(smtp.send(mails(2)))

    assert outcomes(receipts) == [Outcome.DEFERRED, Outcome.SENT]
    assert script.connections == 2


def test_a_server_that_never_lets_a_mail_through_is_an_error():
    script = Script(on("DATA", CUT, times=9))
    with talking(script) as smtp, pytest.raises(SendError, match="closed the connection"):
        list(smtp.send(mails(2)))

    assert script.connections == 1


@pytest.mark.slow
def test_what_a_run_that_broke_off_had_taken_up_is_not_sent_by_the_next_one(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(exchange, "SLOW", 60.0)  # to compose the large one takes its time
    # So much content that it cannot be on its way as a whole when the server goes.
    large = replace(mail().rendered, text=Slotted(("a line of words\n" * 700_000,), ()))
    first = [replace(one, rendered=large) if number == 1 else one for number, one in enumerate(mails(4))]
    again = [replace(one, message_id=f"<again{one.message_id[1:]}") for one in mails(4)]
    script, down = Script(), threading.Event()

    def going_down(command: str, content: bytes) -> bytes | None:
        if command == "DATA" and script.taken:
            down.set()
            return TORN
        return CUT if command.startswith("EHLO") and down.is_set() else None

    script.answer = going_down
    with talking(script) as smtp:
        with pytest.raises(SendError):
            list(smtp.send(first))
        script.answer = lambda command, content: None
        receipts = list(smtp.send(again))

    assert outcomes(receipts) == [Outcome.SENT] * 4
    assert Counter(script.taken[1:]) == Counter(map(message, again))


def test_a_conversation_that_a_mistake_of_ours_ends_leaves_no_half_mail_behind(
    monkeypatch: pytest.MonkeyPatch,
):
    take, takes = Contents.take, [0]

    def mistaken(self: Contents) -> Job | None:
        takes[0] += 1
        if takes[0] == 2:  # asked for when the server waits for the first one's content
            raise ZeroDivisionError
        return take(self)

    with talking(script := Script()) as smtp:
        monkeypatch.setattr(Contents, "take", mistaken)
        with pytest.raises(ZeroDivisionError):
            list(smtp.send(mails(2)))
        receipts = list(smtp.send(mails(2)))

    assert outcomes(receipts) == [Outcome.SENT] * 2
    assert script.taken == [message(one) for one in mails(2)]


@pytest.mark.parametrize("nonsense", [b"hello", b"2", b"999 what", b"250 ok\r\n250 ok\r\n250 and more"])
def test_nonsense_is_never_taken_for_a_sent_mail(nonsense: bytes):
    script = Script(on("DATA", nonsense, times=9))
    with talking(script) as smtp, pytest.raises(SendError, match="closed the connection"):
        list(smtp.send(mails(1)))

    assert script.taken == []


def test_a_kept_connection_that_the_server_has_closed_meanwhile_is_opened_again():
    with talking(script := Script()) as smtp:
        first = list(smtp.send(mails(1)))
        script.answer = on("MAIL", CUT)
        second = list(smtp.send(mails(1)))

    assert outcomes(first + second) == [Outcome.SENT, Outcome.SENT]
    assert script.connections == 2


@pytest.mark.slow
def test_silence_after_the_last_dot_is_borne_longer_than_any_other():
    silence = threading.Event()

    def answer(command: str, content: bytes) -> bytes | None:
        if command == ".":
            silence.wait(0.15)
        return None

    with talking(Script(answer), timeout=timedelta(seconds=0.05)) as smtp:
        [receipt] = smtp.send(mails(1))

    assert receipt.outcome is Outcome.SENT


# --- several connections --------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("pipelining", [False, True])
def test_each_of_many_mails_arrives_once_and_their_receipts_are_in_order(pipelining: bool):
    with serving(pipelining=pipelining) as box, closing(sender(box.port, connections=10)) as smtp:
        receipts = list(smtp.send(iter(mails(300))))

        assert box.connections == 10

    assert [receipt.subscriber_id for receipt in receipts] == [f"s{n}" for n in range(300)]
    assert set(outcomes(receipts)) == {Outcome.SENT}
    assert Counter(content for _, content in box.mails) == Counter(map(message, mails(300)))


def test_a_few_mails_have_one_connection_and_it_is_kept():
    with talking(script := Script(), connections=10) as smtp:
        for _ in range(2):
            list(smtp.send(mails(2)))

    assert script.connections == 1
    assert script.said.count("QUIT") == 1


def test_a_server_that_allows_fewer_connections_gets_all_mails_over_those():
    def answer(command: str, content: bytes) -> bytes | None:
        return (
            b"421 4.7.0 too many connections"
            if command[:4] in {"EHLO", "HELO"} and script.connections > 2
            else None
        )

    script = Script(answer)
    with talking(script, connections=8) as smtp:
        receipts = list(smtp.send(mails(60)))

    assert set(outcomes(receipts)) == {Outcome.SENT}
    assert len(script.taken) == 60


def test_mails_are_asked_for_as_they_can_be_sent():
    asked = []

    def source() -> Iterator[Mail]:
        for one in mails(100):
            asked.append(one)
            yield one

    with talking(Script()) as smtp:
        sending = smtp.send(source())
        next(sending)

        assert len(asked) < 10
        sending.close()


def test_when_the_source_of_mails_fails_the_receipts_of_what_left_come_first():
    def source() -> Iterator[Mail]:
        yield from mails(7)
        raise StoreError("the disk is full")

    receipts: list[Receipt] = []
    with talking(script := Script(), connections=3) as smtp, pytest.raises(StoreError):
        receipts.extend(smtp.send(source()))

    assert len(receipts) == len(script.taken)
    assert {receipt.outcome for receipt in receipts} <= {Outcome.SENT}


def test_a_sender_that_nobody_holds_any_more_says_goodbye():
    with scripted(Script()) as script:
        smtp = sender(script.port)
        list(smtp.send(mails(1)))
        del smtp

    assert script.said[-1] == "QUIT"


# --- how fast -------------------------------------------------------------------------------------------


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_rate_spaces_the_mails_of_a_domain():
    clock = Clock()
    pace = Pace(2, clock)

    assert [pace.wait(f"a@{domain}") for domain in ("x.org", "X.org", "y.org", "x.org")] == [0, 0.5, 0, 0.5]
    clock.now += 0.5
    assert [pace.wait("b@x.org") for _ in range(2)] == [0, 0.5]


def test_no_rate_is_no_wait():
    pace = Pace(0, Clock())

    assert [pace.wait("a@x.org") for _ in range(3)] == [0, 0, 0]


def test_domains_whose_time_has_come_are_forgotten():
    clock = Clock()
    pace = Pace(1, clock)
    for number in range(3000):
        clock.now += 2
        pace.wait(f"a@{number}.org")

    assert len(pace._next) <= 1000


@pytest.mark.slow
def test_a_rate_is_kept_to_without_losing_a_mail():
    with talking(script := Script(), connections=3, domain_rate=200.0) as smtp:
        receipts = list(smtp.send(mails(12)))

    assert outcomes(receipts) == [Outcome.SENT] * 12
    assert len(script.taken) == 12
