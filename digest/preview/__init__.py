"""`digest preview`: the edition in a browser, from the very parts that go out."""

from __future__ import annotations

import socket
import sys
import webbrowser
from collections.abc import Callable
from contextlib import suppress

import uvicorn

from digest.app import App
from digest.errors import ConfigError
from digest.model import EditionKey
from digest.preview.exhibit import Exhibit
from digest.preview.site import is_loopback, site


def serve(
    app: App,
    key: EditionKey,
    *,
    host: str,
    port: int,
    browse: bool | None,
    say: Callable[[str], None],
) -> None:
    """Show that edition until interrupted, and show it anew when its file, template or settings change.

    Raises:
        ConfigError: The address is not a loopback one, or the port is taken.
    """
    with listen(host, port) as listener:
        name = f"[{host}]" if ":" in host else host
        address = f"http://{name}:{listener.getsockname()[1]}/"
        say(f"The preview of {key} is on {address} (Ctrl-C ends it)")
        if browse or (browse is None and sys.stdout.isatty()):
            _browse(address)
        exhibit = Exhibit(app.project, key, file=app.project / app.files.path(key))
        with suppress(KeyboardInterrupt):  # how a preview ends
            Server(exhibit).run(sockets=[listener])


def listen(host: str, port: int) -> socket.socket:
    """A socket on a loopback address: the preview has no password, so nobody else may reach it."""
    if not is_loopback(host):
        raise ConfigError(
            "digest preview", [f"--host {host}: only a loopback address, as 127.0.0.1, can be shown on"]
        )
    if not 0 <= port <= 65535:
        raise ConfigError(
            "digest preview", [f"--port {port}: ports are numbered from 1 to 65535; 0 takes any that is free"]
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as exc:
        why, _, _ = str(exc.strerror).partition(" (")  # then Python tells the address
        raise ConfigError(
            "digest preview", [f"--port {port}: {why}; choose another, or 0 for any that is free"]
        ) from exc


class Server(uvicorn.Server):
    """Ends at once when told to, however many tabs are open."""

    def __init__(self, exhibit: Exhibit) -> None:
        self._exhibit = exhibit
        super().__init__(
            uvicorn.Config(
                site(exhibit),
                log_level="warning",
                timeout_graceful_shutdown=1,
                lifespan="on",
                ws="none",
                server_header=False,
            )
        )

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # A stream of events has no end of its own, and uvicorn would wait for it.
        await self._exhibit.close()
        await super().shutdown(sockets)


def _browse(address: str) -> None:
    with suppress(webbrowser.Error):
        browser = webbrowser.get()
        # The plain class is that of text browsers: one would take over this terminal.
        if type(browser) is not webbrowser.GenericBrowser:
            browser.open(address)
