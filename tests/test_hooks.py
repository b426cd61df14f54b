"""What providers post: forged, old, repeated, and what the genuine ones mean."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit.builders import NOW, newsletter
from kit.hooksigning import (
    CERTIFICATE,
    CONFIRM,
    SECRET,
    SIGN,
    SIGNED,
    TIMED,
    TOPIC,
    Posted,
    certificate,
    settings,
)
from kit.hooksigning import ses as signed_ses
from starlette.applications import Starlette
from test_bounces import KEY, ada, send

from digest.app import App
from digest.bounces.providers import Post, Told, read
from digest.errors import ConfigError, FetchError, HookError, StoreError
from digest.model import Fetched, Reason, Request, Subscriber
from digest.public import hooks
from digest.settings import FromEnvironment, HooksSettings, Settings, StoreSettings

CASES = Path(__file__).parent / "data" / "hooks"
HOOKS = settings()
SECOND = timedelta(seconds=1)


class Library:
    """Stands in for the fetcher: has what lies at a few addresses, and remembers what was asked."""

    def __init__(self, pages: dict[str, bytes]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    def fetch(self, requests: list[Request], *, at: datetime) -> Iterator[tuple[Request, Any]]:
        for request in requests:
            self.asked.append(request.url)
            body = self.pages.get(request.url)
            if body is None:
                yield request, FetchError(request.url, "cannot be connected to")
            else:
                yield (
                    request,
                    Fetched(url=request.url, final_url=request.url, body=body, body_sha256="", at=at),
                )

    def close(self) -> None:
        pass


def told(provider: str, posted: Posted, *, at: datetime = NOW, secret: str = "") -> Told:
    post = Post(body=posted.body, headers=posted.headers, path_secret=secret, at=at)
    return read(post, getattr(HOOKS, provider), fetch=lambda _: certificate())


def cases(provider: str) -> list[dict[str, Any]]:
    return json.loads((CASES / f"{provider}.json").read_text())  # type: ignore[no-any-return]


def sample(provider: str) -> Any:
    """A post that suppresses."""
    return cases(provider)[{"buttondown": 1}.get(provider, 0)]["post"]


# --- what they say ------------------------------------------------------------------------------------


@pytest.mark.parametrize("provider", SIGN)
def test_posts_mean_what_their_answers_say(provider: str, accept: Callable[[Path, str], None]) -> None:
    answers = {}
    for case in cases(provider):
        said = told(provider, SIGN[provider](case["post"], NOW))
        events = [
            {name: value for name, value in asdict(event).items() if value and name not in {"id", "source"}}
            for event in said.events
        ]
        answers[case["why"]] = [*events, *said.others]
        assert {event.source for event in said.events} <= {provider}

    accept(CASES / f"{provider}.means.json", json.dumps(answers, indent=1, default=str) + "\n")


def test_each_event_of_a_post_has_an_id_of_its_own() -> None:
    events = told("sendgrid", SIGN["sendgrid"](sample("sendgrid"), NOW)).events

    assert len({event.id for event in events}) == len(events) == 9


def test_sns_signs_in_two_ways() -> None:
    assert told("ses", signed_ses(sample("ses"), NOW, version="1")).events


# --- forgeries ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("provider", SIGN)
def test_what_is_not_signed_is_refused(provider: str) -> None:
    bare = Posted(SIGN[provider](sample(provider), NOW).body)
    if provider in {"ses", "mailgun"}:  # theirs is in the body
        bare = Posted(json.dumps({"TopicArn": TOPIC, **sample(provider)}).encode())

    with pytest.raises(HookError):
        told(provider, bare)


@pytest.mark.slow
@pytest.mark.parametrize("provider", SIGNED)
def test_no_byte_of_a_post_may_differ(provider: str) -> None:
    message = sample(provider)[3:4] if provider == "sendgrid" else sample(provider)
    posted = SIGN[provider](message, NOW)
    genuine = told(provider, posted)
    for place in range(len(posted.body)):
        flipped = bytearray(posted.body)
        flipped[place] ^= 0x01
        try:
            said = told(provider, Posted(bytes(flipped), posted.headers))
        except HookError:
            continue
        # SNS signs the fields and not their JSON: what lies outside of them may differ, and means nothing.
        assert provider == "ses"
        assert said == genuine


@pytest.mark.parametrize("provider", ["resend", "sendgrid", "buttondown", "postmark", "brevo"])
def test_no_byte_of_a_proof_may_differ(provider: str) -> None:
    posted = SIGN[provider](sample(provider), NOW)
    for name in (name for name in posted.headers if name != "svix-signature"):
        value = posted.headers[name]
        for place in range(len(value)):
            flipped = f"{value[:place]}{chr(ord(value[place]) ^ 1)}{value[place + 1 :]}"
            if flipped.lower() == value.lower():
                continue
            if provider == "postmark" and not _password_differs(flipped):
                continue
            with pytest.raises(HookError):
                told(provider, Posted(posted.body, {**posted.headers, name: flipped}))


def _password_differs(header: str) -> bool:
    """A user's name proves nothing, and any will do."""
    import base64
    import binascii

    try:
        login = base64.b64decode(header.partition(" ")[2], validate=True)
    except binascii.Error:
        return True
    return header[:6].lower() != "basic " or login.partition(b":")[2] != SECRET.encode()


