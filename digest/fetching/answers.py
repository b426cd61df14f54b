"""What a response means: from HTTP's words to ours. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from digest.errors import FetchError
from digest.fetching.redirects import Journey, lasting_address
from digest.model import Fetched, Request, Unchanged
from digest.urls import shown

#: Nobody is left alone for longer than a day, whatever they ask for (seconds).
LONGEST_WAIT = 86_400.0
NEXT_STEPS = {
    401: "it requires a username and password, or a header with a token",
    403: "it may require a username and password, a header with a token, or another user_agent",
    410: "the publisher has withdrawn it for good",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    status: int
    #: Names in lower case.
    headers: Mapping[str, str]
    #: Decompressed; read only when the status is 200.
    body: bytes = b""


def validators(request: Request, journey: Journey) -> Mapping[str, str]:
    """The headers that make a request conditional.

    Only the address that was asked for gets them: ``"1"`` is anybody's ETag, and a 304 from a server
    that means another body would lose articles.
    """
    if journey.redirects:
        return {}
    known = {"if-none-match": request.etag, "if-modified-since": request.last_modified}
    return {name: value for name, value in known.items() if value}


def answer(request: Request, journey: Journey, response: Response, *, at: datetime) -> Fetched | Unchanged:
    """The response at a journey's end in our words.

    Raises:
        FetchError: It is neither a body nor "not modified".
    """
    etag = response.headers.get("etag", "")
    last_modified = response.headers.get("last-modified", "")
    if response.status == 304 and validators(request, journey):
        return Unchanged(
            url=request.url,
            etag=etag or request.etag,
            last_modified=last_modified or request.last_modified,
            at=at,
        )
    if response.status != 200:
        raise refusal(request, response, at=at)
    if not response.body:
        raise FetchError(shown(request.url), "answered with an empty body", status=200)
    moved_to = lasting_address(request, journey)
    sha256 = hashlib.sha256(response.body).hexdigest()
    if sha256 == request.body_sha256:
        return Unchanged(url=request.url, moved_to=moved_to, etag=etag, last_modified=last_modified, at=at)
    return Fetched(
        url=request.url,
        final_url=str(journey.url),
        moved_to=moved_to,
        headers=response.headers,
        body=response.body,
        body_sha256=sha256,
        at=at,
    )


def refusal(request: Request, response: Response, *, at: datetime) -> FetchError:
    """A response without a body for us, and what the reader of the message may do about it."""
    status = response.status
    retry_after = None
    if status in {429, 503}:
        retry_after = seconds_to_wait(response.headers.get("retry-after", ""), at=at)
    reason = f"answered {status} {_phrase(status)}".rstrip()
    if retry_after:
        reason += f" and asks not to be fetched again for {retry_after:.0f} s"
    elif status in NEXT_STEPS:
        reason += f": {NEXT_STEPS[status]}"
    return FetchError(shown(request.url), reason, status=status, retry_after=retry_after)


def seconds_to_wait(retry_after: str, *, at: datetime) -> float | None:
    """A Retry-After header (RFC 9110 10.2.3: seconds, or a date) in seconds from *at*, at most a day.

    None when it says nothing that can be understood.
    """
    text = retry_after.strip()
    if text.isascii() and text.isdecimal():
        return LONGEST_WAIT if len(text) > 6 else min(float(text), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)  # "-0000": a moment in UTC, of an unknown zone
    return min(max((moment - at).total_seconds(), 0.0), LONGEST_WAIT)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
