"""The preview's pages. Read-only: nothing that arrives here changes anything."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from digest.preview.exhibit import Exhibit

HERE = Path(__file__).parent

#: Of every answer: it is new each time, is what it says it is, and no other site may use it;
#: a publisher whose picture is shown is not told from where.
COMMON = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}
#: The page runs its own script and style, and nothing else.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
#: A mail may show pictures and its inline styles; scripts, forms and requests of its own are off.
MAIL_POLICY = (
    "default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)


def site(exhibit: Exhibit) -> Starlette:
    """The application; while it runs, it watches the exhibit's files."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await exhibit.turn()
        watching = asyncio.create_task(exhibit.watch())
        try:
            yield
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching

    async def page(_: Request) -> Response:
        return FileResponse(HERE / "page.html", headers={**COMMON, "Content-Security-Policy": PAGE_POLICY})

    async def style(_: Request) -> Response:
        return FileResponse(HERE / "preview.css", headers=COMMON)

    async def script(_: Request) -> Response:
        return FileResponse(HERE / "preview.js", headers=COMMON)

    async def state(_: Request) -> Response:
        return JSONResponse(said(exhibit), headers=COMMON)

    async def part(request: Request) -> Response:
        return shown(exhibit, request.path_params["name"])

    async def events(_: Request) -> Response:
        """Server-sent events: the number of the present version, then one for each that follows."""
        numbers = (f"data: {version}\n\n" async for version in exhibit.versions())
        return StreamingResponse(numbers, media_type="text/event-stream", headers=COMMON)

    return Starlette(
        routes=[
            Route("/", page),
            Route("/preview.css", style),
            Route("/preview.js", script),
            Route("/state.json", state),
            Route("/mail/{name:str}", part),
            Route("/events", events),
        ],
        middleware=[Middleware(LoopbackOnly)],
        lifespan=lifespan,
    )


def said(exhibit: Exhibit) -> dict[str, object]:
    """What the page says beside the mail."""
    about: dict[str, object] = {
        "key": str(exhibit.key),
        "version": exhibit.version,
        "problem": exhibit.problem,
        "stale": exhibit.stale,
    }
    if (view := exhibit.view) is None:
        return about
    return about | {
        "title": view.title,
        "from": view.sender,
        "subject": view.subject,
        "preheader": view.preheader,
        "sha256": view.sha256,
        "bytes": len(view.parts["html"].content),
    }


def shown(exhibit: Exhibit, name: str) -> Response:
    """One part of the mail, as it will leave."""
    if exhibit.view is None:
        return PlainTextResponse(exhibit.problem, status_code=503, headers=COMMON)
    parts = exhibit.view.parts
    if name not in parts:
        known = ", ".join(parts)
        return PlainTextResponse(f"a mail has these parts: {known}", status_code=404, headers=COMMON)
    headers = {**COMMON, "Content-Security-Policy": MAIL_POLICY}
    return Response(parts[name].content, media_type=parts[name].media_type, headers=headers)


class LoopbackOnly:
    """Refuses requests for any name but a loopback one.

    A foreign site whose name is made to resolve to this machine (DNS rebinding) could read the preview
    otherwise: to the browser it would be that site's own page.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._app
        if scope["type"] == "http" and not is_loopback(_hostname(Headers(scope=scope).get("host", ""))):
            words = "the preview is only for this machine: open it at the address that it was started with"
            app = PlainTextResponse(words, status_code=403, headers=COMMON)
        await app(scope, receive, send)


def is_loopback(host: str) -> bool:
    """Whether that name or address can be no other machine's."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _hostname(field: str) -> str:
    """The host in a Host field (RFC 9110, 7.2), without its port; "" when there is none."""
    try:
        return urlsplit(f"//{field}").hostname or ""
    except ValueError:
        return ""
