"""Mails a correction to everyone who was sent the edition, once to each, whatever breaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from digest.errors import NothingToDo
from digest.model import Outcome, Rendered, State, Tally
from digest.pipeline.delivery.dispatching import Dispatch
from digest.pipeline.delivery.suppressing import settle
from digest.pipeline.delivery.tempo import Tempo
from digest.pipeline.desk import Desk
from digest.ports import DUE, Due, Ledger, Sender
from digest.settings import Newsletter


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailed:
    """What one run did, and how the correction's list stands after it."""

    outcomes: Mapping[Outcome, int]
    tally: Tally
    stopped: bool


def mail_correction(
    newsletter: Newsletter,
    rendered: Rendered,
    desk: Desk,
    sender: Sender,
    *,
    now: datetime,
    tempo: Tempo | None = None,
) -> Mailed:
    """Send *rendered* to every active subscriber who has its edition, but not this correction.

    The ledger records it like an edition's mails, so it may be repeated after it was cut off.

    Raises:
        NothingToDo: Everyone has it.
        RenderError, SendError, StoreError: As ``deliver`` does.
    """
    ledger, entry = desk.store.ledger, rendered.entry
    tempo = tempo or Tempo(lambda: now)
    with ledger.owned() as owner:
        ledger.mark_unsure(entry, at=now)
        dispatch = Dispatch(newsletter, rendered, desk, sender, owner=owner, tempo=tempo)
        dispatch.send(_readers(ledger, rendered, dispatch.batch), of=DUE)
        for pause in tempo.retry_after:
            if tempo.stopped or not ledger.tally(entry).deferred or not tempo.pause(pause):
                break
            del dispatch.outcomes[Outcome.DEFERRED]  # all are tried again, and counted for what they become
            dispatch.send(_readers(ledger, rendered, dispatch.batch, tried=True), of=DUE)
    settle(entry, desk.store, desk.bounces, at=tempo.now())
    if not dispatch.outcomes:
        raise NothingToDo(f"{rendered.key}: everyone who has the edition has this correction, too")
    return Mailed(outcomes=dict(dispatch.outcomes), tally=ledger.tally(entry), stopped=tempo.stopped)


def _readers(
    ledger: Ledger, rendered: Rendered, size: int, *, tried: bool = False
) -> Iterator[Sequence[Due]]:
    """Those who were sent the edition, page by page; each is to get a mail with its own Message-ID."""
    after = ""
    while page := ledger.due(rendered.key, State.SENT, after=after, limit=size):
        yield [due._replace(message_id="", tried=tried) for due in page]
        after = page[-1].id
