"""Oncogenicity by ClinGen/CGC/VICC (Horak 2022): one case file a criterion, and whole variants."""

from __future__ import annotations

from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from presis.diagnostics.hgvs import parse_coding, parse_protein
from presis.diagnostics.oncogenicity import (
    CLASSES,
    assess,
    class_of,
    classes_of,
    standard,
    suppress,
    total,
)
from presis.diagnostics.oncogenicity_answer import Criterion, State
from presis.diagnostics.oncogenicity_criteria import DECISIONS
from presis.diagnostics.single_variant import interpret_variant
from presis.diagnostics.variant_facts import VariantFacts, consequences_of
from presis.documents.language import Language, words
from presis.knowledge import Library, load_library
from presis.methods.reasons import Reason

CASES = Path(__file__).parent / "cases"
#: Packs that grow from month to month: the cases are about the rules.
LATER = ("functional_evidence_more", "confirmations")


def read(path: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load(path.read_text(encoding="utf-8")))


@cache
def library(without: tuple[str, ...] = ()) -> Library:
    packs = load_library().packs
    return Library(pack for name, pack in packs.items() if name not in without)


def facts(case: dict[str, Any]) -> VariantFacts:
    coding = parse_coding(case["change"])
    protein = None if coding else parse_protein(case["change"])
    assert coding or protein, case["change"]
    consequences = (
        frozenset({case["consequence"]}) if "consequence" in case else consequences_of(protein, coding)
    )
    population = case.get("population", {})
    return VariantFacts(
        gene=case["gene"],
        protein=protein,
        coding=coding,
        coding_text=case["change"] if coding else None,
        consequences=consequences,
        exon=case.get("exon"),
        population=None if population is None else tuple(sorted(population.items())),
    )


def test_every_criterion_has_its_record_its_decision_and_its_case_file() -> None:
    codes = [record.code for record in standard().records]
    assert len(codes) == 17
    assert set(codes) == set(DECISIONS) == {path.stem for path in (CASES / "oncogenicity").glob("*.yaml")}


@pytest.mark.parametrize(
    ("code", "case"),
    [
        pytest.param(path.stem, case, id=f"{path.stem}: {case['what']}")
        for path in sorted((CASES / "oncogenicity").glob("*.yaml"))
        for case in read(path)
    ],
)
def test_a_criterion_decides_as_its_case_says(code: str, case: dict[str, Any]) -> None:
    found = next(
        c for c in assess(facts(case), library(LATER), case.get("tumour")).criteria if c.code == code
    )
    if found.state is State.SUPPRESSED and case["state"] == "met":
        pytest.fail(f"{code} was met but suppressed; the case must be about the criterion alone")
    assert found.state.value == case["state"]
    if "why" in case:
        assert found.why.code == case["why"]
    assert found.low >= case.get("low_at_least", found.low)
    if "points" in case:
        assert (found.low, found.high) == (case["points"], case["points"])
    if "high" in case:
        assert found.high == case["high"]
        assert found.low == case.get("low", found.low)


@pytest.mark.parametrize(
    "case", [pytest.param(c, id=c["what"]) for c in read(CASES / "oncogenicity_totals.yaml")]
)
def test_a_variant_comes_to_the_total_that_its_case_says(case: dict[str, Any]) -> None:
    found = assess(facts(case), library((*LATER, *case.get("without", ()))))
    assert [found.low, found.high] == case["total"]
    assert list(found.classes) == case["classes"]
    if "suppressed" in case:
        assert [c.code for c in found.criteria if c.state is State.SUPPRESSED] == case["suppressed"]


@pytest.mark.parametrize(
    ("points", "name"),
    [(10, "oncogenic"), (9, "likely_oncogenic"), (6, "likely_oncogenic"), (5, "vus"), (0, "vus"),
     (-1, "likely_benign"), (-6, "likely_benign"), (-7, "benign"), (-30, "benign"), (40, "oncogenic")],
)  # fmt: skip
def test_the_limits_of_the_classes_are_the_standards(points: int, name: str) -> None:
    assert class_of(points) == name


@given(st.integers(-20, 20), st.integers(0, 12))
def test_classes_of_a_range_are_those_of_its_members(low: int, span: int) -> None:
    assert set(classes_of(low, low + span)) == {class_of(points) for points in range(low, low + span + 1)}
    assert list(classes_of(low, low + span)) == [c for c in CLASSES if c in classes_of(low, low + span)]


