"""What a patient declined to hear stands in no output: not in what the filter left out, nor in a listing of the files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.diagnostics.readers.vcf_files import csq, row, vcf

from presis.cli.main import run

KRAS = {
    "SYMBOL": "KRAS",
    "HGVSc": "ENST1.1:c.35G>A",
    "HGVSp": "ENSP1.1:p.Gly12Asp",
    "Consequence": "missense_variant",
}
SPECIMEN = (
    "tumour: COAD\ntumour_cell_fraction: 0.25\nsex: female\ninvented: true\npredisposition_declined: {}\n"
)
HIDDEN = ("SDHB", "17359640", "FH p.R91*", "10183725")


def stop(gene: str, codon: int) -> dict[str, str]:
    return {
        "SYMBOL": gene, "HGVSc": f"ENST2.1:c.{3 * codon}C>T", "HGVSp": f"ENSP2.1:p.Arg{codon}Ter",
        "Consequence": "stop_gained", "EXON": "2/9", "MANE_SELECT": "NM_1.1",
    }  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """KRAS of the tumour; FH twice, inherited and not; SDHB that its caller left out as germline."""
    rows = (
        row("chr12:25398284", "C", "T", info=csq({**KRAS, "Allele": "T"}), samples=("0/1:79,21:0.21:100",)),
        row("chr1:17359640", "G", "A", info=csq({**stop("SDHB", 90), "Allele": "A"}), passes="germline",
            samples=("0/1:50,50:0.5:100",)),
        row("chr3:10183725", "C", "T", info=csq({**stop("FH", 91), "Allele": "T"}), samples=("0/1:50,50:0.5:100",)),
        row("chr3:10183799", "C", "T", info=csq({**stop("FH", 120), "Allele": "T"}), samples=("0/1:90,10:0.1:100",)),
    )  # fmt: skip
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "P1-D01.vcf").write_text(vcf(*rows, build="GRCh37"))
    return tmp_path


def outputs(folder: Path, declined: str) -> dict[str, str]:
    """Everything that a user can be shown of the case, by name."""
    case, out = folder / "case", folder / f"out-{declined}"
    (case / "specimen.yaml").write_text(SPECIMEN.format(declined))
    assert (
        run(
            ["report", "make", str(case), "--out", str(out), "--format", "html,json,fhir", "--language", "en"]
        )
        == 0
    )
    (report,) = (each for each in out.glob("*.json") if "fhir" not in each.name)
    export = [
        "report",
        "export",
        str(report),
        "--format",
        "cbioportal",
        "--study",
        "demo",
        "--out",
        str(out / "study"),
    ]
    assert run(export) == 0
    told = [each for each in out.rglob("*") if each.is_file() and "gene_panel" not in str(each)]
    return {str(each.relative_to(out)): each.read_text() for each in told}


@pytest.mark.parametrize("word", HIDDEN)
def test_no_file_of_a_report_tells_what_was_declined(folder: Path, word: str) -> None:
    for name, text in outputs(folder, "true").items():
        assert word not in text, name


def test_without_the_objection_all_of_it_is_told(folder: Path) -> None:
    text = "".join(outputs(folder, "false").values())
    assert all(word in text for word in HIDDEN)


def test_what_is_not_suspected_stays_and_the_rows_counted_are_those_told(folder: Path) -> None:
    (made,) = (t for n, t in outputs(folder, "true").items() if n.endswith(".json") and "fhir" not in n)
    content = json.loads(made)["report"]
    labels = {each["label"] for each in content["findings"] if each["kind"] == "small_variant"}
    assert labels == {"KRAS p.G12D", "FH p.R120*"}
    assert content["left_out"] == []
    assert next(each["rows"] for each in content["inputs"] if each["kind"] == "vcf") == 2


def test_of_the_genes_other_hit_both_alleles_are_as_unknown_as_they_are_by_it_alone(folder: Path) -> None:
    (made,) = (t for n, t in outputs(folder, "true").items() if n.endswith(".json") and "fhir" not in n)
    (state,) = (each for each in json.loads(made)["report"]["allelic_states"] if each["gene"] == "FH")
    assert state["state"] == "unknown"
    assert [each["values"]["finding"] for each in state["why"]] == ["FH p.R120*"]
    assert "phase" not in json.dumps(state)


@pytest.mark.parametrize("options", [[], ["--json"]])
@pytest.mark.parametrize("command", ["show", "compare"])
def test_a_listing_of_the_files_tells_no_more_than_the_report(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str, options: list[str]
) -> None:
    (folder / "case" / "specimen.yaml").write_text(SPECIMEN.format("true"))
    given = [str(folder / "case")] * (2 if command == "compare" else 1)
    assert run(["panel", command, *given, *options]) == 0
    text = capsys.readouterr().out
    assert "KRAS" in text
    assert not any(word in text for word in HIDDEN)
    if not options:
        assert "inherited risks only where they bear on" in " ".join(text.split())
