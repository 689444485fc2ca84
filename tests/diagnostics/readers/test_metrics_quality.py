"""Quality measures against limits: whose limits count, and what a miss makes unknown."""

from __future__ import annotations

import pytest
from tests.diagnostics.readers.panel_files import combined, metrics

from presis.diagnostics.assemble import read_profile
from presis.diagnostics.profile import Alteration, MolecularProfile, Verdict
from presis.diagnostics.profile import Tested as State
from presis.errors import BadInput

DNA = set(Alteration) - {Alteration.RNA_FUSION, Alteration.SPLICE}


@pytest.fixture
def read(tmp_path):
    def from_texts(
        metrics_text: str, layout: str = "localapp", limits: str | None = None, **ids: str
    ) -> MolecularProfile:
        digest, quality = tmp_path / "digest.tsv", tmp_path / "metrics.tsv"
        digest.write_text(combined(layout, **ids))
        quality.write_text(metrics_text)
        own = None
        if limits is not None:
            own = tmp_path / "limits.csv"
            own.write_text(limits)
        return read_profile([digest, quality], limits=own)

    return from_texts


def measure(profile: MolecularProfile, name: str):
    return next(each for each in profile.quality.measures if each.metric == name)


def test_without_a_metrics_file_quality_is_unknown(tmp_path):
    path = tmp_path / "digest.tsv"
    path.write_text(combined())
    quality = read_profile([path]).quality
    assert (quality.known, quality.measures, dict(quality.unknown)) == (False, (), {})


@pytest.mark.parametrize("layout", ["localapp", "dragen-2.6", "ctdna-2.6"])
def test_a_good_sample_keeps_every_limit(read, layout):
    quality = read(metrics(layout, "P1-D" if layout == "ctdna-2.6" else "P1"), layout).quality
    assert quality.known
    assert not quality.unknown
    assert {each.verdict for each in quality.measures} <= {
        Verdict.PASS,
        Verdict.NO_LIMIT,
        Verdict.NOT_COMPUTED,
    }


@pytest.mark.parametrize("column", ["P1", "P1_P", "P1-D", "P1-D_P"])
def test_a_column_is_found_by_pair_or_library_id(read, column):
    assert measure(read(metrics(column=column)), "PCT_EXON_50X").value == 99.1


def test_dna_and_rna_may_stand_in_columns_of_their_own(read):
    text = metrics(column="P1-D", other="P1-R", rna=False)
    text = text.replace(
        "TOTAL_ON_TARGET_READS (Count)\t9000000\tNA\tNA\tNA",
        "TOTAL_ON_TARGET_READS (Count)\t9000000\tNA\t812345\tNA",
    )
    profile = read(text)
    assert measure(profile, "TOTAL_ON_TARGET_READS").verdict is Verdict.FAIL
    assert set(profile.quality.unknown) == {Alteration.RNA_FUSION, Alteration.SPLICE}


@pytest.mark.parametrize("column", ["P1", "P1-D", "P1-R"])
def test_a_pairs_column_may_be_named_after_either_library(read, column):
    text = metrics("dragen-2.6", column)
    profile = read(text, "dragen-2.6")
    assert {each.nucleic_acid for each in profile.quality.measures if each.value is not None} >= {
        "DNA",
        "RNA",
    }


def test_a_file_without_the_samples_column_says_nothing(read):
    profile = read(metrics(column="X9"))
    assert not profile.quality.known
    assert any("has no values for" in each.reason for each in profile.not_usable)


def test_a_column_of_nothing_but_na_was_not_assayed_and_did_not_fail(read):
    profile = read(metrics(rna=False))
    assert all(each.nucleic_acid != "RNA" for each in profile.quality.measures)
    assert profile.covers[Alteration.RNA_FUSION].state is State.YES


