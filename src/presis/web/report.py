"""The report: previewed, concluded, signed by as many as it takes, amended; and its documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from starlette.responses import HTMLResponse, RedirectResponse, Response

from presis.diagnostics.bench import laboratory_interpreter, mismatches, reviewed_content
from presis.diagnostics.identity_acceptance import AcceptMismatch
from presis.diagnostics.laboratories import laboratories
from presis.diagnostics.other_results import unnamed
from presis.diagnostics.report_life import Report, Version, readable, status_of, subject
from presis.diagnostics.report_life import stream_of as report_stream
from presis.diagnostics.report_model import ReportContent, parse_content
from presis.diagnostics.report_render import FORMATS, file_name
from presis.diagnostics.report_render import render as render_report
from presis.diagnostics.report_view import ReportStatus
from presis.diagnostics.requested import without_identity
from presis.diagnostics.requisition import Requisition
from presis.diagnostics.review import ConcludeReview, ReopenReview, SignReview
from presis.diagnostics.review_lists import classes_text
from presis.documents.runs import Runs
from presis.record import Refusal
from presis.web.page import Frame, Visit
from presis.web.requisition import act, beside, may, opened, patient_of, whose
from presis.web.security import document_policy
from presis.web.stops import Stop, stops_of

#: The forms that can be drawn without naming the patient; the others are what was signed, or made to be sent.
_DRAWN = ("html", "pdf")


@dataclass(frozen=True, slots=True)
class Change:
    """What review changed: a finding, what was computed, what it is now, by whom."""

    label: str
    computed: str
    now: str
    text: str | None
    person: str


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """What will be signed, and by whom: the conclusion, what review changed, the whole document."""

    template: ClassVar[str] = "preview.html"
    frame: Frame
    number: str
    version: int
    state: str
    whose: tuple[str, bool]
    lead: Runs
    interpretation: str | None
    changes: tuple[Change, ...]
    unjudged: int
    document: str
    report: str | None
    content_hash: str
    signed_by: tuple[str, ...]
    needed: int
    stops: tuple[Stop, ...]
    can_conclude: bool
    can_sign: bool
    can_reopen: bool
    amending: str | None
    told: Mapping[str, str]
    problem: str | None
    command: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of a report: how it stands, and its documents."""

    number: int
    state: str
    signed: tuple[str, ...]
    reason: str | None
    documents: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A report in the record, with its versions."""

    template: ClassVar[str] = "report.html"
    frame: Frame
    number: str
    lead: Runs
    versions: tuple[VersionRow, ...]
    requisition: str | None
    document: str
    amending: bool


def _content(visit: Visit, state: Requisition) -> ReportContent:
    """The content as review has it now."""
    organisation = visit.house.directory.organisation(state.received.organisation if state.received else "")
    interpreter = laboratory_interpreter(visit.application.record, visit.actor.organisation)
    name = organisation.name if organisation else None
    return reviewed_content(state, visit.application.open_content, interpreter, name, beside(visit, state))


def _read(visit: Visit, number: str) -> tuple[Requisition, int] | Response:
    """A requisition whose files have been read, and its version; else the page that leads on."""
    found = opened(visit, number)
    if not isinstance(found, Response) and found[0].reading is None:
        return RedirectResponse(f"/requisitions/{number}", 303)
    return found


def preview(visit: Visit, number: str) -> Response:
    """What will be signed."""
    return _preview(visit, number, {}, None)


def _preview(visit: Visit, number: str, told: Mapping[str, str], problem: str | None) -> Response:
    found = _read(visit, number)
    if isinstance(found, Response):
        return found
    state, version = found
    report, signatures = _report(visit, state)
    in_review = state.state == "review"
    content = (
        _content(visit, state) if in_review or report is None else _signed_content(visit, report.current)
    )
    say = visit.say
    model = PreviewPage(
        frame=visit.frame(say.say("web.preview-of", {"number": number}), "/requisitions"),
        number=number,
        version=version,
        state=state.state,
        whose=whose(visit, state, content),
        lead=content.conclusion[visit.language.value],
        interpretation=content.interpretation,
        changes=_changes(visit, content),
        unjudged=sum(1 for each in content.findings if each.key and each.reviewed is None),
        document=f"/requisitions/{number}/preview.html"
        if in_review or report is None
        else f"/reports/{report.number}/v{report.current.number}.html",
        report=report.number if report else None,
        content_hash=content.content_hash(),
        signed_by=() if in_review else tuple(visit.person(each) for each in signatures),
        needed=report.current.needed if report and not in_review else _needed(state),
        stops=stops_of(visit, state, content),
        can_conclude=may(visit, state, "conclude-review"),
        can_sign=may(visit, state, "sign-review") and visit.actor.person not in signatures,
        can_reopen=may(visit, state, "reopen-review"),
        amending=visit.application.open_content(state.amending).decode()
        if in_review and state.amending
        else None,
        told={name: told.get(name, "") for name in ("check", "why")},
        problem=problem,
        command=str(visit.application.ids()),
    )
    return visit.page(
        model, [patient_of(state)], f"requisitions/{number}/preview", status=422 if problem else 200
    )


def accept(visit: Visit, number: str) -> Response:
    """A mismatch that this person answers for."""
    href = f"/requisitions/{number}/preview"
    outcome = visit.give(
        lambda base: AcceptMismatch(
            **base,
            number=number,
            check=visit.told("check"),
            mismatch=visit.told("mismatch"),
            why=visit.told("why"),
        ),
        href,
        lambda words: _preview(visit, number, visit.typed(), words),
    )
    return outcome if isinstance(outcome, Response) else visit.done(href, "web.accepted")


def _needed(state: Requisition) -> int:
    """How many will have to sign, by the laboratory's rule of today."""
    return laboratories().rules(state.received.organisation).signatures if state.received else 1


