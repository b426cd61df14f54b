"""Rules about several settings together, or about a table's name.

They run over the file's own tables, whose types may still be wrong: a rule whose settings are not what
they should be has nothing to say, and pydantic says it. So all problems come at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import time, timedelta
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from digest import colours
from digest.config.environment import Place
from digest.config.problems import name, shown, suggestion
from digest.settings import Brand, DarkColours, FromEnvironment, Newsletter
from digest.spelling import LONGEST_TAG, SLUG, read_duration, read_mailbox, read_slug, read_time
from digest.urls import is_loopback, usable

Table = Mapping[str, Any]
Problem = tuple[Place, str]

DEFAULT = {field.name: field.default for field in fields(Newsletter)}
# RFC 9110, section 5.6.2.
TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
CREDENTIAL = re.compile(r"auth|cookie|key|password|secret|session|token", re.IGNORECASE)
#: With what is added to it, an address has to fit into a line of 998 octets (RFC 5322, 2.1.1).
LONGEST_PAGE = 500
#: Senders that hold the list.
PROVIDERS_LISTS = ("listmonk", "buttondown", "mailchimp")
LEAST_KEPT = timedelta(days=60)
NOT_OURS = {"host", "content-length", "transfer-encoding", "connection"}


def check(file: Table) -> Iterator[Problem]:
    yield from _keep(file.get("store"))
    newsletters = file.get("newsletters")
    for key, newsletter in newsletters.items() if isinstance(newsletters, dict) else ():
        place = ("newsletters", key)
        yield from _key(place, key)
        if isinstance(newsletter, dict):
            if "key" in newsletter:
                yield (*place, "key"), "no such setting: a newsletter's key is the name of its table"
            yield from _counts(place, newsletter)
            yield from _hours(place, newsletter)
            yield from _sections(place, newsletter)
            yield from _pages(place, newsletter)
            yield from _sign_up((*place, "sign_up"), newsletter)
            yield from _topics((*place, "topics"), newsletter.get("topics"))
            yield from _brand((*place, "brand"), newsletter.get("brand"))
            yield from _feeds(place, newsletter)
            yield from _sender((*place, "sender"), newsletter.get("sender"))
            yield from _dkim((*place, "sender", "dkim"), newsletter)
            yield from _notices((*place, "notices"), newsletter)
            yield from _summarizer((*place, "summarizer"), newsletter.get("summarizer"))


def _keep(store: object) -> Iterator[Problem]:
    keep = store.get("keep") if isinstance(store, dict) else None
    try:
        kept = read_duration(keep) if isinstance(keep, str) else None
    except ValueError:
        return
    if kept is not None and kept < LEAST_KEPT:
        words = f"must be {LEAST_KEPT.days}d or more, as editions lead back to articles of the last weeks"
        yield ("store", "keep"), f"{words}; got {shown(keep)}"


def _key(place: Place, key: str) -> Iterator[Problem]:
    try:
        read_slug(key)
    except ValueError as problem:
        yield place, f"the name of a newsletter {problem}; got {shown(key)}"


def _counts(place: Place, newsletter: Table) -> Iterator[Problem]:
    least, most = _number(newsletter, "min_items"), _number(newsletter, "items")
    if least is not None and most is not None and least > most:
        yield (*place, "min_items"), f"must be at most items, which is {most}; got {least}"


def _hours(place: Place, newsletter: Table) -> Iterator[Problem]:
    build, send = _hour(newsletter, "build"), _hour(newsletter, "send")
    if build and send and send < build:
        yield (
            (*place, "send"),
            f"must not be before build, which is {build:%H:%M}: there is nothing to send then",
        )
    remind = _hour(newsletter, "remind")
    if remind and build and send and not build <= remind <= send:
        yield (
            (*place, "remind"),
            f"must be between build and send, {build:%H:%M} and {send:%H:%M}: there is no draft to be "
            "reminded of at another hour",
        )
    yield from _approval(place, newsletter, send)


def _approval(place: Place, newsletter: Table, send: time | None) -> Iterator[Problem]:
    """An hour that comes only when it is too late is no hour."""
    approval, lateness = newsletter.get("approval"), newsletter.get("max_lateness", DEFAULT["max_lateness"])
    try:
        hour = read_time(approval.partition(" after ")[2]) if isinstance(approval, str) else None
        late = lateness if isinstance(lateness, timedelta) else read_duration(lateness)
    except (ValueError, AttributeError):
        return
    if hour and send and _minutes(hour) >= _minutes(send) + late / timedelta(minutes=1):
        yield (
            (*place, "approval"),
            f"must name an hour before send and max_lateness are over: at {hour:%H:%M} the edition, of "
            f"{send:%H:%M}, is not sent any more",
        )


def _minutes(hour: time) -> int:
    return hour.hour * 60 + hour.minute


def _sections(place: Place, newsletter: Table) -> Iterator[Problem]:
    sections = _texts(newsletter.get("sections"))
    seen: set[str] = set()
    for index, section in sections:
        if section in seen:
            yield (*place, "sections", index), f"is listed twice: {shown(section)}"
        seen.add(section)
    known = [section for _, section in sections]
    for index, feed in _tables(newsletter.get("feeds")):
        wanted = feed.get("section")
        if known and isinstance(wanted, str) and wanted.strip() not in ("", *known):
            hint = suggestion(wanted, known)
            yield (
                (*place, "feeds", index, "section"),
                f"must be one of the newsletter's sections; got {shown(wanted)}{hint}",
            )


def _sign_up(place: Place, newsletter: Table) -> Iterator[Problem]:
    sender = newsletter.get("sender")
    kind = sender.get("kind") if isinstance(sender, dict) else "outbox"
    if newsletter.get("sign_up") and isinstance(kind, str) and kind not in PROVIDERS_LISTS:
        yield (
            place,
            f"is for lists that a provider holds ({', '.join(PROVIDERS_LISTS)}): this one is ours, and its "
            "page is below web; take it out",
        )


def _topics(place: Place, topics: object) -> Iterator[Problem]:
    """A tag is written as ``audience`` writes it."""
    for tag in topics if isinstance(topics, dict) else ():
        if not SLUG.fullmatch(tag) or len(tag) > LONGEST_TAG:
            yield (
                (*place, tag),
                f"must be small letters, digits and single hyphens, at most {LONGEST_TAG}; got {shown(tag)}",
            )


def _brand(place: Place, brand: object) -> Iterator[Problem]:
    """WCAG 2.2, success criterion 1.4.3: text on the paper, and on the boxes that are made of both."""
    if not isinstance(brand, dict):
        return
    yield from _contrast(place, brand, Brand())
    dark = brand.get("dark")
    if isinstance(dark, dict):
        yield from _contrast((*place, "dark"), dark, Brand().dark)


def _contrast(place: Place, table: Table, default: Brand | DarkColours) -> Iterator[Problem]:
    written = {key: table.get(key, getattr(default, key)) for key in ("paper", "ink", "accent")}
    known = {key: colours.read(value) for key, value in written.items() if isinstance(value, str) and value}
    paper, ink = known.get("paper"), known.get("ink")
    if paper is None or ink is None:
        return
    box = colours.box_on(paper, ink)
    for key in ("ink", "accent"):
        colour = known.get(key)
        if colour is None or table.keys().isdisjoint((key, "paper")):
            continue
        ground = min((paper, box), key=lambda each: colours.ratio(colour, each))
        contrast = colours.ratio(colour, ground)
        if contrast < colours.ENOUGH:
            where = f"paper {paper}" if ground == paper else f"{box}, the boxes on paper {paper},"
            better = colours.legible(colour, paper, box)
            yield (
                (*place, key),
                f"{colour} on {where} has a contrast of {int(contrast * 10) / 10:g}:1, and text needs "
                f"{colours.ENOUGH:g}:1 (WCAG 2.2, level AA): {better} has it",
            )


def _feeds(place: Place, newsletter: Table) -> Iterator[Problem]:
    first: dict[str, Place] = {}
    for index, feed in _tables(newsletter.get("feeds")):
        here = (*place, "feeds", index)
        url = feed.get("url")
        if isinstance(url, str) and url:
            if url in first:
                yield (*here, "url"), f"is the same feed as {name(first[url])}"
            first.setdefault(url, here)
        if feed.get("password") and not feed.get("username"):
            yield (*here, "username"), "is required: a password is given"
        yield from _headers((*here, "headers"), feed.get("headers"))


def _headers(place: Place, headers: object) -> Iterator[Problem]:
    for header, value in headers.items() if isinstance(headers, dict) else ():
        here = (*place, header)
        if not TOKEN.fullmatch(header):
            yield here, "is not a header name: letters, digits and hyphens, as in X-Api-Key"
        elif header.lower() in NOT_OURS:
            yield here, "is the connection's own header and cannot be set"
        elif CREDENTIAL.search(header) and isinstance(value, str) and not isinstance(value, FromEnvironment):
            yield (
                here,
                'is a secret and does not belong in the file: write "${NAME}" and set NAME where it runs',
            )


def _sender(place: Place, sender: object) -> Iterator[Problem]:
    if not isinstance(sender, dict):
        return
    server = sender.get("base_url")
    if isinstance(server, str) and _shows_secrets(server):
        yield (*place, "base_url"), "must start with https://: the key would be shown to everyone on the way"
    if sender.get("kind") != "smtp":
        return
    username, password, host = sender.get("username"), sender.get("password"), sender.get("host")
    if username and not password:
        yield (*place, "password"), 'is required: a username is given; write password = "${SMTP_PASSWORD}"'
    if password and not username:
        yield (*place, "username"), "is required: a password is given"
    if sender.get("security") == "none" and username and isinstance(host, str) and not is_loopback(host):
        yield (
            (*place, "security"),
            'must be "starttls" or "tls": "none" would show the password to everyone on the way',
        )


def _pages(place: Place, newsletter: Table) -> Iterator[Problem]:
    """Addresses that pages' own are made of, which travel in header fields."""
    for key in ("web", "archive"):
        written = newsletter.get(key)
        if not isinstance(written, str):
            continue
        if "?" in written or "#" in written:
            yield (
                (*place, key),
                f"must end before ? and #, because pages are added below it; got {shown(written)}",
            )
        elif len(written) > LONGEST_PAGE:
            yield (*place, key), f"must have at most {LONGEST_PAGE} characters: a header field is one line"
        elif not written.isascii() and (better := usable(written)):
            yield (*place, key), f"must be in its encoded form: {better}"


