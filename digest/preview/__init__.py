"""`digest preview`: the edition in a browser, from the very parts that go out."""

from __future__ import annotations

import ipaddress
import socket
import webbrowser
from collections.abc import Callable
from sys import stdout

from digest.app import App
from digest.errors import ConfigError
from digest.model import EditionKey
from digest.preview.exhibit import Exhibit
from digest.preview.site import site
from digest.settings import Newsletter


def serve(
    app: App,
    newsletter: Newsletter,
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
    import uvicorn

    listener = listen(host, port)
    address = f"http://{host}:{listener.getsockname()[1]}/"
    say(f"The preview of {key} is on {address} (Ctrl-C ends it)")
    if browse or (browse is None and stdout.isatty()):
        webbrowser.open(address)
    exhibit = Exhibit(app.project, newsletter.key, key)
    config = uvicorn.Config(
        site(exhibit),
        log_level="warning",
        timeout_graceful_shutdown=1,
        lifespan="on",
        ws="none",
        server_header=False,
    )
    with listener:
        uvicorn.Server(config).run(sockets=[listener])


def listen(host: str, port: int) -> socket.socket:
    """A socket on a loopback address: the preview has no password, so nobody else may reach it."""
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise ConfigError(
            "digest preview", [f"--host {host}: only a loopback address, as 127.0.0.1, can be shown on"]
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as exc:
        raise ConfigError("digest preview", [f"--port {port}: {exc.strerror}; choose another, or 0"]) from exc