def _report(visit: Visit, state: Requisition) -> tuple[Report | None, Sequence[str]]:
    if state.report is None:
        return None, ()
    look = visit.application.look(visit.actor, "show-report", report_stream(state.report))
    if isinstance(look, Refusal):
        return None, ()
    report: Report = look.state
    return report, [each.person for each in report.current.signatures]


def _signed_content(visit: Visit, version: Version) -> ReportContent:
    return parse_content(visit.application.open_content(version.sealed))


def _changes(visit: Visit, content: ReportContent) -> tuple[Change, ...]:
    """Every finding that a person dropped, classed otherwise, brought back or wrote of."""
    say = visit.say
    out = [
        Change(
            each.label,
            classes_text(each.reviewed.computed, say),
            say.say(f"verdict.{each.reviewed.verdict}"),
            each.reviewed.text,
            visit.person(each.reviewed.person),
        )
        for each in content.dropped
    ]
    for each in content.findings:
        reviewed = each.reviewed
        if reviewed is None or (
            reviewed.verdict == "keep" and not reviewed.text and each.kept_by != "review"
        ):
            continue
        now = say.say(f"verdict.{reviewed.verdict}")
        if reviewed.verdict == "reclassified" and each.oncogenicity:
            now = classes_text(each.oncogenicity.classes, say)
        out.append(
            Change(
                each.label,
                classes_text(reviewed.computed, say),
                now,
                reviewed.text,
                visit.person(reviewed.person),
            )
        )
    return tuple(out)


def preview_document(visit: Visit, number: str) -> Response:
    """The whole draft as it will look."""
    found = _read(visit, number)
    if isinstance(found, Response):
        return found
    state, _ = found
    visit.application.log_access(
        visit.actor, "view", f"requisitions/{number}/preview.html", [patient_of(state)], "shown"
    )
    return _drawn(visit, _content(visit, state), ReportStatus(needed=_needed(state)), "html", number)


def show(visit: Visit, number: str) -> Response:
    """A report and its versions."""
    look = visit.application.look(visit.actor, "show-report", report_stream(number))
    if isinstance(look, Refusal):
        return visit.refused(look, "/reports", f"reports/{number}")
    report = readable_for(visit, look.state)
    content = as_known(visit, report, report.current)
    say = visit.say
    model = ReportPage(
        frame=visit.frame(say.say("web.report-title", {"number": number}), "/reports"),
        number=number,
        lead=content.conclusion[visit.language.value],
        versions=tuple(_version_row(visit, report, each) for each in reversed(report.versions)),
        requisition=report.requisition if visit.may("show-requisition") else None,
        document=f"/reports/{number}/v{report.current.number}.html",
        amending=report.draft_hidden,
    )
    return visit.page(model, [report.patient], f"reports/{number}")


def readable_for(visit: Visit, report: Report) -> Report:
    """The report with its drafts for whoever may see them, else what is signed of it."""
    drafts = visit.application.access.authorise(visit.actor, "show-draft", subject(report)) is None
    return readable(report, drafts=drafts)


def _may_know(visit: Visit, report: Report) -> bool:
    """Whether this person may know who the patient is."""
    return visit.application.access.authorise(visit.actor, "show-identity", subject(report)) is None


