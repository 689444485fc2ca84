"""The database under a record: SQLite in a file, or PostgreSQL."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from presis.record import readonly
from presis.record.faults import told
from presis.record.location import shown

#: PostgreSQL's advisory lock on the head of the record; any constant will do, as long as it stays.
_HEAD_LOCK = 0x70726573697331  # "presis1"


class Database:
    """Connections to the record's database, each a transaction that reads or one that writes.

    `busy_seconds` is how long a writer waits for another before it says so.
    """

    def __init__(self, url: str, busy_seconds: float = 10.0) -> None:
        self.place = shown(url)
        self.is_sqlite = url.startswith("sqlite:")
        self.file = url.removeprefix("sqlite:///") if self.is_sqlite else None
        self._busy_seconds = busy_seconds
        self._read_only = self.file is not None and readonly.is_read_only(self.file)
        if self.is_sqlite:
            self.engine = sa.create_engine(
                sa.URL.create("sqlite", database=self.file),
                connect_args={"timeout": busy_seconds},
                poolclass=sa.NullPool if self._read_only else None,
            )
            if self._read_only:
                sa.event.listen(self.engine, "do_connect", readonly.connect)
            sa.event.listen(self.engine, "connect", _prepare_sqlite)
            sa.event.listen(self.engine, "begin", _begin_sqlite)
        else:
            self.engine = sa.create_engine(url, pool_pre_ping=True)
        # A command that ends without closing still leaves no connection open.
        self.close = weakref.finalize(self, self.engine.dispose)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A transaction that only reads, seeing one state of the record.

        Raises:
            BadInput: if the database can't be read, in one sentence.

        """
        options = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        connected = self.engine.connect
        with told(self.place), connected().execution_options(**options) as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that holds the head's lock, so that writers come one after the other.

        Raises:
            BadInput: if the lock isn't had in time or the database can't be written; nothing is then.

        """
        options = {"presis_writes": True}
        connected = self.engine.connect
        with told(self.place), connected().execution_options(**options) as connection, connection.begin():
            if not self.is_sqlite:
                self._lock_head(connection)
            yield connection

    def _lock_head(self, connection: sa.Connection) -> None:
        connection.exec_driver_sql(
            "SELECT set_config('lock_timeout', %s, true), set_config('synchronous_commit', 'on', true)",
            (f"{int(self._busy_seconds * 1000)}ms",),
        )
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (_HEAD_LOCK,))

    def ensure_wal(self) -> None:
        """SQLite: write ahead, so that readers and the writer don't wait for each other; kept in the file."""
        if self.is_sqlite and not self._read_only:
            with told(self.place):
                raw = self.engine.raw_connection()
                try:
                    raw.cursor().execute("PRAGMA journal_mode = WAL").fetchone()
                finally:
                    raw.close()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA recursive_triggers = ON")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("presis_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
