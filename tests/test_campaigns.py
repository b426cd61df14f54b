"""Every sender of campaigns passes the same suite; to add one, add a stand-in, its rules and its settings."""

from __future__ import annotations

import json
import re
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import escape, unescape
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit.campaignstandins import (
    CAMPAIGN_STAND_INS,
    PREFERENCES,
    READER,
    UNSUBSCRIBE,
    CampaignStandIn,
    Seen,
)
from kit.espcases import CAMPAIGN_SETTINGS, Clock, campaign
from kit.espserver import (
    Answering,
    Asked,
    Behaviour,
    EspServer,
    breaks_off,
    drips,
    endless,
    hangs,
    says,
    takes_and_closes,
    takes_and_hangs,
)

from digest.errors import ConfigError, SendError
from digest.model import Campaign, EditionKey, Remote, Slotted, Standing
from digest.senders.answers import Answer
from digest.senders.campaigns import ApiCampaigns
from digest.senders.providers import CAPABILITIES, _campaign_provider, open_campaigns
from digest.settings import Secret

NAMES = [name for name, can in CAPABILITIES.items() if can.kind == "campaign"]
KEY = EditionKey(newsletter="the-example", day=date(2026, 11, 23))
HOUR = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)


class Case(NamedTuple):
    name: str
    server: EspServer
    sender: ApiCampaigns
    clock: Clock

    @property
    def provider(self) -> CampaignStandIn:
        assert isinstance(self.server.stand_in, CampaignStandIn)
        return self.server.stand_in

    @property
    def seen(self) -> Seen:
        [one] = self.provider.campaigns.values()
        return self.provider.seen(one)


def settings(name: str, url: str = "", **given: Any) -> Any:
    kind, values = CAMPAIGN_SETTINGS[name]
    return kind(kind=name, **{"base_url": url, "timeout": timedelta(seconds=5), **values, **given})


def open_case(name: str, server: EspServer, **given: Any) -> Case:
    clock = Clock()
    opened = open_campaigns(settings(name, server.url, **given), clock=clock, sleep=clock.sleep)
    return Case(name, server, opened, clock)


@pytest.fixture(params=NAMES)
def case(request: pytest.FixtureRequest) -> Iterator[Case]:
    with EspServer(CAMPAIGN_STAND_INS[request.param]()) as server:
        yield open_case(request.param, server)
        assert server.violations == []


def sent(case: Case, given: Campaign | None = None) -> Remote:
    """A whole way, as the pipeline goes it."""
    given = given or campaign()
    there = case.sender.look(given.rendered.key)
    if there is not None and there.standing is not Standing.DRAFT:
        return there
    return case.sender.launch(given, case.sender.draft(given, there))


def late(behaviour: Behaviour, at: str) -> Behaviour:
    """*behaviour* for the first request that looks so, and the usual for those before it."""

    def act(server: EspServer, asked: Asked, answering: Answering) -> None:
        if at in line(asked):
            behaviour(server, asked, answering)
            return
        server.behaviours.insert(0, act)
        server.usual(asked, answering)

    return act


def then(behaviour: Behaviour) -> Behaviour:
    """The usual, and *behaviour* for the next request."""

    def act(server: EspServer, asked: Asked, answering: Answering) -> None:
        server.behaviours.append(behaviour)
        server.usual(asked, answering)

    return act


def line(asked: Asked) -> str:
    """A request in one line, without what it asks for."""
    return f"{asked.method} {asked.path.partition('?')[0]} {asked.body.decode()}"


#: What the request looks like that makes a draft, and the one that launches it.
MAKES = {
    "listmonk": "POST /api/campaigns {",
    "buttondown": "POST /v1/emails {",
    "mailchimp": "POST /3.0/campaigns {",
}
LAUNCHES = {"listmonk": "/status {", "buttondown": '"about_to_send"', "mailchimp": "/actions/send "}


