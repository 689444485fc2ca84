"""A case of CTML: a trial, patients, and what each mode should answer; read from YAML, run on files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from presis.matching.ctml import (
    Asking,
    Cohort,
    Coverage,
    Mode,
    Remarks,
    Trial,
    read_cohort,
    read_coverage,
    read_trials,
)

CASES = Path(__file__).parent / "cases" / "ctml"
AT = date(2026, 3, 14)
PERSON = {
    "VITAL_STATUS": "alive",
    "GENDER": "Male",
    "BIRTH_DATE": "1970-01-31",
    "REPORT_DATE": "2020-05-05",
    "ONCOTREE_PRIMARY_DIAGNOSIS_NAME": "Melanoma",
}


def cases() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(CASES.glob("*.yaml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            yield f"{path.stem}: {case['name']}", case


def trial_of(match: list[Any]) -> dict[str, Any]:
    return {
        "protocol_no": "10-001",
        "_summary": {"status": [{"value": "open to accrual"}]},
        "treatment_list": {"step": [{"arm": [{"arm_suspended": "N", "match": match}]}]},
    }


def write(folder: Path, case: dict[str, Any]) -> None:
    """The case as a person would have it: a trial, two files of documents, a table of what was tested."""
    trial = case["trial"] if "trial" in case else trial_of(case["match"])
    (folder / "trial.json").write_text(json.dumps(trial), encoding="utf-8")
    people, records = case.get("patients", {}), case.get("records", {})
    names = sorted({*people, *records})
    clinical, genomic = [], []
    for name in names:
        fields = {"_id": {"$oid": f"id-{name}"}, "SAMPLE_ID": name, **PERSON, **(people.get(name) or {})}
        clinical.append(json.dumps({key: value for key, value in fields.items() if value is not None}))
        given = records.get(name, [])
        for number, record in enumerate([given] if isinstance(given, dict) else given):
            genomic.append(
                json.dumps({"_id": f"{name}{number}", "CLINICAL_ID": {"$oid": f"id-{name}"}, **record})
            )
    (folder / "clinical.jsonl").write_text("\n".join(clinical), encoding="utf-8")
    (folder / "genomic.jsonl").write_text("\n".join(genomic), encoding="utf-8")
    tested = case.get("coverage", [[name, "*", kind] for name in names for kind in ("mutation", "cnv", "sv")])
    lines = ["SAMPLE_ID,gene,type", *(",".join(row) for row in tested if row[0] in names)]
    (folder / "coverage.csv").write_text("\n".join(lines), encoding="utf-8")


def read(folder: Path, mode: Mode) -> tuple[tuple[Trial, ...], Cohort, Coverage, Remarks]:
    """Read the case; raises `BadInput` with everything that is wrong."""
    remarks = Remarks(mode)
    trials = read_trials([folder / "trial.json"], remarks)
    cohort = read_cohort(folder / "clinical.jsonl", folder / "genomic.jsonl", remarks)
    samples = frozenset(each.sample for each in cohort.patients)
    tested = read_coverage(folder / "coverage.csv", samples, remarks)
    remarks.stop()
    return trials, cohort, tested, remarks


def asking(case: dict[str, Any]) -> Asking:
    """Clinical criteria alone make a match in these cases, unless one says otherwise."""
    return Asking(AT, **{"all_clinical_reasons": True, **case.get("options", {})})
