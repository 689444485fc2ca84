"""The access log, for those who answer for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from starlette.responses import Response

from presis.diagnostics.requisition_form import parse_day
from presis.governance.access_days import stream_of
from presis.record.access_log import accesses, days
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
    """A day of the log."""

    template: ClassVar[str] = "accesses.html"
    frame: Frame
    lead: str
    day: str
    days: tuple[tuple[str, str, bool], ...]
    rows: tuple[AccessRow, ...]
    cut: int


def show(visit: Visit) -> Response:
    """The log of a day; looking at it is an access of its own, but shows no patient."""
    if refusal := visit.application.access.may_ever(visit.actor, "show-accesses"):
        return visit.refused(refusal, "/", "accesses")
    application, say = visit.application, visit.say
    told = days(application.record.database)
    chosen = _chosen(visit, told)
    rows = [*accesses(application.record.database, chosen)]
    application.log_access(visit.actor, "view", "accesses", (), "shown")
    is_sealed = bool(application.record.version(stream_of(chosen)))
    model = AccessesPage(
        frame=visit.frame(say.say("web.nav-accesses"), "/accesses"),
        lead=say.say(
            "web.lead-accesses-sealed" if is_sealed else "web.lead-accesses",
            {"count": len(rows), "day": say.day(chosen)},
        ),
        day=say.day(chosen),
        days=tuple((say.day(day), f"/accesses?day={day}", day == chosen) for day in reversed(told[-14:])),
        rows=tuple(
            AccessRow(
                at=say.day(each.at).rpartition(" ")[2],
                who=visit.person(each.actor.person),
                role=say.say(f"role.{each.actor.role}"),
                what=each.what,
                patients=len(each.subjects),
                outcome=say.say(f"web.{each.outcome}-access"),
            )
            for each in reversed(rows[-MOST:])
        ),
        cut=max(0, len(rows) - MOST),
    )
    return visit.page(model, (), "accesses")


def _chosen(visit: Visit, told: list[date]) -> date:
    try:
        return date.fromisoformat(parse_day(visit.told("day")))
    except ValueError:
        return told[-1] if told else visit.application.clock().date()
