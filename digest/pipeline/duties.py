"""Duties: what one process at a time does, and how it ended, recorded for the next one."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from digest.errors import BUG, BusyError, DigestError, StoppedError, StoreError
from digest.model import Duty, EditionKey, Stage
from digest.ports import Roster


def words_of(exc: BaseException) -> str:
    """The words for a failure: a bug is named without its message, which may contain anything."""
    if isinstance(exc, DigestError):
        return str(exc)
    if not isinstance(exc, Exception) or exc.__traceback__ is None:
        return type(exc).__name__
    at = traceback.extract_tb(exc.__traceback__)[-1]
    return f"a bug: {type(exc).__name__} in {Path(at.filename).name}, line {at.lineno}"


@dataclass
class Hold:
    """A duty while we hold it; the block that holds it may say how it ended."""

    before: Duty
    duty: Duty
    #: It was dropped in the middle: the next process takes it up, as if this one had died.
    dropped: bool = False

    def leave(self, words: str, *, code: int = 0, settled: bool = True) -> None:
        self.duty = replace(self.duty, words=words, code=code, settled=settled)


def never(_: Duty) -> bool:
    return False


@contextmanager
def on_duty(
    roster: Roster,
    key: EditionKey,
    stage: Stage,
    *,
    at: datetime,
    since: datetime | None = None,
    done: Callable[[Duty], bool] = never,
) -> Iterator[Hold]:
    """Hold the duty while the block runs. An error leaves it open, unless it was settled *since* then.

    *done*: whether another process did it after we looked at what is due.

    Raises:
        BusyError: Another living process is doing it, or has done it.
    """
    with roster.owned() as owner:
        before = roster.take(key, stage, owner=owner, at=at)
        if before is None:
            raise BusyError(f"{key}: another process is doing its {stage} right now; leave it to that one")
        if done(before):
            roster.leave(before, owner=owner)
            raise BusyError(f"{key}: another process has just done its {stage}")
        still = before.settled and since is not None and before.at >= since
        hold = Hold(before, replace(before, at=at, tries=before.tries + 1, settled=False))
        try:
            yield hold
        except StoppedError:
            hold.dropped = True
            raise
        except BaseException as exc:
            code = exc.exit_code if isinstance(exc, DigestError) else BUG
            hold.leave(words_of(exc), code=code, settled=still)
            raise
        finally:
            # A store that fails has said so already; a row that could not be written is taken over.
            with suppress(StoreError):
                if not hold.dropped:
                    roster.leave(hold.duty, owner=owner)
