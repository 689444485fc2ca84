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

import yaml
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
    """One rule of the filter, and what follows if it says yes. `doubt`: the call may be real all the same."""

    id: str
    effect: Effect
    rule: Rule[VariantCriterion]
    doubt: bool = False


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
    doubt: bool = False


class _StepForm(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: str
    effect: Effect
    when: object
    doubt: bool = False


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
            steps.append(Step(step.id, step.effect, rule, step.doubt))
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
    """A laboratory's artefacts of one build: (chromosome, position, ref, alt) to the reason.

    Raises:
        BadInput: if the file can't be read, or a row isn't a position and its change.

    """
    found: dict[Position, str] = {}
    for line, row in enumerate(_rows(path), start=2):
        try:
            place = (row["chromosome"].removeprefix("chr"), int(row["position"]), row["ref"], row["alt"])
            known = GenomeBuild(row["build"])
        except (ValueError, AttributeError):
            raise BadInput.of(
                "blacklist.row",
                "isn't chromosome, position, ref, alt and build (GRCh37 or GRCh38); mend the row.",
                file=path.name,
                line=line,
            ) from None
        if known is build:
            found[place] = row["reason"] or "on the blacklist"
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    columns = ["chromosome", "position", "ref", "alt", "build", "gene", "reason", "source"]
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if not set(columns) <= set(reader.fieldnames or ()):
                raise BadInput.of(
                    "blacklist.columns", f"needs the columns {', '.join(columns)}.", file=path.name, line=1
                )
            return list(reader)
    except (OSError, UnicodeDecodeError):
        raise BadInput.of("blacklist.file", "can't be read; check the path.", file=str(path)) from None


def load_filter(path: Path) -> VariantFilter:
    """A laboratory's own filter; raises `BadInput` with every fault."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise BadInput.of("filter.file", "can't be read as YAML; check the path.", file=str(path)) from None
    return read_filter(document, path.name)


def setting_of(assay_kind: str | None, build: GenomeBuild | None, blacklist: Path | None = None) -> Setting:
    """The setting of a profile, with the laboratory's blacklist, else the programme's own."""
    path = blacklist or ROOT / "rules" / "small_variant_blacklist.csv"
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
                return Filtered(variant, step.effect == "keep", step.id, reasons, step.doubt)
        return Filtered(variant, kept=True, step=None, reasons=())

    return apply
