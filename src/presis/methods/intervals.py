"""Intervals of a count and of a share, exact or closed, with no library behind them."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, fsum, lgamma, log, sqrt
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
