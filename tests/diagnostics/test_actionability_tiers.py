"""AMP tiers per finding, tumour type and drug; resistance apart; two scales never mixed."""

from __future__ import annotations

import pytest
from tumours import all_but, amplified, fused, interpret, tumour, variant

from presis.diagnostics.interpretation import Interpretation
from presis.diagnostics.option import Option
from presis.diagnostics.profile import Tested
from presis.diagnostics.single_variant import interpret_variant
from presis.knowledge import Relation, load_library


def drugs(result: Interpretation, direction: str = "sensitivity") -> dict[str, str]:
    """Drug to its AMP tiers in words."""
    return {
        option.drug: " or ".join(map(str, option.amp))
        for option in result.actionability.options
        if option.direction == direction
    }


def option(result: Interpretation, drug: str) -> Option:
    return next(each for each in result.actionability.options if each.drug == drug)


def test_braf_v600e_means_one_thing_in_melanoma_and_another_in_colorectal_cancer() -> None:
    melanoma = drugs(interpret(tumour(variant("BRAF", "V600E")), "MEL"))
    assert melanoma["dabrafenib + trametinib"] == "AMP I-A"
    assert melanoma["encorafenib + cetuximab"] == "AMP II-C"
    colorectal = interpret(tumour(variant("BRAF", "V600E")), "COAD")
    assert drugs(colorectal)["encorafenib + cetuximab"] == "AMP I-A"
    assert drugs(colorectal)["dabrafenib + trametinib"] == ""
    assert option(colorectal, "dabrafenib + trametinib").relation is Relation.EXCLUDED
    assert drugs(colorectal, "resistance")["BRAF inhibitor alone"] == "AMP I-B"
    assert option(colorectal, "vemurafenib").conflicts == ("res-05",)
    assert option(colorectal, "encorafenib + cetuximab").conflicts == ()


def test_a_tumour_coded_too_coarsely_keeps_both_tiers_open() -> None:
    result = interpret(tumour(variant("EGFR", "L858R")), "LUNG")
    assert drugs(result)["osimertinib"] == "AMP I-A or AMP II-C"
    assert option(result, "osimertinib").note.code == "option.tumour-coarse"


def test_a_tumour_that_nobody_named_gives_no_certain_tier() -> None:
    result = interpret(tumour(variant("EGFR", "L858R"), code=None))
    assert all(tiers in {"AMP I-A or AMP II-C", ""} for tiers in drugs(result).values())
    assert option(result, "osimertinib").note.code == "option.tumour-unknown"


def test_a_pan_tumour_approval_is_level_a_everywhere_that_it_does_not_exclude() -> None:
    result = interpret(tumour(fusions=(fused("ETV6", "NTRK3"),)), "CHOL")
    assert drugs(result)["larotrectinib"] == "AMP I-A"
    assert {s.authority for s in option(result, "larotrectinib").statements} == {"EMA", "FDA"}


def test_kras_mutation_speaks_against_egfr_antibodies_and_is_never_netted() -> None:
    result = interpret(tumour(variant("KRAS", "G12C")))
    assert drugs(result, "resistance")["EGFR antibodies (cetuximab, panitumumab)"] == "AMP I-A"
    assert drugs(result)["adagrasib + cetuximab"] == "AMP I-A"
    assert "res-01" in option(result, "adagrasib + cetuximab").conflicts


def test_what_another_test_shows_is_a_condition_and_not_a_doubt() -> None:
    result = interpret(tumour(variant("PIK3CA", "H1047R")), "BRCA")
    found = option(result, "alpelisib + fulvestrant")
    assert " or ".join(map(str, found.amp)) == "AMP I-A"
    assert found.truth.word == "yes"
    assert {str(reason.values["test"]) for reason in found.open_conditions} >= {"HER2 IHC or ISH"}