POINTS = {record.code: record.points for record in standard().records}


def made(code: str) -> Criterion:
    return Criterion(code, code, State.MET, POINTS[code], POINTS[code], Reason.of("x"))


@given(st.sets(st.sampled_from(sorted(POINTS)), max_size=9))
def test_what_is_suppressed_leaves_the_largest_sum_that_the_exclusions_allow(codes: set[str]) -> None:
    left = suppress([made(code) for code in sorted(codes)], standard().exclusions)
    kept = {criterion.code for criterion in left if criterion.state is State.MET}
    assert not any(a in kept and b in kept for a, b in standard().exclusions)
    best = max(
        sum(abs(POINTS[code]) for code in subset)
        for choice in product([False, True], repeat=len(codes))
        if (subset := {code for code, take in zip(sorted(codes), choice, strict=True) if take}) is not None
        and not any(a in subset and b in subset for a, b in standard().exclusions)
    )
    assert sum(abs(POINTS[code]) for code in kept) == best
    assert total(left) == (sum(POINTS[c] for c in kept), sum(POINTS[c] for c in kept))


def test_a_study_and_a_hotspot_beat_an_established_change_alone() -> None:
    left = suppress([made("OS1"), made("OS2"), made("OS3")], standard().exclusions)
    assert {criterion.code for criterion in left if criterion.state is State.MET} == {"OS2", "OS3"}


EXPECTED = {
    "BRAF V600E": "oncogenic", "KRAS G12C": "likely_oncogenic", "KRAS G12D": "likely_oncogenic",
    "NRAS Q61R": "oncogenic", "EGFR L858R": "oncogenic", "EGFR T790M": "likely_oncogenic",
    "PIK3CA H1047R": "likely_oncogenic", "PIK3CA E545K": "oncogenic", "TP53 R175H": "oncogenic",
    "TP53 R273H": "oncogenic", "TP53 R248Q": "oncogenic", "IDH1 R132H": "oncogenic", "IDH2 R172K": "oncogenic",
    "AKT1 E17K": "oncogenic", "KIT D816V": "likely_oncogenic", "ERBB2 S310F": "oncogenic",
    "APC R1450*": "likely_oncogenic", "PTEN R130*": "oncogenic", "CDKN2A R80*": "oncogenic",
    "CTNNB1 S45F": "likely_oncogenic", "SF3B1 K700E": "oncogenic", "RET M918T": "likely_oncogenic",
    "SMAD4 R361H": "oncogenic", "FBXW7 R465C": "oncogenic", "EGFR E746_A750del": "likely_oncogenic",
}  # fmt: skip


@pytest.mark.parametrize(("name", "expected"), EXPECTED.items())
def test_the_variants_that_every_board_knows_come_out_oncogenic(name: str, expected: str) -> None:
    gene, change = name.split()
    found = interpret_variant(gene, change, population_frequency="absent").variant.oncogenicity
    assert found is not None
    assert CLASSES.index(found.classes[0]) >= CLASSES.index(expected)


def test_a_recalled_row_gives_no_points_until_a_laboratory_confirms_it() -> None:
    row = next(r for r in library().functional("EGFR") if r.change == "p.R108K")
    if row.counts:
        pytest.skip("the row has been confirmed since")
    before = interpret_variant("EGFR", "R108K", population_frequency="absent").variant.oncogenicity
    sure = load_library(confirmed=(row.row,))
    after = interpret_variant(
        "EGFR", "R108K", population_frequency="absent", library=sure
    ).variant.oncogenicity
    assert before is not None
    assert after is not None
    assert after.high - before.high == 4
    said = next(c for c in before.criteria if c.code == "OS2")
    assert said.state is State.NOT_ASSESSED
    assert said.could_add == 4
    assert "not confirmed" in words(Language.EN).why(said.why)


def test_every_reason_has_its_sentence_in_both_languages() -> None:
    names = [*EXPECTED, "TP53 P72R", "TP53 c.559+1G>A", "MLH1 R100*", "NOTCH1 V1578M"]
    for name in names:
        gene, change = name.split()
        for frequency in (None, "absent", "0.3"):
            found = interpret_variant(gene, change, population_frequency=frequency).variant.oncogenicity
            assert found is not None
            for criterion in found.criteria:
                for language in Language:
                    assert words(language).why(criterion.why)
