"""An SMTP server (RFC 5321), over several connections that are kept.

::

    mails -> contents: compose | sign -> exchange: a conversation on each connection -> receipts, in order
"""

from __future__ import annotations

import ssl
import weakref
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from digest.model import Mail, Receipt
from digest.senders import dkim
from digest.senders.smtp.bell import Bell
from digest.senders.smtp.connection import Connection
from digest.senders.smtp.contents import Contents
from digest.senders.smtp.exchange import Exchange
from digest.senders.smtp.pace import Pace
from digest.settings import SmtpSettings

#: Mails for a connection that are claimed at once: after a crash they may be in doubt.
BATCH = 10


class SmtpSender:
    """Connections are opened as mails come, kept from one ``send`` to the next, and end with ``close``, or
    when nobody holds the sender any more."""

    name = "smtp"

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self.batch = BATCH * settings.connections
        self._trust = cache(ssl.create_default_context)
        self._exchange: Exchange | None = None
        self._end: Callable[[], object] | None = None

    def send(self, mails: Iterable[Mail]) -> Iterator[Receipt]:
        if self._exchange is None:
            self._exchange = self._opened()
        yield from self._exchange.send(mails)

    def close(self) -> None:
        """Say QUIT on every connection."""
        if self._end is not None:
            self._end()
        self._exchange = self._end = None

    def check(self) -> str:
        settings = self._settings
        keys = dkim.keys_of(settings.dkim) if settings.dkim else ()
        connection = Connection(settings, self._trust)
        connection.open()
        pipelining = "pipelining" if connection.offers("pipelining") else "no pipelining"
        connection.close()
        login = f", logged in as {settings.username}" if settings.username else ""
        signatures = ", ".join(f"{key.algorithm} as {key.selector}" for key in keys)
        signed = f", signed for {settings.dkim.domain}: {signatures}" if settings.dkim else ""
        return f"connected with security = {settings.security!r}, {pipelining}{login}{signed}"

    def _opened(self) -> Exchange:
        settings, trust = self._settings, self._trust
        bell = Bell()
        contents = Contents(settings.dkim, Pace(settings.domain_rate), bell.ring)
        exchange = Exchange(lambda: Connection(settings, trust), contents, settings.connections, bell)
        # It does not know the sender, which so may go.
        self._end = weakref.finalize(self, exchange.close)
        return exchange
