"""Every row of the control files arrives with the right values: a slow, obvious twin of the readers."""

from __future__ import annotations

from pathlib import Path

import pytest

from presis.diagnostics.assemble import read_profile, read_profiles
from presis.diagnostics.profile import Alteration, GenomeBuild
from presis.diagnostics.profile import Tested as State
from presis.diagnostics.readers.combined import read_combined
from presis.diagnostics.readers.text import read_text
from presis.errors import BadInput

PANELS = Path(__file__).parents[3].parent / "shared" / "data" / "panels"
pytestmark = pytest.mark.skipif(not PANELS.is_dir(), reason="the control files aren't beside the repository")

TSO500 = PANELS / "tso500"
TSOPPI = PANELS / "tsoppi"
COMBINED = sorted(TSO500.glob("*.tsv"))


def rows_of(path: Path, section: str) -> list[list[str]]:
    """The rows of a section by hand: what stands between its header and the next blank line."""
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    start = next(i for i, line in enumerate(lines) if line.startswith(f"[{section}]"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.strip():
            break
        if line.strip() != "NA":
            rows.append(line.split("\t"))
    return rows


def number(cell: str) -> float | None:
    return None if cell == "NA" else float(cell)


@pytest.mark.parametrize("path", COMBINED, ids=lambda path: path.name)
def test_every_small_variant_of_a_digest_arrives_with_its_values(path):
    profile = read_profile([path])
    rows = rows_of(path, "Small Variants")
    assert len(profile.small_variants) == len(rows)
    for variant, row in zip(profile.small_variants, rows, strict=True):
        gene, chrom, pos, ref, alt, fraction, depth, p_dot, c_dot, consequence, exon = row[:11]
        assert variant.gene == (gene or None)
        assert (f"chr{variant.chromosome}", variant.position, variant.ref, variant.alt) == (
            chrom,
            int(pos),
            ref,
            alt,
        )
        assert (variant.allele_fraction, variant.depth) == (float(fraction), int(depth))
        assert variant.exon == (exon or None)
        assert variant.consequences == ((consequence,) if consequence else ())
        if c_dot:
            assert f"{variant.transcript}:{variant.cdna}" == c_dot
        else:
            assert (variant.transcript, variant.cdna) == (None, None)
        if p_dot:
            assert variant.protein is not None
            assert variant.protein in p_dot
            assert variant.protein.startswith("p.(")
            assert variant.protein.endswith(")")
            assert variant.protein_short is not None
        else:
            assert variant.protein is None
    assert not [each for each in profile.not_usable if each.severity == "lost"]


@pytest.mark.parametrize("path", COMBINED, ids=lambda path: path.name)
def test_every_other_row_of_a_digest_arrives(path):
    profile = read_profile([path])
    assert [(each.gene, each.fold_change) for each in profile.copy_numbers] == [
        (row[0], float(row[1])) for row in rows_of(path, "Gene Amplifications")
    ]
    assert [
        (
            each.gene,
            each.exons,
            each.breakpoint_first,
            each.breakpoint_second,
            each.supporting_reads,
            each.reference_reads,
        )
        for each in profile.splice_variants
    ] == [(*row[:4], int(row[4]), int(row[5])) for row in rows_of(path, "Splice Variants")]
    assert [
        (each.reported, each.breakpoint_first, each.breakpoint_second, each.supporting_reads,
         each.reference_reads_first, each.reference_reads_second)
        for each in profile.fusions
    ] == [(*row[:3], *map(int, row[3:6])) for row in rows_of(path, "Fusions")]  # fmt: skip
    tmb = [number(row[1]) for row in [["", r.split("\t")[1]] for r in _keys(path, "TMB")]]
    found = profile.tmb
    assert tmb == (
        [found.per_megabase, found.megabases, found.eligible_variants] if found else [None, None, None]
    )
    msi = [number(line.split("\t")[1]) for line in _keys(path, "MSI")]
    got = profile.msi
    assert msi == (
        [got.usable_sites, got.unstable_sites, got.percent_unstable] if got else [None, None, None]
    )


def _keys(path: Path, section: str) -> list[str]:
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    start = next(i for i, line in enumerate(lines) if line.startswith(f"[{section}]"))
    return lines[start + 1 : start + 4]


def test_every_fusion_candidate_arrives_and_keep_fusion_decides():
    path = TSO500 / "rna_fusion_control_AllFusions.csv"
    profile = read_profile([path])
    rows = [line.split(",") for line in path.read_text().split("\n") if line and not line.startswith("#")]
    header, rows = rows[0], [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert len(header) == 25
    for found, keep in ((profile.fusions, "True"), (profile.fusion_candidates, "False")):
        expected = [row for row in rows if row["KeepFusion"] == keep]
        assert len(found) == len(expected)
        for fusion, row in zip(found, expected, strict=True):
            assert len(fusion.first) == len(row["Gene A"].split(";"))
            assert len(fusion.second) == len(row["Gene B"].split(";"))
            assert (fusion.breakpoint_first, fusion.breakpoint_second) == (
                row["Gene A Breakpoint"],
                row["Gene B Breakpoint"],
            )
            parts = [int(row[name]) for name in ("Alt Split Dedup", "Alt Pair Dedup") if row[name] != "N/A"]
            assert fusion.supporting_reads == (sum(parts) if parts else None)
            assert fusion.order_known == (row["Fusion Directionality Known"] == "True")
            assert fusion.caller == row["Caller"]


def test_the_digests_fusions_are_not_doubled_by_all_fusions():
    profile = read_profile(
        [
            TSO500 / "rna_fusion_control_CombinedVariantOutput.tsv",
            TSO500 / "rna_fusion_control_AllFusions.csv",
        ]
    )
    assert (len(profile.fusions), len(profile.fusion_candidates), len(profile.splice_variants)) == (
        16,
        136,
        2,
    )
    assert {each.caller for each in profile.fusions} == {"RnaFusionFilter"}
    by_label = {each.label: each for each in profile.fusions}
    assert by_label["EGFR::SEPTIN14"].reported == "EGFR-SEPT14"
    assert by_label["CD74::ROS1/GOPC"].second == ("ROS1", "GOPC")
    assert by_label["PPARG::AC016683.6/PAX8"].order_known is False
    assert [each.name for each in profile.splice_variants] == ["EGFRvIII", "MET exon 14 skipping"]


def test_an_rna_only_file_says_nothing_of_dna():
    covers = read_profile([TSO500 / "rna_fusion_control_CombinedVariantOutput.tsv"]).covers
    assert (covers[Alteration.RNA_FUSION].state, len(covers[Alteration.RNA_FUSION].genes)) == (State.YES, 55)
    assert (covers[Alteration.SMALL_VARIANT].state, covers[Alteration.SMALL_VARIANT].reason) == (
        State.NO,
        "no_dna",
    )


def test_a_dna_only_file_did_not_look_for_fusions():
    covers = read_profile([TSO500 / "dna_sample_CombinedVariantOutput.tsv"]).covers
    assert (covers[Alteration.RNA_FUSION].state, covers[Alteration.RNA_FUSION].reason) == (
        State.NO,
        "no_rna",
    )
    assert (covers[Alteration.SPLICE].state, covers[Alteration.DELETION].reason) == (
        State.NO,
        "not_by_software",
    )
    assert len(covers[Alteration.SMALL_VARIANT].genes) == 523
    assert "AMER1" in covers[Alteration.SMALL_VARIANT].genes


def test_two_versions_of_one_sample_are_refused_with_both_names():
    with pytest.raises(BadInput, match=r"same sample.*dna_sample_CombinedVariantOutput"):
        read_profiles(
            [
                TSO500 / "dna_sample_CombinedVariantOutput.tsv",
                TSO500 / "dna_sample_CombinedVariantOutput_novar.tsv",
            ]
        )


POPULATIONS = {"GLOBAL": "global", "AFR": "afr", "AMR": "amr", "EAS": "eas", "NFE": "nfe", "EUR": "nfe",
               "SAS": "sas", "FIN": "fin", "ASJ": "asj", "OTH": "oth"}  # fmt: skip


@pytest.mark.parametrize(("sample", "count"), [("CL-AcroMetrix-D01", 510), ("CL-NA12878N25-D01", 35)])
def test_every_row_of_a_tsoppi_table_arrives_with_its_values(sample, count):
    path = TSOPPI / sample / f"{sample}_small_variant_table.tsv"
    profile = read_profile([path])
    lines = [line.split("\t") for line in path.read_text().split("\n") if line and not line.startswith("#")]
    rows = [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
    assert len(profile.small_variants) == len(rows) == count
    for variant, row in zip(profile.small_variants, rows, strict=True):
        expected = {name: None if cell in ("NA", ".") else cell for name, cell in row.items()}
        assert variant.gene == expected["Gene_symbol"]
        assert f"{variant.chromosome}:{variant.position}" == row["Genomic_location"]
        assert f"{variant.ref}>{variant.alt}" == row["DNA_change"]
        assert variant.cdna == expected["cDNA_change"]
        assert (variant.depth, variant.allele_fraction) == (
            int(row["Depth_tumor_DNA"]),
            float(row["AF_tumor_DNA"]),
        )
        assert variant.caller_class == expected["TSO500_LocalApp_class"]
        assert "|".join(variant.file_filters) == (expected["Filters"] or "")
        assert ",".join(variant.consequences) == row["Coding_status"]
        assert variant.judgement.class_judgement == row["Class_judgement"]
        assert ",".join(variant.judgement.class_comments) == (expected["Class_judgement_comments"] or "")
        assert (variant.judgement.igv_qc, variant.judgement.reporting_judgement) == (None, None)
        assert (variant.protein is None) == (row["Protein_change"] == "NA")
        assert (variant.protein_short is None) == (row["Protein_change"] == "NA")
        assert variant.population.by_population == _frequencies(row)
    assert profile.build is GenomeBuild.GRCH37


def _frequencies(row: dict[str, str]) -> dict[str, float]:
    found: dict[str, list[float]] = {}
    for column, name in (
        ("Global_AF_gnomAD", "global"),
        ("Global_AF_1KG", "global"),
        ("NFE_AF_gnomAD", "nfe"),
    ):
        if row[column] != "NA":
            found.setdefault(name, []).append(float(row[column]))
    if row["Germline_population_AFs"] != "NA":
        for entry in row["Germline_population_AFs"].split("|"):
            name, value = entry.split(":")
            found.setdefault(POPULATIONS[name.split("_")[0]], []).append(float(value))
    return {name: max(values) for name, values in found.items()}


def test_three_spellings_of_one_sample_join():
    profiles = {each.sample: each for each in read_profiles([TSOPPI])}
    assert set(profiles) == {"CL-AcroMetrix-D01", "CL-NA12878N25-D01"}
    acro, na = profiles["CL-AcroMetrix-D01"], profiles["CL-NA12878N25-D01"]
    assert (acro.tmb.per_megabase, acro.tmb.eligible_variants, acro.tmb.megabases) == (238.5, 305, 1.28)
    assert (acro.msi.percent_unstable, acro.msi.unstable_sites, acro.msi.usable_sites) == (4.42, 5, 113)
    assert (na.tmb.per_megabase, na.msi.usable_sites, na.run) == (0.8, 92, "191206_NB501498_0174_AHWCNMBGXC")
    assert acro.rna_sample == "CL-AcroMetrix-R01"
    assert acro.covers[Alteration.RNA_FUSION].state is State.YES
    assert (na.covers[Alteration.RNA_FUSION].state, na.covers[Alteration.RNA_FUSION].reason) == (
        State.NO,
        "no_rna",
    )
    assert any("name no RNA sample" in each.reason for each in acro.not_usable)


def test_a_table_alone_leaves_tmb_msi_and_rna_unknown():
    path = TSOPPI / "CL-AcroMetrix-D01" / "CL-AcroMetrix-D01_small_variant_table.tsv"
    covers = read_profile([path]).covers
    for alteration in (Alteration.TMB, Alteration.MSI, Alteration.RNA_FUSION, Alteration.AMPLIFICATION):
        assert (covers[alteration].state, covers[alteration].reason) == (State.UNKNOWN, "not_reported")
    assert covers[Alteration.SMALL_VARIANT].state is State.YES


def test_the_control_digest_cut_at_any_byte_is_refused_or_says_so(tmp_path):
    """Only a cut behind a whole row can't be seen in the file itself; every other is refused or remarked."""
    path = TSO500 / "dna_sample_CombinedVariantOutput.tsv"
    content, cut = path.read_bytes(), tmp_path / "cut.tsv"
    for end in range(0, len(content) - 1, 13):
        if content[end - 1 : end] == b"\n":
            continue
        cut.write_bytes(content[:end])
        try:
            digest = read_combined(read_text(cut))
        except BadInput:
            continue
        assert any("without a line end" in each.reason for each in digest.not_usable), end
