"""Leaves of CTML and what an option asks in their place; trials imported for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

import yaml
from tests.matching.eligibility_cases import known, named

from presis.matching.ctml import Mode, Remarks, read_trial
from presis.matching.ctml.import_options import Imported, Importing, imported

SINCE = date(2026, 1, 1)
ALIVE = {"state": {"what": "alive"}}
V600 = [f"p.V600{letter}" for letter in "ACDEFGHIKLMNPQRSTWY"]
REPAIR_LOST = {
    "any": [{"microsatellites": {"state": "unstable"}}, {"mismatch_repair": {"state": "deficient"}}]
}


def made_of(document: dict[str, Any], **drugs: str) -> Imported:
    """The options of a trial; raises `BadInput` with every fault."""
    remarks = Remarks(Mode.STRICT)
    trial = read_trial(document, "trial.json", remarks)
    assert trial is not None
    told = drugs or {trial.protocol: "vemurafenib"}
    (made,) = imported([trial], Importing(known(), named(), SINCE, told), remarks.errors)
    return made


def told_by(document: dict[str, Any]) -> Imported:
    """The options of a trial, its drug as it says."""
    remarks = Remarks(Mode.STRICT)
    trial = read_trial(document, "trial.json", remarks)
    assert trial is not None
    (made,) = imported([trial], Importing(known(), named(), SINCE), remarks.errors)
    return made


def rows_of(made: Imported) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.safe_load(made.text)["options"]
    return rows


LEAVES: dict[str, tuple[dict[str, Any], Any]] = {
    "a protein change": (
        {"hugo_symbol": "BRAF", "protein_change": "p.V600E"},
        {"small_variant": {"gene": "BRAF", "proteins": ["p.V600E"]}},
    ),
    "a protein change without p.": (
        {"hugo_symbol": "BRAF", "protein_change": "V600E"},
        {"small_variant": {"gene": "BRAF", "proteins": ["p.V600E"]}},
    ),
    "a denied protein change": (
        {"hugo_symbol": "BRAF", "protein_change": "!p.V600E"},
        {"not": {"small_variant": {"gene": "BRAF", "proteins": ["p.V600E"]}}},
    ),
    "a wildcard is each residue, so that the codon's own letter counts": (
        {"hugo_symbol": "BRAF", "wildcard_protein_change": "p.V600"},
        {"small_variant": {"gene": "BRAF", "proteins": V600}},
    ),
    "a denied wildcard denies the synonymous change, too": (
        {"hugo_symbol": "!BRAF", "wildcard_protein_change": "V600"},
        {"not": {"small_variant": {"gene": "BRAF", "proteins": [*V600, "p.V600="]}}},
    ),
    "a mutation is one that isn't synonymous": (
        {"hugo_symbol": "KRAS", "variant_category": "Mutation"},
        {"small_variant": {"gene": "KRAS", "kinds": ["any"]}},
    ),
    "no mutation is none at all": (
        {"hugo_symbol": "KRAS", "variant_category": "!Mutation"},
        {"not": {"small_variant": {"gene": "KRAS"}}},
    ),
    "an exon": (
        {"hugo_symbol": "EGFR", "exon": 20},
        {"small_variant": {"gene": "EGFR", "exon": 20, "kinds": ["any"]}},
    ),
    "an exon 19 deletion": (
        {"hugo_symbol": "EGFR", "exon": 19, "variant_classification": "In_Frame_Del"},
        {"small_variant": {"gene": "EGFR", "exon": 19, "kinds": ["inframe_del"]}},
    ),
    "a missense mutation": (
        {"hugo_symbol": "EGFR", "variant_classification": "Missense_Mutation"},
        {"small_variant": {"gene": "EGFR", "kinds": ["missense"]}},
    ),
    "no nonsense mutation is no truncating one": (
        {"hugo_symbol": "TP53", "variant_classification": "!Nonsense_Mutation"},
        {"not": {"small_variant": {"gene": "TP53", "kinds": ["truncating"]}}},
    ),
    "an amplification": (
        {"hugo_symbol": "ERBB2", "variant_category": "CNV", "cnv_call": "High Amplification"},
        {"amplification": {"gene": "ERBB2"}},
    ),
    "a deletion": (
        {
            "hugo_symbol": "PTEN",
            "variant_category": "Copy Number Variation",
            "cnv_call": "Homozygous Deletion",
        },
        {"deletion": {"gene": "PTEN"}},
    ),
    "any copy number": (
        {"hugo_symbol": "ERBB2", "variant_category": "CNV"},
        {"any": [{"amplification": {"gene": "ERBB2"}}, {"deletion": {"gene": "ERBB2"}}]},
    ),
    "a fusion with any partner": (
        {"hugo_symbol": "ALK", "variant_category": "Structural Variation"},
        {"fusion": {"genes": ["ALK"]}},
    ),
    "a fusion with a partner": (
        {
            "hugo_symbol": "ALK",
            "variant_category": "Structural Variation",
            "fusion_partner_hugo_symbol": "EML4",
        },
        {"fusion": {"genes": ["ALK"], "partner": "EML4"}},
    ),
    "no fusion": (
        {
            "hugo_symbol": "!ALK",
            "variant_category": "Structural Variation",
            "fusion_partner_hugo_symbol": "any_gene",
        },
        {"not": {"fusion": {"genes": ["ALK"]}}},
    ),
    "wild type is tested, and no variant found": (
        {"hugo_symbol": "KRAS", "wildtype": True},
        {"not": {"small_variant": {"gene": "KRAS"}}},
    ),
    "repair is deficient by sites or by proteins": ({"mmr_status": "MMR-Deficient"}, REPAIR_LOST),
    "microsatellites are unstable by sites or by proteins": ({"ms_status": "MSI-H"}, REPAIR_LOST),
    "stable by sites": ({"ms_status": "MSS"}, {"microsatellites": {"state": "stable"}}),
    "proficient by proteins": (
        {"mmr_status": "MMR-Proficient"},
        {"mismatch_repair": {"state": "proficient"}},
    ),
    "not deficient by either": ({"mmr_status": "!MMR-Deficient"}, {"not": REPAIR_LOST}),
}
CLINICAL: dict[str, tuple[dict[str, Any], Any]] = {
    "a diagnosis": ({"oncotree_primary_diagnosis": "Melanoma"}, {"tumour": {"codes": ["MEL"]}}),
    "another diagnosis": (
        {"oncotree_primary_diagnosis": "!Melanoma"},
        {"not": {"tumour": {"codes": ["MEL"]}}},
    ),
    "a solid tumour, as MatchEngine's map has it": (
        {"oncotree_primary_diagnosis": "_SOLID_"},
        {"tumour": {"codes": ["SOLID", "FDCS", "IDCS"]}},
    ),
    "a liquid tumour": (
        {"oncotree_primary_diagnosis": "_LIQUID_"},
        {"tumour": {"codes": ["HAEMATOLOGICAL"], "excluded": ["FDCS", "IDCS"]}},
    ),
    "an adult": ({"age_numerical": ">=18"}, {"age": {"at_least": 18}}),
    "a child": ({"age_numerical": "<18"}, {"age": {"at_most": 17}}),
    "a woman": ({"gender": "Female"}, {"sex": {"sex": "female"}}),
    "a high rate": ({"tmb_numerical": ">=10"}, {"tmb": {"at_least": 10.0, "unit": "mutations/Mb"}}),
    "a low rate": ({"tmb_numerical": "<10"}, {"not": {"tmb": {"at_least": 10.0, "unit": "mutations/Mb"}}}),
    "HER2 positive": ({"her2_status": "Positive"}, {"protein": {"marker": "ERBB2", "result": "positive"}}),
    "HER2 negative": ({"her2_status": "Negative"}, {"protein": {"marker": "ERBB2", "result": "negative"}}),
    "ER positive": ({"er_status": "Positive"}, {"protein": {"marker": "ER", "result": "positive"}}),
    "ER negative": ({"er_status": "Negative"}, {"not": {"protein": {"marker": "ER", "result": "positive"}}}),
    "PR negative, asked with ER": (
        {"pr_status": "Negative"},
        {"not": {"protein": {"marker": "HR", "result": "positive"}}},
    ),
    "metastatic disease": ({"disease_status": ["Metastatic"]}, {"extent": {"extents": ["metastatic"]}}),
}
