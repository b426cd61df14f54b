"""The edition's hour: everything between a draft and its readers, and what is said if there is no draft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from digest import pipeline, timetable
from digest.app import App
from digest.errors import ConfigError, DigestError, EditionError, NothingToDo, RenderError, SendError
from digest.model import EditionKey, Notice, Outcome, Stage
from digest.pipeline import Tempo
from digest.pipeline.editors import notices
from digest.scheduler.deciding import LATER, NOTHING, PROBLEM
from digest.settings import Newsletter
from digest.timetable import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """The result of one attempt: *settled* if there is nothing to try again."""

    words: str
    code: int
    settled: bool
    #: It was told to stop in the middle.
    dropped: bool = False
    notice: Notice | None = None


def attempt(
    app: App,
    newsletter: Newsletter,
    turn: Turn,
    *,
    now: datetime,
    clock: Callable[[], datetime],
    wait: Callable[[float], bool],
) -> Attempt:
    """Send the edition to everyone who has not got it, if it may go out; else say why not.

    Raises:
        StoreError: The ledger cannot be read or written; nothing more leaves.
    """
    key = EditionKey(newsletter=newsletter.key, day=turn.day)
    try:
        if app.files.read(key) is None:
            return _without_draft(app, newsletter, key, turn, now)
        template = app.template(newsletter)
        rendered = pipeline.render_edition(newsletter, key, template, app.files)
    except DigestError as exc:
        return _held_up(app, newsletter, key, exc, turn, now)
    desk = app.desk(newsletter)
    try:
        pipeline.require_approval(newsletter, rendered, desk, now)
    except EditionError as exc:
        return _held_up(app, newsletter, key, exc, turn, now)
    ends = timetable.plan(newsletter, turn.day).ends
    tempo = Tempo(clock, wait=wait, per_minute=newsletter.mails_per_minute, until=ends)
    try:
        if (campaigns := app.campaigns(newsletter)) is not None:
            handed = pipeline.deliver_campaign(newsletter, rendered, desk, campaigns, now=now)
            return _handed_over(newsletter, handed, turn, now)
        sent = pipeline.deliver(
            newsletter, rendered, desk, app.sender(newsletter), now=now, tempo=tempo, template=template
        )
    except NothingToDo as exc:
        notice = notices.not_sent(newsletter, key, str(exc), now=now, about="nobody")
        return Attempt(words=str(exc), code=exc.exit_code, settled=True, notice=notice)
    except SendError as exc:
        tally = app.store.ledger.tally(key)
        words = SendError(f"{exc}; so far {tally}") if tally.total else exc
        return _waiting(newsletter, key, words, turn, now, sent=tally.sent)
    # Restored from an older copy; a key that cannot be one; no postal address to be seen.
    except (EditionError, ConfigError, RenderError) as exc:
        return _held_up(app, newsletter, key, exc, turn, now)
    return _delivered(newsletter, sent, now)


def _delivered(newsletter: Newsletter, sent: pipeline.Delivered, now: datetime) -> Attempt:
    key, tally = sent.key, sent.tally
    left_out = "".join(f"; left out: item {item}: {why}" for item, why in sent.dropped)
    words = f"{key}: {tally}, by {newsletter.sender.kind}{left_out}"
    if sent.stopped:
        return Attempt(words=f"{words}; stopped as asked", code=LATER, settled=False, dropped=True)
    if sent.elsewhere:  # the last one reports the numbers: the other process, or our next attempt
        return Attempt(words=f"{words}; another process is at the rest", code=LATER, settled=False)
    if tally.pending:  # given back by a process that was stopped, or new on the list
        return Attempt(words=words, code=LATER, settled=False)
    notice = _told_of(newsletter, sent, words, now)
    if tally.deferred:
        return Attempt(words=words, code=LATER, settled=False, notice=notice)
    return Attempt(words=words, code=0 if sent.complete else PROBLEM, settled=True, notice=notice)


def _told_of(newsletter: Newsletter, sent: pipeline.Delivered, words: str, now: datetime) -> Notice | None:
    """What editors hear of a run that is over; nothing while nobody has it and somebody may get it."""
    if sent.tally.sent:
        return notices.sent(newsletter, sent.key, sent.tally, now=now, held=sent.held)
    if sent.tally.deferred or not sent.tally.total:
        return None
    return notices.not_sent(newsletter, sent.key, words, now=now, about="nobody has it")


def _handed_over(newsletter: Newsletter, handed: pipeline.Campaigned, turn: Turn, now: datetime) -> Attempt:
    key, kind = handed.key, newsletter.sender.kind
    if handed.outcome is Outcome.SENT:
        words = f"{key}: handed over to {kind}: {handed.words}"
        told = notices.sent(newsletter, key, handed.words, now=now)
        return Attempt(words=words, code=0 if handed.complete else PROBLEM, settled=True, notice=told)
    if handed.outcome is Outcome.REFUSED:
        words = f"{key}: called off at {kind}, and not sent: {handed.words}"
        told = notices.not_sent(newsletter, key, words, now=now, about="called off")
        return Attempt(words=words, code=PROBLEM, settled=True, notice=told)
    words = f"{key}: unsure whether {kind} sends it: {handed.words}"
    return _waiting(newsletter, key, SendError(words), turn, now, about="unsure")


def _without_draft(app: App, newsletter: Newsletter, key: EditionKey, turn: Turn, now: datetime) -> Attempt:
    """A quiet day is over at its hour; a draft that failed is tried further."""
    built = next(
        (
            duty
            for duty in app.store.roster.duties(newsletter.key, since=key.day)
            if duty.key == key and duty.stage is Stage.BUILD
        ),
        None,
    )
    if built is not None and built.begun:
        return Attempt(words=f"{key}: its draft is being made", code=PROBLEM, settled=False)
    words = built.words if built else f"{key}: there is no draft"
    if built is not None and built.code == NOTHING:
        told = notices.quiet(newsletter, key, words, now=now)
        return Attempt(words=words, code=NOTHING, settled=True, notice=told)
    told = notices.not_sent(newsletter, key, words, now=now, about="draft", until=turn.until, draft=False)
    return Attempt(words=words, code=PROBLEM, settled=False, notice=told)


def _held_up(
    app: App, newsletter: Newsletter, key: EditionKey, why: DigestError, turn: Turn, now: datetime
) -> Attempt:
    """Something has to be fixed, unless a command has sent the edition as it was, or is sending it."""
    tally, in_hand = app.store.ledger.standing(key)
    if in_hand:
        words = f"{key}: another process is sending it as it was before"
        return Attempt(words=words, code=LATER, settled=False)
    if not pipeline.is_out(key, app.store):
        return _waiting(newsletter, key, why, turn, now, sent=tally.sent)
    code = 0 if tally.sent == tally.total else PROBLEM
    if app.campaigns(newsletter) is not None:
        words = f"{key}: handed over to {newsletter.sender.kind} already"
        told = notices.sent(newsletter, key, words, now=now)
        return Attempt(words=words, code=code, settled=True, notice=told)
    told = notices.sent(newsletter, key, tally, now=now)
    words = f"{key}: {tally}, by {newsletter.sender.kind}"
    return Attempt(words=words, code=code, settled=True, notice=told)


def _waiting(
    newsletter: Newsletter,
    key: EditionKey,
    why: DigestError,
    turn: Turn,
    now: datetime,
    *,
    about: str = "",
    sent: int = 0,
) -> Attempt:
    """It goes out if that is fixed in time. The editors are told of each kind of reason once.

    *sent*: how many readers have it.
    """
    told = notices.not_sent(newsletter, key, why, now=now, about=about, until=turn.until, sent=sent)
    return Attempt(words=str(why), code=why.exit_code, settled=False, notice=told)
