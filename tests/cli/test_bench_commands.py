"""A laboratory's day by commands: from a specimen's receipt to a report that two have signed."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

import presis.diagnostics
from presis.application import open_application
from presis.cli.main import run
from presis.diagnostics.worklist import TABS
from presis.record.access_log import accesses
from presis.record.sealing import make_master_key

CASE = str(Path(presis.diagnostics.__file__).parent / "demo_data" / "invented_colorectal")
BRAF = "sv GRCh37 7:140453136 A>T"
REQUESTER = (
    "there is no such organisation here; choose one that there is: haukeland, ous, st-olavs, unn, ahus."
)
FORM = {
    "patient": "P-1", "specimen": "INVENTED-CRC-1", "received": "2025-11-20", "requester": "ahus",
    "tumour": "COAD", "birth_year": 1958, "sex": "female", "details": "What is left?", "urgent": True,
}  # fmt: skip

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _laboratory(
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Captured,
) -> None:
    monkeypatch.chdir(tmp_path)
    key = tmp_path_factory.mktemp("apart") / "master.key"
    make_master_key(key, os.urandom)
    monkeypatch.setenv("PRESIS_KEYS", str(key))
    monkeypatch.setenv("PRESIS_AS", "kari.lab")
    monkeypatch.delenv("PRESIS_RECORD", raising=False)
    assert run(["record", "init"]) == 0
    capsys.readouterr()


def told(capsys: Captured, *arguments: str) -> Any:
    """What a command tells programs."""
    code = run([*arguments, "--json"])
    captured = capsys.readouterr()
    assert code == 0, captured
    return json.loads(captured.out)


def printed(capsys: Captured, *arguments: str) -> list[str]:
    """The lines that a command prints for people, none wider than a terminal unless it is to be copied."""
    code = run([*arguments])
    captured = capsys.readouterr()
    assert code == 0, captured
    lines = captured.out.splitlines()
    assert [line for line in lines if len(line) > 80 and "presis " not in line] == []
    return lines


def refused(capsys: Captured, *arguments: str, code: int = 3) -> str:
    """The one sentence of a command that isn't done."""
    assert run([*arguments]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("presis: ")
    return captured.err.removeprefix("presis: ").rstrip("\n")


def received(capsys: Captured, patient: str = "P-1", **other: Any) -> str:
    """The number of a requisition; a second patient's specimen has a number of its own."""
    form = Path("form.yaml")
    own = {} if patient == "P-1" else {"specimen": f"H26-{sum(patient.encode())}"}
    form.write_text(json.dumps({**FORM, "patient": patient, **own, **other}), encoding="utf-8")
    return str(told(capsys, "requisition", "receive", "--file", "form.yaml")["number"])


def in_review(capsys: Captured, patient: str = "P-1") -> str:
    number = received(capsys, patient)
    told(capsys, "requisition", "material", number, "--adequate", "--cells", "60")
    told(capsys, "requisition", "step", number, "sequenced")
    told(capsys, "requisition", "read", number, CASE)
    return number


def to_sign(capsys: Captured) -> tuple[str, str]:
    number = in_review(capsys)
    return number, told(capsys, "review", "conclude", number)["content_hash"]


def views(number: str) -> list[tuple[str, str, str]]:
    """Who was shown or refused what of a requisition."""
    rows = accesses(open_application("presis.db").record.database)
    return [(row.actor.person, row.what, row.outcome) for row in rows if number in row.what]


# -- the whole way --------------------------------------------------------------------------------


def test_a_case_goes_its_whole_way_by_commands(capsys: Captured) -> None:
    number = received(capsys)
    assert (
        told(capsys, "requisition", "material", number, "--adequate", "--cells", "60 %")["state"]
        == "adequate"
    )
    for step in ("extracted", "library", "sequenced"):
        assert told(capsys, "requisition", "step", number, step, "--as", "mona.bio")["state"] == step
    read = told(capsys, "requisition", "read", number, CASE, "--as", "mona.bio")
    assert (read["state"], read["reading"]["findings"], read["reading"]["lost"]) == ("review", 9, [])

    listed = told(capsys, "review", "list", number)
    assert listed["counts"] == {"findings": 7, "left-out": 2, "dropped": 0}
    first = listed["findings"][0]
    assert (first["key"], first["label"], first["tiers"]) == (BRAF, "BRAF p.V600E", "I-A")
    assert first["judgement"] is first["seen_before"] is None

    told(capsys, "review", "set", number, BRAF, "--keep", "--as", "mona.bio")
    told(capsys, "review", "set", number, "SPEN A970V", "--drop", "not-relevant", "--reason", "No bearing.")
    said = told(
        capsys, "review", "set", number, "PTEN p.K267Rfs*9", "--class", "oncogenic", "--reason", "Null."
    )
    assert (said["verdict"], said["class"], said["open"]) == ("reclassified", "oncogenic", 4)
    told(capsys, "review", "set", number, "MTOR N999=", "--keep", "--comment", "Asked for by the oncologist.")
    told(capsys, "review", "text", number, BRAF, "The driver.")
    told(capsys, "review", "text", number, "MSI-H with BRAF V600E: sporadic.")

    listed = told(capsys, "review", "list", number)
    judged = {each["label"]: each["judgement"] for each in listed["findings"] if each["judgement"]}
    assert {name: (each["verdict"], each["comment"], each["by"]) for name, each in judged.items()} == {
        "BRAF p.V600E": ("keep", "The driver.", "kari.lab"),
        "PTEN p.K267Rfs*9": ("reclassified", None, "kari.lab"),
        "MTOR p.N999=": ("keep", "Asked for by the oncologist.", "kari.lab"),
    }
    assert listed["counts"] == {"findings": 7, "left-out": 1, "dropped": 1}
    assert listed["text"] == "MSI-H with BRAF V600E: sporadic."

    shown = told(capsys, "review", "show", number, "--language", "en")
    made = told(capsys, "review", "conclude", number, "--language", "en", "--seen", str(shown["version"]))
    assert made["content_hash"] == shown["content_hash"]
    assert made["conclusion"].startswith("BRAF p.(Val600Glu) and MSI-H.")
    assert made["signatures_needed"] == 2

    one = told(capsys, "review", "sign", number, "--hash", made["content_hash"][:16])
    assert (one["complete"], one["missing"]) == (False, 1)
    two = told(capsys, "review", "sign", number, "--hash", made["content_hash"], "--as", "nils.lab")
    assert (two["complete"], two["missing"]) == (True, 0)
    done = told(capsys, "requisition", "show", number)
    assert (done["state"], done["report"], done["signers"]) == (
        "signed",
        made["report"],
        ["kari.lab", "nils.lab"],
    )

    told(capsys, "review", "show", number, "--out", "look", "--format", "json")
    drawn = json.loads(Path(f"look/{made['report']}-v1.json").read_text(encoding="utf-8"))
    assert drawn["status"]["state"] == "signed"
    assert drawn["report"]["interpretation"] == "MSI-H with BRAF V600E: sporadic."
    assert [each["label"] for each in drawn["report"]["dropped"]] == ["SPEN p.A970V"]


def test_a_report_is_amended_through_its_review(capsys: Captured) -> None:
    number, digest = to_sign(capsys)
    assert refused(capsys, "review", "reopen", number) == (
        "say why the report is amended; the reason stands on the new version."
    )
    told(capsys, "review", "reopen", number, "--reason", "Read again.")
    assert refused(capsys, "review", "conclude", number).startswith("the content is that of version 1;")
    told(capsys, "review", "text", number, "Another text.")
    again = told(capsys, "review", "conclude", number)
    assert (again["report_version"], again["content_hash"] == digest) == (2, False)
    lines = printed(capsys, "review", "show", number, "--language", "en")
    assert lines[-1] == f"Sign:  presis review sign {number} --hash {again['content_hash'][:16]}"


def test_memory_tells_in_the_next_case_what_was_said_in_the_last(capsys: Captured) -> None:
    first = in_review(capsys, "P-1")
    told(
        capsys,
        "review",
        "set",
        first,
        "SPEN A970V",
        "--drop",
        "artefact",
        "--reason",
        "Beside a homopolymer.",
    )
    digest = told(capsys, "review", "conclude", first)["content_hash"]
    for person in ("kari.lab", "nils.lab"):
        told(capsys, "review", "sign", first, "--hash", digest, "--as", person)
    second = in_review(capsys, "P-2")
    found = {each["label"]: each for each in told(capsys, "review", "list", second)["findings"]}
    before = found["SPEN p.A970V"]["seen_before"]
    assert (before["times"], before["verdicts"], before["is_artefact"]) == (1, {"artefact": 1}, False)
    assert (before["last"]["requisition"], before["last"]["reason"]) == (first, "Beside a homopolymer.")
    assert found["BRAF p.V600E"]["seen_before"] is None
    lines = printed(capsys, "review", "list", second)
    at = lines.index("  before    seen 1×: artefact 1")
    assert lines[at + 1].startswith("            Last: artefact, Kari Solbakken, ")

    told(capsys, "review", "set", second, BRAF, "--class", "vus", "--reason", "To see who carries it.")
    found = {each["label"]: each for each in told(capsys, "review", "list", second)["findings"]}
    (carrier,) = found["BRAF p.V600E"]["carried_otherwise"]
    assert carrier["report"].startswith("R-")
    # whose requisitions and reports were named is written down too
    record = open_application("presis.db").record
    own, other = (record.stream(f"requisition-{each}")[0].payload.patient for each in (second, first))
    last = [each.subjects for each in accesses(record.database)][-2:]
    assert [set(each) for each in last] == [{own}, {other}]


def test_data_that_may_be_anothers_are_neither_concluded_nor_signed(capsys: Captured) -> None:
    first, digest = to_sign(capsys)
    second = in_review(capsys, "P-2")
    said = refused(capsys, "review", "sign", first, "--hash", digest)
    assert said.startswith("the data may not be this patient's (")
    assert refused(capsys, "review", "conclude", second).startswith("the data may not be this patient's (")
    assert first not in refused(capsys, "review", "conclude", second)
    assert first not in "\n".join(printed(capsys, "review", "show", second))


def test_a_requisition_is_put_right_and_its_files_are_read_again(capsys: Captured) -> None:
    number = received(capsys, tumour=None)
    assert refused(capsys, "requisition", "correct", number).startswith(f"nothing of {number} was changed")
    told(
        capsys,
        "requisition",
        "correct",
        number,
        "--specimen",
        "INVENTED-CRC-1-D01",
        "--not-urgent",
        "--details",
        "Asked anew.",
    )
    told(capsys, "requisition", "material", number, "--adequate", "--cells", "60")
    told(capsys, "requisition", "read", number, CASE)
    told(capsys, "requisition", "correct", number, "--predisposition-declined", "--tumour", "coad")
    stands = told(capsys, "requisition", "show", number)
    names = ("specimen", "tumour", "urgent", "predisposition_declined", "details", "sex", "birth_year")
    assert [stands[name] for name in names] == [
        "INVENTED-CRC-1-D01",
        "COAD",
        False,
        True,
        "Asked anew.",
        "female",
        1958,
    ]
    assert stands["reading"]["number"] == 2
    assert "  no inherited risk told   Yes" in printed(capsys, "requisition", "show", number)
    # what a person put right counts over the files, which are said to differ
    told(capsys, "requisition", "correct", number, "--birth-year", "1960", "--tumour", "READ")
    stands = told(capsys, "requisition", "show", number)
    assert (stands["birth_year"], stands["tumour"], stands["reading"]["remarks"]) == (1960, "READ", 2)
    told(capsys, "requisition", "read", number, CASE)
    Path("put-right.yaml").write_text("patient: P-2\n", encoding="utf-8")
    said = refused(capsys, "requisition", "correct", number, "--file", "put-right.yaml", code=2)
    assert said.startswith("put-right.yaml, line 1, field patient: this is no key of the form;")


def test_a_judgement_is_taken_back(capsys: Captured) -> None:
    number = in_review(capsys)
    told(capsys, "review", "set", number, BRAF, "--drop", "germline", "--reason", "In the normal.")
    assert told(capsys, "review", "list", number, "--list", "dropped")["findings"][0]["key"] == BRAF
    told(capsys, "review", "set", number, BRAF, "--withdraw")
    assert told(capsys, "review", "list", number)["findings"][0]["judgement"] is None


def test_what_people_write_is_printed_as_it_is(capsys: Captured) -> None:
    number = received(capsys, details="[/b] of [red]both[/red] breasts", specimen="H26 [1]")
    assert "  clinical question        [/b] of [red]both[/red] breasts" in printed(
        capsys, "requisition", "show", number
    )
    assert "H26 [1]" in printed(capsys, "requisition", "list")[2]
    told(capsys, "requisition", "material", number, "--adequate", "--cells", "60")
    told(capsys, "requisition", "read", number, CASE)
    told(capsys, "review", "set", number, BRAF, "--keep", "--comment", "[/x]", "--reason", "[b]why[/b]")
    told(capsys, "review", "text", number, "[/all]")
    lines = printed(capsys, "review", "list", number)
    assert {"  comment   [/x]", "  [/all]"} <= set(lines)
    assert any(line.endswith(": [b]why[/b]") for line in lines)
    assert "  [/all]" in printed(capsys, "review", "show", number)


def test_a_long_text_is_read_in(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    number = in_review(capsys)
    monkeypatch.setattr("sys.stdin", io.StringIO("One line.\n\nAnother.\n"))
    told(capsys, "review", "text", number, "-")
    assert told(capsys, "review", "list", number)["text"] == "One line.\n\nAnother."


# -- the bench ------------------------------------------------------------------------------------


def test_options_and_a_file_fill_in_the_same_form(capsys: Captured) -> None:
    number = received(capsys)
    options = [
        each
        for name, value in FORM.items()
        if name != "urgent"
        for each in (f"--{name.replace('_', '-')}", str(value))
    ]
    other = told(capsys, "requisition", "receive", *options, "--urgent")["number"]
    one, two = told(capsys, "requisition", "show", number), told(capsys, "requisition", "show", other)
    assert one["other_requisitions"] == [other]
    differ = {"number", "other_requisitions"}
    assert {k: v for k, v in one.items() if k not in differ} == {
        k: v for k, v in two.items() if k not in differ
    }
    won = told(capsys, "requisition", "receive", "--file", "form.yaml", "--specimen", "H26-2")["number"]
    assert told(capsys, "requisition", "show", won)["specimen"] == "H26-2"


def test_every_fault_of_a_form_is_said_at_once(capsys: Captured) -> None:
    assert run([
        "requisition", "receive", "--specimen", "H26-1", "--received", "31.02.2026", "--requester", "haugesund",
        "--tumour", "COLON", "--birth-year", "58", "--sex", "w",
    ]) == 2  # fmt: skip
    assert capsys.readouterr().err.splitlines() == [
        "presis: field --patient: say which patient.",
        "presis: field --received: that isn't a day; write day.month.year.",
        f"presis: field --requester: {REQUESTER}",
        "presis: field --tumour: OncoTree has no such code; write one such as COAD or LUAD.",
        "presis: field --birth-year: that isn't a year of birth; write one from 1900 to this year.",
        "presis: field --sex: choose female or male, or leave it out.",
    ]


def test_a_strange_key_of_a_form_is_named_with_its_line(capsys: Captured) -> None:
    Path("form.yaml").write_text("patient: P-1\nspecimn: H26-1\n", encoding="utf-8")
    said = refused(capsys, "requisition", "receive", "--file", "form.yaml", code=2)
    assert said.startswith(
        "form.yaml, line 2, field specimn: this is no key of the form; take one of patient,"
    )


def test_a_specimens_number_that_another_patient_has_is_refused(capsys: Captured) -> None:
    received(capsys)
    other = received(capsys, "P-2")
    taken = refused(
        capsys,
        *("requisition", "receive", "--file", "form.yaml", "--specimen", FORM["specimen"].lower()),
        code=2,
    )
    assert taken.startswith("field --specimen: another patient's requisition bears this number;")
    again = refused(capsys, "requisition", "correct", other, "--specimen", FORM["specimen"], code=2)
    assert again == taken


def test_the_worklist_says_what_waits_for_whom(capsys: Captured) -> None:
    number = received(capsys)
    later = received(capsys, "P-2", urgent=False, received="2025-11-19")
    mine = told(capsys, "requisition", "list")
    assert [row["number"] for row in mine["rows"]] == [number, later]
    assert mine["counts"]["mine"] == 2
    assert mine["rows"][0]["over_target_days"] > 0
    assert told(capsys, "requisition", "list", "--as", "mona.bio")["rows"] == []
    bench = told(capsys, "requisition", "list", "--tab", "bench", "--sort", "newest", "--as", "mona.bio")
    assert [row["number"] for row in bench["rows"]] == [number, later]
    assert [row["number"] for row in told(capsys, "requisition", "list", "--search", later)["rows"]] == [
        later
    ]
    for tab in (*TABS, "all"):
        printed(capsys, "requisition", "list", "--tab", tab)
    lines = printed(capsys, "requisition", "list")
    assert lines[0] == "2 requisitions need you."
    assert lines[2].startswith(f"{number}  urgent  INVENTED-CRC-1  COAD    20 Nov 2025  ")


def test_where_a_requisition_stands_and_what_one_can_do(capsys: Captured) -> None:
    number = received(capsys)
    lines = printed(capsys, "requisition", "show", number)
    assert f"  presis requisition material {number} --adequate --cells PERCENT" in lines
    told(capsys, "requisition", "material", number, "--inadequate", "--note", "Too little.")
    assert printed(capsys, "requisition", "show", number)[0].startswith(
        f"{number}: the material wasn't adequate;"
    )
    told(capsys, "requisition", "material", number, "--adequate", "--cells", "30")
    told(capsys, "requisition", "step", number, "library")
    repeated = told(capsys, "requisition", "repeat", number, "new-tissue", "--note", "Degraded.")
    assert repeated["state"] == "inadequate"
    steps = {each["step"]: each for each in told(capsys, "requisition", "show", number)["steps"]}
    assert (steps["received"]["on"], steps["extracted"]["on"]) == ("2025-11-20", None)
    assert (steps["material"]["over"], steps["material"]["target_days"]) == (True, 1.0)
    assert refused(capsys, "requisition", "cancel", number) == "say why the requisition is called off."
    assert told(capsys, "requisition", "cancel", number, "--reason", "Withdrawn.")["state"] == "cancelled"
    assert printed(capsys, "requisition", "show", number)[-1] == "There is nothing for you to do here now."


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ((), "field FILE: Choose at least one file."),
        (("notes.docx",), "field FILE: notes.docx isn't of a kind that is taken here; take .tsv, "),
        (("a/x.tsv", "b/x.tsv"), "field FILE: x.tsv is there twice; send one of them."),
        (("absent.tsv",), "field FILE: there is no file or folder absent.tsv; look at its name."),
    ],
)  # fmt: skip
def test_files_that_are_not_taken_in_keep_all_of_them_out(
    names: tuple[str, ...], said: str, capsys: Captured
) -> None:
    number = received(capsys)
    told(capsys, "requisition", "material", number, "--adequate", "--cells", "60")
    Path("empty").mkdir()
    for name in names:
        Path(name).parent.mkdir(exist_ok=True)
        if name != "absent.tsv":
            Path(name).write_text("x", encoding="utf-8")
    assert refused(capsys, "requisition", "read", number, *(names or ("empty",)), code=2).startswith(said)
    assert told(capsys, "requisition", "show", number)["reading"] is None


