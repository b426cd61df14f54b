"""Pure parts of fetching: how long to wait, where to ask next time, what messages show."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit.builders import HOUR, NOW

from digest.fetching.addresses import parse, same_server
from digest.fetching.answers import seconds_to_wait
from digest.fetching.redirects import Journey, lasting_address
from digest.model import Request

DAY = 86_400


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("86400", DAY),
        ("86401", DAY),
        ("9" * 5000, DAY),
        (format_datetime(NOW + HOUR, usegmt=True), 3600),
        (format_datetime(NOW - HOUR, usegmt=True), 0),
        (format_datetime(NOW + timedelta(days=900), usegmt=True), DAY),
        ("Mon, 23 Nov 2026 11:00:00 -0000", 3600),
        ("Mon, 23 Nov 2026 12:00:00 +0200", 0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1e9", None),
        ("²", None),
        ("Mon, 99 Nov 99999 11:00:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_at_most_a_day(retry_after, seconds):
    assert seconds_to_wait(retry_after, at=NOW) == seconds


@given(st.text())
def test_any_retry_after_is_understood_or_not_but_never_a_crash(text):
    seconds = seconds_to_wait(text, at=NOW)

    assert seconds is None or 0 <= seconds <= DAY


def journey(*stops: str | int) -> Journey:
    return Journey(
        urls=tuple(httpx.URL(stop) for stop in stops if isinstance(stop, str)),
        redirects=tuple(stop for stop in stops if isinstance(stop, int)),
    )


@pytest.mark.parametrize(
    ("way", "moved_to"),
    [
        (journey("http://a/"), ""),
        (journey("http://a/", 301, "http://b/"), "http://b/"),
        (journey("http://a/", 308, "https://a/", 301, "https://b/"), "https://b/"),
        (journey("http://a/", 301, "http://b/", 302, "http://c/"), ""),
        (journey("https://a/", 301, "http://a/"), ""),
        (journey("https://a/", 301, "http://a/", 301, "https://b/"), ""),
    ],
)
def test_only_permanent_moves_that_stay_encrypted_are_remembered(way, moved_to):
    assert lasting_address(Request(url="http://a/"), way) == moved_to


@pytest.mark.parametrize(
    "request_",
    [
        Request(url="http://a/", headers=(("Authorization", "t"),)),
        Request(url="http://a/", allow_private=True),
    ],
)
def test_what_was_granted_to_one_server_is_not_moved_to_another(request_):
    assert lasting_address(request_, journey("http://a/", 301, "http://b/")) == ""
    assert lasting_address(request_, journey("http://a/", 301, "https://a/feed")) == "https://a/feed"


@pytest.mark.parametrize(
    ("first", "then", "same"),
    [
        ("http://a/x", "http://A/y", True),
        ("http://a/", "http://a:80/", True),
        ("http://a/", "https://a/", True),
        ("https://a/", "http://a/", False),
        ("http://a:8000/", "http://a:9000/", False),
        ("http://a:8000/", "https://a/", False),
        ("http://a/", "http://www.a/", False),
    ],
)
def test_one_server_is_one_host_and_port_or_its_encrypted_twin(first, then, same):
    assert same_server(httpx.URL(first), httpx.URL(then)) is same


@given(st.text() | st.text().map("http://{}".format), st.none() | st.just(httpx.URL("http://a/")))
def test_any_text_is_an_address_or_a_value_error(text, base):
    try:
        url = parse(text, base)
    except ValueError:
        return
    assert url.scheme in {"http", "https"}
    assert url.host
    assert not url.fragment
