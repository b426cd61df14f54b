"""A campaign and the ledger: claimed, launched once, unsure, resumed; and what the commands say."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from kit.builders import NOW, newsletter
from kit.campaignstandins import CAMPAIGN_STAND_INS, CampaignStandIn
from kit.espcases import campaign
from kit.espserver import EspServer, says, takes_and_closes
from kit.linekit import Project
from kit.mortal import KEY, mortal_project
from test_campaigns import LAUNCHES, MAKES, late, line, open_case

from digest import app as application
from digest import pipeline
from digest.cli import sending, telling
from digest.errors import BusyError, EditionError, SendError
from digest.model import (
    CAMPAIGN,
    Campaign,
    Delivery,
    Outcome,
    Rendered,
    Run,
    Standing,
    State,
    Subscriber,
    Tally,
)
from digest.pipeline.delivery import addressing
from digest.pipeline.desk import Desk
from digest.ports import Store
from digest.preview.editing import Editing
from digest.preview.exhibit import Exhibit
from digest.stores import open_store
from digest.stores.files import DiskEditionFiles

NEWS = newsletter(postal_address="1 High Street, Springfield", from_="The Example <news@example.org>")


@dataclass(frozen=True)
class Morning:
    """A store, a desk, and a provider that holds the list."""

    name: str
    server: EspServer
    store: Store
    desk: Desk

    def deliver(self, rendered: Rendered | None = None, **given: Any) -> pipeline.Campaigned:
        sender = open_case(self.name, self.server).sender
        given = {"now": NOW, **given}
        return pipeline.deliver_campaign(NEWS, rendered or edition(), self.desk, sender, **given)

    @property
    def row(self) -> Delivery | None:
        return self.store.ledger.get(edition().key, CAMPAIGN)

    @property
    def state(self) -> State | None:
        return self.row.state if self.row else None

    @property
    def provider(self) -> CampaignStandIn:
        assert isinstance(self.server.stand_in, CampaignStandIn)
        return self.server.stand_in

    def only(self) -> dict[str, Any]:
        [one] = self.provider.campaigns.values()
        return one

    def launches(self) -> int:
        return sum(LAUNCHES[self.name] in line(one) for one in self.server.asked)


def edition(**given: Any) -> Rendered:
    return campaign(**given).rendered


@pytest.fixture(params=CAMPAIGN_STAND_INS)
def morning(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Morning]:
    store = open_store("sqlite:///var/digest.db", project=tmp_path)
    desk = Desk(store=store, files=DiskEditionFiles(tmp_path), fetcher=None, summarizers=())  # type: ignore[arg-type]
    with EspServer(CAMPAIGN_STAND_INS[request.param]()) as server:
        yield Morning(request.param, server, store, desk)
        assert server.violations == []
    store.close()


def test_it_is_handed_over_and_the_ledger_has_one_row(morning: Morning):
    done = morning.deliver()

    assert (done.outcome, done.complete, done.before, done.differs) == (Outcome.SENT, True, False, False)
    assert morning.store.ledger.tally(edition().key) == Tally(sent=1)
    assert morning.row is not None
    assert done.remote is not None
    assert (morning.row.remote_id, morning.row.sha256) == (done.remote.id, edition().sha256)
    assert morning.row.detail.startswith("sending")
    assert len(morning.server.taken) == 1


def test_a_second_run_sends_nothing_and_tells_how_it_stands(morning: Morning):
    morning.deliver()
    morning.only()["status"] = "finished" if morning.name == "listmonk" else "sent"

    again = morning.deliver()

    assert (again.before, again.remote and again.remote.standing) == (True, Standing.SENT)
    assert (len(morning.server.taken), morning.launches()) == (1, 1)


def test_a_second_run_needs_no_answer(morning: Morning):
    morning.deliver()
    morning.server.behaviours += [says(401)] * 10

    assert (morning.deliver().before, morning.state) == (True, State.SENT)


def test_an_answer_that_got_lost_costs_nothing(morning: Morning):
    morning.server.behaviours.append(late(takes_and_closes, MAKES[morning.name]))

    assert morning.deliver().outcome is Outcome.SENT
    assert len(morning.server.taken) == len(morning.provider.campaigns) == 1


def test_nothing_that_is_refused_is_claimed_for_ever(morning: Morning):
    morning.server.behaviours += [says(401, {"detail": "no", "message": "no"})]

    with pytest.raises(SendError, match="401"):
        morning.deliver()
    assert morning.state is State.PENDING

    assert morning.deliver().outcome is Outcome.SENT
    assert len(morning.server.taken) == 1


def test_the_row_is_claimed_before_anything_is_asked_and_named_before_the_launch(morning: Morning):
    seen: list[tuple[State | None, bool]] = []
    usual = morning.server.usual

    def watch(asked: Any, answering: Any) -> None:
        seen.append((morning.state, bool(morning.row and morning.row.remote_id)))
        usual(asked, answering)

    morning.server.usual = watch  # type: ignore[method-assign]
    morning.deliver()

    asked = [line(one) for one in morning.server.asked]
    launch = next(n for n, one in enumerate(asked) if LAUNCHES[morning.name] in one)
    make = next(n for n, one in enumerate(asked) if MAKES[morning.name] in one)
    assert {state for state, _ in seen} == {State.SENDING}
    assert seen[launch][1]
    assert not seen[make][1]


# --- a launch of which nobody knows ---------------------------------------------------------------------


@pytest.fixture
def unsure(morning: Morning) -> Morning:
    """The launch was answered with 504, and did not arrive."""
    morning.server.behaviours.append(late(says(504), LAUNCHES[morning.name]))
    assert morning.deliver().outcome is Outcome.UNSURE
    assert morning.state is State.UNSURE
    return morning


def test_it_is_not_launched_again_by_itself(unsure: Morning):
    again = unsure.deliver()

    assert (again.outcome, again.complete) == (Outcome.UNSURE, False)
    assert again.remote is not None
    assert again.remote.standing is Standing.DRAFT
    assert (unsure.launches(), unsure.server.taken) == (1, [])


def test_resuming_launches_the_same_campaign(unsure: Morning):
    done = unsure.deliver(resume=True)

    assert (done.outcome, unsure.state) == (Outcome.SENT, State.SENT)
    assert len(unsure.server.taken) == len(unsure.provider.campaigns) == 1


def test_one_that_arrived_after_all_is_sent(unsure: Morning):
    unsure.provider.launch(unsure.server, unsure.only())

    assert (unsure.deliver().outcome, unsure.state) == (Outcome.SENT, State.SENT)
    assert (unsure.launches(), len(unsure.server.taken)) == (1, 1)


def test_one_that_is_gone_stays_unsure_and_no_other_is_made(unsure: Morning):
    unsure.provider.campaigns.clear()

    for resume in (False, True):
        done = unsure.deliver(resume=resume)
        assert (done.outcome, done.remote) == (Outcome.UNSURE, None)
    assert unsure.provider.campaigns == {}


def test_one_that_says_something_else_by_now_is_not_resumed(unsure: Morning):
    with pytest.raises(EditionError, match="was changed since"):
        unsure.deliver(edition(sha256="ef" * 32), resume=True)

    assert unsure.launches() == 1


def test_a_resumed_launch_that_is_refused_stays_unsure(unsure: Morning):
    unsure.server.behaviours.append(late(says(400, {"detail": "no", "message": "no"}), LAUNCHES[unsure.name]))

    with pytest.raises(SendError, match="was not launched"):
        unsure.deliver(resume=True)

    assert unsure.state is State.UNSURE


def test_one_that_was_paused_there_is_unsure_until_it_goes_on(morning: Morning):
    morning.server.behaviours.append(late(says(504), LAUNCHES[morning.name]))
    morning.deliver()
    morning.only()["status"] = "paused"

    paused = morning.deliver(resume=True)
    morning.only()["status"] = morning.provider.running

    assert (paused.outcome, morning.launches()) == (Outcome.UNSURE, 1)
    assert morning.deliver().outcome is Outcome.SENT


def test_one_that_was_called_off_there_is_refused(unsure: Morning):
    called_off = {"listmonk": "cancelled", "buttondown": "suppressed", "mailchimp": "canceled"}
    unsure.only()["status"] = called_off[unsure.name]

    done = unsure.deliver(resume=True)

    assert (done.outcome, unsure.state) == (Outcome.REFUSED, State.REFUSED)
    assert unsure.deliver(resume=True).before
    assert unsure.server.taken == []


# --- other ways to send twice --------------------------------------------------------------------------


def test_a_ledger_that_was_lost_does_not_send_it_again(morning: Morning, tmp_path: Path):
    morning.deliver()
    store = open_store("sqlite:///var/other.db", project=tmp_path)
    restored = replace(morning, store=store, desk=replace(morning.desk, store=store))

    done = restored.deliver()
    store.close()

    assert (done.outcome, done.before) == (Outcome.SENT, False)
    assert (len(morning.server.taken), morning.launches()) == (1, 1)


def test_another_process_that_is_at_it_is_left_alone(morning: Morning):
    ledger, key = morning.store.ledger, edition().key
    with ledger.owned() as other:
        ledger.claim(key, [(CAMPAIGN, "")], sha256="", at=NOW, owner=other)
        with pytest.raises(BusyError, match="another process"):
            morning.deliver()

    assert morning.server.asked == []


def test_a_test_of_the_draft_is_waited_for(morning: Morning):
    """At the very hour, where cron sends and will not come again."""
    ledger, key, waits = morning.store.ledger, edition().key, list[float]()
    with ledger.owned() as desk:
        ledger.claim(key, [(CAMPAIGN, "")], sha256="", at=NOW, owner=desk)

        def wait(seconds: float) -> bool:
            waits.append(seconds)
            if len(waits) == 3:
                ledger.release(key, [CAMPAIGN])
            return False

        done = morning.deliver(tempo=pipeline.Tempo(lambda: NOW, wait=wait))

    assert (done.outcome, done.before) == (Outcome.SENT, False)
    assert (len(waits), len(morning.server.taken)) == (3, 1)


def test_a_test_is_not_waited_for_for_ever_nor_against_a_stop(morning: Morning):
    ledger, key, waits = morning.store.ledger, edition().key, list[float]()
    with ledger.owned() as desk:
        ledger.claim(key, [(CAMPAIGN, "")], sha256="", at=NOW, owner=desk)
        for most in (1000, 5):

            def wait(seconds: float, most: int = most) -> bool:
                waits.append(seconds)
                return len(waits) >= most

            with pytest.raises(BusyError, match="another process"):
                morning.deliver(tempo=pipeline.Tempo(lambda: NOW, wait=wait))
            assert sum(waits) == (120 if most == 1000 else 5)
            waits.clear()

    assert morning.server.asked == []


def test_one_that_is_being_handed_over_is_not_waited_for(morning: Morning):
    ledger, key = morning.store.ledger, edition().key
    morning.store.editions.begin(key, at=NOW)
    with ledger.owned() as other:
        ledger.claim(key, [(CAMPAIGN, "")], sha256="", at=NOW, owner=other)
        with pytest.raises(BusyError, match="another process"):
            morning.deliver(tempo=pipeline.Tempo(lambda: NOW, wait=lambda _: pytest.fail("waits")))


def test_a_launch_that_was_certainly_not_made_has_not_begun(morning: Morning):
    morning.server.behaviours.append(says(401))
    with pytest.raises(SendError):
        morning.deliver()
    assert morning.store.editions.begun(edition().key) is None

    morning.deliver()
    assert morning.store.editions.begun(edition().key) == NOW


def test_readers_with_single_mails_get_no_campaign(morning: Morning):
    with morning.store.ledger.owned() as owner:
        morning.store.ledger.claim(edition().key, [("s1", "<m>")], sha256="", at=NOW, owner=owner)

    with pytest.raises(EditionError, match="single mails"):
        morning.deliver()
    assert morning.server.asked == []


def test_after_a_campaign_no_single_mails_are_sent(morning: Morning):
    morning.deliver()
    morning.store.subscribers.add(
        [Subscriber(id="s1", newsletter=NEWS.key, email="ada@example.com", added_at=NOW)]
    )

    for send in (pipeline.deliver, pipeline.resend_unsure):
        with pytest.raises(EditionError, match="single mails"):
            send(NEWS, edition(), morning.desk, None, now=NOW)  # type: ignore[arg-type]


def test_after_a_test_alone_single_mails_may_be_sent(morning: Morning):
    sender = open_case(morning.name, morning.server).sender
    pipeline.rehearse_campaign(NEWS, edition(), morning.desk, sender, ["ed@example.org"], now=NOW)

    assert (morning.provider.tested, morning.server.taken) == (["ed@example.org"], [])
    assert morning.state is State.PENDING


def test_a_test_of_what_is_on_its_way_changes_nothing(morning: Morning):
    morning.deliver()
    sender = open_case(morning.name, morning.server).sender
    other = edition(subject="Another")

    pipeline.rehearse_campaign(NEWS, other, morning.desk, sender, ["ed@example.org"], now=NOW)

    assert morning.provider.seen(morning.only()).subject != "Another"
    assert (morning.provider.tested, morning.state) == (["ed@example.org"], State.SENT)


def test_an_edition_that_was_changed_after_it_went_is_told(morning: Morning):
    morning.deliver()

    assert morning.deliver(edition(sha256="ef" * 32)).differs


def test_it_waits_for_its_hour_and_not_for_one_that_is_over(morning: Morning):
    done = morning.deliver(at=datetime(2026, 11, 23, 11, 30, tzinfo=UTC))

    assert done.remote is not None
    assert (done.outcome, done.remote.standing) == (Outcome.SENT, Standing.SCHEDULED)
    assert morning.server.taken == []


def test_an_hour_that_is_over_is_now(morning: Morning):
    assert morning.deliver(at=NOW - timedelta(hours=1)).outcome is Outcome.SENT
    assert len(morning.server.taken) == 1


def test_without_an_approval_nothing_is_asked(morning: Morning):
    waiting = replace(NEWS, approval="required")
    sender = open_case(morning.name, morning.server).sender

    with pytest.raises(EditionError, match="nobody approved it"):
        pipeline.deliver_campaign(waiting, edition(), morning.desk, sender, now=NOW)

    assert morning.server.asked == []


# --- the commands --------------------------------------------------------------------------------------


SENDERS = {
    "listmonk": 'username = "digest"\ntoken = "${KEY}"\nlists = [3]',
    "buttondown": 'key = "${KEY}"',
    "mailchimp": 'key = "${KEY}"\nlist = "a1b2"',
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Project]:
    monkeypatch.setenv("KEY", "canary-key-us19")

    def make(name: str, url: str) -> Project:
        made = mortal_project(tmp_path / "project", people=0, port=1)
        table = f'kind = "{name}"\nbase_url = "{url}"\n{SENDERS[name]}'
        smtp = 'kind = "smtp"\nhost = "127.0.0.1"\nport = 1\nsecurity = "none"'
        made.configure(lambda text: text.replace(smtp, table))
        return made

    return make


def built(project: Project) -> None:
    """In its journal, too."""
    with application.build(project.folder) as opened:
        run = Run(newsletter=KEY.newsletter, day=KEY.day, stage="build", at=NOW, code=0, words="built")
        opened.store.journal.note(run)


def served(name: str) -> EspServer:
    return EspServer(CAMPAIGN_STAND_INS[name]())


@pytest.mark.slow
@pytest.mark.parametrize("name", CAMPAIGN_STAND_INS)
def test_send_resume_and_status_say_how_it_stands(name: str, project: Callable[[str, str], Project]):
    with served(name) as server:
        news = project(name, server.url)
        built(news)

        rehearsed = news.ok("send", "--dry-run")
        assert (server.asked, "would hand one campaign over" in rehearsed.output) == ([], True)
        overdue = news.run("status")
        assert (overdue.exit_code, "LOOK overdue" in overdue.output) == (1, True)
        assert "(none yet)" not in overdue.output
        tested = news.ok("send", "--to", "ed@example.org")
        assert f"1 tested, by {name}" in tested.output
        server.behaviours.append(late(says(504), LAUNCHES[name]))
        doubtful = news.run("send")
        assert (doubtful.exit_code, "--resume" in doubtful.output) == (1, True)
        assert "(the provider's list)" in news.ok("send", "--unsure").output
        resumed = news.ok("send", "--resume")
        assert f"handed over to {name}" in resumed.output
        again = news.run("send")
        assert (again.exit_code, "has it already" in again.output) == (3, True)
        status = news.ok("status")
        assert "sent, as campaign " in status.output
        [report] = json.loads(news.ok("status", "--json").stdout)["newsletters"]
        assert report["campaign"]["state"] == "sent"
        assert f"{server.url} accepts the key" in news.run("check").output

        assert len(server.taken) == 1
        shown = "".join(one.output for one in (rehearsed, tested, doubtful, resumed, again, status))
        assert "canary" not in shown
        assert server.violations == []


@pytest.mark.slow
def test_what_is_handed_over_is_told_as_sent_even_if_an_item_was_left_out(
    project: Callable[[str, str], Project], monkeypatch: pytest.MonkeyPatch
):
    whole = sending.rendered_edition

    def less(*given: Any) -> Rendered:
        return replace(whole(*given), dropped=(("b2", "no MJML"),))

    told: list[str] = []
    monkeypatch.setattr(sending, "rendered_edition", less)
    monkeypatch.setattr(telling.Editors, "told", lambda _, notice: told.append(str(notice.kind)))
    with served("listmonk") as server:
        assert project("listmonk", server.url).run("send", "--tell").exit_code == 1

    assert told == ["sent"]


def test_what_another_launches_meanwhile_is_left_to_that_one(
    unsure: Morning, monkeypatch: pytest.MonkeyPatch
):
    ledger = unsure.store.ledger
    with ledger.owned() as other:

        def claimed(*_: Any, **__: Any) -> None:
            ledger.claim(KEY, [(CAMPAIGN, "")], sha256="", at=NOW, owner=other, of=[State.UNSURE])

        monkeypatch.setattr(type(open_case(unsure.name, unsure.server).sender), "look", claimed)
        with pytest.raises(BusyError, match="another process is handing it over"):
            unsure.deliver()


@pytest.mark.slow
@pytest.mark.parametrize("name", CAMPAIGN_STAND_INS)
def test_the_scheduler_hands_it_over_once_when_it_may(name: str, project: Callable[[str, str], Project]):
    with served(name) as server:
        news = project(name, server.url)
        nowhere = 'url = "http://127.0.0.1:1/rss.xml"\nallow_private = true'
        news.configure(lambda text: text.replace('url = "https://example.com/rss.xml"', nowhere))
        hour = 'timezone = "UTC"\napproval = "automatic after 06:45"'
        news.configure(lambda text: text.replace('timezone = "UTC"', hour))

        def tick(hour: str) -> str:
            return news.run("run", "--once", now=f"2026-11-23T{hour}:00+00:00").output

        tick("04:00")
        assert "what=send" in (waiting := tick("06:30"))
        assert "nobody approved it" in waiting
        assert server.taken == []
        server.behaviours.append(late(says(504), LAUNCHES[name]))
        assert f"unsure whether {name} sends it" in tick("06:46")
        looked = tick("06:50")
        assert "what=send" in looked
        news.ok("send", "--resume", now="2026-11-23T06:51:00+00:00")
        assert f"handed over to {name}" in tick("07:10")
        assert "what=send" not in tick("07:11")
        assert len(server.taken) == 1
        assert server.violations == []


@pytest.mark.slow
def test_options_that_make_no_sense_are_told(project: Callable[[str, str], Project]):
    with served("listmonk") as server:
        news = project("listmonk", server.url)

        for words, why in (
            (["--resend-unsure"], "sends a campaign once"),
            (["--at-its-hour", "--dry-run"], "cannot be used with --to or --dry-run"),
        ):
            result = news.run("send", *words)
            assert (result.exit_code, why in result.output) == (2, True), result.output
        assert server.asked == []


@pytest.mark.slow
def test_the_desks_test_is_the_providers(project: Callable[[str, str], Project]):
    with served("buttondown") as server:
        news = project("buttondown", server.url)
        path = news.folder / "editions" / KEY.newsletter / f"{KEY.day}.yaml"
        exhibit = Exhibit(news.folder, KEY, file=path, clock=lambda: NOW)

        assert Editing(exhibit).send_test("ed@example.org") == "a test was sent by buttondown"

        assert server.stand_in.tested == ["ed@example.org"]  # type: ignore[attr-defined]
        assert server.taken == []


@pytest.mark.slow
def test_it_can_wait_for_the_newsletters_hour(project: Callable[[str, str], Project]):
    with served("mailchimp") as server:
        news = project("mailchimp", server.url)
        news.configure(lambda text: text.replace('timezone = "UTC"', 'timezone = "UTC"\nsend = "11:30"'))

        assert "scheduled" in news.ok("send", "--at-its-hour").output
        [made] = server.stand_in.campaigns.values()  # type: ignore[attr-defined]
        assert made["schedule_time"] == "2026-11-23T11:30:00+00:00"


def test_the_campaign_that_is_made_has_its_lists_header_fields_but_no_way_out_of_ours():
    rendered = edition()
    made: Campaign = addressing.campaign_for(rendered, NEWS, at=None)

    names = [name for name, _ in made.headers]
    assert names == ["List-Id", "Feedback-ID", "Precedence"]
    assert made.name == f"{rendered.key} {rendered.sha256[:12]}"
    assert rendered.key.newsletter == KEY.newsletter
