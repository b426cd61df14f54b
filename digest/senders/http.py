"""The one call to a provider: HTTPS, one host, no redirect, no proxy, a deadline, a small answer.

What goes wrong becomes one of two things: the request certainly did not arrive (``SendError``), or nobody
knows (``NoAnswer``).
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from threading import Lock
from typing import Self
from urllib.parse import urlsplit

import httpx

from digest import __version__
from digest.errors import SendError
from digest.senders.answers import Answer
from digest.senders.wire import Broken, Wire, dial

#: Seconds. Servers close idle connections after some; a request on a closed one would be in doubt.
IDLE = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request, ready to go. It holds a key and addresses, and shows neither."""

    path: str
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


class NoAnswer(Exception):  # noqa: N818 - not of ours to the outside: a verdict is made of it
    """The request left, at least in part, and no answer came back that can be used."""


class Door:
    """The way to one provider's server. Safe for several threads, each with a connection of its own."""

    def __init__(self, name: str, server: str, *, timeout: timedelta) -> None:
        self._name = name
        self._server = server.rstrip("/")
        self._base = urlsplit(self._server)
        self._timeout = timeout.total_seconds()
        self._idle: list[Wire] = []
        self._lock = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for wire in idle:
            wire.close()

    def ask(self, call: Call) -> Answer:
        """The answer to *call*, whatever its status.

        Raises:
            SendError: The request did not arrive: no route, no connection, no trusted certificate.
            NoAnswer: It left, and nobody knows what became of it.
        """
        head = self._head(call)
        deadline = time.monotonic() + self._timeout
        wire = self._kept() or self._dialled(deadline)
        try:
            return wire.exchange(head, call.body, deadline)
        except TimeoutError as exc:
            raise NoAnswer(f"no answer within {self._timeout:g} s") from exc
        except (Broken, OSError) as exc:
            raise NoAnswer(f"the connection broke: {str(exc) or type(exc).__name__}") from exc
        finally:
            self._keep(wire)

    def _head(self, call: Call) -> bytes:
        ours = {
            "host": self._base.netloc,
            "user-agent": f"digest/{__version__}",
            # A compressed answer could be of any size.
            "accept-encoding": "identity",
            "content-length": str(len(call.body)),
        }
        fields = ours | {name.lower(): value for name, value in call.headers.items()}
        lines = [f"{call.method} {self._base.path}{call.path} HTTP/1.1"]
        lines += (f"{name}: {value}" for name, value in fields.items())
        # The words of an error would quote it, and it may be the key.
        if not all(line.isascii() and line.isprintable() for line in lines):
            raise SendError(f"{self._name}: a header field of the request cannot be written")
        return "\r\n".join([*lines, "", ""]).encode("ascii")

    def _kept(self) -> Wire | None:
        while True:
            with self._lock:
                wire = self._idle.pop() if self._idle else None
            if wire is None or (time.monotonic() - wire.used < IDLE and wire.is_quiet):
                return wire
            wire.close()

    def _dialled(self, deadline: float) -> Wire:
        try:
            return dial(self._server, _trust(), deadline)
        except OSError as exc:
            why = str(exc) or type(exc).__name__
            raise SendError(f"{self._name}: cannot reach {self._server}: {why}") from exc

    def _keep(self, wire: Wire) -> None:
        if not wire.open:
            wire.close()
            return
        with self._lock:
            self._idle.append(wire)


@cache
def _trust() -> ssl.SSLContext:
    """The authorities that are trusted: read once, as that takes longer than a connection."""
    return httpx.create_ssl_context(trust_env=False)
