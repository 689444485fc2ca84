"""Whether the chain holds: every row read as it is stored, in order, and the first fault named."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from presis.errors import BadInput
from presis.record.engine import Database
from presis.record.rows import COLUMNS, GENESIS, Head, row_hash

_PAGE = 2000
_SELECT = f"SELECT {', '.join(COLUMNS)} FROM facts ORDER BY position"  # noqa: S608 - our own names


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a position: `position`, `version`, `previous`, `time`, `hash`, or `anchor`."""

    position: int
    what: str
    message: str


@dataclass(frozen=True, slots=True)
class Verification:
    """How many facts hold, the last good one, and the first fault, if any."""

    facts: int
    head: Head
    fault: Fault | None


def verify(database: Database, anchor: tuple[int, str] | None = None) -> Verification:
    """Walk the chain from the first fact; stop at the first that is broken.

    `anchor` is a position and hash noted elsewhere earlier. Without one, a chain whose end was cut off,
    or which was written anew from some place on, still looks whole.

    Raises:
        BadInput: if the record can't be read.

    """
    try:
        return _walk(database, anchor, str)
    except BadInput as error:
        if error.problems[0].code != "record-damaged":
            raise
        return _walk(database, anchor, _as_it_is)  # a text that isn't UTF-8: slower, and names it


def _as_it_is(text: bytes) -> str:
    return text.decode("utf-8", "surrogateescape")


def _walk(
    database: Database, anchor: tuple[int, str] | None, read_text: Callable[[bytes], str]
) -> Verification:
    versions: dict[str, int] = {}
    position, previous, recorded = 0, GENESIS, ""
    with (
        database.reading() as connection,
        closing(_pages(database, connection.connection.driver_connection, read_text)) as pages,
    ):
        for page in pages:
            for row in page:
                stream = row[1]
                version = versions.get(stream, 0) + 1
                if (
                    row[0] != position + 1
                    or row[2] != version
                    or row[14] != previous
                    or row[5] < recorded
                    or row_hash(row) != row[15]
                ):
                    head = Head(position, previous, recorded)
                    return Verification(position, head, _fault(row, head, version))
                position, previous, recorded = row[0], row[15], row[5]
                versions[stream] = version
                if anchor is not None and position == anchor[0] and previous != anchor[1]:
                    return Verification(
                        position, Head(position, previous, recorded), _unanchored(anchor, previous)
                    )
    head = Head(position, previous, recorded)
    if anchor is not None and anchor[0] > position:
        return Verification(position, head, _unanchored(anchor, None))
    return Verification(position, head, None)


def _pages(database: Database, driver: Any, read_text: Callable[[bytes], str]) -> Generator[list[Any]]:
    """The stored rows in order, from the driver's own cursor: no object is made but the tuple."""
    if database.is_sqlite:
        driver.text_factory = read_text
    cursor = driver.cursor() if database.is_sqlite else driver.cursor(name="verify")
    try:
        cursor.execute(_SELECT)
        while page := cursor.fetchmany(_PAGE):
            yield page
    finally:
        cursor.close()
        if database.is_sqlite:
            driver.text_factory = str


def _fault(row: Any, head: Head, version: int) -> Fault:
    """What is wrong with the row that comes after a good head, in words."""
    missing = head.position + 1
    if row[0] != missing:
        return Fault(missing, "gap", f"position {missing} is missing: the next fact is at {row[0]}.")
    if row_hash(row) != row[15]:
        what, message = "hash", "its content doesn't match its hash: it was changed after it was recorded"
    elif row[2] != version:
        what, message = "version", f"it should be version {version} of {row[1]}, and says {row[2]}"
    elif row[5] < head.recorded:
        what, message = "time", f"it was recorded at {row[5]}, before the fact ahead of it"
    else:
        what, message = "previous", "it doesn't follow on the fact ahead of it"
    return Fault(missing, what, f"position {missing}: {message}.")


def _unanchored(anchor: tuple[int, str], found: str | None) -> Fault:
    position, noted = anchor
    now = "it is gone" if found is None else f"it is {found}"
    return Fault(position, "anchor", f"position {position}: its hash was noted as {noted}, and now {now}.")
