"""Build and send as the command line and the scheduler ask for them: each leaves a line in the journal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from digest import timetable
from digest.errors import DigestError, NothingToDo, StoreError
from digest.model import EditionKey, Run, Stage
from digest.pipeline.composing import Composed, compose
from digest.pipeline.desk import Desk
from digest.pipeline.duties import on_duty
from digest.pipeline.gathering import Gathered, gather
from digest.ports import Journal
from digest.settings import Newsletter


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
                f"; merged into the edited file: {into.renewed} keys renewed, "
                f"{len(into.late)} stories late, {len(into.conflicts)} conflicts"
            )
        return (
            f"{edition.key}: {gathered.feeds} feeds ({gathered.unchanged} unchanged{failed}), "
            f"{gathered.new} new articles, {len(edition.blurbs)} items, {len(edition.pending)} pending, "
            f"{len(edition.quick_hits)} quick hits{merged}"
        )


def build(newsletter: Newsletter, key: EditionKey, desk: Desk, *, now: datetime, unasked: bool) -> Built:
    """Gather and compose. *unasked*: nobody named the day, so a day without an edition stays without.

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
        journalled(desk.store.journal, key, "build", now) as lines,
    ):
        gathered = gather(newsletter, desk, at=now)
        # Few stories of few feeds are no quiet day.
        failed = gathered.failed if gathered.failed * 2 > gathered.feeds else 0
        built = Built(gathered=gathered, composed=compose(newsletter, key, desk, now=now, failed=failed))
        lines.append(built.words)
        hold.leave(built.words)
        return built


def require_publishing_day(newsletter: Newsletter, key: EditionKey) -> None:
    if reason := timetable.day_off(newsletter, key.day):
        hint = f"to make one all the same, name the day: --date {key.day}"
        raise NothingToDo(f"{key}: no edition: {reason}; {hint}")


@contextmanager
def journalled(journal: Journal, key: EditionKey, stage: str, at: datetime) -> Iterator[list[str]]:
    """Write down how the block ended: its lines, or the error's words and exit code."""
    lines: list[str] = []
    code = 70  # sysexits: an internal error, when it is none of ours
    try:
        yield lines
        code = 0
    except DigestError as exc:
        code = exc.exit_code
        lines.append(str(exc))
        raise
    finally:
        # A store that fails has said so already; its journal cannot say more.
        with suppress(StoreError):
            words = "\n".join(lines)
            journal.note(
                Run(newsletter=key.newsletter, day=key.day, stage=stage, at=at, code=code, words=words)
            )
