"""Reports of a whole folder: what `presis report batch` does."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from presis.cli._shared import console, print_json
from presis.cli.report_files import parse_language
from presis.cli.report_options import Options
from presis.diagnostics.batch import Case, find_cases
from presis.diagnostics.interpretation import Interpreter
from presis.diagnostics.reading import read_all
from presis.diagnostics.report_making import (
    DRAFT,
    Wanted,
    make_content,
    parse_formats,
    safe_name,
    write_report,
)
from presis.diagnostics.report_model import ReportContent
from presis.errors import BadInput


@dataclass(frozen=True, slots=True)
class Line:
    """One case's line of the summary; `problem` where it could not be made."""

    case: str
    sample: str
    tumour: str
    kept: int
    left_out: int
    tier_one: int
    tier_two: int
    quality: str
    problem: str | None = None


def make_batch(
    folder: Path,
    out: Path,
    interpreter: Interpreter,
    options: Options,
    formats: str,
    language: str,
    *,
    as_json: bool,
) -> int:
    """One case after the other, each forgotten when it is written; the exit code."""
    wanted = Wanted(parse_formats(formats), parse_language(language), options.laboratory)
    writer = _Writer(interpreter, options, wanted, out)
    lines: list[Line] = []
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("Reading", total=None)
        for case in find_cases(folder):
            progress.update(task, description=case.name)
            lines.extend(writer.write(case))
            progress.advance(task)
    if not lines:
        raise BadInput.of("batch.empty", "holds no panel file that can be read.", file=str(folder))
    failed = [line for line in lines if line.problem is not None]
    if as_json:
        cases = [asdict(line) for line in lines]
        print_json({"cases": cases, "made": len(lines) - len(failed), "failed": len(failed)})
    else:
        summary_table(lines)
        console().print(f"{len(lines) - len(failed)} of {len(lines)} cases made, in {out}.", soft_wrap=True)
        for line in failed:
            print(f"presis: {line.problem}", file=sys.stderr)
    return 2 if failed else 0


class _Writer:
    """Writes the reports of one case after the other; no two to one file."""

    def __init__(self, interpreter: Interpreter, options: Options, wanted: Wanted, out: Path) -> None:
        self.interpreter = interpreter
        self.options = options
        self.wanted = wanted
        self.out = out
        self.used: Counter[str] = Counter()

    def write(self, case: Case) -> Iterator[Line]:
        """A line for each specimen of the case, also where it could not be made."""
        try:
            profiles = read_all(case.files, self.interpreter.library, limits=self.options.limits)
        except BadInput as error:
            yield _failed(case, case.name, error)
            return
        for profile in profiles:
            try:
                content = make_content(
                    profile, self.interpreter, self.options.tumour, self.options.laboratory
                )
                write_report(content, DRAFT, self.wanted, self.out, self._name(content.sample))
            except BadInput as error:
                yield _failed(case, profile.sample, error)
                continue
            yield summary_line(case.name, content)

    def _name(self, sample: str) -> str:
        name = safe_name(sample)
        self.used[name] += 1
        return name if self.used[name] == 1 else f"{name}-{self.used[name]}"


def _failed(case: Case, sample: str, error: BadInput) -> Line:
    """The reasons, each with the folder that the case lies in."""
    place = case.files[0].parent
    reasons = "; ".join(f"{place}: {problem}" for problem in error.problems)
    return Line(case.name, sample, "", 0, 0, 0, 0, "", problem=reasons)


def summary_line(case: str, content: ReportContent) -> Line:
    """What a summary says of one report."""
    quality = "not known"
    if content.quality.known:
        failed = sum(1 for measure in content.quality.measures if measure.verdict == "fail")
        quality = "contaminated" if content.quality.contaminated else f"{failed} failed" if failed else "pass"
    tiers = Counter(
        finding.amp.possible[0].tier
        for finding in content.findings
        if finding.amp
        and any(each.id == finding.id for option in content.options for each in option.findings)
    )
    kept = sum(1 for finding in content.findings if finding.kind not in {"tmb", "msi", "hrd"})
    tumour = content.tumour or "not reported"
    return Line(case, content.sample, tumour, kept, len(content.left_out), tiers["I"], tiers["II"], quality)


def summary_table(lines: list[Line]) -> None:
    """The summary as a table; every case has its row, also one that failed."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("sample", "tumour"):
        table.add_column(heading)
    for heading in ("findings", "left out", "AMP I", "AMP II"):
        table.add_column(heading, justify="right")
    table.add_column("quality")
    for line in lines:
        if line.problem is not None:
            table.add_row(line.sample, "not made", "", "", "", "", "see below")
            continue
        numbers = (line.kept, line.left_out, line.tier_one, line.tier_two)
        table.add_row(line.sample, line.tumour, *map(str, numbers), line.quality)
    console().print(table)
