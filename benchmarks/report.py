"""Seconds for a report in all formats, from the panel's files, in a warm process.

Usage: python benchmarks/report.py [--repeat N]. The demo's samples: from two variants kept to several hundred.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import presis.diagnostics
from presis.diagnostics.interpretation import Interpreter
from presis.diagnostics.reading import read_one
from presis.diagnostics.report_making import DRAFT, Wanted, make_content, write_report
from presis.knowledge import load_library

DEMO = Path(presis.diagnostics.__file__).parent / "demo_data"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeat", type=int, default=5)
    repeat = parser.parse_args().repeat
    interpreter = Interpreter(load_library())
    with tempfile.TemporaryDirectory() as folder:
        for case in sorted(path for path in DEMO.iterdir() if path.is_dir()):
            seconds, size = [], 0
            for _ in range(repeat + 1):  # the first warms up
                start = time.perf_counter()
                profile = read_one([case], interpreter.library)
                content = make_content(profile, interpreter, None, "Laboratory")
                write_report(content, DRAFT, Wanted(), Path(folder))
                seconds.append(time.perf_counter() - start)
                size = len(content.findings)
            print(
                f"{case.name}: {statistics.median(seconds[1:]):.2f} s for HTML, PDF and JSON ({size} findings)"
            )


if __name__ == "__main__":
    main()
