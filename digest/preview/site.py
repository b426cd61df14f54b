"""The preview's pages. Read-only: nothing that arrives here changes anything."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from digest.preview.exhibit import Exhibit
from digest.senders.mime import message

HERE = Path(__file__).parent

#: The page runs its own script and style, and nothing else.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
#: A mail may show pictures and its inline styles; scripts, forms and requests of its own are off.
MAIL_POLICY = (
    "default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline'; "
    "sandbox allow-same-origin allow-popups"
)


def site(exhibit: Exhibit) -> Starlette:
    """The application; while it runs, it watches the exhibit's files."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await exhibit.turn()
        watcher = asyncio.create_task(watch(exhibit))
        try:
            yield
        finally:
            watcher.cancel()
            with suppress(asyncio.CancelledError):
                await watcher

    async def page(_: Request) -> Response:
        return FileResponse(HERE / "page.html", headers={"Content-Security-Policy": PAGE_POLICY})

    async def style(_: Request) -> Response:
        return FileResponse(HERE / "preview.css")

    async def script(_: Request) -> Response:
        return FileResponse(HERE / "preview.js")

    async def state(_: Request) -> Response:
        return JSONResponse(said(exhibit), headers={"Cache-Control": "no-store"})

    async def part(request: Request) -> Response:
        return shown(exhibit, request.path_params["name"])

    async def events(_: Request) -> Response:
        return StreamingResponse(changes(exhibit), media_type="text/event-stream")

    return Starlette(
        routes=[
            Route("/", page),
            Route("/preview.css", style),
            Route("/preview.js", script),
            Route("/state.json", state),
            Route("/mail/{name:str}", part),
            Route("/events", events),
        ],
        # A foreign name that resolves to loopback (DNS rebinding) is not one of ours.
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost", "::1"])],
        lifespan=lifespan,
    )


def said(exhibit: Exhibit) -> dict[str, object]:
    """What the page says beside the mail."""
    view = exhibit.view
    about = {"key": str(exhibit.key), "version": exhibit.version, "problem": exhibit.problem}
    if view is None:
        return about
    html = view.mail.html
    return about | {
        "title": view.title,
        "from": view.mail.sender,
        "subject": view.rendered.subject,
        "preheader": view.preheader,
        "sha256": view.rendered.sha256,
        "bytes": len(html.encode("utf-8")),
    }


def shown(exhibit: Exhibit, name: str) -> Response:
    """One part of the mail, as it will leave."""
    view = exhibit.view
    headers = {
        "Content-Security-Policy": MAIL_POLICY,
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    if view is None:
        return PlainTextResponse(exhibit.problem, headers=headers)
    if name == "html":
        return Response(view.mail.html, media_type="text/html; charset=utf-8", headers=headers)
    if name == "web":
        return Response(view.rendered.web, media_type="text/html; charset=utf-8", headers=headers)
    if name == "text":
        return PlainTextResponse(view.mail.text, headers=headers)
    if name == "raw":
        return Response(message(view.mail), media_type="text/plain; charset=us-ascii", headers=headers)
    return PlainTextResponse("a mail has these parts: html, text, raw, web", status_code=404)


async def changes(exhibit: Exhibit) -> AsyncIterator[str]:
    """Server-sent events: one for each new version, beginning with the present one."""
    version = 0
    while True:
        version = await exhibit.newer_than(version)
        yield f"data: {json.dumps(version)}\n\n"


async def watch(exhibit: Exhibit) -> None:
    """Turn the exhibit whenever the edition, a template or the settings change on the disk."""
    from watchfiles import awatch

    def concerns(_: object, path: str) -> bool:
        return Path(path).suffix in {".yaml", ".j2", ".toml"}

    # Editors save with several writes: 50 ms gather them, and still feel immediate.
    async for _ in awatch(*exhibit.folders(), watch_filter=concerns, step=50, debounce=200):
        await exhibit.turn()
