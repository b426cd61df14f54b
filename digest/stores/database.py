"""The database: how it is opened, what a transaction is, and what its failures are called."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from time import monotonic, sleep
from typing import Any, TypeVar, cast

from sqlalchemy import URL, Connection, Table, bindparam, create_engine, event, exc, make_url
from sqlalchemy.dialects import sqlite

from digest.errors import ConfigError, StoreError

#: Seconds that a writer waits for another one; ``?timeout=`` in the URL overrides it.
PATIENCE = 15

#: What SQLite waits for at each commit. A claim must outlive a power cut, and WAL's default may not.
SYNCHRONOUS = "FULL"

#: Values in one ``IN (…)``: PostgreSQL's protocol counts them in 16 bits, SQLite allows 32,766.
VALUES = 10_000

#: SQLite's primary result codes (https://sqlite.org/rescode.html) that are the machine's doing, with advice.
SQLITE_FAILURES = {
    sqlite3.SQLITE_BUSY: "another program has locked it; try again when that has finished",
    sqlite3.SQLITE_LOCKED: "another program has locked it; try again when that has finished",
    sqlite3.SQLITE_FULL: "the disk is full; make room, then run this again",
    sqlite3.SQLITE_READONLY: "it is read-only; give this user write permission on the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; expected a file, in a folder that this user may write in",
    sqlite3.SQLITE_PERM: "it cannot be opened; give this user permission on the file and its folder",
    sqlite3.SQLITE_IOERR: "the disk does not read or write; check that it has room and works",
}
DAMAGED = (
    "it is damaged, or no database; nothing was changed. Put a backup in its place, or save what is left "
    "with: sqlite3 FILE .recover > saved.sql"
)
SQLITE_FAILURES |= dict.fromkeys((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB), DAMAGED)

#: Kilobytes of a connection's pages that SQLite keeps. The system keeps the file: with the usual 2,000 a
#: million readers' ledger is no faster, and the program 3 MB larger.
CACHE = 500

T = TypeVar("T")


class Database:
    """One database, with its transactions. *place* is what messages call it; it holds no password."""

    def __init__(self, url: URL) -> None:
        self.place = url.database if url.get_backend_name() == "sqlite" else url.render_as_string()
        self.file = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
        # Parameters hold subscribers' addresses, and exceptions are printed.
        self._engine = create_engine(
            url,
            hide_parameters=True,
            json_serializer=partial(json.dumps, ensure_ascii=False, separators=(",", ":")),
        )
        self._writer = self._engine.execution_options(writes=True)
        if self.file is not None:
            event.listen(self._engine, "connect", _prepare)
            event.listen(self._engine, "begin", _begin)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads: it neither waits for a writer nor delays one."""
        with self._naming_failures(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is committed durably when the block ends, or rolled back if it raises."""
        with self._naming_failures(), self._writer.begin() as connection:
            yield connection

    @property
    def dialect(self) -> str:
        """ "sqlite" or "postgresql"."""
        return self._engine.dialect.name

    def size(self) -> int:
        """Bytes of a SQLite file; 0 while there is none, or no file at all."""
        return self.file.stat().st_size if self.file is not None and self.file.is_file() else 0

    def check(self) -> None:
        """Read a SQLite file from end to end (about 2 ms a megabyte).

        Raises:
            StoreError: It is damaged.
        """
        if self.file is None:
            return
        with self.reading() as connection:
            if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
                raise StoreError(f"{self.place}: {DAMAGED}")

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _naming_failures(self) -> Iterator[None]:
        """The machine's failures as ``StoreError``; a wrong statement or value is a bug and passes."""
        try:
            yield
        except (exc.OperationalError, exc.InternalError, exc.TimeoutError) as error:
            raise StoreError(f"{self.place}: {_words(error)}") from error
        except sqlite3.Error as error:
            # From what is said to SQLite itself: _begin.
            raise StoreError(f"{self.place}: {_words(error)}") from error
        except exc.DatabaseError as error:
            # A damaged SQLite file raises the base class itself; its subclasses are our mistakes.
            if type(error) is not exc.DatabaseError:
                raise
            raise StoreError(f"{self.place}: {_words(error)}") from error
        except ValueError as error:
            # Text or JSON that we wrote is no longer readable as such, even in SQLite's own messages.
            if self.file is None or not isinstance(error, UnicodeDecodeError | json.JSONDecodeError):
                raise
            raise StoreError(f"{self.place}: {DAMAGED}") from None


def database_url(url: str, *, project: Path) -> URL:
    """*url* with its driver named and, for SQLite, its path under *project*.

    Raises:
        ConfigError: It names no database that can be used here.
    """
    try:
        given = make_url(url)
    except (exc.ArgumentError, ValueError):
        # The address is not repeated: it may hold a password.
        raise _refused(
            'not an address of a database; expected, for example, "sqlite:///var/digest.db"'
        ) from None
    backend = given.get_backend_name()
    if backend in {"postgresql", "postgres"}:
        return given.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise _refused(f"no support for {backend!r}; use sqlite:///PATH or postgresql://USER@HOST/NAME")
    if given.database in {None, "", ":memory:"} or str(given.database).startswith("file:"):
        raise _refused("SQLite needs a file, so that nothing is sent twice: sqlite:///var/digest.db")
    patience = {"timeout": given.query.get("timeout", str(PATIENCE))}
    path = str(project / str(given.database))
    return given.set(drivername="sqlite", database=path).update_query_dict(patience)


def open_database(url: str, *, project: Path) -> Database:
    """The database at *url*; a SQLite file's folder is made, the file itself at the first statement."""
    where = database_url(url, project=project)
    try:
        database = Database(where)
    except ImportError as error:
        raise _refused("PostgreSQL needs psycopg: pip install 'digest-newsletter[postgres]'") from error
    if database.file is not None:
        try:
            database.file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"{database.file.parent}: no folder for the database: {error.strerror}"
            ) from error
    return database


