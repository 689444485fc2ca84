"""Values that contradict themselves or lost digits: not used, and said; never one of two by chance."""

from __future__ import annotations

import pytest
from tests.diagnostics.readers.panel_files import (
    EXONS,
    all_fusions,
    combined,
    combined_sections,
    fusion_row,
    metrics,
    sectioned,
    tsoppi_summary,
    tsoppi_table,
)

from presis.diagnostics.assemble import read_profile
from presis.diagnostics.profile import Alteration, MolecularProfile
from presis.diagnostics.profile import Tested as State
from presis.errors import BadInput


@pytest.fixture
def write(tmp_path):
    def one(name: str, text: str):
        path = tmp_path / name
        path.write_text(text)
        return path

    return one


def lost(profile: MolecularProfile) -> list[tuple[str, str]]:
    return [(each.reason, each.found) for each in profile.not_usable if each.severity == "lost"]


@pytest.mark.parametrize("section", ["[Analysis Status]\n", "[DNA Library QC Metrics]\nMetric (UOM)\tLSL Guideline\tUSL Guideline"])  # fmt: skip
def test_a_sample_with_two_columns_of_metrics_is_refused(write, section):
    header = metrics(other="ZZ-9").replace(f"{section}\tZZ-9\tP1", f"{section}\tP1\tP1")
    assert header != metrics()
    with pytest.raises(BadInput, match="has several columns of P1; keep the one that belongs"):
        read_profile([write("d.tsv", combined()), write("m.tsv", header)])


@pytest.mark.parametrize("position", ["2.5398E7", "1.4e8", "+140453136", "140453136.00"])
def test_a_position_that_lost_its_digits_makes_no_variant(write, position):
    profile = read_profile([write("d.tsv", combined().replace("140453136", position))])
    assert "BRAF" not in {each.gene for each in profile.small_variants}
    ((reason, found),) = lost(profile)
    assert "is no whole number" in reason
    assert position in found


@pytest.mark.parametrize(("old", "new"), [("\t812\t", "\t8.1E+02\t"), ("\t75\t749\t", "\t7.5E1\t749\t")])
def test_a_count_with_an_exponent_is_listed(write, old, new):
    profile = read_profile([write("d.tsv", combined().replace(old, new))])
    ((reason, found),) = lost(profile)
    assert (reason.endswith("is no whole number"), found) == (True, new.split("\t")[1])
    assert None in (profile.small_variants[0].depth, profile.fusions[0].supporting_reads)


def test_a_count_with_a_zero_behind_its_point_is_read(write):
    profile = read_profile([write("d.tsv", combined().replace("\t812\t", "\t812.0\t"))])
    assert (profile.small_variants[0].depth, lost(profile)) == (812, [])


def test_an_msi_percentage_that_its_sites_contradict_is_not_used(write):
    profile = read_profile([write("d.tsv", combined().replace("Sites\t2.48", "Sites\t95"))])
    assert (profile.msi.percent_unstable, profile.msi.unstable_sites) == (None, 3)
    assert profile.covers[Alteration.MSI].state is State.UNKNOWN
    assert lost(profile) == [("MSI isn't used: 3 of 121 sites are 2.5 %, not 95 %", "95")]


def test_a_tmb_that_its_variants_contradict_is_not_used(write):
    profile = read_profile([write("d.tsv", combined().replace("TMB\t7.1", "TMB\t71"))])
    assert (profile.tmb.per_megabase, profile.tmb.eligible_variants) == (None, 9)
    assert profile.covers[Alteration.TMB].state is State.UNKNOWN
    assert lost(profile) == [("TMB isn't used: 9 variants over 1.27 Mb are 7.1 per Mb, not 71", "71")]


@pytest.mark.parametrize(("tmb", "used"), [("7.9", True), ("8.0", True), ("8.2", False), ("6.0", False)])
def test_rounding_is_no_contradiction(write, tmb, used):
    profile = read_profile([write("d.tsv", combined().replace("TMB\t7.1", f"TMB\t{tmb}"))])
    assert (profile.tmb.per_megabase is not None) is used


def test_the_summarys_values_are_held_against_the_tables_region(write):
    table = write("CL-Inv-D01_small_variant_table.tsv", tsoppi_table())
    summary = write("s.tsv", tsoppi_summary("CL-Inv-D01_P\t78 (10)\t95.0 (3/120)\tNA\tNA\tNA"))
    profile = read_profile([table, summary])
    assert (profile.tmb.per_megabase, profile.msi.percent_unstable) == (None, None)
    assert {profile.covers[each].state for each in (Alteration.TMB, Alteration.MSI)} == {State.UNKNOWN}
    assert {reason.partition(":")[0] for reason, _ in lost(profile)} == {"TMB isn't used", "MSI isn't used"}


@pytest.mark.parametrize("row", ["ERBB2\t9.9\t<DEL>\t14", "ERBB2\t0.4\t<DUP>\t1"])
def test_a_copy_number_that_contradicts_its_type_is_listed(write, row):
    text = combined("dragen-2.6").replace("EGFR\t1.5\t<DUP>\t5", row)
    profile = read_profile([write("d.tsv", text)])
    assert [each.gene for each in profile.copy_numbers] == ["ERRFI1"]
    assert lost(profile) == [("no call: a gain with a fold change below 1, or a loss with one above 1", row)]


def test_an_exon_level_call_that_contradicts_its_type_is_listed(write):
    sections = combined_sections("dragen-2.6")
    row = "BRCA2\tchr13\t32890597\t32972907\t3-8\t1.52\t<LOSS>"
    sections["Large Rearrangements"] = [EXONS, row]
    profile = read_profile([write("d.tsv", sectioned("dragen-2.6", sections))])
    assert (profile.exon_copy_numbers, [found for _, found in lost(profile)]) == ((), [row])


@pytest.mark.parametrize(
    "rows", [(), (fusion_row("EML4", "ALK", "chr2:42522654", "chr2:29446394", keep="False"),)]
)
def test_a_fusion_table_that_keeps_none_is_held_against_the_digest(write, rows):
    digest = write("P1_CombinedVariantOutput.tsv", combined())
    profile = read_profile([digest, write("P1_AllFusions.csv", all_fusions(*rows))])
    reason = "in the digest, but not kept in AllFusions.csv"
    assert [each.found for each in profile.not_usable if each.reason == reason] == [
        "EML4::ALK",
        "PPARG::AC016683.6/PAX8",
    ]
    assert len(profile.fusion_candidates) == len(rows)


@pytest.mark.parametrize(("gene", "named"), [("1-Mar", True), ("SEP-02", True), ("NKX2-1", False)])
def test_a_gene_that_a_spreadsheet_made_a_date_is_listed(write, gene, named):
    text = combined("dragen-2.6").replace("EGFR\t1.5\t<DUP>\t5", f"{gene}\t9.9\t<DUP>\t14")
    found = lost(read_profile([write("d.tsv", text)]))
    expected = [("its gene is a date, made by a spreadsheet; export the file again", gene)]
    assert found == (expected if named else [])
