"""Criteria on the disease, answered: tumour type, stage, extent, measurable disease, the brain."""

from __future__ import annotations

from presis.knowledge import Library, Relation
from presis.matching.criteria import BrainIs, ExtentIs, MeasurableIs, StageIs, TumourIs
from presis.matching.known import expanded
from presis.matching.subject import Subject
from presis.matching.told import not_told, of, placed, says
from presis.methods.reasons import Reason
from presis.methods.rules import Answer, Truth

_RELATIONS = {
    Relation.THIS_TYPE: Truth.YES,
    Relation.COARSER: Truth.UNKNOWN,
    Relation.UNKNOWN: Truth.UNKNOWN,
    Relation.OTHER_TYPE: Truth.NO,
    Relation.EXCLUDED: Truth.NO,
}


def tumour(leaf: TumourIs, subject: Subject, library: Library) -> Answer:
    """Whether the tumour is of a type asked; coded too coarsely, it may be."""
    told = subject.tumour
    if told is None:
        return not_told("tumour")
    codes, excluded = expanded(leaf.codes, library), expanded(leaf.excluded, library)
    relation = library.oncotree.relation(told.value, codes, excluded)
    truth = _RELATIONS[relation]
    reason = placed(Reason.of(f"match.tumour.{relation.value}", found=told.value), told.where, told.on)
    settled = (Reason.of("settle.fact", fact="tumour"),) if truth is Truth.UNKNOWN else ()
    return Answer(truth, (reason,), settled)


def stage(leaf: StageIs, subject: Subject) -> Answer:
    """Whether the stage is one asked; `III` told leaves IIIA open."""
    told = subject.stage
    if told is None:
        return not_told("stage")
    return says(max(_stage(told.value, asked) for asked in leaf.stages), "stage", told)


def _stage(value: str, asked: str) -> Truth:
    if value == asked or _base(value) == asked:
        return Truth.YES
    return Truth.UNKNOWN if _base(asked) == value else Truth.NO


def _base(stage: str) -> str:
    return stage.rstrip("ABC")


def extent(leaf: ExtentIs, subject: Subject) -> Answer:
    """Whether the disease has spread as asked."""
    told = subject.extent
    return not_told("extent") if told is None else says(of(told.value in leaf.extents), "extent", told)


def measurable(leaf: MeasurableIs, subject: Subject) -> Answer:
    """Whether disease can be followed by one of the criteria named."""
    told = [(name, subject.assessed[name]) for name in leaf.by if name in subject.assessed]
    if not told:
        return not_told("measurable_disease")
    accepted = {"measurable", "evaluable"} if leaf.evaluable else {"measurable"}
    for name, each in told:
        if each.value in accepted:
            return says(Truth.YES, "measurable_disease", each, f"{each.value} ({name})")
    name, each = told[0]
    return says(Truth.NO, "measurable_disease", each, f"{each.value} ({name})")


def brain(leaf: BrainIs, subject: Subject) -> Answer:
    """Whether metastases in the brain are absent, or controlled where that is accepted."""
    told = subject.brain
    if told is None:
        return not_told("brain_metastases")
    if told.value == "present":
        return says(Truth.UNKNOWN if leaf.controlled else Truth.NO, "brain_metastases", told)
    accepted = told.value == "none" or (leaf.controlled and told.value == "controlled")
    return says(of(accepted), "brain_metastases", told)
