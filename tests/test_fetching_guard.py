"""No request reaches a private address: not by its own address, not by a redirect, not by DNS."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit.builders import NOW
from kit.faultserver import FaultServer, redirect, reply

from digest.errors import FetchError
from digest.fetching import HttpFetcher
from digest.fetching.guard import nature
from digest.fetching.network import system_addresses
from digest.model import Fetched, Request, Unchanged
from digest.settings import FetchingSettings

LOOPBACK = [
    "127.0.0.1",
    "127.9.9.9",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0x7f.0.0.0x1",
    "017700000001",
    "0",
    "0.0.0.0",
    "localhost",
    "LOCALHOST",
    "127。0。0。1",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::]",
    "[::127.0.0.1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
]
ELSEWHERE = [
    "10.0.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "169.254.169.254",
    "2852039166",
    "100.64.0.1",
    "100.100.100.200",
    "192.0.0.192",
    "168.63.129.16",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "[fe80::1]",
    "[fe80::1%25eth0]",
    "[fd00:ec2::254]",
    "[fec0::1]",
    "[ff02::1]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::a00:1]",
    "[2001:0:1::1]",
    "[2001:db8::1]",
]


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as server:
        server.script("/secret", reply(200, b"secret"))
        yield server


@pytest.fixture
def connected(monkeypatch) -> list[str]:
    """The addresses that a connection is tried to; every one is refused."""
    tried: list[str] = []

    def refuse(self: httpcore.SyncBackend, host: str, *rest: object) -> httpcore.NetworkStream:
        tried.append(host)
        raise httpcore.ConnectError("refused")

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", refuse)
    return tried


class Resolver:
    """Names of the test's own, each with its answers in turn; the system's for any other."""

    def __init__(self, **answers: Sequence[Sequence[str]]) -> None:
        self._answers = {f"{name}.example": list(turns) for name, turns in answers.items()}
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        if host not in self._answers:
            return system_addresses(host, port)
        turns = self._answers[host]
        return turns.pop(0) if len(turns) > 1 else turns[0]


def fetch(
    *requests: Request,
    resolve: Callable[[str, int], Sequence[str]] = system_addresses,
    allow_hosts: tuple[str, ...] = (),
) -> list[Fetched | Unchanged | FetchError]:
    """The answers in the order of the requests, which are asked one after the other."""
    settings = FetchingSettings(allow_hosts=allow_hosts, workers=1)
    with HttpFetcher(settings, resolve=resolve) as fetcher:
        return [answer for request in requests for _, answer in fetcher.fetch([request], at=NOW)]


def reason(answer: Fetched | Unchanged | FetchError) -> str:
    assert isinstance(answer, FetchError)
    return answer.reason


@pytest.mark.parametrize("host", LOOPBACK + ELSEWHERE)
def test_an_address_of_a_private_host_is_refused_however_it_is_written(server, host):
    [answer] = fetch(Request(url=f"http://{host}:{server.port}/secret"))

    assert "not a public address" in reason(answer)
    assert "allow_private = true" in reason(answer)
    assert server.connections == 0


@pytest.mark.parametrize("host", LOOPBACK + ELSEWHERE)
def test_a_redirect_to_a_private_host_is_refused_even_from_an_allowed_one(server, host):
    server.script("/feed", redirect(302, f"http://{host}:{server.port}/secret"))
    request = Request(url=server.url("/feed", host="feeds.example"), allow_private=True)

    [answer] = fetch(request, resolve=Resolver(feeds=[["127.0.0.1"]]))

    assert "redirects to" in reason(answer)
    assert "not a public address" in reason(answer)
    assert "allow_hosts" in reason(answer)
    assert server.paths == ["/feed"]


def test_the_message_names_the_metadata_address_and_the_way_out(server):
    server.script("/feed", redirect(302, "http://169.254.169.254/latest/meta-data/"))

    [answer] = fetch(Request(url=server.url("/feed"), allow_private=True))

    assert reason(answer) == (
        "redirects to 169.254.169.254, which is not a public address (link-local); allow_private is for the "
        'feed\'s own host only: if this is meant, add "169.254.169.254" to allow_hosts under [fetching]'
    )


def test_a_name_that_is_public_at_first_and_private_later_is_refused(server, connected):
    rebinding = Resolver(rebinding=[["93.184.216.34"], ["127.0.0.1"]])
    request = Request(url=server.url("/secret", host="rebinding.example"))

    first, second = fetch(request, request, resolve=rebinding)

    assert "cannot be connected to" in reason(first)
    assert "rebinding.example, at 127.0.0.1, which is not a public address (loopback)" in reason(second)
    assert connected == ["93.184.216.34"]


def test_the_address_that_was_checked_is_the_one_connected_to(server, connected):
    resolver = Resolver(news=[["93.184.216.34", "2606:2800:220:1::1"], ["127.0.0.1"]])

    fetch(Request(url=server.url("/secret", host="news.example")), resolve=resolver)

    assert resolver.asked == ["news.example"]
    assert connected == ["93.184.216.34", "2606:2800:220:1::1"]


def test_a_name_with_a_public_and_a_private_address_is_refused(server, connected):
    resolver = Resolver(both=[["93.184.216.34", "10.0.0.1"]])

    [answer] = fetch(Request(url=server.url("/secret", host="both.example")), resolve=resolver)

    assert "10.0.0.1" in reason(answer)
    assert connected == []


def test_a_permission_covers_that_requests_host_and_no_others(server):
    resolver = Resolver(ours=[["127.0.0.1"]], theirs=[["127.0.0.1"]])
    ours, theirs = (server.url("/secret", host=f"{name}.example") for name in ("ours", "theirs"))

    allowed, other = fetch(Request(url=ours, allow_private=True), Request(url=theirs), resolve=resolver)

    assert isinstance(allowed, Fetched)
    assert "not a public address" in reason(other)


def test_a_kept_connection_serves_nobody_without_the_permission(server):
    url = server.url("/secret")

    allowed, other = fetch(Request(url=url, allow_private=True), Request(url=url))

    assert isinstance(allowed, Fetched)
    assert "not a public address" in reason(other)


@pytest.mark.parametrize("name", ["feeds.example", "FEEDS.example."])
def test_a_host_in_allow_hosts_may_be_private_after_a_redirect_too(server, name):
    resolver = Resolver(feeds=[["127.0.0.1"]])
    server.script("/feed", redirect(302, server.url("/secret", host="feeds.example")))

    answers = fetch(
        Request(url=server.url("/secret", host="feeds.example")),
        Request(url=server.url("/feed"), allow_private=True),
        resolve=resolver,
        allow_hosts=(name,),
    )

    assert all(isinstance(answer, Fetched) for answer in answers)


def test_hosts_may_also_be_allowed_by_the_caller(server):
    with HttpFetcher(FetchingSettings(), allow_hosts=("127.0.0.1",)) as fetcher:
        [(_, answer)] = fetcher.fetch([Request(url=server.url("/secret"))], at=NOW)

    assert isinstance(answer, Fetched)


def test_the_second_address_is_tried_when_the_first_does_not_answer(server):
    resolver = Resolver(feeds=[["::1", "127.0.0.1"]])  # the server listens on the second only

    [answer] = fetch(
        Request(url=server.url("/secret", host="feeds.example"), allow_private=True), resolve=resolver
    )

    assert isinstance(answer, Fetched)


# --- the rule itself ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "93.184.216.34",
        "172.32.0.1",
        "100.128.0.1",
        "2606:4700::1111",
        "2a00:1450::8",
        "64:ff9b::808:808",
    ],
)
def test_public_addresses_are_public(address):
    assert nature(address) == ""


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_what_it_is_in_any_ipv6_dress(address: IPv4Address):
    number = int(address)
    dresses = (
        IPv6Address(0xFFFF << 32 | number),
        IPv6Address(0x64FF9B << 96 | number),
        IPv6Address(0x2002 << 112 | number << 80),
    )

    assert {nature(str(dress)) for dress in dresses} == {nature(str(address))}


@pytest.mark.slow
@given(st.ip_addresses())
def test_nothing_that_python_knows_to_be_private_is_public(address: IPv4Address | IPv6Address):
    if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
        carries_ipv4 = isinstance(address, IPv6Address) and address.ipv4_mapped is not None
        assert nature(str(address)) or carries_ipv4
