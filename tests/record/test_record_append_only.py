"""The past is never edited: the database itself refuses, whoever asks."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.record.samples import KARI, ROOMS, measured, received, ticking

from presis.errors import BadInput
from presis.record.rows import COLUMNS
from presis.record.store import Record, initialise, open_record
from presis.record.verify import verify


def sql(statement: str) -> str:
    """A statement with the names of the columns written out."""
    for start in (1, 3):
        statement = statement.replace(f"ALL_BUT_{start}", ",".join(COLUMNS[start:]))
    return statement.replace("ALL", ",".join(COLUMNS))


CHANGES = {
    "update": "UPDATE facts SET payload = '{}' WHERE position = 1",
    "update of the key": "UPDATE facts SET position = 9 WHERE position = 1",
    "delete": "DELETE FROM facts WHERE position = 2",
    "delete of all": "DELETE FROM facts",
}
SQLITE_CHANGES = CHANGES | {
    "insert or replace": "INSERT OR REPLACE INTO facts SELECT ALL FROM facts WHERE position = 1",
    "replace": "REPLACE INTO facts SELECT ALL FROM facts WHERE position = 2",
    "replace by stream and version": (
        "INSERT OR REPLACE INTO facts SELECT 3, ALL_BUT_1 FROM facts WHERE position = 1"
    ),
    "replace without a position": (
        "INSERT OR REPLACE INTO facts SELECT NULL, ALL_BUT_1 FROM facts WHERE position = 1"
    ),
    "update or replace": "UPDATE OR REPLACE facts SET position = 1 WHERE position = 2",
    "upsert": (
        "INSERT INTO facts SELECT ALL FROM facts WHERE position = 1 ON CONFLICT DO UPDATE SET payload = '{}'"
    ),
    "insert beyond a gap": ("INSERT INTO facts SELECT 9, stream, 3, ALL_BUT_3 FROM facts WHERE position = 1"),
    "insert of a version beyond a gap": (
        "INSERT INTO facts SELECT 3, stream, 9, ALL_BUT_3 FROM facts WHERE position = 1"
    ),
}


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    file = tmp_path / "presis.db"
    record, _ = initialise(f"sqlite:///{file}", ROOMS, ticking())
    _two_facts(record)
    yield file
    assert [fact.position for fact in record.facts()] == [1, 2]
    assert verify(record.database).fault is None
    record.database.close()


def _two_facts(record: Record) -> None:
    record.append([received(), measured(40)], expecting={"sample-1": 0}, actor=KARI, command="one")


@pytest.mark.parametrize("change", SQLITE_CHANGES)
def test_sqlite_refuses_a_raw_connection(file: Path, change: str) -> None:
    connection = sqlite3.connect(file)
    assert connection.execute("PRAGMA recursive_triggers").fetchone() == (0,)
    with pytest.raises(sqlite3.IntegrityError, match="the record is append-only: a fact"):
        connection.execute(sql(SQLITE_CHANGES[change]))
    connection.close()


def test_sqlite_keeps_the_types_of_the_columns(file: Path) -> None:
    connection = sqlite3.connect(file)
    connection.execute("DROP TRIGGER facts_never_updated")
    with pytest.raises(sqlite3.IntegrityError, match="cannot store BLOB value in TEXT column"):
        connection.execute("UPDATE facts SET payload = CAST(payload AS BLOB)")
    connection.close()


@pytest.mark.parametrize("change", CHANGES)
def test_the_records_own_connection_is_refused_too(record: Record, change: str) -> None:
    _two_facts(record)
    with pytest.raises(Exception, match="the record is append-only"), record.database.writing() as connection:
        connection.exec_driver_sql(CHANGES[change])
    assert [fact.position for fact in record.facts()] == [1, 2]


POSTGRESQL_CHANGES = CHANGES | {
    "update of nothing": "UPDATE facts SET payload = '{}' WHERE position = 0",
    "truncate": "TRUNCATE facts",
    "truncate cascade": "TRUNCATE facts CASCADE",
    "upsert": (
        "INSERT INTO facts SELECT ALL FROM facts WHERE position = 1 "
        "ON CONFLICT (position) DO UPDATE SET payload = '{}'"
    ),
    "merge": (
        "MERGE INTO facts USING (SELECT 1 AS position) AS other ON facts.position = other.position "
        "WHEN MATCHED THEN DELETE"
    ),
    "as a replica": "SET session_replication_role = replica; DELETE FROM facts",
}


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
@pytest.mark.parametrize("change", POSTGRESQL_CHANGES)
def test_postgresql_refuses_the_owner(record: Record, place: str, change: str) -> None:
    _two_facts(record)
    refused = pytest.raises(psycopg.errors.RaiseException, match="the record is append-only")
    with psycopg.connect(place.replace("+psycopg", "")) as connection, refused:
        connection.execute(sql(POSTGRESQL_CHANGES[change]))
    assert [fact.position for fact in record.facts()] == [1, 2]
    assert verify(record.database).fault is None


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_the_role_of_production_appends_and_can_do_no_more(record: Record, place: str) -> None:
    role = "presis_writer"
    with psycopg.connect(place.replace("+psycopg", "")) as owner:
        owner.execute(f"CREATE ROLE {role} LOGIN")
        owner.execute(f"GRANT SELECT, INSERT ON facts TO {role}")
        owner.execute(f"GRANT SELECT ON record_format, view_versions TO {role}")
        for table in ("view_samples", "view_measurements", "view_tasks", "reaction_positions"):
            owner.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {role}")
    as_role = place.replace("postgres:@", f"{role}@")
    writer = open_record(as_role, ROOMS, ticking())
    _two_facts(writer)
    assert [fact.position for fact in writer.facts()] == [1, 2]
    assert verify(writer.database).fault is None
    with psycopg.connect(as_role.replace("+psycopg", ""), autocommit=True) as connection:
        for change in ("update", "delete", "truncate"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(sql(POSTGRESQL_CHANGES[change]))
    with pytest.raises(BadInput, match="can't be written by this user; ask for the right to"):
        writer.rebuild()
    writer.database.close()
