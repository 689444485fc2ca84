"""Pathology's CSV and the pictures beside a panel: every row a result or listed, one sentence for bad input."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.diagnostics.readers.panel_files import combined

from presis.diagnostics.assemble import read_profile, read_profiles
from presis.diagnostics.profile import MolecularProfile
from presis.errors import BadInput

HEADER = "specimen,marker,method,score,unit,assay,threshold,date,block"


def folder(tmp_path: Path, csv: str, name: str = "answers.csv", **files: bytes) -> Path:
    (tmp_path / "P1_CombinedVariantOutput.tsv").write_text(combined("dragen-2.6"))
    (tmp_path / name).write_text(csv, encoding="utf-8", newline="")
    for file, data in files.items():
        (tmp_path / file).write_bytes(data)
    return tmp_path


def read(tmp_path: Path, *rows: str, header: str = HEADER) -> MolecularProfile:
    return read_profile([folder(tmp_path, "\n".join([header, *rows]) + "\n")])


def told(profile: MolecularProfile) -> list[tuple[str, str, str]]:
    return [(each.marker, each.method, each.score) for each in profile.markers]


def lost(profile: MolecularProfile) -> dict[int, str]:
    return {each.line: each.reason for each in profile.not_usable if each.file == "answers.csv"}


def test_a_row_becomes_a_result_with_file_and_line(tmp_path):
    profile = read(tmp_path, "P1,HER2,IHC,3+,,4B5,,2026-03-14,H26-1")
    (marker,) = profile.markers
    assert (marker.marker, marker.name, marker.method, marker.score) == ("ERBB2", "HER2", "ihc", "3+")
    assert (marker.assay, marker.date, marker.block) == ("4B5", "2026-03-14", "H26-1")
    assert (marker.file, marker.line) == ("answers.csv", 2)
    assert "pathology_markers" in [each.kind for each in profile.inputs]


@pytest.mark.parametrize(
    "csv",
    [
        "specimen;marker;method;score;unit\nP1;PD-L1;IHC;12,5;TPS\n",
        "prøve;markør;metode;svar;enhet\nP1;PD-L1;IHK;12,5;TPS\n",
        "Specimen\tMarker\tMethod\tScore\tUnit\nP1\tPD-L1 TPS\tIHC\t12.5\t%\n",
        '"specimen","marker","method","score"\n"P1","PD-L1 TPS","immunohistochemistry","12.5 %"\n',
        "# from pathology\nspecimen,marker,method,score\nP1,PDL1 TPS,ihc,12.5%\n",
    ],
)
def test_it_is_recognised_by_its_content_whatever_its_signs_and_language(tmp_path, csv):
    profile = read_profile([folder(tmp_path, csv, "x.txt.csv")])
    (marker,) = profile.markers
    assert (marker.marker, marker.low, marker.unit) == ("PD-L1 TPS", 12.5, "%")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("P1,Foo,IHC,3+,,,,,", "a marker that the vocabulary doesn't hold"),
        ("P1,,IHC,3+,,,,,", "a marker that the vocabulary doesn't hold"),
        ("P1,HER2,IHC,4+,,,,,", "no score of HER2 IHC; take not_assessable, 0, 1+, 2+, 3+"),
        ("P1,HER2,IHC,,,,,,", "no score"),
        ("P1,HER2,IHC,negative,,,,,", "no score of HER2 IHC; take not_assessable, 0, 1+, 2+, 3+"),
        ("P1,HER2,PCR,3+,,,,,", "a method that isn't known for ERBB2; it is tested by IHC, ISH"),
        (
            "P1,PD-L1,IHC,60,%,,,,",
            "which marker is meant isn't clear; write one of PD-L1 TPS, PD-L1 CPS, PD-L1 IC",
        ),
        ("P1,PD-L1 TPS,IHC,160,%,,,,", "a score outside 0 to 100"),
        ("P1,PD-L1 TPS,IHC,-1,%,,,,", "a score outside 0 to 100"),
        ("P1,PD-L1 TPS,IHC,high,%,,,,", "a score that is no number; take not_assessable, 0 to 100 %"),
        (
            "P1,PD-L1 TPS,IHC,>50,%,,,,",
            "more than a number doesn't say whether its limit is reached; write ≥",
        ),
        ("P1,PD-L1 TPS,IHC,60-40,%,,,,", "a span that ends before it begins"),
        ("P1,PD-L1 CPS,IHC,10,%,,,,", "a unit that PD-L1 CPS isn't given in; it is CPS"),
        ("P1,MET,IHC,60,,,,,", "a number whose unit isn't told; write % 3+ if it is that"),
        ("P1,ER,IHC,-,,,,,", "no score"),
        ("P1,HER2,IHC,3+,,,,,,,", "more cells than columns, or a quotation mark that isn't closed"),
        ('P1,HER2,IHC,"3+,,,,,', "more cells than columns, or a quotation mark that isn't closed"),
        ("P9,HER2,IHC,3+,,,,,", "of a specimen that isn't among those given, so it isn't used"),
    ],
)
def test_a_row_that_says_nothing_usable_is_listed_with_its_line(tmp_path, row, reason):
    profile = read(tmp_path, "P1,MLH1,IHC,lost,,,,,", row)
    assert told(profile) == [("MLH1", "ihc", "lost")]
    assert lost(profile) == {3: reason}


def test_a_date_that_cannot_be_read_is_listed_and_the_result_kept(tmp_path):
    profile = read(tmp_path, "P1,MLH1,IHC,lost,,,,31.02.2026,")
    assert (told(profile), profile.markers[0].date) == ([("MLH1", "ihc", "lost")], None)
    assert lost(profile) == {2: "its date can't be read; write 2026-03-14, 2026-03 or 2026"}


@pytest.mark.parametrize(
    ("text", "date"), [("14.03.2026", "2026-03-14"), ("2026-03", "2026-03"), ("2026", "2026")]
)
def test_dates_are_read_as_people_write_them(tmp_path, text, date):
    assert read(tmp_path, f"P1,MLH1,IHC,lost,,,,{text},").markers[0].date == date


def test_contradictory_rows_are_both_listed_and_neither_is_used(tmp_path):
    profile = read(
        tmp_path, "P1,ALK,IHC,positive,,D5F3,,,", "P1,ALK,IHC,negative,,D5F3,,,", "P1,ROS1,IHC,neg,,,,,"
    )
    assert told(profile) == [("ROS1", "ihc", "negative")]
    assert lost(profile) == {
        2: "contradicted by negative in answers.csv:3, so neither is used",
        3: "contradicted by positive in answers.csv:2, so neither is used",
    }


def test_results_of_two_blocks_days_or_clones_do_not_contradict_each_other(tmp_path):
    rows = (
        "P1,HER2,IHC,3+,,,,,A",
        "P1,HER2,IHC,1+,,,,,B",
        "P1,ALK,IHC,pos,,D5F3,,,",
        "P1,ALK,IHC,neg,,5A4,,,",
    )
    assert len(read(tmp_path, *rows).markers) == 4


def test_spans_that_overlap_and_a_failed_test_do_not_contradict(tmp_path):
    rows = (
        "P1,PD-L1 TPS,IHC,50-60,%,,,,",
        "P1,PD-L1 TPS,IHC,55,%,,,,",
        "P1,HER2,IHC,failed,,,,,",
        "P1,HER2,IHC,2+,,,,,",
    )
    assert len(read(tmp_path, *rows).markers) == 4


def test_a_row_twice_counts_once(tmp_path):
    profile = read(tmp_path, "P1,MLH1,IHC,lost,,,,,", "P1,MLH1,IHC,tapt,,,,,")
    assert told(profile) == [("MLH1", "ihc", "lost")]
    assert lost(profile) == {3: "the same result as in a row before it"}


def test_a_file_that_names_another_specimen_only_is_lost_and_said(tmp_path):
    profile = read(tmp_path, "P9,MLH1,IHC,lost,,,,,")
    (entry,) = [each for each in profile.not_usable if each.file == "answers.csv"]
    assert (entry.severity, entry.line, profile.markers) == ("lost", 2, ())


def test_rows_go_to_the_specimen_that_they_name(tmp_path):
    for sample in ("P1", "P2"):
        text = combined("dragen-2.6", pair=sample, dna=f"{sample}-D", rna=f"{sample}-R")
        (tmp_path / f"{sample}.tsv").write_text(text)
    rows = ["P1,MLH1,IHC,lost,,,,,", "P2-D,MLH1,IHC,retained,,,,,", ",PMS2,IHC,lost,,,,,"]
    (tmp_path / "answers.csv").write_text("\n".join([HEADER, *rows]) + "\n")
    one, two = sorted(read_profiles([tmp_path]), key=lambda each: each.sample)
    assert told(one) == [("MLH1", "ihc", "lost")]
    assert told(two) == [("MLH1", "ihc", "retained")]
    for each in (one, two):
        assert lost(each).keys() == {4}
        assert lost(each)[4] == "which of the specimens it belongs to isn't clear, so it isn't used"


def test_another_patients_rows_are_counted_without_naming_them(tmp_path):
    rows = [f"Q{number},MLH1,IHC,lost,,,,," for number in range(30)]
    profile = read(tmp_path, "P1,PMS2,IHC,lost,,,,,", *rows)
    (entry,) = [each for each in profile.not_usable if each.file == "answers.csv"]
    assert (entry.found, entry.severity) == ("30 rows", "remark")
    assert not any("Q1" in each.found for each in profile.not_usable)


def test_the_patients_pseudonym_joins_too(tmp_path):
    (tmp_path / "specimen.yaml").write_text("pseudonym: K-7\ntumour: COAD\n")
    assert told(read(tmp_path, "K-7,MLH1,IHC,lost,,,,,")) == [("MLH1", "ihc", "lost")]


@pytest.mark.parametrize(
    ("csv", "said"),
    [
        (
            "specimen,marker,score\nP1,HER2,3+\n",
            "answers.csv, line 1, field method: the marker file lacks the column method; it needs marker, method and score",
        ),
        (
            "marker,method,score,score\nHER2,IHC,3+,2+\n",
            "answers.csv, line 1, field score: the column score stands twice; keep one of them",
        ),
        (
            "specimen,marker,method,score\nP1,HER2,IHC",
            "answers.csv, line 2: the file is cut or damaged (its last row has 3 of 4 cells); export it again and give the whole file",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(tmp_path, csv, said):
    with pytest.raises(BadInput) as error:
        read_profile([folder(tmp_path, csv)])
    assert str(error.value) == said


def test_columns_of_no_use_are_said(tmp_path):
    profile = read(tmp_path, "P1,MLH1,IHC,lost,nobody", header="specimen,marker,method,score,pathologist")
    assert lost(profile) == {1: "columns of no use here"}


PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def test_plots_beside_the_tables_are_attachments_with_their_hashes(tmp_path):
    files = {
        "P1_CNV_overview_plots.pdf": b"%PDF-1.4\n",
        "P1_sample_QC_plot.png": PNG,
        "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    }
    profile = read_profile([folder(tmp_path, HEADER + "\nP1,MLH1,IHC,lost,,,,,\n", **files)])
    assert {(each.name, each.kind) for each in profile.attachments} == {
        ("P1_CNV_overview_plots.pdf", "copy_number_plot"),
        ("P1_sample_QC_plot.png", "quality_plot"),
        ("drawing.svg", "picture"),
    }
    assert all(len(each.sha256) == 64 and each.size > 0 for each in profile.attachments)
    assert not any(each.file in files for each in profile.not_usable)


def test_a_picture_named_outright_is_no_unknown_file(tmp_path):
    at = folder(tmp_path, HEADER + "\nP1,MLH1,IHC,lost,,,,,\n", **{"P1_sample_QC_plot.png": PNG})
    profile = read_profile([at / "P1_CombinedVariantOutput.tsv", at / "P1_sample_QC_plot.png"])
    assert [each.kind for each in profile.attachments] == ["quality_plot"]


def test_a_file_that_only_ends_as_a_picture_is_said(tmp_path):
    profile = read_profile([folder(tmp_path, HEADER + "\n,MLH1,IHC,lost,,,,,\n", **{"x.png": b"\0\1\2"})])
    assert profile.attachments == ()
    assert any(each.file == "x.png" for each in profile.not_usable)


def test_a_picture_goes_with_the_sample_that_its_name_tells(tmp_path):
    for sample in ("P1", "P2"):
        text = combined("dragen-2.6", pair=sample, dna=f"{sample}-D", rna=f"{sample}-R")
        (tmp_path / f"{sample}.tsv").write_text(text)
    (tmp_path / "P2_sample_QC_plot.png").write_bytes(PNG)
    one, two = sorted(read_profiles([tmp_path]), key=lambda each: each.sample)
    assert (one.attachments, [each.name for each in two.attachments]) == ((), ["P2_sample_QC_plot.png"])
