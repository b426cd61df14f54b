"""Which IP addresses are public, and what the others are. Pure: no name is resolved here.

The standard library's ``is_global`` is not enough: what it answers differs between patch releases of
Python, and it does not look into addresses that carry an IPv4 address.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

#: IANA's IPv4 special-purpose registry (RFC 6890 and its updates), the first that matches wins.
SPECIAL_V4 = tuple(
    (ip_network(network), kind)
    for network, kind in (
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("10.0.0.0/8", "private"),
        ("172.16.0.0/12", "private"),
        ("192.168.0.0/16", "private"),
        ("100.64.0.0/10", "shared by a provider's customers"),
        ("0.0.0.0/8", "unspecified"),
        ("224.0.0.0/4", "multicast"),
        ("192.0.0.0/24", "reserved"),  # Oracle's cloud keeps instance metadata at 192.0.0.192
        ("192.0.2.0/24", "reserved"),
        ("192.88.99.0/24", "reserved"),
        ("198.18.0.0/15", "reserved"),
        ("198.51.100.0/24", "reserved"),
        ("203.0.113.0/24", "reserved"),
        ("240.0.0.0/4", "reserved"),
        ("168.63.129.16/32", "metadata"),  # Azure's, in the middle of public space
    )
)

#: IPv6, likewise; what is neither here nor in GLOBAL_UNICAST is reserved.
SPECIAL_V6 = tuple(
    (ip_network(network), kind)
    for network, kind in (
        ("::1/128", "loopback"),
        ("::/128", "unspecified"),
        ("fe80::/10", "link-local"),
        ("fc00::/7", "private"),
        ("fec0::/10", "private"),
        ("ff00::/8", "multicast"),
        ("2001::/23", "reserved"),  # Teredo, ORCHID and other protocols' own
        ("2001:db8::/32", "reserved"),
        ("3fff::/20", "reserved"),
    )
)
GLOBAL_UNICAST = ip_network("2000::/3")

#: IPv6 networks that carry an IPv4 address, and how many bits stand below it.
CARRIERS = (
    (ip_network("::ffff:0:0/96"), 0),  # IPv4-mapped, RFC 4291 2.5.5.2
    (ip_network("64:ff9b::/96"), 0),  # NAT64, RFC 6052
    (ip_network("2002::/16"), 80),  # 6to4, RFC 3056
)


def nature(address: str) -> str:
    """What keeps *address* from being public ("loopback", "private", …); "" for a public one.

    An IPv6 address that carries an IPv4 address is what that one is.

    Raises:
        ValueError: *address* is not an IP address.
    """
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        ip = _carried(ip) or ip
    special = SPECIAL_V4 if isinstance(ip, IPv4Address) else SPECIAL_V6
    for network, kind in special:
        if ip in network:
            return kind
    return "" if isinstance(ip, IPv4Address) or ip in GLOBAL_UNICAST else "reserved"


def _carried(ip: IPv6Address) -> IPv4Address | None:
    for network, below in CARRIERS:
        if ip in network:
            return IPv4Address(int(ip) >> below & 0xFFFFFFFF)
    return None
