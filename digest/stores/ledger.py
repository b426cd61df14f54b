"""The ledger: who was sent which edition. A row is claimed before the mail leaves and recorded after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from itertools import starmap

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    bindparam,
    delete,
    exists,
    func,
    literal,
    select,
    update,
)

from digest.errors import StoreError
from digest.model import Delivery, EditionKey, EventKind, Receipt, State, Tally
from digest.ports import DUE, Due, Headcount
from digest.stores.claims import UNCLAIMED, Fewer, change, change_all, claiming, finding, recording
from digest.stores.database import Database, insert, portions
from digest.stores.owners import owners_of
from digest.stores.rows import written
from digest.stores.schema import delivery, subscriber

#: Rows that one transaction puts on a list: other writers wait no longer than it takes.
PAGE = 10_000

_HERE = (delivery.c.newsletter == bindparam("the_newsletter")) & (delivery.c.day == bindparam("the_day"))
_STATE_OF = (delivery.c.state, delivery.c.owner)
# Asked at each look at an edition: building a statement costs more than executing it.
_COUNTED = select(*_STATE_OF, func.count()).where(_HERE).group_by(*_STATE_OF)
_COUNTED_OF = _COUNTED.where(delivery.c.state.in_(bindparam("states", expanding=True)))
_CONTENTS = (
    select(delivery.c.sha256)
    .where(_HERE & delivery.c.state.in_([State.SENDING, State.SENT, State.UNSURE]))
    .distinct()
)

_UNSURE_AGAIN = (
    update(delivery)
    .where(_HERE & (delivery.c.subscriber_id == bindparam("who")) & (delivery.c.state == State.SENDING))
    .values(
        state=State.UNSURE.value, owner="", sha256=bindparam("the_sha256"), detail=bindparam("the_detail")
    )
)

CUT_OFF = "the run that was sending it ended without an answer"


class SqlLedger:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._owners = owners_of(database)

    def owned(self) -> AbstractContextManager[str]:
        return self._owners.living()

    # --- the list ---------------------------------------------------------------------------------

    def enrol(self, key: EditionKey, *, at: datetime) -> None:
        listed = (subscriber.c.newsletter == key.newsletter) & (subscriber.c.state == "active")
        row = _pending(key, at)
        after = ""
        while True:
            ahead = listed & (subscriber.c.id > after)
            end = select(subscriber.c.id).where(ahead).order_by(subscriber.c.id).offset(PAGE - 1).limit(1)
            with self._database.writing() as connection:
                last = connection.scalar(end)
                page = ahead if last is None else ahead & (subscriber.c.id <= last)
                same = (literal(value, delivery.c[name].type) for name, value in row.items())
                # In a fixed order: on PostgreSQL, enrolments in different orders could deadlock.
                people = select(subscriber.c.id, *same).where(page).order_by(subscriber.c.id)
                put = insert(connection.dialect.name, delivery).from_select(["subscriber_id", *row], people)
                connection.execute(put.on_conflict_do_nothing())
            if last is None:
                return
            after = last

    def withdraw(self, key: EditionKey) -> None:
        still_here = exists().where(
            (subscriber.c.id == delivery.c.subscriber_id) & (subscriber.c.state == "active")
        )
        statement = delete(delivery).where(_of(key) & delivery.c.state.in_(DUE) & ~still_here)
        with self._database.writing() as connection:
            connection.execute(statement)

    def due(
        self,
        key: EditionKey,
        *states: State,
        returned: EventKind | None = None,
        after: str = "",
        limit: int,
    ) -> Sequence[Due]:
        page = _at(key) | {"after": after, "most": limit}
        with self._database.reading() as connection:
            return list(starmap(Due, connection.execute(finding(states, returned), page).all()))

    # --- one mail's way ---------------------------------------------------------------------------

    def claim(
        self,
        key: EditionKey,
        mails: Sequence[tuple[str, str]],
        *,
        sha256: str,
        at: datetime,
        owner: str = "",
        of: Collection[State] = DUE,
        receipts: Sequence[Receipt] = (),
    ) -> frozenset[str]:
        pairs, said = dict(mails), _said(receipts)
        given = _named(key, at) | {"the_sha256": sha256, "the_owner": owner}
        given |= {"mails": written(pairs.items())}
        claims = claiming(self._database.dialect, tuple(of))
        with suppress(Fewer), self._database.writing() as connection:
            if said:
                told = _named(key, at) | {"receipts": written(said.values())}
                change_all(connection, recording(self._database.dialect), told, rows=len(said))
            if pairs:
                change_all(connection, claims, given, rows=len(pairs))
            return frozenset(pairs)
        self.record(key, receipts, at=at)
        with self._database.writing() as connection:
            return change(connection, claims, given)

    def record(self, key: EditionKey, receipts: Iterable[Receipt], *, at: datetime) -> None:
        """Record receipts of mails that are being sent or unsure; what is recorded already is left alone.

        Raises:
            StoreError: There were others among them; what could be recorded is.
        """
        said = _said(receipts)
        if not said:
            return
        given, put = _named(key, at) | {"receipts": written(said.values())}, recording(self._database.dialect)
        with suppress(Fewer), self._database.writing() as connection:
            change_all(connection, put, given, rows=len(said))
            return
        with self._database.writing() as connection:
            others = said.keys() - change(connection, put, given)
            known = {who for who in others if _state_of(connection, key, who) == said[who][1]}
        if strangers := sorted(others - known):
            raise StoreError(
                f"{key}: {len(strangers)} receipt(s) of mails that nobody has claimed, first of subscriber "
                f"{strangers[0]}; all others are recorded. Was the ledger changed by another program?"
            )

    def refuse(
        self, key: EditionKey, receipts: Sequence[Receipt], *, of: Collection[State], at: datetime
    ) -> frozenset[str]:
        given = _named(key, at) | {"receipts": written(_said(receipts).values())}
        with self._database.writing() as connection:
            return change(connection, recording(self._database.dialect, tuple(of)), given)

    def release(self, key: EditionKey, subscriber_ids: Iterable[str]) -> None:
        with self._database.writing() as connection:
            for some in portions(sorted(subscriber_ids)):
                claims = delivery.c.subscriber_id.in_(some) & (delivery.c.state == State.SENDING)
                free = update(delivery).where(_of(key) & claims).values(state=State.PENDING.value, owner="")
                connection.execute(free)

    def release_unsure(self, key: EditionKey, mails: Iterable[tuple[str, str, str]]) -> None:
        rows = [
            _at(key) | {"who": who, "the_sha256": sha256, "the_detail": detail}
            for who, sha256, detail in sorted(mails)
        ]
        if rows:
            with self._database.writing() as connection:
                connection.execute(_UNSURE_AGAIN, rows)

    def mark_unsure(self, key: EditionKey, *, at: datetime) -> int:
        claimed = self._counted(key, State.SENDING)
        dead = [owner for _, owner, _ in claimed if not self._lives(owner)]
        if not dead:
            return 0
        claims = (delivery.c.state == State.SENDING) & delivery.c.owner.in_(dead)
        unsure = {"state": State.UNSURE.value, "at": at, "detail": CUT_OFF, "owner": ""}
        with self._database.writing() as connection:
            return connection.execute(update(delivery).where(_of(key) & claims).values(unsure)).rowcount

    def note(self, key: EditionKey, subscriber_id: str, *, remote_id: str) -> None:
        claimed = (delivery.c.subscriber_id == subscriber_id) & (delivery.c.state == State.SENDING)
        with self._database.writing() as connection:
            connection.execute(update(delivery).where(_of(key) & claimed).values(remote_id=remote_id))

    # --- what is so -------------------------------------------------------------------------------

    def tally(self, key: EditionKey) -> Tally:
        return self.standing(key).tally

    def standing(self, key: EditionKey) -> Headcount:
        rows = self._counted(key)
        gone = {owner for state, owner, _ in rows if state == State.SENDING and not self._lives(owner)}
        if gone:  # a process that ended since the rows were read may have recorded them
            rows = self._counted(key)
        counts: Counter[str] = Counter()
        for state, owner, count in rows:
            decided = State.UNSURE if owner in gone else State.PENDING
            counts[decided if state == State.SENDING else state] += count
        claimed = sum(count for state, owner, count in rows if state == State.SENDING and owner not in gone)
        return Headcount(Tally(**counts), claimed)

    def contents(self, key: EditionKey) -> frozenset[str]:
        with self._database.reading() as connection:
            return frozenset(connection.scalars(_CONTENTS, _at(key)))

    def deliveries(
        self,
        key: EditionKey,
        *states: State,
        returned: EventKind | None = None,
        after: str = "",
        limit: int | None = None,
    ) -> Sequence[Delivery]:
        rows = _of(key) & (delivery.c.subscriber_id > after)
        if states:
            rows &= delivery.c.state.in_(states)
        if returned is not None:
            rows &= delivery.c.returned == returned.value
        statement = select(delivery).where(rows).order_by(delivery.c.subscriber_id).limit(limit)
        with self._database.reading() as connection:
            return [_delivery(row) for row in connection.execute(statement).mappings()]

    def get(self, key: EditionKey, subscriber_id: str) -> Delivery | None:
        statement = select(delivery).where(_of(key) & (delivery.c.subscriber_id == subscriber_id))
        with self._database.reading() as connection:
            row = connection.execute(statement).mappings().first()
        return None if row is None else _delivery(row)

    def history(self, newsletter: str, subscriber_id: str, *, limit: int) -> Sequence[Delivery]:
        found: list[Delivery] = []
        theirs = delivery.c.newsletter == newsletter
        newest, day = select(func.max(delivery.c.day)).where(theirs), None
        with self._database.reading() as connection:
            # Day by day along the primary key: an index by subscriber would slow down each claim.
            for _ in range(limit):
                day = connection.scalar(newest if day is None else newest.where(delivery.c.day < day))
                if day is None:
                    break
                mine = theirs & (delivery.c.day == day) & (delivery.c.subscriber_id == subscriber_id)
                found += map(_delivery, connection.execute(select(delivery).where(mine)).mappings())
        return found

    def returned(self, key: EditionKey) -> Mapping[str, int]:
        came_back = _of(key) & delivery.c.returned.is_not(None)
        statement = select(delivery.c.returned, func.count()).where(came_back).group_by(delivery.c.returned)
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(statement)}

    def _counted(self, key: EditionKey, *states: State) -> Sequence[tuple[str, str, int]]:
        """How many rows are in which state under whose name."""
        given = _at(key) | ({"states": states} if states else {})
        with self._database.reading() as connection:
            counts = connection.execute(_COUNTED_OF if states else _COUNTED, given)
            return [(state, owner, count) for state, owner, count in counts]

    def _lives(self, owner: str) -> bool:
        """Whether the owner's process is alive; the empty name counts as dead."""
        return bool(owner) and self._owners.lives(owner)


