"""The archive as pages: past editions, their items, lists and feeds. The same for everyone, and no cookie."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from threading import Lock
from urllib.parse import urlsplit

from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from digest import pipeline
from digest.addresses import INDEX, JSON_FEED, RSS, SITEMAP
from digest.app import App
from digest.archive import HTML, Archive, Page, robots
from digest.errors import DigestError
from digest.pipeline import Shelf
from digest.public.paths import base, served
from digest.rendering.icon import TYPE
from digest.rendering.page import icon_of
from digest.settings import Newsletter

#: How long browsers and caches may show a page before they ask again: everybody soon sees a correction.
FRESH = timedelta(minutes=5)
#: How long before the database is asked again whether something was sent or corrected.
UNASKED = timedelta(seconds=2)
#: How many rendered pages are kept.
KEPT = 500
#: A page shows its own style and the publishers' pictures, and its form goes to the newsletter's own address.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src https: http: data:; form-action 'self' {own}; "
    "base-uri 'none'; frame-ancestors 'none'"
)


class Cabinet:
    """A newsletter's archive: opened again when something was sent or corrected. Threads may share one."""

    def __init__(self, app: App, newsletter: Newsletter, clock: Callable[[], datetime]) -> None:
        self._app = app
        self._newsletter = newsletter
        self._clock = clock
        self._lock = Lock()
        self._shelf: Shelf | None = None
        self._asked_at = datetime.min.replace(tzinfo=UTC)
        self._archive: Archive | None = None
        self._pages: dict[str, Page] = {}

    def page(self, path: str) -> Page | None:
        """Raises DigestError when the database cannot be read, or a template is wrong."""
        with self._lock:
            archive = self._opened()
            if path not in self._pages:
                page = archive.page(path)
                if page is None:
                    return None
                if len(self._pages) >= KEPT:
                    self._pages.clear()
                self._pages[path] = page
            return self._pages[path]

    def _opened(self) -> Archive:
        now = self._clock()
        if self._archive is None or not self._asked_at <= now < self._asked_at + UNASKED:
            store = self._app.store
            on = pipeline.shelf(self._newsletter, store, now=now)
            if on != self._shelf or self._archive is None:
                template = self._app.template(self._newsletter)
                self._archive = pipeline.open_archive(self._newsletter, template, store, on)
                self._pages.clear()
                self._shelf = on
            self._asked_at = now
        return self._archive


class _Dated(Convertor[str]):
    """Paths that begin with a month or a day; all others are left to other routes."""

    regex = r"\d{4}-\d\d(?:-\d\d)?(?:/[a-z0-9-]+)?/?"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("dated", _Dated())


def routes(app: App, clock: Callable[[], datetime]) -> list[Route]:
    """The archive's own paths, and for all newsletters of the host ``robots.txt`` and an icon."""
    newsletters = served(app)
    found = [
        Route("/robots.txt", _robots(newsletters), methods=["GET"]),
        Route("/favicon.ico", _icon(newsletters[0]), methods=["GET"]),
    ]
    for newsletter in newsletters:
        start = base(newsletter)
        answer = _answering(Cabinet(app, newsletter, clock), newsletter)
        paths = [f"{start}/{path}" for path in (INDEX, RSS, JSON_FEED, SITEMAP, "{page:dated}")]
        found += [Route(path, answer, methods=["GET"]) for path in ([start, *paths] if start else paths)]
    return found


def _answering(cabinet: Cabinet, newsletter: Newsletter) -> Callable[[Request], Response]:
    start = base(newsletter)
    own = urlsplit(newsletter.web)
    policy = POLICY.format(own=f"{own.scheme}://{own.netloc}")

    def answer(request: Request) -> Response:
        path = request.url.path.removeprefix(start)
        name = path.strip("/")
        try:
            page = cabinet.page(f"{name}/" if name and "." not in name else name)
        except DigestError:
            words = "the archive cannot be read at the moment; try again in a minute"
            return PlainTextResponse(words, status_code=503, headers={"Retry-After": "60"})
        if page is None:
            raise HTTPException(404)
        if path != f"/{page.path}":
            return RedirectResponse(f"{start}/{page.path}", status_code=301)
        found = answered(page, request)
        if page.type == HTML:
            found.headers["Content-Security-Policy"] = policy
        return found

    return answer


def _icon(newsletter: Newsletter) -> Callable[[Request], Response]:
    """For pages without one in themselves: feeds that a browser shows, and templates of the project's own."""
    picture = icon_of(newsletter.brand)

    def answer(_: Request) -> Response:
        return Response(picture, media_type=TYPE, headers={"Cache-Control": "public, max-age=86400"})

    return answer


def _robots(newsletters: list[Newsletter]) -> Callable[[Request], Response]:
    text = robots(newsletters)

    def answer(_: Request) -> Response:
        return PlainTextResponse(text, headers={"Cache-Control": "public, max-age=86400"})

    return answer


def answered(page: Page, request: Request) -> Response:
    """The page, or 304 if the browser or cache has it (RFC 9110, section 13)."""
    etag = f'"{sha256(page.body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": f"public, max-age={int(FRESH.total_seconds())}"}
    if page.changed_at is not None:
        headers["Last-Modified"] = format_datetime(page.changed_at.astimezone(UTC), usegmt=True)
    if _has_it(request, etag, page.changed_at):
        return Response(status_code=304, headers=headers)
    return Response(page.body, media_type=page.type, headers=headers)


def _has_it(request: Request, etag: str, changed_at: datetime | None) -> bool:
    if (known := request.headers.get("if-none-match")) is not None:  # then the date does not count
        return known.strip() == "*" or etag in {tag.strip().removeprefix("W/") for tag in known.split(",")}
    if changed_at is None or not (since := request.headers.get("if-modified-since")):
        return False
    try:
        return changed_at.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):  # no date, or one without a zone
        return False
