"""The readers' pages of one newsletter, each an answer: no script, no cookie, nothing from elsewhere."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from email.utils import parseaddr
from hashlib import sha256
from urllib.parse import urlsplit

from starlette.responses import HTMLResponse, Response

from digest import timetable
from digest.addresses import AGAIN, CONFIRM, PREFERENCES, SIGN_UP, UNSUBSCRIBE, addresses
from digest.pipeline import Answer, Card, Other, Question, Topic
from digest.public.paths import base
from digest.rendering import Template
from digest.rendering.page import frame, links
from digest.settings import Newsletter

#: The style is allowed by its hash, so that none that got into a page has an effect. The only pictures are
#: the logo and the page's icon, which is part of the page (data:).
POLICY = (
    "default-src 'none'; style-src {styles}; img-src {pictures}; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
#: Addresses of these pages contain tokens: they are not cached, not sent as a referrer, and not indexed.
COMMON = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
#: After which time a page may be asked for again, in seconds.
LATER = {429: "300", 503: "60"}
#: The answers that are not a success.
STATUS = {
    Answer.BROKEN: 404,
    Answer.EXPIRED: 410,
    Answer.TOO_MANY: 429,
    Answer.UNAVAILABLE: 503,
}
#: The answers that are shown above what was changed.
ON_CARD = (Answer.SAVED, Answer.ASKED)
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


class Pages:
    """The pages. Each method raises RenderError if the template is wrong."""

    def __init__(self, newsletter: Newsletter, template: Template, clock: Callable[[], datetime]) -> None:
        self._newsletter = newsletter
        self._template = template
        self._clock = clock
        self._base = base(newsletter)
        self._pictures = f"data: {_origin(newsletter)}".strip()

    def sign_up(self, *, given: str = "", wrong: bool = False) -> Response:
        page = self._page("sign-up", action=self.path(SIGN_UP), given=given, wrong=wrong)
        page.status_code = 422 if wrong else 200
        if not wrong:
            del page.headers["X-Robots-Tag"]
        return page

    def question(self, question: Question, token: str) -> Response:
        return self._page("ask", question=question.value, action=self.path(CONFIRM, token), rather="")

    def leaving(self, token: str, *, status: int = 200) -> Response:
        """Asks whether to unsubscribe."""
        page = self._page(
            "ask",
            question="unsubscribe",
            action=self.path(UNSUBSCRIBE, token),
            rather=self.path(PREFERENCES, token),
        )
        page.status_code = status
        return page

    def left(self, token: str) -> Response:
        return self._told(Answer.UNSUBSCRIBED.value, 200, again=self.path(AGAIN, token))

    def answer(self, answer: Answer) -> Response:
        """What was done, or why it was not done."""
        sign_up = self.path(SIGN_UP) if answer is Answer.EXPIRED else ""
        return self._told(answer.value, STATUS.get(answer, 200), sign_up=sign_up)

    def missing(self) -> Response:
        return self._told("missing", 404)

    def elsewhere(self) -> Response:
        """A provider holds the list, and does everything that a reader may want."""
        return self._told("elsewhere", 404)

    def preferences(
        self,
        card: Card,
        token: str,
        *,
        done: Answer | None = None,
        given: str = "",
        wrong: bool = False,
    ) -> Response:
        page = self._page(
            "preferences",
            reader=card,
            action=self.path(PREFERENCES, token),
            leave=self.path(UNSUBSCRIBE, token),
            again=self.path(AGAIN, token),
            done=done.value if done else "",
            given=given,
            wrong=wrong,
        )
        page.status_code = 422 if wrong else 200
        return page

    def forward(self, day: date) -> Response:
        return self._page(
            "forward",
            mailto=links(self._newsletter, day).forward,
            edition_page=addresses(self._newsletter).edition(day),
        )

    def try_out(self, day: date) -> None:
        """Make one of each."""
        topics = (Topic(tag="a", words="A", chosen=True),)
        others = (Other(key="b", title="B", tagline="C", chosen=True),)
        card = Card(address="a…@b", name="", plain=True, active=True, topics=topics, others=others)
        for answer in Answer:
            if answer in ON_CARD:
                self.preferences(card, "", done=answer)
            else:
                self.answer(answer)
        for question in Question:
            self.question(question, "")
        self.sign_up(wrong=True)
        self.leaving("")
        self.left("")
        self.elsewhere()
        self.forward(day)

    def path(self, path: str, token: str = "") -> str:
        """The path of a page, without the host: so forms work whatever the host is called."""
        return f"{self._base}/{path}{token}"

    def _told(self, answer: str, status: int, *, again: str = "", sign_up: str = "") -> Response:
        newsletter = self._newsletter
        page = self._page(
            "told",
            answer=answer,
            again=again,
            sign_up=sign_up,
            reply_to=parseaddr(newsletter.reply_to or newsletter.from_)[1],
        )
        page.status_code = status
        if status in LATER:
            page.headers["Retry-After"] = LATER[status]
        return page

    def _page(self, name: str, **given: object) -> Response:
        today = timetable.today(self._newsletter, self._clock())
        variables: Mapping[str, object] = frame(self._newsletter, today.year) | given
        text = self._template.web(variables, f"public/{name}.html.j2")
        styles = " ".join(f"'sha256-{_digest(style)}'" for style in _STYLE.findall(text)) or "'none'"
        policy = POLICY.format(styles=styles, pictures=self._pictures)
        return HTMLResponse(text, headers={**COMMON, "Content-Security-Policy": policy})


def _digest(style: str) -> str:
    return base64.b64encode(sha256(style.encode()).digest()).decode()


def _origin(newsletter: Newsletter) -> str:
    """The origin of the logo, the only picture that is not part of a page; "" if there is none."""
    logo = newsletter.brand.logo
    if logo is None:
        return ""
    parts = urlsplit(logo.url)
    return f"{parts.scheme}://{parts.netloc}"
