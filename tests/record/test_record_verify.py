"""The chain: any change to any column of any fact is found, and the place is named."""

import sqlite3
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.record.samples import KARI, ROOMS, SampleMeasured, measured, received, ticking

from presis.errors import BadInput
from presis.record import NewFact
from presis.record.rows import COLUMNS, GENESIS, chained, row_hash
from presis.record.store import Record, initialise, open_record
from presis.record.verify import Verification, verify


def fill(record: Record) -> None:
    record.append([received(), measured(40)], expecting={"sample-1": 0}, actor=KARI, command="one")
    record.append(
        [
            NewFact(
                stream="sample-1",
                payload=SampleMeasured(tumour_percent=45),
                occurred="2026",
                reason="read again",
                corrects=2,
                rules={"tumour-content": "2026-05"},
            ),
            received("sample-2"),
        ],
        expecting={"sample-1": 2, "sample-2": 0},
        actor=KARI,
        command="two",
    )


def tampered(tmp_path: Path, *statements: str) -> Verification:
    """What verifying says of four facts after somebody took away the triggers and changed them."""
    file = tmp_path / "presis.db"
    record, _ = initialise(f"sqlite:///{file}", ROOMS, ticking())
    fill(record)
    record.database.close()
    connection = sqlite3.connect(file)
    for trigger in ("updated", "deleted", "replaced"):
        connection.execute(f"DROP TRIGGER facts_never_{trigger}")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    record = open_record(f"sqlite:///{file}", ROOMS, ticking())
    found = verify(record.database)
    record.database.close()
    return found


def test_an_untouched_record_holds(record: Record) -> None:
    assert verify(record.database) == Verification(0, record.head(), None)
    fill(record)
    assert verify(record.database) == Verification(4, record.head(), None)


def test_the_hash_is_sha_256_over_the_stored_columns_joined_by_a_unit_separator(record: Record) -> None:
    fill(record)
    fact = record.stream("sample-1")[2]
    before = record.stream("sample-1")[1]
    text = "\x1f".join(  # noqa: FLY002 - one column on each line is what the test is to show
        [
            "3",
            "sample-1",
            "3",
            "samples.measured/1",
            "=2026",
            "2026-11-24T09:01:00.000000Z",
            "kari.lab",
            "molecular_pathologist",
            "haukeland",
            "=read again",
            "two",
            "=2",
            '{"tumour-content": "2026-05"}',
            '={"tumour_percent":45,"note":null}',
            before.hash,
        ]
    )
    assert fact.hash == sha256(text.encode()).hexdigest()


VALUES = {"position": "99", "version": "99", "corrects": "1"}


@pytest.mark.parametrize("position", [1, 2, 3, 4])
@pytest.mark.parametrize("column", COLUMNS)
def test_a_change_to_any_column_of_any_fact_is_found_there(
    tmp_path: Path, column: str, position: int
) -> None:
    value = VALUES.get(column, f"coalesce({column}, '') || '.'")
    if column == "position":
        value = f"position + {10 * position}"
    change = f"UPDATE facts SET {column} = {value} WHERE position = {position}"  # noqa: S608 - our own names
    found = tampered(tmp_path, change)
    if column == "position" and position == 4:
        assert found.fault is not None
        assert found.fault.message == "position 4 is missing: the next fact is at 44."
        return
    assert found.fault is not None
    assert found.fault.position == position
    assert found.facts == position - 1


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_a_change_to_any_column_is_found_on_postgresql_too(record: Record, place: str) -> None:
    fill(record)
    with psycopg.connect(place.replace("+psycopg", ""), autocommit=True) as superuser:
        superuser.execute("ALTER TABLE facts DISABLE TRIGGER ALL")
        for column in COLUMNS:
            value = VALUES.get(column, f"coalesce({column}, '') || '.'")
            kept = superuser.execute(f"SELECT {column} FROM facts WHERE position = 3").fetchone()  # noqa: S608 - our own names
            superuser.execute(f"UPDATE facts SET {column} = {value} WHERE position = 3")  # noqa: S608 - our own names
            found = verify(record.database).fault
            assert found is not None, column
            assert found.position == 3, column
            where = "99" if column == "position" else "3"
            superuser.execute(f"UPDATE facts SET {column} = %s WHERE position = {where}", kept)  # noqa: S608 - our own names
    assert verify(record.database).fault is None


@pytest.mark.parametrize("column", ["occurred", "reason"])
def test_an_empty_text_put_for_null_is_found(tmp_path: Path, column: str) -> None:
    found = tampered(tmp_path, f"UPDATE facts SET {column} = '' WHERE {column} IS NULL")  # noqa: S608 - our own names
    assert found.fault is not None
    assert (found.fault.position, found.fault.what) == (1, "hash")


@pytest.mark.parametrize(
    ("statements", "position", "what", "message"),
    [
        (["DELETE FROM facts WHERE position = 2"], 2, "gap", "position 2 is missing: the next fact is at 3."),
        (["DELETE FROM facts WHERE position = 1"], 1, "gap", "position 1 is missing: the next fact is at 2."),
        (
            ["UPDATE facts SET payload = '{}' WHERE position = 3"],
            3,
            "hash",
            "position 3: its content doesn't match its hash: it was changed after it was recorded.",
        ),
    ],
)
def test_what_is_wrong_is_said(
    tmp_path: Path, statements: list[str], position: int, what: str, message: str
) -> None:
    found = tampered(tmp_path, *statements)
    assert found.fault is not None
    assert (found.fault.position, found.fault.what, found.fault.message) == (position, what, message)


