"""The benchmarks run, small; what they print at full size is in the decision records."""

from pathlib import Path

from benchmarks import record_appends, record_verify


def test_the_benchmark_of_appends_runs(tmp_path: Path) -> None:
    measured = record_appends.measure(tmp_path, batches=3, rounds=1)
    assert all(value > 0 for value in measured.values())


def test_the_benchmark_of_verifying_runs(tmp_path: Path) -> None:
    measured = record_verify.measure(tmp_path, facts=2500, rounds=1)
    assert all(value > 0 for value in measured.values())
