"""A database's own errors, turned into one sentence that a person can act on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from presis.errors import BadInput

#: By the beginning of SQLite's error name: code, and the sentence about the place.
_SQLITE = {
    "SQLITE_BUSY": ("record-busy", "{place} is locked by another program; try again when it has finished."),
    "SQLITE_LOCKED": ("record-busy", "{place} is locked by another program; try again when it has finished."),
    "SQLITE_FULL": (
        "disk-full",
        "the disk under {place} is full; nothing was written: make room and repeat.",
    ),
    "SQLITE_IOERR": (
        "disk-failed",
        "{place} can't be written or read ({error}); nothing was written: look at the disk and repeat.",
    ),
    "SQLITE_READONLY": ("record-readonly", "{place} can't be written; ask for the right to write it."),
    "SQLITE_PERM": ("record-readonly", "{place} can't be written; ask for the right to write it."),
    "SQLITE_CANTOPEN": (
        "record-absent",
        "{place} can't be opened; look at its folder and your rights there.",
    ),
    "SQLITE_NOTADB": ("record-foreign", "{place} isn't a record but some other file; name another."),
    "SQLITE_CORRUPT": (
        "record-damaged",
        "{place} is damaged ({error}); run `presis record verify`, and restore a backup.",
    ),
}
#: By SQLSTATE.
_POSTGRESQL = {
    "55P03": _SQLITE["SQLITE_BUSY"],
    "53100": _SQLITE["SQLITE_FULL"],
    "42501": ("record-readonly", "{place} can't be written by this user; ask for the right to."),
    "25006": ("record-readonly", "{place} is read-only; ask for the right to write it."),
    "3D000": ("record-absent", "there is no database at {place}; create it, then run `presis record init`."),
    "28P01": ("record-login", "{place} doesn't accept this user and password; correct the URL."),
    "28000": ("record-login", "{place} doesn't accept this user; correct the URL."),
}
_UNREACHABLE = (
    "record-unreachable",
    "{place} doesn't answer; see that PostgreSQL runs and the URL is right.",
)


@contextmanager
def told(place: str) -> Iterator[None]:
    """Raise a known error of the database as BadInput; let any other, which is ours, through."""
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except Exception as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        known = _known(cause)
        if known is None:
            raise
        code, sentence = known
        raise BadInput.of(code, sentence.format(place=place, error=cause), found=str(cause)) from error


def _known(error: BaseException | None) -> tuple[str, str] | None:
    if isinstance(error, sqlite3.Error):
        if str(error).startswith("Could not decode"):
            return _SQLITE["SQLITE_CORRUPT"]
        name = getattr(error, "sqlite_errorname", "")
        return next((said for start, said in _SQLITE.items() if name.startswith(start)), None)
    if error is None or not type(error).__module__.startswith("psycopg"):
        return None
    import psycopg

    if isinstance(error, psycopg.Error):
        if error.sqlstate in _POSTGRESQL:
            return _POSTGRESQL[error.sqlstate]
        if isinstance(error, psycopg.OperationalError):
            text = str(error)
            if "does not exist" in text and "database" in text:
                return _POSTGRESQL["3D000"]
            if "authentication failed" in text:
                return _POSTGRESQL["28P01"]
            return _UNREACHABLE
    return None
