"""A cut on disk: many processes answer as one, and what can't be used is said in a sentence."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bulk_strategies import AT

from presis.cli.main import run as presis
from presis.knowledge import load_library
from presis.matching.answering import Questions
from presis.matching.bulk.engine import Job, run
from presis.matching.bulk.rows import tables_of
from presis.matching.case_reading import with_case
from presis.matching.known import known_of
from presis.matching.subject import Subject
from presis.methods.rules import Truth, evaluate
from presis.record.cut_files import open_cut, write_manifest, write_partition

CASES = [
    "tumour: COAD\nbirth: 1958-04\necog: {value: 1, on: 2026-10-20}\n",
    "tumour: LUAD\nbirth: 2010\n",
    "tumour: BRCA\nbirth: 1971-01-02\necog: {value: 3, on: 2026-10-20}\n",
    "tumour: AML\n",
    "{}\n",
]
OPTION = """options:
  - id: invented-adults
    kind: trial_cohort
    name: {{en: Invented, nb: Oppdiktet}}
    drug: olaparib
    offers: {{en: tablets, nb: tabletter}}
    valid_from: 2026-01-01
    eligibility:
      all:
        - tumour: {{codes: [SOLID]}}
        - age: {{at_least: {age}}}
        - ecog: {{at_most: 2, within_days: 60}}
    evidence: [{{text: invented, source: this test, confidence: read}}]
    access: [{{status: trial, source: this test, confidence: illustrative}}]
    illustrative: [eligibility, access]
