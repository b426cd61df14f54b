"""SES: the signature against AWS's own implementation, the requests against a stand-in of AWS's services."""

from __future__ import annotations

import email
import email.policy
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit.espcases import mails
from test_dkim import NEWS, both, dkim_settings, holds
from test_mime import mail

from digest.errors import SendError
from digest.model import Outcome
from digest.senders.mime import message
from digest.senders.providers import open_api
from digest.senders.sigv4 import signed
from digest.settings import Secret, SesSettings

pytestmark = pytest.mark.slow  # botocore takes a second to import

AT = datetime(2026, 11, 23, 10, 0, 7, tzinfo=UTC)


@given(
    path=st.sampled_from(["", "/", "/v2/email/outbound-emails", "/a b/ü"]),
    body=st.binary(max_size=50),
    region=st.sampled_from(["eu-west-1", "us-gov-west-1"]),
    token=st.sampled_from(["", "a-session-token"]),
)
def test_a_signature_is_that_of_botocore(path: str, body: bytes, region: str, token: str):
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    url = f"https://email.{region}.amazonaws.com{path}"
    ours = signed(
        "POST",
        url,
        body,
        region=region,
        service="ses",
        access_key="AKIAEXAMPLE",
        secret_key=Secret("canary/secret+key"),
        session_token=Secret(token),
        at=AT.timestamp(),
    )

    theirs = AWSRequest("POST", url, data=body, headers={"Content-Type": "application/json"})
    auth = SigV4Auth(Credentials("AKIAEXAMPLE", "canary/secret+key", token or None), "ses", region)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("botocore.auth.get_current_datetime", lambda: AT.replace(tzinfo=None))
        auth.add_auth(theirs)

    assert ours["authorization"] == theirs.headers["Authorization"]


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    """Moto's address; it is one process's memory, with the domain example.org verified."""
    from moto.moto_api import state_manager  # noqa: F401 - its models are registered by being imported
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel("ERROR")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    body = b'{"EmailIdentity": "example.org"}'
    signature: dict[str, Any] = {"region": "eu-west-1", "service": "ses", "access_key": "AKIAEXAMPLE"}
    headers = signed(
        "POST",
        f"{url}/v2/email/identities",
        body,
        **signature,
        secret_key=Secret("canary"),
        session_token=Secret(""),
        at=AT.timestamp(),
    )
    with httpx.Client(trust_env=False) as client:
        client.post(f"{url}/v2/email/identities", headers=headers, content=body).raise_for_status()
    yield url
    server.stop()


def sent_by(aws: str) -> list[Any]:
    from moto.ses.models import ses_backends

    return [one for backends in ses_backends.values() for one in backends["eu-west-1"].sent_messages]


def sender(aws: str, **given: Any) -> Any:
    settings = SesSettings(
        kind="ses",
        region="eu-west-1",
        access_key="AKIAEXAMPLE",
        secret_key=Secret("canary"),
        base_url=aws,
        timeout=timedelta(seconds=20),
        **given,
    )
    return open_api(settings)


def test_a_signature_of_ours_holds_whatever_ses_writes_anew(aws: str):
    before = len(sent_by(aws))

    [receipt] = sender(aws, dkim=both()).send([mail(headers=NEWS)])

    assert receipt.outcome is Outcome.SENT
    [arrived] = sent_by(aws)[before:]
    replaced = re.sub(
        r"(?m)^(Message-ID|Date): .*$", r"\1: <other@eu-west-1.amazonses.com>\r", arrived.raw_data
    )
    for raw in (arrived.raw_data.encode(), replaced.encode()):
        assert raw.count(b"\r\nDKIM-Signature: ") == 1  # and the first begins the mail
        assert holds(raw, 0)
        assert holds(raw, 1)
    assert not holds(replaced.replace("List-Unsubscribe-Post: List", "List-Unsubscribe-Post: Lost").encode())


def test_a_key_that_cannot_be_used_is_told_and_sends_nothing(aws: str):
    before = len(sent_by(aws))
    broken = sender(aws, dkim=dkim_settings(key=Secret("canary-7f3a")))

    for step in (lambda: list(broken.send(mails(1))), broken.check):
        with pytest.raises(SendError, match=r"dkim\.key is not a private key") as failure:
            step()
        assert "canary" not in str(failure.value)

    assert len(sent_by(aws)) == before


def test_ses_takes_the_mails_as_they_were_made(aws: str):
    given_mails = mails(3)
    before = len(sent_by(aws))

    receipts = list(sender(aws).send(given_mails))

    arrived = sent_by(aws)[before:]
    assert [receipt.outcome for receipt in receipts] == [Outcome.SENT] * 3
    assert {receipt.remote_id for receipt in receipts} == {one.id for one in arrived}
    raw = {one.destinations[0]: one.raw_data for one in arrived}
    for one in given_mails:
        assert raw[one.to] == message(one).decode()
        read = email.message_from_string(raw[one.to], policy=email.policy.default)
        assert read["List-Unsubscribe"]


def test_a_from_that_is_not_verified_stops_the_run_and_refuses_nobody(aws: str):
    strangers = [replace(one, sender="news@elsewhere.example") for one in mails(3)]

    receipts = []
    with pytest.raises(SendError, match=r"ses: .*MessageRejected"):
        receipts.extend(sender(aws).send(strangers))

    assert receipts == []
