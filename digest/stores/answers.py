"""What a language model once answered, by the hash of what it was asked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from digest.stores.database import Database, write
from digest.stores.schema import answer


class SqlAnswers:
    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, key: str) -> str | None:
        with self._database.reading() as connection:
            return connection.scalar(select(answer.c.text).where(answer.c.key == key))

    def put(self, key: str, text: str, *, at: datetime) -> None:
        with self._database.writing() as connection:
            write(connection, answer, {"key": key, "at": at, "text": text})
