"""run: every newsletter, at its own hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from digest.cli.session import Session, say_json, with_session
from digest.errors import NothingToDo

if TYPE_CHECKING:
    from digest.scheduler import Done

#: Exit codes that need no attention: done, and nothing to do.
WELL = (0, 3)


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, and exit: for a cron job every few minutes.")
@click.option(
    "--no-catch-up",
    is_flag=True,
    help="Skip whatever was due before now: for use after a machine or a database was restored.",
)
@with_session
def run(session: Session, once: bool, no_catch_up: bool) -> None:
    """Build, remind and send at each newsletter's own hours.

    It runs until it is told to stop. What was due while it was not running is caught up, if max_lateness
    still allows it. It may run twice, or beside digest build and digest send: each edition still goes out
    once. On SIGTERM or Ctrl-C it finishes what it is doing.
    """
    from digest.cli.stopping import asked_to_stop

    def report(done: Done) -> None:
        _report(session, done)

    with asked_to_stop() as wait:
        if once:
            from digest.scheduler import Shift

            with session.app(logs=True) as opened:
                shift = Shift(opened, clock=session.clock(), wait=wait)
                if no_catch_up:
                    shift.begin_anew()
                _ended(session, shift.tick())
            return
        # Imported here, because it takes a second, in which it may already be told to stop.
        from digest import app
        from digest.scheduler import run

        with session.app(logs=True):  # its log is written, whatever becomes of its settings
            run(
                session.project,
                app.build,
                clock=session.clock(),
                wait=wait,
                say=report,
                catch_up=not no_catch_up,
            )
    session.done("stopped as asked")


def _ended(session: Session, done: list[Done]) -> None:
    """One call of ``--once``: its worst code, and what it did."""
    if not session.as_json:
        for one in done:
            _report(session, one)
    if not done:
        raise NothingToDo("nothing is due now")
    codes = [one.code for one in done if one.code]
    worst = max(codes, key=(3, 75, 1, 2, 70).index, default=0)
    ill = sum(one.code not in WELL for one in done)
    words = f"{len(done)} done, {ill} of them not as it should be" if ill else f"{len(done)} done"
    details = {"done_list": [_told(one) for one in done]}
    session.done(words, code=worst, details=details)


def _report(session: Session, done: Done) -> None:
    """Log it: this runs for years, and somebody looks later. With ``--json``, also print a line."""
    from digest.logs import log

    told = _told(done)
    if session.as_json:
        say_json({"at": session.clock()().isoformat(timespec="seconds"), **told})
    fields = {name: value for name, value in told.items() if value not in ("", 0)}
    if done.code in WELL:
        log.info("turn", **fields)
    else:
        log.warning("turn", **fields)


def _told(done: Done) -> dict[str, object]:
    return {
        "newsletter": done.newsletter,
        "day": str(done.day or ""),
        "what": str(done.what),
        "code": done.code,
        "words": done.words,
    }
