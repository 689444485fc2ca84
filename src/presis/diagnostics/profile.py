"""What a laboratory's panel found in one specimen, and what it could have found.

The form that readers deliver. Empty means *none found*; whether it was looked for is said by `covers`
alone, how well by `quality`. Nothing here is an interpretation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from presis.diagnostics.pathology import Beside, InRna
from presis.diagnostics.profile_places import CopySegment, InNormal, PopulationFrequency, RegionDepth, Source
from presis.methods.reasons import Value

__all__ = [
    "CopySegment",
    "InNormal",
    "PopulationFrequency",
    "RegionDepth",
    "Source",
]  # offered here with the rest


class GenomeBuild(StrEnum):
    """The reference genome that positions count on. 37 and 38 are never mixed silently."""

    GRCH37 = "GRCh37"
    GRCH38 = "GRCh38"


class Alteration(StrEnum):
    """What can be tested for. The fixed vocabulary of coverage."""

    SMALL_VARIANT = "small_variant"
    AMPLIFICATION = "amplification"
    DELETION = "deletion"
    EXON_CNV = "exon_cnv"
    DNA_FUSION = "dna_fusion"
    RNA_FUSION = "rna_fusion"
    SPLICE = "splice"
    LOH = "loh"
    TMB = "tmb"
    MSI = "msi"
    HRD = "hrd"


GENOME_WIDE = frozenset({Alteration.TMB, Alteration.MSI, Alteration.HRD})  # not of one gene


class Mane(StrEnum):
    """Whether the reported transcript is the one that MANE names, its version set aside."""

    SELECT = "select"
    PLUS_CLINICAL = "plus_clinical"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a person at the laboratory wrote beside a variant. None: nobody has judged yet."""

    igv_qc: str | None = None
    run_qc: str | None = None
    class_judgement: str | None = None
    class_comments: tuple[str, ...] = ()
    reporting_judgement: str | None = None
    reporting_comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallVariant(InRna):
    """One substitution, insertion, deletion or delins, as the file reports it.

    `position` is 1-based in the profile's build, `ref` and `alt` as in VCF, `chromosome` without `chr`.
    `gene` is today's symbol (None between genes). `protein` is HGVS as reported (`p.(Val600Glu)`),
    `protein_short` has one-letter residues (`p.V600E`). `consequences` are Sequence Ontology terms.
    `germline_status` is the caller's own guess, `mnv` the tag that parts of one change share. `passed`:
    whether it passed its caller's filters (None: nobody says). `normal`: its reads in the matched normal.
    `phase`: the set of reads that it shares with others, `SET:HAPLOTYPE`, as the caller phased them.
    """

    gene: str | None
    chromosome: str
    position: int
    ref: str
    alt: str
    transcript: str | None = None
    mane: Mane = Mane.UNKNOWN
    cdna: str | None = None
    protein: str | None = None
    protein_short: str | None = None
    consequences: tuple[str, ...] = ()
    exon: str | None = None
    depth: int | None = None
    allele_fraction: float | None = None
    population: PopulationFrequency | None = None
    caller_class: str | None = None
    germline_class: str | None = None
    germline_status: str | None = None
    mnv: str | None = None
    file_filters: tuple[str, ...] = ()
    judgement: Judgement | None = None
    source: Source | None = None
    passed: bool | None = None
    normal: InNormal | None = None
    phase: str | None = None

    @property
    def label(self) -> str:
        """What people call it: `BRAF p.V600E`, else by cDNA, else by position."""
        change = self.protein_short or self.cdna or f"{self.chromosome}:{self.position} {self.ref}>{self.alt}"
        return f"{self.gene or 'intergenic'} {change}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyNumber:
    """A gene's copy number call. `kind` is `amplification` (a gain by the caller) or `deletion`.

    `fold_change` is a ratio to a normal genome, `absolute_copies` the caller's own model (beta).
    """

    gene: str
    kind: Alteration
    fold_change: float | None
    absolute_copies: float | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExonCopyNumber:
    """A `loss` or `gain` of whole exons; positions are 1-based."""

    gene: str
    change: str
    exons: str | None
    chromosome: str | None
    start: int | None
    end: int | None
    fold_change: float | None
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LossOfHeterozygosity:
    """A gene's copies and those of its rarer allele, as the caller reports them (beta)."""

    gene: str
    absolute_copies: float | None
    minor_copies: float | None
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fusion:
    """Two genes joined, seen by `method`; `reported` is the file's own spelling.

    `first` and `second` hold the genes at each breakpoint (several where they overlap), with today's
    symbols; `first` is the 5' partner only if `order_known`.
    """

    first: tuple[str, ...]
    second: tuple[str, ...]
    order_known: bool
    reported: str
    breakpoint_first: str | None
    breakpoint_second: str | None
    method: Alteration
    supporting_reads: int | None
    reference_reads_first: int | None = None
    reference_reads_second: int | None = None
    caller: str | None = None
    file_filters: tuple[str, ...] = ()
    source: Source | None = None

    @property
    def genes(self) -> tuple[str, ...]:
        """Every gene named at either breakpoint."""
        return self.first + self.second

    @property
    def label(self) -> str:
        """`EML4::ALK`; genes that overlap at one breakpoint are joined by a slash."""
        return f"{'/'.join(self.first)}::{'/'.join(self.second)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpliceVariant:
    """A transcript that skips exons or ends elsewhere; `name` is the usual one, if known."""

    gene: str
    name: str | None
    exons: str | None
    breakpoint_first: str | None
    breakpoint_second: str | None
    supporting_reads: int | None
    reference_reads: int | None
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tmb:
    """Tumour mutational burden: `per_megabase` = `eligible_variants` over `megabases`."""

    per_megabase: float | None
    eligible_variants: int | None
    megabases: float | None
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Msi:
    """Microsatellite sites: `percent_unstable` from 0 to 100. ctDNA gives `sum_jsd` instead."""

    percent_unstable: float | None
    unstable_sites: int | None
    usable_sites: int | None
    sum_jsd: float | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GenomicInstability:
    """HRD libraries only; tumour fraction and ploidy as written (a fraction or a percentage)."""

    score: float | None
    tumour_fraction_reported: str | None
    ploidy: float | None
    source: Source | None = None


