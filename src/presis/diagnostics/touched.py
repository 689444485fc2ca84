"""Signed reports that would say otherwise today: a class was changed since, or knowledge moved a tier."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from presis.diagnostics.bench import reviewed_content
from presis.diagnostics.interpretation import Interpreter
from presis.diagnostics.memory import JUDGEMENTS, REPORTS
from presis.diagnostics.other_results import other_results
from presis.diagnostics.report_life import Report
from presis.diagnostics.report_life import apply as apply_report
from presis.diagnostics.report_life import stream_of as report_stream
from presis.diagnostics.report_model import FindingJson, ReportContent, parse_content
from presis.diagnostics.requisition import Requisition, stream_of
from presis.diagnostics.requisition import apply as apply_requisition
from presis.record import Actor, fold

if TYPE_CHECKING:
    from presis.record.sealing import MasterKey
    from presis.record.store import Record


@dataclass(frozen=True, slots=True)
class Touched:
    """A finding of a signed report: what was signed, and what would be said today.

    `because` is `class` (somebody classed it otherwise since) or `knowledge` (newer packs).
    """

    report: str
    patient: str
    label: str
    signed: str
    today: str
    because: str


def touched_reports(
    record: Record,
    actor: Actor,
    interpreter: Interpreter,
    unseal: Callable[[str], bytes],
    master: MasterKey,
) -> tuple[int, list[Touched]]:
    """How many signed reports of the actor's laboratory were compared, and each finding that differs."""
    rows = record.view_rows(
        REPORTS.name,
        lambda table: (table.c.organisation == actor.organisation) & (table.c.state == "signed"),
    )
    later = _latest_classes(record, actor)
    found: list[Touched] = []
    for row in rows:
        report: Report = fold(apply_report, Report(), record.stream(report_stream(row["number"])))
        content = parse_content(unseal(report.current.sealed))
        signed_on = report.current.signatures[-1].signed_at.date().isoformat()
        for each in content.findings:
            told = later.get(master.index("finding", each.key)) if each.key else None
            if told is None or told["requisition"] == report.requisition or told["judged"] < signed_on:
                continue
            if each.oncogenicity and told["oncogenicity"] not in {None, *each.oncogenicity.classes}:
                found.append(
                    Touched(
                        report.number,
                        report.patient,
                        each.label,
                        _classes(each),
                        told["oncogenicity"],
                        "class",
                    )
                )
        if _same_packs(content, interpreter):
            continue
        state = _requisition(record, report)
        if state is not None and state.reading is not None:
            beside = partial(other_results, record, unseal, master.index, state)
            today = reviewed_content(state, unseal, interpreter, None, beside)
            found += _by_knowledge(report, content, today)
    return len(rows), found


def _latest_classes(record: Record, actor: Actor) -> dict[str, dict[str, Any]]:
    """By a change's index, the last judgement of the laboratory that gave it a class."""
    rows = record.view_rows(
        JUDGEMENTS.name,
        lambda table: (table.c.organisation == actor.organisation) & (table.c.verdict == "reclassified"),
    )
    return {row["finding"]: row for row in sorted(rows, key=lambda row: str(row["judged"]))}


def _same_packs(content: ReportContent, interpreter: Interpreter) -> bool:
    then = {pack.pack: pack.sha256 for pack in content.knowledge}
    return then == {pack.pack: pack.sha256 for pack in interpreter.library.releases}


def _requisition(record: Record, report: Report) -> Requisition | None:
    if report.requisition is None:
        return None
    facts = record.stream(stream_of(report.requisition))
    state: Requisition = fold(apply_requisition, Requisition(), facts)
    return state


def _by_knowledge(report: Report, content: ReportContent, today: ReportContent) -> list[Touched]:
    """What today's packs say otherwise."""
    by_key = {each.key: each for each in today.findings if each.key}
    out = []
    for each in content.findings:
        other = by_key.get(each.key) if each.key else None
        if other is not None and _told(each) != _told(other):
            out.append(
                Touched(report.number, report.patient, each.label, _told(each), _told(other), "knowledge")
            )
    return out


def _classes(each: FindingJson) -> str:
    return "/".join(each.oncogenicity.classes) if each.oncogenicity else ""


def _told(each: FindingJson) -> str:
    tiers = (
        "/".join(f"{t.tier}-{t.level}" if t.level else t.tier for t in each.amp.possible) if each.amp else ""
    )
    return f"{_classes(each)} {tiers}".strip()
