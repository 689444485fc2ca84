"""OncoTree 2025-10-03, and how tumour types stand to each other."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from presis.errors import BadInput
from presis.knowledge import Library, Relation, load_library
from presis.knowledge.oncotree import ROOT, SOLID

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "relations.yaml").read_text(encoding="utf-8")
)
CODES = sorted(load_library().oncotree.nodes)
codes = st.sampled_from(CODES)


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_relation(library: Library, case: dict[str, Any]) -> None:
    found = library.oncotree.relation(case["patient"], case["evidence"], case.get("excluded", ()))
    assert found == case["relation"]


def test_the_release_has_898_nodes_and_32_organs(library: Library) -> None:
    nodes = library.oncotree.nodes.values()
    assert len(nodes) == 898
    assert sum(node.level == 1 for node in nodes) == 32


def test_every_node_reaches_the_root_and_its_level_is_the_way_there(library: Library) -> None:
    for code, node in library.oncotree.nodes.items():
        above = library.oncotree.ancestors(code)
        assert len(above) == node.level
        assert above[-1:] == ((ROOT,) if code != ROOT else ())


def test_places_that_surprise(library: Library) -> None:
    tree = library.oncotree
    assert tree.ancestors("UM") == ("OM", "EYE", ROOT)
    assert tree.is_at_or_below("MUP", "MEL")
    chol = tree.node("CHOL")
    assert chol is not None
    assert chol.parent == "IPN"
    assert tree.is_at_or_below("CHOL", "BILIARY_TRACT")
    assert sum(node.main_type == "Melanoma" for node in tree.nodes.values()) == 17


def test_a_former_code_is_told_its_successor(library: Library) -> None:
    assert library.oncotree.node("GBM") is None
    with pytest.raises(BadInput, match=r"'GBM' is no tumour type of this OncoTree release; it is GB now\."):
        library.oncotree.relation("GBM", ["GB"], ())


def test_an_unknown_code_is_an_error_wherever_it_stands(library: Library) -> None:
    with pytest.raises(BadInput, match="'NOPE' is no tumour type"):
        library.oncotree.relation("LUAD", ["NOPE"], ())


def test_search_finds_by_code_name_and_former_code(library: Library) -> None:
    tree = library.oncotree
    assert [node.code for node in tree.search("luad")] == ["LUAD"]
    assert tree.search("cholangiocarcinoma")[0].code == "CHOL"
    assert tree.search("GBM")[0].code == "GB"
    assert tree.search("  ") == ()


@given(code=codes)
def test_a_type_is_at_or_below_itself_and_all_that_is_above_it(code: str) -> None:
    tree = load_library().oncotree
    assert all(tree.is_at_or_below(code, above) for above in (code, *tree.ancestors(code)))


@given(patient=codes, node=codes)
def test_exactly_one_of_below_above_and_apart_holds(patient: str, node: str) -> None:
    tree = load_library().oncotree
    below, above = tree.is_at_or_below(patient, node), tree.is_at_or_below(node, patient)
    expected = Relation.THIS_TYPE if below else Relation.COARSER if above else Relation.OTHER_TYPE
    assert tree.relation(patient, [node], ()) is expected


@given(patient=codes, evidence=st.lists(codes, max_size=3), excluded=st.lists(codes, max_size=2))
def test_a_coarser_code_never_promises_what_a_finer_one_would_lose(
    patient: str, evidence: list[str], excluded: list[str]
) -> None:
    """This type, said of a coarse code, holds for every type below it; so does excluded, and another type
    never becomes this one (it may be an excluded one besides)."""
    tree = load_library().oncotree
    found = tree.relation(patient, evidence, excluded)
    below = {
        tree.relation(code, evidence, excluded) for code, node in tree.nodes.items() if node.parent == patient
    }
    if found is Relation.OTHER_TYPE:
        assert below <= {Relation.OTHER_TYPE, Relation.EXCLUDED}
    elif found is not Relation.COARSER:
        assert below <= {found}


def test_another_type_may_lie_above_an_excluded_one(library: Library) -> None:
    assert library.oncotree.relation("MNGT", [], ["CCM"]) is Relation.OTHER_TYPE
    assert library.oncotree.relation("CCM", [], ["CCM"]) is Relation.EXCLUDED


@given(code=codes)
def test_a_solid_tumour_is_one_that_is_not_of_blood(code: str) -> None:
    tree = load_library().oncotree
    of_blood = any(tree.is_at_or_below(code, node) for node in ("LYMPH", "MYELOID"))
    assert tree.is_at_or_below(code, SOLID) is (not of_blood and code != ROOT)
