"""A project whose settings may change while it runs: invalid ones are refused, and the old ones stay."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from digest.app import App
from digest.config import FILE

#: When the file was changed last, and how large it is; None: it is not there.
Look = tuple[int, int, int] | None


class Project:
    """*opens* makes an app from what the file says now. An app is closed when its last user is done."""

    def __init__(self, folder: Path, opens: Callable[[Path], App]) -> None:
        self._folder = folder
        self._opens = opens
        self._taken = self._seen = self._look()
        self._lock = threading.Lock()
        self._app = opens(folder)
        self._users: dict[int, int] = {}

    @property
    def app(self) -> App:
        return self._app

    @contextmanager
    def using(self) -> Iterator[App]:
        """The current app, which stays open until the block ends, even if the settings change."""
        with self._lock:
            app = self._app
            self._users[id(app)] = self._users.get(id(app), 0) + 1
        try:
            yield app
        finally:
            with self._lock:
                self._users[id(app)] -= 1
                done = app is not self._app and not self._users[id(app)]
            if done:
                _close(app)

    def changed(self) -> bool:
        """Whether the file has changed and is in force now.

        It has to look the same twice in a row: somebody may still be saving it.

        Raises:
            ConfigError: It has changed and is wrong; that is raised once, and the old settings stay in force.
        """
        look, before = self._look(), self._seen
        self._seen = look
        if look == self._taken or look != before:
            return False
        self._taken = look
        app = self._opens(self._folder)
        with self._lock:
            old, self._app = self._app, app
            idle = not self._users.get(id(old))
        if idle:
            _close(old)
        return True

    def close(self) -> None:
        _close(self._app)

    def _look(self) -> Look:
        try:
            seen = (self._folder / FILE).stat()
        except OSError:
            return None
        return seen.st_mtime_ns, seen.st_size, seen.st_ino


def _close(app: App) -> None:
    app.__exit__(None, None, None)
