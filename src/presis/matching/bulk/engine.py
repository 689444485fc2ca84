"""All options against a whole cut: a function from a partition to Arrow, in a pool of processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pyarrow as pa

from presis.knowledge import load_library
from presis.matching.bulk.columns import Columns, Memo
from presis.matching.bulk.partition import Partition
from presis.matching.bulk.tables import TABLES
from presis.matching.known import Known, known_of
from presis.matching.offered import programme_options
from presis.matching.option import MatchOption
from presis.matching.option_forms import read_options
from presis.matching.rule_reading import shipped_named
from presis.record.cut_files import Cut, open_cut

#: An answer in the columns of options: no, unknown, yes.
ANSWER = pa.uint8()


@dataclass(frozen=True, slots=True)
class Job:
    """What is asked of a cut on a day: the options of files or folders; of none, all of the programme's."""

    cut: Path
    options: tuple[Path, ...]
    at: date

    def load(self, known: Known) -> tuple[MatchOption, ...]:
        """The options that hold as written on the day; raises `BadInput` with every fault of their files."""
        named = shipped_named(known)
        every = read_options(self.options, known, named) if self.options else programme_options(known)
        return tuple(each for each in every if each.valid_on(self.at))


@dataclass
class Worker:
    """What a process keeps between partitions: the options, and what was found so far."""

    cut: Cut
    known: Known
    options: Sequence[MatchOption]
    at: date
    memo: Memo

    @classmethod
    def of(cls, job: Job) -> Worker:
        """A worker for a job."""
        known = known_of(load_library())
        return cls(open_cut(job.cut), known, job.load(known), job.at, Memo())

    def columns(self, partition: str) -> tuple[Columns, pa.Table]:
        """The criteria over one partition, and its samples."""
        tables = self.cut.read(partition, TABLES)
        return Columns(Partition(tables), self.known, self.at, self.memo), tables["samples"]

    def answer(self, partition: str) -> pa.Table:
        """The answers of one partition: `sample`, `patient`, and a column of 0, 1 and 2 an option."""
        columns, samples = self.columns(partition)
        arrays = [samples["sample"], samples["patient"]]
        arrays += [pa.array(columns.rule(each.rule).astype(np.uint8)) for each in self.options]
        return pa.table(arrays, names=["sample", "patient", *(each.id for each in self.options)])


_worker: Worker | None = None


def _start(job: Job) -> None:
    global _worker  # noqa: PLW0603 - what a process of the pool keeps
    pa.set_cpu_count(1)
    _worker = Worker.of(job)


def _answer(partition: str) -> bytes:
    if _worker is None:
        raise RuntimeError("the process was not started with a job")
    return as_bytes(_worker.answer(partition))


def as_bytes(table: pa.Table) -> bytes:
    """A table as Arrow's stream."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def run(job: Job, workers: int | None = None) -> Iterator[pa.Table]:
    """Each partition's answers, in order, as they come, by a pool of processes.

    Raises:
        BadInput: if the cut or the options can't be used.

    """
    cut = open_cut(job.cut)
    count = min(len(cut.partitions), workers or os.cpu_count() or 1)
    if count <= 1:
        worker = Worker.of(job)
        yield from map(worker.answer, cut.partitions)
        return
    with ProcessPoolExecutor(count, get_context("spawn"), _start, (job,)) as pool:
        for data in pool.map(_answer, cut.partitions):
            yield pa.ipc.open_stream(data).read_all()


def write_answers(tables: Iterator[pa.Table], out: Path, written: Callable[[int], None]) -> int:
    """Write answers to one Parquet file, a row group a partition; how many tumours there are.

    `written` is told the number of each. The file appears whole, under its name, once all is written.
    """
    import pyarrow.parquet as pq

    part = out.with_name(f".{out.name}.part")
    total = 0
    try:
        first = next(tables)
        with closing(
            pq.ParquetWriter(part, first.schema, compression="zstd", use_dictionary=False)
        ) as writer:
            for table in chain((first,), tables):
                writer.write_table(table, row_group_size=max(1, table.num_rows))
                total += table.num_rows
                written(table.num_rows)
        os.replace(part, out)  # noqa: PTH105 - atomic on every system
    finally:
        part.unlink(missing_ok=True)
    return total
