"""The tables of a CombinedVariantOutput, each row a finding or listed."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from presis.diagnostics.hgvs import bare_protein, parse_protein
from presis.diagnostics.profile import (
    Alteration,
    CopyNumber,
    ExonCopyNumber,
    Fusion,
    LossOfHeterozygosity,
    SmallVariant,
    Source,
    SpliceVariant,
)
from presis.diagnostics.readers.sections import Row, Table
from presis.diagnostics.readers.splice_names import splice_name
from presis.diagnostics.readers.values import (
    ABSENT,
    Listing,
    UnreadableError,
    bases,
    chromosome,
    optional_fraction,
    optional_positive,
    optional_whole,
    position,
    text_or_none,
)
from presis.diagnostics.symbols import current_symbol, split_pair
from presis.methods.reasons import Reason

T = TypeVar("T")

SMALL_VARIANT_COLUMNS = (
    "Gene",
    "Chromosome",
    "Genomic Position",
    "Reference Call",
    "Alternative Call",
    "Allele Frequency",
    "Depth",
    "P-Dot Notation",
    "C-Dot Notation",
    "Consequence(s)",
    "Affected Exon(s)",
)
FUSION_COLUMNS = (
    "Gene Pair",
    "Breakpoint 1",
    "Breakpoint 2",
    "Fusion Supporting Reads",
    "Gene 1 Reference Reads",
    "Gene 2 Reference Reads",
)
SPLICE_COLUMNS = (
    "Gene",
    "Affected Exon",
    "Breakpoint 1",
    "Breakpoint 2",
    "Splice Supporting Reads",
    "Reference Reads Transcript",
)
_JOINTS = str.maketrans({",": ";", "&": ";", "|": ";", ":": ";"})


class Cells:
    """One row's cells by column name; a value that can't be read is listed and becomes None."""

    def __init__(self, table: Table, row: Row, listing: Listing) -> None:
        self.table, self.row, self.listing = table, row, listing

    def text(self, column: str) -> str:
        """The cell's text; empty where the row or the table lacks it."""
        index = self.table.at(column)
        return self.row.cells[index] if 0 <= index < len(self.row.cells) else ""

    def value(self, column: str, read: Callable[[str], T | None]) -> T | None:
        """The cell read as a value, or None with an entry in the list."""
        cell = self.text(column)
        try:
            return read(cell)
        except UnreadableError as error:
            self.listing.lost(self.row.line, error.inside("reading.cell", column=column), cell)
            return None

    def source(self) -> Source:
        """Where the row stands."""
        return Source(self.table.file, self.row.line)

    def whole_row(self) -> str:
        """The row as a text for the list."""
        return "\t".join(self.row.cells)


def small_variants(table: Table, listing: Listing) -> tuple[SmallVariant, ...]:
    """`[Small Variants]`: every passing record, so synonymous and intronic ones too."""
    at = [table.at(column) for column in SMALL_VARIANT_COLUMNS]
    width = table.width
    found = []
    for row in table.rows:
        cells = row.cells
        if len(cells) < width:
            cells = cells + [""] * (width - len(cells))
        picked = [cells[index] if index >= 0 else "" for index in at]
        variant = _small_variant(picked, row.line, listing)
        if variant is not None:
            found.append(variant)
    return tuple(found)


def _small_variant(cells: list[str], line: int, listing: Listing) -> SmallVariant | None:
    gene, chrom, pos, ref, alt, fraction, depth, p_dot, c_dot, consequences, exon = cells
    try:
        chrom, pos_value, ref, alt = chromosome(chrom), position(pos), bases(ref), bases(alt)
    except UnreadableError as error:
        listing.lost(line, error.inside("reading.no-variant-place"), "\t".join(cells))
        return None
    transcript, cdna = _transcript_and_change(c_dot)
    protein, short = read_protein(p_dot, line, listing)
    return SmallVariant(
        gene=None if gene in ABSENT else current_symbol(gene),
        chromosome=chrom,
        position=pos_value,
        ref=ref,
        alt=alt,
        transcript=transcript,
        cdna=cdna,
        protein=protein,
        protein_short=short,
        consequences=split_consequences(consequences),
        exon=text_or_none(exon),
        depth=listed(optional_whole, depth, "Depth", line, listing),
        allele_fraction=listed(optional_fraction, fraction, "Allele Frequency", line, listing),
        source=Source(listing.file, line),
    )


