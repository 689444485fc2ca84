"""Criteria on the disease, answered: tumour type, stage, extent, measurable disease, the brain."""

from __future__ import annotations

from datetime import date

from presis.knowledge import Library, Relation
from presis.matching.criteria import BrainIs, ExtentIs, MeasurableIs, StageIs, TumourIs
from presis.matching.known import expanded
from presis.matching.subject import Measurable, Subject, Told
from presis.matching.told import by_day, not_told, of, placed, says
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


def stage(leaf: StageIs, subject: Subject, at: date) -> Answer:
    """Whether the stage is one asked; `III` told leaves IIIA open."""
    told = subject.stage
    if told is None:
        return not_told("stage")

    def judge(value: str) -> Answer:
        return says(max(_stage(value, asked) for asked in leaf.stages), "stage", told)

    return by_day("stage", told, leaf.within_days, at, judge)


def _stage(value: str, asked: str) -> Truth:
    if value == asked or _base(value) == asked:
        return Truth.YES
    return Truth.UNKNOWN if _base(asked) == value else Truth.NO


def _base(stage: str) -> str:
    return stage.rstrip("ABC")


def extent(leaf: ExtentIs, subject: Subject, at: date) -> Answer:
    """Whether the disease has spread as asked. What was metastatic stays so, however long ago it was told."""
    told = subject.extent
    if told is None:
        return not_told("extent")
    return by_day(
        "extent", told, leaf.within_days, at, lambda value: says(of(value in leaf.extents), "extent", told)
    )


def measurable(leaf: MeasurableIs, subject: Subject, at: date) -> Answer:
    """Whether disease can be followed by one of the criteria named; the best that is told of them counts."""
    told = [(name, subject.assessed[name]) for name in leaf.by if name in subject.assessed]
    if not told:
        return not_told("measurable_disease")
    return max((_assessed(leaf, name, each, at) for name, each in told), key=lambda answer: answer.truth)


def _assessed(leaf: MeasurableIs, name: str, told: Told[Measurable], at: date) -> Answer:
    accepted = {"measurable", "evaluable"} if leaf.evaluable else {"measurable"}

    def judge(value: str) -> Answer:
        return says(of(value in accepted), "measurable_disease", told, f"{value} ({name})")

    return by_day("measurable_disease", told, leaf.within_days, at, judge)


def brain(leaf: BrainIs, subject: Subject, at: date) -> Answer:
    """Whether metastases in the brain are absent, or controlled where that is accepted."""
    told = subject.brain
    if told is None:
        return not_told("brain_metastases")

    def judge(value: str) -> Answer:
        if value == "present":
            return says(Truth.UNKNOWN if leaf.controlled else Truth.NO, "brain_metastases", told)
        accepted = value == "none" or (leaf.controlled and value == "controlled")
        return says(of(accepted), "brain_metastases", told)

    return by_day("brain_metastases", told, leaf.within_days, at, judge)
