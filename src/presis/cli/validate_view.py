"""A validation for people, as tables of 80 columns, and for programs, as one object."""

from __future__ import annotations

import sys
from itertools import islice
from typing import Literal

from rich.console import Console
from rich.padding import Padding
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from presis.application import now
from presis.cli._shared import console, print_json
from presis.cli.report_options import interpreter_of
from presis.diagnostics.validation.expected import COLUMNS, TEMPLATE
from presis.diagnostics.validation.files import as_document, write_files
from presis.diagnostics.validation.request import Request, carry_out
from presis.diagnostics.validation.summary import Outcome, Section, headline, sections

#: columns that are for the page alone
_TOO_WIDE = {"worst %"}


def print_template() -> None:
    """An expected table with its columns explained; lines that begin with # are passed over."""
    width = max(map(len, COLUMNS))
    print("# What the laboratory reported, a finding a row. An empty cell is not stated, and not compared.")
    for name, what in COLUMNS.items():
        print(f"# {name:<{width}}  {what}")
    print(TEMPLATE, end="")


def validate_folder(request: Request, *, as_json: bool, rows: int | None) -> int:
    """Compare, write what was asked for, and print; the exit code."""
    interpreter = interpreter_of(request.packs, request.variant_filter, request.blacklist)
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("Reading", total=None)
        outcome = carry_out(request, interpreter, lambda name: progress.update(task, description=name))
    settings = list(request.files())
    made = now().isoformat(timespec="seconds")
    paths = () if request.out is None else write_files(request.out, outcome, settings, made)
    if as_json:
        print_json(as_document(outcome, settings, made))
    else:
        _print(outcome, rows)
        for path in paths:
            console().print(f"  {path}", soft_wrap=True, markup=False)
    return 2 if outcome.run.failed else 0


def _print(outcome: Outcome, rows: int | None) -> None:
    out = console()
    out.print(headline(outcome), markup=False)
    for section in sections(outcome):
        _section(out, section, rows)
    out.print()


def _section(out: Console, section: Section, rows: int | None) -> None:
    out.print(f"\n[bold]{section.title}[/bold]")
    shown = list(islice(section.rows, rows))
    if section.stacked:
        for row in shown:
            _stack(out, section.columns, row)
    elif section.columns:
        out.print(_table(section, shown))
    if len(section.rows) > len(shown):
        out.print(f"… {len(section.rows) - len(shown)} more; --all shows them, --out writes them.")
    if section.text:
        out.print(Text(section.text, style="dim"))


def _table(section: Section, rows: list[tuple[str, ...]]) -> Table:
    kept = [index for index, name in enumerate(section.columns) if name not in _TOO_WIDE]
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1, 0, 0))
    for index in kept:
        right = index in section.numbers
        justify: Literal["left", "right"] = "right" if right else "left"
        table.add_column(section.columns[index], justify=justify, overflow="fold", no_wrap=right)
    for row in rows:
        table.add_row(*(Text(row[index]) for index in kept))
    return table


def _stack(out: Console, columns: tuple[str, ...], row: tuple[str, ...]) -> None:
    """One row over several lines: case, what and field, then the rest under their names."""
    out.print(Text(f"{row[0]}: {row[1]}, {row[2]}", style="bold"))
    for name, cell in zip(columns[3:], row[3:], strict=True):
        if cell:
            out.print(Padding(Text(f"{name}: {cell}"), (0, 0, 0, 2)))
