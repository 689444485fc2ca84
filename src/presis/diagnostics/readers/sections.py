"""Tab-separated files of `[Section]` blocks, as Illumina's TSO500 software writes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from presis.diagnostics.readers.text import TextFile
from presis.diagnostics.readers.values import MISSING, Listing
from presis.errors import BadInput
from presis.methods.reasons import Reason


@dataclass(frozen=True, slots=True)
class Row:
    """One line's cells, without surrounding spaces and trailing empty cells."""

    line: int
    cells: list[str]


@dataclass(slots=True)
class Section:
    """A section's name, the line of its heading, and its rows that aren't blank."""

    name: str
    line: int
    rows: list[Row] = field(default_factory=list)


def split_row(line: str) -> list[str]:
    """The cells of a line; padding with tabs and spaces is no cell."""
    cells = [cell.strip() for cell in line.rstrip().split("\t")]
    if '"' in line:
        cells = [unquoted(cell) for cell in cells]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def unquoted(cell: str) -> str:
    """A cell without the quotes that spreadsheets put around commas when they save a file."""
    if len(cell) >= 2 and cell.startswith('"') and cell.endswith('"'):
        return cell[1:-1].replace('""', '"').strip()
    return cell


def split_sections(text: TextFile) -> tuple[list[Row], list[Section]]:
    """The rows before the first section, and the sections in the file's order."""
    before: list[Row] = []
    sections: list[Section] = []
    for index, line in enumerate(text.lines, start=1):
        cells = split_row(line)
        if not cells:
            continue
        head = cells[0]
        if len(cells) == 1 and head.startswith("[") and head.endswith("]"):
            sections.append(Section(head[1:-1].strip(), index))
        elif sections:
            sections[-1].rows.append(Row(index, cells))
        else:
            before.append(Row(index, cells))
    return before, sections


def by_name(sections: list[Section]) -> dict[str, Section]:
    """Sections by name in small letters; one that stands twice holds the rows of both."""
    found: dict[str, Section] = {}
    for section in sections:
        name = section.name.casefold()
        if name in found:
            found[name] = Section(section.name, found[name].line, found[name].rows + section.rows)
        else:
            found[name] = section
    return found


@dataclass(frozen=True, slots=True)
class Table:
    """A section's or file's rows under a header; `at` gives a column's index, -1 where it is absent."""

    file: str
    header_line: int
    columns: dict[str, int]
    width: int
    rows: list[Row]

    def at(self, column: str) -> int:
        """The index of a column, or -1."""
        return self.columns.get(column.casefold(), -1)


def below_comments(lines: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Numbered lines from the first that is no comment on; a `#` further down is part of a row."""
    started = False
    for index, line in enumerate(lines, start=1):
        started = started or (bool(line.strip()) and not line.startswith("#"))
        if started and line.strip(" ,\t"):
            yield index, line


def column_index(header: list[str]) -> dict[str, int]:
    """Columns by name, so that their order doesn't matter; the first of two equal names counts."""
    columns: dict[str, int] = {}
    for index, name in enumerate(header):
        columns.setdefault(name.casefold(), index)
    return columns


def require_columns(
    file: str, line: int, columns: dict[str, int], required: tuple[str, ...], what: str
) -> None:
    """Raise `BadInput` naming the required columns that the header lacks."""
    missing = [name for name in required if name.casefold() not in columns]
    if missing:
        raise BadInput.of(
            "missing-column.table",
            f"{what} lacks {_listed(missing)}; export the file again with all columns",
            file=file,
            line=line,
            field=missing[0],
            accepted=", ".join(required),
            missing=", ".join(missing),
        )


def _listed(names: list[str]) -> str:
    return f"the column {names[0]}" if len(names) == 1 else f"the columns {', '.join(names)}"


def table_of(text: TextFile, section: Section, required: tuple[str, ...], listing: Listing) -> Table:
    """A section read as a table: `NA` for an empty one, notes and short or long rows set apart.

    Raises `BadInput` if the header is missing, lacks a required column, or the file ends in a row.
    """
    if not section.rows:
        raise text.without_section_header(section.line, section.name)
    if section.rows[0].cells == ["NA"]:
        return Table(text.name, section.line, {}, 0, [])
    notes = takewhile(lambda row: _is_note(row, section, listing), section.rows)
    body = section.rows[sum(1 for _ in notes) :]
    if not body:
        raise text.without_section_header(section.line, section.name)
    header = body[0]
    columns = column_index(header.cells)
    require_columns(text.name, header.line, columns, required, f"section [{section.name}]")
    width = len(header.cells)
    rows = []
    for row in body[1:]:
        if is_none_found(row.cells) or _is_note(row, section, listing):
            continue
        if len(row.cells) > width:
            listing.lost(
                row.line, Reason.of("reading.more-cells-in", section=section.name), "\t".join(row.cells)
            )
            continue
        rows.append(row)
    check_last_row(text, rows, width)
    return Table(text.name, header.line, columns, width, rows)


def check_last_row(text: TextFile, rows: list[Row], width: int) -> None:
    """Raise `BadInput` if the file ends, without a line end, inside a row of this table."""
    if rows and not text.complete and rows[-1].line == len(text.lines):
        cells = text.lines[-1].count("\t") + 1
        if cells < width:
            raise text.cut_row(rows[-1].line, cells, width)


def is_none_found(cells: list[str]) -> bool:
    """A line that only says that a table is empty."""
    return cells[0] in ("NA", "N/A") and all(cell in MISSING for cell in cells)


def _is_note(row: Row, section: Section, listing: Listing) -> bool:
    """DRAGEN 2.6 puts remarks on beta features inside tables; a sentence alone in its row is one."""
    first = row.cells[0]
    beta = "BETA FEATURE" in first.upper()
    sentence = len(row.cells) == 1 and first.count(" ") >= 3
    if beta or sentence:
        listing.remark(row.line, Reason.of("reading.note", section=section.name), first)
    return beta or sentence


def key_values(section: Section, listing: Listing) -> dict[str, Row]:
    """A section of keys and values; the key in small letters, `NA` alone means that all are missing."""
    found: dict[str, Row] = {}
    for row in section.rows:
        if is_none_found(row.cells) or _is_note(row, section, listing):
            continue
        key = row.cells[0].casefold()
        if len(row.cells) > 2:
            listing.lost(
                row.line,
                Reason.of("reading.several-values", key=row.cells[0], section=section.name),
                "\t".join(row.cells),
            )
        if key in found and found[key].cells != row.cells:
            listing.remark(
                row.line,
                Reason.of("reading.key-twice", key=row.cells[0], section=section.name),
                str(row.cells[1:]),
            )
        found.setdefault(key, row)
    return found


def value_of(row: Row | None) -> str:
    """The value behind a key; empty where there is none."""
    return row.cells[1] if row is not None and len(row.cells) > 1 else ""
