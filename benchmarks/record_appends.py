"""Appends in batches of 100 against the plain driver doing the same writes; one run, paired, medians.

The peer is sqlite3 alone: the same columns with JSON and a SHA-256 chain, the same pragmas, one
transaction for each batch. It is measured twice: on a table with the record's two indexes, and on a bare
one with a primary key only. Neither has the record's triggers, models, version checks or command check.

    python benchmarks/record_appends.py [--batches N] [--rounds N]
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import tempfile
import time
from hashlib import sha256
from pathlib import Path
from typing import ClassVar

from presis.application import now
from presis.record import Actor, FactModel, NewFact, Room
from presis.record.rows import COLUMNS, GENESIS
from presis.record.store import Record, initialise

BATCH = 100
ACTOR = Actor("kari.lab", "molecular_pathologist", "haukeland")
CONTENT = {
    "gene": "BRAF",
    "transcript": "NM_004333.6",
    "hgvs_c": "c.1799T>A",
    "hgvs_p": "p.(Val600Glu)",
    "vaf": "0.312",
    "depth": 812,
    "classification": "oncogenic",
    "criteria": ["OS3", "OM1", "OP4"],
}


class FindingRecorded(FactModel):
    kind: ClassVar[str] = "benchmark.finding-recorded/1"

    gene: str
    transcript: str
    hgvs_c: str
    hgvs_p: str
    vaf: str
    depth: int
    classification: str
    criteria: tuple[str, ...]


ROOM = Room(name="benchmark", facts=(FindingRecorded,))


def our_batches(record: Record, batches: int) -> float:
    """Seconds for appending the batches; what is to be written is made before, as the peer's is."""
    finding = FindingRecorded(**CONTENT)  # type: ignore[arg-type]  # a dict of mixed values
    first = record.head().position
    prepared = []
    for batch in range(batches):
        number = first + batch * BATCH
        facts = [NewFact(stream=f"finding-{number}-{line % 10}", payload=finding) for line in range(BATCH)]
        prepared.append((number, facts, {f"finding-{number}-{line}": 0 for line in range(10)}))
    start = time.perf_counter()
    for number, facts, expecting in prepared:
        written = record.append(facts, expecting=expecting, actor=ACTOR, command=f"command-{number}")
        assert isinstance(written, tuple)
    return time.perf_counter() - start


class Plain:
    """The same writes by hand."""

    def __init__(self, file: Path, *, indexed: bool) -> None:
        self.connection = sqlite3.connect(file, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = FULL")
        columns = ", ".join(COLUMNS[1:])
        self.connection.execute(f"CREATE TABLE facts (position INTEGER PRIMARY KEY, {columns})")
        if indexed:
            self.connection.execute("CREATE UNIQUE INDEX versions ON facts (stream, version)")
            self.connection.execute("CREATE INDEX commands ON facts (command)")
        self.position, self.previous = 0, GENESIS
        marks = ",".join("?" * len(COLUMNS))
        self.insert = f"INSERT INTO facts VALUES ({marks})"  # noqa: S608 - marks only

    def batches(self, batches: int) -> float:
        start = time.perf_counter()
        for _ in range(batches):
            number = self.position
            recorded = now().isoformat()
            self.connection.execute("BEGIN IMMEDIATE")
            rows = []
            for line in range(BATCH):
                self.position += 1
                row = (
                    self.position, f"finding-{number}-{line % 10}", line // 10 + 1, FindingRecorded.kind,
                    None, recorded, ACTOR.person, ACTOR.role, ACTOR.organisation, None, f"command-{number}",
                    None, "{}", json.dumps(CONTENT), self.previous,
                )  # fmt: skip
                self.previous = sha256("\x1f".join(map(str, row)).encode()).hexdigest()
                rows.append((*row, self.previous))
            self.connection.executemany(self.insert, rows)
            self.connection.execute("COMMIT")
        return time.perf_counter() - start


def measure(folder: Path, batches: int, rounds: int) -> dict[str, float]:
    """Medians over the rounds of our speed divided by the peer's, by peer, and our facts per second."""
    record, _ = initialise(f"sqlite:///{folder / 'record.db'}", [ROOM], now)
    indexed = Plain(folder / "indexed.db", indexed=True)
    bare = Plain(folder / "bare.db", indexed=False)
    speeds: list[tuple[float, float, float]] = []
    for number in range(rounds + 1):
        ours, with_indexes, without = (
            our_batches(record, batches),
            indexed.batches(batches),
            bare.batches(batches),
        )
        if number:  # the first round warms up
            speeds.append((with_indexes / ours, without / ours, batches * BATCH / ours))
    record.database.close()
    indexed.connection.close()
    bare.connection.close()
    return {
        "speed against the plain driver, same indexes": statistics.median(row[0] for row in speeds),
        "speed against the plain driver, bare table": statistics.median(row[1] for row in speeds),
        "facts per second": statistics.median(row[2] for row in speeds),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Appends in batches of 100 against the plain driver.")
    parser.add_argument("--batches", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name, value in measure(Path(folder), options.batches, options.rounds).items():
            print(f"{name}: {value:,.2f}")


if __name__ == "__main__":
    main()
