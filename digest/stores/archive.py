"""What was sent, and what was corrected since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, exists, func, select, update

from digest.model import Content, Correction, EditionKey, State
from digest.stores.database import Database, insert
from digest.stores.schema import begun, content, correction, delivery


class SqlArchive:
    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, content_: Content) -> None:
        row = {
            "newsletter": content_.key.newsletter,
            "day": content_.key.day,
            "sha256": content_.sha256,
            "at": content_.at,
            "source": content_.source,
        }
        with self._database.writing() as connection:
            connection.execute(insert(connection.dialect.name, content).on_conflict_do_nothing(), row)

    def sent(self, newsletter: str) -> Mapping[date, tuple[str, datetime]]:
        to_the_list = exists().where(
            (begun.c.newsletter == content.c.newsletter) & (begun.c.day == content.c.day)
        )
        somebody_has_it = exists().where(
            (delivery.c.newsletter == content.c.newsletter)
            & (delivery.c.day == content.c.day)
            & (delivery.c.state == State.SENT)
            & (delivery.c.sha256 == content.c.sha256)
        )
        statement = (
            select(content.c.day, content.c.sha256, content.c.at)
            .where((content.c.newsletter == newsletter) & to_the_list & somebody_has_it)
            .order_by(content.c.day.desc(), content.c.at)
        )
        found: dict[date, list[tuple[str, datetime]]] = defaultdict(list)
        with self._database.reading() as connection:
            for day, sha256, at in connection.execute(statement):
                found[day].append((sha256, at))
            return {day: _sent(connection, newsletter, day, contents) for day, contents in found.items()}

    def content(self, key: EditionKey, sha256: str) -> Content | None:
        statement = select(content.c.at, content.c.source).where(
            (content.c.newsletter == key.newsletter)
            & (content.c.day == key.day)
            & (content.c.sha256 == sha256)
        )
        with self._database.reading() as connection:
            row = connection.execute(statement).one_or_none()
        return None if row is None else Content(key=key, sha256=sha256, source=row.source, at=row.at)

    def correct(self, correction_: Correction) -> bool:
        row = {
            "newsletter": correction_.key.newsletter,
            "day": correction_.key.day,
            "id": correction_.id,
            "item": correction_.item,
            "text": correction_.text,
            "replaced": [list(pair) for pair in correction_.replaced],
            "at": correction_.at,
            "told_on": correction_.told_on,
        }
        with self._database.writing() as connection:
            put = insert(connection.dialect.name, correction).values(row).on_conflict_do_nothing()
            new = connection.execute(put.returning(correction.c.id)).one_or_none() is not None
            if not new and correction_.replaced:
                same = _is(correction_)
                connection.execute(update(correction).where(same).values(replaced=row["replaced"]))
        return new

    def corrections(self, newsletter: str) -> Sequence[Correction]:
        statement = (
            select(correction)
            .where(correction.c.newsletter == newsletter)
            .order_by(correction.c.at, correction.c.day, correction.c.id)
        )
        with self._database.reading() as connection:
            return [_correction(row) for row in connection.execute(statement).mappings()]

    def tell(self, corrections: Iterable[Correction], *, on: date) -> None:
        with self._database.writing() as connection:
            for one in corrections:
                connection.execute(update(correction).where(_is(one)).values(told_on=on))


def _sent(
    connection: Connection, newsletter: str, day: date, contents: Sequence[tuple[str, datetime]]
) -> tuple[str, datetime]:
    """Of several contents, which takes counting, the one that most readers have; of equals, the last."""
    sha256, first_at = contents[0]
    if len(contents) == 1:
        return sha256, first_at
    statement = (
        select(delivery.c.sha256, func.count())
        .where((delivery.c.newsletter == newsletter) & (delivery.c.day == day))
        .where(delivery.c.state == State.SENT)
        .group_by(delivery.c.sha256)
    )
    readers = {name: count for name, count in connection.execute(statement)}  # noqa: C416 - a row is no pair
    last_first = [name for name, _ in reversed(contents)]
    return max(last_first, key=lambda name: readers.get(name, 0)), first_at


def _is(one: Correction) -> ColumnElement[bool]:
    return (
        (correction.c.newsletter == one.key.newsletter)
        & (correction.c.day == one.key.day)
        & (correction.c.id == one.id)
    )


def _correction(row: RowMapping) -> Correction:
    return Correction(
        key=EditionKey(newsletter=row["newsletter"], day=row["day"]),
        item=row["item"],
        text=row["text"],
        replaced=tuple((wrong, right) for wrong, right in row["replaced"]),
        at=row["at"],
        told_on=row["told_on"],
    )
