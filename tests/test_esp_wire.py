"""HTTP/1.1 as servers speak it: bodies of each kind, connections kept and lost, no answers, and TLS."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import pairwise
from threading import Thread
from typing import Any

import pytest
import trustme
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.errors import SendError
from digest.senders import http
from digest.senders.answers import Answer
from digest.senders.http import Call, Door, NoAnswer
from digest.senders.wire import LARGEST, Broken, Wire

GET = Call(path="/x", method="GET")


class Script:
    """A server that says the same bytes to each request, connection by connection."""

    def __init__(self, *said: bytes, tls: ssl.SSLContext | None = None, close: bool = False) -> None:
        self._said = list(said)
        self._tls = tls
        self._close = close
        self.requests: list[bytes] = []
        self.connections = 0
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._server.accept()
                self.connections += 1
                with suppress(OSError), connection:
                    if self._tls:
                        connection = self._tls.wrap_socket(connection, server_side=True)
                    self._serve(connection)
                    connection.close()

    def _serve(self, connection: socket.socket) -> None:
        while self._said:
            request = b""
            while b"\r\n\r\n" not in request:
                part = connection.recv(65_536)
                if not part:
                    return
                request += part
            self.requests.append(request)
            connection.sendall(self._said.pop(0))
            if self._close:
                return

    def stop(self) -> None:
        with suppress(OSError):  # what is closed alone is accepted from for ever
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(5)


@contextmanager
def asking(*said: bytes, **given: Any) -> Iterator[tuple[Door, Script]]:
    script = Script(*said, **given)
    scheme = "https" if given.get("tls") else "http"
    host = "localhost" if given.get("tls") else "127.0.0.1"
    with Door("example", f"{scheme}://{host}:{script.port}/base", timeout=timedelta(seconds=5)) as door:
        yield door, script
    script.stop()


def answered(said: bytes) -> Answer:
    with asking(said, close=True) as (door, _):
        return door.ask(GET)


@pytest.mark.parametrize(
    ("said", "status", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, b"hello"),
        (b"HTTP/1.1 200\r\ncontent-length:0\r\n\r\n", 200, b""),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b""),
        (b"HTTP/1.1 200 OK\r\n\r\nto the end", 200, b"to the end"),
        (b"HTTP/1.0 503 No\r\nRetry-After: 3\r\n\r\nno", 503, b"no"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Made\r\nContent-Length: 2\r\n\r\nok", 201, b"ok"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nX: y\r\n\r\n",
            200,
            b"hello",
        ),
    ],
)
def test_an_answer_is_read_to_its_end_and_no_further(said: bytes, status: int, body: bytes):
    answer = answered(said)

    assert (answer.status, answer.body) == (status, body)


def test_fields_are_found_in_lower_case_and_joined():
    answer = answered(b"HTTP/1.1 200 OK\r\nX-A: 1\r\nx-a:2 \r\nRETRY-AFTER: 7\r\nContent-Length: 0\r\n\r\n")

    assert answer.headers["x-a"] == "1, 2"
    assert answer.retry_after == 7.0


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (b"", "closed before its end"),
        (b"220 smtp.example.org ESMTP\r\n\r\n", "not HTTP/1.1"),
        (b"HTTP/2 200\r\n\r\n", "not HTTP/1.1"),
        (b"HTTP/1.1 twenty\r\n\r\n", "not HTTP/1.1"),
        (b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "a header field that is none"),
        (b"HTTP/1.1 200 OK\r\n Folded: x\r\n\r\n", "a header field that is none"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", "closed before its end"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "how long it is"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", "how long it is"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n", "larger than 2 MB"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx", "compressed"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "coding"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nmany\r\n", "how long its part is"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", "larger than"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffff\r\n", "larger than"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000, "head is too long"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (LARGEST + 1), "larger than"),
    ],
)
def test_what_is_no_answer_leaves_it_in_doubt(said: bytes, words: str):
    with pytest.raises(NoAnswer, match=words):
        answered(said)


WELL = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def test_a_connection_is_kept_for_the_next_request():
    with asking(WELL, WELL, WELL) as (door, script):
        assert [door.ask(GET).body for _ in range(3)] == [b"ok"] * 3

    assert script.connections == 1


@pytest.mark.parametrize(
    "said",
    [
        WELL.replace(b"OK\r\n", b"OK\r\nConnection: Close\r\n"),
        WELL.replace(b"HTTP/1.1", b"HTTP/1.0"),
        WELL + b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged",
    ],
    ids=["close", "1.0", "more than an answer"],
)
def test_a_connection_that_is_over_is_not_used_again(said: bytes):
    with asking(said, close=True) as (door, script):
        assert door.ask(GET).body == b"ok"
        script._said.append(WELL)
        assert door.ask(GET).body == b"ok"

    assert script.connections == 2


def test_a_connection_that_the_server_closed_meanwhile_costs_nothing():
    with asking(WELL, close=True) as (door, script):
        door.ask(GET)
        deadline = time.monotonic() + 5
        while door._idle[0].is_quiet and time.monotonic() < deadline:
            time.sleep(0.001)
        script._said.append(WELL)

        assert door.ask(GET).body == b"ok"

    assert (script.connections, len(script.requests)) == (2, 2)


def test_an_idle_connection_is_not_trusted_for_long(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(http, "IDLE", 0.0)
    with asking(WELL, close=True) as (door, script):
        door.ask(GET)
        script._said.append(WELL)
        door.ask(GET)

    assert script.connections == 2


def test_a_request_is_written_as_it_should_be():
    with asking(WELL) as (door, script):
        door.ask(Call(path="/mail?x=1", headers={"X-Key": "k"}, body=b"{}"))

    head, _, body = script.requests[0].partition(b"\r\n\r\n")
    first, *fields = head.decode().split("\r\n")
    assert first == "POST /base/mail?x=1 HTTP/1.1"
    assert {"x-key: k", f"host: 127.0.0.1:{script.port}", "content-length: 2"} <= set(fields)
    assert body in (b"{}", b""), "the body may come a moment later"


@pytest.mark.parametrize(
    "call", [Call(path="/x y\r\nEvil: 1"), Call(path="/", headers={"X-Key": "canary\r\n"})]
)
def test_a_request_that_would_be_two_is_not_written(call: Call):
    with asking(WELL) as (door, script), pytest.raises(SendError, match="cannot be written") as caught:
        door.ask(call)

    assert (script.connections, "canary" in str(caught.value)) == (0, False)


@given(said=st.binary(max_size=200) | st.binary(max_size=60).map(lambda some: b"HTTP/1.1 200 OK\r\n" + some))
@settings(deadline=None)
def test_any_bytes_are_an_answer_or_broken(said: bytes):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(said)
        theirs.shutdown(socket.SHUT_WR)
        with suppress(Broken):
            assert isinstance(Wire(ours).exchange(b"x", b"", time.monotonic() + 5), Answer)


@pytest.mark.slow
@given(cuts=st.lists(st.integers(1, 60), max_size=4))
@settings(deadline=None, max_examples=30)
def test_an_answer_may_come_in_any_pieces(cuts: list[int]):
    said = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"
    ours, theirs = socket.socketpair()
    with ours, theirs:
        wire = Wire(ours)
        places = sorted({0, len(said), *cuts})

        def speak() -> None:
            for start, end in pairwise(places):
                theirs.sendall(said[start:end])

        speaking = Thread(target=speak)
        speaking.start()
        answer = wire.exchange(b"x", b"", time.monotonic() + 5)
        speaking.join()

        assert (answer.body, wire.open) == (b"hello", True)


# --- TLS ------------------------------------------------------------------------------------------------


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    made = trustme.CA()
    ours = ssl.create_default_context()
    made.configure_trust(ours)
    monkeypatch.setattr(http, "_trust", lambda: ours)
    return made


def tls(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


@pytest.mark.slow
def test_a_trusted_server_is_asked_over_one_connection(authority: trustme.CA):
    with asking(WELL, WELL, tls=tls(authority, "localhost")) as (door, script):
        assert [door.ask(GET).body, door.ask(GET).body] == [b"ok", b"ok"]

    assert script.connections == 1


@pytest.mark.slow
@pytest.mark.parametrize("name", ["stranger", "other.example.org"])
def test_a_server_that_is_another_is_told_nothing(authority: trustme.CA, name: str):
    theirs = trustme.CA() if name == "stranger" else authority
    certificate = tls(theirs, "localhost" if name == "stranger" else name)
    with asking(WELL, tls=certificate) as (door, script), pytest.raises(SendError, match="certificate"):
        door.ask(GET)

    assert script.requests == []
