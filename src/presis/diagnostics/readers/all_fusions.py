"""AllFusions.csv: every fusion candidate of a sample. `KeepFusion` alone decides, not the filters."""

from __future__ import annotations

import csv
from dataclasses import dataclass

from presis.diagnostics.profile import Alteration, Fusion, InputFile, NotUsable, Source
from presis.diagnostics.readers.combined_tables import Cells
from presis.diagnostics.readers.sections import Row, Table, below_comments, column_index, require_columns
from presis.diagnostics.readers.text import TextFile
from presis.diagnostics.readers.values import MISSING, Listing, optional_whole, text_or_none
from presis.diagnostics.symbols import current_symbol, split_pair
from presis.errors import BadInput
from presis.methods.reasons import Reason

KIND = "all_fusions"
REQUIRED = (
    "Caller",
    "Gene A",
    "Gene B",
    "Gene A Breakpoint",
    "Gene B Breakpoint",
    "Filter",
    "KeepFusion",
    "Ref A Dedup",
    "Ref B Dedup",
    "Alt Split Dedup",
    "Alt Pair Dedup",
    "Fusion Directionality Known",
)


_NOT_APPLICABLE = ("n/a", "na", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class AllFusions:
    """The candidates of one file, those kept by the software apart from the others."""

    file: InputFile
    text: TextFile
    kept: tuple[Fusion, ...]
    candidates: tuple[Fusion, ...]
    not_usable: tuple[NotUsable, ...]


def read_all_fusions(text: TextFile) -> AllFusions:
    """Read LocalApp's 25 columns or DRAGEN's 29. Raises `BadInput` if cut or lacking a column."""
    table = _table(text)
    listing = Listing(text.name)
    kept: list[Fusion] = []
    candidates: list[Fusion] = []
    for row in table.rows:
        if len(row.cells) != table.width:
            listing.lost(
                row.line,
                Reason.of("reading.few-cells", cells=len(row.cells), columns=table.width),
                ",".join(row.cells),
            )
            continue
        cells = Cells(table, row, listing)
        fusion = _fusion(cells)
        keep = cells.text("KeepFusion").casefold()
        if fusion is None or keep not in ("true", "false"):
            listing.lost(row.line, Reason.of("reading.all-fusions"), cells.whole_row())
        else:
            (kept if keep == "true" else candidates).append(fusion)
    return AllFusions(
        file=text.as_input(KIND, len(table.rows)),
        text=text,
        kept=tuple(kept),
        candidates=tuple(candidates),
        not_usable=(*text.remarks, *listing.entries),
    )


def _table(text: TextFile) -> Table:
    numbered = list(below_comments(text.lines))
    if not numbered:
        raise text.without_header()
    try:
        rows = [Row(index, _cells(line)) for index, line in numbered]
    except csv.Error as error:
        raise BadInput.of(
            "damaged", f"isn't readable as comma-separated values ({error}); export it again", file=text.name
        ) from error
    header = rows[0]
    columns = column_index(header.cells)
    require_columns(text.name, header.line, columns, REQUIRED, "the table of fusions")
    last = rows[-1]
    cut = not text.complete and last.line == len(text.lines)
    if cut and (len(last.cells) < len(header.cells) or last is header):
        raise text.cut_row(last.line, len(last.cells), len(header.cells))
    return Table(text.name, header.line, columns, len(header.cells), rows[1:])


def _cells(line: str) -> list[str]:
    if '"' not in line:
        return [cell.strip() for cell in line.split(",")]
    return [cell.strip() for cell in next(csv.reader([line], strict=True))]


def _fusion(cells: Cells) -> Fusion | None:
    first, second, whole_sides = _sides(cells.text("Gene A"), cells.text("Gene B"))
    if not (first and second):
        return None
    split, pair = (cells.value(f"Alt {kind} Dedup", optional_whole) for kind in ("Split", "Pair"))
    reads = None if split is None and pair is None else (split or 0) + (pair or 0)
    direction = cells.text("Fusion Directionality Known")
    known = direction.casefold() == "true"
    if direction.casefold() not in ("true", "false", *_NOT_APPLICABLE):
        cells.listing.lost(cells.row.line, Reason.of("reading.directionality"), direction)
    gene_a, gene_b = cells.text("Gene A"), cells.text("Gene B")
    return Fusion(
        first=first,
        second=second,
        order_known=known and whole_sides,
        reported=f"{gene_a}{'-' if known else '/'}{gene_b}",
        breakpoint_first=text_or_none(cells.text("Gene A Breakpoint")),
        breakpoint_second=text_or_none(cells.text("Gene B Breakpoint")),
        method=Alteration.RNA_FUSION,
        supporting_reads=reads,
        reference_reads_first=cells.value("Ref A Dedup", optional_whole),
        reference_reads_second=cells.value("Ref B Dedup", optional_whole),
        caller=text_or_none(cells.text("Caller")),
        file_filters=filters(cells.text("Filter"), ";"),
        source=Source(cells.table.file, cells.row.line),
    )


def _sides(gene_a: str, gene_b: str) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """The genes of both sides; a `/` inside one side means that the order isn't known."""
    if "/" in gene_a and gene_b not in MISSING:
        pair = split_pair(f"{gene_a};{gene_b}")
        if pair is not None:
            return tuple(map(current_symbol, pair[0])), tuple(map(current_symbol, pair[1])), False
    return _side(gene_a), _side(gene_b), "/" not in gene_a + gene_b


def _side(text: str) -> tuple[str, ...]:
    genes = text.replace("/", ";").split(";")
    return tuple(current_symbol(name) for gene in genes if (name := gene.strip()) not in MISSING)


def filters(text: str, joint: str) -> tuple[str, ...]:
    """The filters that a row failed; `PASS` and a missing value are none."""
    names = (name.strip() for name in text.split(joint))
    return tuple(name for name in names if name not in MISSING and name != "PASS")
