"""The expected table: what a laboratory reported of earlier cases, one finding a row, as CSV.

An empty cell is not stated, and not compared. Every fault is told with line and column.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from presis.diagnostics.hgvs import parse_coding, parse_protein
from presis.diagnostics.oncogenicity import CLASSES
from presis.diagnostics.readers.text import read_text
from presis.diagnostics.symbols import split_pair
from presis.errors import BadInput, Problem, Where

#: Column: what it holds. The first two must be there.
COLUMNS = {
    "case": "the sample's name, as Presis reads it in the panel's files; or the case's folder",
    "kind": "small_variant, copy_number, exon_copy_number, loh, fusion, splice, tmb, msi, hrd",
    "gene": "gene symbol; a fusion as EML4::ALK; empty with reported=no: nothing else of this kind",
    "change": "p.V600E, c.1799T>A or 7:140453136 A>T; amplification, deletion; exon 14 skipping",
    "class": "oncogenic, likely oncogenic, vus, likely benign, benign; with 'nothing else': of it or above",
    "amp": "AMP/ASCO/CAP tier: I-A, I-B, II-C, II-D, III, IV; or I, II without its level",
    "escat": "ESCAT tier: I-A to I-C, II-A, II-B, III-A to III-C, IV-A, IV-B, V, X",
    "value": "tmb: mutations per megabase; msi: stable, borderline, unstable; hrd: the score",
    "reported": "yes: the laboratory reported it; no: it looked, and reported none",
}
SMALL, COPIES, EXONS, FUSION, SPLICE = "small_variant", "copy_number", "exon_copy_number", "fusion", "splice"
MARKERS = ("tmb", "msi", "hrd")
KINDS = (SMALL, COPIES, EXONS, "loh", FUSION, SPLICE, *MARKERS)
MSI_WORDS = {
    **dict.fromkeys(("stable", "mss"), "stable"),
    "borderline": "borderline",
    **dict.fromkeys(("unstable", "msi-h", "msi-high"), "unstable"),
}
_CLASS_WORDS = {
    **{name: name for name in CLASSES},
    "uncertain_significance": "vus",
    "variant_of_uncertain_significance": "vus",
}
_YES_NO = {"yes": True, "no": False, "ja": True, "nei": False}
_TIER = re.compile(r"(?:AMP|ESCAT)?[\s-]*(?:TIER)?[\s-]*(IV|I{1,3}|V|X)[\s-]*([A-D]?)")
_AMP = {"I": "AB", "II": "CD", "III": "", "IV": ""}
_ESCAT = {"I": "ABC", "II": "AB", "III": "ABC", "IV": "AB", "V": "", "X": ""}
PLACE = re.compile(r"(?:chr)?(\w{1,2}):(?:g\.)?(\d+)\s*([ACGT]+)\s*>\s*([ACGT]+)")

TEMPLATE = """\
case,kind,gene,change,class,amp,escat,value,reported
SAMPLE-1,small_variant,BRAF,p.V600E,oncogenic,I-A,,,yes
SAMPLE-1,small_variant,KRAS,,,,,,no
SAMPLE-1,small_variant,,,likely oncogenic,,,,no
SAMPLE-1,copy_number,ERBB2,amplification,,II-C,,,yes
SAMPLE-1,tmb,,,,,,8.6,
SAMPLE-1,msi,,,,,,stable,
SAMPLE-2,fusion,EML4::ALK,,,I-A,I-A,,yes
SAMPLE-2,splice,MET,exon 14 skipping,,,,,no
"""


@dataclass(frozen=True, slots=True)
class Expected:
    """One row: what the laboratory stated. None: not stated."""

    line: int
    case: str
    kind: str
    gene: str | None = None
    change: str | None = None
    oncogenicity: str | None = None
    amp: str | None = None
    escat: str | None = None
    value: str | None = None
    reported: bool | None = None

    @property
    def floor(self) -> str | None:
        """Of "nothing else" in a gene or a kind: the class from which on the laboratory reports."""
        wide = self.reported is False and self.change is None and self.kind == SMALL
        return self.oncogenicity if wide else None

    @property
    def subject(self) -> str:
        """What the row is about, in words."""
        if self.kind in MARKERS:
            return self.kind.upper()
        if self.gene is None:
            return f"any other {self.kind}"
        return " ".join(each for each in (self.gene, self.change) if each)


@dataclass(frozen=True, slots=True)
class ExpectedTable:
    """The rows in the file's order, and the hash of its bytes."""

    name: str
    sha256: str
    rows: tuple[Expected, ...]


