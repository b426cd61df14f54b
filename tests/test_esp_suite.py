"""Every sender behind an API passes the same suite; to add one, add a stand-in and its settings."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from time import sleep
from typing import Any, NamedTuple

import pytest
from kit.builders import NOW, newsletter
from kit.espcases import SETTINGS, Clock, mails
from kit.espserver import (
    Arrived,
    EspServer,
    breaks_off,
    drips,
    drips_headers,
    endless,
    hangs,
    says,
    takes_and_closes,
    takes_and_hangs,
)
from kit.espstandins import STAND_INS
from test_rendering import shipped

from digest.errors import SendError
from digest.model import EditionKey, Letter, Mail, Outcome
from digest.pipeline.delivery.addressing import letter_to
from digest.rendering.letters import letter
from digest.senders.batching import SLOW, ApiSender
from digest.senders.providers import CAPABILITIES as ALL
from digest.senders.providers import open_api
from digest.senders.rate import PATIENCE

CAPABILITIES = {name: can for name, can in ALL.items() if can.kind == "message"}
BATCHING = [name for name, can in CAPABILITIES.items() if can.batch_max > 1]
KEYED = [name for name, can in CAPABILITIES.items() if can.idempotency]
UNKEYED = [name for name, can in CAPABILITIES.items() if not can.idempotency]


class Case(NamedTuple):
    name: str
    server: EspServer
    sender: ApiSender
    clock: Clock

    @property
    def pauses(self) -> list[float]:
        """How long the sender waited, each time."""
        return self.clock.pauses

    @property
    def arrived(self) -> list[Arrived]:
        posts = [asked for asked in self.server.asked if asked.method == "POST"]
        return [one for asked in posts for one in self.server.stand_in.mails(asked)]


def open_case(name: str, server: EspServer, **given: Any) -> Case:
    kind, values = SETTINGS[name]
    clock = Clock()
    settings = kind(kind=name, **{"base_url": server.url, "timeout": timedelta(seconds=5), **values, **given})
    return Case(name, server, open_api(settings, clock=clock, sleep=clock.sleep), clock)


def quick(case: Case) -> Case:
    """The same with hardly any time for an answer."""
    return open_case(case.name, case.server, timeout=timedelta(seconds=0.3))


@pytest.fixture
def case(request: pytest.FixtureRequest) -> Iterator[Case]:
    with EspServer(STAND_INS[request.param]()) as server:
        yield open_case(request.param, server)
        assert server.violations == []


every = pytest.mark.parametrize("case", CAPABILITIES, indirect=True)
batching = pytest.mark.parametrize("case", BATCHING, indirect=True)
keyed = pytest.mark.parametrize("case", KEYED, indirect=True)
unkeyed = pytest.mark.parametrize("case", UNKEYED, indirect=True)


def outcomes(case: Case, sent: list[Mail]) -> list[Outcome]:
    return [receipt.outcome for receipt in case.sender.send(sent)]


# --- what arrives ----------------------------------------------------------------------------------


@pytest.mark.slow
@every
def test_each_reader_gets_their_own_mail_and_header_fields(case: Case):
    sent = mails(3, to_name='Ada "B" Łovelace', reply_to="Desk <desk@example.org>")

    assert outcomes(case, sent) == [Outcome.SENT] * 3
    arrived = sorted(case.arrived)
    assert [one.to for one in arrived] == [one.to for one in sent]
    for one, given in zip(arrived, sent, strict=True):
        assert (one.html, one.text) == (given.html, given.text)
        assert one.subject == given.rendered.subject
        assert one.headers["message-id"] == given.message_id
        assert one.headers["list-unsubscribe"] == given.headers[0][1].replace("\r\n", "")


@pytest.mark.slow
@every
def test_a_letter_arrives_as_it_is(case: Case):
    key = EditionKey(newsletter="the-example", day=NOW.date())
    written = letter(Letter.CONFIRM, newsletter(), shipped(), key)
    link = "https://news.example.org/confirm/abc_-.def"
    sent = letter_to("ada@example.com", written, newsletter(bounces="b@example.org"), link=link, now=NOW)

    assert outcomes(case, [sent]) == [Outcome.SENT]
    [arrived] = case.arrived
    assert (arrived.to, arrived.html, arrived.text) == (sent.to, sent.html, sent.text)
    assert arrived.html.count(f'"{link}"') == 2
    assert f"\n{link}\n" in arrived.text
    assert arrived.headers["auto-submitted"] == "auto-generated"
    assert "list-unsubscribe" not in arrived.headers
    # The stand-ins know editions, which have a list to be left; a letter is to none.
    case.server.violations[:] = [one for one in case.server.violations if "'List-Unsubscribe'" not in one]


@pytest.mark.slow
@every
def test_receipts_are_in_order_with_the_providers_id(case: Case):
    receipts = list(case.sender.send(mails(2 * case.sender.batch + 1)))

    assert [receipt.subscriber_id for receipt in receipts] == [f"s{n}" for n in range(len(receipts))]
    assert all(receipt.remote_id for receipt in receipts)
    assert len(set(case.server.taken)) == len(case.server.taken) == 2 * case.sender.batch + 1


@pytest.mark.slow
@every
def test_no_request_has_more_mails_than_it_may(case: Case):
    list(case.sender.send(mails(case.sender.batch)))

    most = max(len(case.server.stand_in.receivers(asked)) for asked in case.server.asked)
    assert most <= CAPABILITIES[case.name].batch_max
    assert (most > 1) == (case.name in BATCHING)


@pytest.mark.slow
@every
def test_nothing_to_send_asks_nothing(case: Case):
    assert list(case.sender.send([])) == []
    assert case.server.asked == []


@pytest.mark.slow
@every
def test_the_check_asks_and_sends_nothing(case: Case):
    assert case.server.url in case.sender.check()
    assert [asked.method for asked in case.server.asked] == ["GET"]
    assert case.server.taken == []


@pytest.mark.slow
@every
def test_somebody_elses_web_page_is_no_taken_key(case: Case):
    case.server.behaviours.append(says(200, "<html>Sign in</html>", content_type="text/html"))

    with pytest.raises(SendError, match=r"it cannot be used: .*base_url"):
        case.sender.check()


@pytest.mark.slow
@every
def test_mails_of_two_editions_do_not_share_a_request(case: Case):
    [first], [second] = mails(1, subject="One"), mails(1, subject="Two")
    other = replace(second, rendered=replace(second.rendered, sha256="cd" * 32))

    list(case.sender.send([first, other]))

    assert sorted(one.subject for one in case.arrived) == ["One", "Two"]


# --- who is not taken -------------------------------------------------------------------------------


@pytest.mark.slow
@every
@pytest.mark.parametrize("place", [0, 3, 6])
def test_one_bad_address_is_refused_and_the_others_are_sent_once(case: Case, place: int):
    case.server.bad.add(f"reader{place}@example.com")

    found = outcomes(case, mails(7))

    assert found == [Outcome.REFUSED if n == place else Outcome.SENT for n in range(7)]
    assert sorted(case.server.taken) == [f"reader{n}@example.com" for n in range(7) if n != place]


@batching
def test_several_bad_addresses_are_found(case: Case):
    case.server.bad.update(f"reader{n}@example.com" for n in (1, 2, 5))

    found = outcomes(case, mails(7))

    assert [n for n, outcome in enumerate(found) if outcome is Outcome.REFUSED] == [1, 2, 5]


@pytest.mark.slow
@every
def test_what_is_refused_to_all_is_nobodys_address(case: Case):
    case.server.behaviours += [says(422, {"message": "The from address is not verified"})] * 50

    receipts = []
    with pytest.raises(SendError, match=case.name):
        receipts.extend(case.sender.send(mails(4)))

    assert receipts == []


@pytest.mark.slow
@every
@pytest.mark.parametrize("status", [401, 403, 402, 404])
def test_a_key_that_is_not_taken_stops_the_run(case: Case, status: int):
    case.server.behaviours += [says(status, {"message": "no"})] * 50

    with pytest.raises(SendError, match=f"{case.name}: .*{status}"):
        list(case.sender.send(mails(3)))
    with pytest.raises(SendError):
        case.sender.check()

    assert case.server.taken == []


@pytest.mark.slow
@every
def test_what_was_sent_before_a_stop_has_its_receipt(case: Case):
    case.server.behaviours += [None] * 2 + [says(401, {"message": "revoked"})] * 500

    found = []
    with pytest.raises(SendError, match="401"):
        found.extend(case.sender.send(mails(3 * case.sender.most)))

    assert [receipt.outcome for receipt in found] == [Outcome.SENT] * len(case.server.taken)
    assert found


@pytest.mark.slow
@every
def test_a_redirect_is_not_followed(case: Case):
    case.server.behaviours += [says(307, "", location="http://127.0.0.1:1/elsewhere")] * 50

    with pytest.raises(SendError, match="base_url"):
        list(case.sender.send(mails(1)))


@pytest.mark.slow
@every
def test_nobody_at_home_stops_the_run(case: Case):
    lonely = open_case(case.name, case.server, base_url="http://127.0.0.1:1")

    with pytest.raises(SendError, match=r"cannot reach http://127\.0\.0\.1:1"):
        list(lonely.sender.send(mails(2)))


# --- not now ----------------------------------------------------------------------------------------


@pytest.mark.slow
@every
@pytest.mark.parametrize("status", [429, 503])
def test_it_waits_as_long_as_it_is_asked_and_then_sends(case: Case, status: int):
    case.server.behaviours.append(says(status, "{}", retry_after="7"))

    assert outcomes(case, mails(1)) == [Outcome.SENT]
    assert case.pauses == [7.0]


@pytest.mark.slow
@every
def test_beyond_its_patience_a_mail_is_deferred_and_the_run_stops(case: Case):
    case.server.behaviours += [says(429, {"message": "slow down"}, retry_after="3600")] * 50
    sending = case.sender.send(mails(case.sender.most + 1))

    first = [next(sending) for _ in range(case.sender.most)]

    assert {receipt.outcome for receipt in first} == {Outcome.DEFERRED}
    with pytest.raises(SendError, match="has taken none"):
        next(sending)
    assert case.server.taken == []
    assert sum(case.pauses) < 1  # no more than the provider's usual rate asks for


@pytest.mark.slow
@every
def test_without_a_time_it_waits_longer_and_longer_within_its_patience(case: Case):
    case.server.behaviours += [says(429, "{}")] * 50

    assert outcomes(case, mails(1)) == [Outcome.DEFERRED]
    assert case.pauses == sorted(case.pauses)
    assert 30 < sum(case.pauses) <= PATIENCE


@pytest.mark.slow
@every
def test_asking_to_come_back_at_once_does_not_go_on_for_ever(case: Case):
    case.server.behaviours += [says(429, "{}", retry_after="0")] * 500

    assert outcomes(case, mails(1)) == [Outcome.DEFERRED]


# --- nobody knows -----------------------------------------------------------------------------------


@pytest.mark.slow
@unkeyed
@pytest.mark.parametrize("behaviour", [takes_and_closes, breaks_off, says(500), says(502), says(504)])
def test_what_may_have_been_taken_is_unsure_and_asked_once(case: Case, behaviour: Any):
    case.server.behaviours.append(behaviour)

    assert outcomes(case, mails(1)) == [Outcome.UNSURE]
    assert len(case.server.asked) == 1


@pytest.mark.slow
@unkeyed
@pytest.mark.parametrize("behaviour", [takes_and_hangs, hangs, drips, drips_headers, endless])
def test_an_answer_that_does_not_come_is_unsure(case: Case, behaviour: Any):
    case.server.behaviours.append(behaviour)

    assert outcomes(quick(case), mails(1)) == [Outcome.UNSURE]


@pytest.mark.slow
@keyed
@pytest.mark.parametrize("behaviour", [takes_and_closes, breaks_off, says(500), says(502), says(504)])
def test_a_key_makes_it_safe_to_ask_again(case: Case, behaviour: Any):
    case.server.behaviours += [behaviour, behaviour]

    assert outcomes(case, mails(1)) == [Outcome.SENT]
    assert case.server.taken == ["reader0@example.com"]
    bodies = {asked.body for asked in case.server.asked}
    assert (len(case.server.asked), len(bodies)) == (3, 1)


@pytest.mark.slow
@keyed
@pytest.mark.parametrize("behaviour", [takes_and_hangs, hangs])
def test_a_key_covers_a_timeout(case: Case, behaviour: Any):
    case.server.behaviours.append(behaviour)

    assert outcomes(quick(case), mails(1)) == [Outcome.SENT]
    assert case.server.taken == ["reader0@example.com"]


@keyed
def test_asking_again_ends_and_leaves_it_unsure(case: Case):
    case.server.behaviours += [says(500)] * 50

    assert outcomes(case, mails(1)) == [Outcome.UNSURE]
    assert len(case.server.asked) == 3


@pytest.mark.slow
@keyed
@pytest.mark.parametrize("after", [says(429, "{}", retry_after="9999"), says(401), says(422)])
def test_a_doubt_is_not_settled_by_a_no_to_the_repetition(case: Case, after: Any):
    """The first request may have been taken, whatever is said to the second."""
    case.server.behaviours += [takes_and_closes, after]

    assert outcomes(case, mails(1)) == [Outcome.UNSURE]


@keyed
def test_the_same_mail_in_another_run_is_known_again(case: Case):
    again = open_case(case.name, case.server)

    assert outcomes(case, mails(2)) == outcomes(again, mails(2)) == [Outcome.SENT] * 2
    assert sorted(case.server.taken) == ["reader0@example.com", "reader1@example.com"]


@pytest.mark.slow
@every
def test_a_provider_that_does_not_answer_does_not_put_the_whole_list_in_doubt(case: Case):
    case.server.behaviours += [says(500)] * 500
    sending = case.sender.send(mails(3 * case.sender.most))

    found = []
    with pytest.raises(SendError, match="has taken none"):
        found.extend(sending)

    assert [receipt.outcome for receipt in found] == [Outcome.UNSURE] * case.sender.most


@pytest.mark.slow
@every
def test_a_slow_source_is_not_asked_while_anything_is_untold(case: Case):
    size, told = case.sender.size, 0
    untold: list[int] = []

    def trickling() -> Iterator[Mail]:
        for number, mail in enumerate(mails(4 * size)):
            if number % size == 0:
                untold.append(number - told)
                sleep(2 * SLOW)
            yield mail

    for receipt in case.sender.send(trickling()):
        assert receipt.outcome is Outcome.SENT
        told += 1

    assert told == 4 * size
    assert untold == [0, 0, 0, 0]


@pytest.mark.slow
@every
@pytest.mark.parametrize("body", ["", "[]", "{", "null", "[[]]", '{"data": 3}', "\xff", "[" * 5000])
def test_a_success_that_cannot_be_read_is_unsure(case: Case, body: str):
    case.server.behaviours += [says(200, body)] * 3

    assert outcomes(case, mails(1)) == [Outcome.UNSURE]


# --- what is shown ----------------------------------------------------------------------------------


@pytest.mark.slow
@every
@pytest.mark.parametrize(
    "behaviour", [says(401, {"message": "canary of reader0@example.com"}), takes_and_closes, says(422)]
)
def test_no_key_and_no_address_is_shown(case: Case, behaviour: Any, caplog: pytest.LogCaptureFixture):
    caplog.set_level("DEBUG")
    case.server.behaviours += [behaviour] * 50
    shown = [repr(case.sender._provider.call(mails(1)))]
    try:
        shown += map(repr, case.sender.send(mails(1)))
    except SendError as exc:
        shown.append("".join(traceback.format_exception(exc)))

    words = " ".join([*shown, caplog.text])
    assert "canary-key" not in words
    assert "reader0@" not in words
    assert "Y2FuYXJ5" not in words
