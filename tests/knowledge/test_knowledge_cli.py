"""`presis knowledge …` as people and programs see it."""

import json
from pathlib import Path

import pytest

from presis.cli.main import run
from presis.knowledge.release import SHIPPED

Captured = pytest.CaptureFixture[str]


def test_list_names_every_pack_within_80_columns(capsys: Captured) -> None:
    assert run(["knowledge", "list"]) == 0
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 86
    assert "hotspots" in out
    assert "CC BY 4.0" in out


def test_list_as_json_has_the_manifests_and_what_waits(capsys: Captured) -> None:
    assert run(["knowledge", "list", "--json"]) == 0
    packs = {pack["pack"]: pack for pack in json.loads(capsys.readouterr().out)}
    assert len(packs) == 18
    assert packs["escat"]["not_confirmed"] == 45
    assert packs["hotspots"]["files"][0]["rows"] == 3004


def test_show_a_row_says_whether_it_counts(capsys: Captured) -> None:
    assert run(["knowledge", "show", "escat-02"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("escat-02 (row)\n")
    assert "no: not confirmed by the laboratory" in out


@pytest.mark.parametrize(
    ("what", "kind", "name"),
    [
        ("fe-BRAF-p.V600E-OS2", "row", "fe-BRAF-p.V600E-OS2"),
        ("hotspots", "pack", "hotspots"),
        ("Lynparza", "row", "drug-086"),
        ("CHOL", "tumour type", "CHOL"),
        ("uveal melanoma", "tumour type", "UM"),
        ("H3F3A", "gene", "H3-3A"),
        ("KRAS", "gene", "KRAS"),
    ],
)
def test_show_finds_rows_packs_drugs_types_and_genes(
    capsys: Captured, what: str, kind: str, name: str
) -> None:
    assert run(["knowledge", "show", what, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found[0]["kind"], found[0]["name"]) == (kind, name)


def test_show_of_nothing_known_is_one_sentence(capsys: Captured) -> None:
    assert run(["knowledge", "show", "horoscope"]) == 2
    assert capsys.readouterr().err == (
        "presis: no pack knows 'horoscope'; give a row's id, or a pack, drug, tumour type or gene.\n"
    )


def test_verify_says_that_every_pack_holds(capsys: Captured) -> None:
    assert run(["knowledge", "verify"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 18
    assert all(line.endswith("rows  holds") for line in lines)


def test_verify_names_the_fault_and_leaves_with_2(capsys: Captured, tmp_path: Path) -> None:
    folder = tmp_path / "escat"
    folder.mkdir()
    for path in (SHIPPED / "escat").iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    with (folder / "escat.csv").open("a", encoding="utf-8") as file:
        file.write("one more\n")
    assert run(["knowledge", "verify", "--pack", str(folder), "--json"]) == 2
    checked = {pack["pack"]: pack for pack in json.loads(capsys.readouterr().out)}
    assert [problem["code"] for problem in checked["escat"]["problems"]] == ["pack-file-changed"]


def test_build_writes_a_pack_into_the_folder_named(capsys: Captured, tmp_path: Path) -> None:
    assert run(["knowledge", "build", "grantham", "--out", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"Made grantham 1974 in {tmp_path / 'grantham'}, manifest ")
    assert out.endswith(":\n  grantham.csv  190 rows\n")
    assert (tmp_path / "grantham" / "grantham.csv").read_bytes() == (
        SHIPPED / "grantham" / "grantham.csv"
    ).read_bytes()


def test_build_without_its_sources_is_one_sentence(capsys: Captured, tmp_path: Path) -> None:
    assert run(["knowledge", "build", "escat", "--from", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("presis: no file named escat.csv lies in what --from names")


def test_confirm_is_recorded_for_the_actors_laboratory(capsys: Captured, tmp_path: Path) -> None:
    from presis.application import all_rooms

    if "knowledge" not in {room.name for room in all_rooms()}:
        pytest.skip("the application doesn't list this room yet")
    record = str(tmp_path / "presis.db")
    assert run(["record", "init", "--record", record]) == 0
    capsys.readouterr()
    given = ["knowledge", "confirm", "escat-02", "--source", "table 1", "--record", record]
    assert run([*given, "--as", "kari.lab"]) == 0
    assert capsys.readouterr().out == "escat-02 is confirmed for haukeland, from table 1.\n"
    assert run([*given, "--as", "kari.lab", "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["code"] == "row-confirmed-already"
    assert run([*given, "--as", "mona.bio"]) == 3
    assert "molecular pathologist" in capsys.readouterr().err
