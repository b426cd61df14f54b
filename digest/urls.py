"""Web addresses: which are fit to be shown, and which are the same page.

Nothing here raises: an unusable address becomes "".
"""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv6Address, ip_address
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

#: Longer addresses are refused: mail programs and SMTP lines (RFC 5321: 998 octets a line) break them.
LONGEST = 4096

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*", re.ASCII)
#: Query parameters whose value is a credential.
_CREDENTIALS = re.compile(
    r"([?&](?:[\w.-]*[_.-])?(?:api_?key|access_?key|key|token|auth|secret|pass(?:word|wd)?|sig(?:nature)?)=)[^&#]+",
    re.IGNORECASE,
)
#: What RFC 3986 allows in a path, query or fragment, beside letters and digits; "%" is kept as it came.
_ALLOWED = "!#$%&'()*+,-./:;=?@_~[]"
_PLAIN = re.compile(r"[\w!#$%&'()*+,./:;=?@~\[\]-]*", re.ASCII)
_ABSOLUTE = re.compile(r"https?://", re.IGNORECASE)
_DEFAULT_PORTS = {"http": 80, "https": 443}

#: Where one page has several hosts: with and without "www.", for telephones, and as AMP. At least two
#: labels stay, so that ``m.com`` and ``amp.dev`` are themselves.
_HOST_VARIANTS = re.compile(r"(?:(?:www\d?|m|mobile|amp)\.)+(?=[^.]+\.[^.]+)")
_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

#: Parameters that say how a reader came, never which page it is, by who adds them.
_TRACKING = re.compile(
    r"""
    utm_\w+                                                           # Google Analytics' campaigns
    | (?: g | d | msc | tw | tt | y | ys | fb ) clid                  # clicks on advertisements
    | gclsrc | gbraid | wbraid | srsltid | _g[al] | li_fat_id | igshid | igsh
    | fb_ (?: action_ids | action_types | source | ref )              # Facebook's shares
    | mc_[ce]id | mkt_tok | vero_ (?: id | conv ) | oly_ (?: enc | anon ) _id     # newsletters
    | _hs (?: enc | mi ) | __hs (?: tc | sc | fp ) | hsctatracking    # HubSpot
    | mtm_\w+ | pk_\w+ | piwik_\w+                                    # Matomo
    | at_\w+ | xtor                                                   # Piano (AT Internet): the BBC
    | ns_ (?: mchannel | source | campaign | linkname | fee )         # Comscore
    | cmp | cmpid | icid | s_cid | wt_z?mc                            # Adobe, Webtrekk: the Guardian, FAZ
    | ref_src | ref_url | soc_src | soc_trk | guccounter | guce_referrer\w*      # X, Yahoo
    | smid | smtyp | wpisrc | wpmm | fsrc | taid | ito                # single papers
    | amp
    """,
    re.IGNORECASE | re.ASCII | re.VERBOSE,
)
#: Names that may mean a page (GitHub's ``?ref=branch``): dropped only where the value is a channel.
_CHANNEL = re.compile(
    r"rss=1|output(?:type)?=amp|(?:ref|source|src|from|partner|via|mod|emc|feed|feedname|feedtype|origin)="
    r"(?:atom|(?:\w+[-_.])?(?:rss|feed|newsletter|e?mail|twitter|facebook|share)\w*(?:[-_.]\w+)*)",
    re.IGNORECASE | re.ASCII,
)


def is_loopback(host: str) -> bool:
    """Whether that name or address is no other machine's (RFC 6761, 6.3)."""
    name = host.lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def usable(url: str, base: str = "") -> str:
    """*url* as an absolute http or https address in ASCII, taken relative to *base*; else "".

    Refused are other schemes, credentials, control characters, spaces in the host, and hosts that are
    none. Unicode hosts come out in Punycode (IDNA 2008), Unicode and spaces in the path percent-encoded.
    """
    return urlunsplit(parts) if (parts := _parts(url, base)) else ""


