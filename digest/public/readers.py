"""Readers' requests: GET shows or asks, and changes nothing; POST acts.

Programs that scan mails follow each link in them, so no link does anything by itself (RFC 8058, 5). A mail
provider's one click is a POST, and is never refused: only requests without a genuine token are limited.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from functools import wraps

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from digest import pipeline
from digest.addresses import AGAIN, CONFIRM, FORWARD, PREFERENCES, SIGN_UP, UNSUBSCRIBE
from digest.errors import DigestError
from digest.logs import log
from digest.masking import mask_all
from digest.pipeline import Answer, Asker, Card, Membership, Question, Wishes
from digest.ports import Store
from digest.public.aside import Busy, unhurried
from digest.public.forms import Form, FormError, body_of, is_one_click
from digest.public.networks import Proxies
from digest.public.pages import ON_CARD, Pages
from digest.public.paths import base
from digest.public.throttle import Throttle
from digest.settings import CampaignSettings, Newsletter

#: How many false tokens a network may send, and how much it may change, within that time.
OFTEN, WITHIN = 60, timedelta(minutes=10)
#: The field that people do not see, but programs fill in.
TRAP = "comment"
#: How many characters of an invalid address are shown again.
LONGEST_ADDRESS = 254
#: ``date.fromisoformat`` would accept more than one spelling of a day.
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


Endpoint = Callable[["Readers", Request], Awaitable[Response]]


def _answered(endpoint: Endpoint) -> Endpoint:
    """*endpoint*, whose failures become an answer for the reader; the log has the details."""

    @wraps(endpoint)
    async def answer(self: Readers, request: Request) -> Response:
        try:
            return await endpoint(self, request)
        except FormError as error:
            return PlainTextResponse("this form cannot be read", status_code=error.status)
        except Busy:
            log.warning("letters take too long", newsletter=self.newsletter.key)
        except DigestError as error:
            log.error("page failed", newsletter=self.newsletter.key, why=mask_all(str(error)))
        return self.pages.answer(Answer.UNAVAILABLE)

    return answer


class Readers:
    """One newsletter's endpoints, where its list is ours."""

    def __init__(
        self,
        newsletter: Newsletter,
        pages: Pages,
        membership: Membership,
        proxies: Proxies,
        clock: Callable[[], datetime],
    ) -> None:
        self.newsletter = newsletter
        self.pages = pages
        self._membership = membership
        self._proxies = proxies
        self._clock = clock
        self._forged = Throttle(OFTEN, WITHIN)
        self._changes = Throttle(OFTEN, WITHIN)

    def routes(self) -> list[Route]:
        start, token = base(self.newsletter), "{token}"
        both = {
            SIGN_UP: (self.sign_up_page, self.sign_up),
            f"{CONFIRM}{token}": (self.confirm_page, self.confirm),
            f"{UNSUBSCRIBE}{token}": (self.unsubscribe_page, self.unsubscribe),
            f"{PREFERENCES}{token}": (self.preferences_page, self.preferences),
        }
        found = [Route(f"{start}/{AGAIN}{token}", self.again, methods=["POST"])]
        for path, (shows, acts) in both.items():
            found += [
                Route(f"{start}/{path}", shows, methods=["GET"]),
                Route(f"{start}/{path}", acts, methods=["POST"]),
            ]
        return found

    # --- to get it --------------------------------------------------------------------------------

    @_answered
    async def sign_up_page(self, _: Request) -> Response:
        return await run_in_threadpool(self.pages.sign_up)

    @_answered
    async def sign_up(self, request: Request) -> Response:
        form, asker = await self._form(request), self._asker(request)
        if form.one(TRAP):
            return self.pages.answer(Answer.SENT)
        email, name = form.one("email"), form.one("name")
        try:
            answer = await unhurried(lambda: self._membership.sign_up(self.newsletter, email, name, asker))
        except ValueError:
            return self.pages.sign_up(given=email[:LONGEST_ADDRESS], wrong=True)
        return self.pages.answer(answer)

    @_answered
    async def confirm_page(self, request: Request) -> Response:
        token, asker = request.path_params["token"], self._asker(request)
        found = await run_in_threadpool(self._membership.question, self.newsletter, token, asker.at)
        return self.pages.question(found, token) if isinstance(found, Question) else self._told(found, asker)

    @_answered
    async def confirm(self, request: Request) -> Response:
        token, asker = request.path_params["token"], self._asker(request)
        await body_of(request)
        answer = await run_in_threadpool(self._membership.confirm, self.newsletter, token, asker.at)
        return self._told(answer, asker)

    # --- to leave ---------------------------------------------------------------------------------

    @_answered
    async def unsubscribe_page(self, request: Request) -> Response:
        token, asker = request.path_params["token"], self._asker(request)
        if not await run_in_threadpool(self._membership.is_genuine, self.newsletter, token):
            return self._told(Answer.BROKEN, asker)
        return self.pages.leaving(token)

    @_answered
    async def unsubscribe(self, request: Request) -> Response:
        token, asker = request.path_params["token"], self._asker(request)
        if not is_one_click(await body_of(request)):
            return self.pages.leaving(token, status=400)
        answer = await run_in_threadpool(self._membership.leave, self.newsletter, token, asker.at)
        return self.pages.left(token) if answer is Answer.UNSUBSCRIBED else self._told(answer, asker)

    @_answered
    async def again(self, request: Request) -> Response:
        token, asker = request.path_params["token"], self._asker(request)
        await body_of(request)
        answer = await unhurried(lambda: self._membership.ask_again(self.newsletter, token, asker))
        return self._told(answer, asker)

    # --- to have it otherwise -----------------------------------------------------------------------

    @_answered
    async def preferences_page(self, request: Request) -> Response:
        token, asker = request.path_params["token"], self._asker(request)
        card = await run_in_threadpool(self._membership.card, self.newsletter, token)
        return self.pages.preferences(card, token) if isinstance(card, Card) else self._told(card, asker)

    @_answered
    async def preferences(self, request: Request) -> Response:
        token, form, asker = request.path_params["token"], await self._form(request), self._asker(request)
        if not self._changes.allows(asker.network, asker.at):
            return self.pages.answer(Answer.TOO_MANY)
        wishes = Wishes(
            name=form.one("name"),
            plain=form.one("plain") == "yes",
            topics=form.all("topic"),
            had=form.all("had"),
            newsletters=form.all("newsletter"),
            email=form.one("email"),
        )
        answer: Answer | None
        try:
            answer = await unhurried(lambda: self._membership.prefer(self.newsletter, token, wishes, asker))
        except ValueError:
            answer = None
        if answer is not None and answer not in ON_CARD:
            return self._told(answer, asker)
        card = await run_in_threadpool(self._membership.card, self.newsletter, token)
        if not isinstance(card, Card):
            return self._told(card, asker)
        given = wishes.email[:LONGEST_ADDRESS] if answer is None else ""
        return self.pages.preferences(card, token, done=answer, given=given, wrong=answer is None)

    # --- of all of them -----------------------------------------------------------------------------

    def _told(self, answer: Answer, asker: Asker) -> Response:
        """The answer, unless the network has sent too many false tokens."""
        if answer is Answer.BROKEN and not self._forged.allows(asker.network, asker.at):
            return self.pages.answer(Answer.TOO_MANY)
        return self.pages.answer(answer)

    async def _form(self, request: Request) -> Form:
        return Form(await body_of(request), request.headers.get("content-type", ""))

    def _asker(self, request: Request) -> Asker:
        peer = request.client.host if request.client else ""
        forwarded = ",".join(request.headers.getlist("x-forwarded-for"))
        return Asker(network=self._proxies.network(peer, forwarded), at=self._clock())