def _dkim(place: Place, newsletter: Table) -> Iterator[Problem]:
    """DMARC wants the signature's domain and that of From to belong together (RFC 7489, section 3.1.1)."""
    sender = newsletter.get("sender")
    dkim = sender.get("dkim") if isinstance(sender, dict) else None
    if not isinstance(dkim, dict):
        return
    if dkim.get("ed25519_key") and not dkim.get("ed25519_selector"):
        yield (*place, "ed25519_selector"), "is required: an Ed25519 key is given"
    if dkim.get("ed25519_selector") and not dkim.get("ed25519_key"):
        yield (*place, "ed25519_key"), 'is required: write ed25519_key = "${DKIM_ED25519_KEY}"'
    signs, writes = dkim.get("domain"), _domain(newsletter.get("from"))
    if isinstance(signs, str) and writes:
        ours, theirs = f".{writes}", f".{signs.lower()}"
        if not (ours.endswith(theirs) or theirs.endswith(ours)):
            yield (
                (*place, "domain"),
                f"must be {ours[1:]}, the domain of from, or one above or below it; got {shown(signs)}",
            )


def _domain(mailbox: object) -> str:
    try:
        return (
            parseaddr(read_mailbox(mailbox))[1].rpartition("@")[2].lower() if isinstance(mailbox, str) else ""
        )
    except ValueError:
        return ""


