"""The laboratory's memory: what people said of a change before, and which reports carry it.

A change is found by its blind index, so that the views tell nothing of whom it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from presis.diagnostics import report_life, requisition
from presis.diagnostics.judged import Judged
from presis.diagnostics.laboratories import laboratories
from presis.record import Actor, Fact, View, fold

if TYPE_CHECKING:
    import sqlalchemy as sa

    from presis.record.store import Record


def _worklist_rows(_stream: str, facts: Sequence[Fact[Any]]) -> Iterable[dict[str, Any]]:
    state: requisition.Requisition = fold(requisition.apply, requisition.Requisition(), facts)
    if state.received is None:
        return
    told = state.received
    yield {
        "number": told.number,
        "organisation": told.organisation,
        "patient": told.patient,
        "state": state.state,
        "urgent": int(told.urgent),
        "received": state.received_on,
        "since": state.since,
        "specimen": told.specimen,
        "requester": told.requester,
        "tumour": told.tumour,
        "report": state.report,
        "needed": state.needed,
        "signers": " ".join(state.signers),
    }


WORKLIST = View(
    name="requisitions",
    version=1,
    prefix="requisition",
    columns={
        "number": str,
        "organisation": str,
        "patient": str,
        "state": str,
        "urgent": int,
        "received": str,
        "since": str,
        "specimen": str,
        "requester": str,
        "tumour": str,
        "report": str,
        "needed": int,
        "signers": str,
    },
    rows=_worklist_rows,
    indexes=(("organisation", "state", "urgent", "received"), ("patient",)),
)


def _judgement_rows(_stream: str, facts: Sequence[Fact[Any]]) -> Iterable[dict[str, Any]]:
    state: requisition.Requisition = fold(requisition.apply, requisition.Requisition(), facts)
    if state.received is None:
        return
    for finding, each in state.judgements.items():
        if state.received.predisposition_declined and each.fact.verdict == "germline":
            continue  # nothing leads from an inherited change to a patient who declined to hear of it
        yield {
            "finding": finding,
            "organisation": state.received.organisation,
            "requisition": state.received.number,
            "patient": state.received.patient,
            "verdict": each.fact.verdict,
            "oncogenicity": each.fact.oncogenicity,
            "person": each.person,
            "judged": each.on,
            "judgement": each.fact.judgement,
        }


JUDGEMENTS = View(
    name="judgements",
    version=2,
    prefix="requisition",
    columns={
        "finding": str,
        "organisation": str,
        "requisition": str,
        "patient": str,
        "verdict": str,
        "oncogenicity": str,
        "person": str,
        "judged": str,
        "judgement": str,
    },
    rows=_judgement_rows,
    indexes=(("finding", "organisation"), ("organisation", "verdict")),
)


def _carried_rows(_stream: str, facts: Sequence[Fact[Any]]) -> Iterable[dict[str, Any]]:
    report: report_life.Report = fold(report_life.apply, report_life.Report(), facts)
    signed = max((each.number for each in report.versions if each.is_signed), default=0)
    made = [fact.payload for fact in facts if hasattr(fact.payload, "carried")]
    for number, payload in enumerate(made, start=1):
        if number != signed:
            continue
        for each in payload.carried:
            yield {
                "finding": each.finding,
                "organisation": report.organisation,
                "patient": report.patient,
                "report": report.number,
                "requisition": report.requisition,
                "oncogenicity": each.oncogenicity,
                "tiers": " ".join(each.tiers),
            }


#: What the last signed version of each report carries.
CARRIED = View(
    name="carried",
    version=1,
    prefix="report",
    columns={
        "finding": str,
        "organisation": str,
        "patient": str,
        "report": str,
        "requisition": str,
        "oncogenicity": str,
        "tiers": str,
    },
    rows=_carried_rows,
    indexes=(("finding", "organisation"),),
)


def _report_rows(_stream: str, facts: Sequence[Fact[Any]]) -> Iterable[dict[str, Any]]:
    report: report_life.Report = fold(report_life.apply, report_life.Report(), facts)
    if report.versions:
        yield {
            "number": report.number,
            "organisation": report.organisation,
            "patient": report.patient,
            "requisition": report.requisition,
            "requester": report.requester,
            "state": report.state,
            "sample": report.sample,
            "tumour": report.tumour,
            "version": report.current.number,
            "content_hash": report.current.content_hash,
        }


#: Every report, as its current version stands.
REPORTS = View(
    name="reports",
    version=2,
    prefix="report",
    columns={
        "number": str,
        "organisation": str,
        "patient": str,
        "requisition": str,
        "requester": str,
        "state": str,
        "sample": str,
        "tumour": str,
        "version": int,
        "content_hash": str,
    },
    rows=_report_rows,
    indexes=(("organisation", "state"), ("requester", "state"), ("content_hash",)),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a laboratory has said of a change in other requisitions, the last first."""

    times: int
    verdicts: Mapping[str, int]
    persons: tuple[str, ...]
    last: Mapping[str, Any]
    is_artefact: bool


