"""What this room records: that a laboratory has confirmed a row that nobody here had read at its source."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from presis.record import FactModel


class RowConfirmed(FactModel):
    """A person of the laboratory has read the row at `source` and stands for it.

    `pack`, `version` and `content` (SHA-256 of the row's cells) say what was confirmed: a row that a
    later version of the pack words otherwise is no longer confirmed.
    """

    kind: ClassVar[str] = "knowledge.row-confirmed/1"

    row: str
    pack: str
    version: str
    content: str = Field(pattern=r"^[0-9a-f]{64}$")
    source: str = Field(min_length=1)
    note: str | None = None


KnowledgeFact = RowConfirmed
