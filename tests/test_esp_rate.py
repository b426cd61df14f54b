"""How fast requests leave for a provider: spread over all connections, on a clock that only sleep moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Lock
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit.espcases import SETTINGS, Clock, mails
from kit.espserver import EspServer, says
from kit.espstandins import STAND_INS

from digest.model import Outcome
from digest.senders.answers import Answer
from digest.senders.batching import ApiSender
from digest.senders.providers import CAPABILITIES, open_api
from digest.senders.rate import PATIENCE, WINDOW, Patience, Rate


class SharedClock(Clock):
    """One for several threads: whoever sleeps moves it to the end of the sleep, and never back."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()
        self.begun = self.now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.pauses.append(seconds)
            self.now += seconds


def turns(rate: Rate, clock: Clock, count: int) -> list[float]:
    """When each of so many requests left."""
    found = []
    for _ in range(count):
        rate.turn()
        found.append(clock.now)
    return found


def test_requests_are_spread_evenly():
    clock = Clock()

    left = turns(Rate(4, clock=clock, sleep=clock.sleep), clock, 5)

    assert [moment - left[0] for moment in left] == pytest.approx([0, 0.25, 0.5, 0.75, 1.0])


def test_without_a_number_nobody_waits():
    clock = Clock()

    turns(Rate(clock=clock, sleep=clock.sleep), clock, 50)

    assert clock.pauses == []


def test_time_that_was_spent_otherwise_is_not_waited_for_again_and_not_saved_up():
    clock = Clock()
    rate = Rate(2, clock=clock, sleep=clock.sleep)
    turns(rate, clock, 1)
    clock.now += 60

    left = turns(rate, clock, 3)

    assert [moment - left[0] for moment in left] == pytest.approx([0, 0.5, 1.0])


@pytest.mark.slow
@given(number=st.integers(1, 8), per_second=st.sampled_from([0.5, 3.0, 10.0]))
def test_connections_share_one_rate(number: int, per_second: float):
    clock = SharedClock()
    rate = Rate(per_second, clock=clock, sleep=clock.sleep)

    with ThreadPoolExecutor(number) as pool:
        for done in [pool.submit(turns, rate, clock, 4) for _ in range(number)]:
            done.result()

    assert clock.now - clock.begun >= (4 * number - 1) / per_second - 1e-6


def test_whoever_is_asked_to_wait_all_wait():
    clock = Clock()
    rate = Rate(10, clock=clock, sleep=clock.sleep)
    turns(rate, clock, 1)

    rate.hold(7)
    rate.hold(3)

    assert turns(rate, clock, 1) == [pytest.approx(1007)]


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"ratelimit-remaining": "0", "ratelimit-reset": "4"}, 4),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "4"}, 4),
        ({"x-sib-ratelimit-remaining": "0", "x-sib-ratelimit-reset": "4"}, 4),
        (
            {
                "x-ratelimit-remaining": "0",
                "x-ratelimit-reset": "1795428009",
                "date": "Mon, 23 Nov 2026 10:00:00 GMT",
            },
            9,
        ),
        ({"ratelimit-remaining": "0", "ratelimit-reset": "86400"}, WINDOW),
        ({"ratelimit-remaining": "1", "ratelimit-reset": "4"}, 0),
        ({"ratelimit-remaining": "0"}, 0),
        ({"ratelimit-remaining": "none", "ratelimit-reset": "soon"}, 0),
        ({}, 0),
    ],
)
def test_a_window_with_nothing_left_is_waited_out(headers: dict[str, str], wait: float):
    clock = Clock()
    rate = Rate(clock=clock, sleep=clock.sleep)

    rate.heard(Answer(status=200, headers=headers))

    assert turns(rate, clock, 1) == [pytest.approx(1000 + wait)]


@given(asked=st.lists(st.none() | st.floats(0, 200), max_size=300))
def test_patience_ends(asked: list[float | None]):
    patience = Patience()

    pauses = [pause for each in asked if (pause := patience.pause(each)) is not None]

    assert sum(pauses) <= PATIENCE
    assert all(pause >= 1 for pause in pauses)


# --- with a sender -----------------------------------------------------------------------------------


Opened = Callable[..., tuple[ApiSender, EspServer, SharedClock]]


@pytest.fixture
def opened() -> Iterator[Opened]:
    servers: list[EspServer] = []

    def make(name: str, **given: Any) -> tuple[ApiSender, EspServer, SharedClock]:
        server = EspServer(STAND_INS[name]())
        servers.append(server.__enter__())
        kind, values = SETTINGS[name]
        settings = kind(
            kind=name, **{"base_url": server.url, "timeout": timedelta(seconds=5), **values, **given}
        )
        clock = SharedClock()
        return open_api(settings, clock=clock, sleep=clock.sleep), server, clock

    yield make
    for server in servers:
        server.__exit__()


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in STAND_INS if CAPABILITIES[name].rate])
def test_what_the_documents_allow_is_kept(name: str, opened: Opened):
    size = {"batch": 1} if CAPABILITIES[name].batch_max > 1 else {}
    sender, server, clock = opened(name, **size)

    assert {receipt.outcome for receipt in sender.send(mails(20))} == {Outcome.SENT}

    assert len(server.asked) == 20
    assert clock.now - clock.begun >= 19 / CAPABILITIES[name].rate - 1e-6


@pytest.mark.slow
@pytest.mark.parametrize("name", STAND_INS)
def test_the_settings_may_say_another_number(name: str, opened: Opened):
    sender, server, clock = opened(name, rate=2.0)

    list(sender.send(mails(sender.batch)))

    assert clock.now - clock.begun >= (len(server.asked) - 1) / 2 - 1e-6


@pytest.mark.slow
def test_one_connections_429_is_every_connections(opened: Opened):
    sender, server, clock = opened("mailgun")
    server.behaviours.append(says(429, "{}", retry_after="9"))

    found = list(sender.send(mails(32)))

    assert {receipt.outcome for receipt in found} == {Outcome.SENT}
    assert max(clock.pauses) == pytest.approx(9, abs=1e-6)
    assert len(server.asked) == 33


def test_a_window_that_a_success_closes_is_waited_out(opened: Opened):
    sender, server, clock = opened("brevo")
    closes = {"x_sib_ratelimit_remaining": "0", "x_sib_ratelimit_reset": "6"}
    server.behaviours.append(says(201, {"messageId": "<1>"}, **closes))

    found = list(sender.send(mails(1))) + list(sender.send(mails(1)))

    assert [receipt.outcome for receipt in found] == [Outcome.SENT] * 2
    assert clock.now - clock.begun == pytest.approx(6)