def read_expected(path: Path) -> ExpectedTable:
    """The laboratory's table; comma or semicolon between cells.

    Raises:
        BadInput: with every fault of the table, each with its line and column.

    """
    file = read_text(path)
    problems: list[Problem] = []
    rows = list(_rows(file.name, csv_rows(file.name, file.lines, COLUMNS, ("case", "kind")), problems))
    problems += _doubles(file.name, rows)
    if problems:
        raise BadInput(*problems)
    if not rows:
        raise BadInput.of("expected.empty", "has no row; write one for each finding", file=file.name)
    return ExpectedTable(file.name, file.sha256, tuple(rows))


def csv_rows(
    name: str, lines: tuple[str, ...], columns: Mapping[str, str], needed: tuple[str, ...]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells by column, trimmed; lines that are empty or begin with # are passed over.

    Raises:
        BadInput: for a header that lacks a needed column, names a strange one or one twice, or a long row.

    """
    told = _records(lines)
    first, header = next(told, (0, []))
    if not header:
        raise BadInput.of("table.empty", "has no header; presis validate --template prints one", file=name)
    header = [each.lower() for each in header]
    faults = [f"lacks the column {each}" for each in needed if each not in header]
    faults += [
        f"has the column {each!r}, which is none of the table's" for each in header if each not in columns
    ]
    faults += [f"has the column {each} twice" for each in columns if header.count(each) > 1]
    if faults:
        accepted = ", ".join(columns)
        raise BadInput.of(
            "table.header", f"{'; '.join(faults)}; use {accepted}", file=name, line=first, accepted=accepted
        )
    for line, cells in told:
        if len(cells) > len(header):
            message = f"has {len(cells)} cells under {len(header)} columns; quote a cell that holds the mark"
            raise BadInput.of("table.row", f"{message} between cells", file=name, line=line)
        yield line, dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=True))


def _records(lines: tuple[str, ...]) -> Iterator[tuple[int, list[str]]]:
    """First line and trimmed cells of each record; a quoted cell may hold line ends."""
    head = next((text for text in lines if text.strip() and not text.startswith("#")), "")
    mark = ";" if head.count(";") > head.count(",") else ","
    reader = csv.reader((f"{text}\n" for text in lines), delimiter=mark)
    line = 1
    for record in reader:
        cells = [each.strip() for each in record]
        if any(cells) and not cells[0].startswith("#"):
            yield line, cells
        line = reader.line_num + 1


def _rows(
    name: str, table: Iterator[tuple[int, dict[str, str]]], problems: list[Problem]
) -> Iterator[Expected]:
    for line, cells in table:
        told = {column: text for column, text in cells.items() if text}
        faults = list(_faults(told))
        problems += [
            Problem("expected.cell", message, Where(name, line, None, column), told.get(column), accepted)
            for column, message, accepted in faults
        ]
        if not faults:
            yield _row(line, told)


def _row(line: int, told: Mapping[str, str]) -> Expected:
    kind = told["kind"].lower()
    return Expected(
        line=line,
        case=told["case"],
        kind=kind,
        gene=told.get("gene"),
        change=told.get("change"),
        oncogenicity=_class(told["class"]) if "class" in told else None,
        amp=tier(told["amp"], _AMP, bare=("I", "II")) if "amp" in told else None,
        escat=tier(told["escat"], _ESCAT) if "escat" in told else None,
        value=_value(kind, told["value"]) if "value" in told else None,
        reported=_YES_NO[told["reported"].lower()] if "reported" in told else None,
    )


_Fault = tuple[str, str, str | None]


def _faults(told: Mapping[str, str]) -> Iterator[_Fault]:
    """Column, sentence and what is accepted, for each cell that can't be used."""
    if "case" not in told:
        yield "case", "names no case; write the sample's name", None
    kind = told.get("kind", "").lower()
    if kind not in KINDS:
        yield "kind", f"{told.get('kind', '')!r} is no kind; use {', '.join(KINDS)}", ", ".join(KINDS)
        return
    yield from _cell_faults(told, kind)
    yield from _whole_faults(told, kind)


def _cell_faults(told: Mapping[str, str], kind: str) -> Iterator[_Fault]:
    checks: dict[str, tuple[Callable[[str], object], str]] = {
        "class": (_class, "oncogenic, likely oncogenic, vus, likely benign, benign"),
        "amp": (lambda text: tier(text, _AMP, bare=("I", "II")), "I-A, I-B, II-C, II-D, III, IV, I, II"),
        "escat": (
            lambda text: tier(text, _ESCAT),
            "I-A to I-C, II-A, II-B, III-A to III-C, IV-A, IV-B, V, X",
        ),
        "reported": (lambda text: _YES_NO.get(text.lower()), "yes, no"),
    }
    if kind in MARKERS:
        told_by = "stable, borderline, unstable, MSS, MSI-H" if kind == "msi" else "a number, such as 8.6"
        checks["value"] = (lambda text: _value(kind, text), told_by)
    elif kind in (SMALL, COPIES):
        small = "p.V600E, c.1799T>A or 7:140453136 A>T"
        accepted = small if kind == SMALL else "amplification, deletion"
        checks["change"] = (lambda text: _change(kind, text), accepted)
    if kind == FUSION:
        checks["gene"] = (partners, "EML4::ALK, EML4-ALK, or one gene")
    for column, (read, accepted) in checks.items():
        if column in told and read(told[column]) is None:
            yield column, f"{told[column]!r} can't be read; write {accepted}", accepted


def _whole_faults(told: Mapping[str, str], kind: str) -> Iterator[_Fault]:
    if kind in MARKERS:
        for column in ("gene", "change", "class", "reported"):
            if column in told:
                yield column, f"says nothing of {kind}; leave it empty", None
        if not {"value", "amp", "escat"} & told.keys():
            yield "value", f"is empty; give the {kind}'s value, or leave the row out", None
        return
    if "value" in told:
        yield "value", f"is for {', '.join(MARKERS)} alone; leave it empty", None
    if "class" in told and kind != SMALL:
        yield "class", "is for small variants alone; leave it empty", None
    if "gene" not in told and (told.get("reported", "").lower() not in ("no", "nei") or "change" in told):
        yield "gene", "is empty; name the gene (empty means 'nothing else', and needs reported=no)", None
    if not {"class", "amp", "escat", "reported"} & told.keys():
        yield "reported", "is empty, and nothing else is stated; write yes or no", "yes, no"


def _doubles(name: str, rows: list[Expected]) -> Iterator[Problem]:
    seen: dict[tuple[str, str, str | None, str | None], int] = {}
    for row in rows:
        key = (row.case, row.kind, row.gene, row.change)
        if key in seen:
            message = f"states the same as line {seen[key]}; keep one of the two"
            yield Problem("expected.twice", message, Where(name, row.line))
        seen.setdefault(key, row.line)


def partners(text: str) -> tuple[str, ...] | None:
    """`EML4::ALK` or `EML4-ALK` to its two genes in order, one gene to itself; None: can't be read."""
    if "::" in text:
        genes = tuple(each.strip() for each in text.split("::"))
        return genes if len(genes) == 2 and all(genes) else None
    pair = split_pair(text) if "-" in text or "/" in text else None
    if pair is not None:
        return (pair[0][0], pair[1][0])
    return (text,) if re.fullmatch(r"[\w.@-]+", text) else None


def tier(text: str, levels: Mapping[str, str], bare: tuple[str, ...] = ()) -> str | None:
    """`IA`, `Tier I-A` to `I-A`; None if the scale has no such tier. `bare`: may stand without a level."""
    match = _TIER.fullmatch(text.strip().upper())
    if match is None or match[1] not in levels:
        return None
    allowed = levels[match[1]]
    if match[2]:
        return f"{match[1]}-{match[2]}" if match[2] in allowed else None
    return match[1] if not allowed or match[1] in bare else None


def _class(text: str) -> str | None:
    return _CLASS_WORDS.get(re.sub(r"[\s-]+", "_", text.strip().lower()))


def _value(kind: str, text: str) -> str | None:
    if kind == "msi":
        return MSI_WORDS.get(text.lower())
    number = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
    return number if re.fullmatch(r"\d+(?:\.\d+)?", number) else None


def _change(kind: str, text: str) -> object:
    if kind == COPIES:
        return text if text.lower() in ("amplification", "deletion") else None
    return parse_coding(text) or PLACE.fullmatch(text) or parse_protein(text)
