"""Review before signing: a person keeps, drops or reclassifies each finding, writes, concludes and signs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from presis.diagnostics import facts as recorded
from presis.diagnostics.judged import VERDICTS
from presis.diagnostics.laboratories import laboratories
from presis.diagnostics.oncogenicity import CLASSES
from presis.diagnostics.refusals import identity_mismatch, refusal
from presis.diagnostics.report_life import Report, amended, registered, signature_of
from presis.diagnostics.report_life import stream_of as report_stream
from presis.diagnostics.report_marker_view import signing_stops_of
from presis.diagnostics.report_model import ReportContent
from presis.diagnostics.requisition import OfRequisition, Requisition, sealed_why, stream_of
from presis.record import Edge, NewFact, Refusal


class Upload(BaseModel):
    """A panel file as it is kept: its name, its kind as recognised, and its bytes for this sample alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: str
    data: bytes


class ReadFiles(OfRequisition):
    """Keep panel files with what was read of them: the profile's bytes and the computed content."""

    files: tuple[Upload, ...] = Field(min_length=1)
    profile: bytes
    content: ReportContent


class JudgeFinding(OfRequisition):
    """Judge a finding by its key; `oncogenicity` for `reclassified` alone.

    `computed` are the classes that the person saw. `verdict` may be `withdrawn`.
    """

    key: str = Field(min_length=1)
    label: str
    verdict: str
    oncogenicity: str | None = None
    computed: tuple[str, ...] = ()
    why: str = ""
    text: str | None = None


class WriteInterpretation(OfRequisition):
    """The interpretation of the whole, in free text."""

    text: str


class ConcludeReview(OfRequisition):
    """Make the report, or its next version, of the review; `content` is made with every judgement.

    `report` is the number of the report that is amended, None for a new one.
    """

    content: ReportContent
    report: str | None = None


class SignReview(OfRequisition):
    """Sign the report; `content_hash` is the content that the signer saw.

    `mismatches` are those of identity as they stand now: another result may have come since the review.
    """

    report: str
    content_hash: str = Field(min_length=8)
    mismatches: tuple[str, ...]


class ReopenReview(OfRequisition):
    """Review again, because the report is to be amended; `why` will stand on the new version."""

    why: str


def read_files(states: Mapping[str, Any], command: ReadFiles, edge: Edge) -> list[NewFact] | Refusal:
    """The files, the profile and the computed content sealed; the review begins anew."""
    state: Requisition = states[stream_of(command.number)]
    patient = _patient(state)
    files = tuple(
        recorded.KeptFile(sealed=edge.seal(patient, each.data), kind=each.kind, size=len(each.data))
        for each in command.files
    )
    content = command.content
    payload = recorded.FilesRead(
        reading=len(state.readings) + 1,
        files=files,
        profile=edge.seal(patient, command.profile),
        content=edge.seal(patient, content.canonical()),
        findings=len(content.findings),
        lost=sum(each.severity == "lost" for each in content.not_usable),
        run=edge.index("run", content.run) if content.run else None,
    )
    rules = {f"knowledge/{pack.pack}": pack.version for pack in content.knowledge}
    return [NewFact(stream=stream_of(command.number), payload=payload, rules={**content.rules, **rules})]


def judge(states: Mapping[str, Any], command: JudgeFinding, edge: Edge) -> list[NewFact] | Refusal:
    """The judgement; a reason is asked for whatever changes what was computed."""
    state: Requisition = states[stream_of(command.number)]
    if state.reading is None:
        return _nothing_read(command.number)
    if command.verdict not in (*VERDICTS, "withdrawn"):
        return refusal(
            "verdict-unknown",
            found=command.verdict,
            accepted=", ".join(VERDICTS),
            message="that isn't a judgement; choose one of those accepted.",
        )
    if command.verdict not in {"keep", "withdrawn"} and not command.why.strip():
        return refusal(
            "reason-missing",
            found="no reason",
            accepted="a sentence",
            message=f"say why {command.label} is judged so; the next who sees it will ask.",
        )
    if (command.verdict == "reclassified") != (command.oncogenicity in CLASSES):
        return refusal(
            "class-missing",
            found=command.oncogenicity or "no class",
            accepted=", ".join(CLASSES),
            message="a reclassified finding needs its class, and no other judgement takes one.",
        )
    told = {
        "key": command.key,
        "label": command.label,
        "why": command.why.strip(),
        "text": (command.text or "").strip() or None,
    }
    payload = recorded.FindingJudged.model_validate(
        {
            "reading": state.reading.reading,
            "finding": edge.index("finding", command.key),
            "verdict": command.verdict,
            "oncogenicity": command.oncogenicity,
            "computed": command.computed,
            "judgement": edge.seal(_patient(state), json.dumps(told, ensure_ascii=False)),
        }
    )
    return [NewFact(stream=stream_of(command.number), payload=payload)]


