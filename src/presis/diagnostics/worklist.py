"""The laboratory's worklist: which requisition needs whom, oldest first, and how long each has waited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from presis.diagnostics.laboratories import laboratories
from presis.diagnostics.memory import WORKLIST
from presis.diagnostics.requisition import Requisition
from presis.record import Actor

if TYPE_CHECKING:
    import sqlalchemy as sa

    from presis.governance.access import AccessTable
    from presis.record.store import Record

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
SHOW = "show-requisition"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are wanted: a tab (`mine`, `all` or one of `TABS`), a text, an order, the first row."""

    tab: str
    text: str = ""
    sort: str = SORTS[0]
    first: int = 0


@dataclass(frozen=True, slots=True)
class Worklist:
    """The requisitions that one person may see."""

    record: Record
    access: AccessTable
    actor: Actor

    def mine(self) -> tuple[str, ...]:
        """The states whose next step is for the role of this person."""
        roles = {each.step: each.role.value for each in laboratories().steps}
        return tuple(state for state, step in NEXT.items() if roles.get(step) == self.actor.role)

    def find(self, wanted: Wanted) -> list[dict[str, Any]]:
        """One page of rows, and one more if there are more; what waits for others' signatures isn't mine."""
        states = {"mine": self.mine(), "all": None}.get(wanted.tab, TABS.get(wanted.tab, TABS["bench"]))

        def query(table: sa.Table) -> sa.Select[Any]:
            import sqlalchemy as sa

            chosen = sa.select(table).where(self._condition(table))
            if states is not None:
                chosen = chosen.where(table.c.state.in_(states))
            if wanted.tab == "mine":
                chosen = chosen.where(~self._signed_by_me(table))
            if wanted.text:
                like = f"%{wanted.text.replace('%', '').replace('_', '')}%"
                columns = (table.c.number, table.c.specimen, table.c.tumour)
                chosen = chosen.where(sa.or_(*(column.ilike(like) for column in columns)))
            order = {
                "oldest": (table.c.urgent.desc(), table.c.received, table.c.number),
                "newest": (table.c.received.desc(), table.c.number.desc()),
                "number": (table.c.number,),
            }[wanted.sort]
            return chosen.order_by(*order).limit(PAGE + 1).offset(wanted.first)

        return self.record.select(WORKLIST.name, query)

    def counts(self) -> dict[str, int]:
        """How many by tab, and `under-way`; `mine` only for a role for which something can wait."""

        def query(table: sa.Table) -> sa.Select[Any]:
            import sqlalchemy as sa

            by_me = sa.func.sum(sa.case((self._signed_by_me(table), 1), else_=0))
            chosen = sa.select(table.c.state, sa.func.count().label("count"), by_me.label("by_me"))
            return chosen.where(self._condition(table)).group_by(table.c.state)

        rows = self.record.select(WORKLIST.name, query)
        counts = {row["state"]: int(row["count"]) for row in rows}
        signed = next((int(row["by_me"] or 0) for row in rows if row["state"] == "to_sign"), 0)
        mine = self.mine()
        by_tab = {name: sum(counts.get(state, 0) for state in states) for name, states in TABS.items()}
        waiting = sum(counts.get(state, 0) for state in mine) - (signed if "to_sign" in mine else 0)
        under_way = sum(counts.get(state, 0) for state in NEXT)
        whole = {"all": sum(counts.values()), "under-way": under_way}
        return ({"mine": waiting} if mine else {}) | by_tab | whole

    def of_patient(self, patient: str, but: str) -> list[dict[str, Any]]:
        """The requisitions of a patient but one."""
        return self.record.view_rows(
            WORKLIST.name,
            lambda table: (table.c.patient == patient) & (table.c.number != but) & self._condition(table),
        )

    def _condition(self, table: sa.Table) -> sa.ColumnElement[bool]:
        return self.access.condition(self.actor, SHOW, table.c.state, table.c.organisation)

    def _signed_by_me(self, table: sa.Table) -> sa.ColumnElement[bool]:
        import sqlalchemy as sa

        return (sa.literal(" ") + table.c.signers + " ").contains(f" {self.actor.person} ")


@dataclass(frozen=True, slots=True)
class Wait:
    """The days since the last step, and by how many they are over the target of the next (0: not over)."""

    days: int
    over: float


def wait(since: str, state: str, today: date, *, urgent: bool) -> Wait:
    """How long a requisition has waited in its state; one that waits for nothing is never over."""
    days = (today - date.fromisoformat(since)).days
    step = NEXT.get(state)
    return Wait(days, 0 if step is None else max(0, days - laboratories().target(step, urgent=urgent)))


@dataclass(frozen=True, slots=True)
class Turn:
    """A step of the way: its latest day and who recorded it, the days since the one before, its target."""

    step: str
    on: str | None
    person: str | None
    took: int | None
    target: float
    over: bool
    current: bool


def way(state: Requisition) -> tuple[Turn, ...]:
    """Each step of the laboratory's way in order; days are calendar days.

    After a repeat, or when a report is amended, the step that waits and those behind it aren't done.
    """
    rules = laboratories()
    urgent = bool(state.received and state.received.urgent)
    last = {each.step: each for each in state.steps}
    order = [rule.step for rule in rules.steps]
    if (waits := NEXT.get(state.state)) in order:
        last = {step: each for step, each in last.items() if step not in order[order.index(waits) :]}
    out: list[Turn] = []
    before: date | None = None
    for rule in rules.steps:
        taken = last.get(rule.step)
        target = rules.target(rule.step, urgent=urgent)
        took = (date.fromisoformat(taken.on) - before).days if taken and before else None
        out.append(
            Turn(
                step=rule.step,
                on=taken.on if taken else None,
                person=taken.person if taken else None,
                took=took,
                target=target,
                over=took is not None and took > target,
                current=rule.step == NEXT.get(state.state),
            )
        )
        before = date.fromisoformat(taken.on) if taken else before
    return tuple(out)
