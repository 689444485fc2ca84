"""A requisition put right: what was written down wrong at receipt, or has been told since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from presis.diagnostics.facts import FilesRead, RequisitionReceived
from presis.diagnostics.receipt import before_birth
from presis.diagnostics.refusals import refusal
from presis.diagnostics.report_model import ReportContent
from presis.diagnostics.requisition import (
    LONGEST_SPECIMEN,
    OfRequisition,
    Requisition,
    sealed,
    stream_of,
)
from presis.diagnostics.sample_types import refused_sample_type
from presis.record import Edge, NewFact, Refusal

#: What can be put right; whose specimen it is can't: that is another requisition.
FIELDS = (
    "requester",
    "urgent",
    "specimen",
    "sample_type",
    "tumour",
    "birth_year",
    "sex",
    "predisposition_declined",
)


class CorrectRequisition(OfRequisition):
    """Put a requisition right; each field is what should stand there.

    `content` is what is computed of the files by the corrected requisition; it is needed once they are
    in review, since the tumour's type and the patient's wishes change what is read in them.
    """

    requester: str = Field(min_length=1)
    urgent: bool
    specimen: str = Field(min_length=1, max_length=LONGEST_SPECIMEN)
    sample_type: str | None
    tumour: str | None
    birth_year: int | None
    sex: str | None
    predisposition_declined: bool
    details: str | None
    content: ReportContent | None = None


def put_right(received: RequisitionReceived, command: CorrectRequisition) -> RequisitionReceived:
    """What is received, as it will stand, with the fields that a person has put right; no `details`."""
    told = {name: getattr(command, name) for name in FIELDS}
    changed = [name for name, value in told.items() if value != getattr(received, name)]
    confirmed = tuple(dict.fromkeys((*received.confirmed, *changed)))
    return received.model_copy(update={**told, "confirmed": confirmed})


def correct(states: Mapping[str, Any], command: CorrectRequisition, edge: Edge) -> list[NewFact] | Refusal:
    """The correction, and in review a reading of the same files by it."""
    state: Requisition = states[stream_of(command.number)]
    received = state.received
    if received is None:
        return _nothing(command.number)
    no = refused_sample_type(command.sample_type) or before_birth(state.received_on, command.birth_year)
    if no:
        return no
    told = put_right(received, command)
    changed = [name for name in FIELDS if getattr(told, name) != getattr(received, name)]
    if command.details is not None:
        told = told.model_copy(update={"details": sealed(state, command.details, edge)})
        changed.append("details")
    if not changed:
        return _nothing(command.number)
    facts = [
        NewFact(
            stream=stream_of(command.number),
            payload=told,
            reason=f"corrects {', '.join(changed)}",
            corrects=state.position,
        )
    ]
    if state.state == "review" and state.reading is not None:
        if command.content is None:
            return refusal(
                "content-missing",
                found="no content",
                accepted="the files' content by the corrected requisition",
                message=f"the files of {command.number} have to be read by what the requisition says now.",
            )
        facts.append(_read_again(state, state.reading, command.content, edge))
    return facts


def _read_again(state: Requisition, reading: FilesRead, content: ReportContent, edge: Edge) -> NewFact:
    patient = state.received.patient if state.received else ""
    payload = reading.model_copy(
        update={
            "reading": reading.reading + 1,
            "content": edge.seal(patient, content.canonical()),
            "findings": len(content.findings),
        }
    )
    rules = {f"knowledge/{pack.pack}": pack.version for pack in content.knowledge}
    return NewFact(stream=stream_of(state.number), payload=payload, rules={**content.rules, **rules})


def _nothing(number: str) -> Refusal:
    return refusal(
        "nothing-changed",
        found="the same",
        accepted="a field that differs",
        message=f"nothing of {number} was changed, so there is nothing to put right.",
    )
