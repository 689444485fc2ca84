"""Pathology's other biomarkers in a CSV: one result a row, in the words of the vocabulary.

Columns marker, method and score are needed; specimen, unit, assay, threshold, date and block may
stand beside them. A word that the vocabulary doesn't hold isn't guessed: the row is listed.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from presis.diagnostics.marker_vocabulary import Kind, columns, key, kinds, markers, method_names, methods
from presis.diagnostics.pathology import PathologyMarker
from presis.diagnostics.profile import InputFile, NotUsable
from presis.diagnostics.readers.text import TextFile
from presis.diagnostics.readers.values import MISSING, Listing, UnreadableError, number
from presis.errors import BadInput
from presis.methods.reasons import Reason

KIND = "pathology_markers"
REQUIRED = ("marker", "method", "score")
_JOINTS = (";", "\t", ",")
_RANGE = re.compile(r"(?P<low>[\d.,]+)\s*[-–]\s*(?P<high>[\d.,]+)")
_BOUND = re.compile(r"(?P<sign><=|>=|<|>|≤|≥)\s*(?P<number>[\d.,]+)")
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_PARTIAL = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2]))?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerFile:
    """The file's results, in its order, and what no result was made of."""

    file: InputFile
    text: TextFile
    markers: tuple[PathologyMarker, ...]
    not_usable: tuple[NotUsable, ...]


def names_of(line: str) -> list[str]:
    """The columns that a header line names, in our words where we know them."""
    joint = _joint(line)
    return [columns().get(key(cell.lstrip("# ")), cell.strip()) for cell in line.split(joint)]


def is_header(line: str) -> bool:
    """Whether a line is this file's header; one that lost a column is, so that its reader can say so."""
    names = names_of(line)
    return "marker" in names and len(set(names) & {*REQUIRED, "threshold", "assay", "unit"}) >= 2


def read_pathology_markers(text: TextFile) -> MarkerFile:
    """Read the file. Raises `BadInput` if it is cut, or if a column is missing or stands twice."""
    start = next((i for i, line in enumerate(text.lines) if line.strip() and not line.startswith("#")), 0)
    if is_header(text.lines[0]):
        start = 0
    joint = _joint(text.lines[start])
    names = names_of(text.lines[start])
    _check(text, start + 1, names)
    listing = Listing(text.name)
    known = set(columns().values())
    unused = [name for name in names if name and name not in known]
    if unused:
        listing.remark(start + 1, Reason.of("reading.unused-columns"), ", ".join(unused))
    found: list[PathologyMarker] = []
    rows = [(n, line) for n, line in enumerate(text.lines[start + 1 :], start + 2) if line.strip(f" {joint}")]
    for line, content in rows:
        if content.startswith("#"):
            listing.remark(line, Reason.of("reading.commented-out"), content)
            continue
        cells = _cells(content, joint)
        if cells is None or len(cells) > len(names):
            listing.lost(line, Reason.of("reading.cells-or-quotation"), content)
            continue
        if not text.complete and line == len(text.lines) and len(cells) < len(names):
            raise text.cut_row(line, len(cells), len(names))
        row = dict(zip(names, cells, strict=False))
        marker = _marker(text.name, line, row, listing)
        if marker is not None:
            found.append(marker)
    return MarkerFile(
        file=text.as_input(KIND, len(rows)),
        text=text,
        markers=tuple(found),
        not_usable=(*text.remarks, *listing.entries),
    )


def _joint(line: str) -> str:
    return max(_JOINTS, key=line.count)


def _check(text: TextFile, line: int, names: Sequence[str]) -> None:
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise BadInput.of(
            "missing-column.markers",
            f"the marker file lacks the column {missing[0]}; it needs marker, method and score",
            file=text.name,
            line=line,
            field=missing[0],
            accepted="marker, method, score; specimen, unit, assay, threshold, date, block",
        )
    twice = [name for name in names if name in columns().values() and names.count(name) > 1]
    if twice:
        raise BadInput.of(
            "column-twice",
            f"the column {twice[0]} stands twice; keep one of them",
            file=text.name,
            line=line,
            field=twice[0],
        )


def _cells(line: str, joint: str) -> list[str] | None:
    try:
        (cells,) = csv.reader([line], delimiter=joint, strict=True)
    except (csv.Error, ValueError):
        return None
    return [cell.strip() for cell in cells]


def _marker(file: str, line: int, row: dict[str, str], listing: Listing) -> PathologyMarker | None:
    """The row as a result; None where it is listed."""
    shown = " · ".join(row.get(name, "") for name in (*REQUIRED, "unit"))
    try:
        kind = _kind(row)
        result = _score(kind, row["score"], row.get("unit", ""))
    except UnreadableError as error:
        listing.lost(line, error.why, shown)
        return None

    def said(name: str) -> str | None:
        cell = row.get(name, "")
        return None if cell in MISSING else cell

    told = said("date")
    when = None
    if told is not None:
        when = _date(told)
        if when is None:
            listing.lost(line, Reason.of("reading.marker-date"), told)
    return replace(
        result,
        assay=said("assay"),
        threshold=said("threshold"),
        date=when,
        specimen=said("specimen"),
        block=said("block"),
        file=file,
        line=line,
    )


