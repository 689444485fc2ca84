"""A criterion's answer, and the few ways to give one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from presis.knowledge import Library
from presis.methods.reasons import Reason, Value


class State(StrEnum):
    """What came of a criterion. `suppressed`: met, but another says the same already."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_ASSESSED = "not_assessed"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class Record:
    """A criterion as data: its points, its source, and the numbers that its rule uses."""

    code: str
    label: str
    points: int
    source: str
    numbers: Mapping[str, float] = field(default_factory=dict)
    single_cause: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion's answer: points from `low` to `high`, why, and where that is written.

    `could_add`: what it would add if it were assessed and met; outside `low` to `high`.
    """

    code: str
    label: str
    state: State
    low: int
    high: int
    why: Reason
    sources: tuple[str, ...] = ()
    could_add: int = 0


@dataclass(frozen=True, slots=True)
class Setting:
    """What surrounds the question: the knowledge, the tumour (OncoTree code), the populations that count."""

    library: Library
    tumour: str | None
    populations: frozenset[str]


def _made(record: Record, state: State, why: str, points: tuple[int, int], **values: Value) -> Criterion:
    reason = Reason(f"{record.code}.{why}", values)
    could_add = record.points if state is State.NOT_ASSESSED else 0
    return Criterion(record.code, record.label, state, points[0], points[1], reason, (), could_add)


def met(record: Record, why: str = "met", /, *, sources: tuple[str, ...] = (), **values: Value) -> Criterion:
    """Met, with the record's points."""
    reason = Reason(f"{record.code}.{why}", values)
    return Criterion(record.code, record.label, State.MET, record.points, record.points, reason, sources)


def not_met(record: Record, why: str = "not-met", **values: Value) -> Criterion:
    """Asked, and no."""
    if not values:
        return _constant(record.code, record.label, 0, State.NOT_MET, why)
    return _made(record, State.NOT_MET, why, (0, 0), **values)


def not_assessed(record: Record, why: str = "not-assessed", **values: Value) -> Criterion:
    """Not asked, for want of data: no points, but listed with what it could add."""
    if not values:
        return _constant(record.code, record.label, record.points, State.NOT_ASSESSED, why)
    return _made(record, State.NOT_ASSESSED, why, (0, 0), **values)


@cache
def _constant(code: str, label: str, could_add: int, state: State, why: str) -> Criterion:
    """An answer without values is the same for every variant: made once."""
    return Criterion(code, label, state, 0, 0, Reason(f"{code}.{why}"), (), could_add)
