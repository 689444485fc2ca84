"""One patient against the options: the order, access, closed cohorts, next tests, doubles."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.matching.eligibility_cases import AT, known, named, patient, questions
from tests.matching.test_eligibility_properties import FULL, TUMOUR

from presis.documents.language import Language, load
from presis.matching.approved import approved_options
from presis.matching.next_tests import next_tests
from presis.matching.option import Matched, MatchOption
from presis.matching.option_forms import OPTIONS, parse_options, read_options
from presis.matching.question_form import question_form
from presis.matching.ranking import match_patient
from presis.matching.yaml_text import parse_yaml
from presis.methods.rules import Truth

OPTION = """
options:
  - id: {id}
    kind: {kind}
    trial: T
    name: {{en: "{id}", nb: "{id}"}}
    drug: {drug}
    offers: {{en: a, nb: a}}
    valid_from: 2024-01-01
    {more}
    eligibility: {rule}
    evidence: [{{text: a, source: b, confidence: recalled}}]
    access: {access}
"""


def option(
    ident: str = "one",
    rule: str = "{state: {what: alive}}",
    *,
    kind: str = "trial_cohort",
    drug: str = "trametinib",
    more: str = "",
    access: str = "[{status: trial, source: a, confidence: read}]",
) -> MatchOption:
    text = OPTION.format(id=ident, kind=kind, drug=drug, more=more, rule=rule, access=access)
    (made,) = parse_options(parse_yaml(text, "options.yaml"), known(), named())
    return made


def matched(subject: Any, *options: MatchOption, **left: int) -> list[Matched]:
    return list(match_patient(questions(subject), options, {k.replace("_", "-"): v for k, v in left.items()}))


def ids(found: list[Matched]) -> list[str]:
    return [each.option.id for each in found]


def test_an_excluded_option_comes_last_whatever_else() -> None:
    found = matched(patient(None, FULL), option("a-no", "{age: {at_most: 3}}"), option("b-yes"))
    assert ids(found) == ["b-yes", "a-no"]


def test_what_may_be_had_comes_before_what_was_not_introduced() -> None:
    no = "[{status: not_introduced, since: 2025-01-01, method_id: ID2024_012, source: a, confidence: read}]"
    found = matched(patient(None, FULL), option("a-refused", access=no), option("b-open"))
    assert ids(found) == ["b-open", "a-refused"]


def test_a_missing_ecog_does_not_put_a_weak_option_above_an_approved_one() -> None:
    case = {key: value for key, value in FULL.items() if key != "ecog"}
    weak = option("a-weak", kind="off_label", access="[{status: trial, source: a, confidence: read}]")
    strong = option("b-strong", "{ecog: {at_most: 2}}", drug="encorafenib + cetuximab")
    found = matched(patient(TUMOUR, case), weak, strong)
    assert ids(found) == ["b-strong", "a-weak"]
    assert str(found[0].tier) == "AMP I-A"
    assert found[0].explained.truth is Truth.UNKNOWN


def test_more_places_left_come_first_among_equals() -> None:
    found = matched(patient(None, FULL), option("a-few"), option("b-many"), a_few=1, b_many=9)
    assert ids(found) == ["b-many", "a-few"]


@pytest.mark.parametrize(
    ("more", "left", "opening"),
    [
        ("closes: 2026-03-13", None, "closed"),
        ("closes: 2026-03-14", None, "open"),
        ("opens: 2026-03-15", None, "not_yet_open"),
        ("places: 24", 0, "full"),
    ],
)
def test_a_closed_cohort_is_told_apart_from_eligibility(more: str, left: int | None, opening: str) -> None:
    told = {} if left is None else {"one": left}
    (found,) = match_patient(questions(patient(None, FULL)), [option(more=more)], told)
    assert (found.opening, found.explained.truth) == (opening, Truth.YES)


def test_an_option_outside_its_dates_is_not_offered() -> None:
    old = option(more="valid_until: 2025-12-31")
    assert matched(patient(None, FULL), old) == []
    assert not old.valid_on(AT)
    assert old.valid_on(date(2025, 12, 31))


def test_access_is_what_was_decided_last() -> None:
    two = (
        "[{status: not_introduced, since: 2024-02-01, source: a, confidence: read}, "
        "{status: introduced, since: 2026-03-01, source: a, confidence: read}]"
    )
    made = option(access=two)
    assert [made.access_on(day) and made.access_on(day).status for day in (AT, date(2026, 2, 28))] == [  # type: ignore[union-attr]
        "introduced",
        "not_introduced",
    ]
    assert made.access_on(date(2024, 1, 31)) is None


def test_an_approved_indication_is_derived_and_its_access_is_the_national_decision() -> None:
    options = {each.id: each for each in approved_options(known())}
    melanoma = patient({"type": "MEL", "variants": ["BRAF V600E"]}, FULL)
    (found,) = matched(melanoma, options["ema-encorafenib-1"])
    assert found.explained.truth is Truth.YES
    assert (found.access.status, str(found.access.since)) == ("introduced", "2019-09-23")


def test_resistance_that_the_report_tells_stands_beside_the_drug() -> None:
    found = matched(patient(TUMOUR, FULL), *approved_options(known()))
    told = {each.option.id: [str(r.values["what"]) for r in each.against] for each in found}
    assert "EGFR antibodies (cetuximab, panitumumab) without a BRAF inhibitor" in told["ema-cetuximab-2"]
    assert (
        "EGFR antibodies (cetuximab, panitumumab) without a BRAF inhibitor" not in told["ema-encorafenib-2"]
    )


def test_a_drug_that_was_given_before_is_told_beside_the_option() -> None:
    case = {
        **FULL,
        "treatments": [{"drugs": ["Tagrisso"], "line": 1, "end": "2026-01", "outcome": "progression"}],
    }
    lung = patient({"type": "LUAD", "variants": ["EGFR L858R", "EGFR T790M"]}, case)
    found = {each.option.id: each for each in matched(lung, *approved_options(known()))}
    assert [r.code for r in found["ema-osimertinib-2"].against] == ["match.before-outcome"]
    assert [r.code for r in found["ema-amivantamab-3"].against] == ["match.target-before-outcome"]
    assert found["ema-selpercatinib-1"].against == ()


def test_a_pregnancy_stands_beside_every_option_whose_rule_does_not_ask() -> None:
    case = {**FULL, "sex": "female", "pregnant": {"value": True, "on": "2026-03-10"}}
    found = matched(patient(TUMOUR, case), *approved_options(known()))
    assert all("match.pregnant" in {r.code for r in each.against} for each in found)


def test_a_decision_for_another_marker_or_line_does_not_make_an_option_introduced() -> None:
    lung = patient({"type": "LUAD", "fusions": ["EML4::ALK"]}, FULL)
    found = {each.option.id: each.access for each in matched(lung, *approved_options(known()))}
    assert found["ema-lorlatinib-1"].words == "lung, ALK positive, no earlier ALK inhibitor"
    assert found["ema-lorlatinib-2"].status == "not_known"
    breast = patient({"type": "IDC"}, FULL)
    found = {each.option.id: each.access for each in matched(breast, *approved_options(known()))}
    assert found["ema-trastuzumab-deruxtecan-2"].words == "breast, HER2-low, unresectable or metastatic"
    assert found["ema-trastuzumab-deruxtecan-5"].words != "breast, HER2-low, unresectable or metastatic"
    ovary = patient({"type": "HGSOC"}, FULL)
    found = {each.option.id: each.access for each in matched(ovary, *approved_options(known()))}
    assert found["ema-olaparib-1"].status == "not_known"


def test_the_heart_is_not_examined_by_a_blood_test() -> None:
    rule = "{laboratory: {test: %s, at_least: 1, unit: '%s'}}"
    tests = (("LVEF", "%"), ("QTcF", "ms"), ("albumin", "g/l"))
    found = matched(patient(None, FULL), *(option(t.lower(), rule % (t, unit)) for t, unit in tests))
    burdens = {each.settles[0].values["test"]: each.burden for each in next_tests(found).tests}
    assert burdens == {"LVEF": "echocardiogram", "QTcF": "ecg", "albumin": "blood"}


def test_a_decision_on_early_disease_is_none_on_advanced_disease() -> None:
    lung = patient({"type": "LUAD", "variants": ["EGFR L858R"]}, FULL)
    found = {each.option.id: each.access for each in matched(lung, *approved_options(known()))}
    assert (found["ema-osimertinib-3"].method_id, found["ema-osimertinib-3"].status) == (
        "ID2020_106",
        "introduced",
    )
    assert found["ema-osimertinib-1"].words == "lung, EGFR mutated, first line and second line"


def test_more_tests_are_proposed_where_more_are_asked_for() -> None:
    rule = "{all: [{statement: {of: heart_failure}}, {statement: {of: second_cancer}}]}"
    other = "{all: [{statement: {of: bleeding_risk}}, {statement: {of: retinal_disease}}]}"
    found = matched(patient(None, FULL), option("a", rule), option("b", other))
    assert [len(next_tests(found, None, most).settled) for most in (3, 4)] == [1, 2]


def test_every_approval_that_counts_is_an_option() -> None:
    rows = {each.row for each in known().library.approvals if each.counts and each.in_force}
    assert {each.id for each in approved_options(known())} == rows


def test_a_use_approved_by_the_fda_alone_is_left_out_where_the_ema_has_the_drug() -> None:
    found = matched(patient(TUMOUR, FULL), *approved_options(known()))
    drugs = [each.option.drug for each in found if each.option.kind == "approved" and each.explained.truth]
    elsewhere = [each.option.drug for each in found if each.option.kind == "approved_elsewhere"]
    assert set(drugs).isdisjoint(elsewhere)


def test_the_next_test_is_the_one_that_leaves_no_unknown() -> None:
    subject = patient({"type": "LUAD", "not_tested": ["rna_fusion", "dna_fusion"]}, FULL)
    one = option("a", "{all: [{fusion: {genes: [RET]}}, {statement: {of: heart_failure}}]}")
    two = option("b", "{fusion: {genes: [ALK]}}")
    plan = next_tests(matched(subject, one, two))
    assert set(plan.settled) == {"a", "b"}
    assert [(each.burden, len(each.settles)) for each in plan.tests] == [("chart", 1), ("resequencing", 2)]


def test_no_test_is_proposed_for_what_the_tumour_resists() -> None:
    found = matched(patient(TUMOUR, FULL), *approved_options(known()))
    hanging = {
        e.option.id for e in found if e.explained.truth is Truth.UNKNOWN and "ema-cetuximab" in e.option.id
    }
    assert hanging
    assert hanging.isdisjoint(next_tests(found, None, 30).settled)


def test_what_is_open_is_what_the_trees_say() -> None:
    """The quick way against the slow one."""
    options = [*read_options([OPTIONS], known(), named()), *approved_options(known())]
    for subject in (patient(TUMOUR, None), patient(TUMOUR, FULL), patient(None, FULL)):
        assert all(each.open == each.explained.settled_by() for each in matched(subject, *options))


def test_a_test_on_a_block_that_is_used_up_is_a_new_biopsy() -> None:
    subject = patient({"type": "LUAD", "not_tested": ["rna_fusion", "dna_fusion"]}, FULL)
    plan = next_tests(matched(subject, option("b", "{fusion: {genes: [ALK]}}")), "none")
    assert [each.burden for each in plan.tests] == ["new_biopsy"]


def test_beyond_three_the_lightest_option_is_completed_next() -> None:
    many = "[{of: heart_failure}, {of: second_cancer}, {of: bleeding_risk}, {of: retinal_disease}]"
    rules = ", ".join(f"{{statement: {each}}}" for each in many[1:-1].split(", "))
    plan = next_tests(matched(patient(None, FULL), option("a", f"{{all: [{rules}]}}")))
    assert (len(plan.tests), plan.settled) == (4, ("a",))


def test_the_form_of_open_questions_is_a_case_that_can_be_read() -> None:
    options = [*read_options([OPTIONS], known(), named()), *approved_options(known())]
    from presis.documents.language import words
    from presis.matching.case_reading import add_case

    subject = patient(TUMOUR, None)
    for language in Language:
        text = question_form(match_patient(questions(subject), options), "P-1", words(language))
        again = add_case(subject, parse_yaml(text, "ask.yaml"), known(), AT)
        assert again.ecog is None
        assert max(map(len, text.splitlines())) <= 80


def test_a_form_that_asks_of_the_laboratory_alone_can_be_given_back() -> None:
    from presis.documents.language import words
    from presis.matching.case_reading import add_case

    subject = patient({"type": "LUAD", "not_tested": ["rna_fusion", "dna_fusion"]}, FULL)
    asking = matched(subject, option("a", "{fusion: {genes: [RET]}}"))
    text = question_form(asking, "P-1", words(Language.EN))
    assert "test RET" in text
    assert add_case(subject, parse_yaml(text, "ask.yaml"), known(), AT) == subject


def test_every_code_of_matching_has_words_in_every_language() -> None:
    import re
    from pathlib import Path

    import presis.matching

    folder = Path(presis.matching.__file__).parent
    text = "\n".join(each.read_text(encoding="utf-8") for each in folder.glob("*.py"))
    codes = set(re.findall(r'"((?:match|settle|asked|matching|ask)\.[a-z-]+(?:\.[a-z_-]+)*)"', text))
    codes -= {
        "match.lab",
        "match.stated",
        "match.given",
        "settle.statement",
        "settle.laboratory",
        "asked.age",
    }
    codes -= {"asked.lines", "asked.lab", "match.tumour", "match.report"}
    for language in Language:
        assert codes <= set(load(language)), codes - set(load(language))


def test_the_shipped_options_say_what_is_made_up() -> None:
    """Only what stands in a source is stated plainly; every eligibility here goes beyond its source."""
    options = read_options([OPTIONS], known(), named())
    assert len(options) >= 40
    assert all("eligibility" in each.illustrative for each in options)
    assert all(each.evidence and each.access for each in options)
