"""A data cut as files: for each table a folder, in it a Parquet file for each partition; and a manifest.

A partition holds whole patients, under the same file name in every table, so that it is read by itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from presis.errors import BadInput

if TYPE_CHECKING:
    import pyarrow as pa

MANIFEST = "manifest.json"
FORMAT = "presis.cut/1"


@dataclass(frozen=True, slots=True)
class Cut:
    """A cut in a folder; `partitions` are the file names that every table has."""

    folder: Path
    partitions: tuple[str, ...]

    def read(self, partition: str, schemas: Mapping[str, pa.Schema]) -> dict[str, pa.Table]:
        """The tables of one partition, as these schemas have them.

        Raises:
            BadInput: if a table, a column or a file is missing, or isn't readable.

        """
        return {name: read_table(self.folder / name / partition, schema) for name, schema in schemas.items()}


def open_cut(folder: Path) -> Cut:
    """A cut's partitions; raises `BadInput` if the folder holds none, or another format."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    except OSError:
        raise BadInput.of(
            "cut.absent", f"holds no {MANIFEST}; name the folder of a cut.", file=str(folder)
        ) from None
    except ValueError:
        raise BadInput.of(
            "cut.manifest", "isn't readable as JSON; make the cut anew.", file=MANIFEST
        ) from None
    if manifest.get("format") != FORMAT:
        raise BadInput.of(
            "cut.format",
            f"is a cut of the format {manifest.get('format')!r}; this version reads {FORMAT}.",
            file=str(folder),
            found=str(manifest.get("format")),
            accepted=FORMAT,
        )
    return Cut(folder, tuple(sorted(manifest["partitions"])))


def write_partition(folder: Path, partition: str, tables: Mapping[str, pa.Table]) -> dict[str, Any]:
    """Write a partition's tables; for the manifest, rows and the files' hash of each."""
    import pyarrow.parquet as pq

    told = {}
    for name, table in tables.items():
        path = folder / name / partition
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, path, compression="zstd")
        told[name] = {"rows": table.num_rows, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    return told


def write_manifest(folder: Path, partitions: Mapping[str, Mapping[str, Any]], **about: str) -> None:
    """Write the manifest; `about` says for what the cut was made, of what and when."""
    document = {"format": FORMAT, **about, "partitions": dict(partitions)}
    (folder / MANIFEST).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def read_table(path: Path, schema: pa.Schema) -> pa.Table:
    """A table with the columns of a schema; raises `BadInput` if it can't be."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    place = f"{path.parent.name}/{path.name}"
    try:
        held = pq.read_schema(path).names
    except FileNotFoundError:
        raise BadInput.of("cut.file", "is missing; make the cut anew.", file=place) from None
    except pa.ArrowInvalid:
        raise BadInput.of("cut.file", "isn't readable as Parquet; make the cut anew.", file=place) from None
    missing = [name for name in schema.names if name not in held]
    if missing:
        raise BadInput.of(
            "cut.columns",
            f"lacks {', '.join(missing)}; make the cut anew with this version.",
            file=place,
            field=missing[0],
        )
    words = [each.name for each in schema if pa.types.is_dictionary(each.type)]
    try:
        return pq.ParquetFile(path, read_dictionary=words).read(columns=schema.names).cast(schema)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise BadInput.of(
            "cut.types", f"has a column of another type ({str(error).splitlines()[0][:120]}).", file=place
        ) from None