@pytest.mark.parametrize("provider", TIMED)
def test_a_post_has_its_time(provider: str) -> None:
    posted = SIGN[provider](sample(provider), NOW)

    for at in (NOW, NOW + TIMED[provider], NOW - timedelta(minutes=5)):
        assert told(provider, posted, at=at).events
    for at in (NOW + TIMED[provider] + SECOND, NOW - timedelta(minutes=5) - SECOND):
        with pytest.raises(HookError, match=r"too old|in the future"):
            told(provider, posted, at=at)


@pytest.mark.parametrize("provider", ["postmark", "brevo"])
def test_a_secret_may_stand_in_the_path(provider: str) -> None:
    body = Posted(json.dumps(sample(provider)).encode())

    assert told(provider, body, secret=SECRET).events
    for wrong in ("", SECRET[:-1], SECRET + "x", SECRET.upper(), "é"):
        with pytest.raises(HookError):
            told(provider, body, secret=wrong)


@pytest.mark.parametrize(
    "address",
    [
        "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem",
        "https://sns.eu-west-1.amazonaws.com.example.org/SimpleNotificationService-1.pem",
        "https://example.org/SimpleNotificationService-1.pem",
        "https://sns.eu-west-1.amazonaws.com@example.org/SimpleNotificationService-1.pem",
        "https://example.org#@sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem",
        "https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-1.pem",
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem?x",
        "https://sns.eu-west-1.amazonaws.com/../SimpleNotificationService-1.pem",
        "https://bucket.s3.amazonaws.com/SimpleNotificationService-1.pem",
        "https://sns.eu-west-1.amazonaws.com/other.pem",
        "https://[sns/SimpleNotificationService-1.pem",
        "",
    ],
)
def test_a_certificate_lies_with_sns(address: str) -> None:
    posted = signed_ses(sample("ses"), NOW, SigningCertURL=address)

    with pytest.raises(HookError, match="is not from SNS"):
        told("ses", posted)


def test_a_certificate_is_in_date_and_another_key_is_refused() -> None:
    posted = signed_ses(sample("ses"), NOW)
    post = Post(body=posted.body, headers={}, at=NOW)
    hook = HOOKS.ses
    assert hook is not None

    with pytest.raises(HookError, match="out of date"):
        read(post, hook, fetch=lambda _: certificate(NOW - timedelta(days=800)))
    with pytest.raises(HookError, match="cannot be read"):
        read(post, hook, fetch=lambda _: b"no certificate")


def test_another_topic_is_refused_before_anything_is_fetched() -> None:
    posted = signed_ses(sample("ses"), NOW, TopicArn=TOPIC + "2")
    hook = HOOKS.ses
    assert hook is not None

    with pytest.raises(HookError, match="not among topics"):
        read(Post(body=posted.body, headers={}, at=NOW), hook, fetch=lambda _: pytest.fail("fetched"))


def test_any_key_of_sendgrid_is_of_the_right_kind() -> None:
    from digest.settings import SendgridHook

    posted = SIGN["sendgrid"](sample("sendgrid"), NOW)
    post = Post(body=posted.body, headers=posted.headers, at=NOW)

    for key in ("", "AAAA", "no key"):
        with pytest.raises(HookError, match="not a verification key"):
            read(post, SendgridHook(public_keys=(key,)), fetch=lambda _: b"")


