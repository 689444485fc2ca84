"""Whose a specimen is by its requisition, and a report for those who needn't know it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from presis.diagnostics.report_model import ReportContent
from presis.diagnostics.report_parts import RequestedJson
from presis.diagnostics.requisition import Requisition
from presis.governance import load_directory

if TYPE_CHECKING:
    from presis.record.store import Record


def patient_name(record: Record, unseal: Callable[[str], bytes], patient: str) -> str | None:
    """A patient as the laboratory calls the person; None where the record knows nobody by that id."""
    facts = record.stream(f"patient-{patient}")
    return unseal(facts[0].payload.identity).decode() if facts else None


def requested(record: Record, unseal: Callable[[str], bytes], state: Requisition) -> RequestedJson | None:
    """Whose the specimen is, and who asked; None before it was received."""
    received = state.received
    if received is None:
        return None
    requester = load_directory().organisation(received.requester)
    return RequestedJson(
        requisition=received.number,
        patient=patient_name(record, unseal, received.patient) or "",
        specimen=received.specimen,
        requester=requester.name if requester else received.requester,
        received=state.received_on,
    )


def without_identity(content: ReportContent, number: str) -> ReportContent:
    """A report for whoever doesn't treat the patient: its number stands where the patient was named.

    Its hash is another than that of what was signed: it is drawn, and never kept or sent on.
    """
    specimen = content.specimen.model_copy(update={"pseudonym": number})
    return content.model_copy(update={"requested": None, "specimen": specimen})
