"""Which small variants are read further: an ordered list of rules, read from the programme.

The first step whose rule says yes decides, and its name is the reason that stays with the variant.
A variant that no step decides is kept.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from presis.diagnostics import variant_criteria
from presis.diagnostics.profile import GenomeBuild, SmallVariant
from presis.diagnostics.variant_criteria import Position, Setting, VariantCriterion
from presis.errors import BadInput, Problem, Where
from presis.methods.reasons import Reason
from presis.methods.rules import Rule, Truth, compiled, evaluate, parse
from presis.programme.files import ROOT, load_yaml

Effect = Literal["keep", "exclude"]


@dataclass(frozen=True, slots=True)
class Step:
    """One rule of the filter, and what follows if it says yes."""

    id: str
    effect: Effect
    rule: Rule[VariantCriterion]


@dataclass(frozen=True, slots=True)
class VariantFilter:
    """A laboratory's filter: its steps in order, with the version that a report names."""

    id: str
    version: int
    source: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Filtered:
    """What became of one variant: kept or not, by which step, and why it was left out."""

    variant: SmallVariant
    kept: bool
    step: str | None
    reasons: tuple[Reason, ...]


class _StepForm(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: str
    effect: Effect
    when: object


class _FilterForm(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: str
    version: int
    valid_from: object
    source: str
    steps: list[_StepForm]


def read_filter(document: object, file: str) -> VariantFilter:
    """Read a filter; raises `BadInput` with every fault, its file and its path."""
    try:
        form = _FilterForm.model_validate(document)
    except ValidationError as error:
        raise BadInput(*(_problem(file, fault["loc"], fault["msg"]) for fault in error.errors())) from None
    steps: list[Step] = []
    problems: list[Problem] = []
    for index, step in enumerate(form.steps):
        try:
            rule = parse(step.when, variant_criteria.parse_leaf, file=file, path=f"steps[{index}].when")
        except BadInput as error:
            problems.extend(error.problems)
        else:
            steps.append(Step(step.id, step.effect, rule))
    if problems:
        raise BadInput(*problems)
    return VariantFilter(form.id, form.version, form.source, tuple(steps))


def _problem(file: str, location: tuple[int | str, ...], message: str) -> Problem:
    return Problem("filter.shape", message, Where(file=file, field=".".join(map(str, location))))


@cache
def standard_filter() -> VariantFilter:
    """The filter that ships with the programme: InPreD's."""
    name = "rules/small_variant_filter.yaml"
    return read_filter(load_yaml(name), name)


def read_blacklist(path: Path, build: GenomeBuild | None) -> dict[Position, str]:
    """A laboratory's artefacts of one build: (chromosome, position, ref, alt) to the reason."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            (row["chromosome"], int(row["position"]), row["ref"], row["alt"]): row["reason"]
            for row in csv.DictReader(file)
            if row["build"] == build
        }


def standard_setting(assay_kind: str | None, build: GenomeBuild | None) -> Setting:
    """The setting with the programme's own blacklist."""
    path = ROOT / "rules" / "small_variant_blacklist.csv"
    return Setting(assay_kind, build, read_blacklist(path, build))


def compile_filter(steps: Sequence[Step], setting: Setting) -> Callable[[SmallVariant], Filtered]:
    """A function that filters one variant; reasons are made only for the step that decides."""
    ask = partial(variant_criteria.compile_leaf, setting=setting)
    asked = [(step, compiled(step.rule, ask)) for step in steps]

    def apply(variant: SmallVariant) -> Filtered:
        for step, holds in asked:
            if holds(variant) is Truth.YES:
                explain = partial(variant_criteria.ask, variant=variant, setting=setting)
                reasons = () if step.effect == "keep" else evaluate(step.rule, explain).reasons()
                return Filtered(variant, step.effect == "keep", step.id, reasons)
        return Filtered(variant, kept=True, step=None, reasons=())

    return apply
