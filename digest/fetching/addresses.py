"""Web addresses: which may be fetched at all, and which are the same server. Pure."""

from __future__ import annotations

import httpx

_PORTS = {"http": 80, "https": 443}


def parse(address: str, base: httpx.URL | None = None) -> httpx.URL:
    """*address*, relative to *base* if there is one, without its fragment.

    Raises:
        ValueError: It cannot be asked. The words complete "leads to an address that …".
    """
    try:
        url = httpx.URL(address) if base is None else base.join(address)
        name = url.host  # decodes xn--…, which may fail
    except (httpx.InvalidURL, ValueError) as exc:
        raise ValueError(f"cannot be read: {exc}") from exc
    if url.scheme not in _PORTS:
        raise ValueError(f"is not http or https but {url.scheme or 'without a scheme'}")
    if not name:
        raise ValueError("names no host")
    if url.userinfo:
        raise ValueError("holds a user name; a feed has the settings username and password for it")
    if not 0 < port(url) < 65536:
        raise ValueError(f"has the impossible port {port(url)}")
    return url.copy_with(fragment=None) if url.fragment else url


def port(url: httpx.URL) -> int:
    return _PORTS[url.scheme] if url.port is None else url.port


def host(name: str) -> str:
    """*name* as hosts are compared: ``"A.example."`` is ``"a.example"``, ``"[::1]"`` is ``"::1"``."""
    return name.strip("[]").rstrip(".").lower()


def same_server(first: httpx.URL, then: httpx.URL) -> bool:
    """What was meant for *first* may go to *then*: one host, and one port but for http → https."""
    if first.raw_host != then.raw_host:
        return False
    if (first.scheme, port(first)) == (then.scheme, port(then)):
        return True
    return (first.scheme, port(first), then.scheme, port(then)) == ("http", 80, "https", 443)
