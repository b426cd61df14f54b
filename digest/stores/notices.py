"""The notices that editors were told, each once."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.sql.dml import ReturningInsert

from digest.errors import StoreError
from digest.model import Notice, NoticeKind
from digest.ports import NoticeStore, Untold
from digest.stores.database import Database, insert
from digest.stores.schema import notice as table

#: How long a claim holds that is neither settled nor released: handing over a mail never takes longer.
HELD = timedelta(minutes=15)
#: How long an untold notice is of interest.
RECENT = timedelta(days=3)

CLAIMED, TOLD, FAILED = "claimed", "told", "failed"
#: How the name of a file begins that marks what was told while the database failed.
MARK = "told-"

_IS = and_(
    table.c.newsletter == bindparam("of"),
    table.c.day == bindparam("on"),
    table.c.kind == bindparam("of_kind"),
    table.c.about == bindparam("of_what"),
)
_SETTLE = table.update().where(_IS).values(state=TOLD, why="")
_RELEASE = table.update().where(_IS, table.c.state == CLAIMED).values(state=FAILED, why=bindparam("because"))
_ANSWERS = (
    select(table.c.about, table.c.kind)
    .where(table.c.newsletter == bindparam("of"), table.c.state == TOLD)
    .where(table.c.kind.in_((bindparam("of_kind"), NoticeKind.RECOVERED)))
    .order_by(table.c.at)
)
_UNTOLD = (
    select(table)
    .where(table.c.newsletter == bindparam("of"), table.c.state != TOLD)
    .order_by(table.c.at.desc(), table.c.day.desc(), table.c.kind, table.c.about)
)
_FAILED = _UNTOLD.where(
    or_(table.c.state == FAILED, table.c.at <= bindparam("held")), table.c.at > bindparam("recent")
)


class SqlNotices:
    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, notice: Notice) -> bool:
        row = _key(notice) | {
            "state": CLAIMED,
            "at": notice.at,
            "headline": notice.headline,
            "lines": list(notice.lines),
            "why": "",
        }
        with self._database.writing() as connection:
            claim = _claiming(self._database.dialect)
            return connection.execute(claim, row | {"held": notice.at - HELD}).first() is not None

    def settle(self, notice: Notice) -> None:
        with self._database.writing() as connection:
            connection.execute(_SETTLE, _it(notice))

    def release(self, notice: Notice, *, why: str = "") -> None:
        with self._database.writing() as connection:
            connection.execute(_RELEASE, _it(notice) | {"because": why})

    def unanswered(self, newsletter: str, kind: NoticeKind) -> Collection[str]:
        with self._database.reading() as connection:
            answers = connection.execute(_ANSWERS, {"of": newsletter, "of_kind": kind.value})
            last = {row.about: row.kind for row in answers}
        return [about for about, told in last.items() if told == kind]

    def untold(self, newsletter: str, *, now: datetime | None = None) -> Sequence[Untold]:
        given: dict[str, object] = {"of": newsletter}
        if now is not None:
            given |= {"held": now - HELD, "recent": now - RECENT}
        statement = _UNTOLD if now is None else _FAILED
        with self._database.reading() as connection:
            return [
                Untold(
                    kind=NoticeKind(row.kind),
                    day=date.fromisoformat(row.day) if row.day else None,
                    about=row.about,
                    headline=row.headline,
                    at=row.at,
                    why=row.why,
                    lines=tuple(row.lines),
                )
                for row in connection.execute(statement, given)
            ]


class SteadyNotices:
    """``ports.NoticeStore`` also while the database fails, which is itself a notice.

    What is told then is marked by an empty file in *folder*, for which even a full disk has room. Where that
    cannot be made, only this process remembers it.
    """

    def __init__(self, opened: Callable[[], NoticeStore], *, folder: Path) -> None:
        self._opened = opened
        self._folder = folder
        self._claimed: set[str] = set()

    def claim(self, notice: Notice) -> bool:
        try:
            return self._opened().claim(notice)
        except StoreError:
            mark = self._mark(notice)
            free = mark.name not in self._claimed and not _is_there(mark)
            self._claimed.add(mark.name)
            return free

    def settle(self, notice: Notice) -> None:
        mark = self._mark(notice)
        if mark.name in self._claimed:
            with suppress(OSError):
                self._folder.mkdir(exist_ok=True)
                mark.touch()
                os.utime(mark, (notice.at.timestamp(),) * 2)
                self._sweep(notice.at - RECENT)
        with suppress(StoreError):
            self._opened().settle(notice)

    def release(self, notice: Notice, *, why: str = "") -> None:
        self._claimed.discard(self._mark(notice).name)
        with suppress(StoreError):
            self._opened().release(notice, why=why)

    def _mark(self, notice: Notice) -> Path:
        name = sha256("\0".join(_key(notice).values()).encode()).hexdigest()[:16]
        return self._folder / f"{MARK}{name}"

    def _sweep(self, before: datetime) -> None:
        for mark in self._folder.glob(f"{MARK}*"):
            if mark.stat().st_mtime < before.timestamp():
                mark.unlink(missing_ok=True)

    def unanswered(self, newsletter: str, kind: NoticeKind) -> Collection[str]:
        return self._opened().unanswered(newsletter, kind)

    def untold(self, newsletter: str, *, now: datetime | None = None) -> Sequence[Untold]:
        return self._opened().untold(newsletter, now=now)


def _is_there(file: Path) -> bool:
    try:
        return file.exists()
    except OSError:  # nobody may look into its folder, which may be what ails the database
        return False


def _key(notice: Notice) -> dict[str, str]:
    return {
        "newsletter": notice.newsletter,
        "day": notice.day.isoformat() if notice.day else "",
        "kind": notice.kind.value,
        "about": notice.about,
    }


def _it(notice: Notice) -> dict[str, str]:
    """Which row ``_IS`` is about."""
    return dict(zip(("of", "on", "of_kind", "of_what"), _key(notice).values(), strict=True))


@cache  # building a statement costs more than executing it
def _claiming(dialect: str) -> ReturningInsert[tuple[str]]:
    """One statement looks and takes: whoever comes second, in any process, gets no row back."""
    put = insert(dialect, table).values({column.name: bindparam(column.name) for column in table.columns})
    free = or_(table.c.state == FAILED, and_(table.c.state == CLAIMED, table.c.at <= bindparam("held")))
    put = put.on_conflict_do_update(
        index_elements=table.primary_key.columns,
        set_={name: put.excluded[name] for name in ("state", "at", "headline", "lines")},
        where=free,
    )
    return put.returning(table.c.kind)