def test_an_amplification_of_her2_waits_for_its_protein() -> None:
    result = interpret(tumour(copies=(amplified("ERBB2"),)), "BRCA")
    waiting = [
        o for o in result.actionability.options if "cn:0" in o.findings and o.direction == "sensitivity"
    ]
    assert waiting
    assert all(each.open_conditions for each in waiting)


def test_a_withdrawn_approval_gives_no_tier() -> None:
    library = load_library()
    gone = {a.row for a in library.approvals if a.status != "current"}
    result = interpret(tumour(fusions=(fused("KIF5B", "RET"),)), "THME")
    for each in result.actionability.options:
        if each.statements and all(statement.row in gone for statement in each.statements):
            assert each.amp == ()


def test_a_recalled_escat_row_is_not_shown_as_esmos() -> None:
    colorectal = interpret(tumour(variant("BRAF", "V600E")), "COADREAD")
    found = option(colorectal, "encorafenib + cetuximab")
    assert found.escat == ()
    assert found.escat_unconfirmed == ("escat-26",)
    breast = interpret(tumour(variant("ESR1", "Y537S"), covers=all_but()), "BRCA")
    assert [str(tier) for tier in option(breast, "elacestrant").escat] == ["ESCAT I-A"]


def test_a_missing_rna_leaves_approved_options_open_and_says_what_settles_them() -> None:
    covers = all_but(rna_fusion=Tested.UNKNOWN, splice=Tested.UNKNOWN, dna_fusion=Tested.NO)
    result = interpret(tumour(covers=covers), "NSCLC")
    open_drugs = {each.drug for each in result.actionability.unsettled}
    assert {"alectinib", "larotrectinib", "selpercatinib"} <= open_drugs
    assert all(each.settled_by for each in result.actionability.unsettled)
    tested_well = interpret(tumour(), "NSCLC")
    assert "alectinib" not in {each.drug for each in tested_well.actionability.unsettled}
    assert ("ALK fusion", "fusion") in tested_well.actionability.not_found


@pytest.mark.parametrize(
    ("change", "frequency", "tiers"),
    [
        ("NOTCH1 V1578M", "absent", "AMP III"),
        ("NOTCH1 V1578M", None, "AMP III or AMP IV"),
        ("TP53 P72R", "0.3", "AMP IV"),
    ],
)
def test_without_evidence_the_tier_follows_frequency_and_class(
    change: str, frequency: str | None, tiers: str
) -> None:
    gene, protein = change.split()
    result = interpret_variant(gene, protein, population_frequency=frequency, tumour="COADREAD")
    assert " or ".join(map(str, result.interpretation.tiers["sv:0"])) == tiers


def test_civic_proposes_levels_and_never_verdicts() -> None:
    result = interpret(tumour(variant("BRAF", "V600E")), "MEL")
    proposals = [each for each in result.civic if each.supports and each.direction == "sensitivity"]
    assert {each.item.evidence_type for each in result.civic} == {"Predictive"}
    best = next(each for each in proposals if each.item.level == "A" and each.relation is Relation.THIS_TYPE)
    assert best.proposed == "A"
    against = [each for each in result.civic if not each.supports]
    assert all(each.proposed is None for each in against)
    unsure = interpret(tumour(variant("BRAF", "V600E")), None).civic
    assert len(unsure) == len(interpret(tumour(variant("BRAF", "V600E")), "COADREAD").civic)


def test_approved_is_not_available_and_a_national_decision_changes_no_tier() -> None:
    result = interpret(tumour(fusions=(fused("ETV6", "NTRK3"),)), "CHOL")
    found = option(result, "larotrectinib")
    assert [(each.decision, each.method_id) for each in found.access] == [
        ("decided, outcome not read", "ID2019_029")
    ]
    olaparib = interpret(tumour(variant("BRCA2", "S1982Rfs*22")), "PRAD")
    combination = next(o for o in olaparib.actionability.options if o.drug == "talazoparib + enzalutamide")
    assert all(each.drug == combination.drug for each in combination.access)
