"""What isn't sure is unknown and said: calls left out in doubt, lost rows, halves, rows not confirmed, other tests."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tumours import all_but, amplified, deleted, exons_lost, fused, interpret, tumour, variant

from presis.diagnostics.interpretation import Interpretation
from presis.diagnostics.option import Option
from presis.diagnostics.profile import (
    GenomicInstability,
    MolecularProfile,
    NotUsable,
    PopulationFrequency,
    Tested,
)
from presis.diagnostics.report_content import report_content
from presis.diagnostics.report_model import parse_content
from presis.diagnostics.report_view import ReportStatus, report_view
from presis.documents.language import Language
from presis.documents.runs import plain
from presis.knowledge import load_library
from presis.methods.rules import Truth


def option(result: Interpretation, drug: str, direction: str = "sensitivity") -> Option:
    return next(o for o in result.actionability.options if (o.drug, o.direction) == (drug, direction))


def conclusion(profile: MolecularProfile, code: str) -> str:
    return plain(
        report_view(
            report_content(interpret(profile, code), load_library()), ReportStatus(), Language.EN
        ).lead
    )


def not_found(profile: MolecularProfile, code: str) -> set[str]:
    return {what for what, _ in interpret(profile, code).actionability.not_found}


def test_a_negative_names_the_change_and_never_a_gene_in_which_something_was_found() -> None:
    found = not_found(tumour(variant("BRAF", "V600E")), "MEL")
    assert not any(what.startswith("BRAF") for what in found)
    assert "KRAS p.G12C" in not_found(tumour(), "LUAD")


@pytest.mark.parametrize("change", ["KRAS G12C", "EGFR T790M"])
def test_a_call_left_out_in_doubt_is_unknown_and_stands_in_the_conclusion(change: str) -> None:
    low = replace(variant(*change.split()), allele_fraction=0.015)
    said = conclusion(tumour(low), "LUAD")
    gene, protein = change.split()
    assert f"{gene} p.{protein} (low-allele-fraction): unknown, not excluded." in said
    assert not any(what.startswith(gene) for what in not_found(tumour(low), "LUAD"))


def test_a_common_variant_that_was_left_out_raises_no_doubt() -> None:
    common = replace(variant("BRAF", "V600E"), consequences=("synonymous_variant",))
    assert "unknown, not excluded" not in conclusion(tumour(common), "MEL")


@pytest.mark.parametrize(("gene", "change"), [("CHEK2", "T367Mfs*15"), ("BRCA2", "S1982Rfs*22")])
def test_a_founder_variant_is_unknown_and_never_not_found(gene: str, change: str) -> None:
    common = PopulationFrequency(by_population={"nfe": 0.002, "asj": 0.006}, source="test")
    founder = replace(variant(gene, change), population=common)
    assert f"{gene} p.{change} (common-truncating): unknown, not excluded" in conclusion(
        tumour(founder), "PRAD"
    )
    assert not any(gene in what for what in not_found(tumour(founder), "PRAD"))


def test_a_row_that_could_not_be_read_makes_its_gene_unknown() -> None:
    lost = NotUsable(
        file="x.tsv", line=68, reason="no variant: position is no number", found="BRAF\tchr7\tabc\tA\tT"
    )
    profile = replace(tumour(), not_usable=(lost,))
    assert not any(what.startswith("BRAF") for what in not_found(profile, "MEL"))
    assert {u.biomarker for u in interpret(profile, "MEL").actionability.unsettled} >= {
        "BRAF codon600 missense"
    }
    assert "Lines of the files that could not be read: 1" in conclusion(profile, "MEL")


def test_a_reversion_is_possible_and_never_stated() -> None:
    result = interpret(tumour(variant("BRCA1", "E23Vfs*17")), "HGSOC")
    against = option(result, "PARP inhibitors", "resistance")
    assert against.truth.word == "unknown"
    assert option(result, "olaparib").conflicts == ()
    assert "Resistance" not in conclusion(tumour(variant("BRCA1", "E23Vfs*17")), "HGSOC")


def test_another_test_is_no_alternative_to_a_finding_in_doubt() -> None:
    result = interpret(tumour(exons=(exons_lost("BRCA1"),)), "HGSOC")
    assert option(result, "olaparib + bevacizumab").truth.word == "unknown"


def test_what_may_hold_here_is_not_hidden_by_what_holds_elsewhere() -> None:
    result = interpret(tumour(variant("BRCA2", "S1982Rfs*22")), "PAAD")
    found = option(result, "olaparib")
    assert " or ".join(map(str, found.amp)) == "AMP I-A or AMP II-C"
    assert [reason.code for reason in found.settled_by] == ["settle.germline"]
    assert "may open treatment" in conclusion(tumour(variant("BRCA2", "S1982Rfs*22")), "PAAD")


def test_a_class_of_the_files_own_keeps_a_vus_open() -> None:
    vus = replace(variant("BRCA1", "A1823T"), germline_class="Pathogenic")
    result = interpret(tumour(vus), "HGSOC")
    assert option(result, "olaparib").truth.word == "unknown"


def test_a_row_that_waits_for_confirmation_keeps_an_answer_open() -> None:
    waiting = next(r for r in load_library().functional("EGFR") if r.change == "p.L861Q")
    if waiting.counts:
        pytest.skip("the row has been confirmed since")
    result = interpret(tumour(variant("EGFR", "L861Q")), "LUAD")
    assert option(result, "afatinib").truth.word == "unknown"


def test_an_exon_20_insertion_may_not_be_what_a_label_calls_activating() -> None:
    result = interpret(tumour(variant("EGFR", "A767_V769dup")), "LUAD")
    assert option(result, "amivantamab").truth.word == "yes"
    assert option(result, "osimertinib").truth.word == "unknown"


def test_two_changes_side_by_side_in_one_codon_may_be_one() -> None:
    first, second = variant("BRAF", "V600E"), replace(variant("BRAF", "V600M"), position=1001)
    result = interpret(tumour(first, second), "MEL")
    assert {each.adjacent for each in result.findings.variants} == {True}
    assert all(
        o.truth.word == "unknown" for o in result.actionability.options if o.direction == "sensitivity"
    )
    apart = interpret(tumour(first, replace(second, position=5000)), "MEL")
    assert {each.adjacent for each in apart.findings.variants} == {False}


def test_a_score_without_a_cut_off_leaves_its_drug_open() -> None:
    gis = GenomicInstability(score=62.0, tumour_fraction_reported=None, ploidy=None)
    result = interpret(replace(tumour(), genomic_instability=gis), "HGSOC")
    found = option(result, "olaparib + bevacizumab")
    assert found.findings == ("gis",)
    assert found.open_conditions
    said = conclusion(replace(tumour(), genomic_instability=gis), "HGSOC")
    assert said.startswith(
        "GIS. Approved treatment in high-grade serous ovarian cancer hangs on another test."
    )


def test_her2_waits_for_its_protein_also_in_the_conclusion() -> None:
    assert "hangs on another test" in conclusion(tumour(copies=(amplified("ERBB2"),)), "COADREAD")


def test_what_a_marker_without_a_class_would_open_stands_among_the_unknowns() -> None:
    made = report_content(interpret(tumour(msi=0.0, usable=30), "COADREAD"), load_library())
    rows = report_view(made, ReportStatus(), Language.EN).untested
    assert any("30 usable sites" in row.what and "pembrolizumab" in row.matters for row in rows)


def test_the_conclusion_says_how_many_more_findings_there_are() -> None:
    many = tumour(*(variant(*c.split()) for c in ("KRAS G12C", "EGFR L858R", "BRAF V600E", "MET D1228N", "ERBB2 S310F")),
                  copies=(amplified("MET"),), covers=all_but(rna_fusion=Tested.NO))  # fmt: skip
    said = conclusion(many, "LUAD")
    assert "Resistance by " in said


def rows_of(result: Interpretation, row: str) -> list[Option]:
    return [o for o in result.actionability.options if row in {s.row for s in o.statements}]


def test_a_lost_brca2_leaves_olaparib_open_and_is_no_reversion() -> None:
    result = interpret(tumour(copies=(deleted("BRCA2"),)), "HGSOC")
    found = option(result, "olaparib")
    assert (found.findings, found.truth) == (("cn:0",), Truth.UNKNOWN)
    assert not rows_of(result, "res-30")


def test_a_fusion_may_be_on_a_labels_list() -> None:
    result = interpret(tumour(fusions=(fused("FGFR3", "TACC3"),)), "BLCA")
    assert option(result, "erdafitinib").truth is Truth.UNKNOWN


def test_a_change_without_a_class_may_resist() -> None:
    result = interpret(tumour(variant("NTRK1", "G595R"), fusions=(fused("TPM3", "NTRK1"),)), "COADREAD")
    assert option(result, "larotrectinib; entrectinib", "resistance").truth is Truth.UNKNOWN
    assert option(result, "larotrectinib").truth is Truth.YES


@pytest.mark.parametrize("erbb2", [True, False])
def test_an_amplified_erbb2_speaks_against_a_drug_for_her2_negative_tumours(erbb2: bool) -> None:
    result = interpret(
        tumour(variant("PIK3CA", "H1047R"), copies=(amplified("ERBB2"),) if erbb2 else ()), "IDC"
    )
    assert option(result, "alpelisib + fulvestrant").truth is (Truth.UNKNOWN if erbb2 else Truth.YES)


@pytest.mark.parametrize(("change", "truth"), [("G12D", Truth.YES), ("L19F", Truth.UNKNOWN)])
def test_a_statement_of_resistance_holds_at_the_codons_that_it_means(change: str, truth: Truth) -> None:
    result = interpret(tumour(variant("KRAS", change)), "COADREAD")
    assert {each.truth for each in (*rows_of(result, "res-01"), *rows_of(result, "res-03"))} == {truth}


@pytest.mark.parametrize(
    ("change", "truth"), [("A763_Y764insFQEA", Truth.UNKNOWN), ("D770_N771insSVD", Truth.YES)]
)
def test_an_insertion_that_responds_resists_nothing_for_certain(change: str, truth: Truth) -> None:
    result = interpret(tumour(variant("EGFR", change, exon="20/28")), "LUAD")
    assert [each.truth for each in rows_of(result, "res-10")] == [truth]


def test_what_was_signed_concludes_the_same_after_words_have_changed() -> None:
    made = report_content(interpret(tumour(variant("BRAF", "V600E")), "MEL"), load_library())
    signed = made.model_copy(update={"conclusion": {"en": (("bold", "As it was signed."),), "nb": ()}})
    kept = parse_content(signed.canonical())
    assert kept.content_hash() == signed.content_hash() != made.content_hash()
    assert plain(report_view(kept, ReportStatus(), Language.EN).lead) == "As it was signed."


def test_without_a_tumour_type_the_conclusion_names_what_is_certain_before_what_may_hold() -> None:
    both = tumour(variant("EGFR", "G719A"), variant("KRAS", "G12C"), code=None)
    made = report_content(interpret(both), load_library())
    said = plain(made.conclusion["en"])
    assert said.startswith("KRAS p.(Gly12Cys). The tumour type is not reported")
    assert "EGFR p.G719A: may open treatment" in said


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("HGSOC", "high-grade serous ovarian cancer"),
        ("ES", "Ewing sarcoma"),
        ("ATLL", "adult T-cell leukemia/lymphoma"),
    ],
)
def test_a_tumours_name_in_a_sentence_keeps_its_symbols_and_people(code: str, name: str) -> None:
    assert f" {name}. " in conclusion(tumour(fusions=(fused("ETV6", "NTRK3"),)), code)
