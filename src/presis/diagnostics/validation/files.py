"""The files of a run: a page, a document, every comparison and every difference as CSV.

All but the time of the run follows from the inputs alone, byte by byte.
"""

from __future__ import annotations

import csv
import html
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from presis.diagnostics.report_making import write_whole
from presis.diagnostics.validation.adjudication import COLUMNS
from presis.diagnostics.validation.agreement import cross_tables, detection_lines, field_lines
from presis.diagnostics.validation.outcome import Comparison
from presis.diagnostics.validation.previous import SCHEMA, versions
from presis.diagnostics.validation.summary import Outcome, Section, headline, sections, sources
from presis.documents.cells import safe_cell
from presis.errors import BadInput

STATUS = "Not CE-marked: for patients only as an institution's own device (MDR/IVDR article 5(5))."
SAME = "Only this time differs when the same inputs are validated again by the same version."
_COMPARED = (
    "case",
    "kind",
    "subject",
    "field",
    "outcome",
    "laboratory",
    "presis",
    "why",
    "line",
    "difference",
)
_HEADING = "Validation against the laboratory's own reports"
_STYLE = """
body{font:16px/1.5 Inter,system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#1e2b3c}
table{border-collapse:collapse;margin:.5rem 0 1.5rem;font-size:.9rem}
th,td{border-bottom:1px solid #c4c9d0;padding:.3rem .6rem;text-align:left}
th,td{vertical-align:top;overflow-wrap:anywhere}
.n{text-align:right;white-space:nowrap}h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}
.wide{overflow-x:auto}
"""


def write_files(
    folder: Path, outcome: Outcome, settings: Sequence[tuple[str, str]], made: str
) -> tuple[Path, ...]:
    """Write the four files of a run; raises `BadInput` if the folder can't be written to."""
    document = as_document(outcome, settings, made)
    texts = {
        "validation.html": page(outcome, settings, made),
        "validation.json": json.dumps(document, ensure_ascii=False, indent=2) + "\n",
        "comparisons.csv": comparisons_csv(outcome.run.comparisons),
        "differences.csv": differences_csv(outcome),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(write_whole(folder / name, text.encode()) for name, text in texts.items())
    except OSError as error:
        raise BadInput.of(
            "validation.write",
            f"can't be written to ({error.strerror}); give another --out",
            file=str(folder),
        ) from None


def as_document(outcome: Outcome, settings: Sequence[tuple[str, str]], made: str) -> dict[str, Any]:
    """The whole run for programs."""
    run = outcome.run
    judged = {each.id: by for each, by in outcome.adjudicated.differences if by is not None}
    return {
        "schema": SCHEMA,
        "made": made,
        "note": SAME,
        "status": STATUS,
        "versions": versions(run),
        "inputs": [
            {"file": name, "sha256": digest}
            for name, digest in (("expected table", run.table.sha256), *settings, *run.inputs)
        ],
        "fields": [asdict(each) for each in field_lines(run.comparisons)],
        "detection": [asdict(each) for each in detection_lines(run.comparisons, run.table.rows)],
        "classes": [
            {
                "field": table.field,
                "counts": [{"laboratory": a, "presis": b, "n": n} for (a, b), n in table.counts.items()],
            }
            for table in cross_tables(run.comparisons)
        ],
        "comparisons": [_comparison(each) for each in run.comparisons],
        "differences": [
            {"id": each.id, "adjudication": asdict(judged[each.id]) if each.id in judged else None}
            for each in run.differences
        ],
        "unexplained": len(outcome.adjudicated.unexplained),
        "stale_adjudications": [asdict(each) for each in outcome.adjudicated.stale],
        "cases": [{"case": each.case, "not_stated": each.not_stated} for each in run.results],
        "not_compared": [asdict(each) for each in run.not_compared],
        "since_last": None if outcome.since is None else asdict(outcome.since),
    }


def _comparison(each: Comparison) -> dict[str, Any]:
    return {
        "case": each.case,
        "kind": each.kind,
        "subject": each.subject,
        "line": each.line,
        "field": each.field,
        "outcome": each.outcome,
        "laboratory": each.laboratory,
        "presis": each.presis,
        "why": list(each.why),
        "difference": each.id if each.outcome == "differ" else None,
    }


def comparisons_csv(comparisons: Iterable[Comparison]) -> str:
    """Every comparison, a row each."""
    rows = ({**_comparison(each), "why": "; ".join(each.why)} for each in comparisons)
    return _csv(_COMPARED, ([_cell(row[name]) for name in _COMPARED] for row in rows))


def differences_csv(outcome: Outcome) -> str:
    """Every difference with room for a judgement; those that were given stand in it."""
    rows = []
    for each, by in outcome.adjudicated.differences:
        sides = (each.id, each.case, each.kind, each.subject, each.field, each.laboratory, each.presis)
        judged = ("", "", "", "") if by is None else (by.right, by.explanation, by.by, by.on)
        rows.append([*sides, "; ".join(each.why), *judged])
    return _csv(tuple(COLUMNS), rows)


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def page(outcome: Outcome, settings: Sequence[tuple[str, str]], made: str) -> str:
    """The summary as one page that loads nothing."""
    parts = [*sections(outcome), *sources(outcome.run, settings)]
    body = "\n".join(_section(each) for each in parts)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Presis: validation</title>'
        f"<style>{_STYLE}</style></head><body><main>\n<h1>{_HEADING}</h1>\n"
        f"<p><strong>{html.escape(headline(outcome))}</strong></p>\n"
        f"<p>Made {html.escape(made)}. {SAME}</p>\n"
        f"<p>Presis {outcome.run.presis}. {html.escape(STATUS)}</p>\n"
        f"{body}\n</main></body></html>\n"
    )


def _section(section: Section) -> str:
    out = [f"<h2>{html.escape(section.title)}</h2>"]
    if section.text:
        out.append(f"<p>{html.escape(section.text)}</p>")
    if section.columns:
        head = _line("th", section.columns, section.numbers, ' scope="col"')
        rows = "\n".join(_line("td", row, section.numbers) for row in section.rows)
        out.append(f'<div class="wide"><table><thead>{head}</thead><tbody>\n{rows}\n</tbody></table></div>')
    return "\n".join(out)


def _line(tag: str, cells: Sequence[str], numbers: frozenset[int], more: str = "") -> str:
    made = []
    for index, cell in enumerate(cells):
        kind = ' class="n"' if index in numbers else ""
        made.append(f"<{tag}{kind}{more}>{html.escape(cell)}</{tag}>")
    return f"<tr>{''.join(made)}</tr>"
