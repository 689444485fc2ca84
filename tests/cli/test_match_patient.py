"""`presis match patient` and `presis rules check` as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import presis.diagnostics
import presis.matching
from presis.cli.main import run

DEMO = Path(presis.diagnostics.__file__).parent / "demo_data" / "invented_colorectal"
CASE = Path(presis.matching.__file__).parent / "demo_data" / "case.yaml"
AT = ["--at", "2026-11-25"]
#: Before the knowledge that the report rests on.
EARLY = ["--at", "2026-03-14"]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("report")
    assert run(["report", "make", str(DEMO), "--out", str(folder), "--format", "json"]) == 0
    return str(next(folder.glob("*.json")))


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    capsys.readouterr()
    assert run(list(arguments)) == code
    out = capsys.readouterr()
    return out.out if code == 0 else out.err


@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize(
    "more", [[], ["--case", str(CASE)], ["--case", str(CASE), "--explain", "impress-atezolizumab-tmb-msi"]]
)
def test_what_is_printed_fits_eighty_columns(
    report: str, language: str, more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    text = said(capsys, "match", "patient", "--report", report, *AT, "--language", language, *more)
    assert max(map(len, text.splitlines())) <= 80
    assert "{" not in text


def test_json_holds_every_option_with_its_tree(report: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = json.loads(said(capsys, "match", "patient", "--report", report, "--case", str(CASE), *AT, "--json"))
    assert out["patient"] == "INVENTED-CRC-1"
    first = out["options"][0]
    assert (first["id"], first["eligible"]) == ("ema-encorafenib-2", "yes")
    leaves = first["rule"]["all"]
    assert all(leaf["truth"] == "yes" for leaf in leaves)
    assert {finding for leaf in leaves for finding in leaf.get("findings", ())}
    assert all(each["open"] for each in out["options"] if each["eligible"] == "unknown")


def test_one_option_alone_as_json(report: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["match", "patient", "--report", report, *AT, "--json", "--explain", "ema-encorafenib-2"]
    assert [each["id"] for each in json.loads(said(capsys, *arguments))["options"]] == ["ema-encorafenib-2"]


def test_a_case_without_a_report_leaves_the_tumour_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    out = json.loads(said(capsys, "match", "patient", "--case", str(CASE), *AT, "--json"))
    assert out["tumour"] is None
    assert "yes" not in {each["eligible"] for each in out["options"]}


FAULTS = {
    "nobody": (["match", "patient"], "presis: name a report with --report, a case with --case, or both\n"),
    "no option": (
        ["match", "patient", "--case", str(CASE), *AT, "--explain", "ema-encorafenib-9"],
        "presis: field --explain: there is no option ema-encorafenib-9; did you mean ema-encorafenib-4?\n",
    ),
    "no date": (
        ["match", "patient", "--case", str(CASE), "--at", "soon"],
        "presis: field --at: 'soon' is no date; write it as 2026-03-14.\n",
    ),
    "not shown": (
        ["match", "patient", "--case", str(CASE), *AT, "--explain", "fda-encorafenib-1"],
        (
            "presis: field --explain: fda-encorafenib-1 isn't shown: it doesn't hold on 2026-11-25, or the EMA's "
            "label of its drug is\n"
        ),
    ),
    "no places": (
        ["match", "patient", "--case", str(CASE), *AT, "--places", "impress-selpercatinib-ret=many"],
        "presis: field --places: 'impress-selpercatinib-ret=many' isn't ID=NUMBER\n",
    ),
    "no report": (
        ["match", "patient", "--report", str(CASE), *AT],
        f"presis: {CASE}: is no JSON; give the JSON of a report.\n",
    ),
    "no options": (
        ["rules", "check", "nowhere"],
        "presis: nowhere: isn't there; name a YAML file or a folder of them\n",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_slip_is_one_sentence_and_exit_code_two(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments, sentence = FAULTS[name]
    assert said(capsys, *arguments, code=2) == sentence


def test_a_day_before_what_the_case_tells_is_refused_with_the_way_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = said(capsys, "match", "patient", "--case", str(CASE), "--at", "2026-11-12", code=2)
    assert "2026-11-21 is after the day asked about (2026-11-12)" in text
    assert "ask about a later day with --at" in text


def test_the_shipped_rules_are_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(said(capsys, "rules", "check", "--json")) == {"options": 40, "remarks": []}


def test_a_report_that_was_replaced_says_so(
    report: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = json.loads(Path(report).read_text(encoding="utf-8"))
    text["status"] |= {"state": "superseded", "number": "R-1", "replaced_by": 2}
    older = tmp_path / "older.json"
    older.write_text(json.dumps(text), encoding="utf-8")
    replaced = "This report was replaced by version 2: match that one.\n"
    assert replaced in said(capsys, "match", "patient", "--report", str(older), *AT, "--language", "en")
    assert (
        json.loads(said(capsys, "match", "patient", "--report", str(older), *AT, "--json"))["replaced_by"]
        == 2
    )
    assert replaced not in said(capsys, "match", "patient", "--report", report, *AT, "--language", "en")


def test_a_contaminated_sample_is_said_before_anything_that_fits(
    report: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from presis.diagnostics.report_model import parse_content

    text = json.loads(Path(report).read_text(encoding="utf-8"))
    text["report"]["quality"]["contaminated"] = True
    text["content_hash"] = parse_content(json.dumps(text["report"])).content_hash()
    foreign = tmp_path / "foreign.json"
    foreign.write_text(json.dumps(text), encoding="utf-8")
    shown = said(capsys, "match", "patient", "--report", str(foreign), *AT, "--language", "en")
    assert shown.index("THE SAMPLE IS CONTAMINATED") < shown.index("\n 1. ")
    assert json.loads(said(capsys, "match", "patient", "--report", str(foreign), *AT, "--json"))[
        "contaminated"
    ]
    assert "CONTAMINATED" not in said(capsys, "match", "patient", "--report", report, *AT, "--language", "en")


def test_a_draft_and_a_report_of_a_later_day_say_so_first(
    report: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The report's file is of no day; it rests on knowledge newer than the day asked about."""
    asked = ("match", "patient", "--report", report, "--language", "en")
    first = said(capsys, *asked, *EARLY).split("Options for")[0].replace("\n", " ")
    assert first.startswith("THE REPORT IS A DRAFT: nobody has signed what these answers rest on.")
    assert "THE REPORT IS OF A LATER DAY: it rests on knowledge of" in first
    assert "and was not known on 14 Mar 2026." in first
    told = json.loads(said(capsys, *asked, *EARLY, "--json"))["remarks"]
    assert [each["code"] for each in told] == ["match.report-draft", "match.report-later-draft"]
    assert said(capsys, *asked, *EARLY, "--explain", "ema-nivolumab-1").startswith("THE REPORT IS A DRAFT")
    assert said(capsys, *asked, *EARLY, "--ask").startswith("# THE REPORT IS A DRAFT")
    later = said(capsys, *asked, "--at", "2030-01-01")
    assert "LATER DAY" not in later
    assert later.startswith("THE REPORT IS A DRAFT")


def test_a_signed_report_counts_from_its_last_signature(
    report: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = json.loads(Path(report).read_text(encoding="utf-8"))
    by = {"by": "A", "role": "molecular_pathologist", "organisation": "O"}
    days = ("2030-01-10T09:00:00+00:00", "2030-02-03T09:00:00+00:00")
    text["status"] |= {"state": "signed", "number": "R-1", "signatures": [{"at": day, **by} for day in days]}
    signed = tmp_path / "signed.json"
    signed.write_text(json.dumps(text), encoding="utf-8")
    asked = ("match", "patient", "--report", str(signed), "--language", "en", "--at")
    later = "THE REPORT IS OF A LATER DAY: signed on 3 Feb 2030, it was not known on 2 Feb 2030."
    assert said(capsys, *asked, "2030-02-02").replace("\n", " ").startswith(later)
    assert said(capsys, *asked, "2030-02-03").startswith("Options for")
