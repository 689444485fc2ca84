"""Files given together: which belong to one specimen, which don't, and what is said of it."""

from __future__ import annotations

import pytest
from tests.diagnostics.readers.panel_files import (
    FUSIONS,
    all_fusions,
    combined,
    combined_sections,
    fusion_row,
    metrics,
    sample_list,
    sectioned,
    tsoppi_table,
)

from presis.diagnostics.assemble import Knowledge, read_profile, read_profiles
from presis.diagnostics.profile import Alteration, Mane, Specimen
from presis.diagnostics.profile import Tested as State
from presis.errors import BadInput

NO_RNA = {"rna": "NA"}


@pytest.fixture
def write(tmp_path):
    def one(name: str, text: str):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text)
        return path

    return one


def dna_only(pair: str, dna: str) -> str:
    sections = combined_sections("localapp", pair=pair, dna=dna, rna="NA")
    sections["Fusions"], sections["Splice Variants"] = [FUSIONS, "NA"], [sections["Splice Variants"][0], "NA"]
    return sectioned("localapp", sections)


def rna_only(pair: str, rna: str) -> str:
    sections = combined_sections("localapp", pair=pair, dna="NA", rna=rna)
    for name in ("TMB", "MSI"):
        sections[name] = [row.split("\t")[0] + "\tNA" for row in sections[name]]
    for name in ("Gene Amplifications", "Small Variants"):
        sections[name] = [sections[name][0], "NA"]
    return sectioned("localapp", sections)


@pytest.mark.parametrize(
    ("dna", "rna"), [("CL-X-D01", "CL-X-R01"), ("IPD1596-D11-M91-A15-0003", "IPD1596-R13-M91-A15-0016")]
)
def test_dna_and_rna_files_of_one_specimen_become_one_profile(write, dna, rna):
    paths = [write("d.tsv", dna_only(f"{dna}_P", dna)), write("r.tsv", rna_only(f"{rna}_P", rna))]
    (profile,) = read_profiles(paths)
    assert (profile.sample, profile.dna_sample, profile.rna_sample) == (f"{dna}_P", dna, rna)
    assert (len(profile.small_variants), len(profile.fusions)) == (3, 2)
    assert profile.covers[Alteration.RNA_FUSION].state is State.YES
    assert profile.covers[Alteration.SMALL_VARIANT].state is State.YES


def test_files_of_two_specimens_are_two_profiles_and_one_must_be_named(write):
    paths = [
        write("a.tsv", combined(pair="A", dna="A-D", rna="A-R")),
        write("b.tsv", combined(pair="B", dna="B-D", rna="B-R")),
    ]
    assert [each.sample for each in read_profiles(paths)] == ["A", "B"]
    with pytest.raises(BadInput, match=r"hold 2 samples \(A, B\); name one with --sample"):
        read_profile(paths)
    assert read_profile(paths, sample="B-R").sample == "B"
    with pytest.raises(BadInput, match="no sample is called C; there are A, B"):
        read_profile(paths, sample="C")
    with pytest.raises(BadInput, match="hold 2 samples"):
        read_profiles(paths, specimen=Specimen(tumour="COAD"))


def test_an_rna_that_fits_two_dna_samples_is_kept_apart(write):
    paths = [
        write("1.tsv", dna_only("IPD1596-D11-M91-A15-0003_P", "IPD1596-D11-M91-A15-0003")),
        write("2.tsv", dna_only("IPD1596-D12-M91-A15-0004_P", "IPD1596-D12-M91-A15-0004")),
        write("3.tsv", rna_only("IPD1596-R13-M91-A15-0016_P", "IPD1596-R13-M91-A15-0016")),
    ]
    profiles = read_profiles(paths)
    assert len(profiles) == 3
    assert any("fits several DNA samples" in each.reason for each in profiles[2].not_usable)


def test_the_same_file_twice_is_read_once(write):
    text = combined()
    (profile,) = read_profiles([write("a.tsv", text), write("b.tsv", text)])
    assert any("the same file as a.tsv" in each.reason for each in profile.not_usable)


