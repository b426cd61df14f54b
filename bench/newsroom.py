"""Thirty feeds of thirty entries on loopback, made of random sentences: ``newsroom.py PORT_FILE``.

A process of its own, so that its CPU time is nobody else's. RSS and Atom in turn; each page is an article
of about 400 words with navigation around it. ETag and gzip as real sites have them.
"""

from __future__ import annotations

import gzip
import hashlib
import random
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

FEEDS = ENTRIES = 30
SYLLABLES = (
    "ka",
    "lo",
    "mi",
    "ren",
    "tas",
    "ver",
    "un",
    "dor",
    "sel",
    "pra",
    "nim",
    "os",
    "tur",
    "bel",
    "gan",
    "ith",
)
VERBS = ("says", "plans", "opens", "rejects", "builds", "wins", "closes", "calls")


def words(rng: random.Random, count: int) -> list[str]:
    return ["".join(rng.choices(SYLLABLES, k=rng.randint(1, 3))) for _ in range(count)]


def sentence(rng: random.Random) -> str:
    body = words(rng, rng.randint(10, 22))
    body[0] = body[0].title()
    body[rng.randrange(1, len(body))] = rng.choice(words(rng, 3)).title()
    return " ".join([*body[:4], rng.choice(VERBS), *body[4:], str(rng.randint(2, 900))]) + "."


def paragraphs(rng: random.Random) -> list[str]:
    return [" ".join(sentence(rng) for _ in range(3)) for _ in range(9)]


def title(rng: random.Random) -> str:
    first, *rest = words(rng, 6)
    return " ".join([first.title(), rng.choice(VERBS), *rest])


def page(name: str, text: list[str]) -> str:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in text)
    links = "".join(f"<li><a href='/x/{n}'>Section {n}</a></li>" for n in range(30))
    return (
        f"<!doctype html><html lang='en'><head><title>{name}</title>"
        f"<meta property='og:title' content='{name}'></head><body><nav><ul>{links}</ul></nav>"
        f"<article><h1>{name}</h1><p class='byline'>By Ana Sel</p>{body}"
        f"</article><footer><p>All rights reserved. Sign up for our newsletter.</p></footer></body></html>"
    )


def documents(base: str, newest: datetime) -> dict[str, bytes]:
    made: dict[str, bytes] = {}
    for number in range(FEEDS):
        rng = random.Random(number)
        entries = []
        for entry in range(ENTRIES):
            name, text, path = title(rng), paragraphs(rng), f"/{number}/{entry}"
            made[path] = page(name, text).encode()
            entries.append((name, path, newest - timedelta(minutes=7 * number + 40 * entry), text))
        made[f"/feed/{number}.xml"] = (rss if number % 2 else atom)(base, number, entries).encode()
    return made


def rss(base: str, number: int, entries: list) -> str:
    items = "".join(
        f"<item><title>{name}</title><link>{base}{path}</link>"
        f"<guid isPermaLink='false'>{number}-{path}</guid><pubDate>{format_datetime(when)}</pubDate>"
        f"<description>&lt;p&gt;{text[0]}&lt;/p&gt;</description>"
        f"<content:encoded><![CDATA[{''.join(f'<p>{part}</p>' for part in text[:4])}]]></content:encoded>"
        "</item>"
        for name, path, when, text in entries
    )
    return (
        "<?xml version='1.0' encoding='utf-8'?><rss version='2.0' "
        "xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
        f"<channel><title>Outlet {number}</title><link>{base}/</link><description>News</description>"
        f"{items}</channel></rss>"
    )


def atom(base: str, number: int, entries: list) -> str:
    items = "".join(
        f"<entry><title>{name}</title><id>urn:{number}:{path}</id><link href='{base}{path}'/>"
        f"<updated>{when.isoformat()}</updated><summary>{text[0]}</summary>"
        f"<content type='html'>{''.join(f'&lt;p&gt;{part}&lt;/p&gt;' for part in text[:4])}</content></entry>"
        for name, path, when, text in entries
    )
    return (
        "<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom'>"
        f"<title>Outlet {number}</title><id>urn:{number}</id>"
        f"<updated>{entries[0][2].isoformat()}</updated>{items}</feed>"
    )


def main(port_file: Path) -> None:
    served: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = served.get(urlsplit(self.path).path)
            if body is None:
                self.send_error(404)
                return
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            if self.headers.get("If-None-Match") == etag:
                self.send_response(304)
                self.send_header("ETag", etag)
                self.end_headers()
                return
            self.send_response(200)
            if "gzip" in self.headers.get("Accept-Encoding", ""):
                body = gzip.compress(body, 1)
                self.send_header("Content-Encoding", "gzip")
            kind = "application/xml" if self.path.startswith("/feed/") else "text/html; charset=utf-8"
            self.send_header("Content-Type", kind)
            self.send_header("ETag", etag)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    served.update(documents(f"http://127.0.0.1:{server.server_port}", datetime.now(UTC)))
    port_file.write_text(str(server.server_port))
    server.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
