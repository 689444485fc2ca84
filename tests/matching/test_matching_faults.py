"""Bad input to matching: one clear sentence with file, line and what to do; every fault at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.matching.eligibility_cases import AT, known, named, patient
from tests.matching.test_matching_patient import option

from presis.errors import BadInput
from presis.matching.case_reading import add_case
from presis.matching.option_forms import parse_options
from presis.matching.rule_checks import check_options, contradictions
from presis.matching.subject import Subject
from presis.matching.yaml_text import MOST_BYTES, parse_yaml, read_yaml


def faults(text: str, subject: Subject | None = None) -> list[str]:
    with pytest.raises(BadInput) as error:
        add_case(subject or Subject(name="P-1"), parse_yaml(text, "case.yaml"), known(), AT)
    return [str(each) for each in error.value.problems]


CASES = {
    "birth: 2061-04-23": "case.yaml, line 1, field birth: 2061-04-23 is after the day asked about (2026-03-14); "
    "mend it, or ask about a later day with --at",
    "birth: 2001-02-30": "case.yaml, line 1, field birth: '2001-02-30' is no day; write it as 2026-03-14, 2026-03 "
    "or 2026",
    "ecog: {value: 7}": "case.yaml, line 1, field ecog.value: should be less than or equal to 5",
    "tumour: LUNGS": "case.yaml, line 1, field tumour: 'LUNGS' is no code of this OncoTree release; did you mean "
    "LUNG?",
    "treatments: [{drugs: [osimertinb]}]": "case.yaml, line 1, field treatments[0].drugs[0]: 'osimertinb' is no "
    "drug that is known; did you mean osimertinib?",
    "treatments: [{line: 1}]": "case.yaml, line 1, field treatments[0]: names no drug; give drugs, or other for one "
    "not held",
    "laboratory: [{test: creatinin, value: 1, unit: mg/dl}]": "case.yaml, line 1, field laboratory[0].test: "
    "'creatinin' is no laboratory test that is held; did you mean creatinine?",
    "laboratory: [{test: creatinine, value: 1}]": "case.yaml, line 1, field laboratory[0]: creatinine has a value "
    "without its unit; write it, such as µmol/l",
    "laboratory: [{test: creatinine, value: 1, unit: stone}]": "case.yaml, line 1, field laboratory[0].unit: 'stone' "
    "is no unit of creatinine that is held; write one of µmol/l, mg/dl",
    "laboratory: [{test: LVEF, value: 160, unit: '%'}]": "case.yaml, line 1, field laboratory[0].value: LVEF of 160 % "
    "can't be a patient's (accepted: 1 to 100 %); see to value and unit",
    "laboratory: [{test: bilirubin, value: 12, unit: µmol/l, upper_limit: 0}]": "case.yaml, line 1, field "
    "laboratory[0].upper_limit: should be greater than 0",
    "laboratory: [{test: bilirubin, value: 12, unit: µmol/l, upper_limit: 0.025}]": "case.yaml, line 1, field "
    "laboratory[0].upper_limit: an upper limit of 0.025 µmol/l can't be a laboratory's (accepted: 10 to 60 µmol/l); "
    "write it in the value's unit",
    "laboratory: [{test: haemoglobin, value: .nan, unit: g/l}]": "case.yaml, line 1, field laboratory[0].value: "
    "should be a finite number",
    "birth: 1850-01-01": "case.yaml, line 1, field birth: 1850-01-01 is more than 125 years before the day asked about "
    "(2026-03-14); see to it",
    "standard_treatment: {state: exhausted}": "case.yaml, line 1, field standard_treatment: is a statement of a day; "
    "give it, as on: 2026-03-14",
    "colour: red": "case.yaml, line 1, field colour: colour is no key of a case; see the reference of case.yaml",
}  # fmt: skip


@pytest.mark.parametrize("text", CASES)
def test_a_fault_of_a_case_is_one_sentence(text: str) -> None:
    assert faults(text) == [CASES[text]]


CONTRADICTIONS = {
    "sex: male\npregnant: {value: true}": "pregnant: says pregnant of a man; see to sex and pregnant",
    "died: 2026-01-01\nalive: {value: true}": "alive: says alive, and died says 2026-01-01; one of them is wrong",
    "died: 2026-01-01\necog: {value: 1, on: 2026-02-01}": "ecog.on: 2026-02-01 is after the patient died (2026-01-01)",
    "birth: 1990\ntreatments: [{drugs: [olaparib], start: 1980}]": "treatments[0].start: 1980 is before the patient "
    "was born (1990)",
    "treatments: [{drugs: [olaparib], start: 2025-05, end: 2025-01}]": "treatments[0].end: it ended (2025-01) before "
    "it began (2025-05)",
    "treatments: [{drugs: [olaparib], end: 2025-01, ongoing: true}]": "treatments[0]: is ongoing and has an end; leave "
    "one of them out",
    "stage: IV\nextent: localised": "extent: says localised, and stage says IV; one of them is wrong",
    "laboratory: [{test: INR, value: 1, unit: '1', on: 2026-01-01}, {test: INR, value: 2, unit: '1', on: 2026-01-01}]":
    "laboratory[1]: INR of 2026-01-01 stands twice, with different values; keep one",
    "statements: [{of: heart_failure, value: true}, {of: heart_failure, value: false}]": "statements[1]: heart_failure "
    "stands twice; keep one of them",
}  # fmt: skip


@pytest.mark.parametrize("text", CONTRADICTIONS)
def test_what_contradicts_itself_is_told(text: str) -> None:
    (fault,) = faults(text)
    assert fault.partition("field ")[2] == CONTRADICTIONS[text]


def test_what_contradicts_the_report_is_told() -> None:
    subject = patient({"type": "COAD"}, None)
    assert faults("tumour: BLCA\npseudonym: P-9", subject) == [
        "case.yaml, line 1, field tumour: says BLCA, and report: tumour says COAD, which is another tumour type",
        "case.yaml, line 2, field pseudonym: says P-9, and report is of P-1; see that both are the patient's",
    ]


def test_every_fault_of_a_case_is_told_at_once_in_the_order_of_lines() -> None:
    told = faults("birth: 2061-01-01\nstage: 5\ncolour: red\nlaboratory: [{test: x, value: 1, unit: g/l}]")
    assert [each.split(", ")[1] for each in told] == ["line 1", "line 2", "line 3", "line 4"]


RULES = {
    "{fusion: {genes: [RETT]}}": "fusion: 'RETT' is no gene that is known; did you mean RET?",
    "{laboratory: {test: neutrophils, at_least: 1}}": "laboratory: unit is missing",
    "{laboratory: {test: neutrophils, unit: 10^9/l}}": "laboratory: needs at_least or at_most",
    "{laboratory: {test: platelets, above: 75, at_least: 80, unit: 10^9/l}}": "laboratory: takes at_least or above, and "
    "at_most or below, not both",
    "{age: {at_least: 18, at_most: 12}}": "age: nothing is at least 18 and at most 12",
    "{tmb: {at_least: 10}}": "tmb: unit is missing",
    "{protein: {marker: PD-L1 TPS, at_least: 50}}": "protein: a threshold of PD-L1 TPS needs its unit: %",
    "{small_variant: {gene: BRAF, least_fraction: 30}}": "small_variant: least_fraction 30: should be less "
    "than or equal to 1",
    "{small_variant: {gene: BRAF, proteins: [V600E]}}": "small_variant: 'V600E' is no protein change; write it as "
    "p.V600E",
    "{fussion: {genes: [RET]}}": "'fussion' is no criterion; did you mean fusion?",
    "{tumour: {codes: [LUNGS]}}": "tumour: 'LUNGS' is no code of this OncoTree release; did you mean LUNG?",
    "{treated_with: {classes: [RETT inhibitor]}}": "treated_with: no drug that is known is of the class 'RETT "
    "inhibitor'; did you mean RET inhibitor?",
    "{uses: adults}": "no rule is named 'adults'; did you mean adult?",
    "{all: []}": "expected a list with at least one rule",
    "{age: 18}": "age takes keys: at_least, at_most",
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_a_fault_of_a_rule_is_one_sentence_with_its_line(rule: str) -> None:
    with pytest.raises(BadInput) as error:
        option(rule=rule)
    (problem,) = error.value.problems
    assert (problem.message, problem.where.file) == (RULES[rule], "options.yaml")
    assert problem.where.line == 11


def test_named_rules_that_use_each_other_are_told() -> None:
    from presis.matching.rule_reading import read_named

    text = parse_yaml(
        "rules:\n- {name: a, source: s, rule: {uses: b}}\n- {name: b, source: s, rule: {uses: a}}", "r.yaml"
    )
    with pytest.raises(BadInput, match="the named rules use each other: b → a → b"):
        read_named(text, known())


def test_a_drugs_rule_takes_the_place_of_a_named_part() -> None:
    own = "replaces: {kidneys: {laboratory: {test: creatinine_clearance, at_least: 60, unit: ml/min}}}"
    from presis.matching.criteria import LaboratoryIs
    from presis.methods.rules import leaves

    tests = {e.test for e in leaves(option(rule="{uses: adequate-organ-function}", more=own).rule)
             if isinstance(e, LaboratoryIs)}  # fmt: skip
    assert "creatinine" not in tests
    assert {"creatinine_clearance", "neutrophils", "AST"} <= tests


CANT = {
    "{all: [{age: {at_least: 18}}, {age: {at_most: 12}}]}": "can't hold: age 18 or more, and age 12 or less",
    "{all: [{fusion: {genes: [RET]}}, {not: {fusion: {genes: [RET]}}}]}": "can't hold: it asks for RET fusion and for "
    "its opposite",
    "{any: [{sex: {sex: male}}, {not: {sex: {sex: male}}}]}": "always holds: sex male or its opposite",
    "{all: [{tumour: {codes: [NSCLC]}}, {tumour: {codes: [COADREAD]}}]}": "can't hold: tumour type Non-Small Cell Lung Cancer (NSCLC), "
    "and tumour type Colorectal Adenocarcinoma (COADREAD)",
    "{all: [{tumour: {codes: [LUAD]}}, {tumour: {codes: [SOLID], excluded: [NSCLC]}}]}": "can't hold: tumour type "
    "Lung Adenocarcinoma (LUAD), and tumour type any solid tumour, but not Non-Small Cell Lung Cancer (NSCLC)",
    "{laboratory: {test: haemoglobin, at_least: 90, unit: g/dl}}": "can't hold: haemoglobin 90 g/dl or more; values of "
    "haemoglobin lie between 1 and 25 g/dl",
    "{laboratory: {test: creatinine, at_most: 120, unit: mg/dl}}": "always holds: creatinine 120 mg/dl or less; values "
    "of creatinine lie between 5 and 3000 µmol/l",
    "{tumour: {codes: [COAD], excluded: [COADREAD]}}": "can't hold: tumour type "
    "Colon Adenocarcinoma (COAD), but not Colorectal Adenocarcinoma (COADREAD)",
    "{at_least: {count: 3, of: [{sex: {sex: male}}]}}": "can't hold: at least 3 of 1",
    "{all: [{laboratory: {test: haemoglobin, at_least: 10, unit: g/dl}}, {laboratory: {test: haemoglobin, at_most: 60,"
    " unit: g/l}}]}": "can't hold: haemoglobin 10 g/dl or more, and haemoglobin 60 g/l or less",
    "{all: [{laboratory: {test: platelets, above: 75, unit: 10^9/l}}, {laboratory: {test: platelets, at_most: 75, unit:"
    " 10^9/l}}]}": "can't hold: platelets above 75 10^9/l, and platelets 75 10^9/l or less",
    "{all: [{age: {at_least: 18}}, {any: [{age: {at_most: 12}}, {sex: {sex: male}}]}]}": "a part of an any can't hold: "
    "age 18 or more, and age 12 or less",
    "{all: [{age: {at_least: 18}}, {any: [{all: [{age: {at_most: 12}}, {ecog: {at_most: 1}}]}, {sex: {sex: male}}]}]}":
    "a part of an any can't hold: age 18 or more, and age 12 or less",
    "{all: [{fusion: {genes: [RET]}}, {any: [{not: {fusion: {genes: [RET]}}}, {sex: {sex: male}}]}]}": "a part of an any "
    "can't hold: it asks for RET fusion and for its opposite",
}  # fmt: skip


@pytest.mark.parametrize("rule", CANT)
def test_a_rule_that_can_not_hold_is_told(rule: str) -> None:
    assert contradictions(option(rule=rule).rule, known()) == (CANT[rule],)


@pytest.mark.parametrize(
    "rule",
    [
        "{all: [{tumour: {codes: [COAD]}}, {tumour: {codes: [SOLID], excluded: [NSCLC]}}]}",
        "{all: [{tumour: {codes: [NSCLC]}}, {tumour: {codes: [SOLID], excluded: [LUAD]}}]}",
        "{laboratory: {test: creatinine, at_most: 1.5, unit: ULN}}",
        "{laboratory: {test: LVEF, at_least: 50, unit: '%'}}",
    ],
)
def test_a_rule_that_can_hold_is_no_fault(rule: str) -> None:
    assert contradictions(option(rule=rule).rule, known()) == ()


def test_a_fault_of_form_hides_no_fault_of_another_kind(tmp_path: Path) -> None:
    from presis.matching.option_forms import read_sound

    rows = OPTION_TEXT.split("options:")[1]
    late = rows.format(id="one", rule="{all: [{age: {at_least: 18}}, {age: {at_most: 12}}]}", until=2020)
    unit = rows.format(id="two", rule="{tmb: {at_least: 10}}", until=2030)
    sound = rows.format(id="three", rule="{at_least: {count: 3, of: [{sex: {sex: male}}]}}", until=2030)
    (tmp_path / "a.yaml").write_text("options:" + late + unit + sound + sound, encoding="utf-8")
    options, faults = read_sound([tmp_path], known(), named())
    faults += check_options(options, known())[0]
    assert [str(each).partition(", field ")[2] or str(each) for each in faults] == [
        "options[0].valid_until: 2020-01-01 is before valid_from (2024-01-01)",
        "options[0].eligibility: can't hold: age 18 or more, and age 12 or less",
        "options[1].eligibility.tmb: tmb: unit is missing",
        "options[3].id: the id three stands in a.yaml line 26, too; ids are unique",
        "a.yaml, line 26: three: can't hold: at least 3 of 1",
        "a.yaml, line 38: three: can't hold: at least 3 of 1",
    ]


OPTION_TEXT = """
options:
  - id: {id}
    kind: trial_cohort
    trial: T
    name: {{en: a, nb: a}}
    drug: trametinib
    offers: {{en: a, nb: a}}
    valid_from: 2024-01-01
    valid_until: {until}-01-01
    eligibility: {rule}
    evidence: [{{text: a, source: b, confidence: recalled}}]
    access: [{{status: trial, source: a, confidence: read}}]
