"""What editors were told, each notice once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, or_, select

from digest.errors import StoreError
from digest.model import Notice, NoticeKind
from digest.ports import NoticeStore, Untold
from digest.stores.database import Database, insert
from digest.stores.schema import notice as table

#: How long a claim holds that nobody settled or released: no mail takes longer to be handed over.
HELD = timedelta(minutes=15)
#: How long it is of interest that a notice was not told.
RECENT = timedelta(days=3)

CLAIMED, TOLD, FAILED = "claimed", "told", "failed"

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
        row = {
            **_key(notice),
            "state": CLAIMED,
            "at": notice.at,
            "headline": notice.headline,
            "lines": list(notice.lines),
            "why": "",
        }
        free = or_(table.c.state == FAILED, and_(table.c.state == CLAIMED, table.c.at <= notice.at - HELD))
        with self._database.writing() as connection:
            put = insert(connection, table).values(row)
            put = put.on_conflict_do_update(
                index_elements=table.primary_key.columns,
                set_={name: put.excluded[name] for name in ("state", "at", "headline", "lines")},
                where=free,
            )
            # One statement looks and takes: whoever comes second, in any process, gets no row back.
            return connection.execute(put.returning(table.c.kind)).first() is not None

    def settle(self, notice: Notice) -> None:
        with self._database.writing() as connection:
            connection.execute(table.update().where(_is(notice)).values(state=TOLD, why=""))

    def release(self, notice: Notice, *, why: str = "") -> None:
        with self._database.writing() as connection:
            connection.execute(
                table.update().where(_is(notice), table.c.state == CLAIMED).values(state=FAILED, why=why)
            )

    def unanswered(self, newsletter: str, kind: NoticeKind) -> Collection[str]:
        statement = (
            select(table.c.about, table.c.kind)
            .where(table.c.newsletter == newsletter, table.c.state == TOLD)
            .where(table.c.kind.in_((kind, NoticeKind.RECOVERED)))
            .order_by(table.c.at)
        )
        with self._database.reading() as connection:
            last = {row.about: row.kind for row in connection.execute(statement)}
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
    """``ports.NoticeStore`` also while the database fails: what is told then, this process remembers.

    That the database fails is itself a notice.
    """

    def __init__(self, opened: Callable[[], NoticeStore]) -> None:
        self._opened = opened
        self._claimed: set[tuple[str, ...]] = set()

    def claim(self, notice: Notice) -> bool:
        try:
            return self._opened().claim(notice)
        except StoreError:
            name = tuple(_key(notice).values())
            free = name not in self._claimed
            self._claimed.add(name)
            return free

    def settle(self, notice: Notice) -> None:
        with suppress(StoreError):
            self._opened().settle(notice)

    def release(self, notice: Notice, *, why: str = "") -> None:
        self._claimed.discard(tuple(_key(notice).values()))
        with suppress(StoreError):
            self._opened().release(notice, why=why)

    def unanswered(self, newsletter: str, kind: NoticeKind) -> Collection[str]:
        return self._opened().unanswered(newsletter, kind)

    def untold(self, newsletter: str, *, now: datetime | None = None) -> Sequence[Untold]:
        return self._opened().untold(newsletter, now=now)


def _key(notice: Notice) -> dict[str, str]:
    return {
        "newsletter": notice.newsletter,
        "day": notice.day.isoformat() if notice.day else "",
        "kind": notice.kind.value,
        "about": notice.about,
    }


def _is(notice: Notice) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in _key(notice).items()))
