"""A matched normal that stands in the tumour's own file decides where a variant comes from, where it is read deep enough."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.diagnostics.readers.vcf_files import csq, row, vcf

from presis.cli.main import run

MUTECT = ("##tumor_sample=T1", "##normal_sample=N1")
KRAS = {"SYMBOL": "KRAS", "HGVSc": "ENST1.1:c.35G>A", "HGVSp": "ENSP1.1:p.Gly12Asp", "Allele": "T"}


def report(
    folder: Path, normal: str, lines: tuple[str, ...] = MUTECT, names: tuple[str, str] = ("T1", "N1")
) -> dict:
    """The report on KRAS G12D at 30 %, with what the normal's column says."""
    one = row("chr12:25398284", "C", "T", info=csq(KRAS), samples=("0/1:70,30:0.3:100", normal))
    case = folder / "case"
    case.mkdir()
    (case / "T1.vcf").write_text(vcf(one, samples=names, build="GRCh37", lines=lines))
    (case / "specimen.yaml").write_text(
        "tumour: COAD\ntumour_cell_fraction: 0.6\nsex: female\ninvented: true\n"
    )
    made = folder / "out"
    assert (
        run(["report", "make", str(case), "--out", str(made), "--format", "json,html", "--language", "en"])
        == 0
    )
    (path,) = made.glob("*.json")
    (page,) = made.glob("*.html")
    return {**json.loads(path.read_text())["report"], "page": page.read_text()}


@pytest.mark.parametrize(
    ("normal", "kind", "proven", "why"),
    [
        ("0/0:100,0:0.0:100", "somatic", True, "0 % of 100 reads of the matched normal"),
        ("0/0:99,1:0.01:100", "somatic", True, "1 % of 100 reads of the matched normal"),
        ("0/0:80,0:.:80", "somatic", True, "0 % of 80 reads of the matched normal"),
        ("0/1:52,48:0.48:100", "likely_germline", True, "seen in the matched normal at 48 %"),
        ("0/1:15,5:0.25:20", "likely_germline", True, "seen in the matched normal at 25 %"),
        ("0/0:95,5:0.05:100", "possible_ch", False, "seen in the matched normal at 5 %"),
        ("0/0:19,0:0.0:19", "unclear", False, "read too thinly to decide (19 reads)"),
        ("0/1:.:.:.", "likely_germline", True, "seen in the matched normal"),
        ("./.:.:.:.", "unclear", False, "both a somatic and an inherited"),
    ],
)  # fmt: skip
def test_the_normal_decides(tmp_path: Path, normal: str, kind: str, proven: bool, why: str) -> None:
    made = report(tmp_path, normal)
    (origin,) = (each["origin"] for each in made["findings"] if each["kind"] == "small_variant")
    assert (origin["kind"], origin["proven"]) == (kind, proven)
    assert why in " ".join(each["text"] for each in origin["why"]).replace("\u202f", " ")


def test_such_a_report_isnt_called_tumour_only(tmp_path: Path) -> None:
    made = report(tmp_path, "0/0:100,0:0.0:100")
    assert made["matched_normal"]
    assert "tumour and matched normal" in made["page"]
    assert "tumour only" not in made["page"]


@pytest.mark.parametrize(
    ("lines", "names"),
    [((), ("TUMOR", "NORMAL")), (('##SAMPLE=<ID=A,Type=Tumor>', '##SAMPLE=<ID=B,Type=Normal>'), ("A", "B"))],
)  # fmt: skip
def test_the_normal_is_known_by_what_the_file_says(
    tmp_path: Path, lines: tuple[str, ...], names: tuple[str, str]
) -> None:
    assert report(tmp_path, "0/0:100,0:0.0:100", lines, names)["matched_normal"]


def test_a_second_column_that_nothing_calls_normal_is_none(tmp_path: Path) -> None:
    made = report(tmp_path, "0/1:52,48:0.48:100", ("##tumor_sample=A",), ("A", "B"))
    assert not made["matched_normal"]
    assert "tumour only" in made["page"]


@pytest.mark.parametrize(
    ("counts", "kind", "proven"),
    [(".,.", "unclear", False), ("26,0", "somatic", True), ("13,13", "likely_germline", True)],
)
def test_a_normal_in_the_tumours_own_column_is_read(
    tmp_path: Path, counts: str, kind: str, proven: bool
) -> None:
    one = row(
        "chr12:25398284",
        "C",
        "T",
        info=csq(KRAS),
        keys="GT:DPC:DPT:ADC:ADT",
        samples=(f"0/1:26:100:{counts}:70,30",),
    )
    (tmp_path / "T1.vcf").write_text(vcf(one, samples=("T1",), build="GRCh37"))
    (tmp_path / "specimen.yaml").write_text("tumour: COAD\ntumour_cell_fraction: 0.6\nsex: female\n")
    assert run(["report", "make", str(tmp_path), "--out", str(tmp_path / "out"), "--format", "json"]) == 0
    made = json.loads((tmp_path / "out" / "T1.json").read_text())["report"]
    (origin,) = (each["origin"] for each in made["findings"] if each["kind"] == "small_variant")
    assert (origin["kind"], origin["proven"], made["matched_normal"]) == (kind, proven, True)
