"""A patient's results side by side: what changed, which counts, and whether they are one person's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from starlette.responses import Response

from presis.diagnostics.bench import laboratory_interpreter, read_profile
from presis.diagnostics.comparison import (
    FOUND,
    NOT_FOUND,
    NOT_TESTED,
    Cell,
    Comparison,
    compare,
)
from presis.diagnostics.comparison import Row as CompareRow
from presis.diagnostics.facts import FilesRead
from presis.diagnostics.identity import IdentityCheck
from presis.diagnostics.interpretation import Interpreter
from presis.diagnostics.kept_profile import parse_profile
from presis.diagnostics.other_results import OtherResults
from presis.diagnostics.profile import MolecularProfile
from presis.diagnostics.requisition import NUMBER_PATTERN, Requisition, apply, stream_of
from presis.diagnostics.requisition_specimen import by_requisition
from presis.diagnostics.several_results import tumour_dna
from presis.diagnostics.withheld import told_profiles
from presis.documents.language import Words
from presis.errors import BadInput
from presis.record import fold
from presis.web.page import Frame, Visit
from presis.web.requisition import beside, opened, patient_of

#: More rows than these are counted, and shown on demand.
MOST_ROWS = 60
_TONES = {"match": "fits", "mismatch": "stop", "unknown": "open"}


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """One result: what heads its column, and what is known of it."""

    name: str
    href: str | None
    pairs: tuple[tuple[str, str], ...]
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check of whose the data are; `href` leads to the requisition compared with."""

    check: str
    answer: str
    tone: str
    why: str
    other: str | None
    href: str | None


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding, how it changed, and what each result says of it: the words, and the tone."""

    label: str
    change: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CountsRow:
    """Which result counts for one kind of alteration, and why each does or doesn't."""

    kind: str
    counts: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BesidePage:
    """What the laboratory has of a patient, beside one requisition."""

    template: ClassVar[str] = "beside.html"
    frame: Frame
    number: str
    lead: str
    stops: bool
    checks: tuple[CheckRow, ...]
    results: tuple[ResultColumn, ...]
    rows: tuple[FindingRow, ...]
    more: int
    counting: tuple[CountsRow, ...]


def show(visit: Visit, number: str) -> Response:
    """The page."""
    found = opened(visit, number)
    if isinstance(found, Response):
        return found
    state, _ = found
    if state.reading is None:
        return visit.message(
            "web.nothing-read", "web.nothing-read-text", f"/requisitions/{number}", status=404
        )
    unseal, say = visit.application.open_content, visit.say
    readings = [*_earlier_readings(visit, number), read_profile(state, unseal)]
    others = beside(visit, state)(readings[-1])
    checks = others.checks(readings[-1])
    interpreter = laboratory_interpreter(visit.application.record, visit.actor.organisation)
    comparison = _comparison(state, readings, others, say, interpreter)
    stops = sum(each.result == "mismatch" for each in checks)
    shown = comparison.rows if visit.told("all") else comparison.rows[:MOST_ROWS]
    model = BesidePage(
        frame=visit.frame(say.say("web.beside-of", {"number": number}), "/requisitions"),
        number=number,
        lead=_lead(comparison, stops, say),
        stops=bool(stops),
        checks=tuple(_check(each, say) for each in checks),
        results=_results(comparison, number, say),
        rows=tuple(_finding(each, say) for each in shown),
        more=len(comparison.rows) - len(shown),
        counting=_counting(comparison, say),
    )
    subjects = [patient_of(state), *_named(visit, checks)]
    return visit.page(model, subjects, f"requisitions/{number}/beside")


def _earlier_readings(visit: Visit, number: str) -> Iterator[MolecularProfile]:
    """All readings but the last, each with what the requisition said then: the tumour cells of its tissue."""
    facts = visit.application.record.stream(stream_of(number))
    ends = [place for place, fact in enumerate(facts, start=1) if isinstance(fact.payload, FilesRead)]
    for end in ends[:-1]:
        then: Requisition = fold(apply, Requisition(), facts[:end])
        profile = parse_profile(visit.application.open_content(then.readings[-1].profile))
        try:
            yield by_requisition(profile, then)
        except BadInput:  # what was wrong then has been put right since
            yield profile


def _named(visit: Visit, checks: Sequence[IdentityCheck]) -> Iterator[str]:
    """The patients whose requisitions the checks name: each of them is seen here too."""
    for number in dict.fromkeys(each.other for each in checks if _href(each.other)):
        first = visit.application.record.stream(stream_of(str(number)))[0]
        yield first.payload.patient