"""


@pytest.fixture
def cut(tmp_path: Path) -> Path:
    """Two partitions of patients made of case files, and two versions of an option."""
    known = known_of(load_library())
    folder, told = tmp_path / "cut", {}
    for place, texts in enumerate((CASES[:3], CASES[3:])):
        subjects: list[tuple[str, Subject]] = []
        for number, text in enumerate(texts):
            case = tmp_path / f"case-{place}-{number}.yaml"
            case.write_text(text, encoding="utf-8")
            subjects.append((f"P{place}{number}", with_case(Subject(name="x"), [case], known, AT)))
        told[f"part-{place}.parquet"] = write_partition(folder, f"part-{place}.parquet", tables_of(subjects))
    write_manifest(folder, told, purpose="test")
    for name, age in (("old", 18), ("new", 60)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "options.yaml").write_text(OPTION.format(age=age), encoding="utf-8")
    return folder


def answers(cut: Path, workers: int) -> dict[str, int]:
    job = Job(cut, (cut.parent / "old",), AT)
    rows = [row for table in run(job, workers) for row in table.to_pylist()]
    return {row["sample"]: row["invented-adults"] for row in rows}


def test_two_processes_answer_as_one_and_as_each_patient_alone(cut: Path) -> None:
    told = answers(cut, 1)
    assert told == answers(cut, 2)
    known = known_of(load_library())
    (option,) = Job(cut, (cut.parent / "old",), AT).load(known)
    for path in sorted(cut.parent.glob("case-*.yaml")):
        subject = with_case(Subject(name="x"), [path], known, AT)
        single = evaluate(option.rule, Questions(subject, known, AT).ask).truth
        _, place, number = path.stem.split("-")
        assert told[f"P{place}{number}-1"] == single
    assert sorted(told.values()) == [Truth.NO, Truth.NO, Truth.NO, Truth.UNKNOWN, Truth.YES]


def test_the_command_writes_a_column_an_option(cut: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = cut.parent / "answers.parquet"
    arguments = [
        "match",
        "bulk",
        "--cut",
        str(cut),
        "--out",
        str(out),
        "--at",
        "2026-11-01",
        "--workers",
        "1",
    ]
    assert presis([*arguments, "--options", str(cut.parent / "old"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["tumours"], told["options"]) == (5, 1)
    table = pq.read_table(out)
    assert table.schema.field("invented-adults").type == pa.uint8()
    assert presis(arguments) == 0  # the programme's own, with every approved indication
    assert pq.read_table(out).num_columns > 100


def test_an_option_that_does_not_hold_that_day_is_no_column(cut: Path) -> None:
    job = Job(cut, (cut.parent / "old",), date(2025, 12, 31))
    assert next(table.column_names for table in run(job, 1)) == ["sample", "patient"]


def test_a_change_of_rules_says_who_moves(cut: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = str(cut.parent / "old"), str(cut.parent / "new")
    arguments = ["rules", "diff", old, new, "--cut", str(cut), "--at", "2026-11-01"]
    assert presis([*arguments, "--json"]) == 0
    (changed,) = json.loads(capsys.readouterr().out)["changed"]
    assert changed["moved"] == []  # born in 1958: eligible still; the others were excluded before
    moved = OPTION.format(age=70)
    (cut.parent / "new" / "options.yaml").write_text(moved, encoding="utf-8")
    assert presis(arguments) == 0
    assert capsys.readouterr().out.splitlines() == [
        "invented-adults: 1 of 5 tumours change.",
        "  eligible -> excluded: 1",
        "    P00-1",
    ]
    assert presis(["rules", "diff", old, old, "--cut", str(cut)]) == 0
    assert capsys.readouterr().out == "No option is new, gone, or has another rule.\n"


def gone(cut: Path) -> None:
    shutil.rmtree(cut)


def without_a_file(cut: Path) -> None:
    (cut / "findings" / "part-0.parquet").unlink()


def cut_short(cut: Path) -> None:
    path = cut / "samples" / "part-0.parquet"
    path.write_bytes(path.read_bytes()[:-20])


def without_a_column(cut: Path) -> None:
    path = cut / "samples" / "part-0.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["tumour"]), path)


def of_a_stranger(cut: Path) -> None:
    path = cut / "findings" / "part-0.parquet"
    schema = pq.read_table(path).schema
    pq.write_table(
        pa.Table.from_pylist([{"sample": "P99-1", "kind": "fusion", "genes": "ALK"}], schema), path
    )


def without_the_patient(cut: Path) -> None:
    path = cut / "patients" / "part-0.parquet"
    pq.write_table(pq.read_table(path).slice(1), path)


def told_twice(cut: Path) -> None:
    path = cut / "observations" / "part-0.parquet"
    table = pq.read_table(path)
    pq.write_table(pa.concat_tables([table, table]), path)


def of_another_format(cut: Path) -> None:
    (cut / "manifest.json").write_text('{"format": "other/1"}', encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (gone, "cut: holds no manifest.json; name the folder of a cut."),
        (of_another_format, "cut: is a cut of the format 'other/1'; this version reads presis.cut/1."),
        (without_a_file, "findings/part-0.parquet: is missing; make the cut anew."),
        (cut_short, "samples/part-0.parquet: isn't readable as Parquet; make the cut anew."),
        (without_a_column, "samples/part-0.parquet, field tumour: lacks tumour; make the cut anew with this version."),
        (of_a_stranger, "a row of findings is of P99-1, which samples doesn't hold; make the cut anew."),
        (told_twice, "a patient has ecog twice; a cut holds the newest alone, so make it anew."),
        (without_the_patient, "a sample's patient stands not once in patients; make the cut anew."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_damaged_cut_is_told_and_nothing_is_written(
    damage: Callable[[Path], Any], said: str, workers: str, cut: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damage(cut)
    out = cut.parent / "answers.parquet"
    arguments = [
        "--options",
        str(cut.parent / "old"),
        "--out",
        str(out),
        "--workers",
        workers,
        "--at",
        "2026-11-01",
    ]
    assert presis(["match", "bulk", "--cut", str(cut), *arguments]) == 2
    assert said in capsys.readouterr().err
    assert sorted(path.name for path in cut.parent.glob("*answers*")) == []


def test_a_cut_lists_its_partitions(cut: Path) -> None:
    assert open_cut(cut).partitions == ("part-0.parquet", "part-1.parquet")


def test_spark_answers_as_the_processes_do(cut: Path) -> None:
    pytest.importorskip("pyspark", reason="PySpark isn't installed (presis[spark])")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java, which isn't installed")
    out = cut.parent / "spark"
    arguments = ["--options", str(cut.parent / "old"), "--out", str(out), "--at", "2026-11-01"]
    assert presis(["match", "bulk", "--cut", str(cut), *arguments, "--engine", "spark"]) == 0
    rows = pq.read_table(out).to_pylist()
    assert {row["sample"]: row["invented-adults"] for row in rows} == answers(cut, 1)


def test_spark_that_is_not_installed_is_told(
    cut: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    out = cut.parent / "spark"
    assert presis(["match", "bulk", "--cut", str(cut), "--out", str(out), "--engine", "spark"]) == 2
    assert "PySpark isn't installed; install presis[spark]" in capsys.readouterr().err
