"""Every row of PCGR's public example files is a finding or listed: a slow, obvious twin of the readers."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from presis.diagnostics.assemble import read_profile
from presis.diagnostics.profile import Alteration, GenomeBuild
from presis.diagnostics.report_making import refuse_unannotated
from presis.errors import BadInput

FOLDER = Path(__file__).parents[3].parent / "shared" / "data" / "panels" / "vcf"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the example files aren't beside the repository")
VCFS = sorted(FOLDER.glob("*.vcf.gz"))


def rows(path: Path) -> list[list[str]]:
    text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text()
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")]


@pytest.mark.parametrize("path", VCFS, ids=lambda path: path.name)
def test_every_row_without_annotation_is_listed_and_none_is_a_finding(path):
    profile = read_profile([path])
    assert profile.small_variants == ()
    said = {each.line for each in profile.not_usable}
    text = gzip.decompress(path.read_bytes()).decode().splitlines()
    assert {number for number, line in enumerate(text, 1) if not line.startswith("#")} <= said
    assert profile.build is (GenomeBuild.GRCH37 if "grch37" in path.name else None)
    with pytest.raises(BadInput, match="names no genes"):
        refuse_unannotated(profile)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.cna.tsv")), ids=lambda path: path.name)
def test_every_segment_arrives(path):
    profile = read_profile([path])
    expected = [(r[0], int(r[1]), int(r[2]), float(r[3]), float(r[4])) for r in rows(path)[1:]]
    found = [(e.chromosome, e.start, e.end, e.major_copies, e.minor_copies) for e in profile.copy_segments]
    assert found == expected


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.fusions.tsv")), ids=lambda path: path.name)
def test_every_fusion_arrives(path):
    profile = read_profile([path])
    expected = [(*r[0].split("--"), f"chr{r[1]}", f"chr{r[2]}", int(r[3])) for r in rows(path)[1:]]
    found = [
        (*e.first, *e.second, e.breakpoint_first, e.breakpoint_second, e.supporting_reads)
        for e in profile.fusions
    ]
    assert found == expected
    assert profile.covers[Alteration.RNA_FUSION].reason == "panel_unknown"


def test_the_files_of_one_tumour_join():
    names = ("T001-COAD.grch38.vcf.gz", "T001-COAD.grch38.cna.tsv", "T001-COAD.grch38.fusions.tsv")
    profile = read_profile([FOLDER / name for name in names])
    assert (len(profile.fusions), len(profile.copy_segments), profile.build) == (9, 260, GenomeBuild.GRCH38)
