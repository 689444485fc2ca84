"""A whole run: every case of a folder against the expected table, and what it was run with.

No case is lost: what could not be read, what the table doesn't name, rows without a case and folders
without one are listed.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from presis import __version__
from presis.diagnostics.batch import Case, find_cases
from presis.diagnostics.intake import SUFFIXES
from presis.diagnostics.interpretation import Interpreter
from presis.diagnostics.keeping import ATTACHMENTS
from presis.diagnostics.reading import read_all
from presis.diagnostics.report_making import make_content
from presis.diagnostics.report_model import ReleaseJson, ReportContent
from presis.diagnostics.validation.comparing import CaseResult, Sample, compare_case
from presis.diagnostics.validation.expected import Expected, ExpectedTable
from presis.diagnostics.validation.outcome import DIFFER, Comparison
from presis.errors import BadInput

#: what may not take part
UNREAD, NO_ROWS, NO_CASE, FOLDER, FILE = ORDER = (
    "case not read",
    "case without rows",
    "rows without a case",
    "folder",
    "file",
)


@dataclass(frozen=True, slots=True)
class Settings:
    """How the cases are read, as for their reports; `apart`: the run's own tables, which are no case's."""

    tumour: str | None = None
    limits: Path | None = None
    apart: frozenset[Path] = frozenset()


@dataclass(frozen=True, slots=True)
class NotCompared:
    """A case, the rows of one, a folder or a file of which nothing was compared, and why."""

    what: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Run:
    """What was compared, what wasn't, and with which files and versions."""

    table: ExpectedTable
    results: tuple[CaseResult, ...]
    not_compared: tuple[NotCompared, ...]
    inputs: tuple[tuple[str, str], ...]
    rules: dict[str, str]
    knowledge: tuple[ReleaseJson, ...]
    presis: str = __version__

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Every comparison, case by case."""
        return tuple(each for result in self.results for each in result.comparisons)

    @property
    def differences(self) -> tuple[Comparison, ...]:
        """What differs."""
        return tuple(each for each in self.comparisons if each.outcome == DIFFER)

    @property
    def failed(self) -> bool:
        """Whether a case couldn't be read, or a row has no case."""
        return any(each.what in (UNREAD, NO_CASE) for each in self.not_compared)


@dataclass(slots=True)
class _Reading:
    """What is gathered while the cases are read one after the other."""

    inputs: dict[str, str] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)
    knowledge: tuple[ReleaseJson, ...] = ()
    not_compared: list[NotCompared] = field(default_factory=list)
    names: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def run_validation(
    folder: Path,
    table: ExpectedTable,
    interpreter: Interpreter,
    settings: Settings,
    tell: Callable[[str], None] = lambda _: None,
) -> Run:
    """Compare every case; `tell` hears each case's name before it is read.

    Raises:
        BadInput: if the folder isn't there, or holds no case at all.

    """
    reading = _Reading()
    rows: dict[str, list[Expected]] = defaultdict(list)
    for row in table.rows:
        rows[row.case].append(row)
    results: list[tuple[list[str], CaseResult]] = []
    used: set[Path] = set()
    for case in find_cases(folder):
        tell(case.name)
        used |= set(case.files)
        for sample, names in _samples(folder, case, interpreter, settings, reading):
            told = [name for name in names if name in rows]
            if told:
                own = [row for name in told for row in rows[name]]
                results.append((told, compare_case(sample, own)))
            else:
                reading.not_compared.append(NotCompared(NO_ROWS, sample.name, "the table has no row of it"))
    if not used:
        raise BadInput.of("validation.empty", "holds no panel file that can be read", file=str(folder))
    clear = [(told, each) for told, each in results if all(len(reading.names[name]) == 1 for name in told)]
    done = {name for told, _ in clear for name in told}
    reading.not_compared += [
        NotCompared(NO_CASE, name, _no_case(name, group, reading))
        for name, group in rows.items()
        if name not in done
    ]
    reading.not_compared += _beside(folder, used, settings.apart)
    return Run(
        table=table,
        results=tuple(sorted((each for _, each in clear), key=lambda each: each.case)),
        not_compared=tuple(sorted(reading.not_compared, key=lambda e: (ORDER.index(e.what), e.name, e.why))),
        inputs=tuple(sorted(reading.inputs.items())),
        rules=dict(sorted(reading.rules.items())),
        knowledge=reading.knowledge,
    )


def _samples(
    folder: Path, case: Case, interpreter: Interpreter, settings: Settings, reading: _Reading
) -> Iterator[tuple[Sample, list[str]]]:
    """Every specimen of a case with the names by which a table may call it."""
    for path in case.files:
        reading.inputs[path.relative_to(folder).as_posix()] = sha256(path)
    try:
        profiles = read_all(case.files, interpreter.library, limits=settings.limits)
    except BadInput as error:
        _unread(reading, case.name, error)
        return
    place = [case.files[0].parent.name] if len(profiles) == 1 else []
    for profile in profiles:
        try:
            content = make_content(profile, interpreter, settings.tumour, None)
        except BadInput as error:
            _unread(reading, profile.sample, error)
            continue
        reading.rules |= content.rules
        reading.knowledge = tuple(content.knowledge)
        sample = Sample(content.sample, content, profile.small_variants, interpreter.library.current_symbol)
        names = list(dict.fromkeys([*_names(content), *place]))
        for name in names:
            reading.names[name].append(sample.name)
        yield sample, names


def _names(content: ReportContent) -> Iterator[str]:
    yield from (each for each in (content.sample, content.dna_sample, content.rna_sample) if each)


def _unread(reading: _Reading, name: str, error: BadInput) -> None:
    why = "; ".join(str(problem) for problem in error.problems)
    reading.not_compared.append(NotCompared(UNREAD, name, why))


def _no_case(name: str, rows: Sequence[Expected], reading: _Reading) -> str:
    count = f"{len(rows)} row{'' if len(rows) == 1 else 's'} of the expected table"
    if len(reading.names.get(name, ())) > 1:
        return f"{count}: {len(reading.names[name])} cases bear this name; validate them one by one"
    if any(each.what == UNREAD and each.name == name for each in reading.not_compared):
        return f"{count}: the case can't be read"
    return f"{count}: no case of this name"


def _beside(folder: Path, used: set[Path], apart: frozenset[Path]) -> Iterator[NotCompared]:
    """Files that could be a panel's and belong to no case; whole folders of them are one entry."""
    left = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.name.lower().endswith(SUFFIXES)
        and not path.name.lower().endswith(ATTACHMENTS)
    ]
    left = [path for path in left if path not in used and path.resolve() not in apart]
    with_cases = {path.parent for path in used}
    for each in sorted({path.parent for path in left} - with_cases):
        name = each.relative_to(folder).as_posix()
        yield NotCompared(FOLDER, name, "no file in it belongs to a case")
    for path in left:
        if path.parent in with_cases:
            name = path.relative_to(folder).as_posix()
            yield NotCompared(FILE, name, "not recognised as a file of a case, so not read")


def sha256(path: Path) -> str:
    """The hash of a file's bytes; of one that can't be opened, the word `unreadable`."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return "unreadable"
