"""What `presis requisition list|show` print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from presis.cli._shared import console, print_json
from presis.cli.desk import SHOW, Desk, chosen, organisation_name, patient_of
from presis.cli.requisition_read import reading_json, show_reading
from presis.cli.who import person_name
from presis.diagnostics.requisition import Requisition, repeatable, steps_ahead, stream_of, subject
from presis.diagnostics.worklist import PAGE, SORTS, TABS, Turn, Wait, Wanted, Worklist, wait, way
from presis.knowledge import load_library

#: What can be done, and the command that does it.
COMMANDS = {
    "assess-material": "requisition material {number} --adequate --cells PERCENT",
    "take-step": "requisition step {number} {step}",
    "read-files": "requisition read {number} FOLDER",
    "judge-finding": "review list {number}",
    "conclude-review": "review show {number}",
    "sign-review": "review show {number}",
    "ask-repeat": "requisition repeat {number} {repeat}",
    "correct-requisition": "requisition correct {number} --tumour CODE",
    "cancel-requisition": "requisition cancel {number} --reason TEXT",
    "reopen-review": "review reopen {number} --reason TEXT",
}


def worklist_of(desk: Desk) -> Worklist:
    """The requisitions that the person may see."""
    return Worklist(desk.application.record, desk.application.access, desk.actor)


def show_list(desk: Desk, tab: str | None, search: str, sort: str, first: int) -> None:
    """The worklist: fifty rows, and how many wait in each state."""
    if refusal := desk.application.access.may_ever(desk.actor, SHOW):
        desk.refused(refusal, "requisitions")
    worklist = worklist_of(desk)
    counts = worklist.counts()
    tabs = [name for name in ("mine", *TABS, "all") if name in counts]
    name = ("mine" if "mine" in counts else "bench") if tab is None else chosen(tab, tabs, "--tab")
    wanted = Wanted(name, search.strip(), chosen(sort, SORTS, "--sort"), first - 1)
    found = worklist.find(wanted)
    rows = found[:PAGE]
    desk.shown(f"requisitions?tab={name}", (row["patient"] for row in rows))
    if desk.as_json:
        counted = {each: counts[each] for each in tabs}
        told = [_row_json(desk, row) for row in rows]
        print_json({"tab": name, "counts": counted, "first": first, "more": len(found) > PAGE, "rows": told})
        return
    out = console()
    out.print(_lead(desk, counts), markup=False)
    if rows:
        out.print(_table(desk, rows), markup=False)
    elif name != "mine" or wanted.text:
        code = "web.no-hit" if wanted.text else "web.none-here"
        out.print(desk.say.say(code, {"query": wanted.text}), markup=False)
    if len(found) > PAGE:
        out.print(
            f"More:  presis requisition list --tab {name} --from {first + PAGE}", soft_wrap=True, markup=False
        )
    words = (f"{each} {counts[each]}" for each in tabs)
    out.print(f"--tab: {', '.join(words)}", markup=False)


def _lead(desk: Desk, counts: Mapping[str, int]) -> str:
    count = counts.get("mine")
    if count is None:
        return desk.say.say("web.lead-all", {"count": counts["under-way"]})
    code = "web.lead-none" if not count else "web.lead-one" if count == 1 else "web.lead-mine"
    return desk.say.say(code, {"count": count})


def _wait(desk: Desk, row: Mapping[str, Any]) -> Wait:
    today = desk.application.clock().date()
    return wait(row["since"], row["state"], today, urgent=bool(row["urgent"]))


def wait_words(desk: Desk, told: Wait) -> str:
    """`6 d, 3 over`."""
    days = desk.say.say("web.days", {"days": told.days})
    if not told.over:
        return days
    return f"{days}, {desk.say.say('web.over', {'days': desk.say.number(told.over)})}"


def _table(desk: Desk, rows: Sequence[Mapping[str, Any]]) -> Table:
    urgent = [""] if any(row["urgent"] for row in rows) else []
    table = plain_table("number", *urgent, "specimen", "tumour", "received", "waits", "next")
    for row in rows:
        table.add_row(
            row["number"],
            *(desk.say.say("web.urgent") if row["urgent"] else each for each in urgent),
            row["specimen"],
            row["tumour"] or "–",
            desk.say.day(row["received"]),
            wait_words(desk, _wait(desk, row)),
            desk.say.say(f"next.{row['state']}"),
        )
    return table


def plain_table(*columns: str) -> Table:
    """A table without rules; the last column folds."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for each in columns:
        is_last = each == columns[-1]
        table.add_column(each, no_wrap=not is_last, overflow="fold")
    return table


