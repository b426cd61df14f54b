"""The application: the pages of every newsletter that has some, the webhooks, and the health pages."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from digest.app import App
from digest.errors import DigestError
from digest.logs import log
from digest.model import Letter
from digest.pipeline import Correspondence, Membership, Stationery
from digest.public import archive, health, hooks
from digest.public.networks import Proxies
from digest.public.pages import Pages
from digest.public.paths import base, served
from digest.public.readers import Readers, forward_route, is_elsewhere, routes_elsewhere
from digest.settings import Newsletter

#: Headers of every answer, unless it sets its own.
COMMON = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
#: How many frames of a bug's traceback are logged.
DEPTH = 5
#: What is said to whoever waits while this ends, with the seconds after which to ask again.
ENDING, LATER = "this server ends at the moment; try again in a minute", "60"


def site(app: App, clock: Callable[[], datetime]) -> ASGIApp:
    """Everything, ready to be served.

    Raises:
        ConfigError: No newsletter has pages, two have theirs in one place, or a sender's setting is wrong.
        RenderError: A template is wrong.
        StoreError: The database cannot be read.
    """
    newsletters, proxies = served(app), Proxies(app.settings.web.proxies)
    pages = {each.key: Pages(each, app.template(each), clock) for each in newsletters}
    stationeries = {
        each.key: Stationery(each, app.template(each), partial(app.sender, each))
        for each in newsletters
        if not is_elsewhere(each)
    }
    correspondence = Correspondence(app.store, app.settings.web)
    membership = Membership(app.store, correspondence, stationeries)
    _try_out(pages, stationeries, clock())
    routes = [*health.routes(app, clock), *hooks.routes(app, clock), *archive.routes(app, clock)]
    for each in newsletters:
        routes.append(forward_route(each, pages[each.key], app.store, clock))
        if is_elsewhere(each):
            routes += routes_elsewhere(each, pages[each.key])
        else:
            routes += Readers(each, pages[each.key], membership, proxies, clock).routes()
    missing = _missing(newsletters, pages)
    inner = Starlette(routes=routes, exception_handlers={404: missing})
    inner.router.redirect_slashes = False  # it would make an address of the Host field
    return Shell(inner)


def _try_out(pages: Mapping[str, Pages], stationeries: Mapping[str, Stationery], now: datetime) -> None:
    """Whatever is wrong with a template or a sender is told to the operator at the start, not to a reader."""
    for each in pages.values():
        each.try_out(now.date())
    for on in stationeries.values():
        on.sender()
        for kind in Letter:
            on.rendered(kind, now)


def _missing(
    newsletters: list[Newsletter], pages: Mapping[str, Pages]
) -> Callable[[Request, Exception], Response]:
    """The 404 page, in the look of the newsletter whose address it is below."""
    by_base = sorted(((base(each), pages[each.key]) for each in newsletters), reverse=True)

    def answer(request: Request, error: Exception) -> Response:
        path = request.url.path
        for start, theirs in by_base:
            if path == start or path.startswith(f"{start}/"):
                try:
                    return theirs.missing()
                except DigestError:
                    break
        words = error.detail if isinstance(error, HTTPException) else "Not Found"
        return PlainTextResponse(words, status_code=404)

    return answer


class Shell:
    """Middleware around everything: adds ``COMMON`` to each answer, and keeps errors from revealing anything.

    An exception's words may quote an address or a token. What is logged of a bug is where it happened.
    Whoever still waits when this has to end is told to ask again: of what was begun, nobody knows the end.
    """

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return

        begun = False

        async def send_common(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in COMMON.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._inner(scope, receive, send_common)
        except asyncio.CancelledError:  # by the server, as it ends; it would log that as a bug
            if not begun:
                later = PlainTextResponse(ENDING, status_code=503, headers={"Retry-After": LATER})
                await later(scope, receive, send_common)
        except Exception as bug:  # noqa: BLE001 - its answer was sent: 500
            steps = traceback.extract_tb(bug.__traceback__)[-DEPTH:]
            where = " < ".join(f"{step.filename}:{step.lineno} {step.name}" for step in reversed(steps))
            log.error("bug", kind=type(bug).__name__, where=where)
