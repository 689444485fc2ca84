"""The command line as a person meets it: exit codes, sentences, one object for programs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import presis.diagnostics
from presis.cli.main import COMMANDS, run
from presis.record.sealing import make_master_key

DEMO = Path(presis.diagnostics.__file__).parent / "demo_data"
CASE = str(DEMO / "invented_colorectal")


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


def test_help_names_every_command_and_loads_no_room() -> None:
    code = "import sys; from presis.cli.main import run; run(['--help']); print(sorted(m for m in sys.modules if m.startswith('presis')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(f"  {name}" in done.stdout for name in COMMANDS)
    assert done.stdout.splitlines()[-1] == "['presis', 'presis.cli', 'presis.cli.main']"


def test_an_unknown_command_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["repotr"]) == 2
    assert capsys.readouterr().err == f"presis: no command 'repotr'; use one of {', '.join(COMMANDS)}.\n"


def test_a_missing_option_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", "make", CASE]) == 2
    assert capsys.readouterr().err == "presis report: Missing option '--out'.\n"


def test_one_variant_answers_criterion_by_criterion(capsys: pytest.CaptureFixture[str]) -> None:
    answer = as_json(
        capsys, "variant", "BRAF", "V600E", "--tumour", "COADREAD", "--population-frequency", "absent"
    )
    onco = answer["oncogenicity"]
    assert onco["total"] == [10, 10]
    assert onco["classes"] == ["oncogenic"]
    assert {c["code"]: c["met"] for c in onco["criteria"] if c["points"]} == dict.fromkeys(
        ["OS2", "OS3", "OP1", "OP4"], "yes"
    )
    assert all({"code", "points", "met", "why"} <= set(criterion) for criterion in onco["criteria"])
    by_drug = {row["drug"]: row for row in answer["actionability"]}
    assert by_drug["encorafenib + cetuximab"]["amp"]["text"] == "AMP I-A"
    assert by_drug["dabrafenib + trametinib"]["amp"] is None
    assert by_drug["BRAF inhibitor alone"]["direction"] == "resistance"
    assert all(
        {"drug", "tumour", "direction", "amp", "escat", "sources"} <= set(row)
        for row in answer["actionability"]
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("BRAF", "V600Q9"), "presis: field change: the change 'V600Q9' can't be read; write it as V600E, p.(Val600Glu), E746_A750del or c.559+1G>A.\n"),
        (("BRAF", "V600E", "--population-frequency", "often"), "presis: field population-frequency: the population frequency 'often' is neither a fraction from 0 to 1 nor 'absent'.\n"),
        (("BRAF", "V600E", "--tumour", "COLON"), "presis: field tumour: 'COLON' is no OncoTree code of the release in use"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_of_a_variant_is_one_sentence(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["variant", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(said)
    assert captured.err.count("\n") == 1


def test_a_problem_is_an_object_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["variant", "BRAF", "V600E", "--tumour", "XYZ", "--json"]) == 2
    (problem,) = json.loads(capsys.readouterr().err)["problems"]
    assert (problem["code"], problem["where"], problem["found"]) == (
        "tumour.unknown",
        {"field": "tumour"},
        "XYZ",
    )


def test_a_panel_is_one_profile(capsys: pytest.CaptureFixture[str]) -> None:
    profile = as_json(capsys, "panel", "show", CASE)
    keys = {
        "small_variants",
        "copy_numbers",
        "fusions",
        "splice_variants",
        "tmb",
        "msi",
        "quality",
        "not_usable",
        "covers",
    }
    assert keys <= set(profile)
    assert profile["covers"]["rna_fusion"]["state"] == "unknown"
    assert profile["small_variants"][0]["mane"] in {"select", "other"}


def test_a_report_is_made_in_every_format_and_says_its_conclusion(capsys: pytest.CaptureFixture[str]) -> None:
    made = as_json(capsys, "report", "make", CASE, "--out", "out", "--language", "en")
    assert made["conclusion"].startswith(
        "BRAF p.(Val600Glu) and MSI-H. They have approved treatment in colon"
    )
    assert sorted(path.name for path in Path("out").iterdir()) == [
        "INVENTED-CRC-1.html",
        "INVENTED-CRC-1.json",
        "INVENTED-CRC-1.pdf",
    ]
    again = as_json(capsys, "report", "make", CASE, "--out", "again", "--language", "nb", "--format", "json")
    assert again["content_hash"] == made["content_hash"]
    assert [path.name for path in Path("again").iterdir()] == ["INVENTED-CRC-1.json"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("--tumour", "MEL"), "presis: field tumour: the specimen says COAD and --tumour says MEL; leave one out or mend it.\n"),
        (("--format", "docx"), "presis: field --format: 'docx' names a format that isn't made; use one or more of html, pdf, json, fhir.\n"),
        (("--language", "sv"), "presis: field --language: there are no words in 'sv'; use nb or en.\n"),
    ],
)  # fmt: skip
def test_a_wish_that_cannot_be_met_writes_nothing(
    change: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["report", "make", CASE, "--out", "out", *change]) == 2
    assert capsys.readouterr().err == said
    assert not Path("out").exists()


def test_a_truncated_file_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    whole = next(Path(CASE).glob("*_CombinedVariantOutput.tsv")).read_text()
    Path("cut.tsv").write_text(whole[: whole.index("[Small Variants]")])
    assert run(["report", "make", "cut.tsv", "--tumour", "COAD", "--out", "out"]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("presis: cut.tsv")
    assert captured.err.count("\n") == 1
    assert not Path("out").exists()


def test_a_batch_goes_on_past_a_damaged_case_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b"):
        folder = Path("in") / name
        folder.mkdir(parents=True)
        for file in Path(CASE).iterdir():
            (folder / file.name).write_bytes(file.read_bytes())
    damaged = Path("in/b") / "INVENTED-CRC-1_CombinedVariantOutput.tsv"
    damaged.write_bytes(damaged.read_bytes()[:900])
    assert run(["report", "batch", "in", "--out", "out", "--format", "json", "--json"]) == 2
    summary = json.loads(capsys.readouterr().out)
    assert (summary["made"], summary["failed"]) == (1, 1)
    assert [case["problem"] is None for case in summary["cases"]] == [True, False]
    assert [path.name for path in Path("out").iterdir()] == ["INVENTED-CRC-1.json"]


def test_two_cases_of_one_name_do_not_overwrite_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b"):
        folder = Path("in") / name
        folder.mkdir(parents=True)
        for file in Path(CASE).iterdir():
            (folder / file.name).write_bytes(file.read_bytes())
    assert run(["report", "batch", "in", "--out", "out", "--format", "json"]) == 0
    assert sorted(path.name for path in Path("out").iterdir()) == [
        "INVENTED-CRC-1-2.json",
        "INVENTED-CRC-1.json",
    ]


def test_a_report_lives_in_the_record(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["record", "init"]) == 0
    capsys.readouterr()
    made = as_json(capsys, "report", "register", CASE, "--as", "mona.bio")
    number, digest = made["number"], made["content_hash"]
    assert number.endswith("-0001")

    assert run(["report", "sign", number, "--hash", digest, "--as", "mona.bio"]) == 3
    assert run(["report", "sign", number, "--hash", digest, "--as", "jonas.lab"]) == 3
    assert run(["report", "sign", number, "--hash", "0" * 12, "--as", "kari.lab"]) == 3
    assert run(["report", "sign", number, "--as", "kari.lab"]) == 2
    capsys.readouterr()
    signed = as_json(capsys, "report", "sign", number, "--hash", digest[:12], "--as", "kari.lab")
    assert signed["signature"]["person"] == "kari.lab"
    assert signed["signature"]["content_hash"] == digest
    assert run(["report", "sign", number, "--hash", digest, "--as", "kari.lab"]) == 3

    capsys.readouterr()
    assert run(["report", "amend", number, CASE, "--as", "kari.lab"]) == 3
    assert "say why the report is amended" in capsys.readouterr().err
    assert run(["report", "amend", number, CASE, "--reason", "nothing new", "--as", "kari.lab"]) == 3
    assert "there is nothing to amend" in capsys.readouterr().err
    Path("new").mkdir()
    for file in Path(CASE).iterdir():
        (Path("new") / file.name).write_bytes(
            file.read_bytes().replace(b"tumour_cell_fraction: 0.6", b"tumour_cell_fraction: 0.4")
        )
    amended = as_json(
        capsys,
        "report",
        "amend",
        number,
        "new",
        "--reason",
        "tumour cell share corrected",
        "--as",
        "kari.lab",
    )
    assert amended["version"] == 2

    shown = as_json(
        capsys,
        "report",
        "show",
        number,
        "--as",
        "erik.onc",
        "--out",
        "drawn",
        "--version",
        "1",
        "--language",
        "en",
    )
    assert [(v["version"], bool(v["signatures"])) for v in shown["versions"]] == [(1, True), (2, False)]
    assert "Replaced by version 2" in (Path("drawn") / f"{number}-v1.html").read_text()
    assert run(["report", "show", number, "--as", "hanna.trial"]) == 3
    assert run(["report", "show", "R-2026-9999", "--as", "hanna.trial"]) == 3
    assert run(["record", "verify"]) == 0


def test_a_stranger_learns_no_more_of_a_report_than_of_one_that_is_not_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["record", "init"]) == 0
    capsys.readouterr()
    number = as_json(capsys, "report", "register", CASE, "--as", "mona.bio")["number"]
    said = []
    for asked in (number, "R-2026-9999"):
        assert run(["report", "sign", asked, "--hash", "0" * 12, "--as", "jonas.lab"]) == 3
        said.append(capsys.readouterr().err.replace(asked, "X"))
    assert said[0] == said[1]


def test_a_laboratorys_confirmation_counts_in_its_own_reports(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["record", "init"]) == 0
    capsys.readouterr()
    first = as_json(capsys, "report", "register", CASE, "--as", "mona.bio")
    assert (
        run(["knowledge", "confirm", "escat-26", "--source", "ESMO 2020, table 4", "--as", "kari.lab"]) == 0
    )
    capsys.readouterr()
    second = as_json(capsys, "report", "register", CASE, "--as", "mona.bio")
    assert second["content_hash"] != first["content_hash"]
    report = as_json(capsys, "report", "show", second["number"], "--as", "kari.lab")["report"]
    escat = {o["drug"]: [each["text"] for each in o["escat"] or []] for o in report["options"]}
    assert escat["encorafenib + cetuximab"] == ["ESCAT I-A"]
    elsewhere = as_json(capsys, "report", "register", CASE, "--as", "sara.bio")
    report = as_json(capsys, "report", "show", elsewhere["number"], "--as", "erik.onc")["report"]
    assert not any(option["escat"] for option in report["options"])


def test_registering_the_same_again_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["record", "init"]) == 0
    said = []
    for _ in range(2):
        assert run(["report", "register", CASE, "--as", "mona.bio"]) == 0
        said.append(capsys.readouterr().err)
    assert said[0] == ""
    assert said[1].startswith("presis: the record held this very content before R-")


@pytest.mark.parametrize("name", ["rna.tsv", "specimen.yaml"])
def test_a_batch_makes_no_case_that_lacks_a_file_that_can_not_be_read(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = next(path for path in Path(CASE).iterdir() if "CombinedVariantOutput" in path.name)
    Path("cases").mkdir()
    (Path("cases") / whole.name).write_bytes(whole.read_bytes())
    (Path("cases") / name).write_bytes(b"")
    assert run(["report", "batch", "cases", "--out", "out", "--format", "json"]) == 2
    assert f"{name}: the file is empty" in capsys.readouterr().err
    assert not list(Path("out").glob("*.json"))


def test_an_empty_mark_of_the_sequencer_is_no_lost_file(capsys: pytest.CaptureFixture[str]) -> None:
    Path("case").mkdir()
    for file in Path(CASE).iterdir():
        (Path("case") / file.name).write_bytes(file.read_bytes())
    (Path("case") / "CopyComplete.txt").touch()
    made = as_json(capsys, "panel", "show", "case")
    assert any(each["file"] == "CopyComplete.txt" for each in made["not_usable"])


def test_a_specimen_file_beside_several_cases_is_not_passed_over(capsys: pytest.CaptureFixture[str]) -> None:
    Path("cases").mkdir()
    for folder in ("invented_colorectal", "rna_fusion_control"):
        for file in (DEMO / folder).iterdir():
            if "CombinedVariantOutput" in file.name:
                (Path("cases") / file.name).write_bytes(file.read_bytes())
    (Path("cases") / "specimen.yaml").write_text("rna_failed: true\n")
    assert run(["report", "batch", "cases", "--out", "out", "--format", "json"]) == 2
    assert "specimen.yaml" in capsys.readouterr().err
    assert len(list(Path("out").glob("*.json"))) == 2
