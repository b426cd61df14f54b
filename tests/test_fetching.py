"""Requests to a real server on loopback: what becomes of each answer, and of many at once."""

from __future__ import annotations

import gzip
import socket
import ssl
import struct
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from threading import Barrier, Event, Lock
from typing import Any

import pytest
import trustme
from kit.builders import NOW
from kit.faultserver import FaultServer, redirect, reply

import digest
from digest.errors import FetchError
from digest.fetching import HttpFetcher, exchange, network
from digest.model import Fetched, Request, Unchanged
from digest.settings import FetchingSettings

BODY = b"<rss/>"


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch):
    monkeypatch.setattr(exchange, "RETRY_PAUSE", 0.001)


def local(url: str, **given: Any) -> Request:
    """A request that may ask this machine."""
    return Request(**({"url": url, "allow_private": True} | given))


def to_loopback(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


def fetch(*requests: Request, **given: Any) -> dict[str, Any]:
    """The answers by address."""
    options = {name: given.pop(name) for name in ("allow_hosts", "resolve", "tls") if name in given}
    settings = FetchingSettings(**({"timeout": timedelta(seconds=5)} | given))
    with HttpFetcher(settings, **options) as fetcher:
        return {request.url: answer for request, answer in fetcher.fetch(requests, at=NOW)}


def ask(request: Request, **given: Any) -> Any:
    [answer] = fetch(request, **given).values()
    return answer


def refused(request: Request, **given: Any) -> str:
    answer = ask(request, **given)
    assert isinstance(answer, FetchError)
    return answer.reason


# --- one answer ---------------------------------------------------------------------------------


def test_a_body_is_fetched_with_its_headers_in_lower_case(server):
    url = server.script("/feed", reply(200, BODY, content_type="text/xml", ETag='"a"'))

    answer = ask(local(url))

    assert isinstance(answer, Fetched)
    assert (answer.url, answer.final_url, answer.moved_to) == (url, url, "")
    assert (answer.body, answer.at) == (BODY, NOW)
    assert answer.headers["content-type"] == "text/xml"
    assert answer.headers["etag"] == '"a"'


def test_we_say_who_we_are(server):
    ask(local(server.script("/feed", reply(200, BODY))))

    [asked] = server.asked
    assert asked.headers["user-agent"] == f"digest/{digest.__version__}"
    assert asked.headers["accept-encoding"] == "gzip, deflate, br, zstd"


def test_the_configured_user_agent_is_said_instead(server):
    ask(local(server.script("/feed", reply(200, BODY))), user_agent="The Sift")

    assert server.asked[0].headers["user-agent"] == "The Sift"


def test_a_requests_own_headers_are_sent(server):
    ask(local(server.script("/feed", reply(200, BODY)), headers=(("Authorization", "Bearer t\n"),)))

    assert server.asked[0].headers["authorization"] == "Bearer t"


def test_validators_are_sent_and_304_is_unchanged(server):
    url = server.script("/feed", reply(304, ETag='"b"'))

    answer = ask(local(url, etag='"a"', last_modified="Mon, 23 Nov 2026 09:00:00 GMT"))

    assert answer == Unchanged(url=url, etag='"b"', last_modified="Mon, 23 Nov 2026 09:00:00 GMT", at=NOW)
    assert server.asked[0].headers["if-none-match"] == '"a"'
    assert server.asked[0].headers["if-modified-since"] == "Mon, 23 Nov 2026 09:00:00 GMT"


def test_the_same_body_again_is_unchanged_and_brings_new_validators(server):
    url = server.script("/feed", reply(200, BODY, ETag='"new"'))
    first = ask(local(url))

    answer = ask(local(url, body_sha256=first.body_sha256))

    assert answer == Unchanged(url=url, etag='"new"', at=NOW)


def test_a_304_that_nobody_asked_for_is_a_failure(server):
    assert "304" in refused(local(server.script("/feed", reply(304))))


@pytest.mark.parametrize("status", [204, 206, 400, 401, 403, 404, 410, 451, 500, 599, 799])
def test_other_statuses_are_failures_that_name_it(server, status):
    error = ask(local(server.script("/feed", reply(status))))

    assert isinstance(error, FetchError)
    assert error.status == status
    assert f"answered {status}" in error.reason


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_obeyed_and_not_tried_again(server, status):
    error = ask(local(server.script("/feed", reply(status, retry_after="120"))))

    assert (error.status, error.retry_after) == (status, 120)
    assert "120 s" in error.reason
    assert len(server.asked) == 1


@pytest.mark.parametrize("coding", ["", "gzip", "br", "zstd"])
def test_an_empty_body_is_a_failure(server, coding):
    url = server.script("/feed", reply(200, content_encoding=coding))

    assert refused(local(url)) == "answered with an empty body"


# --- redirects ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "lasting"), [(301, True), (308, True), (302, False), (303, False), (307, False)]
)
def test_redirects_are_followed_and_permanent_ones_remembered(server, status, lasting):
    url = server.script("/old", redirect(status, "/new"))
    new = server.script("/new", reply(200, BODY))

    answer = ask(local(url))

    assert (answer.final_url, answer.moved_to) == (new, new if lasting else "")


