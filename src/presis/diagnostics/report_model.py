"""The content of a molecular report as typed data: what is signed, hashed and kept.

`ReportContent` is the documented JSON form (docs/reference/report-json.md). It holds codes, values and
English sentences; a rendering in any language is made from it alone, so that an old report can
always be drawn again as it was.
"""

from __future__ import annotations

import hashlib
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from presis.diagnostics.report_marker_model import CAME_LATER, BesideReport
from presis.diagnostics.report_parts import LabelledJson, ReasonJson
from presis.diagnostics.report_positions_form import HotspotsJson
from presis.diagnostics.report_tumour_model import ReadFinding, ReadReport, ReadSpecimen
from presis.methods.bulk import no_cycle_collection


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CriterionJson(_Model):
    """One criterion of the oncogenicity standard. `points`: a number, or [low, high]."""

    code: str
    label: str
    points: int | list[int]
    met: Literal["yes", "no", "unknown"]
    state: Literal["met", "not_met", "not_assessed", "suppressed"]
    why: str
    why_code: str
    why_values: dict[str, str | int | float]
    could_add: int
    sources: list[str]


class OncogenicityJson(_Model):
    """Oncogenicity by ClinGen/CGC/VICC: total as [low, high], classes from the most benign."""

    total: tuple[int, int]
    classes: list[str]
    unless_common: bool
    criteria: list[CriterionJson]


class TierJson(_Model):
    """One AMP tier; III and IV have no level."""

    tier: str
    level: str | None


class AmpJson(_Model):
    """AMP/ASCO/CAP 2017: every possible tier."""

    scale: Literal["AMP/ASCO/CAP 2017"]
    text: str
    possible: list[TierJson]
    note: str | None


class EscatJson(_Model):
    """A curated ESCAT tier with its version."""

    scale: Literal["ESCAT"]
    text: str
    tier: str
    version_date: str
    row: str
    source: str


class ReviewedJson(_Model):
    """What a person made of a finding, beside the classes that were computed; `text` is for the reader."""

    verdict: Literal["keep", "artefact", "germline", "not_relevant", "reclassified"]
    computed: list[str]
    text: str | None
    person: str
    on: str


class FindingJson(ReadFinding, _Model):
    """One finding. Which fields are filled depends on `kind`; fractions run from 0 to 1."""

    id: str
    key: str | None = None
    kind: Literal[
        "small_variant",
        "copy_number",
        "exon_copy_number",
        "loh",
        "fusion",
        "splice",
        "tmb",
        "msi",
        "hrd",
        "wild_type",
        "pathology_marker",
    ]
    genes: list[str]
    label: str
    transcript: str | None = None
    mane: str | None = None
    cdna: str | None = None
    protein: str | None = None
    consequences: list[str] = []
    exon: str | None = None
    place: str | None = None
    allele_fraction: float | None = None
    depth: int | None = None
    population: dict[str, float] | None = None
    fold_change: float | None = None
    absolute_copies: float | None = None
    direction: str | None = None
    supporting_reads: int | None = None
    breakpoints: list[str] = []
    value: float | None = None
    marker_class: str | None = None
    marker_reason: ReasonJson | None = None
    marker_source: str | None = None
    oncogenicity: OncogenicityJson | None = None
    amp: AmpJson | None = None
    kept_by: str | None = None
    caller_class: str | None = None
    adjacent: bool = False
    judgement: str | None = None
    source: str | None = None
    reviewed: ReviewedJson | None = None


class StatementJson(_Model):
    """One row of a curated table, as it stands there."""

    row: str
    kind: str
    authority: str
    biomarker: str
    tumour: str
    line: str
    conditions: str | None
    date: str | None
    address: str | None
    status: str
    confirmed: bool
    relation: str
    holds: str


class AccessJson(_Model):
    """A national decision on a drug, for the indication in its own words; it changes no tier."""

    row: str
    country: str
    decision: str
    indication: str
    method_id: str | None
    date: str | None
    address: str
    confirmed: bool


class OptionJson(_Model):
    """A drug that a finding speaks for (`sensitivity`) or against (`resistance`)."""

    drug: str
    tumour: str | None
    direction: Literal["sensitivity", "resistance"]
    findings: list[LabelledJson]
    holds: Literal["yes", "unknown"]
    relation: str
    amp: AmpJson | None
    escat: list[EscatJson] | None
    escat_not_confirmed: list[str]
    note: ReasonJson | None
    why: list[ReasonJson]
    settled_by: list[ReasonJson]
    conditions: list[ReasonJson]
    conflicts: list[str]
    access: list[AccessJson]
    sources: list[StatementJson]


class UnsettledJson(_Model):
    """An approved drug of this tumour type that hangs on something unknown."""

    drug: str
    biomarker: str
    rows: list[str]
    why: list[ReasonJson]
    settled_by: list[ReasonJson]


