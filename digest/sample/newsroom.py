"""The sample newsroom on loopback, which answers as a real publisher's server does.

>>> with Newsroom(now).serve() as newsroom:  # doctest: +SKIP
...     fetch(f"{newsroom.url}/meridian-wire/feed.xml")
"""

from __future__ import annotations

import gzip
import hashlib
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import urlsplit

from digest.sample.site import Document, build_site

DEFAULT_BASE = "http://127.0.0.1:8700"


@dataclass(frozen=True, slots=True)
class Served:
    """A newsroom that is being served."""

    #: "http://127.0.0.1:PORT", what ``${SAMPLE_NEWSROOM}`` stands for.
    url: str
    documents: Mapping[str, Document]


class Newsroom:
    """Six outlets, as they stand at *now*, the cutoff of an edition: the same moment, the same bytes."""

    def __init__(self, now: datetime) -> None:
        self.now = now.astimezone(UTC).replace(microsecond=0)

    def documents(self, base: str = DEFAULT_BASE) -> Mapping[str, Document]:
        """Every page, feed, picture and sound by its path; their links begin with *base*."""
        return build_site(self.now, base)

    @contextmanager
    def serve(self, port: int = 0) -> Iterator[Served]:
        """Serve on loopback until the block ends; port 0 takes any that is free.

        Raises:
            OSError: The port is taken.
        """
        server = _Server(port)
        server.documents = self.documents(server.url)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield Served(server.url, server.documents)
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


class _Server(ThreadingHTTPServer):
    """Closes kept connections when it stops, so that no thread waits for a client."""

    daemon_threads = False
    documents: Mapping[str, Document]

    def __init__(self, port: int) -> None:
        self._open: set[socket.socket] = set()
        self._lock = Lock()
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        with self._lock:
            for connection in self._open:
                with suppress(OSError):  # the client was quicker
                    connection.shutdown(socket.SHUT_RDWR)
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up in the middle of an answer is nothing to report; a fault of ours is."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "sample-newsroom"
    sys_version = ""
    #: Seconds that a kept connection may be silent.
    timeout = 30
    # Headers and body leave in one piece: apart, the second waits for the client's delayed ACK.
    wbufsize = 1 << 16
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing: the standard error stream is the program's."""

    def _answer(self, *, with_body: bool) -> None:
        document = self.server.documents.get(urlsplit(self.path).path)
        if document is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        zipped = "gzip" in self.headers.get("Accept-Encoding", "") and _is_text(document)
        etag = _etag(document.body, zipped=zipped)
        unchanged = self._has_already(etag, document.modified)
        self.send_response(HTTPStatus.NOT_MODIFIED if unchanged else HTTPStatus.OK)
        self.send_header("ETag", etag)
        self.send_header("Last-Modified", format_datetime(document.modified, usegmt=True))
        self.send_header("Cache-Control", "max-age=300")
        self.send_header("Vary", "Accept-Encoding")
        if unchanged:
            self.end_headers()
            return
        body = _gzip(document.body) if zipped else document.body
        if zipped:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", document.content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def _has_already(self, etag: str, modified: datetime) -> bool:
        """Whether the client's copy is current; If-None-Match goes before the date (RFC 9110, 13.2.2)."""
        if known := self.headers.get("If-None-Match"):
            return etag in (tag.strip() for tag in known.split(",")) or known.strip() == "*"
        if since := self.headers.get("If-Modified-Since"):
            with suppress(ValueError, TypeError):  # an unreadable date, or one without a zone, asks nothing
                return modified <= parsedate_to_datetime(since)
        return False


def _is_text(document: Document) -> bool:
    return not document.content_type.startswith(("image/", "audio/"))


def _etag(body: bytes, *, zipped: bool) -> str:
    """Another one for each encoding, as RFC 9110, section 8.8.3.3, wants it."""
    return f'"{hashlib.sha256(body).hexdigest()[:16]}{"-gzip" if zipped else ""}"'


@cache
def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)
