"""Damaged files of every kind: a reader either refuses in one sentence or loses nothing silently."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.diagnostics.readers.panel_files import (
    all_fusions,
    combined,
    combined_sections,
    fusion_row,
    metrics,
    sample_list,
    sectioned,
    tsoppi_summary,
    tsoppi_table,
)
from tests.diagnostics.readers.vcf_files import (
    cnv,
    cnv_row,
    csq,
    exon_cnv,
    genome_vcf,
    row,
    splice,
    splice_row,
    vcf,
)

from presis.diagnostics.assemble import read_profiles
from presis.diagnostics.interpretation import Interpreter
from presis.diagnostics.position_coverage import HotspotState, assess
from presis.diagnostics.profile import Alteration, MolecularProfile
from presis.errors import BadInput
from presis.knowledge import load_library

FILES = {
    "localapp.tsv": combined("localapp", padded=11),
    "dragen21.tsv": combined("dragen-2.1"),
    "dragen26.tsv": combined("dragen-2.6"),
    "ctdna.tsv": combined("ctdna-2.6"),
    "P1_AllFusions.csv": all_fusions(
        fusion_row("EML4", "ALK", "chr2:42522654", "chr2:29446394"),
        fusion_row("A", "B;C", "chr1:1", "chr8:2", keep="False"),
    ),
    "metrics.tsv": metrics("localapp"),
    "CL-Inv_small_variant_table.tsv": tsoppi_table({}, {"Gene_symbol": "TP53"}),
    "summary.tsv": tsoppi_summary("CL-Inv-D01_P\t7.8 (10)\t2.48 (3/121)\tMET (3.1)\tNA\tNA"),
    "sample_list.tsv": sample_list("DNA_tumor\tCL-Inv", "RNA_tumor\tCL-Inv-R01"),
    "answers.csv": "specimen,marker,method,score,unit,date\n"
    "P1,HER2,IHC,3+,,2026-03-14\nP1,PD-L1,IHC,60,TPS,\n,MLH1,IHC,lost,,\nP1,HRD,NGS,47.5,,2026\n",
    "specimen.yaml": "tumour: COAD\nbirth_year: 1958\n",
    "vep.vcf": vcf(row(), row("chr7:9", "CAG", "C,T", info=csq({"Allele": "-"}, {"Allele": "T"}),
                              samples=("0/1/2:5,3,2:0.3,0.2:10",))),
    "pair.vcf": vcf(row(samples=("0/1:5,3:0.4:8", "0/0:9,0:0:9")), samples=("TUMOR", "NORMAL")),
    "plain.vcf": vcf(row(info="GermlineStatus=Somatic"), columns=None),
    "cnv.vcf": cnv(cnv_row("MET", "<DUP>", "2.1"), cnv_row("EGFR", ".", "1.0")),
    "exon.vcf": exon_cnv("chr13\t32890597\t.\tN\t<DEL>\t.\tPASS\tGENE=BRCA2;FC=0.52;END=32972907"),
    "P1_SpliceVariants.vcf": splice(splice_row(55087058, 55223522), splice_row(7, 900, "LowQ")),
    "T1.cna.tsv": "Chromosome\tStart\tEnd\tnMajor\tnMinor\n1\t10\t900\t1\t0\n",
    "T1.fusions.tsv": "FusionGene\tLeftBreakpoint\tRightBreakpoint\tSplitReads\nEML4--ALK\t2:42295554\t2:9\t8\n",
}  # fmt: skip
NAMES = st.sampled_from(sorted(FILES))
#: cells that break careless readers
CELLS = st.one_of(
    st.sampled_from(
        [
            "",
            "NA",
            "NaN",
            "inf",
            "-1",
            "1e400",
            "0,31",
            "1,234",
            "1.5",
            "9" * 400,
            "x" * 5000,
            "p.(Val600",
            "#",
            '"',
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\r"), max_size=12),
)
quick = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read(name: str, content: bytes) -> tuple[MolecularProfile, ...] | None:
    """The profiles, or None if the file was refused; any other exception fails the test."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            return read_profiles([path])
        except BadInput as error:
            for problem in error.problems:
                assert problem.message
                assert "\n" not in str(problem)
            return None


@quick
@given(NAMES, st.data())
def test_a_file_cut_at_any_byte_is_refused_or_read(name, data):
    content = FILES[name].encode()
    read(name, content[: data.draw(st.integers(0, len(content)))])


@quick
@given(NAMES, st.data())
def test_bytes_changed_anywhere_break_nothing(name, data):
    content = bytearray(FILES[name].encode())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    read(name, bytes(content))


