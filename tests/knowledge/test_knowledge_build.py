"""The packs can be made again from their sources, byte for byte."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from presis.errors import BadInput
from presis.knowledge.build import BUILDERS, build
from presis.knowledge.release import SHIPPED

#: The packs whose sources are packages of the dependency group `knowledge`.
FROM_PACKAGES = {
    "drivers": ("oncoref", "driver-variant-evidence.csv"),
    "gene_roles": ("oncoref", "driver-gene-evidence.csv"),
    "mane": ("variant_hierarchy", "MANE.GRCh38.v1.5.summary.txt"),
}


def package_file(package: str, name: str) -> Path:
    """A data file of a package, found without importing it."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        pytest.skip(f"{package} isn't installed (dependency group knowledge)")
    return Path(spec.origin).parent / "data" / name


@pytest.mark.parametrize("pack", sorted(BUILDERS))
def test_a_pack_made_again_is_the_same_byte_for_byte(pack: str, source_folder: Path, tmp_path: Path) -> None:
    if not (SHIPPED / pack).is_dir():
        pytest.skip(f"{pack} isn't shipped")
    sources = [source_folder]
    if pack in FROM_PACKAGES:
        sources.append(package_file(*FROM_PACKAGES[pack]))
    build(pack, sources, tmp_path)
    made = {path.name: path.read_bytes() for path in (tmp_path / pack).iterdir()}
    shipped = {path.name: path.read_bytes() for path in (SHIPPED / pack).iterdir()}
    assert made == shipped


def test_the_packs_that_presis_curates_alone_need_no_source(tmp_path: Path) -> None:
    for pack in ("confirmations", "functional_evidence_more", "grantham", "protein_lengths", "symbols"):
        build(pack, [], tmp_path)
        assert (tmp_path / pack / "manifest.yaml").read_bytes() == (
            SHIPPED / pack / "manifest.yaml"
        ).read_bytes()


def test_an_unknown_pack_is_told_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no recipe for a pack named 'horoscope'") as raised:
        build("horoscope", [], tmp_path)
    assert "hotspots" in str(raised.value.problems[0].accepted)


def test_a_source_that_is_absent_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"no file named escat\.csv lies in what --from names"):
        build("escat", [tmp_path], tmp_path)
    with pytest.raises(BadInput, match="there is nothing here; name a folder or file that exists"):
        build("escat", [tmp_path / "absent"], tmp_path)


def test_a_source_with_other_columns_is_refused(tmp_path: Path) -> None:
    (tmp_path / "escat.csv").write_text("id,gene\n1,BRAF\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"escat\.csv has other columns than the pack"):
        build("escat", [tmp_path], tmp_path / "out")


def test_hotspots_with_mac_line_ends_are_read_and_their_sums_checked(tmp_path: Path) -> None:
    columns = [
        "Hugo_Symbol",
        "Amino_Acid_Position",
        "Mutation_Count",
        "Variant_Amino_Acid",
        "ref",
        "Total_Samples",
    ]
    rows = [["G", "12", "5", "D:4", "G", "9"], ["G", "X7_splice", "2", "splice:2", "splice", "9"]]
    text = "\r".join("\t".join(row) for row in [columns, *rows])
    (tmp_path / "hotspots_v2.txt").write_bytes(text.encode())
    with pytest.raises(BadInput, match="the changes of G 12 don't add up to its total"):
        build("hotspots", [tmp_path], tmp_path / "out")


@pytest.mark.parametrize("pmid", ["35101336", "36063163"])
def test_a_row_from_a_validation_set_is_refused(tmp_path: Path, pmid: str) -> None:
    header = "gene,change,pattern,pattern_type,effect,criterion,study,pmid,checked_at,confidence"
    line = f"BRAF,p.V600E,p.V600E,exact,gain_of_function,OS2,benchmark,{pmid},,read"
    (tmp_path / "functional_evidence.csv").write_text(f"{header}\n{line}\n", encoding="utf-8")
    with pytest.raises(BadInput, match=f"rests on PMID {pmid}, a validation set; leave it out"):
        build("functional_evidence", [tmp_path], tmp_path / "out")


def test_two_rows_of_one_id_are_refused(tmp_path: Path) -> None:
    header = "gene,change,pattern,pattern_type,effect,criterion,study,pmid,checked_at,confidence"
    line = "BRAF,p.V600E,p.V600E,exact,gain_of_function,OS2,study,,,read"
    text = f"{header}\n{line}\n{line}\n"
    (tmp_path / "functional_evidence.csv").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="rows with the same id"):
        build("functional_evidence", [tmp_path], tmp_path / "out")
