"""What a share of tumour cells does to allele fractions and copy numbers; normal cells are diploid.

With tumour cells as the share p, their copies C of a locus and m of them mutated, a sample holds
p*C + 2(1-p) copies a cell. All else follows by counting; every function is monotonic in p, so that the
values at both ends of a range of p bound those within. Checked against Illumina's own example for
TruSight Tumor 170 (tumour 30 %, 2.2 times normal: 10 copies; support.illumina.com, Copy Number
Variants VCF) in the tests.
"""

from __future__ import annotations


def somatic_fraction(purity: float, copies: float, mutated: float) -> float:
    """The expected allele fraction (0 to 1) of a somatic variant; raises `ValueError` outside the model."""
    return purity * mutated / _copies_a_cell(purity, copies, mutated)


def germline_fraction(purity: float, copies: float, mutated: float) -> float:
    """The same for a heterozygous germline variant, of which tumour cells hold `mutated` copies."""
    return (purity * mutated + 1 - purity) / _copies_a_cell(purity, copies, mutated)


def fold_change(purity: float, copies: float) -> float:
    """How many times normal a locus reads; raises `ValueError` outside the model."""
    return _copies_a_cell(purity, copies, 0, empty=True) / 2


def copies_of(purity: float, fold: float) -> float:
    """Copies in the tumour cells behind a fold change: n = (200*Y - 2*(100-X)) / X, X in percent.

    Below 0 where no number of copies explains it: too few tumour cells, or only some of them lost it.
    Raises `ValueError` without tumour cells, or for a negative fold change.
    """
    if not 0 < purity <= 1 or fold < 0:
        raise ValueError(f"no copies follow from a purity of {purity} and a fold change of {fold}")
    return 2 + 2 * (fold - 1) / purity


def _copies_a_cell(purity: float, copies: float, mutated: float, *, empty: bool = False) -> float:
    if not (0 <= purity <= 1 and 0 <= mutated <= copies):
        raise ValueError(f"purity {purity}, copies {copies}, mutated {mutated}: outside the model")
    total = purity * copies + 2 * (1 - purity)
    if total <= 0 and not empty:
        raise ValueError("a locus without any copy has no allele fraction")
    return total
