"""A requisition: where it stands, its way with the time of each step, and what can be done now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from starlette.responses import RedirectResponse, Response

from presis.diagnostics.bench import Beside, computed_content
from presis.diagnostics.identity import Match, check_name, libraries_of
from presis.diagnostics.identity_acceptance import acceptances, with_acceptances
from presis.diagnostics.intake import what_was_read
from presis.diagnostics.other_results import other_results
from presis.diagnostics.report_model import ReportContent
from presis.diagnostics.requested import patient_name as name_of
from presis.diagnostics.requisition import Requisition, repeatable, steps_ahead, stream_of, subject
from presis.diagnostics.worklist import way
from presis.record import Command, Refusal
from presis.web.faults import Fault
from presis.web.history import fact_line
from presis.web.page import Frame, Visit
from presis.web.settings import MEGABYTE
from presis.web.tumours import tumour_name
from presis.web.worklist import Row, Waiting, row_of, waiting, worklist_of


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of the way: when, by whom, the days it took, and its target."""

    step: str
    on: str | None
    person: str | None
    took: str | None
    target: str
    over: bool
    current: bool


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that was read: its name, kind and size; a plot has an address, an image is drawn."""

    name: str
    kind: str
    size: str
    href: str | None
    is_image: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading: how much was found, and every line that no finding was made of."""

    number: int
    findings: int
    lost: tuple[tuple[str, str], ...]
    remarks: int
    whose: tuple[str, bool]
    files: tuple[ReadFile, ...]
    quality: str


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the history."""

    when: str
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class RequisitionPage:
    """One requisition."""

    template: ClassVar[str] = "requisition.html"
    frame: Frame
    number: str
    version: int
    state: str
    lead: str
    pairs: tuple[tuple[str, str], ...]
    details: str | None
    steps: tuple[StepRow, ...]
    reading: Reading | None
    others: tuple[Row, ...]
    history: tuple[Event, ...]
    can: Mapping[str, bool]
    steps_ahead: tuple[tuple[str, str], ...]
    repeats: tuple[tuple[str, str], ...]
    report: str | None
    command: str
    told: Mapping[str, str]
    problem: str | None
    faults: tuple[Fault, ...]
    largest: tuple[int, int]


def opened(visit: Visit, number: str, action: str = "show-requisition") -> tuple[Requisition, int] | Response:
    """A requisition and its version, if this person may see it."""
    look = visit.application.look(visit.actor, action, stream_of(number))
    if not isinstance(look, Refusal):
        return look.state, look.version
    if visit.may(action) and visit.sees(number):
        href = f"/requisitions/{number}"
        return visit.message("web.not-now", "web.not-now-text", href, status=409, action="web.see-what-can")
    return visit.refused(look, "/requisitions", f"requisitions/{number}")


def beside(visit: Visit, state: Requisition) -> Beside:
    """What the laboratory has beside a requisition's data."""
    application = visit.application
    return partial(
        other_results, application.record, application.open_content, application.keys().index, state
    )


def patient_of(state: Requisition) -> str:
    """The patient of a requisition."""
    return state.received.patient if state.received else ""


def patient_name(visit: Visit, state: Requisition) -> str:
    """The patient as the laboratory calls the person."""
    application = visit.application
    told = name_of(application.record, application.open_content, patient_of(state))
    return told or visit.say.say("web.unknown")


def whose(visit: Visit, state: Requisition, content: ReportContent) -> tuple[str, bool]:
    """Whose the findings are by the requisition and by the files; whether they fit, or somebody answers."""
    say, name, pseudonym = visit.say, patient_name(visit, state), content.specimen.pseudonym
    specimen = state.received.specimen if state.received else ""
    sample = content.dna_sample or content.sample
    libraries = libraries_of(content.sample, content.dna_sample, content.rna_sample)
    accepted = acceptances(state, visit.application.open_content)
    (check,) = with_acceptances((check_name(pseudonym, libraries, name, specimen),), accepted)
    words = [
        say.say("web.whose-they-are", {"patient": name, "specimen": specimen}),
        say.say("web.in-files-patient", {"patient": pseudonym, "sample": sample})
        if pseudonym
        else say.say("web.in-files", {"sample": sample}),
    ]
    if check.accepted:
        answer = {"who": visit.person(check.accepted.person), "when": say.day(check.accepted.on)}
        words.append(say.say("web.answered-for", answer | {"why": check.accepted.why}))
    return " ".join(words), check.result is Match.MATCH or check.accepted is not None


def show(visit: Visit, number: str) -> Response:
    """The page of one requisition."""
    return show_again(visit, number, {}, None)