def test_files_of_another_patient_are_not_taken_in(capsys: Captured) -> None:
    number = received(capsys, birth_year=1960)
    told(capsys, "requisition", "material", number, "--adequate", "--cells", "60")
    said = refused(capsys, "requisition", "read", number, CASE, code=2)
    assert said.startswith(f"field birth_year: the files say 1958 and {number} says 1960;")


# -- refusals and conflicts -----------------------------------------------------------------------


def test_what_cannot_be_done_is_said_with_what_can(capsys: Captured) -> None:
    number = received(capsys)
    state = f"{number} stands at “received”, where that can't be done; `presis requisition show {number}` says what can."
    assert refused(capsys, "requisition", "step", number, "extracted") == state
    assert refused(capsys, "review", "list", number, code=2) == (
        f"no files of {number} have been read yet; take them in with `presis requisition read`."
    )
    assert refused(capsys, "requisition", "material", number, "--adequate").startswith(
        "say the share of tumour cells"
    )
    told(capsys, "requisition", "material", number, "--adequate", "--cells", "60")
    told(capsys, "requisition", "step", number, "library")
    assert refused(capsys, "requisition", "step", number, "extracted") == (
        f"{number} is library; that step isn't ahead of it; possible now: sequenced."
    )
    assert refused(capsys, "requisition", "step", number, "frozen", code=2) == (
        "field STEP: 'frozen' isn't one of extracted, library, sequenced."
    )
    assert refused(capsys, "requisition", "repeat", number, "sequencing").startswith(
        "that hasn't been done yet"
    )
    assert refused(capsys, "requisition", "material", number, "--adequate", "--cells", "150", code=2) == (
        "field --cells: '150' isn't a share; write a number from 0 to 100."
    )


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("set", "Q", BRAF), 2, "say one of --keep, --drop, --class or --withdraw; you gave none."),
        (("set", "Q", BRAF, "--keep", "--withdraw"), 2, "say one of --keep, --drop, --class or --withdraw; you gave --keep and --withdraw."),
        (("set", "Q", BRAF, "--drop", "noise"), 2, "field --drop: 'noise' isn't one of artefact, germline, not-relevant."),
        (("set", "Q", BRAF, "--class", "III"), 2, "field --class: 'III' isn't one of benign, likely-benign, vus, likely-oncogenic, oncogenic."),
        (("set", "Q", BRAF, "--drop", "artefact"), 3, "say why BRAF p.V600E is judged so; the next who sees it will ask."),
        (("set", "Q", "EGFR L858R", "--keep"), 2, "field FINDING: Q has no finding 'EGFR L858R'; `presis review list Q` prints their keys."),
        (("text", "Q", BRAF, "Words."), 2, "field FINDING: nobody has judged BRAF p.V600E of Q yet; its text stands with the judgement: `presis review set` with --comment."),
        (("text", "Q", "not", "in", "quotes"), 2, "field TEXT: these are 3 words; put the text in quotes, after the finding if it is of one."),
        (("text", "Q", " "), 2, "field TEXT: there is no text; write it in quotes, or - to read it in."),
        (("sign", "Q", "--hash", "a" * 16), 3, "Q stands at “in review”, where that can't be done; `presis requisition show Q` says what can."),
        (("conclude", "Q", "--as", "mona.bio"), 3, "as bioinformatician one may not conclude a review; it takes molecular pathologist."),
    ],
)  # fmt: skip
def test_a_review_says_no_in_one_sentence(
    arguments: tuple[str, ...], code: int, said: str, capsys: Captured
) -> None:
    number = in_review(capsys)
    assert refused(capsys, "review", *(number if each == "Q" else each for each in arguments), code=code) == (
        said.replace("Q ", f"{number} ").replace("Q`", f"{number}`")
    )


