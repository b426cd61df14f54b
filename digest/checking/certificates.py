"""Servers' certificates: whether they are accepted, and until when."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from digest.checking.finding import Check, bad, ok, unknown, warning
from digest.settings import Newsletter, SmtpSettings

#: Programs that renew certificates do so a month before their end; a later one is not renewed automatically.
SOON, TOO_SOON = timedelta(days=14), timedelta(days=3)

Way = Literal["tls", "starttls"]


def certificates(newsletter: Newsletter, *, timeout: timedelta, now: datetime) -> Iterator[Check]:
    """The certificates of the newsletter's pages and of its mail server, if they have one."""
    for address in dict.fromkeys((newsletter.web, newsletter.archive)):
        parts = urlsplit(address)
        if parts.scheme == "https" and parts.hostname:
            yield _checked(
                f"certificate of {parts.hostname}", parts.hostname, parts.port or 443, "tls", timeout, now
            )
    sender = newsletter.sender
    if isinstance(sender, SmtpSettings) and sender.security != "none":
        what = f"certificate of {sender.host}"
        yield _checked(what, sender.host, sender.port, sender.security, timeout, now)


def _checked(what: str, host: str, port: int, way: Way, timeout: timedelta, now: datetime) -> Check:
    try:
        end = expiry(host, port, way, timeout=timeout.total_seconds())
    except ssl.SSLCertVerificationError as error:
        return bad(
            what,
            f"is not accepted: {error.verify_message}",
            "renew it, or fix the server's certificate chain",
        )
    except (OSError, smtplib.SMTPException) as error:
        words = f"could not be checked: {error}"
        return unknown(what, words, f"make sure that {host}:{port} can be reached from here")
    left = end - now
    if left < TOO_SOON:
        return bad(what, f"ends {end:%Y-%m-%d %H:%M} UTC", "renew it now")
    if left < SOON:
        return warning(
            what, f"ends {end:%Y-%m-%d}, in {left.days} days", "see why it has not been renewed yet"
        )
    return ok(what, f"is valid until {end:%Y-%m-%d}")


def expiry(host: str, port: int, way: Way, *, timeout: float) -> datetime:
    """When the server's certificate ends. This machine has to trust it.

    Raises:
        OSError, smtplib.SMTPException: It does not answer, or is not trusted (SSLCertVerificationError).
    """
    context = ssl.create_default_context()
    if way == "starttls":
        with smtplib.SMTP(host, port, timeout=timeout) as client:
            client.starttls(context=context)
            return _end(client.sock)
    with (
        socket.create_connection((host, port), timeout=timeout) as plain,
        context.wrap_socket(plain, server_hostname=host) as encrypted,
    ):
        return _end(encrypted)


def _end(connection: socket.socket | None) -> datetime:
    certificate = connection.getpeercert() if isinstance(connection, ssl.SSLSocket) else None
    written = str((certificate or {}).get("notAfter", ""))
    if not written:
        raise ConnectionError("the connection has no certificate")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(written), UTC)
