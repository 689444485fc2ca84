"""TSOPPI's tables: judgements, tables after manual quality control, and rows that are no findings."""

from __future__ import annotations

import pytest
from tests.diagnostics.readers.panel_files import (
    TSOPPI_COLUMNS,
    combined,
    sample_list,
    tsoppi_summary,
    tsoppi_table,
)

from presis.diagnostics.assemble import read_profile, read_profiles
from presis.diagnostics.profile import Alteration, GenomeBuild, MolecularProfile
from presis.diagnostics.profile import Tested as State
from presis.errors import BadInput


@pytest.fixture
def write(tmp_path):
    def one(name: str, text: str):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text)
        return path

    return one


@pytest.fixture
def read(write):
    def table(*rows: dict[str, str], **keys) -> MolecularProfile:
        return read_profile([write("CL-Inv-D01_small_variant_table.tsv", tsoppi_table(*rows, **keys))])

    return table


def test_a_persons_judgement_arrives(read):
    row = {"IGV_QC": "OK", "Run_QC": "OK", "Class_judgement": "LikSOM", "Class_judgement_comments": "seen,twice",
           "Reporting_judgement": "BioMar", "Reporting_judgement_comments": "."}  # fmt: skip
    judgement = read(row).small_variants[0].judgement
    assert (judgement.igv_qc, judgement.run_qc, judgement.class_judgement) == ("OK", "OK", "LikSOM")
    assert (judgement.class_comments, judgement.reporting_judgement, judgement.reporting_comments) == (
        ("seen", "twice"),
        "BioMar",
        (),
    )


def test_a_variant_not_ok_in_igv_stops_the_reading_unless_excluded(read):
    with pytest.raises(
        BadInput,
        match=r"line 7, field Class_judgement: IGV_QC is Not OK, Class_judgement include; exclude it",
    ):
        read({}, {"IGV_QC": "Not OK"})
    assert (
        read({"IGV_QC": "Not OK", "Class_judgement": "exclude"}).small_variants[0].judgement.igv_qc
        == "Not OK"
    )


def test_protein_changes_prefer_the_long_form(read):
    rows = [
        {"Protein_change_short": "G645fs", "Protein_change": "Gly645ValfsTer58"},
        {"Protein_change_short": "R213X", "Protein_change": "Arg213Ter"},
        {"Protein_change_short": "V600E", "Protein_change": "NA"},
        {"Protein_change_short": "GL606-607GL", "Protein_change": "GlyLeu606="},
    ]
    found = [each.protein_short for each in read(*rows).small_variants]
    assert found == ["p.G645Vfs*58", "p.R213*", "p.V600E", "p.G606_L607="]


def test_the_worse_of_two_germline_classes_counts(read):
    row = {"CPSR_ACMG_class": "VUS", "CPSR_ClinVar_class": "Likely_Pathogenic"}
    assert read(row).small_variants[0].germline_class == "Likely_Pathogenic"


def test_population_frequencies_by_population(read):
    row = {
        "Global_AF_gnomAD": "0.0022",
        "Germline_population_AFs": "AFR_AF_1KG:0.01|AFR_AF_GNOMAD:0.02|EUR_AF_1KG:0.3",
    }
    population = read(row).small_variants[0].population
    assert dict(population.by_population) == {"global": 0.0022, "afr": 0.02, "nfe": 0.3}
    assert read({"Global_AF_gnomAD": "NA"}).small_variants[0].population.highest == 0


def test_a_table_without_frequency_columns_says_nothing_of_populations(read):
    columns = [each for each in TSOPPI_COLUMNS if each not in ("Global_AF_gnomAD", "Germline_population_AFs")]
    assert read({}, columns=columns).small_variants[0].population is None


def test_tables_without_columns_of_other_databases_are_accepted(read):
    columns = [
        each for each in TSOPPI_COLUMNS if each not in ("Tier", "CPSR_ACMG_class", "CPSR_ClinVar_class")
    ]
    assert read({}, columns=columns).small_variants[0].germline_class is None


