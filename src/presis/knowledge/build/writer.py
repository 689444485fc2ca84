"""Writes a pack: its tables with the same bytes for the same content, and the manifest over them."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from presis.knowledge.release import MANIFEST, Pack, open_pack


@dataclass(frozen=True, slots=True)
class Table:
    """A table to write: file name, form, columns, and rows as mappings from column to text."""

    name: str
    form: str
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]

    def content(self) -> bytes:
        """The bytes of the file: UTF-8, newline ends, and for `.gz` no time and no name inside."""
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows([row[column] for column in self.columns] for row in self.rows)
        plain = out.getvalue().encode("utf-8")
        if not self.name.endswith(".gz"):
            return plain
        packed = io.BytesIO()
        with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=packed, mtime=0) as file:
            file.write(plain)
        return packed.getvalue()


def write_pack(folder: Path, description: Mapping[str, Any], tables: Iterable[Table]) -> Pack:
    """Write tables and manifest into a folder, and read the pack back."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for table in tables:
        content = table.content()
        (folder / table.name).write_bytes(content)
        files.append(
            {
                "name": table.name,
                "form": table.form,
                "sha256": hashlib.sha256(content).hexdigest(),
                "rows": len(table.rows),
            }
        )
    manifest = {**description, "files": files}
    text = yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True, width=100)
    (folder / MANIFEST).write_bytes(text.encode("utf-8"))
    return open_pack(folder)
