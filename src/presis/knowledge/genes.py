"""What is known of a gene: its present symbol, its role in cancer, its MANE transcripts, its drivers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from presis.knowledge.approvals import CONFIDENCES, Counts
from presis.knowledge.lines import Line

SYMBOL_COLUMNS = ("former", "current", "source", "confidence")
OTHER_NAME_COLUMNS = ("name", "meaning")
ROLE_COLUMNS = (
    *("row", "gene", "role", "lof_by_truncation", "mechanism_note", "source", "confidence"),
    *("second_role", "second_source"),
)
MANE_COLUMNS = (
    *("gene", "hgnc", "ensembl_gene", "refseq_nuc", "refseq_prot", "ensembl_nuc", "ensembl_prot", "status"),
)
LENGTH_COLUMNS = ("row", "gene", "residues", "protein", "source", "confidence")
DRIVER_COLUMNS = ("row", "gene", "change", "transcript", "pmid", "locator")
ROLES = ("oncogene", "tumour_suppressor", "both", "neither_clear")


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneRole:
    """Whether a gene drives cancer when active, when lost, or both.

    `lof_by_truncation` (yes, no, unknown) says whether a truncation is accepted as a loss; it decides
    OVS1. `second_role` is what the driver list of PMID 29625053 says where our own row decided.
    """

    gene: str
    role: str
    lof_by_truncation: str
    note: str | None
    source: str
    confidence: str
    counts: bool
    row: str
    second_role: str | None
    second_source: str | None

    @classmethod
    def read(cls, line: Line, counts: Counts) -> GeneRole:
        """The role of one line."""
        confidence = line.one_of("confidence", CONFIDENCES)
        return cls(
            gene=line["gene"],
            role=line.one_of("role", ROLES),
            lof_by_truncation=line.one_of("lof_by_truncation", ("yes", "no", "unknown")),
            note=line.text("mechanism_note"),
            source=line["source"],
            confidence=confidence,
            counts=counts(line["row"], confidence),
            row=line["row"],
            second_role=line.text("second_role"),
            second_source=line.text("second_source"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ManeTranscript:
    """A transcript that RefSeq and Ensembl agree on, with versions; `status` is select or plus_clinical."""

    gene: str
    hgnc: str
    ensembl_gene: str
    refseq_nuc: str
    refseq_prot: str
    ensembl_nuc: str
    ensembl_prot: str
    status: str

    @classmethod
    def read(cls, line: Line) -> ManeTranscript:
        """The transcript of one line."""
        status = line.one_of("status", ("select", "plus_clinical"))
        return cls(**{**line.cells, "status": status})


@dataclass(frozen=True, slots=True, kw_only=True)
class ProteinLength:
    """How many residues the MANE Select `protein` (RefSeq accession) of a gene has."""

    row: str
    gene: str
    residues: int
    protein: str
    source: str
    confidence: str
    counts: bool

    @classmethod
    def read(cls, line: Line, counts: Counts) -> ProteinLength:
        """The length of one line."""
        confidence = line.one_of("confidence", CONFIDENCES)
        if line.integer("residues") < 1:
            raise line.bad("residues", "a number of residues")
        return cls(
            row=line["row"],
            gene=line["gene"],
            residues=line.integer("residues"),
            protein=line["protein"],
            source=line["source"],
            confidence=confidence,
            counts=counts(line["row"], confidence),
        )


_TRANSCRIPT = re.compile(r"(NM|NR|XM|XR)_\d+|ENST\d{11}")


def without_version(accession: str) -> str:
    """`NM_004333` of `NM_004333.6`."""
    return accession.strip().partition(".")[0].upper()


def is_transcript(accession: str) -> bool:
    """Whether this is a RefSeq or Ensembl transcript's accession, version or not."""
    return _TRANSCRIPT.fullmatch(without_version(accession)) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """A missense change that predictors call a driver (PMID 29625053, table S4): OP1 evidence, never OS1."""

    row: str
    gene: str
    change: str
    transcript: str
    pmid: str
    locator: str

    @classmethod
    def read(cls, line: Line) -> Driver:
        """The driver of one line."""
        return cls(**line.cells)
