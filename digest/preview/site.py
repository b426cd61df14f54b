"""The desk's pages, and the requests that they make."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from html import escape
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from digest.errors import ConflictError, DigestError, EditionError, SendError, StoreError
from digest.ports import Step
from digest.preview.choices import candidates, sources
from digest.preview.editing import Editing, edit_of
from digest.preview.exhibit import Exhibit
from digest.preview.guard import Access, Guard
from digest.preview.links import LinkCheck
from digest.preview.state import state_of
from digest.preview.views import VIEWS
from digest.rendering.icon import TYPE, in_itself

BROWSER = Path(__file__).parent / "browser"
_TYPES = {".js": "text/javascript", ".css": "text/css"}
#: The page's own files, by name: nothing else of this folder is served. Twenty at once, and so from memory.
FILES = {
    path.name: (path.read_bytes(), _TYPES[path.suffix]) for path in BROWSER.iterdir() if path.suffix in _TYPES
}

#: The page runs its own scripts and style, and nothing else; pictures are the edition's.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; "
    "img-src 'self' data: http: https:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
#: A mail may show pictures and its inline styles; scripts, forms and requests of its own are off.
MAIL_POLICY = (
    "default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)
#: What stands for the tab's icon until the newsletter's is known.
ICON = 'href="data:,"'
TOKEN = '<meta name="desk-token" content="">'  # noqa: S105 - where it goes


class Desk:
    """The routes' functions, over one exhibit."""

    def __init__(self, exhibit: Exhibit, access: Access) -> None:
        self.exhibit = exhibit
        self.access = access
        self.editing = Editing(exhibit)
        self.links = LinkCheck(exhibit)
        self.composing: asyncio.Task[None] | None = None

    # --- what is shown ---------------------------------------------------------------------------

    async def page(self, _: Request) -> Response:
        text = (BROWSER / "page.html").read_text(encoding="utf-8")
        token = f'<meta name="desk-token" content="{escape(self.access.token)}">'
        icon = f'href="{in_itself(self.exhibit.icon())}"'
        text = text.replace(TOKEN, token, 1).replace(ICON, icon, 1)
        return HTMLResponse(text, headers={"Content-Security-Policy": PAGE_POLICY})

    async def icon(self, _: Request) -> Response:
        """For what a browser shows without the page around it: a part of the mail, the file, the login."""
        return Response(self.exhibit.icon(), media_type=TYPE)

    async def file(self, request: Request) -> Response:
        found = FILES.get(request.path_params["name"])
        if found is None:
            return PlainTextResponse("there is no such file", status_code=404)
        content, media_type = found
        return Response(content, media_type=media_type)

    async def state(self, _: Request) -> Response:
        return JSONResponse(await asyncio.to_thread(self._state))

    def _state(self) -> dict[str, Any]:
        return state_of(
            self.exhibit,
            undo=self.editing.undo_words,
            redo=self.editing.redo_words,
            links=self.links.findings(),
        )

    async def part(self, request: Request) -> Response:
        return shown(self.exhibit, request.path_params["name"], request.query_params.get("view", ""))

    async def text(self, _: Request) -> Response:
        """The file as it is now, valid or not."""
        try:
            text = await asyncio.to_thread(self.editing.text)
        except DigestError as exc:
            return PlainTextResponse(str(exc), status_code=404)
        return PlainTextResponse(text, headers={"Content-Security-Policy": MAIL_POLICY})

    async def candidates(self, request: Request) -> Response:
        return await self._answer(lambda: candidates(self.exhibit, request.path_params["id"]))

    async def sources(self, request: Request) -> Response:
        return await self._answer(lambda: sources(self.exhibit, request.path_params["id"]))

    async def events(self, _: Request) -> Response:
        """Server-sent events: the number of the present version, then one for each that follows."""
        numbers = (f"data: {version}\n\n" async for version in self.exhibit.versions())
        return StreamingResponse(numbers, media_type="text/event-stream")

    # --- what is done ----------------------------------------------------------------------------

    async def edit(self, request: Request) -> Response:
        given = await _body(request)
        return await self._changing(lambda: self.editing.apply(edit_of(given.get("edit") or {})))

    async def undo(self, _: Request) -> Response:
        return await self._changing(self.editing.undo)

    async def redo(self, _: Request) -> Response:
        return await self._changing(self.editing.redo)

    async def approve(self, request: Request) -> Response:
        given = await _body(request)
        sha256, by = str(given.get("sha256", "")), str(given.get("by", ""))
        return await self._changing(lambda: self.editing.approve(sha256, by))

    async def test(self, request: Request) -> Response:
        address = str((await _body(request)).get("to", ""))
        return await self._answer(lambda: {"words": self.editing.send_test(address)})

    async def compose(self, _: Request) -> Response:
        if self.composing is None or self.composing.done():
            self.composing = asyncio.create_task(self.composed())
        return JSONResponse({}, status_code=202)

    async def composed(self) -> None:
        """Compose, telling the pages of each step; what goes wrong is the exhibit's problem."""
        exhibit, loop = self.exhibit, asyncio.get_running_loop()

        def told(step: Step) -> None:
            exhibit.composing = step
            asyncio.run_coroutine_threadsafe(exhibit.tell(), loop)

        exhibit.composing = Step("gather", 0, 0)
        await exhibit.tell()
        failure: DigestError | None = None
        try:
            await asyncio.to_thread(self.editing.compose, told)
        except DigestError as exc:
            failure = exc
        finally:
            exhibit.composing = None
            await exhibit.turn()
        if failure is not None:
            exhibit.problem = failure
            await exhibit.tell()

    async def _changing(self, action: Callable[[], None]) -> Response:
        """Do *action*; the answer is the state after it."""

        def done() -> dict[str, Any]:
            action()
            self.exhibit.version += 1  # as /events is about to tell
            return self._state()

        answer = await self._answer(done)
        if answer.status_code == 200:
            await self.exhibit.wake()
            self.links.look()
        return answer

    async def _answer(self, action: Callable[[], dict[str, Any]]) -> Response:
        try:
            return JSONResponse(await asyncio.to_thread(action))
        except ConflictError as exc:
            conflict = {"problem": exc.reason, "current": _plain(exc.present)}
            return JSONResponse(conflict, status_code=409)
        except EditionError as exc:
            return JSONResponse({"problem": str(exc)}, status_code=422)
        except (SendError, StoreError) as exc:
            return JSONResponse({"problem": str(exc)}, status_code=503)
        except DigestError as exc:
            return JSONResponse({"problem": str(exc)}, status_code=422)