class Verdict(StrEnum):
    """What came of holding a quality measure against its limit."""

    PASS = "pass"  # noqa: S105 - a verdict, no password
    FAIL = "fail"
    WARN = "warn"
    NOT_COMPUTED = "not_computed"
    NO_LIMIT = "no_limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityMeasure:
    """One metric of the sample or its run (`nucleic_acid`) against its limits.

    `limit_from` is `laboratory`, `file` or `table`. `governs` lists what a miss makes unknown.
    """

    section: str
    metric: str
    unit: str | None
    value: float | None
    lower: float | None
    upper: float | None
    limit_from: str | None
    governs: tuple[Alteration, ...]
    verdict: Verdict
    nucleic_acid: str
    note: str | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Quality of the sample. `known` is False where no metrics file was given.

    `unknown`: what can't be relied on, and why; a negative there is unknown, a positive stands.
    """

    known: bool
    measures: tuple[QualityMeasure, ...] = ()
    unknown: Mapping[Alteration, tuple[str, ...]] = field(default_factory=dict)
    contaminated: bool = False


class Tested(StrEnum):
    """Whether an alteration was looked for."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Covers:
    """What one alteration type was tested for.

    `genes`: those looked at (none for genome-wide ones). `state` NO: not assayed; UNKNOWN: nobody says,
    quality failed, or there are too few tumour cells. `reason`: a code, with words under `why-not` in
    the catalogue (`assayed`, `no_rna`, `quality_failed`); `detail` completes it.
    """

    state: Tested
    genes: frozenset[str] = frozenset()
    reason: str = "assayed"
    detail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assay:
    """The test: `name` as TSO500, `kind` tissue or ctdna, `software` as dragen-2.6 (assumed or told)."""

    name: str
    kind: str
    software: str | None
    software_version: str | None
    software_assumed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Specimen:
    """What is known of the specimen; None is "not reported", never a default.

    `tumour` is an OncoTree code, `treatment` `before` or `after`, `tumour_cell_fraction` from 0 to 1.
    `dna_failed` and `rna_failed` say that the laboratory gave up on it,
    `predisposition_declined` that the patient wants no inherited risk told but what bears on treatment.
    """

    pseudonym: str | None = None
    birth_year: int | None = None
    birth_month: int | None = None
    sex: str | None = None
    tumour: str | None = None
    tumour_text: str | None = None
    site: str | None = None
    sample_type: str | None = None
    material: str | None = None
    treatment: str | None = None
    collected: str | None = None
    tumour_cell_fraction: float | None = None
    dna_failed: bool | None = None
    rna_failed: bool | None = None
    predisposition_declined: bool | None = None
    invented: bool = False
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotUsable:
    """Something in a file that no finding was made of: where, what it said, and why.

    `severity` is `lost` (should have been a finding) or `remark` (a note, an unknown section or field).
    `reason` is English; `code` and `values` say it in any language (None: read before there were codes).
    """

    file: str
    line: int
    reason: str
    found: str
    severity: str = "lost"
    code: str | None = None
    values: Mapping[str, Value] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """A file that was read: what it was recognised as, and the hash of its bytes."""

    name: str
    kind: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MolecularProfile(Beside):
    """One specimen's findings, DNA and RNA joined. `depths` hold the positions that were asked for."""

    sample: str
    dna_sample: str | None
    rna_sample: str | None
    build: GenomeBuild | None
    assay: Assay
    specimen: Specimen
    covers: Mapping[Alteration, Covers]
    small_variants: tuple[SmallVariant, ...] = ()
    copy_numbers: tuple[CopyNumber, ...] = ()
    exon_copy_numbers: tuple[ExonCopyNumber, ...] = ()
    losses_of_heterozygosity: tuple[LossOfHeterozygosity, ...] = ()
    fusions: tuple[Fusion, ...] = ()
    fusion_candidates: tuple[Fusion, ...] = ()
    splice_variants: tuple[SpliceVariant, ...] = ()
    tmb: Tmb | None = None
    msi: Msi | None = None
    genomic_instability: GenomicInstability | None = None
    quality: Quality = Quality(known=False)
    not_usable: tuple[NotUsable, ...] = ()
    inputs: tuple[InputFile, ...] = ()
    run: str | None = None
    copy_segments: tuple[CopySegment, ...] = ()
    depths: tuple[RegionDepth, ...] = ()