def _kind(row: dict[str, str]) -> Kind:
    """Which test the row is of; the unit may complete the marker's name (PD-L1 and TPS)."""
    told, unit = row.get("marker", ""), row.get("unit", "")
    marker = markers().get(key(told)) or markers().get(key(f"{told} {unit}"))
    if marker is None:
        part = [name for word, name in markers().items() if told and word.startswith(f"{key(told)} ")]
        if part:
            names = ", ".join(dict.fromkeys(part))
            raise UnreadableError("reading.which-marker", names=names)
        raise UnreadableError("reading.unknown-marker")
    method = methods().get(key(row.get("method", "")))
    kind = kinds().get((marker, method or ""))
    if kind is None:
        known = ", ".join(method_names()[each] for name, each in kinds() if name == marker)
        raise UnreadableError("reading.marker-method", marker=marker, methods=known)
    return kind


def _score(kind: Kind, text: str, unit: str) -> PathologyMarker:
    """The score as a word of the scale, or as a number with its unit."""
    result = PathologyMarker(marker=kind.marker, name=kind.name, method=kind.method, score="")
    word = kind.scores.get(key(text))
    if word is not None:
        return replace(result, score=word)
    if text in MISSING:
        raise UnreadableError("reading.no-score")
    if kind.least is None or kind.most is None:
        raise UnreadableError(
            "reading.score-word", test=f"{kind.name} {method_names()[kind.method]}", accepted=kind.accepted
        )
    units = {key(each) for each in kind.units}
    plain, own = _without_unit(text, kind)
    given = own or (unit if unit not in MISSING else "")
    if given and key(given) not in units:
        raise UnreadableError("reading.score-unit", marker=kind.name, unit=kind.units[0])
    if not given and kind.unit_needed:
        raise UnreadableError("reading.unit-untold", unit=kind.units[0])
    low, high, is_open = _bounds(plain, kind)
    return replace(result, score=_shown(low, high, is_open, kind), low=low, high=high, high_open=is_open,
                   unit=kind.units[0] if kind.units else None)  # fmt: skip


def _without_unit(text: str, kind: Kind) -> tuple[str, str]:
    """`60 %` as `60` and `%`."""
    for each in sorted(kind.units, key=len, reverse=True):
        if text.casefold().endswith(each.casefold()):
            return text[: -len(each)].strip(), each
    return text, ""


def _bounds(text: str, kind: Kind) -> tuple[float, float, bool]:
    """Lowest and highest value that a number, a bound or a span allows; whether the highest is left out."""
    least, most = kind.least or 0.0, kind.most or 0.0
    bound, span = _BOUND.fullmatch(text), _RANGE.fullmatch(text)
    if bound is not None:
        value = _within(bound["number"], kind)
        if bound["sign"] in {"<", "<=", "≤"}:
            return least, value, bound["sign"] == "<"
        if bound["sign"] == ">":
            raise UnreadableError("reading.score-above")
        return value, most, False
    if span is not None:
        low, high = _within(span["low"], kind), _within(span["high"], kind)
        if low > high:
            raise UnreadableError("reading.score-span")
        return low, high, False
    value = _within(text, kind)
    return value, value, False


def _within(text: str, kind: Kind) -> float:
    try:
        value = number(text)
    except UnreadableError as error:
        unit = f" {kind.units[0]}" if kind.units else ""
        span = {"least": f"{kind.least or 0.0:g}", "most": f"{kind.most or 0.0:g}{unit}"}
        raise error.wrapped("reading.score-number", accepted=kind.accepted, **span) from None
    if kind.least is None or kind.most is None or not kind.least <= value <= kind.most:
        raise UnreadableError("reading.score-outside", least=f"{kind.least:g}", most=f"{kind.most:g}")
    return value


def _shown(low: float, high: float, is_open: bool, kind: Kind) -> str:  # noqa: FBT001 - one of three bounds
    if low == high:
        return f"{low:g}"
    if is_open:
        return f"<{high:g}" if low == kind.least else f"{low:g}-{high:g}"
    if high == kind.most:
        return f"≥{low:g}"
    return f"≤{high:g}" if low == kind.least else f"{low:g}-{high:g}"


def _date(text: str) -> str | None:
    """A day, a month or a year; `14.03.2026` as `2026-03-14`; None for what is no date."""
    match = _DAY.fullmatch(text)
    if match is not None:
        text = f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}"
    if _PARTIAL.fullmatch(text):
        return text
    try:
        return date.fromisoformat(text).isoformat() if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None
