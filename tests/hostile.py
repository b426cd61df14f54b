"""What a feed or a page may do to us: each attack is a small function that makes an answer of a FaultServer."""

from __future__ import annotations

import gzip
import json
import socket
import time
from collections.abc import Callable
from functools import cache
from html import escape
from typing import NamedTuple

import brotli
from faultserver import Script, redirect, reply

#: A story that is long enough for a summary; each attack hides in text like this.
PROSE = (
    "The council of Velm voted on Tuesday to plant 900 trees along the river, after a debate of four hours. "
    "The mayor, Ines Okoro, said that the first trees will stand before the end of the winter. "
    "Farmers on the eastern bank had asked for a wall instead, which would have cost twice as much. "
    "A final vote on the money is expected in the spring, according to the council's secretary. "
    "The river flooded the lower town three times in the last ten years, most recently in March. "
)
HTML = "text/html; charset=utf-8"
RSS = "application/rss+xml"
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nTransfer-Encoding: chunked\r\n\r\n"


# --- documents -----------------------------------------------------------------------------------


def rss(*items: str, before: str = "", title: str = "Gazette") -> bytes:
    head = f'<?xml version="1.0" encoding="utf-8"?>{before}<rss version="2.0"><channel><title>{title}</title>'
    return f"{head}{''.join(items)}</channel></rss>".encode()


def item(title: str, text: str = PROSE, *, link: str = "https://gazette.example/1", more: str = "") -> str:
    """An item of this morning. *title* and *text* are HTML, as RSS has them."""
    return (
        f"<item><title>{escape(title)}</title><link>{escape(link)}</link><guid>{escape(link or title)}</guid>"
        f"<pubDate>Mon, 23 Nov 2026 08:00:00 GMT</pubDate>"
        f"<description>{escape(text)}</description>{more}</item>"
    )


def page(
    body: str = "", *, head: str = "", title: str = "Velm plants 900 trees", prose: str = PROSE * 3
) -> bytes:
    paragraphs = "".join(f"<p>{part}.</p>" for part in prose.split(". ") if part.strip())
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title>{head}</head>"
        f"<body><article><h1>{title}</h1>{body}{paragraphs}</article></body></html>"
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
    """100 MB of spaces in a few hundred bytes or kilobytes."""
    spaces = b" " * 100_000_000
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
    "huge": Bad(lambda: reply(200, rss(item("x", "y" * 11_000_000))), "is larger than 10,000,000 bytes"),
    "endless": Bad(lambda: endless, "is larger than 10,000,000 bytes"),
    "slow": Bad(lambda: drip, "no complete answer within 1 s"),
    "silent": Bad(lambda: silent, "no complete answer within 1 s"),
    "words": Bad(lambda: reply(200, b"Service temporarily \x1b[31munavailable"), "is neither XML nor JSON"),
    "a page": Bad(lambda: html(page()), "answered with an HTML page, not a feed"),
    "a picture": Bad(lambda: reply(200, b"\x89PNG\r\n\x1a\n" + bytes(500)), "answered with a picture"),
    "another JSON": Bad(lambda: reply(200, b'{"version": "\x1b[31m"}'), "is JSON, but not a JSON Feed"),
    "deep JSON": Bad(lambda: reply(200, b"[" * 100_000), "is JSON that cannot be read"),
    "deep XML": Bad(lambda: reply(200, b"<a>" * 10_000), "no feed that can be read"),
    "no encoding": Bad(lambda: reply(200, bytes(range(128, 256)) * 50), "is neither XML nor JSON"),
    "gzip bomb": Bad(lambda: bomb("gzip"), "is larger than 10,000,000 bytes"),
    "brotli bomb": Bad(lambda: bomb("br"), "is larger than 10,000,000 bytes"),
    "false gzip": Bad(lambda: reply(200, b"<rss/>", content_encoding="gzip"), "is no valid gzip"),
    "entity bomb": Bad(entity_bomb, "no feed that can be read"),
    "metadata": Bad(lambda: redirect(302, "http://169.254.169.254/latest/meta-data/"), "169.254.169.254"),
    "redirect to a file": Bad(lambda: redirect(302, "file:///etc/passwd"), "not http or https but file"),
    "redirect in a circle": Bad(lambda: redirect(302, "/bad"), "redirects in a circle"),
    "error": Bad(lambda: reply(500, b"<script>alert(1)</script>"), "answered 500"),
}


