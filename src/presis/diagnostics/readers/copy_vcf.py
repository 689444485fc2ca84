"""VCFs of copy number: DRAGEN's gene-wise calls, its calls of exons, and segments without a gene."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from presis.diagnostics.profile import (
    Alteration,
    CopyNumber,
    CopySegment,
    ExonCopyNumber,
    GenomeBuild,
    InputFile,
    NotUsable,
    Source,
)
from presis.diagnostics.readers.text import TextFile
from presis.diagnostics.readers.values import MISSING, Listing, UnreadableError, positive, whole
from presis.diagnostics.readers.vcf_build import build_of
from presis.diagnostics.readers.vcf_sample import Tumour, tumour_of
from presis.diagnostics.readers.vcf_text import VcfHeader, VcfRow, read_header, rows
from presis.diagnostics.symbols import current_symbol
from presis.methods.reasons import Reason

KIND, EXON_KIND = "vcf_copy_number", "vcf_exon_copy_number"
#: INFO keys that name the gene, and fields that hold the ratio to a normal genome (linear, not log2)
GENE_KEYS, FOLD_KEYS = ("SEGID", "GENE", "ANT"), ("SM", "FC")
_EXON_KEYS = ("EXON", "EXONS", "AFFECTED_EXONS")
_CALLS = {
    "<DUP>": Alteration.AMPLIFICATION, "<GAIN>": Alteration.AMPLIFICATION, "DUP": Alteration.AMPLIFICATION,
    "<DEL>": Alteration.DELETION, "<LOSS>": Alteration.DELETION, "DEL": Alteration.DELETION,
}  # fmt: skip
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyVcf:
    """One file's calls. `genes`: every gene with a row, neutral ones too."""

    file: InputFile
    text: TextFile
    tumour: Tumour
    build: GenomeBuild | None
    copy_numbers: tuple[CopyNumber, ...]
    exon_copy_numbers: tuple[ExonCopyNumber, ...]
    segments: tuple[CopySegment, ...]
    genes: frozenset[str]
    not_usable: tuple[NotUsable, ...]


def is_exon_vcf(header: VcfHeader) -> bool:
    """Whether the file calls exons: it names genes and a fold change, and no segments."""
    return "SEGID" not in header.info and "GENE" in header.info and "FC" in {*header.info, *header.formats}


def is_copy_vcf(header: VcfHeader) -> bool:
    """Whether the file is one of copy number."""
    source = " ".join(header.meta.get("source", ())).casefold()
    by_field = "SEGID" in header.info or {"SM"} <= set(header.formats) or "FC" in header.formats
    symbolic = bool({"DUP", "DEL", "CNV"} & header.alts)
    return is_exon_vcf(header) or (by_field and (symbolic or "SEGID" in header.info)) or "cnv" in source


def read_copy_vcf(text: TextFile, wanted: str | None = None) -> CopyVcf:
    """Read gene-wise calls, calls of exons, or segments. Raises `BadInput` as the other VCF readers do."""
    header = read_header(text)
    tumour = tumour_of(header, wanted, text.name)
    listing = Listing(text.name)
    reader = _Reader(tumour, listing, exons=is_exon_vcf(header))
    count = 0
    for row in rows(text, header, listing):
        count += 1
        reader.read(row)
    if reader.segments:
        reason = Reason.of("reading.segments")
        listing.remark(reader.segments[0].source.line if reader.segments[0].source else 0, reason,
                       f"{len(reader.segments)} segments")  # fmt: skip
    return CopyVcf(
        file=text.as_input(EXON_KIND if reader.exons else KIND, count),
        text=text,
        tumour=tumour,
        build=build_of(header, text.name),
        copy_numbers=tuple(reader.copy_numbers),
        exon_copy_numbers=tuple(reader.exon_copy_numbers),
        segments=tuple(reader.segments),
        genes=frozenset(reader.genes),
        not_usable=(*text.remarks, *listing.entries),
    )