def test_a_name_of_several_findings_asks_for_a_key() -> None:
    from presis.cli.review_bench import Bench, finding_named
    from presis.diagnostics.report_model import LeftOutJson
    from presis.diagnostics.requisition import Requisition
    from presis.errors import BadInput

    twice = [
        LeftOutJson(
            label="TP53 p.R175H", key=f"sv GRCh37 17:{place} C>T", step="x", why=[], place="", source=None
        )
        for place in (1, 2)
    ]

    class Content:
        findings: tuple[Any, ...] = ()
        left_out = twice

    bench = Bench(Requisition(), 1, Content(), {})  # type: ignore[arg-type]
    with pytest.raises(
        BadInput, match=r"2 findings of .* are called 'TP53 R175H'; name one by its key: “sv GRCh37 17:1"
    ):
        finding_named(bench, "TP53 R175H")


def test_signing_asks_for_the_content_that_was_seen(capsys: Captured) -> None:
    number, digest = to_sign(capsys)
    assert f"begins with {digest[:16]}: look at it first" in refused(capsys, "review", "sign", number, code=2)
    assert refused(capsys, "review", "sign", number, "--hash", digest[:4], code=2).startswith(
        "field --hash: give at least 8"
    )
    assert refused(capsys, "review", "sign", number, "--hash", "0" * 16).startswith(
        "the content that you name isn't version 1"
    )
    assert refused(capsys, "review", "sign", number, "--hash", digest, "--as", "mona.bio") == (
        "as bioinformatician one may not sign a review; it takes molecular pathologist."
    )
    told(capsys, "review", "sign", number, "--hash", digest)
    assert refused(capsys, "review", "sign", number, "--hash", digest).startswith("you have signed R-")
    assert refused(capsys, "review", "set", number, BRAF, "--keep").startswith(
        f"{number} stands at “to be signed”"
    )


