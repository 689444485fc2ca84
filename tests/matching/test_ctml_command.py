"""`presis match ctml` as a person runs it: files, options, what is said of faults."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.matching.ctml_cases import PERSON, trial_of, write

from presis.cli.main import run
from presis.errors import BadInput
from presis.matching.ctml import Mode, Remarks, read_trial
from presis.matching.ctml.coverage import COLUMNS, TYPES
from presis.matching.ctml.criteria import CLINICAL_FIELDS, GENOMIC_FIELDS, GENOMIC_LABELS

KRAS = [{"genomic": {"hugo_symbol": "KRAS", "variant_category": "Mutation"}}]
RECORD = {"TRUE_HUGO_SYMBOL": "KRAS", "VARIANT_CATEGORY": "MUTATION"}


#: nine times nine times nine: a few lines that stand for many
BOMB = "".join(f"x{at}: &x{at} [{', '.join([f'*x{at - 1}'] * 9)}]\n" for at in range(1, 10))
BOMB = f"protocol_no: 1\nx0: &x0 [a]\n{BOMB}treatment_list: {{step: *x9}}\n"
TWICE = """
protocol_no: 1
treatment_list: {step: [{arm: [{match: [{
  genomic: {hugo_symbol: KRAS},
  genomic: {hugo_symbol: BRAF}}]}]}]}
"""


def deep(levels: int) -> str:
    opened = "".join('{"and": [' if at % 2 else '{"or": [' for at in range(levels))
    return json.dumps(trial_of(["HERE"])).replace('"HERE"', opened + json.dumps(KRAS[0]) + "]}" * levels)


def ors(several: int) -> str:
    """Each `or` beside the next, each with an `and` that has its own: MatchEngine's way branches at each."""
    return json.dumps(trial_of([{"or": [{"and": [KRAS[0], {"or": KRAS}]}]}] * several))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path, {"match": KRAS, "records": {"B": RECORD, "A": RECORD, "C": []}})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def command(*trials: str, options: str = "") -> list[str]:
    given_files = ["--clinical", "clinical.jsonl", "--genomic", "genomic.jsonl"]
    return ["match", "ctml", *(trials or ("trial.json",)), *given_files, *options.split()]


def test_a_list_of_samples_for_each_trial(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command(options="--mode ctml --json")) == 0
    said = capsys.readouterr()
    assert json.loads(said.out) == {"10-001": ["A", "B"]}
    assert said.err == ""


