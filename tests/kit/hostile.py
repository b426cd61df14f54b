"""What a feed or a page may do to us: each attack is a small function that makes an answer."""

from __future__ import annotations

import gzip
import json
import socket
import time
from collections.abc import Callable
from functools import cache
from html import escape
from random import Random
from typing import NamedTuple

import brotli

from kit.faultserver import Script, redirect, reply

HTML = "text/html; charset=utf-8"
RSS = "application/rss+xml"
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nTransfer-Encoding: chunked\r\n\r\n"


# --- documents -----------------------------------------------------------------------------------


class Tale(NamedTuple):
    """A piece of news, about nothing that another tale is about."""

    title: str
    teaser: str
    text: str
    link: str


def tale(name: str, link: str = "") -> Tale:
    random = Random(name)

    def word() -> str:
        return "".join(random.choice("bdfgklmnprstvz") + random.choice("aeiou") for _ in range(3))

    town, person, thing, place, other = word().title(), word().title(), word(), word(), word()
    number = random.randrange(200, 9000)
    return Tale(
        title=f"{town} gets {number} more of its {thing}",
        teaser=f"{town} will have its {thing} again, said {person.title()} of the {place}.",
        text=(
            f"{town} voted on Tuesday for {number} more of its {thing}, after years without any {other}. "
            f"Its mayor, {person}, said that the {thing} will stand on the {place} before the winter. "
            f"Farmers near the {place} had asked for a {other} instead, which would have cost twice that. "
            f"According to {person}, the {thing} of {town} is older than the {other} and the {place}. "
            # Much of its own, so that two tales with the same evil in them are two stories.
            f"It came from {', '.join(word().title() for _ in range(45))} and {word().title()}. "
        ),
        link=link or f"https://gazette.example/{thing}",
    )


def rss(*items: str, before: str = "") -> bytes:
    head = f'<?xml version="1.0" encoding="utf-8"?>{before}<rss version="2.0"><channel><title>G</title>'
    return f"{head}{''.join(items)}</channel></rss>".encode()


def item(title: str, text: str, link: str, more: str = "", *, hour: int = 8) -> str:
    """An item of this morning. *title* and *text* are HTML, as RSS has them."""
    return (
        f"<item><title>{escape(title)}</title><link>{escape(link)}</link>"
        f"<pubDate>Mon, 23 Nov 2026 {hour:02}:00:00 GMT</pubDate>"
        f"<description>{escape(text)}</description>{more}</item>"
    )


def page(tale: Tale, body: str = "", *, head: str = "") -> bytes:
    paragraphs = "".join(f"<p>{part}.</p>" for part in tale.text.split(". ") if part.strip())
    return (
        f"<!doctype html><html lang=en><head><title>{tale.title}</title>{head}</head>"
        f"<body><article><h1>{tale.title}</h1>{body}{paragraphs}</article></body></html>"
    ).encode()


def feed(*items: str, before: str = "") -> bytes:
    return reply(200, rss(*items, before=before), content_type=RSS)


def html(body: bytes) -> bytes:
    return reply(200, body, content_type=HTML)


# --- answers without an end ------------------------------------------------------------------------


def endless(connection: socket.socket) -> None:
    connection.sendall(CHUNKED)
    piece = b"<item><title>More</title></item>" * 2000
    while True:
        connection.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))


def drip(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"<")
        time.sleep(0.02)


def silent(connection: socket.socket) -> None:
    connection.recv(1)


@cache
def bomb(coding: str) -> bytes:
    """50 MB of spaces in a few hundred bytes or kilobytes."""
    spaces = b" " * 50_000_000
    packed = brotli.compress(spaces, quality=1) if coding == "br" else gzip.compress(spaces, 1)
    return reply(200, packed, content_encoding=coding, content_type=RSS)


# --- feeds that are left out -----------------------------------------------------------------------


class Bad(NamedTuple):
    answer: Callable[[], Script]
    #: What the line about it says.
    words: str


def entity_bomb() -> bytes:
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE rss [<!ENTITY e0 "<item/>">{lines}]>'
    return reply(200, f"<?xml version='1.0'?>{doctype}<bomb>&e9;</bomb>".encode(), content_type=RSS)


