"""Cancer Hotspots v2 as published: 1,110 residues, 3,004 changes, searched in up to 24,592 samples."""

import pytest

from presis.errors import BadInput
from presis.knowledge import Library
from presis.knowledge.hotspots import COLUMNS, read_residues
from presis.knowledge.lines import Line


@pytest.mark.parametrize(
    ("gene", "position", "ref", "alt", "count", "samples"),
    [
        ("KRAS", 12, "G", "D", 757, 2175),
        ("ERBB2", 755, "L", "S", 31, 44),
        ("RAC1", 29, "P", "L", 7, 53),
        ("BRAF", 600, "V", "E", 833, 897),
        ("NRAS", 61, "Q", "R", 204, 422),
    ],
)
def test_a_change_has_its_own_count_and_the_residue_its_total(
    library: Library, gene: str, position: int, ref: str, alt: str, count: int, samples: int
) -> None:
    residue = library.residue(gene, position, ref)
    assert residue is not None
    assert (residue.changes[alt], residue.samples) == (count, samples)


def test_the_table_is_the_published_one(library: Library) -> None:
    residues = library.hotspots
    changes = sum(len(residue.changes) + (residue.synonymous > 0) for residue in residues)
    assert (len(residues), changes) == (1110, 3004)
    assert max(residue.cohort for residue in residues) == 24_592
    assert sum(residue.splice for residue in residues) == 86
    assert sum("*" in residue.changes for residue in residues) == 245
    assert len({residue.gene for residue in residues}) == 240


def test_the_counts_of_every_residue_add_up_to_its_samples(library: Library) -> None:
    for residue in library.hotspots:
        assert sum(residue.changes.values()) + residue.synonymous == residue.samples


def test_a_synonymous_change_is_never_a_hit(library: Library) -> None:
    braf = library.residue("BRAF", 600, "V")
    assert braf is not None
    assert "V" not in braf.changes
    assert braf.synonymous == 4
    assert sum(residue.synonymous > 0 for residue in library.hotspots) == 207


def test_changes_that_earn_the_strong_and_the_moderate_hotspot_criterion(library: Library) -> None:
    """Horak 2022: OS3 asks for 50 samples at the residue and 10 with the change; OM3 for the latter alone."""
    counts = [
        (residue.samples, count) for residue in library.hotspots for alt, count in residue.changes.items()
    ]
    assert sum(samples >= 50 and count >= 10 for samples, count in counts) == 214
    assert sum(samples < 50 and count >= 10 for samples, count in counts) == 292


def test_a_splice_site_is_found_by_the_codon_beside_it(library: Library) -> None:
    site = library.hotspot_splice("TP53", 187)
    assert site is not None
    assert (site.changes, site.samples) == ({"splice": 100}, 100)
    assert library.hotspot_splice("KRAS", 12) is None


def test_another_reference_residue_is_no_hotspot(library: Library) -> None:
    assert library.residue("KRAS", 12, "A") is None
    assert library.residue("KRAS", 999, "G") is None


def test_a_gene_is_found_by_its_former_and_its_present_symbol(library: Library) -> None:
    former, present = library.residue("H3F3A", 28, "K"), library.residue("H3-3A", 28, "K")
    assert former == present
    assert present is not None
    assert present.gene == "H3-3A"


def test_counts_that_do_not_add_up_are_an_error_with_its_line() -> None:
    cells = ("KRAS", "G", "12", "residue", "5", "100", "D", "4")
    with pytest.raises(BadInput, match=r"t\.csv, line 2, field samples: samples is '5'"):
        list(read_residues([Line("t.csv", 2, dict(zip(COLUMNS, cells, strict=True)))]))
