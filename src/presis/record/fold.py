"""From facts to a state: corrections put in place, then applied one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from presis.record.fact import Fact

S = TypeVar("S")
P = TypeVar("P")


def in_place(facts: Iterable[Fact[Any]]) -> list[Fact[Any]]:
    """The facts of whole streams with each correcting payload in the corrected fact's place.

    A correction of a correction goes to the same place; the last one counts. A fact entered in error
    is left out. Position, version, actor and time stay those of the corrected fact, `corrected_by`
    names the correction; `occurred` is the correction's if it says one.
    """
    places: dict[int, Fact[Any]] = {}
    root: dict[int, int] = {}
    for fact in facts:
        if fact.corrects is None:
            places[fact.position] = fact
            continue
        place = root.get(fact.corrects, fact.corrects)
        root[fact.position] = place
        was = places[place]
        places[place] = replace(
            was,
            kind=fact.kind,
            payload=fact.payload,
            occurred=fact.occurred if fact.occurred is not None else was.occurred,
            corrected_by=fact.position,
        )
    return [fact for fact in places.values() if fact.payload is not None]


def fold(apply: Callable[[S, Fact[P]], S], initial: S, facts: Iterable[Fact[Any]]) -> S:
    """The state after all facts of a stream, corrections put in their places first."""
    state = initial
    for fact in in_place(facts):
        state = apply(state, fact)
    return state