def listed(read: Callable[[str], T | None], cell: str, column: str, line: int, listing: Listing) -> T | None:
    """A cell read as a value, or None with an entry in the list."""
    try:
        return read(cell)
    except UnreadableError as error:
        listing.lost(line, error.inside("reading.cell", column=column), cell)
        return None


def read_protein(text: str, line: int, listing: Listing) -> tuple[str | None, str | None]:
    """The protein change without accession, and its short form; one not understood is a remark."""
    if text in ABSENT:
        return None, None
    change, short = _forms(text)
    if short is None:
        listing.remark(line, Reason.of("reading.protein"), text)
    return change, short


@lru_cache(maxsize=65536)
def _forms(text: str) -> tuple[str, str | None]:
    change = parse_protein(text)
    return bare_protein(text) or text, None if change is None else change.short


def _transcript_and_change(text: str) -> tuple[str | None, str | None]:
    if text in ABSENT:
        return None, None
    transcript, colon, change = text.partition(":")
    return (transcript, change) if colon else (None, text)


def split_consequences(text: str) -> tuple[str, ...]:
    """Sequence Ontology terms, however they are joined."""
    if text in ABSENT:
        return ()
    if text.isidentifier():
        return (text,)
    return tuple(term for part in text.translate(_JOINTS).split(";") if (term := part.strip()))


def copy_numbers(table: Table, listing: Listing) -> tuple[CopyNumber, ...]:
    """`[Gene Amplifications]` and `[Copy Number Variants]`; the latter tells gains from losses."""
    typed = table.at("Copy Number Variant") >= 0
    found = []
    for row in table.rows:
        cells = Cells(table, row, listing)
        gene = text_or_none(cells.text("Gene"))
        ratio = cells.value("Fold Change", optional_positive)
        kind = _copy_number_kind(cells.text("Copy Number Variant")) if typed else Alteration.AMPLIFICATION
        if not typed and ratio is not None and ratio < 1:
            kind = Alteration.DELETION
            listing.remark(row.line, Reason.of("reading.taken-as-loss"), cells.whole_row())
        if gene is None or kind is None:
            listing.lost(row.line, Reason.of("reading.no-copy-call"), cells.whole_row())
            continue
        if _contradicts(ratio, gain=kind is Alteration.AMPLIFICATION):
            listing.lost(row.line, _CONTRADICTED, cells.whole_row())
            continue
        found.append(
            CopyNumber(
                gene=current_symbol(gene),
                kind=kind,
                fold_change=ratio,
                absolute_copies=cells.value("Absolute Copy Number", optional_positive),
                source=cells.source(),
            )
        )
    return tuple(found)


_CONTRADICTED = Reason.of("reading.fold-contradicts")


def _contradicts(ratio: float | None, *, gain: bool) -> bool:
    return ratio is not None and (ratio < 1 if gain else ratio > 1)


def _copy_number_kind(text: str) -> Alteration | None:
    match text.strip("<>").upper():
        case "DUP" | "GAIN" | "AMP" | "AMPLIFICATION":
            return Alteration.AMPLIFICATION
        case "DEL" | "LOSS" | "DELETION":
            return Alteration.DELETION
        case _:
            return None


def losses_of_heterozygosity(table: Table, listing: Listing) -> tuple[LossOfHeterozygosity, ...]:
    """`[Loss of Heterozygosity]` (HRD libraries, beta)."""
    found = []
    for row in table.rows:
        cells = Cells(table, row, listing)
        gene = text_or_none(cells.text("Gene"))
        if gene is None:
            listing.lost(row.line, Reason.of("reading.no-gene"), cells.whole_row())
            continue
        found.append(
            LossOfHeterozygosity(
                gene=current_symbol(gene),
                absolute_copies=cells.value("Absolute Copy Number", optional_positive),
                minor_copies=cells.value("Minor Copy Number", optional_positive),
                source=cells.source(),
            )
        )
    return tuple(found)


