"""The access log, for those who answer for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from starlette.responses import Response

from presis.diagnostics.memory import REPORTS, WORKLIST
from presis.diagnostics.requisition_form import parse_day
from presis.governance.access_days import stream_of
from presis.record.access_log import Access, accesses, days, search
from presis.web.page import Frame, Visit

MOST = 500


@dataclass(frozen=True, slots=True)
class AccessRow:
    """A request: when, by whom, what was shown, and of how many patients."""

    at: str
    who: str
    role: str
    what: str
    patients: int
    outcome: str


@dataclass(frozen=True, slots=True)
class AccessesPage:
    """A day of the log, or what a search of every day found."""

    template: ClassVar[str] = "accesses.html"
    frame: Frame
    lead: str
    day: str
    query: str
    days: tuple[tuple[str, str, bool], ...]
    rows: tuple[AccessRow, ...]
    cut: int


def show(visit: Visit) -> Response:
    """The log of a day, or of a search; looking at it is an access of its own, but shows no patient."""
    if refusal := visit.application.access.may_ever(visit.actor, "show-accesses"):
        return visit.refused(refusal, "/", "accesses")
    application, say = visit.application, visit.say
    told = days(application.record.database)
    query, chosen = visit.told("q"), _chosen(visit, told)
    found = _found(visit, query) if query else [*reversed([*accesses(application.record.database, chosen)])]
    application.log_access(visit.actor, "view", "accesses/search" if query else "accesses", (), "shown")
    model = AccessesPage(
        frame=visit.frame(say.say("web.nav-accesses"), "/accesses"),
        lead=_lead(visit, query, chosen, len(found)),
        day=say.say("web.found-accesses") if query else say.day(chosen),
        query=query,
        days=tuple(
            (say.day(day), f"/accesses?day={day}", not query and day == chosen)
            for day in reversed(told[-14:])
        ),
        rows=tuple(_row(visit, each, whole=bool(query)) for each in found[:MOST]),
        cut=max(0, len(found) - MOST),
    )
    return visit.page(model, (), "accesses")


def _lead(visit: Visit, query: str, chosen: date, count: int) -> str:
    if query:
        return visit.say.say("web.lead-accesses-found", {"count": count, "query": query})
    is_sealed = bool(visit.application.record.version(stream_of(chosen)))
    code = "web.lead-accesses-sealed" if is_sealed else "web.lead-accesses"
    return visit.say.say(code, {"count": count, "day": visit.say.day(chosen)})


def _row(visit: Visit, each: Access, *, whole: bool) -> AccessRow:
    at = visit.say.day(each.at)
    return AccessRow(
        at=at if whole else at.rpartition(" ")[2],
        who=visit.person(each.actor.person),
        role=visit.say.say(f"role.{each.actor.role}"),
        what=each.what,
        patients=len(each.subjects),
        outcome=visit.say.say(f"web.{each.outcome}-access"),
    )


def _found(visit: Visit, query: str) -> list[Access]:
    """A number leads to every look at that patient; another text to a person, or to what was asked."""
    record = visit.application.record
    view = {"Q": WORKLIST.name, "R": REPORTS.name}.get(query[:1].upper())
    rows = record.view_rows(view, lambda table: table.c.number == query.upper()) if view else []
    persons = [
        each.id
        for each in visit.house.directory.people
        if query.casefold() in f"{each.id} {each.name}".casefold()
    ]
    subject = str(rows[0]["patient"]) if rows and rows[0]["patient"] else None
    return search(record.database, subject=subject, persons=persons, text=query)


def _chosen(visit: Visit, told: list[date]) -> date:
    try:
        return date.fromisoformat(parse_day(visit.told("day")))
    except ValueError:
        return told[-1] if told else visit.application.clock().date()
