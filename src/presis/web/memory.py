"""The laboratory's memory: its artefacts, every change that it judged, and the reports that are touched."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from starlette.responses import Response

from presis.diagnostics.bench import laboratory_interpreter
from presis.diagnostics.memory import KnownChange, known_changes
from presis.diagnostics.touched import Touched, touched_reports
from presis.web.page import Frame, Visit


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change that the laboratory has judged."""

    label: str
    key: str
    times: int
    verdicts: str
    last: str
    why: str
    href: str


@dataclass(frozen=True, slots=True)
class MemoryPage:
    """The list of artefacts, and every change that was judged."""

    template: ClassVar[str] = "memory.html"
    frame: Frame
    lead: str
    query: str
    artefacts: tuple[ChangeRow, ...]
    others: tuple[ChangeRow, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class TouchedRow:
    """A signed report of which something would be said otherwise today."""

    report: str
    href: str
    label: str
    signed: str
    today: str
    because: str


@dataclass(frozen=True, slots=True)
class TouchedPage:
    """Signed reports that a changed class or newer knowledge touches."""

    template: ClassVar[str] = "touched.html"
    frame: Frame
    lead: str
    rows: tuple[TouchedRow, ...]
    compared: int


def show(visit: Visit) -> Response:
    """What the laboratory has said of changes."""
    if refusal := visit.application.access.may_ever(visit.actor, "show-memory"):
        return visit.refused(refusal, "/", "memory")
    query = visit.told("q")
    found = known_changes(visit.application.record, visit.actor, _unseal(visit))
    say, marked = visit.say, sum(each.seen.is_artefact for each in found)
    lead = say.say("web.lead-memory", {"count": len(found), "artefacts": marked})
    empty = say.say("web.memory-no-hit", {"query": query}) if found else say.say("web.memory-empty")
    found = [each for each in found if query.casefold() in f"{each.label} {each.key}".casefold()]
    artefacts = tuple(_row(visit, each) for each in found if each.seen.is_artefact)
    model = MemoryPage(
        frame=visit.frame(say.say("web.nav-memory"), "/memory"),
        lead=lead,
        query=query,
        artefacts=artefacts,
        others=tuple(_row(visit, each) for each in found if not each.seen.is_artefact),
        empty=empty,
    )
    patients = (str(each.seen.last["patient"]) for each in found)
    return visit.page(model, patients, "memory")


def _unseal(visit: Visit) -> Any:
    def unseal(digest: str) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(visit.application.open_content(digest))
        return told

    return unseal


def _row(visit: Visit, each: KnownChange) -> ChangeRow:
    say, last = visit.say, each.seen.last
    verdicts = ", ".join(
        f"{say.say(f'verdict.{name}')} {count}" for name, count in each.seen.verdicts.items()
    )
    words = {
        "verdict": say.say(f"verdict.{last['verdict']}"),
        "who": visit.person(last["person"]),
        "when": say.day(last["judged"]),
        "number": last["requisition"],
    }
    href = f"/requisitions/{last['requisition']}"
    return ChangeRow(
        each.label, each.key, each.seen.times, verdicts, say.say("web.seen-last", words), each.why, href
    )


def touched(visit: Visit) -> Response:
    """The signed reports that would say otherwise today."""
    if refusal := visit.application.access.may_ever(visit.actor, "show-memory"):
        return visit.refused(refusal, "/", "memory/reports")
    interpreter = laboratory_interpreter(visit.application.record, visit.actor.organisation)
    compared, found = touched_reports(
        visit.application.record,
        visit.actor,
        interpreter,
        visit.application.open_content,
        visit.application.keys(),
    )
    say = visit.say
    model = TouchedPage(
        frame=visit.frame(say.say("web.touched"), "/memory"),
        lead=say.say(
            "web.lead-touched" if found else "web.lead-touched-none", {"count": len(_reports(found))}
        ),
        rows=tuple(_touched(visit, each) for each in found),
        compared=compared,
    )
    return visit.page(model, (each.patient for each in found), "memory/reports")


def _reports(found: list[Touched]) -> Mapping[str, None]:
    return dict.fromkeys(each.report for each in found)


def _touched(visit: Visit, each: Touched) -> TouchedRow:
    say = visit.say
    return TouchedRow(
        report=each.report,
        href=f"/reports/{each.report}",
        label=each.label,
        signed=_words(visit, each.signed),
        today=_words(visit, each.today),
        because=say.say(f"web.because-{each.because}"),
    )


def _words(visit: Visit, told: str) -> str:
    """`likely_oncogenic II-C` in words."""
    parts = [visit.say.term("class", part) for part in told.replace("/", " / ").split(" ")]
    return " ".join(parts) or visit.say.say("web.not-classed")