def test_swapped_columns_are_read_by_name(read):
    assert read({}, columns=list(reversed(TSOPPI_COLUMNS))).small_variants[0].label == "BRAF p.V600E"


def test_a_missing_column_is_named(read):
    with pytest.raises(BadInput, match="lacks the column DNA_change"):
        read({}, columns=[each for each in TSOPPI_COLUMNS if each != "DNA_change"])


@pytest.mark.parametrize("row", [{"Tier": "TNA"}, {"Filters": "normal_origin|germline_population"}])
def test_a_variant_of_the_matched_normal_alone_is_no_finding_but_is_listed(read, row):
    profile = read({}, row)
    assert len(profile.small_variants) == 1
    assert any("matched normal" in each.reason for each in profile.not_usable)


def test_a_row_with_a_hash_is_not_cut(read):
    row = {"Class_judgement_comments": "see #4", "Reporting_judgement": "VUSpot"}
    assert read(row).small_variants[0].judgement.reporting_judgement == "VUSpot"


def test_rows_of_other_width_are_listed_and_a_row_cut_at_the_end_is_refused(write):
    text = tsoppi_table({}, {})
    lines = text.splitlines()
    shorter = "\n".join([*lines[:-2], lines[-2].rsplit("\t", 3)[0], lines[-1]]) + "\n"
    profile = read_profile([write("a_small_variant_table.tsv", shorter)])
    assert (len(profile.small_variants), [each.severity for each in profile.not_usable]) == (1, ["lost"])
    with pytest.raises(BadInput, match="its last row has"):
        read_profile([write("b_small_variant_table.tsv", text[:-40])])


def test_the_table_after_manual_qc_is_preferred_and_this_is_said(write, tmp_path):
    plain = write("CL-Inv-D01_small_variant_table.tsv", tsoppi_table({}, {}))
    write("CL-Inv-D01_small_variant_table_forQC.tsv", tsoppi_table({"Reporting_judgement": "BioMar"}))
    for paths in ([tmp_path], [plain]):
        profile = read_profile(paths)
        assert [each.judgement.reporting_judgement for each in profile.small_variants] == ["BioMar"]
        (said,) = [each for each in profile.not_usable if "after manual quality control" in each.reason]
        assert (said.file, said.found) == (plain.name, "2 rows")


@pytest.mark.parametrize(
    ("reference", "build"), [("hg19", GenomeBuild.GRCH37), ("hg38", GenomeBuild.GRCH38), ("?", None)]
)
def test_the_build_is_read_from_the_version_string(read, reference, build):
    assert read({}, reference=reference).build is build


def test_builds_are_never_mixed(write):
    table = write("P1-D_small_variant_table.tsv", tsoppi_table({"Sample_ID": "P1-D"}, reference="hg38"))
    digest = write("digest.tsv", combined())
    with pytest.raises(BadInput, match=r"GRCh37.*GRCh38|GRCh38.*GRCh37"):
        read_profile([table, digest])
    with pytest.raises(BadInput, match="files of one build"):
        read_profile([digest], build=GenomeBuild.GRCH38)


SUMMARY = "CL-Inv-D01_P\t7.8 (10)\t2.48 (3/121)\tMYCL1 (2.173)|MET (3.1)\tNA\tNA"
RNA_SUMMARY = ("CL-Inv-R01_P\tNA\tNA\tNA\tEGFR[2-7/28] (chr7:55087058-chr7:55223522) 64/1\t"
               "EML4-ALK (chr2:42522654-chr2:29446394) 75/749/9|CD74-ROS1;GOPC (chr5:149784243-chr6:117645578) 96/2/0")  # fmt: skip


