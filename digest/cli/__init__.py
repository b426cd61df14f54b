"""The command line: commands of a few lines each, exit codes, and the only place that prints.

Nothing heavy is imported before a command needs it, so that ``digest --help`` answers at once.
"""

from __future__ import annotations

import os

import click

from digest import __version__
from digest.cli.archive import archive, correct
from digest.cli.audience import subscribers
from digest.cli.bounces import bounces
from digest.cli.checking import check
from digest.cli.delivery import approve, render
from digest.cli.desk import build, preview
from digest.cli.feeds import feeds
from digest.cli.project import demo, init, status
from digest.cli.replaying import bundle
from digest.cli.running import run
from digest.cli.sending import send
from digest.cli.stopping import end_at_sigterm
from digest.cli.suppression import suppress, suppressed, unsuppress
from digest.cli.trying import try_
from digest.cli.web import web

EPILOG = "Exit codes: 0 done, 1 a problem, 2 configuration, 3 nothing to do, 75 try again later."


class InOrder(click.Group):
    """Lists its commands in the order in which a newsletter needs them, not alphabetically."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.commands)


@click.group(
    cls=InOrder,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="digest")
def main() -> None:
    """A morning news digest by email: feeds in, an edition for editors, mails out."""
    end_at_sigterm(os.getpid())


for command in (
    init,
    demo,
    build,
    preview,
    try_,
    render,
    approve,
    send,
    run,
    correct,
    archive,
    web,
    bundle,
    status,
    check,
    feeds,
    subscribers,
    bounces,
):
    main.add_command(command)
for command in (suppressed, suppress, unsuppress):
    subscribers.add_command(command)
