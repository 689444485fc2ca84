"""An SQLite record that may only be read: a backup, in a folder or on a disk that takes no writing."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

from presis.errors import BadInput


def is_read_only(file: str) -> bool:
    """Whether the file is there, and it or its folder can't be written."""
    path = Path(file)
    return path.is_file() and not (os.access(path, os.W_OK) and os.access(path.absolute().parent, os.W_OK))


def connect(_dialect: Any, _record: Any, arguments: Any, options: Any) -> sqlite3.Connection:
    """A connection that reads, whether or not SQLite can make the two files it keeps beside a record.

    SQLite opens a file that it can't write for reading by itself, but a record that writes ahead wants
    a log (-wal) and an index of it (-shm) beside it, and can't make them in such a folder. `immutable`
    does without them, and so without locks and without the log:

    - A log that holds anything may hold the last facts, and they would be missed without a word. It is
      refused instead. Absent or empty, everything is in the file itself.
    - Who can write there by another way may do so while we read. So `immutable` is the last resort, not
      the first, and is decided anew for each transaction: nothing read earlier is kept.

    Raises:
        BadInput: if the log holds something and can't be read where it is.

    """
    connection: sqlite3.Connection = sqlite3.connect(*arguments, **options)
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        connection.close()
        if not error.sqlite_errorname.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")):
            raise
    else:
        return connection
    file = Path(arguments[0])
    log = Path(f"{file}-wal")
    if log.is_file() and log.stat().st_size:
        raise BadInput.of(
            "record-readonly",
            f"{file} has its last facts in {log.name}, which can't be read in a read-only folder; "
            "copy both files to a folder that you can write, and read them there.",
            found=str(log),
        )
    address = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
    unlogged: sqlite3.Connection = sqlite3.connect(address, uri=True, **options)
    return unlogged
