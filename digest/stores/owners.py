"""Owners of claims: a name that is alive for as long as its process is, however that ends.

There is no clock and no time to live, but a lock, which the system releases at the very moment in which the
process is gone, even by ``kill -9`` or a power cut. SQLite's processes share a machine, so there it is a lock
on a file beside the database; on PostgreSQL it is an advisory lock of a session.
"""

from __future__ import annotations

import re
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from digest.errors import StoreError
from digest.stores.database import Database


class Owners(Protocol):
    def living(self) -> AbstractContextManager[str]:
        """A new name, alive until the block or the process ends."""
        ...

    def lives(self, name: str) -> bool: ...


def owners_of(database: Database) -> Owners:
    return SessionOwners(database) if database.file is None else FileOwners(database.file)


def new_name() -> str:
    """15 hex digits: a number that fits PostgreSQL's signed 64 bits."""
    return secrets.token_hex(8)[1:]


#: How often a name is made anew, when somebody swept its file away before it was locked.
TRIES = 5


class FileOwners:
    """A file beside the database, locked by SQLite, which knows how that is done on every system.

    A process that is killed leaves its file, and whoever lives next sweeps it away. A file is removed only
    by one who holds a lock on it, and one who has locked a file looks whether it is still there: so none is
    ever taken from under a living one, and no two hold one name.
    """

    def __init__(self, database: Path) -> None:
        self._database = database

    @contextmanager
    def living(self) -> Iterator[str]:
        self._sweep()
        name, lock = self._born()
        try:
            yield name
        finally:
            lock.close()
            self._path(name).unlink(missing_ok=True)

    def _born(self) -> tuple[str, sqlite3.Connection]:
        """A name whose file is locked, and there."""
        problem: Exception = FileNotFoundError("it is gone at once")
        for _ in range(TRIES):
            path = self._path(name := new_name())
            try:
                lock = _locked(path, "rwc")
            except sqlite3.OperationalError as error:
                problem = error
                continue
            if path.exists():
                return name, lock
            lock.close()
        raise StoreError(
            f"{path}: cannot be made and locked ({problem}); this file tells other processes that the run "
            "is alive. Make room, or give this user write permission on the folder"
        ) from problem

    def _sweep(self) -> None:
        """Remove the files of the dead, whose claims nobody may ever ask about."""
        ours = re.compile(rf"({re.escape(self._database.name)}-run-[0-9a-f]{{15}})(?:-journal)?")
        with suppress(OSError):  # of a folder that cannot be read
            for path in self._database.parent.iterdir():
                if found := ours.fullmatch(path.name):
                    _remove_if_dead(path, path.with_name(found[1]))

    def lives(self, name: str) -> bool:
        path = self._path(name)
        try:
            _locked(path, "rw", ask=True).close()
        except sqlite3.OperationalError:
            # Locked, or gone; if it cannot be read, it is taken to be alive, which harms nobody.
            return path.exists()
        path.unlink(missing_ok=True)
        return False

    def _path(self, name: str) -> Path:
        return self._database.with_name(f"{self._database.name}-run-{name}")


def _remove_if_dead(path: Path, its: Path) -> None:
    """Remove *path*: *its*, the file that is locked, or the journal of it that older programs left."""
    with suppress(sqlite3.OperationalError, OSError):  # alive, or another user's
        if path.stat().st_size:
            return  # ours are empty
        if not its.exists():
            path.unlink()
            return
        lock = _locked(its, "rw", ask=True)
        try:
            path.unlink()  # while it is locked: nobody can begin to live in it meanwhile
        finally:
            lock.close()


def _locked(path: Path, mode: str, *, ask: bool = False) -> sqlite3.Connection:
    """*ask*: take a reader's lock only, or two who ask at once would each take the other for alive."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=0,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        if not ask:
            connection.execute("PRAGMA journal_mode = memory")  # or there were a second file
        connection.execute("BEGIN" if ask else "BEGIN EXCLUSIVE")
        if ask:
            connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError:
        connection.close()
        raise
    return connection


class SessionOwners:
    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def living(self) -> Iterator[str]:
        name = new_name()
        number = int(name, 16)
        with self._database.reading() as connection:
            # Out of the pool, which many who live at once would leave empty; so the session ends with the
            # block, and the lock with the session, even with one that is broken and cannot unlock it.
            connection.detach()
            connection.execute(select(func.pg_advisory_lock(number)))
            connection.commit()
            try:
                yield name
            finally:
                # The server comes to the end of a session that was closed only a moment later.
                with suppress(SQLAlchemyError):
                    connection.execute(select(func.pg_advisory_unlock(number)))

    def lives(self, name: str) -> bool:
        number = int(name, 16)
        with self._database.reading() as connection:
            # Shared, or two who ask at once would each take the other for alive.
            free = connection.scalar(select(func.pg_try_advisory_lock_shared(number)))
            if free:
                connection.execute(select(func.pg_advisory_unlock_shared(number)))
        return not free