# --- what readers see -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_readers_see_the_edition_as_it_was_written(case: Case):
    given = campaign()

    sent(case, given)

    slots = {"unsubscribe": UNSUBSCRIBE, "preferences": PREFERENCES, "address": READER}
    html = re.sub(
        "1 High Street<br>Springfield", "1 High Street, Springfield", given.rendered.html.fill(slots)
    )
    if case.name != "mailchimp":
        html = given.rendered.html.fill(slots)
    assert unescape(case.seen.html).replace("%40TrackLink", "@TrackLink") == unescape(html)
    assert case.seen.subject.replace("\u2060", "") == given.rendered.subject
    if CAPABILITIES[case.name].own_text:
        text = case.seen.text.replace("\u2060", "").replace("%40", "@")
        assert text == given.rendered.text.fill(slots)


#: What means something to one of them, and halves of it.
PIECES = [
    *(
        "{{ UnsubscribeURL }}",
        "{{ unsubscribe_url }}",
        "*|UNSUB|*",
        '{{ Safe "x" }}',
        "{% if x %}",
        "{# x #}",
    ),
    *(
        "@TrackLink",
        "<!-- x -->",
        "-->",
        "<b",
        "{",
        "{{",
        "}}",
        "*",
        "*|",
        "|*",
        "@",
        '"',
        "`",
        "\\",
        "'",
        "é",
        "\n",
    ),
    *(" ", "x", "&amp;", "\\u003c", "%", "#}"),
]


