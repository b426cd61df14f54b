"""What each adapter says to its provider and understands of its answers, with plain values; no server."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from datetime import timedelta
from html import escape, unescape
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit.espcases import KEY, SETTINGS, mail, mails
from kit.espserver import Asked
from kit.espstandins import STAND_INS

from digest.errors import ConfigError, SendError
from digest.model import Rendered, Slotted
from digest.senders import brevo, mailgun, open_sender, postmark, providers, resend, sendgrid, ses
from digest.senders.answers import Answer, Ruling, Verdict, by_status, plain
from digest.senders.batching import ApiSender
from digest.senders.placeholders import ANGLE, CURLY, PERCENT, in_html, in_text, neutral
from digest.senders.providers import CAPABILITIES, open_api
from digest.senders.shared import Filled, as_json, header_fields
from digest.settings import BrevoSettings, PostmarkSettings, Secret

MODULES: dict[str, Any] = {
    "ses": ses,
    "postmark": postmark,
    "resend": resend,
    "mailgun": mailgun,
    "sendgrid": sendgrid,
    "brevo": brevo,
}
CASES = json.loads((Path(__file__).parent / "data" / "esp" / "answers.json").read_text(encoding="utf-8"))


def answer(case: dict[str, Any]) -> Answer:
    body = case.get("body", "")
    data = body if isinstance(body, str) else json.dumps(body)
    return Answer(status=case["status"], headers=case.get("headers", {}), body=data.encode())


@pytest.mark.parametrize(
    ("name", "case"),
    [(name, case) for name, cases in CASES.items() for case in cases],
    ids=lambda value: value if isinstance(value, str) else value["why"],
)
def test_an_answer_means(name: str, case: dict[str, Any]):
    found = MODULES[name].receipts(answer(case))

    rulings = found.ruling if isinstance(found, Verdict) else [verdict.ruling for verdict in found]
    assert rulings == case["means"]


@pytest.mark.slow
@pytest.mark.parametrize("name", MODULES)
@given(body=st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists) | st.binary())
def test_no_answer_is_an_exception(name: str, body: Any):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    for status in (200, 201, 202, 204, 400, 422, 429, 500, 503):
        MODULES[name].receipts(Answer(status=status, body=data))


@pytest.mark.slow
@pytest.mark.parametrize("name", MODULES)
@given(
    keys=st.dictionaries(
        st.sampled_from(["ErrorCode", "Message", "data", "errors", "name", "message", "id"]),
        st.none() | st.integers() | st.text() | st.lists(st.integers()),
    )
)
def test_no_object_is_an_exception(name: str, keys: dict[str, Any]):
    for status in (200, 201, 202, 400, 422):
        MODULES[name].receipts(Answer(status=status, body=json.dumps(keys).encode()))
        MODULES[name].receipts(Answer(status=status, body=json.dumps([keys]).encode()))


# --- what status, headers and words say ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "ruling"),
    [
        (204, Ruling.UNSURE),
        (302, Ruling.STOP),
        (400, Ruling.REJECTED),
        (401, Ruling.STOP),
        (404, Ruling.STOP),
        (408, Ruling.LATER),
        (409, Ruling.LATER),
        (413, Ruling.REJECTED),
        (418, Ruling.STOP),
        (429, Ruling.LATER),
        (500, Ruling.UNSURE),
        (502, Ruling.UNSURE),
        (503, Ruling.LATER),
        (504, Ruling.UNSURE),
    ],
)
def test_a_status_without_words(status: int, ruling: Ruling):
    assert by_status(status, "").ruling is ruling


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": " 0 "}, 0.0),
        ({"retry-after": "Tue, 24 Nov 2026 03:30:39 GMT", "date": "Tue, 24 Nov 2026 03:30:09 GMT"}, 30.0),
        ({"retry-after": "Tue, 24 Nov 2026 03:30:00 GMT", "date": "Tue, 24 Nov 2026 03:30:09 GMT"}, 0.0),
        ({"retry-after": "Tue, 24 Nov 2026 03:30:39 GMT"}, None),
        ({"retry-after": "soon", "date": "Tue, 24 Nov 2026 03:30:09 GMT"}, None),
        ({"retry-after": "-3"}, None),
        ({"ratelimit-reset": "1"}, 1.0),
        ({"x-ratelimit-reset": "1795491019", "date": "Tue, 24 Nov 2026 03:30:09 GMT"}, 10.0),
        ({"x-sib-ratelimit-reset": "12"}, 12.0),
        ({"ratelimit-reset": "1", "retry-after": "5"}, 5.0),
        ({}, None),
    ],
)
def test_how_long_a_provider_asks_to_be_left_alone(headers: dict[str, str], seconds: float | None):
    assert Answer(status=429, headers=headers).retry_after == seconds


def test_a_providers_words_are_one_line_without_addresses():
    assert plain("No\r\nsuch <ada.l@example.com>\x00!") == "No such <a…@example.com> !"
    assert len(plain("x" * 5000)) == 300
    assert plain({"a": 1}) == ""


# --- requests ---------------------------------------------------------------------------------------


def test_an_edition_travels_once_to_sendgrid():
    sent = mails(50)

    body = sendgrid.payload(sent)

    assert (
        json.dumps(body).count("Grüße".encode().decode())
        + json.dumps(body, ensure_ascii=False).count("Grüße")
        == 2
    )
    assert len(body["personalizations"]) == 50


def test_a_tag_of_sendgrids_cannot_be_spelled_by_an_article():
    [one] = mails(1)
    tags = body_tags(sendgrid.payload([one]))

    assert tags
    assert all(one.rendered.sha256[:20] in tag for tag in tags)


def body_tags(body: dict[str, Any]) -> set[str]:
    return set(body["personalizations"][0]["substitutions"])


def test_what_a_reader_is_called_cannot_break_sendgrids_html():
    [one] = mails(1)
    evil = one.values | {"unsubscribe": 'https://example.org/"><script>'}
    body = sendgrid.payload([replace_values(one, evil)])

    html = [value for tag, value in body["personalizations"][0]["substitutions"].items() if ".h." in tag]
    assert html
    assert all("<" not in value for value in html)


def replace_values(one: Any, values: dict[str, str]) -> Any:
    return replace(one, values=values)


@pytest.mark.parametrize("name", MODULES)
def test_rules_name_what_is_wrong(name: str):
    """The rules are sharp: what a request must not be is told by them."""
    stand_in = STAND_INS[name]()
    kind, values = SETTINGS[name]
    provider = providers._provider(kind(kind=name, **values))
    call = provider.call(mails(1))
    asked = Asked(call.method, call.path, {k.lower(): v for k, v in call.headers.items()}, call.body)

    assert stand_in.violations(asked) == []
    assert stand_in.violations(asked._replace(path="/x"))
    assert stand_in.violations(asked._replace(headers={"content-type": asked.headers["content-type"]}))
    if name != "mailgun":
        message = asked.json[0] if isinstance(asked.json, list) else asked.json
        for key in message:
            typo = {f"{key}x" if one == key else one: value for one, value in message.items()}
            body = json.dumps([typo] if isinstance(asked.json, list) else typo)
            assert stand_in.violations(asked._replace(body=body.encode())), key


def test_the_form_is_what_a_server_reads():
    boundary, body = mailgun.form(
        [("to", "", b"a@example.com"), ("message", "m.eml", b"Subject: x\r\n\r\n--y\r\n")]
    )
    asked = Asked("POST", "/", {"content-type": f"multipart/form-data; boundary={boundary}"}, body)

    assert asked.form["to"] == b"a@example.com"
    assert body.count(boundary.encode()) == 3


@pytest.mark.parametrize("evil", ["a\r\nBcc: x@example.com", "a\nb", "a\x00b", "ü"])
def test_a_header_field_with_a_line_break_is_refused(evil: str):
    with pytest.raises(SendError, match="line break"):
        header_fields(mail(headers=(("List-Id", evil),)))


def test_brevos_names_are_cut_and_its_key_is_of_the_mail():
    first, second = mails(2, to_name="N" * 100)

    bodies = [brevo.payload(one) for one in (first, second, first)]

    assert len(bodies[0]["to"][0]["name"]) == 70
    keys = [body["headers"]["idempotencyKey"] for body in bodies]
    assert keys[0] == keys[2] != keys[1]


@pytest.mark.slow
@given(
    small=st.recursive(
        st.none() | st.booleans() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    ),
    pieces=st.tuples(st.text(), st.text()),
    value=st.text(),
)
def test_what_is_escaped_once_is_the_same_json(small: Any, pieces: tuple[str, str], value: str):
    hypothesis.assume("\0" not in json.dumps(small, ensure_ascii=False) and "u0000" not in json.dumps(small))
    part = Filled(Slotted(pieces, ("x",)), {"x": value})

    made = json.loads(as_json({"a": small, "b": [part, b"c+/="], "d": part}))

    filled = pieces[0] + value + pieces[1]
    assert made == {"a": small, "b": [filled, "c+/="], "d": filled}


# --- placeholders -----------------------------------------------------------------------------------

#: By provider: what it would act on.
ACTED_ON = {
    "postmark": (CURLY, r"\{\{"),
    "resend": (CURLY, r"\{\{"),
    "brevo": (CURLY, r"\{[{%#]"),
    "sendgrid": (ANGLE, r"<%|\[%|\{\{"),
    "mailgun": (PERCENT, r"%recipient|%unsubscribe|%mailing_list|%tag_unsubscribe"),
}
PIECES = st.lists(st.sampled_from([*"{}%#<>[]*|- \na", "recipient.x%", "https://e.org/"]), max_size=9).map(
    "".join
)


@pytest.mark.slow
@pytest.mark.parametrize("name", ACTED_ON)
@given(before=PIECES, value=PIECES, after=PIECES)
def test_no_placeholder_is_left_and_readers_see_the_same(name: str, before: str, value: str, after: str):
    placeholder, acted_on = ACTED_ON[name]
    slotted = Slotted((before, after), ("address",))
    rendered = Rendered(
        key=mail().rendered.key,
        subject=before,
        html=Slotted(("",), ()),
        text=slotted,
        web="",
        sha256="0" * 64,
    )
    made = neutral(mail_of(rendered, value), placeholder)

    assert not re.search(acted_on, made.text)
    assert not re.search(acted_on, made.rendered.subject)
    if "://" not in before + value + after:
        assert made.text.replace("\u2060", "") == before + value + after


def mail_of(rendered: Rendered, value: str) -> Any:
    return replace(mail(), rendered=rendered, values={"address": value})


@pytest.mark.parametrize("name", ACTED_ON)
@pytest.mark.parametrize("text", ["{{ x }}", "{% if %}", "%recipient.name%", "*|FNAME|*", "100 % {a} [b]"])
def test_html_is_read_as_it_was_written(name: str, text: str):
    placeholder, acted_on = ACTED_ON[name]
    html = f'<p title="{escape(text)}">{escape(text)}</p>'

    made = in_html(html, placeholder)

    assert unescape(made) == unescape(html)
    assert not re.search(acted_on, made)


def test_style_sheets_and_comments_get_a_space():
    html = "<style>@media print{#a{b:c}}</style><!--[if mso]>{{ x }}<![endif]-->{{ y }}"

    assert in_html(html, CURLY) == (
        "<style>@media print{ #a{b:c}}</style><!--[if mso]>{ { x }}<![endif]-->&#123;{ y }}"
    )


def test_an_address_stays_the_same_address():
    assert in_text("see https://e.org/{{x}} and {{x}}", CURLY) == (
        "see https://e.org/%7B{x}} and {\u2060{x}}"
    )
    assert in_text("https://e.org/?q=%recipient.x", PERCENT) == "https://e.org/?q=%25recipient.x"
    assert in_text("https://e.org/%ab%cd%20", PERCENT) == "https://e.org/%ab%cd%20"


def test_what_has_no_placeholder_is_untouched_and_an_edition_is_read_once():
    one, other = mails(2)

    first, second = neutral(one, CURLY), neutral(other, CURLY)

    assert first.rendered is second.rendered
    assert (first.html, first.text) == (one.html, one.text)


# --- settings against capabilities ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        (PostmarkSettings(kind="postmark", token=KEY, batch=400), "batch: must be at most 125"),
        (BrevoSettings(kind="brevo", key=KEY, timeout=timedelta(minutes=20)), "timeout: must be at most 9m"),
        (BrevoSettings(kind="brevo", key=Secret("")), "key: is required"),
        (BrevoSettings(kind="brevo", key=Secret("canary\nX: y")), "key: contains a space or a character"),
        (BrevoSettings(kind="brevo", key=Secret("canäry")), "key: contains a space or a character"),
    ],
)
def test_settings_that_ask_for_too_much_are_told_at_once(settings: Any, problem: str):
    with pytest.raises(ConfigError, match=re.escape(problem)) as caught:
        open_api(settings)

    assert "can" not in str(caught.value)


@pytest.mark.parametrize("name", SETTINGS)
def test_the_defaults_fit_what_each_provider_can_do(name: str):
    kind, values = SETTINGS[name]

    sender = open_sender(kind(kind=name, **values), project=Path())

    assert isinstance(sender, ApiSender)
    assert sender.name == name
    assert sender._door._server.startswith("https://")


def test_each_provider_declares_what_it_can_do():
    messages = {name: can for name, can in CAPABILITIES.items() if can.kind == "message"}
    assert set(messages) == set(SETTINGS) == set(MODULES)
    for name, can in messages.items():
        assert can.kind == "message"
        assert (can.partial_results, bool(can.idempotency)) == (
            name == "postmark",
            name in ("resend", "brevo"),
        )


def test_a_mailgun_login_is_basic():
    kind, values = SETTINGS["mailgun"]
    call = providers._provider(kind(kind="mailgun", **values)).call(mails(1))

    assert base64.b64decode(call.headers["Authorization"].removeprefix("Basic ")) == b"api:canary"