def splice_variants(table: Table, listing: Listing) -> tuple[SpliceVariant, ...]:
    """`[Splice Variants]`: passing junctions in EGFR, MET and AR, named where usual."""
    found = []
    for row in table.rows:
        cells = Cells(table, row, listing)
        gene = text_or_none(cells.text("Gene"))
        if gene is None:
            listing.lost(row.line, Reason.of("reading.no-gene"), cells.whole_row())
            continue
        exons = text_or_none(cells.text("Affected Exon"))
        first, second = (text_or_none(cells.text(f"Breakpoint {side}")) for side in (1, 2))
        found.append(
            SpliceVariant(
                gene=current_symbol(gene),
                name=splice_name(gene, exons, first, second),
                exons=exons,
                breakpoint_first=first,
                breakpoint_second=second,
                supporting_reads=cells.value("Splice Supporting Reads", optional_whole),
                reference_reads=cells.value("Reference Reads Transcript", optional_whole),
                source=cells.source(),
            )
        )
    return tuple(found)


def fusions(table: Table, method: Alteration, listing: Listing) -> tuple[Fusion, ...]:
    """`[Fusions]` (RNA) and `[DNA Fusions]` (plasma)."""
    found = []
    for row in table.rows:
        cells = Cells(table, row, listing)
        reported = cells.text("Gene Pair")
        pair = split_pair(reported)
        if pair is None:
            listing.lost(row.line, Reason.of("reading.no-partners"), cells.whole_row())
            continue
        first, second, order_known = pair
        found.append(
            Fusion(
                first=tuple(map(current_symbol, first)),
                second=tuple(map(current_symbol, second)),
                order_known=order_known,
                reported=reported,
                breakpoint_first=text_or_none(cells.text("Breakpoint 1")),
                breakpoint_second=text_or_none(cells.text("Breakpoint 2")),
                method=method,
                supporting_reads=cells.value("Fusion Supporting Reads", optional_whole),
                reference_reads_first=cells.value("Gene 1 Reference Reads", optional_whole),
                reference_reads_second=cells.value("Gene 2 Reference Reads", optional_whole),
                source=cells.source(),
            )
        )
    return tuple(found)


def exon_copy_numbers(table: Table, listing: Listing) -> tuple[ExonCopyNumber, ...]:
    """`[Exon-Level CNVs]`, from 2.6 `[Large Rearrangements]`; a gene with `NA` has none."""
    found = []
    for row in table.rows:
        if row.cells[0] not in ABSENT and all(cell in ABSENT for cell in row.cells[1:]):
            continue  # the gene was looked at and nothing was found
        cells = Cells(table, row, listing)
        gene, change = text_or_none(cells.text("Gene")), _exon_change(cells.text("CNV Type"))
        if gene is None or change is None:
            listing.lost(row.line, Reason.of("reading.no-exon-call"), cells.whole_row())
            continue
        ratio = cells.value("Fold Change", optional_positive)
        if _contradicts(ratio, gain=change == "gain"):
            listing.lost(row.line, _CONTRADICTED, cells.whole_row())
            continue
        found.append(
            ExonCopyNumber(
                gene=current_symbol(gene),
                change=change,
                exons=text_or_none(cells.text("Affected Exon(s)")),
                chromosome=cells.value(
                    "Chromosome", lambda text: None if text in ABSENT else chromosome(text)
                ),
                start=cells.value("Start", lambda text: None if text in ABSENT else position(text)),
                end=cells.value("Stop", lambda text: None if text in ABSENT else position(text)),
                fold_change=ratio,
                source=cells.source(),
            )
        )
    return tuple(found)


def _exon_change(text: str) -> str | None:
    match text.strip("<>").upper():
        case "LOSS" | "DEL" | "DELETION":
            return "loss"
        case "GAIN" | "DUP" | "DUPLICATION":
            return "gain"
        case _:
            return None
