"""MetricsOutput.tsv: quality measures by section, one column for each sample, library or pair."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from presis.diagnostics.profile import Assay, InputFile, NotUsable
from presis.diagnostics.readers.layout import read_title, recognise
from presis.diagnostics.readers.sections import (
    Row,
    Section,
    check_last_row,
    key_values,
    split_sections,
    value_of,
)
from presis.diagnostics.readers.text import TextFile
from presis.diagnostics.readers.values import ABSENT, Listing, UnreadableError, number
from presis.errors import BadInput
from presis.methods.reasons import Reason

KIND = "metrics_output"
_FIXED = ("metric (uom)", "lsl guideline", "usl guideline")
_METRIC = re.compile(r"(?P<name>[^\s(]+)\s*(?:\((?P<unit>[^)]*)\))?")
_STATUS_KEYS = ("COMPLETED_ALL_STEPS", "FAILED_STEPS", "STEPS_NOT_EXECUTED")


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One metric: its limits as the file gives them, and its value in each column."""

    name: str
    unit: str | None
    lower: float | None
    upper: float | None
    values: dict[str, float | None]
    line: int


@dataclass(frozen=True, slots=True)
class MetricSection:
    """A section of metrics; `nucleic_acid` is DNA, RNA or run."""

    name: str
    nucleic_acid: str
    columns: tuple[str, ...]
    rows: tuple[MetricRow, ...]


@dataclass(frozen=True, slots=True)
class StepStatus:
    """What the analysis says of one column: all steps done, those that failed or weren't run."""

    completed: bool | None
    failed: tuple[str, ...]
    not_executed: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """One MetricsOutput file, of a run or of one sample."""

    file: InputFile
    text: TextFile
    assay: Assay
    sections: tuple[MetricSection, ...]
    status: dict[str, StepStatus] = field(default_factory=dict)
    not_usable: tuple[NotUsable, ...] = ()

    @property
    def columns(self) -> frozenset[str]:
        """Every sample, library or pair that has a column."""
        named = (
            name for section in self.sections for name in section.columns if section.nucleic_acid != "run"
        )
        return frozenset(named) | frozenset(self.status)


def read_metrics(text: TextFile) -> Metrics:
    """Read a MetricsOutput. Raises `BadInput` if it is cut or damaged."""
    before, sections = split_sections(text)
    titles = [title for row in before if (title := read_title(row.cells[0])) is not None]
    if not titles or titles[0].what != "metrics output":
        raise BadInput.of(
            "not-recognised.metrics",
            "has no title line of a Metrics Output; give the original file",
            file=text.name,
        )
    listing = Listing(text.name)
    header = next((section for section in sections if section.name.casefold() == "header"), None)
    keys = key_values(header, listing) if header else {}
    version = value_of(keys.get("workflow version")) or value_of(keys.get("pipeline version"))
    assay = recognise(titles[0], version, frozenset(), has_sum_jsd=False)
    metric_sections = [
        _metric_section(text, section, listing) for section in sections if _nucleic_acid(section.name)
    ]
    _require(text, metric_sections, assay)
    status: dict[str, StepStatus] = {}
    for section in sections:
        if section.name.casefold() == "analysis status":
            status |= _status(text.name, section)
        elif not _nucleic_acid(section.name) and section.name.casefold() not in ("header", "notes"):
            listing.remark(section.line, Reason.of("reading.unknown-section"), f"[{section.name}]")
    return Metrics(
        file=text.as_input(KIND, sum(len(section.rows) for section in metric_sections)),
        text=text,
        assay=assay,
        sections=tuple(metric_sections),
        status=status,
        not_usable=(*text.remarks, *listing.entries),
    )


def _nucleic_acid(section: str) -> str | None:
    name = section.casefold()
    if "metrics" not in name:
        return None
    if name.startswith("dna"):
        return "DNA"
    if name.startswith("rna"):
        return "RNA"
    return "run" if name.startswith("run") else None


def _require(text: TextFile, sections: list[MetricSection], assay: Assay) -> None:
    """Every version writes the DNA library's metrics and, in tissue, the RNA library's."""
    present = {section.name.casefold() for section in sections}
    needed = ["dna library qc metrics", "dna library qc metrics for msi"]
    if assay.kind == "ctdna":
        needed = ["dna library qc metrics", "dna library qc metrics for small variant calling and tmb"]
    else:
        needed.append("rna library qc metrics")
    missing = [name for name in needed if name not in present]
    if missing:
        raise text.without_section(missing[0])


