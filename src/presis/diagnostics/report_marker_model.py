"""The report's parts on other tests than the panel: markers, disagreements, identity, pictures."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from presis.diagnostics.report_parts import ReasonJson, RequestedJson

#: fields of the report that one of before doesn't have
CAME_LATER = (
    *("markers", "settled", "disagreements", "identity", "attachments", "matched_normal"),
    "requested",
)


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MarkerJson(_Model):
    """One result of pathology, in the vocabulary's codes. `low` and `high` bound a number."""

    id: str
    marker: str
    name: str
    method: str
    score: str
    low: float | None
    high: float | None
    high_open: bool
    unit: str | None
    assay: str | None
    threshold: str | None
    date: str | None
    specimen: str | None
    block: str | None
    result: ReasonJson
    source: str


class SettledJson(_Model):
    """What pathology's results say of a biomarker that approvals ask for."""

    biomarker: str
    holds: Literal["yes", "no", "unknown"]
    findings: list[str]
    why: list[ReasonJson]
    settled_by: list[ReasonJson]


class SideJson(_Model):
    """What one of two methods says; null is "not reported"."""

    method: str
    result: ReasonJson
    date: str | None
    specimen: str | None


class DisagreementJson(_Model):
    """Two methods that can't both be right; neither overrules the other."""

    id: str
    subject: str
    sides: list[SideJson]
    unsettles: list[str]
    beside: list[str]
    findings: list[str]
    settled_by: ReasonJson
    touches: list[str]


class AcceptedJson(_Model):
    """A person answers for data that a check speaks against: who, on which day, and why."""

    person: str
    on: str
    why: str


class IdentityJson(_Model):
    """One check of whether the data are the patient's; a mismatch stops signing unless it is accepted."""

    check: Literal["name", "specimen", "sex", "dna_rna", "pseudonym", "earlier", "neighbour", "contamination"]
    result: Literal["match", "mismatch", "unknown"]
    reason: ReasonJson
    counts: dict[str, int]
    other: str | None
    accepted: AcceptedJson | None = Field(default=None, exclude_if=lambda value: value is None)


class AttachmentJson(_Model):
    """A picture that lies with the panel's files; the report names it and holds its hash."""

    name: str
    kind: str
    sha256: str
    size: int


class BesideReport(_Model):
    """What the report holds of them; a report of before has none."""

    markers: list[MarkerJson] = []
    settled: list[SettledJson] = []
    disagreements: list[DisagreementJson] = []
    identity: list[IdentityJson] = []
    attachments: list[AttachmentJson] = []
    requested: RequestedJson | None = None
