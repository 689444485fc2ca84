"""The laboratory's worklist: which requisition needs whom, oldest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode

from starlette.responses import Response

from presis.diagnostics.laboratories import laboratories
from presis.diagnostics.memory import WORKLIST
from presis.web.page import Frame, Visit
from presis.web.tumours import tumour_name

if TYPE_CHECKING:
    import sqlalchemy as sa

PAGE = 50
#: What a state waits for: the step of the laboratory's way that comes next.
NEXT = {
    "received": "material",
    "adequate": "extracted",
    "extracted": "library",
    "library": "sequenced",
    "sequenced": "read",
    "review": "interpreted",
    "to_sign": "signed",
}
TABS: Mapping[str, tuple[str, ...]] = {
    "bench": ("received", "inadequate", "adequate", "extracted", "library", "sequenced"),
    "review": ("review",),
    "to-sign": ("to_sign",),
    "signed": ("signed",),
    "cancelled": ("cancelled",),
}
SORTS = ("oldest", "newest", "number")


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


def needs_me(visit: Visit) -> tuple[str, ...]:
    """The states whose next step is for the role of this person."""
    roles = {each.step: each.role.value for each in laboratories().steps}
    return tuple(state for state, step in NEXT.items() if roles.get(step) == visit.actor.role)


def show(visit: Visit) -> Response:
    """The page."""
    if refusal := visit.application.access.may_ever(visit.actor, "show-requisition"):
        return visit.refused(refusal, "/", "requisitions")
    mine = needs_me(visit)
    tab = visit.told("tab") or ("mine" if mine else "bench")
    states = {"mine": mine, "all": None}.get(tab, TABS.get(tab, TABS["bench"]))
    sort = visit.told("sort") if visit.told("sort") in SORTS else SORTS[0]
    first = max(0, int(visit.told("from"))) if visit.told("from").isdigit() else 0
    query = visit.told("q")
    found = _find(visit, states, query, sort, first, is_mine=tab == "mine")
    counts = _counts(visit)
    rows = tuple(row_of(visit, row) for row in found[:PAGE])
    model = WorklistPage(
        frame=visit.frame(visit.say.say("web.requisitions"), "/requisitions"),
        lead=_lead(visit, counts, mine),
        tabs=_tabs(visit, counts, mine, tab),
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


def _find(
    visit: Visit, states: tuple[str, ...] | None, text: str, sort: str, first: int, *, is_mine: bool
) -> list[dict[str, Any]]:
    """One page of rows, and one more if there are more."""
    access, actor = visit.application.access, visit.actor

    def query(table: sa.Table) -> sa.Select[Any]:
        import sqlalchemy as sa

        chosen = sa.select(table).where(
            access.condition(actor, "show-requisition", table.c.state, table.c.organisation)
        )
        if states is not None:
            chosen = chosen.where(table.c.state.in_(states))
        if is_mine:
            chosen = chosen.where(~(sa.literal(" ") + table.c.signers + " ").contains(f" {actor.person} "))
        if text:
            like = f"%{text.replace('%', '').replace('_', '')}%"
            chosen = chosen.where(
                sa.or_(table.c.number.ilike(like), table.c.specimen.ilike(like), table.c.tumour.ilike(like))
            )
        order = {
            "oldest": (table.c.urgent.desc(), table.c.received, table.c.number),
            "newest": (table.c.received.desc(), table.c.number.desc()),
            "number": (table.c.number,),
        }[sort]
        return chosen.order_by(*order).limit(PAGE + 1).offset(first)

    return visit.application.record.select(WORKLIST.name, query)


def _counts(visit: Visit) -> dict[str, int]:
    """How many requisitions there are by state; `signed-by-me` of those that wait for another's signature."""
    access, actor = visit.application.access, visit.actor

    def query(table: sa.Table) -> sa.Select[Any]:
        import sqlalchemy as sa

        by_me = (sa.literal(" ") + table.c.signers + " ").contains(f" {actor.person} ")
        return (
            sa.select(
                table.c.state,
                sa.func.count().label("count"),
                sa.func.sum(sa.case((by_me, 1), else_=0)).label("by_me"),
            )
            .where(access.condition(actor, "show-requisition", table.c.state, table.c.organisation))
            .group_by(table.c.state)
        )

    rows = visit.application.record.select(WORKLIST.name, query)
    counts = {row["state"]: int(row["count"]) for row in rows}
    by_me = next((int(row["by_me"] or 0) for row in rows if row["state"] == "to_sign"), 0)
    return counts | {"signed-by-me": by_me}


def _mine(counts: Mapping[str, int], mine: tuple[str, ...]) -> int:
    signed = counts["signed-by-me"] if "to_sign" in mine else 0
    return sum(counts.get(state, 0) for state in mine) - signed


def _lead(visit: Visit, counts: Mapping[str, int], mine: tuple[str, ...]) -> str:
    if not mine:
        total = sum(count for state, count in counts.items() if state in NEXT)
        return visit.say.say("web.lead-all", {"count": total})
    count = _mine(counts, mine)
    code = "web.lead-none" if not count else "web.lead-one" if count == 1 else "web.lead-mine"
    return visit.say.say(code, {"count": count})


def _tabs(visit: Visit, counts: Mapping[str, int], mine: tuple[str, ...], tab: str) -> tuple[Tab, ...]:
    names = [("mine", _mine(counts, mine))] if mine else []
    names += [(name, sum(counts.get(state, 0) for state in states)) for name, states in TABS.items()]
    names.append(("all", sum(count for state, count in counts.items() if state != "signed-by-me")))
    return tuple(
        Tab(name, visit.say.say(f"web.tab-{name}"), count, f"/requisitions?tab={name}", name == tab)
        for name, count in names
    )


def row_of(visit: Visit, row: Mapping[str, Any]) -> Row:
    """A row of the view in words."""
    say, number, state = visit.say, row["number"], row["state"]
    step = NEXT.get(state)
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
        waiting=waiting(visit, row["since"], step, urgent=bool(row["urgent"])),
        next=say.say(f"next.{state}"),
        next_href=f"/requisitions/{number}/{at}".rstrip("/"),
    )


def waiting(visit: Visit, since: str, step: str | None, *, urgent: bool) -> Waiting:
    """The days since, and by how many they are over the target of the step that comes next."""
    say = visit.say
    days = (visit.application.clock().date() - date.fromisoformat(since)).days
    if step is None:
        return Waiting(say.say("web.days", {"days": days}), None)
    over = days - laboratories().target(step, urgent=urgent)
    late = (
        say.say("web.over", {"days": say.number(over, 0 if over == int(over) else 1)}) if over > 0 else None
    )
    return Waiting(say.say("web.days", {"days": days}), late)
