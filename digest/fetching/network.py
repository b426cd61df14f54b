"""Connections that keep two promises: only to permitted addresses, and never past the deadline.

``httpcore`` (the engine of httpx) asks a network backend for every connection. This one resolves the
name, checks every address that it has, and connects to the very address that was checked, so no
second look-up can give another answer (DNS rebinding). TLS still verifies against the name.

**Timeouts are moments here.** httpx's timeouts are per operation: a server that sends a byte a second
never meets them. ``httpcore`` hands a request's ``timeout`` extension down to the sockets as it is; ours
holds a moment of ``time.monotonic`` that every wait of the request ends by.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, NamedTuple

import httpcore

from digest.fetching.guard import nature

#: How many servers' idle connections are kept, and for how long (seconds): until a feed's pages are read.
KEPT_SERVERS = 64
KEPT_SECONDS = 15.0

#: The addresses of (host, port), best first; raises OSError, or UnicodeError for an impossible name.
Resolve = Callable[[str, int], Sequence[str]]


class PrivateAddress(Exception):  # noqa: N818 - it says what was met
    """A name leads where it may not: *address* is not public but of another *nature*."""

    def __init__(self, host: str, address: str, kind: str) -> None:
        super().__init__(host, address, kind)
        self.host = host
        self.address = address
        self.kind = kind


def system_addresses(host: str, port: int) -> Sequence[str]:
    """What the machine's resolver says; it takes ``0x7f.1`` and ``2130706433`` for 127.0.0.1."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class GuardedBackend(httpcore.NetworkBackend):
    """Connects to public addresses only, unless it is *trusting*."""

    def __init__(self, *, trusting: bool, resolve: Resolve = system_addresses) -> None:
        self._trusting = trusting
        self._resolve = resolve
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first of *host*'s addresses that answers.

        Raises:
            PrivateAddress: One of its addresses is not public. All are refused then: a name with
                both kinds wants to get past a check.
        """
        addresses = self._addresses(host, port, timeout)
        if not self._trusting:
            for address in addresses:
                if kind := nature(address):
                    raise PrivateAddress(host, address, kind)
        problem: Exception = httpcore.ConnectError(f"{host} has no address")
        for position, address in enumerate(addresses):
            # One address that never answers (often IPv6) leaves the others their share of the time.
            share = _left(timeout, httpcore.ConnectTimeout) / (len(addresses) - position)
            try:
                stream = self._sockets.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as exc:
                problem = exc
            else:
                return _Stream(stream)
        raise problem

    def _addresses(self, host: str, port: int, moment: float | None) -> Sequence[str]:
        try:
            return [str(ip_address(host))]
        except ValueError:
            pass  # a name, or a number in another form
        found: SimpleQueue[Sequence[str] | OSError | UnicodeError] = SimpleQueue()
        # The system's resolver cannot be interrupted: one that hangs is left behind in its thread.
        look_up = Thread(target=_look_up, args=(self._resolve, host, port, found), daemon=True)
        look_up.start()
        try:
            answer = found.get(timeout=_left(moment, httpcore.ConnectTimeout))
        except Empty:
            raise httpcore.ConnectTimeout(f"no answer about the name {host}") from None
        if isinstance(answer, OSError):
            raise httpcore.ConnectError(f"the name {host} cannot be resolved: {answer.strerror}") from answer
        if isinstance(answer, UnicodeError):
            raise httpcore.ConnectError(f"{host} cannot be a host's name") from answer
        return list(dict.fromkeys(answer))


class _Stream(httpcore.NetworkStream):
    """A connection whose every *timeout* is a moment of ``time.monotonic``."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def close(self) -> None:
        self._stream.close()


class Server(NamedTuple):
    """Whom a kept connection serves: who could have opened it, and nobody else."""

    scheme: bytes
    host: bytes
    port: int | None
    #: Whether it may have a private address.
    trusting: bool


class Connections:
    """A pool for each server, the latest used ones kept.

    One pool for all would be simpler, but httpcore looks at every idle connection, and counts the
    others, for every request: with 300 servers that took more time than all the rest.
    """

    def __init__(self, *, resolve: Resolve, tls: ssl.SSLContext) -> None:
        self._tls = tls
        self._backends = {
            trusting: GuardedBackend(trusting=trusting, resolve=resolve) for trusting in (False, True)
        }
        self._lock = Lock()
        #: In the order of their last use.
        self._pools: dict[Server, httpcore.ConnectionPool] = {}
        self._users: Counter[Server] = Counter()

    @contextmanager
    def to(self, server: Server) -> Iterator[httpcore.ConnectionPool]:
        """The pool of *server*, in use until the block ends."""
        with self._lock:
            pool = self._pools.pop(server, None) or self._new_pool(server)
            self._pools[server] = pool
            self._users[server] += 1
        try:
            yield pool
        finally:
            with self._lock:
                self._users[server] -= 1
                surplus = self._unused() if len(self._pools) > KEPT_SERVERS else None
            if surplus:
                surplus.close()

    def close(self) -> None:
        with self._lock:
            pools = list(self._pools.values())
            self._pools.clear()
        for pool in pools:
            pool.close()

    def _new_pool(self, server: Server) -> httpcore.ConnectionPool:
        return httpcore.ConnectionPool(
            ssl_context=self._tls,
            max_connections=None,
            keepalive_expiry=KEPT_SECONDS,
            network_backend=self._backends[server.trusting],
        )

    def _unused(self) -> httpcore.ConnectionPool | None:
        """The pool that nobody has used for longest, taken out."""
        oldest = next((server for server in self._pools if not self._users[server]), None)
        if oldest is None:
            return None
        del self._users[oldest]
        return self._pools.pop(oldest)


def _look_up(
    resolve: Resolve, host: str, port: int, found: SimpleQueue[Sequence[str] | OSError | UnicodeError]
) -> None:
    try:
        found.put(resolve(host, port))
    except (OSError, UnicodeError) as exc:
        found.put(exc)


def _left(moment: float | None, late: type[httpcore.TimeoutException]) -> float:
    """Seconds until *moment*, always more than 0; raises *late* when it has passed."""
    assert moment is not None, "every request carries its deadline"  # noqa: S101
    seconds = moment - time.monotonic()
    if seconds <= 0:
        raise late("the time is up")
    return seconds
