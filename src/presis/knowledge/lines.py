"""One line of a pack's table, read so that every fault names its file, line and field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from presis.errors import BadInput


@dataclass(frozen=True, slots=True)
class Line:
    """The cells of one line; `number` counts from 1 at the header, as an editor shows it."""

    file: str
    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def text(self, column: str) -> str | None:
        """The cell, or None if it is empty."""
        return self.cells[column] or None

    def codes(self, column: str) -> tuple[str, ...]:
        """The parts of a cell that lists several, parted by `;`."""
        return tuple(part.strip() for part in self.cells[column].split(";") if part.strip())

    def integer(self, column: str) -> int:
        """A whole number.

        Raises:
            BadInput: if the cell holds none.

        """
        try:
            return int(self.cells[column])
        except ValueError:
            raise self.bad(column, "a whole number") from None

    def number_or_none(self, column: str) -> int | None:
        """A whole number, or None if the cell is empty."""
        return self.integer(column) if self.cells[column] else None

    def day(self, column: str) -> date | None:
        """A day (2026-03-17), or None if the cell is empty.

        Raises:
            BadInput: if the cell holds something else.

        """
        if not self.cells[column]:
            return None
        try:
            return date.fromisoformat(self.cells[column])
        except ValueError:
            raise self.bad(column, "a day such as 2026-03-17, or nothing") from None

    def one_of(self, column: str, accepted: tuple[str, ...]) -> str:
        """A word of a fixed list.

        Raises:
            BadInput: if the cell holds another.

        """
        if self.cells[column] not in accepted:
            raise self.bad(column, ", ".join(accepted))
        return self.cells[column]

    def bad(self, column: str, accepted: str) -> BadInput:
        """The fault of a cell, as an error to raise."""
        return BadInput.of(
            "knowledge-cell",
            f"{column} is {self.cells[column]!r}; write {accepted}.",
            file=self.file,
            line=self.number,
            field=column,
            found=self.cells[column],
            accepted=accepted,
        )
