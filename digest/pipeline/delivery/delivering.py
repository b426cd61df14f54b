"""Deliver: render | claim | send | record. Whatever breaks, nobody gets an edition twice.

::

    settle               the edition before, by all that came back        (see suppressing)
    enrol                everyone who is active comes on the edition's list, as pending
    look again           what was saved meanwhile goes out, and not what it was before
    due | dispatch       batch by batch, until nobody is due            (see dispatching)
    wait | due again     for whom a server put off, a few times
    withdraw             who left meanwhile, and got nothing, leaves the list
    settle               whom servers call unknown is suppressed, or held

Each step may be repeated, so a run that was cut off is resumed by running it again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from digest import rendering, timetable
from digest.errors import ApprovalError, BusyError, EditionError, NothingToDo, StoreError
from digest.logs import log
from digest.model import CAMPAIGN, EditionKey, Outcome, Rendered, State, Subscriber, Tally
from digest.pipeline.delivery.dispatching import Dispatch, unnoted
from digest.pipeline.delivery.publishing import keep, source_of
from digest.pipeline.delivery.suppressing import settle, settle_last
from digest.pipeline.delivery.tempo import Tempo
from digest.pipeline.desk import Desk, read_edition
from digest.pipeline.outing import Beginning
from digest.ports import DUE, Due, EditionFiles, Ledger, Sender, Step
from digest.rendering import Template
from digest.settings import Newsletter


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What one run did, and how the edition's list stands after it."""

    key: EditionKey
    sha256: str
    #: What became of those whom this run tried, in the end.
    outcomes: Mapping[Outcome, int]
    #: Those whom it was asked to send to, and who had been settled before.
    before: int
    tally: Tally
    #: Mails of those whom it was asked to send to that another process, which is alive, has in hand.
    elsewhere: int
    #: It was asked to stop before it was done.
    stopped: bool
    #: Mails of earlier runs that were cut off, which this one found.
    lost: int
    #: Somebody got the edition, or may have got it, with another content.
    differs: bool
    #: Addresses that this run suppressed.
    suppressed: int
    #: Addresses that were called unknown, by whatever run, and are not suppressed: there are too many.
    held: int
    #: Blurbs that break the template: (blurb id, why).
    dropped: tuple[tuple[str, str], ...]

    @property
    def complete(self) -> bool:
        """Everyone has the edition, and all of it."""
        failed = sum(count for outcome, count in self.outcomes.items() if outcome is not Outcome.SENT)
        open_ = self.tally.pending + self.tally.deferred + self.tally.unsure
        return not (failed or open_ or self.dropped)


def render_edition(
    newsletter: Newsletter, key: EditionKey, template: Template, files: EditionFiles
) -> Rendered:
    """What `digest preview` shows and `digest send` sends: the one way from the file to a mail.

    Raises:
        EditionError: The file is wrong, or says nothing.
        RenderError: The template is wrong.
    """
    edition = read_edition(key, files)
    rendered = rendering.render(edition, newsletter, template)
    words = edition.quiet and edition.letter.strip()
    if len(edition.used) == len(rendered.dropped) and not words:
        raise EditionError(
            files.path(key), "no item that can be shown has use: yes; an empty mail never leaves"
        )
    return replace(rendered, source=source_of(edition, newsletter, rendered))


def deliver(
    newsletter: Newsletter,
    rendered: Rendered,
    desk: Desk,
    sender: Sender,
    *,
    now: datetime,
    only: Sequence[Subscriber] | None = None,
    resume: bool = False,
    tempo: Tempo | None = None,
    template: Template | None = None,
) -> Delivered:
    """Send the edition to each active subscriber (or to *only* those) who has not got it.

    *resume*: what others got has to be the same. Without a *tempo*, deferred mails are not tried again. With
    the *template*, its file is looked at once more just before the first mail: a list may be long, and a
    database locked, and an editor goes on.

    Raises:
        EditionError: It waits for an approval; it is another one now, and is to be resumed; or the database
            knows less of it than has gone out.
        NothingToDo: There is no subscriber.
        SendError: The sender cannot send now; what was sent is recorded, the rest is free for the next run.
        StoreError: The ledger cannot be written; nothing more is sent.
    """
    key, ledger = rendered.key, desk.store.ledger
    tempo = tempo or Tempo(lambda: now)
    _require_leave(newsletter, rendered, desk, now)
    with ledger.owned() as owner:
        lost = ledger.mark_unsure(key, at=now)
        if only is None:
            settle_last(key, desk.store, desk.bounces, at=now)
            ledger.enrol(key, at=now)
        if template is not None:
            rendered = _latest(newsletter, rendered, template, desk, now)
        differs = bool(ledger.contents(key) - {rendered.sha256})
        if resume and differs:
            raise _changed(newsletter, key, desk)
        beginning = Beginning(key, desk.store)
        leaving = beginning.say if only is None else unnoted
        dispatch = Dispatch(newsletter, rendered, desk, sender, owner=owner, tempo=tempo, leaving=leaving)
        if not (dispatch.listed if only is None else only):
            raise NothingToDo(
                f"{key}: nobody to send to; add someone with: digest subscribers add {newsletter.key} ADDRESS"
            )
        with noting_what_goes_out(key, desk, tempo):
            if only is None:
                _send_to_list(dispatch, beginning, key, tempo, desk, now)
            else:
                _send_some(dispatch, only)
    return _delivered(dispatch, rendered, desk, tempo, asked=only, lost=lost, differs=differs)


