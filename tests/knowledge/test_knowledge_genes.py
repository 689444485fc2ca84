"""Symbols, MANE, roles, predicted drivers, functional evidence, Grantham's distances."""

from collections import Counter

import pytest

from presis.knowledge import Library
from presis.knowledge.build.grantham import PROPERTIES, distance, pairs


@pytest.mark.parametrize(
    ("former", "current"),
    [
        ("H3F3A", "H3-3A"),
        ("HIST1H3B", "H3C2"),
        ("WHSC1", "NSD2"),
        ("TCEB1", "ELOC"),
        ("PAK7", "PAK5"),
        ("FAM58A", "CCNQ"),
        ("MLL", "KMT2A"),
        ("MLL2", "KMT2D"),
        ("MLL3", "KMT2C"),
        ("SEPT14", "SEPTIN14"),
        ("MYCL1", "MYCL"),
        ("BRAF", "BRAF"),
        ("NOT-A-GENE", "NOT-A-GENE"),
    ],
)
def test_a_former_symbol_leads_to_todays(library: Library, former: str, current: str) -> None:
    assert library.current_symbol(former) == current


def test_every_present_symbol_is_in_mane_and_no_former_one_is(library: Library) -> None:
    for line in library.lines("symbols"):
        assert library.mane(line["current"]) is not None, line["current"]
        assert line["former"] not in library._mane_lines[0]


def test_mane_is_the_published_release(library: Library) -> None:
    status = Counter(line["status"] for line in library.lines("mane"))
    assert status == {"select": 19_363, "plus_clinical": 74}


def test_a_gene_has_one_select_transcript_in_both_spellings(library: Library) -> None:
    braf = library.mane("BRAF")
    assert braf is not None
    assert (braf.refseq_nuc, braf.ensembl_nuc, braf.status) == (
        "NM_004333.6",
        "ENST00000646891.2",
        "select",
    )
    assert library.mane("NOT-A-GENE") is None
    assert [each.status for each in library.mane_transcripts("CDKN2A")] == ["select", "plus_clinical"]


@pytest.mark.parametrize(
    ("accession", "status"),
    [
        ("NM_004333.6", "select"),
        ("NM_004333.4", "select"),
        ("NM_004333", "select"),
        ("ENST00000646891.2", "select"),
        ("NM_058195.4", "plus_clinical"),
        ("NM_000077.5", "select"),
        ("NM_001354609.2", "other"),
        ("ENST00000288602", "other"),
        ("NP_004324.2", "unknown"),
        ("", "unknown"),
        ("BRAF", "unknown"),
    ],
)
def test_what_mane_says_of_a_transcript(library: Library, accession: str, status: str) -> None:
    if status == "plus_clinical":
        plus = [line for line in library.lines("mane") if line["status"] == "plus_clinical"]
        accession = plus[0]["refseq_nuc"]
    assert library.mane_status(accession) == status


def test_our_own_role_wins_and_the_lists_stands_beside(library: Library) -> None:
    keap1, brca2 = library.gene_role("KEAP1"), library.gene_role("BRCA2")
    assert keap1 is not None
    assert brca2 is not None
    assert (keap1.role, keap1.second_role) == ("tumour_suppressor", "oncogene")
    assert (brca2.role, brca2.second_role) == ("tumour_suppressor", "possible tumour suppressor")
    assert keap1.second_source is not None


def test_a_gene_of_the_list_alone_counts_as_read_but_its_truncation_is_not_settled(
    library: Library,
) -> None:
    listed = [line for line in library.lines("gene_roles") if "driver list alone" in line["mechanism_note"]]
    assert len(listed) == 132
    found = {(line["confidence"], line["lof_by_truncation"]) for line in listed}
    assert found == {("read", "no"), ("read", "unknown")}
    assert library.gene_role("NOT-A-GENE") is None


def test_the_driver_list_names_both_roles_for_four_genes(library: Library) -> None:
    both = {
        line["gene"]
        for line in library.lines("gene_roles")
        if line["second_role"] == "both" or (line["role"] == "both" and "alone" in line["mechanism_note"])
    }
    assert both == {"CDH1", "EP300", "FBXW7", "SMAD4"}


