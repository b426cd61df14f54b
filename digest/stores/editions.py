"""What is remembered about editions, beside their files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    RowMapping,
    bindparam,
    delete,
    exists,
    func,
    select,
    update,
)

from digest.errors import EditionError
from digest.model import Approval, EditionKey, EditionRecord, Outcome, Provenance, Span, State, Window
from digest.stores.database import Database, insert, write
from digest.stores.schema import begun, delivery, edition, target


def _is(table: FromClause) -> ColumnElement[bool]:
    return (table.c.newsletter == bindparam("of")) & (table.c.day == bindparam("on"))


def _was_sent(table: FromClause) -> ColumnElement[bool]:
    """The edition that *table*'s row is about went to the list, and at least one mail of it was sent.

    An edition that only single readers were sent is a draft.
    """
    to_the_list = exists().where((begun.c.newsletter == table.c.newsletter) & (begun.c.day == table.c.day))
    somebody_has_it = exists().where(
        (delivery.c.newsletter == table.c.newsletter)
        & (delivery.c.day == table.c.day)
        & (delivery.c.state == Outcome.SENT)
    )
    return to_the_list & somebody_has_it


_ONE = select(edition).where(_is(edition))
_RECENT = (
    select(edition)
    .where((edition.c.newsletter == bindparam("of")) & (edition.c.day < bindparam("before")))
    .where(_was_sent(edition))
    .order_by(edition.c.day.desc())
    .limit(bindparam("most"))
)
_HIGHEST = select(func.max(edition.c.number)).where(
    (edition.c.newsletter == bindparam("of")) & _was_sent(edition)
)
_NUMBER = select(edition.c.number, _was_sent(edition)).where(_is(edition))
_TARGETS = (
    select(target.c.url)
    .where((target.c.newsletter == bindparam("of")) & (target.c.day >= bindparam("since")))
    .where(target.c.day < bindparam("before"))
    .where(_was_sent(target))
)
_BEGUN = select(begun.c.at).where(_is(begun))
_UNBEGIN = delete(begun).where(_is(begun))
_GONE = select(func.count()).where(
    _is(delivery) & delivery.c.state.in_([State.SENDING, State.SENT, State.UNSURE])
)
_UNLINK = delete(target).where(_is(target))
_LINK = target.insert()


class SqlEditions:
    def __init__(self, database: Database) -> None:
        self._database = database

    def recent(self, newsletter: str, *, before: date, limit: int) -> Sequence[EditionRecord]:
        given = {"of": newsletter, "before": before, "most": limit}
        with self._database.reading() as connection:
            return [_record(row) for row in connection.execute(_RECENT, given).mappings()]

    def get(self, key: EditionKey) -> EditionRecord | None:
        with self._database.reading() as connection:
            row = connection.execute(_ONE, _it(key)).mappings().one_or_none()
        return None if row is None else _record(row)

    def save(self, record: EditionRecord) -> None:
        row = _row(record)
        with self._database.writing() as connection:
            # Somebody may have approved it while it was composed: that is for ``approve`` alone to write.
            write(connection, edition, row, keeping=_APPROVAL)

    def number(self, key: EditionKey) -> int:
        with self._database.reading() as connection:
            own, was_sent = connection.execute(_NUMBER, _it(key)).one_or_none() or (0, False)
            if was_sent:
                return own
            highest = connection.scalar(_HIGHEST, {"of": key.newsletter}) or 0
        return max(own, highest + 1)

    def approve(self, key: EditionKey, approval: Approval) -> None:
        """Raises EditionError where no such edition was composed."""
        with self._database.writing() as connection:
            statement = update(edition).where(_is(edition)).values(**_approved(approval))
            if connection.execute(statement, _it(key)).rowcount == 0:
                raise EditionError(
                    str(key), "there is no such edition to approve; compose it first: digest build"
                )

    def begin(self, key: EditionKey, *, at: datetime) -> bool:
        row = {"newsletter": key.newsletter, "day": key.day, "at": at}
        with self._database.writing() as connection:
            put = insert(connection.dialect.name, begun).values(row).on_conflict_do_nothing()
            return connection.scalar(put.returning(begun.c.day)) is not None

    def take_back(self, key: EditionKey, *, gone: int) -> None:
        with suppress(_MoreAreGone), self._database.writing() as connection:
            # In this order: whoever else begins now, and has claimed before, is counted, or begins anew.
            connection.execute(_UNBEGIN, _it(key))
            if (connection.scalar(_GONE, _it(key)) or 0) > gone:
                raise _MoreAreGone

    def begun(self, key: EditionKey) -> datetime | None:
        with self._database.reading() as connection:
            return connection.scalar(_BEGUN, _it(key))

    def sent_targets(self, newsletter: str, *, since: date, before: date) -> frozenset[str]:
        given = {"of": newsletter, "since": since, "before": before}
        with self._database.reading() as connection:
            return frozenset(connection.scalars(_TARGETS, given))

    def link(self, key: EditionKey, targets: Iterable[str]) -> None:
        rows = [{"newsletter": key.newsletter, "day": key.day, "url": url} for url in sorted(set(targets))]
        with self._database.writing() as connection:
            connection.execute(_UNLINK, _it(key))
            if rows:
                connection.execute(_LINK, rows)


class _MoreAreGone(Exception):  # noqa: N818 - the exception is not an error
    """Mails have left that whoever takes back knows nothing of."""


def _it(key: EditionKey) -> dict[str, Any]:
    """Which row ``_is`` is about."""
    return {"of": key.newsletter, "on": key.day}


def _row(record: EditionRecord) -> dict[str, Any]:
    return {
        "newsletter": record.key.newsletter,
        "day": record.key.day,
        "number": record.number,
        "since": record.window.since,
        "until": record.window.until,
        "composed": record.composed,
        "former": record.former,
        "composed_at": record.composed_at,
        "provenance": {
            blurb: {
                "articles": list(given.articles),
                "spans": [[span.article_id, span.start, span.end] for span in given.spans],
            }
            for blurb, given in record.provenance.items()
        },
        **_approved(record.approval),
    }


def _record(row: RowMapping) -> EditionRecord:
    return EditionRecord(
        key=EditionKey(newsletter=row["newsletter"], day=row["day"]),
        number=row["number"],
        window=Window(since=row["since"], until=row["until"]),
        composed=row["composed"],
        former=row["former"],
        composed_at=row["composed_at"],
        provenance={
            blurb: Provenance(
                articles=tuple(given["articles"]),
                spans=tuple(
                    Span(article_id=article_id, start=start, end=end)
                    for article_id, start, end in given["spans"]
                ),
            )
            for blurb, given in row["provenance"].items()
        },
        approval=_approval(row),
    )


#: The columns that ``approve`` writes.
_APPROVAL = ("approved_sha256", "approved_by", "approved_at")


def _approved(approval: Approval | None) -> dict[str, Any]:
    if approval is None:
        return {"approved_sha256": "", "approved_by": "", "approved_at": None}
    return {
        "approved_sha256": approval.sha256,
        "approved_by": approval.by,
        "approved_at": approval.at,
    }


def _approval(row: RowMapping) -> Approval | None:
    if not row["approved_sha256"]:
        return None
    # A database of before approvals had a time: what was composed then is all that is known.
    at = row["approved_at"] or row["composed_at"]
    return Approval(sha256=row["approved_sha256"], by=row["approved_by"], at=at)
