"""What `presis match bulk` and `presis rules diff` do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import typer
from rich.padding import Padding

from presis.cli._shared import console, print_json
from presis.cli.desk import chosen
from presis.cli.match_patient import day_of
from presis.errors import BadInput
from presis.knowledge import load_library
from presis.matching.bulk.columns import Memo
from presis.matching.bulk.differences import ABSENT, Difference, differences, pairs
from presis.matching.bulk.engine import Job, Worker, run, write_answers
from presis.matching.known import known_of
from presis.methods.rules import Truth
from presis.record.cut_files import open_cut

WORDS = {Truth.NO: "excluded", Truth.UNKNOWN: "unknown", Truth.YES: "eligible", ABSENT: "no such option"}
ENGINES = ("processes", "spark")
#: Of a change's tumours so many are named.
MOST_NAMED = 20


@contextmanager
def _progress(title: str, total: int) -> Iterator[Any]:
    """A bar on a terminal, nothing in a pipe; gives a function to call after each partition."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    shown = Console(stderr=True)
    with Progress(*columns, console=shown, transient=True, disable=not shown.is_terminal) as progress:
        task = progress.add_task(title, total=total)
        yield lambda: progress.advance(task)


@dataclass(frozen=True, slots=True)
class Bulk:
    """What `presis match bulk` was asked."""

    cut: Path
    options: tuple[Path, ...]
    at: str | None
    out: Path
    workers: int | None
    engine: str


def match_bulk(asked: Bulk, *, as_json: bool) -> None:
    """Answer every option for every tumour of a cut, into one Parquet file."""
    out = asked.out
    if not out.parent.is_dir():
        raise BadInput.of(
            "match.out", "has no folder to stand in; make it first.", field="--out", file=str(out)
        )
    job = Job(asked.cut, asked.options, day_of(asked.at))
    held = job.load(known_of(load_library()))
    if chosen(asked.engine, ENGINES, "--engine") == "spark":
        from presis.matching.bulk.on_spark import write_on_spark

        total = write_on_spark(job, out)
    else:
        with _progress("partitions", len(open_cut(asked.cut).partitions)) as advance:
            total = write_answers(run(job, asked.workers), out, lambda _: advance())
    if as_json:
        print_json({"tumours": total, "options": len(held), "at": job.at.isoformat(), "file": str(out)})
        return
    console().print(
        f"{total} tumours, {len(held)} options that hold on {job.at}: {out}", soft_wrap=True, markup=False
    )
    console().print("A column an option: 0 excluded, 1 unknown, 2 eligible.", markup=False)


def rules_diff(old: Path, new: Path, cut: Path, at: str | None, *, as_json: bool) -> None:
    """Show what a change of rules does to the tumours of a cut."""
    known, day = known_of(load_library()), day_of(at)
    before, after = (Job(cut, (path,), day).load(known) for path in (old, new))
    changed = pairs(before, after)
    worker = Worker(open_cut(cut), known, (), day, Memo())
    with _progress("partitions", len(worker.cut.partitions)) as advance:
        found = differences(worker, changed, advance)
    if as_json:
        print_json({"options": len(before), "changed": [_json(each) for each in found]})
        return
    if not found:
        typer.echo("No option is new, gone, or has another rule.")
    for each in found:
        _print(each)


def _json(each: Difference) -> dict[str, Any]:
    names = {place: WORDS[place].replace(" ", "_") for place in WORDS}
    return {
        "option": each.pair.id,
        "counts": [
            {"before": names[b], "after": names[a], "tumours": int(each.counts[b, a])}
            for b in names
            for a in names
            if each.counts[b, a]
        ],
        "moved": [{"sample": name, "before": names[b], "after": names[a]} for name, b, a in each.moved],
    }


def _print(each: Difference) -> None:
    out = console()
    out.print(f"{each.pair.id}: {each.changed} of {each.counts.sum()} tumours change.", markup=False)
    for (before, old), (after, new) in product(WORDS.items(), WORDS.items()):
        names = [name for name, b, a in each.moved if (b, a) == (before, after)]
        if names:
            more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
            out.print(f"  {old} -> {new}: {len(names)}", markup=False)
            out.print(Padding(f"{', '.join(names[:MOST_NAMED])}{more}", (0, 0, 0, 4)), markup=False)