@pytest.mark.slow
@given(st.sampled_from(sorted(SIGN)), st.binary(), st.dictionaries(st.text(max_size=20), st.text()))
def test_any_bytes_are_a_post_or_refused(provider: str, body: bytes, headers: dict[str, str]) -> None:
    try:
        told(provider, Posted(body, headers))
    except HookError:
        return


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)


@pytest.mark.slow
@given(st.sampled_from(sorted(SIGN)), st.data())
def test_any_json_that_is_proven_is_read(provider: str, data: st.DataObject) -> None:
    """A genuine post with anything in place of some of its values."""
    post = _changed(sample(provider), data)
    if provider == "mailgun" and not isinstance(post, dict):
        post = {}

    told(provider, SIGN[provider](post, NOW))


def _changed(value: Any, data: st.DataObject) -> Any:
    if data.draw(st.integers(0, 9)) == 0:
        return data.draw(json_values)
    if isinstance(value, dict):
        return {key: _changed(inner, data) for key, inner in list(value.items())[:12]}
    if isinstance(value, list):
        return [_changed(inner, data) for inner in value[:3]]
    return value


# --- over HTTP ----------------------------------------------------------------------------------------


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A project with all hooks; Ada, Bo and Cleo were sent the edition."""
    letter = newsletter(web="https://news.example.org/the-example")
    everything = Settings(newsletters={letter.key: letter}, store=StoreSettings(), hooks=HOOKS)
    app = App(tmp_path, everything)
    app.__dict__["fetcher"] = Library({CERTIFICATE: certificate(), CONFIRM: b"<ok/>"})
    with app:
        people = [
            Subscriber(id=f"{n:024x}", newsletter=KEY.newsletter, email=f"{name}@example.com", added_at=NOW)
            for n, name in enumerate(["ada", "bo", "cleo"], 1)
        ]
        app.store.subscribers.add(people)
        send(app.store, KEY, people)  # type: ignore[arg-type]
        yield app


def post(app: App, path: str, posted: Posted, *, at: datetime = NOW, method: str = "POST") -> httpx.Response:
    site = Starlette(routes=hooks.routes(app, lambda: at))

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=site)
        async with httpx.AsyncClient(transport=transport, base_url="https://news.example.org") as client:
            return await client.request(method, path, content=posted.body, headers=posted.headers)

    return asyncio.run(ask())


def state(app: App) -> str:
    return ada(app.store).state  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.parametrize("provider", SIGN)
def test_a_genuine_post_suppresses_once_and_its_replay_is_acknowledged(app: App, provider: str) -> None:
    posted = SIGN[provider](sample(provider), NOW)

    first = post(app, f"/hooks/{provider}", posted)
    assert (first.status_code, first.json().get("suppressed", 0) > 0, state(app)) == (200, True, "suppressed")

    app.store.suppressions.lift(KEY.newsletter, "ada@example.com", even_complaint=True, at=NOW)
    again = post(app, f"/hooks/{provider}", posted, at=NOW + SECOND)
    assert (again.status_code, state(app)) == (200, "unconfirmed")
    assert set(again.json()) <= {"known before", "counted"}


@pytest.mark.slow
@pytest.mark.parametrize("provider", SIGN)
def test_a_forged_post_changes_nothing_and_learns_nothing(
    app: App, provider: str, caplog: pytest.LogCaptureFixture
) -> None:
    posted = SIGN[provider](sample(provider), NOW)
    posted.headers = {name: value[:-4] + "AAAA" for name, value in posted.headers.items()}
    if provider == "mailgun":
        posted.body = posted.body.replace(b'"signature": "', b'"signature": "0', 1)
    if provider == "ses":
        posted.body = posted.body.replace(b"ada@example.com", b"bob@example.com")

    with caplog.at_level(logging.WARNING):
        answer = post(app, f"/hooks/{provider}", posted)

    assert (answer.status_code, answer.text) == (403, "not accepted")
    assert state(app) == "active"
    assert app.store.events.counts() == {}
    assert "refused" in caplog.text
    assert "canary" not in caplog.text
    assert "@" not in caplog.text


@pytest.mark.slow
def test_a_token_of_mailgun_is_good_for_one_post_whatever_it_says(app: App) -> None:
    genuine = SIGN["mailgun"](cases("mailgun")[-1]["post"], NOW)  # a delivery, seen on its way
    signature = json.loads(genuine.body)["signature"]
    forged = Posted(json.dumps({"signature": signature, **sample("mailgun")}).encode())

    assert post(app, "/hooks/mailgun", genuine).status_code == 200
    assert post(app, "/hooks/mailgun", forged).json() == {"known before": 1}
    assert state(app) == "active"


@pytest.mark.slow
def test_what_was_told_to_one_that_died_is_taken_when_it_is_told_again(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted = SIGN["mailgun"](sample("mailgun"), NOW)
    with monkeypatch.context() as patch:

        class Killed(BaseException):
            pass

        def dies(*_: object, **__: object) -> None:
            raise Killed

        patch.setattr(type(app.store.events), "take", dies)
        with pytest.raises(Killed):
            post(app, "/hooks/mailgun", posted)
    assert state(app) == "active"

    assert post(app, "/hooks/mailgun", posted).json() == {"suppressed": 1}
    assert post(app, "/hooks/mailgun", posted).json() == {"known before": 1}
    assert state(app) == "suppressed"


@pytest.mark.slow
def test_two_providers_at_once_tell_of_one_mail(app: App) -> None:
    answers: list[httpx.Response] = []
    posts = [(name, SIGN[name](sample(name), NOW)) for name in ("ses", "postmark", "mailgun", "ses")]
    threads = [
        Thread(target=lambda name=name, one=one: answers.append(post(app, f"/hooks/{name}", one)))
        for name, one in posts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [answer.status_code for answer in answers] == [200] * 4
    assert sum(answer.json().get("known before", 0) for answer in answers) == 1
    assert state(app) == "suppressed"
    assert app.store.ledger.returned(KEY) == {"hard": 1}
    assert app.store.ledger.tally(KEY).sent == 3


@pytest.mark.slow
def test_a_complaint_weighs_more_than_a_bounce(app: App) -> None:
    for why in ("no such mailbox", "a complaint", "no such mailbox"):
        message = next(case["post"] for case in cases("ses") if case["why"] == why)
        post(app, "/hooks/ses", signed_ses(message, NOW, number=str(len(why))))

    noted = app.store.suppressions.find(KEY.newsletter, "ada@example.com")
    assert noted is not None
    assert (noted.reason, noted.source) == (Reason.COMPLAINT, "ses")


@pytest.mark.slow
def test_events_that_mean_nothing_are_acknowledged_and_counted(app: App) -> None:
    answer = post(app, "/hooks/sendgrid", SIGN["sendgrid"](sample("sendgrid"), NOW))

    assert answer.json()["counted"] == 6
    counts = app.store.events.counts()
    assert counts["sendgrid", "levitated"] == 1
    assert counts["sendgrid", "complaint"] == 1


@pytest.mark.slow
def test_an_event_of_a_stranger_is_counted_and_changes_nothing(app: App) -> None:
    message = json.loads(json.dumps(sample("postmark")).replace("ada@", "eve@"))
    message["Metadata"] = {}

    assert post(app, "/hooks/postmark", SIGN["postmark"](message, NOW)).json() == {"without proof": 1}
    assert app.store.events.counts() == {("postmark", "hard without proof"): 1}


@pytest.mark.slow
@pytest.mark.parametrize("character", ["\ud800", "\0"])
def test_characters_that_no_database_takes_are_acknowledged(app: App, character: str) -> None:
    message = sample("postmark") | {"Email": f"eve{character}@example.com", "Details": character}
    message["Metadata"] = {"newsletter": KEY.newsletter, "subscriber": character, "day": character}
    headers = SIGN["postmark"]({}, NOW).headers

    answer = post(app, "/hooks/postmark", Posted(json.dumps(message).encode(), headers))

    assert (answer.status_code, answer.json()) == (200, {"without proof": 1})


@pytest.mark.slow
def test_who_unsubscribes_with_the_provider_is_unsubscribed(app: App) -> None:
    message = next(case["post"] for case in cases("brevo") if case["why"] == "unsubscribed")

    assert post(app, "/hooks/brevo", SIGN["brevo"](message, NOW)).json() == {"unsubscribed": 1}
    assert state(app) == "unsubscribed"


@pytest.mark.slow
def test_a_subscription_is_confirmed_for_our_topic_only(app: App) -> None:
    library: Any = app.fetcher
    given = {"Type": "SubscriptionConfirmation", "Token": "2336412f37f", "SubscribeURL": CONFIRM}

    assert post(app, "/hooks/ses", signed_ses({}, NOW, **given)).status_code == 200
    assert library.asked == [CERTIFICATE, CONFIRM]
    for wrong in (
        {"SubscribeURL": "https://example.org/?Action=ConfirmSubscription"},
        {"SubscribeURL": CONFIRM.replace("Confirm", "Un")},
        {"SubscribeURL": CONFIRM.replace(":bounces", ":theirs")},
        {"TopicArn": TOPIC + "x"},
    ):
        assert post(app, "/hooks/ses", signed_ses({}, NOW, **(given | wrong))).status_code == 403
    assert set(library.asked) == {CERTIFICATE, CONFIRM}
    assert library.asked.count(CONFIRM) == 1


@pytest.mark.slow
def test_without_a_certificate_it_is_to_be_told_again(app: App) -> None:
    app.__dict__["fetcher"] = Library({})

    answer = post(app, "/hooks/ses", SIGN["ses"](sample("ses"), NOW))

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")


@pytest.mark.slow
@pytest.mark.parametrize("provider", ["postmark", "mailgun"])
def test_when_nothing_can_be_kept_it_is_to_be_told_again(
    app: App, monkeypatch: pytest.MonkeyPatch, provider: str
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(app.store.events, "take", fail)
    posted = SIGN[provider](sample(provider), NOW)
    assert post(app, f"/hooks/{provider}", posted).status_code == 503

    monkeypatch.undo()
    assert post(app, f"/hooks/{provider}", posted).json() == {"suppressed": 1}


@pytest.mark.slow
def test_a_huge_post_is_refused(app: App) -> None:
    posted = SIGN["sendgrid"]([{"event": "open", "x": "x" * hooks.LARGEST}], NOW)

    assert post(app, "/hooks/sendgrid", posted).status_code == 413


@pytest.mark.slow
def test_a_post_that_does_not_come_is_not_waited_for(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(5)
        yield b"}"

    monkeypatch.setattr("digest.public.forms.PATIENCE", 0.05)
    posted = Posted(endless())  # type: ignore[arg-type]

    assert post(app, "/hooks/postmark", posted).status_code == 408


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/hooks/ses", "/hooks/levitation", "/hooks/__class__", "/hooks/ses/x"])
def test_without_its_settings_nobody_is_heard(app: App, path: str) -> None:
    app.settings = Settings(newsletters=app.settings.newsletters, hooks=HooksSettings())

    assert post(app, path, Posted(b"{}")).status_code == 404


@pytest.mark.slow
def test_hooks_are_below_a_newsletters_pages_too_and_take_posts_only(app: App) -> None:
    posted = SIGN["resend"](sample("resend"), NOW)

    assert post(app, "/the-example/hooks/resend", posted).status_code == 200
    assert post(app, "/hooks/resend", Posted(b""), method="GET").status_code == 405


# --- settings -----------------------------------------------------------------------------------------


def test_a_secret_is_long_and_comes_from_the_environment() -> None:
    from digest.settings import read_hook_secret

    assert read_hook_secret(FromEnvironment(SECRET, written="${X}")).reveal() == SECRET
    for wrong in (SECRET, "", FromEnvironment("short", written="${X}"), FromEnvironment("", written="${X}")):
        with pytest.raises(ValueError, match=r"must|belong") as caught:
            read_hook_secret(wrong)
        assert "short" not in str(caught.value)
        assert SECRET not in str(caught.value)


def test_the_file_has_hooks_and_a_rule(tmp_path: Path) -> None:
    from digest.config import parse
    from digest.sample import SAMPLE

    text = (SAMPLE / "schedules.toml").read_text()
    text += """
[bounces]
soft = 3
within = "10d"
[hooks.ses]
topics = ["arn:aws:sns:eu-west-1:123456789012:bounces"]
[hooks.postmark]
secrets = ["${HOOK}"]
"""
    environ = {"HOOK": SECRET, "SAMPLE_NEWSROOM": "http://127.0.0.1:8000"}

    read = parse(text, source="schedules.toml", environ=environ)

    assert (read.bounces.soft, read.bounces.within) == (3, timedelta(days=10))
    assert read.hooks.postmark is not None
    assert read.hooks.postmark.secrets[0].reveal() == SECRET
    assert SECRET not in repr(read)
    with pytest.raises(ConfigError, match=r"hooks\.postmark\.secrets\[1\].*20 characters") as caught:
        parse(text, source="schedules.toml", environ=environ | {"HOOK": "too-short"})
    assert "too-short" not in str(caught.value)
