"""Campaign: hands the edition to a provider that holds the list, once, whatever breaks.

::

    claim          the edition's one row, before anything is asked
    look           for the campaign that an earlier run may have made
    draft          make it, or make it say what the edition says now
    note           the provider's id for it: from here on it may be launched
    launch         and record what the provider says of it

A draft reaches nobody, and a campaign is launched once by its provider, so every step may be repeated. A row
without the provider's id was certainly not launched; with it, the provider is asked before anything is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn

from digest.errors import BusyError, EditionError, SendError
from digest.logs import log
from digest.model import (
    CAMPAIGN,
    Campaign,
    Delivery,
    EditionKey,
    Outcome,
    Receipt,
    Remote,
    Rendered,
    Standing,
    State,
)
from digest.pipeline.delivery.addressing import campaign_for
from digest.pipeline.delivery.delivering import require_approval
from digest.pipeline.delivery.publishing import keep
from digest.pipeline.delivery.tempo import Tempo
from digest.pipeline.desk import Desk
from digest.pipeline.outing import Beginning
from digest.ports import DUE, CampaignSender, Ledger, Store
from digest.settings import Newsletter

#: How long a test of the draft by another process is waited for, and how long before it is asked again.
PATIENCE, LOOK_AGAIN = timedelta(minutes=2), timedelta(seconds=1)

#: What a campaign's standing is to the ledger: "sent" is in the provider's hands.
OUTCOMES = {
    Standing.SCHEDULED: Outcome.SENT,
    Standing.SENDING: Outcome.SENT,
    Standing.SENT: Outcome.SENT,
    Standing.PAUSED: Outcome.UNSURE,
    Standing.UNKNOWN: Outcome.UNSURE,
    Standing.DRAFT: Outcome.UNSURE,
    Standing.CANCELLED: Outcome.REFUSED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaigned:
    """How the edition's campaign stands after a run."""

    key: EditionKey
    sha256: str
    outcome: Outcome
    #: None: the provider has none of that id any more, or could not be asked.
    remote: Remote | None
    #: An earlier run had settled it.
    before: bool
    #: What the provider has is not what the edition says now.
    differs: bool
    dropped: tuple[tuple[str, str], ...]

    @property
    def complete(self) -> bool:
        return self.outcome is Outcome.SENT and not self.dropped

    @property
    def words(self) -> str:
        """How it stands there: "campaign c1, sending, 120 of 1204 mails"."""
        if self.remote is None:
            return "there is no such campaign"
        return f"campaign {self.remote.id}, {said(self.remote)}"


def said(remote: Remote) -> str:
    """A campaign's standing in words."""
    standing = "not known" if remote.standing is Standing.UNKNOWN else str(remote.standing)
    return ", ".join(filter(None, [standing, remote.words]))


def deliver_campaign(
    newsletter: Newsletter,
    rendered: Rendered,
    desk: Desk,
    sender: CampaignSender,
    *,
    now: datetime,
    at: datetime | None = None,
    resume: bool = False,
    tempo: Tempo | None = None,
) -> Campaigned:
    """Have the edition sent to the provider's list, at once or *at* a moment; or say how that stands.

    *resume*: a launch that may have got lost is made again, unless the provider shows that it arrived. With
    a *tempo*, a test of the draft that another process is at is waited for.

    Raises:
        EditionError: It waits for an approval; readers have it as single mails; or it is another one now.
        RenderError: The postal address or the link to unsubscribe is not to be seen.
        SendError: It was certainly not launched; the next run may try.
        BusyError: Another process is launching it.
        StoreError: The ledger cannot be written; nothing is launched.
    """
    key, ledger = rendered.key, desk.store.ledger
    require_approval(newsletter, rendered, desk, now)
    campaign = campaign_for(rendered, newsletter, at=at if at and at > now else None)
    keep(rendered, desk.store, at=campaign.at or now)
    with ledger.owned() as owner:
        ledger.mark_unsure(key, at=now)
        _require_no_mails(key, ledger)
        run = _Run(campaign, desk.store, sender, owner=owner, now=now, tempo=tempo)
        row = ledger.get(key, CAMPAIGN)
        if row is not None and row.state in (State.SENT, State.REFUSED):
            return run.settled(row)
        if row is not None and row.state is State.UNSURE and row.remote_id:
            if resume and row.sha256 != rendered.sha256:
                raise EditionError(
                    desk.files.path(key), "it was changed since it was handed over; undo that, and try again"
                )
            return run.looked_after(row, again=resume)
        return run.launched(row)


def rehearse_campaign(
    newsletter: Newsletter,
    rendered: Rendered,
    desk: Desk,
    sender: CampaignSender,
    addresses: Sequence[str],
    *,
    now: datetime,
) -> Remote:
    """Have the provider send its draft of the edition to *addresses*; nothing goes to the list.

    Raises:
        SendError: Not everyone will get it.
        BusyError: Another process has the draft in hand.
        RenderError, StoreError: As ``deliver_campaign`` does.
    """
    key, ledger = rendered.key, desk.store.ledger
    campaign = campaign_for(rendered, newsletter, at=None)
    with ledger.owned() as owner:
        run = _Run(campaign, desk.store, sender, owner=owner, now=now)
        # Nobody launches the draft while it may say what nobody approved.
        if run.claims(DUE):
            try:
                remote = run.drafted(ledger.get(key, CAMPAIGN))
                sender.test(campaign, remote, addresses)
            finally:
                ledger.release(key, [CAMPAIGN])
            return remote
    there = sender.look(key)
    if there is None:
        raise BusyError(f"{key}: another process is sending it; try again")
    sender.test(campaign, there, addresses)
    return there


