"""An SMTP server (RFC 5321), over one connection that is kept for the run.

What an answer means is decided by ``receipt_after``; when the connection breaks, by how far the mail had
come: before its last dot it has certainly not been taken, after it nobody knows (RFC 1047).
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterable, Iterator
from contextlib import suppress

from digest.audience import mask
from digest.errors import SendError
from digest.model import Mail, Outcome, Receipt
from digest.senders.mime import addresses, message
from digest.settings import SmtpSettings
from digest.text import clean

#: A dot at a line's beginning is doubled (RFC 5321, 4.5.2).
LEADING_DOT = re.compile(rb"(?m)^\.")
#: Servers quote receivers.
ADDRESS = re.compile(r"[^\s<>()\[\]\"',:;]+@[\w.-]+")


class SmtpSender:
    name = "smtp"
    #: Small: after a crash this many mails may be in doubt.
    batch = 20

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings

    def send(self, mails: Iterable[Mail]) -> Iterator[Receipt]:
        connection = Connection(self._settings)
        try:
            for mail in mails:
                yield deliver(mail, connection)
        finally:
            connection.close()

    def check(self) -> str:
        connection = Connection(self._settings)
        connection.open()
        connection.close()
        login = f", logged in as {self._settings.username}" if self._settings.username else ""
        return f"connected with security = {self._settings.security!r}{login}"


class Connection:
    """A conversation with the server: opened when it is needed, and again when it was lost."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self.client: smtplib.SMTP | None = None

    def open(self) -> smtplib.SMTP:
        """Connect, encrypt and log in as the settings say.

        Raises:
            SendError: That cannot be done now.
        """
        try:
            return self._logged_in(self._connected())
        except smtplib.SMTPAuthenticationError as exc:
            who = self._settings.username
            raise self.error(f"refused the login of {who!r}: {exc.smtp_code}; check the password") from None
        except (smtplib.SMTPException, OSError) as exc:
            raise self.error(f"cannot connect with security = {self._settings.security!r}: {exc}") from exc

    def _connected(self) -> smtplib.SMTP:
        settings = self._settings
        timeout = settings.timeout.total_seconds()
        if settings.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(settings.host, settings.port, timeout=timeout, context=context)
        return smtplib.SMTP(settings.host, settings.port, timeout=timeout)

    def _logged_in(self, client: smtplib.SMTP) -> smtplib.SMTP:
        try:
            if self._settings.security == "starttls":
                client.starttls(context=ssl.create_default_context())
            client.ehlo_or_helo_if_needed()
            if self._settings.username:
                client.login(self._settings.username, self._settings.password.reveal())
        except BaseException:
            client.close()
            raise
        self.client = client
        return client

    def drop(self) -> None:
        """Close without a word: the connection is broken, or its state unknown."""
        if self.client is not None:
            self.client.close()
            self.client = None

    def close(self) -> None:
        if self.client is not None:
            with suppress(smtplib.SMTPException, OSError):
                self.client.quit()
            self.drop()

    def error(self, words: str) -> SendError:
        return SendError(f"smtp {self._settings.host}:{self._settings.port} {words}")


def deliver(mail: Mail, connection: Connection) -> Receipt:
    """One mail; a connection that was lost before its last dot is opened once more.

    Raises:
        SendError: The server cannot be reached, or does not want this sender.
    """
    if connection.client is not None:
        try:
            return _transaction(mail, connection, connection.client)
        except (smtplib.SMTPServerDisconnected, OSError):
            connection.drop()
    client = connection.open()
    try:
        return _transaction(mail, connection, client)
    except (smtplib.SMTPServerDisconnected, OSError) as exc:
        connection.drop()
        raise connection.error(f"closed the connection: {exc}") from exc


def _transaction(mail: Mail, connection: Connection, client: smtplib.SMTP) -> Receipt:
    sender, receiver = addresses(mail)
    if not receiver.isascii():
        detail = "the address is not ASCII, and this connection does not carry SMTPUTF8 (RFC 6531)"
        return Receipt(subscriber_id=mail.subscriber_id, outcome=Outcome.REFUSED, detail=detail)
    body = LEADING_DOT.sub(b"..", message(mail))
    code, words = client.docmd("MAIL", f"FROM:<{sender}>")
    if code >= 500:
        raise connection.error(f"does not take mail from {sender}: {code} {_line(words)}")
    if code < 400:
        code, words = client.docmd("RCPT", f"TO:<{receiver}>")
    if code < 400:
        code, words = client.docmd("DATA")
    if code == 354:
        return _content(mail, connection, client, body)
    if code == 421:  # the server is about to close (RFC 5321, 3.8)
        raise smtplib.SMTPServerDisconnected(f"421 {_line(words)}")
    with suppress(smtplib.SMTPException, OSError):
        client.docmd("RSET")
    return receipt_after(mail, code, words)


def _content(mail: Mail, connection: Connection, client: smtplib.SMTP, body: bytes) -> Receipt:
    client.send(body)
    try:
        client.send(b".\r\n")
        code, words = client.getreply()
    except (smtplib.SMTPException, OSError) as exc:
        connection.drop()
        detail = f"no answer after the mail: {exc}"
        return Receipt(subscriber_id=mail.subscriber_id, outcome=Outcome.UNSURE, detail=detail)
    return receipt_after(mail, code, words)


def receipt_after(mail: Mail, code: int, words: bytes) -> Receipt:
    """SMTP's reply in our words: 2xx sent, 4xx deferred, 5xx refused (RFC 5321, 4.2.1)."""
    outcome = Outcome.SENT if code < 400 else Outcome.DEFERRED if code < 500 else Outcome.REFUSED
    return Receipt(subscriber_id=mail.subscriber_id, outcome=outcome, detail=f"{code} {_line(words)}")


def _line(words: bytes) -> str:
    """The server's words, fit for a message: in one line, and with the addresses in them masked."""
    text = clean(words.decode("utf-8", errors="replace"))[:300]
    return ADDRESS.sub(lambda found: mask(found[0]), text)