def test_who_saw_an_older_version_is_told_what_came_since(capsys: Captured) -> None:
    number = in_review(capsys)
    version = told(capsys, "review", "list", number)["version"]
    told(capsys, "review", "set", number, BRAF, "--keep", "--seen", str(version), "--as", "mona.bio")
    said = refused(
        capsys, "review", "set", number, BRAF, "--withdraw", "--seen", str(version), code=4
    ).splitlines()
    assert said[0].startswith(f"requisition-{number} has changed: version {version} was expected")
    assert [line.partition(": ")[2] for line in said[1:]] == ["finding judged, Mona Eide"]
    assert run(["review", "conclude", number, "--seen", str(version), "--json"]) == 4
    assert json.loads(capsys.readouterr().out)["code"] == "conflict"


# -- who may, and what is written down ------------------------------------------------------------

ALL = [
    ("requisition", "show", "Q"),
    ("requisition", "correct", "Q", "--tumour", "COAD"),
    ("requisition", "material", "Q", "--inadequate"),
    ("requisition", "step", "Q", "library"),
    ("requisition", "repeat", "Q", "library"),
    ("requisition", "cancel", "Q", "--reason", "No."),
    ("requisition", "read", "Q", CASE),
    ("review", "list", "Q"),
    ("review", "set", "Q", BRAF, "--keep"),
    ("review", "text", "Q", "Words."),
    ("review", "text", "Q", BRAF, "Words."),
    ("review", "show", "Q"),
    ("review", "conclude", "Q"),
    ("review", "sign", "Q", "--hash", "0" * 16),
    ("review", "reopen", "Q", "--reason", "No."),
]


