"""A connection to the server: ``smtplib`` opens it, encrypts it and logs in; then its socket is ours.

From then on nothing blocks: what has to wait is a generator that yields a ``Wait``.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections import deque
from collections.abc import Callable, Generator
from contextlib import suppress
from functools import lru_cache
from selectors import EVENT_READ, EVENT_WRITE
from typing import NamedTuple, TypeVar

from digest.errors import SendError
from digest.senders.smtp.replies import Lost, Reply
from digest.settings import SmtpSettings

#: The answer after a mail may take ten times as long as another one (RFC 5321, 4.5.3.2.6): who does not wait
#: for it has a mail of which nobody knows whether it was taken.
PATIENCE = 10
#: Bytes of a line, and lines of a reply; servers say less (RFC 5321, 4.5.3.1.5).
LINE, LONGEST = 8192, 100
#: Bytes of a TLS record: one is taken whole or not at all, so what has left is known to the byte.
RECORD = 16_384


class Wait(NamedTuple):
    """What is waited for on the socket, and for how many seconds; no event is a connection to be opened."""

    events: int
    seconds: float


OPEN = Wait(0, 0.0)

Result = TypeVar("Result")
#: Something that takes its time. A TimeoutError is thrown into it when a wait is over in vain.
Steps = Generator[Wait, None, Result]


class Connection:
    """Opened when it is needed, and again when it was lost."""

    def __init__(self, settings: SmtpSettings, trust: Callable[[], ssl.SSLContext]) -> None:
        self._settings = settings
        self._trust = trust
        self._timeout = settings.timeout.total_seconds()
        self._client: smtplib.SMTP | None = None
        #: What the server named in its answer to EHLO, in small letters.
        self._offers: frozenset[str] = frozenset()
        #: Lines that have come and were not asked for yet, and the beginning of another.
        self._heard: deque[bytes] = deque()
        self._rest = b""
        #: Lines of a reply that goes on.
        self._words: list[bytes] = []

    @property
    def sock(self) -> socket.socket | None:
        """None while it is closed."""
        return self._client.sock if self._client is not None else None

    def offers(self, extension: str) -> bool:
        """Whether the server named *extension* in its answer to EHLO."""
        return extension in self._offers

    def open(self) -> None:
        """Connect, encrypt and log in as the settings say; this blocks.

        Raises:
            SendError: That cannot be done now.
        """
        try:
            client = self._connected()
            try:
                self._greeted(client)
            except BaseException:
                client.close()
                raise
        except smtplib.SMTPAuthenticationError as exc:
            who = self._settings.username
            raise self.error(f"refused the login of {who!r}: {exc.smtp_code}; check the password") from None
        except (smtplib.SMTPException, OSError) as exc:
            raise self.error(f"cannot connect with security = {self._settings.security!r}: {exc}") from exc
        self._client, self._offers = client, frozenset(client.esmtp_features)

    def say(self, data: bytes) -> Steps[None]:
        """Write all of *data*.

        Raises:
            Lost: With the number of bytes that had left.
        """
        connection, view, sent = self._open_socket(), memoryview(data), 0
        most = RECORD if isinstance(connection, ssl.SSLSocket) else len(view)
        try:
            while sent < len(view):
                try:
                    sent += connection.send(view[sent : sent + most])
                    continue
                except (BlockingIOError, ssl.SSLWantWriteError):
                    events = EVENT_WRITE
                except ssl.SSLWantReadError:
                    events = EVENT_READ
                yield Wait(events, self._timeout)
        except OSError as exc:
            raise Lost(str(exc) or type(exc).__name__, sent) from exc

    def hear(self, *, patiently: bool = False) -> Steps[Reply]:
        """The next reply.

        Raises:
            Lost: There will be none, or it is none.
        """
        while (reply := self.heard()) is None:
            yield from self._listen(self._timeout * PATIENCE if patiently else self._timeout)
        return reply

    def heard(self) -> Reply | None:
        """The next reply, if it has come already.

        Raises:
            Lost: It is none.
        """
        while self._heard:
            line = self._heard.popleft()
            if line[3:4] == b"-" and len(self._words) < LONGEST:
                self._words.append(line[4:])
                continue
            reply = _last_of(line)
            if not 200 <= reply.code < 600:
                raise Lost(f"an answer that is none of SMTP: {Reply(reply.code, line)}")
            if self._words:
                reply = Reply(reply.code, b"\n".join([*self._words, reply.words]))
                self._words = []
            return reply
        return None

    def drop(self) -> None:
        """Close without a word: the connection is broken, or its state unknown."""
        self._heard, self._rest, self._words = deque(), b"", []
        self._offers = frozenset()
        if self._client is not None:
            self._client.close()
            self._client = None

    def close(self) -> None:
        """Say QUIT, and close; this blocks."""
        if self._client is not None:
            with suppress(smtplib.SMTPException, OSError):
                if self._client.sock is not None:
                    self._client.sock.settimeout(self._timeout)
                self._client.quit()
            self.drop()

    def error(self, words: str) -> SendError:
        return SendError(f"smtp {self._settings.host}:{self._settings.port} {words}")

    def _listen(self, seconds: float) -> Steps[None]:
        connection = self._open_socket()
        # An answer takes its time; but of what was decrypted already no selector tells.
        events = 0 if isinstance(connection, ssl.SSLSocket) else EVENT_READ
        try:
            while True:
                if events:
                    yield Wait(events, seconds)
                try:
                    data = connection.recv(LINE)
                    break
                except (BlockingIOError, ssl.SSLWantReadError):
                    events = EVENT_READ
                except ssl.SSLWantWriteError:
                    events = EVENT_WRITE
        except OSError as exc:
            raise Lost(str(exc) or type(exc).__name__) from exc
        if not data:
            raise Lost("the server closed the connection")
        *lines, self._rest = (self._rest + data).split(b"\n")
        self._heard.extend(lines)
        if len(self._rest) > LINE:
            raise Lost("a line that does not end")

    def _open_socket(self) -> socket.socket:
        if self._client is None or self._client.sock is None:
            raise Lost("the connection is closed")
        return self._client.sock

    def _connected(self) -> smtplib.SMTP:
        settings = self._settings
        if settings.security == "tls":
            return smtplib.SMTP_SSL(
                settings.host, settings.port, timeout=self._timeout, context=self._trust()
            )
        return smtplib.SMTP(settings.host, settings.port, timeout=self._timeout)

    def _greeted(self, client: smtplib.SMTP) -> None:
        if self._settings.security == "starttls":
            client.starttls(context=self._trust())
        client.ehlo_or_helo_if_needed()
        if self._settings.username:
            client.login(self._settings.username, self._settings.password.reveal())
        if client.sock is not None:
            # Else the last packet of a mail waits for the answer to the one before it.
            client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client.sock.setblocking(False)


@lru_cache(maxsize=64)  # a server says the same of each envelope
def _last_of(line: bytes) -> Reply:
    """What the only line of a reply says, or the last one; the code is 0 where there is none."""
    return Reply(int(line[:3]) if line[:3].isdigit() else 0, line[4:])
