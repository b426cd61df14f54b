"""`digest web`: the readers' pages, and the addresses that providers post to."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from types import FrameType

import uvicorn

from digest.app import App
from digest.listening import address_of, listen
from digest.public.paths import base, served
from digest.public.site import site
from digest.settings import OutboxSettings

#: Seconds that running requests have to finish.
GRACE = 1


def serve(
    app: App, *, host: str, port: int, clock: Callable[[], datetime], say: Callable[[str], None]
) -> None:
    """Serve the pages of all newsletters until SIGTERM or Ctrl-C.

    No request is logged, because addresses contain tokens. Host headers and the like are not believed, and no
    address is made of them.

    Raises:
        ConfigError: No newsletter has pages, a setting is wrong, or the port is taken.
        RenderError: A template is wrong.
        StoreError: The database cannot be read.
    """
    application = site(app, clock)
    with listen(host, port, "digest web") as listener, _ended_by_sigterm():
        at = address_of(host, listener)
        for newsletter in served(app):
            say(f"{newsletter.key} is on {at}{base(newsletter)}/ for {newsletter.web.rstrip('/')}/")
            if isinstance(newsletter.sender, OutboxSettings):
                say(f"{newsletter.key}: its sender is the outbox, so letters to readers stay on this machine")
        say("Ctrl-C ends it")
        settings = uvicorn.Config(
            application,
            log_config=None,
            log_level="warning",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE,
            lifespan="off",
            ws="none",
        )
        with suppress(KeyboardInterrupt):
            uvicorn.Server(settings).run(sockets=[listener])


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """Have SIGTERM act like Ctrl-C: uvicorn closes what is open, and then raises it again."""

    def end(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        with suppress(KeyboardInterrupt):
            yield
    finally:
        signal.signal(signal.SIGTERM, before)