def test_all_190_own_roles_are_kept(library: Library) -> None:
    own = [line for line in library.lines("gene_roles") if "driver list alone" not in line["mechanism_note"]]
    assert len(own) == 190
    assert Counter(line["confidence"] for line in own) == {"read": 141, "recalled": 49}


def test_a_recalled_row_does_not_count_by_itself(library: Library) -> None:
    pms2, tp53 = library.gene_role("PMS2"), library.gene_role("TP53")
    assert pms2 is not None
    assert tp53 is not None
    assert (pms2.confidence, pms2.counts) == ("recalled", False)
    assert (tp53.confidence, tp53.counts) == ("read", True)


def test_the_length_of_a_protein_is_known_only_where_it_was_read(library: Library) -> None:
    assert [library.protein_length(gene) for gene in ("APC", "TP53", "BRCA2")] == [2843, 393, 3418]
    assert library.protein_length("NF1") is None, "recalled"
    assert library.protein_length("KRAS") is None, "not in the table"


def test_lengths_are_of_the_mane_proteins_and_no_known_residue_lies_beyond(library: Library) -> None:
    lines = list(library.lines("protein_lengths"))
    for line in lines:
        mane = library.mane(line["gene"])
        assert mane is not None
        assert mane.refseq_prot == line["protein"]
    residues = [(spot.gene, spot.position) for spot in library.hotspots]
    residues += [(line["gene"], int(line["change"][3:-1])) for line in library.lines("drivers")]
    lengths = {line["gene"]: line.integer("residues") for line in lines}
    beyond = [(gene, at) for gene, at in residues if at > lengths.get(gene, at)]
    assert (len(lines), beyond) == (24, [])


def test_579_predicted_drivers_of_53_genes(library: Library) -> None:
    lines = list(library.lines("drivers"))
    assert (len(lines), len({line["gene"] for line in lines})) == (579, 53)
    driver = library.predicted_driver("AKT1", "p.E17K")
    assert driver is not None
    assert driver.pmid == "29625053"
    assert library.predicted_driver("AKT1", "p.E17A") is None


def test_functional_evidence_has_261_rows_of_54_genes_with_ids_that_stay(library: Library) -> None:
    lines = [line for line in library.lines("functional_evidence") if line["row"].startswith("fe-")]
    assert (len(lines), len({line["gene"] for line in lines})) == (261, 54)
    rows = {row.row: row for row in library.functional("BRAF")}
    assert rows["fe-BRAF-p.V600E-OS2"].criterion == "OS2"
    assert library.functional("NOT-A-GENE") == ()


def test_critical_regions_lie_on_mane_select_proteins(library: Library) -> None:
    lines = list(library.lines("critical_domains"))
    assert len(lines) == 83
    for line in lines:
        select = library.mane(line["gene"])
        assert select is not None
        assert select.refseq_prot == line["protein"]
    region = library.domains("ABL1")[0]
    assert (region.row, region.start, region.end) == ("cd-ABL1-activation-loop-381-409", 381, 409)


@pytest.mark.parametrize(
    ("first", "second", "published"),
    [
        *[("L", "I", 5), ("S", "W", 177), ("C", "W", 215), ("D", "E", 45), ("K", "R", 26), ("G", "R", 125)],
        *[("P", "S", 74), ("P", "L", 98), ("F", "Y", 22), ("V", "E", 121), ("G", "D", 94), ("D", "W", 181)],
    ],
)
def test_granthams_published_distances(library: Library, first: str, second: str, published: int) -> None:
    """Science 1974;185:862-864, table 2."""
    assert library.grantham(first, second) == library.grantham(second, first) == published


def test_the_published_distances_agree_with_the_papers_formula_within_rounding(library: Library) -> None:
    computed = pairs()
    assert len(computed) == 190
    off = {pair: formula - library.grantham(*pair) for pair, formula in computed.items()}
    assert [pair for pair, by in off.items() if abs(by) > 1] == [("D", "W")]
    assert sum(by == 0 for by in off.values()) == 145


def test_the_mean_distance_is_100(library: Library) -> None:
    values = [library.grantham(*pair) for pair in pairs()]
    assert sum(values) / len(values) == pytest.approx(100, abs=0.1)


def test_an_amino_acid_is_at_no_distance_from_itself(library: Library) -> None:
    assert {library.grantham(letter, letter) for letter in PROPERTIES} == {0}
    assert distance("A", "A") == 0
