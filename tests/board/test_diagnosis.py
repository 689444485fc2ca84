"""A diagnosis as hospitals write it leads to one type of OncoTree, or to candidates; never to a guess."""

from __future__ import annotations

import csv
from datetime import date

import pytest

from presis.board.diagnosis import FILE, Diagnosis, Placed, System, diagnosis_map, place
from presis.errors import BadInput
from presis.knowledge import load_library
from presis.programme.files import ROOT, load_yaml

TREE = load_library().oncotree
ON = date(2026, 11, 25)


def placed(system: System, told: str, morphology: str | None = None) -> Placed:
    return place(Diagnosis(system, told, morphology), TREE, ON)


@pytest.mark.parametrize(
    ("topography", "morphology", "node"),
    [
        ("C34.1", "8140/3", "LUAD"),
        ("C341", "M8070/3", "LUSC"),
        ("C34.9", "8041/3", "SCLC"),
        ("C18.7", "8140/3", "COAD"),
        ("C18.7", "8140/6", "COAD"),  # a metastasis of it
        ("C19.9", "8140/3", "COADREAD"),
        ("C20.9", "8140/3", "READ"),
        ("C25.0", "8500/3", "PAAD"),
        ("C50.4", "8500/3", "IDC"),
        ("C50.4", "8520/3", "ILC"),
        ("C44.5", "8720/3", "SKCM"),
        ("C61.9", "8140/3", "PRAD"),
        ("C56.9", "8461/3", "SOC"),
        ("C54.1", "8380/3", "UEC"),
        ("C73.9", "8260/3", "THPA"),
        ("C64.9", "8310/3", "CCRCC"),
        ("C53.9", "8070/3", "CESC"),
        ("C67.9", "8120/3", "BLCA"),
        ("C65.9", "8120/3", "UTUC"),
        ("C16.2", "8936/3", "GIST"),
        ("C22.1", "8160/3", "CHOL"),
        ("C38.4", "9050/3", "PLMESO"),
        ("C80.9", "8140/3", "ADNOS"),
        ("C32.0", "8070/3", "LXSC"),
        ("C71.1", "9440/3", "ADIFG"),
    ],
)
def test_topography_and_morphology_together_are_one_type(topography: str, morphology: str, node: str) -> None:
    found = placed(System.ICDO3, topography, morphology)
    assert (found.node, found.candidates) == (node, (node,))


def test_what_they_leave_open_a_person_chooses() -> None:
    assert placed(System.ICDO3, "C69.9", "8720/3").candidates == ("UM", "CM")
    assert placed(System.ICDO3, "C16.0", "8140/3").candidates == ("STAD", "GEJ")
    lung = placed(System.ICD10, "C34.1")
    assert lung.node is None
    assert {"LUAD", "LUSC", "SCLC"} <= {*lung.candidates}


def test_what_meets_in_no_type_is_said_and_the_morphology_proposed() -> None:
    found = placed(System.ICDO3, "C61.9", "8520/3")  # a lobular carcinoma of the prostate
    assert (found.node, found.candidates, found.is_contradictory) == (None, ("ILC",), True)


def test_icd_10_alone_is_a_type_where_it_is_one() -> None:
    assert placed(System.ICD10, "c22.0").node == "HCC"
    assert placed(System.ICD10, "C45.0").node == "PLMESO"
    assert placed(System.ICD10, "D32.0").candidates == ()  # not in the map: unknown, and nothing proposed


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("Lung Adenocarcinoma", "LUAD"),
        ("luad", "LUAD"),
        ("tykktarmskreft", "COAD"),
        ("Brystkreft", "BRCA"),
        ("føflekkreft", "SKCM"),
        ("Hepatocellulært karsinom", "HCC"),
        ("kreft med ukjent utgangspunkt", "CUP"),
        ("Gastrointestinal stromal tumour", "GIST"),
    ],
)
def test_a_name_in_either_language_leads_to_its_type(text: str, node: str) -> None:
    assert placed(System.TEXT, text).node == node


def test_part_of_a_name_gives_candidates_and_a_strange_one_none() -> None:
    found = placed(System.TEXT, "cholangiocarcinoma")
    assert found.node == "CHOL"
    assert "ILC" in placed(System.TEXT, "lobular").candidates
    assert placed(System.TEXT, "a swelling").candidates == ()
    assert placed(System.TEXT, "  ").candidates == ()


@pytest.mark.parametrize(
    ("system", "told", "morphology", "said"),
    [
        (System.ICD10, "lung", None, "'lung' is no code of ICD-10; write one such as C34.1."),
        (System.ICD10, "C78.0", None, "C78.0 is the place of a metastasis; write the primary tumour's code"),
        (System.ICDO3, "C34.1", "adeno", "'adeno' is no morphology of ICD-O-3; write one such as 8140/3."),
        (System.ONCOTREE, "LUNGX", None, "LUNGX"),
    ],
)
def test_what_is_no_code_is_refused_with_what_to_write(
    system: System, told: str, morphology: str | None, said: str
) -> None:
    with pytest.raises(BadInput) as error:
        placed(system, told, morphology)
    assert said in str(error.value)


def test_a_day_before_the_map_is_an_error_and_never_a_default() -> None:
    with pytest.raises(BadInput) as error:
        diagnosis_map(date(2025, 12, 31))
    assert str(error.value) == "the map of diagnoses holds from 2026-01-01; 2025-12-31 is before that."


def test_every_type_of_the_map_is_one_of_oncotree_and_no_row_is_there_twice() -> None:
    with (ROOT / "rules" / load_yaml(FILE)["table"]).open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    for row in rows:
        assert all(TREE.node(code) for code in filter(None, row["oncotree"].split(";"))), row
    coded = [(row["system"], row["code"]) for row in rows if row["code"]]
    assert len(coded) == len({*coded})
    assert all(row["english"] and row["norwegian"] for row in rows)
