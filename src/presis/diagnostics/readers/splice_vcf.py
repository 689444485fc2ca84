"""DRAGEN's VCF of splice variants: `AD` are the reads that support one, `DP` those of the normal junction."""

from __future__ import annotations

from dataclasses import dataclass

from presis.diagnostics.profile import GenomeBuild, InputFile, NotUsable, Source, SpliceVariant
from presis.diagnostics.readers.splice_names import gene_at, splice_name
from presis.diagnostics.readers.text import TextFile
from presis.diagnostics.readers.values import MISSING, Listing, UnreadableError, clip, position, whole
from presis.diagnostics.readers.vcf_build import build_of
from presis.diagnostics.readers.vcf_sample import Tumour, tumour_of
from presis.diagnostics.readers.vcf_text import VcfHeader, VcfRow, read_header, rows
from presis.diagnostics.symbols import current_symbol
from presis.methods.reasons import Reason

KIND = "vcf_splice_variants"
_GENE_KEYS = ("GENE", "GENE_NAME", "SEGID", "ANT")
_EXON_KEYS = ("EXON", "EXONS", "AFFECTED_EXONS")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpliceVcf:
    """One file's splice variants that passed; the others are listed."""

    file: InputFile
    text: TextFile
    tumour: Tumour
    build: GenomeBuild | None
    splice_variants: tuple[SpliceVariant, ...]
    not_usable: tuple[NotUsable, ...]


def is_splice_vcf(header: VcfHeader) -> bool:
    """Whether the file's source or fields are those of the splice caller."""
    source = " ".join(header.meta.get("source", ())).casefold()
    return "splicegirl" in source or {"ALTDEDUP", "REFDEDUP"} <= set(header.info)


def read_splice_vcf(text: TextFile, wanted: str | None = None) -> SpliceVcf:
    """Read the splice variants. Raises `BadInput` as the other VCF readers do."""
    header = read_header(text)
    tumour = tumour_of(header, wanted, text.name)
    listing = Listing(text.name)
    found: list[SpliceVariant] = []
    count = 0
    for row in rows(text, header, listing):
        count += 1
        variant = _splice(row, row.values(tumour.column), listing)
        if variant is not None:
            found.append(variant)
    return SpliceVcf(
        file=text.as_input(KIND, count),
        text=text,
        tumour=tumour,
        build=build_of(header, text.name),
        splice_variants=tuple(found),
        not_usable=(*text.remarks, *listing.entries),
    )


def _splice(row: VcfRow, values: dict[str, str], listing: Listing) -> SpliceVariant | None:
    first = f"chr{row.chromosome}:{row.position}"
    end = _value(row, row.info, "END", listing)
    second = f"chr{row.chromosome}:{end}" if end else None
    named = next((row.info[key] for key in _GENE_KEYS if row.info.get(key, "") not in MISSING), None)
    gene = current_symbol(named) if named else gene_at(first, second)
    what = f"{gene or ''} {first} {second or ''}".strip()
    if row.filters:
        reason = Reason.of("reading.splice-filtered", filters=", ".join(row.filters))
        listing.remark(row.line, reason, what)
        return None
    if gene is None or end is None:
        reason = Reason.of("reading.splice-no-gene") if end else Reason.of("reading.splice-no-end")
        listing.lost(row.line, reason, clip(row.raw))
        return None
    exons = next((row.info[key] for key in _EXON_KEYS if row.info.get(key, "") not in MISSING), None)
    return SpliceVariant(
        gene=gene,
        name=splice_name(gene, exons, first, second),
        exons=exons,
        breakpoint_first=first,
        breakpoint_second=second,
        supporting_reads=_value(row, values, "AD", listing),
        reference_reads=_value(row, values, "DP", listing),
        source=Source(listing.file, row.line),
    )


def _value(row: VcfRow, values: dict[str, str], key: str, listing: Listing) -> int | None:
    text = values.get(key, "")
    if text in MISSING:
        return None
    try:
        return position(text) if key == "END" else whole(text)
    except UnreadableError as error:
        listing.lost(row.line, error.inside("reading.cell", column=key), text)
        return None
