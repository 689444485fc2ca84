"""A patient as matching asks of one: what was found and covered, the disease, the person and the course.

Every value says where it is written; what nobody told is None or empty, and means unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from presis.diagnostics.findings import Findings
from presis.matching.days import DaySpan

V = TypeVar("V")

Extent = Literal["localised", "locally_advanced", "metastatic"]
Measurable = Literal["measurable", "evaluable", "none"]
Brain = Literal["none", "controlled", "uncontrolled", "present"]
Standard = Literal["exhausted", "not_tolerated", "not_indicated", "available"]


@dataclass(frozen=True, slots=True)
class Told(Generic[V]):
    """A value, where it is written (`case.yaml:4`, `report R-2026-0001`), and the day it holds of."""

    value: V
    where: str
    on: DaySpan | None = None


@dataclass(frozen=True, slots=True)
class Treatment:
    """One treatment given: drugs by generic name with their classes and targets, when, and what came of it.

    `drugs` hold a regimen's parts too, `written` what stands in the case. `end` None and not `ongoing`:
    nobody says when it ended. `outcome` is why it ended, `response` the best
    one. `line` counts treatments of advanced disease.
    """

    drugs: tuple[str, ...]
    where: str
    written: str = ""
    classes: tuple[str, ...] = ()
    targets: frozenset[str] = frozenset()
    line: int | None = None
    setting: str | None = None
    start: DaySpan | None = None
    end: DaySpan | None = None
    ongoing: bool = False
    response: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class LabValue:
    """A laboratory's value in the test's own unit; `upper_limit` is the laboratory's limit of normal."""

    test: str
    value: float
    unit: str
    where: str
    on: DaySpan | None = None
    upper_limit: float | None = None
    written: str = ""


def label_of(drugs: Iterable[str]) -> str:
    """A label by its drugs, in whatever order they are named."""
    return " + ".join(sorted(drugs))


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One patient with one tumour. `findings` None: there is no report.

    `treatments_complete` says that the treatments told are all there were; without it, what isn't among
    them is unknown. `assessed` is measurable disease by the name of its criteria. `statements` are a
    doctor's own, by their code; `label_conditions` what a person found who compared words of an approval's
    row, by the row and the words, or with a whole label, by the agency and `label_of` the drug. `resistance`
    holds what the report says that the tumour resists, as words for drugs or classes with the row that says
    so.
    """

    name: str
    findings: Findings | None = None
    report: str = "report"
    tumour: Told[str] | None = None
    stage: Told[str] | None = None
    extent: Told[Extent] | None = None
    assessed: Mapping[str, Told[Measurable]] = field(default_factory=dict)
    brain: Told[Brain] | None = None
    birth: Told[DaySpan] | None = None
    sex: Told[str] | None = None
    alive: Told[bool] | None = None
    ecog: Told[int] | None = None
    can_swallow: Told[bool] | None = None
    pregnant: Told[bool] | None = None
    consents: Mapping[str, Told[bool]] = field(default_factory=dict)
    treatments: tuple[Treatment, ...] = ()
    treatments_complete: Told[bool] | None = None
    standard: Told[Standard] | None = None
    laboratory: tuple[LabValue, ...] = ()
    germline: Mapping[str, Told[str]] = field(default_factory=dict)
    statements: Mapping[str, Told[bool]] = field(default_factory=dict)
    label_conditions: Mapping[tuple[str, str], Told[bool]] = field(default_factory=dict)
    tissue: Told[str] | None = None
    resistance: tuple[Told[str], ...] = ()

    @property
    def contaminated(self) -> bool:
        """Whether the report says that another person's DNA is in the sample."""
        return self.findings is not None and self.findings.profile.quality.contaminated
