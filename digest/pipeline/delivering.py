"""Deliver: render | claim | send | record. Whatever breaks, nobody gets an edition twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from digest import rendering, timetable
from digest.errors import EditionError, NothingToDo, SendError
from digest.model import EditionKey, Mail, Outcome, Receipt, Rendered, Subscriber
from digest.pipeline.addressing import mail_for
from digest.pipeline.desk import Desk, read_edition
from digest.ports import EditionFiles, Ledger, Sender, Step, SubscriberStore
from digest.rendering import Template
from digest.settings import Newsletter

PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """Numbers of this run; *before* had been settled by an earlier one."""

    key: EditionKey
    sha256: str
    outcomes: Mapping[Outcome, int]
    before: int
    #: In doubt from a run that crashed: claimed, and never recorded.
    in_doubt: int
    #: Blurbs that break the template: (blurb id, why).
    dropped: tuple[tuple[str, str], ...]

    @property
    def complete(self) -> bool:
        """Everyone has the edition, and all of it."""
        failed = sum(count for outcome, count in self.outcomes.items() if outcome is not Outcome.SENT)
        return not (failed or self.in_doubt or self.dropped)


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
    if len(edition.used) == len(rendered.dropped):
        raise EditionError(
            files.path(key), "no item that can be shown has use: yes; an empty mail never leaves"
        )
    return rendered


def deliver(
    newsletter: Newsletter,
    rendered: Rendered,
    desk: Desk,
    sender: Sender,
    *,
    now: datetime,
    only: Sequence[Subscriber] | None = None,
) -> Delivered:
    """Send the edition to each active subscriber (or to *only* those) who has not got it.

    Raises:
        EditionError: It waits for an approval.
        NothingToDo: There is no subscriber.
        SendError: The sender cannot send now; what was sent is recorded, the rest is free for the next run.
    """
    key, ledger = rendered.key, desk.store.ledger
    _require_approval(newsletter, rendered, desk, now)
    total = len(only) if only is not None else desk.store.subscribers.counts(newsletter.key).get("active", 0)
    if not total:
        raise NothingToDo(
            f"{key}: nobody to send to; add someone with: digest subscribers add {newsletter.key} ADDRESS"
        )
    secret = desk.store.secret()
    outcomes: dict[Outcome, int] = {}
    seen = before = 0
    for batch in _batches(only, newsletter, desk.store.subscribers, sender.batch):
        mails = [mail_for(subscriber, rendered, newsletter, secret=secret, now=now) for subscriber in batch]
        receipts = _send(mails, rendered, ledger, sender, now)
        for receipt in receipts:
            outcomes[receipt.outcome] = outcomes.get(receipt.outcome, 0) + 1
        seen += len(batch)
        before += len(batch) - len(receipts)
        desk.progress(Step("send", seen, total))
    in_doubt = ledger.counts(key).get(None, 0)
    return Delivered(
        key=key,
        sha256=rendered.sha256,
        outcomes=outcomes,
        before=before,
        in_doubt=in_doubt,
        dropped=rendered.dropped,
    )


def _require_approval(newsletter: Newsletter, rendered: Rendered, desk: Desk, now: datetime) -> None:
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
        raise EditionError(
            desk.files.path(rendered.key),
            f"approval is {newsletter.approval!r}, and {why}; see it, then: {hint}",
        )


def _batches(
    only: Sequence[Subscriber] | None, newsletter: Newsletter, subscribers: SubscriberStore, size: int
) -> Iterator[Sequence[Subscriber]]:
    pages: Iterable[Sequence[Subscriber]] = [only] if only is not None else _pages(newsletter, subscribers)
    for page in pages:
        for start in range(0, len(page), size):
            yield page[start : start + size]


def _pages(newsletter: Newsletter, subscribers: SubscriberStore) -> Iterator[Sequence[Subscriber]]:
    after = ""
    while page := subscribers.active(newsletter.key, after=after, limit=PAGE):
        yield page
        after = page[-1].id


def _send(
    mails: Sequence[Mail], rendered: Rendered, ledger: Ledger, sender: Sender, now: datetime
) -> list[Receipt]:
    """Claim, send and record one batch; mails that someone else has, or had, are passed over."""
    pairs = [(mail.subscriber_id, mail.message_id) for mail in mails]
    ours = ledger.claim(rendered.key, pairs, sha256=rendered.sha256, at=now)
    claimed = [mail for mail in mails if mail.subscriber_id in ours]
    receipts: list[Receipt] = []
    try:
        receipts.extend(sender.send(claimed))
    except SendError:
        done = {receipt.subscriber_id for receipt in receipts}
        ledger.release(
            rendered.key, [mail.subscriber_id for mail in claimed if mail.subscriber_id not in done]
        )
        raise
    finally:
        ledger.record(rendered.key, receipts, at=now)
    return receipts
