"""Words of a label that nobody has put into a rule are asked of a person, never passed over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from eligibility_cases import AT, patient

from presis.knowledge import load_library
from presis.matching.answering import Questions
from presis.matching.approved import approved_options
from presis.matching.criteria import LabelCondition, StateIs
from presis.matching.known import known_of
from presis.matching.labels import label_rule
from presis.methods.rules import Truth, leaves


def asked(row: str, **changed: str) -> set[str]:
    known = known_of(load_library())
    approval = replace(next(each for each in known.library.approvals if each.row == row), **changed)
    return {each.text for each in leaves(label_rule(approval, known)) if isinstance(each, LabelCondition)}


def test_a_tumour_type_with_words_that_no_code_tells_asks_for_them() -> None:
    assert asked("ema-encorafenib-2") == set()
    assert asked("ema-encorafenib-2", tumour="colorectal, of the left side, metastatic") == {
        "of the left side"
    }
    assert "low-grade glioma of childhood" in asked("fda-tovorafenib-1")
    assert "high grade" in asked("ema-olaparib-1")


def test_a_condition_that_nobody_knows_is_asked_as_it_stands() -> None:
    assert asked("ema-encorafenib-2", conditions="on a Tuesday; age 12 and over") == {"on a Tuesday"}


MELANOMA = {"type": "SKCM", "variants": ["BRAF V600E"]}


def within(row: str, tumour: dict[str, Any], **case: Any) -> Truth:
    known = known_of(load_library())
    option = next(each for each in approved_options(known) if each.id == row)
    return Questions(patient(tumour, {"birth": "1961-04-23", **case}), known, AT).explain(option.rule).truth


def test_locally_advanced_is_not_yet_unresectable() -> None:
    row = "ema-encorafenib-1"
    assert within(row, MELANOMA, extent="metastatic") is Truth.YES
    assert within(row, MELANOMA, extent="locally_advanced") is Truth.UNKNOWN
    compared = [{"row": row, "value": True}]
    assert within(row, MELANOMA, extent="locally_advanced", label_conditions=compared) is Truth.YES
    assert within(row, MELANOMA, extent="localised", label_conditions=compared) is Truth.NO
    assert (
        within(row, MELANOMA, extent="locally_advanced", label_conditions=[{"row": row, "value": False}])
        is Truth.NO
    )


def test_no_indication_fits_the_dead_though_no_label_says_so() -> None:
    row = "ema-encorafenib-1"
    assert within(row, MELANOMA, extent="metastatic", died="2026-03-01") is Truth.NO
    assert within(row, MELANOMA, extent="metastatic", alive={"value": True}) is Truth.YES
    for option in approved_options(known_of(load_library())):
        assert StateIs("alive", presumed=True) in set(leaves(option.rule)), option.id


def test_after_progression_may_stand_in_the_place_of_no_alternative() -> None:
    row, tumour = "fda-larotrectinib-1", {"type": "CHOL", "fusions": ["ETV6::NTRK3"]}
    case = {"extent": "metastatic", "standard_treatment": {"state": "available", "on": "2026-03-01"}}
    assert within(row, tumour, **case) is Truth.UNKNOWN
    assert within(row, tumour, **case, label_conditions=[{"row": row, "value": True}]) is Truth.YES


def test_a_label_that_names_no_age_is_not_taken_to_hold_for_a_child() -> None:
    row = "ema-encorafenib-1"
    assert within(row, MELANOMA, extent="metastatic", birth="2008-03-14") is Truth.YES
    assert within(row, MELANOMA, extent="metastatic", birth="2008-03-15") is Truth.UNKNOWN
    assert within(row, MELANOMA, extent="metastatic", birth=None) is Truth.UNKNOWN
    fused = {"type": "CHOL", "fusions": ["ETV6::NTRK3"]}
    standard = {"state": "exhausted", "on": "2026-03-01"}
    child = {"birth": "2015", "extent": "metastatic", "standard_treatment": standard}
    assert within("ema-larotrectinib-1", fused, **child) is Truth.YES
