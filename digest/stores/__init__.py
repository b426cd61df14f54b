"""Everything that is kept, in SQL: the same statements on SQLite (default) and PostgreSQL."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from digest.stores import schema
from digest.stores.answers import SqlAnswers
from digest.stores.archive import SqlArchive
from digest.stores.database import Database, insert, open_database
from digest.stores.editions import SqlEditions
from digest.stores.events import SqlEvents
from digest.stores.feeds import SqlFeeds
from digest.stores.journal import SqlJournal
from digest.stores.ledger import SqlLedger
from digest.stores.notices import SqlNotices
from digest.stores.pruning import prune
from digest.stores.roster import SqlRoster
from digest.stores.subscribers import SqlSubscribers
from digest.stores.suppressions import SqlSuppressions
from digest.stores.tapes import SqlTapes
from digest.stores.versions import bring_up

#: The largest SQLite file that is read completely whenever it is opened; ``SqlStore.check`` reads any.
CHECKED_BYTES = 16_000_000


class SqlStore:
    """``ports.Store``. Threads may share one, and processes one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.feeds = SqlFeeds(database)
        self.editions = SqlEditions(database)
        self.ledger = SqlLedger(database)
        self.archive = SqlArchive(database)
        self.subscribers = SqlSubscribers(database)
        self.suppressions = SqlSuppressions(database)
        self.events = SqlEvents(database)
        self.journal = SqlJournal(database)
        self.roster = SqlRoster(database)
        self.notices = SqlNotices(database)
        self.answers = SqlAnswers(database)
        self.tapes = SqlTapes(database)
        self._secret = b""

    def secret(self) -> bytes:
        self._secret = self._secret or self._read_secret()
        return self._secret

    def _read_secret(self) -> bytes:
        key = select(schema.secret.c.value).where(schema.secret.c.purpose == "tokens")
        with self._database.reading() as connection:
            if (row := connection.execute(key).one_or_none()) is not None:
                return bytes(row.value)
        with self._database.writing() as connection:
            made = insert(connection.dialect.name, schema.secret).on_conflict_do_nothing()
            connection.execute(made, {"purpose": "tokens", "value": secrets.token_bytes(32)})
            # Another process may have been quicker: the secret is what the table has.
            return bytes(connection.execute(key).scalar_one())

    def prune(self, *, before: datetime) -> int:
        return prune(self._database, before)

    def check(self) -> None:
        """Read a whole SQLite file; ``open_store`` does so only with a small one.

        Raises:
            StoreError: It is damaged.
        """
        self._database.check()

    def close(self) -> None:
        self._database.close()


def open_store(url: str, *, project: Path) -> SqlStore:
    """The store at *url*, its tables made or brought up to date. A SQLite path is relative to *project*.

    Raises:
        ConfigError: *url* names no database that can be used.
        StoreError: It cannot be opened, is damaged, or is from a newer program. It is left as it was.
    """
    database = open_database(url, project=project)
    try:
        if database.size() <= CHECKED_BYTES:
            database.check()
        bring_up(database)
    except BaseException:
        database.close()
        raise
    return SqlStore(database)