class _Run:
    """One run's dealings with one edition's campaign."""

    def __init__(
        self,
        campaign: Campaign,
        store: Store,
        sender: CampaignSender,
        *,
        owner: str,
        now: datetime,
        tempo: Tempo | None = None,
    ) -> None:
        self._campaign = campaign
        self._rendered = campaign.rendered
        self._key = campaign.rendered.key
        self._ledger = store.ledger
        self._editions = store.editions
        self._beginning = Beginning(self._key, store)
        self._sender = sender
        self._owner = owner
        self._now = now
        self._tempo = tempo or Tempo(lambda: now)

    def claims(self, of: Sequence[State]) -> bool:
        pairs = [(CAMPAIGN, "")]
        sha256 = self._rendered.sha256
        key, at, owner = self._key, self._now, self._owner
        return bool(self._ledger.claim(key, pairs, sha256=sha256, at=at, owner=owner, of=of))

    def settled(self, row: Delivery) -> Campaigned:
        """What an earlier run had launched, as the provider tells it now."""
        try:
            remote = self._sender.look(self._key, remote_id=row.remote_id)
        except SendError:
            remote = None
        return self._campaigned(Outcome(row.state), remote, before=True, sha256=row.sha256)

    def looked_after(self, row: Delivery, *, again: bool) -> Campaigned:
        """A launch of which nobody knows: the provider is asked, and if *again* the draft is launched."""
        remote = self._sender.look(self._key, remote_id=row.remote_id)
        if remote is None or (remote.standing is Standing.DRAFT and not again):
            if self._ledger.standing(self._key).in_hand:  # claimed since the row was read
                self._leave_it()
            return self._campaigned(Outcome.UNSURE, remote, sha256=row.sha256)
        if remote.standing is not Standing.DRAFT:
            return self._recorded(remote, sha256=row.sha256)
        self._claim_or_stop(State.UNSURE)
        try:
            return self._recorded(self._sender.launch(self._campaign, remote))
        except SendError:
            self._ledger.release_unsure(self._key, [(CAMPAIGN, row.sha256, row.detail)])
            raise

    def launched(self, row: Delivery | None) -> Campaigned:
        """The edition's campaign, made and launched; one that is on its way already is left alone."""
        unsure = row is not None and row.state is State.UNSURE
        self._claim_or_stop(*DUE, *([State.UNSURE] if unsure else []))
        try:
            remote = self._there(row)
            if remote is None or remote.standing is Standing.DRAFT:
                remote = self._sender.draft(self._campaign, remote)
                self._ledger.note(self._key, CAMPAIGN, remote_id=remote.id)
                remote = self._sender.launch(self._campaign, remote)
        except SendError:
            self._ledger.release(self._key, [CAMPAIGN])
            self._beginning.take_back()
            raise
        return self._recorded(remote)

    def drafted(self, row: Delivery | None) -> Remote:
        remote = self._there(row)
        if remote is None or remote.standing is Standing.DRAFT:
            remote = self._sender.draft(self._campaign, remote)
        return remote

    def _there(self, row: Delivery | None) -> Remote | None:
        known = row.remote_id if row else ""
        found = self._sender.look(self._key, remote_id=known) if known else None
        return found or self._sender.look(self._key)

    def _claim_or_stop(self, *of: State) -> None:
        waited = timedelta()
        while not self.claims(of):
            # What goes to the list says so at once; a test is over in seconds, and does not.
            is_test = self._editions.begun(self._key) is None
            if not is_test or waited >= PATIENCE or not self._tempo.pause(LOOK_AGAIN):
                self._leave_it()
            waited += LOOK_AGAIN
        self._beginning.say(self._now)

    def _leave_it(self) -> NoReturn:
        raise BusyError(f"{self._key}: another process is handing it over; leave it to that one")

    def _recorded(self, remote: Remote, sha256: str = "") -> Campaigned:
        outcome = OUTCOMES[remote.standing]
        receipt = Receipt(subscriber_id=CAMPAIGN, outcome=outcome, remote_id=remote.id, detail=said(remote))
        self._ledger.record(self._key, [receipt], at=self._now)
        log.info(
            "handed over",
            to=self._sender.name,
            campaign=remote.id,
            standing=said(remote),
            outcome=str(outcome),
        )
        return self._campaigned(outcome, remote, sha256=sha256)

    def _campaigned(
        self, outcome: Outcome, remote: Remote | None, *, sha256: str, before: bool = False
    ) -> Campaigned:
        there = (remote.content if remote else "") or sha256 or self._campaign.content
        return Campaigned(
            key=self._key,
            sha256=self._rendered.sha256,
            outcome=outcome,
            remote=remote,
            before=before,
            differs=not self._rendered.sha256.startswith(there[: len(self._campaign.content)]),
            dropped=self._rendered.dropped,
        )


def _require_no_mails(key: EditionKey, ledger: Ledger) -> None:
    """Nothing, unless readers got the edition, or may have got it, from a sender of single mails."""
    gone = ledger.deliveries(key, State.SENT, State.UNSURE, State.SENDING, limit=2)
    if any(row.subscriber_id != CAMPAIGN for row in gone):
        raise EditionError(
            str(key),
            "some readers have it as single mails, and a campaign would reach them again; send the rest with "
            "the sender that it had",
        )
