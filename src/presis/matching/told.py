"""The few ways in which a criterion on disease, person or course is answered, with reasons."""

from __future__ import annotations

from datetime import date
from typing import Any

from presis.matching.days import DaySpan
from presis.matching.subject import Told
from presis.methods.reasons import Reason, Value
from presis.methods.rules import Answer, Truth


def not_told(fact: str, settle: Reason | None = None) -> Answer:
    """Nobody told: unknown, and the fact itself would settle it."""
    return Answer(
        Truth.UNKNOWN,
        (Reason.of("match.not-told", fact=fact),),
        (settle or Reason.of("settle.fact", fact=fact),),
    )


def says(truth: Truth, fact: str, told: Told[Any], found: Value | None = None) -> Answer:
    """What was told decides; where it leaves the question open, the fact in more detail would settle it."""
    reason = Reason.of("match.told", fact=fact, found=_value(told.value if found is None else found))
    settled = (Reason.of("settle.fact", fact=fact),) if truth is Truth.UNKNOWN else ()
    return Answer(truth, (placed(reason, told.where, told.on),), settled)


def _value(value: Any) -> Value:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str | int | float) else str(value)


def placed(reason: Reason, where: str, on: DaySpan | None) -> Reason:
    """A reason with the place where it is written, and its day."""
    day = {} if on is None else {"on": on.text}
    return Reason(reason.code, {**reason.values, "where": where, **day})


def too_old(
    fact: str, told: Told[Any], within_days: int | None, at: date, settle: Reason | None = None
) -> Answer | None:
    """The answer where what was told is too old, or undated, to count; None where it counts."""
    if within_days is None:
        return None
    settled = (settle or Reason.of("settle.fact", fact=fact),)
    if told.on is None:
        reason = Reason.of("match.undated", fact=fact, found=_value(told.value), days=within_days)
        return Answer(Truth.UNKNOWN, (placed(reason, told.where, None),), settled)
    least, most = told.on.days_before(at)
    if most > within_days:
        code = "match.too-old" if least > within_days else "match.perhaps-old"
        reason = Reason.of(code, fact=fact, found=_value(told.value), days=within_days)
        return Answer(Truth.UNKNOWN, (placed(reason, told.where, told.on),), settled)
    return None


def of(condition: bool) -> Truth:  # noqa: FBT001 - a truth value is what it turns
    """Yes or no."""
    return Truth.YES if condition else Truth.NO
