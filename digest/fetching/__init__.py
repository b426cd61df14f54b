"""Feeds and pages over HTTP: many at once, each within its limits, none at the expense of another.

addresses, guard     which addresses may be fetched (pure)
network              sockets that connect to those only, and keep the deadline
decoding             gzip, deflate, br and zstd in bounded memory
redirects, answers   what a response means (pure)
exchange             one request, from connection to answer
HttpFetcher          many of them, in threads, politely
"""

from __future__ import annotations

import re
import ssl
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Self

from digest.errors import FetchError
from digest.model import Fetched, Request, Unchanged
from digest.settings import FetchingSettings
from digest.urls import shown

if TYPE_CHECKING:
    from digest.fetching.exchange import Exchange
    from digest.fetching.network import Resolve

__all__ = ["HttpFetcher"]

Answer = Fetched | Unchanged | FetchError


class HttpFetcher:
    """Implements ``ports.Fetcher``; a context manager that closes its connections.

    *allow_hosts* may have private addresses besides ``settings.allow_hosts``. *resolve* stands in for the
    system's resolver, *tls* for a context that trusts the public certificate authorities.
    """

    def __init__(
        self,
        settings: FetchingSettings,
        *,
        allow_hosts: Iterable[str] = (),
        resolve: Resolve | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._settings = settings
        self._allow_hosts = (*settings.allow_hosts, *allow_hosts)
        self._resolve = resolve
        self._tls = tls

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        if "_exchange" in vars(self):
            self._exchange.close()

    @cached_property
    def _exchange(self) -> Exchange:
        """Made when somebody is asked: a send asks nobody, and need not wait for httpx and certificates."""
        from digest.fetching.exchange import Exchange
        from digest.fetching.network import system_addresses

        return Exchange(
            self._settings,
            allow_hosts=self._allow_hosts,
            resolve=self._resolve or system_addresses,
            tls=self._tls,
        )

    def fetch(self, requests: Sequence[Request], *, at: datetime) -> Iterator[tuple[Request, Answer]]:
        """Every request with its answer, in the order in which they come in.

        Asking begins with the first step of the iterator and goes on while the caller is busy with
        an answer. A caller that stops early leaves the rest unasked.

        A bug met on the way is raised at the end, when the others' answers are out.
        """
        exchange = self._exchange
        servers = list(_by_server(requests))
        turns: SimpleQueue[deque[Request] | None] = SimpleQueue()
        for turn in range(self._settings.per_host):
            for waiting in servers:
                if turn < len(waiting):
                    turns.put(waiting)
        answers: SimpleQueue[tuple[Request, Answer | Exception]] = SimpleQueue()
        # Daemons, so that an interrupted program ends at once and not after the last deadline.
        workers = [
            Thread(target=self._work, args=(exchange, turns, answers, at), name="fetching", daemon=True)
            for _ in range(min(self._settings.workers, turns.qsize()))
        ]
        for worker in workers:
            worker.start()
        bugs: list[Exception] = []
        try:
            for _ in requests:
                request, answer = answers.get()
                if isinstance(answer, Answer):
                    yield request, answer
                else:
                    bugs.append(answer)
        finally:
            for waiting in servers:
                waiting.clear()
            for _ in workers:
                turns.put(None)
        if bugs:
            raise bugs[0]

    def _work(
        self,
        exchange: Exchange,
        turns: SimpleQueue[deque[Request] | None],
        answers: SimpleQueue[tuple[Request, Answer | Exception]],
        at: datetime,
    ) -> None:
        """Take turns until there are no more.

        A turn is the right to ask one server once. It is given back afterwards, behind the other
        servers' turns, so no worker waits for a busy server and no server is asked more often at
        once than it has turns.
        """
        while (waiting := turns.get()) is not None:
            try:
                request = waiting.popleft()
            except IndexError:
                continue  # another turn took the server's last request
            answers.put((request, _answer(exchange, request, at)))
            if waiting:
                turns.put(waiting)


def _answer(exchange: Exchange, request: Request, at: datetime) -> Answer | Exception:
    try:
        return exchange.run(request, at=at)
    except FetchError as error:
        return error
    except Exception as bug:  # noqa: BLE001 - a bug: ``fetch`` raises it when the others are done
        bug.add_note(f"while asking {shown(request.url)}")
        return bug


def _by_server(requests: Sequence[Request]) -> Iterable[deque[Request]]:
    """The requests of each server (host and port), in order; first come, first served."""
    servers: dict[str, deque[Request]] = {}
    for request in requests:
        authority = re.split(r"[/?#]", request.url.partition("//")[2].lower(), maxsplit=1)[0]
        servers.setdefault(authority, deque()).append(request)
    return servers.values()
