"""A criterion's answers for a whole cohort: few different ones, and which of them each patient has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from presis.methods.reasons import Reason
from presis.methods.rules import Answer, Truth, Truths


@dataclass(frozen=True, slots=True)
class Outcome:
    """A truth, why, and for an unknown what would settle it: the field, or the gene and the types."""

    truth: Truth
    code: str
    settled_by: str = ""
    detail: tuple[tuple[str, str], ...] = ()

    def answer(self) -> Answer:
        """The outcome as an answer of the rule tree."""
        values = dict(self.detail)
        settled = (Reason(self.settled_by, values),) if self.truth is Truth.UNKNOWN else ()
        return Answer(self.truth, (Reason(self.code, values),), settled)


@dataclass(frozen=True, slots=True)
class Column:
    """`answers[index[i]]` is patient i's answer; `outcomes` are what the answers were made of."""

    index: NDArray[np.intp]
    outcomes: tuple[Outcome, ...]
    answers: tuple[Answer, ...]

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> Column:
        """The outcomes of patients, in order."""
        known: dict[Outcome, int] = {}
        index = [known.setdefault(outcome, len(known)) for outcome in outcomes]
        return cls._made(np.array(index, np.intp), known)

    def but(self, others: Mapping[int, Outcome]) -> Column:
        """The same with other outcomes at some places."""
        known = {outcome: number for number, outcome in enumerate(self.outcomes)}
        index = self.index.copy()
        for place, outcome in others.items():
            index[place] = known.setdefault(outcome, len(known))
        return Column._made(index, known)

    @classmethod
    def _made(cls, index: NDArray[np.intp], known: Mapping[Outcome, int]) -> Column:
        return cls(index, tuple(known), tuple(outcome.answer() for outcome in known))

    def truths(self) -> Truths:
        """(patients,): 0, 1 or 2."""
        return np.array([answer.truth for answer in self.answers], np.int8)[self.index]


YES = Outcome(Truth.YES, "met")
NO = Outcome(Truth.NO, "not_met")


def unknown(code: str, settled_by: str, **detail: str) -> Outcome:
    """An unknown, why, and what would settle it."""
    return Outcome(Truth.UNKNOWN, code, settled_by, tuple(sorted(detail.items())))


def missing(field: str) -> Outcome:
    """A field of the clinical document that isn't there."""
    return unknown("missing_field", "give_field", field=field)
