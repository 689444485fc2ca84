"""The vocabulary of biomarkers, and what each word says of a tumour: found, not found, not tested."""

from __future__ import annotations

import pytest
import yaml
from tumours import (
    all_but,
    amplified,
    deleted,
    exons_lost,
    fused,
    interpret,
    spliced,
    tumour,
    variant,
    without_protein,
)

from presis.diagnostics.biomarkers import parse_biomarker
from presis.diagnostics.criteria import ask
from presis.diagnostics.profile import MolecularProfile, Tested
from presis.knowledge import load_library
from presis.methods.rules import Explained, evaluate
from presis.programme.files import ROOT, load_yaml

RNA_MISSING = all_but(rna_fusion=Tested.UNKNOWN, splice=Tested.UNKNOWN, dna_fusion=Tested.NO)
NO_DELETIONS = all_but(deletion=Tested.NO)
NOTHING = all_but(
    **dict.fromkeys(("small_variant", "amplification", "rna_fusion", "msi", "tmb"), Tested.UNKNOWN)
)


def answer(biomarker: str, profile: MolecularProfile) -> Explained:
    findings = interpret(profile).findings
    return evaluate(parse_biomarker(biomarker), lambda leaf: ask(leaf, findings))


def test_every_biomarker_of_the_tables_is_in_the_vocabulary() -> None:
    library = load_library()
    texts = {row.biomarker for row in (*library.approvals, *library.resistance)}
    texts |= set(load_yaml("rules/escat_biomarkers.yaml")["rows"].values())
    assert len(texts) > 90
    for text in texts:
        parse_biomarker(text)


def test_every_escat_row_has_its_biomarker_and_no_other() -> None:
    document = yaml.safe_load((ROOT / "rules" / "escat_biomarkers.yaml").read_text(encoding="utf-8"))
    assert set(document["rows"]) == {row.row for row in load_library().escat}


@pytest.mark.parametrize(
    "text",
    ["KRAS", "KRAS something", "kras p.G12C", "EGFR exon99 skipping", "", "FOO kinase_domain activating"],
)
def test_a_word_outside_the_vocabulary_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="biomarker"):
        parse_biomarker(text)


