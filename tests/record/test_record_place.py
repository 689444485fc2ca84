"""Where the record is, and what is said when it isn't there or can't be used."""

import resource
import sqlite3
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from tests.record.samples import KARI, ROOMS, measured, received, ticking

from presis.errors import BadInput
from presis.record import record_url
from presis.record.location import shown
from presis.record.moments import parse_moment
from presis.record.store import Record, initialise, open_record
from presis.record.verify import verify


@pytest.mark.parametrize(
    ("given", "environment", "url"),
    [
        (None, {}, "sqlite:///presis.db"),
        (None, {"PRESIS_RECORD": ""}, "sqlite:///presis.db"),
        (None, {"PRESIS_RECORD": "/srv/a.db"}, "sqlite:////srv/a.db"),
        ("b.db", {"PRESIS_RECORD": "/srv/a.db"}, "sqlite:///b.db"),
        ("sqlite:////srv/a.db", {}, "sqlite:////srv/a.db"),
        ("postgresql://kari:secret@db/presis", {}, "postgresql+psycopg://kari:secret@db/presis"),
        ("postgres://db/presis", {}, "postgresql+psycopg://db/presis"),
    ],
)
def test_the_record_is_named_by_option_then_environment_then_here(
    given: str | None, environment: dict[str, str], url: str
) -> None:
    assert record_url(given, environment) == url


@pytest.mark.parametrize("url", ["mysql://db/presis", "sqlite://", "sqlite:///:memory:", "https://db"])
def test_another_kind_of_database_is_refused(url: str) -> None:
    with pytest.raises(BadInput, match="name a file, sqlite:///FILE or postgresql://HOST/DATABASE"):
        record_url(url, {})


def test_a_password_is_never_shown() -> None:
    assert shown("postgresql+psycopg://kari:secret@db:5432/presis") == "postgresql://kari@db:5432/presis"
    assert "secret" not in shown("postgresql+psycopg://db/presis?user=kari&password=secret&host=x")


def test_a_file_name_may_hold_any_character(tmp_path: Path) -> None:
    file = tmp_path / "ørret #1?mode=rw 100%.db"
    record, new = initialise(record_url(str(file), {}), ROOMS, ticking())
    assert (new, file.is_file()) == (True, True)
    record.database.close()


def test_a_record_that_is_not_there_is_named_with_the_command_that_makes_it(tmp_path: Path) -> None:
    file = tmp_path / "none.db"
    with pytest.raises(BadInput) as told:
        open_record(f"sqlite:///{file}", ROOMS, ticking())
    assert str(told.value) == (
        f"there is no record at {file}; make one with `presis record init`, "
        "or name another with --record or PRESIS_RECORD."
    )
    assert not file.exists()


def test_an_empty_database_is_no_record(place: str) -> None:
    if place.startswith("sqlite"):
        sqlite3.connect(place.removeprefix("sqlite:///")).close()
    with pytest.raises(BadInput, match="make one with `presis record init`"):
        open_record(place, ROOMS, ticking())


def test_initialising_twice_changes_nothing(place: str) -> None:
    first, new = initialise(place, ROOMS, ticking())
    first.append([received()], expecting={"sample-1": 0}, actor=KARI, command="one")
    again, new_again = initialise(place, ROOMS, ticking())
    assert (new, new_again) == (True, False)
    assert again.head() == first.head()
    assert again.view_rows("samples") == first.view_rows("samples")
    first.database.close()
    again.database.close()


def test_a_database_of_something_else_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE patients (id)")
    connection.close()
    with pytest.raises(BadInput, match="already holds other tables; name an empty place"):
        initialise(f"sqlite:///{file}", ROOMS, ticking())
    connection = sqlite3.connect(file)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("patients",)]
    connection.close()


def test_a_file_that_is_no_database_is_said_to_be_one(tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(b"%PDF-1.7 " * 400)
    for use in (open_record, initialise):
        with pytest.raises(BadInput, match="isn't a record but some other file; name another"):
            use(f"sqlite:///{file}", ROOMS, ticking())


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="can't be opened; look at its folder and your rights there"):
        initialise(f"sqlite:///{tmp_path / 'none' / 'presis.db'}", ROOMS, ticking())


def test_a_record_of_another_format_is_refused(record: Record, place: str) -> None:
    with record.database.writing() as connection:
        connection.exec_driver_sql("UPDATE record_format SET format = 9")
    with pytest.raises(BadInput, match="has format 9, and this version of Presis reads 2"):
        open_record(place, ROOMS, ticking())


