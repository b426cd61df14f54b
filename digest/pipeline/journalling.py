"""What a build or a send came to, as the journal has it, be it asked for by a command or by the scheduler."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from digest import timetable
from digest.errors import DigestError, NothingToDo, StoreError
from digest.logs import bound, log
from digest.model import EditionKey, Run
from digest.ports import Journal
from digest.settings import Newsletter


def require_publishing_day(newsletter: Newsletter, key: EditionKey) -> None:
    if reason := timetable.day_off(newsletter, key.day):
        hint = f"to make one all the same, name the day: --date {key.day}"
        raise NothingToDo(f"{key}: no edition: {reason}; {hint}")


@contextmanager
def journalled(journal: Journal, key: EditionKey, stage: str, at: datetime) -> Iterator[list[str]]:
    """Write down how the block ended: its lines, or the error's words and exit code.

    All that is logged within says which edition and stage it belongs to.
    """
    with bound(newsletter=key.newsletter, day=str(key.day), stage=stage):
        yield from _journalled(journal, key, stage, at)


def _journalled(journal: Journal, key: EditionKey, stage: str, at: datetime) -> Iterator[list[str]]:
    lines: list[str] = []
    code = 70  # sysexits: an internal error, when it is none of ours
    try:
        yield lines
        code = 0
    except NothingToDo as exc:
        code = exc.exit_code
        lines.append(str(exc))
        log.info("nothing to do", why=str(exc))
        raise
    except DigestError as exc:
        code = exc.exit_code
        lines.append(str(exc))
        log.error("failed", why=str(exc), code=code)
        raise
    except Exception:
        log.exception("crashed", code=code)
        raise
    finally:
        # A store that fails has said so already; its journal cannot say more.
        with suppress(StoreError):
            words = "\n".join(lines)
            journal.note(
                Run(newsletter=key.newsletter, day=key.day, stage=stage, at=at, code=code, words=words)
            )
