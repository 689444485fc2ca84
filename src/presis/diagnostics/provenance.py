"""Where a profile's values come from: its files, what they list, and where two of them differ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TypeVar

from presis.diagnostics.not_usable import not_usable
from presis.diagnostics.profile import (
    Assay,
    CopyNumber,
    ExonCopyNumber,
    InputFile,
    MolecularProfile,
    NotUsable,
    Quality,
    SmallVariant,
    SpliceVariant,
)
from presis.diagnostics.readers.collect import Parts
from presis.diagnostics.readers.grouping import Draft
from presis.methods.reasons import Reason

T = TypeVar("T")
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_DATE = re.compile(rf"\d{{1,2}}[-.]{_MONTH}|{_MONTH}[-.]\d{{1,2}}", re.IGNORECASE)


def first(values: Iterable[T | None]) -> T | None:
    """The first value that there is."""
    return next((value for value in values if value is not None), None)


def contradictions(draft: Draft, assay: Assay) -> Iterator[NotUsable]:
    """What two files say differently of one sample."""

    def remark(file: str, line: int, why: Reason, found: str) -> NotUsable:
        return not_usable(file=file, line=line, why=why, found=found, severity="remark")

    if draft.table is not None and draft.table.rna is None and draft.rna is not None:
        reason = Reason.of("reading.no-rna-named")
        yield remark(draft.table.text.name, 1, reason, draft.rna)
    own_tmb = first(each.tmb for each in draft.combined)
    own_msi = first(each.msi for each in draft.combined)
    for summary, row, _ in draft.summary:
        for name, own, other in (
            ("TMB", own_tmb and own_tmb.per_megabase, row.tmb and row.tmb.per_megabase),
            ("MSI", own_msi and own_msi.percent_unstable, row.msi and row.msi.percent_unstable),
        ):
            if own is not None and other is not None and own != other:
                yield remark(summary.text.name, row.line, Reason.of("reading.differs", name=name), str(other))
    for file in draft.combined:
        if file.assay.software != assay.software:
            reason = Reason.of("reading.other-software", software=str(assay.software))
            yield remark(file.text.name, 1, reason, file.assay.software or "")


def dated_genes(profile: MolecularProfile) -> Iterator[NotUsable]:
    """Genes whose symbol a spreadsheet has made a date, such as 1-Mar: which gene it was isn't known."""
    calls: list[SmallVariant | CopyNumber | ExonCopyNumber | SpliceVariant] = [
        *profile.small_variants,
        *profile.copy_numbers,
        *profile.exon_copy_numbers,
        *profile.splice_variants,
    ]
    for each in calls:
        if each.source is not None and each.gene is not None and _DATE.fullmatch(each.gene):
            reason = Reason.of("reading.dated-gene")
            yield not_usable(file=each.source.file, line=each.source.line, why=reason, found=each.gene)


def listed(draft: Draft, parts: Parts, quality: Quality) -> Iterator[NotUsable]:
    """What the readers listed, of the files that this profile is made from."""
    for combined in draft.combined:
        yield from combined.not_usable
    for fusions in draft.fusions:
        yield from fusions.not_usable
    if draft.table is not None:
        yield from draft.table.not_usable
    if draft.sample_list is not None:
        yield from draft.sample_list.not_usable
    yield from draft.vcf.listed()
    for summary, row, _ in draft.summary:
        yield from (*summary.not_usable, *row.not_usable)
    for metadata in parts.metadata:
        if any(name == metadata.text.name for name, _ in draft.metadata):
            yield from metadata.not_usable
    for _, entry in draft.metadata:
        yield from entry.not_usable
    if quality.known:
        for metrics in parts.metrics:
            yield from metrics.not_usable


def inputs(draft: Draft, parts: Parts, quality: Quality) -> Iterator[InputFile]:
    """The files that the profile is made from."""
    yield from (each.file for each in draft.combined)
    if draft.table is not None:
        yield draft.table.file
    yield from dict.fromkeys(summary.file for summary, _, _ in draft.summary)
    if draft.sample_list is not None:
        yield draft.sample_list.file
    yield from (each.file for each in draft.fusions)
    if quality.known:
        used = {each.source.file for each in quality.measures if each.source is not None}
        yield from (each.file for each in parts.metrics if each.text.name in used)
    yield from draft.vcf.inputs()
    names = {name for name, _ in draft.metadata}
    yield from (each.file for each in parts.metadata if each.text.name in names)
    for text, _ in parts.specimens:
        if draft.specimen is not None and draft.specimen[0] == text.name:
            yield text.as_input("specimen", len(text.lines))


def run_of(draft: Draft) -> str | None:
    """The DNA's sequencing run, as a file names it."""
    own = first(each.run for each in sorted(draft.combined, key=lambda each: each.dna is None))
    if own is not None or draft.sample_list is None:
        return own or first(row.run for _, row in draft.metadata)
    return first(
        draft.sample_list.runs.get(each) for each in (*draft.sample_list.dna, *draft.sample_list.rna)
    )