@pytest.mark.parametrize("name", NAMES)
@given(words=st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_whatever_an_article_says_is_what_readers_see(name: str, words: str):
    provider = _campaign_provider(settings(name, "http://127.0.0.1:1"))
    stand_in = CAMPAIGN_STAND_INS[name]()
    rendered = replace(
        campaign().rendered,
        subject=f"x {words}".replace("\n", " "),
        html=Slotted((f"<p>{escape(words)}", "</p>"), ("unsubscribe",)),
        text=Slotted((f"{words}", words), ("unsubscribe",)),
    )
    given = campaign(rendered=rendered)

    made = json.loads(provider.create(given).body)
    for call in provider.write(given, Remote(id="c1", standing=Standing.DRAFT), new=True):
        made["content"] = json.loads(call.body)
    seen = stand_in.seen(made)

    assert seen.subject.replace("\u2060", "") == rendered.subject
    assert unescape(seen.html) == unescape(rendered.html.fill({"unsubscribe": UNSUBSCRIBE}))
    if CAPABILITIES[name].own_text:
        text = seen.text.replace("\u2060", "")
        assert text == rendered.text.fill({"unsubscribe": UNSUBSCRIBE})


def test_the_preheader_is_the_first_text_that_a_reader_sees(case: Case):
    sent(case)

    body = re.sub(r"<!--.*?-->|<head>.*?</head>", "", case.seen.html, flags=re.DOTALL)
    assert re.sub(r"<[^>]*>", " ", body).split()[:5] == ["And", "what", "comes", "of", "it"]


def test_who_sends_it_and_to_which_list(case: Case):
    sent(case)

    [made] = case.provider.campaigns.values()
    said = json.dumps(made)
    if case.name == "listmonk":
        assert (made["from_email"], made["lists"]) == ("The Example <news@example.org>", [3, 4])
        assert {"List-Id": '"The Example" <the-example.example.org>'} in made["headers"]
    if case.name == "mailchimp":
        assert made["recipients"] == {"list_id": "a1b2"}
        assert (made["settings"]["from_name"], made["settings"]["reply_to"]) == (
            "The Example",
            "news@example.org",
        )
        assert not any(made["tracking"].values())
    assert "List-Unsubscribe" not in said, "that is the provider's"


# --- once ------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_it_is_sent_once_however_often_it_is_asked_for(case: Case):
    first, again = sent(case), sent(case)

    assert (first.standing, again.standing) == (Standing.SENDING, Standing.SENDING)
    assert first.id == again.id
    assert len(case.server.taken) == len(case.provider.campaigns) == 1


def test_the_same_draft_launched_twice_is_on_its_way_once(case: Case):
    draft = case.sender.draft(campaign(), None)

    first, again = (case.sender.launch(campaign(), draft) for _ in range(2))

    assert (first.standing, again.standing) == (Standing.SENDING, Standing.SENDING)
    assert len(case.server.taken) == 1


@pytest.mark.slow
@pytest.mark.parametrize("behaviour", [takes_and_closes, breaks_off])
def test_a_lost_answer_to_making_it_makes_no_second_one(case: Case, behaviour: Behaviour):
    case.server.behaviours.append(late(behaviour, MAKES[case.name]))

    assert sent(case).standing is Standing.SENDING
    assert len(case.server.taken) == len(case.provider.campaigns) == 1


@pytest.mark.slow
def test_a_draft_that_nobody_knows_of_is_no_campaign(case: Case):
    case.server.behaviours.append(late(says(502), MAKES[case.name]))

    with pytest.raises(SendError, match="no draft was made"):
        sent(case)

    assert case.server.taken == []
    assert sent(case).standing is Standing.SENDING


@pytest.mark.slow
@pytest.mark.parametrize("behaviour", [takes_and_closes, breaks_off])
def test_a_lost_answer_to_the_launch_is_looked_after(case: Case, behaviour: Behaviour):
    case.server.behaviours.append(late(behaviour, LAUNCHES[case.name]))

    assert sent(case).standing is Standing.SENDING
    assert len(case.server.taken) == 1


@pytest.mark.slow
def test_an_answer_that_does_not_come_is_looked_after(case: Case):
    quick = open_case(case.name, case.server, timeout=timedelta(seconds=0.4))
    case.server.behaviours.append(late(takes_and_hangs, LAUNCHES[case.name]))

    assert sent(quick).standing is Standing.SENDING
    assert len(case.server.taken) == 1


@pytest.mark.slow
@pytest.mark.parametrize("behaviour", [says(500), says(504, "<html>")])
def test_a_launch_that_may_still_arrive_is_not_known_and_not_repeated(case: Case, behaviour: Behaviour):
    case.server.behaviours.append(late(behaviour, LAUNCHES[case.name]))

    assert sent(case).standing is Standing.UNKNOWN
    assert case.server.taken == []
    assert sum(LAUNCHES[case.name] in line(one) for one in case.server.asked) == 1


@pytest.mark.slow
def test_a_draft_that_was_left_says_what_the_edition_says_now(case: Case):
    case.sender.draft(campaign(subject="Before", sha256="cd" * 32), None)
    there = case.sender.look(KEY)
    assert there is not None
    assert (there.standing, there.content) == (Standing.DRAFT, "cd" * 6)

    after = sent(case, campaign(subject="After"))

    assert case.seen.subject == "After"
    assert after.content == "ab" * 6
    assert len(case.provider.campaigns) == 1


@pytest.mark.slow
def test_of_two_drafts_one_is_launched(case: Case):
    """Two, because an answer was lost twice: once on its way here, once in the provider's list."""
    case.sender.draft(campaign(), None)
    case.sender.draft(campaign(), None)

    sent(case)
    sent(case)

    assert len(case.server.taken) == 1


@pytest.mark.slow
def test_beside_one_that_was_called_off_no_draft_is_launched(case: Case):
    for _ in range(2):
        case.sender.draft(campaign(), None)
    called_off = {"listmonk": "cancelled", "buttondown": "suppressed", "mailchimp": "canceled"}
    next(iter(case.provider.campaigns.values()))["status"] = called_off[case.name]

    assert sent(case).standing is Standing.CANCELLED
    assert case.server.taken == []


@pytest.mark.slow
@pytest.mark.slow
@pytest.mark.parametrize("body", ["<html>Sign in</html>", "{}", "[]", '{"message": "maintenance"}', ""])
def test_a_list_of_campaigns_that_cannot_be_read_is_not_an_empty_one(case: Case, body: str):
    sent(case)
    case.server.behaviours.append(says(200, body))

    with pytest.raises(SendError, match="its campaigns cannot be listed"):
        sent(case)

    assert len(case.server.taken) == len(case.provider.campaigns) == 1


def test_another_editions_campaign_is_not_this_ones(case: Case):
    for day in (date(2026, 11, 22), date(2026, 11, 24)):
        sent(case, campaign(key=replace(KEY, day=day)))
    sent(case, campaign(key=replace(KEY, newsletter="the-example-2")))

    assert case.sender.look(KEY) is None


@pytest.mark.slow
def test_it_is_found_behind_many_others(case: Case):
    mine = case.sender.draft(campaign(), None)
    [made] = case.provider.campaigns.values()
    for number in range(230):
        other = json.loads(json.dumps(made).replace("2026-11-23", f"2026-10-{number % 28 + 1:02}"))
        case.provider.add({name: value for name, value in other.items() if name != "id"})

    found = case.sender.look(KEY)

    assert found is not None
    assert found.id == mine.id


# --- where it stands --------------------------------------------------------------------------------------


@pytest.mark.slow
def test_by_its_id_it_is_looked_at_and_one_that_is_gone_is_none(case: Case):
    draft = case.sender.draft(campaign(), None)

    there = case.sender.look(KEY, remote_id=draft.id)
    case.provider.campaigns.clear()

    assert there is not None
    assert there.standing is Standing.DRAFT
    assert case.sender.look(KEY, remote_id=draft.id) is None


@pytest.mark.slow
@pytest.mark.parametrize("status", ["deleted", "never-heard-of", None, 3])
def test_a_status_that_nobody_knows_is_no_draft(case: Case, status: Any):
    case.sender.draft(campaign(), None)
    [made] = case.provider.campaigns.values()
    made["status"] = status

    there = case.sender.look(KEY)

    assert there is None or there.standing is Standing.UNKNOWN
    assert (there is None) == (case.name == "buttondown" and status == "deleted")


def test_it_waits_at_the_provider_for_its_hour(case: Case):
    given = campaign(at=HOUR)

    assert sent(case, given).standing is Standing.SCHEDULED
    [made] = case.provider.campaigns.values()
    assert made["status"] == case.provider.scheduled
    assert "2026-11-23T11:30:00+00:00" in json.dumps(made)
    assert case.server.taken == []


@pytest.mark.slow
def test_a_draft_that_was_to_wait_may_go_at_once(case: Case):
    case.sender.draft(campaign(at=HOUR), None)

    assert sent(case).standing is Standing.SENDING


# --- tests -------------------------------------------------------------------------------------------------


def test_a_test_goes_to_whom_it_is_for_and_launches_nothing(case: Case):
    draft = case.sender.draft(campaign(), None)

    case.sender.test(campaign(), draft, ["ed@example.org", "bo@example.org"])

    assert case.provider.tested == ["ed@example.org", "bo@example.org"]
    assert case.server.taken == []


@pytest.mark.slow
@pytest.mark.parametrize("behaviour", [says(400, {"message": "no", "detail": "no"}), takes_and_closes])
def test_a_test_is_not_repeated(case: Case, behaviour: Behaviour):
    draft = case.sender.draft(campaign(), None)
    before = len(case.server.asked)
    case.server.behaviours.append(behaviour)

    with pytest.raises(SendError, match="the test was not sent"):
        case.sender.test(campaign(), draft, ["ed@example.org"])

    assert len(case.server.asked) == before + 1


def test_the_check_asks_and_changes_nothing(case: Case):
    assert case.server.url in case.sender.check()
    assert [asked.method for asked in case.server.asked] == ["GET"]


@pytest.mark.slow
def test_somebody_elses_web_page_is_no_taken_key(case: Case):
    case.server.behaviours.append(says(200, "<html>Sign in</html>"))

    with pytest.raises(SendError, match=r"it cannot be used: .*base_url"):
        case.sender.check()


# --- not now, not ever --------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("request_number", [0, 1, 2])
def test_it_waits_as_long_as_it_is_asked_at_each_step(case: Case, status: int, request_number: int):
    steps = ["GET", MAKES[case.name], LAUNCHES[case.name]]
    limit = late(says(status, "{}", retry_after="7"), steps[request_number])
    if request_number == 0:
        limit = says(status, "{}", retry_after="7")
    case.server.behaviours.append(limit)

    assert sent(case).standing is Standing.SENDING
    assert case.clock.pauses == [7.0]
    assert len(case.server.taken) == 1


def test_beyond_its_patience_nothing_is_launched(case: Case):
    case.server.behaviours.append(late(says(429, "{}", retry_after="3600"), LAUNCHES[case.name]))

    with pytest.raises(SendError, match="was not launched: 429"):
        sent(case)

    assert (case.server.taken, case.clock.pauses) == ([], [])


@pytest.mark.slow
@pytest.mark.parametrize("behaviour", [says(500), takes_and_closes, breaks_off])
def test_looking_is_asked_again_without_an_answer(case: Case, behaviour: Behaviour):
    case.server.behaviours += [behaviour, behaviour]

    assert case.sender.look(KEY) is None
    assert len(case.server.asked) == 3


@pytest.mark.slow
@pytest.mark.parametrize("behaviour", [hangs, drips, endless])
def test_a_provider_that_does_not_say_is_asked_a_few_times(case: Case, behaviour: Behaviour):
    quick = open_case(case.name, case.server, timeout=timedelta(seconds=0.3))
    case.server.behaviours += [behaviour] * 10

    with pytest.raises(SendError):
        quick.sender.look(KEY)

    assert len(case.server.asked) == 3


@pytest.mark.slow
@pytest.mark.parametrize("status", [401, 403, 402])
def test_a_key_that_is_not_taken_stops_it(case: Case, status: int):
    case.server.behaviours += [says(status, {"title": "no", "detail": "no", "message": "no"})] * 10

    with pytest.raises(SendError, match=rf"{case.name}: .*{status}"):
        sent(case)
    with pytest.raises(SendError):
        case.sender.check()

    assert case.server.taken == []


def test_a_key_that_is_revoked_before_the_launch_launches_nothing(case: Case):
    no = says(401, {"title": "no", "detail": "no", "message": "no"})
    case.server.behaviours += [late(no, LAUNCHES[case.name]), no]

    with pytest.raises(SendError, match="was not launched: 401"):
        sent(case)

    assert case.server.taken == []


def test_a_launch_that_was_taken_needs_no_second_word(case: Case):
    draft = case.sender.draft(campaign(), None)
    case.server.behaviours.append(late(then(says(401)), LAUNCHES[case.name]))

    assert case.sender.launch(campaign(), draft).standing is Standing.SENDING
    assert len(case.server.taken) == 1


def test_a_draft_that_is_refused_says_why(case: Case):
    words = "no such list"
    case.server.behaviours.append(late(says(400, {"message": words, "detail": words}), MAKES[case.name]))

    with pytest.raises(SendError, match=words):
        sent(case)

    assert case.server.taken == []


def test_a_redirect_is_not_followed(case: Case):
    case.server.behaviours += [says(307, "", location="http://127.0.0.1:1/elsewhere")] * 10

    with pytest.raises(SendError, match="base_url"):
        case.sender.look(KEY)


def test_nobody_at_home_is_said(case: Case):
    lonely = open_case(case.name, case.server, base_url="http://127.0.0.1:1")

    with pytest.raises(SendError, match=r"cannot reach http://127\.0\.0\.1:1"):
        lonely.sender.look(KEY)


@pytest.mark.slow
@pytest.mark.parametrize("at", ["POST", "launch"])
def test_no_key_and_no_address_is_shown(case: Case, at: str, caplog: pytest.LogCaptureFixture):
    caplog.set_level("DEBUG")
    words = "canary of reader0@example.com"
    no = says(422, {"message": words, "detail": words})
    case.server.behaviours.append(late(no, MAKES[case.name] if at == "POST" else LAUNCHES[case.name]))
    provider = _campaign_provider(settings(case.name, case.server.url))

    with pytest.raises(SendError) as caught:
        sent(case)

    shown = (
        "".join(traceback.format_exception(caught.value)) + caplog.text + repr(provider.create(campaign()))
    )
    assert "canary-key" not in shown
    assert "reader0@" not in shown


#: The keys of their answers that are read.
WORDS = [
    *("data", "results", "campaigns", "id", "status", "settings", "tags", "metadata", "items", "detail"),
    *("code", "name", "title", "analytics", "is_ready", "type", "next", "sent", "to_send", "emails_sent"),
]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@given(
    body=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(WORDS),
                inner,
            )
        ),
    )
)
def test_no_answer_is_an_exception(name: str, body: Any):
    provider = _campaign_provider(settings(name, "http://127.0.0.1:1"))
    for status in (200, 400, 403, 500):
        answer = Answer(status=status, body=json.dumps(body).encode())
        provider.remote(answer)
        provider.found(KEY, answer)
        provider.objections(answer)
        provider.refusal(answer)
        provider.is_gone(answer)