def test_a_stranger_learns_no_more_than_of_a_requisition_that_is_not_there(capsys: Captured) -> None:
    number = in_review(capsys)
    version = told(capsys, "requisition", "show", number)["version"]
    for arguments in ALL:
        there = [number if each == "Q" else each for each in arguments]
        absent = ["Q-2026-9999" if each == "Q" else each for each in arguments]
        said = refused(capsys, *there, "--as", "jonas.lab")
        assert said == refused(capsys, *absent, "--as", "jonas.lab") == refused(capsys, *absent)
    refusals = [row for row in views(number) if row[0] == "jonas.lab"]
    assert len(refusals) == len(ALL)
    assert {outcome for _, _, outcome in refusals} == {"refused"}
    assert told(capsys, "requisition", "show", number)["version"] == version
    assert told(capsys, "requisition", "list", "--tab", "all", "--as", "jonas.lab")["rows"] == []


def test_a_role_that_does_not_see_requisitions_is_told_so(capsys: Captured) -> None:
    number = in_review(capsys)
    said = "as oncologist one may not show a requisition; it takes bioinformatician or laboratory manager or molecular pathologist."
    assert refused(capsys, "requisition", "list", "--as", "erik.onc") == said
    assert refused(capsys, "requisition", "show", number, "--as", "erik.onc") == said
    assert refused(capsys, "requisition", "receive", "--as", "erik.onc").startswith(
        "as oncologist one may not receive"
    )


