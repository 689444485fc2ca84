"""What a panel tested: the genes of the assay, and what each software reports at all."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from presis.diagnostics.limits import DNA_ALTERATIONS, RNA_ALTERATIONS
from presis.diagnostics.profile import (
    GENOME_WIDE,
    Alteration,
    Assay,
    Covers,
    Quality,
    Specimen,
    Tested,
)
from presis.diagnostics.symbols import TSO500, current_symbol

#: a plasma sample in which nothing is found may hold no tumour DNA: the finding isn't negative
NON_INFORMATIVE = "ctdna_non_informative"
#: the name of an assay whose files name no panel: which genes it looked at, nobody says
NO_PANEL = "VCF"
#: the reason of small variants that a file holds without naming their genes
NOT_ANNOTATED = "not_annotated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the files at hand say about testing.

    `dna` and `rna`: whether such a library exists; UNKNOWN where nobody says. `reported`: the
    alterations that a section or column of these files is about. `without_value`: of TMB, MSI and
    HRD, those with no value. `hrd_library`: the files have a GIS or a loss of heterozygosity section.
    `unannotated`: a VCF holds small variants without genes.
    """

    dna: Tested
    rna: Tested
    reported: frozenset[Alteration]
    without_value: frozenset[Alteration] = frozenset()
    hrd_library: bool = False
    unannotated: bool = False


@cache
def genes_of(column: str) -> frozenset[str]:
    """The genes with a 1 in a column of genes.csv, with today's symbols; empty for an unknown column."""
    with (TSO500 / "genes.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(
            current_symbol(row["gene"]) for row in csv.DictReader(file) if row.get(column) == "1"
        )


@cache
def _software() -> dict[tuple[str, str], dict[Alteration, bool]]:
    """Per assay and software, whether its files report an alteration."""
    table: dict[tuple[str, str], dict[Alteration, bool]] = {}
    with (TSO500 / "coverage_by_software.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = (row["assay"], row["software"])
            table.setdefault(key, {})[Alteration(row["alteration"])] = row["reported"] == "1"
    return table


def tabulated_software(assay: Assay) -> tuple[str, bool]:
    """The software whose row of the table holds for this assay, and whether it is its very own.

    A version that isn't tabulated takes the next older one, else the oldest.
    """
    known = sorted(software for kind, software in _software() if kind == assay.kind)
    if assay.software in known:
        return assay.software or known[0], True
    older = [
        name for name in known if name.startswith("dragen") and _order(name) <= _order(assay.software or "")
    ]
    dragen = [name for name in known if name.startswith("dragen")]
    return (max(older, key=_order) if older else min(dragen or known, key=_order)), False


def _order(software: str) -> tuple[int, ...]:
    digits = software.rpartition("-")[2].split(".")
    return tuple(int(part) if part.isdigit() else 0 for part in digits)


def covers(
    assay: Assay, evidence: Evidence, specimen: Specimen, quality: Quality
) -> dict[Alteration, Covers]:
    """For each alteration, whether it was tested, in which genes, and if not, why."""
    return {each: _covers(each, assay, evidence, specimen, quality) for each in Alteration}


def _covers(
    alteration: Alteration, assay: Assay, evidence: Evidence, specimen: Specimen, quality: Quality
) -> Covers:
    if (
        alteration is Alteration.SMALL_VARIANT
        and evidence.unannotated
        and alteration not in evidence.reported
    ):
        return Covers(state=Tested.UNKNOWN, reason=NOT_ANNOTATED)
    if assay.name == NO_PANEL:
        return _no_panel(alteration, evidence, specimen, quality)
    software, own = tabulated_software(assay)
    note = () if own else (f"coverage as of {software}",)
    column = alteration.value if assay.kind == "tissue" else f"{alteration.value}_ctdna"
    genes = frozenset[str]() if alteration in GENOME_WIDE else genes_of(column)
    reported = _software()[assay.kind, software].get(alteration, False)
    if alteration in (Alteration.HRD, Alteration.LOH) and reported:
        return _hrd_library(alteration, evidence, specimen, quality, note)
    if not reported:
        on_assay = bool(genes) or alteration in GENOME_WIDE
        return Covers(state=Tested.NO, reason="not_by_software" if on_assay else "not_on_assay", detail=note)
    missing = _not_looked_for(alteration, evidence, specimen)
    if missing is not None:
        return Covers(
            state=missing.state,
            genes=genes if missing.state is Tested.UNKNOWN else frozenset(),
            reason=missing.reason,
            detail=(*missing.detail, *note),
        )
    failed = _not_reliable(alteration, quality)
    if failed is not None:
        return Covers(state=Tested.UNKNOWN, genes=genes, reason=failed.reason, detail=(*failed.detail, *note))
    if assay.kind == "ctdna" and alteration not in GENOME_WIDE:
        return Covers(state=Tested.UNKNOWN, genes=genes, reason=NON_INFORMATIVE, detail=note)
    return Covers(state=Tested.YES, genes=genes, detail=note)


def _no_panel(alteration: Alteration, evidence: Evidence, specimen: Specimen, quality: Quality) -> Covers:
    """A finding stands; which genes were looked at beside it isn't known, so nothing is negative."""
    missing = _not_looked_for(alteration, evidence, specimen) or _not_reliable(alteration, quality)
    if missing is not None and missing.reason != "assayed":
        return Covers(state=Tested.UNKNOWN, reason=missing.reason, detail=missing.detail)
    return Covers(state=Tested.UNKNOWN, reason="panel_unknown")


def _hrd_library(
    alteration: Alteration, evidence: Evidence, specimen: Specimen, quality: Quality, note: tuple[str, ...]
) -> Covers:
    """HRD and loss of heterozygosity come from HRD libraries only; LOH has no published gene list."""
    if not evidence.hrd_library and evidence.dna is Tested.YES:
        return Covers(state=Tested.NO, reason="not_on_assay", detail=("no HRD library", *note))
    missing = _not_looked_for(alteration, evidence, specimen)
    if missing is not None:
        return missing
    if alteration is Alteration.LOH:
        return Covers(
            state=Tested.UNKNOWN, reason="not_reported", detail=("its genes are not published", *note)
        )
    return _not_reliable(alteration, quality) or Covers(state=Tested.YES, detail=note)


def _not_looked_for(alteration: Alteration, evidence: Evidence, specimen: Specimen) -> Covers | None:
    """Why nothing was looked for, or None if it was."""
    if alteration in RNA_ALTERATIONS:
        exists, failed, acid = evidence.rna, specimen.rna_failed, "rna"
    else:
        exists, failed, acid = evidence.dna, specimen.dna_failed, "dna"
    if failed:
        return Covers(state=Tested.UNKNOWN, reason=f"{acid}_failed")
    if exists is Tested.NO:
        return Covers(state=Tested.NO, reason=f"no_{acid}")
    if exists is Tested.UNKNOWN or alteration not in evidence.reported:
        return Covers(state=Tested.UNKNOWN, reason="not_reported")
    if alteration in evidence.without_value:
        return Covers(state=Tested.UNKNOWN, reason="not_reported", detail=("no value in the file",))
    return None


def _not_reliable(alteration: Alteration, quality: Quality) -> Covers | None:
    reasons = quality.unknown.get(alteration, ())
    if quality.contaminated and alteration in DNA_ALTERATIONS:
        return Covers(state=Tested.UNKNOWN, reason="contaminated", detail=reasons)
    return Covers(state=Tested.UNKNOWN, reason="quality_failed", detail=reasons) if reasons else None