GOVERNED = [
    ("localapp", {"PCT_EXON_50X": "71.3"}, {Alteration.SMALL_VARIANT, Alteration.TMB}, "PCT_EXON_50X 71.3 below 90"),
    ("localapp", {"MSI": "12"}, {Alteration.MSI}, "USABLE_MSI_SITES 12 below 40"),
    ("localapp", {"MAD": "0.3"}, {Alteration.AMPLIFICATION, Alteration.DELETION, Alteration.EXON_CNV}, "COVERAGE_MAD 0.3 above 0.21"),
    ("localapp", {"READS": "2500000"}, {Alteration.RNA_FUSION, Alteration.SPLICE}, "TOTAL_ON_TARGET_READS 2500000 below 9000000"),
    ("dragen-2.6", {"CONTAMINATION_SCORE": "2000"}, DNA, "CONTAMINATION_SCORE 2000 above 1457"),
    ("ctdna-2.6", {"COVERAGE": "900"}, {Alteration.MSI, Alteration.DNA_FUSION}, "MEDIAN_EXON_COVERAGE 900 below 1300"),
]  # fmt: skip


@pytest.mark.parametrize(("layout", "values", "unknown", "reason"), GOVERNED)
def test_a_missed_limit_makes_unknown_only_what_it_governs(read, layout, values, unknown, reason):
    quality = read(metrics(layout, "P1-D" if layout == "ctdna-2.6" else "P1", **values), layout).quality
    assert set(quality.unknown) == unknown
    assert {reason for reasons in quality.unknown.values() for reason in reasons} == {reason}


def test_coverage_becomes_unknown_with_metric_value_and_limit(read):
    covers = read(metrics(PCT_EXON_50X="71.3")).covers
    small = covers[Alteration.SMALL_VARIANT]
    assert (small.state, small.reason, small.detail) == (
        State.UNKNOWN,
        "quality_failed",
        ("PCT_EXON_50X 71.3 below 90",),
    )
    assert len(small.genes) == 523
    assert covers[Alteration.MSI].state is State.YES
    assert covers[Alteration.DELETION].state is State.NO


CONTAMINATION = [
    ("100", "1.000", Verdict.PASS, False),  # a clean sample whose p-value alone would fail it
    ("4593", "0.000", Verdict.WARN, False),  # a rearranged genome
    ("19123", "0.237", Verdict.FAIL, True),
    ("19123", "NA", Verdict.FAIL, True),
]


@pytest.mark.parametrize(("score", "p_value", "verdict", "contaminated"), CONTAMINATION)
def test_localapp_contamination_is_two_metrics_together(read, score, p_value, verdict, contaminated):
    profile = read(metrics(CONTAMINATION_SCORE=score, P=p_value))
    assert measure(profile, "CONTAMINATION_SCORE").verdict is verdict
    assert profile.quality.contaminated is contaminated
    assert set(profile.quality.unknown) == (DNA if contaminated else set())
    assert (profile.covers[Alteration.SMALL_VARIANT].reason == "contaminated") is contaminated
    assert profile.covers[Alteration.RNA_FUSION].state is State.YES


def test_the_laboratorys_limit_counts_before_the_files(read):
    limits = "metric,direction,limit,governs\nPCT_EXON_50X,min,99.5,small_variants+tmb\n"
    profile = read(metrics(), limits=limits)
    found = measure(profile, "PCT_EXON_50X")
    assert (found.lower, found.limit_from, found.verdict) == (99.5, "laboratory", Verdict.FAIL)


def test_a_laboratory_may_be_milder_for_its_rna(read):
    limits = "assay,software,nucleic_acid,section,metric,direction,limit\ntissue,localapp-2.x,RNA,,TOTAL_ON_TARGET_READS,min,2000000\n"
    profile = read(metrics(READS="2500000"), limits=limits)
    assert measure(profile, "TOTAL_ON_TARGET_READS").verdict is Verdict.PASS


def test_a_laboratorys_limit_for_an_absent_metric_is_said(read):
    profile = read(metrics(), limits="metric,direction,limit\nPCT_EXON_9999X,min,1\n")
    assert any(each.found == "PCT_EXON_9999X" for each in profile.not_usable)


