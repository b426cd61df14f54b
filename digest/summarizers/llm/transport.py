"""The only connection to a model's server: one host, few headers, small answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

import httpx2

from digest import __version__
from digest.errors import SummaryError
from digest.settings import Secret

#: Bytes of an answer, which has a few hundred words.
LARGEST = 500_000
#: All that the libraries may say of a request. They would tell more: the machine's system, the environment's
#: organization, other keys that they find there.
_HEADERS = frozenset(
    ("host", "accept", "content-type", "content-length", "anthropic-version", "anthropic-beta")
)


class Door(httpx2.AsyncBaseTransport):
    """Lets requests to *url*'s server through, with the key, and answers that are not too large.

    Raises:
        SummaryError: From a request to any other server, or for such an answer.
    """

    def __init__(self, inner: httpx2.AsyncBaseTransport, url: str, key: Secret, key_header: str) -> None:
        self._inner = inner
        self._server = _server(httpx2.URL(url))
        self._key = key
        self._key_header = key_header

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if _server(request.url) != self._server:
            raise SummaryError("it would ask another server than the one that is set")
        told = [(name, value) for name, value in request.headers.multi_items() if name.lower() in _HEADERS]
        told += [("user-agent", f"digest/{__version__}"), ("accept-encoding", "identity")]
        if self._key:
            scheme = "Bearer " if self._key_header == "authorization" else ""
            told.append((self._key_header, scheme + self._key.reveal()))
        request.headers = httpx2.Headers(told)
        response = await self._inner.handle_async_request(request)
        if problem := _refused(response):
            await response.aclose()
            raise SummaryError(problem)
        response.stream = _Limited(cast("httpx2.AsyncByteStream", response.stream))
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Limited(httpx2.AsyncByteStream):
    def __init__(self, inner: httpx2.AsyncByteStream) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for part in self._inner:
            size += len(part)
            if size > LARGEST:
                raise SummaryError(f"the server's answer is larger than {LARGEST // 1000} kB")
            yield part

    async def aclose(self) -> None:
        await self._inner.aclose()


def _refused(response: httpx2.Response) -> str:
    if response.is_redirect:
        return "the server sends us to another address, where we do not go"
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        return "the server's answer is compressed, though none was asked for"
    return ""


def _server(url: httpx2.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
