"""The packs as files: each says what it is, no byte may differ, and a further one may stand beside them."""

import gzip
import re
from pathlib import Path

import pytest

from presis.errors import BadInput
from presis.knowledge import Library, load_library
from presis.knowledge.build.writer import Table, write_pack
from presis.knowledge.civic import DISEASE_COLUMNS
from presis.knowledge.forms import COLUMNS
from presis.knowledge.release import SHIPPED, open_pack
from presis.knowledge.verification import VALIDATION_PMIDS, verify

DESCRIPTION = {
    "pack": "mine",
    "title": "A pack of ours",
    "version": "1",
    "date": "2026-11-25",
    "valid_on": "2026-11-25",
    "licence": "ours",
    "sources": [{"name": "ours", "address": "https://example.org", "version": "1"}],
    "made": "by hand",
}


def escat_table(**cells: str) -> Table:
    row = {
        **dict.fromkeys(COLUMNS["escat"], ""),
        "id": "mine-1",
        "gene": "BRAF",
        "oncotree": "MEL",
        "escat_tier": "I-A",
        "version_date": "2026",
        "confidence": "read",
        **cells,
    }
    return Table("escat.csv", "escat", COLUMNS["escat"], (row,))


def faults(folder: Path) -> list[str]:
    return [str(problem) for each in verify(load_library([folder])) for problem in each.problems]


def test_every_shipped_pack_holds(library: Library) -> None:
    checked = verify(library)
    assert len(checked) == 18
    assert {each.release.pack: each.problems for each in checked if each.problems} == {}


def test_every_pack_names_its_sources_version_licence_and_day_of_validity(library: Library) -> None:
    for pack in library.packs.values():
        assert len(pack.manifest.sources) == 2, pack.manifest.pack
        assert all(source.address.startswith("https://") for source in pack.manifest.sources)
    assert len({release.sha256 for release in library.releases}) == 18
    assert next(r.label for r in library.releases if r.pack == "hotspots") == "hotspots v2"


def test_no_row_comes_from_a_set_that_validates_the_oncogenicity_standard() -> None:
    """Horak 2022 (PMID 35101336) and its erratum (36063163): the standard is tested on their variants."""
    for path in sorted(SHIPPED.rglob("*.csv*")):
        content = path.read_bytes()
        text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8")
        for pmid in VALIDATION_PMIDS:
            assert not re.search(rf"\b{pmid}\b", text), path.name
        assert "oncovi" not in text.casefold()


def test_a_table_that_was_changed_is_refused(tmp_path: Path) -> None:
    write_pack(tmp_path, DESCRIPTION, [escat_table()])
    (tmp_path / "escat.csv").write_text("changed", encoding="utf-8")
    library = load_library([tmp_path])
    with pytest.raises(BadInput, match=r"the table escat\.csv of the pack mine isn't the one"):
        _ = library.escat


def test_a_table_that_is_missing_is_refused(tmp_path: Path) -> None:
    write_pack(tmp_path, DESCRIPTION, [escat_table()])
    (tmp_path / "escat.csv").unlink()
    assert faults(tmp_path) == [
        f"{tmp_path / 'escat.csv'}: the pack mine lacks its table escat.csv; install or build it anew."
    ]


def test_a_folder_without_a_manifest_is_no_pack(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"there is no knowledge pack here: manifest\.yaml is missing"):
        open_pack(tmp_path)


def test_every_fault_of_a_manifest_is_named(tmp_path: Path) -> None:
    (tmp_path / "manifest.yaml").write_text("pack: Mine\nlicence: 1\n", encoding="utf-8")
    with pytest.raises(BadInput) as raised:
        open_pack(tmp_path)
    named = {problem.where.field for problem in raised.value.problems}
    assert {"pack", "title", "licence", "sources", "files"} <= named


