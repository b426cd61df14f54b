"""The journal: what ran, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields

from sqlalchemy import select

from digest.model import Run
from digest.stores.database import Database
from digest.stores.schema import run

_COLUMNS = tuple(run.c[field.name] for field in fields(Run))
_NOTE = run.insert()


class SqlJournal:
    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, run_: Run) -> None:
        with self._database.writing() as connection:
            connection.execute(_NOTE, asdict(run_))

    def latest(self, newsletter: str, *, limit: int = 10) -> Sequence[Run]:
        statement = (
            select(*_COLUMNS)
            .where(run.c.newsletter == newsletter)
            .order_by(run.c.at.desc(), run.c.id.desc())
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [Run(**row) for row in connection.execute(statement).mappings()]
