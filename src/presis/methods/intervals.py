"""Intervals of a count and of a share, exact or closed, with no library behind them."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, fsum, lgamma, log, log1p, sqrt
from statistics import NormalDist


def poisson_interval(count: int, level: float = 0.95) -> tuple[float, float]:
    """The exact central interval of a Poisson mean from one count (Garwood, Biometrika 1936; 28: 437).

    The lower end is the mean at which `count` or more has the probability (1 - level)/2, the upper that
    at which `count` or fewer has it; found by bisection. Raises `ValueError` for a negative count.
    """
    if count < 0 or not 0 < level < 1:
        raise ValueError(f"no interval for a count of {count} at {level}")
    tail = (1 - level) / 2
    # a mean this far off has a tail below any level in use (Bernstein's bound)
    far = count + 20 * sqrt(count + 1) + 200
    upper = _root(lambda mean: poisson_at_most(count, mean) - tail, 0.0, far)
    if count == 0:
        return 0.0, upper
    lower = _root(lambda mean: (1 - tail) - poisson_at_most(count - 1, mean), float(count), 0.0)
    return lower, upper


def poisson_at_most(count: int, mean: float) -> float:
    """The probability of `count` or fewer at a Poisson mean of 0 or more."""
    if mean == 0:
        return 1.0
    return min(1.0, fsum(exp(each * log(mean) - mean - lgamma(each + 1)) for each in range(count + 1)))


def binomial_interval(hits: int, total: int, level: float = 0.95) -> tuple[float, float]:
    """The exact central interval of a share from a count (Clopper and Pearson, Biometrika 1934; 26: 404).

    The lower end is the share at which `hits` or more of `total` have the probability (1 - level)/2, the
    upper that at which `hits` or fewer have it. Raises `ValueError` for more hits than total, or none asked.
    """
    if not 0 <= hits <= total or total < 1 or not 0 < level < 1:
        raise ValueError(f"no interval for {hits} of {total} at {level}")
    tail = (1 - level) / 2
    upper = 1.0 if hits == total else _root(lambda p: binomial_at_most(hits, total, p) - tail, 0.0, 1.0)
    if hits == 0:
        return 0.0, upper
    return _root(lambda p: (1 - tail) - binomial_at_most(hits - 1, total, p), 1.0, 0.0), upper


def binomial_at_most(hits: int, total: int, share: float) -> float:
    """The probability of `hits` or fewer among `total`, each with the probability `share`."""
    if share in {0.0, 1.0}:
        return 1.0 if share == 0.0 or hits >= total else 0.0
    ways = lgamma(total + 1)
    terms = (
        exp(
            ways
            - lgamma(each + 1)
            - lgamma(total - each + 1)
            + each * log(share)
            + (total - each) * log1p(-share)
        )
        for each in range(hits + 1)
    )
    return min(1.0, fsum(terms))


def _root(rises_to_fall: Callable[[float], float], positive: float, negative: float) -> float:
    """Where a monotonic function changes sign between a place above zero and one below."""
    for _ in range(200):
        middle = (positive + negative) / 2
        if middle in {positive, negative}:
            break
        if rises_to_fall(middle) > 0:
            positive = middle
        else:
            negative = middle
    return (positive + negative) / 2


def share_interval(share: float, total: int, level: float = 0.95) -> tuple[float, float]:
    """Wilson's interval of a share seen among `total` (E. B. Wilson, JASA 1927; 22: 209), from 0 to 1."""
    if not 0 <= share <= 1 or total < 1:
        raise ValueError(f"no interval for a share of {share} among {total}")
    z = NormalDist().inv_cdf(0.5 + level / 2)
    centre = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return max(0.0, centre - half), min(1.0, centre + half)
