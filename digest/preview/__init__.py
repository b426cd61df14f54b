"""`digest preview`: the editors' desk in a browser, over the edition's file and the parts that go out."""

from __future__ import annotations

import socket
import sys
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import uvicorn
from starlette.applications import Starlette

from digest.app import App
from digest.errors import ConfigError
from digest.listening import address_of, listen
from digest.model import EditionKey
from digest.preview.exhibit import Exhibit
from digest.preview.guard import Access
from digest.preview.site import site
from digest.urls import is_loopback

#: Where the password of a desk on the network is looked for.
PASSWORD = "DIGEST_PREVIEW_PASSWORD"  # noqa: S105 - a name


def serve(
    app: App,
    key: EditionKey,
    *,
    host: str,
    port: int,
    browse: bool | None,
    clock: Callable[[], datetime],
    say: Callable[[str], None],
    password: str = "",
) -> None:
    """Show that edition until interrupted, and show it again when its file, template or settings change.

    It is composed first if there is none. *password*: required from whoever opens the desk; needed if *host*
    is not a loopback address.

    Raises:
        ConfigError: The address is not a loopback one and there is no password, or the port is taken.
    """
    if not password and not is_loopback(host):
        raise ConfigError(
            "digest preview", [f"--host {host}: a desk on the network needs a password: {PASSWORD}=…"]
        )
    compose = app.files.read(key) is None
    with listen(host, port, "digest preview") as listener:
        address = f"{address_of(host, listener)}/"
        say(f"The preview of {key} is on {address} (Ctrl-C ends it)")
        if browse or (browse is None and sys.stdout.isatty()):
            _browse(address)
        exhibit = Exhibit(app.project, key, file=app.project / app.files.path(key), clock=clock)
        desk = site(exhibit, Access(password=password), compose=compose)
        with suppress(KeyboardInterrupt):  # how a preview ends
            Server(exhibit, desk).run(sockets=[listener])


class Server(uvicorn.Server):
    """A server that ends at once when told to, however many tabs are open."""

    def __init__(self, exhibit: Exhibit, desk: Starlette) -> None:
        self._exhibit = exhibit
        super().__init__(
            uvicorn.Config(
                desk,
                log_config=None,  # what it warns of goes the way of the log
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
