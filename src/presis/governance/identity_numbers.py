"""Norwegian identity numbers: read, checked, and the day of birth that they hold.

Eleven digits: day, month and year of birth, three digits that tell the century apart, two check digits
modulo 11. A D-number has 4 added to its first digit; a synthetic number, of nobody, has 80 added to its
month. The forms are those of `spec` on Norwegian practice; weights and centuries are those of the National
Population Register as known (recalled; numbers given from 2032 on may have other check digits).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from presis.errors import BadInput

LENGTH = 11
_FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_SYNTHETIC = 80
#: First and last of the three digits, first and last two-digit year, century.
_CENTURIES = (
    (0, 499, 0, 99, 1900),
    (500, 749, 54, 99, 1800),
    (500, 999, 0, 39, 2000),
    (900, 999, 40, 99, 1900),
)


class NumberKind(StrEnum):
    """Whose number it is: of a resident, of somebody without one (D-number), or of nobody."""

    NATIONAL = "national"
    D_NUMBER = "d_number"
    SYNTHETIC = "synthetic"


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """A number that holds: its eleven digits, whose it is, and the day of birth."""

    digits: str
    kind: NumberKind
    born: date


def parse_identity_number(text: str) -> IdentityNumber:
    """The number that a text is, blanks and a hyphen aside.

    >>> parse_identity_number("128485 00095").kind
    <NumberKind.SYNTHETIC: 'synthetic'>

    Raises:
        BadInput: if it isn't eleven digits, holds no day, or its check digits are wrong; it isn't repeated
            in the sentence, which may be logged.

    """
    digits = "".join(text.split()).replace("-", "")
    if not (digits.isascii() and digits.isdigit()) and digits:
        raise _fault("identity-number-signs", "an identity number has digits only")
    if len(digits) != LENGTH:
        told = f"an identity number has {LENGTH} digits, this has {len(digits)}"
        raise _fault("identity-number-length", told)
    born, kind = _born(digits)
    if born is None:
        raise _fault(
            "identity-number-day", "the first six digits of this identity number are no day of birth"
        )
    if any(_sum(digits, weights) % 11 for weights in (_FIRST, _SECOND)):
        raise _fault(
            "identity-number-check", "the check digits of this identity number don't fit; a digit is wrong"
        )
    return IdentityNumber(digits, kind, born)


def _fault(code: str, what: str) -> BadInput:
    return BadInput.of(code, f"{what}; look at it again.", accepted=f"{LENGTH} digits")


def _sum(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _born(digits: str) -> tuple[date | None, NumberKind]:
    day, month, year, within = int(digits[:2]), int(digits[2:4]), int(digits[4:6]), int(digits[6:9])
    kind = NumberKind.NATIONAL
    if day > 40:
        day, kind = day - 40, NumberKind.D_NUMBER
    if month > _SYNTHETIC:
        month, kind = month - _SYNTHETIC, NumberKind.SYNTHETIC
    for first, last, early, late, century in _CENTURIES:
        if first <= within <= last and early <= year <= late:
            try:
                return date(century + year, month, day), kind
            except ValueError:
                return None, kind
    return None, kind


def synthetic_number(born: date, within: int) -> str | None:
    """A number of nobody for a day of birth; None where that digit run has no check digits.

    `within` is the three digits that tell the century apart, 0 to 999. For tests and simulated people.
    """
    start = f"{born.day:02d}{born.month + _SYNTHETIC:02d}{born.year % 100:02d}{within:03d}"
    first = -_sum(start, _FIRST[:9]) % 11
    second = -_sum(f"{start}{first}", _SECOND[:10]) % 11
    if first > 9 or second > 9:
        return None
    number = f"{start}{first}{second}"
    return number if _born(number)[0] == born else None
