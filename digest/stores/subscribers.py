"""Who reads which newsletter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import RowMapping, func, select, update

from digest.audience import STATES, address_key
from digest.model import Subscriber
from digest.stores.database import Database, insert
from digest.stores.schema import subscriber

#: Rows that ``all`` reads at a time: no transaction stays open while its caller works.
PAGE = 1000


class SqlSubscribers:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, subscribers: Sequence[Subscriber]) -> int:
        rows = [
            _row(one) for one in sorted(subscribers, key=lambda one: (one.newsletter, address_key(one.email)))
        ]
        if not rows:
            return 0
        with self._database.writing() as connection:
            statement = insert(connection, subscriber).on_conflict_do_nothing(
                index_elements=[subscriber.c.newsletter, subscriber.c.address_key]
            )
            return len(connection.scalars(statement.returning(subscriber.c.id), rows).all())

    def active(self, newsletter: str, *, after: str = "", limit: int = 1000) -> Sequence[Subscriber]:
        statement = (
            select(subscriber)
            .where(
                (subscriber.c.newsletter == newsletter)
                & (subscriber.c.state == "active")
                & (subscriber.c.id > after)
            )
            .order_by(subscriber.c.id)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [read_subscriber(row) for row in connection.execute(statement).mappings()]

    def find(self, newsletter: str, email: str) -> Subscriber | None:
        statement = select(subscriber).where(
            (subscriber.c.newsletter == newsletter) & (subscriber.c.address_key == address_key(email))
        )
        with self._database.reading() as connection:
            row = connection.execute(statement).mappings().one_or_none()
        return None if row is None else read_subscriber(row)

    def all(self, newsletter: str) -> Iterator[Subscriber]:
        """By address, a page at a time."""
        after = ""
        while True:
            statement = (
                select(subscriber)
                .where((subscriber.c.newsletter == newsletter) & (subscriber.c.address_key > after))
                .order_by(subscriber.c.address_key)
                .limit(PAGE)
            )
            with self._database.reading() as connection:
                rows = connection.execute(statement).mappings().all()
            yield from map(read_subscriber, rows)
            if len(rows) < PAGE:
                return
            after = rows[-1]["address_key"]

    def set_state(self, newsletter: str, email: str, state: str) -> bool:
        if state not in STATES:
            raise ValueError(f"no such state of a subscriber: {state!r}; expected one of {', '.join(STATES)}")
        statement = (
            update(subscriber)
            .where((subscriber.c.newsletter == newsletter) & (subscriber.c.address_key == address_key(email)))
            .values(state=state)
        )
        with self._database.writing() as connection:
            return connection.execute(statement).rowcount > 0

    def counts(self, newsletter: str) -> Mapping[str, int]:
        statement = (
            select(subscriber.c.state, func.count().label("number"))
            .where(subscriber.c.newsletter == newsletter)
            .group_by(subscriber.c.state)
        )
        with self._database.reading() as connection:
            return {row.state: row.number for row in connection.execute(statement)}


def _row(one: Subscriber) -> dict[str, Any]:
    return asdict(one) | {"address_key": address_key(one.email)}


def read_subscriber(row: RowMapping) -> Subscriber:
    return Subscriber(
        id=row["id"],
        newsletter=row["newsletter"],
        email=row["email"],
        name=row["name"],
        state=row["state"],
        added_at=row["added_at"],
    )
