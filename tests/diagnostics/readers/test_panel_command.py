"""`presis panel show`: for people, for programs, and for people who made a mistake."""

from __future__ import annotations

import json

import pytest
from tests.diagnostics.readers.panel_files import combined, metrics

from presis.cli.main import run


@pytest.fixture
def digest(tmp_path):
    path = tmp_path / "P1_CombinedVariantOutput.tsv"
    path.write_text(combined("dragen-2.6"))
    return path


def test_the_answer_comes_first_and_fits_80_columns(digest, capsys):
    assert run(["panel", "show", str(digest)]) == 0
    text = capsys.readouterr().out
    assert text.startswith("P1: 3 small variants, 2 copy number calls, 1 exon copy number call, 2 fusions")
    assert max(map(len, text.splitlines())) <= 80
    for words in (
        "BRAF",
        "p.V600E",
        "EML4::ALK",
        "AR-V7",
        "Tested",
        "no metrics file was given",
        "BETA FEATURES",
    ):
        assert words in text


def test_the_instability_score_stands_with_its_caveat(digest, capsys):
    assert run(["panel", "show", str(digest)]) == 0
    assert "follows Myriad's score, and isn't it" in " ".join(capsys.readouterr().out.split())


def test_json_is_one_object_with_every_part(digest, capsys):
    assert run(["panel", "show", str(digest), "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert {
        "sample", "specimen", "assay", "build", "small_variants", "copy_numbers", "exon_copy_numbers", "fusions",
        "splice_variants", "tmb", "msi", "quality", "not_usable", "covers", "inputs",
    } <= set(content)  # fmt: skip
    assert content["small_variants"][0]["protein_short"] == "p.V600E"
    genes = content["covers"]["small_variant"]["genes"]
    assert (len(genes), genes) == (523, sorted(genes))


def test_options_reach_the_reader(digest, tmp_path, capsys):
    (tmp_path / "m.tsv").write_text(metrics("dragen-2.6"))
    (tmp_path / "limits.csv").write_text("metric,direction,limit\nPCT_EXON_50X,min,99.9\n")
    (tmp_path / "s.yaml").write_text("tumour: LUAD\nrna_failed: true\n")
    arguments = ["panel", "show", str(digest), str(tmp_path / "m.tsv"), "--json"]
    options = [
        "--limits",
        str(tmp_path / "limits.csv"),
        "--specimen",
        str(tmp_path / "s.yaml"),
        "--sample",
        "P1-D",
    ]
    assert run(arguments + options) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["specimen"]["tumour"] == "LUAD"
    assert content["quality"]["unknown"]["tmb"] == ["PCT_EXON_50X 99.1 below 99.9"]
    assert content["covers"]["rna_fusion"]["reason"] == "rna_failed"


def test_a_cut_file_is_one_sentence_and_exit_code_2(digest, capsys):
    digest.write_text(combined("localapp")[:900])
    assert run(["panel", "show", str(digest)]) == 2
    out = capsys.readouterr()
    assert out.out == ""
    assert out.err.count("\n") == 1
    assert "the file is cut or damaged" in out.err


def test_with_json_a_mistake_is_an_object_too(tmp_path, capsys):
    assert run(["panel", "show", str(tmp_path / "absent.tsv"), "--json"]) == 2
    out = capsys.readouterr()
    (problem,) = json.loads(out.err or out.out)["problems"]
    assert (problem["code"], problem["where"]) == ("unreadable", {"file": "absent.tsv"})
