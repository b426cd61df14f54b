"""`digest send` of a campaign by processes that are killed while they ask the provider, or beside it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from kit.campaignstandins import CAMPAIGN_STAND_INS, CampaignStandIn
from kit.espserver import Answering, Asked, Behaviour, EspServer
from kit.linekit import Project
from kit.mortal import Running, mortal_project, start
from test_campaign_delivery import SENDERS
from test_campaigns import LAUNCHES, MAKES, line

pytestmark = pytest.mark.slow


def killing(running: list[Running], at: str, *, after: bool) -> Behaviour:
    """Kills the client at the first request that looks so, before or after it was carried out."""

    def act(server: EspServer, asked: Asked, answering: Answering) -> None:
        if at not in line(asked):
            server.behaviours.insert(0, act)
            server.usual(asked, answering)
            return
        if after:
            with server.lock:
                server.stand_in.handle(server, asked)
        pid = running[0].process.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)

    return act


@pytest.fixture(params=CAMPAIGN_STAND_INS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def project(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Project]:
    monkeypatch.setenv("KEY", "canary-key-us19")

    def make(url: str) -> Project:
        made = mortal_project(tmp_path / "project", people=0, port=1)
        smtp = 'kind = "smtp"\nhost = "127.0.0.1"\nport = 1\nsecurity = "none"'
        table = f'kind = "{name}"\nbase_url = "{url}"\n{SENDERS[name]}'
        made.configure(lambda text: text.replace(smtp, table))
        return made

    return make


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", ["look", "make", "launch"])
def test_killed_at_any_request_it_is_sent_once(
    name: str, project: Callable[[str], Project], step: str, after: bool
):
    with EspServer(CAMPAIGN_STAND_INS[name]()) as server:
        news = project(server.url)
        at = {"look": "GET ", "make": MAKES[name], "launch": LAUNCHES[name]}[step]
        running: list[Running] = []
        server.behaviours.append(killing(running, at, after=after))
        running.append(start(news))
        assert running[0].ended()[0] == -signal.SIGKILL
        server.behaviours.clear()

        code, said = start(news, "--resume").ended()

        assert code == 0, said
        once(server)
        assert start(news).ended()[0] == 3
        once(server)


@pytest.mark.parametrize("die_at", ["claim commit 1", "claim return 1", "record call 1", "record return 1"])
def test_killed_beside_the_ledger_it_is_sent_once(name: str, project: Callable[[str], Project], die_at: str):
    with EspServer(CAMPAIGN_STAND_INS[name]()) as server:
        news = project(server.url)
        assert start(news, die_at=die_at).ended()[0] == -signal.SIGKILL

        code, said = start(news, "--resume").ended()

        assert code in (0, 3), said
        once(server)


def test_two_processes_at_once_send_it_once(name: str, project: Callable[[str], Project]):
    with EspServer(CAMPAIGN_STAND_INS[name]()) as server:
        news = project(server.url)

        codes = [running.ended()[0] for running in [start(news), start(news)]]

        assert 0 in codes
        assert set(codes) <= {0, 3, 75}
        once(server)


def once(server: EspServer) -> None:
    assert isinstance(server.stand_in, CampaignStandIn)
    assert len(server.taken) == 1
    assert len(server.stand_in.campaigns) == 1
    assert server.violations == []
