"""subscribers suppressed, suppress and unsuppress: who gets nothing, and why."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from digest.cli.audience import named
from digest.cli.delivery import typed_address
from digest.cli.session import Session, answer, on_day, say, with_session
from digest.errors import NothingToDo

if TYPE_CHECKING:
    from digest.app import App
    from digest.model import Suppressed


@click.command()
@click.option("--csv", "as_csv", is_flag=True, help="Write CSV with full addresses (default: masked).")
@click.argument("newsletter", required=False)
@with_session
def suppressed(session: Session, as_csv: bool) -> None:
    """List the addresses that get nothing, and why.

    With the reason, the time, and where it was reported.
    """
    from digest.audience import mask

    with session.app() as app:
        newsletter = app.newsletter(session.newsletter)
        those = list(app.store.suppressions.all(newsletter.key))
    if as_csv:
        answer(_csv(those))
        return
    rows = [
        {
            "address": mask(one.email),
            "reason": one.reason.value,
            "at": one.at.isoformat(timespec="minutes"),
            "source": one.source,
            "words": one.detail,
        }
        for one in those
    ]
    if not session.as_json:
        for row in rows:
            say("  ".join(row.values()).rstrip())
    counts = Counter(one.reason.value for one in those)
    told = f" ({', '.join(f'{count} {reason}' for reason, count in counts.items())})" if counts else ""
    session.done(f"{newsletter.key}: {len(those)} suppressed{told}", details={"suppressed": rows})


def _csv(those: Iterable[Suppressed]) -> str:
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(("email", "reason", "at", "source"))
    for one in those:
        # To a spreadsheet, an address may look like a formula.
        email = f"'{one.email}" if one.email[:1] in "=+-@" else one.email
        writer.writerow((email, one.reason.value, one.at.isoformat(), one.source))
    return table.getvalue()


@click.command()
@click.option(
    "--unknown",
    "day",
    callback=on_day,
    metavar="YYYY-MM-DD",
    help="Everyone whom servers called unknown at that day's edition, and whom no later one reached.",
)
@click.argument("words", nargs=-1, metavar="[NEWSLETTER] [ADDRESS]...")
@with_session
def suppress(session: Session, words: tuple[str, ...]) -> None:
    """Send nothing to these addresses, whoever adds them.

    No import and no sign-up brings them back.
    """
    from digest.model import Reason, Suppressed

    with session.app() as app:
        newsletter, addresses = named(app, words)
        if not addresses and session.day is None:
            raise click.UsageError("Name an address, or a day with --unknown.")
        those = [
            Suppressed(
                newsletter=newsletter.key,
                email=typed_address(address),
                reason=Reason.MANUAL,
                source="operator",
                at=session.now,
            )
            for address in addresses
        ]
        if session.day is not None:
            those += _unknown(app, newsletter.key, session.day, session.now)
        new = app.store.suppressions.suppress(those)
    session.done(f"{newsletter.key}: {new} suppressed, {len(those) - new} were before", suppressed=new)


def _unknown(app: App, newsletter: str, day: date, now: datetime) -> list[Suppressed]:
    from digest.model import EditionKey
    from digest.pipeline.delivery.suppressing import unknown_of

    key = EditionKey(newsletter=newsletter, day=day)
    if not app.store.ledger.tally(key).total:
        raise NothingToDo(f"{key}: no mail of it was sent; name the day of an edition that was")
    those = list(unknown_of(key, app.store, at=now))
    if not those:
        raise NothingToDo(f"{key}: nobody who is on the list was unknown when it was sent and missed since")
    return those


@click.command()
@click.option("--even-complaint", is_flag=True, help="Even an address that complained, but wants mail again.")
@click.argument("words", nargs=-1, required=True, metavar="[NEWSLETTER] ADDRESS...")
@with_session
def unsuppress(session: Session, words: tuple[str, ...], even_complaint: bool) -> None:
    """Let these addresses be added, or sign up, again.

    This alone subscribes nobody.
    """
    with session.app() as app:
        newsletter, addresses = named(app, words)
        lifted = 0
        for address in map(typed_address, addresses):
            store = app.store.suppressions
            if store.lift(newsletter.key, address, even_complaint=even_complaint, at=session.now):
                lifted += 1
            elif store.find(newsletter.key, address) is not None:
                session.note("an address that complained stays suppressed unless you give --even-complaint")
    left = len(addresses) - lifted
    session.done(
        f"{newsletter.key}: {lifted} no longer suppressed, {left} as before; to subscribe them: "
        "digest subscribers add",
        code=1 if left else 0,
        lifted=lifted,
    )