def _of(key: EditionKey) -> ColumnElement[bool]:
    return (delivery.c.newsletter == key.newsletter) & (delivery.c.day == key.day)


def _state_of(connection: Connection, key: EditionKey, subscriber_id: str) -> str | None:
    return connection.scalar(
        select(delivery.c.state).where(_of(key) & (delivery.c.subscriber_id == subscriber_id))
    )


def _pending(key: EditionKey, at: datetime) -> dict[str, object]:
    """A row of an edition's list, without its subscriber."""
    return {"newsletter": key.newsletter, "day": key.day, "state": State.PENDING.value, "at": at, **UNCLAIMED}


def _said(receipts: Iterable[Receipt]) -> dict[str, tuple[str, str, str, str]]:
    """What ``recording`` is given, by subscriber."""
    return {
        receipt.subscriber_id: (receipt.subscriber_id, receipt.outcome, receipt.remote_id, receipt.detail)
        for receipt in receipts
    }


def _at(key: EditionKey) -> dict[str, object]:
    return {"the_newsletter": key.newsletter, "the_day": key.day}


def _named(key: EditionKey, at: datetime) -> dict[str, object]:
    return _at(key) | {"the_at": at}


def _delivery(row: RowMapping) -> Delivery:
    return Delivery(
        key=EditionKey(newsletter=row["newsletter"], day=row["day"]),
        subscriber_id=row["subscriber_id"],
        state=State(row["state"]),
        message_id=row["message_id"],
        sha256=row["sha256"],
        at=row["at"],
        remote_id=row["remote_id"],
        detail=row["detail"],
        returned=row["returned"] or "",
    )
