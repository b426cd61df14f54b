"""HTTP/1.1 on a socket (RFC 9112), for a prepared request and a small answer.

It takes one write and mostly one read. A general client spends several times the work on what is not needed,
and if each mail is a request, that is most of its cost. Every step ends by the deadline, even if the answer
comes at one byte per second.
"""

from __future__ import annotations

import select
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import urlsplit

from digest.senders.answers import Answer

#: Bytes of an answer: a batch of 500 is answered with some 100 kB.
LARGEST = 2_000_000
#: Bytes of an answer's head.
LARGEST_HEAD = 65_536


class Broken(Exception):  # noqa: N818 - not of ours to the outside
    """The answer did not come, did not come whole, or is none; the words say which."""


class Wire:
    """A connection to a server, for one request after the other."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._patience = connection.gettimeout() or 0.0
        self._read = b""
        #: When it was last used; on the clock ``time.monotonic``.
        self.used = time.monotonic()
        #: Another request may follow.
        self.open = True

    @property
    def is_quiet(self) -> bool:
        """Whether the server has neither closed it nor said anything unasked."""
        return not (self._read or select.select([self._socket], [], [], 0)[0])

    def close(self) -> None:
        self.open = False
        self._socket.close()

    def exchange(self, head: bytes, body: bytes, deadline: float) -> Answer:
        """The answer to a request; *head* ends with its empty line.

        Raises:
            TimeoutError: It was not there by the deadline.
            Broken, OSError: It will not come.
        """
        self.open = False
        self._hurry(deadline)
        # Who refuses a request while it is being sent may have said so.
        with suppress(BrokenPipeError, ConnectionResetError):
            self._socket.sendall(head + body)
        version, status, headers = self._head(deadline)
        while 100 <= status < 200:
            version, status, headers = self._head(deadline)
        body, ended = self._body(status, headers, deadline)
        says_close = "close" in headers.get("connection", "").lower()
        self.open = ended and version == b"HTTP/1.1" and not says_close
        self.used = time.monotonic()
        return Answer(status=status, headers=headers, body=body)

    def _head(self, deadline: float) -> tuple[bytes, int, dict[str, str]]:
        first, *lines = self._until(b"\r\n\r\n", LARGEST_HEAD, deadline).split(b"\r\n")
        version, _, rest = first.partition(b" ")
        if version not in (b"HTTP/1.1", b"HTTP/1.0") or not rest[:3].isdigit() or len(rest[:3]) < 3:
            raise Broken("the answer is not HTTP/1.1")
        headers: dict[str, str] = {}
        for line in lines:
            name, colon, value = line.decode("latin-1").partition(":")
            if not colon or name != name.strip():
                raise Broken("the answer has a header field that is none")
            key, value = name.lower(), value.strip()
            headers[key] = f"{headers[key]}, {value}" if key in headers else value
        return version, int(rest[:3]), headers

    def _body(self, status: int, headers: Mapping[str, str], deadline: float) -> tuple[bytes, bool]:
        """The body, and whether it had an end of its own (RFC 9112, section 6.3)."""
        if headers.get("content-encoding", "identity").lower() != "identity":
            raise Broken("the answer is compressed, though none was asked for")
        if status in (204, 304):
            return b"", True
        if coding := headers.get("transfer-encoding"):
            if coding.lower() != "chunked":
                raise Broken("the answer is in a coding that was not asked for")
            return self._chunks(deadline), "content-length" not in headers
        if (length := headers.get("content-length")) is None:
            return self._rest(deadline), False
        if not (length.isascii() and length.isdecimal()):
            raise Broken("the answer does not say how long it is")
        return self._exactly(int(length), deadline), True

    def _chunks(self, deadline: float) -> bytes:
        parts: list[bytes] = []
        room = LARGEST
        while True:
            said = self._until(b"\r\n", 1000, deadline).partition(b";")[0].strip()
            try:
                size = int(said, 16)
            except ValueError:
                raise Broken("the answer does not say how long its part is") from None
            if size == 0:
                behind = b"fields, which say nothing that is asked"
                while behind:
                    behind = self._until(b"\r\n", LARGEST_HEAD, deadline)
                return b"".join(parts)
            room -= size
            if room < 0 or size < 0:
                raise Broken(_TOO_LARGE)
            parts.append(self._exactly(size + 2, deadline)[:-2])

    def _exactly(self, size: int, deadline: float) -> bytes:
        if size > LARGEST + 2:
            raise Broken(_TOO_LARGE)
        parts, have = [self._read], len(self._read)
        while have < size:
            parts.append(self._some(deadline))
            have += len(parts[-1])
        whole = b"".join(parts)
        self._read = whole[size:]
        return whole[:size]

    def _rest(self, deadline: float) -> bytes:
        parts, size = [self._read], len(self._read)
        self._read = b""
        while True:
            self._hurry(deadline)
            part = self._socket.recv(65_536)
            if not part:
                return b"".join(parts)
            parts.append(part)
            size += len(part)
            if size > LARGEST:
                raise Broken(_TOO_LARGE)

    def _until(self, end: bytes, most: int, deadline: float) -> bytes:
        while end not in self._read:
            if len(self._read) > most:
                raise Broken("the answer's head is too long")
            self._read += self._some(deadline)
        found, _, self._read = self._read.partition(end)
        return found

    def _some(self, deadline: float) -> bytes:
        self._hurry(deadline)
        part = self._socket.recv(65_536)
        if not part:
            raise Broken("the connection was closed before its end")
        return part

    def _hurry(self, deadline: float) -> None:
        """Let the next step end by *deadline*, or a second later: to say so anew costs a system call."""
        left = _left(deadline)
        if not left <= self._patience <= left + 1:
            self._socket.settimeout(left)
            self._patience = left


_TOO_LARGE = f"the answer is larger than {LARGEST // 1_000_000} MB"


def dial(server: str, trust: ssl.SSLContext, deadline: float) -> Wire:
    """A new connection to *server*, "https://api.example.org".

    Raises:
        OSError: It cannot be had: no such name, no route, no trusted certificate, or not by the deadline.
    """
    parts = urlsplit(server)
    host, secure = parts.hostname or "", parts.scheme == "https"
    connection = _connected(host, parts.port or (443 if secure else 80), deadline)
    try:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if secure:
            connection.settimeout(_left(deadline))
            connection = trust.wrap_socket(connection, server_hostname=host)
    except BaseException:
        connection.close()
        raise
    return Wire(connection)


def _connected(host: str, port: int, deadline: float) -> socket.socket:
    failure: OSError = OSError("it has no address")
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        connection = socket.socket(family, kind, protocol)
        try:
            connection.settimeout(_left(deadline))
            connection.connect(address)
        except OSError as exc:
            connection.close()
            failure = exc
        else:
            return connection
    raise failure


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