SAYS = [
    ("BRAF p.V600E", tumour(variant("BRAF", "V600E")), "yes"),
    ("BRAF p.V600E", tumour(variant("BRAF", "V600K")), "no"),
    ("BRAF codon600 missense", tumour(variant("BRAF", "V600K")), "yes"),
    ("BRAF p.V600E", tumour(), "no"),
    ("BRAF p.V600E", tumour(without_protein("BRAF", "missense_variant")), "unknown"),
    ("BRAF p.V600E", tumour(without_protein("BRAF", "splice_donor_variant")), "no"),
    ("BRAF codon600 missense", tumour(without_protein("BRAF", "missense_variant")), "unknown"),
    ("BRAF p.V600E", tumour(covers=NOTHING), "unknown"),
    ("BRAF p.V600E", tumour(variant("BRAF", "V600E"), covers=NOTHING), "yes"),
    ("EGFR exon19 inframe_del", tumour(variant("EGFR", "E746_A750del", exon="19/28")), "yes"),
    ("EGFR exon19 inframe_del", tumour(variant("EGFR", "E746_A750del")), "yes"),
    ("EGFR exon19 inframe_del", tumour(variant("EGFR", "L747_P753delinsS")), "yes"),
    ("EGFR exon19 inframe_del", tumour(variant("EGFR", "A767_V769dup", exon="20/28")), "no"),
    ("EGFR exon20 inframe_ins", tumour(variant("EGFR", "A767_V769dup")), "yes"),
    ("EGFR exon20 inframe_ins", tumour(without_protein("EGFR", "inframe_insertion", exon="20/28")), "yes"),
    ("EGFR exon19 inframe_del", tumour(without_protein("EGFR", "inframe_deletion")), "unknown"),
    ("EGFR exon19 inframe_del OR EGFR p.L858R", tumour(variant("EGFR", "L858R")), "yes"),
    ("EGFR activating", tumour(variant("EGFR", "L858R")), "yes"),
    ("EGFR activating", tumour(variant("EGFR", "A100V")), "no"),
    ("KRAS mutation", tumour(variant("KRAS", "G12D")), "yes"),
    ("ALK fusion", tumour(fusions=(fused("EML4", "ALK"),)), "yes"),
    ("ALK fusion", tumour(), "no"),
    ("ALK fusion", tumour(covers=RNA_MISSING), "unknown"),
    ("NRG1 fusion", tumour(), "unknown"),
    ("NTRK1/2/3 fusion", tumour(fusions=(fused("ETV6", "NTRK3"),)), "yes"),
    ("MET amplification", tumour(copies=(amplified("MET"),)), "yes"),
    ("PTEN deletion", tumour(copies=(deleted("PTEN"),)), "unknown"),
    ("PTEN deletion", tumour(covers=NO_DELETIONS), "unknown"),
    ("MET exon14 skipping", tumour(splice=(spliced("MET", "MET exon 14 skipping"),)), "yes"),
    ("MET exon14 skipping", tumour(), "no"),
    ("MET exon14 skipping", tumour(covers=RNA_MISSING), "unknown"),
    ("AR-V7 splice_variant", tumour(splice=(spliced("AR", "AR-V7"),)), "yes"),
    ("MSI-H/dMMR", tumour(msi=40.0), "yes"),
    ("MSI-H/dMMR", tumour(msi=15.0), "unknown"),
    ("MSI-H/dMMR", tumour(msi=5.0), "no"),
    ("MSI-H/dMMR", tumour(msi=40.0, usable=39), "unknown"),
    ("MSI-H/dMMR", tumour(msi=None), "unknown"),
    ("dMMR", tumour(msi=40.0), "unknown"),
    ("TMB >= 10", tumour(tmb=10.0), "yes"),
    ("TMB >= 10", tumour(tmb=9.9), "no"),
    ("TMB >= 10", tumour(tmb=None), "unknown"),
    ("RAS wild_type", tumour(variant("KRAS", "G12D")), "no"),
    ("RAS wild_type", tumour(), "unknown"),
    ("RAS wild_type", tumour(variant("KRAS", "A18D")), "unknown"),
    ("KRAS wild_type", tumour(variant("NRAS", "Q61R")), "unknown"),
    ("BRCA1/2 germline pathogenic", tumour(variant("BRCA2", "S1982Rfs*22")), "unknown"),
    ("BRCA1/2 germline pathogenic", tumour(), "no"),
    ("BRCA1/2 germline_or_somatic pathogenic", tumour(variant("BRCA2", "S1982Rfs*22")), "yes"),
    ("BRCA1/2 germline_or_somatic pathogenic", tumour(covers=all_but(exon_cnv=Tested.NO)), "unknown"),
    ("BRCA1/2 germline_or_somatic pathogenic", tumour(exons=(exons_lost("BRCA1"),)), "unknown"),
    ("ERBB2 positive", tumour(copies=(amplified("ERBB2"),)), "unknown"),
    ("ERBB2 positive", tumour(), "unknown"),
    ("FGFR3 susceptible", tumour(variant("FGFR3", "S249C"), covers=NOTHING), "unknown"),
    ("HRD positive", tumour(variant("BRCA1", "E23Vfs*17")), "yes"),
    ("ALK p.C1156Y AND ALK p.L1198F", tumour(variant("ALK", "C1156Y")), "no"),
    ("none", tumour(), "yes"),
]


@pytest.mark.parametrize(
    ("biomarker", "profile", "said"), SAYS, ids=[f"{b} {i} {s}" for i, (b, _, s) in enumerate(SAYS)]
)
def test_a_biomarker_says(biomarker: str, profile: MolecularProfile, said: str) -> None:
    explained = answer(biomarker, profile)
    assert explained.truth.word == said
    if said == "unknown":
        assert explained.settled_by(), "an unknown names what would settle it"


def test_amplification_points_to_her2_without_replacing_its_test() -> None:
    explained = answer("ERBB2 positive", tumour(copies=(amplified("ERBB2"),)))
    assert explained.evidence() == ("cn:0",)
    assert [reason.values["test"] for reason in explained.settled_by()] == ["HER2 IHC or ISH"]


def test_a_change_of_unknown_frequency_may_still_be_what_is_asked() -> None:
    explained = answer("PTEN loss", tumour(variant("PTEN", "R130*", absent=False)))
    assert explained.truth.word == "yes"
