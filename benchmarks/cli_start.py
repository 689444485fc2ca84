"""How long `presis --help` takes against `python -c "import typer"`, in turn, whole processes.

Usage: python benchmarks/cli_start.py [--repeat N].
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

PRESIS = Path(sys.executable).with_name("presis")


def seconds(command: list[str], environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeat", type=int, default=15)
    repeat = parser.parse_args().repeat
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    ours, theirs = [str(PRESIS), "--help"], [sys.executable, "-c", "import typer"]
    for command in (ours, theirs):  # bytecode is written once
        seconds(command, environment)
    ratios = [seconds(ours, environment) / seconds(theirs, environment) for _ in range(repeat)]
    print(
        f"presis --help takes {statistics.median(ratios):.2f} times as long as import typer (median of {repeat} pairs)"
    )


if __name__ == "__main__":
    main()
