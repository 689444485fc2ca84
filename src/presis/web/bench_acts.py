"""What is done at the bench: a requisition registered, assessed, moved on, repeated, called off."""

from __future__ import annotations

import re
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
from presis.governance.patients import Identity, normalised
from presis.record import Conflict, Refusal, clinical_date
from presis.web.page import Frame, Visit
from presis.web.requisition import act, show_again
from presis.web.requisition_form import FIELDS, TICKS, Reader, organisations, typed


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
        today=visit.say.day(visit.application.clock().date()),
        command=str(visit.application.ids()),
    )
    return visit.page(model, (), "requisitions/new", status=status)


def receive(visit: Visit) -> Response:
    """Register a requisition; every field that can't be used is said at once."""
    form = typed(visit)
    told = {"patient": visit.told("patient"), "received": visit.told("received"), **form.told}
    problems = {
        name: visit.say.say(f"web.{name}-missing") for name in ("patient", "received") if not told[name]
    } | form.problems
    received = Reader(visit, told, problems)("received", parse_day, "web.day-malformed")
    if problems:
        return _form(visit, told, problems, 422)
    actor = visit.actor
    index = visit.application.keys().index("identity", normalised(actor.organisation, told["patient"]))
    command = ReceiveRequisition(
        id=visit.command_id(),
        identity=Identity(text=told["patient"], index=index),
        received=received,
        details=told["details"] or None,
        **form.values,
    )
    outcome = visit.application.handle(command, actor)
    if isinstance(outcome, Refusal):
        if outcome.rule.startswith("access/"):
            return visit.refused(outcome, "/requisitions", "requisitions/new")
        return _form(visit, told, {"received": visit.refusal_words(outcome)}, 422)
    if isinstance(outcome, Conflict):
        return visit.conflict(outcome, "/requisitions/new")
    number = next(fact.payload.number for fact in outcome if fact.stream.startswith("requisition-"))
    return visit.done(f"/requisitions/{number}", "web.received", number=number)


def parse_day(text: str) -> str:
    """A day as people write it, `24.11.2026` or `2026-11-24`, as ISO.

    Raises:
        BadInput: if it is no day that exists.

    """
    match = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text)
    iso = f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}" if match else text
    if len(iso) != 10:
        raise ValueError(text)
    return clinical_date(iso)


def parse_share(text: str) -> float:
    """A share in per cent, with comma or point, as a fraction; raises ValueError."""
    share = float(text.replace("%", "").replace(",", ".").strip()) / 100
    if not 0 <= share <= 1:
        raise ValueError(text)
    return share


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
