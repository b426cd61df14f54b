"""One request, from connection to answer: follows redirects, and never exceeds the deadline."""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache

import httpcore
import httpx

from digest import __version__
from digest.errors import FetchError
from digest.fetching.addresses import host, parse, same_server
from digest.fetching.answers import Response, answer, validators
from digest.fetching.decoding import ACCEPT_ENCODING, BodyError, decoded, too_large
from digest.fetching.network import Connections, PrivateAddress, Resolve, Server
from digest.fetching.redirects import REDIRECTS, Journey
from digest.model import Fetched, Request, Unchanged
from digest.settings import FetchingSettings
from digest.urls import shown

#: Passing faults of a server, or of the way to it: one more try often mends them.
BROKEN_OFF = (httpcore.ReadError, httpcore.WriteError, httpcore.RemoteProtocolError)
PASSING = frozenset({502, 503, 504})
RETRY_PAUSE = 0.3

#: What asking may raise besides bugs.
FOREIGN = (
    PrivateAddress,
    BodyError,
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    OSError,
    UnicodeError,
)

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]*")


@cache
def public_authorities() -> ssl.SSLContext:
    """The one context of the process: reading its certificates takes longer than many requests."""
    return httpx.create_ssl_context(trust_env=False)


class Exchange:
    """What all requests share: connections, one TLS context, limits.

    This is ``httpcore``, the engine of httpx, without httpx's client: that decodes bodies without a
    bound, carries cookies from one feed to the next, and takes half as much time again.
    """

    def __init__(
        self,
        settings: FetchingSettings,
        *,
        allow_hosts: Iterable[str],
        resolve: Resolve,
        tls: ssl.SSLContext | None,
    ) -> None:
        self._seconds = settings.timeout.total_seconds()
        self._max_bytes = settings.max_bytes
        self._own_headers = {
            "user-agent": settings.user_agent or f"digest/{__version__}",
            "accept": "*/*",
            "accept-encoding": ACCEPT_ENCODING,
        }
        self._trusted_hosts = frozenset(host(name) for name in allow_hosts)
        self._connections = Connections(resolve=resolve, tls=tls or public_authorities())

    def close(self) -> None:
        self._connections.close()

    def run(self, request: Request, *, at: datetime) -> Fetched | Unchanged:
        """*request*'s answer, before the total time is over.

        Raises:
            FetchError: There is none that can be used.
        """
        deadline = time.monotonic() + self._seconds
        try:
            journey = Journey(urls=(parse(request.url),))
        except ValueError as exc:
            raise FetchError(shown(request.url), f"is an address that {exc}") from exc
        headers = self._own_headers | _checked(request)
        while True:
            with _translated(request, journey, self._seconds):
                response = self._ask(request, journey, headers, deadline)
            if response.status not in REDIRECTS:
                return answer(request, journey, response, at=at)
            journey = journey.on(request, response.status, response.headers.get("location", ""))
            if not same_server(*journey.urls[-2:]):
                headers = self._own_headers  # the request's own are for its own host; so to the end

    def _ask(
        self, request: Request, journey: Journey, headers: Mapping[str, str], deadline: float
    ) -> Response:
        """What the journey's last address says; after a passing fault, what it says the second time."""
        headers = {**headers, **validators(request, journey)}
        trusting = host(journey.url.host) in self._trusted_hosts or (
            request.allow_private and journey.url.host == journey.urls[0].host
        )
        try:
            response = self._get(journey.url, headers, trusting, deadline)
        except BROKEN_OFF:
            if time.monotonic() + RETRY_PAUSE > deadline:
                raise
        else:
            passing = response.status in PASSING and "retry-after" not in response.headers
            if not passing or time.monotonic() + RETRY_PAUSE > deadline:
                return response
        time.sleep(RETRY_PAUSE)
        return self._get(journey.url, headers, trusting, deadline)

    def _get(self, url: httpx.URL, headers: Mapping[str, str], trusting: bool, deadline: float) -> Response:
        server = Server(url.raw_scheme, url.raw_host, url.port, trusting)
        target = httpcore.URL(scheme=server.scheme, host=server.host, port=server.port, target=url.raw_path)
        fields = [(name.encode("ascii"), value.encode()) for name, value in headers.items()]
        # Moments, not durations: see ``network``.
        timeout = {"connect": deadline, "read": deadline, "write": deadline}
        with (
            self._connections.to(server) as pool,
            pool.stream(
                "GET", target, headers=[(b"host", url.netloc), *fields], extensions={"timeout": timeout}
            ) as answered,
        ):
            found = dict(httpx.Headers(answered.headers).items())
            return Response(status=answered.status, headers=found, body=self._body(answered, found))

    def _body(self, answered: httpcore.Response, headers: Mapping[str, str]) -> bytes:
        length = headers.get("content-length", "")
        declared = int(length) if length.isdecimal() else None
        if answered.status == 200:
            if declared is not None and declared > self._max_bytes:
                raise too_large(self._max_bytes)
            coding = headers.get("content-encoding", "")
            return b"".join(decoded(answered.iter_stream(), coding, limit=self._max_bytes))
        if answered.status == 304 or declared == 0:
            for _ in answered.iter_stream():  # nothing comes, but the connection is free again
                pass
        return b""


@contextmanager
def _translated(request: Request, journey: Journey, seconds: float) -> Iterator[None]:
    """Foreign failures as ours. Anything else is a bug and passes."""
    try:
        yield
    except PrivateAddress as exc:
        raise FetchError(shown(request.url), _forbidden(exc, redirected=bool(journey.redirects))) from exc
    except FOREIGN as exc:
        where = f"redirects to {shown(str(journey.url))}: " if journey.redirects else ""
        raise FetchError(shown(request.url), where + _reason(exc, seconds)) from exc


def _forbidden(refused: PrivateAddress, *, redirected: bool) -> str:
    name = refused.host if refused.host == refused.address else f"{refused.host}, at {refused.address}"
    words = f"{name}, which is not a public address ({refused.kind})"
    if redirected:
        return (
            f"redirects to {words}; allow_private is for the feed's own host only: "
            f'if this is meant, add "{refused.host}" to allow_hosts under [fetching]'
        )
    return (
        f"leads to {words}; if this is meant, set allow_private = true for the feed, "
        f'or add "{refused.host}" to allow_hosts under [fetching]'
    )


def _reason(exc: Exception, seconds: float) -> str:
    cause = exc.args[0] if exc.args else ""
    match exc:
        case httpcore.TimeoutException():
            return f"no complete answer within {seconds:g} s; timeout under [fetching] sets that limit"
        case BodyError():
            return f"the body {exc}"
        case httpcore.ConnectError() if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its TLS certificate is not accepted: {cause.verify_message}"
        case httpcore.ConnectError():
            return f"cannot be connected to: {cause}"
        case httpcore.LocalProtocolError():
            return "cannot be fetched: a header of the request is not valid"  # its value may be secret
        case _:
            return f"the answer broke off or is not HTTP: {str(cause)[:200] or type(exc).__name__}"


def _checked(request: Request) -> dict[str, str]:
    """The request's own headers by lower-case name.

    Raises:
        FetchError: One cannot be sent. Its value is not shown.
    """
    headers = {name.lower(): value.strip() for name, value in request.headers}
    for name, value in headers.items():
        if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
            raise FetchError(
                shown(request.url), f"its header {name!r} has a character that HTTP does not allow there"
            )
    return headers
