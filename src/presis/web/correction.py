"""A requisition put right in its form; in review its files are read again by what it says then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from starlette.responses import Response

from presis.diagnostics.bench import laboratory_interpreter
from presis.diagnostics.intake import corrected_content
from presis.diagnostics.report_model import ReportContent
from presis.diagnostics.requisition import Requisition
from presis.diagnostics.requisition_correction import CorrectRequisition
from presis.diagnostics.requisition_form import FIELDS, TICKS
from presis.diagnostics.specimen_numbers import number_faults
from presis.errors import BadInput
from presis.web.faults import Fault, faults_of
from presis.web.page import Frame, Visit
from presis.web.requisition import beside, opened, patient_of
from presis.web.requisition_form import organisations, typed


@dataclass(frozen=True, slots=True)
class CorrectPage:
    """The form of a requisition that is to be put right."""

    template: ClassVar[str] = "correct.html"
    frame: Frame
    number: str
    version: int
    read: bool
    told: Mapping[str, str]
    problems: Mapping[str, str]
    problem: str | None
    faults: tuple[Fault, ...]
    organisations: tuple[tuple[str, str], ...]
    command: str


def show(visit: Visit, number: str) -> Response:
    """The form with what stands now."""
    found = opened(visit, number, "correct-requisition")
    if isinstance(found, Response):
        return found
    state, version = found
    return _form(visit, state, version, _standing(visit, state), {}, None)


def _standing(visit: Visit, state: Requisition) -> dict[str, str]:
    received = state.received
    if received is None:
        return {}
    told = {name: str(getattr(received, name) or "") for name in FIELDS if name != "details"}
    ticks = {name: "yes" if getattr(received, name) else "" for name in TICKS}
    details = visit.application.open_content(received.details).decode() if received.details else ""
    return {**told, **ticks, "details": details}


def _form(
    visit: Visit,
    state: Requisition,
    version: int,
    told: Mapping[str, str],
    problems: Mapping[str, str],
    problem: str | None,
    faults: tuple[Fault, ...] = (),
) -> Response:
    model = CorrectPage(
        frame=visit.frame(visit.say.say("web.correct-of", {"number": state.number}), "/requisitions"),
        number=state.number,
        version=version,
        read=state.state == "review",
        told={name: told.get(name, "") for name in (*FIELDS, *TICKS)},
        problems=problems,
        problem=problem,
        faults=faults,
        organisations=organisations(visit),
        command=str(visit.application.ids()),
    )
    status = 422 if problem or problems else 200
    return visit.page(model, [patient_of(state)], f"requisitions/{state.number}/correct", status=status)


def correct(visit: Visit, number: str) -> Response:
    """Put right what differs."""
    found = opened(visit, number, "correct-requisition")
    if isinstance(found, Response):
        return found
    state, version = found
    form = typed(visit)
    if problems := form.problems or _number_problems(visit, state, form.values["specimen"]):
        return _form(visit, state, version, form.told, problems, None)
    details = form.told["details"] if form.told["details"] != _standing(visit, state)["details"] else None
    command = CorrectRequisition(
        id=visit.command_id(),
        number=number,
        **{**form.values, "details": details},
    )
    try:
        content = _content(visit, state, command)
    except BadInput as error:
        faults = faults_of(error, visit.say, f"/requisitions/{number}/correct")
        return _form(visit, state, version, form.told, {}, visit.say.say("web.not-put-right"), faults)
    href = f"/requisitions/{number}"
    outcome = visit.give(
        lambda base: command.model_copy(update={**base, "content": content}),
        href,
        lambda words: _form(visit, state, version, form.told, {}, words),
    )
    return outcome if isinstance(outcome, Response) else visit.done(href, "web.put-right")


def _number_problems(visit: Visit, state: Requisition, specimen: str) -> dict[str, str]:
    received = state.received
    if received is None or specimen == received.specimen:
        return {}
    faults = number_faults(visit.application.record, received.organisation, specimen, received.patient)
    return {name: visit.say.say(code) for name, code in faults.items()}


def _content(visit: Visit, state: Requisition, command: CorrectRequisition) -> ReportContent | None:
    """What the files say by the corrected requisition; None where they aren't in review."""
    received = state.received
    organisation = visit.house.directory.organisation(received.organisation if received else "")
    return corrected_content(
        state,
        command,
        visit.application.open_content,
        laboratory_interpreter(visit.application.record, visit.actor.organisation),
        organisation.name if organisation else None,
        lambda corrected: beside(visit, corrected),
    )