LEFT_OUT = {
    "empty": Bad(lambda: reply(200), "answered with an empty body"),
    "blank": Bad(lambda: reply(200, b" \r\n\t " * 100), "answered with an empty body"),
    "huge": Bad(lambda: reply(200, rss(item("x", "y" * 11_000_000, ""))), "is larger than 10,000,000 bytes"),
    "endless": Bad(lambda: endless, "is larger than 10,000,000 bytes"),
    "slow": Bad(lambda: drip, "no complete answer within 2 s"),
    "silent": Bad(lambda: silent, "no complete answer within 2 s"),
    "words": Bad(lambda: reply(200, b"Service temporarily \x1b[31munavailable"), "is neither XML nor JSON"),
    "a page": Bad(lambda: html(page(tale("a page"))), "answered with an HTML page, not a feed"),
    "a picture": Bad(lambda: reply(200, b"\x89PNG\r\n\x1a\n" + bytes(500)), "answered with a picture"),
    "another JSON": Bad(lambda: reply(200, b'{"version": "\x1b[31m"}'), "is JSON, but not a JSON Feed"),
    "deep JSON": Bad(lambda: reply(200, b"[" * 100_000), "is JSON that cannot be read"),
    "deep XML": Bad(lambda: reply(200, b"<a>" * 10_000), "not a readable feed"),
    "no encoding": Bad(lambda: reply(200, bytes(range(128, 256)) * 50), "is neither XML nor JSON"),
    "gzip bomb": Bad(lambda: bomb("gzip"), "is larger than 10,000,000 bytes"),
    "brotli bomb": Bad(lambda: bomb("br"), "is larger than 10,000,000 bytes"),
    "false gzip": Bad(lambda: reply(200, b"<rss/>", content_encoding="gzip"), "is not valid gzip"),
    "entity bomb": Bad(entity_bomb, "not a readable feed"),
    "metadata": Bad(lambda: redirect(302, "http://169.254.169.254/latest/meta-data/"), "169.254.169.254"),
    "redirect to a file": Bad(lambda: redirect(302, "file:///etc/passwd"), "not http or https but file"),
    "redirect in a circle": Bad(lambda: redirect(302, "#again"), "redirects in a circle"),
    "error": Bad(lambda: reply(500, b"<script>alert(1)</script>"), "answered 500"),
}


# --- feeds that are read, with something in them that must do nothing ------------------------------

CONTROLS = "".join(map(chr, [*range(1, 9), 11, 12, *range(14, 32), *range(0x7F, 0xA0)]))
#: Colours, a new window title, a cleared screen, a link, a reversed line.
ESCAPES = "\x1b[31m\x1b]0;owned\x07\x1b[2J\x9b2J\x1b]8;;https://evil.example\x1b\\ \u202egnp.exe\u202c"
HEADERS = "Trees\r\nBcc: victim@example.net\r\nSubject: Second\u2028X-Evil: 1"
ACTIVE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)><svg onload=alert(1)><style>*{display:none}</style>"
    '<iframe src="https://evil.example"></iframe><a href="javascript:alert(1)" onclick="alert(1)">here</a>'
)
JINJA = "{{ 7 * 7 }} {% include '/etc/passwd' %} {{ slots.unsubscribe }} {# gone #} {{ ''.__class__ }}"
MJML = '<mj-include path="/etc/passwd" type="html" /></mj-text><mj-raw><b onclick="alert(1)">]]>'
YAML = '!!python/object/apply:os.system [id] &a *a # {x: y} --- - id: "forged" use: yes'
MARKS = "[click](https://evil.example/a) **bold** [x](javascript:alert(1)) \\ *"


class Evil(NamedTuple):
    answer: Callable[[Tale], bytes]
    #: What of it readers see, as the plain text that it is.
    shown: str = ""


def everywhere(evil: str) -> Callable[[Tale], bytes]:
    """A feed that has *evil* in each field."""
    words = escape(evil)

    def answer(tale: Tale) -> bytes:
        more = (
            f'<dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">{words}</dc:creator>'
            f"<category>{words}</category>"
            '<media:content xmlns:media="http://search.yahoo.com/mrss/" medium="image" width="900"'
            f' url="https://gazette.example/p.jpg?{words}"><media:credit>{words}</media:credit>'
            f"<media:description>{words}</media:description></media:content>"
        )
        return feed(
            item(f"{evil} {tale.title}", f"<p>{evil}</p><p>{tale.text}</p><p>{evil}</p>", tale.link, more)
        )

    return answer


def deep(tag: str) -> Callable[[Tale], bytes]:
    def answer(tale: Tale) -> bytes:
        title, text = (
            f"<{tag}>" * 10_000 + words + f"</{tag}>" * 10_000 for words in (tale.title, tale.text)
        )
        return feed(item(title, text, tale.link))

    return answer


def broken(tale: Tale) -> bytes:
    """Tags and comments that never end, which a careless search reads again and again."""
    return feed(item(tale.title, tale.text + "&amp;" * 20_000 + "<a " * 20_000 + "<!--" * 20_000, tale.link))


def many(tale: Tale) -> bytes:
    pages = (f"https://gazette.example/{number}" for number in range(5000))
    return feed(item(tale.title, tale.text, tale.link), *(item("More", "", link, hour=2) for link in pages))


def wrong_encoding(tale: Tale) -> bytes:
    """The header says UTF-8, the document says UTF-16, and it is Windows-1252."""
    text = rss(item(f"{tale.title} – “Çà et là”", tale.text, tale.link)).decode().replace("utf-8", "utf-16")
    body = text.encode("windows-1252")
    # Of an even length, any bytes are characters of UTF-16.
    return reply(200, body + b" " * (len(body) % 2), content_type="text/xml; charset=utf-8")


