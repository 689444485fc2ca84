"""Referral to medical genetics as a recommendation: cases/tumour/followup.yaml, dates, and what a patient declined."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from cells import cases, read_one, with_cells
from tumours import exons_lost, interpret, tumour, variant

from presis.diagnostics.germline_followup import editions
from presis.diagnostics.profile import MolecularProfile
from presis.diagnostics.report_content import report_content
from presis.diagnostics.report_view import ReportStatus, report_view
from presis.documents.language import Language, words
from presis.documents.runs import plain
from presis.errors import BadInput
from presis.knowledge import load_library


@pytest.mark.parametrize("case", cases("followup"), ids=lambda case: case["it"])
def test_follow_up(case: dict[str, Any]) -> None:
    told = read_one(case).follow_ups
    if case["recommended"] is None:
        assert told == ()
        return
    (one,) = told
    codes = {reason.code for reason in one.reasons}
    assert one.recommended.word == case["recommended"], sorted(codes)
    assert one.edition == case.get("edition", one.edition)
    assert one.confidence == case.get("confidence", one.confidence)
    assert set(case.get("why", ())) <= codes
    assert set(case.get("settled_by", ())) <= {reason.code for reason in one.settled_by}
    for language in Language:
        assert all(words(language).why(reason) for reason in (*one.reasons, *one.settled_by))


def test_the_newest_edition_in_force_is_asked_first() -> None:
    assert [each["id"] for each in editions()] == ["esmo-2023", "esmo-2019"]
    assert [each["id"] for each in editions(date(2020, 5, 1))] == ["esmo-2019"]
    with pytest.raises(
        BadInput, match="no edition of the rules for germline follow-up was in force on 2018-12-31"
    ):
        editions(date(2018, 12, 31))


@pytest.mark.parametrize(("gene", "told"), [("BRCA2", ["unknown"]), ("KRAS", [])])
def test_exons_lost_in_a_listed_gene_leave_the_question_of_inheritance_open(
    gene: str, told: list[str]
) -> None:
    result = interpret(with_cells(tumour(exons=(exons_lost(gene),), code="HGSOC"), 0.6))
    assert [each.recommended.word for each in result.follow_ups] == told
    view = report_view(report_content(result, load_library()), ReportStatus(), Language.EN)
    assert any("not told by a tumour" in text for _, text in view.tumour) is bool(told)


# -- what a patient declined --------------------------------------------------------------------


def suspected(*, declined: bool | None, code: str = "LUAD") -> MolecularProfile:
    """A SDHB truncation at a half with few tumour cells beside a KRAS driver."""
    profile = tumour(variant("KRAS", "G12D", fraction=0.15), variant("SDHB", "R90*", fraction=0.5), code=code)
    return with_cells(profile, 0.3, predisposition_declined=declined)


def everything(profile: MolecularProfile) -> str:
    content = report_content(interpret(profile), load_library())
    view = report_view(content, ReportStatus(), Language.EN)
    return content.canonical().decode() + plain(view.lead) + str(view)


def test_a_predisposition_without_bearing_on_treatment_is_told_unless_declined() -> None:
    assert "consider referral to medical genetics: SDHB" in everything(suspected(declined=None))
    told = everything(suspected(declined=True))
    covered = told.replace('"SDHB"', "")  # the list of genes tested
    assert "SDHB" not in covered
    assert "KRAS p.G12D" in told


@pytest.mark.parametrize(("gene", "change"), [("TP53", "R213*"), ("NF1", "R440*"), ("RB1", "R445*")])
def test_preclinical_work_and_small_studies_alone_are_no_bearing_on_treatment(gene: str, change: str) -> None:
    profile = tumour(variant("KRAS", "G12D", fraction=0.15), variant(gene, change, fraction=0.5), code="LUAD")
    declined = report_content(
        interpret(with_cells(profile, 0.3, predisposition_declined=True)), load_library()
    )
    told = report_content(interpret(with_cells(profile, 0.3)), load_library())
    label = f"{gene} p.{change}"
    assert {each.proposed_amp_level for each in told.civic if each.finding == label} == {"D"}
    assert label in {each.label for each in told.findings}
    assert label not in declined.canonical().decode()
    assert "KRAS p.G12D" in {each.label for each in declined.findings}


def test_a_report_says_the_same_of_declining_whether_anything_was_left_out_or_not() -> None:
    without = with_cells(
        tumour(variant("KRAS", "G12D", fraction=0.15), code="LUAD"), 0.3, predisposition_declined=True
    )
    texts = []
    for profile in (suspected(declined=True), without):
        content = report_content(interpret(profile), load_library())
        view = report_view(content, ReportStatus(), Language.EN)
        texts.append(
            (view.lead, view.tumour, view.others_caption, view.left_out, view.untested, view.negatives)
        )
    assert texts[0] == texts[1]
    assert any("whether there are any or not" in line for _, line in texts[0][1])


def test_what_bears_on_treatment_stays_whatever_was_declined() -> None:
    profile = with_cells(
        tumour(variant("BRCA1", "E23Vfs*17", fraction=0.5), code="HGSOC"), 0.3, predisposition_declined=True
    )
    content = report_content(interpret(profile), load_library())
    assert content.finding("sv:0").origin is not None
    assert any(option.drug == "olaparib" for option in content.options)
    assert [each.finding.id for each in content.follow_ups] == ["sv:0"]


def test_a_variant_that_isnt_suspected_stays_a_finding_of_the_tumour() -> None:
    profile = with_cells(
        tumour(variant("TP53", "R175H", fraction=0.3), code="LUAD"), 0.6, predisposition_declined=True
    )
    content = report_content(interpret(profile), load_library())
    assert content.finding("sv:0").label == "TP53 p.R175H"
    assert content.follow_ups == []


def test_declining_is_read_from_the_specimen_and_no_counts_too() -> None:
    assert suspected(declined=False).specimen.predisposition_declined is False
    assert "SDHB p.R90*" in everything(replace(suspected(declined=False)))
