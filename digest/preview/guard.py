"""Who may see the desk, and who may write: this machine's own pages, or whoever knows the password.

A foreign site that the editor has open in another tab can send requests here, too. So every request must
name a host that is ours (against DNS rebinding), and every write must come from our own page: same origin,
JSON, and the token that only this page was given (THREATS: cross-site writes).
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from digest.rendering.icon import in_itself
from digest.rendering.page import icon_of
from digest.settings import Brand
from digest.urls import is_loopback

#: Of every answer: it is new each time, is what it says it is, and no other site may use it;
#: a publisher whose picture is shown is not told from where.
COMMON = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "SAMEORIGIN",
}
COOKIE = "digest-desk"
#: Bytes of a request's body: a long edition has some 40 kB.
LARGEST_BODY = 1_000_000
#: Whoever guesses passwords waits with it in memory until those before have been answered.
LARGEST_LOGIN = 10_000
#: Seconds that a wrong password costs.
DELAY = 1.0

#: Nothing of the newsletter is in it: its icon is that of every desk.
_LOGIN = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Desk</title>
<link rel="icon" href="{in_itself(icon_of(Brand(), is_desk=True))}">
<meta name="viewport" content="width=device-width"></head><body>
<form method="post" action="/login"><label>Password <input type="password" name="password" autofocus required>
</label> <button>Open the desk</button></form></body></html>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who is let in. Created again at each start."""

    #: Required if the desk is on a network; "" on loopback.
    password: str = field(default="", repr=False)
    #: What a write must contain.
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    _guesses: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    def knows_host(self, name: str) -> bool:
        """With a password any name will do: a foreign name does not have our cookie."""
        return is_loopback(name) or self.password != ""

    def admits(self, request: Headers) -> bool:
        """Whether a request comes from somebody who gave the password."""
        if not self.password:
            return True
        cookies = (part.strip() for part in request.get("cookie", "").split(";"))
        given = [value for name, _, value in (part.partition("=") for part in cookies) if name == COOKIE]
        return any(hmac.compare_digest(value.encode(), self._pass().encode()) for value in given)

    def _pass(self) -> str:
        return hmac.new(self._key, self.password.encode(), sha256).hexdigest()

    async def login(self, request: Request) -> Response:
        """The form's answer: the cookie, or the form again after a while."""
        body = (await request.body()).decode("utf-8", "replace")
        given = parse_qs(body).get("password", [""])[0]
        if not self.password or not hmac.compare_digest(given.encode(), self.password.encode()):
            async with self._guesses:  # one by one
                await asyncio.sleep(DELAY)
            return HTMLResponse(_LOGIN, status_code=401)
        answer = RedirectResponse("/", status_code=303)
        answer.set_cookie(COOKIE, self._pass(), httponly=True, samesite="strict")
        return answer


class Guard:
    """Middleware: refuses what ``Access`` does not allow, and puts ``COMMON`` into every answer."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_common(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(COMMON)
            await send(message)

        refusal = self._refusal(scope, Headers(scope=scope))
        await (refusal or self._app)(scope, receive, send_common)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        access, writes = self._access, scope["method"] not in ("GET", "HEAD")
        if not access.knows_host(hostname(headers.get("host", ""))):
            words = "the desk is only for this machine: open it at the address that it shows at its start"
            return PlainTextResponse(words, status_code=403)
        if writes and not _is_same_origin(headers):
            return PlainTextResponse("another site may not write here", status_code=403)
        if scope["path"] == "/login" and access.password:
            return _too_long(headers, LARGEST_LOGIN) if writes else HTMLResponse(_LOGIN)
        if not access.admits(headers):
            return HTMLResponse(_LOGIN, status_code=401)
        if writes and not hmac.compare_digest(
            headers.get("x-desk-token", "").encode(), access.token.encode()
        ):
            return PlainTextResponse(
                "this page is from an earlier run of the desk; reload it", status_code=403
            )
        if writes and headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return PlainTextResponse("a write has to be JSON", status_code=415)
        return _too_long(headers, LARGEST_BODY) if writes else None


def _too_long(headers: Headers, most: int) -> Response | None:
    """The refusal of a write that does not say how long it is, or is too long; None for any other."""
    if not headers.get("content-length", "").isdigit():
        return PlainTextResponse("a write has to state its length", status_code=411)
    if int(headers["content-length"]) > most:
        return PlainTextResponse(f"this may have at most {most:,} bytes", status_code=413)
    return None


def hostname(field: str) -> str:
    """The host in a Host field (RFC 9110, 7.2), without its port; "" when there is none."""
    try:
        return urlsplit(f"//{field}").hostname or ""
    except ValueError:
        return ""


def _is_same_origin(headers: Headers) -> bool:
    """By the Origin field (RFC 6454), which browsers send with every write, and Sec-Fetch-Site."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
