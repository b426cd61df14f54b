"""Signatures by further processes: RSA takes most of a signed mail's time, and Python one core."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection

from digest.senders.dkim import Unsigned, keys_of
from digest.settings import DkimSettings

#: Mails that a process is asked to sign before the first of them is: it never waits for the next one.
AHEAD = 4
#: Seconds that a process may take to end.
PATIENCE = 5


class SigningProcess:
    """A process that has the keys, and signs what it is asked to in order."""

    def __init__(self, settings: DkimSettings) -> None:
        ours, theirs = socket.socketpair()
        # Not the way of "multiprocessing", which would run the caller's program again to have its names.
        command = [sys.executable, "-m", "digest.senders.signing", str(theirs.fileno())]
        self._process = subprocess.Popen(  # noqa: S603 - our own
            command, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()]
        )
        theirs.close()
        self._pipe = Connection(ours.detach())
        # Not in the arguments or the environment, which others can read.
        self._pipe.send(settings)
        self._asked: deque[tuple[int, Unsigned]] = deque()

    def fileno(self) -> int:
        """To be waited for: it can be read when there is an answer, or no process any more."""
        return self._pipe.fileno()

    @property
    def is_busy(self) -> bool:
        return len(self._asked) >= AHEAD

    def ask(self, number: int, unsigned: Unsigned) -> None:
        self._asked.append((number, unsigned))
        with suppress(OSError):  # it is gone: ``answer`` tells
            self._pipe.send_bytes(
                json.dumps([data.decode("ascii") for data in unsigned.data]).encode("ascii")
            )

    def answer(self) -> tuple[int, Unsigned, Sequence[bytes]]:
        """What was asked first, with its signatures.

        Raises:
            EOFError: The process is gone.
        """
        try:
            signatures = [bytes.fromhex(words) for words in json.loads(self._pipe.recv_bytes())]
        except OSError as exc:
            raise EOFError from exc
        return *self._asked.popleft(), signatures

    def close(self) -> list[tuple[int, Unsigned]]:
        """End it: what it was asked and has not answered."""
        self._pipe.close()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        left = list(self._asked)
        self._asked.clear()
        return left


def serve(pipe: Connection) -> None:
    """What a process does until the other end of its pipe is closed."""
    # Ctrl-C is for whoever asks: they finish what they began.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError):
        keys = keys_of(pipe.recv())
        while True:
            asked = json.loads(pipe.recv_bytes())
            signatures = [key.sign(data.encode("ascii")) for key, data in zip(keys, asked, strict=True)]
            pipe.send_bytes(json.dumps([signature.hex() for signature in signatures]).encode("ascii"))


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])))