def test_all_fusions_joins_by_its_name_and_decides_by_keep_fusion(write):
    digest = write("P1_CombinedVariantOutput.tsv", combined())
    table = write("P1_AllFusions.csv", all_fusions(
        fusion_row("EML4", "ALK", "chr2:42522654", "chr2:29446394", filters="PASS;LOW_ALT_TO_REF"),
        fusion_row("PPARG", "AC016683.6;PAX8", "chr3:12421199", "chr2:113992971", known="False"),
        fusion_row("KIF5B", "RET", "chr10:1", "chr10:2"),
        fusion_row("AHDC1", "MYC", "chr1:27929908", "chr8:128750494", keep="False", filters="FAIL;LOW_MAPQ"),
        dragen=True))  # fmt: skip
    profile = read_profile([digest, table])
    assert [each.label for each in profile.fusions] == ["EML4::ALK", "PPARG::AC016683.6/PAX8", "KIF5B::RET"]
    assert profile.fusions[0].file_filters == ("LOW_ALT_TO_REF",)
    assert [each.file_filters for each in profile.fusion_candidates] == [("FAIL", "LOW_MAPQ")]
    assert any(each.reason == "kept in AllFusions.csv, but not in the digest" for each in profile.not_usable)


def test_all_fusions_of_another_sample_is_not_joined_by_guess(write):
    digest = write("P1_CombinedVariantOutput.tsv", combined())
    other = write("P2_AllFusions.csv", all_fusions(fusion_row("KIF5B", "RET", "chr10:1", "chr10:2")))
    with pytest.raises(BadInput, match="can't be joined to one of the samples"):
        read_profile([digest, other])


def test_all_fusions_alone_says_nothing_of_dna(write):
    profile = read_profile(
        [write("P2_AllFusions.csv", all_fusions(fusion_row("KIF5B", "RET", "chr10:1", "chr10:2")))]
    )
    assert (profile.sample, profile.assay.software_assumed) == ("P2", True)
    assert profile.covers[Alteration.RNA_FUSION].state is State.YES
    assert {profile.covers[each].reason for each in (Alteration.SMALL_VARIANT, Alteration.SPLICE)} == {
        "not_reported"
    }


def test_dragens_spelling_of_unknown_order_inside_a_gene_cell(write):
    row = fusion_row("PPARG/AC016683.6", "PAX8", "chr3:12421199", "chr2:113992971", caller="DRAGEN")
    (fusion,) = read_profile([write("P_AllFusions.csv", all_fusions(row, dragen=True))]).fusions
    assert (set(fusion.genes), fusion.order_known) == ({"PPARG", "AC016683.6", "PAX8"}, False)


def test_two_fusion_tables_of_one_sample_are_refused(write):
    digest = write("P1_CombinedVariantOutput.tsv", combined())
    one = write("a/P1_AllFusions.csv", all_fusions(fusion_row("A1", "B1", "chr1:1", "chr2:2")))
    other = write("b/P1_AllFusions.csv", all_fusions(fusion_row("A2", "B2", "chr1:1", "chr2:2")))
    with pytest.raises(BadInput, match="gives the same sample"):
        read_profile([digest, one, other])


def test_files_that_name_no_given_sample_are_said_to_be_unused(write):
    digest = write("d.tsv", combined())
    listed = write("sample_list.tsv", sample_list("DNA_tumor\tOther-D01"))
    metadata = write("m.txt", "Sample_id\tSequencing_run_id\tCreate_report\nOther-D01\tR\tY\n")
    profile = read_profile([digest, listed, metadata])
    unused = {each.file for each in profile.not_usable if "names none of the samples" in each.reason}
    assert unused == {"sample_list.tsv", "m.txt"}


def test_a_fusion_row_that_begins_with_a_hash_is_no_comment(write):
    row = fusion_row("A1", "B1", "chr1:1", "chr2:2", caller="#1")
    profile = read_profile([write("P_AllFusions.csv", all_fusions(row))])
    assert [(each.label, each.caller) for each in profile.fusions] == [("A1::B1", "#1")]