def write(states: Mapping[str, Any], command: WriteInterpretation, edge: Edge) -> list[NewFact] | Refusal:
    """The free text of the whole, sealed; an empty one takes the last one back."""
    state: Requisition = states[stream_of(command.number)]
    text = edge.seal(_patient(state), command.text.strip())
    return [NewFact(stream=stream_of(command.number), payload=recorded.InterpretationWritten(text=text))]


def conclude(states: Mapping[str, Any], command: ConcludeReview, edge: Edge) -> list[NewFact] | Refusal:
    """The report as a draft, and the requisition waiting for signatures."""
    state: Requisition = states[stream_of(command.number)]
    if state.reading is None or state.received is None:
        return _nothing_read(command.number)
    if state.report != command.report:
        return refusal(
            "other-report",
            found=command.report or "none",
            accepted=state.report or "none",
            message=f"the report of {command.number} is another; look at it again.",
        )
    content = command.content
    if stops := signing_stops_of(content):
        return identity_mismatch([each.text for each in stops])
    needed = laboratories().rules(state.received.organisation).signatures
    if command.report is None:
        made = registered(content, state.received.patient, edge, state.received, needed)
        version = 1
    else:
        before: Report = states[report_stream(command.report)]
        new = amended(before, content, state.amending or "", edge, needed, state.received)
        if isinstance(new, Refusal):
            return new
        made, version = new, before.current.number + 1
    report = made.stream.removeprefix(report_stream(""))
    payload = recorded.ReviewConcluded(report=report, version=version, signatures_needed=needed)
    return [made, NewFact(stream=stream_of(command.number), payload=payload)]


def sign(states: Mapping[str, Any], command: SignReview, edge: Edge) -> list[NewFact] | Refusal:
    """A signature on the report; with the last that is needed, the requisition is signed."""
    state: Requisition = states[stream_of(command.number)]
    report: Report = states[report_stream(command.report)]
    if state.report != command.report or not report.versions:
        return refusal(
            "other-report",
            found=command.report,
            accepted=state.report or "none",
            message=f"the report of {command.number} is another; look at it again.",
        )
    if command.mismatches:
        return identity_mismatch(command.mismatches)
    signature = signature_of(report, command.content_hash, edge)
    if isinstance(signature, Refusal):
        return signature
    complete = len(report.current.signatures) + 1 >= report.current.needed
    payload = recorded.ReviewSigned(
        report=command.report,
        version=report.current.number,
        person=edge.actor.person,
        complete=complete,
    )
    return [signature, NewFact(stream=stream_of(command.number), payload=payload)]


def reopen(states: Mapping[str, Any], command: ReopenReview, edge: Edge) -> list[NewFact] | Refusal:
    """Back to review, with the reason that will stand on the next version."""
    state: Requisition = states[stream_of(command.number)]
    why = sealed_why(
        state, command.why, edge, "say why the report is amended; the reason stands on the new version."
    )
    if isinstance(why, Refusal):
        return why
    return [NewFact(stream=stream_of(command.number), payload=recorded.ReviewReopened(reason=why))]


def _patient(state: Requisition) -> str:
    return state.received.patient if state.received else ""


def _nothing_read(number: str) -> Refusal:
    return refusal(
        "nothing-read",
        found="no panel files",
        accepted="files that were read",
        message=f"no files of {number} have been read yet; upload them first.",
    )
