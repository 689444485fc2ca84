"""What studies showed of single changes, and which regions of a protein are critical (OS2, SBS2, OM1)."""

from __future__ import annotations

from dataclasses import dataclass

from presis.knowledge.approvals import CONFIDENCES, Counts
from presis.knowledge.lines import Line

FUNCTIONAL_COLUMNS = (
    *("row", "gene", "change", "pattern", "pattern_type", "effect", "criterion", "study", "pmid"),
    *("checked_at", "confidence"),
)
DOMAIN_COLUMNS = ("row", "gene", "domain", "protein_start", "protein_end", "protein", "source", "confidence")
PATTERN_TYPES = ("exact", "codon", "exon_inframe_del", "exon_inframe_ins", "truncating")
EFFECTS = ("gain_of_function", "loss_of_function", "neomorphic", "dominant_negative", "no_effect")


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionalEvidence:
    """A study's result on a change or a class of changes.

    `pattern` by `pattern_type`: exact `p.V600E`; codon `p.G12`, any missense there; exon_inframe_del or
    _ins `del:729-761`, in-frame and within these residues; truncating `fs:286-294`. `criterion` is OS2
    (an oncogenic effect) or SBS2 (none).
    """

    row: str
    gene: str
    change: str
    pattern: str
    pattern_type: str
    effect: str
    criterion: str
    study: str
    pmid: str | None
    address: str | None
    confidence: str
    counts: bool

    @classmethod
    def read(cls, line: Line, counts: Counts) -> FunctionalEvidence:
        """The evidence of one line."""
        confidence = line.one_of("confidence", CONFIDENCES)
        return cls(
            row=line["row"],
            gene=line["gene"],
            change=line["change"],
            pattern=line["pattern"],
            pattern_type=line.one_of("pattern_type", PATTERN_TYPES),
            effect=line.one_of("effect", EFFECTS),
            criterion=line.one_of("criterion", ("OS2", "SBS2")),
            study=line["study"],
            pmid=line.text("pmid"),
            address=line.text("checked_at"),
            confidence=confidence,
            counts=counts(line["row"], confidence),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CriticalDomain:
    """Residues `start` to `end` (inclusive, from 1) of the MANE Select `protein` (RefSeq accession)."""

    row: str
    gene: str
    domain: str
    start: int
    end: int
    protein: str
    source: str
    confidence: str
    counts: bool

    @classmethod
    def read(cls, line: Line, counts: Counts) -> CriticalDomain:
        """The region of one line."""
        confidence = line.one_of("confidence", CONFIDENCES)
        return cls(
            row=line["row"],
            gene=line["gene"],
            domain=line["domain"],
            start=line.integer("protein_start"),
            end=line.integer("protein_end"),
            protein=line["protein"],
            source=line["source"],
            confidence=confidence,
            counts=counts(line["row"], confidence),
        )
