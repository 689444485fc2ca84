"""What is done at the bench: a requisition registered, assessed, moved on, repeated, called off."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from starlette.responses import Response

from presis.diagnostics.report_making import tumour_code
from presis.diagnostics.requisition import (
    AskRepeat,
    AssessMaterial,
    CancelRequisition,
    ReceiveRequisition,
    TakeStep,
)
from presis.errors import BadInput
from presis.governance.patients import Identity, normalised
from presis.knowledge import load_library
from presis.record import Conflict, Refusal, clinical_date
from presis.web.page import Frame, Visit
from presis.web.requisition import act, show_again


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


FIELDS = (
    "patient",
    "specimen",
    "received",
    "requester",
    "tumour",
    "birth_year",
    "sex",
    "sample_type",
    "details",
)


def new(visit: Visit) -> Response:
    """The empty form."""
    if refusal := visit.application.access.may_ever(visit.actor, "receive-requisition"):
        return visit.refused(refusal, "/requisitions", "requisitions/new")
    return _form(visit, {}, {})


def _form(visit: Visit, told: Mapping[str, str], problems: Mapping[str, str], status: int = 200) -> Response:
    model = NewPage(
        frame=visit.frame(visit.say.say("web.new-requisition"), "/requisitions"),
        told={name: told.get(name, "") for name in (*FIELDS, "urgent")},
        problems=problems,
        organisations=tuple((each.id, each.name) for each in visit.house.directory.organisations),
        today=visit.say.day(visit.application.clock().date()),
        command=str(visit.application.ids()),
    )
    return visit.page(model, (), "requisitions/new", status=status)


def receive(visit: Visit) -> Response:
    """Register a requisition; every field that can't be used is said at once."""
    told = {name: visit.told(name) for name in (*FIELDS, "urgent")}
    problems: dict[str, str] = {}

    def read(name: str, how: Callable[[str], Any], code: str) -> Any:
        try:
            return how(told[name]) if told[name] else None
        except (ValueError, BadInput):
            problems[name] = visit.say.say(code)
            return None

    for name in ("patient", "specimen", "received", "requester"):
        if not told[name]:
            problems[name] = visit.say.say(f"web.{name}-missing")
    received = read("received", parse_day, "web.day-malformed")
    born = read("birth_year", lambda text: _year(text, visit), "web.year-malformed")
    tumour = read("tumour", lambda text: tumour_code(text, load_library()), "web.tumour-malformed")
    if problems:
        return _form(visit, told, problems, 422)
    actor = visit.actor
    index = visit.application.keys().index("identity", normalised(actor.organisation, told["patient"]))
    command = ReceiveRequisition(
        id=visit.command_id(),
        identity=Identity(text=told["patient"], index=index),
        received=received,
        requester=told["requester"],
        urgent=told["urgent"] == "yes",
        specimen=told["specimen"],
        sample_type=told["sample_type"] or None,
        tumour=tumour,
        birth_year=born,
        sex=told["sex"] or None,
        details=told["details"] or None,
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


def _year(text: str, visit: Visit) -> int:
    year = int(text)
    if not 1900 <= year <= visit.application.clock().year:
        raise ValueError(text)
    return year


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
