"""The few ways in which a criterion on disease, person or course is answered, with reasons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from presis.matching.days import DaySpan
from presis.matching.subject import Told
from presis.matching.windows import window_of
from presis.methods.reasons import Reason, Value
from presis.methods.rules import Answer, Truth

V = TypeVar("V")


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


def by_day(
    fact: str,
    told: Told[V],
    within_days: int | None,
    at: date,
    judge: Callable[[V], Answer],
    settle: Reason | None = None,
) -> Answer:
    """What is told, judged if it counts on the day; else what of it lasts; else unknown, to be asked again.

    `fact` as in `rules/fact_windows.yaml`; `within_days` the rule's own window.
    """
    code = outdated(fact, told.on, within_days, at)
    if code is None:
        return judge(told.value)
    left = window_of(fact).lasts.get(str(_value(told.value)))
    if left is not None and code != LATER:
        kept: Any = left == "yes" if isinstance(told.value, bool) else left
        answer = judge(kept)
        if answer.truth is not Truth.UNKNOWN:
            return answer
    kind, _, of = fact.partition(":")
    days = window_of(fact).days if within_days is None else within_days
    reason = Reason(f"match.{code}", {"fact": kind, "found": _value(told.value), "days": days})
    if of:
        reason = Reason(f"match.stated-{code}", {"of": of, "found": _value(told.value), "days": days})
    settled = (settle or Reason.of("settle.fact", fact=kind),)
    return Answer(Truth.UNKNOWN, (placed(reason, told.where, told.on),), settled)


#: told of a day after the one asked about
LATER = "later"


def outdated(fact: str, on: DaySpan | None, within_days: int | None, at: date) -> str | None:
    """Why what is told of a day doesn't count on another: `later`, `undated`, `too-old`, `perhaps-old`.

    None: it counts. A month or year that holds the day asked about is of the past: what is told has happened.
    """
    if on is None:
        return "undated"
    least, most = on.days_before(at)
    days = window_of(fact).days if within_days is None else within_days
    if most < 0:
        return LATER
    if most > days:
        return "too-old" if least > days else "perhaps-old"
    return None


def of(condition: bool) -> Truth:  # noqa: FBT001 - a truth value is what it turns
    """Yes or no."""
    return Truth.YES if condition else Truth.NO
