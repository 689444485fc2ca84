"""Invented tumours with a share of tumour cells, from a case in YAML."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from tumours import amplified, deleted, tumour, variant

from presis.diagnostics.interpretation import Interpretation, Interpreter
from presis.diagnostics.origin import Normal
from presis.diagnostics.profile import (
    ExonCopyNumber,
    Judgement,
    LossOfHeterozygosity,
    MolecularProfile,
    PopulationFrequency,
    SmallVariant,
    Specimen,
)
from presis.diagnostics.tumour_context import OtherSamples
from presis.knowledge import load_library

CASES = Path(__file__).parent / "cases" / "tumour"


def cases(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))


def with_cells(profile: MolecularProfile, share: float | None, **told: Any) -> MolecularProfile:
    return replace(profile, specimen=replace(profile.specimen, tumour_cell_fraction=share, **told))


def in_plasma(profile: MolecularProfile) -> MolecularProfile:
    return replace(profile, assay=replace(profile.assay, kind="ctdna"))


def variant_of(case: dict[str, Any]) -> SmallVariant:
    made = variant(case["gene"], case["change"], fraction=case["fraction"])
    person = case.get("person")
    frequency = {"nfe": case["population"]} if "population" in case else {}
    return replace(
        made,
        alt="TAA" if case.get("indel") else "T",
        germline_status=case.get("status"),
        caller_class=case.get("caller"),
        germline_class=case.get("germline_class"),
        judgement=Judgement(class_judgement=person) if person else None,
        population=PopulationFrequency(by_population=frequency, source="case"),
    )


def others_of(case: dict[str, Any], made: SmallVariant) -> OtherSamples:
    told = case.get("normal")
    if told is None:
        return OtherSamples()
    seen = {(made.chromosome, made.position, made.ref, made.alt): told["seen"]} if "seen" in told else {}
    return OtherSamples(Normal(seen, frozenset(told.get("genes", ()))))


def read_one(case: dict[str, Any]) -> Interpretation:
    """One variant of a case, kept whatever the filter says of its frequency."""
    made = variant_of(case)
    copies = (amplified(case["gene"], case["amplified"]),) if "amplified" in case else ()
    profile = tumour(
        replace(made, judgement=made.judgement or Judgement(class_judgement="incon")),
        copies=copies,
        tmb=case.get("tmb", 4.0),
    )
    year, month = case.get("born", (None, None))
    profile = with_cells(
        profile, case.get("cells"), birth_year=year, birth_month=month, collected=case.get("collected")
    )
    profile = in_plasma(profile) if case.get("plasma") else profile
    return Interpreter(load_library()).interpret(profile, others=others_of(case, made))


def alleles_of(case: dict[str, Any]) -> Interpretation:
    """The variants of a gene, each at a place of its own, with the calls of a case."""
    gene = case["gene"]
    told = case.get("variants", {})
    made = [
        replace(
            variant(gene, change, fraction=fraction),
            position=1000 + 60 * place,
            germline_class=case.get("germline_class"),
        )
        for place, (change, fraction) in enumerate(told.items())
    ]
    copies = (replace(deleted(gene), fold_change=case["deletion"]),) if "deletion" in case else ()
    loh = case.get("loh")
    start, end = case.get("exons_lost", (None, None))
    lost = ExonCopyNumber(
        gene=gene, change="loss", exons="2", chromosome="1", start=start, end=end, fold_change=0.5
    )
    profile = replace(
        tumour(*made, copies=copies, exons=(lost,) if start else ()),
        losses_of_heterozygosity=(
            LossOfHeterozygosity(gene=gene, absolute_copies=loh["copies"], minor_copies=loh["minor"]),
        )
        if loh
        else (),
    )
    phases = {frozenset({"sv:0", "sv:1"}): case["phase"]} if "phase" in case else {}
    return Interpreter(load_library()).interpret(
        with_cells(profile, case.get("cells")), others=OtherSamples(phases=phases)
    )


def specimen(**told: Any) -> Specimen:
    return Specimen(**told)
