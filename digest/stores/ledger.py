"""The ledger: who was sent which edition. A row is claimed before the mail leaves and recorded after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, bindparam, delete, func, select, update

from digest.errors import StoreError
from digest.model import Delivery, EditionKey, Outcome, Receipt
from digest.stores.database import Database, insert, portions
from digest.stores.schema import delivery

#: The state of a row whose mail may be on its way: no outcome is known.
CLAIMED = "claimed"

#: What a receipt may still change. A late one tells the truth about an unsure mail.
OPEN = (CLAIMED, Outcome.UNSURE)


class SqlLedger:
    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(
        self, key: EditionKey, mails: Sequence[tuple[str, str]], *, sha256: str, at: datetime
    ) -> frozenset[str]:
        if not mails:
            return frozenset()
        claimed = {"state": CLAIMED, "sha256": sha256, "at": at, "remote_id": "", "detail": ""}
        edition = {"newsletter": key.newsletter, "day": key.day}
        # Sorted: PostgreSQL locks row by row, and two claims in different orders would wait for each other.
        rows = [
            edition | claimed | {"subscriber_id": subscriber_id, "message_id": message_id}
            for subscriber_id, message_id in sorted(dict(mails).items())
        ]
        with self._database.writing() as connection:
            statement = insert(connection, delivery)
            # One statement looks and takes: whoever comes second, in any process, gets no row back.
            statement = statement.on_conflict_do_update(
                index_elements=delivery.primary_key.columns,
                set_={name: statement.excluded[name] for name in (*claimed, "message_id")},
                where=delivery.c.state == Outcome.DEFERRED,
            )
            return frozenset(connection.scalars(statement.returning(delivery.c.subscriber_id), rows))

    def record(self, key: EditionKey, receipts: Iterable[Receipt], *, at: datetime) -> None:
        """Record receipts of mails that are claimed or unsure.

        Raises:
            StoreError: Others were among them; what could be recorded is.
        """
        given = {receipt.subscriber_id: receipt for receipt in receipts}
        if not given:
            return
        with self._database.writing() as connection:
            open_ids = {
                subscriber_id
                for some in portions(list(given))
                for subscriber_id in connection.scalars(
                    select(delivery.c.subscriber_id)
                    .where(_of(key) & delivery.c.subscriber_id.in_(some) & delivery.c.state.in_(OPEN))
                    .with_for_update()  # PostgreSQL only; SQLite's writers come one by one
                )
            }
            rows = [_row(given[subscriber_id], at) for subscriber_id in sorted(open_ids)]
            if rows:
                statement = update(delivery).where(
                    _of(key) & (delivery.c.subscriber_id == bindparam("of_id"))
                )
                connection.execute(statement, rows)
        if strangers := sorted(given.keys() - open_ids):
            raise StoreError(
                f"{key}: {len(strangers)} receipt(s) of mails that nobody has claimed, first of subscriber "
                f"{strangers[0]}; all others are recorded. Was the ledger changed by another program?"
            )

    def release(self, key: EditionKey, subscriber_ids: Iterable[str]) -> None:
        with self._database.writing() as connection:
            for some in portions(list(subscriber_ids)):
                connection.execute(
                    delete(delivery).where(
                        _of(key) & delivery.c.subscriber_id.in_(some) & (delivery.c.state == CLAIMED)
                    )
                )

    def counts(self, key: EditionKey) -> Mapping[Outcome | None, int]:
        statement = select(delivery.c.state, func.count()).where(_of(key)).group_by(delivery.c.state)
        with self._database.reading() as connection:
            return {_outcome(state): count for state, count in connection.execute(statement)}

    def deliveries(self, key: EditionKey, *outcomes: Outcome | None) -> Sequence[Delivery]:
        statement = select(delivery).where(_of(key)).order_by(delivery.c.subscriber_id)
        if outcomes:
            statement = statement.where(delivery.c.state.in_([outcome or CLAIMED for outcome in outcomes]))
        with self._database.reading() as connection:
            return [_delivery(row) for row in connection.execute(statement).mappings()]


def _of(key: EditionKey) -> ColumnElement[bool]:
    return (delivery.c.newsletter == key.newsletter) & (delivery.c.day == key.day)


def _outcome(state: str) -> Outcome | None:
    return None if state == CLAIMED else Outcome(state)


def _row(receipt: Receipt, at: datetime) -> dict[str, object]:
    return {
        "of_id": receipt.subscriber_id,
        "state": receipt.outcome.value,
        "remote_id": receipt.remote_id,
        "detail": receipt.detail,
        "at": at,
    }


def _delivery(row: RowMapping) -> Delivery:
    return Delivery(
        key=EditionKey(newsletter=row["newsletter"], day=row["day"]),
        subscriber_id=row["subscriber_id"],
        outcome=_outcome(row["state"]),
        message_id=row["message_id"],
        sha256=row["sha256"],
        at=row["at"],
        detail=row["detail"],
    )