# --- feeds that are read, with something in them that must do nothing -----------------------------------

CONTROLS = "".join(map(chr, [*range(1, 9), 11, 12, *range(14, 32), *range(0x7F, 0xA0)]))
#: Colours, a new window title, a cleared screen, a link, a reversed line.
ESCAPES = "\x1b[31m\x1b]0;owned\x07\x1b[2J\x9b2J\x1b]8;;https://evil.example\x1b\\ \u202egnp.exe\u202c"
HEADERS = "Trees\r\nBcc: victim@example.net\r\nSubject: Second\u2028X-Evil: 1"
ACTIVE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)><svg onload=alert(1)><style>*{display:none}</style>"
    '<iframe src="https://evil.example"></iframe><a href="javascript:alert(1)" onclick="alert(1)">here</a>'
)
JINJA = (
    "{{ 7 * 7 }} {% include '/etc/passwd' %} {{ slots.unsubscribe }} {# gone #} {{ ''.__class__.__mro__ }}"
)
MJML = '<mj-include path="/etc/passwd" type="html" /></mj-text><mj-raw><script>alert(1)</script></mj-raw>]]>'
YAML = '!!python/object/apply:os.system [id] &a *a # {x: y}\n---\n- id: "forged"\n  use: yes'
MARKS = "[click](https://evil.example/a) **bold** [x](javascript:alert(1)) \\ *"
TITLE = "Velm plants 900 trees along the river"


def everywhere(evil: str) -> Callable[[], bytes]:
    """A feed that has *evil* in each field."""
    person, label = escape(evil), escape(evil, quote=True)
    more = (
        f'<dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">{person}</dc:creator><category>{label}</category>'
        '<media:content xmlns:media="http://search.yahoo.com/mrss/" url="https://gazette.example/p.jpg" medium="image"'
        f' width="900" height="600"><media:credit>{person}</media:credit>'
        f"<media:description>{person}</media:description></media:content>"
    )
    return lambda: feed(item(f"{evil} {TITLE}", f"{PROSE}{evil} {PROSE}", more=more).replace("\0", " "))


def deep(tag: str) -> Callable[[], bytes]:
    nest = f"<{tag}>" * 10_000 + TITLE + f"</{tag}>" * 10_000
    return lambda: feed(item(nest, nest + PROSE * 2))


def quadratic() -> bytes:
    return feed(
        item("<!--" * 50_000 + TITLE, "<a " * 100_000 + PROSE), item(TITLE, "&amp;" * 200_000 + PROSE)
    )


def many() -> bytes:
    return feed(*(item(f"Tree {n} is planted", link=f"https://gazette.example/{n}") for n in range(5000)))


def wrong_encoding() -> bytes:
    text = rss(item(f"{TITLE} – “Çà et là”")).decode().replace("utf-8", "utf-16")
    return reply(200, text.encode("windows-1252"), content_type="text/xml; charset=utf-8")


def entities_in_a_title() -> bytes:
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE rss [<!ENTITY e0 "lol"><!ENTITY x SYSTEM "file:///etc/passwd">{lines}]>'
    body = rss(item(TITLE), before=doctype).replace(TITLE.encode(), f"{TITLE} &e9; &x;".encode())
    return reply(200, body, content_type=RSS)


