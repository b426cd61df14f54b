"""The settings of the SMTP sender: signatures, bounces, connections."""

from __future__ import annotations

from datetime import date

import pytest
from test_config import problems, read, with_sender, with_setting

from digest.audience import bounce_address, new_id
from digest.errors import ConfigError
from digest.model import EditionKey
from digest.settings import SmtpSettings

PLACE = "newsletters.the-sift.sender.dkim"
DKIM = 'dkim = {{ domain = "{domain}", selector = "news", key = "${{DKIM_KEY}}"{more} }}'


def with_dkim(domain: str = "example.org", more: str = "") -> str:
    return with_sender(DKIM.format(domain=domain, more=more))


def test_a_key_comes_from_the_environment_and_may_have_lines() -> None:
    sender = read(with_dkim(), DKIM_KEY="-----BEGIN\nx\n-----END").newsletters["the-sift"].sender

    assert isinstance(sender, SmtpSettings)
    assert sender.dkim is not None
    assert sender.dkim.key.reveal() == "-----BEGIN\nx\n-----END"
    assert "BEGIN" not in repr(sender)


def test_a_key_in_the_file_is_refused() -> None:
    [problem] = problems(with_dkim().replace("${DKIM_KEY}", "canary-7f3a"))

    assert problem.startswith(f"{PLACE}.key: is a secret and does not belong in the file")
    assert "canary" not in problem


@pytest.mark.parametrize("domain", ["example.org", "news.example.org", "EXAMPLE.org"])
def test_the_domain_that_signs_is_one_with_that_of_from(domain: str) -> None:
    assert read(with_dkim(domain), DKIM_KEY="k").newsletters["the-sift"].sender


@pytest.mark.parametrize("domain", ["example.net", "badexample.org", "org.example"])
def test_another_domain_than_that_of_from_would_not_count(domain: str) -> None:
    [problem] = problems(with_dkim(domain), DKIM_KEY="k")

    assert problem.startswith(f"{PLACE}.domain: must be example.org, the domain of from")


@pytest.mark.parametrize(
    ("more", "key"),
    [(', ed25519_key = "${DKIM_KEY}"', "ed25519_selector"), (', ed25519_selector = "ed"', "ed25519_key")],
)
def test_an_ed25519_key_and_its_selector_come_together(more: str, key: str) -> None:
    [problem] = problems(with_dkim(more=more), DKIM_KEY="k")

    assert problem.startswith(f"{PLACE}.{key} is required")


def test_the_longest_mailbox_for_bounces_is_none_too_long_with_what_is_added() -> None:
    taken = ["b" * size for size in range(1, 20) if _is_taken(f"{'b' * size}@example.org")]
    key = EditionKey(newsletter="the-sift", day=date(2026, 11, 30))

    local, _, _ = bounce_address(b"0" * 32, key, new_id(), f"{taken[-1]}@example.org").rpartition("@")

    assert len(local) == 64  # RFC 5321, 4.5.3.1.1


def _is_taken(bounces: str) -> bool:
    try:
        return bool(read(with_setting(f'bounces = "{bounces}"')))
    except ConfigError:
        return False


@pytest.mark.parametrize(
    "bounces", ["The Sift <bounces@example.org>", "a-very-long-name@example.org", "b+c@x.org", "x"]
)
def test_a_mailbox_for_bounces_leaves_room_for_what_is_added(bounces: str) -> None:
    [problem] = problems(with_setting(f'bounces = "{bounces}"'))

    assert problem.startswith("newsletters.the-sift.bounces: must be an address")


def test_a_domain_of_other_letters_than_ascii_is_kept_as_it_travels() -> None:
    text = with_dkim("xn--bcher-kva.example").replace("@example.org>", "@Bücher.example>")

    settings = read(text, DKIM_KEY="k").newsletters["the-sift"]

    assert settings.from_ == "The Sift <sift@xn--bcher-kva.example>"


def test_a_from_that_cannot_be_read_says_nothing_of_the_domain_that_signs() -> None:
    text = with_dkim().replace("The Sift <", "Käse, Brot <")

    [problem] = problems(text, DKIM_KEY="k")

    assert problem.startswith("newsletters.the-sift.from: must be one address")


@pytest.mark.parametrize("key", ["web", "archive"])
@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("https://bücher.example/früh", "https://xn--bcher-kva.example/fr%C3%BCh"),
        ("https://news.example.org/?list=sift", "must end before ? and #"),
        ("https://news.example.org/#sift", "must end before ? and #"),
        ("https://news.example.org/" + "s" * 500, "must have at most 500 characters"),
    ],
)
def test_pages_lie_below_an_address_that_can_be_in_a_header(key: str, address: str, wanted: str) -> None:
    [problem] = problems(with_setting(f'{key} = "{address}"'))

    assert problem.startswith(f"newsletters.the-sift.{key}: ")
    assert wanted in problem