def site(exhibit: Exhibit, access: Access | None = None, *, compose: bool = False) -> Starlette:
    """The application; while it runs, it watches the exhibit's files. *compose*: there is no edition yet."""
    access = access or Access()
    desk = Desk(exhibit, access)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await exhibit.turn()
        watching = asyncio.create_task(exhibit.watch())
        if compose:
            desk.composing = asyncio.create_task(desk.composed())
        with desk.links.running(asyncio.get_running_loop()):
            try:
                yield
            finally:
                watching.cancel()
                with suppress(asyncio.CancelledError):
                    await watching

    get, post = ["GET"], ["POST"]
    return Starlette(
        routes=[
            Route("/", desk.page, methods=get),
            Route("/state.json", desk.state, methods=get),
            Route("/favicon.ico", desk.icon, methods=get),
            Route("/file", desk.text, methods=get),
            Route("/mail/{name:str}", desk.part, methods=get),
            Route("/candidates/{id:str}.json", desk.candidates, methods=get),
            Route("/sources/{id:str}.json", desk.sources, methods=get),
            Route("/events", desk.events, methods=get),
            Route("/edit", desk.edit, methods=post),
            Route("/undo", desk.undo, methods=post),
            Route("/redo", desk.redo, methods=post),
            Route("/approve", desk.approve, methods=post),
            Route("/test", desk.test, methods=post),
            Route("/compose", desk.compose, methods=post),
            Route("/login", access.login, methods=post),
            Route("/{name:str}", desk.file, methods=get),
        ],
        middleware=[Middleware(Guard, access=access)],
        lifespan=lifespan,
    )


def shown(exhibit: Exhibit, name: str, view: str) -> Response:
    """One part of the mail, as it will leave; its HTML also as other programs show it."""
    if exhibit.view is None:
        return PlainTextResponse(str(exhibit.problem or "there is no edition yet"), status_code=503)
    parts = exhibit.view.parts
    if name not in parts:
        return PlainTextResponse(f"a mail has these parts: {', '.join(parts)}", status_code=404)
    content = parts[name].content
    if view and name == "html":
        if view not in VIEWS:
            return PlainTextResponse(f"there are these views: {', '.join(VIEWS)}", status_code=404)
        content = VIEWS[view](content.decode()).encode()
    headers = {"Content-Security-Policy": MAIL_POLICY}
    return Response(content, media_type=parts[name].media_type, headers=headers)


async def _body(request: Request) -> dict[str, Any]:
    try:
        given = await request.json()
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}


def _plain(value: object) -> object:
    from dataclasses import asdict, is_dataclass

    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
