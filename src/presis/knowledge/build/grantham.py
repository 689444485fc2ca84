"""Grantham's distance between amino acids, computed from his property values.

R. Grantham, Amino acid difference formula to help explain protein evolution, Science 1974;185:862-864,
doi 10.1126/science.185.4154.862: composition c, polarity p and volume v (his table 1), weighted so that
the mean distance of the 190 pairs is 100.
"""

from __future__ import annotations

from math import sqrt

#: Composition (weight ratio of the side chain's non-carbon atoms), polarity, molecular volume.
PROPERTIES: dict[str, tuple[float, float, float]] = {
    "S": (1.42, 9.2, 32.0),
    "R": (0.65, 10.5, 124.0),
    "L": (0.0, 4.9, 111.0),
    "P": (0.39, 8.0, 32.5),
    "T": (0.71, 8.6, 61.0),
    "A": (0.0, 8.1, 31.0),
    "V": (0.0, 5.9, 84.0),
    "G": (0.74, 9.0, 3.0),
    "I": (0.0, 5.2, 111.0),
    "F": (0.0, 5.2, 132.0),
    "Y": (0.20, 6.2, 136.0),
    "C": (2.75, 5.5, 55.0),
    "H": (0.58, 10.4, 96.0),
    "Q": (0.89, 10.5, 85.0),
    "N": (1.33, 11.6, 56.0),
    "K": (0.33, 11.3, 119.0),
    "D": (1.38, 13.0, 54.0),
    "E": (0.92, 12.3, 83.0),
    "M": (0.0, 5.7, 105.0),
    "W": (0.13, 5.4, 170.0),
}
#: The weights alpha, beta, gamma and the scale of the formula.
WEIGHTS = (1.833, 0.1018, 0.000399)
SCALE = 50.723


def distance(first: str, second: str) -> int:
    """The distance of two amino acids, by one-letter code, rounded as in the paper's table."""
    squares = zip(WEIGHTS, PROPERTIES[first], PROPERTIES[second], strict=True)
    return round(SCALE * sqrt(sum(weight * (a - b) ** 2 for weight, a, b in squares)))


def pairs() -> dict[tuple[str, str], int]:
    """The 190 distances, each pair in alphabetical order."""
    letters = sorted(PROPERTIES)
    return {(a, b): distance(a, b) for i, a in enumerate(letters) for b in letters[i + 1 :]}
