"""What a report holds of reading with the tumour's content in mind; every field may lack in an older one."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from presis.diagnostics.report_parts import LabelledJson, ReasonJson


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OriginJson(_Model):
    """Where a variant comes from. A tumour alone suggests it; `proven`: a matched normal decided."""

    kind: Literal["somatic", "likely_germline", "possible_ch", "unclear"]
    fraction_fits: Literal["somatic", "germline", "both", "neither", "not_readable"]
    proven: bool
    why: list[ReasonJson]
    settled_by: list[ReasonJson]


class CopiesJson(_Model):
    """Copies in the tumour cells, adjusted for their share, over the range of the estimate."""

    best: float | None
    low: float | None
    high: float | None
    why: ReasonJson | None


class IntervalJson(_Model):
    """The interval of a rate from its count, and the limits that lie within it."""

    low: float
    high: float
    level: float
    crossed: list[float]


class PartJson(_Model):
    """A part of a variant that was read as one."""

    label: str
    place: str
    allele_fraction: float | None


class AllelicJson(_Model):
    """Both alleles of one suppressor gene; `both_lost` is never no."""

    gene: str
    state: Literal["two_hits", "other_allele_lost", "homozygous_deletion", "unknown"]
    both_lost: Literal["yes", "unknown"]
    findings: list[str]
    why: list[ReasonJson]
    settled_by: list[ReasonJson]


class FollowUpJson(_Model):
    """A reason to consider referral to medical genetics; no diagnosis."""

    finding: LabelledJson
    recommended: Literal["yes", "unknown"]
    edition: str
    confidence: Literal["read", "recalled", "derived"]
    why: list[ReasonJson]
    settled_by: list[ReasonJson]


class TumourContentJson(_Model):
    """The share of tumour cells as an estimate with its range, and what it hides."""

    applies: bool
    estimate: float | None
    low: float
    high: float
    notes: list[ReasonJson]


class ReadFinding(_Model):
    """What a finding holds of it."""

    origin: OriginJson | None = None
    copies: CopiesJson | None = None
    interval: IntervalJson | None = None
    at_least: bool = False
    parts: list[PartJson] = []
    untold: bool = False
    notes: list[ReasonJson] = []


class ReadSpecimen(_Model):
    """What a specimen holds of it."""

    predisposition_declined: bool | None = None


class ReadReport(_Model):
    """What the report holds of it."""

    tumour_content: TumourContentJson | None = None
    allelic_states: list[AllelicJson] = []
    follow_ups: list[FollowUpJson] = []
    matched_normal: bool = False
