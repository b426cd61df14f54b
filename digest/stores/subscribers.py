"""Who reads which newsletter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    bindparam,
    case,
    delete,
    func,
    literal,
    select,
    true,
    update,
)

from digest.audience import STATES, address_key, new_id
from digest.model import Reason, Subscriber, Suppressed
from digest.stores.database import Database, insert
from digest.stores.schema import asked, subscriber
from digest.stores.suppressions import enforce, is_suppressed, suppress

#: Rows that ``all`` reads at a time: no transaction stays open while its caller works.
PAGE = 1000
#: Addresses that one statement may name.
FEW = 100


class SqlSubscribers:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, subscribers: Sequence[Subscriber]) -> int:
        # Of an address that is given twice the first; PostgreSQL changes no row twice in one statement.
        first = {(one.newsletter, address_key(one.email)): one for one in reversed(subscribers)}
        rows = [_row(first[key]) for key in sorted(first)]
        if not rows:
            return 0
        with self._database.writing() as connection:
            put = insert(connection.dialect.name, subscriber)
            statement = put.on_conflict_do_update(
                index_elements=[subscriber.c.newsletter, subscriber.c.address_key],
                set_={name: put.excluded[name] for name in ("state", "name", "added_at", "plain", "tags")},
                where=(subscriber.c.state == "unconfirmed") & (put.excluded.state != "unconfirmed"),
            )
            new = connection.scalars(statement.returning(subscriber.c.id), rows).all()
            _let_go(connection, subscribers)
            _suppress(connection, subscribers)
            return len(new)

    # --- who is there -----------------------------------------------------------------------------

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
        with self._database.reading() as connection:
            return _only(connection, _at(newsletter, email))

    def get(self, subscriber_id: str) -> Subscriber | None:
        with self._database.reading() as connection:
            return _only(connection, subscriber.c.id == subscriber_id)

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

    def counts(self, newsletter: str) -> Mapping[str, int]:
        statement = (
            select(subscriber.c.state, func.count().label("number"))
            .where(subscriber.c.newsletter == newsletter)
            .group_by(subscriber.c.state)
        )
        with self._database.reading() as connection:
            return {row.state: row.number for row in connection.execute(statement)}

    # --- what becomes of them -----------------------------------------------------------------------

    def set_state(self, newsletter: str, email: str, state: str, *, at: datetime | None = None) -> bool:
        if state not in STATES:
            raise ValueError(
                f"no such state for a subscriber: {state!r}; expected one of {', '.join(STATES)}"
            )
        with self._database.writing() as connection:
            return _turn(connection, _at(newsletter, email), state, at=at) > 0

    def unsubscribe(self, subscriber_id: str, *, at: datetime) -> None:
        with self._database.writing() as connection:
            _turn(connection, subscriber.c.id == subscriber_id, "unsubscribed", at=at)

    def invite(self, new: Subscriber, *, forget: datetime) -> Subscriber:
        with self._database.writing() as connection:
            connection.execute(
                delete(subscriber).where(
                    (subscriber.c.newsletter == new.newsletter)
                    & (subscriber.c.state == "unconfirmed")
                    & (subscriber.c.added_at < forget)
                    & subscriber.c.changed_at.is_(None)
                    & subscriber.c.confirmed_at.is_(None)
                )
            )
            put = insert(connection.dialect.name, subscriber).values(_row(new))
            named = case((put.excluded.name != "", put.excluded.name), else_=subscriber.c.name)
            statement = put.on_conflict_do_update(
                index_elements=[subscriber.c.newsletter, subscriber.c.address_key],
                set_={"name": named, "added_at": put.excluded.added_at},
                where=subscriber.c.state == "unconfirmed",
            )
            connection.execute(statement)
            _suppress(connection, [new])
            there = _only(connection, _at(new.newsletter, new.email))
            assert there is not None  # noqa: S101 - it was put there
            return there

    def confirm(self, subscriber_id: str, *, asked_at: datetime, at: datetime, consent: str) -> bool:
        with self._database.writing() as connection:
            one = _only(connection, subscriber.c.id == subscriber_id, lock=True)
            if one is None or one.state == "suppressed":
                return False
            if one.state == "active":
                return True
            if one.changed_at is not None and one.changed_at > asked_at:
                return False
            _set(connection, one.id, state="active", changed_at=at, confirmed_at=at, consent=consent)
            return True

    def prefer(self, subscriber_id: str, *, name: str, plain: bool, tags: Sequence[str]) -> bool:
        with self._database.writing() as connection:
            return _set(connection, subscriber_id, name=name, plain=plain, tags=list(tags))

    # --- another address --------------------------------------------------------------------------

    def plan_move(self, subscriber_id: str, email: str) -> bool:
        with self._database.writing() as connection:
            return _set(connection, subscriber_id, moving_to=email)

    def move(self, subscriber_id: str, *, asked_at: datetime, at: datetime, consent: str) -> bool:
        with self._database.writing() as connection:
            one = _only(connection, subscriber.c.id == subscriber_id, lock=True)
            if one is None or not one.moving_to or one.state == "suppressed":
                return False
            there = _only(connection, _at(one.newsletter, one.moving_to), lock=True)
            if is_suppressed(connection, one.newsletter, one.moving_to):
                return False
            if there is not None and there.state == "suppressed":
                return False
            if there is not None and there.state == "active" and one.has_left_since(asked_at):
                return True  # it has moved already: people press buttons twice
            if one.has_left_since(asked_at) or (there is not None and there.has_left_since(asked_at)):
                return False
            said = {"state": "active", "changed_at": at, "confirmed_at": at, "consent": consent}
            if there is not None and there.id != one.id:
                _set(connection, there.id, **said)
                _set(connection, one.id, state="unsubscribed", changed_at=at)
                return True
            new = {"email": one.moving_to, "address_key": address_key(one.moving_to)}
            _set(connection, one.id, moving_to="", **new, **said)
            if there is None:
                # An old list may have the old address, and is not to bring it back.
                left = Subscriber(
                    id=new_id(),
                    newsletter=one.newsletter,
                    email=one.email,
                    state="unsubscribed",
                    added_at=one.added_at,
                    changed_at=at,
                )
                connection.execute(insert(connection.dialect.name, subscriber), _row(left))
            return True

    # --- mails that were asked for ------------------------------------------------------------------

    def ask(self, who: str, *, day: date, most: int) -> bool:
        with self._database.writing() as connection:
            connection.execute(delete(asked).where(asked.c.day < day))
            put = insert(connection.dialect.name, asked).values(who=who, day=day, times=1)
            counted = put.on_conflict_do_update(
                index_elements=asked.primary_key.columns,
                set_={"times": asked.c.times + 1},
                where=asked.c.times < most,
            )
            return connection.scalar(counted.returning(asked.c.times)) is not None

    def unask(self, who: str, *, day: date) -> None:
        with self._database.writing() as connection:
            those = (asked.c.who == who) & (asked.c.day == day) & (asked.c.times > 0)
            connection.execute(update(asked).where(those).values(times=asked.c.times - 1))


def _let_go(connection: Connection, subscribers: Sequence[Subscriber]) -> None:
    """Those who left according to a list get no mail, unless they have done something here since."""
    left = sorted(
        (one.newsletter, address_key(one.email)) for one in subscribers if one.state == "unsubscribed"
    )
    if left:
        one = (subscriber.c.newsletter == bindparam("list")) & (subscriber.c.address_key == bindparam("who"))
        idle = (subscriber.c.state == "active") & subscriber.c.changed_at.is_(None)
        # One by one: for several at once SQLite would scan all active subscribers each time.
        statement = update(subscriber).where(one & idle).values(state="unsubscribed")
        connection.execute(statement, [{"list": newsletter, "who": key} for newsletter, key in left])


def _suppress(connection: Connection, subscribers: Sequence[Subscriber]) -> None:
    """Note the suppressed addresses of a list; what is noted overrides the list."""
    listed = [
        Suppressed(
            newsletter=one.newsletter,
            email=one.email,
            reason=Reason.IMPORTED,
            source="list",
            at=one.changed_at or one.added_at,
        )
        for one in subscribers
        if one.state == "suppressed"
    ]
    for one in listed:
        suppress(connection, one)
    keys = [address_key(one.email) for one in subscribers]
    # Of a few, as a sign-up brings them, only these are looked up; a whole list is not one statement's.
    those = subscriber.c.address_key.in_(keys) if len(keys) <= FEW else true()
    for newsletter in sorted({one.newsletter for one in subscribers}):
        enforce(connection, (subscriber.c.newsletter == newsletter) & those, at=None)


def _at(newsletter: str, email: str) -> ColumnElement[bool]:
    return (subscriber.c.newsletter == newsletter) & (subscriber.c.address_key == address_key(email))


def _only(connection: Connection, which: ColumnElement[bool], *, lock: bool = False) -> Subscriber | None:
    statement = select(subscriber).where(which)
    row = connection.execute(statement.with_for_update() if lock else statement).mappings().one_or_none()
    return None if row is None else read_subscriber(row)


def _turn(connection: Connection, which: ColumnElement[bool], state: str, *, at: datetime | None) -> int:
    """Set their state, and return how many there were. Suppressed ones who leave stay suppressed."""
    becomes = case((subscriber.c.state == "suppressed", "suppressed"), else_=state)
    new = becomes if state == "unsubscribed" else state
    changed = subscriber.c.changed_at
    since = (
        {}
        if at is None
        # In an expression, a bare datetime would be written as text.
        else {"changed_at": case((subscriber.c.state == new, changed), else_=literal(at, changed.type))}
    )
    return connection.execute(update(subscriber).where(which).values(state=new, **since)).rowcount


def _set(connection: Connection, subscriber_id: str, **values: Any) -> bool:
    statement = update(subscriber).where(subscriber.c.id == subscriber_id).values(values)
    return connection.execute(statement).rowcount > 0


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
        plain=row["plain"],
        tags=tuple(row["tags"]),
        confirmed_at=row["confirmed_at"],
        consent=row["consent"],
        changed_at=row["changed_at"],
        moving_to=row["moving_to"],
    )
