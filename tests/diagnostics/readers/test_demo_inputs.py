"""The demo inputs: readable, free of what may not be passed on, and said to be invented or controls."""

from __future__ import annotations

import re
from pathlib import Path

import presis.diagnostics
from presis.diagnostics.assemble import read_profile
from presis.diagnostics.profile import Alteration
from presis.diagnostics.profile import Tested as State

DEMO = Path(presis.diagnostics.__file__).parent / "demo_data"
FOLDERS = ("acrometrix", "na12878", "rna_fusion_control", "invented_colorectal")


def test_each_folder_is_one_specimen_with_every_row_used():
    counts = {}
    for folder in FOLDERS:
        profile = read_profile([DEMO / folder])
        counts[folder] = (len(profile.small_variants), len(profile.fusions), len(profile.fusion_candidates))
        assert not [each for each in profile.not_usable if each.severity == "lost"], folder
    assert counts == {
        "acrometrix": (510, 0, 0),
        "na12878": (35, 0, 0),
        "rna_fusion_control": (0, 16, 136),
        "invented_colorectal": (9, 0, 0),
    }


def test_the_invented_tumour_says_so_and_its_rna_failed():
    profile = read_profile([DEMO / "invented_colorectal"])
    assert profile.specimen.invented
    assert (profile.specimen.tumour, profile.small_variants[0].label) == ("COAD", "BRAF p.V600E")
    assert (profile.tmb.per_megabase, profile.msi.percent_unstable) == (46.1, 41.38)
    assert profile.covers[Alteration.RNA_FUSION].reason == "rna_failed"
    assert set(profile.quality.unknown) == {Alteration.RNA_FUSION, Alteration.SPLICE}
    assert profile.covers[Alteration.SMALL_VARIANT].state is State.YES


def test_controls_report_no_tumour():
    for folder in FOLDERS[:3]:
        specimen = read_profile([DEMO / folder]).specimen
        assert (specimen.tumour, specimen.sample_type, specimen.invented) == (None, "control", False)


FORBIDDEN = ("COSV", "COSM", "TIER_", "CPSR", "PCGR", "Tier\t", "Drugs", "21M81042", "NB501498", "A00748",
             "20486192", "20487349", "AHT3KKDMXX", "/path/to", ",Contig,")  # fmt: skip


def test_nothing_of_others_databases_or_laboratories_is_in_it():
    for path in (each for folder in FOLDERS for each in (DEMO / folder).iterdir()):
        text = path.read_text(encoding="utf-8")
        assert not [word for word in FORBIDDEN if word in text], path.name
        assert not re.search(r"[ACGT]{60}", text), f"{path.name} holds a read sequence"
