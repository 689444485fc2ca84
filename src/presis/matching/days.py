"""Clinical days, of which perhaps only the month or the year is known, and what can be said of them.

A comparison that falls inside the span is unknown.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from presis.methods.rules import Truth

_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class DaySpan:
    """From the first to the last day that it may have been; `text` is how it was written."""

    first: date
    last: date
    text: str

    def days_before(self, at: date) -> tuple[int, int]:
        """How many days before `at` it was: least and most."""
        return (at - self.last).days, (at - self.first).days

    def years_before(self, at: date) -> tuple[int, int]:
        """Whole years from it to `at`: least and most. A birth on 29 February has its day on 1 March."""
        return _years(self.last, at), _years(self.first, at)


def _years(born: date, at: date) -> int:
    return at.year - born.year - ((at.month, at.day) < (born.month, born.day))


def parse_day(value: object) -> DaySpan:
    """`2026-03-14`, `2026-03` or `2026`; raises `ValueError` with a sentence for what is none of them."""
    text = value.isoformat() if isinstance(value, date) else str(value)
    match = _DAY.fullmatch(text)
    said = f"{text!r} is no day; write it as 2026-03-14, 2026-03 or 2026"
    if match is None or isinstance(value, bool):
        raise ValueError(said)
    try:
        year, month, day = (int(part) if part else None for part in match.groups())
        if day is not None:
            exact = date(year or 0, month or 0, day)
            return DaySpan(exact, exact, text)
        if month is not None:
            return DaySpan(
                date(year or 0, month, 1), date(year or 0, month, monthrange(year or 0, month)[1]), text
            )
        return DaySpan(date(year or 0, 1, 1), date(year or 0, 12, 31), text)
    except ValueError:
        raise ValueError(said) from None


def within(bounds: tuple[int, int], least: float | None, most: float | None) -> Truth:
    """Whether a number that lies in `bounds` is at least and at most so much."""
    low, high = bounds
    if (least is not None and high < least) or (most is not None and low > most):
        return Truth.NO
    inside = (least is None or low >= least) and (most is None or high <= most)
    return Truth.YES if inside else Truth.UNKNOWN
