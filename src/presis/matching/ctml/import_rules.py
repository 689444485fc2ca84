"""A match list of CTML as an option's rule: `and`, `or` and `!` become `all`, `any` and `not`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from presis.errors import Where
from presis.matching.ctml.criteria import Clinical, Criterion, Genomic, PriorTreatment
from presis.matching.ctml.import_clinical import clinical_criterion, treatment_criterion
from presis.matching.ctml.import_genomic import genomic_criterion
from presis.matching.ctml.import_notes import At, Document, Notes
from presis.matching.ctml.leaves import read_leaf
from presis.matching.ctml.reading import Clause
from presis.matching.ctml.remarks import Mode, Remarks
from presis.matching.known import Known
from presis.methods.rules import AllOf, Leaf, Not, Rule

#: what MatchEngine asks of every sample unless told otherwise
_ALIVE: Document = {"state": {"what": "alive"}}


def rule_of(clause: Clause, file: str, known: Known, notes: Notes) -> Document:
    """The rule of a clause, of somebody alive. What has no counterpart is noted, each with its place.

    What can't be read as CTML is passed over: whoever read the trial has told it.
    """
    parts = list(_items(clause.match, Where(file=file, field=clause.path), known, notes))
    return {"all": [*_flat(parts), _ALIVE]}


def _flat(parts: Sequence[Document]) -> Iterator[Document]:
    """The parts of an `all`; those of an `all` within it stand beside them."""
    for part in parts:
        if set(part) == {"all"}:
            yield from _flat(part["all"])
        else:
            yield part


def _items(items: object, where: Where, known: Known, notes: Notes) -> Iterator[Document]:
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            place = Where(file=where.file, field=f"{where.field}[{index}]")
            yield from _together(list(_item(item, place, known, notes)))


def _together(parts: list[Document]) -> Iterator[Document]:
    if len(parts) > 1:
        yield {"all": parts}
    else:
        yield from parts


def _item(item: Mapping[Any, Any], where: Where, known: Known, notes: Notes) -> Iterator[Document]:
    for key, value in item.items():
        inner = Where(file=where.file, field=f"{where.field}.{key}")
        if str(key).startswith("and"):
            yield {"all": list(_flat(list(_items(value, inner, known, notes))))}
        elif str(key).startswith("or"):
            yield {"any": list(_items(value, inner, known, notes))}
        else:
            yield from _leaf(str(key), value, inner, known, notes)


def _leaf(name: str, value: object, where: Where, known: Known, notes: Notes) -> Iterator[Document]:
    remarks = Remarks(Mode.STRICT)
    rule = read_leaf(name, value, where, remarks)
    if remarks.errors or not isinstance(value, dict):
        return
    at = At(where, notes, {str(key).lower(): str(key) for key in value})
    yield from _together([made for part in _parts(rule) if (made := _part(part, at, known)) is not None])


def _parts(rule: Rule[Criterion]) -> tuple[Rule[Criterion], ...]:
    return rule.of if isinstance(rule, AllOf) else (rule,)


def _part(rule: Rule[Criterion], at: At, known: Known) -> Document | None:
    if isinstance(rule, Not):
        made = _criterion(rule.of, at, known, negative=True)
        return None if made is None else {"not": made}
    return _criterion(rule, at, known, negative=False)


def _criterion(rule: Rule[Criterion], at: At, known: Known, *, negative: bool) -> Document | None:
    match rule:
        case Leaf(of=Genomic() as leaf):
            return genomic_criterion(leaf, at, known, negative=negative)
        case Leaf(of=Clinical(condition=condition)):
            return clinical_criterion(condition, at, known, negative=negative)
        case Leaf(of=PriorTreatment() as treatment):
            return treatment_criterion(treatment, at, known)
        case _:
            raise AssertionError("a leaf of CTML is one of these")