def show_again(
    visit: Visit,
    number: str,
    told: Mapping[str, str],
    problem: str | None,
    faults: tuple[Fault, ...] = (),
) -> Response:
    """The page with what was typed, and what is wrong with it, if anything is: a sentence, and each fault."""
    found = opened(visit, number)
    if isinstance(found, Response):
        return found
    state, version = found
    received = state.received
    if received is None:
        return RedirectResponse("/requisitions", 303)
    say, unseal = visit.say, visit.application.open_content
    wait = waiting(visit, state.since, state.state, urgent=received.urgent)
    model = RequisitionPage(
        frame=visit.frame(f"{number} · {received.specimen}", "/requisitions"),
        number=number,
        version=version,
        state=state.state,
        lead=_lead(visit, state, wait),
        pairs=_pairs(visit, state, patient_name(visit, state)),
        details=unseal(received.details).decode() if received.details else None,
        steps=_steps(visit, state),
        reading=_reading(visit, state),
        others=_others(visit, received.patient, number),
        history=_history(visit, state),
        can={action: may(visit, state, action) for action in _ACTIONS}
        | {"sign-review": may(visit, state, "sign-review") and visit.actor.person not in state.signers},
        steps_ahead=tuple((each, say.say(f"way.{each}")) for each in steps_ahead(state)),
        repeats=tuple((each, say.say(f"repeat.{each}")) for each in repeatable(state)),
        report=state.report,
        command=str(visit.application.ids()),
        told={name: told.get(name, "") for name in ("adequate", "cells", "note", "what", "sample")},
        problem=problem,
        faults=faults,
        largest=(visit.house.settings.largest_upload, visit.house.settings.largest_upload // MEGABYTE),
    )
    subjects = [received.patient]
    return visit.page(model, subjects, f"requisitions/{number}", status=422 if problem else 200)


def _lead(visit: Visit, state: Requisition, wait: Waiting) -> str:
    words = visit.say.say(f"web.lead-{state.state}", {"waiting": wait.text, "report": state.report or ""})
    return f"{words} {visit.say.say('web.lead-over', {'over': wait.over})}" if wait.over else words


def _pairs(visit: Visit, state: Requisition, patient: str) -> tuple[tuple[str, str], ...]:
    say, received = visit.say, state.received
    if received is None:
        return ()
    unknown = say.say("web.not-told")
    tumour = tumour_name(received.tumour)
    return (
        (say.say("field.patient"), patient),
        (say.say("field.specimen"), received.specimen),
        (say.say("field.tumour"), f"{tumour} ({received.tumour})" if tumour else unknown),
        (
            say.say("field.sex-and-birth"),
            say.say("sex." + (received.sex or "unknown")) + f", {received.birth_year or unknown}",
        ),
        (say.say("field.sample_type"), say.term("specimen", received.sample_type or "") or unknown),
        (say.say("field.cells"), say.percent(state.cells) if state.cells is not None else unknown),
        (say.say("field.requester"), visit.organisation(received.requester)),
        (say.say("field.received"), say.day(state.received_on)),
    )


def _steps(visit: Visit, state: Requisition) -> tuple[StepRow, ...]:
    """Each step with its latest day; the days since the step before that was taken."""
    say = visit.say
    return tuple(
        StepRow(
            step=say.say(f"way.{each.step}"),
            on=say.day(each.on) if each.on else None,
            person=visit.person(each.person) if each.person else None,
            took=say.say("web.days", {"days": each.took}) if each.took is not None else None,
            target=say.say("web.days", {"days": say.number(each.target)}) if each.target else "",
            over=each.over,
            current=each.current,
        )
        for each in way(state)
    )


def _reading(visit: Visit, state: Requisition) -> Reading | None:
    if state.reading is None:
        return None
    say = visit.say
    content = computed_content(state, visit.application.open_content)
    told = what_was_read(content, say)
    kept = [(each.name, "") for each in content.inputs]
    kept += [(each.name, each.kind) for each in content.attachments]
    files = tuple(
        ReadFile(
            name=name,
            kind=say.say(f"picture.{picture}") if picture else say.term("file-kind", each.kind),
            size=say.say("web.kilobytes", {"size": say.number(max(1, round(each.size / 1024)))}),
            href=f"/requisitions/{state.number}/files/{each.sealed}" if picture else None,
            is_image=bool(picture) and name.lower().endswith(".png"),
        )
        for each, (name, picture) in zip(state.reading.files, kept, strict=False)
    )
    return Reading(
        number=state.reading.reading,
        findings=state.reading.findings,
        lost=told.lost,
        remarks=told.remarks,
        whose=whose(visit, state, content),
        files=files,
        quality=say.say(told.quality, {"count": told.failed}),
    )


def _others(visit: Visit, patient: str, number: str) -> tuple[Row, ...]:
    """Other requisitions of the same patient that this person may see."""
    rows = worklist_of(visit).of_patient(patient, number)
    return tuple(row_of(visit, row) for row in rows)


def _history(visit: Visit, state: Requisition) -> tuple[Event, ...]:
    facts = visit.application.record.stream(stream_of(state.number))
    told = _told_of(visit, state)
    return tuple(
        Event(
            visit.say.day(fact.recorded), visit.person(fact.actor.person), fact_line(visit, fact, told=told)
        )
        for fact in reversed(facts)
    )


def _told_of(visit: Visit, state: Requisition) -> frozenset[str] | None:
    """The findings that may be told of a patient who declined to hear of inherited risks; None of others."""
    if state.received is None or not state.received.predisposition_declined or state.reading is None:
        return None
    content = computed_content(state, visit.application.open_content)
    return frozenset(each.label for each in content.findings) | {each.label for each in content.left_out}


def may(visit: Visit, state: Requisition, action: str) -> bool:
    """Whether this person may do it to the requisition as it stands, by the access table."""
    return visit.application.access.authorise(visit.actor, action, subject(state)) is None


_ACTIONS = (
    "correct-requisition",
    "assess-material",
    "take-step",
    "ask-repeat",
    "cancel-requisition",
    "read-files",
    "judge-finding",
    "conclude-review",
    "sign-review",
    "reopen-review",
)


def act(visit: Visit, number: str, make: Callable[[Mapping[str, Any]], Command], code: str) -> Response:
    """Give a command about a requisition that carries the version which the person saw."""
    href = f"/requisitions/{number}"
    outcome = visit.give(
        lambda base: make({**base, "number": number}),
        href,
        lambda words: show_again(visit, number, visit.typed(), words),
    )
    return outcome if isinstance(outcome, Response) else visit.done(href, code)