def test_a_manifest_that_counts_its_rows_wrongly_is_found(tmp_path: Path) -> None:
    write_pack(tmp_path, DESCRIPTION, [escat_table()])
    manifest = tmp_path / "manifest.yaml"
    manifest.write_text(manifest.read_text("utf-8").replace("rows: 1", "rows: 2"), encoding="utf-8")
    assert faults(tmp_path) == [f"{tmp_path / 'escat.csv'}: rows found: 1; its manifest says 2."]


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"oncotree": "MEL;NOPE"}, "line 2, field oncotree: 'NOPE': no such tumour type."),
        ({"gene": "BRAV"}, "line 2, field gene: 'BRAV': no gene of MANE, and no former symbol of one."),
        ({"version_date": "last year"}, "field version_date: 'last year': no year, month or day."),
        ({"note": "PMID 35101336"}, "field note: 'PMID 35101336': taken from the standard's validation set."),
        ({"confidence": "sure"}, "confidence is 'sure'; write read, recalled, imported."),
        ({"escat_tier": "1A"}, "escat_tier is '1A'; write I-A, I-B,"),
        ({"id": "escat-01"}, "the row id escat-01 stands twice."),
    ],
)
def test_a_cell_that_refers_to_nothing_is_found(tmp_path: Path, cells: dict[str, str], sentence: str) -> None:
    write_pack(tmp_path, DESCRIPTION, [escat_table(**cells)])
    found = faults(tmp_path)
    assert found
    assert any(sentence in fault for fault in found)


def test_a_drug_that_no_table_knows_is_found(tmp_path: Path) -> None:
    row = {**dict.fromkeys(COLUMNS["norway_access"], ""), "id": "n", "drug": "olaparib + hopinib"}
    table = Table("n.csv", "norway_access", COLUMNS["norway_access"], ({**row, "confidence": "read"},))
    write_pack(tmp_path, DESCRIPTION, [table])
    assert [fault.rpartition("field ")[2] for fault in faults(tmp_path)] == [
        "drug: 'hopinib': no such drug in the drug table."
    ]


def test_a_form_that_is_unknown_is_found(tmp_path: Path) -> None:
    write_pack(tmp_path, DESCRIPTION, [Table("x.csv", "horoscope", ("a",), ())])
    assert faults(tmp_path) == [f"{tmp_path / 'x.csv'}: the manifest names a form that Presis doesn't know."]


def test_a_further_pack_adds_its_rows(tmp_path: Path) -> None:
    write_pack(tmp_path, DESCRIPTION, [escat_table()])
    library = load_library([tmp_path])
    assert (len(library.escat), library.escat[-1].row) == (47, "mine-1")
    assert "mine" in {release.pack for release in library.releases}


def test_a_pack_of_the_same_name_takes_the_shipped_ones_place(tmp_path: Path) -> None:
    write_pack(tmp_path, {**DESCRIPTION, "pack": "escat"}, [escat_table()])
    assert [row.row for row in load_library([tmp_path]).escat] == ["mine-1"]


def test_the_default_library_is_loaded_once() -> None:
    assert load_library() is load_library()


def test_the_same_content_gives_the_same_bytes() -> None:
    row = dict.fromkeys(DISEASE_COLUMNS, "ø")
    tables = [Table(name, "diseases", DISEASE_COLUMNS, (row,)) for name in ("d.csv", "d.csv.gz")]
    for table in tables:
        assert table.content() == table.content()
    assert gzip.decompress(tables[1].content()) == tables[0].content()
    assert tables[1].content()[4:8] == b"\0\0\0\0", "no time inside"


def test_any_row_is_found_by_its_id_and_its_content_depends_on_every_cell(library: Library) -> None:
    row = library.row("escat-02")
    assert row is not None
    assert (row.pack, row.version, row.confidence) == ("escat", "2026-11-25", "recalled")
    other = library.row("escat-03")
    assert other is not None
    assert other.content != row.content
    assert library.row("nothing") is None
