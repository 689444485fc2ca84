"""All options against a whole cut: a function from a partition to Arrow, in a pool of processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import pyarrow as pa

from presis.knowledge import load_library
from presis.matching.bulk.columns import Columns, Memo
from presis.matching.bulk.partition import Partition
from presis.matching.bulk.tables import TABLES
from presis.matching.known import Known, known_of
from presis.matching.option import MatchOption
from presis.record.cut_files import Cut, open_cut


@dataclass(frozen=True, slots=True)
class Job:
    """What is asked of a cut: a folder's options (None: the programme's), on a day."""

    cut: Path
    options: Path | None
    at: date


@dataclass
class Worker:
    """What a process keeps between partitions: the options, and the answers found so far."""

    cut: Cut
    known: Known
    options: Sequence[MatchOption]
    at: date
    memo: Memo

    @classmethod
    def of(cls, job: Job, load: Callable[[Path | None, Known], Sequence[MatchOption]]) -> Worker:
        """A worker for a job; `load` reads the options."""
        known = known_of(load_library())
        return cls(open_cut(job.cut), known, load(job.options, known), job.at, Memo())

    def answer(self, partition: str) -> pa.Table:
        """The answers of one partition: `sample`, `patient`, and a uint8 column (0, 1, 2) an option."""
        tables = self.cut.read(partition, TABLES)
        columns = Columns(Partition(tables), self.known, self.at, self.memo)
        arrays = [tables["samples"]["sample"], tables["samples"]["patient"]]
        arrays += [pa.array(columns.rule(each.rule).view("uint8")) for each in self.options]
        return pa.table(arrays, names=["sample", "patient", *(each.id for each in self.options)])


_worker: Worker | None = None


def _start(job: Job, load: Callable[[Path | None, Known], Sequence[MatchOption]]) -> None:
    global _worker  # noqa: PLW0603 - what a process of the pool keeps
    pa.set_cpu_count(1)
    _worker = Worker.of(job, load)


def _answer(partition: str) -> bytes:
    if _worker is None:
        raise RuntimeError("the pool's process wasn't started with a job")
    table = _worker.answer(partition)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def run(
    job: Job, load: Callable[[Path | None, Known], Sequence[MatchOption]], workers: int | None = None
) -> Iterator[pa.Table]:
    """Each partition's answers, in order, as they come.

    Raises:
        BadInput: if the cut or the options can't be used.

    """
    cut = open_cut(job.cut)
    count = workers or min(len(cut.partitions), os.cpu_count() or 1)
    if count <= 1:
        worker = Worker.of(job, load)
        yield from map(worker.answer, cut.partitions)
        return
    with ProcessPoolExecutor(count, get_context("spawn"), _start, (job, load)) as pool:
        for data in pool.map(_answer, cut.partitions):
            yield pa.ipc.open_stream(data).read_all()


def write_answers(tables: Iterator[pa.Table], out: Path) -> Iterator[int]:
    """Write answers to one Parquet file, a row group a partition; the number of tumours of each.

    The file appears whole, under its name, once all is written.
    """
    import pyarrow.parquet as pq

    part = out.with_name(f".{out.name}.part")
    writer: pq.ParquetWriter | None = None
    try:
        for table in tables:
            if writer is None:
                writer = pq.ParquetWriter(part, table.schema, compression="zstd", use_dictionary=["patient"])
            writer.write_table(table, row_group_size=table.num_rows)
            yield table.num_rows
    finally:
        if writer is not None:
            writer.close()
    os.replace(part, out)  # noqa: PTH105 - atomic on every system
