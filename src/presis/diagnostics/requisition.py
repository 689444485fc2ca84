"""A requisition and its way through the laboratory: received, at the bench, read, reviewed, signed.

The states are `received`, `inadequate` (waits for new tissue), `adequate`, `extracted`, `library`,
`sequenced`, `review`, `to_sign`, `signed` and `cancelled`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, assert_never

from pydantic import Field

from presis.diagnostics import facts as recorded
from presis.diagnostics.facts import (
    FilesRead,
    FindingJudged,
    MismatchAccepted,
    RequisitionFact,
    RequisitionReceived,
    ReviewFact,
)
from presis.diagnostics.receipt import refused_receipt
from presis.diagnostics.refusals import refusal
from presis.diagnostics.sample_types import known_sample_type, refused_sample_type
from presis.governance.patients import Identity, patient_for
from presis.record import Command, Edge, Fact, NewFact, Refusal, Subject, numbered

NUMBERS = "Q"
LONGEST_SPECIMEN = 64
STATES = (
    "received",
    "inadequate",
    "adequate",
    "extracted",
    "library",
    "sequenced",
    "review",
    "to_sign",
    "signed",
    "cancelled",
)
#: The states at the bench, in order; what is to be repeated goes back to the state before it.
BENCH = ("adequate", "extracted", "library", "sequenced")
BEFORE = {
    "extraction": "adequate",
    "library": "extracted",
    "sequencing": "library",
    "new_tissue": "inadequate",
}
NUMBER_PATTERN = r"^Q-\d{4}-\d{4,}$"


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A step of the way: which, on which day, and by whom it was recorded."""

    step: str
    on: str
    person: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """A judgement as the facts have it; its words are sealed."""

    fact: FindingJudged
    person: str
    on: str


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A mismatch of identity that a person answered for; what and why are sealed."""

    fact: MismatchAccepted
    person: str
    on: str


@dataclass(frozen=True, slots=True)
class Requisition:
    """A requisition as its facts leave it. `since` is the day on which it came into its state.

    `position` is where the record holds its receipt. `repeated_after` is how many readings there were when
    something was last to be repeated: what was judged or accepted of them holds for no later one.
    """

    position: int = 0
    received: RequisitionReceived | None = None
    received_on: str = ""
    state: str = "absent"
    since: str = ""
    cells: float | None = None
    steps: tuple[StepTaken, ...] = ()
    repeats: tuple[StepTaken, ...] = ()
    readings: tuple[FilesRead, ...] = ()
    repeated_after: int = 0
    judgements: Mapping[str, Judgement] = field(default_factory=dict)
    accepted: tuple[Acceptance, ...] = ()
    text: str | None = None
    report: str | None = None
    version: int = 0
    needed: int = 1
    signers: tuple[str, ...] = ()
    amending: str | None = None

    @property
    def number(self) -> str:
        """The number that people say."""
        return self.received.number if self.received else ""

    @property
    def reading(self) -> FilesRead | None:
        """What was read last."""
        return self.readings[-1] if self.readings else None


def apply(state: Requisition, fact: Fact[RequisitionFact]) -> Requisition:
    """The requisition after one more fact."""
    on = fact.occurred or fact.recorded.date().isoformat()
    payload = fact.payload
    match payload:
        case RequisitionReceived():
            first = StepTaken("received", on, fact.actor.person)
            told = _with_code(payload)
            return Requisition(
                fact.position, told, received_on=on, state="received", since=on, steps=(first,)
            )
        case recorded.MaterialAssessed(adequate=adequate, cells=cells):
            steps = (*state.steps, StepTaken("material", on, fact.actor.person))
            reached = "adequate" if adequate else "inadequate"
            return replace(state, state=reached, since=on, cells=cells, steps=steps)
        case recorded.StepDone(step=step):
            return _reached(state, step, step, on, fact)
        case recorded.RepeatAsked(what=what):
            repeats = (*state.repeats, StepTaken(what, on, fact.actor.person))
            again = replace(state, repeated_after=len(state.readings), text=None, accepted=())
            return replace(again, state=BEFORE[what], since=on, repeats=repeats)
        case recorded.RequisitionCancelled():
            return replace(state, state="cancelled", since=on)
        case _:
            return _reviewed(state, fact, payload, on)


def _reviewed(state: Requisition, fact: Fact[RequisitionFact], payload: ReviewFact, on: str) -> Requisition:
    """The requisition after one more fact of its review."""
    match payload:
        case FilesRead():
            read = replace(state, readings=(*state.readings, payload))
            return _reached(read, "review", "read", on, fact)
        case FindingJudged(finding=finding, verdict=verdict):
            judged = {key: each for key, each in state.judgements.items() if key != finding}
            if verdict != "withdrawn":
                judged[finding] = Judgement(payload, fact.actor.person, fact.recorded.date().isoformat())
            return replace(state, judgements=judged)
        case MismatchAccepted():
            on = fact.recorded.date().isoformat()
            return replace(state, accepted=(*state.accepted, Acceptance(payload, fact.actor.person, on)))
        case recorded.InterpretationWritten(text=text):
            return replace(state, text=text)
        case recorded.ReviewConcluded(report=report, version=version, signatures_needed=needed):
            concluded = _reached(state, "to_sign", "interpreted", on, fact)
            return replace(concluded, report=report, version=version, needed=needed, signers=())
        case recorded.ReviewReopened(reason=reason):
            return replace(state, state="review", since=on, amending=reason, signers=())
        case recorded.ReviewSigned(person=person, complete=complete):
            signed = replace(state, signers=(*state.signers, person))
            return _reached(signed, "signed", "signed", on, fact) if complete else signed
        case _:
            assert_never(payload)


def _with_code(received: RequisitionReceived) -> RequisitionReceived:
    """What was received, with the code of a sample's kind where an older fact says it in words."""
    code = known_sample_type(received.sample_type)
    return received if code is None else received.model_copy(update={"sample_type": code})