def _comparison(
    state: Requisition,
    readings: Sequence[MolecularProfile],
    others: OtherResults,
    say: Words,
    interpreter: Interpreter,
) -> Comparison:
    """Every reading of the requisition with what stands of the patient's others, each under its name.

    What the patient declined to hear is in none of them.
    """
    own = [
        replace(
            each,
            sample=state.number
            if len(readings) == 1
            else say.say("web.reading-of", {"number": state.number, "reading": place}),
        )
        for place, each in enumerate(readings, start=1)
    ]
    results = [*(replace(each.profile, sample=each.number) for each in others.earlier), *own]
    return compare(results, told_profiles(results, interpreter))


def _lead(comparison: Comparison, stops: int, say: Words) -> str:
    if stops:
        return say.say("web.lead-beside-stops", {"count": stops})
    if len(comparison.profiles) == 1:
        return say.say("web.lead-beside-alone")
    counts: dict[str, int] = {}
    for row in comparison.rows:
        if row.kind not in ("tmb", "msi"):
            counts[row.change] = counts.get(row.change, 0) + 1
    told = ", ".join(f"{count} {say.term('change', change)}" for change, count in sorted(counts.items()))
    return say.say(
        "web.lead-beside",
        {"results": len(comparison.profiles), "told": told or say.say("web.no-findings-beside")},
    )


def _check(each: IdentityCheck, say: Words) -> CheckRow:
    return CheckRow(
        check=say.say(f"identity-check.{each.check}"),
        answer=say.say(f"identity-result.{each.result.value}"),
        tone=_TONES[each.result.value],
        why=say.why(each.reason),
        other=each.other,
        href=_href(each.other),
    )


def _href(name: str | None) -> str | None:
    """The address of a requisition by its number; None for what is no number."""
    import re

    return f"/requisitions/{name}" if name and re.match(NUMBER_PATTERN, name) else None


def _results(comparison: Comparison, number: str, say: Words) -> tuple[ResultColumn, ...]:
    unknown = say.say("web.not-told")
    out = []
    for place, each in enumerate(comparison.profiles):
        dna = tumour_dna(each)
        kind = say.say("web.plasma" if each.assay.kind == "ctdna" else "web.tissue")
        cells = each.specimen.tumour_cell_fraction
        pairs = (
            (say.say("field.specimen"), each.dna_sample or each.rna_sample or unknown),
            (say.say("web.kind"), f"{kind}: {say.why(dna)}" if dna is not None else kind),
            (say.say("field.cells"), unknown if cells is None else say.percent(cells)),
            (say.say("web.taken"), say.day(each.specimen.collected) if each.specimen.collected else unknown),
            (say.say("web.run"), each.run or unknown),
        )
        asks = tuple(
            f"{say.say(f'request.{ask.ask}')} ({say.why(ask.reason)})" for ask in comparison.requests[place]
        )
        href = None if each.sample.startswith(number) else _href(each.sample)
        out.append(ResultColumn(each.sample, href, pairs, asks))
    return tuple(out)


def _finding(row: CompareRow, say: Words) -> FindingRow:
    return FindingRow(
        row.label, say.term("change", row.change), tuple(_cell(row, each, say) for each in row.cells)
    )


def _cell(row: CompareRow, cell: Cell, say: Words) -> tuple[str, str]:
    value = None
    if cell.value is not None:
        value = say.percent(cell.value) if row.kind == "small_variant" else say.number(cell.value, 2)
    if cell.state == FOUND:
        told = value or say.say("web.cell-found")
        return (told if cell.kept else say.say("web.cell-left-out", {"value": told})), "fits"
    if cell.state in (NOT_FOUND, NOT_TESTED):
        tone = "" if cell.state == NOT_FOUND else "muted"
        return say.say(f"web.cell-{cell.state.replace('_', '-')}"), tone
    told = say.say("web.cell-unknown")
    return (told if value is None else f"{told} ({value})"), "open"


def _counting(comparison: Comparison, say: Words) -> tuple[CountsRow, ...]:
    names = [each.sample for each in comparison.profiles]
    if len(names) == 1:
        return ()
    return tuple(
        CountsRow(
            say.term("kind", each.alteration.value),
            say.say("web.counts-unknown") if each.counts is None else names[each.counts],
            tuple(f"{name}: {say.why(reason)}" for name, reason in zip(names, each.reasons, strict=True)),
        )
        for each in comparison.counting
    )
