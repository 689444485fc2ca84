"""Days of the access log: hashed into one fact each when they are over, and held against it later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, assert_never

from pydantic import Field

from presis.governance.facts import AccessDaySealed
from presis.record import Command, Edge, Fact, NewFact

if TYPE_CHECKING:
    from presis.record.store import Record

PREFIX = "accesses"


class SealAccessDay(Command):
    """Put the hash of a finished day's rows on the record. Given by Presis itself alone."""

    day: date
    rows: int = Field(ge=0)
    sha256: str


def stream_of(day: date) -> str:
    """The stream of a day."""
    return f"{PREFIX}-{day.isoformat()}"


def apply(_state: AccessDaySealed | None, fact: Fact[AccessDaySealed]) -> AccessDaySealed:
    """The day after its fact."""
    match fact.payload:
        case AccessDaySealed() as sealed:
            return sealed
        case unreachable:
            assert_never(unreachable)


def seal_day(states: Mapping[str, Any], command: SealAccessDay, edge: Edge) -> list[NewFact]:
    """The day's fact; nothing if it is sealed already, or isn't over."""
    stream = stream_of(command.day)
    if states[stream] is not None or command.day >= edge.today:
        return []
    payload = AccessDaySealed(day=command.day.isoformat(), rows=command.rows, sha256=command.sha256)
    return [NewFact(stream=stream, payload=payload)]


@dataclass(frozen=True, slots=True)
class DayFault:
    """A day whose rows aren't those that were hashed."""

    day: str
    message: str


def faults(record: Record) -> Iterator[DayFault]:
    """Every sealed day that differs from its fact: rows were changed, added or taken away."""
    from presis.record.access_log import day_hash

    for fact in record.facts():
        if fact.kind != AccessDaySealed.kind:
            continue
        sealed: AccessDaySealed = fact.payload
        rows, digest = day_hash(record.database, date.fromisoformat(sealed.day))
        if digest != sealed.sha256:
            yield DayFault(
                sealed.day,
                f"the access log of {sealed.day} isn't what was sealed: {sealed.rows} rows then, {rows} now.",
            )
