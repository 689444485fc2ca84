"""Reports from files: what `presis report make` and `presis report batch` do."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from presis.cli._shared import console, print_json
from presis.diagnostics.batch import Case, find_cases
from presis.diagnostics.interpretation import Interpreter
from presis.diagnostics.reading import read_all, read_one
from presis.diagnostics.report_making import (
    DRAFT,
    Wanted,
    make_content,
    parse_formats,
    safe_name,
    write_report,
)
from presis.diagnostics.report_view import report_view
from presis.documents.language import Language
from presis.documents.runs import plain
from presis.errors import BadInput
from presis.knowledge import load_library

if TYPE_CHECKING:
    from presis.diagnostics.report_model import ReportContent


def parse_language(text: str) -> Language:
    """`nb` or `en`; raises `BadInput` for another."""
    try:
        return Language(text.strip().lower())
    except ValueError:
        raise BadInput.of(
            "language",
            f"there are no words in {text!r}; use nb or en.",
            field="--language",
            found=text,
            accepted="nb, en",
        ) from None


def make_one(
    files: list[Path],
    out: Path,
    tumour: str | None,
    specimen: Path | None,
    sample: str | None,
    limits: Path | None,
    laboratory: str | None,
    formats: str,
    language: str,
    *,
    as_json: bool,
) -> None:
    """Read, interpret, draw and write one report; say the conclusion and where it lies."""
    wanted = Wanted(parse_formats(formats), parse_language(language), laboratory)
    library = load_library()
    profile = read_one(files, library, specimen_file=specimen, sample=sample, limits=limits)
    content = make_content(profile, Interpreter(library), tumour, laboratory)
    paths = write_report(content, DRAFT, wanted, out)
    if as_json:
        print_json(
            {
                "sample": content.sample,
                "content_hash": content.content_hash(),
                "conclusion": conclusion(content, wanted.language),
                "files": [str(path) for path in paths],
            }
        )
        return
    printer = console()
    printer.print(conclusion(content, wanted.language))
    for path in paths:
        printer.print(f"  {path}", soft_wrap=True)


def conclusion(content: ReportContent, language: Language) -> str:
    """The report's conclusion as plain text."""
    return plain(report_view(content, DRAFT, language).lead)


@dataclass(frozen=True, slots=True)
class Line:
    """One case's line of the summary; `problem` where it could not be made."""

    case: str
    sample: str
    tumour: str
    actionable: int
    kept: int
    left_out: int
    quality: str
    problem: str | None = None


def make_batch(
    folder: Path,
    out: Path,
    tumour: str | None,
    limits: Path | None,
    laboratory: str | None,
    formats: str,
    language: str,
    *,
    as_json: bool,
) -> int:
    """One case after the other, each forgotten when it is written; the exit code."""
    from rich.progress import Progress

    wanted = Wanted(parse_formats(formats), parse_language(language), laboratory)
    interpreter = Interpreter(load_library())
    lines: list[Line] = []
    used: Counter[str] = Counter()
    with Progress(console=_stderr(), transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("Reading", total=None)
        for case in find_cases(folder):
            progress.update(task, description=case.name)
            lines.extend(_case(case, interpreter, wanted, out, tumour, limits, used))
            progress.advance(task)
    if not lines:
        raise BadInput.of("batch.empty", "holds no panel file that can be read.", file=str(folder))
    failed = [line for line in lines if line.problem is not None]
    if as_json:
        print_json(
            {
                "cases": [_as_data(line) for line in lines],
                "made": len(lines) - len(failed),
                "failed": len(failed),
            }
        )
    else:
        summary_table(lines)
        console().print(f"{len(lines) - len(failed)} of {len(lines)} cases made, in {out}.", soft_wrap=True)
        for line in failed:
            print(f"presis: {line.problem}", file=sys.stderr)
    return 2 if failed else 0


def _stderr() -> Any:
    from rich.console import Console

    return Console(stderr=True)


def _case(
    case: Case,
    interpreter: Interpreter,
    wanted: Wanted,
    out: Path,
    tumour: str | None,
    limits: Path | None,
    used: Counter[str],
) -> Iterator[Line]:
    try:
        profiles = read_all(case.files, interpreter.library, limits=limits)
    except BadInput as error:
        yield Line(case.name, case.name, "", 0, 0, 0, "", problem="; ".join(map(str, error.problems)))
        return
    for profile in profiles:
        try:
            content = make_content(profile, interpreter, tumour, wanted.laboratory)
            name = safe_name(content.sample)
            used[name] += 1
            if used[name] > 1:
                name = f"{name}-{used[name]}"
            write_report(content, DRAFT, wanted, out, name)
        except BadInput as error:
            yield Line(
                case.name, profile.sample, "", 0, 0, 0, "", problem="; ".join(map(str, error.problems))
            )
            continue
        yield summary_line(case.name, content)


def summary_line(case: str, content: ReportContent) -> Line:
    """What a summary says of one report."""
    quality = "not known"
    if content.quality.known:
        failed = sum(1 for measure in content.quality.measures if measure.verdict == "fail")
        quality = "contaminated" if content.quality.contaminated else f"{failed} failed" if failed else "pass"
    actionable = {each.id for option in content.options if option.amp for each in option.findings}
    kept = sum(1 for finding in content.findings if finding.kind not in {"tmb", "msi", "hrd"})
    return Line(
        case,
        content.sample,
        content.tumour or "not reported",
        len(actionable),
        kept,
        len(content.left_out),
        quality,
    )


def _as_data(line: Line) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(line)


def summary_table(lines: list[Line]) -> None:
    """The summary as a table; every case has its row, also one that failed."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("sample", "tumour"):
        table.add_column(heading)
    for heading in ("findings", "left out", "actionable"):
        table.add_column(heading, justify="right")
    table.add_column("quality")
    for line in lines:
        if line.problem is not None:
            table.add_row(line.sample, "not made", "", "", "", "see below")
            continue
        table.add_row(
            line.sample, line.tumour, str(line.kept), str(line.left_out), str(line.actionable), line.quality
        )
    console().print(table)