def canonical(url: str) -> str:
    """One text for all the addresses of a page, to compare by; "" for what is not usable.

    Not for reading: https for http, no "www.", "m." or AMP, no fragment but "#!", no tracking parameters,
    the others sorted by name, no slash at the end. Doing it twice changes nothing.
    """
    parts = _parts(url, "")
    if parts is None:
        return ""
    name = _HOST_VARIANTS.sub("", parts.hostname or "", count=1)
    name = f"[{name}]" if ":" in name else name
    port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    path = _ESCAPED.sub(_normal_escape, parts.path)
    while path != (shorter := path.rstrip("/").removesuffix("/amp").removesuffix(".amp")) and shorter:
        path = shorter
    query = "&".join(sorted(filter(_tells_pages_apart, parts.query.split("&")), key=_name))
    fragment = parts.fragment if parts.fragment.startswith("!") else ""
    return urlunsplit(("https", name + port, path, _ESCAPED.sub(_normal_escape, query), fragment))


def untracked(url: str) -> str:
    """A usable *url* as a reader should follow it: without what says how the reader came; else as it is."""
    parts = urlsplit(url)
    kept = [parameter for parameter in parts.query.split("&") if _tells_pages_apart(parameter)]
    return urlunsplit(parts._replace(query="&".join(kept)))


def host(url: str) -> str:
    """The host of *url* in lower case without "www.", or "": who publishes there, in short."""
    parts = _parts(url, "")
    return "" if parts is None else (parts.hostname or "").removeprefix("www.")


def shown(address: str) -> str:
    """*address* as messages may show it: without user name, password, tokens and control characters."""
    visible = "".join(character for character in address if character.isprintable())
    return _CREDENTIALS.sub(r"\1…", re.sub(r"(?<=//)[^/?#]*@", "", visible))


def credentials(address: str) -> tuple[str, ...]:
    """The values in *address* that ``shown`` does not show."""
    return tuple(found[0].removeprefix(found[1]) for found in _CREDENTIALS.finditer(address))


def _parts(url: str, base: str) -> SplitResult | None:
    url = url.strip()
    if not url or len(url) > LONGEST or _CONTROL.search(url):
        return None
    try:
        parts = urlsplit(urljoin(base, url) if base and not _ABSOLUTE.match(url) else url)
        port = parts.port
        name = _host(parts.hostname or "")
    except ValueError:  # a broken bracket, a port that is no number
        return None
    if parts.scheme not in _DEFAULT_PORTS or not name or "@" in parts.netloc:
        return None
    shown = "" if port is None or port == _DEFAULT_PORTS[parts.scheme] else f":{port}"
    path = parts.path if parts.path.startswith("/") else "/" + parts.path
    rest = (_encoded(path), _encoded(parts.query), _encoded(parts.fragment))
    found = SplitResult(parts.scheme, name + shown, *rest)
    return found if sum(map(len, found)) < LONGEST else None


def _encoded(part: str) -> str:
    return part if _PLAIN.fullmatch(part) else quote(part, safe=_ALLOWED, errors="replace")


def _host(name: str) -> str:
    """*name* as it goes into an address: lower case, Punycode, brackets around IPv6; "" for no host."""
    if ":" in name:
        try:
            return f"[{IPv6Address(name).compressed}]" if "%" not in name else ""
        except AddressValueError:
            return ""
    if not name.isascii():
        import idna

        try:
            name = idna.encode(name, uts46=True).decode("ascii")
        except idna.IDNAError:
            return ""
    name = name.removesuffix(".")
    return name if len(name) <= 253 and _HOST.fullmatch(name) else ""


def _name(parameter: str) -> str:
    return parameter.partition("=")[0]


def _tells_pages_apart(parameter: str) -> bool:
    return bool(parameter) and not (_TRACKING.fullmatch(_name(parameter)) or _CHANNEL.fullmatch(parameter))


def _normal_escape(escape: re.Match[str]) -> str:
    """RFC 3986, 6.2.2: unreserved characters unescaped, the others in upper case."""
    character = chr(int(escape[1], 16))
    return character if character in _UNRESERVED else escape[0].upper()
