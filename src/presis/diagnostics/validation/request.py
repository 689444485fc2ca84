"""What a person asks of a validation, and its files with their hashes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from presis.diagnostics.interpretation import Interpreter
from presis.diagnostics.report_making import tumour_code
from presis.diagnostics.validation.adjudication import Adjudication, adjudicate, read_adjudications
from presis.diagnostics.validation.expected import read_expected
from presis.diagnostics.validation.previous import read_previous, since_last
from presis.diagnostics.validation.run import Settings, run_validation, sha256
from presis.diagnostics.validation.summary import Outcome
from presis.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The folder, the expected table and what goes with them; None: not given."""

    folder: Path | None = None
    expected: Path | None = None
    out: Path | None = None
    adjudicated: Path | None = None
    previous: Path | None = None
    tumour: str | None = None
    limits: Path | None = None
    packs: tuple[Path, ...] = ()
    variant_filter: Path | None = None
    blacklist: Path | None = None

    def files(self) -> Iterator[tuple[str, str]]:
        """The laboratory's own settings by their part in the run, with the hashes of their bytes."""
        parts = {
            "adjudications": self.adjudicated,
            "earlier run": self.previous,
            "quality limits": self.limits,
            "filter": self.variant_filter,
            "artefacts": self.blacklist,
        }
        yield from ((name, sha256(path)) for name, path in parts.items() if path is not None)
        if self.tumour is not None:
            yield f"tumour type {self.tumour} for every case", "-"


def carry_out(request: Request, interpreter: Interpreter, tell: Callable[[str], None]) -> Outcome:
    """Read the tables, compare every case, put judgements and an earlier run beside it.

    Raises:
        BadInput: if the folder or the table isn't given, or a file can't be used.

    """
    if request.folder is None or request.expected is None:
        missing = "FOLDER" if request.folder is None else "--expected"
        message = "is missing; give a folder of cases and --expected FILE (--template prints one)"
        raise BadInput.of("validation.asked", message, field=missing)
    table = read_expected(request.expected)
    judged: tuple[Adjudication, ...] = ()
    if request.adjudicated is not None:
        _, judged = read_adjudications(request.adjudicated)
    previous = None if request.previous is None else read_previous(request.previous)
    given = (request.expected, request.adjudicated, request.previous, request.limits, request.blacklist)
    apart = {path.resolve() for path in (*given, request.variant_filter) if path is not None}
    apart |= _written(request.out)
    settings = Settings(
        tumour=tumour_code(request.tumour, interpreter.library),
        limits=request.limits,
        apart=frozenset(apart),
    )
    run = run_validation(request.folder, table, interpreter, settings, tell)
    since = None if previous is None else since_last(run, previous)
    return Outcome(run, adjudicate(run.differences, judged), since)


def _written(out: Path | None) -> set[Path]:
    """What an earlier run wrote into the same folder."""
    names = ("validation.json", "comparisons.csv", "differences.csv")
    return set() if out is None else {(out / name).resolve() for name in names}
