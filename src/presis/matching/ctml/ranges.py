"""Ages and rates as CTML writes them: an operator and a number, without a space."""

from __future__ import annotations

import calendar
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

OPERATORS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    ">": operator.gt,
    "<": operator.lt,
}
_RANGE = re.compile(r"(>=|<=|==|>|<)(\d{1,6}(?:\.\d{0,12})?|\.\d{1,12})", re.ASCII)
ACCEPTED = "an operator (>=, >, <=, <, ==) and a number without a space, such as >=18 or <0.5"


@dataclass(frozen=True, slots=True)
class Range:
    """`>=18`: the operator and the number's digits."""

    sign: str
    digits: str

    @property
    def months(self) -> int:
        """The number as an age in whole months: years, and the rounded rest (0.67 is 8 months)."""
        years, _, rest = self.digits.partition(".")
        return int(years or 0) * 12 + round(float(f"0.{rest or 0}") * 12)

    def holds(self, number: float) -> bool:
        """Whether a number lies in the range."""
        return OPERATORS[self.sign](number, float(self.digits))

    def born(self, at: date) -> Callable[[int], bool]:
        """Whether somebody born on a day (yyyymmdd) has the age at a date; exact at the birthday."""
        compare, limit = OPERATORS[self.sign], months_before(at, self.months)
        return lambda birth: compare(limit, birth)


def parse_range(text: object) -> Range:
    """Read a range; `ValueError` says what would be accepted."""
    match = _RANGE.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f"should be {ACCEPTED}")
    return Range(match[1], match[2])


def months_before(at: date, months: int) -> int:
    """The day so many months earlier as yyyymmdd; a day that the month lacks is its last."""
    year, month = divmod(at.year * 12 + at.month - 1 - months, 12)
    if year < 1:
        return 0
    day = min(at.day, calendar.monthrange(year, month + 1)[1])
    return year * 10000 + (month + 1) * 100 + day
