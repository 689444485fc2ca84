"""What is told of a patient grows old, but for what can't unhappen; for one patient and for a nation alike."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import yaml
from eligibility_cases import AT, known, patient, questions, rule, said

from presis.matching.bulk.columns import Columns
from presis.matching.bulk.partition import Partition
from presis.matching.bulk.rows import tables_of
from presis.matching.case_reading import add_case
from presis.matching.criteria import LabelCondition
from presis.matching.days import parse_day
from presis.matching.subject import LabValue, Subject, Told, Treatment
from presis.matching.yaml_text import parse_yaml
from presis.methods.rules import Explained, Truth, evaluate

OLD, NEW = "2025-11-01", "2026-03-01"  # the day asked about is 14 March 2026


def answered(subject: Subject, document: Any) -> Explained[Any]:
    """The answer for one, which is the nation's too."""
    asked = rule(document)
    columns = Columns(Partition(tables_of([("P-1", subject)])), known(), AT)
    explained = evaluate(asked, questions(subject).ask)
    assert columns.rule(asked).tolist() == [int(explained.truth)]
    return explained


FADING: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (
        {"stage": {"value": "IIIB"}},
        {"stage": {"stages": ["III"]}},
        "stage: IIIB, older than 90 days; ask again",
    ),
    (
        {"extent": {"value": "locally_advanced"}},
        {"extent": {"extents": ["locally_advanced", "metastatic"]}},
        "extent of disease: locally advanced, older than 90 days; ask again",
    ),
    (
        {"measurable_disease": [{"by": "RECIST 1.1", "state": "measurable"}]},
        {"measurable_disease": {"by": ["RECIST 1.1"]}},
        "measurable disease: measurable, older than 28 days; ask again",
    ),
    (
        {"brain_metastases": {"state": "none"}},
        {"brain_metastases": {"accept": "none"}},
        "metastases in the brain: none, older than 60 days; ask again",
    ),
    (
        {"brain_metastases": {"state": "controlled"}},
        {"brain_metastases": {"accept": "controlled"}},
        "metastases in the brain: controlled, older than 60 days; ask again",
    ),
    (
        {"consent": [{"to": "treatment", "value": True}]},
        {"consent": {"to": "treatment"}},
        "consent to treatment: yes, older than 90 days; ask again",
    ),
    (
        {"statements": [{"of": "heart_failure", "value": False}]},
        {"not": {"statement": {"of": "heart_failure"}}},
        "heart failure (NYHA III or IV): no, older than 90 days; ask again",
    ),
    (
        {"standard_treatment": {"state": "exhausted"}},
        {"standard_treatment": {"accept": ["exhausted"]}},
        "standard treatment: exhausted, older than 90 days; ask again",
    ),
    (
        {"alive": {"value": True}},
        {"state": {"what": "alive"}},
        "whether alive: yes, older than 90 days; ask again",
    ),
    (
        {"ecog": {"value": 1}},
        {"ecog": {"at_most": 2}},
        "ECOG: 1, older than 60 days; ask again",
    ),
    (
        {"laboratory": [{"test": "neutrophils", "value": 3.1, "unit": "10^9/l"}]},
        {"laboratory": {"test": "neutrophils", "at_least": 1.5, "unit": "10^9/l"}},
        "neutrophils 3.1 10^9/l, older than 28 days; ask again",
    ),
    (
        {"treatments_complete": {"value": True}},
        {"lines": {"at_most": 0}},
        "that all treatment is told was said more than 60 days ago; ask again",
    ),
    (
        {"treatments_complete": {"value": True}},
        {"washout": {"days": 21}},
        "that all treatment is told was said more than 60 days ago; ask again",
    ),
]


def dated(case: dict[str, Any], on: str | None) -> dict[str, Any]:
    """The case with this day in each of its values."""
    day = {} if on is None else {"on": on}
    return {
        key: [{**each, **day} for each in value] if isinstance(value, list) else {**value, **day}
        for key, value in case.items()
    }


