"""Whether the data are the patient's: each check with its counts, and what stops a signature."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from tumours import all_but, tumour, variant

from presis.diagnostics.identity import (
    IdentityCheck,
    Match,
    check_contamination,
    identity_checks,
    own_checks,
    signing_stops,
)
from presis.diagnostics.profile import (
    GenomeBuild,
    MolecularProfile,
    PopulationFrequency,
    Quality,
    QualityMeasure,
    SmallVariant,
    Tested,
    Verdict,
)
from presis.documents.language import Language, words

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "markers" / "identity.yaml").read_text("utf-8"))
COMMON = PopulationFrequency(by_population={"global": 0.2}, source="test")
RARE = PopulationFrequency(by_population={}, source="test")


def at(number: int, chromosome: str = "1", fraction: float = 0.5, **others: Any) -> SmallVariant:
    plain = variant("BRAF", "V600E", fraction=fraction)
    told = {"population": COMMON, "depth": 200, **others}
    return replace(plain, chromosome=chromosome, position=5_000_000 + number, **told)


def some(count: int, start: int = 0, **others: Any) -> list[SmallVariant]:
    return [at(start + number, **others) for number in range(count)]


def check_of(case: dict[str, Any]) -> IdentityCheck:
    variants = [
        *some(case.get("x_het", 0), chromosome="X"),
        *some(case.get("x_hom", 0), 100, chromosome="X", fraction=0.99),
        *some(case.get("on_y", 0), 200, chromosome="Y", fraction=0.99),
        *some(case.get("x_rare", 0), 300, chromosome="X", population=RARE),
        *some(case.get("x_shallow", 0), 400, chromosome="X", depth=20),
        *(
            replace(each, position=100_000 + each.position % 1000)
            for each in some(case.get("x_par", 0), chromosome="X")
        ),
    ]
    seen, deep = case.get("rna", (0, 0))
    variants += some(seen, 500, rna_depth=40, rna_allele_fraction=0.4)
    variants += some(deep - seen, 600, rna_depth=40, rna_allele_fraction=0.0)
    variants += some(3, 700, rna_depth=5, rna_allele_fraction=0.0)
    earlier, neighbours = [], []
    if "earlier" in case:
        both, own, other = case["earlier"]
        variants = [*some(both), *some(own, 100)]
        covers = all_but(small_variant=Tested.UNKNOWN) if case.get("uncovered") else None
        earlier = [named("E-1", *some(both), *some(other, 200), covers=covers)]
        if case.get("uncovered"):
            variants = [replace(each, gene="ZZZ") for each in variants]
    if "neighbour" in case:
        shared, own = case["neighbour"]
        variants = [*some(shared, population=RARE), *some(own, 100, population=RARE)]
        neighbours = [stranger("N-1", *some(shared, population=RARE), *some(3, 200, population=RARE))]
    profile = tumour(*variants)
    profile = replace(profile, specimen=replace(profile.specimen, sex=case.get("sex")))
    (found,) = [each for each in identity_checks(profile, earlier, neighbours) if each.check == case["check"]]
    return found


def named(sample: str, *variants: SmallVariant, covers: Any = None) -> MolecularProfile:
    return replace(tumour(*variants, covers=covers), sample=sample)


def stranger(sample: str, *variants: SmallVariant) -> MolecularProfile:
    profile = named(sample, *variants)
    return replace(profile, specimen=replace(profile.specimen, pseudonym="P-2"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_a_check_gives_match_mismatch_or_unknown_with_its_reason(case: dict[str, Any]) -> None:
    found = check_of(case)
    assert found.result.value == case["result"], found
    for language in Language:
        assert words(language).why(found.reason)
    assert bool(signing_stops([found])) is (case["result"] == "mismatch")


def test_without_a_build_nothing_is_said_of_sex() -> None:
    profile = replace(tumour(*some(9, chromosome="X")), build=None)
    profile = replace(profile, specimen=replace(profile.specimen, sex="male"))
    assert own_checks(profile)[0].result is Match.UNKNOWN


def test_samples_on_two_builds_are_not_compared() -> None:
    one, other = named("A", *some(20)), replace(named("B", *some(20)), build=GenomeBuild.GRCH38)
    (found,) = [each for each in identity_checks(one, [other]) if each.check == "earlier"]
    assert found.result is Match.UNKNOWN


def test_an_earlier_sample_of_another_pseudonym_stops_the_signature() -> None:
    one, other = named("A", *some(20)), stranger("B", *some(20))
    checks = identity_checks(one, [other])
    assert [each.code for each in signing_stops(checks)] == ["identity.other-pseudonym"]


def test_a_variant_in_many_samples_of_the_run_is_an_artefact_and_no_sign_of_a_swap() -> None:
    rare = some(6, population=RARE)
    own = [*rare, *some(6, 100, population=RARE)]
    checks = identity_checks(tumour(*own), neighbours=[stranger("N-1", *rare), stranger("N-2", *rare)])
    assert {each.result for each in checks if each.check == "neighbour"} == {Match.MATCH}


def test_samples_of_the_same_patient_are_no_neighbours() -> None:
    rare = some(6, population=RARE)
    checks = identity_checks(tumour(*rare), neighbours=[named("T-2", *rare)])
    assert [each for each in checks if each.check == "neighbour"] == []


def contamination(verdict: Verdict) -> QualityMeasure:
    return QualityMeasure(
        section="DNA Library QC Metrics", metric="CONTAMINATION_SCORE", unit=None, value=1.0, lower=None, upper=3106.0,
        limit_from="file", governs=(), verdict=verdict, nucleic_acid="DNA",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("quality", "result"),
    [
        (Quality(known=False), Match.UNKNOWN),
        (Quality(known=True), Match.UNKNOWN),
        (Quality(known=True, measures=(contamination(Verdict.PASS),)), Match.MATCH),
        (Quality(known=True, measures=(contamination(Verdict.WARN),)), Match.UNKNOWN),
        (Quality(known=True, measures=(contamination(Verdict.FAIL),), contaminated=True), Match.MISMATCH),
    ],
)
def test_contamination_is_told_by_the_software_and_else_not_known(quality: Quality, result: Match) -> None:
    assert check_contamination(replace(tumour(), quality=quality)).result is result


def test_a_report_holds_its_checks_says_a_mismatch_first_and_stops_the_signature() -> None:
    from tumours import interpret

    from presis.diagnostics.report_content import report_content
    from presis.diagnostics.report_marker_view import signing_stops_of
    from presis.documents.runs import plain
    from presis.knowledge import load_library

    profile = tumour(*some(4, chromosome="X"), *some(6, 100, chromosome="X", fraction=0.99))
    right = replace(profile, specimen=replace(profile.specimen, sex="female"))
    wrong = replace(profile, specimen=replace(profile.specimen, sex="male"))
    made = report_content(interpret(wrong), load_library(), None)
    assert [each.code for each in signing_stops_of(made)] == ["identity.sex-male-mismatch"]
    assert "Identity: recorded male, but 4 common variants on chrX are heterozygous" in plain(
        made.conclusion["en"]
    )
    assert signing_stops_of(report_content(interpret(right), load_library(), None)) == ()
