"""A report answers as the tumour did: findings made again from its content give the same answers."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from tumours import all_but, amplified, fused, interpret, tumour, variant

import presis.diagnostics
from presis.diagnostics.asking import ask
from presis.diagnostics.biomarkers import parse_biomarker, parse_resistance
from presis.diagnostics.criteria import Criterion
from presis.diagnostics.findings import Findings
from presis.diagnostics.findings_of_report import findings_of_report
from presis.diagnostics.interpretation import Interpretation, Interpreter
from presis.diagnostics.profile import Specimen, Tested
from presis.diagnostics.reading import read_all
from presis.diagnostics.report_content import report_content
from presis.diagnostics.report_model import parse_content
from presis.knowledge import load_library
from presis.methods.rules import Truth, leaves

DEMO = Path(presis.diagnostics.__file__).parent / "demo_data"


def asked() -> list[Criterion]:
    """Every question that the shipped tables ask of a tumour."""
    library = load_library()
    rules = [parse_biomarker(each.biomarker) for each in library.approvals]
    rules += [parse_resistance(each.biomarker) for each in library.resistance]
    rules += [parse_biomarker(f"{gene} biallelic_loss") for gene in ("BRCA1", "BRCA2", "PTEN", "TP53")]
    return list(dict.fromkeys(leaf for rule in rules for leaf in leaves(rule)))


def reread(interpretation: Interpretation) -> Findings:
    content = report_content(interpretation, load_library())
    return findings_of_report(parse_content(content.canonical()))


def differing(interpretation: Interpretation) -> list[tuple[Criterion, object, object]]:
    again = reread(interpretation)
    pairs = [(leaf, ask(leaf, interpretation.findings), ask(leaf, again)) for leaf in asked()]
    return [
        (leaf, before, after)
        for leaf, before, after in pairs
        if (before.truth, [r.code for r in before.reasons], [r.code for r in before.settled_by])
        != (after.truth, [r.code for r in after.reasons], [r.code for r in after.settled_by])
    ]


@cache
def demo() -> tuple[Interpretation, ...]:
    interpreter = Interpreter(load_library())
    return tuple(
        interpreter.interpret(profile, "COAD")
        for folder in sorted(each for each in DEMO.iterdir() if each.is_dir())
        for profile in read_all(sorted(folder.iterdir()), load_library())
    )


def test_every_demo_sample_answers_the_same_from_its_report() -> None:
    assert len(demo()) >= 3
    for interpretation in demo():
        assert differing(interpretation) == []


INVENTED = {
    "a driver": tumour(variant("BRAF", "V600E"), variant("TP53", "R175H")),
    "an exon 19 deletion": tumour(variant("EGFR", "E746_A750del", exon="19/28")),
    "a fusion": tumour(fusions=(fused("EML4", "ALK"),)),
    "an amplification": tumour(copies=(amplified("ERBB2"),)),
    "no RNA": tumour(covers=all_but(rna_fusion=Tested.NO, splice=Tested.NO)),
    "few tumour cells": replace(
        tumour(variant("KRAS", "G12D")), specimen=Specimen(tumour="COAD", tumour_cell_fraction=0.1)
    ),
    "a variant in doubt": tumour(variant("BRCA2", "E1493fs", fraction=0.02, depth=40)),
}


@pytest.mark.parametrize("name", INVENTED)
def test_an_invented_tumour_answers_the_same_from_its_report(name: str) -> None:
    assert differing(interpret(INVENTED[name], "COAD")) == []


def test_what_a_person_took_out_as_an_artefact_is_not_found() -> None:
    """Kept in the report as dropped; it speaks for nothing."""
    content = report_content(interpret(tumour(variant("BRAF", "V600E")), "MEL"), load_library())
    without = content.model_copy(update={"findings": [f for f in content.findings if f.id != "sv:0"]})
    (leaf,) = leaves(parse_biomarker("BRAF p.V600E"))
    assert ask(leaf, findings_of_report(content)).truth is Truth.YES
    assert ask(leaf, findings_of_report(without)).truth is Truth.NO


def test_a_gene_of_inherited_risk_is_unknown_where_the_patient_declined_to_hear() -> None:
    profile = tumour()
    declined = replace(profile, specimen=replace(profile.specimen, predisposition_declined=True))
    (leaf, *_) = leaves(parse_biomarker("BRCA1 germline_or_somatic pathogenic"))
    assert ask(leaf, reread(interpret(profile, "OVT"))).truth is Truth.NO
    assert ask(leaf, reread(interpret(declined, "OVT"))).truth is Truth.UNKNOWN