@pytest.mark.parametrize(("case", "asked", "why"), FADING)
def test_what_was_told_long_ago_is_asked_again_and_never_fits(
    case: dict[str, Any], asked: dict[str, Any], why: str
) -> None:
    assert answered(patient(None, dated(case, NEW)), asked).truth is Truth.YES
    stale = answered(patient(None, dated(case, OLD)), asked)
    assert stale.truth is Truth.UNKNOWN
    assert said(stale.reasons()) == [why]
    assert stale.settled_by()
    (reason,) = stale.reasons()
    assert reason.values["on"] == OLD
    if "standard_treatment" not in case:  # which has to have a day
        assert answered(patient(None, dated(case, None)), asked).truth is Truth.UNKNOWN


def test_a_drug_is_not_absent_by_a_list_that_was_complete_long_ago() -> None:
    asked = {"not": {"treated_with": {"classes": ["EGFR inhibitor"]}}}
    fresh = {"treatments_complete": {"value": True, "on": NEW}}
    assert answered(patient(None, fresh), asked).truth is Truth.YES
    stale = answered(patient(None, {"treatments_complete": {"value": True, "on": OLD}}), asked)
    assert stale.truth is Truth.UNKNOWN
    assert said(stale.reasons()) == [
        "EGFR inhibitor: not told",
        "that all treatment is told was said more than 60 days ago; ask again",
    ]


LASTING: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        {"extent": {"value": "metastatic"}},
        {"not": {"extent": {"extents": ["localised", "locally_advanced"]}}},
    ),
    ({"extent": {"value": "metastatic"}}, {"extent": {"extents": ["metastatic"]}}),
    ({"stage": {"value": "IVA"}}, {"stage": {"stages": ["IV"]}}),
    ({"brain_metastases": {"state": "controlled"}}, {"not": {"brain_metastases": {"accept": "none"}}}),
    ({"consent": [{"to": "treatment", "value": False}]}, {"not": {"consent": {"to": "treatment"}}}),
    ({"alive": {"value": False}}, {"not": {"state": {"what": "alive"}}}),
    ({"statements": [{"of": "organ_transplant", "value": True}]}, {"statement": {"of": "organ_transplant"}}),
]


@pytest.mark.parametrize(("case", "asked"), LASTING)
def test_what_cannot_unhappen_lasts(case: dict[str, Any], asked: dict[str, Any]) -> None:
    for on in (NEW, OLD, "2019", None):
        assert answered(patient(None, dated(case, on)), asked).truth is Truth.YES


def test_a_drug_that_was_given_stays_given_and_death_outlasts_everything() -> None:
    case = {"treatments": [{"drugs": ["erlotinib"], "end": "2014-05"}], "died": "2019"}
    subject = patient(None, case)
    assert answered(subject, {"treated_with": {"classes": ["EGFR inhibitor"]}}).truth is Truth.YES
    assert answered(subject, {"state": {"what": "alive", "presumed": True}}).truth is Truth.NO


def test_what_of_a_fact_is_not_lasting_fades() -> None:
    brain = {"brain_metastases": {"state": "uncontrolled", "on": OLD}}
    assert (
        answered(patient(None, brain), {"brain_metastases": {"accept": "controlled"}}).truth is Truth.UNKNOWN
    )
    stage = {"stage": {"value": "IVA", "on": OLD}}
    assert answered(patient(None, stage), {"stage": {"stages": ["IVA"]}}).truth is Truth.UNKNOWN


def test_a_rule_names_a_window_of_its_own() -> None:
    case = {
        "extent": {"value": "locally_advanced", "on": OLD},
        "treatments_complete": {"value": True, "on": OLD},
    }
    subject = patient(None, case)
    wide = {"extent": {"extents": ["locally_advanced"], "within_days": 200}}
    assert answered(subject, wide).truth is Truth.YES
    assert answered(subject, {"lines": {"at_most": 0, "complete_within_days": 200}}).truth is Truth.YES
    narrow = {"lines": {"at_most": 0, "complete_within_days": 7}}
    assert answered(patient(None, {"treatments_complete": {"value": True, "on": NEW}}), narrow).truth is (
        Truth.UNKNOWN
    )


