"""TSOPPI's sample_list.tsv: which DNA, RNA and normal samples belong together."""

from __future__ import annotations

import re
from dataclasses import dataclass

from presis.diagnostics.profile import InputFile, NotUsable
from presis.diagnostics.readers.sections import Row, column_index, require_columns, split_row
from presis.diagnostics.readers.text import TextFile
from presis.diagnostics.readers.values import Listing
from presis.methods.reasons import Reason

KIND = "tsoppi_sample_list"
REQUIRED = ("sample_type", "sample_ID")
RUN_DIRECTORY = "sample_host_system_run_directory"
_RUN = re.compile(r"(?P<run>[^/\\]+?)(?:_TSO_500)?_LocalApp_results/?")


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleList:
    """The ids of each kind of sample, as written, and the run that each came from."""

    file: InputFile
    text: TextFile
    dna: tuple[str, ...]
    rna: tuple[str, ...]
    normal: tuple[str, ...]
    runs: dict[str, str]
    not_usable: tuple[NotUsable, ...]


def read_sample_list(text: TextFile) -> SampleList:
    """Read a sample list. Raises `BadInput` if it is cut or lacks a column."""
    rows = [Row(index, split_row(line)) for index, line in enumerate(text.lines, start=1) if line.strip()]
    header = [cell.lstrip("# ") for cell in rows[0].cells]
    columns = column_index(header)
    require_columns(text.name, rows[0].line, columns, REQUIRED, "the sample list")
    if not text.complete and len(rows[-1].cells) < len(header):
        raise text.cut_row(len(text.lines), len(rows[-1].cells), len(header))
    ids: dict[str, list[str]] = {"DNA_tumor": [], "RNA_tumor": [], "DNA_normal": []}
    runs: dict[str, str] = {}
    listing = Listing(text.name)
    for row in rows[1:]:
        kind, sample = (_cell(row, columns, name) for name in REQUIRED)
        if kind not in ids or not sample:
            listing.lost(
                row.line,
                Reason.of("reading.sample-type"),
                "\t".join(row.cells),
            )
            continue
        ids[kind].append(sample)
        match = _RUN.fullmatch(_cell(row, columns, RUN_DIRECTORY).rpartition("/")[2])
        if match:
            runs[sample] = match["run"]
    return SampleList(
        file=text.as_input(KIND, len(rows) - 1),
        text=text,
        dna=tuple(ids["DNA_tumor"]),
        rna=tuple(ids["RNA_tumor"]),
        normal=tuple(ids["DNA_normal"]),
        runs=runs,
        not_usable=(*text.remarks, *listing.entries),
    )


def _cell(row: Row, columns: dict[str, int], name: str) -> str:
    index = columns.get(name.casefold(), -1)
    return row.cells[index] if 0 <= index < len(row.cells) else ""