class CivicJson(_Model):
    """One CIViC item: what it proposes is a level, never a tier."""

    finding: str
    evidence_id: str
    disease: str | None
    drugs: list[str]
    direction: str
    supports: bool
    civic_level: str | None
    rating: int | None
    proposed_amp_level: str | None
    caveat: str | None
    relation: str
    pmid: str | None


class CoversJson(_Model):
    """Whether one alteration was tested for, in how many genes, and why not."""

    state: Literal["yes", "no", "unknown"]
    reason: str
    detail: list[str]
    genes: list[str]


class MeasureJson(_Model):
    """One quality measure against its limits."""

    section: str
    metric: str
    unit: str | None
    value: float | None
    lower: float | None
    upper: float | None
    limit_from: str | None
    governs: list[str]
    verdict: str
    nucleic_acid: str
    note: str | None


class QualityJson(_Model):
    """Quality of the sample; `known` false: no metrics file was given."""

    known: bool
    contaminated: bool
    unknown: dict[str, list[str]]
    measures: list[MeasureJson]


class LeftOutJson(_Model):
    """A variant that the filter left out: by which step, and what was found there."""

    label: str
    key: str | None = None
    step: str
    why: list[ReasonJson]
    place: str
    source: str | None


class DroppedJson(_Model):
    """A finding that a person took out of the report, and as what."""

    key: str
    kind: str
    label: str
    place: str | None
    genes: list[str]
    computed: list[str]
    reviewed: ReviewedJson


class NotUsableJson(_Model):
    """Something in a file that no finding was made of."""

    file: str
    line: int
    reason: str
    found: str
    severity: str
    code: str | None = Field(default=None, exclude_if=lambda value: value is None)
    values: dict[str, str | int | float] = Field(default_factory=dict, exclude_if=lambda value: not value)


class InputJson(_Model):
    """A file that was read, with the hash of its bytes."""

    name: str
    kind: str
    sha256: str
    rows: int


class ReleaseJson(_Model):
    """A knowledge pack in the version used."""

    pack: str
    title: str
    version: str
    date: str | None
    licence: str
    sha256: str


class SpecimenJson(ReadSpecimen, _Model):
    """What is known of the specimen; null is "not reported"."""

    pseudonym: str | None
    birth_year: int | None
    birth_month: int | None
    sex: str | None
    tumour: str | None
    tumour_text: str | None
    site: str | None
    sample_type: str | None
    material: str | None
    treatment: str | None
    collected: str | None
    tumour_cell_fraction: float | None
    dna_failed: bool | None
    rna_failed: bool | None
    invented: bool
    comments: list[str]


class AssayJson(_Model):
    """The test and its software."""

    name: str
    kind: str
    software: str | None
    software_version: str | None
    software_assumed: bool


class ReportContent(BesideReport, ReadReport, _Model):
    """The whole report. `schema_version` changes when a field's meaning does."""

    schema_version: Literal["presis.report/1"] = "presis.report/1"
    presis_version: str
    laboratory: str | None
    sample: str
    dna_sample: str | None
    rna_sample: str | None
    run: str | None
    build: str | None
    assay: AssayJson
    specimen: SpecimenJson
    tumour: str | None
    tumour_name: str | None
    conclusion: dict[str, tuple[tuple[str, str], ...]]
    quality: QualityJson
    covers: dict[str, CoversJson]
    findings: list[FindingJson]
    options: list[OptionJson]
    unsettled: list[UnsettledJson]
    not_found: list[tuple[str, str]]
    civic: list[CivicJson]
    left_out: list[LeftOutJson]
    interpretation: str | None = None
    dropped: list[DroppedJson] = []
    not_usable: list[NotUsableJson]
    inputs: list[InputJson]
    rules: dict[str, str]
    knowledge: list[ReleaseJson]
    hotspots: HotspotsJson = HotspotsJson()

    def canonical(self) -> bytes:
        """The bytes that are hashed, signed and kept: JSON, keys in the model's order, no spaces.

        What came later than a report is left out while it is empty, so that it keeps its hash.
        """
        older = {name for name in CAME_LATER if not getattr(self, name)}
        if self.hotspots == HotspotsJson():
            older.add("hotspots")
        return self.model_dump_json(exclude=older).encode()

    def content_hash(self) -> str:
        """SHA-256 of `canonical`, hexadecimal."""
        return hashlib.sha256(self.canonical()).hexdigest()

    def finding(self, ident: str) -> FindingJson:
        """A finding by its id; raises `KeyError`."""
        for each in self.findings:
            if each.id == ident:
                return each
        raise KeyError(ident)


def parse_content(data: bytes | str) -> ReportContent:
    """A kept report read back."""
    with no_cycle_collection():
        return ReportContent.model_validate_json(data)


def report_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the content."""
    return ReportContent.model_json_schema()
