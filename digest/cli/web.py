"""web: the readers' pages, and the providers' webhooks."""

from __future__ import annotations

import click

from digest.cli.session import Session, with_session


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8700, show_default=True, help="Port to listen on; 0 takes a free one.")
@with_session
def web(session: Session, host: str, port: int) -> None:
    """Serve the readers' pages: sign-up, preferences, archive.

    It serves every newsletter with a `web` address, and takes the providers' webhooks. It speaks HTTP, and
    expects a proxy in front of it that speaks HTTPS (docs/web.md). Requests are not logged. SIGTERM and
    Ctrl-C end it at once.
    """
    from digest import public

    with session.app(logs=True) as app:
        public.serve(app, host=host, port=port, clock=session.clock(), say=session.note)
