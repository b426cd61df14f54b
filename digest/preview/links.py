"""Whether an edition's links lead where they should: checked in the background, each address once."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Literal, NamedTuple
from urllib.parse import urldefrag, urlsplit

from digest.errors import DigestError, FetchError
from digest.model import Blurb, Edition, Fetched, Finding, Request, Unchanged
from digest.preview.exhibit import Exhibit
from digest.proofreading import Linked, links
from digest.settings import Newsletter
from digest.urls import canonical, host, shown

_LEVELS: Mapping[str, Literal["error", "warning", "note"]] = {
    "dead": "error",
    "moved": "warning",
    "login": "note",
    "unknown": "note",
}
_LOGIN = re.compile(r"/(?:log-?in|sign-?in|sso|auth|subscribe)\b", re.IGNORECASE)


class Verdict(NamedTuple):
    """What is wrong with an address."""

    kind: Literal["dead", "moved", "login", "unknown"]
    #: They complete "the link …".
    words: str


class LinkCheck:
    """Checks every link of the exhibit's edition, and remembers the results.

    The fetcher's guard and politeness hold. Only ``running`` asks; whoever calls the other methods, from
    any thread, does not wait for an answer.
    """

    def __init__(self, exhibit: Exhibit) -> None:
        self._exhibit = exhibit
        self._waiting: SimpleQueue[Sequence[Request] | None] = SimpleQueue()
        #: By address, without its fragment; what was asked for and not answered is in ``_asked`` only.
        self._verdicts: dict[str, Verdict | None] = {}
        self._asked: set[str] = set()
        self._lock = Lock()
        self._is_over = False

    @contextmanager
    def running(self, loop: asyncio.AbstractEventLoop) -> Iterator[None]:
        """Ask within the block, and tell the exhibit of each finding; to be entered on *loop*."""
        # A daemon: whoever leaves the block does not wait for a server that is slow to answer.
        worker = Thread(target=self._work, args=(loop,), name="links", daemon=True)
        worker.start()
        following = loop.create_task(self._follow())
        try:
            yield
        finally:
            with self._lock:
                self._is_over = True
            self._waiting.put(None)
            following.cancel()

    def look(self) -> None:
        """Have those of the edition's addresses checked that were not checked before."""
        if (view := self._exhibit.view) is None:
            return
        wanted = requests(view.edition, view.newsletter)
        with self._lock:
            fresh = [request for request in wanted if request.url not in self._asked]
            self._asked.update(request.url for request in fresh)
        if fresh:
            self._waiting.put(fresh)

    def findings(self) -> tuple[Finding, ...]:
        """What is known so far of the addresses that the edition has now."""
        view = self._exhibit.view
        return tuple(findings_of(view.edition, self._verdicts)) if view else ()

    async def _follow(self) -> None:
        async for _ in self._exhibit.versions():
            self.look()

    def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        while (batch := self._waiting.get()) is not None:
            if not self._ask(batch, loop):
                return

    def _ask(self, batch: Sequence[Request], loop: asyncio.AbstractEventLoop) -> bool:
        """Whether to go on after this batch."""
        from digest.fetching import HttpFetcher

        try:
            settings = self._exhibit.app().settings.fetching
        except DigestError:  # the exhibit says so; the first look at mended settings asks again
            with self._lock:
                self._asked.difference_update(request.url for request in batch)
            return True
        # Its own: the app's is closed when the settings change.
        with HttpFetcher(settings) as fetcher:
            for request, answer in fetcher.fetch(batch, at=self._exhibit.clock()):
                verdict = judged(request, answer)
                with self._lock:
                    if self._is_over:
                        return False
                    self._verdicts[request.url] = verdict
                    if verdict:
                        asyncio.run_coroutine_threadsafe(self._exhibit.tell(), loop)
        return True


def requests(edition: Edition, newsletter: Newsletter) -> list[Request]:
    """One for each page and picture of *edition*; none for what only subscribers can read.

    As when pages are read: a private address may be asked on the host of a feed that is allowed to have it.
    """
    private = {host(feed.url) for feed in newsletter.feeds if feed.allow_private}
    behind_walls = {host(feed.url) for feed in newsletter.feeds if feed.paywalled}
    found = dict.fromkeys(urldefrag(linked.url).url for linked in links(edition))
    return [
        Request(url=url, allow_private=host(url) in private)
        for url in found
        if host(url) and host(url) not in behind_walls
    ]


def judged(request: Request, answer: Fetched | Unchanged | FetchError) -> Verdict | None:
    """What is wrong with the address that gave *answer*; None if nothing is."""
    if isinstance(answer, Fetched):
        return _arrived(request.url, answer.final_url)
    if isinstance(answer, FetchError):
        return _failed(answer)
    return None


def findings_of(edition: Edition, verdicts: Mapping[str, Verdict | None]) -> Iterator[Finding]:
    """The verdicts on *edition*'s addresses, with their places."""
    blurbs = {blurb.id: blurb for blurb in edition.used}
    for linked in links(edition):
        verdict = verdicts.get(urldefrag(linked.url).url)
        if verdict and not _is_expected(verdict, linked, blurbs):
            what = "its picture" if linked.key == "image" else "the link"
            if not linked.item and linked.label:
                what = f"the link of “{linked.label}”"
            yield Finding(
                level=_LEVELS[verdict.kind],
                item=linked.item,
                key=linked.key,
                words=f"{what} {verdict.words}",
                start=linked.start,
                end=linked.end,
            )


def _is_expected(verdict: Verdict, linked: Linked, blurbs: Mapping[str, Blurb]) -> bool:
    """Pictures move, sponsors count, and a link that is marked as a subscription's wants a login."""
    if verdict.kind == "moved":
        return linked.key in ("image", "sponsors")
    marked = linked.key == "url" and blurbs[linked.item].subscription
    return verdict.kind == "login" and marked


def _arrived(asked: str, final: str) -> Verdict | None:
    if _page(asked) == _page(final):
        return None
    path = urlsplit(final).path
    if _LOGIN.search(path) and not _LOGIN.search(urlsplit(asked).path):
        return Verdict("login", f"leads to a login at {host(final)}: mark it as needing a subscription")
    if path in ("", "/"):
        return Verdict("moved", f"leads to the front page of {host(final)}: the page itself may be gone")
    return Verdict("moved", f"redirects to {shown(final)}: use that address, or make sure that it is meant")


def _page(url: str) -> str:
    """Host and path; what differs between http and https, or by a slash at the end, is the same."""
    return canonical(url).partition("?")[0]


def _failed(error: FetchError) -> Verdict | None:
    from digest.fetching.decoding import BodyError

    if isinstance(error.__cause__, BodyError):
        return None  # it is there, and more than we would read: a film, an hour's talk
    if error.status in (404, 410):
        return Verdict("dead", f"is dead: it answered {error.status}; correct the address, or remove it")
    if _has_no_host(error):
        return Verdict("dead", "is dead: there is no such host; correct the address, or remove it")
    if error.status in (401, 403):
        words = f"answered {error.status}: it requires a login, or blocks programs; open it and see"
        return Verdict("login", words)
    return Verdict("unknown", f"could not be checked: it {error.reason}")


def _has_no_host(error: FetchError) -> bool:
    """Whether the resolver was sure. httpcore drops the exception that said so; its words are left."""
    return "cannot be resolved" in error.reason and "Temporary failure" not in error.reason
