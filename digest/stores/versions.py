"""A database's version: made, brought up to date, or refused, at open."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, column, func, inspect, select, table

from digest.errors import StoreError
from digest.stores.database import Database
from digest.stores.schema import HEAD, VERSION_TABLE

#: An arbitrary number: PostgreSQL's advisory lock for whoever makes or changes the tables.
LOCK = 0x0D16E57

_version = table(VERSION_TABLE, column("version_num"))


def bring_up(database: Database) -> None:
    """Leave the tables as ``schema`` has them; a database in use costs one query.

    Raises:
        StoreError: The database is of a newer program, or of another one.
    """
    with database.reading() as connection:
        if _version_of(connection, database.place) == HEAD:
            return
    _migrate(database)


def _version_of(connection: Connection, place: object) -> str | None:
    """None for an empty database."""
    inspector = inspect(connection)
    if inspector.has_table(VERSION_TABLE):
        return connection.scalar(select(_version.c.version_num))
    if tables := inspector.get_table_names():
        raise StoreError(
            f"{place}: belongs to another program (it has a table {tables[0]!r}); "
            "name a database of digest's own in store.url"
        )
    return None


def _migrate(database: Database) -> None:
    # Alembic takes a tenth of a second to import, and only this rare way needs it.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    folder = Path(__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    with database.writing() as connection:
        if connection.dialect.name == "postgresql":  # SQLite's writers come one by one anyway
            connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
        version = _version_of(connection, database.place)
        if version == HEAD:  # another process was quicker
            return
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if version is not None and version not in known:
            raise StoreError(
                f"{database.place}: was written by a newer digest (version {version}, this one knows "
                f"{HEAD}); upgrade the program"
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
