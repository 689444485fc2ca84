"""Intervals of counts and shares: published values, coverage, and a slow twin."""

from __future__ import annotations

from math import comb, exp, factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presis.methods.intervals import (
    binomial_at_most,
    binomial_interval,
    poisson_at_most,
    poisson_interval,
    share_interval,
)


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [  # the usual table of exact 95 % limits of a Poisson count (Garwood 1936; half the chi-square quantiles)
        (0, 0.0, 3.689),
        (1, 0.0253, 5.572),
        (5, 1.623, 11.668),
        (10, 4.795, 18.390),
        (13, 6.922, 22.230),
        (100, 81.364, 121.627),
    ],
)
def test_exact_limits_of_a_count(count: int, low: float, high: float) -> None:
    assert poisson_interval(count) == (pytest.approx(low, abs=2e-3), pytest.approx(high, abs=2e-3))


def test_13_variants_over_128_megabases() -> None:
    low, high = (end / 1.28 for end in poisson_interval(13))
    assert (round(low, 1), round(high, 1)) == (5.4, 17.4)


@given(st.integers(0, 400))
def test_the_tails_are_what_the_level_says(count: int) -> None:
    low, high = poisson_interval(count)
    assert low <= count <= high
    assert poisson_at_most(count, high) == pytest.approx(0.025, abs=1e-9)
    if count:
        assert 1 - poisson_at_most(count - 1, low) == pytest.approx(0.025, abs=1e-9)


@given(st.integers(0, 300))
def test_more_counted_moves_both_ends_up(count: int) -> None:
    assert poisson_interval(count) < poisson_interval(count + 1)
    assert poisson_interval(count)[1] < poisson_interval(count + 1)[1]


@given(st.integers(0, 20), st.floats(0.01, 20))
def test_the_probability_agrees_with_its_definition(count: int, mean: float) -> None:
    twin = sum(exp(-mean) * mean**each / factorial(each) for each in range(count + 1))
    assert poisson_at_most(count, mean) == pytest.approx(twin)


def test_wilson_as_published() -> None:
    # R. G. Newcombe, Statistics in Medicine 1998; 17: 857, table I, method 3 (81 of 263; 15 of 148; 0 of 20; 1 of 29)
    for hits, total, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        assert share_interval(hits / total, total) == (
            pytest.approx(low, abs=1e-4),
            pytest.approx(high, abs=1e-4),
        )


@given(st.floats(0, 1), st.integers(1, 5000))
def test_a_share_lies_within_its_interval(share: float, total: int) -> None:
    low, high = share_interval(share, total)
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        # influentialpoints.com, Confidence intervals of proportions: 5 of 25 by Conover's tables and by R
        (5, 25, 0.068, 0.407),
        # R. G. Newcombe, Statistics in Medicine 1998; 17: 857, table I, method 5 (recalled)
        (81, 263, 0.2527, 0.3676),
        (15, 148, 0.0578, 0.1617),
        (0, 20, 0.0, 0.1684),
        (1, 29, 0.0009, 0.1776),
        # closed form where all or none are hits: the tail's root (0.025 ** (1 / n))
        (10, 10, 0.6915, 1.0),
    ],
)
def test_exact_limits_of_a_share(hits: int, total: int, low: float, high: float) -> None:
    assert binomial_interval(hits, total) == (pytest.approx(low, abs=5e-4), pytest.approx(high, abs=5e-4))


def test_59_of_59_is_the_least_that_shows_95_percent_at_95_percent_confidence() -> None:
    assert binomial_interval(59, 59, 0.90)[0] >= 0.95  # one-sided 95 %: the lower end of the two-sided 90 %
    assert binomial_interval(58, 58, 0.90)[0] < 0.95


@given(st.integers(1, 300).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_the_tails_of_a_share_are_what_the_level_says(counted: tuple[int, int]) -> None:
    hits, total = counted
    low, high = binomial_interval(hits, total)
    assert low <= hits / total <= high
    if hits < total:
        assert binomial_at_most(hits, total, high) == pytest.approx(0.025, abs=1e-9)
    if hits:
        assert 1 - binomial_at_most(hits - 1, total, low) == pytest.approx(0.025, abs=1e-9)


@given(st.integers(0, 20), st.integers(20, 40), st.floats(0, 1))
def test_the_probability_of_a_share_agrees_with_its_definition(hits: int, total: int, share: float) -> None:
    twin = sum(comb(total, each) * share**each * (1 - share) ** (total - each) for each in range(hits + 1))
    assert binomial_at_most(hits, total, share) == pytest.approx(twin, abs=1e-12)


def test_nothing_counted_backwards() -> None:
    with pytest.raises(ValueError, match="no interval"):
        poisson_interval(-1)
    with pytest.raises(ValueError, match="no interval"):
        share_interval(0.5, 0)
    for hits, total in ((3, 2), (0, 0), (-1, 5)):
        with pytest.raises(ValueError, match="no interval"):
            binomial_interval(hits, total)