def _require_leave(newsletter: Newsletter, rendered: Rendered, desk: Desk, now: datetime) -> None:
    require_approval(newsletter, rendered, desk, now)
    _require_no_campaign(rendered.key, desk.store.ledger)
    keep(rendered, desk.store, at=now)
    require_known(rendered.key, desk)


def _latest(
    newsletter: Newsletter, rendered: Rendered, template: Template, desk: Desk, now: datetime
) -> Rendered:
    """What the file says by now, if that may go out; raises as ``render_edition`` and ``deliver`` do."""
    latest = render_edition(newsletter, rendered.key, template, desk.files)
    if latest.sha256 == rendered.sha256:
        return rendered
    require_approval(newsletter, latest, desk, now)
    keep(latest, desk.store, at=now)
    return latest


def _changed(newsletter: Newsletter, key: EditionKey, desk: Desk) -> EditionError:
    return EditionError(
        desk.files.path(key),
        "it was changed since the run that was cut off; undo that, or send the rest as it is now "
        f"with: digest send {newsletter.key} --date {key.day}",
    )


def resend_unsure(
    newsletter: Newsletter,
    rendered: Rendered,
    desk: Desk,
    sender: Sender,
    *,
    now: datetime,
    tempo: Tempo | None = None,
) -> Delivered:
    """Send the edition once more to those of whom nobody knows whether they have it, and to nobody else.

    Each mail has the Message-ID that it had, so that a second one folds into the first. What is unsure again
    stays unsure.

    Raises:
        EditionError, SendError, StoreError: As ``deliver`` does.
        NothingToDo: No mail is unsure.
        BusyError: Another process has them in hand.
    """
    key, ledger = rendered.key, desk.store.ledger
    tempo = tempo or Tempo(lambda: now)
    _require_leave(newsletter, rendered, desk, now)
    with ledger.owned() as owner, noting_what_goes_out(key, desk, tempo):
        lost = ledger.mark_unsure(key, at=now)
        differs = bool(ledger.contents(key) - {rendered.sha256})
        dispatch = Dispatch(newsletter, rendered, desk, sender, owner=owner, tempo=tempo)
        tally, in_hand = ledger.standing(key)
        if not tally.unsure and in_hand:
            raise BusyError(f"{key}: another process is sending it right now; leave it to that one")
        if not tally.unsure:
            raise NothingToDo(f"{key}: no mail is unsure; nothing was sent")
        unsure = (State.UNSURE,)
        dispatch.send(_due_in(ledger, key, *unsure, size=dispatch.batch), of=unsure)
    return _delivered(dispatch, rendered, desk, tempo, asked=None, lost=lost, differs=differs)


@contextmanager
def _taken_back_if_nothing_left(beginning: Beginning, dispatch: Dispatch) -> Iterator[None]:
    """A login that failed, say: then the edition is not out, and may be composed anew."""
    try:
        yield
    finally:
        if not dispatch.left:
            beginning.take_back()


def _send_to_list(
    dispatch: Dispatch, beginning: Beginning, key: EditionKey, tempo: Tempo, desk: Desk, now: datetime
) -> None:
    ledger = desk.store.ledger
    with _taken_back_if_nothing_left(beginning, dispatch):
        _send_all(dispatch, ledger, key, tempo, desk)
    ledger.withdraw(key)
    tally = ledger.tally(key)
    if not (tally.pending or tally.deferred):  # all who are on the list had it before, perhaps
        beginning.say(now)


def _send_all(dispatch: Dispatch, ledger: Ledger, key: EditionKey, tempo: Tempo, desk: Desk) -> None:
    """Everyone who is due; then, after each pause, everyone who still is."""
    dispatch.send(_due_in(ledger, key, *DUE, size=dispatch.batch), of=DUE)
    for pause in tempo.retry_after:
        deferred = ledger.tally(key).deferred
        if not (deferred and tempo.goes_on()):
            return
        words = f"{deferred} deferred, to be tried again in {_length(pause)}"
        desk.progress(Step("send", dispatch.outcomes.total(), dispatch.outcomes.total() + deferred, words))
        if not tempo.pause(pause):
            return
        del dispatch.outcomes[Outcome.DEFERRED]  # all are tried again, and counted for what they become
        dispatch.send(_due_in(ledger, key, *DUE, size=dispatch.batch), of=DUE)