def test_the_shipped_table_stands_in_where_the_file_gives_no_limit(read):
    text = metrics(PCT_EXON_50X="71.3").replace("PCT_EXON_50X (%)\t90.0\tNA", "PCT_EXON_50X (%)\tNA\tNA")
    found = measure(read(text), "PCT_EXON_50X")
    assert (found.lower, found.limit_from, found.verdict) == (90.0, "table", Verdict.FAIL)


def test_every_fault_of_a_limits_file_is_told_at_once(read):
    limits = "metric,direction,limit,governs\n,least,x,everything\n"
    with pytest.raises(BadInput) as error:
        read(metrics(), limits=limits)
    assert [problem.where.field for problem in error.value.problems] == [
        "metric",
        "direction",
        "limit",
        "governs",
    ]
    assert {problem.where.line for problem in error.value.problems} == {2}


STEPS = [
    (
        {"COMPLETED_ALL_STEPS": "FALSE", "FAILED_STEPS": "DragenRna"},
        {Alteration.RNA_FUSION, Alteration.SPLICE},
    ),
    ({"COMPLETED_ALL_STEPS": "FALSE", "FAILED_STEPS": "Tmb,Msi"}, {Alteration.TMB, Alteration.MSI}),
    ({"COMPLETED_ALL_STEPS": "FALSE"}, set(Alteration)),
    ({"COMPLETED_ALL_STEPS": "FALSE", "FAILED_STEPS": "SomethingNew"}, set(Alteration)),
]


@pytest.mark.parametrize(("status", "unknown"), STEPS)
def test_what_depends_on_a_failed_step_is_unknown(read, status, unknown):
    assert set(read(metrics("dragen-2.6", status=status), "dragen-2.6").quality.unknown) == unknown


def test_a_status_header_that_lost_its_empty_cell_is_still_read(read):
    text = metrics("dragen-2.6", status={"COMPLETED_ALL_STEPS": "FALSE", "FAILED_STEPS": "Msi"}).replace(
        "\tZZ-9\tP1\nCOMPLETED", "ZZ-9\tP1\nCOMPLETED"
    )
    assert "\nZZ-9\tP1\nCOMPLETED" in text
    assert set(read(text, "dragen-2.6").quality.unknown) == {Alteration.MSI}


def test_a_metric_name_is_unique_only_in_its_section(read):
    profile = read(metrics("ctdna-2.6", "P1-D", COVERAGE="900"), "ctdna-2.6")
    found = {
        each.section: each.verdict
        for each in profile.quality.measures
        if each.metric == "MEDIAN_EXON_COVERAGE"
    }
    assert found == {
        "DNA Library QC Metrics for Small Variant Calling and TMB": Verdict.PASS,
        "DNA Library QC Metrics for MSI and Fusions": Verdict.FAIL,
    }


def test_run_metrics_of_an_analysis_from_fastq_fail_nothing(read):
    found = measure(read(metrics()), "PCT_Q30_R1")
    assert (found.nucleic_acid, found.verdict) == ("run", Verdict.NOT_COMPUTED)


def test_a_failed_run_makes_everything_unknown(read):
    text = metrics().replace("PCT_Q30_R1 (%)\tNA\tNA\tNA", "PCT_Q30_R1 (%)\t80.0\tNA\t61.2")
    assert set(read(text).quality.unknown) == set(Alteration)


@pytest.mark.parametrize("section", ["DNA Library QC Metrics", "RNA Library QC Metrics"])
def test_a_metrics_file_that_lost_a_section_is_cut(read, section):
    text = metrics()
    start = text.index(f"[{section}]")
    with pytest.raises(BadInput, match="cut or damaged"):
        read(text[:start])


def test_a_metric_that_is_no_number_is_listed(read):
    profile = read(metrics(PCT_EXON_50X="n.d."))
    assert measure(profile, "PCT_EXON_50X").verdict is Verdict.NOT_COMPUTED
    assert any(each.found == "n.d." and each.severity == "lost" for each in profile.not_usable)