def insert(dialect: str, table: Table) -> sqlite.Insert:
    """An INSERT that knows ``on_conflict_do_…``: SQLAlchemy has a class a database, with the same methods."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # 2 MB that SQLite has no use for

        return cast("sqlite.Insert", postgresql.insert(table))
    return sqlite.insert(table)


def write(
    connection: Connection, table: Table, row: Mapping[str, Any], *, keeping: Sequence[str] = ()
) -> None:
    """Insert *row*, or replace the row with its primary key, all but the columns *keeping*."""
    connection.execute(_replacing(connection.dialect.name, table, tuple(row), tuple(keeping)), row)


@cache  # building a statement costs SQLAlchemy more than executing it costs the database
def _replacing(dialect: str, table: Table, names: tuple[str, ...], keeping: tuple[str, ...]) -> sqlite.Insert:
    statement = insert(dialect, table).values({name: bindparam(name) for name in names})
    stays = {*table.primary_key.columns.keys(), *keeping}
    changes = {name: statement.excluded[name] for name in names if name not in stays}
    return statement.on_conflict_do_update(index_elements=table.primary_key.columns, set_=changes)


def portions(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """*values* in portions that a statement can carry."""
    for start in range(0, len(values), VALUES):
        yield values[start : start + VALUES]


def _refused(reason: str) -> ConfigError:
    return ConfigError("schedules.toml", [f"store.url: {reason}"])


def _words(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    if str(cause).startswith("Could not decode to UTF-8"):
        return DAMAGED  # the rest of the message is what was read: a subscriber's address, perhaps
    code = getattr(cause, "sqlite_errorcode", None)
    known = None if code is None else SQLITE_FAILURES.get(code & 0xFF)
    return known or f"the database failed: {str(cause).strip()}"


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    # Python's sqlite3 begins transactions by a rule of its own; _begin does it by ours.
    connection.isolation_level = None
    _write_ahead(connection)
    connection.execute(f"PRAGMA synchronous = {SYNCHRONOUS}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{CACHE}")


def _write_ahead(connection: sqlite3.Connection) -> None:
    # SQLite waits for other programs nearly everywhere, but not where two of them turn a new file to WAL.
    (patience,) = connection.execute("PRAGMA busy_timeout").fetchone()
    deadline = monotonic() + patience / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > deadline:
                raise
            sleep(0.01)
        else:
            return


def _begin(connection: Connection) -> None:
    # A transaction that begins as a reader and then writes fails at once when another one has written
    # meanwhile; one that begins as a writer waits for its turn.
    writes = connection.get_execution_options().get("writes", False)
    # To the driver itself: each transaction says it, and SQLAlchemy's own way costs more than what it says.
    driver = cast("sqlite3.Connection", connection.connection.dbapi_connection)
    driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
