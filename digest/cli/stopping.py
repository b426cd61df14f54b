"""A quiet stop: on SIGTERM or Ctrl-C a run finishes what it is doing; a second Ctrl-C ends it at once."""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

SIGNALS = (signal.SIGTERM, signal.SIGINT)


def end_at_sigterm(process: int) -> None:
    """Let SIGTERM end a command as *process* too where that is a container's first.

    The kernel delivers to it only signals that it handles; any other process ends by itself.
    """
    if process == 1:
        signal.signal(signal.SIGTERM, _end)


def _end(number: int, _: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


@contextmanager
def asked_to_stop() -> Iterator[Callable[[float], bool]]:
    """A function that waits that many seconds, and returns True at once when it is told to stop."""
    # A pipe, because a handler may interrupt anything, and a lock that it waits for would never be released.
    hears, tells = os.pipe()

    def wait(seconds: float) -> bool:
        return bool(select.select([hears], [], [], seconds)[0])

    def ask(_: int, __: FrameType | None) -> None:
        os.write(tells, b".")
        signal.signal(signal.SIGINT, signal.default_int_handler)

    # Only the main thread may set signal handlers; elsewhere nobody asks to stop.
    mine = threading.current_thread() is threading.main_thread()
    before = {number: signal.signal(number, ask) for number in SIGNALS} if mine else {}
    try:
        yield wait
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(hears)
        os.close(tells)
