"""From a laboratory's copy of today's CIViC (invented, in the documented layout) to the report."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tumours import amplified, fused, tumour, variant

from presis.diagnostics.civic_evidence import CivicEvidence
from presis.diagnostics.interpretation import Interpretation, Interpreter
from presis.diagnostics.oncogenicity_answer import State
from presis.diagnostics.profile import MolecularProfile
from presis.diagnostics.report_content import report_content
from presis.knowledge import Library, Relation, load_library
from presis.knowledge.build import build
from presis.knowledge.release import SHIPPED


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    example = SHIPPED.parent / "build" / "example_civic"
    return load_library([build("civic", [example], tmp_path_factory.mktemp("civic")).folder])


def read(library: Library, profile: MolecularProfile, code: str) -> Interpretation:
    return Interpreter(library).interpret(profile, code)


def found(result: Interpretation) -> dict[int, CivicEvidence]:
    return {int(each.item.evidence_id) - 990000000: each for each in result.civic}


def test_items_of_one_change_stand_in_the_report(library: Library) -> None:
    result = read(library, tumour(variant("BRAF", "V600E")), "MEL")
    items = found(result)
    assert items.keys() == {1, 2, 3, 26, 27, 28, 29, 30}, "no complex, submitted, flagged or adverse one"
    assert (items[1].proposed, items[1].caveat) == ("A", None)
    assert (items[3].supports, items[3].proposed) == (False, None)
    assert (items[2].direction, items[2].relation) == ("resistance", Relation.OTHER_TYPE)
    assert items[28].relation is Relation.UNKNOWN
    content = report_content(result, library)
    told = {each.evidence_id: each for each in content.civic}
    assert told["990000001"].drugs == ["Dabrafenib + Trametinib"]
    assert told["990000026"].pmid is None
    assert [each.version for each in content.knowledge if each.pack == "civic"] == ["2026-11-01"]


def test_one_variant_of_a_complex_profile_meets_nothing(library: Library) -> None:
    items = found(read(library, tumour(variant("EGFR", "L858R")), "NSCLC"))
    assert items.keys() == {35}
    assert items[35].direction == "resistance"


def test_a_drug_that_a_label_bars_is_barred_in_a_combination_too(library: Library) -> None:
    items = found(read(library, tumour(variant("BRAF", "V600E")), "COAD"))
    assert (items[1].proposed, items[1].caveat) == (None, "excluded-by-label")


@pytest.mark.parametrize(
    ("five", "three", "order_known", "numbers"),
    [
        ("EML4", "ALK", True, {9, 10}),
        ("ALK", "EML4", True, set()),
        ("ALK", "EML4", False, {9, 10}),
        ("KIF5B", "ALK", True, {10}),
    ],
)
def test_a_fusion_by_the_places_of_its_genes(
    library: Library, five: str, three: str, order_known: bool, numbers: set[int]
) -> None:
    fusion = replace(fused(five, three), order_known=order_known)
    assert found(read(library, tumour(fusions=(fusion,)), "NSCLC")).keys() == numbers


def test_categories_are_met_as_those_of_2018(library: Library) -> None:
    profile = tumour(variant("KRAS", "G12D"), copies=(amplified("ERBB2"),))
    assert found(read(library, profile, "COAD")).keys() == {14, 15}


def test_a_germline_item_is_not_met_by_a_tumours_variant(library: Library) -> None:
    assert found(read(library, tumour(variant("BRCA1", "E23fs")), "MEL")) == {}


@pytest.mark.parametrize(("gene", "change", "code"), [("BRAF", "L485W", "OS2"), ("TP53", "E11K", "SBS2")])
def test_a_candidate_gives_no_point_and_is_named(library: Library, gene: str, change: str, code: str) -> None:
    (each,) = read(library, tumour(variant(gene, change)), "COAD").findings.variants
    assert each.oncogenicity is not None
    (criterion,) = (one for one in each.oncogenicity.criteria if one.code == code)
    assert (criterion.state, criterion.low, criterion.high) == (State.NOT_ASSESSED, 0, 0)
    row = f"civic-{990000017 if code == 'OS2' else 990000018}-{code}"
    assert criterion.why.values["row"] == row
    confirmed = load_library([library.packs["civic"].folder], confirmed=[row])
    (each,) = read(confirmed, tumour(variant(gene, change)), "COAD").findings.variants
    assert each.oncogenicity is not None
    (criterion,) = (one for one in each.oncogenicity.criteria if one.code == code)
    assert criterion.state is State.MET
