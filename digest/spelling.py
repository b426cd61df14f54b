"""How ``schedules.toml`` spells its values: a reader for each kind of text, and the types they make.

A reader raises ``ValueError`` with what it expected, and never repeats the text it was given: that may
have come from the environment, and only the caller knows what may be shown.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import time, timedelta
from email.utils import getaddresses
from ipaddress import ip_address, ip_network
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
#: Characters of a reader's tag.
LONGEST_TAG = 50
HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
DURATION = re.compile(r"([0-9]{1,5})\s*([smhd])")
BOUNCES = re.compile(r"[A-Za-z0-9._-]{1,13}")
APPROVAL = re.compile(r"automatic|required|automatic after (.+)")
# The shape of a BCP 47 tag; which subtags are registered is not this program's business.
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
HOST = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?|\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\]?")
# Windows has no files of these names, whatever their ending; an edition's folder is one.
DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


@dataclass(frozen=True, slots=True)
class Spelled:
    """Marks a setting that the file writes as a text: *read* makes the value of it."""

    read: Callable[[str], Any]
    examples: tuple[str, ...] = ()
    #: What an editor's completion may check while one types.
    pattern: str = ""
    #: An empty text is taken as it is: the setting's way to say "none".
    empty: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(self._value, core_schema.str_schema(strict=True))

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        shape: dict[str, Any] = {"type": "string"}
        if self.examples:
            shape["examples"] = list(self.examples)
        if self.pattern:
            shape["pattern"] = f"^({self.pattern}){'?' if self.empty else ''}$"
        return shape

    def _value(self, text: str) -> Any:
        return text if self.empty and not text else self.read(text)


@dataclass(frozen=True, slots=True)
class ByKind:
    """Marks a choice of tables that ``kind`` tells apart: a wrong key is then named in its own table."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic import Field

        return handler(Annotated[source, Field(discriminator="kind")])


def nearest(word: str, known: Iterable[str]) -> str:
    """The one of *known* that *word* was probably meant to be, or ""."""
    by_lower = {name.lower(): name for name in known}
    found = difflib.get_close_matches(word.lower(), by_lower, n=1)
    return by_lower[found[0]] if found else ""


def read_days(text: str) -> frozenset[int]:
    """``"mon-fri"`` or ``"mon,wed,sat-sun"`` as weekday numbers, Monday 0."""
    if re.search("[0-9]", text):
        # To crontab(5), "1" is Monday; to APScheduler, which counts from Monday 0, the same line is Tuesday.
        raise ValueError(
            'days are written as names, as in "mon-fri": a number means Sunday to some and Monday to others'
        )
    days: set[int] = set()
    for part in text.lower().replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        names = (first, last) if dash else (first, first)
        if not all(name in WEEKDAYS for name in names):
            raise ValueError('days are written as names, as in "mon-fri" or "mon,wed,sat"')
        start, end = (WEEKDAYS.index(name) for name in names)
        days.update((start + n) % 7 for n in range((end - start) % 7 + 1))
    return frozenset(days)


def read_maybe_time(text: str) -> time | None:
    return read_time(text) if text else None


def read_time(text: str) -> time:
    if not HOUR.fullmatch(text):
        raise ValueError('an hour is written as "06:30"')
    return time.fromisoformat(text)


def read_duration(text: str) -> timedelta:
    match = DURATION.fullmatch(text.strip())
    if not match or not int(match[1]):
        raise ValueError('a duration is a number above 0 and s, m, h or d, as in "3h"')
    return timedelta(seconds=int(match[1]) * SECONDS[match[2]])


def read_zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # ValueError is a path out of the database, OSError the name of a folder in it.
        zones = available_timezones()
    if not zones:
        raise ValueError("this machine has no time zones: install the package tzdata")
    cities = {zone.rpartition("/")[2]: zone for zone in sorted(zones) if "/" in zone}
    word = text.strip().replace(" ", "_")
    meant = cities.get(nearest(word, cities)) or nearest(word, zones)
    raise ValueError(f"no such time zone{f'; did you mean {meant}?' if meant else ', as in Europe/Berlin'}")


