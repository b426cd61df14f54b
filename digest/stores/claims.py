"""The three statements that every mail costs, each built once: the speed of a run depends on them.

Claims and receipts are given in batches, each in one parameter.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Text,
    bindparam,
    exists,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects import sqlite

from digest.model import EventKind, State
from digest.stores.database import insert
from digest.stores.rows import given
from digest.stores.schema import delivery, subscriber

#: What a receipt may still change. A late one tells the truth about an unsure mail.
OPEN = (State.SENDING, State.UNSURE)

#: The columns of a mail that was not claimed.
UNCLAIMED = {"message_id": "", "sha256": "", "remote_id": "", "detail": "", "owner": ""}


def _named(name: str) -> BindParameter[Any]:
    return bindparam(f"the_{name}", type_=delivery.c[name].type)


def _is_one_of(states: Collection[State]) -> ColumnElement[bool]:
    # No IN: SQLAlchemy builds the statement again for each list of values.
    return or_(*(delivery.c.state == state.value for state in states))


@cache
def finding(states: tuple[State, ...], returned: EventKind | None = None) -> Select[Any]:
    """Finds ``most`` active subscribers in these states, behind ``after``: the columns of a ``Due``."""
    ahead = delivery.c.subscriber_id > bindparam("after", type_=Text)
    edition = (delivery.c.newsletter == _named("newsletter")) & (delivery.c.day == _named("day"))
    if returned is not None:
        edition &= delivery.c.returned == returned.value
    return (
        select(
            subscriber.c.id,
            subscriber.c.email,
            subscriber.c.name,
            subscriber.c.plain,
            delivery.c.message_id,
            delivery.c.sha256,
            delivery.c.detail,
            delivery.c.state != State.PENDING.value,
        )
        .join_from(delivery, subscriber, subscriber.c.id == delivery.c.subscriber_id)
        .where(edition & _is_one_of(states) & ahead & (subscriber.c.state == "active"))
        .order_by(delivery.c.subscriber_id)
        .limit(bindparam("most", type_=Integer))
    )


@cache
def claiming(dialect: str, of: tuple[State, ...]) -> sqlite.Insert:
    """Claims the (subscriber id, message id) pairs ``mails``, but of nobody who has left; ``the_newsletter``,
    ``the_day``, ``the_at``, ``the_sha256`` and ``the_owner`` are the same for all."""
    mails = given("mails", "subscriber_id", "message_id", dialect=dialect)
    same: dict[str, ColumnElement[Any]] = {
        name: _named(name) for name in ("newsletter", "day", "at", "sha256", "owner")
    }
    same |= {"state": literal(State.SENDING.value), "remote_id": literal(""), "detail": literal("")}
    # Between the look at who is due and this there may be an hour: a process was stopped, or waited for a
    # lock. An edition's campaign is nobody's, and has no subscriber.
    left = exists().where((subscriber.c.id == mails.c.subscriber_id) & (subscriber.c.state != "active"))
    rows = (
        select(mails, *same.values())
        .where(~left)
        # PostgreSQL locks row by row, and two claims in different orders would wait for each other.
        .order_by(mails.c.subscriber_id)
    )
    put = insert(dialect, delivery).from_select(["subscriber_id", "message_id", *same], rows)
    # One statement looks and takes: whoever is second, in any process, gets no row back.
    put = put.on_conflict_do_update(
        index_elements=delivery.primary_key.columns,
        set_={
            name: put.excluded[name] for name in ("state", "at", "message_id", "sha256", "owner", "detail")
        },
        where=_is_one_of(of),
    )
    return put.execution_options(preserve_rowcount=True)


@cache
def recording(dialect: str, of: tuple[State, ...] = OPEN) -> sqlite.Insert:
    """Records ``receipts`` (subscriber id, state, remote id, detail) of mails in these states, and no others;
    ``the_newsletter``, ``the_day`` and ``the_at`` are the same for all."""
    told = ("state", "remote_id", "detail")
    receipts = given("receipts", "subscriber_id", *told, dialect=dialect)
    same: dict[str, ColumnElement[Any]] = {name: _named(name) for name in ("newsletter", "day", "at")}
    same |= {name: literal("") for name in ("message_id", "sha256", "owner")}
    known = exists().where(
        (delivery.c.newsletter == same["newsletter"])
        & (delivery.c.day == same["day"])
        & (delivery.c.subscriber_id == receipts.c.subscriber_id)
        & _is_one_of(of)
    )
    rows = select(receipts, *same.values()).where(known)
    # No UPDATE … FROM: for that SQLite reads the whole edition, where this asks for each row by its key.
    put = insert(dialect, delivery).from_select(["subscriber_id", *told, *same], rows)
    put = put.on_conflict_do_update(
        index_elements=delivery.primary_key.columns,
        set_={name: put.excluded[name] for name in (*told, "at", "owner")},
        where=_is_one_of(of),
    )
    return put.execution_options(preserve_rowcount=True)


def change_all(connection: Connection, put: sqlite.Insert, given: Mapping[str, Any], *, rows: int) -> None:
    """Execute *put*, which should change *rows* rows.

    Counting them costs less than fetching which they are, and mostly it is all of them.

    Raises:
        Fewer: It has not changed all of them; the transaction has to be undone.
    """
    if connection.execute(put, given).rowcount < rows:
        raise Fewer


def change(connection: Connection, put: sqlite.Insert, given: Mapping[str, Any]) -> frozenset[str]:
    """Execute *put*, and return the subscribers whose rows it has changed."""
    return frozenset(connection.scalars(put.returning(delivery.c.subscriber_id), given))


class Fewer(Exception):  # noqa: N818 - the exception is not an error
    """Not everyone's row was changed."""