def as_known(visit: Visit, report: Report, version: Version) -> ReportContent:
    """A version's content; without the patient's identity for whoever may not know it."""
    content = _signed_content(visit, version)
    return content if _may_know(visit, report) else without_identity(content, report.number)


def _version_row(visit: Visit, report: Report, version: Version) -> VersionRow:
    say = visit.say
    status = named_status(visit, report, version)
    return VersionRow(
        number=version.number,
        state=say.say(f"report-state.{status.state}"),
        signed=tuple(
            say.say("web.signed-line", {"who": each.by, "when": say.day(each.at)})
            for each in status.signatures
        ),
        reason=status.reason,
        documents=tuple(
            (form.upper(), f"/reports/{report.number}/v{version.number}.{form}")
            for form in FORMATS
            if (form != "fhir" or status.state != "superseded")  # only what counts goes on to other systems
            and (form in _DRAWN or _may_know(visit, report))
        ),
    )


def named_status(visit: Visit, report: Report, version: Version) -> ReportStatus:
    """How a version stands, with people's and organisations' names."""
    reason = visit.application.open_content(version.reason).decode() if version.reason else None
    status = status_of(report, version, reason)
    organisations = visit.house.directory.organisation
    signatures = []
    for each in status.signatures:
        found = organisations(each.organisation)
        signatures.append(
            replace(each, by=visit.person(each.by), organisation=found.name if found else each.organisation)
        )
    return replace(status, signatures=tuple(signatures))


def document(visit: Visit, number: str, version: int, form: str) -> Response:
    """A version as HTML, PDF or JSON."""
    look = visit.application.look(visit.actor, "show-report", report_stream(number))
    if isinstance(look, Refusal):
        return visit.refused(look, "/reports", f"reports/{number}")
    report = readable_for(visit, look.state)
    found = report.version(version)
    if found is None or form not in FORMATS:
        return visit.message("web.absent", "web.absent-text", f"/reports/{number}", status=404)
    visit.application.log_access(
        visit.actor, "view", f"reports/{number}/v{version}.{form}", [report.patient], "shown"
    )
    if form not in _DRAWN and not _may_know(visit, report):
        return visit.message("web.absent", "web.absent-text", f"/reports/{number}", status=404)
    content = as_known(visit, report, found)
    return _drawn(visit, content, named_status(visit, report, found), form, f"{number}-v{version}")


_MEDIA = {
    "html": "text/html",
    "pdf": "application/pdf",
    "json": "application/json",
    "fhir": "application/fhir+json",
}


def _drawn(visit: Visit, content: ReportContent, status: ReportStatus, form: str, name: str) -> Response:
    data = render_report(content, status, visit.language, (form,))[form]
    if form == "html":
        html = data.decode()
        return HTMLResponse(html, headers={"Content-Security-Policy": document_policy(html)})
    shown = "inline" if form == "pdf" else "attachment"
    headers = {"Content-Disposition": f'{shown}; filename="{file_name(name, form)}"'}
    return Response(data, media_type=_MEDIA[form], headers=headers)


def conclude(visit: Visit, number: str) -> Response:
    """The review concluded: a draft of the report, waiting for signatures."""
    found = _read(visit, number)
    if isinstance(found, Response):
        return found
    state, _ = found
    content = _content(visit, state)
    return _acted(
        visit,
        number,
        lambda base: ConcludeReview(**base, content=content, report=state.report),
        "web.concluded",
    )


def sign(visit: Visit, number: str) -> Response:
    """A signature over the content that was shown."""
    found = _read(visit, number)
    if isinstance(found, Response):
        return found
    state, _ = found
    stops = mismatches(state, visit.application.open_content, beside(visit, state))
    return _acted(
        visit,
        number,
        lambda base: SignReview(
            **base,
            report=visit.told("report"),
            content_hash=visit.told("content_hash") or "-" * 8,
            mismatches=tuple(visit.say.why(unnamed(each).reason) for each in stops),
        ),
        "web.signed",
    )


def _acted(visit: Visit, number: str, make: Any, code: str) -> Response:
    href = f"/requisitions/{number}/preview"
    outcome = visit.give(lambda base: make({**base, "number": number}), href)
    return outcome if isinstance(outcome, Response) else visit.done(href, code)


def reopen(visit: Visit, number: str) -> Response:
    """Review again, to amend the report."""
    return act(visit, number, lambda base: ReopenReview(**base, why=visit.told("why")), "web.reopened")