def test_the_summarys_rows_join_dna_and_rna(write):
    table = write("CL-Inv-D01_small_variant_table.tsv", tsoppi_table({"Sample_ID": "CL-Inv"}))
    listed = write("sample_list.tsv", sample_list("DNA_tumor\tCL-Inv-D01", "RNA_tumor\tCL-Inv-R01"))
    summary = write(
        "run_variant_summary.tsv",
        tsoppi_summary(SUMMARY, RNA_SUMMARY, "CL-Invisible-D01_P\tNA\tNA\tNA\tNA\tNA"),
    )
    profile = read_profile([table, listed, summary])
    assert (profile.tmb.per_megabase, profile.tmb.eligible_variants, profile.tmb.megabases) == (7.8, 10, 1.28)
    assert [(each.gene, each.fold_change) for each in profile.copy_numbers] == [("MYCL", 2.173), ("MET", 3.1)]
    assert [(each.label, each.supporting_reads) for each in profile.fusions] == [
        ("EML4::ALK", 75),
        ("CD74::ROS1/GOPC", 96),
    ]
    assert (profile.splice_variants[0].name, profile.splice_variants[0].reference_reads) == ("EGFRvIII", 1)
    assert (profile.dna_sample, profile.rna_sample, profile.run) == (
        "CL-Inv-D01",
        "CL-Inv-R01",
        "260101_A00000_0001_AINVENTED",
    )
    assert profile.covers[Alteration.RNA_FUSION].state is State.YES
    assert any("rows of other samples" in each.reason for each in profile.not_usable)


def test_a_summary_entry_of_another_shape_is_listed(write):
    summary = write("s.tsv", tsoppi_summary("CL-Inv-D01_P\t7.8\t2.48 (3/121)\tMET 3.1\tNA\tEML4-ALK"))
    profile = read_profile([summary])
    assert {each.found for each in profile.not_usable if each.severity == "lost"} == {
        "7.8",
        "MET 3.1",
        "EML4-ALK",
    }
    assert profile.covers[Alteration.TMB].state is State.UNKNOWN
    assert profile.covers[Alteration.SMALL_VARIANT].reason == "not_reported"


def test_a_sample_list_without_rna_means_not_assayed(write):
    table = write("CL-Inv_small_variant_table.tsv", tsoppi_table())
    listed = write("sample_list.tsv", sample_list("DNA_tumor\tCL-Inv"))
    covers = read_profile([table, listed]).covers
    assert (covers[Alteration.RNA_FUSION].state, covers[Alteration.RNA_FUSION].reason) == (State.NO, "no_rna")


def test_an_rna_sample_without_its_results_is_unknown(write):
    table = write("CL-Inv-D01_small_variant_table.tsv", tsoppi_table())
    listed = write("sample_list.tsv", sample_list("DNA_tumor\tCL-Inv-D01", "RNA_tumor\tCL-Inv-R01"))
    covers = read_profile([table, listed]).covers
    assert (covers[Alteration.RNA_FUSION].state, covers[Alteration.RNA_FUSION].reason) == (
        State.UNKNOWN,
        "not_reported",
    )


def test_ids_that_merely_begin_alike_do_not_join(write):
    table = write("IPX0001-D01_small_variant_table.tsv", tsoppi_table({"Sample_ID": "IPX0001-D01"}))
    summary = write("s.tsv", tsoppi_summary("IPX0001-D012_P\t9 (9)\tNA\tNA\tNA\tNA"))
    assert read_profile([table, summary]).tmb is None


def test_table_and_digest_of_one_sample_give_each_variant_once(write):
    table = write("P1-D_small_variant_table.tsv", tsoppi_table({"Sample_ID": "P1-D", "AF_tumor_DNA": "0.3"}))
    digest = write("digest.tsv", combined())
    (profile,) = read_profiles([table, digest])
    assert [each.label for each in profile.small_variants] == [
        "BRAF p.V600E",
        "MTOR c.7165-1G>T",
        "intergenic 9:19072413 C>T",
    ]
    assert profile.small_variants[0].judgement.class_judgement == "include"
    assert any("same variant" in each.reason for each in profile.not_usable)
