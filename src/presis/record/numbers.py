"""Counters: the streams from which the numbers that people say are taken."""

from __future__ import annotations

from typing import ClassVar

from presis.record.registry import FactModel


class NumberTaken(FactModel):
    """A number was taken. In a counter stream the n-th fact takes n, so the version is the count."""

    kind: ClassVar[str] = "record.number-taken/1"

    number: int


def counter_stream(kind: str, year: int | None = None) -> str:
    """The stream of a kind's counter: `counter-R-2026`, or `counter-C` for one without years."""
    return f"counter-{kind}" if year is None else f"counter-{kind}-{year}"
