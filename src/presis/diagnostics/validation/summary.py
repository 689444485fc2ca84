"""A run as sections of text and tables: one form for the terminal and for the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from presis.diagnostics.validation.adjudication import RIGHT, Adjudicated
from presis.diagnostics.validation.agreement import (
    DetectionLine,
    FieldLine,
    Share,
    cross_tables,
    detection_lines,
    field_lines,
)
from presis.diagnostics.validation.previous import SinceLast
from presis.diagnostics.validation.run import Run

NAMES = {
    "found": "finding",
    "class": "class",
    "amp": "AMP tier",
    "escat": "ESCAT tier",
    "tmb": "TMB",
    "msi": "MSI",
    "hrd": "HRD",
}
NOT_A_REFERENCE = (
    "Agreement, not accuracy: the laboratory's report is no reference standard. Intervals are exact at 95 % "
    "(Clopper-Pearson) and take each row as independent. Judgements explain differences and change no figure."
)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, a sentence, and a table; `numbers`: columns that are set to the right.

    `stacked`: its rows are too long for a line of a terminal.
    """

    title: str
    text: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    numbers: frozenset[int] = frozenset()
    stacked: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run with what persons made of its differences, and beside an earlier run."""

    run: Run
    adjudicated: Adjudicated
    since: SinceLast | None = None


def headline(outcome: Outcome) -> str:
    """The answer in a sentence or two."""
    run = outcome.run
    compared = sum(1 for each in run.comparisons if each.outcome != "not_comparable")
    open_ones = len(run.comparisons) - compared
    missing = sum(1 for each in run.not_compared)
    told = (
        f"{len(run.results)} case{_s(run.results)}, {compared} statements compared: "
        f"{len(run.differences)} differ, {len(outcome.adjudicated.unexplained)} of them unexplained. "
        f"{open_ones} can't be compared."
    )
    return f"{told} {missing} left aside, listed below." if missing else told


def _s(things: Sequence[object]) -> str:
    return "" if len(things) == 1 else "s"


def sections(outcome: Outcome) -> Iterator[Section]:
    """Everything that a person reads, from what matters to what it rests on."""
    run = outcome.run
    yield _fields(field_lines(run.comparisons))
    yield from _detection(detection_lines(run.comparisons, run.table.rows))
    yield from _cross(run)
    yield _unexplained(outcome.adjudicated)
    yield from _judged(outcome.adjudicated)
    if outcome.since is not None:
        yield from _since(outcome.since)
    yield from _open(run)
    yield from _left_aside(run)


def sources(run: Run, settings: Sequence[tuple[str, str]]) -> Iterator[Section]:
    """With what it was run: versions, then files with the hashes of their bytes."""
    rules = tuple((name, version) for name, version in run.rules.items())
    yield Section("Versions", f"Presis {run.presis}. Rules by name and version:", ("rules", "version"), rules)
    packs = tuple((each.pack, each.version, each.sha256) for each in run.knowledge)
    yield Section("Knowledge packs", "", ("pack", "version", "sha256"), packs)
    files = (("expected table", run.table.sha256), *settings, *run.inputs)
    yield Section("Inputs", "", ("file", "sha256"), tuple(files))


def _fields(lines: Sequence[FieldLine]) -> Section:
    rows = tuple(
        (
            NAMES[each.field],
            str(each.agree + each.possible + each.differ),
            str(each.agree),
            str(each.possible),
            str(each.differ),
            str(each.not_comparable),
            percent(each.exact),
            percent(each.within),
            percent(each.worst),
        )
        for each in lines
    )
    columns = ("field", "n", "same", "poss.", "diff.", "n/c", "same %", "with poss. %", "worst %")
    text = (
        "n: compared. same: both say the same. poss.: the laboratory's is among those that Presis holds "
        "possible. diff.: they differ. n/c: can't be compared, why see below. worst (on the page): same or "
        f"possible, with n/c taken as differing. {NOT_A_REFERENCE}"
    )
    return Section("Agreement by field", text, columns, rows, frozenset(range(1, len(columns))))


def percent(share: Share | None) -> str:
    """`96.7 (88.5-99.6)`: a share in percent with its interval."""
    if share is None:
        return "-"
    return f"{_pc(share.hits / share.total)} ({_pc(share.low)}-{_pc(share.high)})"


def _pc(value: float) -> str:
    return f"{100 * value:.1f}".removesuffix(".0")


def _detection(lines: Sequence[DetectionLine]) -> Iterator[Section]:
    if not lines:
        return
    rows = tuple(
        (
            each.kind.replace("_", " "),
            *map(str, (each.both, each.laboratory_only, each.presis_only, each.neither, each.not_comparable)),
            *map(percent, (each.positive, each.negative, each.predictive)),
        )
        for each in lines
    )
    columns = ("kind", "both", "lab", "Presis", "none", "n/c", "PPA %", "NPA %", "PPV %")
    text = (
        "both: in both reports. lab, Presis: in that one alone. none: stated as absent, and absent. PPA: of "
        "what the laboratory reported, in Presis too. NPA: of its statements that there was none, agreed. "
        "PPV: of what Presis reports where the laboratory's list is said to be whole, in it too."
    )
    yield Section("Findings in both reports", text, columns, rows, frozenset(range(1, len(columns))))


def _cross(run: Run) -> Iterator[Section]:
    for table in cross_tables(run.comparisons):
        rows = tuple((lab, presis, str(count)) for (lab, presis), count in table.counts.items())
        title = f"{NAMES[table.field]}: the laboratory's against Presis'"
        yield Section(title[0].upper() + title[1:], "", ("laboratory", "Presis", "n"), rows, frozenset({2}))


def _unexplained(adjudicated: Adjudicated) -> Section:
    rows = tuple(
        (
            each.case,
            each.subject,
            NAMES[each.field],
            each.laboratory,
            each.presis,
            "; ".join(each.why),
            each.id,
        )
        for each in adjudicated.unexplained
    )
    text = "" if rows else "None."
    columns = ("case", "what", "field", "laboratory", "Presis", "why", "id")
    title = "Differences that nobody has explained"
    return Section(title, text, columns if rows else (), rows, stacked=bool(rows))


def _judged(adjudicated: Adjudicated) -> Iterator[Section]:
    judged = [(each, by) for each, by in adjudicated.differences if by is not None]
    if judged:
        counts = Counter((each.field, by.right) for each, by in judged)
        rows = tuple(
            (NAMES[field], *(str(counts[field, right]) for right in RIGHT))
            for field in dict.fromkeys(each.field for each, _ in judged)
        )
        text = "Who was right, by persons who looked. The figures of agreement above stay as they are."
        yield Section("Explained differences", text, ("field", *RIGHT), rows, frozenset({1, 2, 3, 4}))
        wrong = tuple(
            (
                each.case,
                each.subject,
                NAMES[each.field],
                each.laboratory,
                each.presis,
                by.right,
                by.explanation,
            )
            for each, by in judged
            if by.right in ("laboratory", "neither")
        )
        if wrong:
            columns = ("case", "what", "field", "laboratory", "Presis", "right", "explanation")
            yield Section("Where Presis was judged wrong", "", columns, wrong, stacked=True)
    if adjudicated.stale:
        rows = tuple((each.difference, each.right, each.explanation) for each in adjudicated.stale)
        text = "Their difference is gone, or one side says something else since: judge anew."
        yield Section("Judgements that no longer fit", text, ("id", "right", "explanation"), rows)


def _since(since: SinceLast) -> Iterator[Section]:
    moved = tuple(
        (e.case, e.subject, NAMES[e.field], e.laboratory, e.before or "not stated", e.now or "not stated")
        for e in since.moved
    )
    columns = ("case", "what", "field", "laboratory", "before", "now")
    text = "" if moved else "Nothing moved."
    title = f"Since the run of {since.made}"
    yield Section(title, text, columns if moved else (), moved, stacked=bool(moved))
    if since.versions:
        yield Section("Versions that changed", "", ("what", "before", "now"), since.versions)


def _open(run: Run) -> Iterator[Section]:
    rows = tuple(
        (NAMES[each.field], str(count), why)
        for each in field_lines(run.comparisons)
        for why, count in each.reasons.items()
    )
    if rows:
        yield Section("What can't be compared, and why", "", ("field", "n", "why"), rows, frozenset({1}))


def _left_aside(run: Run) -> Iterator[Section]:
    if run.not_compared:
        rows = tuple((each.what, each.name, each.why) for each in run.not_compared)
        yield Section("Left aside", "", ("what", "name", "why"), rows)
    counts: Counter[str] = Counter()
    for each in run.results:
        counts.update(each.not_stated)
    if counts:
        told = ", ".join(f"{number} {kind.replace('_', ' ')}" for kind, number in sorted(counts.items()))
        text = (
            f"{told}: Presis reports them, and the table says nothing of them. A row of the kind without a "
            "gene and with reported=no makes the laboratory's list whole, so that they are compared."
        )
        yield Section("Findings that the table doesn't state", text)
