"""All options against a nation: how long, how much memory, and how the cost grows.

    python benchmarks/match_bulk.py [--tumours 1000000] [--options 1000]

Makes invented cuts with `make_cut.py` in a folder of its own, and answers them in a pool of processes.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import yaml
from make_cut import GENERAL

from presis.knowledge import load_library
from presis.matching.bulk.columns import Columns, Memo
from presis.matching.bulk.engine import Job, Worker
from presis.matching.known import known_of
from presis.methods.rules import leaves
from presis.record.cut_files import open_cut

AT = date(2026, 11, 1)
NEW = {"all": [{"tumour": {"codes": ["COAD"]}}, {"small_variant": {"gene": "KRAS", "proteins": ["p.G12C"]}}, *GENERAL]}  # fmt: skip


def made(folder: Path, tumours: int, options: int) -> Path:
    """An invented cut."""
    script = Path(__file__).with_name("make_cut.py")
    arguments = ["--tumours", str(tumours), "--options", str(options), "--out", str(folder)]
    subprocess.run([sys.executable, str(script), *arguments], check=True)
    return folder


def answered(cut: Path) -> float:
    """Seconds of the command on a cut, from start to file."""
    script = Path(sys.executable).with_name("presis")
    began = time.perf_counter()
    subprocess.run(
        [str(script), "match", "bulk", "--cut", str(cut), "--options", str(cut / "options"), "--at", str(AT), "--out", str(cut / "answers.parquet")],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return time.perf_counter() - began


def one_more(cut: Path) -> float:
    """Seconds for one new option once the cut is held in memory and the others were answered."""
    known = known_of(load_library())
    job = Job(cut, (cut / "options",), AT)
    memo = Memo()
    general = job.load(known)[:10]
    worker = Worker(open_cut(cut), known, general, AT, memo)
    held: list[Columns] = []
    for partition in worker.cut.partitions:
        columns, _ = worker.columns(partition)
        for option in general:
            columns.rule(option.rule)
        held.append(columns)
    (cut / "one").mkdir()
    document = yaml.safe_load((cut / "options" / "invented.yaml").read_text("utf-8"))["options"][0]
    text = yaml.safe_dump({"options": [{**document, "id": "new", "eligibility": NEW}]})
    (cut / "one" / "new.yaml").write_text(text, encoding="utf-8")
    (new,) = Job(cut, (cut / "one",), AT).load(known)
    began = time.perf_counter()
    eligible = sum(int((columns.rule(new.rule) == 2).sum()) for columns in held)
    took = time.perf_counter() - began
    print(
        f"one new option: {took:.2f} s for {sum(c.partition.size for c in held):,} tumours, {eligible} eligible"
    )
    return took


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tumours", type=int, default=1_000_000)
    parser.add_argument("--options", type=int, default=1_000)
    asked = parser.parse_args()
    print(f"{os.cpu_count()} processors")
    with tempfile.TemporaryDirectory() as place:
        for tumours, options in (
            (asked.tumours // 4, asked.options),
            (asked.tumours, asked.options // 4),
            (asked.tumours, asked.options),
        ):
            cut = made(Path(place) / f"{tumours}-{options}", tumours, options)
            rules = Job(cut, (cut / "options",), AT).load(known_of(load_library()))
            criteria = len({leaf for each in rules for leaf in leaves(each.rule)})
            took = answered(cut)
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024**2
            print(
                f"{tumours:,} tumours x {options:,} options ({criteria} distinct criteria): {took:.1f} s; "
                f"largest process so far {peak:.2f} GB"
            )
        one_more(cut)


if __name__ == "__main__":
    main()