def _metric_section(text: TextFile, section: Section, listing: Listing) -> MetricSection:
    kind = _nucleic_acid(section.name) or "run"
    rows = section.rows
    if not rows:
        raise text.without_section_header(section.line, section.name)
    header = [cell.casefold() for cell in rows[0].cells]
    missing = [name for name in _FIXED if name not in header]
    if missing:
        raise BadInput.of(
            "missing-column.section",
            f"section [{section.name}] lacks the column {missing[0]}; export the file again",
            file=text.name,
            line=rows[0].line,
            field=missing[0],
            section=section.name,
        )
    fixed = {name: header.index(name) for name in _FIXED}
    columns = [
        (index, name) for index, name in enumerate(rows[0].cells) if index not in fixed.values() and name
    ]
    if kind != "run":
        _refuse_repeated(text.name, rows[0].line, [name for _, name in columns])
    check_last_row(text, rows[1:], len(rows[0].cells))
    metrics = [_metric_row(row, fixed, columns, listing) for row in rows[1:]]
    names = tuple(name for _, name in columns)
    return MetricSection(section.name, kind, names, tuple(row for row in metrics if row is not None))


def _refuse_repeated(file: str, line: int, names: list[str]) -> None:
    """Two columns of one sample may differ, and nothing tells which of them counts."""
    repeated = next((name for name in names if name and names.count(name) > 1), None)
    if repeated is not None:
        raise BadInput.of(
            "repeated-column",
            f"has several columns of {repeated}; keep the one that belongs to the sample",
            file=file,
            line=line,
            field=repeated,
        )


def _metric_row(
    row: Row, fixed: dict[str, int], columns: list[tuple[int, str]], listing: Listing
) -> MetricRow | None:
    def cell(index: int) -> str:
        return row.cells[index] if index < len(row.cells) else ""

    def read(index: int, what: str) -> float | None:
        text = cell(index)
        if text in ABSENT:
            return None
        try:
            return number(text)
        except UnreadableError as error:
            listing.lost(row.line, error.inside("reading.cell", column=what), text)
            return None

    match = _METRIC.fullmatch(cell(fixed["metric (uom)"]))
    if match is None:
        listing.lost(row.line, Reason.of("reading.no-metric"), "\t".join(row.cells))
        return None
    name, unit = match["name"], match["unit"]
    return MetricRow(
        name=name,
        unit=None if unit in (None, "NA", "") else unit,
        lower=read(fixed["lsl guideline"], f"the lower limit of {name}"),
        upper=read(fixed["usl guideline"], f"the upper limit of {name}"),
        values={column: read(index, f"{name} of {column}") for index, column in columns},
        line=row.line,
    )


def _status(file: str, section: Section) -> dict[str, StepStatus]:
    """Columns of the analysis status; the header's first cell is empty, or lost in some copies."""
    named = [row for row in section.rows if row.cells[0].upper() not in _STATUS_KEYS]
    by_key = {row.cells[0].upper(): row for row in section.rows if row.cells[0].upper() in _STATUS_KEYS}
    if not named or not by_key:
        return {}
    ids = named[0].cells[1:] if named[0].cells[0] == "" else named[0].cells
    _refuse_repeated(file, named[0].line, ids)

    def cell(key: str, index: int) -> str:
        row = by_key.get(key)
        return row.cells[index + 1] if row is not None and index + 1 < len(row.cells) else ""

    line = min(row.line for row in by_key.values())
    return {
        name: StepStatus(
            completed={"TRUE": True, "FALSE": False}.get(cell("COMPLETED_ALL_STEPS", index).upper()),
            failed=_steps(cell("FAILED_STEPS", index)),
            not_executed=_steps(cell("STEPS_NOT_EXECUTED", index)),
            line=line,
        )
        for index, name in enumerate(ids)
        if name
    }


def _steps(text: str) -> tuple[str, ...]:
    return tuple(step for part in text.split(",") if (step := part.strip()) not in ABSENT)
