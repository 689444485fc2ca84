"""Files are kept without other patients: columns and rows of others go, in whatever encoding they came."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from tests.diagnostics.readers.panel_files import tsoppi_table
from tests.diagnostics.readers.vcf_files import CSQ, row, vcf

from presis.diagnostics.keeping import kept_files
from presis.diagnostics.keeping_vcf import own_vcf
from presis.diagnostics.reading import read_one
from presis.knowledge import load_library

DEMO = Path(__file__).parents[2] / "src" / "presis" / "diagnostics" / "demo_data"
OWN = "INVENTED-CRC-1"


def case(folder: Path) -> list[Path]:
    for file in (DEMO / "invented_colorectal").iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    return sorted(folder.iterdir())


def with_neighbour(line: str) -> str:
    """The line with two columns of another patient."""
    cells = line.split("\t")
    if any(cell.startswith(OWN) for cell in cells):
        return "\t".join([*cells, "KURT-SECRET-D01_P", "KURT-SECRET-R01_P"])
    return "\t".join([*cells, "31337", "31338"]) if len(cells) > 3 and not line.startswith("[") else line


def test_metrics_lose_the_columns_of_other_samples_and_no_value_of_their_own(tmp_path: Path) -> None:
    paths = case(tmp_path)
    metrics = tmp_path / "MetricsOutput.tsv"
    alone = read_one(paths, load_library())
    text = metrics.read_text(encoding="utf-8")
    head, bracket, body = text.partition("[Analysis Status]")
    lines = [with_neighbour(line.rstrip("\t")) for line in body.split("\n")]
    metrics.write_text(head + bracket + "\n".join(lines), encoding="utf-16")
    profile = read_one(paths, load_library())
    (kept,) = [each for each in kept_files(paths, profile) if each.name == "MetricsOutput.tsv"]
    assert b"SECRET" not in kept.data
    assert b"31337" not in kept.data
    metrics.write_bytes(kept.data)
    again = read_one(paths, load_library())
    values = [[(m.metric, m.value, m.nucleic_acid) for m in each.quality.measures] for each in (alone, again)]
    assert values[0] == values[1]


@pytest.mark.parametrize("kind", ["tsoppi_sample_list", "tsoppi_variant_summary"])
def test_tables_with_a_row_for_each_sample_keep_their_own(tmp_path: Path, kind: str) -> None:
    folder = DEMO / "na12878"
    paths = sorted(folder.iterdir())
    profile = read_one(paths, load_library())
    (told,) = [each for each in profile.inputs if each.kind == kind]
    source = folder / told.name
    copy = tmp_path / told.name
    copy.write_text(source.read_text(encoding="utf-8") + "X\tKURT-SECRET-D01\tSECRET\n", encoding="utf-8")
    (kept,) = kept_files([copy], profile)
    assert b"SECRET" not in kept.data
    assert b"NA12878" in kept.data


def test_a_table_of_variants_loses_the_rows_of_another_sample(tmp_path: Path) -> None:
    path = tmp_path / "CL-Inv_small_variant_table.tsv"
    other = {"Sample_ID": "KURT-SECRET-D01", "Protein_change_short": "G12C"}
    alone = tsoppi_table({}, {"Sample_ID": "NA", "IGV_QC": "."})
    both = tsoppi_table({}, {"Sample_ID": "NA", "IGV_QC": "."}, other)
    path.write_text(both, encoding="utf-8")
    (kept,) = kept_files([path], read_one([path], load_library(), sample="CL-Inv"))
    assert kept.data.decode() == alone
    path.write_text(alone, encoding="utf-8")
    (kept,) = kept_files([path], read_one([path], load_library()))
    assert kept.data.decode() == alone


def test_pathologys_results_are_kept_without_those_of_others(tmp_path: Path) -> None:
    paths = case(tmp_path)
    file = tmp_path / "ihc.csv"
    own = f"{OWN},HER2,IHC,0\n"
    file.write_text(f"specimen,marker,method,score\nKURT-SECRET,HER2,IHC,3+\n{own}", encoding="utf-8")
    profile = read_one([*paths, file], load_library())
    (kept,) = [each for each in kept_files([*paths, file], profile) if each.name == "ihc.csv"]
    assert kept.data.decode() == f"specimen,marker,method,score\n{own}"


def test_a_vcf_is_kept_with_the_columns_of_the_tumour_and_its_normal_alone(tmp_path: Path) -> None:
    def made(*samples: str, lines: tuple[str, ...] = ()) -> Path:
        text = vcf(row(), samples=("P1-D01",), lines=lines).splitlines()
        more = ("\t".join(samples), "\t".join(["0/1:3,5:0.625:8"] * len(samples)))
        text[-2:] = ["\t".join(pair) for pair in zip(text[-2:], more, strict=True)] if samples else text[-2:]
        path = tmp_path / "P1.vcf"
        path.write_text("\n".join(text) + "\n", encoding="utf-8")
        return path

    def kept(path: Path) -> str:
        (file,) = kept_files([path], read_one([path], load_library(), sample="P1-D01"))
        return file.data.decode()

    path = made("KURT-SECRET", "P1-NORMAL", lines=("##SAMPLE=<ID=KURT-SECRET>", "##normal_sample=P1-NORMAL"))
    text = kept(path)
    assert "KURT-SECRET" not in text
    assert [len(line.split("\t")) for line in text.splitlines() if not line.startswith("##")] == [11, 11]
    path.write_text(text, encoding="utf-8")
    again = read_one([path], load_library(), sample="P1-D01").small_variants
    assert [(each.depth, each.allele_fraction) for each in again] == [(812, 0.31)]
    alone = made("P1-NORMAL", lines=("##normal_sample=P1-NORMAL",))
    assert kept(alone) == alone.read_text(encoding="utf-8")


OTHERS = "0/1:300,212:0.4:512"
#: What a row says of the own sample, and whether it is kept; the other patient has the variant in each.
ROWS = {
    "an alternative allele": ("0/1:560,252:0.31:812", True),
    "the second alternative of a phased call": ("0|2:1,0,9:0.0,0.9:10", True),
    "no call": ("./.:.:.:.", True),
    "a call in part": ("./0:9,0:0.0:9", True),
    "reads without a call": ("0/0:800,2:0.0:802", True),
    "a share without a call": ("0/0:.:0.01:802", True),
    "the reference": ("0/0:800,0:0.00:800", False),
    "the reference without a depth": ("0/0:.:.:.", False),
    "the reference of one copy": ("0:30,0:0:30", False),
}


@pytest.mark.parametrize(("cell", "stays"), ROWS.values(), ids=ROWS)
@pytest.mark.parametrize("annotated", [False, True])
def test_a_variant_that_another_patient_alone_carries_is_not_kept(
    tmp_path: Path, cell: str, stays: bool, annotated: bool
) -> None:
    alt = "T,C" if "2" in cell.partition(":")[0] else "T"
    text = vcf(
        row("chr7:5000", alt=alt, samples=(cell, OTHERS)), row(samples=("0/1:5,5:0.5:10", OTHERS)),
        samples=("P1-D01", "KURT-SECRET"), columns=CSQ if annotated else None,
        lines=("##tumor_sample=P1-D01",),
    )  # fmt: skip
    path = tmp_path / "P1.vcf"
    path.write_text(text, encoding="utf-8")
    profile = read_one([path], load_library())
    told = [each.found for each in profile.not_usable]
    assert stays or (not any("5000" in each for each in told) and "changes: 1" in told)
    (kept,) = kept_files([path], profile)
    text = kept.data.decode()
    assert OTHERS not in text
    assert "KURT" not in text
    assert ("5000" in text) == stays
    assert "140753336" in text


@pytest.mark.parametrize(
    ("cell", "stays"), [("0/0:30,0:0.0:30", True), ("0/0:.:.:.", False), ("./.:.:.:.", True)]
)
def test_a_genome_vcf_is_kept_with_the_depth_of_its_own_reference_calls(
    tmp_path: Path, cell: str, stays: bool
) -> None:
    text = vcf(
        row(samples=(cell, OTHERS)), samples=("P1-D01", "KURT-SECRET"), lines=("##tumor_sample=P1-D01",)
    )
    path = tmp_path / "P1.gvcf.gz"
    path.write_bytes(gzip.compress(text.encode()))
    told = gzip.decompress(own_vcf(path, "genome_vcf", {"P1-D01"})).decode()
    assert "KURT" not in told
    assert OTHERS not in told
    assert ("140753336" in told) == stays


def test_a_row_that_does_not_fit_its_columns_is_not_kept(tmp_path: Path) -> None:
    long = row(samples=("0/1:5,5:0.5:10", OTHERS, OTHERS))
    text = vcf(long, row(samples=("0/1:5,5:0.5:10", OTHERS)), samples=("P1-D01", "KURT-SECRET"),
               lines=("##tumor_sample=P1-D01",))  # fmt: skip
    path = tmp_path / "P1.vcf"
    path.write_text(text, encoding="utf-8")
    told = own_vcf(path, "vcf", {"P1-D01"}).decode()
    assert OTHERS not in told
    assert told.count("140753336") == 1


def test_copy_numbers_keep_every_row_since_each_is_read_as_the_tumours(tmp_path: Path) -> None:
    text = vcf(row(samples=("0/0:5,0:0.0:5", OTHERS)), samples=("P1-D01", "KURT-SECRET"),
               lines=("##tumor_sample=P1-D01",))  # fmt: skip
    path = tmp_path / "P1.vcf"
    path.write_text(text, encoding="utf-8")
    for kind in ("vcf_copy_number", "vcf_exon_copy_number", "vcf_splice_variants", "vcf_structural"):
        told = own_vcf(path, kind, {"P1-D01"}).decode()
        assert "140753336" in told
        assert OTHERS not in told