ROWS = [
    (name, index)
    for name, marks in {
        "localapp.tsv": ("BRAF", "MTOR", "\tchr9", "MYCL1", "AR\t", "EGFR\t2-7", "EML4-ALK", "PPARG/"),
        "dragen21.tsv": ("BRAF", "MET\t2", "BRCA2\t", "EML4-ALK"),
        "dragen26.tsv": ("BRAF", "EGFR\t1.5", "ERRFI1", "BRCA1\t1\t0", "BRCA2\t"),
        "ctdna.tsv": ("BRAF", "MET\t2.9", "EML4-ALK"),
        "P1_AllFusions.csv": ("RnaFusionFilter,",),
        "CL-Inv_small_variant_table.tsv": ("CL-Inv\t",),
        **{name: ("chr7\t", "chr13\t") for name in FILES if name.endswith(".vcf")},
        "T1.cna.tsv": ("1\t",),
        "T1.fusions.tsv": ("EML4",),
    }.items()
    for index, line in enumerate(FILES[name].split("\n"))
    if line.startswith(marks)
]


@quick
@given(st.sampled_from(ROWS), st.data())
def test_a_changed_row_is_a_finding_or_listed(place, data):
    name, index = place
    lines = FILES[name].split("\n")
    joint = "," if name.endswith(".csv") else "\t"
    cells = lines[index].split(joint)
    for _ in range(data.draw(st.integers(1, 3))):
        cells[data.draw(st.integers(0, len(cells) - 1))] = data.draw(CELLS)
    lines[index] = joint.join(cells)
    profiles = read(name, "\n".join(lines).encode())
    if profiles is None or not lines[index].strip(" ,\t"):
        return
    assert any(index + 1 in lines_said(each) for each in profiles) or says_none_found(cells)


@quick
@given(st.sampled_from(["metrics.tsv", "summary.tsv", "sample_list.tsv"]), st.data())
def test_changed_files_beside_the_findings_break_nothing(name, data):
    lines = FILES[name].split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        index = data.draw(st.integers(0, len(lines) - 1))
        cells = lines[index].split("\t")
        cells[data.draw(st.integers(0, len(cells) - 1))] = data.draw(CELLS)
        lines[index] = "\t".join(cells)
    with tempfile.TemporaryDirectory() as folder:
        for file in ("localapp.tsv", "CL-Inv_small_variant_table.tsv"):
            (Path(folder) / file).write_text(FILES[file])
        (Path(folder) / name).write_text("\n".join(lines), newline="")
        try:
            profiles = read_profiles([Path(folder)])
        except BadInput:
            return
    assert {each.sample for each in profiles} >= {"P1"}
    assert all(len(each.covers) == len(Alteration) for each in profiles)


MARKER_ROWS = st.integers(1, FILES["answers.csv"].count("\n") - 1)


@quick
@given(MARKER_ROWS, st.data())
def test_a_changed_row_of_pathology_is_a_result_or_listed(index, data):
    lines = FILES["answers.csv"].split("\n")
    cells = lines[index].split(",")
    for _ in range(data.draw(st.integers(1, 3))):
        cells[data.draw(st.integers(0, len(cells) - 1))] = data.draw(CELLS)
    lines[index] = ",".join(cells)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "localapp.tsv").write_text(FILES["localapp.tsv"])
        (Path(folder) / "answers.csv").write_text("\n".join(lines), newline="")
        try:
            (profile,) = read_profiles([Path(folder)])
        except BadInput:
            return
    said = {each.line for each in profile.markers}
    said |= {each.line for each in profile.not_usable if each.file == "answers.csv"}
    assert index + 1 in said or not lines[index].strip(" ,\t")
    assert said >= set(range(2, len(lines))) - {index + 1}