def _notices(place: Place, newsletter: Table) -> Iterator[Problem]:
    """A sender of their own is held to what every sender is."""
    notices = newsletter.get("notices")
    if not isinstance(notices, dict):
        return
    yield from _sender((*place, "sender"), notices.get("sender"))
    # It signs for the From that its mails have.
    own = {"sender": notices.get("sender"), "from": notices.get("from") or newsletter.get("from")}
    yield from _dkim((*place, "sender", "dkim"), own)


def _summarizer(place: Place, summarizer: object) -> Iterator[Problem]:
    if not isinstance(summarizer, dict) or summarizer.get("kind") != "llm":
        return
    model, server, key = (summarizer.get(name) for name in ("model", "base_url", "api_key"))
    provider = model.partition(":")[0] if isinstance(model, str) else ""
    if provider in {"openai", "anthropic"} and not server and not key:
        yield (*place, "api_key"), f'is required: write api_key = "${{{provider.upper()}_API_KEY}}"'
    if key and isinstance(server, str) and _shows_secrets(server):
        yield (*place, "base_url"), "must start with https://: the key would be shown to everyone on the way"


def _shows_secrets(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme == "http" and not is_loopback(parts.hostname or "")
    except ValueError:
        return False


def _number(table: Table, key: str) -> int | None:
    value = table.get(key, DEFAULT[key])
    try:
        return int(value) if isinstance(value, int | str) else None
    except ValueError:
        return None


def _hour(table: Table, key: str) -> time | None:
    value = table.get(key, DEFAULT[key])
    if not isinstance(value, str):
        return value if isinstance(value, time) else None
    try:
        return read_time(value)
    except ValueError:
        return None


def _texts(value: object) -> list[tuple[int, str]]:
    parts = value if isinstance(value, list) else []
    return [(index, part.strip()) for index, part in enumerate(parts) if isinstance(part, str)]


def _tables(value: object) -> list[tuple[int, Table]]:
    parts = value if isinstance(value, list) else []
    return [(index, part) for index, part in enumerate(parts) if isinstance(part, dict)]
