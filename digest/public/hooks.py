"""Where providers post what became of mails: POST /hooks/NAME, verified before anything is believed.

A provider that is answered with anything but 2xx retries for hours, and some disable the webhook; so what
came before, and what means nothing to us, is acknowledged. What is not from the provider is refused with 403,
which ends the retries as well; only if nothing can be stored is the answer 503: try again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from hashlib import sha256

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from digest.app import App
from digest.bounces.providers import Hook, Post, Told, read
from digest.errors import FetchError, HookError, StoreError
from digest.logs import log
from digest.model import Fetched
from digest.model import Request as Asked
from digest.pipeline import Effect, Returns
from digest.ports import Use
from digest.public.forms import FormError, body_of
from digest.public.paths import base
from digest.settings import HooksSettings

#: Bytes of a post; the largest are SendGrid's batches, of less than one million.
LARGEST = 2_000_000
#: Seconds after which to try again.
LATER = "60"
#: Certificates that are remembered, by address.
MOST_CERTIFICATES = 8

PROVIDERS = tuple(field.name for field in fields(HooksSettings))


def routes(app: App, clock: Callable[[], datetime]) -> list[Route]:
    """Each provider's address, at the root, and below each newsletter's pages, which a proxy passes on."""
    hooks = Hooks(app, clock)
    places = dict.fromkeys(("", *(base(each) for each in app.settings.newsletters.values() if each.web)))
    return [
        Route(f"{place}/hooks/{rest}", hooks.answer, methods=["POST"])
        for place in places
        for rest in ("{provider}", "{provider}/{secret}")
    ]


class Hooks:
    """The answers to posts."""

    def __init__(self, app: App, clock: Callable[[], datetime]) -> None:
        self._app = app
        self._clock = clock
        self._certificates: dict[str, bytes] = {}

    async def answer(self, request: Request) -> Response:
        provider = request.path_params["provider"]
        hook: Hook | None = (
            getattr(self._app.settings.hooks, provider, None) if provider in PROVIDERS else None
        )
        if hook is None:
            return _refused(404)
        try:
            body = await body_of(request, largest=LARGEST)
        except FormError as refusal:
            return _refused(refusal.status)
        post = Post(
            body=body,
            headers=dict(request.headers),
            path_secret=request.path_params.get("secret", ""),
            at=self._clock(),
        )
        try:
            done = await run_in_threadpool(self._take, provider, hook, post)
        except HookError as refusal:
            # For the operator; whoever posts it learns nothing.
            log.warning("post refused", provider=provider, why=str(refusal))
            return _refused(403)
        except (StoreError, FetchError) as failure:
            log.error("post put off", provider=provider, why=str(failure))
            return PlainTextResponse("try again later", status_code=503, headers={"Retry-After": LATER})
        return JSONResponse(done)

    def _take(self, provider: str, hook: Hook, post: Post) -> dict[str, int]:
        app = self._app
        told = read(post, hook, fetch=lambda address: self._certificate(address, post.at))
        known = Use.NEW
        if told.token:
            # The very same post comes again when its answer was lost, and we with it perhaps: what it tells
            # was not taken then.
            known = app.store.events.use(provider, told.token, sha256(post.body).hexdigest(), at=post.at)
        if known is Use.SPENT or (known is Use.SAME and not told.events):
            return {Effect.KNOWN.value: max(1, len(told.events))}
        if told.confirm:
            self._fetched(told.confirm, post.at)
            log.warning("subscription confirmed", provider=provider)
        return self._taken(provider, told, post.at)

    def _taken(self, provider: str, told: Told, at: datetime) -> dict[str, int]:
        app = self._app
        app.store.events.count(provider, Counter(told.others))
        returns = Returns(app.store, app.settings.newsletters, app.settings.bounces)
        effects = Counter(returns.take(event, at=at).value for event in told.events)
        return {**effects, **({"counted": len(told.others)} if told.others else {})}

    def _certificate(self, address: str, at: datetime) -> bytes:
        known = self._certificates.get(address)
        if known is None:
            known = self._fetched(address, at)
            if len(self._certificates) >= MOST_CERTIFICATES:
                self._certificates.clear()
            self._certificates[address] = known
        return known

    def _fetched(self, address: str, at: datetime) -> bytes:
        """Through the guard of all outward requests. A redirect would lead to what was not checked."""
        for _, answer in self._app.fetcher.fetch([Asked(url=address)], at=at):
            if isinstance(answer, FetchError):
                raise answer
            if isinstance(answer, Fetched) and answer.final_url == address:
                return answer.body
        raise HookError("an address of the provider's leads elsewhere")


def _refused(status: int) -> Response:
    return PlainTextResponse("not accepted", status_code=status)