"""


def test_cohorts_that_take_the_same_patients_are_told_and_no_fault() -> None:
    rule = "{all: [{tumour: {codes: [NSCLC]}}, {fusion: {genes: [RET]}}]}"
    wider = "{all: [{tumour: {codes: [SOLID]}}, {fusion: {genes: [RET]}}]}"
    other = "{all: [{tumour: {codes: [BLCA]}}, {fusion: {genes: [RET]}}]}"
    found, remarks = check_options([option("a", rule), option("b", wider), option("c", other)], known())
    assert found == []
    assert [each.message for each in remarks] == [
        "a and b overlap: the same drug, and a marker and tumour type in common",
        "b and c overlap: the same drug, and a marker and tumour type in common",
    ]


def test_the_shipped_options_and_rules_have_no_fault() -> None:
    from presis.matching.option_forms import OPTIONS, read_options

    assert check_options(read_options([OPTIONS], known(), named()), known()) == ([], [])


HOSTILE = {
    "a: &x [1]\nb: *x": "uses an anchor (& or *); write it out, or use a named rule",
    "a: !!python/object:os.system x": "uses the tag",
    "[" * 60 + "]" * 60: "nests deeper than 40 levels; write it flatter",
    "a: [1": "isn't readable as YAML; check indents, colons and quotes",
    "a: 1\na: 2": "the key a stands twice; keep one of them",
}


@pytest.mark.parametrize("text", HOSTILE)
def test_yaml_that_is_no_plain_yaml_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as error:
        parse_yaml(text, "x.yaml")
    assert HOSTILE[text] in str(error.value)


def test_a_rule_file_of_ten_megabytes_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    path.write_bytes(b"options: [" + b"1," * 5 * MOST_BYTES + b"]")
    with pytest.raises(BadInput) as error:
        read_yaml(path)
    assert str(error.value) == "big.yaml: is 10.0 MB; such a file is at most 1 MB"


def test_two_options_with_one_id_are_told(tmp_path: Path) -> None:
    from presis.matching.option_forms import OPTIONS, read_options

    text = (OPTIONS / "off-label.yaml").read_text(encoding="utf-8")
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=r"the id off-label-pembrolizumab-tmb stands in a\.yaml line 4, too"):
        read_options([tmp_path], known(), named())


def test_a_document_without_options_is_told() -> None:
    with pytest.raises(BadInput, match="should hold options: a list, each with an id"):
        parse_options(parse_yaml("a: 1", "x.yaml"), known(), named())
