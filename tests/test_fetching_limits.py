"""A hostile server costs its own request some time, and nobody else anything."""

from __future__ import annotations

import gzip
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Event
from typing import Any

import brotli
import pytest
import zstandard
from kit.builders import NOW
from kit.faultserver import FaultServer, reply

from digest.errors import FetchError
from digest.fetching import HttpFetcher, exchange
from digest.model import Fetched, Request
from digest.settings import FetchingSettings

BODY = b"<rss/>"
COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "br": lambda data: brotli.compress(data, quality=5),
    "zstd": zstandard.ZstdCompressor().compress,
}

pytestmark = pytest.mark.slow  # servers that are slow on purpose, and bombs


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


def ask(url: str, *, seconds: float = 5, **given: Any) -> Any:
    options = {name: given.pop(name) for name in ("resolve",) if name in given}
    settings = FetchingSettings(timeout=timedelta(seconds=seconds), **given)
    with HttpFetcher(settings, **options) as fetcher:
        [(_, answer)] = fetcher.fetch([Request(url=url, allow_private=True)], at=NOW)
    return answer


def drip(head: bytes, drop: bytes) -> Callable[[socket.socket], None]:
    """Sends *head* and then *drop* fifty times a second, for as long as anyone reads."""

    def script(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(drop)
            time.sleep(0.02)

    return script


def forever(head: bytes, data: bytes) -> Callable[[socket.socket], None]:
    def script(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(data)

    return script


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
SLOW = {
    "silence": lambda connection: connection.recv(1),
    "the status line": drip(b"", b"H"),
    "headers": drip(b"HTTP/1.1 200 OK\r\n", b"X-Y: z\r\n"),
    "interim answers": drip(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "a body": drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
    "chunks": drip(CHUNKED, b"1\r\nx\r\n"),
    "a chunk's length": drip(CHUNKED, b"0"),
    "compressed": drip(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", gzip.compress(b"")),
}


@pytest.mark.parametrize("script", SLOW.values(), ids=SLOW.keys())
def test_a_slow_answer_ends_by_the_deadline(server, script):
    error = ask(server.script("/feed", script), seconds=0.1)

    assert isinstance(error, FetchError)
    assert "no complete answer within 0.1 s" in error.reason


def test_redirects_share_one_deadline(server):
    def slow_redirect(step: int) -> Callable[[socket.socket], None]:
        def script(connection: socket.socket) -> None:
            time.sleep(0.05)
            connection.sendall(reply(302, location=f"/{step + 1}", connection="close"))

        return script

    for step in range(4):
        server.script(f"/{step}", slow_redirect(step))

    assert "within 0.12 s" in ask(server.url("/0"), seconds=0.12).reason


def test_a_resolver_that_hangs_ends_by_the_deadline():
    over = Event()

    def hang(host: str, port: int) -> list[str]:
        over.wait(5)
        return []

    answer = ask("http://feeds.example/", seconds=0.1, resolve=hang)
    over.set()

    assert "no complete answer within 0.1 s" in answer.reason


def test_a_connection_that_is_never_accepted_ends_by_the_deadline():
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        address = listener.getsockname()
        with socket.create_connection(address), socket.socket() as second:
            second.setblocking(False)
            second.connect_ex(address)

            answer = ask(f"http://127.0.0.1:{address[1]}/", seconds=0.1)

    assert "no complete answer within 0.1 s" in answer.reason


def test_a_body_that_says_it_is_too_large_is_not_read(server):
    answer = ask(server.script("/feed", reply(200, BODY, content_length="1001")), max_bytes=1000)

    assert answer.reason == "the body is larger than 1,000 bytes; max_bytes under [fetching] sets that limit"


@pytest.mark.parametrize("size", [1000, 1001])
def test_the_limit_is_on_decompressed_bytes(server, size):
    url = server.script("/feed", reply(200, gzip.compress(b"x" * size), content_encoding="gzip"))

    assert isinstance(ask(url, max_bytes=1000), Fetched if size == 1000 else FetchError)


ENDLESS = {
    "a body": forever(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536),
    "chunks": forever(CHUNKED, b"400\r\n" + b"x" * 1024 + b"\r\n"),
    "empty gzip members": forever(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", gzip.compress(b"") * 100
    ),
}


@pytest.mark.parametrize("script", ENDLESS.values(), ids=ENDLESS.keys())
def test_an_endless_body_ends_at_the_limit(server, script):
    assert "larger than 100,000 bytes" in ask(server.script("/feed", script), max_bytes=100_000).reason


def test_endless_headers_end(server, monkeypatch):
    monkeypatch.setattr(exchange, "RETRY_PAUSE", 0)
    script = forever(b"HTTP/1.1 200 OK\r\n", b"X: " + b"x" * 1000 + b"\r\n")

    assert isinstance(ask(server.script("/feed", script)), FetchError)


@pytest.mark.parametrize("coding", COMPRESS)
def test_a_bomb_ends_at_the_limit(server, coding):
    bomb = COMPRESS[coding](bytes(20_000_000))
    url = server.script("/feed", reply(200, bomb, content_encoding=coding))

    assert "larger than 1,000,000 bytes" in ask(url, max_bytes=1_000_000).reason


MEASURE = """
    import re, sys
    from datetime import UTC, datetime
    from pathlib import Path

    from digest.fetching import HttpFetcher
    from digest.model import Request
    from digest.settings import FetchingSettings

    def peak():  # of this program: getrusage would begin with the peak of the one that started it
        return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) * 1024

    small, bomb = (Request(url=url, allow_private=True) for url in sys.argv[1:])
    now = datetime(2026, 11, 23, tzinfo=UTC)
    with HttpFetcher(FetchingSettings()) as fetcher:
        list(fetcher.fetch([small], at=now))
        before = peak()
        [(_, answer)] = fetcher.fetch([bomb], at=now)
    assert "is larger than 10,000,000 bytes" in answer.reason, answer
    print(peak() - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads its memory's peak from /proc")
@pytest.mark.parametrize("codings", ["gzip", "br", "zstd", "gzip, gzip", "br, zstd"])
def test_a_bomb_of_200_mb_takes_little_memory(server, codings):
    bomb = bytes(200_000_000)
    for coding in codings.split(", "):
        bomb = COMPRESS[coding](bomb)
    small = server.script("/small", reply(200, gzip.compress(BODY), content_encoding="gzip"))
    url = server.script("/bomb", reply(200, bomb, content_encoding=codings))

    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(MEASURE), small, url],
        capture_output=True,
        text=True,
        check=True,
    )

    assert int(run.stdout) < 30_000_000
