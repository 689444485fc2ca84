"""Whose a specimen is by its requisition, and a report for those who needn't know it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from presis.diagnostics.report_marker_model import IdentityJson
from presis.diagnostics.report_marker_view import identity_sentence
from presis.diagnostics.report_model import ReportContent
from presis.diagnostics.report_parts import ReasonJson, RequestedJson
from presis.diagnostics.requisition import Requisition
from presis.documents.language import Language, Words, words
from presis.documents.runs import Runs
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
        sex=received.sex,
        birth_year=received.birth_year,
    )


def without_identity(content: ReportContent, number: str) -> ReportContent:
    """A report for whoever doesn't treat the patient: its number stands where the patient was named.

    What the files call the sample, its blocks and the files' own names name the patient as well, and so may
    a person's words on a mismatch: that there is one, and that somebody answers for it, stays said.
    Its hash is another than that of what was signed: it is drawn, and never kept or sent on.
    """
    told = [_untold(each) for each in content.identity]
    return content.model_copy(
        update={
            "requested": None,
            "sample": number,
            "dna_sample": number if content.dna_sample else None,
            "rna_sample": number if content.rna_sample else None,
            "specimen": content.specimen.model_copy(update={"pseudonym": number, "comments": []}),
            "inputs": [each.model_copy(update={"name": each.kind}) for each in content.inputs],
            "attachments": [each.model_copy(update={"name": each.kind}) for each in content.attachments],
            "findings": [each.model_copy(update={"source": None}) for each in content.findings],
            "left_out": [each.model_copy(update={"source": None}) for each in content.left_out],
            "not_usable": [each.model_copy(update={"file": "", "found": ""}) for each in content.not_usable],
            "markers": [_of_no_block(each) for each in content.markers],
            "disagreements": [
                each.model_copy(update={"sides": [_of_no_block(side) for side in each.sides]})
                for each in content.disagreements
            ],
            "identity": told,
            "conclusion": {
                language: _conclusion(runs, content.identity, told, words(Language(language)))
                for language, runs in content.conclusion.items()
            },
        }
    )


def _of_no_block(told: Any) -> Any:
    """A result, or one side of a disagreement, without the specimen that it was found in."""
    gone = {name: None for name in ("specimen", "block") if name in type(told).model_fields}
    return told.model_copy(update=gone)


def _untold(check: IdentityJson) -> IdentityJson:
    """A check without the names that it rests on, and without what a person wrote of them."""
    accepted = None if check.accepted is None else check.accepted.model_copy(update={"why": ""})
    reason = check.reason
    if any(isinstance(value, str) for value in reason.values.values()):
        code = f"identity.untold-{check.result}"
        reason = ReasonJson(code=code, values={}, text=words(Language.EN).say(code))
    return check.model_copy(update={"reason": reason, "accepted": accepted, "other": None})


def _conclusion(
    runs: Runs, checks: Sequence[IdentityJson], untold: Sequence[IdentityJson], say: Words
) -> Runs:
    """The conclusion with what it says of identity told without names.

    A sentence that the catalogue of today doesn't make any more loses the names alone.
    """
    instead = {
        identity_sentence(one, say): identity_sentence(other, say)
        for one, other in zip(checks, untold, strict=True)
    }
    out = [(style, instead.get(text, text)) for style, text in runs]
    found = {text for _, text in runs}
    mismatches = [each for each in checks if each.result == "mismatch"]
    left = [each for each in mismatches if identity_sentence(each, say) not in found]
    for name in sorted({name for each in left for name in _names(each)}, key=len, reverse=True):
        out = [(style, text.replace(name, "…")) for style, text in out]
    return tuple(out)


def _names(check: IdentityJson) -> list[str]:
    said = check.accepted.why.rstrip(". ") if check.accepted else ""
    return [value for value in (*check.reason.values.values(), said) if isinstance(value, str) and value]
