"""A real HTTP server on loopback whose every answer is scripted, the broken ones too."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from typing import NamedTuple, Self

#: Bytes to send, or a function that writes to the connection until it is closed.
Script = bytes | Callable[[socket.socket], None]


class Asked(NamedTuple):
    path: str
    #: Names in lower case.
    headers: dict[str, str]


class FaultServer:
    """Answers each path with its scripts, one after the other; the last one stays.

    After bytes the connection is kept for the next request; after a function it is closed.
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[Asked] = []
        #: How many connections were accepted.
        self.connections = 0
        #: Set when the test is over: a script that waits, waits for this.
        self.over = Event()
        self._scripts: dict[str, list[Script]] = {}
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [Thread(target=self._accept, daemon=True)]
        self._open: list[socket.socket] = []

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.over.set()
        for connection in (self._listener, *self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(timeout=5)
        self._listener.close()

    def script(self, path: str, *scripts: Script) -> str:
        """Lay down what *path* answers, and say its address."""
        self._scripts[path] = list(scripts)
        return self.url(path)

    def url(self, path: str = "/", *, host: str = "127.0.0.1") -> str:
        scheme = "http" if self._tls is None else "https"
        return f"{scheme}://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                self._open.append(connection)
                self._threads.append(Thread(target=self._serve, args=(connection,), daemon=True))
                self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            if self._tls is None:
                self._converse(connection)
            else:
                with self._tls.wrap_socket(connection, server_side=True) as encrypted:
                    self._converse(encrypted)

    def _converse(self, connection: socket.socket) -> None:
        while asked := _read(connection):
            self.asked.append(asked)
            scripts = self._scripts.get(asked.path, [reply(404)])
            script = scripts.pop(0) if len(scripts) > 1 else scripts[0]
            if callable(script):
                script(connection)
                return
            connection.sendall(script)


def _read(connection: socket.socket) -> Asked | None:
    head = b""
    while b"\r\n\r\n" not in head:
        data = connection.recv(65536)
        if not data:
            return None
        head += data
    first, *lines = head.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
    fields = (line.partition(":") for line in lines)
    return Asked(first.split()[1], {name.lower(): value.strip() for name, _, value in fields})


def reply(status: int, body: bytes = b"", **headers: str) -> bytes:
    """A whole answer; ``content_type="…"`` is the header Content-Type."""
    fields = {"Content-Length": str(len(body))} | {
        name.replace("_", "-").title(): value for name, value in headers.items()
    }
    lines = [f"HTTP/1.1 {status} Scripted", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def redirect(status: int, location: str) -> bytes:
    return reply(status, location=location)
