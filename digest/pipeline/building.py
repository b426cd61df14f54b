"""Build as the command line and the scheduler ask for it: gather, compose, and a line in the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from digest import timetable
from digest.errors import NothingToDo
from digest.model import EditionKey, Stage
from digest.pipeline.composing import Composed, compose
from digest.pipeline.desk import Desk
from digest.pipeline.duties import on_duty
from digest.pipeline.gathering import Gathered, gather
from digest.pipeline.journalling import journalled, require_publishing_day
from digest.pipeline.taping import taped
from digest.ports import Store
from digest.settings import Newsletter
from digest.text import counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    gathered: Gathered
    composed: Composed

    @property
    def words(self) -> str:
        """The run in one line of numbers."""
        gathered, edition = self.gathered, self.composed.edition
        failed = f", {gathered.failed} failed" if gathered.failed else ""
        merged = ""
        if into := self.composed.merged:
            merged = (
                f"; merged into the edited file: {counted(into.renewed, 'key')} renewed, "
                f"{counted(len(into.late), 'story', 'stories')} late, "
                f"{counted(len(into.conflicts), 'conflict')}"
            )
        return (
            f"{edition.key}: {counted(gathered.feeds, 'feed')} ({gathered.unchanged} unchanged{failed}), "
            f"{counted(gathered.new, 'new article')}, {counted(len(edition.blurbs), 'item')}, "
            f"{len(edition.pending)} pending, {counted(len(edition.quick_hits), 'quick hit')}{merged}"
        )


def build(
    newsletter: Newsletter,
    key: EditionKey,
    desk: Desk,
    *,
    now: datetime,
    unasked: bool,
    again: bool = False,
) -> Built:
    """Gather and compose. *unasked*: nobody named the day, so a day without an edition stays without.

    An edition that went out stays as it is, unless it is to be made *again*: what it is made anew of would
    run in no edition, for the next one covers what comes after it.

    Raises:
        NothingToDo, GatherError, EditionError: As ``gather`` and ``compose`` do; journalled like a success.
        BusyError: Another process is building it.
    """
    hour = timetable.local(newsletter, key.day, newsletter.build)
    if unasked and timetable.day_off(newsletter, key.day):
        with journalled(desk.store.journal, key, "build", now):
            require_publishing_day(newsletter, key)
    with (
        on_duty(desk.store.roster, key, Stage.BUILD, at=now, since=hour) as hold,
        journalled(desk.store.journal, key, "build", now) as entry,
    ):
        if not again:
            _require_unsent(key, desk.store)
        with taped(newsletter, key, desk, stage="build", at=now) as take:
            built = make(newsletter, key, take.desk if take else desk, now=now)
            if take:
                take.composed = built.composed.text
        entry.lines.append(built.words)
        hold.leave(built.words)
        return built


def went_out(key: EditionKey, store: Store) -> bool:
    """Whether it was sent to the list, and somebody has it or may have it."""
    return store.editions.begun(key) is not None and bool(store.ledger.contents(key))


def _require_unsent(key: EditionKey, store: Store) -> None:
    if went_out(key, store):
        named = f"{key.newsletter} --date {key.day}"
        raise NothingToDo(
            f"{key}: it went out ({store.ledger.tally(key)}), and stays as it is; to mend what it says: "
            f"digest correct {named}; to compose it anew all the same: digest build {named} --again"
        )


def make(newsletter: Newsletter, key: EditionKey, desk: Desk, *, now: datetime) -> Built:
    """Gather and compose: all that a build does and a replay does again.

    Raises:
        NothingToDo, GatherError, EditionError: As ``gather`` and ``compose`` do.
    """
    gathered = gather(newsletter, desk, at=now)
    # Few stories of few feeds are no quiet day.
    failed = gathered.failed if gathered.failed * 2 > gathered.feeds else 0
    return Built(gathered=gathered, composed=compose(newsletter, key, desk, now=now, failed=failed))
