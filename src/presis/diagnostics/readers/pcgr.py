"""PCGR's input tables: allele-specific copy segments, and fusions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from presis.diagnostics.profile import (
    Alteration,
    CopySegment,
    Fusion,
    GenomeBuild,
    InputFile,
    NotUsable,
    Source,
)
from presis.diagnostics.readers.sections import below_comments, column_index, require_columns
from presis.diagnostics.readers.text import TextFile
from presis.diagnostics.readers.values import (
    MISSING,
    Listing,
    UnreadableError,
    chromosome,
    place,
    position,
    positive,
    whole,
)
from presis.diagnostics.readers.vcf_build import build_in_name
from presis.diagnostics.symbols import current_symbol
from presis.methods.reasons import Reason

SEGMENTS, FUSIONS = "pcgr_segments", "pcgr_fusions"
SEGMENT_COLUMNS = ("Chromosome", "Start", "End", "nMajor", "nMinor")
FUSION_COLUMNS = ("FusionGene", "LeftBreakpoint", "RightBreakpoint")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PcgrTable:
    """One table's segments or fusions. The tables hold no build; a file's name may spell one."""

    file: InputFile
    text: TextFile
    build: GenomeBuild | None
    segments: tuple[CopySegment, ...] = ()
    fusions: tuple[Fusion, ...] = ()
    not_usable: tuple[NotUsable, ...] = ()

    @property
    def stem(self) -> str:
        """The sample as the file's name spells it."""
        return self.text.path.name.partition(".")[0]


class _Row:
    """A row's cells by name; what can't be read is listed, and makes the row no finding."""

    def __init__(self, line: int, cells: dict[str, str], listing: Listing) -> None:
        self.line, self.cells, self.listing = line, cells, listing
        self.raw = " ".join(cells.values())

    def text(self, column: str) -> str:
        return self.cells.get(column.casefold(), "")

    def value(self, column: str, reader: Callable[[str], T]) -> T:
        try:
            return reader(self.text(column))
        except UnreadableError as error:
            raise error.wrapped("reading.cell", column=column) from None

    def soft(self, column: str, reader: Callable[[str], T]) -> T | None:
        """The value, or None where it is missing; one that can't be read is listed, and the row stays."""
        if self.text(column) in MISSING:
            return None
        try:
            return self.value(column, reader)
        except UnreadableError as error:
            self.listing.lost(self.line, error.why, self.raw)
            return None


def _read(
    text: TextFile, required: tuple[str, ...], what: str, make: Callable[[_Row], T], listing: Listing
) -> list[T]:
    numbered = list(below_comments(text.lines))
    if not numbered:
        raise text.without_header()
    head_line, head = numbered[0]
    names = [cell.strip() for cell in head.split("\t")]
    require_columns(text.name, head_line, column_index(names), required, what)
    if len(numbered) == 1 and not text.complete:
        raise text.cut_at_header(head_line)
    made: list[T] = []
    for line, raw in numbered[1:]:
        cells = [cell.strip() for cell in raw.split("\t")]
        if len(cells) != len(names):
            if line == len(text.lines) and not text.complete and len(cells) < len(names):
                raise text.cut_row(line, len(cells), len(names))
            listing.lost(line, Reason.of("reading.width", cells=len(cells), columns=len(names)), raw)
            continue
        row = _Row(line, dict(zip(map(str.casefold, names), cells, strict=True)), listing)
        try:
            made.append(make(row))
        except UnreadableError as error:
            listing.lost(line, error.why, raw)
    return made


def read_segments(text: TextFile) -> PcgrTable:
    """Read copy segments; raises `BadInput` if the table is cut or lacks a column."""
    listing = Listing(text.name)

    def make(row: _Row) -> CopySegment:
        start, end = row.value("Start", position), row.value("End", position)
        if end < start:
            raise UnreadableError("reading.end-before-start")
        major, minor = row.value("nMajor", positive), row.value("nMinor", positive)
        if minor > major:
            raise UnreadableError("reading.minor-major")
        return CopySegment(
            chromosome=row.value("Chromosome", chromosome),
            start=start,
            end=end,
            total_copies=major + minor,
            major_copies=major,
            minor_copies=minor,
            source=Source(text.name, row.line),
        )

    segments = _read(text, SEGMENT_COLUMNS, "the table of segments", make, listing)
    if segments:
        reason = Reason.of("reading.segments")
        listing.remark(0, reason, f"{len(segments)} segments")
    return PcgrTable(
        file=text.as_input(SEGMENTS, len(segments)),
        text=text,
        build=build_in_name(text.path.name),
        segments=tuple(segments),
        not_usable=(*text.remarks, *listing.entries),
    )


def read_fusion_table(text: TextFile) -> PcgrTable:
    """Read fusions; raises `BadInput` if the table is cut or lacks a column.

    PCGR takes fusions from RNA. Whether `A--B` gives the 5' partner first isn't said, so the order
    counts as unknown.
    """
    listing = Listing(text.name)

    def make(row: _Row) -> Fusion:
        sides = [_genes(side) for side in row.text("FusionGene").split("--")]
        if len(sides) != 2 or not all(sides):
            raise UnreadableError("reading.fusion-gene")
        breakpoints = [_breakpoint(row.soft(name, place)) for name in FUSION_COLUMNS[1:]]
        return Fusion(
            first=sides[0],
            second=sides[1],
            order_known=False,
            reported=row.text("FusionGene"),
            breakpoint_first=breakpoints[0],
            breakpoint_second=breakpoints[1],
            method=Alteration.RNA_FUSION,
            supporting_reads=row.soft("SplitReads", whole),
            caller=None,
            source=Source(text.name, row.line),
        )

    fusions = _read(text, FUSION_COLUMNS, "the table of fusions", make, listing)
    return PcgrTable(
        file=text.as_input(FUSIONS, len(fusions)),
        text=text,
        build=build_in_name(text.path.name),
        fusions=tuple(fusions),
        not_usable=(*text.remarks, *listing.entries),
    )


def _genes(side: str) -> tuple[str, ...]:
    names = side.replace("/", ";").replace(",", ";").split(";")
    return tuple(current_symbol(name) for each in names if (name := each.strip()) not in MISSING)


def _breakpoint(found: tuple[str, int] | None) -> str | None:
    return None if found is None else f"chr{found[0]}:{found[1]}"