def entities(tale: Tale) -> bytes:
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE rss [<!ENTITY e0 "lol"><!ENTITY x SYSTEM "file:///etc/passwd">{lines}]>'
    body = rss(item(f"{tale.title} AND", tale.text, tale.link), before=doctype)
    return reply(200, body.replace(b"AND", b"&e9; &x;"), content_type=RSS)


def scripted_links(tale: Tale) -> bytes:
    bad = ("javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "file:///etc/passwd")
    return feed(
        *(item(f"Bad link {link[:4]}", tale.text, link) for link in bad),
        item(tale.title, tale.text, tale.link),
    )


READ = {
    "control characters": Evil(everywhere(CONTROLS)),
    "escape sequences": Evil(everywhere(ESCAPES), "[31m ]0;owned [2J"),
    "header lines": Evil(everywhere(HEADERS), "Trees Bcc: victim@example.net Subject: Second X-Evil: 1"),
    "active HTML": Evil(everywhere(ACTIVE)),
    "Jinja": Evil(everywhere(JINJA), JINJA),
    "MJML": Evil(everywhere(MJML), '<mj-include path="/etc/passwd" type="html" />'),
    "YAML": Evil(everywhere(YAML), YAML),
    "inline marks": Evil(everywhere(MARKS), MARKS),
    "scripted links": Evil(scripted_links),
    "10,000 nested b": Evil(deep("b")),
    "10,000 nested div": Evil(deep("div")),
    "10,000 nested x-y": Evil(deep("x-y")),
    "broken markup": Evil(broken),
    "5,000 items": Evil(many),
    "wrong encoding": Evil(wrong_encoding, "– “Çà et là”"),
    "entities": Evil(entities, "&e9; &x;"),
}


# --- pages of articles -------------------------------------------------------------------------------


def jsonld(tale: Tale, **given: object) -> bytes:
    about = json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", **given})
    return html(page(tale, head=f'<script type="application/ld+json">{about}</script>'))


def in_metadata(evil: str) -> Callable[[Tale], bytes]:
    picture = {
        "@type": "ImageObject",
        "url": f'https://gazette.example/p.jpg?"onerror="alert(1)&{evil}',
        "caption": evil,
        "creditText": "Gazette / Photo by Ana Sá",
        "width": 900,
    }
    return lambda tale: jsonld(tale, headline=evil, image=picture, author={"name": evil}, articleSection=evil)


def picture(src: str) -> Callable[[Tale], bytes]:
    caption = f"<figcaption>{escape(MJML)} Photo by {escape(JINJA)}</figcaption>"
    figure = f'<figure><img src="{escape(src)}" onerror="alert(1)">{caption}</figure>'
    return lambda tale: html(page(tale, figure))


def behind(body: str) -> Callable[[Tale], bytes]:
    return lambda tale: html(page(tale, body))


def always(script: Script) -> Callable[[Tale], Script]:
    return lambda tale: script


PAGES: dict[str, Callable[[Tale], Script]] = {
    "active HTML": behind(ACTIVE),
    "escaped HTML": behind(f"<p>{escape(ACTIVE + MJML + JINJA)} So it was said on Tuesday, all of it.</p>"),
    "escape sequences": behind(f"<p>{ESCAPES} So it was said on Tuesday, all of it and more.</p>"),
    "Jinja in metadata": in_metadata(JINJA),
    "MJML in metadata": in_metadata(MJML),
    "escape sequences in metadata": in_metadata(ESCAPES),
    "header lines in metadata": in_metadata(HEADERS),
    "picture of a script": picture("javascript:alert(1)"),
    "picture of data": picture("data:image/svg+xml,<svg onload=alert(1)>"),
    "deep JSON-LD": lambda tale: html(
        page(tale, head='<script type="application/ld+json">' + '{"@graph":[' * 50_000 + "</script>")
    ),
    "odd JSON-LD": lambda tale: jsonld(
        tale, headline=[[1]], image=[{"url": {"a": 1}, "width": 9**999}], author=[[[5]]], datePublished=-1
    ),
    "10,000 nested div": behind("<div>" * 10_000),
    "10,000 nested tables": behind("<table><tr><td>" * 10_000),
    "10,000 attributes": behind(f"<p {' '.join(f'a{n}=1' for n in range(10_000))}>"),
    "50,000 paragraphs": behind("<p>Tree.</p>" * 50_000),
    "no page": lambda tale: reply(200, b"%PDF-1.7" + bytes(range(256)) * 500, content_type=HTML),
}
#: A line says why.
UNREADABLE: dict[str, Callable[[Tale], Script]] = {
    "gzip bomb": lambda tale: bomb("gzip"),
    "endless": always(endless),
    "empty": always(reply(200)),
    "metadata": always(redirect(302, "http://169.254.169.254/latest/meta-data/")),
    "error": always(reply(503, b"busy")),
}
