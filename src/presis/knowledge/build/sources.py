"""Where a builder finds its input: in the files and folders that the user names."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from presis.errors import BadInput

#: The small tables that the project itself curates.
TABLES = Path(__file__).parent / "tables"

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Sources:
    """The named files and folders; folders are searched with all that lies below them."""

    paths: tuple[Path, ...]

    def find(self, name: str) -> Path:
        """The one file of this name.

        Raises:
            BadInput: if there is none, or more than one.

        """
        found = [path for path in self.paths if path.name == name and path.is_file()]
        for folder in self.paths:
            if folder.is_dir():
                found += sorted(path for path in folder.rglob(name) if path.is_file())
        if len(set(found)) != 1:
            raise BadInput.of(
                "build-source",
                f"{len(set(found)) or 'no'} file named {name} lies in what --from names; "
                "name one folder or file that has it.",
                found=", ".join(str(path) for path in found or self.paths) or "nothing",
                accepted=name,
            )
        return found[0]

    def ending(self, endings: tuple[str, ...]) -> list[Path]:
        """The files whose names end in one of these, each once, in order."""
        found = {path for path in self.paths if path.is_file() and path.name.endswith(endings)}
        for folder in self.paths:
            if folder.is_dir():
                found |= {
                    path for path in folder.rglob("*") if path.name.endswith(endings) and path.is_file()
                }
        return sorted(found)

    def text(self, name: str) -> str:
        """A file's text; `.gz` is unpacked and every line end becomes a newline."""
        path = self.find(name)
        try:
            content = path.read_bytes()
            if name.endswith(".gz"):
                content = gzip.decompress(content)
            return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", newline=None).read()
        except (gzip.BadGzipFile, zlib.error, EOFError, UnicodeDecodeError):
            raise BadInput.of(
                "build-source",
                "the file is cut off, or no text in UTF-8; download it anew.",
                file=str(path),
            ) from None

    def rows(self, name: str, delimiter: str = ",") -> list[Row]:
        """The rows of a table with a header.

        Raises:
            BadInput: if a row has more or fewer cells than the header.

        """
        text = self.text(name)
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
        if not rows:
            raise BadInput.of(
                "build-source", "the file is empty; download it anew.", file=str(self.find(name))
            )
        header = rows[0]
        for number, row in enumerate(rows[1:], start=2):
            if row and len(row) != len(header):
                raise BadInput.of(
                    "build-row",
                    f"row {number} of the source has {len(row)} cells and the header {len(header)}.",
                    file=str(self.find(name)),
                    line=number,
                )
        return [dict(zip(header, row, strict=True)) for row in rows[1:] if row]

    def json(self, name: str) -> Any:
        """A file's JSON."""
        return json.loads(self.text(name))


def own_tables() -> Sources:
    """The project's own small tables."""
    return Sources((TABLES,))


def sources_of(paths: Sequence[Path]) -> Sources:
    """The sources that a user named.

    Raises:
        BadInput: if one of them doesn't exist.

    """
    for path in paths:
        if not path.exists():
            raise BadInput.of(
                "build-source",
                "there is nothing here; name a folder or file that exists.",
                file=str(path),
                field="--from",
            )
    return Sources(tuple(paths))