# --- of one provider ----------------------------------------------------------------------------------------


@pytest.fixture
def mailchimp() -> Iterator[Case]:
    with EspServer(CAMPAIGN_STAND_INS["mailchimp"]()) as server:
        yield open_case("mailchimp", server)


def test_mailchimps_checklist_is_read_before_the_launch(mailchimp: Case):
    without = campaign(postal_address="9 Low Road\nShelbyville")

    with pytest.raises(SendError, match="the draft cannot be sent: Address: is missing"):
        sent(mailchimp, without)

    assert mailchimp.server.taken == []


def test_mailchimp_has_its_server_in_its_key():
    provider = _campaign_provider(settings("mailchimp"))

    assert provider.server == "https://us19.api.mailchimp.com"
    for key in ("canary", "canary-evil.example.org/", "canary-us19/x"):
        with pytest.raises(ConfigError, match="data centre") as caught:
            open_campaigns(settings("mailchimp", key=Secret(key)))
        assert "canary" not in str(caught.value)


def test_mailchimp_says_what_it_cannot_carry(mailchimp: Case):
    with pytest.raises(SendError, match="reply_to"):
        mailchimp.sender.draft(campaign(reply_to="desk@example.org"), None)
    with pytest.raises(SendError, match="quarters of an hour"):
        mailchimp.sender.draft(campaign(at=HOUR + timedelta(minutes=5)), None)


