"""Approvals, resistance, ESCAT, Norwegian decisions, drugs, CIViC: every row kept, nothing counted unread."""

from collections import Counter
from datetime import date

import pytest

from presis.knowledge import Library, load_library


def test_192_approvals_of_two_agencies(library: Library) -> None:
    assert Counter(approval.agency for approval in library.approvals) == {"EMA": 93, "FDA": 99}
    assert sum(approval.counts for approval in library.approvals) == 189
    assert sum(approval.checked_in_moalmanac for approval in library.approvals) == 181


def test_an_approval_has_every_column_as_a_field(library: Library) -> None:
    approval = next(each for each in library.approvals if each.row == "fda-dabrafenib-5")
    assert approval.drugs == ("dabrafenib", "trametinib")
    assert approval.biomarker == "BRAF p.V600E"
    assert (approval.oncotree, approval.oncotree_excluded) == (("SOLID",), ("COADREAD",))
    assert approval.date == date(2022, 6, 22)
    assert approval.in_force


def test_what_is_withdrawn_or_only_an_opinion_is_not_in_force(library: Library) -> None:
    gone = [each.row for each in library.approvals if not each.in_force]
    assert len(gone) == 6
    assert sum(each.date is None for each in library.approvals) == 13


def test_of_46_escat_tiers_one_was_read_and_the_others_wait(library: Library) -> None:
    assert len(library.escat) == 46
    assert [row.row for row in library.escat if row.counts] == ["escat-01"]
    assert {row.version_date for row in library.escat} == {"2020-11", "2024"}


def test_a_confirmed_row_counts_and_no_other_does() -> None:
    library = load_library(confirmed=["escat-02"])
    assert [row.row for row in library.escat if row.counts] == ["escat-01", "escat-02"]


def test_45_resistance_statements_and_37_norwegian_decisions(library: Library) -> None:
    assert Counter(row.amp_level for row in library.resistance) == {"D": 19, "B": 18, "A": 8}
    assert len(library.norway_access) == 37
    assert sum(row.date is not None for row in library.norway_access) == 19
    assert sum(row.method_id is not None for row in library.norway_access) == 8


@pytest.mark.parametrize("name", ["olaparib", "Olaparib", "LYNPARZA", " azd2281 "])
def test_a_drug_is_found_by_any_of_its_names_in_any_case(library: Library, name: str) -> None:
    drug = library.drug(name)
    assert drug is not None
    assert drug.generic == "olaparib"


def test_an_unknown_drug_is_none(library: Library) -> None:
    assert library.drug("aspirin") is None


@pytest.mark.parametrize(
    ("words", "generic"),
    [
        ("PARP inhibitors", ["niraparib", "olaparib", "rucaparib", "talazoparib"]),
        ("PARP inhibitor", ["niraparib", "olaparib", "rucaparib", "talazoparib"]),
        ("EGFR antibodies", ["cetuximab", "panitumumab"]),
    ],
)
def test_the_drugs_of_a_class(library: Library, words: str, generic: list[str]) -> None:
    found = [drug.generic for drug in library.drugs_in_class(words)]
    assert [name for name in found if name in generic] == generic
    assert all(library.drug(name) for name in found)


def test_a_class_in_the_plural_holds_what_the_singular_does(library: Library) -> None:
    for drug in library.drugs:
        if drug.drug_class.endswith("inhibitor"):
            assert drug in library.drugs_in_class(drug.drug_class + "s")


def test_2889_accepted_civic_items_of_the_release_of_october_2018(library: Library) -> None:
    assert Counter(item.evidence_type for item in library.civic) == {
        "Predictive": 1810,
        "Predisposing": 508,
        "Prognostic": 450,
        "Diagnostic": 121,
    }
    predictive = [item for item in library.civic if item.evidence_type == "Predictive"]
    assert sum(len(item.drugs) > 1 for item in predictive) == 419
    assert Counter(item.level for item in library.civic)["D"] == 738


def test_civic_is_found_by_gene_and_mapped_only_where_sure(library: Library) -> None:
    braf = library.civic_for("BRAF")
    assert all(item.gene == "BRAF" for item in braf)
    colorectal = next(item for item in braf if item.doid == "9256")
    assert colorectal.oncotree == ("COADREAD",)
    cancer = next(item for item in library.civic if item.disease == "Cancer")
    assert (cancer.mapping, cancer.oncotree) == (None, ())
    assert sum(item.mapping is not None for item in library.civic) == 2090
    assert sum(item.doid is None for item in library.civic) == 28


def test_a_disease_wider_than_its_nodes_says_what_must_hold_besides(library: Library) -> None:
    wider = [each for each in library.diseases.values() if each.fit == "wider"]
    assert wider
    assert all(each.note for each in wider)