def read_text(text: str) -> str:
    """Words that may have line breaks, but no other control characters."""
    if any(unicodedata.category(char) in {"Cc", "Zl", "Zp"} for char in text.replace("\n", "")):
        raise ValueError("must not have control characters")
    return text.strip()


def read_line(text: str) -> str:
    """Words on one line: such text goes into headers of mails and of requests."""
    if "\n" in text:
        raise ValueError("must be on one line")
    return read_text(text)


def filled(read: Callable[[str], str]) -> Callable[[str], str]:
    """A reader that wants a word at least."""

    def read_filled(text: str) -> str:
        value = read(text)
        if not value:
            raise ValueError("must not be empty")
        return value

    return read_filled


def read_slug(text: str) -> str:
    """A name that can be a file's or a folder's on every system and a word in an address."""
    if not SLUG.fullmatch(text) or len(text) > 64 or text in DEVICES:
        raise ValueError('must be small letters, digits and single hyphens, at most 64, as in "the-sift"')
    return text


def read_mailbox(text: str) -> str:
    """One address, with or without a name: "The Sift <sift@example.org>" (RFC 5322, section 3.4).

    The part before the @ has to be ASCII: not every server on the way takes others (RFC 6531). The domain
    becomes so.
    """
    from email_validator import EmailNotValidError, validate_email

    line = read_line(text)
    found = getaddresses([line])
    # Older versions of email.utils read an address out of nearly anything: what they found has to be
    # the whole of what is written.
    if len(found) != 1 or not (line == found[0][1] or line.endswith(f"<{found[0][1]}>")):
        raise ValueError(
            'must be one address, as in "The Sift <sift@example.org>"; put quotes around a name with a comma'
        )
    address = found[0][1]
    try:
        valid = validate_email(
            address, check_deliverability=False, allow_smtputf8=False, test_environment=True
        )
    except EmailNotValidError as problem:
        raise ValueError('must be an address that mail can reach, as in "sift@example.org"') from problem
    if address.isascii():
        return line
    before, _, after = line.rpartition(address)
    return f"{before}{valid.ascii_email}{after}"


def read_bounces(text: str) -> str:
    """An address alone, short enough for what is added before its @ (RFC 5321, section 4.5.3.1.1)."""
    address = read_mailbox(text)
    local = address.rpartition("@")[0]
    if "<" in address or not BOUNCES.fullmatch(local):
        raise ValueError(
            "must be an address alone, with at most 13 letters, digits, dots or hyphens before the @, as in "
            '"bounces@mail.example.org"'
        )
    return address


def read_web_address(text: str) -> str:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or re.search(r"[\s\x00-\x20\x7f]", text):
        raise ValueError(
            'must be an address that starts with https:// or http://, as in "https://example.com/rss.xml"'
        )
    if "@" in parts.netloc:
        raise ValueError("must not have a user or password in it: use username and password")
    return text


def read_host(text: str) -> str:
    if not HOST.fullmatch(text) or len(text) > 253:
        raise ValueError('must be just the name or address of a host, as in "mail.example.org"')
    return text


def read_network(text: str) -> str:
    """An address of the internet, or a network of them, as ``ipaddress`` writes it."""
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        raise ValueError('must be an address or a network, as in "10.0.0.1" or "10.0.0.0/8"') from None
    return str(network.network_address) if network.num_addresses == 1 else str(network)


def read_dns_server(text: str) -> str:
    """An IP address, with a port where it is not 53."""
    try:
        parts = urlsplit(f"//{text}" if text.count(":") < 2 or text.startswith("[") else f"//[{text}]")
        ip_address(parts.hostname or "")
        sound = parts.port != 0 and not parts.path and "@" not in text
    except ValueError:
        sound = False
    if not sound:
        raise ValueError('must be the IP address of a DNS server, as in "9.9.9.9" or "[::1]:5353"')
    return text