def test_every_view_is_in_the_access_log_as_that_of_a_page_is(capsys: Captured) -> None:
    number = in_review(capsys)
    before = len(views(number))
    told(capsys, "requisition", "show", number)
    printed(capsys, "review", "list", number, "--as", "mona.bio")
    told(capsys, "review", "show", number)
    told(capsys, "review", "set", number, BRAF, "--keep")
    place = f"requisitions/{number}"
    assert views(number)[before:] == [
        ("kari.lab", place, "shown"),
        ("mona.bio", f"{place}/review", "shown"),
        ("kari.lab", f"{place}/preview", "shown"),
        ("kari.lab", f"{place}/review", "shown"),
    ]
    told(capsys, "requisition", "list", "--tab", "all")
    (row,) = [
        each
        for each in accesses(open_application("presis.db").record.database)
        if each.what == "requisitions?tab=all"
    ]
    assert (row.action, row.outcome, len(row.subjects)) == ("view", "shown", 1)


def test_the_id_of_a_patient_is_in_no_fact(capsys: Captured) -> None:
    received(capsys, "01815812345")
    assert b"01815812345" not in Path("presis.db").read_bytes()


def test_a_review_that_waits_for_a_repeat_says_why_nothing_is_judged(capsys: Captured) -> None:
    number = in_review(capsys)
    assert run(["requisition", "repeat", number, "library"]) == 0
    capsys.readouterr()
    assert "Something is to be repeated" in " ".join(printed(capsys, "review", "list", number))


def test_a_kind_of_sample_is_one_of_a_list(capsys: Captured) -> None:
    number = received(capsys, sample_type="Blood")
    assert told(capsys, "requisition", "show", number)["sample_type"] == "blood"
    said = refused(capsys, "requisition", "correct", number, "--sample-type", "a piece", code=2)
    assert said == (
        "field --sample-type: that is no kind of sample; choose one of those that are listed: primary, "
        "metastasis, regional_metastasis, distal_metastasis, liquid, blood, normal, after_allo_transplant, "
        "cell_line, control."
    )