def _send_some(dispatch: Dispatch, only: Sequence[Subscriber]) -> None:
    people = [Due.of(subscriber) for subscriber in only]
    batches = range(0, len(people), dispatch.batch)
    dispatch.send((people[start : start + dispatch.batch] for start in batches), of=DUE)


def _due_in(ledger: Ledger, key: EditionKey, *states: State, size: int) -> Iterator[Sequence[Due]]:
    """Everyone in these states, page by page."""
    after = ""
    while page := ledger.due(key, *states, after=after, limit=size):
        yield page
        after = page[-1].id


def _length(pause: timedelta) -> str:
    seconds = int(pause.total_seconds())
    return f"{seconds // 60} min" if seconds >= 60 else f"{seconds} s"


def _delivered(
    dispatch: Dispatch,
    rendered: Rendered,
    desk: Desk,
    tempo: Tempo,
    *,
    asked: Sequence[Subscriber] | None,
    lost: int,
    differs: bool,
) -> Delivered:
    ledger = desk.store.ledger
    tally, in_hand = ledger.standing(rendered.key)
    settled = settle(rendered.key, desk.store, desk.bounces, at=tempo.now())
    elsewhere = in_hand if asked is None else _in_hand(ledger, rendered.key, asked)
    listed = tally.total - tally.pending if asked is None else len(asked) - elsewhere
    done = {outcome.value: count for outcome, count in dispatch.outcomes.items()}
    log.info(
        "delivered", **done, list=tally.total, open=tally.pending + tally.deferred, stopped=tempo.stopped
    )
    return Delivered(
        key=rendered.key,
        sha256=rendered.sha256,
        outcomes=dict(dispatch.outcomes),
        before=max(0, listed - dispatch.outcomes.total()),
        tally=tally,
        elsewhere=elsewhere,
        stopped=tempo.stopped,
        lost=lost,
        differs=differs,
        suppressed=settled.suppressed,
        held=settled.held,
        dropped=rendered.dropped,
    )


def _in_hand(ledger: Ledger, key: EditionKey, people: Sequence[Subscriber]) -> int:
    rows = (ledger.get(key, one.id) for one in people)
    return sum(row is not None and row.state is State.SENDING for row in rows)


def require_known(key: EditionKey, desk: Desk) -> None:
    """Nothing, unless more mails of the edition have gone out than the database knows of.

    Raises:
        EditionError: It is an older copy, then, and readers would get two.
    """
    noted, tally = desk.files.gone_out(key), desk.store.ledger.tally(key)
    if noted is not None and (noted > _gone(tally) or not tally.total):
        raise EditionError(
            desk.files.path(key).removesuffix(".yaml") + ".sent",
            f"says that its sending was begun and {noted} mails had gone out, and the database knows of "
            f"{_gone(tally)}: was it restored from an older copy? Nothing was sent. Where you are certain "
            "that nobody has the edition, delete that file, and send it again",
        )


@contextmanager
def noting_what_goes_out(key: EditionKey, desk: Desk, tempo: Tempo) -> Iterator[None]:
    """Note beside the edition's file how many of its mails have gone out, before the block and after it."""
    before = desk.store.ledger.tally(key)
    if before.total:
        desk.files.note_gone_out(key, _gone(before), at=tempo.now())
    try:
        yield
    finally:
        with suppress(StoreError):  # a disk or database that fails has said so already
            if (gone := _gone(desk.store.ledger.tally(key))) != _gone(before):
                desk.files.note_gone_out(key, gone, at=tempo.now())


def _gone(tally: Tally) -> int:
    """What is never taken back."""
    return tally.sent + tally.refused


def _require_no_campaign(key: EditionKey, ledger: Ledger) -> None:
    row = ledger.get(key, CAMPAIGN)
    if row is not None and row.state not in DUE:
        raise EditionError(
            str(key), "a provider that holds the list has it; single mails would reach readers again"
        )


def require_approval(newsletter: Newsletter, rendered: Rendered, desk: Desk, now: datetime) -> None:
    """Nothing, when the edition may go out.

    Raises:
        ApprovalError: It waits for one, and what to do about it.
    """
    rule, _, hour = newsletter.approval.partition(" after ")
    if rule == "automatic":
        if not hour:
            return
        opens = timetable.local(newsletter, rendered.key.day, time.fromisoformat(hour))
        if now >= opens:
            return
    record = desk.store.editions.get(rendered.key)
    approval = record.approval if record else None
    if approval is None or approval.sha256 != rendered.sha256:
        by = f" by {approval.by}" if approval and approval.by else ""
        why = f"it was changed after its approval{by}" if approval else "nobody approved it"
        hint = f"digest approve {newsletter.key} --date {rendered.key.day}"
        raise ApprovalError(
            desk.files.path(rendered.key),
            f"approval is {newsletter.approval!r}, and {why}; see it, then: {hint}",
        )
