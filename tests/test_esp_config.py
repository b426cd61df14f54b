"""The tables of the senders behind an API in ``schedules.toml``."""

from __future__ import annotations

from typing import Any

import pytest
from test_config import LEAST, _defaults, problems, read

from digest.config import json_schema
from digest.settings import PostmarkSettings, SesSettings

TABLES = {
    "ses": 'region = "eu-west-1"\naccess_key = "AKIAEXAMPLE"\nsecret_key = "${P}"',
    "postmark": 'token = "${P}"',
    "resend": 'key = "${P}"',
    "mailgun": 'domain = "mg.example.org"\nkey = "${P}"',
    "sendgrid": 'key = "${P}"',
    "brevo": 'key = "${P}"',
}


def table(kind: str, lines: str = "") -> str:
    return f'{LEAST}\n[newsletters.the-sift.sender]\nkind = "{kind}"\n{TABLES[kind]}\n{lines}\n'


def sender(kind: str, lines: str = "") -> Any:
    return read(table(kind, lines), P="hunter2").newsletters["the-sift"].sender


@pytest.mark.parametrize("kind", TABLES)
def test_a_key_and_a_place_are_all_that_is_needed(kind: str) -> None:
    settings = sender(kind)

    assert settings.kind == kind
    assert "hunter2" not in repr(settings)
    assert sender(kind, _defaults(type(settings).__name__)) == settings


@pytest.mark.parametrize("kind", TABLES)
def test_a_key_does_not_stand_in_the_file(kind: str) -> None:
    [found] = problems(table(kind).replace("${P}", "hunter2"))

    assert "is a secret" in found
    assert "hunter2" not in found


@pytest.mark.parametrize("kind", TABLES)
def test_a_key_is_not_sent_in_the_clear(kind: str) -> None:
    [found] = problems(table(kind, 'base_url = "http://api.example.org"'), P="hunter2")

    assert "sender.base_url: must start with https://" in found
    assert sender(kind, 'base_url = "http://127.0.0.1:4100"').base_url == "http://127.0.0.1:4100"


@pytest.mark.parametrize(
    ("kind", "line", "words"),
    [
        ("postmark", "batch = 501", "from 1 to 500"),
        ("resend", "batch = 101", "100"),
        ("sendgrid", 'region = "mars"', "global"),
        ("mailgun", "stream = 1", "no such setting"),
    ],
)
def test_what_a_provider_does_not_have_is_told(kind: str, line: str, words: str) -> None:
    [found] = problems(table(kind, line), P="hunter2")

    assert words in found


@pytest.mark.parametrize("region", ["eu-west-1/", "evil.example.org#", "EU-WEST-1", ""])
def test_a_region_cannot_become_another_host(region: str) -> None:
    [found] = problems(table("ses").replace("eu-west-1", region), P="hunter2")

    assert "region" in found


def test_each_kind_has_its_own_settings() -> None:
    assert isinstance(sender("postmark"), PostmarkSettings)
    assert isinstance(sender("ses"), SesSettings)
    assert {"SesSettings", "BrevoSettings"} <= set(json_schema()["$defs"])
