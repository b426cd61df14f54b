"""The one call to a provider: HTTPS, one host, no redirect, no proxy, a deadline, a small answer.

httpx's engine without its client: half the time a request, and it follows nothing and reads no environment.
What it raises becomes one of two things: the request certainly did not arrive (``SendError``), or nobody
knows (``NoAnswer``).
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, cached_property
from typing import Any

import httpcore
import httpx

from digest import __version__
from digest.errors import SendError
from digest.senders.answers import Answer

#: Bytes of an answer: a batch of 500 is answered with some 100 kB.
LARGEST = 2_000_000


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

    def __init__(self, name: str, server: str, *, timeout: timedelta, connections: int) -> None:
        self._name = name
        self._server = server.rstrip("/")
        self._timeout = timeout.total_seconds()
        self._connections = connections

    @cached_property
    def _pool(self) -> httpcore.ConnectionPool:
        return httpcore.ConnectionPool(
            ssl_context=_trust(),
            max_connections=self._connections,
            # Servers close idle connections after some seconds; a request on a closed one would be in doubt.
            keepalive_expiry=5,
            network_backend=_Backend(),
        )

    def close(self) -> None:
        if "_pool" in self.__dict__:
            self.__dict__.pop("_pool").close()

    def ask(self, call: Call) -> Answer:
        """The answer to *call*, whatever its status.

        Raises:
            SendError: The request did not arrive: no route, no connection, no trusted certificate.
            NoAnswer: It left, and nobody knows what became of it.
        """
        _deadline.at = time.monotonic() + self._timeout
        try:
            with self._pool.stream(
                call.method,
                self._server + call.path,
                headers=self._headers(call),
                content=call.body,
                extensions={"timeout": dict.fromkeys(("connect", "read", "write", "pool"), self._timeout)},
            ) as response:
                headers = {
                    name.decode("ascii").lower(): value.decode("latin-1") for name, value in response.headers
                }
                return Answer(status=response.status, headers=headers, body=_body(response, headers))
        # Their words may quote a header, which may be the key.
        except httpcore.LocalProtocolError:
            raise SendError(f"{self._name}: a header field of the request cannot be written") from None
        except (httpcore.ConnectError, httpcore.ConnectTimeout, httpcore.PoolTimeout) as exc:
            why = str(exc) or type(exc).__name__
            raise SendError(f"{self._name}: cannot reach {self._server}: {why}") from exc
        except httpcore.TimeoutException as exc:
            raise NoAnswer(f"no answer within {self._timeout:g} s") from exc
        except (httpcore.NetworkError, httpcore.ProtocolError) as exc:
            raise NoAnswer(f"the connection broke: {str(exc) or type(exc).__name__}") from exc

    def _headers(self, call: Call) -> list[tuple[str | bytes, str | bytes]]:
        ours = {
            "host": self._server.partition("://")[2].partition("/")[0],
            "user-agent": f"digest/{__version__}",
            # A compressed answer could be of any size.
            "accept-encoding": "identity",
            "content-length": str(len(call.body)),
        }
        theirs = {name.lower(): value for name, value in call.headers.items()}
        return list((ours | theirs).items())


@cache
def _trust() -> ssl.SSLContext:
    """The authorities that are trusted: read once, as that takes longer than a connection."""
    return httpx.create_ssl_context(trust_env=False)


def _body(response: httpcore.Response, headers: Mapping[str, str]) -> bytes:
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise NoAnswer("the answer is compressed, though none was asked for")
    parts: list[bytes] = []
    size = 0
    for part in response.iter_stream():
        size += len(part)
        if size > LARGEST:
            raise NoAnswer(f"the answer is larger than {LARGEST // 1_000_000} MB")
        parts.append(part)
    return b"".join(parts)


class _Deadline(threading.local):
    """When the request of this thread has to have its answer; on the clock ``time.monotonic``."""

    at = 0.0

    def left(self) -> float:
        return max(self.at - time.monotonic(), 0.001)


_deadline = _Deadline()


class _Backend(httpcore.SyncBackend):
    """Connections whose every step ends by the deadline: an answer of a byte a second ends, too."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline takes its place, in each of these
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> _Stream:
        left = _deadline.left()
        return _Stream(super().connect_tcp(host, port, left, local_address, socket_options))


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._stream.read(max_bytes, timeout=_deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._stream.write(buffer, timeout=_deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> _Stream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, _deadline.left()))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
