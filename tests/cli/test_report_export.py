"""`presis report export` as a person meets it: from files and from the record, refusals, sentences."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle

import presis.diagnostics
from presis.cli.main import run
from presis.record.sealing import make_master_key

DEMO = Path(presis.diagnostics.__file__).parent / "demo_data"
CASE = str(DEMO / "invented_colorectal")
OTHER = str(DEMO / "na12878")


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    key = tmp_path_factory.mktemp("apart") / "master.key"
    make_master_key(key, os.urandom)
    monkeypatch.setenv("PRESIS_KEYS", str(key))
    monkeypatch.delenv("PRESIS_RECORD", raising=False)
    monkeypatch.delenv("PRESIS_AS", raising=False)


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert run([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def made(capsys: pytest.CaptureFixture[str], *formats: str) -> list[str]:
    """The files of a report made from the demo's case."""
    wanted = ("report", "make", CASE, "--out", "out", "--format", ",".join(formats))
    return [str(each) for each in as_json(capsys, *wanted)["files"]]


def registered(capsys: pytest.CaptureFixture[str]) -> str:
    run(["record", "init"])
    capsys.readouterr()
    number: str = as_json(capsys, "report", "register", CASE, "--as", "mona.bio")["number"]
    return number


def test_a_report_is_made_as_fhir_beside_its_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert made(capsys, "json", "fhir") == ["out/INVENTED-CRC-1.json", "out/INVENTED-CRC-1.fhir.json"]
    Bundle.model_validate_json(Path("out/INVENTED-CRC-1.fhir.json").read_text(encoding="utf-8"))


def test_a_file_gives_the_bundle_that_was_made_with_it(capsys: pytest.CaptureFixture[str]) -> None:
    report, bundle = made(capsys, "json", "fhir")
    told = as_json(capsys, "report", "export", report, "--format", "fhir", "--out", "again")
    assert told == {"reports": 1, "files": ["again/INVENTED-CRC-1.fhir.json"], "notes": []}
    assert Path(told["files"][0]).read_bytes() == Path(bundle).read_bytes()


def test_a_signed_report_of_the_record_is_final_and_names_who_signed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    number = registered(capsys)
    draft = as_json(
        capsys, "report", "export", number, "--format", "fhir", "--out", "draft", "--as", "kari.lab"
    )
    assert draft["files"] == [f"draft/{number}-v1.fhir.json"]
    digest = as_json(capsys, "report", "show", number, "--as", "kari.lab")["versions"][0]["content_hash"]
    assert run(["report", "sign", number, "--hash", digest, "--as", "kari.lab"]) == 0
    capsys.readouterr()
    signed = as_json(
        capsys, "report", "export", number, "--format", "fhir", "--out", "signed", "--as", "kari.lab"
    )
    states = []
    for each in (*draft["files"], *signed["files"]):
        report = json.loads(Path(each).read_text(encoding="utf-8"))["entry"][0]["resource"]
        states.append((report["status"], len(report.get("resultsInterpreter", ()))))
    assert states == [("preliminary", 0), ("final", 1)]
    assert report["identifier"][0]["value"] == f"{number}, version 1"
    assert report["resultsInterpreter"][0]["display"].startswith("Kari Solbakken, molecular pathologist, ")


def test_who_may_not_see_a_report_exports_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    number = registered(capsys)
    texts = []
    for asked in (number, "R-2026-9999"):
        assert (
            run(["report", "export", asked, "--format", "fhir", "--out", "out", "--as", "hanna.trial"]) == 3
        )
        texts.append(capsys.readouterr().err)
    assert texts[0] == texts[1]
    assert not Path("out").exists()


def test_an_export_from_the_record_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    import sqlite3

    number = registered(capsys)
    assert (
        run(["report", "export", number, "--format", "cbioportal", "--out", "out", "--as", "kari.lab"]) == 0
    )
    with sqlite3.connect("presis.db") as database:
        (table,) = [
            name
            for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if "access" in name
        ]
        logged = [str(row) for row in database.execute(f"SELECT * FROM {table}")]  # noqa: S608 - a name of ours
    assert sum(number in row and "kari.lab" in row for row in logged) == 1


def test_files_and_the_record_make_one_study(capsys: pytest.CaptureFixture[str]) -> None:
    number = registered(capsys)
    assert run(["report", "make", OTHER, "--out", "out", "--format", "json"]) == 0
    capsys.readouterr()
    sources = ["out/CL-NA12878N25-D01.json", number]
    told = as_json(
        capsys, "report", "export", *sources, "--format", "cbioportal", "--out", "study", "--as", "kari.lab"
    )
    assert told["reports"] == 2
    samples = Path("study/case_lists/cases_all.txt").read_text(encoding="utf-8").splitlines()[-1]
    assert samples == "case_list_ids: CL-NA12878N25-D01\tINVENTED-CRC-1"
    assert "INVENTED-CRC-1: 2 variants that the filter left out aren't in the study." in told["notes"]


def test_a_content_that_was_changed_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    (report,) = made(capsys, "json")
    document = json.loads(Path(report).read_text(encoding="utf-8"))
    document["report"]["sample"] = "SOMEBODY-ELSE"
    Path(report).write_text(json.dumps(document), encoding="utf-8")
    assert run(["report", "export", report, "--format", "fhir", "--out", "again"]) == 2
    assert capsys.readouterr().err == (
        f"presis: {report}: the content isn't the one whose hash stands beside it; "
        "it was changed after it was made.\n"
    )
    assert not Path("again").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "can't be read (No such file or directory)."),
        ("no json", "is no JSON; give the JSON of a report."),
        ("[" * 100_000, "is no JSON; give the JSON of a report."),
        ("[]", "is no report of Presis; give the JSON that presis report make or show --out wrote."),
        ('{"report": {}, "status": {}, "content_hash": ""}', "presis_version: Field required."),
    ],
)
def test_a_file_that_is_no_report_is_one_sentence(
    text: str | None, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if text is not None:
        Path("x.json").write_text(text, encoding="utf-8")
    assert run(["report", "export", "x.json", "--format", "fhir", "--out", "out"]) == 2
    assert capsys.readouterr().err == f"presis: x.json: {said}\n"


@pytest.mark.parametrize(
    "status",
    [{}, {"state": "signed"}, {"state": "gone"}, {"state": "signed", "signatures": [{"at": "now"}]}, 3],
)
def test_a_status_that_cannot_be_is_refused(status: Any, capsys: pytest.CaptureFixture[str]) -> None:
    (report,) = made(capsys, "json")
    document = json.loads(Path(report).read_text(encoding="utf-8"))
    document["status"] = status
    Path(report).write_text(json.dumps(document), encoding="utf-8")
    assert run(["report", "export", report, "--format", "fhir", "--out", "again"]) == 2
    assert capsys.readouterr().err == f"presis: {report}, field status: its status can't be read.\n"


def test_a_form_that_is_not_made_and_a_folder_in_use_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    (report,) = made(capsys, "json")
    assert run(["report", "export", report, "--format", "hl7v2", "--out", "again"]) == 2
    assert capsys.readouterr().err == (
        "presis: field --format: 'hl7v2' is no form of export; use fhir or cbioportal.\n"
    )
    assert run(["report", "export", report, "--format", "cbioportal", "--out", "out"]) == 2
    assert capsys.readouterr().err == (
        "presis: out, field --out: isn't empty, and a study would mix with what lies there; give a new folder.\n"
    )