def test_what_was_told_of_a_later_day_is_not_known_and_said_so() -> None:
    later = parse_day("2026-06-01")
    subject = Subject(
        name="P-1",
        extent=Told("metastatic", "cut", later),
        consents={"treatment": Told(value=False, where="cut", on=later)},
        alive=Told(value=False, where="cut", on=later),
        treatments_complete=Told(value=True, where="cut", on=later),
        laboratory=(LabValue("neutrophils", 3.1, "10^9/l", "cut", later, None, "3.1 10^9/l"),),
    )
    asked = {
        "extent": (
            {"extent": {"extents": ["metastatic"]}},
            "extent of disease: metastatic, told of a day after",
        ),
        "consent": ({"consent": {"to": "treatment"}}, "consent to treatment: no, told of a day after"),
        "complete": ({"lines": {"at_most": 0}}, "that all treatment is told was said of a day after"),
        "laboratory": (
            {"laboratory": {"test": "neutrophils", "at_least": 1.5, "unit": "10^9/l"}},
            "neutrophils 3.1 10^9/l, told of a day after",
        ),
    }
    for document, why in asked.values():
        explained = answered(subject, document)
        assert explained.truth is Truth.UNKNOWN
        assert said(explained.reasons()) == [f"{why} the one asked about"]
    # who died later was alive
    assert answered(subject, {"state": {"what": "alive", "presumed": True}}).truth is Truth.YES


def test_treatment_counts_as_it_stood_on_the_day() -> None:
    complete = Told(value=True, where="cut", on=parse_day(NEW))

    def given(**days: str | None) -> Subject:
        span = {key: None if day is None else parse_day(day) for key, day in days.items()}
        one = Treatment(("osimertinib",), "cut", "osimertinib", line=1, outcome="progression", **span)  # type: ignore[arg-type]
        return Subject(name="P-1", treatments=(one,), treatments_complete=complete)

    drug = {"treated_with": {"drugs": ["osimertinib"]}}
    ended = {"treated_with": {"drugs": ["osimertinib"], "outcomes": ["progression"]}}
    before, running = given(start="2025-01", end="2026-01"), given(start="2025-01", end="2026-06-01")
    later, perhaps = given(start="2026-05-01", end="2026-06-01"), given(start=None, end="2026-06-01")
    assert answered(before, ended).truth is Truth.YES
    assert answered(running, drug).truth is Truth.YES
    assert answered(running, ended).truth is Truth.UNKNOWN
    assert answered(running, {"washout": {"days": 21}}).truth is Truth.NO
    assert answered(later, drug).truth is Truth.NO
    assert answered(later, {"lines": {"at_most": 0}}).truth is Truth.YES
    assert answered(perhaps, drug).truth is Truth.UNKNOWN
    assert answered(perhaps, {"lines": {"at_most": 0}}).truth is Truth.UNKNOWN


def test_two_answers_to_a_label_are_kept_apart_in_bulk() -> None:
    told = Told(value=True, where="cut", on=parse_day(NEW))
    subject = Subject(name="P-1", label_conditions={("row-1", "after: a colon"): told})
    columns = Columns(Partition(tables_of([("P-1", subject)])), known(), AT)
    for text, truth in (("after: a colon", Truth.YES), ("unresectable", Truth.UNKNOWN)):
        leaf = LabelCondition("row-1", text)
        assert columns.truths(leaf).tolist() == [int(truth)]
        assert questions(subject).ask(leaf).truth is truth
    old = replace(told, on=parse_day(OLD))
    stale = replace(subject, label_conditions={("row-1", "unresectable"): old})
    answer = questions(stale).ask(LabelCondition("row-1", "unresectable"))
    assert said(answer.reasons) == ["unresectable (row-1): yes, older than 90 days; ask again"]


def test_of_two_files_the_newer_counts_whichever_is_read_first() -> None:
    withdrawn = {"consent": [{"to": "treatment", "value": False, "on": "2026-03-10"}]}
    given = {"consent": [{"to": "treatment", "value": True, "on": "2026-03-01"}]}
    for first, second in ((withdrawn, given), (given, withdrawn)):
        subject = add_case(patient(None, first), parse_yaml(yaml.safe_dump(second), "b.yaml"), known(), AT)
        assert answered(subject, {"consent": {"to": "treatment"}}).truth is Truth.NO


def test_a_germline_test_of_a_later_day_is_not_known_and_an_old_one_is() -> None:
    for on, truth in (("2019-01-01", Truth.YES), ("2026-06-01", Truth.UNKNOWN)):
        subject = Subject(name="P-1", germline={"BRCA2": Told("pathogenic", "cut", parse_day(on))})
        assert answered(subject, {"pathogenic": {"genes": ["BRCA2"], "origin": "germline"}}).truth is truth