def scripted_links() -> bytes:
    links = ("javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "file:///etc/passwd", "//")
    return feed(*(item(f"{TITLE} {n}", link=link) for n, link in enumerate(links)))


READ = {
    "control characters": everywhere(CONTROLS),
    "escape sequences": everywhere(ESCAPES),
    "header lines": everywhere(HEADERS),
    "active HTML": everywhere(ACTIVE),
    "Jinja": everywhere(JINJA),
    "MJML": everywhere(MJML),
    "YAML": everywhere(YAML),
    "inline marks": everywhere(MARKS),
    "scripted links": scripted_links,
    "10,000 nested b": deep("b"),
    "10,000 nested div": deep("div"),
    "10,000 nested unknown tags": deep("x-y"),
    "broken markup": quadratic,
    "5,000 items": many,
    "a wrong encoding": wrong_encoding,
    "entities in a title": entities_in_a_title,
}


# --- pages of articles ------------------------------------------------------------------------------------


def jsonld(**given: object) -> bytes:
    about = {"@context": "https://schema.org", "@type": "NewsArticle", **given}
    return page(head=f'<script type="application/ld+json">{json.dumps(about)}</script>')


def evil_metadata(evil: str) -> Callable[[], bytes]:
    picture = {
        "@type": "ImageObject",
        "url": f'https://gazette.example/p.jpg?"onerror="alert(1)&{evil}',
        "caption": evil,
        "creditText": f"Photo by {evil}",
    }
    return lambda: html(
        jsonld(
            headline=evil, image=picture, author={"name": evil}, articleSection=evil, isAccessibleForFree=evil
        )
    )


def figure(src: str) -> bytes:
    caption = f"<figcaption>{escape(MJML)} Photo by {escape(JINJA)}</figcaption>"
    return page(f'<figure><img src="{escape(src)}" onerror="alert(1)">{caption}</figure>')


DEEP_GRAPH = '{"@graph":['

PAGES = {
    "active HTML": lambda: html(page(ACTIVE + ACTIVE.join([f"<p>{PROSE}</p>"] * 3), head=ACTIVE)),
    "escaped HTML": lambda: html(page(prose=escape(ACTIVE + MJML + JINJA) + ". " + PROSE * 3)),
    "escape sequences": lambda: html(page(prose=ESCAPES + PROSE * 3, title=ESCAPES + TITLE)),
    "Jinja in metadata": evil_metadata(JINJA),
    "MJML in metadata": evil_metadata(MJML),
    "escape sequences in metadata": evil_metadata(ESCAPES),
    "header lines in metadata": evil_metadata(HEADERS),
    "picture of a script": lambda: html(figure("javascript:alert(1)")),
    "picture of data": lambda: html(figure("data:image/svg+xml,<svg onload=alert(1)>")),
    "picture on this machine": lambda: html(figure("http://169.254.169.254/p.jpg")),
    "canonical elsewhere": lambda: html(
        page(head='<link rel=canonical href="javascript:alert(1)"><base href="https://evil.example/">')
    ),
    "deep JSON-LD": lambda: html(
        page(head=f'<script type="application/ld+json">{DEEP_GRAPH * 50_000}</script>')
    ),
    "odd JSON-LD": lambda: html(
        jsonld(
            headline=[[1]],
            image=[{"url": {"a": 1}, "width": 10**400}],
            author=[[[{"name": 5}]]],
            datePublished=-1,
        )
    ),
    "10,000 nested div": lambda: html(page("<div>" * 10_000)),
    "10,000 nested tables": lambda: html(page("<table><tr><td>" * 10_000)),
    "10,000 nested b": lambda: html(page("<p>" + "<b>" * 10_000)),
    "100,000 attributes": lambda: html(page(f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>")),
    "100,000 paragraphs": lambda: html(page("<p>Tree.</p>" * 100_000)),
    "gzip bomb": lambda: bomb("gzip"),
    "endless": lambda: endless,
    "slow": lambda: drip,
    "silent": lambda: silent,
    "empty": lambda: reply(200, content_type=HTML),
    "PDF": lambda: reply(200, b"%PDF-1.7" + bytes(range(256)) * 500, content_type="application/pdf"),
    "PDF as HTML": lambda: html(b"%PDF-1.7" + bytes(range(256)) * 500),
    "metadata service": lambda: redirect(302, "http://169.254.169.254/latest/meta-data/"),
    "error": lambda: reply(503, b"busy"),
}
