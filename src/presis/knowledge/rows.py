"""Any row of any pack by its id: what a person looks up, and what a laboratory confirms."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from presis.knowledge.forms import COLUMNS
from presis.knowledge.release import Pack

#: The columns that hold a row's id, in the order of preference.
ID_COLUMNS = ("row", "id")
#: The forms whose rows name a row of another pack, or nothing that is looked up.
WITHOUT_ID = ("confirmations", "left_out")


@dataclass(frozen=True, slots=True)
class PackRow:
    """A row as its pack has it. `content` is the SHA-256 of its columns and cells."""

    row: str
    pack: str
    version: str
    form: str
    cells: Mapping[str, str]

    @property
    def confidence(self) -> str | None:
        """`read`, `recalled` or `imported`; None for forms without it."""
        return self.cells.get("confidence")

    @property
    def content(self) -> str:
        """What a confirmation is bound to."""
        text = "\x1e".join(f"{column}\x1f{cell}" for column, cell in self.cells.items())
        return hashlib.sha256(text.encode("utf-8")).hexdigest()


def id_column(form: str) -> str | None:
    """The column of a form that holds the id of a row; None if its rows have none."""
    if form in WITHOUT_ID:
        return None
    return next((column for column in ID_COLUMNS if column in COLUMNS[form]), None)


def rows_of(packs: Iterable[Pack]) -> list[PackRow]:
    """Every row that has an id.

    Raises:
        BadInput: if a table isn't as its manifest says.

    """
    return [
        PackRow(line[column], pack.manifest.pack, pack.manifest.version, file.form, line.cells)
        for pack in packs
        for file in pack.manifest.files
        if (column := id_column(file.form)) is not None
        for line in pack.lines(file, COLUMNS[file.form])
    ]