@pytest.mark.parametrize("column", ["KeepFusion", "Gene B Breakpoint", "Alt Pair Dedup"])
def test_all_fusions_without_a_column_is_refused_by_name(write, column):
    path = write(
        "P_AllFusions.csv", all_fusions(fusion_row("A", "B", "chr1:1", "chr2:2")).replace(column, "X")
    )
    with pytest.raises(BadInput, match=f"lacks the column {column}"):
        read_profile([path])


def test_a_row_of_all_fusions_with_other_cells_is_listed_and_a_cut_one_refused(write):
    text = all_fusions(fusion_row("A1", "B1", "chr1:1", "chr2:2"), fusion_row("A2", "B2", "chr1:1", "chr2:2"))
    short = text.replace(",749,9,60,15,True\nRna", ",749,9,60,15\nRna", 1)
    profile = read_profile([write("P_AllFusions.csv", short)])
    assert ([each.label for each in profile.fusions], [each.severity for each in profile.not_usable]) == (
        ["A2::B2"],
        ["lost"],
    )
    with pytest.raises(BadInput, match="its last row has"):
        read_profile([write("Q_AllFusions.csv", text[:-12])])


def test_a_folder_is_read_with_one_level_below_and_the_rest_is_said(write, tmp_path):
    write("run/P1_CombinedVariantOutput.tsv", combined())
    write("run/QC/MetricsOutput.tsv", metrics())
    write("run/notes.txt", "nothing of use")
    write("run/QC/deep/x.tsv", "x")
    (tmp_path / "run" / "plot.png").write_bytes(b"\x89PNG\0\0\0")
    profile = read_profile([tmp_path / "run"])
    assert (profile.quality.known, [each.kind for each in profile.inputs]) == (
        True,
        ["combined_variant_output", "metrics_output"],
    )
    assert {each.file for each in profile.not_usable} == {"notes.txt", "QC/deep/", "plot.png"}


def test_a_missing_file_and_no_file_are_said(tmp_path):
    with pytest.raises(BadInput, match="can't be read: No such file"):
        read_profile([tmp_path / "absent.tsv"])
    with pytest.raises(BadInput, match="no file was given"):
        read_profile([])


def test_metrics_alone_hold_no_findings(write):
    with pytest.raises(BadInput, match="none of the files holds findings"):
        read_profile([write("m.tsv", metrics())])


def test_mane_is_asked_of_each_transcript_and_may_choose_among_several(write):
    def status(transcript: str) -> Mane:
        return {"NM_004333.4": Mane.SELECT, "NM_2": Mane.SELECT}.get(transcript, Mane.OTHER)

    knowledge = Knowledge(mane_status=status)
    found = read_profile([write("d.tsv", combined())], knowledge=knowledge).small_variants
    assert [each.mane for each in found] == [Mane.SELECT, Mane.OTHER, Mane.UNKNOWN]
    table = write("CL-Inv_small_variant_table.tsv", tsoppi_table({"RefSeq_mRNA": "NM_1|NM_2"}))
    (variant,) = read_profile([table], knowledge=knowledge).small_variants
    assert (variant.transcript, variant.mane) == ("NM_2", Mane.SELECT)


def test_symbols_of_today_may_come_from_elsewhere(write):
    knowledge = Knowledge(current_symbol=lambda symbol: {"BRAF": "BRAF9"}.get(symbol, symbol))
    profile = read_profile([write("d.tsv", combined())], knowledge=knowledge)
    assert profile.small_variants[0].gene == "BRAF9"
    assert "BRAF9" in profile.covers[Alteration.SMALL_VARIANT].genes


def test_each_input_is_kept_with_its_hash_and_rows(write):
    (entry,) = read_profile([write("d.tsv", combined())]).inputs
    assert (entry.name, entry.kind, entry.rows, len(entry.sha256)) == (
        "d.tsv",
        "combined_variant_output",
        8,
        64,
    )