def test_one_temporary_redirect_on_the_way_makes_it_temporary(server):
    url = server.script("/a", redirect(301, "/b"))
    server.script("/b", redirect(302, "/c"))
    server.script("/c", reply(200, BODY))

    assert ask(local(url)).moved_to == ""


def test_an_unchanged_body_behind_a_redirect_tells_the_new_address(server):
    url = server.script("/old", redirect(301, "/new"))
    new = server.script("/new", reply(200, BODY))
    body_sha256 = ask(local(new)).body_sha256

    assert ask(local(url, body_sha256=body_sha256)) == Unchanged(url=url, moved_to=new, at=NOW)


def test_five_redirects_are_followed_and_a_sixth_is_not(server):
    for step in range(6):
        server.script(f"/{step}", redirect(302, f"/{step + 1}"))
    server.script("/6", reply(200, BODY))

    assert isinstance(ask(local(server.url("/1"))), Fetched)
    assert "more than 5 times" in refused(local(server.url("/0")))


def test_a_circle_is_named(server):
    a, b = server.script("/a", redirect(302, "/b")), server.script("/b", redirect(302, "/a"))

    assert refused(local(a)) == f"redirects in a circle: {a} → {b} → {a}"


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("", "without saying where to"),
        ("file:///etc/passwd", "not http or https but file"),
        ("gopher://127.0.0.1/", "not http or https but gopher"),
        ("http://[::1", "cannot be read"),
        ("http://127.0.0.1:99999/", "impossible port 99999"),
        ("http://name:word@127.0.0.1/", "holds a user name"),
    ],
)
def test_a_redirect_to_nowhere_is_a_failure(server, location, words):
    reason = refused(local(server.script("/feed", redirect(302, location))))

    assert words in reason
    assert "word@" not in reason


def test_headers_and_validators_stay_with_the_server_that_they_are_for(server):
    with FaultServer() as other:
        url = server.script("/feed", redirect(302, "/next"))
        server.script("/next", redirect(302, other.script("/there", redirect(302, server.url("/back")))))
        server.script("/back", reply(200, BODY))

        ask(local(url, headers=(("X-Token", "t"),), etag='"a"'), per_host=1)

        assert [asked.headers.get("x-token") for asked in server.asked] == ["t", "t", None]
        assert [asked.headers.get("if-none-match") for asked in server.asked] == ['"a"', None, None]
        assert "x-token" not in other.asked[0].headers


# --- faults ---------------------------------------------------------------------------------------


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def hang_up(connection: socket.socket) -> None:
    pass


def half_a_body(connection: socket.socket) -> None:
    connection.sendall(reply(200, BODY, content_length="1000"))


@pytest.mark.parametrize("fault", [reset, hang_up, half_a_body, reply(502), reply(503), reply(504)])
def test_a_passing_fault_is_tried_once_more(server, fault):
    url = server.script("/feed", fault, reply(200, BODY))

    assert ask(local(url)).body == BODY
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    "fault",
    [
        reset,
        hang_up,
        half_a_body,
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000,
    ],
)
def test_a_broken_answer_is_a_failure(server, fault):
    assert "broke off or is not HTTP" in refused(local(server.script("/feed", fault)))
    assert len(server.asked) == 2


