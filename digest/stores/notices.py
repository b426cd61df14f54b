"""What editors were told, each notice once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, or_, select

from digest.model import Notice, NoticeKind
from digest.ports import Untold
from digest.stores.database import Database, insert
from digest.stores.schema import notice as table

#: How long a claim holds that nobody settled or released: no mail takes longer to be handed over.
HELD = timedelta(minutes=15)

CLAIMED, TOLD, FAILED = "claimed", "told", "failed"


class SqlNotices:
    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, notice: Notice) -> bool:
        row = {
            **_key(notice),
            "state": CLAIMED,
            "at": notice.at,
            "headline": notice.headline,
            "why": "",
        }
        free = or_(table.c.state == FAILED, and_(table.c.state == CLAIMED, table.c.at <= notice.at - HELD))
        with self._database.writing() as connection:
            put = insert(connection, table).values(row)
            put = put.on_conflict_do_update(
                index_elements=table.primary_key.columns,
                set_={name: put.excluded[name] for name in ("state", "at", "headline")},
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

    def untold(self, newsletter: str) -> Sequence[Untold]:
        statement = (
            select(table)
            .where(table.c.newsletter == newsletter, table.c.state != TOLD)
            .order_by(table.c.at.desc(), table.c.day.desc(), table.c.kind, table.c.about)
        )
        with self._database.reading() as connection:
            return [
                Untold(
                    kind=NoticeKind(row.kind),
                    day=date.fromisoformat(row.day) if row.day else None,
                    headline=row.headline,
                    at=row.at,
                    why=row.why,
                )
                for row in connection.execute(statement)
            ]


def _key(notice: Notice) -> dict[str, str]:
    return {
        "newsletter": notice.newsletter,
        "day": notice.day.isoformat() if notice.day else "",
        "kind": notice.kind.value,
        "about": notice.about,
    }


def _is(notice: Notice) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in _key(notice).items()))
