"""TSOPPI's run-wide variant summary: TMB, MSI, amplifications, splice variants and fusions by sample."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from presis.diagnostics.profile import (
    Alteration,
    CopyNumber,
    Fusion,
    InputFile,
    Msi,
    NotUsable,
    Source,
    SpliceVariant,
    Tmb,
)
from presis.diagnostics.readers.agreement import msi_disagrees
from presis.diagnostics.readers.sections import Row, below_comments, column_index, require_columns, split_row
from presis.diagnostics.readers.splice_names import splice_name
from presis.diagnostics.readers.text import TextFile
from presis.diagnostics.readers.values import MISSING, Listing, UnreadableError, positive, whole
from presis.diagnostics.symbols import current_symbol, split_pair
from presis.methods.reasons import Reason

KIND = "tsoppi_variant_summary"
REQUIRED = ("sample_id", "TMB", "MSI", "gene_amplifications", "splice_variants", "fusions")
_TMB = re.compile(r"(?P<rate>\S+)\s*\((?P<count>[^)]+)\)")
_MSI = re.compile(r"(?P<percent>\S+)\s*\((?P<unstable>[^/)]+)/(?P<usable>[^)]+)\)")
_AMPLIFICATION = re.compile(r"(?P<gene>\S+)\s*\((?P<fold>[^)]+)\)")
_SPLICE = re.compile(
    r"(?P<gene>[^\s\[]+)\[(?P<exons>[^\]]*)\]\s*\((?P<first>[^-)]+)-(?P<second>[^)]+)\)"
    r"\s*(?P<reads>[^/\s]+)/(?P<reference>[^/\s]+)(?:\s*reads)?"
)
_FUSION = re.compile(
    r"(?P<pair>.+?)\s*\((?P<first>[^-)]+)-(?P<second>[^)]+)\)"
    r"\s*(?P<reads>[^/\s]+)/(?P<reference1>[^/\s]+)/(?P<reference2>[^/\s]+)(?:\s*reads)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryRow:
    """One sample's row, DNA or RNA; empty where the file writes `NA`."""

    sample: str
    line: int
    tmb: Tmb | None
    msi: Msi | None
    copy_numbers: tuple[CopyNumber, ...]
    splice_variants: tuple[SpliceVariant, ...]
    fusions: tuple[Fusion, ...]
    not_usable: tuple[NotUsable, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantSummary:
    """The run's rows by sample id as written."""

    file: InputFile
    text: TextFile
    rows: tuple[SummaryRow, ...]
    not_usable: tuple[NotUsable, ...]


def read_variant_summary(text: TextFile) -> VariantSummary:
    """Read the summary. Raises `BadInput` if it is cut or lacks a column."""
    rows = [Row(index, split_row(line)) for index, line in below_comments(text.lines)]
    if not rows:
        raise text.without_header()
    header = rows[0]
    columns = column_index(header.cells)
    require_columns(text.name, header.line, columns, REQUIRED, "the variant summary")
    last = rows[-1]
    short = len(last.cells) < len(header.cells)
    if not text.complete and last.line == len(text.lines) and (short or last is header):
        raise text.cut_row(last.line, len(last.cells), len(header.cells))
    listing = Listing(text.name)
    found = []
    for row in rows[1:]:
        if len(row.cells) > len(header.cells):
            listing.lost(row.line, Reason.of("reading.more-cells"), "\t".join(row.cells))
            continue
        found.append(_summary_row(text.name, row, columns))
    return VariantSummary(
        file=text.as_input(KIND, len(rows) - 1),
        text=text,
        rows=tuple(found),
        not_usable=(*text.remarks, *listing.entries),
    )


def _summary_row(file: str, row: Row, columns: dict[str, int]) -> SummaryRow:
    listing = Listing(file)
    source = Source(file, row.line)

    def cell(name: str) -> str:
        index = columns[name.casefold()]
        return row.cells[index] if index < len(row.cells) else ""

    return SummaryRow(
        sample=cell("sample_id"),
        line=row.line,
        tmb=_tmb(cell("TMB"), source, listing),
        msi=_msi(cell("MSI"), source, listing),
        copy_numbers=tuple(_amplifications(cell("gene_amplifications"), source, listing)),
        splice_variants=tuple(_splices(cell("splice_variants"), source, listing)),
        fusions=tuple(_fusions(cell("fusions"), source, listing)),
        not_usable=tuple(listing.entries),
    )


def _tmb(text: str, source: Source, listing: Listing) -> Tmb | None:
    if text in MISSING:
        return None
    match = _TMB.fullmatch(text)
    try:
        if match is not None:
            rate, count = positive(match["rate"]), whole(match["count"])
            return Tmb(per_megabase=rate, eligible_variants=count, megabases=None, source=source)
    except UnreadableError:
        pass
    listing.lost(source.line, Reason.of("reading.tmb-form"), text)
    return None


def _msi(text: str, source: Source, listing: Listing) -> Msi | None:
    if text in MISSING:
        return None
    match = _MSI.fullmatch(text)
    try:
        if match is not None:
            percent = positive(match["percent"])
            if percent <= 100:
                unstable, usable = whole(match["unstable"]), whole(match["usable"])
                msi = Msi(
                    percent_unstable=percent, unstable_sites=unstable, usable_sites=usable, source=source
                )
                reason = msi_disagrees(msi)
                if reason is None:
                    return msi
                listing.lost(source.line, reason, text)
                return replace(msi, percent_unstable=None)
    except UnreadableError:
        pass
    listing.lost(source.line, Reason.of("reading.msi-form"), text)
    return None


def _entries(text: str, form: re.Pattern[str]) -> Iterator[tuple[str, re.Match[str] | None]]:
    """Each entry of a cell with its match; entries are joined by a pipe."""
    if text not in MISSING:
        for entry in text.split("|"):
            if entry.strip():
                yield entry.strip(), form.fullmatch(entry.strip())


def _amplifications(text: str, source: Source, listing: Listing) -> Iterator[CopyNumber]:
    for entry, match in _entries(text, _AMPLIFICATION):
        try:
            fold = positive(match["fold"]) if match else None
        except UnreadableError:
            fold = None
        if match is None or fold is None:
            listing.lost(source.line, Reason.of("reading.amplification-form"), entry)
            continue
        yield CopyNumber(
            gene=current_symbol(match["gene"]),
            kind=Alteration.AMPLIFICATION,
            fold_change=fold,
            source=source,
        )


def _splices(text: str, source: Source, listing: Listing) -> Iterator[SpliceVariant]:
    for entry, match in _entries(text, _SPLICE):
        counts = _counts(match, ("reads", "reference"))
        if match is None or counts is None:
            listing.lost(source.line, Reason.of("reading.splice-form"), entry)
            continue
        exons = None if match["exons"] in MISSING else match["exons"]
        yield SpliceVariant(
            gene=current_symbol(match["gene"]),
            name=splice_name(match["gene"], exons, match["first"], match["second"]),
            exons=exons,
            breakpoint_first=match["first"],
            breakpoint_second=match["second"],
            supporting_reads=counts[0],
            reference_reads=counts[1],
            source=source,
        )


def _fusions(text: str, source: Source, listing: Listing) -> Iterator[Fusion]:
    for entry, match in _entries(text, _FUSION):
        counts = _counts(match, ("reads", "reference1", "reference2"))
        pair = split_pair(match["pair"]) if match else None
        if match is None or counts is None or pair is None:
            listing.lost(source.line, Reason.of("reading.fusion-form"), entry)
            continue
        yield Fusion(
            first=tuple(map(current_symbol, pair[0])),
            second=tuple(map(current_symbol, pair[1])),
            order_known=pair[2],
            reported=match["pair"],
            breakpoint_first=match["first"],
            breakpoint_second=match["second"],
            method=Alteration.RNA_FUSION,
            supporting_reads=counts[0],
            reference_reads_first=counts[1],
            reference_reads_second=counts[2],
            source=source,
        )


def _counts(match: re.Match[str] | None, names: tuple[str, ...]) -> list[int] | None:
    if match is None:
        return None
    try:
        return [whole(match[name]) for name in names]
    except UnreadableError:
        return None
