"""Today's layout of CIViC becomes a pack. The example is invented after CIViC's documentation."""

import csv
import gzip
import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from presis.cli.knowledge import app
from presis.errors import BadInput
from presis.knowledge import CivicItem, Library, load_library
from presis.knowledge.build import build
from presis.knowledge.lookup import left_out, look_up
from presis.knowledge.release import SHIPPED, Pack
from presis.knowledge.verification import verify

EXAMPLE = SHIPPED.parent / "build" / "example_civic"
PREFIX = "01-Nov-2026-"
EVIDENCE = f"{PREFIX}AcceptedAndSubmittedClinicalEvidenceSummaries.tsv"
VARIANTS = f"{PREFIX}VariantSummaries.tsv"
COMPLEX = "its molecular profile combines variants (AND, OR, NOT), which aren't compared"


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return build("civic", [EXAMPLE], tmp_path_factory.mktemp("civic"))


@pytest.fixture
def todays(pack: Pack) -> Library:
    return load_library([pack.folder])


def item(library: Library, number: int) -> CivicItem:
    return next(each for each in library.civic if each.evidence_id == str(990000000 + number))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def write(path: Path, content: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(content[0]), delimiter="\t")
        writer.writeheader()
        writer.writerows(content)


def copy(folder: Path, changed: Mapping[str, str] | None = None) -> Path:
    """The example with its first item changed."""
    folder.mkdir()
    items = rows(EXAMPLE / EVIDENCE)
    items[0] |= changed or {}
    write(folder / EVIDENCE, items)
    shutil.copy(EXAMPLE / VARIANTS, folder)
    return folder


def test_the_example_says_that_no_real_file_was_seen() -> None:
    assert "no real file of this layout was seen" in (EXAMPLE / "PROVENANCE.md").read_text("utf-8")
    assert all(int(each["evidence_id"]) > 990_000_000 for each in rows(EXAMPLE / EVIDENCE))


def test_a_laboratorys_pack_takes_the_shipped_ones_place_and_holds(todays: Library) -> None:
    assert len(todays.civic) == 23
    assert todays.packs["civic"].manifest.version == "2026-11-01"
    assert [problem for each in verify(todays) for problem in each.problems] == []


def test_every_item_is_read_or_listed(pack: Pack, todays: Library) -> None:
    listed = {line["id"].removeprefix("civic-") for line in todays.lines("left_out")}
    read = {each.evidence_id for each in todays.civic}
    assert read | {each for each in listed if each.isdecimal()} == {
        each["evidence_id"] for each in rows(EXAMPLE / EVIDENCE)
    }
    assert left_out(pack) == {
        COMPLEX: 3,
        "its status is submitted; accepted items count alone": 1,
        "CIViC has flagged it, or doesn't say that it hasn't": 1,
        "its fusion has a partner that is unknown or no gene": 1,
        "its fusion is one of certain exons, which aren't compared": 1,
        "its feature is a Factor, which isn't compared": 1,
        "its significance is 'Invented Significance', which Presis doesn't know": 1,
        "VariantSummaries names no single variant for its molecular profile": 1,
        "its variant_origin is 'Combined', which Presis doesn't know": 1,
        "its gene is none of MANE, and no former symbol of one": 1,
        "no OS2 or SBS2: functional items contradict one another on its change": 2,
        "no OS2 or SBS2: the item doesn't support its effect": 1,
        "no OS2 or SBS2: gain of function, but the gene isn't known as oncogene": 1,
    }


def test_a_complex_profile_keeps_its_name_and_is_no_item(todays: Library) -> None:
    kept = {line["marker"] for line in todays.lines("left_out") if line["reason"] == COMPLEX}
    assert kept == {
        "BRAF V600E AND BRAF Amplification",
        "EGFR L858R AND NOT EGFR T790M",
        "BRAF V600E OR ( BRAF V600K AND NOT NRAS Mutation )",
    }
    assert not any("AND" in each.variant for each in todays.civic)


def test_how_drugs_belong_together_stands_in_the_entry(todays: Library) -> None:
    assert item(todays, 1).drugs == ("Dabrafenib + Trametinib",)
    assert item(todays, 9).drugs == ("Alectinib or Crizotinib",)
    assert item(todays, 26).drugs == ("Vemurafenib in turn with Cobimetinib",)
    assert item(todays, 27).drugs == ("Encorafenib", "Binimetinib"), "the item doesn't say it"
    assert item(todays, 9).single_drugs == ("Alectinib", "Crizotinib")


def test_words_of_an_item(todays: Library) -> None:
    assert item(todays, 16).is_germline
    assert not item(todays, 1).is_germline
    assert item(todays, 34).direction is None
    assert item(todays, 35).rating is None
    assert item(todays, 26).pubmed_id is None, "an abstract of ASCO has no number in PubMed"


def test_a_disease_is_known_by_id_else_by_name_else_unknown(todays: Library) -> None:
    assert item(todays, 1).oncotree == ("MEL",)
    assert item(todays, 27).oncotree == ("MEL",), "another DOID, the name of our table"
    assert item(todays, 29).doid == "1909", "no DOID"
    assert item(todays, 30).oncotree == ("SPZM",), "by OncoTree's own name"
    assert item(todays, 28).oncotree == ()
    assert "the disease of 1 of 23 items is unknown" in str(todays.packs["civic"].manifest.caution)


