"""Runs slow work apart from everything else: a letter waits for somebody else's server.

It has its own threads: however many letters wait, pages are served, and the program can end at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from threading import BoundedSemaphore, Thread
from typing import TypeVar

#: Jobs at once.
MOST = 8
#: Seconds that a reader waits; proxies often give up after 60.
PATIENCE = 25

#: Minimum seconds for an answer; most mail servers have taken a letter by then.
LEAST = 1.0

_Result = TypeVar("_Result")
_free = BoundedSemaphore(MOST)


class Busy(Exception):  # noqa: N818 - nothing is wrong
    """Too much is under way, or it takes too long: it may still be done, but nobody waits for it."""


async def unhurried(work: Callable[[], _Result]) -> _Result:
    """As ``aside``, but never faster than ``LEAST``: the time should not tell addresses apart."""
    loop = asyncio.get_running_loop()
    until = loop.time() + LEAST
    try:
        return await aside(work)
    finally:
        await asyncio.sleep(max(0.0, until - loop.time()))


async def aside(work: Callable[[], _Result]) -> _Result:
    """What *work* returns or raises.

    Raises:
        Busy: That is not known.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[_Result] = loop.create_future()
    if not _free.acquire(blocking=False):
        raise Busy

    def settle(result: _Result | None, error: BaseException | None) -> None:
        if done.cancelled():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result: _Result | None = None
        failure: BaseException | None = None
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - it is raised where the work was asked for
            failure = error
        finally:
            _free.release()
        with suppress(RuntimeError):  # the program ends, and nobody waits
            loop.call_soon_threadsafe(settle, result, failure)

    Thread(target=run, name="letter", daemon=True).start()
    try:
        async with asyncio.timeout(PATIENCE):
            return await done
    except TimeoutError:
        raise Busy from None