def damaged(answer: bytes, random: Random) -> bytes:
    """*answer* with a few of its bytes changed, dropped or doubled."""
    for _ in range(random.randrange(1, 5)):
        place, length = random.randrange(len(answer)), random.randrange(1, 20)
        here = answer[place : place + length]
        instead = random.choice([b"", here * 2, random.randbytes(1), b"\r\n", b"\0", b"9" * 5000])
        answer = answer[:place] + instead + answer[place + len(here) :] or b"\n"
    return answer


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_no_answer_is_so_broken_that_it_gets_past_us(server, seed):
    random = Random(seed)
    answers = [
        reply(200, BODY, etag='"a"', last_modified="x"),
        reply(200, gzip.compress(BODY), content_encoding="gzip"),
        reply(429, retry_after="5"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\n\r\n" + reply(304),
    ]
    urls = []
    for n in range(60):
        broken = damaged(random.choice(answers), random)
        urls.append(server.script(f"/{n}", lambda connection, broken=broken: connection.sendall(broken)))

    found = fetch(*(local(url, etag='"a"') for url in urls), per_host=8)

    assert found.keys() == set(urls)


def test_a_closed_port_is_a_failure():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    assert "refused" in refused(local(f"http://127.0.0.1:{port}/"))


def test_a_name_that_does_not_resolve_is_a_failure():
    def nowhere(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    reason = refused(Request(url="http://nowhere.example/"), resolve=nowhere)

    assert "the name nowhere.example cannot be resolved: Name or service not known" in reason


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "without a scheme"),
        ("/feed.xml", "without a scheme"),
        ("file:///etc/passwd", "not http or https but file"),
        ("ftp://example.org/", "not http or https but ftp"),
        ("http:///feed", "names no host"),
        ("http://[::1", "cannot be read"),
        ("http://0177.0.0.1/", "cannot be read"),
        ("http://①②⑦.0.0.1/", "cannot be read"),
        ("http://xn--ü/", "cannot be read"),
        ("http://xn--a/", "cannot be read"),
        ("http://example.org\r\nX: y/", "cannot be read"),
        ("http://example.org:0/", "impossible port"),
        (f"http://{'a' * 70}.example/", "cannot be a host's name"),
        ("http://name:pass@example.org/", "settings username and password"),
    ],
)
def test_an_impossible_address_is_a_failure(url, words):
    assert words in refused(Request(url=url))


def test_a_message_shows_no_credential(server):
    reply_404 = server.script("/feed?user=u&api_key=canary-1", reply(404))
    for url in ("http://name:canary-2@example.org/", reply_404):
        assert "canary" not in str(ask(local(url, headers=(("Authorization", "canary-3\0"),))))
        assert "canary" not in str(ask(local(url)))


def test_a_certificate_that_nobody_vouches_for_is_refused():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with FaultServer(tls=context) as server:
        reason = refused(local(server.script("/feed", reply(200, BODY))))

    assert "TLS certificate is not accepted" in reason


@pytest.mark.slow
@pytest.mark.parametrize(("host", "accepted"), [("news.example", True), ("other.example", False)])
def test_tls_is_verified_against_the_name_not_the_address(host, accepted):
    authority = trustme.CA()
    theirs, ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("news.example").configure_cert(theirs)
    authority.configure_trust(ours)
    with FaultServer(tls=theirs) as server:
        server.script("/feed", reply(200, BODY))
        answer = ask(local(server.url("/feed", host=host)), resolve=to_loopback, tls=ours)

    assert isinstance(answer, Fetched if accepted else FetchError)


# --- many at once -----------------------------------------------------------------------------------


def test_answers_come_out_as_they_come_in(server):
    proceed = Event()

    def late(connection: socket.socket) -> None:
        proceed.wait(5)
        connection.sendall(reply(200, BODY))

    slow, fast = server.script("/slow", late), server.script("/fast", reply(200, BODY))
    with HttpFetcher(FetchingSettings()) as fetcher:
        answers = fetcher.fetch([local(slow), local(fast)], at=NOW)

        assert next(answers)[0].url == fast
        proceed.set()
        assert [request.url for request, _ in answers] == [slow]


