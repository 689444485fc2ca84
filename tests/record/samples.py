"""A room small enough to read at a glance: samples are received, measured and discarded."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, assert_never
from uuid import UUID

from presis.governance.access import AccessRow, AccessTable
from presis.governance.room import ROOM as GOVERNANCE
from presis.record import (
    Actor,
    Command,
    Edge,
    Fact,
    FactModel,
    Handling,
    NewFact,
    Refusal,
    Room,
    StreamKind,
    Subject,
    View,
    fold,
    numbered,
)
from presis.record.room import RECORD_ROOM

KARI = Actor("kari.lab", "molecular_pathologist", "haukeland")
MONA = Actor("mona.bio", "bioinformatician", "haukeland")
JONAS = Actor("jonas.lab", "molecular_pathologist", "ous")
LIV = Actor("liv.onc", "oncologist", "haukeland")
START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


class SampleReceived(FactModel):
    kind: ClassVar[str] = "samples.received/1"

    tissue: str


class SampleMeasured(FactModel):
    kind: ClassVar[str] = "samples.measured/1"

    tumour_percent: int
    note: str | None = None


class SampleDiscarded(FactModel):
    kind: ClassVar[str] = "samples.discarded/1"


SampleFact = SampleReceived | SampleMeasured | SampleDiscarded


@dataclass(frozen=True, slots=True)
class Sample:
    state: str = "absent"
    tissue: str | None = None
    organisation: str | None = None
    measured: tuple[int, ...] = ()


def apply(state: Sample, fact: Fact[SampleFact]) -> Sample:
    match fact.payload:
        case SampleReceived(tissue=tissue):
            return replace(state, state="received", tissue=tissue, organisation=fact.actor.organisation)
        case SampleMeasured(tumour_percent=percent):
            return replace(state, measured=(*state.measured, percent))
        case SampleDiscarded():
            return replace(state, state="discarded")
        case unreachable:
            assert_never(unreachable)


def state_of(facts: Iterable[Fact[Any]]) -> Sample:
    return fold(apply, Sample(), facts)


def rows(_stream: str, facts: Sequence[Fact[Any]]) -> Iterable[Mapping[str, Any]]:
    sample = state_of(facts)
    if sample.state != "absent":
        best = max(sample.measured, default=None)
        yield {
            "state": sample.state,
            "tissue": sample.tissue,
            "organisation": sample.organisation,
            "best": best,
        }


def measurement_rows(_stream: str, facts: Sequence[Fact[Any]]) -> Iterable[Mapping[str, Any]]:
    for percent in state_of(facts).measured:
        yield {"share": percent / 100}


SAMPLES = View(
    name="samples",
    version=1,
    prefix="sample",
    columns={"state": str, "tissue": str, "organisation": str, "best": int},
    rows=rows,
)
MEASUREMENTS = View(
    name="measurements", version=1, prefix="sample", columns={"share": float}, rows=measurement_rows
)


class ReceiveSample(Command):
    tissue: str


class MeasureSample(Command):
    sample: str
    tumour_percent: int


class DiscardSample(Command):
    sample: str


def receive(_states: Mapping[str, Any], command: ReceiveSample, edge: Edge) -> list[NewFact]:
    year = edge.today.year
    name = numbered("S", edge.next_number("S", year), year)
    return [NewFact(stream=f"sample-{name}", payload=SampleReceived(tissue=command.tissue))]


def measure(states: Mapping[str, Any], command: MeasureSample, _edge: Edge) -> list[NewFact] | Refusal:
    sample: Sample = states[f"sample-{command.sample}"]
    if sample.state == "discarded":
        return Refusal(
            code="sample-discarded",
            rule="samples/measure-what-is-there",
            found="discarded",
            accepted="received",
            message=f"{command.sample} was discarded and can't be measured.",
        )
    return [
        NewFact(
            stream=f"sample-{command.sample}",
            payload=SampleMeasured(tumour_percent=command.tumour_percent),
            occurred="2026-11",
            rules={"tumour-content": "2026-05"},
        )
    ]


def discard(_states: Mapping[str, Any], command: DiscardSample, _edge: Edge) -> list[NewFact]:
    return [NewFact(stream=f"sample-{command.sample}", payload=SampleDiscarded())]


def _subject(state: Sample) -> Subject:
    return Subject(state.state, state.organisation)


STATES = ("absent", "received", "discarded", "new")
ROOM = Room(
    name="samples",
    facts=(SampleReceived, SampleMeasured, SampleDiscarded),
    streams=(StreamKind(prefix="sample", initial=Sample(), apply=apply, subject=_subject),),
    views=(SAMPLES, MEASUREMENTS),
    commands=(
        Handling(command=ReceiveSample, action="receive", reads=lambda _: (), decide=receive),
        Handling(
            command=MeasureSample, action="measure", reads=lambda c: (f"sample-{c.sample}",), decide=measure
        ),
        Handling(
            command=DiscardSample, action="discard", reads=lambda c: (f"sample-{c.sample}",), decide=discard
        ),
    ),
    actions={"receive": STATES, "measure": STATES, "discard": STATES, "show": STATES},
)
ROOMS = (RECORD_ROOM, GOVERNANCE, ROOM)


def _row(role: str, action: str, state: Any = "any", scope: str = "own-organisation") -> AccessRow:
    return AccessRow.model_validate({"role": role, "action": action, "state": state, "scope": scope})


ACCESS = AccessTable(
    [
        _row("bioinformatician", "receive"),
        _row("molecular_pathologist", "receive"),
        _row("molecular_pathologist", "measure"),
        _row("molecular_pathologist", "discard", ["received"]),
        _row("molecular_pathologist", "show"),
        _row("bioinformatician", "show", "any", "any"),
        _row("system", "raise-task", "any", "any"),
        _row("system", "measure", "any", "any"),
        _row("system", "discard", ["received"], "any"),
        _row("laboratory_manager", "show-task"),
        _row("data_steward", "show-task", "any", "any"),
        _row("laboratory_manager", "close-task", ["open"]),
    ]
)


def ticking(step: timedelta = timedelta(minutes=1)) -> Callable[[], datetime]:
    """A clock that moves on by a step each time it is looked at."""
    moments = (START + number * step for number in range(10**9))
    return lambda: next(moments)


def counting(first: int = 1) -> Callable[[], UUID]:
    """Ids that count, so that a test can name them."""
    numbers = iter(range(first, 10**9))
    return lambda: UUID(int=next(numbers))


def received(stream: str = "sample-1", tissue: str = "colon") -> NewFact:
    return NewFact(stream=stream, payload=SampleReceived(tissue=tissue))


def measured(percent: int, stream: str = "sample-1") -> NewFact:
    return NewFact(stream=stream, payload=SampleMeasured(tumour_percent=percent))
