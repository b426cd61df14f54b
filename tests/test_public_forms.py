"""The readers' pages in small: whose network it is, what a form says, how often, and a letter's token."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit.builders import NOW

from digest.audience import (
    confirmation_token,
    count_mark,
    mailbox_key,
    read_confirmation,
    read_token,
    unsubscribe_token,
)
from digest.public import throttle
from digest.public.forms import Form, FormError, is_one_click
from digest.public.networks import NOWHERE, Proxies
from digest.public.throttle import Throttle

SECRET = b"0" * 32
PROXIES = Proxies(["127.0.0.1", "::1", "10.0.0.0/8", "2001:db8:ffff::/48"])


# --- whose network ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("peer", "forwarded", "network"),
    [
        ("198.51.100.7", "", "198.51.100.7"),
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),  # no proxy of ours: anybody may write that
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "1.1.1.1, 203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("127.0.0.1", "10.9.9.9, 10.1.2.3", "10.9.9.9"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "1.1.1.1, nonsense", "127.0.0.1"),
        ("127.0.0.1", "1.1.1.1,", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9:4711", "203.0.113.9"),
        ("127.0.0.1", '"[2001:db8:1:2:3::4]:4711"', "2001:db8:1:2::/64"),
        ("::ffff:127.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:ffff:1::1", "2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "", "fe80::/64"),
        ("", "203.0.113.9", NOWHERE),
        ("testclient", "203.0.113.9", NOWHERE),
    ],
)
def test_a_request_is_of_the_network_that_our_own_proxies_name(peer: str, forwarded: str, network: str):
    assert PROXIES.network(peer, forwarded) == network


#: What a reader may put before what our proxies write: addresses of all sorts, ours among them, and nonsense.
SPOOFED = st.lists(
    st.one_of(
        st.sampled_from(
            ["127.0.0.1", "10.1.1.1", "::1", "unknown", "_hidden", "", '"', "[::1", "for=1.1.1.1"]
        ),
        st.ip_addresses().map(str),
        st.text(max_size=12),
    ),
    max_size=5,
).map(",".join)
#: How our own proxies may name each other, and how they may name a reader, whose network is the other one.
CHAINS = st.lists(
    st.sampled_from(["10.1.2.3", "10.1.2.3:80", "::ffff:10.0.0.9", "2001:db8:ffff::7"]), max_size=4
)
READERS = [
    ("203.0.113.9", "203.0.113.9"),
    ("203.0.113.9:4711", "203.0.113.9"),
    ('"[2001:db8:1:2:3::4]:4711"', "2001:db8:1:2::/64"),
    ("::ffff:203.0.113.9", "203.0.113.9"),
]


@given(
    SPOOFED,
    st.sampled_from(READERS),
    CHAINS,
    st.sampled_from([",", ", ", " ,\t"]),
    st.sampled_from(["127.0.0.1", "10.7.7.7", "::1"]),
)
def test_whatever_a_reader_writes_before_it_the_network_is_the_one_that_our_proxies_wrote(
    spoofed: str, reader: tuple[str, str], chain: list[str], comma: str, peer: str
):
    """Each proxy of ours adds whom it was asked by: the first the reader, the next the one before it."""
    name, network = reader
    forwarded = comma.join([spoofed, name, *chain])

    assert PROXIES.network(peer, forwarded) == network
    assert PROXIES.network("198.51.100.7", forwarded) == "198.51.100.7", "nobody's proxy"


@pytest.mark.parametrize(
    ("forwarded", "network"),
    [
        # A proxy that is none of ours stands between: who stands before it may be anybody.
        ("203.0.113.9, 192.0.2.80, 10.1.2.3", "192.0.2.80"),
        ("10.1.2.3, 192.0.2.80", "192.0.2.80"),
        # One of ours wrote what is no address: it is all that is known.
        ("203.0.113.9, unknown, 10.1.2.3", "10.1.2.3"),
        ("203.0.113.9, _hidden", "127.0.0.1"),
        ("203.0.113.9, 10.1.2.3, ", "127.0.0.1"),
        ("203.0.113.9, 010.1.2.3", "127.0.0.1"),
        # All are ours: the one that is the farthest away.
        ("10.3.3.3, 2001:db8:ffff::7, 10.1.2.3", "10.3.3.3"),
        (",".join(["1.1.1.1"] * 5000 + ["203.0.113.9"] + ["10.1.2.3"] * 5000), "203.0.113.9"),
    ],
)
def test_of_several_proxies_each_is_asked_for_the_one_before_it(forwarded: str, network: str):
    assert PROXIES.network("127.0.0.1", forwarded) == network


def test_a_proxy_that_names_nobody_is_told_of_once(caplog: pytest.LogCaptureFixture):
    proxies = Proxies(["127.0.0.1"])

    assert [proxies.network(peer, "") for peer in ("127.0.0.1", "127.0.0.1", "198.51.100.7")]

    assert [record.msg["event"] for record in caplog.records] == ["proxy names no reader"]


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_words_are_a_network_or_none(peer: str, forwarded: str):
    assert PROXIES.network(peer, forwarded)
    assert PROXIES.network("198.51.100.7", forwarded) == "198.51.100.7"


# --- how often ----------------------------------------------------------------------------------------


def test_a_network_is_refused_beyond_its_number_and_others_are_not():
    limit = Throttle(2, timedelta(minutes=1))

    assert [limit.allows("a", NOW) for _ in range(3)] == [True, True, False]
    assert limit.allows("b", NOW)
    assert limit.allows("a", NOW + timedelta(minutes=1))


def test_it_forgets_rather_than_grow(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(throttle, "REMEMBERED", 3)
    limit = Throttle(1, timedelta(minutes=1))

    for number in range(10):
        assert limit.allows(str(number), NOW)

    assert len(limit._asked) <= 3


# --- what a form says -----------------------------------------------------------------------------------


def multipart(**fields: str) -> bytes:
    parts = (
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    return ("".join(parts) + "--x--\r\n").encode()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"email=%C3%A9%40x&topic=a&topic=b&plain=", "application/x-www-form-urlencoded"),
        (multipart(email="é@x", topic="a", plain=""), 'multipart/form-data; boundary="x"'),
    ],
)
def test_fields_are_read_in_either_form(body: bytes, content_type: str):
    form = Form(body, content_type)

    assert (form.one("email"), form.one("plain"), form.one("nothing")) == ("é@x", "", "")
    assert form.all("topic") >= {"a"}


@given(st.binary(max_size=300), st.sampled_from(["", "multipart/form-data; boundary=x", "multipart/x", "é"]))
def test_any_bytes_are_a_form_or_refused(body: bytes, content_type: str):
    for given_body in (body, b"--x\r\n" + body + b"\r\n--x--"):
        with suppress(FormError):
            assert isinstance(Form(given_body, content_type).one("email"), str)


@pytest.mark.parametrize("body", [b"", b"List-Unsubscribe=", b"One-Click", b"unsubscribe=yes"])
def test_less_than_one_click_is_none(body: bytes):
    assert not is_one_click(body)


# --- tokens and marks -------------------------------------------------------------------------------------

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30)


@given(st.binary(min_size=32, max_size=32), WORDS, WORDS, WORDS)
def test_a_letters_token_says_what_was_asked_and_for_whom(secret: bytes, who: str, letter: str, email: str):
    token = confirmation_token(secret, who, letter, email, asked_at=NOW)
    said = read_confirmation(secret, token)

    assert said is not None
    assert (said.subscriber_id, said.newsletter, said.asked_at) == (who, letter, NOW)
    assert email not in token or len(email) < 4
    assert read_token(secret, token) is None
    assert read_confirmation(secret, unsubscribe_token(secret, who, letter)) is None


@pytest.mark.slow
@given(st.data())
def test_no_part_of_a_letters_token_may_differ(data: st.DataObject):
    token = confirmation_token(SECRET, "s1", "the-sift", "ada@example.com", asked_at=NOW)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda char: char != token[place]))

    assert read_confirmation(SECRET, token[:place] + other + token[place + 1 :]) is None
    assert read_confirmation(b"1" * 32, token) is None


def test_what_is_counted_is_not_named():
    mark = count_mark(SECRET, "mailbox", "ada@example.com")

    assert "ada" not in mark
    assert mark == count_mark(SECRET, "mailbox", "ada@example.com")
    assert (
        len({mark, count_mark(SECRET, "network", "ada@example.com"), count_mark(b"1", "mailbox", "a")}) == 3
    )


@pytest.mark.parametrize(
    ("email", "key"),
    [
        ("Ada@Example.com", "ada@example.com"),
        ("ada+news@example.com", "ada@example.com"),
        ("a.da@example.com", "a.da@example.com"),
        ("A.da+x@GoogleMail.com", "ada@gmail.com"),
    ],
)
def test_the_addresses_of_one_mailbox_are_counted_together(email: str, key: str):
    assert mailbox_key(email) == key
