"""`presis validate`: what it prints, what it writes, and how it leaves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import presis.diagnostics
from presis.cli.main import run

DEMO = Path(presis.diagnostics.__file__).parent / "demo_data"
EXPECTED = DEMO / "expected_invented.csv"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def validate(*options: str) -> int:
    return run(["validate", str(DEMO), "--expected", str(EXPECTED), *options])


def test_the_answer_comes_first_and_fits_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert validate("--all") == 2  # a row without a case
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("4 cases, 35 statements compared: 4 differ, 4 of them unexplained.")
    assert max(map(len, lines)) <= 80
    assert any("LOST-1" in line for line in lines)


def test_every_case_and_row_that_took_part_leaves_0_whatever_differs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    whole = Path("expected.csv")
    rows = EXPECTED.read_text(encoding="utf-8").splitlines()
    whole.write_text("\n".join(row for row in rows if "LOST" not in row) + "\n", encoding="utf-8")
    assert run(["validate", str(DEMO), "--expected", "expected.csv"]) == 0
    assert "4 differ" in capsys.readouterr().out


def test_four_files_are_written_and_the_document_is_what_json_prints(
    capsys: pytest.CaptureFixture[str],
) -> None:
    validate("--out", "run", "--json")
    printed = json.loads(capsys.readouterr().out)
    names = ["comparisons.csv", "differences.csv", "validation.html", "validation.json"]
    assert sorted(path.name for path in Path("run").iterdir()) == names
    assert json.loads(Path("run/validation.json").read_text(encoding="utf-8")) == printed
    assert printed["schema"] == "presis.validation/1"
    assert len(printed["differences"]) == printed["unexplained"] == 4


def test_differences_are_judged_and_handed_back(capsys: pytest.CaptureFixture[str]) -> None:
    validate("--out", "first")
    blank = Path("first/differences.csv").read_text(encoding="utf-8").splitlines()
    filled = [line.removesuffix(",,,,") + ",presis,typed wrongly then,KS,2026-11-25" for line in blank[1:]]
    Path("judged.csv").write_text("\n".join([blank[0], *filled]) + "\n", encoding="utf-8")
    capsys.readouterr()
    validate("--adjudicated", "judged.csv", "--previous", "first/validation.json")
    said = capsys.readouterr().out
    assert "4 differ, 0 of them unexplained" in said
    assert "Explained differences" in said
    assert "Nothing moved." in said


def test_the_template_is_printed_and_can_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", "--template"]) == 0
    printed = capsys.readouterr().out
    Path("expected.csv").write_text(printed, encoding="utf-8")
    assert run(["validate", str(DEMO), "--expected", "expected.csv"]) == 2  # its samples aren't there
    assert "SAMPLE-1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "presis: field FOLDER: is missing; give a folder of cases and --expected FILE (--template prints one)\n"),
        ((str(DEMO),), "presis: field --expected: is missing; give a folder of cases and --expected FILE (--template prints one)\n"),
        ((str(DEMO), "--expected", "none.csv"), "presis: none.csv: can't be read: No such file or directory; check the path\n"),
        ((str(DEMO), "--expected", str(EXPECTED), "--previous", str(EXPECTED)), "presis: expected_invented.csv: is no validation.json of an earlier run; give that file\n"),
        ((str(DEMO), "--expected", str(EXPECTED), "--tumour", "MEL"), ""),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_one_sentence(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["validate", *arguments]) == 2
    assert capsys.readouterr().err == said


def test_a_case_that_contradicts_the_tumour_type_is_listed_and_the_rest_goes_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert validate("--tumour", "MEL", "--json") == 2
    left = json.loads(capsys.readouterr().out)["not_compared"]
    assert [each["name"] for each in left if each["what"] == "case not read"] == ["INVENTED-CRC-1"]
    assert {each["name"] for each in left if each["what"] == "rows without a case"} == {
        "INVENTED-CRC-1",
        "LOST-1",
    }
