"""Folders with damaged, misplaced or misspelt files: refused in one sentence, never passed over."""

from __future__ import annotations

import gzip
import os

import pytest
from tests.diagnostics.readers.panel_files import combined, tsoppi_summary, tsoppi_table

from presis.cli.main import run
from presis.diagnostics.assemble import read_profile
from presis.errors import BadInput

SOUND = combined(rna="NA")


@pytest.fixture
def write(tmp_path):
    def one(name: str, content: str | bytes):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return one


DAMAGED = {
    "r.tsv.gz": (gzip.compress(SOUND.encode())[:400], "the gzip file is cut or damaged; give the whole file"),
    "r.tsv": (b"", "the file is empty; export it again"),
    "QC/P1-R_AllFusions.csv": (b"Caller,\0\0\0", r"is no text file \(it holds zero bytes\)"),
    "late.TSV": (b"a\t" * 4096 + b"\0", r"is no text file \(it holds zero bytes\)"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_beside_a_sound_one_is_refused(write, tmp_path, name):
    content, message = DAMAGED[name]
    write("d.tsv", SOUND)
    write(name, content)
    with pytest.raises(BadInput, match=f"{name}: {message}.*, or take it out of the folder"):
        read_profile([tmp_path])


def test_a_link_to_nothing_is_refused(write, tmp_path):
    write("d.tsv", SOUND)
    (tmp_path / "r.tsv").symlink_to(tmp_path / "gone.tsv")
    with pytest.raises(BadInput, match=r"r\.tsv: can't be read: No such file"):
        read_profile([tmp_path])


def test_what_no_panel_writes_is_only_said(write, tmp_path):
    write("d.tsv", SOUND)
    others = {
        "._r.tsv": b"\0\5",
        "~$d.tsv": b"\0",
        "x.bam": gzip.compress(b"BAM\1\0"),
        "a.pdf": b"",
        ".keep": b"",
    }
    for name, content in others.items():
        write(name, content)
    os.mkfifo(tmp_path / "pipe.tsv")
    profile = read_profile([tmp_path])
    assert {each.file for each in profile.not_usable} == {*others, "pipe.tsv"}


def test_where_nothing_holds_findings_each_file_has_its_reason(write, tmp_path):
    write("x.bam", b"\x1f\x8bnothing")
    write("notes.txt", "nothing of use")
    with pytest.raises(
        BadInput, match=r"holds findings \(notes.txt: not recognised.*\) \(x.bam: not read: the gzip"
    ):
        read_profile([tmp_path])


@pytest.mark.parametrize("name", ["X-D01_small_variant_table_forQC.tsv", "X_AllFusions.csv", "X_CombinedVariantOutput.tsv.gz"])  # fmt: skip
def test_findings_two_levels_down_are_refused_with_the_folder_to_give(write, tmp_path, name):
    write("run/run_variant_summary.tsv", tsoppi_summary("X-D01_P\t7.8\t2.48 (3/121)\tNA\tNA\tNA"))
    write(f"run/X-D01/{name}", tsoppi_table())
    with pytest.raises(BadInput) as caught:
        read_profile([tmp_path])
    (problem,) = caught.value.problems
    assert (problem.where.file, problem.message) == (
        f"run/X-D01/{name}",
        f"lies two levels down in {tmp_path}, where nothing is read; give {tmp_path / 'run'}",
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("rna_faild: true\n", "rna_faild is no key of a specimen"),
        ("- rna_failed\n", "should be keys and values"),
        ("# nothing yet\n", "should be keys and values"),
        ("", "the file is empty"),
    ],
)
@pytest.mark.parametrize("name", ["specimen.yaml", "Specimen.yml"])
def test_a_specimen_file_is_held_to_its_form_whatever_it_holds(
    write, tmp_path, capsys, name, content, message
):
    write("d.tsv", SOUND)
    write(name, content)
    assert run(["panel", "show", str(tmp_path)]) == 2
    out = capsys.readouterr()
    assert (out.out, out.err.count("\n")) == ("", 1)
    assert name in out.err
    assert message in out.err