def test_a_server_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as told:
        open_record(f"postgresql+psycopg://kari:secret@/presis?host={tmp_path}", ROOMS, ticking())
    assert "doesn't answer; see that PostgreSQL runs and the URL is right." in str(told.value)
    assert "secret" not in str(told.value)


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_a_database_that_is_not_there_is_one_sentence(place: str) -> None:
    with pytest.raises(
        BadInput, match=r"there is no database at .*; create it, then run `presis record init`"
    ):
        open_record(place.replace("/record_", "/no_record_"), ROOMS, ticking())


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_a_connection_that_is_lost_is_one_sentence_and_the_next_append_works(
    record: Record, place: str
) -> None:
    with psycopg.connect(place.replace("+psycopg", ""), autocommit=True) as administrator:

        def append_and_lose_the_connection() -> None:
            with record.database.writing() as connection:
                number = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
                administrator.execute("SELECT pg_terminate_backend(%s)", (number,))
                connection.exec_driver_sql("SELECT 1")

        with pytest.raises(BadInput, match="doesn't answer; see that PostgreSQL runs"):
            append_and_lose_the_connection()
    record.append([received()], expecting={"sample-1": 0}, actor=KARI, command="one")
    assert record.head().position == 1


def test_a_locked_record_is_one_sentence_and_nothing_is_written(record: Record, place: str) -> None:
    waiting = open_record(place, ROOMS, ticking(), busy_seconds=0.1)
    with record.database.writing():
        with pytest.raises(BadInput) as told:
            waiting.append([received()], expecting={"sample-1": 0}, actor=KARI, command="one")
        assert waiting.head().position == 0  # reading goes on meanwhile
    assert str(told.value) == (
        f"{waiting.database.place} is locked by another program; try again when it has finished."
    )
    waiting.append([received()], expecting={"sample-1": 0}, actor=KARI, command="one")
    assert waiting.head().position == 1
    waiting.database.close()


def test_a_full_disk_is_one_sentence_and_nothing_is_written(tmp_path: Path) -> None:
    record, _ = initialise(f"sqlite:///{tmp_path / 'presis.db'}", ROOMS, ticking())

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 45")

    record.database.engine.dispose()
    sa.event.listen(record.database.engine, "connect", limit)
    many = [received(), *(measured(number) for number in range(2000))]
    with pytest.raises(BadInput, match="is full; nothing was written: make room and repeat"):
        record.append(many, expecting={"sample-1": 0}, actor=KARI, command="one")
    assert record.head().position == 0
    record.append(many[:2], expecting={"sample-1": 0}, actor=KARI, command="two")
    assert record.head().position == 2
    assert verify(record.database).fault is None
    record.database.close()


WRITER = """
import sys
from presis.errors import BadInput
from presis.record.store import open_record
from tests.record.samples import KARI, ROOMS, measured, received, ticking
record = open_record(sys.argv[1], ROOMS, ticking())
written = 0
try:
    while True:
        stream = f"sample-{written}"
        record.append([received(stream)], expecting={stream: 0}, actor=KARI, command=stream)
        written += 1
except BadInput as error:
    print(written)
    print(error)
"""


def test_a_write_that_the_system_refuses_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'presis.db'}"
    initialise(url, ROOMS, ticking())[0].database.close()
    limit = 2_000_000

    def small_files() -> None:
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = subprocess.run(
        [sys.executable, "-c", WRITER, url],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=small_files,
        cwd=Path(__file__).parents[2],
    )
    count, sentence = done.stdout.splitlines()
    assert "nothing was written: look at the disk and repeat." in sentence
    record = open_record(url, ROOMS, ticking())
    assert record.head().position == int(count) > 0
    assert verify(record.database).fault is None
    record.database.close()


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "2026-11-24T10:00", "24.11.2026", "-1"])
def test_a_moment_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="isn't a moment; write a position"):
        parse_moment(text)


def test_a_day_is_known_to_its_end() -> None:
    assert str(parse_moment("2026-11-24")) == "2026-11-24 23:59:59.999999+00:00"
    assert parse_moment("1042") == 1042
    assert str(parse_moment("2026-11-24T10:00+01:00")) == "2026-11-24 10:00:00+01:00"


def test_sqlite_writes_ahead_and_waits_for_the_disk(tmp_path: Path) -> None:
    record, _ = initialise(f"sqlite:///{tmp_path / 'presis.db'}", ROOMS, ticking())
    with record.database.writing() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 10_000
    record.database.close()


@pytest.mark.parametrize(
    "module", ["presis.record", "presis.governance", "presis.application", "presis.cli.record"]
)
def test_importing_a_package_loads_no_database(module: str) -> None:
    heavy = "{'sqlalchemy', 'psycopg', 'rich', 'numpy'}"
    code = f"import sys, {module}; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
