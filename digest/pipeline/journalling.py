"""Records in the journal how a build or a send ended, whether a command or the scheduler started it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime

from digest import timetable
from digest.errors import BUG, BusyError, DigestError, NothingToDo, StoreError
from digest.logs import bound, log
from digest.model import EditionKey, Run
from digest.ports import Journal
from digest.settings import Newsletter


def require_publishing_day(newsletter: Newsletter, key: EditionKey) -> None:
    if reason := timetable.day_off(newsletter, key.day):
        hint = f"to make one all the same, name the day: --date {key.day}"
        raise NothingToDo(f"{key}: no edition: {reason}; {hint}")


@dataclass
class Entry:
    """What the block reports, and its exit code if it does not fail."""

    lines: list[str] = field(default_factory=list)
    code: int = 0
    kept: bool = True


@contextmanager
def journalled(
    journal: Journal, key: EditionKey, stage: str, at: datetime, *, kept: bool = True
) -> Iterator[Entry]:
    """Record how the block ended: its entry, or the error's message and exit code; nothing unless *kept*.

    Nothing is recorded either if another process is doing it: that one records the outcome. All that is
    logged within says which edition and stage it belongs to.
    """
    entry = Entry(kept=kept)
    with bound(newsletter=key.newsletter, day=str(key.day), stage=stage):
        try:
            with _logged(entry):
                yield entry
        finally:
            # A store that fails has said so already; its journal cannot say more.
            with suppress(StoreError):
                words = "\n".join(entry.lines)
                run = Run(
                    newsletter=key.newsletter, day=key.day, stage=stage, at=at, code=entry.code, words=words
                )
                if entry.kept:
                    journal.note(run)


@contextmanager
def _logged(entry: Entry) -> Iterator[None]:
    try:
        yield
    except NothingToDo as exc:
        entry.code = exc.exit_code
        entry.lines.append(str(exc))
        log.info("nothing to do", why=str(exc))
        raise
    except BusyError as exc:
        entry.kept = False
        log.info("left to another process", why=str(exc))
        raise
    except DigestError as exc:
        entry.code = exc.exit_code
        entry.lines.append(str(exc))
        log.error("failed", why=str(exc), code=entry.code)
        raise
    except Exception:
        entry.code = BUG
        log.exception("crashed", code=BUG)
        raise
    except BaseException:  # the end of the process
        entry.code = BUG
        raise