def test_one_failure_never_disturbs_another(server):
    good = [server.script(f"/good/{n}", reply(200, BODY)) for n in range(10)]
    bad = [
        server.script("/reset", reset),
        server.script("/gone", reply(410)),
        server.script("/bomb", reply(200, b"x" * 2000)),
        "http://[bad",
        "http://10.0.0.1.nowhere.invalid:0/",
    ]
    mixed = [url for pair in zip(good, bad * 2, strict=True) for url in pair]

    answers = fetch(*(local(url) for url in mixed), max_bytes=1000)

    assert all(isinstance(answers[url], Fetched) for url in good)
    assert all(isinstance(answers[url], FetchError) for url in bad)


def test_every_request_is_answered_even_the_same_one_twice(server):
    url = server.script("/feed", reply(200, BODY))
    with HttpFetcher(FetchingSettings()) as fetcher:
        assert len(list(fetcher.fetch([local(url)] * 5, at=NOW))) == 5
        assert list(fetcher.fetch([], at=NOW)) == []


def test_a_bug_is_raised_once_the_others_are_answered(server, monkeypatch):
    urls = [server.script(f"/{n}", reply(200, BODY)) for n in range(4)]
    run = exchange.Exchange.run

    def buggy(self: Any, request: Request, **given: Any) -> Any:
        if request.url == urls[0]:
            raise ZeroDivisionError
        return run(self, request, **given)

    monkeypatch.setattr(exchange.Exchange, "run", buggy)
    answered = []
    with HttpFetcher(FetchingSettings()) as fetcher, pytest.raises(ZeroDivisionError) as caught:
        answered.extend(request.url for request, _ in fetcher.fetch([local(url) for url in urls], at=NOW))

    assert sorted(answered) == urls[1:]
    assert caught.value.__notes__ == [f"while asking {urls[0]}"]


def test_a_server_is_asked_by_per_host_at_once_and_no_more(server):
    lock, together, most = Lock(), 0, 0
    pair = Barrier(2)

    def counting(connection: socket.socket) -> None:
        nonlocal together, most
        with lock:
            together += 1
            most = max(most, together)
        pair.wait(5)  # two are always here together, or this test fails by time
        with lock:
            together -= 1
        connection.sendall(reply(200, BODY))

    urls = [server.script(f"/{n}", counting) for n in range(8)]

    answers = fetch(*(local(url) for url in urls), per_host=2, workers=8)

    assert all(isinstance(answer, Fetched) for answer in answers.values())
    assert most == 2


def test_a_busy_server_keeps_no_worker_from_the_others(server):
    proceed = Event()

    def busy(connection: socket.socket) -> None:
        proceed.wait(5)
        connection.sendall(reply(200, BODY))

    slow = [server.script(f"/slow/{n}", busy) for n in range(6)]
    with FaultServer() as other, HttpFetcher(FetchingSettings(workers=3, per_host=2)) as fetcher:
        fast = [other.script(f"/{n}", reply(200, BODY)) for n in range(6)]
        answers = fetcher.fetch([local(url) for url in (*slow, *fast)], at=NOW)

        first = {next(answers)[0].url for _ in fast}
        proceed.set()

        assert first == set(fast)
        assert {request.url for request, _ in answers} == set(slow)


def test_a_caller_that_stops_leaves_the_rest_unasked(server):
    urls = [server.script(f"/{n}", reply(200, BODY)) for n in range(200)]
    with HttpFetcher(FetchingSettings(workers=1)) as fetcher:
        answers = fetcher.fetch([local(url) for url in urls], at=NOW)
        next(answers)
        answers.close()

    assert len(server.asked) < 200


def test_connections_are_used_again(server):
    urls = [server.script(f"/{n}", reply(200, BODY)) for n in range(20)]
    server.script("/0", reply(304))

    fetch(*(local(url, etag='"a"') for url in urls), workers=4, per_host=1)

    assert len(server.asked) == 20
    assert server.connections == 1


def test_only_the_latest_servers_connections_are_kept(server, monkeypatch):
    monkeypatch.setattr(network, "KEPT_SERVERS", 1)
    with FaultServer() as other, HttpFetcher(FetchingSettings()) as fetcher:
        for url in (server.script("/", reply(200, BODY)), other.script("/", reply(200, BODY)), server.url()):
            list(fetcher.fetch([local(url)], at=NOW))

        assert (server.connections, other.connections) == (2, 1)


def test_proxies_of_the_environment_are_ignored(server, monkeypatch):
    with FaultServer() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url())

        assert ask(local(server.script("/feed", reply(200, BODY)))).body == BODY
        assert proxy.asked == []