def test_clinical_criteria_alone_are_told_of_and_make_a_match_if_asked(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(place, {"match": [{"clinical": {"age_numerical": ">=18"}}], "records": {"B": RECORD, "A": RECORD}})
    assert run(command(options="--mode ctml --json")) == 0
    said = capsys.readouterr()
    assert json.loads(said.out) == {"10-001": []}
    assert said.err.startswith("presis: warning: 10-001: clinical criteria alone lead to 2 of the samples")
    assert run(command(options="--mode ctml --report-all-clinical-reasons --json")) == 0
    said = capsys.readouterr()
    assert json.loads(said.out) == {"10-001": ["A", "B"]}
    assert said.err == ""
    assert run(command(options="--json")) == 0
    strict = json.loads(capsys.readouterr().out)["10-001"]
    assert strict["satisfied"] == ["A", "B"]
    assert [each["why"] for each in strict["differs"]] == [[{"code": "clinical_alone"}]] * 2


def test_strict_is_the_default_and_tells_why(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command(options="--json")) == 0
    assert json.loads(capsys.readouterr().out) == {
        "10-001": {
            "satisfied": ["A", "B"],
            "unknown": [
                {"sample": "C", "settled_by": [{"code": "test_gene", "gene": "KRAS", "types": "mutation"}]}
            ],
            "differs": [
                {
                    "sample": "C",
                    "upstream": "no_match",
                    "strict": "unknown",
                    "why": [{"code": "not_tested", "gene": "KRAS", "types": "mutation"}],
                }
            ],
        }
    }
    assert run(command(options="--coverage coverage.csv --json")) == 0
    assert json.loads(capsys.readouterr().out)["10-001"]["unknown"] == []


def test_tables_for_people(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command()) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "10-001: 2 satisfied, 1 unknown."
    assert lines[-1].split(maxsplit=2) == ["C", "unknown", "no match     test gene KRAS mutation"]
    assert run(command(options="--mode ctml")) == 0
    assert capsys.readouterr().out.splitlines() == ["10-001: 2 matched.", "  A", "  B"]


@pytest.mark.parametrize("form", ["lines", "list", "yaml", "folder"])
def test_several_trials_in_one_go(place: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = trial_of(KRAS), trial_of([{"clinical": {"gender": "Female"}}]) | {"protocol_no": "10-002"}
    if form == "lines":
        Path("both.json").write_text(f"{json.dumps(one)}\n{json.dumps(other)}\n", encoding="utf-8")
    elif form == "list":
        Path("both.json").write_text(json.dumps([one, other]), encoding="utf-8")
    elif form == "yaml":
        Path("both.json").with_suffix(".yml").write_text(yaml.safe_dump_all([one, other]), encoding="utf-8")
    else:
        Path("both").mkdir()
        for trial in (one, other):
            Path("both", f"{trial['protocol_no']}.json").write_text(json.dumps(trial), encoding="utf-8")
    name = {"yaml": "both.yml", "folder": "both"}.get(form, "both.json")
    assert run(command(name, options="--mode ctml --json")) == 0
    assert json.loads(capsys.readouterr().out) == {"10-001": ["A", "B"], "10-002": []}


def test_ages_count_today_unless_a_date_is_given(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(
        place,
        {"match": [{"clinical": {"age_numerical": ">=18"}}], "patients": {"A": {"BIRTH_DATE": "2000-01-01"}}},
    )
    for options, found in (("", ["A"]), ("--age-at 2010-01-01", [])):
        asked = f"--mode ctml --report-all-clinical-reasons --json {options}"
        assert run(command(options=asked)) == 0
        assert json.loads(capsys.readouterr().out) == {"10-001": found}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--age-at yesterday", "field --age-at: 'yesterday' is no date; write it as 2026-03-14."),
        ("--mode lax", "field --mode: 'lax' is no mode; use one of ctml, strict."),
        ("--coverage none.csv", "none.csv: can't be read: No such file or directory"),
    ],
)
def test_an_option_that_cannot_be_used(
    place: Path, options: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command(options=options)) == 2
    assert capsys.readouterr().err == f"presis: {said}\n"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("trial.json", "{", "trial.json, line 1: is no JSON that can be read"),
        ("trial.json", "{}", "trial.json: is no trial: a mapping with protocol_no and treatment_list"),
        ("trial.json", "[1]", "trial.json: is no trial: a mapping with protocol_no and treatment_list"),
        ("trial.yaml", "a: [b, c}", "trial.yaml, line 1: is no YAML that can be read"),
        ("trial.yaml", "", "trial.yaml: holds no trial"),
        ("trial.yaml", "&a {protocol_no: 1, treatment_list: {step: *a}}", "trial.yaml, field treatment_list: is nested more than 200 deep, or inside itself; write it flatter"),
        ("trial.json", "[" * 100_000, "trial.json: is nested too deep, or inside itself; write it flatter"),
        ("trial.json", deep(250), "trial.json, field treatment_list: is nested more than 200 deep, or inside itself; write it flatter"),
        ("trial.json", ors(300), "trial.json: is nested too deep, or inside itself; write it flatter"),
        ("trial.yaml", BOMB, "trial.yaml, field treatment_list: holds more than 200,000 values; split the trial"),
        ("trial.json", "[]", "trial.json: holds no trial"),
        ("trial.yaml", TWICE, "trial.yaml, line 5: genomic stands twice in one mapping, and only the later one counts; make it two items of a list"),
        ("trial.json", json.dumps(trial_of(KRAS)).replace('{"genomic', '{"genomic": {}, "genomic'), "trial.json: genomic stands twice in one mapping, and only the later one counts; make it two items of a list"),
        ("clinical.jsonl", "[]", "clinical.jsonl, line 1: should be one JSON object a line"),
        ("clinical.jsonl", '{"_id": 1}', "clinical.jsonl, line 1: SAMPLE_ID should be text"),
        ("clinical.jsonl", '{"SAMPLE_ID": "A"}\n{"SAMPLE_ID": "A"}', "clinical.jsonl, line 2: A or its _id is there twice; give each sample once"),
        ("clinical.jsonl", '{"SAMPLE_ID": "A", "BIRTH_DATE": "31.1.1970"}', "clinical.jsonl, line 1: BIRTH_DATE should be a date, such as 1970-05-31"),
        ("genomic.jsonl", '{"CLINICAL_ID": "id-A", "VARIANT_CATEGORY": ["SV"]}', "genomic.jsonl, line 1: VARIANT_CATEGORY should be one value"),
        ("genomic.jsonl", "nothing", "genomic.jsonl, line 1: should be one JSON object a line"),
        ("coverage.csv", "a,b", "coverage.csv, line 1: should have the columns SAMPLE_ID, gene, type"),
        ("coverage.csv", "SAMPLE_ID,gene,type\nA,KRAS", "coverage.csv, line 2: should hold a sample, a gene and a type"),
        ("coverage.csv", "SAMPLE_ID,gene,type\nA,KRAS,fusion", "coverage.csv, line 2: type should be one of mutation, small_variant, cnv, amplification, deletion, sv"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_one_sentence(
    place: Path, name: str, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(name).write_text(text, encoding="utf-8")
    trial = name if name.startswith("trial") else "trial.json"
    assert run(command(trial, options="--coverage coverage.csv")) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line for line in lines if "warning" not in line] == [f"presis: {said}"]


@pytest.mark.parametrize(
    ("leaf", "path", "said"),
    [
        ({"genomic": {"hugo_symbol": ["KRAS"]}}, "genomic.hugo_symbol", "should be one value: text, a number, true or false"),
        ({"genomic": {"hugo_symbol": 7}}, "genomic.hugo_symbol", "should be text"),
        ({"genomic": {"variant_category": 1}}, "genomic.variant_category", "should be text"),
        ({"genomic": {"mmr_status": "high"}}, "genomic.mmr_status", "should be one of MMR-Deficient, MSI-H, MMR-Proficient, MSS, MSI-L"),
        ({"genomic": {"apobec_signature": True}}, "genomic.apobec_signature", "should be the text Yes or No (in quotes)"),
        ({"genomic": {"wildtype": "true"}}, "genomic.wildtype", "should be true or false, without quotes"),
        ({"genomic": {"exon": "twenty"}}, "genomic.exon", "should be a whole number"),
        ({"genomic": "KRAS"}, "genomic", "should be a mapping of keys and values"),
        ({"genomic": {}}, "genomic", "asks nothing"),
        ({"clinical": {"her2_status": "3+"}}, "clinical.her2_status", "should be Positive, Negative or Unknown"),
        ({"clinical": {"age_numerical": 18}}, "clinical.age_numerical", "should be an operator (>=, >, <=, <, ==) and a number without a space, such as >=18 or <0.5"),
        ({"and": "all"}, "and", "should be a list"),
    ],
)  # fmt: skip
def test_a_value_that_is_not_understood_has_its_path(leaf: dict[str, Any], path: str, said: str) -> None:
    remarks = Remarks(Mode.STRICT)
    read_trial(trial_of([leaf]), "trial.json", remarks)
    with pytest.raises(BadInput) as error:
        remarks.stop()
    assert str(error.value) == f"trial.json, field treatment_list.step[0].arm[0].match[0].{path}: {said}"


def test_records_and_coverage_of_strangers_are_told(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("genomic.jsonl").write_text('{"CLINICAL_ID": "x"}', encoding="utf-8")
    Path("coverage.csv").write_text("SAMPLE_ID,gene,type\nZ,KRAS,mutation\n", encoding="utf-8")
    assert run(command(options="--coverage coverage.csv --json")) == 0
    assert capsys.readouterr().err.splitlines() == [
        "presis: warning: genomic.jsonl: records without a clinical document: 1, such as of x",
        "presis: warning: coverage.csv: samples without a clinical document: 1, such as Z",
    ]


def test_dates_and_ids_as_mongodb_exports_them(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    person = {"_id": {"$oid": "5d2799"}, "SAMPLE_ID": "A", **PERSON}
    person |= {
        "BIRTH_DATE": {"$date": {"$numberLong": "2678400000"}},
        "REPORT_DATE": {"$date": "2020-01-01T00:00:00Z"},
    }
    Path("clinical.jsonl").write_text(json.dumps(person), encoding="utf-8")
    record = {
        "SAMPLE_ID": "A",
        "VARIANT_CATEGORY": "SV",
        "LEFT_PARTNER_GENE": "ALK",
        "RIGHT_PARTNER_GENE": None,
    }
    Path("genomic.jsonl").write_text(json.dumps(record), encoding="utf-8")
    fusion = {"hugo_symbol": "ALK", "variant_category": "Structural Variation"}
    match = [{"genomic": fusion, "clinical": {"age_numerical": ">=50"}}]
    Path("trial.json").write_text(json.dumps(trial_of(match)), encoding="utf-8")
    for at, found in (("2020-01-31", []), ("2020-02-01", ["A"])):
        assert run(command(options=f"--mode ctml --json --age-at {at}")) == 0
        assert json.loads(capsys.readouterr().out) == {"10-001": found}


VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 300) | st.sampled_from(["!", "", ">=18", "Y", "!KRAS", "SV"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "and",
                    "or",
                    "genomic",
                    "clinical",
                    "match",
                    "arm",
                    "step",
                    *GENOMIC_FIELDS,
                    *CLINICAL_FIELDS,
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(VALUE, VALUE, st.sampled_from(Mode))
def test_whatever_stands_in_a_trial_is_read_or_remarked_on(treatment: Any, summary: Any, mode: Mode) -> None:
    remarks = Remarks(mode)
    read_trial({"protocol_no": "1", "treatment_list": treatment, "_summary": summary}, "trial", remarks)
    read_trial(trial_of([treatment]), "trial", remarks)
    assert all(problem.code.startswith("ctml.") for problem in remarks.errors)


def test_every_key_column_and_code_is_documented() -> None:
    root = Path(__file__).parents[2]
    page = (root / "docs/reference/ctml.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`([^`]+)`", page))
    assert {*GENOMIC_FIELDS, *GENOMIC_LABELS, *CLINICAL_FIELDS, *COLUMNS, *TYPES} <= told
    source = "\n".join(
        path.read_text(encoding="utf-8") for path in (root / "src/presis/matching/ctml").glob("*.py")
    )
    codes = {code for pair in re.findall(r'unknown\(\s*"(\w+)",\s*"(\w+)"', source) for code in pair}
    codes |= set(re.findall(r'(?:Outcome\([\w.]+|Truth\.YES\)?), "(\w+)"', source))
    assert len(codes) > 15
    assert codes <= told