def routes_elsewhere(newsletter: Newsletter, pages: Pages) -> list[Route]:
    """If a provider holds the list, it does sign-up, unsubscribing and everything in between."""

    def sign_up(_: Request) -> Response:
        return RedirectResponse(newsletter.sign_up) if newsletter.sign_up else pages.elsewhere()

    def anything(_: Request) -> Response:
        return pages.elsewhere()

    start, both = base(newsletter), ["GET", "POST"]
    paths = (CONFIRM, UNSUBSCRIBE, AGAIN, PREFERENCES)
    return [
        Route(f"{start}/{SIGN_UP}", sign_up, methods=["GET"]),
        *(Route(f"{start}/{path}{{token}}", anything, methods=both) for path in paths),
    ]


def forward_route(newsletter: Newsletter, pages: Pages, store: Store, clock: Callable[[], datetime]) -> Route:
    """The page that recommends an edition to a friend, where there is one."""

    def answer(request: Request) -> Response:
        written = request.path_params["day"]
        try:
            day = date.fromisoformat(written) if DAY.fullmatch(written) else None
        except ValueError:
            day = None
        if day is None or day not in pipeline.shelf(newsletter, store, now=clock()).sent:
            return pages.missing()
        return pages.forward(day)

    return Route(f"{base(newsletter)}/{FORWARD}{{day}}", answer, methods=["GET"])


def is_elsewhere(newsletter: Newsletter) -> bool:
    """Whether the newsletter's list is with a provider."""
    return isinstance(newsletter.sender, CampaignSettings)
