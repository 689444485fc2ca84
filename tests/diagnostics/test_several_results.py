"""Several results of one patient: which counts, what changed, what a failed one asks for."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.diagnostics.readers.panel_files import combined, metrics
from tumours import all_but, amplified, fused, tumour, variant

from presis.cli.main import run
from presis.diagnostics.comparison import Comparison, compare
from presis.diagnostics.profile import (
    Alteration,
    MolecularProfile,
    Quality,
    QualityMeasure,
    SmallVariant,
    Tested,
    Verdict,
)
from presis.diagnostics.repeat_requests import requests
from presis.diagnostics.several_results import same_specimen, tumour_dna, which_count
from presis.documents.language import Language, load, words

CASES = yaml.safe_load(
    (Path(__file__).parent / "cases" / "markers" / "several_results.yaml").read_text("utf-8")
)


def result(told: dict[str, Any], *variants: SmallVariant, **others: Any) -> MolecularProfile:
    states = dict.fromkeys(told.get("unknown", ()), Tested.UNKNOWN) | dict.fromkeys(
        told.get("untested", ()), Tested.NO
    )
    covers = all_but(**states)
    if told.get("kind") == "ctdna":
        for key in (Alteration.SMALL_VARIANT, Alteration.AMPLIFICATION, Alteration.DNA_FUSION):
            covers[key] = replace(covers[key], state=Tested.UNKNOWN, reason="ctdna_non_informative")
    profile = tumour(*variants, covers=covers, **others)
    return replace(
        profile, sample=told["id"], dna_sample=told["id"], rna_sample=None,
        run=f"{told['run']}_A00001_0001_AINVENTED" if "run" in told else None,
        assay=replace(profile.assay, kind=told.get("kind", "tissue")),
        specimen=replace(profile.specimen, collected=None if "taken" not in told else str(told["taken"])),
    )  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_which_result_counts_is_said_for_each_alteration_with_reasons(case: dict[str, Any]) -> None:
    profiles = [result(each) for each in case["results"]]
    found = {each.alteration.value: each for each in which_count(profiles)}
    for alteration, expected in case["counts"].items():
        told = found[alteration]
        assert (None if told.counts is None else profiles[told.counts].sample) == expected
        assert len(told.reasons) == len(profiles)
        for reason in told.reasons:
            for language in Language:
                assert words(language).why(reason)


def test_what_counts_is_always_adequate() -> None:
    for case in CASES:
        profiles = [result(each) for each in case["results"]]
        for told in which_count(profiles):
            if told.counts is not None:
                assert profiles[told.counts].covers[told.alteration].state is Tested.YES


def test_numbers_of_libraries_alone_make_no_specimen() -> None:
    first, second = result({"id": "X-D01"}), result({"id": "X-D02"})
    assert not same_specimen(first, second)
    assert same_specimen(first, result({"id": "X-D01_P"}))
    assert not same_specimen(result({"id": "K-D01-P01-A08"}), result({"id": "K-D01-M01-A08"}))


BRAF, KRAS, TP53 = variant("BRAF", "V600E"), variant("KRAS", "G12D"), variant("TP53", "R175H")


def placed(each: SmallVariant, position: int, fraction: float = 0.3) -> SmallVariant:
    return replace(each, position=position, allele_fraction=fraction)


def changes(comparison: Comparison) -> dict[str, str]:
    return {row.label: row.change for row in comparison.rows if row.kind not in ("tmb", "msi")}


def test_variants_are_shared_gained_or_lost_between_specimens_over_time() -> None:
    early = result({"id": "A", "taken": "2025-03"}, placed(BRAF, 1, 0.4), placed(KRAS, 2))
    late = result({"id": "B", "taken": "2026-01"}, placed(BRAF, 1, 0.2), placed(TP53, 3))
    found = compare([late, early])
    assert [each.sample for each in found.profiles] == ["A", "B"]
    assert changes(found) == {"BRAF p.V600E": "shared", "KRAS p.G12D": "lost", "TP53 p.R175H": "gained"}
    assert [cell.value for cell in found.rows[0].cells] == [0.4, 0.2]


def test_what_was_not_looked_at_is_neither_gained_nor_lost() -> None:
    early = result({"id": "A", "taken": "2025-03", "untested": ["rna_fusion"]}, placed(BRAF, 1))
    late = result(
        {"id": "B", "taken": "2026-01", "unknown": ["small_variant"]}, fusions=(fused("EML4", "ALK"),)
    )
    found = compare([early, late])
    assert changes(found) == {"BRAF p.V600E": "not_known", "EML4::ALK": "not_known"}
    states = {row.label: [cell.state for cell in row.cells] for row in found.rows}
    assert states["EML4::ALK"] == ["not_tested", "found"]
    assert states["BRAF p.V600E"] == ["found", "unknown"]


def test_a_gene_off_the_panel_is_not_tested() -> None:
    other = variant("ZZZ", "V600E")
    early = result({"id": "A", "taken": "2025-03"}, placed(other, 1))
    found = compare([early, result({"id": "B", "taken": "2026-01"})])
    assert [cell.state for cell in found.rows[0].cells] == ["found", "not_tested"]


def test_without_dates_nothing_is_gained_or_lost() -> None:
    found = compare([result({"id": "A"}, placed(BRAF, 1)), result({"id": "B"})])
    assert changes(found) == {"BRAF p.V600E": "varies"}


def test_only_what_the_filter_keeps_somewhere_is_shown_and_what_it_left_out_is_said() -> None:
    common = replace(
        placed(KRAS, 2),
        population=replace(KRAS.population, by_population={"global": 0.3}),  # type: ignore[arg-type, type-var]
    )
    shallow = replace(placed(BRAF, 1), allele_fraction=0.001, depth=10)
    one = result({"id": "A", "taken": "2025-03"}, placed(BRAF, 1), common)
    found = compare([one, result({"id": "B", "taken": "2026-01"}, shallow, common)])
    assert changes(found) == {"BRAF p.V600E": "shared"}
    assert [cell.kept for cell in found.rows[0].cells] == [True, False]


PLASMA = {"id": "L", "taken": "2026-01", "kind": "ctdna"}


def with_somatic(profile: MolecularProfile, fraction: float) -> MolecularProfile:
    measure = QualityMeasure(
        section="DNA Expanded Metrics", metric="MAX_SOMATIC_AF", unit="NA", value=fraction, lower=None, upper=None,
        limit_from=None, governs=(), verdict=Verdict.NO_LIMIT, nucleic_acid="DNA",
    )  # fmt: skip
    return replace(profile, quality=Quality(known=True, measures=(measure,)))


@pytest.mark.parametrize(
    ("fraction", "code"),
    [(None, "tumour-dna.not-told"), (0.001, "tumour-dna.low"), (0.12, "tumour-dna.seen")],
)
def test_plasma_tells_how_much_tumour_dna_it_shows(fraction: float | None, code: str) -> None:
    plasma = result(PLASMA)
    told = tumour_dna(plasma if fraction is None else with_somatic(plasma, fraction))
    assert told is not None
    assert told.code == code
    assert tumour_dna(result({"id": "A"})) is None


def test_a_negative_plasma_is_not_negative() -> None:
    tissue = result({"id": "A", "taken": "2025-03"}, placed(BRAF, 1))
    found = compare([tissue, with_somatic(result(PLASMA), 0.001)])
    assert [cell.state for cell in found.rows[0].cells] == ["found", "unknown"]
    assert changes(found) == {"BRAF p.V600E": "not_known"}
    assert found.disagreements == ()
    assert [each.ask for each in found.requests[1]] == ["new_tissue"]


def test_tissue_against_a_plasma_with_tumour_dna_states_both() -> None:
    tissue = result({"id": "A", "taken": "2025-03"}, placed(BRAF, 1))
    (told,) = compare([tissue, with_somatic(result(PLASMA), 0.12)]).disagreements
    assert [(side.method, side.result.code, side.date) for side in told.sides] == [
        ("tissue", "side.found-at", "2025-03"),
        ("plasma", "side.not-found", "2026-01"),
    ]


def test_a_rate_in_plasma_is_never_compared_with_one_in_tissue() -> None:
    tissue = result({"taken": "2026-01-01", "id": "A-D01"}, tmb=8.0)
    for kind, change in (("ctdna", "not_known"), ("tissue", "shared")):
        other = result({"taken": "2026-02-01", "id": "B-D01", "kind": kind}, tmb=8.0)
        assert next(row.change for row in compare([tissue, other]).rows if row.label == "TMB") == change


def test_parts_of_one_variant_are_one_row() -> None:
    halves = [
        replace(placed(variant("BRAF", change), place), cdna=coding, ref=ref, transcript="NM_1.1", mnv="t")
        for change, coding, place, ref in (("V600E", "c.1799T>A", 10, "A"), ("V600M", "c.1798G>A", 11, "C"))
    ]
    one = result({"taken": "2026-01-01", "id": "A-D01"}, *halves)
    two = result({"taken": "2026-02-01", "id": "B-D01"}, *halves)
    assert [row.label for row in compare([one, two]).rows if row.kind == "small_variant"] == ["BRAF p.V600K"]


def test_plasma_against_tissue_states_both_and_thinks_of_blood() -> None:
    tissue = result({"id": "A", "taken": "2025-03"})
    plasma = result(PLASMA, placed(KRAS, 1), placed(TP53, 2))
    found = compare([tissue, plasma])
    assert changes(found) == {"KRAS p.G12D": "plasma_only", "TP53 p.R175H": "plasma_only"}
    assert [each.settled_by.code for each in found.disagreements] == [
        "settle.disagreement-plasma",
        "settle.disagreement-blood",
    ]


def failed(told: dict[str, Any], *names: str, **specimen: Any) -> MolecularProfile:
    measures = tuple(
        QualityMeasure(
            section="DNA Library QC Metrics", metric=name, unit=None, value=1.0, lower=2.0, upper=None, limit_from="file",
            governs=(Alteration.SMALL_VARIANT,), verdict=Verdict.FAIL, nucleic_acid="DNA",
        )
        for name in names
    )  # fmt: skip
    profile = result(told)
    return replace(
        profile,
        quality=Quality(known=True, measures=measures, contaminated="CONTAMINATION_SCORE" in names),
        specimen=replace(profile.specimen, **specimen),
    )


A = {"id": "K-D01-P01-A08"}


@pytest.mark.parametrize(
    ("profile", "asked"),
    [
        (failed(A), []),
        (failed(A, "PCT_EXON_50X"), [("repeat", "request-why.metric")]),
        (failed(A, "MEDIAN_INSERT_SIZE"), [("new_tissue", "request-why.metric")]),
        (failed(A, "TOTAL_ON_TARGET_READS"), [("re_extraction", "request-why.metric")]),
        (failed(A, "CONTAMINATION_SCORE"), [("re_extraction", "request-why.contaminated")]),
        (failed(A, "EXCESSIVE_TF"), [("none", "request-why.metric")]),
        (failed(A, rna_failed=True), [("re_extraction", "request-why.rna-failed")]),
        (failed(A, dna_failed=True), [("re_extraction", "request-why.dna-failed")]),
        (failed(A, dna_failed=True, rna_failed=True), [("new_tissue", "request-why.both-failed")]),
        (failed(A, tumour_cell_fraction=0.05), [("new_tissue", "request-why.tumour-cells")]),
        (failed(A, tumour_cell_fraction=0.4), []),
    ],
)
def test_a_failed_result_asks_by_what_failed(profile: MolecularProfile, asked: list[tuple[str, str]]) -> None:
    found = requests(profile)
    assert [(each.ask, each.reason.code) for each in found] == asked
    for each in found:
        assert each.alterations
        for language in Language:
            assert words(language).why(each.reason)


def test_what_failed_before_moves_one_step_further() -> None:
    first = failed(A, "PCT_EXON_50X")
    second, third = (
        failed({"id": "K-D02-P01-A08"}, "PCT_EXON_50X"),
        failed({"id": "K-D03-P01-A08"}, "PCT_EXON_50X"),
    )
    asked = [requests(first), requests(second, [first]), requests(third, [first, second])]
    assert [each.ask for (each,) in asked] == ["repeat", "re_extraction", "new_tissue"]
    rna = failed({"id": "K-D02-P01-A08"}, rna_failed=True)
    assert [each.ask for each in requests(rna, [first])] == ["re_extraction"]


def test_an_earlier_failure_of_another_thing_moves_nothing() -> None:
    rna = failed(A, rna_failed=True)
    assert [each.ask for each in requests(failed(A, "PCT_EXON_50X"), [rna])] == ["repeat"]


def test_with_too_few_tumour_cells_nothing_is_lost() -> None:
    early = result({"id": "A", "taken": "2025-03"}, placed(BRAF, 1))
    late = result({"id": "B", "taken": "2026-01"})
    late = replace(late, specimen=replace(late.specimen, tumour_cell_fraction=0.05))
    found = compare([early, late])
    assert changes(found) == {"BRAF p.V600E": "not_known"}
    counts = {each.alteration: each.counts for each in found.counting}
    assert counts[Alteration.SMALL_VARIANT] == 0


@pytest.mark.parametrize("code", [code for code in load(Language.EN) if code.startswith("why-not.")])
def test_a_result_that_is_not_adequate_says_why_in_words(code: str) -> None:
    one, other = result({"id": "A", "unknown": ["msi"]}), result({"id": "B"})
    covers = {
        **one.covers,
        Alteration.MSI: replace(one.covers[Alteration.MSI], reason=code.partition(".")[2]),
    }
    (told,) = [
        each
        for each in which_count([replace(one, covers=covers), other])
        if each.alteration is Alteration.MSI
    ]
    assert (told.counts, told.reasons[0].code) == (1, code)
    assert all(words(language).why(told.reasons[0]) for language in Language)


def test_copies_and_fusions_are_compared_too() -> None:
    early = result({"id": "A", "taken": "2025-03"}, copies=(amplified("ERBB2", 5.0),))
    found = compare([early, result({"id": "B", "taken": "2026-01"}, fusions=(fused("EML4", "ALK"),))])
    assert changes(found) == {"ERBB2 amplification": "lost", "EML4::ALK": "gained"}


# -- the command --------------------------------------------------------------------------------


def results(tmp_path: Path) -> list[str]:
    made = []
    for name, layout, taken in (("a", "dragen-2.6", "2025-03-01"), ("b", "dragen-2.6", "2026-01-10")):
        at = tmp_path / name
        at.mkdir()
        (at / "x.tsv").write_text(combined(layout, pair=f"P{name}", dna=f"P{name}-D", rna=f"P{name}-R"))
        (at / "m.tsv").write_text(
            metrics("dragen-2.6", f"P{name}", CONTAMINATION_SCORE="5000" if name == "b" else "10")
        )
        (at / "specimen.yaml").write_text(f"pseudonym: K-7\ncollected: {taken}\n")
        made.append(str(at))
    return made


def test_the_command_shows_results_side_by_side_and_what_stops_a_signature(tmp_path, capsys) -> None:
    assert run(["panel", "compare", *results(tmp_path)]) == 0
    text = capsys.readouterr().out
    assert text.startswith("2 results: ")
    assert "Identity: 1 mismatch, no report may be signed." in text
    for word in (
        "Which counts",
        "BRAF p.V600E",
        "Asks for",
        "extract anew",
        "contaminated by the software's score",
    ):
        assert word in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 80


def test_the_command_prints_one_object(tmp_path, capsys) -> None:
    assert run(["panel", "compare", *results(tmp_path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["sample"] for each in told["results"]] == ["Pa", "Pb"]
    assert [each["code"] for each in told["signing_stops"]] == ["identity.contaminated"]
    counts = {each["alteration"]: each["counts"] for each in told["counting"]}
    assert counts["small_variant"] == "Pa"
    assert {cell["state"] for row in told["rows"] for cell in row["cells"]} <= {
        "found",
        "not_found",
        "not_tested",
        "unknown",
    }


def test_one_result_is_no_comparison(tmp_path, capsys) -> None:
    assert run(["panel", "compare", results(tmp_path)[0]]) == 2
    assert "one result can't be compared; give two folders or more" in capsys.readouterr().err
