"""Pathology's results: what each settles, where methods disagree, and what a report says of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from tumours import all_but, amplified, fused, interpret, spliced, tumour, variant

from presis.diagnostics.biomarkers import parse_biomarker
from presis.diagnostics.criteria import OtherTest
from presis.diagnostics.interpretation import Interpretation
from presis.diagnostics.marker_answers import biomarkers, by_pathology, result_reason
from presis.diagnostics.marker_vocabulary import kinds
from presis.diagnostics.pathology import PathologyMarker
from presis.diagnostics.profile import Alteration, MolecularProfile, Source, Tested
from presis.diagnostics.readers.pathology_markers import read_pathology_markers
from presis.diagnostics.readers.text import TextFile
from presis.diagnostics.report_content import report_content
from presis.diagnostics.report_model import ReportContent, parse_content
from presis.diagnostics.report_render import as_html, as_pdf
from presis.diagnostics.report_view import ReportStatus, report_view
from presis.documents.language import Language, load
from presis.documents.runs import plain
from presis.knowledge import load_library
from presis.methods.rules import Leaf

CASES = Path(__file__).parent / "cases" / "markers"
COLUMNS = ("marker", "method", "score", "unit", "assay", "threshold", "block")


def cases(name: str) -> list[Any]:
    found = yaml.safe_load((CASES / name).read_text(encoding="utf-8"))
    return [pytest.param(each, id=each["case"]) for each in found]


def read(results: list[list[str]]) -> tuple[PathologyMarker, ...]:
    lines = [";".join(COLUMNS), *(";".join(row + [""] * (len(COLUMNS) - len(row))) for row in results)]
    file = read_pathology_markers(TextFile("m.csv", Path("m.csv"), "0" * 64, tuple(lines), True))
    assert len(file.markers) == len(results), file.not_usable
    return file.markers


@pytest.mark.parametrize("case", cases("settled.yaml"))
def test_a_result_settles_what_it_can_and_no_more(case: Any) -> None:
    profile = replace(tumour(), markers=read(case["results"]))
    for biomarker, expected in case["holds"].items():
        answer = by_pathology(biomarker, profile)
        assert (None if answer is None else answer.truth.word) == expected, biomarker
        if answer is not None:
            assert answer.reasons
            assert bool(answer.settled_by) is (expected == "unknown")


def test_each_biomarker_that_results_settle_has_a_case() -> None:
    told: dict[str, set[str | None]] = {}
    for case in yaml.safe_load((CASES / "settled.yaml").read_text(encoding="utf-8")):
        for biomarker, holds in case["holds"].items():
            told.setdefault(biomarker, set()).add(holds)
    assert set(biomarkers()) <= set(told)


def panel_of(case: Any) -> MolecularProfile:
    panel = case["panel"]
    untested = dict.fromkeys(panel.get("untested", ()), Tested.NO)
    variants = [variant(gene, change) for gene, change in panel.get("variants", ())]
    if "splice_site" in panel:
        site = variant(panel["splice_site"], "V600E")
        variants.append(
            replace(
                site,
                protein=None,
                protein_short=None,
                cdna="c.3082+1G>T",
                consequences=("splice_donor_variant",),
                source=Source("a.tsv", 9),
            )
        )
    return tumour(
        *variants,
        covers=all_but(**untested),
        copies=tuple(amplified(gene) for gene in panel.get("amplified", ())),
        fusions=tuple(fused(*pair) for pair in panel.get("fusions", ())),
        splice=tuple(spliced(*pair) for pair in panel.get("splice", ())),
        msi=panel.get("msi", 2.0),
        code=case["tumour"],
    )


def interpreted(case: Any) -> Interpretation:
    return interpret(replace(panel_of(case), markers=read(case["results"])))


@pytest.mark.parametrize("case", cases("disagreements.yaml"))
def test_methods_that_disagree_leave_open_what_hangs_on_them(case: Any) -> None:
    found = interpreted(case)
    assert [each.id for each in found.findings.disagreements] == case["disagree"]
    for each in found.findings.disagreements:
        assert len(each.sides) >= 2
        assert len({side.method for side in each.sides}) >= 2
        assert each.findings
    for drug, holds in case["options"].items():
        here = [
            each
            for each in found.actionability.options
            if each.drug == drug and each.direction == "sensitivity" and each.relation.value == "this_type"
        ]
        assert {each.truth.word for each in here} == (set() if holds is None else {holds}), drug
        if drug in case.get("conditions", {}):
            assert len(here[0].open_conditions) == case["conditions"][drug]


def test_a_marker_that_no_file_tells_is_not_tested() -> None:
    without = interpret(tumour(code="STAD", copies=(amplified("ERBB2"),)))
    (option,) = [
        each
        for each in without.actionability.options
        if each.drug == "trastuzumab + cisplatin + fluoropyrimidine"
    ]
    assert [each.code for each in option.open_conditions] == ["settle.other-test"]
    assert report_content(without, load_library(), None).markers == []


def test_results_that_gave_no_answer_are_shown_and_settle_nothing() -> None:
    profile = replace(tumour(code="STAD"), markers=read([["HER2", "IHC", "failed"]]))
    content = report_content(interpret(profile), load_library(), None)
    assert [each.score for each in content.markers] == ["not_assessable"]
    assert content.settled == []


@pytest.mark.parametrize("text", ["PD-L1 TPS >= 50", "PD-L1 CPS >= 10", "PD-L1 TPS < 1", "MGMT methylated"])
def test_words_of_approvals_may_ask_for_pathologys_markers(text: str) -> None:
    rule = parse_biomarker(text)
    assert isinstance(rule, Leaf)
    assert isinstance(rule.of, OtherTest)
    assert rule.of.marker == text


def test_every_score_of_the_vocabulary_has_its_words() -> None:
    for kind in kinds().values():
        for score in set(kind.scores.values()):
            marker = PathologyMarker(marker=kind.marker, name=kind.name, method=kind.method, score=score)
            assert result_reason(marker).code in load(Language.EN)


DISAGREEING = {
    "tumour": "STAD",
    "panel": {"amplified": ["ERBB2"]},
    "results": [["HER2", "IHC", "1+", "", "4B5", "", "H26-1"], ["PD-L1", "IHC", "12", "CPS", "22C3"]],
}


def content() -> ReportContent:
    return report_content(interpreted(DISAGREEING), load_library(), "Haukeland")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (Language.EN, "ERBB2 (HER2), methods disagree: ERBB2 amplification by the panel; HER2 IHC 1+."),
        (Language.NB, "ERBB2 (HER2), metodene er uenige: ERBB2-amplifikasjon ved panelet; HER2 IHC 1+."),
    ],
)
def test_a_disagreement_that_touches_an_option_stands_in_the_conclusion(
    language: Language, said: str
) -> None:
    assert said in plain(report_view(content(), ReportStatus(), language).lead)


def test_the_report_states_both_methods_with_date_and_specimen() -> None:
    view = report_view(content(), ReportStatus(), Language.EN).beside
    (row,) = view.disagreements
    assert row.sides == (
        "panel: ERBB2 amplification by the panel (date not reported, T-1)",
        "IHC (4B5): HER2 IHC 1+ (date not reported, H26-1)",
    )
    assert "trastuzumab" in row.touches
    assert [each.name for each in view.markers] == ["HER2 IHC 1+", "PD-L1 CPS IHC 12"]
    assert "HER2 positive: unknown" in plain(view.markers[0].settles)


@pytest.mark.parametrize("language", list(Language))
def test_html_and_pdf_show_results_and_disagreements(language: Language) -> None:
    view = report_view(content(), ReportStatus(), language)
    html = as_html(view)
    for words in (view.beside.labels["disagreements"], view.beside.labels["markers"], "HER2 IHC 1+", "4B5"):
        assert words in html
    assert html.index('id="disagreements"') < html.index('id="actionable"')
    assert as_pdf(view).startswith(b"%PDF")


def test_a_content_from_before_markers_parses_and_keeps_its_hash() -> None:
    import json

    whole = report_content(interpret(tumour(variant("BRAF", "V600E"))), load_library(), None)
    old = json.loads(whole.canonical())
    for name in ("markers", "settled", "disagreements", "identity", "attachments"):
        old.pop(name, None)
    text = json.dumps(old, ensure_ascii=False, separators=(",", ":"))
    parsed = parse_content(text)
    assert parsed.markers == []
    assert parsed.canonical().decode() == text


def test_a_content_is_read_back_as_it_was() -> None:
    assert parse_content(content().canonical()) == content()


def test_coverage_speaks_of_the_panel_alone() -> None:
    profile = replace(tumour(), markers=read([["HER2", "IHC", "3+"]]))
    assert set(profile.covers) == set(Alteration)
