"""Several results of one patient for people, side by side, and for programs, as one object."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from presis.cli._shared import console
from presis.cli.panel_beside import disagreement_json, disagreements_text
from presis.diagnostics.as_json import reason_json
from presis.diagnostics.comparison import FOUND, NOT_FOUND, NOT_TESTED, Cell, Comparison, Row
from presis.diagnostics.identity import signing_stops
from presis.diagnostics.profile import MolecularProfile
from presis.diagnostics.reading import read_one
from presis.diagnostics.report_markers import identity_json
from presis.diagnostics.several_results import tumour_dna
from presis.documents.language import Language, words
from presis.errors import BadInput
from presis.knowledge import Library

SAY = words(Language.EN)
_MARKS = {NOT_FOUND: "○ not found", NOT_TESTED: "– not tested"}


def read_results(
    folders: Sequence[Path], library: Library, limits: Path | None
) -> tuple[MolecularProfile, ...]:
    """One result from each folder. Raises `BadInput` for fewer than two, and for what can't be read."""
    if len(folders) < 2:
        raise BadInput.of(
            "compare.one",
            "one result can't be compared; give two folders or more, one for each result",
            found=str(len(folders)),
            accepted="two or more",
        )
    return tuple(read_one([each], library, limits=limits) for each in folders)


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """The whole comparison, with English sentences beside codes."""
    samples = [each.sample for each in comparison.profiles]
    return {
        "results": [_result_json(index, comparison) for index in range(len(samples))],
        "rows": [_row_json(each) for each in comparison.rows],
        "counting": [
            {
                "alteration": each.alteration.value,
                "counts": None if each.counts is None else samples[each.counts],
                "reasons": [reason_json(reason, SAY) for reason in each.reasons],
            }
            for each in comparison.counting
        ],
        "disagreements": [disagreement_json(each) for each in comparison.disagreements],
        "signing_stops": [
            reason_json(each, SAY) for checks in comparison.identity for each in signing_stops(checks)
        ],
    }


def _result_json(index: int, comparison: Comparison) -> dict[str, Any]:
    profile = comparison.profiles[index]
    dna = tumour_dna(profile)
    return {
        "sample": profile.sample,
        "pseudonym": profile.specimen.pseudonym,
        "kind": profile.assay.kind,
        "collected": profile.specimen.collected,
        "run": profile.run,
        "tumour_dna": None if dna is None else reason_json(dna, SAY),
        "covers": {key.value: each.state.value for key, each in profile.covers.items()},
        "identity": [identity_json(each, SAY) for each in comparison.identity[index]],
        "requests": [
            {
                "ask": each.ask,
                "alterations": [alteration.value for alteration in each.alterations],
                "why": reason_json(each.reason, SAY),
            }
            for each in comparison.requests[index]
        ],
        "markers": [
            {"marker": each.marker, "method": each.method, "score": each.score, "date": each.date}
            for each in profile.markers
        ],
    }


def _row_json(row: Row) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "gene": row.gene,
        "label": row.label,
        "change": row.change,
        "cells": [
            {"state": each.state, "value": each.value, "kept": each.kept, "why": each.why}
            for each in row.cells
        ],
    }


def comparison_text(comparison: Comparison, *, rows: int | None) -> None:
    """The answer first, then identity, what changed, which counts, and what a failed result asks for."""
    out = console()
    out.print(_answer(comparison), markup=False)
    if any(each.specimen.predisposition_declined for each in comparison.profiles):
        out.print(SAY.say("tumour.germline-declined"))
    _results(out, comparison)
    _identity(out, comparison)
    disagreements_text(out, comparison.disagreements)
    _changes(out, comparison, rows)
    _counting(out, comparison)
    _requests(out, comparison)


def _answer(comparison: Comparison) -> str:
    counts: dict[str, int] = {}
    for row in comparison.rows:
        if row.kind not in ("tmb", "msi"):
            counts[row.change] = counts.get(row.change, 0) + 1
    told = ", ".join(f"{number} {SAY.say(f'change.{change}')}" for change, number in sorted(counts.items()))
    stops = sum(len(signing_stops(checks)) for checks in comparison.identity)
    warning = (
        f" Identity: {stops} mismatch{'' if stops == 1 else 'es'}, no report may be signed." if stops else ""
    )
    return f"{len(comparison.profiles)} results: {told or 'no findings'}.{warning}"


def _table(title: str, *columns: str) -> Table:
    table = Table(
        title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, show_edge=False
    )
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _results(out: Console, comparison: Comparison) -> None:
    table = _table("\nResults", "", "sample", "kind", "taken", "run", "patient")
    for number, each in enumerate(comparison.profiles, start=1):
        dna = tumour_dna(each)
        kind = "plasma" if each.assay.kind == "ctdna" else each.assay.kind
        kind += f": {SAY.why(dna)}" if dna is not None else ""
        taken = each.specimen.collected or "not reported"
        patient = each.specimen.pseudonym or "not told"
        table.add_row(str(number), Text(each.sample), kind, taken, Text(each.run or ""), Text(patient))
    out.print(table)


def _identity(out: Console, comparison: Comparison) -> None:
    table = _table("\nIdentity", "", "check", "answer", "why")
    for number, checks in enumerate(comparison.identity, start=1):
        for each in checks:
            answer = SAY.say(f"identity-result.{each.result.value}")
            table.add_row(
                str(number), SAY.say(f"identity-check.{each.check}"), answer, Text(SAY.why(each.reason))
            )
    out.print(table)


def _changes(out: Console, comparison: Comparison, rows: int | None) -> None:
    numbers = [str(number) for number in range(1, len(comparison.profiles) + 1)]
    table = _table("\nFindings", "finding", "change", *numbers)
    for row in comparison.rows[:rows]:
        table.add_row(
            Text(row.label), SAY.say(f"change.{row.change}"), *(_cell(row, each) for each in row.cells)
        )
    out.print(table)
    if rows is not None and len(comparison.rows) > rows:
        out.print(f"… {len(comparison.rows) - rows} more; --all shows them.")


def _cell(row: Row, cell: Cell) -> str:
    if cell.state != FOUND:
        mark = _MARKS.get(cell.state, "◐ unknown")
        return mark if cell.value is None else f"{mark} ({cell.value:.4g})"
    if cell.value is None:
        return "● found"
    value = SAY.percent(cell.value) if row.kind == "small_variant" else f"{cell.value:.4g}"
    return f"● {value}" + ("" if cell.kept else ", left out")


def _counting(out: Console, comparison: Comparison) -> None:
    table = _table("\nWhich counts", "alteration", "counts", "why")
    for each in comparison.counting:
        told = [f"{number}: {SAY.why(reason)}" for number, reason in enumerate(each.reasons, start=1)]
        counts = "unknown" if each.counts is None else str(each.counts + 1)
        table.add_row(SAY.say(f"kind.{each.alteration.value}"), counts, Text("; ".join(told)))
    out.print(table)


def _requests(out: Console, comparison: Comparison) -> None:
    asked = [(number, each) for number, group in enumerate(comparison.requests, start=1) for each in group]
    if not asked:
        return
    table = _table("\nAsks for", "", "what", "why", "for")
    for number, each in asked:
        kinds = ", ".join(
            dict.fromkeys(SAY.say(f"kind.{alteration.value}") for alteration in each.alterations)
        )
        table.add_row(str(number), SAY.say(f"request.{each.ask}"), Text(SAY.why(each.reason)), kinds)
    out.print(table)
