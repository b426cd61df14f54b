"""The roster: which process does what, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, select, update

from digest.model import Duty, EditionKey, Stage, Watch
from digest.stores.database import Database, insert, write
from digest.stores.owners import owners_of
from digest.stores.schema import duty, watch

#: What a row says while a process is doing it: if its end cannot be recorded, it is to be tried again.
AT_IT = {"code": 75, "words": "begun, and not ended"}


_CHANGING = ("settled", "at", "owner", "tries", "code", "words")

# A scheduler asks for these at every tick, and building a statement costs more than executing it.
_IT = (
    (duty.c.newsletter == bindparam("of"))
    & (duty.c.day == bindparam("on"))
    & (duty.c.stage == bindparam("at_stage"))
)
_ONE = select(duty).where(_IT)
# Only what was looked at is taken: a process that came in between has put its own name there.
_TAKING = (
    update(duty)
    .where(_IT & (duty.c.owner == bindparam("old_owner")) & (duty.c.tries == bindparam("old_tries")))
    .values({name: bindparam(f"new_{name}") for name in _CHANGING})
    .returning(duty.c.tries)
)
_LEAVING = (
    update(duty)
    .where(_IT & (duty.c.owner == bindparam("old_owner")))
    .values({name: bindparam(f"new_{name}") for name in _CHANGING})
)
_DUTIES = (
    select(duty)
    .where((duty.c.newsletter == bindparam("of")) & (duty.c.day >= bindparam("since")))
    .order_by(duty.c.day, duty.c.stage)
)
_WATCH = select(watch).where(watch.c.newsletter == bindparam("of"))
_WATCHED = update(watch).where(watch.c.newsletter == bindparam("of")).values(last=bindparam("now"))


class SqlRoster:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._owners = owners_of(database)

    def owned(self) -> AbstractContextManager[str]:
        return self._owners.living()

    def take(self, key: EditionKey, stage: Stage, *, owner: str, at: datetime) -> Duty | None:
        new = {"settled": False, "at": at, "owner": owner, **AT_IT}
        unknown = Duty(key=key, stage=stage, settled=False, at=at, tries=0, code=0, words="")
        with self._database.reading() as connection:
            row = connection.execute(_ONE, _it(key, stage)).mappings().one_or_none()
        if row is None:
            first = {"newsletter": key.newsletter, "day": key.day, "stage": stage.value, "tries": 1}
            with self._database.writing() as connection:
                put = insert(connection.dialect.name, duty).values(first | new).on_conflict_do_nothing()
                taken = connection.execute(put.returning(duty.c.tries)).first()
            return None if taken is None else unknown
        if row["owner"] and self._owners.lives(row["owner"]):
            return None
        old = {"old_owner": row["owner"], "old_tries": row["tries"]}
        with self._database.writing() as connection:
            given = _it(key, stage) | old | _new(new | {"tries": row["tries"] + 1})
            taken = connection.execute(_TAKING, given).first()
        return None if taken is None else _duty(row)

    def leave(self, duty_: Duty, *, owner: str) -> None:
        values = {name: getattr(duty_, name) for name in ("settled", "at", "tries", "code", "words")}
        given = _it(duty_.key, duty_.stage) | {"old_owner": owner} | _new(values | {"owner": ""})
        with self._database.writing() as connection:
            connection.execute(_LEAVING, given)

    def duties(self, newsletter: str, *, since: date) -> Sequence[Duty]:
        with self._database.reading() as connection:
            rows = connection.execute(_DUTIES, {"of": newsletter, "since": since}).mappings()
            return [_duty(row) for row in rows]

    def watch(self, newsletter: str, *, at: datetime, anew: bool = False) -> Watch:
        with self._database.writing() as connection:
            row = connection.execute(_WATCH, {"of": newsletter}).mappings().one_or_none()
            if row is None or anew:
                write(connection, watch, {"newsletter": newsletter, "since": at, "last": at})
                return Watch(since=at, last=at)
            connection.execute(_WATCHED, {"of": newsletter, "now": at})
        return Watch(since=row["since"], last=row["last"])


def _it(key: EditionKey, stage: Stage) -> dict[str, Any]:
    return {"of": key.newsletter, "on": key.day, "at_stage": stage.value}


def _new(values: Mapping[str, Any]) -> dict[str, Any]:
    return {f"new_{name}": value for name, value in values.items()}


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
