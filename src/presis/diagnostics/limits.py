"""Limits of quality measures as data: the laboratory's own, and the table shipped for TSO500."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from presis.diagnostics.profile import Alteration, Assay
from presis.diagnostics.readers.text import TextFile, read_text
from presis.diagnostics.readers.values import UnreadableError, number
from presis.diagnostics.symbols import TSO500
from presis.errors import BadInput, Problem, Where

RNA_ALTERATIONS = (Alteration.RNA_FUSION, Alteration.SPLICE)
DNA_ALTERATIONS = tuple(each for each in Alteration if each not in RNA_ALTERATIONS)
_COPY_NUMBER = (Alteration.AMPLIFICATION, Alteration.DELETION, Alteration.EXON_CNV)
GOVERNS = ("all", "small_variants+tmb", "msi", "cnv", "gis", "fusion+splice")
_REQUIRED = ("metric", "direction", "limit")


@dataclass(frozen=True, slots=True)
class Limit:
    """One bound: `direction` is `min` (at least) or `max`; empty fields hold for everything."""

    assay: str
    software: str
    nucleic_acid: str
    section: str
    metric: str
    direction: str
    value: float
    governs: str
    instrument: str

    def holds_for(self, assay: Assay, section: str, nucleic_acid: str, metric: str) -> bool:
        """Whether the row speaks of this metric of this section, assay and software."""
        return (
            metric.casefold() == self.metric.casefold()
            and self.assay in ("", "any", assay.kind)
            and self.software in ("", "any", assay.software)
            and (not self.section or self.section.casefold() == section.casefold())
            and (
                not self.nucleic_acid or nucleic_acid == "run" or nucleic_acid in self.nucleic_acid.split("+")
            )
        )


def governed(what: str, nucleic_acid: str, kind: str) -> tuple[Alteration, ...]:
    """The alterations that a miss makes unknown, from a word of the table."""
    match what:
        case "small_variants+tmb":
            return (Alteration.SMALL_VARIANT, Alteration.TMB)
        case "msi":
            return (Alteration.MSI,)
        case "cnv":
            return _COPY_NUMBER
        case "gis":
            return (Alteration.HRD, Alteration.LOH)
        case "fusion+splice":
            return (Alteration.DNA_FUSION,) if kind == "ctdna" else RNA_ALTERATIONS
        case _:
            return {"DNA": DNA_ALTERATIONS, "RNA": RNA_ALTERATIONS}.get(nucleic_acid, tuple(Alteration))


def governed_by_section(section: str, nucleic_acid: str, kind: str) -> tuple[Alteration, ...]:
    """What a section's metrics govern, by its name; expanded metrics are for information only."""
    name = section.casefold()
    if "expanded" in name:
        return ()
    words = [
        word
        for mark, word in (
            ("small variant", "small_variants+tmb"),
            ("msi", "msi"),
            ("fusion", "fusion+splice"),
            ("cnv", "cnv"),
            ("gis", "gis"),
        )
        if mark in name
    ]
    if not words:
        return governed("all", nucleic_acid, kind)
    return tuple(each for word in words for each in governed(word, nucleic_acid, kind))


@cache
def table_limits() -> tuple[Limit, ...]:
    """The limits shipped with Presis, used where a metrics file gives none."""
    return parse_limits(read_text(TSO500 / "quality_limits.csv"))


def read_limits(path: Path) -> tuple[Limit, ...]:
    """The laboratory's limits, a CSV of the same form. Raises `BadInput` with every problem."""
    return parse_limits(read_text(path))


def parse_limits(text: TextFile) -> tuple[Limit, ...]:
    """Limits in a text: columns metric, direction and limit are needed, the others narrow them."""
    joint = ";" if ";" in text.lines[0] and "," not in text.lines[0] else ","
    try:
        rows = list(csv.DictReader(text.lines, delimiter=joint))
    except csv.Error as error:
        raise BadInput.of(
            "damaged", f"isn't readable as CSV ({error}); save it again", file=text.name
        ) from error
    missing = [name for name in _REQUIRED if not rows or name not in rows[0]]
    if missing:
        raise BadInput.of(
            "missing-column",
            f"the limits lack the column {missing[0]}; take quality_limits.csv as a form",
            file=text.name,
            line=1,
            field=missing[0],
            accepted=", ".join(_REQUIRED),
        )
    problems = [
        problem for index, row in enumerate(rows, start=2) for problem in _problems(text.name, index, row)
    ]
    if problems:
        raise BadInput(*problems)
    return tuple(_limit(row) for row in rows)


def _cell(row: dict[str, str | None], name: str) -> str:
    value = row.get(name)
    return value.strip() if isinstance(value, str) else ""


def _problems(file: str, line: int, row: dict[str, str | None]) -> Iterator[Problem]:
    def problem(field: str, message: str, accepted: str | None = None) -> Problem:
        return Problem("limits", message, Where(file, line, None, field), _cell(row, field), accepted)

    if not _cell(row, "metric"):
        yield problem("metric", "the metric has no name")
    if _cell(row, "direction") not in ("min", "max"):
        yield problem("direction", "should be min (at least) or max (at most)", "min, max")
    try:
        number(_cell(row, "limit"))
    except UnreadableError as error:
        yield problem("limit", f"the limit {error}")
    if _cell(row, "governs") not in ("", *GOVERNS):
        yield problem("governs", f"should be one of {', '.join(GOVERNS)}", ", ".join(GOVERNS))


def _limit(row: dict[str, str | None]) -> Limit:
    return Limit(
        assay=_cell(row, "assay"),
        software=_cell(row, "software"),
        nucleic_acid=_cell(row, "nucleic_acid"),
        section=_cell(row, "section"),
        metric=_cell(row, "metric"),
        direction=_cell(row, "direction"),
        value=number(_cell(row, "limit")),
        governs=_cell(row, "governs"),
        instrument=_cell(row, "instrument"),
    )


def on_instrument(limit: Limit, instrument: str | None) -> bool:
    """Whether a row's instrument is this one: `NextSeq 500/550` holds for `NextSeq550`."""
    if limit.instrument.casefold() in ("", "any"):
        return True
    if instrument is None:
        return False
    given = re.sub(r"[\s_-]", "", instrument).casefold()
    name = re.sub(r"[\s_-]", "", limit.instrument).casefold()
    first, *others = name.split("/")
    letters = first.rstrip("0123456789")
    names = [first, *(letters + other for other in others)]
    return any(given == each or (not each[-1].isdigit() and given.startswith(each)) for each in names)
