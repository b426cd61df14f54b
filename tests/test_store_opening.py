"""How a database is opened, brought up to date, or refused; and what is said when it fails."""

from __future__ import annotations

import importlib.util
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from kit.builders import NOW, article
from sqlalchemy import event

from digest import stores
from digest.audience import new_id
from digest.errors import ConfigError, StoreError
from digest.model import EditionKey, FeedState, Provenance, Span, Subscriber, Tally
from digest.stores import SqlStore, migrations, open_store, schema
from digest.stores.database import open_database

KEY = EditionKey(newsletter="the-example", day=date(2026, 11, 23))
STATE = FeedState(url="https://example.com/rss.xml")


def address(file: Path, patience: float = 0.05) -> str:
    return f"sqlite:///{file}?timeout={patience}"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database with something in it, closed."""
    file = tmp_path / "digest.db"
    store = open_store(address(file), project=tmp_path)
    store.feeds.keep(STATE, [article(id=f"a{number}", text="words " * 100) for number in range(200)])
    store.close()
    return file


# --- where it lies ------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_relative_path_is_the_projects_and_its_folder_is_made(tmp_path: Path) -> None:
    open_store("sqlite:///var/deep/digest.db", project=tmp_path).close()

    assert (tmp_path / "var/deep/digest.db").is_file()


@pytest.mark.slow
def test_an_absolute_path_stays(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path}/elsewhere.db", project=tmp_path / "project").close()

    assert (tmp_path / "elsewhere.db").is_file()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("digest.db", "not an address of a database"),
        ("", "not an address of a database"),
        ("postgresql://ann:hunter2@host:port/x", "not an address of a database"),
        ("mysql://ann:hunter2@localhost/digest", "no support for 'mysql'"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("sqlite:///file:digest.db?mode=memory&uri=true", "needs a file"),
    ],
)
def test_an_address_that_is_none_is_a_problem_of_the_configuration(
    tmp_path: Path, url: str, words: str
) -> None:
    with pytest.raises(ConfigError, match=r"store\.url") as caught:
        open_store(url, project=tmp_path)

    assert words in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("psycopg") is None, reason="needs psycopg")
def test_a_database_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"ann:\*\*\*@127\.0\.0\.1:1/digest: the database failed") as caught:
        open_store("postgresql://ann:hunter2@127.0.0.1:1/digest", project=tmp_path)

    assert "hunter2" not in str(caught.value)


@pytest.mark.slow
def test_the_ledger_survives_a_power_cut(file: Path) -> None:
    database = open_database(address(file), project=file.parent)
    with database.reading() as connection:
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    database.close()

    assert settings == ["wal", 2, 1]


@pytest.mark.slow
def test_one_store_serves_several_threads(file: Path) -> None:
    store = open_store(address(file, patience=10), project=file.parent)
    won: list[str] = []

    def claim() -> None:
        for number in range(20):
            won.extend(store.ledger.claim(KEY, [(f"s{number}", "<m@example.org>")], sha256="", at=NOW))

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()

    assert sorted(won) == sorted(f"s{number}" for number in range(20))


# --- its version ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_migrations_make_what_the_schema_says(file: Path) -> None:
    database = open_database(address(file), project=file.parent)
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": schema.VERSION_TABLE})
        differences = compare_metadata(context, schema.metadata)
    database.close()

    assert differences == []


def test_head_is_the_last_migration() -> None:
    assert ScriptDirectory(Path(migrations.__file__).parent).get_current_head() == schema.HEAD


@pytest.mark.slow
def test_an_older_database_is_brought_up_with_what_it_holds(tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    made_by(file, "0001")
    alter(
        file,
        """INSERT INTO edition
        (newsletter, day, number, since, until, composed_at, approved_sha256, spans, composed) VALUES
        ('the-example', '2026-11-23', 1, 0, 1, 1, '', '{"b1": [["a1", 0, 5], ["a1", 6, 9]]}', '')""",
    )

    store = open_store(address(file), project=file.parent)
    record = store.editions.get(EditionKey(newsletter="the-example", day=date(2026, 11, 23)))
    store.close()

    assert record is not None
    spans = (Span(article_id="a1", start=0, end=5), Span(article_id="a1", start=6, end=9))
    assert record.provenance == {"b1": Provenance(articles=("a1",), spans=spans)}


@pytest.mark.slow
def test_a_claim_of_an_older_program_is_unsure_and_not_lost(tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    made_by(file, "0002")
    alter(
        file,
        """INSERT INTO delivery
        (newsletter, day, subscriber_id, state, at, message_id, sha256, remote_id, detail) VALUES
        ('the-example', '2026-11-23', 's1', 'claimed', 0, '<1@example.org>', '', '', ''),
        ('the-example', '2026-11-23', 's2', 'sent', 0, '<2@example.org>', '', '', '')""",
    )

    store = open_store(address(file), project=file.parent)
    tally = store.ledger.tally(KEY)
    found = store.ledger.mark_unsure(KEY, at=NOW)
    store.close()

    assert tally == Tally(sent=1, unsure=1)
    assert found == 1


@pytest.mark.slow
def test_what_is_there_is_kept_at_the_next_opening(file: Path) -> None:
    store = open_store(address(file), project=file.parent)

    assert len(store.feeds.known(STATE.url).ids) == 200
    store.close()


def made_by(file: Path, revision: str) -> None:
    """A database as the program of that revision made it."""
    database = open_database(address(file), project=file.parent)
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    database.close()


def alter(file: Path, statement: str) -> None:
    connection = sqlite3.connect(file)
    connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.slow
def test_a_newer_database_is_refused_and_left_alone(file: Path) -> None:
    alter(file, "UPDATE digest_version SET version_num = '9999'")
    before = file.read_bytes()

    with pytest.raises(StoreError, match=r"newer digest \(version 9999.*upgrade the program"):
        open_store(address(file), project=file.parent)

    assert before == file.read_bytes()


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    alter(tmp_path / "other.db", "CREATE TABLE bookmarks (url TEXT)")

    with pytest.raises(StoreError, match=r"another program .*'bookmarks'.*store\.url"):
        open_store(address(tmp_path / "other.db"), project=tmp_path)

    connection = sqlite3.connect(tmp_path / "other.db")
    tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
    connection.close()
    assert tables == [("bookmarks",)]


@pytest.mark.slow
def test_an_up_to_date_database_costs_no_import_of_alembic(file: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from digest.stores import open_store; "
        "open_store(sys.argv[1], project=Path()).close(); sys.exit('alembic' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program, address(file)], check=False).returncode == 0


# --- what may happen to it --------------------------------------------------------------------------


def flip(file: Path, start: int) -> None:
    content = bytearray(file.read_bytes())
    content[start : start + 64] = bytes(byte ^ 0xFF for byte in content[start : start + 64])
    file.write_bytes(content)


@pytest.mark.slow
@pytest.mark.parametrize("page", [0, 1, 2, 3, 5])
def test_flipped_bytes_are_found_at_opening_and_nothing_is_made_anew(file: Path, page: int) -> None:
    flip(file, 4096 * page)
    before = file.read_bytes()

    with pytest.raises(StoreError, match=r"digest\.db: it is damaged.*Put a backup"):
        open_store(address(file), project=file.parent)

    assert before == file.read_bytes()


@pytest.mark.slow
def test_a_schema_that_is_no_text_any_more_is_damage(file: Path) -> None:
    """SQLite quotes it, and Python cannot read that."""
    file.write_bytes(file.read_bytes().replace(b"CREATE TABLE delivery (", b"CREATE TABLE delivery \x9a"))

    with pytest.raises(StoreError, match=r"digest\.db: it is damaged.*Put a backup"):
        open_store(address(file), project=file.parent)


@pytest.mark.slow
@pytest.mark.parametrize(("column", "value"), [("email", b"ada\x9a@example.com"), ("tags", b'["canary')])
def test_what_cannot_be_read_any_more_is_damage_and_stays_unsaid(
    file: Path, column: str, value: bytes
) -> None:
    store = open_store(address(file), project=file.parent)
    store.subscribers.add(
        [Subscriber(id=new_id(), newsletter="a", email="ada@example.com", added_at=NOW, tags=("x",))]
    )
    with closing(sqlite3.connect(file)) as other:
        other.execute(f"UPDATE subscriber SET {column} = CAST(? AS TEXT)", [value])
        other.commit()

    with pytest.raises(StoreError, match=r"digest\.db: it is damaged") as failure:
        list(store.subscribers.all("a"))

    assert "ada" not in str(failure.value)
    assert "canary" not in str(failure.value)
    store.close()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "digest.db").write_text("Dear friends,\n" * 1000)

    with pytest.raises(StoreError, match="damaged, or no database"):
        open_store(address(tmp_path / "digest.db"), project=tmp_path)

    assert (tmp_path / "digest.db").read_text().startswith("Dear friends,")


@pytest.mark.slow
def test_a_large_file_is_read_through_on_demand_only(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "CHECKED_BYTES", 1000)
    flip(file, 4096 * 5)

    store = open_store(address(file), project=file.parent)

    with pytest.raises(StoreError, match="damaged"):
        store.check()
    store.close()


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="it cannot be opened; expected a file"):
        open_store(f"sqlite:///{tmp_path}", project=tmp_path)


def test_no_folder_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file")

    with pytest.raises(StoreError, match="var: no folder for the database: File exists"):
        open_store("sqlite:///var/digest.db", project=tmp_path)


def _claim(store: SqlStore) -> Any:
    return store.ledger.claim(KEY, [("s1", "<m@example.org>")], sha256="", at=NOW)


def _keep(store: SqlStore) -> Any:
    return store.feeds.keep(STATE, [article(id=f"b{number}", text="words " * 1000) for number in range(100)])


WRITES = pytest.mark.parametrize("write", [_claim, _keep, SqlStore.secret])


@pytest.mark.slow
@WRITES
def test_a_locked_database_can_be_read_but_not_written(file: Path, write: Callable[[SqlStore], Any]) -> None:
    store = open_store(address(file), project=file.parent)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")

    with pytest.raises(StoreError, match=r"digest\.db: another program has locked it; try again") as caught:
        write(store)
    assert caught.value.exit_code == 75
    assert len(store.feeds.known(STATE.url).ids) == 200

    other.execute("ROLLBACK")
    other.close()
    assert write(store)
    store.close()


@pytest.mark.slow
@WRITES
def test_a_database_that_may_not_be_written(file: Path, write: Callable[[SqlStore], Any]) -> None:
    store = open_store(address(file), project=file.parent)
    event.listen(
        store._database._engine,
        "begin",
        lambda one: one.exec_driver_sql("PRAGMA query_only = ON"),
        insert=True,
    )

    with pytest.raises(StoreError, match="it is read-only; give this user write permission"):
        write(store)
    store.close()


@pytest.mark.slow
def test_a_full_disk_loses_nothing_that_was_there(file: Path) -> None:
    store = open_store(address(file), project=file.parent)
    event.listen(
        store._database._engine,
        "begin",
        lambda one: one.exec_driver_sql("PRAGMA max_page_count = 1"),
        insert=True,
    )

    with pytest.raises(StoreError, match="the disk is full; make room"):
        _keep(store)

    assert len(store.feeds.known(STATE.url).ids) == 200
    store.close()


@pytest.mark.slow
def test_a_bug_is_no_store_error_and_shows_no_address(file: Path) -> None:
    store = open_store(address(file), project=file.parent)
    ann = Subscriber(id="1", newsletter="the-example", email="ann@example.org", added_at=NOW)
    store.subscribers.add([ann])
    bob = Subscriber(id="1", newsletter="the-example", email="bob@example.org", added_at=NOW)

    with pytest.raises(Exception, match="UNIQUE") as caught:
        store.subscribers.add([bob])

    assert not isinstance(caught.value, StoreError)
    assert "bob" not in str(caught.value)
    store.close()


@pytest.mark.slow
def test_a_moment_without_a_zone_is_a_bug(file: Path) -> None:
    store = open_store(address(file), project=file.parent)

    with pytest.raises(Exception, match="needs a time zone"):
        store.feeds.keep(FeedState(url="x", checked_at=(NOW + timedelta(days=1)).replace(tzinfo=None)), [])
    store.close()
