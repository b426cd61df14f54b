"""Wakes a thread that waits for sockets, when another one has something for it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

#: Bytes that are read at once: one was written for each ring.
RINGS = 100


class Bell:
    """Rings only while somebody listens: that costs a system call, and mostly whoever listens is awake."""

    def __init__(self) -> None:
        self._ear, self._ringer = socket.socketpair()
        self._heard = True

    def fileno(self) -> int:
        """Can be read after a ring."""
        return self._ear.fileno()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """The block looks first whether there is something already, and then waits for a ring."""
        self._heard = False
        try:
            yield
        finally:
            self._heard = True

    def ring(self) -> None:
        """Tell the listener, once it can see what there is."""
        if not self._heard:
            self._heard = True
            self._ringer.send(b"!")

    def hush(self) -> None:
        """After a ring."""
        self._ear.recv(RINGS)

    def close(self) -> None:
        self._ear.close()
        self._ringer.close()
