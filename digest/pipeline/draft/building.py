"""Build, for the command line and the scheduler: gather, compose, and a line in the journal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from digest import timetable
from digest.errors import GatherError, NothingToDo
from digest.model import Duty, EditionKey, Stage
from digest.pipeline.articles.gathering import Gathered, gather
from digest.pipeline.desk import Desk
from digest.pipeline.draft.composing import Composed, compose, proceed
from digest.pipeline.draft.taping import taped
from digest.pipeline.duties import never, on_duty
from digest.pipeline.journalling import journalled, require_publishing_day
from digest.pipeline.outing import went_out
from digest.ports import Roster, Store
from digest.settings import Newsletter
from digest.words.text import counted


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


def nobody(_: Built) -> None:
    """Nobody is told."""


def build(
    newsletter: Newsletter,
    key: EditionKey,
    desk: Desk,
    *,
    now: datetime,
    unasked: bool,
    again: bool = False,
    done: Callable[[Duty], bool] = never,
    tell: Callable[[Built], None] = nobody,
) -> Built:
    """Gather and compose. *unasked*: nobody named the day, so a day without an edition stays without.

    An edition that went out stays as it is, unless it is to be made *again*: stories that are new in it would
    run in no edition, for the next one covers what comes after it. *done*: as ``on_duty`` has it. *tell* is
    called before the build counts as done: if the process ends in it, whoever builds next tells.

    Raises:
        NothingToDo, GatherError, EditionError: As ``gather`` and ``compose`` do; journalled like a success.
        BusyError: Another process is building it, or has built it.
    """
    hour = timetable.local(newsletter, key.day, newsletter.build)
    if unasked and timetable.day_off(newsletter, key.day):
        with journalled(desk.store.journal, key, "build", now):
            require_publishing_day(newsletter, key)
    with on_duty(desk.store.roster, key, Stage.BUILD, at=now, since=hour, done=done) as hold:
        with journalled(desk.store.journal, key, "build", now) as entry:
            if not again:
                _require_unsent(key, desk.store)
            with taped(newsletter, key, desk, stage="build", at=now) as take:
                # Feeds take minutes, in which it may have gone out.
                ready = proceed if again else partial(_require_unsent, key, desk.store)
                built = make(newsletter, key, take.desk if take else desk, now=now, ready=ready)
                if take:
                    take.composed = built.composed.text
            entry.lines.append(built.words)
        tell(built)
        hold.leave(built.words)
        return built


def _require_unsent(key: EditionKey, store: Store) -> None:
    if went_out(key, store):
        named = f"{key.newsletter} --date {key.day}"
        raise NothingToDo(
            f"{key}: it went out ({store.ledger.tally(key)}), and stays as it is; to correct what it says: "
            f"digest correct {named}; to compose it again all the same: digest build {named} --again"
        )


def require_no_build(roster: Roster, key: EditionKey) -> None:
    """Nothing, unless the draft that is missing is being made.

    Raises:
        GatherError: It is, or whoever made it died over it.
    """
    duties = roster.duties(key.newsletter, since=key.day)
    if any(duty.begun for duty in duties if (duty.key, duty.stage) == (key, Stage.BUILD)):
        raise GatherError(f"{key}: its draft is being made right now; try again when that has finished")


def make(
    newsletter: Newsletter,
    key: EditionKey,
    desk: Desk,
    *,
    now: datetime,
    ready: Callable[[], None] = proceed,
) -> Built:
    """Gather and compose: all that a build does and a replay does again. *ready*: as ``compose`` has it.

    Raises:
        NothingToDo, GatherError, EditionError: As ``gather`` and ``compose`` do.
    """
    gathered = gather(newsletter, desk, at=now)
    # Few stories of few feeds are no quiet day.
    failed = gathered.failed if gathered.failed * 2 > gathered.feeds else 0
    composed = compose(newsletter, key, desk, now=now, failed=failed, ready=ready)
    return Built(gathered=gathered, composed=composed)
