"""A folder on an IMAP server (RFC 9051, and RFC 3501 before it), encrypted from the start."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import suppress

from digest.errors import MailboxError
from digest.settings import ImapSettings

#: Bytes of one message that are asked for; a report stands at the beginning.
LARGEST = 5_000_000


def read_imap(settings: ImapSettings, *, tls: ssl.SSLContext | None = None) -> Iterator[bytes]:
    """Every message of the folder that nobody has read; each is marked as read once it is dealt with.

    *tls* stands in for a context that trusts the public certificate authorities.

    Raises:
        MailboxError: The server cannot be reached, does not let us in, or breaks off.
    """
    try:
        server = imaplib.IMAP4_SSL(
            settings.host,
            settings.port,
            ssl_context=tls or ssl.create_default_context(),
            timeout=settings.timeout.total_seconds(),
        )
        try:
            yield from _unseen(server, settings)
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                server.logout()
            with suppress(OSError):  # closed by the logout, where that was heard
                server.shutdown()
    except (imaplib.IMAP4.error, OSError) as error:
        # What a server says may repeat the login.
        reason = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
        raise MailboxError(f"{settings.host}: the bounce mailbox cannot be read: {reason}") from error


def _unseen(server: imaplib.IMAP4_SSL, settings: ImapSettings) -> Iterator[bytes]:
    try:
        server.login(settings.username, settings.password.reveal())
    except imaplib.IMAP4.error:
        raise MailboxError(
            f"{settings.host}: the login under [bounces.imap] was refused; see username and password"
        ) from None
    status, _ = server.select(_quoted(settings.folder))
    if status != "OK":
        raise MailboxError(
            f"{settings.host}: there is no folder {settings.folder!r}; see folder in [bounces.imap]"
        )
    _, found = server.uid("SEARCH", "UNSEEN")
    for uid in (found[0] or b"").split():
        number = uid.decode("ascii")
        # PEEK, so that a message that could not be dealt with stays unread.
        _, answer = server.uid("FETCH", number, f"(BODY.PEEK[]<0.{LARGEST}>)")
        content = next((part[1] for part in answer if isinstance(part, tuple)), None)
        if content is not None:
            yield content
        server.uid("STORE", number, "+FLAGS.SILENT", r"(\Seen)")


def _quoted(folder: str) -> str:
    return '"{}"'.format(folder.replace("\\", r"\\").replace('"', r"\""))
