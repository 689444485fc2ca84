"""Allele fractions and copies by the share of tumour cells: published numbers, ways back, and what never happens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presis.methods.purity import copies_of, fold_change, germline_fraction, somatic_fraction

SHARES = st.floats(0.01, 1.0)
COPIES = st.integers(1, 12)


@pytest.mark.parametrize(
    ("share", "fold", "copies"),
    [
        (
            0.30,
            2.2,
            10.0,
        ),  # Illumina, TruSight Tumor 170, Copy Number Variants VCF: 30 % and 2.2 times give 10
        (0.90, 1.5, 3.1),
        (0.25, 1.5, 6.0),
        (0.30, 0.85, 1.0),
        (0.30, 0.70, 0.0),
        (1.00, 1.0, 2.0),
    ],
)
def test_copies_behind_a_fold_change(share: float, fold: float, copies: float) -> None:
    assert copies_of(share, fold) == pytest.approx(copies, abs=0.05)


def test_the_formula_is_that_of_the_source_in_percent() -> None:
    for x in range(1, 101):
        for y in (0.0, 0.5, 1.0, 2.2, 7.0):
            assert copies_of(x / 100, y) == pytest.approx((200 * y - 2 * (100 - x)) / x)


@pytest.mark.parametrize(
    ("copies", "mutated", "fraction"),
    [(2, 1, 0.20), (1, 1, 0.25), (2, 2, 0.40)],
    ids=["diploid", "other lost", "copy-neutral"],
)
def test_somatic_fractions_at_40_percent_tumour_cells(copies: int, mutated: int, fraction: float) -> None:
    assert somatic_fraction(0.4, copies, mutated) == pytest.approx(fraction)


@pytest.mark.parametrize(("copies", "mutated", "fraction"), [(2, 1, 0.50), (1, 1, 0.625)])
def test_germline_fractions_at_40_percent_tumour_cells(copies: int, mutated: int, fraction: float) -> None:
    assert germline_fraction(0.4, copies, mutated) == pytest.approx(fraction)


@given(SHARES)
def test_diploid_somatic_is_half_the_share_and_germline_a_half_always(share: float) -> None:
    assert somatic_fraction(share, 2, 1) == pytest.approx(share / 2)
    assert germline_fraction(share, 2, 1) == pytest.approx(0.5)


@given(SHARES, st.floats(0, 40))
def test_copies_and_fold_change_undo_each_other(share: float, copies: float) -> None:
    assert copies_of(share, fold_change(share, copies)) == pytest.approx(copies, abs=1e-6)


@given(st.floats(0.0, 0.99), COPIES, st.data())
def test_an_inherited_variant_is_never_rarer_than_a_somatic_one_in_the_same_state(
    share: float, copies: int, data: st.DataObject
) -> None:
    mutated = data.draw(st.integers(0, copies))
    somatic, germline = somatic_fraction(share, copies, mutated), germline_fraction(share, copies, mutated)
    assert 0 <= somatic <= germline <= 1


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), COPIES, st.data())
def test_the_ends_of_a_range_of_shares_bound_what_lies_within(
    first: float, second: float, between: float, copies: int, data: st.DataObject
) -> None:
    mutated = data.draw(st.integers(0, copies))
    inside = first + (second - first) * between
    for fraction in (somatic_fraction, germline_fraction):
        ends = fraction(first, copies, mutated), fraction(second, copies, mutated)
        assert min(ends) - 1e-9 <= fraction(inside, copies, mutated) <= max(ends) + 1e-9


def by_counting(share: float, copies: int, mutated: int, *, germline: bool) -> float:
    """The slow twin: ten thousand cells, copy by copy."""
    tumour = round(share * 10_000)
    normal = 10_000 - tumour
    hits = tumour * mutated + (normal if germline else 0)
    return hits / (tumour * copies + 2 * normal)


@given(st.integers(1, 9_999), COPIES, st.data())
def test_fractions_agree_with_counting_cells(share: int, copies: int, data: st.DataObject) -> None:
    mutated, share_of = data.draw(st.integers(0, copies)), share / 10_000
    assert somatic_fraction(share_of, copies, mutated) == pytest.approx(
        by_counting(share_of, copies, mutated, germline=False)
    )
    assert germline_fraction(share_of, copies, mutated) == pytest.approx(
        by_counting(share_of, copies, mutated, germline=True)
    )


@pytest.mark.parametrize(
    ("share", "copies", "mutated"), [(1.1, 2, 1), (-0.1, 2, 1), (0.5, 1, 2), (1.0, 0, 0)]
)
def test_what_lies_outside_the_model_is_refused(share: float, copies: int, mutated: int) -> None:
    with pytest.raises(ValueError, match=r"outside the model|without any copy"):
        somatic_fraction(share, copies, mutated)


@pytest.mark.parametrize(("share", "fold"), [(0.0, 1.5), (0.5, -0.1), (1.2, 1.0)])
def test_no_copies_without_tumour_cells(share: float, fold: float) -> None:
    with pytest.raises(ValueError, match="no copies follow"):
        copies_of(share, fold)