def _row_json(desk: Desk, row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("number", "state", "specimen", "tumour", "requester", "received", "since", "report")
    told = _wait(desk, row)
    return {name: row[name] for name in names} | {
        "urgent": bool(row["urgent"]),
        "waited_days": told.days,
        "over_target_days": told.over,
        "signatures_needed": row["needed"],
        "signers": row["signers"].split(),
    }


def show_one(desk: Desk, number: str) -> None:
    """Where a requisition stands."""
    state, version = desk.look(number)
    desk.shown(f"requisitions/{number}", [patient_of(state)])
    if desk.as_json:
        print_json(_as_data(desk, state, version))
        return
    out = console()
    out.print(f"{number}: {_state_words(desk, state)}", markup=False)
    for name, value in _pairs(desk, state):
        out.print(Padding(_pair(name, value), (0, 0, 0, 2)), markup=False)
    out.print()
    out.print(_way_table(desk, state), markup=False)
    if state.reading is not None:
        out.print()
        show_reading(desk, state, out)
    _others(desk, state, out)
    out.print()
    out.print("History", markup=False)
    for fact in desk.application.record.stream(stream_of(number)):
        told = (
            f"{desk.say.day(fact.recorded)}  {desk.fact_words(fact.kind)}, {person_name(fact.actor.person)}"
        )
        out.print(f"  {told}", markup=False)
    _possible(desk, state, version, out)


def _pair(name: str, value: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(width=23, no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row(name.lower(), value)
    return table


def _state_words(desk: Desk, state: Requisition) -> str:
    say, today = desk.say, desk.application.clock().date()
    urgent = bool(state.received and state.received.urgent)
    told = wait(state.since, state.state, today, urgent=urgent)
    waiting = say.say("web.days", {"days": told.days})
    words = say.say(f"web.lead-{state.state}", {"waiting": waiting, "report": state.report or ""})
    words = f"{words[0].lower()}{words[1:]}" if not state.report else words
    over = say.say("web.over", {"days": say.number(told.over)})
    return f"{words} {say.say('web.lead-over', {'over': over})}" if told.over else words


def _pairs(desk: Desk, state: Requisition) -> list[tuple[str, str]]:
    say, received = desk.say, state.received
    if received is None:
        return []
    record = desk.application.record
    identity = record.stream(f"patient-{received.patient}")
    unknown = say.say("web.not-told")
    node = load_library().oncotree.node(received.tumour) if received.tumour else None
    told = {
        "patient": desk.open_text(identity[0].payload.identity) if identity else say.say("web.unknown"),
        "specimen": received.specimen,
        "tumour": f"{node.name} ({node.code})" if node else unknown,
        "sex-and-birth": f"{say.say('sex.' + (received.sex or 'unknown'))}, {received.birth_year or unknown}",
        "sample_type": say.term("specimen", received.sample_type or "") or unknown,
        "cells": say.percent(state.cells) if state.cells is not None else unknown,
        "requester": organisation_name(received.requester, short=True),
        "received": say.day(state.received_on) + (f", {say.say('web.urgent')}" if received.urgent else ""),
        "predisposition_declined": say.say("web.yes") if received.predisposition_declined else None,
        "details": desk.open_text(received.details),
    }
    return [(say.say(f"field.{name}"), value) for name, value in told.items() if value]


def _way_table(desk: Desk, state: Requisition) -> Table:
    say = desk.say
    table = plain_table("step", "day", "took", "target", "by")
    for each in way(state):
        nothing = say.say("web.waits") if each.current else say.say("web.not-noted")
        took = say.say("web.days", {"days": each.took}) if each.took is not None else ""
        table.add_row(
            say.say(f"way.{each.step}"),
            say.day(each.on) if each.on else nothing,
            f"▲ {took}" if each.over else took,
            say.say("web.days", {"days": say.number(each.target)}) if each.target else "",
            person_name(each.person) if each.person else "",
        )
    return table


def _others(desk: Desk, state: Requisition, out: Console) -> None:
    rows = worklist_of(desk).of_patient(patient_of(state), state.number)
    if not rows:
        return
    out.print(f"\n{desk.say.say('web.others-of-patient')}", markup=False)
    for row in rows:
        told = f"{row['number']}  {row['specimen']}, {desk.say.day(row['received'])}"
        out.print(f"  {told}: {desk.say.say('at.' + row['state'])}", markup=False)


def _possible(desk: Desk, state: Requisition, version: int, out: Console) -> None:
    """The commands that the person may give now."""
    possible = list(_commands(desk, state))
    if not possible:
        out.print(f"\n{desk.say.say('web.nothing-for-you')}", markup=False)
        return
    out.print(f"\nWhat you can do now (this is version {version})", markup=False)
    for each in dict.fromkeys(possible):
        out.print(f"  presis {each}", markup=False, soft_wrap=True)


def _commands(desk: Desk, state: Requisition) -> list[str]:
    ahead, back = steps_ahead(state), repeatable(state)
    words = {
        "number": state.number,
        "step": ahead[0] if ahead else "",
        "repeat": back[-1].replace("_", "-") if back else "",
    }
    out = []
    for action, command in COMMANDS.items():
        needs = {
            "take-step": ahead,
            "ask-repeat": back,
            "judge-finding": state.reading,
            "conclude-review": state.reading,
        }
        if (
            needs.get(action, True)
            and desk.application.access.authorise(desk.actor, action, subject(state)) is None
        ):
            out.append(command.format(**words))
    return out


def _turn_json(each: Turn) -> dict[str, Any]:
    return {
        "step": each.step,
        "on": each.on,
        "by": each.person,
        "took_days": each.took,
        "target_days": each.target,
        "over": each.over,
        "waits": each.current,
    }


def _as_data(desk: Desk, state: Requisition, version: int) -> dict[str, Any]:
    received = state.received
    patient = desk.application.record.stream(f"patient-{patient_of(state)}")
    told = received.model_dump(mode="json", exclude={"patient", "details"}) if received else {}
    return told | {
        "version": version,
        "state": state.state,
        "since": state.since,
        "received": state.received_on,
        "patient": desk.open_text(patient[0].payload.identity) if patient else None,
        "details": desk.open_text(received.details) if received else None,
        "tumour_cell_fraction": state.cells,
        "steps": [_turn_json(each) for each in way(state)],
        **reading_json(desk, state),
        "report": state.report,
        "signatures_needed": state.needed,
        "signers": list(state.signers),
        "other_requisitions": [
            row["number"] for row in worklist_of(desk).of_patient(patient_of(state), state.number)
        ],
    }
