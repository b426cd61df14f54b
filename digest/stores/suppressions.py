"""Who gets nothing, and why: by address, so that it outlives and overrides every list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, case, delete, select, update

from digest.audience import address_key
from digest.model import Reason, Suppressed
from digest.stores.database import Database, insert
from digest.stores.schema import subscriber, suppression

#: Rows that ``all`` reads at a time.
PAGE = 1000

_WEIGHT = {reason.value: weight for weight, reason in enumerate(Reason)}


class SqlSuppressions:
    def __init__(self, database: Database) -> None:
        self._database = database

    def suppress(self, those: Iterable[Suppressed]) -> int:
        with self._database.writing() as connection:
            ordered = sorted(those, key=lambda one: (one.newsletter, address_key(one.email)))
            return sum(suppress(connection, one) for one in ordered)

    def lift(self, newsletter: str, email: str, *, even_complaint: bool = False, at: datetime) -> bool:
        here = _at(newsletter, email)
        if not even_complaint:
            here &= suppression.c.reason != Reason.COMPLAINT
        theirs = (subscriber.c.newsletter == newsletter) & (subscriber.c.address_key == address_key(email))
        # Who left while suppressed was not noted: so nobody is subscribed again without being asked.
        waiting = {"state": "unconfirmed", "changed_at": at}
        with self._database.writing() as connection:
            if not connection.execute(delete(suppression).where(here)).rowcount:
                return False
            suppressed = theirs & (subscriber.c.state == "suppressed")
            connection.execute(update(subscriber).where(suppressed).values(waiting))
            return True

    def find(self, newsletter: str, email: str) -> Suppressed | None:
        with self._database.reading() as connection:
            statement = select(suppression).where(_at(newsletter, email))
            row = connection.execute(statement).mappings().one_or_none()
        return None if row is None else _suppressed(row)

    def all(self, newsletter: str) -> Iterator[Suppressed]:
        after = ""
        while True:
            statement = (
                select(suppression)
                .where((suppression.c.newsletter == newsletter) & (suppression.c.address_key > after))
                .order_by(suppression.c.address_key)
                .limit(PAGE)
            )
            with self._database.reading() as connection:
                rows = connection.execute(statement).mappings().all()
            yield from map(_suppressed, rows)
            if len(rows) < PAGE:
                return
            after = rows[-1]["address_key"]


def suppress(connection: Connection, one: Suppressed) -> bool:
    """Note *one*, and suppress its subscriber; False if there was a reason as serious."""
    key = address_key(one.email)
    put = insert(connection.dialect.name, suppression).values(
        newsletter=one.newsletter,
        address_key=key,
        email=one.email,
        reason=one.reason.value,
        source=one.source,
        detail=one.detail,
        at=one.at,
    )
    new = put.on_conflict_do_update(
        index_elements=suppression.primary_key.columns,
        set_={name: put.excluded[name] for name in ("reason", "source", "detail", "at")},
        where=_weight(put.excluded.reason) < _weight(suppression.c.reason),
    )
    done = connection.scalar(new.returning(suppression.c.address_key)) is not None
    theirs = (subscriber.c.newsletter == one.newsletter) & (subscriber.c.address_key == key)
    enforce(connection, theirs, at=one.at)
    return done


def is_suppressed(connection: Connection, newsletter: str, email: str) -> bool:
    return connection.scalar(select(suppression.c.reason).where(_at(newsletter, email))) is not None


def enforce(connection: Connection, which: ColumnElement[bool], *, at: datetime | None) -> None:
    """Suppress the subscribers whose addresses are suppressed."""
    noted = select(suppression.c.address_key).where(suppression.c.newsletter == subscriber.c.newsletter)
    due = which & (subscriber.c.state != "suppressed") & subscriber.c.address_key.in_(noted)
    since = {} if at is None else {"changed_at": at}
    connection.execute(update(subscriber).where(due).values(state="suppressed", **since))


def _weight(column: ColumnElement[str]) -> ColumnElement[int]:
    return case(_WEIGHT, value=column, else_=len(_WEIGHT))


def _at(newsletter: str, email: str) -> ColumnElement[bool]:
    return (suppression.c.newsletter == newsletter) & (suppression.c.address_key == address_key(email))


def _suppressed(row: RowMapping) -> Suppressed:
    return Suppressed(
        newsletter=row["newsletter"],
        email=row["email"],
        reason=Reason(row["reason"]),
        source=row["source"],
        detail=row["detail"],
        at=row["at"],
    )