@quick
@given(st.data())
def test_pathologys_file_damaged_anywhere_is_refused_or_read(data):
    content = bytearray(FILES["answers.csv"].encode())
    for _ in range(data.draw(st.integers(0, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "localapp.tsv").write_text(FILES["localapp.tsv"])
        (Path(folder) / "answers.csv").write_bytes(content[: data.draw(st.integers(0, len(content)))])
        try:
            (profile,) = read_profiles([Path(folder)])
        except BadInput as error:
            for problem in error.problems:
                assert problem.message
                assert "\n" not in str(problem)
            return
    assert len(profile.covers) == len(Alteration)


def lines_said(profile: MolecularProfile) -> set[int]:
    """Every line that a finding came from or that is listed."""
    findings = (
        *profile.small_variants,
        *profile.copy_numbers,
        *profile.exon_copy_numbers,
        *profile.losses_of_heterozygosity,
        *profile.fusions,
        *profile.fusion_candidates,
        *profile.splice_variants,
        *profile.copy_segments,
    )
    return {each.source.line for each in findings} | {each.line for each in profile.not_usable}


def says_none_found(cells: list[str]) -> bool:
    """A row that now reads `NA`, or `GENE` and `NA` in an exon table, says that there is nothing."""
    return all(cell.strip() in ("", "NA", "N/A", ".", "-") for cell in cells[1:]) or cells[0].startswith("[")


LAYOUTS = st.sampled_from(["localapp", "dragen-2.1", "dragen-2.5", "dragen-2.6", "ctdna-2.6"])


@quick
@given(LAYOUTS, st.data())
def test_shuffled_sections_give_the_same_findings(layout, data):
    sections = combined_sections(layout)
    names = data.draw(st.permutations(list(sections)))
    (one,) = read("a.tsv", sectioned(layout, sections).encode())
    (other,) = read("a.tsv", sectioned(layout, {name: sections[name] for name in names}).encode())
    assert {each.label for each in one.small_variants} == {each.label for each in other.small_variants}
    assert one.covers == other.covers


BESIDE = ("metrics.tsv", "sample_list.tsv", "specimen.yaml", "answers.csv")  # no findings alone


@pytest.mark.parametrize("name", [name for name in FILES if name not in BESIDE])
@pytest.mark.parametrize("change", ["crlf", "cr", "mark", "utf-16", "utf-16-be"])
def test_line_ends_and_encodings_change_no_finding(name, change):
    text = FILES[name]
    content = {
        "crlf": text.replace("\n", "\r\n").encode(),
        "cr": text.replace("\n", "\r").encode(),
        "mark": text.encode("utf-8-sig"),
        "utf-16": text.encode("utf-16"),
        "utf-16-be": b"\xfe\xff" + text.encode("utf-16-be"),
    }[change]
    plain, changed = read(name, text.encode()), read(name, content)
    assert plain is not None
    assert [each.small_variants for each in plain] == [each.small_variants for each in changed]
    assert [each.fusions for each in plain] == [each.fusions for each in changed]


DEPTH_FILES = {
    "P1-D.hard-filtered.gvcf": genome_vcf(),
    "P1-D.exon_cov_report.tsv": "chr\tstart\tend\tgene\tmean\tmedian\tmin\tmax\n"
    + "chr12\t25398200\t25398330\tKRAS\t400\t410\t250\t500\n" * 3,
}


def negatives(profile: MolecularProfile) -> set[str]:
    findings = Interpreter(load_library()).read(profile, "COADREAD")
    return {each.hotspot.id for each in assess(findings) if each.state is HotspotState.NEGATIVE}


@quick
@given(st.sampled_from(sorted(DEPTH_FILES)), st.data())
def test_a_damaged_file_of_depth_changes_no_finding_and_makes_nothing_negative(name, data):
    """A genome VCF in which cells of rows are changed tells as much as before, or less."""
    lines = DEPTH_FILES[name].split("\n")
    first = next(index for index, line in enumerate(lines) if not line.startswith(("#", "chr\t")))
    changed = list(lines)
    for _ in range(data.draw(st.integers(1, 4))):
        index = data.draw(st.integers(first, len(lines) - 2))
        cells = changed[index].split("\t")
        # REF's length is how far a row reaches, so it stays; a changed start leaves bases without a row
        at = data.draw(st.sampled_from([1, 4, 6, 7, 8, 9] if name.endswith("gvcf") else range(1, len(cells))))
        if at < len(cells):
            cells[at] = data.draw(CELLS)
        changed[index] = "\t".join(cells)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "P1.tsv").write_text(FILES["localapp.tsv"])
        file = Path(folder) / name
        file.write_text("\n".join(lines))
        (before,) = read_profiles([Path(folder)])
        file.write_text("\n".join(changed), newline="")
        try:
            (after,) = read_profiles([Path(folder)])
        except BadInput:
            return
    assert after.small_variants == before.small_variants
    if name.endswith("gvcf"):
        assert negatives(after) <= negatives(before)


@quick
@given(st.sampled_from(sorted(DEPTH_FILES)), st.data())
def test_a_file_of_depth_cut_at_any_byte_is_refused_or_tells_less(name, data):
    content = DEPTH_FILES[name].encode()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "P1.tsv").write_text(FILES["localapp.tsv"])
        (Path(folder) / name).write_bytes(content[: data.draw(st.integers(0, len(content)))])
        try:
            (profile,) = read_profiles([Path(folder)])
        except BadInput:
            return
    assert profile.sample == "P1"