class _Reader:
    def __init__(self, tumour: Tumour, listing: Listing, *, exons: bool) -> None:
        self.tumour, self.listing, self.exons = tumour, listing, exons
        self.copy_numbers: list[CopyNumber] = []
        self.exon_copy_numbers: list[ExonCopyNumber] = []
        self.segments: list[CopySegment] = []
        self.genes: set[str] = set()

    def read(self, row: VcfRow) -> None:
        """A call, or why there is none."""
        values = row.values(self.tumour.column)
        gene = next((row.info[key] for key in GENE_KEYS if row.info.get(key, "") not in MISSING), None)
        gene = current_symbol(gene) if gene else None
        what = f"{gene or ''} {row.place}".strip()
        if gene:
            self.genes.add(gene)
        if row.filters:
            reason = Reason.of("reading.copy-filtered", filters=", ".join(row.filters))
            self.listing.lost(row.line, reason, what)
            return
        if row.alts in ((".",), ("",)):
            self.listing.remark(row.line, Reason.of("reading.copy-neutral"), what)
            return
        call = _CALLS.get(row.alts[0].upper()) if len(row.alts) == 1 else None
        if call is None:
            self.listing.lost(row.line, Reason.of("reading.copy-alt"), what)
            return
        fold = self._fold(row, values, call, what)
        if self.exons and gene:
            self._exons(row, gene, call, fold)
        elif gene:
            copies = self._value(row, values, ("CN",), positive)
            self.copy_numbers.append(
                CopyNumber(
                    gene=gene, kind=call, fold_change=fold, absolute_copies=copies, source=self._at(row)
                )
            )
        else:
            self._segment(row, values, fold)

    def _exons(self, row: VcfRow, gene: str, call: Alteration, fold: float | None) -> None:
        exons = next((row.info[key] for key in _EXON_KEYS if row.info.get(key, "") not in MISSING), None)
        self.exon_copy_numbers.append(
            ExonCopyNumber(
                gene=gene,
                change="gain" if call is Alteration.AMPLIFICATION else "loss",
                exons=exons,
                chromosome=row.chromosome,
                start=row.position,
                end=self._value(row, row.info, ("END",), whole),
                fold_change=fold,
                source=self._at(row),
            )
        )

    def _segment(self, row: VcfRow, values: dict[str, str], fold: float | None) -> None:
        end = self._value(row, row.info, ("END",), whole)
        if end is None or end < row.position:
            self.listing.lost(row.line, Reason.of("reading.copy-end"), row.place)
            return
        self.segments.append(
            CopySegment(
                chromosome=row.chromosome,
                start=row.position,
                end=end,
                total_copies=self._value(row, values, ("CN",), positive),
                minor_copies=self._value(row, values, ("MCN",), positive),
                fold_change=fold,
                source=self._at(row),
            )
        )

    def _fold(self, row: VcfRow, values: dict[str, str], call: Alteration, what: str) -> float | None:
        fold = self._value(row, values, FOLD_KEYS, positive)
        if fold is None:
            fold = self._value(row, row.info, FOLD_KEYS, positive)
        gain = call is Alteration.AMPLIFICATION
        if fold is not None and ((gain and fold < 1) or (not gain and fold > 1)):
            self.listing.remark(
                row.line, Reason.of("reading.copy-ratio", ratio=f"{fold:g}", call=row.alts[0]), what
            )
        return fold

    def _value(
        self, row: VcfRow, values: dict[str, str], keys: tuple[str, ...], reader: Callable[[str], T]
    ) -> T | None:
        text = next((values[key] for key in keys if values.get(key, "") not in MISSING), None)
        if text is None:
            return None
        try:
            return reader(text)
        except UnreadableError as error:
            self.listing.lost(row.line, error.inside("reading.cell", column="/".join(keys)), text)
            return None

    def _at(self, row: VcfRow) -> Source:
        return Source(self.listing.file, row.line)
