"""SPF (RFC 7208): who may send with a domain in the envelope. Pure, except for the look-ups it is given."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Protocol

Ip = IPv4Address | IPv6Address

#: Look-ups that a receiver makes before it gives up (4.6.4), and those that may find nothing.
MOST_LOOKUPS, MOST_VOID = 10, 2
RESULTS = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}

_TERM = re.compile(
    r"([+?~-]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?::([^\s/]+))?((?:/\d{1,3})?(?://\d{1,3})?)",
    re.IGNORECASE,
)
_MODIFIER = re.compile(r"([a-z][a-z0-9._-]*)=(\S*)", re.IGNORECASE)


class Look(Protocol):
    @property
    def texts(self) -> Callable[[str], Sequence[str]]: ...
    @property
    def exchanges(self) -> Callable[[str], Sequence[str]]: ...
    @property
    def addresses(self) -> Callable[[str], Sequence[str]]: ...


class Broken(ValueError):  # noqa: N818 - as receivers find the record
    """A receiver ignores the record ("permerror"); the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spf:
    record: str
    lookups: int
    #: The result for everybody who is not named: "fail", "softfail", "neutral" or "pass".
    others: str
    #: Those of the given addresses that may send.
    passing: tuple[str, ...]


def spf(domain: str, addresses: Sequence[str], look: Look) -> Spf | None:
    """What the domain's record says about these addresses; None if there is no record.

    Raises:
        Broken: The record is not one that a receiver can use.
        CannotLook: As the look-ups raise it.
    """
    walk = _Walk(look)
    record = _record(domain, look)
    if record is None:
        return None
    passing = [one for one in addresses if _Walk(look).result(domain, ip_address(one)) == "pass"]
    # TEST-NET-1 (RFC 5737) is nobody's: what it gets, everybody gets.
    others = walk.result(domain, ip_address("192.0.2.1"))
    return Spf(record=record, lookups=walk.lookups, others=others, passing=tuple(passing))


def _record(domain: str, look: Look) -> str | None:
    found = [text for text in look.texts(domain) if re.match(r"v=spf1(?: |$)", text, re.IGNORECASE)]
    if len(found) > 1:
        raise Broken(f"{domain} has {len(found)} SPF records, and receivers then take none of them")
    return found[0] if found else None


@dataclass
class _Walk:
    """One evaluation, as a receiver makes it (RFC 7208, section 5)."""

    look: Look
    lookups: int = 0
    void: int = field(default=0)

    def result(self, domain: str, ip: Ip) -> str:
        record = _record(domain, self.look)
        if record is None:
            raise Broken(f"{domain}, which it includes, has no SPF record")
        redirect = ""
        for term in record.split()[1:]:
            if modifier := _MODIFIER.fullmatch(term):
                redirect = modifier[2] if modifier[1].lower() == "redirect" else redirect
                continue
            found = _TERM.fullmatch(term)
            if found is None:
                raise Broken(f"{domain}: {term!r} is not an SPF term")
            if self._matches(found[2].lower(), found[3] or "", found[4], domain, ip):
                return RESULTS[found[1] or "+"]
        if redirect:
            self._count()
            return self.result(redirect, ip)
        return "neutral"

    def _matches(self, kind: str, value: str, prefix: str, domain: str, ip: Ip) -> bool:
        if kind in {"include", "a", "mx", "ptr", "exists"}:
            self._count()
        if "%" in value:  # a macro depends on the mail
            return False
        match kind:
            case "all":
                return True
            case "ip4" | "ip6":
                return _within(ip, value + prefix)
            case "include":
                return self.result(value, ip) == "pass"
            case "a":
                return any(_within(ip, one, prefix) for one in self._addresses(value or domain))
            case "mx":
                hosts = self.look.exchanges(value or domain)[:MOST_LOOKUPS]
                self._note(hosts)
                return any(_within(ip, one, prefix) for host in hosts for one in self.look.addresses(host))
            case "exists":
                return bool(self._addresses(value))
        return False  # ptr: RFC 7208 (5.5) says not to use it

    def _addresses(self, name: str) -> Sequence[str]:
        found = self.look.addresses(name)
        self._note(found)
        return found

    def _note(self, found: Sequence[str]) -> None:
        self.void += not found
        if self.void > MOST_VOID:
            raise Broken(f"more than {MOST_VOID} of the names in it lead nowhere")

    def _count(self) -> None:
        self.lookups += 1
        if self.lookups > MOST_LOOKUPS:
            raise Broken(f"it takes more than {MOST_LOOKUPS} look-ups, and receivers then take none of it")


def _within(ip: Ip, network: str, prefix: str = "") -> bool:
    """Whether *ip* is in *network*, of an "a" or "mx" with its prefix: "/24", "//64" or "/24//64"."""
    if prefix:
        four, _, six = prefix.partition("//")
        length = four.removeprefix("/") if ip_address(network).version == 4 else six
        network = f"{network}/{length}" if length else network
    try:
        return ip in ip_network(network, strict=False)
    except ValueError:
        raise Broken(f"{network} is not a network") from None
