"""What is done at the bench: a requisition registered, assessed, moved on, repeated, called off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from starlette.responses import Response

from presis.diagnostics.requisition import (
    AskRepeat,
    AssessMaterial,
    CancelRequisition,
    ReceiveRequisition,
    TakeStep,
)
from presis.diagnostics.requisition_form import FIELDS, TICKS, parse_share, read_receipt
from presis.diagnostics.specimen_numbers import number_faults, patient_known_by
from presis.governance.patients import Identity, normalised
from presis.record import Conflict, Refusal
from presis.web.page import Frame, Visit
from presis.web.requisition import act, show_again
from presis.web.requisition_form import organisations


@dataclass(frozen=True, slots=True)
class NewPage:
    """The form of a new requisition; what was typed stays, and errors stand at their fields."""

    template: ClassVar[str] = "new.html"
    frame: Frame
    told: Mapping[str, str]
    problems: Mapping[str, str]
    organisations: tuple[tuple[str, str], ...]
    today: str
    command: str


def new(visit: Visit) -> Response:
    """The empty form."""
    if refusal := visit.application.access.may_ever(visit.actor, "receive-requisition"):
        return visit.refused(refusal, "/requisitions", "requisitions/new")
    return _form(visit, {}, {})


def _form(visit: Visit, told: Mapping[str, str], problems: Mapping[str, str], status: int = 200) -> Response:
    model = NewPage(
        frame=visit.frame(visit.say.say("web.new-requisition"), "/requisitions"),
        told={name: told.get(name, "") for name in ("patient", "received", *FIELDS, *TICKS)},
        problems=problems,
        organisations=organisations(visit),
        today=f"{visit.application.clock().date():%d.%m.%Y}",  # as the field takes it, in both languages
        command=str(visit.application.ids()),
    )
    return visit.page(model, (), "requisitions/new", status=status)


def receive(visit: Visit) -> Response:
    """Register a requisition; every field that can't be used is said at once."""
    told = {name: visit.told(name) for name in ("patient", "received", *FIELDS, *TICKS)}
    known = [name for name, _ in organisations(visit)]
    values, faults = read_receipt(told, known, visit.application.clock().date())
    if faults:
        return _form(visit, told, {name: visit.say.say(code) for name, code in faults.items()}, 422)
    actor, application = visit.actor, visit.application
    index = application.keys().index("identity", normalised(actor.organisation, told["patient"]))
    identity = Identity(text=told["patient"], index=index)
    patient = patient_known_by(application.record, identity)
    if faults := number_faults(application.record, actor.organisation, values["specimen"], patient):
        return _form(visit, told, {name: visit.say.say(code) for name, code in faults.items()}, 422)
    command = ReceiveRequisition(id=visit.command_id(), identity=identity, **values)
    outcome = application.handle(command, actor)
    if isinstance(outcome, Refusal):
        if outcome.rule.startswith("access/"):
            return visit.refused(outcome, "/requisitions", "requisitions/new")
        return _form(visit, told, {"received": visit.refusal_words(outcome)}, 422)
    if isinstance(outcome, Conflict):
        return visit.conflict(outcome, "/requisitions/new")
    number = next(fact.payload.number for fact in outcome if fact.stream.startswith("requisition-"))
    return visit.done(f"/requisitions/{number}", "web.received", number=number)


def assess(visit: Visit, number: str) -> Response:
    """The material's assessment."""
    cells = visit.told("cells")
    try:
        share = parse_share(cells) if cells else None
    except ValueError:
        return show_again(visit, number, visit.typed(), visit.say.say("web.share-malformed"))
    return act(
        visit,
        number,
        lambda base: AssessMaterial(
            **base, adequate=visit.told("adequate") == "yes", cells=share, note=visit.told("note") or None
        ),
        "web.assessed",
    )


def step(visit: Visit, number: str) -> Response:
    """A step at the bench."""
    return act(visit, number, lambda base: TakeStep(**base, step=visit.told("step")), "web.step-taken")


def repeat(visit: Visit, number: str) -> Response:
    """Something to be done again."""
    return act(
        visit,
        number,
        lambda base: AskRepeat(**base, what=visit.told("what"), note=visit.told("note") or None),
        "web.repeat-asked",
    )


def cancel(visit: Visit, number: str) -> Response:
    """Called off."""
    return act(visit, number, lambda base: CancelRequisition(**base, why=visit.told("why")), "web.cancelled")
