"""An event loop in a thread of its own, which delays nobody, neither at its own end nor at the program's."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Coroutine
from concurrent.futures import Future
from contextlib import suppress
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")


class Background:
    """Runs coroutines until it is closed."""

    def __init__(self) -> None:
        self._loop = _Loop()
        self._thread = Thread(target=self._run, name="summarizer", daemon=True)
        self._thread.start()

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def close(self, grace: float) -> None:
        """Stop, and wait at most *grace* seconds for it: a thread that is stuck ends with the process."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(grace)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._loop.close()


class _Loop(asyncio.SelectorEventLoop):
    """Looks names up in threads that the process does not wait for when it ends.

    The default ones are waited for, and a resolver that is not answered takes half a minute.
    """

    async def getaddrinfo(self, host: Any, port: Any, **options: Any) -> Any:
        found: asyncio.Future[Any] = self.create_future()

        def tell(result: Any, problem: OSError | None) -> None:
            if found.done():
                return
            if problem is None:
                found.set_result(result)
            else:
                found.set_exception(problem)

        def look_up() -> None:
            result, problem = None, None
            try:
                result = socket.getaddrinfo(host, port, **options)
            except OSError as exc:
                problem = exc
            with suppress(RuntimeError):  # the loop was closed meanwhile
                self.call_soon_threadsafe(tell, result, problem)

        Thread(target=look_up, name="resolver", daemon=True).start()
        return await found
