"""Changes of proteins and coding DNA in every spelling that panels, tables and people use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presis.diagnostics.hgvs import (
    ONE_TO_THREE,
    CodingKind,
    ProteinKind,
    Region,
    bare_protein,
    parse_coding,
    parse_protein,
)

PROTEINS = [
    ("NP_003811.2:p.(Lys17Arg)", ProteinKind.MISSENSE, "p.K17R"),
    ("NM_004958.3:c.2997C>T(p.(Asn999=))", ProteinKind.SYNONYMOUS, "p.N999="),
    ("p.(Glu1442Ter)", ProteinKind.NONSENSE, "p.E1442*"),
    ("p.(Met1470CysfsTer26)", ProteinKind.FRAMESHIFT, "p.M1470Cfs*26"),
    ("V600E", ProteinKind.MISSENSE, "p.V600E"),
    ("p.V600E", ProteinKind.MISSENSE, "p.V600E"),
    ("Val600Glu", ProteinKind.MISSENSE, "p.V600E"),
    ("G645fs", ProteinKind.FRAMESHIFT, "p.G645fs"),
    ("Gly645ValfsTer58", ProteinKind.FRAMESHIFT, "p.G645Vfs*58"),
    ("R1450*", ProteinKind.NONSENSE, "p.R1450*"),
    ("R1450X", ProteinKind.NONSENSE, "p.R1450*"),
    ("R1450Ter", ProteinKind.NONSENSE, "p.R1450*"),
    ("Ter1069MetfsTer4", ProteinKind.FRAMESHIFT, "p.*1069Mfs*4"),
    ("GlyLeu606=", ProteinKind.SYNONYMOUS, "p.G606_L607="),
    ("GL606-607GL", ProteinKind.SYNONYMOUS, "p.G606_L607="),
    ("Ser566_Glu571delinsArg", ProteinKind.DELINS, "p.S566_E571delinsR"),
    ("Ile293delinsMetPro", ProteinKind.DELINS, "p.I293delinsMP"),
    ("Ala502_Tyr503dup", ProteinKind.DUP, "p.A502_Y503dup"),
    ("A775_G776insYVMA", ProteinKind.INFRAME_INS, "p.A775_G776insYVMA"),
    ("p.E746_A750delELREA", ProteinKind.INFRAME_DEL, "p.E746_A750del"),
    ("p.(Met1?)", ProteinKind.START_LOSS, "p.M1?"),
    ("M1V", ProteinKind.START_LOSS, "p.M1V"),
    ("p.(Ter110GlnextTer17)", ProteinKind.EXTENSION, "p.*110Qext*17"),
    ("p.?", ProteinKind.UNKNOWN, "p.?"),
    ("p.(=)", ProteinKind.SYNONYMOUS, "p.="),
]


@pytest.mark.parametrize(("text", "kind", "short"), PROTEINS)
def test_a_protein_change_is_read_in_each_spelling(text, kind, short):
    change = parse_protein(text)
    assert change is not None
    assert (change.kind, change.short) == (kind, short)


@pytest.mark.parametrize(
    "text", ["", "NA", ".", "?", "V600", "p.V600", "Amplification", "J12K", "p.(Foo12Bar)"]
)
def test_what_is_no_protein_change_gives_none(text):
    assert parse_protein(text) is None


def test_the_accession_leaves_and_what_was_reported_stays():
    assert bare_protein("NP_001420.2:p.(Met1470CysfsTer26)") == "p.(Met1470CysfsTer26)"
    assert bare_protein("NM_004958.3:c.2997C>T(p.(Asn999=))") == "p.(Asn999=)"
    assert bare_protein("Val600Glu") == "p.(Val600Glu)"
    assert bare_protein("") is None


RESIDUES = st.sampled_from(sorted(set(ONE_TO_THREE) - set("*X")))


@given(RESIDUES, st.integers(2, 99999), RESIDUES)
def test_short_and_long_forms_read_back_to_the_same_change(ref, position, alt):
    change = parse_protein(f"{ref}{position}{alt}")
    assert parse_protein(change.short) == parse_protein(change.long) == change


@given(st.text(max_size=40))
def test_no_text_breaks_the_parsers(text):
    for spelled in (text, f"p.{text}", f"c.{text}", f"p.(Val{text}Glu)"):
        change = parse_protein(spelled)
        assert change is None or parse_protein(change.short) is not None
        parse_coding(spelled)
        bare_protein(spelled)


CODINGS = [
    ("NM_003820.3:c.50A>G", CodingKind.SUBSTITUTION, 50, 0, Region.CODING),
    ("NM_004958.3:c.2997C>T(p.(Asn999=))", CodingKind.SUBSTITUTION, 2997, 0, Region.CODING),
    ("c.559+1G>A", CodingKind.SUBSTITUTION, 559, 1, Region.CODING),
    ("c.209-62263G>A", CodingKind.SUBSTITUTION, 209, -62263, Region.CODING),
    ("c.-124C>T", CodingKind.SUBSTITUTION, -124, 0, Region.FIVE_PRIME),
    ("NM_001626.5:c.*2537=", CodingKind.IDENTITY, 2537, 0, Region.THREE_PRIME),
    ("c.4408del", CodingKind.DELETION, 4408, 0, Region.CODING),
    ("c.1518_1519inv", CodingKind.INVERSION, 1518, 0, Region.CODING),
    ("c.829_830insGTAC", CodingKind.INSERTION, 829, 0, Region.CODING),
    ("c.3275_3278dup", CodingKind.DUP, 3275, 0, Region.CODING),
    ("c.3053_3055delinsGTG", CodingKind.DELINS, 3053, 0, Region.CODING),
]


@pytest.mark.parametrize(("text", "kind", "position", "offset", "region"), CODINGS)
def test_a_coding_change_tells_position_offset_and_region(text, kind, position, offset, region):
    change = parse_coding(text)
    assert change is not None
    assert (change.kind, change.position, change.offset, change.region) == (kind, position, offset, region)


@pytest.mark.parametrize(
    ("text", "at_site"),
    [
        ("c.559+1G>A", True),
        ("c.1027-2A>G", True),
        ("c.1413-42_1413-2del", True),
        ("c.1413-42_1420del", True),
        ("c.559+3A>G", False),
        ("c.559G>A", False),
    ],
)
def test_the_two_bases_beside_an_exon_are_its_splice_site(text, at_site):
    assert parse_coding(text).splice_site is at_site
