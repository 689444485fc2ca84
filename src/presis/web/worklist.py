"""The laboratory's worklist: which requisition needs whom, oldest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from starlette.responses import Response

from presis.diagnostics.worklist import PAGE, SORTS, Wanted, Worklist, wait
from presis.web.page import Frame, Visit
from presis.web.tumours import tumour_name


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of the list, with how many there are."""

    name: str
    word: str
    count: int
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long a requisition has waited for its next step, against the target."""

    text: str
    over: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """A requisition in the list."""

    number: str
    href: str
    urgent: bool
    specimen: str
    tumour: str
    code: str
    requester: str
    state: str
    received: str
    waiting: Waiting
    next: str
    next_href: str


@dataclass(frozen=True, slots=True)
class WorklistPage:
    """The list: tabs by state, search, order, fifty rows."""

    template: ClassVar[str] = "worklist.html"
    frame: Frame
    lead: str
    tabs: tuple[Tab, ...]
    tab: str
    query: str
    sort: str
    sorts: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    shown: str
    earlier: str | None
    later: str | None
    empty: str
    can_receive: bool


def worklist_of(visit: Visit) -> Worklist:
    """The requisitions that this person may see."""
    return Worklist(visit.application.record, visit.application.access, visit.actor)


def show(visit: Visit) -> Response:
    """The page."""
    if refusal := visit.application.access.may_ever(visit.actor, "show-requisition"):
        return visit.refused(refusal, "/", "requisitions")
    worklist = worklist_of(visit)
    counts = worklist.counts()
    tab = visit.told("tab") if visit.told("tab") in counts else "mine" if "mine" in counts else "bench"
    sort = visit.told("sort") if visit.told("sort") in SORTS else SORTS[0]
    first = visit.whole("from") or 0
    query = visit.told("q")
    found = worklist.find(Wanted(tab, query, sort, first))
    rows = tuple(row_of(visit, row) for row in found[:PAGE])
    model = WorklistPage(
        frame=visit.frame(visit.say.say("web.requisitions"), "/requisitions"),
        lead=_lead(visit, counts),
        tabs=_tabs(visit, counts, tab),
        tab=tab,
        query=query,
        sort=sort,
        sorts=tuple((each, visit.say.say(f"web.sort-{each}")) for each in SORTS),
        rows=rows,
        shown=visit.say.say("web.shown", {"first": first + 1 if rows else 0, "last": first + len(rows)}),
        earlier=_address(tab, query, sort, max(0, first - PAGE)) if first else None,
        later=_address(tab, query, sort, first + PAGE) if len(found) > PAGE else None,
        empty=visit.say.say("web.no-hit" if query else "web.none-here", {"query": query}),
        can_receive=visit.may("receive-requisition"),
    )
    return visit.page(model, (row["patient"] for row in found[:PAGE]), f"requisitions?tab={tab}")


def _address(tab: str, query: str, sort: str, first: int) -> str:
    told = {"tab": tab, "q": query, "sort": sort, "from": first}
    return "/requisitions?" + urlencode({name: value for name, value in told.items() if value})


def _lead(visit: Visit, counts: Mapping[str, int]) -> str:
    count = counts.get("mine")
    if count is None:
        return visit.say.say("web.lead-all", {"count": counts["under-way"]})
    code = "web.lead-none" if not count else "web.lead-one" if count == 1 else "web.lead-mine"
    return visit.say.say(code, {"count": count})


def _tabs(visit: Visit, counts: Mapping[str, int], tab: str) -> tuple[Tab, ...]:
    return tuple(
        Tab(name, visit.say.say(f"web.tab-{name}"), count, f"/requisitions?tab={name}", name == tab)
        for name, count in counts.items()
        if name != "under-way"
    )


def row_of(visit: Visit, row: Mapping[str, Any]) -> Row:
    """A row of the view in words."""
    say, number, state = visit.say, row["number"], row["state"]
    at = "review" if state == "review" else "preview" if state == "to_sign" else ""
    return Row(
        number=number,
        href=f"/requisitions/{number}",
        urgent=bool(row["urgent"]),
        specimen=row["specimen"],
        tumour=tumour_name(row["tumour"]) or say.say("web.tumour-unknown"),
        code=row["tumour"] or "",
        requester=visit.organisation(row["requester"]),
        state=say.say(f"at.{state}"),
        received=say.day(row["received"]),
        waiting=waiting(visit, row["since"], state, urgent=bool(row["urgent"])),
        next=say.say(f"next.{state}"),
        next_href=f"/requisitions/{number}/{at}".rstrip("/"),
    )


def waiting(visit: Visit, since: str, state: str, *, urgent: bool) -> Waiting:
    """The days since, and by how many they are over the target of the step that comes next."""
    say = visit.say
    told = wait(since, state, visit.application.clock().date(), urgent=urgent)
    digits = 0 if told.over == int(told.over) else 1
    over = say.say("web.over", {"days": say.number(told.over, digits)}) if told.over else None
    return Waiting(say.say("web.days", {"days": told.days}), over)