def test_mailchimps_403_without_a_word_is_not_now(mailchimp: Case):
    mailchimp.server.behaviours.append(says(403, "<html>Forbidden</html>"))

    assert mailchimp.sender.look(KEY) is None


def test_a_segment_of_mailchimps_list():
    provider = _campaign_provider(settings("mailchimp", segment=7))

    assert json.loads(provider.create(campaign()).body)["recipients"] == {
        "list_id": "a1b2",
        "segment_opts": {"saved_segment_id": 7},
    }


def test_tags_of_buttondowns_list():
    provider = _campaign_provider(settings("buttondown", tags=("sub_tag_1",)))

    [only] = json.loads(provider.create(campaign()).body)["filters"]["filters"]
    assert only == {"field": "subscriber.tags", "operator": "contains", "value": "sub_tag_1"}


@pytest.mark.parametrize("field", ["List-Id", "Reply-To"])
def test_listmonks_header_fields_are_no_templates(field: str):
    provider = _campaign_provider(settings("listmonk", "http://127.0.0.1:1"))
    given = campaign(headers=(("List-Id", "{{ x }} <a.example.org>"),), reply_to="{{ x }} <a@example.org>")

    fields = json.loads(provider.create(given).body)["headers"]
    assert "{{" not in next(one[field] for one in fields if field in one)


@pytest.mark.parametrize("name", NAMES)
def test_a_key_is_required(name: str):
    secret = "token" if name == "listmonk" else "key"

    for key, words in ((Secret(""), "is required"), (Secret("a b"), "no key has")):
        with pytest.raises(ConfigError, match=words):
            open_campaigns(settings(name, "http://127.0.0.1:1", **{secret: key}))
