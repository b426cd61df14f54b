"""Discover: the feeds of a site, each read before anybody is asked to take it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from digest import parsing, sources
from digest.errors import FetchError, ParseError
from digest.model import Fetched, Request
from digest.ports import Fetcher
from digest.settings import Feed
from digest.urls import host, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A feed that was read."""

    url: str
    title: str
    articles: int
    newest: datetime | None
    #: Of the first articles, the newest first.
    headlines: tuple[str, ...] = ()


def discover(url: str, fetcher: Fetcher, *, at: datetime, allow_private: bool = False) -> list[Found]:
    """The feeds behind *url*: itself, what its page offers, or what is where feeds often are.

    Raises:
        FetchError, ParseError: There is none; the words say what was tried.
    """
    (first,) = _answers([url], fetcher, at, url, allow_private)
    if not isinstance(first, Fetched):
        raise first if isinstance(first, FetchError) else ParseError(shown(url), "has no content")
    if found := _read(first, at):
        return [found]
    offered = [one for one in sources.offered(first.body, first.final_url) if one != url]
    for tried in (offered, sources.common_addresses(first.final_url)):
        answers = _answers(tried, fetcher, at, url, allow_private)
        feeds = [one for answer in answers if isinstance(answer, Fetched) and (one := _read(answer, at))]
        if feeds:
            return list({one.url: one for one in feeds}.values())
    raise ParseError(
        shown(url),
        "is not a feed, and its page offers none; look for an RSS link on it, and give that address",
    )


def _answers(
    urls: Sequence[str], fetcher: Fetcher, at: datetime, at_home: str, allow_private: bool
) -> list[Fetched | FetchError | None]:
    """In the order of *urls*. A private address is asked on the host that was named, and on no other."""
    requests = [Request(url=url, allow_private=allow_private and host(url) == host(at_home)) for url in urls]
    answers: dict[str, Fetched | FetchError | None] = {}
    for request, answer in fetcher.fetch(requests, at=at):
        answers[request.url] = answer if isinstance(answer, Fetched | FetchError) else None
    return [answers.get(url) for url in urls]


def _read(answer: Fetched, at: datetime) -> Found | None:
    url = answer.moved_to or answer.url
    try:
        parsed = parsing.parse(
            answer.body,
            feed=Feed(url=url),
            content_type=answer.headers.get("content-type", ""),
            location=answer.final_url,
            identity="",
            at=at,
        )
    except ParseError:
        return None
    articles = sorted(parsed.articles, key=lambda one: one.when, reverse=True)
    dated = [one.published for one in articles if one.published]
    return Found(
        url=url,
        title=parsed.title,
        articles=len(articles),
        newest=max(dated, default=None),
        headlines=tuple(one.title for one in articles[:3]),
    )
