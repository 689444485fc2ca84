"""How one variant's interpretation is shown."""

from __future__ import annotations

from typing import Any

from presis.cli._shared import console
from presis.diagnostics.as_json import amp_json, civic_json, oncogenicity_json, option_json
from presis.diagnostics.oncogenicity_answer import State
from presis.diagnostics.option import Option
from presis.diagnostics.single_variant import VariantInterpretation
from presis.documents.language import Language, words


def variant_json(result: VariantInterpretation) -> dict[str, Any]:
    """One object: `oncogenicity`, `actionability`, `amp` (the variant's best tier), `civic`, releases."""
    en = words(Language.EN)
    interpretation = result.interpretation
    labels = {result.variant.id: result.variant.variant.label}
    onco = result.variant.oncogenicity
    return {
        "gene": result.gene,
        "change": result.variant.variant.protein_short or result.variant.variant.cdna,
        "consequences": list(result.variant.variant.consequences),
        "tumour": result.tumour,
        "oncogenicity": None if onco is None else oncogenicity_json(onco, en),
        "amp": amp_json(interpretation.tiers[result.variant.id], None, en),
        "actionability": [
            option_json(option, labels, en, result.tumour) for option in interpretation.actionability.options
        ],
        "civic": [civic_json(each, labels) for each in interpretation.civic],
        "rules": dict(interpretation.rules),
        "knowledge": [
            {
                "pack": release.pack,
                "version": release.version,
                "date": None if release.date is None else str(release.date),
            }
            for release in interpretation.releases
        ],
    }


def variant_text(result: VariantInterpretation) -> None:
    """The answer first, then the criteria that gave points, then options by strength."""
    from rich.table import Table

    en = words(Language.EN)
    out = console()
    onco = result.variant.oncogenicity
    if onco is not None:
        span = f"{onco.low}" if onco.low == onco.high else f"{onco.low} to {onco.high}"
        classes = " to ".join(
            en.say(f"class.{name}") for name in (onco.classes[0], onco.classes[-1])[: len(onco.classes)]
        )
        common = ", if the variant is not common in the population" if onco.unless_common else ""
        out.print(f"{result.variant.variant.label}: {classes} ({span} points){common}")
        table = Table("criterion", "points", "why", box=None, pad_edge=False, title_justify="left")
        for criterion in onco.criteria:
            if criterion.state is State.NOT_MET:
                continue
            points = (
                f"{criterion.low:+d}"
                if criterion.low == criterion.high
                else f"{criterion.low} to {criterion.high}"
            )
            label = (
                criterion.code
                if criterion.code == criterion.label
                else f"{criterion.code} ({criterion.label})"
            )
            if not (criterion.low or criterion.high):
                points = {"suppressed": "counted", "not_assessed": "?"}.get(criterion.state.value, "")
            table.add_row(label, points, en.why(criterion.why))
        out.print(table)
        left = [criterion for criterion in onco.criteria if criterion.state is State.NOT_MET]
        out.print("? not assessed; counted: another criterion says the same already.", style="dim")
        out.print("Not met: " + ", ".join(criterion.code for criterion in left), style="dim")
    _print_options(result)


def _print_options(result: VariantInterpretation) -> None:
    from rich.table import Table

    en = words(Language.EN)
    out = console()
    options = result.interpretation.actionability.options
    where = result.tumour or "tumour type not given"
    if not options:
        out.print(f"\nNo approval and no resistance in the tables for {where}.")
        return
    table = Table("AMP", "drug", "", "says", box=None, pad_edge=False, title_justify="left")
    for option in options:
        amp = " or ".join(str(tier).removeprefix("AMP ") for tier in option.amp) or "none"
        said = sorted(
            {f"{s.authority}, {s.line}" for s in option.statements if s.relation is option.relation}
        )
        notes = [en.why(option.note)] if option.note and not option.amp else []
        conditions = [f"if {en.why(reason)}" for reason in option.open_conditions]
        if option.conflicts:
            conditions.append("resistance also stated")
        direction = (
            "resistance"
            if option.direction == "resistance"
            else ("" if option.truth.word == "yes" else "unknown")
        )
        table.add_row(amp, option.drug, direction, "; ".join([*notes, *said, *conditions]))
    out.print(f"\nFor treatment in {where} (AMP/ASCO/CAP 2017):")
    out.print(table)


def _direction(option: Option) -> str:
    """`resistance`, `unknown`, both, or nothing where the drug simply fits."""
    words_in = ["resistance"] if option.direction == "resistance" else []
    if option.truth.word != "yes":
        words_in.append("unknown")
    return ", ".join(words_in)
