"""The roster: who is at what, and how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime

from sqlalchemy import ColumnElement, RowMapping, select, update

from digest.model import Duty, EditionKey, Stage, Watch
from digest.stores.database import Database, insert, write
from digest.stores.owners import owners_of
from digest.stores.schema import duty, watch

#: What a row says while somebody is at it: an end that nobody could write down is to be tried again.
AT_IT = {"code": 75, "words": "begun, and not ended"}


class SqlRoster:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._owners = owners_of(database)

    def owned(self) -> AbstractContextManager[str]:
        return self._owners.living()

    def take(self, key: EditionKey, stage: Stage, *, owner: str, at: datetime) -> Duty | None:
        where = _is(key, stage)
        new = {"settled": False, "at": at, "owner": owner, **AT_IT}
        unknown = Duty(key=key, stage=stage, settled=False, at=at, tries=0, code=0, words="")
        with self._database.reading() as connection:
            row = connection.execute(select(duty).where(where)).mappings().one_or_none()
        if row is None:
            first = {"newsletter": key.newsletter, "day": key.day, "stage": stage.value, "tries": 1}
            with self._database.writing() as connection:
                put = insert(connection, duty).values(first | new).on_conflict_do_nothing()
                taken = connection.execute(put.returning(duty.c.tries)).first()
            return None if taken is None else unknown
        if row["owner"] and self._owners.lives(row["owner"]):
            return None
        # Only what was looked at is taken: whoever came between has put another name there.
        unchanged = where & (duty.c.owner == row["owner"]) & (duty.c.tries == row["tries"])
        taking = update(duty).where(unchanged).values(new | {"tries": row["tries"] + 1})
        with self._database.writing() as connection:
            taken = connection.execute(taking.returning(duty.c.tries)).first()
        return None if taken is None else _duty(row)

    def leave(self, duty_: Duty, *, owner: str) -> None:
        values = {name: getattr(duty_, name) for name in ("settled", "at", "tries", "code", "words")}
        ours = _is(duty_.key, duty_.stage) & (duty.c.owner == owner)
        with self._database.writing() as connection:
            connection.execute(update(duty).where(ours).values(**values, owner=""))

    def duties(self, newsletter: str, *, since: date) -> Sequence[Duty]:
        statement = (
            select(duty)
            .where((duty.c.newsletter == newsletter) & (duty.c.day >= since))
            .order_by(duty.c.day, duty.c.stage)
        )
        with self._database.reading() as connection:
            return [_duty(row) for row in connection.execute(statement).mappings()]

    def watch(self, newsletter: str, *, at: datetime, anew: bool = False) -> Watch:
        known = select(watch).where(watch.c.newsletter == newsletter)
        with self._database.writing() as connection:
            row = connection.execute(known).mappings().one_or_none()
            if row is None or anew:
                write(connection, watch, {"newsletter": newsletter, "since": at, "last": at})
                return Watch(since=at, last=at)
            noted = update(watch).where(watch.c.newsletter == newsletter).values(last=at)
            connection.execute(noted)
        return Watch(since=row["since"], last=row["last"])


def _is(key: EditionKey, stage: Stage) -> ColumnElement[bool]:
    return (duty.c.newsletter == key.newsletter) & (duty.c.day == key.day) & (duty.c.stage == stage.value)


def _duty(row: RowMapping) -> Duty:
    return Duty(
        key=EditionKey(newsletter=row["newsletter"], day=row["day"]),
        stage=Stage(row["stage"]),
        settled=row["settled"],
        at=row["at"],
        tries=row["tries"],
        code=row["code"],
        words=row["words"],
        begun=bool(row["owner"]),
    )
