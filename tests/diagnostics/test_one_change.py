"""Parts of one multi-nucleotide variant count once, as the change that they are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cells import with_cells
from tumours import interpret, tumour, variant

from presis.diagnostics.biomarkers import parse_biomarker
from presis.diagnostics.criteria import ask
from presis.diagnostics.findings import Findings
from presis.diagnostics.one_change import joint_protein, read_as_one
from presis.diagnostics.profile import SmallVariant
from presis.methods.rules import evaluate

TAG = "chr7:140453136_AC->TT"


def part(
    gene: str,
    change: str,
    coding: str,
    position: int,
    *,
    tag: str | None = TAG,
    ref: str = "A",
    alt: str = "T",
) -> SmallVariant:
    return replace(
        variant(gene, change), cdna=coding, transcript="NM_1.1", position=position, ref=ref, alt=alt, mnv=tag
    )


#: BRAF lies on the reverse strand: the later base of the gene comes first on the chromosome.
V600E = part("BRAF", "V600E", "c.1799T>A", 140453136)
V600M = part("BRAF", "V600M", "c.1798G>A", 140453137, ref="C", alt="T")


def findings(*variants: SmallVariant, code: str = "MEL") -> Findings:
    return interpret(with_cells(tumour(*variants), 0.6), code).findings


def says(biomarker: str, told: Findings) -> str:
    return evaluate(parse_biomarker(biomarker), lambda leaf: ask(leaf, told)).truth.word


def test_the_halves_of_v600k_are_one_v600k() -> None:
    (one,) = findings(V600E, V600M).variants
    assert one.variant.label == "BRAF p.V600K"
    assert one.variant.cdna == "c.1798_1799delinsAA"
    assert (one.variant.position, one.variant.ref, one.variant.alt) == (140453136, "AC", "TT")
    assert [each.label for each in one.parts] == ["BRAF p.V600E", "BRAF p.V600M"]
    assert not one.adjacent


def test_v600k_is_what_its_label_asks_for_and_v600e_is_not_there() -> None:
    told = findings(V600E, V600M)
    assert says("BRAF p.V600K", told) == "yes"
    assert says("BRAF p.V600E", told) == "no"
    assert says("BRAF codon600 missense", told) == "yes"


def test_without_a_tag_nothing_is_joined() -> None:
    told = findings(replace(V600E, mnv=None), replace(V600M, mnv=None))
    assert len(told.variants) == 2
    assert all(each.adjacent and not each.parts for each in told.variants)
    assert says("BRAF p.V600E", told) == "unknown"


def test_two_tags_are_two_changes() -> None:
    assert len(findings(V600E, replace(V600M, mnv="other")).variants) == 2


def test_a_tag_alone_joins_nothing() -> None:
    (one,) = findings(V600E).variants
    assert (one.variant.label, one.parts) == ("BRAF p.V600E", ())


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ((("G12C", "c.34G>T"), ("G12D", "c.35G>A")), "p.G12Y"),
        ((("V600M", "c.1798G>A"), ("V600E", "c.1799T>A")), "p.V600K"),
        ((("V600M", "c.1798G>A"), ("V600=", "c.1800G>A")), "p.V600I"),
    ],
)
def test_the_whole_is_told_where_every_codon_agrees(parts: tuple[tuple[str, str], ...], whole: str) -> None:
    made = tuple(part("KRAS", change, coding, 100 + place) for place, (change, coding) in enumerate(parts))
    change = joint_protein(made)
    assert change is not None
    assert change.short == whole


@pytest.mark.parametrize(
    "parts",
    [
        (("V600E", None), ("V600M", "c.1798G>A")),  # a coding change isn't told
        (("V600E", "c.1799T>A"), ("T599I", "c.1796C>T")),  # two codons
        (("V600E", "c.1799T>A"), ("V600M", "c.1799T>G")),  # one base twice
        (("V600E", "c.1799T>A"), ("V600G", "c.1798G>A")),  # no codon gives both
        (("V600E", "c.1799T>A"), ("V600*", "c.1798_1800del")),  # no substitution
        (("V601E", "c.1799T>A"), ("V601M", "c.1798G>A")),  # the base isn't of that residue
    ],
)
def test_else_it_is_not_told(parts: tuple[tuple[str, str | None], ...]) -> None:
    made = tuple(
        part("BRAF", change, coding or "", 100 + place) for place, (change, coding) in enumerate(parts)
    )
    assert joint_protein(made) is None


def test_a_change_whose_meaning_as_one_isnt_known_is_unknown_and_never_absent() -> None:
    first = replace(V600E, cdna=None)
    told = findings(first, V600M)
    (one,) = told.variants
    assert one.untold
    assert one.variant.protein is None
    assert len(one.parts) == 2
    for biomarker in ("BRAF p.V600E", "BRAF p.V600K", "BRAF activating", "BRAF codon600 missense"):
        assert says(biomarker, told) == "unknown", biomarker
    assert says("BRAF kinase_domain resistance", told) == "unknown"


def test_it_may_be_nothing_at_another_residue() -> None:
    told = findings(
        replace(part("KRAS", "A146T", "c.436G>A", 100), cdna=None), part("KRAS", "A146V", "c.437C>T", 101)
    )
    assert says("KRAS p.G12C", told) == "no"
    assert says("KRAS activating", told) == "unknown"


def test_the_callers_own_record_of_the_whole_is_taken_and_its_parts_listed() -> None:
    whole = part("BRAF", "V600K", "c.1798_1799delinsAA", 140453136, ref="AC", alt="TT")
    (one,) = findings(V600E, whole, V600M).variants
    assert one.variant.label == "BRAF p.V600K"
    assert [each.label for each in one.parts] == ["BRAF p.V600E", "BRAF p.V600M"]


def test_the_whole_has_the_lowest_fraction_and_no_frequency_of_a_part() -> None:
    (one,) = read_as_one([replace(V600E, allele_fraction=0.30), replace(V600M, allele_fraction=0.28)])
    assert (one.variant.allele_fraction, one.variant.population) == (0.28, None)


def test_a_part_that_the_filter_would_leave_out_is_still_part_of_it() -> None:
    told = findings(part("BRAF", "V600=", "c.1800G>A", 140453135), V600M)
    (one,) = told.variants
    assert (one.variant.label, told.left_out) == ("BRAF p.V600I", ())


def test_parts_outside_the_coding_sequence_stay_outside() -> None:
    outside = [
        replace(each, consequences=("intron_variant",), protein_short=None, protein=None, cdna=None)
        for each in (V600E, V600M)
    ]
    (one,) = read_as_one(outside)
    assert one.variant.consequences == ("intron_variant",)
    assert not one.untold
    assert findings(*outside).variants == ()


def test_bases_between_parts_that_nobody_told_are_n() -> None:
    (one,) = read_as_one([part("BRAF", "V600L", "c.1798G>C", 10), part("BRAF", "V600=", "c.1800G>A", 12)])
    assert (one.variant.ref, one.variant.alt, one.variant.cdna) == ("ANA", "TNT", None)


#: V600K as a row of its own, beside which callers may list its halves
V600K = part("BRAF", "V600K", "c.1798_1799delinsAA", 140453136, tag=None, ref="AC", alt="TT")
ALONE = (replace(V600E, mnv=None), replace(V600M, mnv=None))


@pytest.mark.parametrize("fractions", [(0.3, 0.3), (0.5, 0.05)])
def test_halves_beside_an_untagged_row_of_the_whole_count_once(fractions: tuple[float, float]) -> None:
    halves = [replace(each, allele_fraction=f) for each, f in zip(ALONE, fractions, strict=True)]
    for order in ((V600K, *halves), (*halves, V600K)):
        told = findings(*order)
        (one,) = told.variants
        assert (one.variant.label, len(one.parts)) == ("BRAF p.V600K", 2)
        assert says("BRAF p.V600E", told) == "no"


def test_tagged_halves_beside_the_whole_are_no_second_v600k() -> None:
    (one,) = findings(V600K, V600E, V600M).variants
    assert one.variant.label == "BRAF p.V600K"


def test_another_base_at_the_place_is_no_part_of_the_whole() -> None:
    other = replace(ALONE[0], alt="G", protein_short="p.V600A", protein="p.(Val600Ala)")
    assert [each.variant.label for each in findings(V600K, other).variants] == [
        "BRAF p.V600K",
        "BRAF p.V600A",
    ]


def test_halves_phased_on_one_haplotype_are_one() -> None:
    (one,) = findings(*(replace(each, phase="140453136:1") for each in ALONE)).variants
    assert one.variant.label == "BRAF p.V600K"


def test_halves_phased_on_two_haplotypes_are_two_and_settled() -> None:
    told = findings(replace(ALONE[0], phase="1:0"), replace(ALONE[1], phase="1:1"))
    assert [each.adjacent for each in told.variants] == [False, False]
    assert says("BRAF p.V600E", told) == "yes"


def test_phased_changes_of_two_codons_stay_two() -> None:
    near = replace(ALONE[1], protein_short="p.T599I", protein="p.(Thr599Ile)", cdna="c.1796C>T")
    assert len(findings(replace(ALONE[0], phase="1:0"), replace(near, phase="1:0")).variants) == 2
