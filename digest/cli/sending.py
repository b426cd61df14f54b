"""send: the edition to its list, once to each reader; what a run left open; and the unsure mails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from digest.cli.campaigns import Handover, require_sense
from digest.cli.delivery import mail_to, reader, rendered_edition, tempo_of
from digest.cli.session import Session, for_edition, say
from digest.cli.telling import tell_option, telling
from digest.errors import BusyError, NothingToDo, SendError, StoppedError

if TYPE_CHECKING:
    from digest.app import App
    from digest.model import Delivery, EditionKey, Rendered
    from digest.pipeline import Delivered
    from digest.settings import Newsletter

#: Rows that `--unsure` reads at a time.
PAGE = 1000

#: What was done in one line, the exit code, and the numbers for ``--json``.
Said = tuple[str, int, dict[str, Any]]


@click.command()
@click.option(
    "--to", multiple=True, help="Only to this address (repeatable); one that is not on the list gets a copy."
)
@click.option("--dry-run", is_flag=True, help="Do everything except sending.")
@click.option(
    "--resume",
    "way",
    flag_value="resume",
    help="Continue a run that was cut off, if nothing has changed since.",
)
@click.option("--unsure", "way", flag_value="unsure", help="List the mails that may or may not have left.")
@click.option(
    "--resend-unsure", "way", flag_value="resend", help="Send those again, with the same Message-ID."
)
@click.option(
    "--at-its-hour",
    is_flag=True,
    help="Hand it over now, to be sent at the newsletter's hour by the provider that holds the list.",
)
@tell_option
@for_edition
def send(
    session: Session, to: tuple[str, ...], dry_run: bool, way: str | None, at_its_hour: bool, tell: bool
) -> None:
    """Deliver the edition, once to each subscriber.

    You can call it as often as you like: it goes on where a run was cut off. Mails that were in flight then
    are unsure, and are not sent again unless you say so. On SIGTERM or Ctrl-C it finishes the mails in hand.
    """
    from digest import pipeline

    if way and (to or dry_run):
        raise click.UsageError(
            "--resume, --unsure and --resend-unsure cannot be used with --to or --dry-run."
        )
    whole = not (to or dry_run or way == "unsure")
    if tell and not whole:
        raise click.UsageError("--tell cannot be used with --to, --dry-run or --unsure.")
    with session.app() as app:
        newsletter = app.newsletter(session.newsletter)
        key = session.key(newsletter)
        campaigns = app.campaigns(newsletter)
        require_sense(campaigns, way=way, at_its_hour=at_its_hour, whole=not (to or dry_run))
        if way == "unsure":
            words, code, numbers = _listed(app, key, session)
            session.done(words, code=code, edition=str(key), **numbers)
            return
        with telling(session, app, newsletter, key, "send", asked=tell, heed=whole) as editors:
            # A rehearsal, or a send to a few, does not count as sending the edition.
            with pipeline.journalled(app.store.journal, key, "send", session.now, kept=whole) as entry:
                rendered = _rendered(app, newsletter, key, session, asked_for=bool(to or session.day))
                if campaigns is not None:
                    handover = Handover(
                        app=app, newsletter=newsletter, rendered=rendered, sender=campaigns, session=session
                    )
                    words, code, numbers = handover.done(to, dry_run, way, at_its_hour=at_its_hour)
                elif dry_run:
                    words, code, numbers = _rehearsed(app, newsletter, rendered, to)
                elif to:
                    words, code, numbers = _sent_to(app, newsletter, rendered, to, session)
                else:
                    words, code, numbers = _sent(app, newsletter, rendered, session, way)
                entry.lines.append(words)
                entry.code = code
            # What was done is recorded by now, whatever becomes of this process while it tells.
            editors.told_of_delivery(words, code=code, held=numbers.get("held", 0))
    session.done(words, code=code, details=numbers, edition=str(key), sha256=rendered.sha256)


def _rendered(
    app: App, newsletter: Newsletter, key: EditionKey, session: Session, *, asked_for: bool
) -> Rendered:
    """The edition as it goes out, with a note for each item that cannot.

    Raises:
        NothingToDo: There is no draft, as there is none on such a day; unless it is *asked_for* by name.
        GatherError: There is no draft yet: it is being made.
    """
    from digest import pipeline

    if app.files.read(key) is None:
        if not asked_for:
            pipeline.require_publishing_day(newsletter, key)
        pipeline.require_no_build(app.store.roster, key)
    rendered = rendered_edition(app, newsletter, key)
    for blurb_id, why in rendered.dropped:
        session.note(f"left out: item {blurb_id}: {why}")
    return rendered


def _rehearsed(app: App, newsletter: Newsletter, rendered: Rendered, to: tuple[str, ...]) -> Said:
    from digest.words.text import counted

    tally = app.store.ledger.tally(rendered.key)
    active = app.store.subscribers.counts(newsletter.key).get("active", 0)
    total = len(to) or active
    settled = 0 if to else tally.sent + tally.refused + tally.unsure
    due = max(total - settled, 0)
    size = sum(map(len, rendered.html.pieces))
    words = (
        f"{rendered.key}: would send {due} of {counted(total, 'mail')} by {newsletter.sender.kind}, "
        f"{size} bytes of HTML each; nothing was sent"
    )
    return words, 0, {"would_send": due, "html_bytes": size}


def _sent(app: App, newsletter: Newsletter, rendered: Rendered, session: Session, way: str | None) -> Said:
    """Send to the whole list, or to those on it who are unsure."""
    from digest import pipeline
    from digest.words.text import counted

    sender = app.sender(newsletter)
    with session.progress() as progress, tempo_of(newsletter, session) as tempo:
        desk = app.desk(newsletter, progress, composes=False)
        try:
            if way == "resend":
                done = pipeline.resend_unsure(
                    newsletter, rendered, desk, sender, now=session.now, tempo=tempo
                )
            else:
                done = pipeline.deliver(
                    newsletter,
                    rendered,
                    desk,
                    sender,
                    now=session.now,
                    resume=way == "resume",
                    tempo=tempo,
                    template=app.template(newsletter),
                )
        except SendError as exc:
            tally = app.store.ledger.tally(rendered.key)
            raise SendError(f"{exc}; so far {tally}; {_go_on(rendered.key)}") from exc
    _note(done, session)
    if done.stopped:
        raise StoppedError(f"{rendered.key}: stopped as asked; so far {done.tally}; {_go_on(rendered.key)}")
    if done.elsewhere and not done.outcomes:
        raise BusyError(f"{rendered.key}: another process is sending it right now; leave it to that one")
    if not (done.outcomes or done.tally.pending or done.tally.unsure):
        words = (
            "everyone had it already" if done.tally.sent == done.tally.total else "nobody is left to send to"
        )
        raise NothingToDo(f"{rendered.key}: {words} ({done.tally}); nobody gets it twice")
    parts = [f"{count} {outcome}" for outcome, count in done.outcomes.items()] or ["nothing more to send"]
    if done.elsewhere:
        parts.append(f"{counted(done.elsewhere, 'mail')} in the hands of another process")
    words = f"{rendered.key}: {', '.join(parts)}, by {newsletter.sender.kind}: {done.tally}"
    numbers: dict[str, Any] = {str(outcome): count for outcome, count in done.outcomes.items()}
    numbers |= {"before": done.before, "suppressed": done.suppressed, "held": done.held}
    # Its hash is of what was saved while the list was written down, perhaps.
    numbers |= {"list": done.tally.total, "sha256": done.sha256}
    code = BusyError.exit_code if done.elsewhere else 0 if done.complete else 1
    return words, code, {**numbers, "tally": done.tally.counts()}


def _note(done: Delivered, session: Session) -> None:
    """Note what an operator should know besides the numbers."""
    from digest.pipeline.editors import notices
    from digest.words.text import counted

    if done.lost:
        were = counted(done.lost, "mail of a run that was cut off is", "mails of a run that was cut off are")
        session.note(f"{were} unsure")
    if done.tally.unsure:
        session.note("nobody knows whether unsure mails have left; see them with: digest send --unsure")
    if done.differs:
        session.note("some readers have, or may have, other words of this edition than it has now")
    if done.suppressed:
        what = counted(done.suppressed, "address is", "addresses are")
        session.note(f"{what} unknown to the server it names, and suppressed")
    if done.held:
        session.note(notices.too_many_unknown(done.key, done.held))


def _go_on(key: EditionKey) -> str:
    return f"go on with: digest send {key.newsletter} --date {key.day} --resume"


def _sent_to(
    app: App, newsletter: Newsletter, rendered: Rendered, to: tuple[str, ...], session: Session
) -> Said:
    """Send to these addresses. Subscribers among them go through the ledger, so the real send skips them."""
    from digest import pipeline
    from digest.model import Outcome
    from digest.words.text import counted

    readers = [reader(app, newsletter, address, session) for address in to]
    listed = [subscriber for subscriber, known in readers if known]
    strangers = [subscriber for subscriber, known in readers if not known]
    sender = app.sender(newsletter)
    outcomes: dict[Outcome, int] = {}
    before = elsewhere = 0
    if listed:
        desk = app.desk(newsletter, composes=False)
        delivered = pipeline.deliver(newsletter, rendered, desk, sender, now=session.now, only=listed)
        outcomes, before, elsewhere = dict(delivered.outcomes), delivered.before, delivered.elsewhere
    copies = [mail_to(app, newsletter, rendered, subscriber, session) for subscriber in strangers]
    for receipt in sender.send(copies):
        outcomes[receipt.outcome] = outcomes.get(receipt.outcome, 0) + 1
    numbers = {str(outcome): count for outcome, count in outcomes.items()}
    parts = [f"{count} {name}" for name, count in numbers.items()]
    parts += [f"{before} sent to before"] if before else []
    parts += [f"{counted(elsewhere, 'mail')} in the hands of another process"] if elsewhere else []
    code = BusyError.exit_code if elsewhere else 0 if set(outcomes) <= {Outcome.SENT} else 1
    return (
        f"{rendered.key}: {', '.join(parts)}, by {newsletter.sender.kind}",
        code,
        {**numbers, "before": before},
    )


def _listed(app: App, key: EditionKey, session: Session) -> Said:
    """Print who is unsure, with the address masked, and since when."""
    from digest.model import State

    ledger = app.store.ledger
    ledger.mark_unsure(key, at=session.now)
    rows: list[dict[str, str]] = []
    after = ""
    while page := ledger.deliveries(key, State.UNSURE, after=after, limit=PAGE):
        rows += _unsure(app, key, page, after)
        after = page[-1].subscriber_id
    if not session.as_json:
        for row in rows:
            say("  ".join(row.values()))
    if not rows:
        raise NothingToDo(f"{key}: no mail is unsure")
    words = f"{key}: {len(rows)} unsure; to send them again, with the same Message-ID: --resend-unsure"
    return words, 0, {"unsure": rows}


def _unsure(app: App, key: EditionKey, page: Sequence[Delivery], after: str) -> Iterator[dict[str, str]]:
    from digest.audience import mask
    from digest.model import CAMPAIGN, State

    there = app.store.ledger.due(key, State.UNSURE, after=after, limit=len(page))
    addresses = {due.id: mask(due.email) for due in there}
    addresses[CAMPAIGN] = "(the provider's list)"
    for row in page:
        yield {
            "subscriber": row.subscriber_id,
            "address": addresses.get(row.subscriber_id, "(left the list)"),
            "at": row.at.isoformat(timespec="minutes"),
            "words": row.detail,
        }
