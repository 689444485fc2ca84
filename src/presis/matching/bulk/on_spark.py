"""The same function from a partition to Arrow, by Spark, where a nation outgrows a machine.

PySpark is an extra (`pip install presis[spark]`); the cut has to lie where every executor reads it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from presis.errors import BadInput
from presis.knowledge import load_library
from presis.matching.bulk.engine import Job, Worker
from presis.matching.known import known_of
from presis.record.cut_files import open_cut

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


def session() -> SparkSession:
    """The Spark session that there is, or one of this machine; raises `BadInput` without PySpark."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise BadInput.of(
            "spark.absent",
            "PySpark isn't installed; install presis[spark], or leave --engine out.",
            field="--engine",
        ) from None
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # a local executor is this interpreter
    return SparkSession.builder.appName("presis match bulk").getOrCreate()


def spark_answers(job: Job, spark: SparkSession) -> DataFrame:
    """The answers of a whole cut: `sample`, `patient`, and a tinyint (0, 1, 2) an option.

    Raises:
        BadInput: if the cut or the options can't be used.

    """
    from pyspark.sql.types import ByteType, StringType, StructField, StructType

    partitions = open_cut(job.cut).partitions
    options = [each.id for each in job.load(known_of(load_library()))]
    names = StructType([StructField("partition", StringType())])
    schema = StructType(
        [StructField(name, StringType()) for name in ("sample", "patient")]
        + [StructField(name, ByteType()) for name in options]
    )
    asked = spark.createDataFrame([(each,) for each in partitions], names).repartition(len(partitions))
    return asked.mapInArrow(partial(_answers, job), schema)


def _answers(job: Job, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """What an executor does: the partitions named in its batches."""
    worker: Worker | None = None
    for batch in batches:
        for name in batch.column(0).to_pylist():
            worker = worker or Worker.of(job)
            yield from _signed(worker.answer(name)).to_batches()


def _signed(table: pa.Table) -> pa.Table:
    """The table with the small integers that Spark has."""
    kinds = {pa.uint8(): pa.int8()}
    return table.cast(pa.schema([pa.field(f.name, kinds.get(f.type, f.type)) for f in table.schema]))


def write_on_spark(job: Job, out: Path) -> int:
    """Write the answers as a folder of Parquet files; how many tumours there are."""
    spark: Any = session()
    answers = spark_answers(job, spark)
    if out.exists():
        raise BadInput.of("match.out", "is there already; name a new folder.", field="--out", file=str(out))
    answers.write.parquet(str(out))
    count: int = spark.read.parquet(str(out)).count()
    return count