def test_functional_items_are_candidates_that_wait(todays: Library) -> None:
    found = {each.row: each for gene in ("BRAF", "TP53") for each in todays.functional(gene)}
    gain, unaltered = found["civic-990000017-OS2"], found["civic-990000018-SBS2"]
    assert (gain.pattern, gain.effect, gain.confidence, gain.counts) == (
        *("p.L485W", "gain_of_function", "imported"),
        False,
    )
    assert (unaltered.pattern, unaltered.effect, unaltered.counts) == ("p.E11K", "no_effect", False)
    assert sum(row.startswith("civic-") for row in found) == 2
    (shown,) = look_up(todays, "civic-990000017-OS2")
    assert shown.fields["counts"] == "no: not confirmed by the laboratory"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"evidence_level": "F"}, "its evidence_level is none of A to E"),
        ({"rating": "7"}, "its rating is none of 1 to 5"),
        ({"evidence_direction": "Perhaps"}, "its evidence_direction is 'Perhaps', which Presis doesn't know"),
        ({"evidence_type": "Horoscope"}, "its evidence_type is 'Horoscope', which Presis doesn't know"),
        ({"therapy_interaction_type": "Both"}, "its therapy_interaction_type is 'Both', which Presis doesn't know"),
        ({"evidence_id": "x"}, "its evidence_id is no number"),
        ({"citation_id": "35101336"}, "its paper is of the oncogenicity standard's validation set"),
        ({"molecular_profile": "BRAF V600K"}, "VariantSummaries names its molecular profile otherwise"),
        ({"is_flagged": ""}, "CIViC has flagged it, or doesn't say that it hasn't"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_listed(tmp_path: Path, changed: dict[str, str], reason: str) -> None:
    made = build("civic", [copy(tmp_path / "copy", changed)], tmp_path)
    lines = load_library([made.folder]).lines("left_out")
    ids = {line["id"] for line in lines if line["reason"] == reason}
    assert f"civic-{changed.get('evidence_id', '990000001')}" in ids


def test_capitals_and_small_letters_are_the_same_word(tmp_path: Path) -> None:
    words = {
        "significance": "SENSITIVITYRESPONSE",
        "evidence_direction": "SUPPORTS",
        "variant_origin": "SOMATIC",
    }
    made = build("civic", [copy(tmp_path / "copy", words)], tmp_path)
    first = item(load_library([made.folder]), 1)
    assert (first.significance, first.direction) == ("Sensitivity/Response", "Supports")


def test_a_nightly_release_is_named_by_its_last_review(tmp_path: Path) -> None:
    (tmp_path / "nightly").mkdir()
    for name in (EVIDENCE, VARIANTS):
        content = gzip.compress((EXAMPLE / name).read_bytes())
        (tmp_path / "nightly" / f"nightly-{name.removeprefix(PREFIX)}.gz").write_bytes(content)
    manifest = build("civic", [tmp_path / "nightly"], tmp_path).manifest
    assert (manifest.version, manifest.date) == ("nightly, reviewed to 2026-10-01", None)


def test_the_file_of_accepted_items_goes_before_the_others(tmp_path: Path) -> None:
    folder = copy(tmp_path / "copy")
    items = [row for row in rows(folder / EVIDENCE) if row["evidence_status"] == "accepted"]
    for name in ("AcceptedClinicalEvidenceSummaries.tsv", "ClinicalEvidenceSummaries.tsv"):
        write(folder / f"{PREFIX}{name}", items)
    made = build("civic", [folder], tmp_path)
    assert "its status is submitted; accepted items count alone" not in left_out(made)


def test_variants_before_features_came_are_genes(tmp_path: Path) -> None:
    folder = copy(tmp_path / "copy")
    variants = rows(folder / VARIANTS)
    write(
        folder / VARIANTS,
        [
            {key: row[key] for key in ("variant", "gene", "single_variant_molecular_profile_id")}
            for row in variants
        ],
    )
    library = load_library([build("civic", [folder], tmp_path).folder])
    assert (item(library, 1).gene, item(library, 1).variant) == ("BRAF", "V600E")


def test_bad_input_is_told_in_one_sentence(tmp_path: Path) -> None:
    folder = copy(tmp_path / "copy")
    (folder / VARIANTS).unlink()
    with pytest.raises(BadInput, match=f"{VARIANTS} is missing, which tells the gene"):
        build("civic", [folder], tmp_path)
    (folder / VARIANTS).write_text("variant\nV600E\n", encoding="utf-8")
    with pytest.raises(BadInput, match="the variants lack single_variant_molecular_profile_id, gene"):
        build("civic", [folder], tmp_path)
    (folder / EVIDENCE).write_text("id\tmolecular_profile\n1\tBRAF V600E\n", encoding="utf-8")
    with pytest.raises(BadInput, match="neither those of CIViC's release of 2018 nor today's"):
        build("civic", [folder], tmp_path)
    (folder / EVIDENCE).write_text("", encoding="utf-8")
    with pytest.raises(BadInput, match="the file is empty; download it anew"):
        build("civic", [folder], tmp_path)
    (folder / EVIDENCE).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput, match="cut off, or no text in UTF-8"):
        build("civic", [folder], tmp_path)
    (folder / f"nightly-{EVIDENCE.removeprefix(PREFIX)}").write_text("", encoding="utf-8")
    with pytest.raises(BadInput, match="2 releases of CIViC"):
        build("civic", [folder], tmp_path)
    with pytest.raises(BadInput, match="no releases of CIViC"):
        build("civic", [SHIPPED], tmp_path)


def test_the_command_counts_what_was_left_out(tmp_path: Path) -> None:
    said = CliRunner().invoke(app, ["build", "civic", "--from", str(EXAMPLE), "--out", str(tmp_path)])
    assert said.exit_code == 0
    assert f"Left out, by reason:\n      3  {COMPLEX}" in said.stdout
    said = CliRunner().invoke(
        app, ["build", "civic", "--from", str(EXAMPLE), "--out", str(tmp_path), "--json"]
    )
    assert json.loads(said.stdout)["left_out"][COMPLEX] == 3