def read_colour(text: str) -> str:
    if not COLOUR.fullmatch(text):
        raise ValueError('must be a colour in six hexadecimal digits, as in "#98201b"')
    return text.lower()


def read_language(text: str) -> str:
    if not LANGUAGE.fullmatch(text):
        raise ValueError('must be a language tag, as in "en" or "pt-BR"')
    return text


def read_other_language(text: str) -> str:
    return text if text == "*" else read_language(text)


def read_approval(text: str) -> str:
    match = APPROVAL.fullmatch(text)
    if not match or (match[1] and not HOUR.fullmatch(match[1])):
        raise ValueError('must be "automatic", "required" or "automatic after 06:15"')
    return text


def read_holidays(text: str) -> str:
    """A country, or a country and a region, that the library ``holidays`` has a calendar of."""
    import holidays

    country, dash, region = text.partition("-")
    countries = holidays.list_supported_countries(include_aliases=True)
    if country not in countries:
        meant = nearest(country, countries)
        hint = f"; did you mean {meant}?" if meant else ', as in "US"'
        raise ValueError(f"no calendar of that country{hint}")
    if dash and region not in countries[country]:
        regions = ", ".join(countries[country]) or "none"
        raise ValueError(f"no calendar of that region of {country}; known: {regions}")
    return text


Days = Annotated[frozenset[int], Spelled(read_days, ("mon-fri", "mon,wed,fri"))]
Hour = Annotated[time, Spelled(read_time, ("05:00", "06:30"), HOUR.pattern)]
MaybeHour = Annotated[time | None, Spelled(read_maybe_time, ("06:00",), f"|{HOUR.pattern}")]
Duration = Annotated[timedelta, Spelled(read_duration, ("3h", "45m", "2d"), DURATION.pattern)]
Zone = Annotated[ZoneInfo, Spelled(read_zone, ("America/New_York", "Europe/Berlin"))]
Text = Annotated[str, Spelled(filled(read_text))]
Line = Annotated[str, Spelled(read_line)]
Title = Annotated[str, Spelled(filled(read_line))]
Slug = Annotated[str, Spelled(read_slug, ("sift", "my-own"), SLUG.pattern)]
Mailbox = Annotated[str, Spelled(read_mailbox, ("The Sift <sift@example.org>", "sift@example.org"))]
MaybeMailbox = Annotated[str, Spelled(read_mailbox, ("desk@example.org",), empty=True)]
BounceMailbox = Annotated[str, Spelled(read_bounces, ("bounces@mail.example.org",), empty=True)]
WebAddress = Annotated[
    str, Spelled(read_web_address, ("https://example.com/rss.xml",), r"(https?://|\$\{)\S+")
]
MaybeWebAddress = Annotated[
    str, Spelled(read_web_address, ("https://news.example.org/sift",), r"(https?://|\$\{)\S+", empty=True)
]
Host = Annotated[str, Spelled(read_host, ("mail.example.org",))]
MaybeHost = Annotated[str, Spelled(read_host, ("mail.example.org",), empty=True)]
Network = Annotated[str, Spelled(read_network, ("127.0.0.1", "10.0.0.0/8", "2001:db8::/32"))]
ColourCode = Annotated[str, Spelled(read_colour, ("#0b4f6c", "#98201b"), COLOUR.pattern)]
MaybeColourCode = Annotated[str, Spelled(read_colour, ("#f0988f",), COLOUR.pattern, empty=True)]
MaybeDnsServer = Annotated[str, Spelled(read_dns_server, ("9.9.9.9", "[::1]:5353"), empty=True)]
Language = Annotated[str, Spelled(read_language, ("en", "pt-BR"), LANGUAGE.pattern)]
OtherLanguage = Annotated[str, Spelled(read_other_language, ("fr", "*"))]
Approval = Annotated[str, Spelled(read_approval, ("automatic", "required", "automatic after 06:15"))]
HolidayCalendar = Annotated[str, Spelled(read_holidays, ("US", "DE-BY"), empty=True)]