def _reached(state: Requisition, reached: str, step: str, on: str, fact: Fact[Any]) -> Requisition:
    steps = (*state.steps, StepTaken(step, on, fact.actor.person))
    return replace(state, state=reached, since=on, steps=steps)


def subject(state: Requisition) -> Subject:
    """What access is asked about: the requisition's state, and the laboratory whose it is."""
    return Subject(state.state, state.received.organisation if state.received else None)


def stream_of(number: str) -> str:
    """The stream of a requisition."""
    return f"requisition-{number}"


class ReceiveRequisition(Command):
    """Register that a specimen has come in. `received` is a day; what is told in words is sealed."""

    identity: Identity
    received: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    requester: str = Field(min_length=1)
    urgent: bool = False
    specimen: str = Field(min_length=1, max_length=LONGEST_SPECIMEN)
    sample_type: str | None = None
    tumour: str | None = None
    birth_year: int | None = None
    sex: str | None = None
    details: str | None = None
    predisposition_declined: bool = False


class OfRequisition(Command):
    """A command about one requisition."""

    number: str = Field(pattern=NUMBER_PATTERN)


class AssessMaterial(OfRequisition):
    """Say whether the material is adequate, and its share of tumour cells (a fraction)."""

    adequate: bool
    cells: float | None = Field(default=None, ge=0, le=1)
    note: str | None = None


class TakeStep(OfRequisition):
    """Say that a step at the bench is done, on a day."""

    step: str
    on: str | None = Field(default=None, pattern=r"^\d{4}-\d{2}-\d{2}$")


class AskRepeat(OfRequisition):
    """Ask that something be done again, and say why."""

    what: str
    note: str | None = None


class CancelRequisition(OfRequisition):
    """Call the requisition off, and say why."""

    why: str


def receive(states: Mapping[str, Any], command: ReceiveRequisition, edge: Edge) -> list[NewFact] | Refusal:
    """The requisition under a new number, and its patient, who may be new."""
    if no := refused_receipt(command.received, command.birth_year, edge.today):
        return no
    if no := refused_sample_type(command.sample_type):
        return no
    patient, new = patient_for(states, command.identity, edge)
    year = edge.today.year
    number = numbered(NUMBERS, edge.next_number(NUMBERS, year), year)
    payload = RequisitionReceived(
        number=number,
        organisation=edge.actor.organisation,
        patient=patient,
        details=edge.seal(patient, command.details) if command.details else None,
        **command.model_dump(
            include={
                *("requester", "urgent", "specimen", "sample_type", "tumour"),
                *("birth_year", "sex", "predisposition_declined"),
            }
        ),
    )
    return [*new, NewFact(stream=stream_of(number), payload=payload, occurred=command.received)]


