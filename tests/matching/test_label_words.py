"""Words of a label that nobody has put into a rule are asked of a person, never passed over."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from eligibility_cases import AT, patient

from presis.diagnostics.biomarkers import parse_biomarker
from presis.diagnostics.criteria import ListNotHeld
from presis.documents.language import Language, words
from presis.errors import BadInput
from presis.knowledge import load_library
from presis.matching.answering import Questions
from presis.matching.approved import approved_options
from presis.matching.case_reading import add_case
from presis.matching.criteria import LabelCondition, StateIs
from presis.matching.known import known_of
from presis.matching.labels import label_rule, open_words
from presis.matching.question_form import question_form
from presis.matching.ranking import match_patient
from presis.matching.table_words import FILE, class_words
from presis.matching.yaml_text import parse_yaml
from presis.methods.rules import Truth, leaves
from presis.programme.files import load_yaml

PARTS = ("biomarkers", "open", "lists", "decisions")


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


LOCALLY = {"value": "locally_advanced", "on": "2026-03-01"}


def compare(row: str, text: str, *, value: bool = True) -> dict[str, Any]:
    return {"row": row, "words": text, "value": value, "on": "2026-03-10"}


def within(row: str, tumour: dict[str, Any], **case: Any) -> Truth:
    known = known_of(load_library())
    option = next(each for each in approved_options(known) if each.id == row)
    return Questions(patient(tumour, {"birth": "1961-04-23", **case}), known, AT).explain(option.rule).truth


def test_locally_advanced_is_not_yet_unresectable() -> None:
    row = "ema-encorafenib-1"
    assert within(row, MELANOMA, extent="metastatic") is Truth.YES
    assert within(row, MELANOMA, extent=LOCALLY) is Truth.UNKNOWN
    compared = [compare(row, "unresectable")]
    assert within(row, MELANOMA, extent=LOCALLY, label_conditions=compared) is Truth.YES
    localised = {"value": "localised", "on": "2026-03-01"}
    assert within(row, MELANOMA, extent=localised, label_conditions=compared) is Truth.NO
    against = [compare(row, "unresectable", value=False)]
    assert within(row, MELANOMA, extent=LOCALLY, label_conditions=against) is Truth.NO


def test_one_open_word_answered_leaves_the_others_of_the_row_open() -> None:
    row, tumour = "ema-encorafenib-1", MELANOMA
    young = {"birth": "2010-01-01", "extent": LOCALLY}
    one, other = compare(row, "unresectable"), compare(row, "use under 18 years")
    assert within(row, tumour, **young) is Truth.UNKNOWN
    assert within(row, tumour, **young, label_conditions=[one]) is Truth.UNKNOWN
    assert within(row, tumour, **young, label_conditions=[other]) is Truth.UNKNOWN
    assert within(row, tumour, **young, label_conditions=[one, other]) is Truth.YES
    refuted = {**other, "value": False}
    assert within(row, tumour, **young, label_conditions=[one, refuted]) is Truth.NO


def test_each_open_word_of_a_row_is_asked_by_itself_and_the_form_is_read_again() -> None:
    known = known_of(load_library())
    row = "ema-encorafenib-1"
    subject = patient(MELANOMA, {"birth": "2010-01-01", "extent": LOCALLY})
    option = next(each for each in approved_options(known) if each.id == row)
    matched = match_patient(Questions(subject, known, AT), [option])
    form = question_form(matched, "P-1", words(Language.EN))
    for text in ("unresectable", "use under 18 years"):
        assert f'  - {{row: {row}, words: "{text}",\n     value: , on: }}\n' in form
    filled = form.replace("value: , on: }", "value: true, on: 2026-03-10}")
    answered = add_case(subject, parse_yaml(filled, "ask.yaml"), known, AT)
    assert Questions(answered, known, AT).explain(option.rule).truth is Truth.YES


def test_a_form_that_answers_a_row_as_a_whole_is_refused_and_its_blanks_say_nothing() -> None:
    row = "ema-encorafenib-1"
    with pytest.raises(BadInput) as error:
        patient(MELANOMA, {"label_conditions": [{"row": row, "value": True}]})
    assert error.value.problems[0].message == (
        "answers ema-encorafenib-1 as a whole, and each of its open words is answered by itself; give words: "
        "'unresectable' or 'use under 18 years' (`--ask` prints them)"
    )
    patient(MELANOMA, {"label_conditions": [{"row": row, "value": None}]})
    with pytest.raises(BadInput) as error:
        patient(MELANOMA, {"label_conditions": [compare(row, "on a Tuesday")]})
    assert error.value.problems[0].message == (
        "ema-encorafenib-1 has no such open words; give 'unresectable' or 'use under 18 years'"
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
    after, resistance = (
        compare(row, "or after progression"),
        compare(row, "no known acquired resistance mutation"),
    )
    assert within(row, tumour, **case, label_conditions=[after]) is Truth.UNKNOWN  # the row leaves more open
    assert within(row, tumour, **case, label_conditions=[after, resistance]) is Truth.YES


def test_a_label_that_names_no_age_is_not_taken_to_hold_for_a_child() -> None:
    row = "ema-encorafenib-1"
    assert within(row, MELANOMA, extent="metastatic", birth="2008-03-14") is Truth.YES
    assert within(row, MELANOMA, extent="metastatic", birth="2008-03-15") is Truth.UNKNOWN
    assert within(row, MELANOMA, extent="metastatic", birth=None) is Truth.UNKNOWN
    fused = {"type": "CHOL", "fusions": ["ETV6::NTRK3"]}
    standard = {"state": "exhausted", "on": "2026-03-01"}
    child = {"birth": "2015", "extent": "metastatic", "standard_treatment": standard}
    assert within("ema-larotrectinib-1", fused, **child) is Truth.YES


def test_every_word_of_the_tables_that_a_norwegian_reads_is_held_in_norwegian() -> None:
    known, nb = known_of(load_library()), Language.NB
    held = {part: {row["words"] for row in rows} for part, rows in load_yaml(FILE).items() if part in PARTS}
    terms = {
        term
        for each in known.library.approvals
        for part in each.biomarker.split(" AND ")
        for term in part.split(" OR ")
    }
    tumours = {part for each in known.library.approvals for part in re.split(r"[,;] ", each.tumour)}
    settings = {code.removeprefix("setting.") for code in words(nb).sentences if code.startswith("setting.")}
    texts = {text for each in known.library.approvals for text in open_words(each, known)}
    lists = {
        leaf.what
        for each in known.library.approvals
        for leaf in leaves(parse_biomarker(each.biomarker))
        if isinstance(leaf, ListNotHeld)
    }
    decided = {each.indication for each in known.library.norway_access}
    assert terms <= held["biomarkers"]
    assert tumours <= settings
    assert texts <= held["open"] | settings
    assert lists <= held["lists"]
    assert decided <= held["decisions"]
    classes = {each.drug_class for each in known.library.drugs} | set(known.chemotherapies)
    assert not [each for each in classes if re.search("inhibitor|antibody|chemo", class_words(each, nb))]


def test_an_option_is_named_as_a_clinician_would_name_it() -> None:
    named = {each.id: each.names for each in approved_options(known_of(load_library()))}
    assert named["ema-osimertinib-3"] == {
        "en": "osimertinib · EGFR exon 19 deletion or EGFR L858R · non-small cell lung, stage IB-IIIA, resected",
        "nb": "osimertinib · EGFR ekson 19-delesjon eller EGFR L858R · ikke-småcellet lungekreft, "
        "stadium IB–IIIA, operert",
    }
    assert class_words("ALK, ROS1 and MET inhibitor", Language.NB) == "ALK-, ROS1- og MET-hemmer"
