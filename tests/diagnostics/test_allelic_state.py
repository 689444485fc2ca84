"""Both alleles of a suppressor: every rule as a case (cases/tumour/alleles.yaml), and the criterion that asks for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from cells import alleles_of, cases, with_cells
from hypothesis import given
from hypothesis import strategies as st
from tumours import all_but, interpret, tumour, variant

from presis.diagnostics.biomarkers import parse_biomarker
from presis.diagnostics.criteria import BiallelicLoss, ask
from presis.diagnostics.profile import Tested
from presis.documents.language import Language, words
from presis.methods.rules import evaluate


@pytest.mark.parametrize("case", cases("alleles"), ids=lambda case: case["it"])
def test_state_of_both_alleles(case: dict[str, Any]) -> None:
    result = alleles_of(case)
    state = result.findings.allelic[case["gene"]]
    codes = {reason.code for reason in state.reasons}
    assert (state.kind.value, state.both_lost.word) == (case["state"], case["lost"]), sorted(codes)
    assert set(case.get("why", ())) <= codes
    settled = {reason.code for reason in state.settled_by}
    assert set(case.get("settled_by", ())) <= settled
    assert bool(settled) is (case["lost"] != "yes"), "an unknown says what would settle it"
    for language in Language:
        assert all(words(language).why(reason) for reason in (*state.reasons, *state.settled_by))
    assert ask(BiallelicLoss(case["gene"]), result.findings).truth.word == case["lost"]


def test_nothing_hit_is_no_only_where_all_was_looked_at() -> None:
    seen = with_cells(tumour(), 0.6)
    assert ask(BiallelicLoss("PTEN"), interpret(seen).findings).truth.word == "no"
    for missing in ("small_variant", "deletion", "exon_cnv"):
        profile = with_cells(tumour(covers=all_but(**{missing: Tested.NO})), 0.6)
        assert ask(BiallelicLoss("PTEN"), interpret(profile).findings).truth.word == "unknown", missing


def test_nothing_hit_with_few_tumour_cells_is_unknown() -> None:
    answer = ask(BiallelicLoss("PTEN"), interpret(with_cells(tumour(), 0.3)).findings)
    assert answer.truth.word == "unknown"
    assert [reason.code for reason in answer.settled_by] == ["settle.more-cells"]


@given(st.floats(0.02, 1.0), st.floats(0.0, 1.0))
def test_one_variant_is_never_a_no(share: float, fraction: float) -> None:
    case = {"gene": "PTEN", "cells": share, "variants": {"R130*": max(0.02, fraction)}}
    assert alleles_of(case).findings.allelic["PTEN"].both_lost.word in {"yes", "unknown"}


@given(st.floats(0.1, 0.95))
def test_a_heterozygous_variant_is_never_said_to_have_lost_its_partner(share: float) -> None:
    for fraction in (share / 2, 0.5):
        case = {"gene": "PTEN", "cells": share, "variants": {"R130*": max(0.02, fraction)}}
        assert alleles_of(case).findings.allelic["PTEN"].both_lost.word == "unknown"


def test_an_oncogene_has_no_state() -> None:
    assert interpret(with_cells(tumour(variant("BRAF", "V600E")), 0.6)).findings.allelic == {}


def test_the_word_of_the_tables_asks_for_it() -> None:
    case = {"gene": "PTEN", "cells": 0.8, "variants": {"R130*": 0.85}}
    findings = alleles_of(case).findings
    assert (
        evaluate(parse_biomarker("PTEN biallelic_loss"), lambda leaf: ask(leaf, findings)).truth.word == "yes"
    )
    assert (
        evaluate(parse_biomarker("BRCA1/2 biallelic_loss"), lambda leaf: ask(leaf, findings)).truth.word
        == "no"
    )


@pytest.mark.parametrize(
    ("phases", "state", "lost", "why"),
    [
        (("5:0", "5:1"), "two_hits", "yes", "allelic.trans"),
        (("5:0", "5:0"), "unknown", "unknown", "allelic.cis"),
        (("5:0", "9:1"), "unknown", "unknown", "allelic.not-phased"),
        (("5:0", None), "unknown", "unknown", "allelic.not-phased"),
    ],
)
def test_the_callers_own_phase_is_read(
    phases: tuple[str, str | None], state: str, lost: str, why: str
) -> None:
    hits = [
        replace(variant("PTEN", change, fraction=0.3), phase=phase)
        for change, phase in zip(("R130*", "Q171*"), phases, strict=True)
    ]
    told = interpret(with_cells(tumour(*hits), 0.6)).findings.allelic["PTEN"]
    assert (told.kind.value, told.both_lost.word) == (state, lost)
    assert why in {reason.code for reason in told.reasons}
