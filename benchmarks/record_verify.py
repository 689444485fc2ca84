"""Verifying the chain against merely reading the rows and hashing their bytes; one run, paired, medians.

python benchmarks/record_verify.py [--facts N] [--rounds N]
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from hashlib import sha256
from pathlib import Path
from typing import ClassVar

from presis.application import now
from presis.record import Actor, FactModel, NewFact, Room
from presis.record.rows import COLUMNS
from presis.record.store import Record, initialise
from presis.record.verify import verify

BATCH = 1000
STREAM_LENGTH = 10


class Noted(FactModel):
    kind: ClassVar[str] = "benchmark.noted/1"

    gene: str = "BRAF"
    hgvs_p: str = "p.(Val600Glu)"
    vaf: str = "0.312"
    criteria: tuple[str, ...] = ("OS3", "OM1", "OP4")


ROOM = Room(name="benchmark", facts=(Noted,))


def filled(file: Path, facts: int) -> Record:
    record, _ = initialise(f"sqlite:///{file}", [ROOM], now)
    actor, payload = Actor("kari.lab", "molecular_pathologist", "haukeland"), Noted()
    for first in range(0, facts, BATCH):
        size = min(BATCH, facts - first)
        batch = [NewFact(stream=f"note-{(first + n) // STREAM_LENGTH}", payload=payload) for n in range(size)]
        written = record.append(
            batch, expecting={fact.stream: 0 for fact in batch}, actor=actor, command=f"command-{first}"
        )
        assert isinstance(written, tuple)
    return record


def read_and_hash(file: Path) -> float:
    """Seconds for the plain driver to read all rows in order and hash each one's columns."""
    connection = sqlite3.connect(file)
    start = time.perf_counter()
    cursor = connection.execute(f"SELECT {','.join(COLUMNS)} FROM facts ORDER BY position")  # noqa: S608 - our own names
    while page := cursor.fetchmany(2000):
        for row in page:
            sha256("\x1f".join(map(str, row)).encode()).hexdigest()
    seconds = time.perf_counter() - start
    connection.close()
    return seconds


def measure(folder: Path, facts: int, rounds: int) -> dict[str, float]:
    """Medians over the rounds: the ratio of times, and facts verified per second."""
    file = folder / "record.db"
    record = filled(file, facts)
    ratios, speeds = [], []
    for number in range(rounds + 1):
        plain = read_and_hash(file)
        start = time.perf_counter()
        found = verify(record.database)
        ours = time.perf_counter() - start
        assert found.fault is None
        assert found.facts == facts
        if number:  # the first round warms the page cache
            ratios.append(ours / plain)
            speeds.append(facts / ours)
    record.database.close()
    return {
        "time against reading and hashing the rows": statistics.median(ratios),
        "facts per second": statistics.median(speeds),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Verifying the chain against reading and hashing its rows.")
    parser.add_argument("--facts", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name, value in measure(Path(folder), options.facts, options.rounds).items():
            print(f"{name}: {value:,.2f}")


if __name__ == "__main__":
    main()
