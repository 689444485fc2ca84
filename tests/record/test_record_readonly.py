"""A record in a folder that can't be written: a backup, read and verified where it lies."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.record.samples import KARI, ROOMS, received, ticking

from presis.errors import BadInput
from presis.record.store import Record, initialise, open_record
from presis.record.verify import verify


@contextmanager
def protected(folder: Path) -> Iterator[None]:
    """The folder and its files can be read only; root steps down to nobody meanwhile."""
    for file in folder.iterdir():
        file.chmod(0o444)
    folder.chmod(0o555)
    root = os.getuid() == 0
    if root:
        os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        if root:
            os.setresuid(0, 0, 0)
        folder.chmod(0o755)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that nobody may reach, unlike pytest's own; its record holds one fact."""
    with tempfile.TemporaryDirectory(prefix="presis-", dir="/tmp") as name:
        folder = Path(name)
        record, _ = initialise(f"sqlite:///{folder / 'presis.db'}", ROOMS, ticking())
        add(record, 1)
        record.database.close()
        opened(folder)  # what is loaded late can't be loaded as nobody
        yield folder


def add(record: Record, number: int) -> None:
    stream = f"sample-{number}"
    record.append([received(stream)], expecting={stream: 0}, actor=KARI, command=stream)


def opened(folder: Path) -> tuple[int, int]:
    """How many facts are read, and how many verified."""
    record = open_record(f"sqlite:///{folder / 'presis.db'}", ROOMS, ticking())
    try:
        found = verify(record.database)
        assert found.fault is None
        return len(list(record.facts())), found.facts
    finally:
        record.database.close()


@pytest.mark.parametrize("beside", [(), ("-wal",), ("-shm",), ("-wal", "-shm")])
def test_a_backup_is_read_and_verified_in_a_read_only_folder(folder: Path, beside: tuple[str, ...]) -> None:
    for ending in beside:
        (folder / f"presis.db{ending}").touch()
    with protected(folder):
        assert opened(folder) == (1, 1)


def test_a_backup_without_a_log_of_its_own_kind_is_read(folder: Path) -> None:
    connection = sqlite3.connect(folder / "presis.db")
    connection.execute("VACUUM INTO ?", (str(folder / "copy.db"),))
    connection.close()
    (folder / "copy.db").replace(folder / "presis.db")
    with protected(folder):
        assert opened(folder) == (1, 1)


def test_the_log_beside_a_record_is_read_or_refused_and_never_passed_over(folder: Path) -> None:
    record = open_record(f"sqlite:///{folder / 'presis.db'}", ROOMS, ticking())
    add(record, 2)
    with tempfile.TemporaryDirectory(prefix="presis-", dir="/tmp") as name:
        copy = Path(name)
        for file in folder.iterdir():
            shutil.copy(file, copy)
        record.database.close()
        with protected(copy):
            assert opened(copy) == (2, 2)
        (copy / "presis.db-shm").unlink()
        with (
            protected(copy),
            pytest.raises(BadInput, match=r"has its last facts in presis\.db-wal, .* copy both files"),
        ):
            opened(copy)


def test_writing_a_backup_in_a_read_only_folder_is_one_sentence(folder: Path) -> None:
    with protected(folder):
        record = open_record(f"sqlite:///{folder / 'presis.db'}", ROOMS, ticking())
        for write in (lambda: add(record, 2), record.rebuild):
            with pytest.raises(BadInput, match="can't be written; ask for the right to write it"):
                write()
        assert record.head().position == 1
        record.database.close()


def test_a_reader_without_the_right_to_write_sees_what_is_written_meanwhile(folder: Path) -> None:
    with protected(folder):
        reader = open_record(f"sqlite:///{folder / 'presis.db'}", ROOMS, ticking())
        assert reader.head().position == 1
    (folder / "presis.db").chmod(0o644)
    writer = open_record(f"sqlite:///{folder / 'presis.db'}", ROOMS, ticking())
    add(writer, 2)
    with protected(folder):
        assert reader.head().position == 2
    reader.database.close()
    writer.database.close()