def rehashed(change: dict[str, Any]) -> Callable[[sqlite3.Connection], None]:
    """Change fact 3 and give it a hash that fits, as a forger would."""

    def forge(connection: sqlite3.Connection) -> None:
        row = dict(
            zip(COLUMNS, connection.execute("SELECT * FROM facts WHERE position = 3").fetchone(), strict=True)
        )
        row |= change
        row["hash"] = row_hash(list(row.values()))
        sets = ", ".join(f"{name} = ?" for name in row)
        update = f"UPDATE facts SET {sets} WHERE position = 3"  # noqa: S608 - our own names
        connection.execute(update, list(row.values()))

    return forge


@pytest.mark.parametrize(
    ("change", "position", "what", "message"),
    [
        ({"payload": "{}"}, 4, "previous", "position 4: it doesn't follow on the fact ahead of it."),
        ({"version": 7}, 3, "version", "position 3: it should be version 3 of sample-1, and says 7."),
        (
            {"recorded": "2020-01-01T00:00:00.000000Z"},
            3,
            "time",
            "position 3: it was recorded at 2020-01-01T00:00:00.000000Z, before the fact ahead of it.",
        ),
        ({"previous_hash": GENESIS}, 3, "previous", "position 3: it doesn't follow on the fact ahead of it."),
    ],
)
def test_a_change_with_a_fitting_hash_is_found_by_the_chain(
    tmp_path: Path, change: dict[str, Any], position: int, what: str, message: str
) -> None:
    tampered(tmp_path)
    file = tmp_path / "presis.db"
    connection = sqlite3.connect(file)
    rehashed(change)(connection)
    connection.commit()
    connection.close()
    record = open_record(f"sqlite:///{file}", ROOMS, ticking())
    found = verify(record.database).fault
    record.database.close()
    assert found is not None
    assert (found.position, found.what, found.message) == (position, what, message)


def test_a_cut_end_is_found_only_with_a_head_noted_before(tmp_path: Path) -> None:
    assert tampered(tmp_path).fault is None
    file = tmp_path / "presis.db"
    record = open_record(f"sqlite:///{file}", ROOMS, ticking())
    head = record.head()
    assert verify(record.database, (head.position, head.hash)).fault is None
    other = verify(record.database, (3, head.hash)).fault
    assert other is not None
    assert other.what == "anchor"
    record.database.close()
    connection = sqlite3.connect(file)
    connection.execute("DELETE FROM facts WHERE position = 4")
    connection.commit()
    connection.close()
    record = open_record(f"sqlite:///{file}", ROOMS, ticking())
    assert verify(record.database).fault is None
    found = verify(record.database, (head.position, head.hash))
    record.database.close()
    assert found.facts == 3
    assert found.fault is not None
    assert found.fault.message == (f"position 4: its hash was noted as {head.hash}, and now it is gone.")


def test_bytes_that_are_no_text_are_found_and_reading_them_is_one_sentence(tmp_path: Path) -> None:
    found = tampered(tmp_path, "UPDATE facts SET reason = CAST(x'ff41' AS TEXT) WHERE position = 3")
    assert found.fault is not None
    assert (found.fault.position, found.fault.what) == (3, "hash")
    record = open_record(f"sqlite:///{tmp_path / 'presis.db'}", ROOMS, ticking())
    with pytest.raises(BadInput, match=r"is damaged .*; run `presis record verify`, and restore a backup"):
        record.stream("sample-1")
    assert record.stream("sample-2") != ()
    record.database.close()


@pytest.mark.parametrize(
    ("column", "value"),
    [("recorded", "'last week'"), ("rules", "'{'"), ("payload", "'{'"), ("payload", "'{}'")],
)
def test_a_spoilt_fact_is_one_sentence_when_read(tmp_path: Path, column: str, value: str) -> None:
    tampered(tmp_path, f"UPDATE facts SET {column} = {value} WHERE position = 3")  # noqa: S608 - our own names
    record = open_record(f"sqlite:///{tmp_path / 'presis.db'}", ROOMS, ticking())
    with pytest.raises(BadInput, match="run `presis record verify`"):
        record.stream("sample-1")
    record.database.close()


def test_a_damaged_file_is_one_sentence(tmp_path: Path) -> None:
    tampered(tmp_path)
    file = tmp_path / "presis.db"
    content = bytearray(file.read_bytes())
    for start in range(8192, len(content), 4096):
        content[start : start + 200] = b"\xff" * 200
    file.write_bytes(content)
    with pytest.raises(BadInput, match="is damaged"):
        verify(open_record(f"sqlite:///{file}", ROOMS, ticking()).database)


columns = st.lists(
    st.one_of(st.none(), st.text(st.characters(exclude_characters="\x1f", exclude_categories=["Cs"]))),
    min_size=15,
    max_size=15,
)
NULLABLE = {4, 9, 11, 13}


@settings(max_examples=300)
@given(columns, columns)
def test_two_rows_have_the_same_bytes_only_if_they_are_the_same(
    one: list[str | None], other: list[str | None]
) -> None:
    one = [value if value is not None or index in NULLABLE else "" for index, value in enumerate(one)]
    other = [value if value is not None or index in NULLABLE else "" for index, value in enumerate(other)]
    assert (chained(one) == chained(other)) == (one == other)
