"""The DNS, as far as mail needs it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit


class CannotLook(Exception):  # noqa: N818 - no fault of the records
    """No answer came, so what the DNS has is unknown."""


class Dns:
    """Asks *server*, or the system's if it is "", and remembers the answers."""

    def __init__(self, server: str, timeout: timedelta) -> None:
        self._server, self._seconds = server, timeout.total_seconds()
        #: Why it is not asked any more: a silent server is waited for only once.
        self._away = ""
        self.texts = cache(self._texts)
        self.exchanges = cache(self._exchanges)
        self.addresses = cache(self._addresses)

    def _texts(self, name: str) -> Sequence[str]:
        """The TXT records, each in one piece; none if there is no such name.

        Raises:
            CannotLook: No answer came.
        """
        return [b"".join(each.strings).decode("utf-8", "replace") for each in self._ask(name, "TXT")]

    def _exchanges(self, name: str) -> Sequence[str]:
        """The hosts that take its mail, the preferred one first; "" is one that takes none (RFC 7505).

        Raises:
            CannotLook: No answer came.
        """
        found = sorted(self._ask(name, "MX"), key=lambda each: each.preference)
        return [str(each.exchange).rstrip(".") for each in found]

    def _addresses(self, name: str) -> Sequence[str]:
        """Its IPv4 and IPv6 addresses.

        Raises:
            CannotLook: No answer came.
        """
        return [each.address for kind in ("A", "AAAA") for each in self._ask(name, kind)]

    def _ask(self, name: str, kind: str) -> Sequence[Any]:
        import dns.exception
        import dns.resolver

        if self._away:
            raise CannotLook(self._away)
        try:
            return list(self._resolver().resolve(name, kind, search=False, lifetime=self._seconds))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.Timeout, dns.resolver.NoResolverConfiguration, OSError):
            self._away = f"{self._server or 'the DNS server of this system'} gave no answer"
            raise CannotLook(self._away) from None
        except (dns.exception.DNSException, UnicodeError) as error:
            raise CannotLook(f"no answer for {kind} of {name} ({type(error).__name__})") from None

    def _resolver(self) -> Any:
        import dns.resolver

        if not self._server:
            return dns.resolver.Resolver()
        written = self._server
        parts = urlsplit(f"//{written}" if written.count(":") < 2 or "[" in written else f"//[{written}]")
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = [parts.hostname or ""], parts.port or 53
        return resolver