def seen_before(
    record: Record, actor: Actor, indexes: Mapping[str, str], but: str | None = None
) -> dict[str, Seen]:
    """By a change's key, what the actor's laboratory said of it in other requisitions than `but`.

    `indexes` maps keys to their blind indexes.
    """
    wanted = list(indexes.values())
    groups = _said(record, actor, lambda table: table.c.finding.in_(wanted), but)
    return {
        key: _seen(groups[index], actor.organisation) for key, index in indexes.items() if index in groups
    }


def _said(
    record: Record,
    actor: Actor,
    where: Callable[[sa.Table], sa.ColumnElement[bool]] | None = None,
    but: str | None = None,
) -> dict[str, list[dict[str, Any]]]:
    """The judgements of the actor's laboratory by change, the last first; `but` is left out."""

    def query(table: sa.Table) -> sa.Select[Any]:
        import sqlalchemy as sa

        own = sa.select(table).where(table.c.organisation == actor.organisation)
        own = own if where is None else own.where(where(table))
        return own.order_by(table.c.judged.desc(), table.c.requisition.desc())

    groups: dict[str, list[dict[str, Any]]] = {}
    for row in record.select(JUDGEMENTS.name, query):
        if row["requisition"] != but:
            groups.setdefault(row["finding"], []).append(row)
    return groups


def _seen(rows: Sequence[dict[str, Any]], organisation: str) -> Seen:
    verdicts: dict[str, int] = {}
    for row in rows:
        verdicts[row["verdict"]] = verdicts.get(row["verdict"], 0) + 1
    persons = tuple(dict.fromkeys(row["person"] for row in rows))
    return Seen(len(rows), verdicts, persons, rows[0], is_artefact(rows, organisation))


def is_artefact(rows: Sequence[Mapping[str, Any]], organisation: str) -> bool:
    """Whether the judgements, the last first, put a change on the laboratory's list of artefacts."""
    rules = laboratories().rules(organisation)
    lately: list[Mapping[str, Any]] = []
    for row in rows:
        if row["verdict"] != "artefact":
            break
        lately.append(row)
    enough = len({row["requisition"] for row in lately}) >= rules.artefact_requisitions
    return enough and len({row["person"] for row in lately}) >= rules.artefact_persons


@dataclass(frozen=True, slots=True)
class KnownChange:
    """A change that the laboratory has judged: what was said of it, and its words, unsealed."""

    label: str
    key: str
    why: str
    seen: Seen


def known_changes(record: Record, actor: Actor, unseal: Callable[[str], dict[str, Any]]) -> list[KnownChange]:
    """Every change that the actor's laboratory has judged, those judged most often first.

    `unseal` opens a judgement by its hash.
    """
    out = []
    for rows in _said(record, actor).values():
        told = unseal(rows[0]["judgement"])
        out.append(KnownChange(told["label"], told["key"], told["why"], _seen(rows, actor.organisation)))
    return sorted(out, key=lambda each: (-each.seen.times, each.label))


def reports_carrying(record: Record, actor: Actor, indexes: Iterable[str]) -> list[dict[str, Any]]:
    """The signed reports of the actor's laboratory that carry one of the changes."""
    wanted = list(indexes)
    return record.view_rows(
        CARRIED.name,
        lambda table: table.c.finding.in_(wanted) & (table.c.organisation == actor.organisation),
    )


def carried_otherwise(
    record: Record, actor: Actor, index: str, judged: Judged | None
) -> list[dict[str, Any]]:
    """The signed reports that carry a change otherwise than a person judged it now."""
    if judged is None or judged.verdict == "keep":
        return []
    reclassified = judged.verdict == "reclassified"
    rows = reports_carrying(record, actor, [index])
    return [row for row in rows if not reclassified or row["oncogenicity"] != judged.oncogenicity]
