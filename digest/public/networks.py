"""Whose request it is: the reader's network, with or without proxies in between.

A proxy appends the address that its request came from to X-Forwarded-For. Whatever was there before was
written by others; so the field is read from its end, and only as far as our own proxies have written it.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from digest.logs import log

Address = IPv4Address | IPv6Address

#: The network of one reader's line, often of one household.
HOUSEHOLD = 64
#: The network of a request that came over none: from a test, or a Unix socket.
NOWHERE = "nowhere"


class Proxies:
    """Those whose X-Forwarded-For is believed."""

    def __init__(self, written: Iterable[str]) -> None:
        self._networks = [ip_network(one, strict=False) for one in written]
        self._is_silent = False

    def network(self, peer: str, forwarded: str) -> str:
        """The network that a request came from: *peer* sent it, with that X-Forwarded-For."""
        if (address := _read(peer)) is None:
            return NOWHERE
        if not forwarded and self._has(address) and not self._is_silent:
            self._is_silent = True  # said once
            # All of its readers count as one.
            log.warning("proxy names no reader", proxy=str(address), field="X-Forwarded-For")
        named = forwarded.split(",") if forwarded else []
        while named and self._has(address):
            # If it is not an address, nobody whom we believe has written it.
            if (before := _read(named.pop())) is None:
                break
            address = before
        return _network_of(address)

    def _has(self, address: Address) -> bool:
        return any(address in network for network in self._networks)


def _read(text: str) -> Address | None:
    """An address, with or without a port; an IPv4-mapped IPv6 address becomes the IPv4 one."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _network_of(address: Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Network((address, HOUSEHOLD), strict=False))
