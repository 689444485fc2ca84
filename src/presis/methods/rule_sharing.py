"""Equal parts of many rules made one object, so that each is answered once for a subject."""

from __future__ import annotations

from typing import TypeVar

from presis.methods.rules import AllOf, AnyOf, AtLeast, Not, Rule

L = TypeVar("L")


def shared(rule: Rule[L], table: dict[Rule[L], Rule[L]]) -> Rule[L]:
    """The rule with each part that `table` holds already in its place, so that equal parts are one object."""
    if (found := table.get(rule)) is not None:
        return found
    match rule:
        case Not(of=inner):
            made: Rule[L] = Not(shared(inner, table))
        case AllOf(of=of):
            made = AllOf(tuple(shared(each, table) for each in of))
        case AnyOf(of=of):
            made = AnyOf(tuple(shared(each, table) for each in of))
        case AtLeast(count=count, of=of):
            made = AtLeast(count, tuple(shared(each, table) for each in of))
        case _:
            made = rule
    return table.setdefault(made, made)