def assess(states: Mapping[str, Any], command: AssessMaterial, edge: Edge) -> list[NewFact] | Refusal:
    """The material's assessment; if it isn't adequate, new tissue is waited for."""
    state: Requisition = states[stream_of(command.number)]
    if command.adequate and command.cells is None:
        return refusal(
            "cells-missing",
            found="no share of tumour cells",
            accepted="a share from 0 to 100 %",
            message="say the share of tumour cells: allele fractions and negatives are read by it.",
        )
    payload = recorded.MaterialAssessed(
        adequate=command.adequate, cells=command.cells, note=sealed(state, command.note, edge)
    )
    return [NewFact(stream=stream_of(command.number), payload=payload)]


def steps_ahead(state: Requisition) -> tuple[str, ...]:
    """The steps at the bench that are still to come."""
    return BENCH[BENCH.index(state.state) + 1 :] if state.state in BENCH else ()


def repeatable(state: Requisition) -> tuple[str, ...]:
    """What has been done, and can be asked for again."""
    reached = BENCH.index(state.state) if state.state in BENCH else len(BENCH)
    return tuple(what for what, back in BEFORE.items() if back not in BENCH or BENCH.index(back) < reached)


def take_step(states: Mapping[str, Any], command: TakeStep, edge: Edge) -> list[NewFact] | Refusal:
    """A step done; one that lies behind isn't done again without a repeat."""
    state: Requisition = states[stream_of(command.number)]
    ahead = steps_ahead(state)
    if command.step not in ahead:
        return refusal(
            "step-out-of-order",
            found=command.step,
            accepted=", ".join(ahead) or "nothing more at the bench",
            message=f"{command.number} is {state.state.replace('_', ' ')}; that step isn't ahead of it; "
            f"possible now: {', '.join(ahead) or 'nothing more at the bench'}.",
        )
    on = command.on or edge.today.isoformat()
    if not state.received_on <= on <= edge.today.isoformat():
        return refusal(
            "step-day",
            found=on,
            accepted=f"{state.received_on} to {edge.today}",
            message=f"a step is done between receipt ({state.received_on}) and today; give its day anew.",
        )
    payload = recorded.StepDone.model_validate({"step": command.step})
    return [NewFact(stream=stream_of(command.number), payload=payload, occurred=command.on)]


def ask_repeat(states: Mapping[str, Any], command: AskRepeat, edge: Edge) -> list[NewFact] | Refusal:
    """Back to the state before what is to be repeated."""
    state: Requisition = states[stream_of(command.number)]
    possible = repeatable(state)
    if command.what not in possible:
        return refusal(
            "repeat-not-done-yet",
            found=command.what,
            accepted=", ".join(possible),
            message="that hasn't been done yet, so it can't be repeated; choose what has.",
        )
    payload = recorded.RepeatAsked.model_validate(
        {"what": command.what, "note": sealed(state, command.note, edge)}
    )
    return [NewFact(stream=stream_of(command.number), payload=payload)]


def cancel(states: Mapping[str, Any], command: CancelRequisition, edge: Edge) -> list[NewFact] | Refusal:
    """The requisition called off, with its reason."""
    state: Requisition = states[stream_of(command.number)]
    why = sealed_why(state, command.why, edge, "say why the requisition is called off.")
    if isinstance(why, Refusal):
        return why
    return [NewFact(stream=stream_of(command.number), payload=recorded.RequisitionCancelled(reason=why))]


def sealed(state: Requisition, text: str | None, edge: Edge) -> str | None:
    """The hash of a text sealed under the patient's key; None for none."""
    if state.received is None or not (text or "").strip():
        return None
    return edge.seal(state.received.patient, (text or "").strip())


def sealed_why(state: Requisition, text: str, edge: Edge, message: str) -> str | Refusal:
    """The hash of a sealed reason; the refusal with its message where none was given."""
    why = sealed(state, text, edge)
    if why is not None:
        return why
    return refusal("reason-missing", found="no reason", accepted="a sentence", message=message)
