"""A real HTTP server on loopback in a provider's place: it takes what is right, and misbehaves on order.

Requests are held to the provider's rules in ``tests/data/esp/``; what was taken is kept in ``taken``, once
for each receiver. Behaviours are laid down in advance, one for each request to come; without one, a
request is answered as the provider would.
"""

from __future__ import annotations

import email
import email.policy
import json
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, NamedTuple, Self

from jsonschema import Draft202012Validator

RULES = Path(__file__).parents[1] / "data" / "esp"


class Asked(NamedTuple):
    method: str
    path: str
    #: Names in lower case.
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, bytes]:
        """The fields of multipart/form-data."""
        head = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        whole = email.message_from_bytes(head + self.body, policy=email.policy.HTTP)
        fields: dict[str, bytes] = {}
        for part in whole.iter_parts():  # type: ignore[attr-defined]
            name = part.get_param("name", header="content-disposition")
            inner = part.get_content() if part.get_content_maintype() == "message" else None
            value = part.get_payload(decode=True) if inner is None else inner.as_bytes()
            fields[name] = value
        return fields


class Answering:
    """What a behaviour answers through."""

    def __init__(self, handler: BaseHTTPRequestHandler, over: Event) -> None:
        self._handler = handler
        #: Set when the test is over: who waits, waits for this.
        self.over = over

    def reply(self, status: int, body: bytes = b"{}", **headers: str) -> None:
        self.head(status, content_length=str(len(body)), **headers)
        self.write(body)

    def head(self, status: int, **headers: str) -> None:
        self._handler.send_response(status)
        for name, value in ({"content_type": "application/json"} | headers).items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()

    def write(self, data: bytes) -> None:
        self._handler.wfile.write(data)
        self._handler.wfile.flush()

    def cut(self) -> None:
        """Close the connection without a word."""
        self._handler.close_connection = True


#: What is done with a request in place of the usual.
Behaviour = Callable[["EspServer", Asked, Answering], None]


class EspServer:
    """A provider's API; *stand_in* knows how that provider answers."""

    def __init__(self, stand_in: StandIn) -> None:
        self.stand_in = stand_in
        self.asked: list[Asked] = []
        #: Receivers of the mails that were taken, in order; one that stands here twice got two.
        self.taken: list[str] = []
        #: What is wrong with the requests, by the provider's rules.
        self.violations: list[str] = []
        #: Addresses that this provider does not take.
        self.bad: set[str] = set()
        self.behaviours: list[Behaviour] = []
        self.lock = Lock()
        #: Answers to requests with a key, by it.
        self.known: dict[str, tuple[bytes, tuple[int, bytes, dict[str, str]]]] = {}
        self._over = Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.001}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def usual(self, asked: Asked, answering: Answering) -> None:
        """Take the mails of a request and say so, or refuse it, as the provider does."""
        with self.lock:
            status, body, headers = self.stand_in.handle(self, asked)
        answering.reply(status, body, **headers)

    def _answer(self, asked: Asked, answering: Answering) -> None:
        with self.lock:
            self.asked.append(asked)
            self.violations += self.stand_in.violations(asked)
            behaviour = self.behaviours.pop(0) if self.behaviours else None
        if behaviour is not None:
            behaviour(self, asked, answering)
        else:
            self.usual(asked, answering)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                with suppress(OSError):
                    server._answer(
                        Asked(self.command, self.path, headers, body), Answering(self, server._over)
                    )

            do_GET = do_PUT = do_PATCH = do_POST  # noqa: N815 - the names that the base class looks for

            def log_message(self, *args: object) -> None:
                """Nothing: the tests' output is theirs."""

        return Handler


class StandIn:
    """How one provider answers; ``receivers`` and ``taken`` are all that differs in most."""

    name: str
    path: str
    #: The header field that proves who asks, and what it says.
    proof: tuple[str, str]

    def __init__(self) -> None:
        rules = json.loads((RULES / f"{self.name}.json").read_text(encoding="utf-8"))
        self._rules = Draft202012Validator(rules)

    def violations(self, asked: Asked) -> list[str]:
        """What is wrong with a request that hands something over."""
        if asked.method == "GET":
            return []
        wrong = [] if asked.path == self.path else [f"path: {asked.path}"]
        name, value = self.proof
        if not asked.headers.get(name, "").startswith(value):
            wrong.append(f"header: {name}")
        return wrong + [
            f"{error.json_path}: {error.message[:200]}" for error in self._rules.iter_errors(self.data(asked))
        ]

    def handle(self, server: EspServer, asked: Asked) -> tuple[int, bytes, dict[str, str]]:
        if asked.method == "GET":
            return 200, b"{}", {}
        receivers = self.receivers(asked)
        if any(address in server.bad for address in receivers):
            return self.refused(receivers)
        server.taken += receivers
        return self.accepted(asked, receivers)

    def data(self, asked: Asked) -> Any:
        """What the rules are about."""
        return asked.json

    def receivers(self, asked: Asked) -> list[str]:
        raise NotImplementedError

    def accepted(self, asked: Asked, receivers: list[str]) -> tuple[int, bytes, dict[str, str]]:
        raise NotImplementedError

    def refused(self, receivers: list[str]) -> tuple[int, bytes, dict[str, str]]:
        raise NotImplementedError

    def mails(self, asked: Asked) -> list[Arrived]:
        """The mails of a request, as their receivers would have them."""
        raise NotImplementedError


class Arrived(NamedTuple):
    to: str
    #: Names in lower case.
    headers: dict[str, str]
    subject: str
    html: str
    text: str


def says(status: int, body: object = "", **headers: str) -> Behaviour:
    """Answers with this, and takes nothing."""
    data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return lambda server, asked, answering: answering.reply(status, data, **headers)


def takes_and_hangs(server: EspServer, asked: Asked, answering: Answering) -> None:
    """Takes the mails, and never says so."""
    with server.lock:
        server.stand_in.handle(server, asked)
    answering.over.wait()


def takes_and_closes(server: EspServer, asked: Asked, answering: Answering) -> None:
    """Takes the mails, and closes the connection."""
    with server.lock:
        server.stand_in.handle(server, asked)
    answering.cut()


def hangs(server: EspServer, asked: Asked, answering: Answering) -> None:
    """Takes nothing, and never says anything."""
    answering.over.wait()


def drips(server: EspServer, asked: Asked, answering: Answering) -> None:
    """Answers a byte at a time, just often enough to look alive."""
    answering.head(200, content_length="1000000")
    while not answering.over.wait(0.05):
        answering.write(b" ")


def drips_headers(server: EspServer, asked: Asked, answering: Answering) -> None:
    """Answers with a header field that never ends."""
    answering.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not answering.over.wait(0.05):
        answering.write(b"x")


def endless(server: EspServer, asked: Asked, answering: Answering) -> None:
    """Answers without an end, as fast as it can."""
    answering.head(200, connection="close")
    while not answering.over.is_set():
        answering.write(b" " * 65536)


def breaks_off(server: EspServer, asked: Asked, answering: Answering) -> None:
    """Takes the mails, and closes the connection in the middle of saying so."""
    with server.lock:
        server.stand_in.handle(server, asked)
    answering.head(200, content_length="1000")
    answering.write(b'{"id"')
    answering.cut()
