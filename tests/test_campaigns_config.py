"""The tables of the senders that hold the list in ``schedules.toml``."""

from __future__ import annotations

from typing import Any

import pytest
from test_config import LEAST, _defaults, problems, read

TABLES = {
    "listmonk": 'base_url = "https://lists.example.org"\nusername = "digest"\ntoken = "${P}"\nlists = [3]',
    "buttondown": 'key = "${P}"',
    "mailchimp": 'key = "${P}"\nlist = "a1b2"',
}


def table(kind: str, lines: str = "") -> str:
    return f'{LEAST}\n[newsletters.the-sift.sender]\nkind = "{kind}"\n{TABLES[kind]}\n{lines}\n'


def sender(kind: str, lines: str = "") -> Any:
    return read(table(kind, lines), P="hunter2").newsletters["the-sift"].sender


@pytest.mark.parametrize("kind", TABLES)
def test_a_key_and_a_list_are_all_that_is_needed(kind: str) -> None:
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
    plain = 'base_url = "http://lists.example.org"'
    written = table(kind).replace('base_url = "https://lists.example.org"', plain)
    [found] = problems(written if kind == "listmonk" else table(kind, plain), P="hunter2")

    assert "sender.base_url: must start with https://" in found


@pytest.mark.parametrize(
    ("kind", "change", "words"),
    [
        ("listmonk", ("lists = [3]", "lists = []"), "lists"),
        ("listmonk", ("lists = [3]", 'lists = ["three"]'), "lists[1]"),
        ("listmonk", ('base_url = "https://lists.example.org"\n', ""), "base_url is required"),
        ("mailchimp", ('list = "a1b2"', ""), "list is required"),
        ("mailchimp", ('list = "a1b2"', 'list = "a1b2"\nsegment = "x"'), "segment"),
        ("buttondown", ('key = "${P}"', 'key = "${P}"\nbatch = 3'), "no such setting"),
        ("buttondown", ('key = "${P}"', 'key = "${P}"\nrate = -1'), "rate"),
    ],
)
def test_what_is_wrong_is_named(kind: str, change: tuple[str, str], words: str) -> None:
    [found] = problems(table(kind).replace(*change), P="hunter2")

    assert words in found
