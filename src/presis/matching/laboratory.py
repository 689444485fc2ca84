"""Laboratory tests as data: their units, and values converted to the unit in which each is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any

from presis.programme.files import load_yaml

#: the unit of a bound in multiples of the laboratory's upper limit of normal
TIMES_LIMIT = "ULN"


@dataclass(frozen=True, slots=True)
class LabTest:
    """One test: its unit, the bounds outside which a value is a slip, and what each unit is times.

    `limits` bound what a laboratory's upper limit of normal may be; None: any above 0.
    """

    test: str
    unit: str
    least: float
    most: float
    organ: str
    names: Mapping[str, str]
    times: Mapping[str, float]
    accepted: tuple[str, ...]
    limits: tuple[float, float] | None = None

    def converted(self, value: float, unit: str) -> float:
        """A value in the test's unit; raises `ValueError` for a unit that isn't held."""
        factor = self.times.get(_bare(unit))
        if factor is None:
            raise ValueError(
                f"{unit!r} is no unit of {self.test} that is held; write one of {', '.join(self.accepted)}"
            )
        return value * factor

    def plausible(self, value: float) -> bool:
        """Whether a value in the test's unit can be a patient's."""
        return self.least <= value <= self.most

    def plausible_limit(self, limit: Any) -> Any:
        """Whether an upper limit of normal in the test's unit, or each of an array, can be a laboratory's."""
        if self.limits is None:
            return limit > 0
        least, most = self.limits
        return (limit >= least) & (limit <= most)


@cache
def lab_tests() -> Mapping[str, LabTest]:
    """The tests by their code."""
    found = {}
    for row in load_yaml("rules/laboratory_tests.yaml")["tests"]:
        times = {}
        for unit in row["units"]:
            for name in (unit["unit"], *unit.get("also", ())):
                times[_bare(name)] = float(unit["times"])
        found[row["test"]] = LabTest(
            row["test"], row["unit"], row["least"], row["most"], row["organ"], row["name"], times,
            tuple(unit["unit"] for unit in row["units"]),
            tuple(row["limits"]) if "limits" in row else None,
        )  # fmt: skip
    return found


def lab_test(name: str) -> LabTest:
    """A test by its code; raises `ValueError` naming the nearest."""
    tests = lab_tests()
    if name in tests:
        return tests[name]
    near = get_close_matches(name, tests, n=1)
    advice = f"did you mean {near[0]}?" if near else f"use one of {', '.join(tests)}"
    raise ValueError(f"{name!r} is no laboratory test that is held; {advice}")


def _bare(unit: str) -> str:
    """A unit as it is compared: without blanks, in small letters, one sign for micro."""
    return unit.replace(" ", "").replace("μ", "µ").casefold()
