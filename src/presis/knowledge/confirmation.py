"""Confirming rows: a row that was recalled or imported counts once the laboratory has read its source."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import Field

from presis.knowledge.facts import KnowledgeFact, RowConfirmed
from presis.knowledge.rows import PackRow
from presis.record import Actor, Command, Edge, Fact, NewFact, Refusal, Subject

if TYPE_CHECKING:
    from presis.knowledge.library import Library

#: The one state of a laboratory's confirmations, for the access table.
OPEN = "open"


@dataclass(frozen=True, slots=True)
class Confirmations:
    """What one laboratory has confirmed, by row."""

    rows: Mapping[str, RowConfirmed] = field(default_factory=dict)

    def holding(self, library: Library) -> frozenset[str]:
        """The rows whose confirmation still holds: their wording is the one that was confirmed."""
        found = {row: library.row(row) for row in self.rows}
        return frozenset(
            row for row, now in found.items() if now is not None and now.content == self.rows[row].content
        )


class ConfirmRow(Command):
    """Say that a row has been read at a source, for one's own laboratory."""

    row: str
    source: str
    note: str | None = None
    laboratory: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")

    @property
    def stream(self) -> str:
        """The laboratory's stream of confirmations."""
        return confirmation_stream(self.laboratory)


def confirmation_stream(laboratory: str) -> str:
    """The stream in which a laboratory's confirmations stand."""
    return f"knowledge-{laboratory}"


def apply(state: Confirmations, fact: Fact[KnowledgeFact]) -> Confirmations:
    """The confirmations after one more fact; the last word on a row counts."""
    return Confirmations({**state.rows, fact.payload.row: fact.payload})


def subject(_states: object, command: ConfirmRow, _actor: Actor) -> Subject:
    """What access is asked about: the laboratory's confirmations."""
    return Subject(OPEN, command.laboratory)


def confirm(
    state: Confirmations, command: ConfirmRow, actor: Actor, library: Library
) -> list[NewFact] | Refusal:
    """The confirmation as a fact, or why there is none."""
    row = library.row(command.row)
    if row is None:
        return _refusal(
            "row-unknown",
            found=command.row,
            accepted="the id of a row of a pack",
            message=f"no pack has a row {command.row}; look it up with `presis knowledge show`.",
        )
    if refusal := _refused(state, command, actor, row):
        return refusal
    payload = RowConfirmed(
        row=row.row,
        pack=row.pack,
        version=row.version,
        content=row.content,
        source=command.source.strip(),
        note=command.note,
    )
    return [NewFact(stream=command.stream, payload=payload, rules={row.pack: row.version})]


def decider(
    library: Callable[[], Library],
) -> Callable[[Mapping[str, Any], ConfirmRow, Edge], Sequence[NewFact] | Refusal]:
    """`confirm` as the edge calls it, over a library that is loaded when it is needed."""

    def decide(states: Mapping[str, Any], command: ConfirmRow, edge: Edge) -> Sequence[NewFact] | Refusal:
        return confirm(states[command.stream], command, edge.actor, library())

    return decide


def _refused(state: Confirmations, command: ConfirmRow, actor: Actor, row: PackRow) -> Refusal | None:
    if command.laboratory != actor.organisation:
        return _refusal(
            "laboratory-not-yours",
            found=command.laboratory,
            accepted=actor.organisation,
            message=f"you act for {actor.organisation} and can't confirm a row for {command.laboratory}.",
        )
    if not command.source.strip():
        return _refusal(
            "source-missing",
            found="no source",
            accepted="the document or address where the row was read",
            message="say where the row was read, as the source.",
        )
    if row.confidence is None or row.confidence == "read":
        return _refusal(
            "row-needs-none",
            found=row.confidence or "a row without confidence",
            accepted="a row that is recalled or imported",
            message=f"{row.row} was read at its source and counts already.",
        )
    earlier = state.rows.get(row.row)
    if earlier is not None and earlier.content == row.content:
        return _refusal(
            "row-confirmed-already",
            found=earlier.source,
            accepted="a row that isn't confirmed",
            message=f"{row.row} is confirmed already, from {earlier.source}.",
        )
    return None


def _refusal(code: str, *, found: str, accepted: str, message: str) -> Refusal:
    return Refusal(
        code=code, rule="knowledge/row-confirmed-at-source", found=found, accepted=accepted, message=message
    )
