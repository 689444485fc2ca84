"""What to find out next: the smallest set of tests and facts after which most options have no unknown left.

Exact up to three: no other set of that size settles more. Beyond, greedy: the option that needs the
lightest addition is completed next. Between sets that settle as many options the smaller goes first, then
the lighter by burden, days and name. Burdens and days: `rules/next_tests.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from presis.matching.option import Matched
from presis.methods.reasons import Reason
from presis.methods.rules import Truth
from presis.programme.files import load_yaml

#: sets up to this size are searched exactly
EXACT = 3


@dataclass(frozen=True, slots=True)
class NextTest:
    """One test or look-up: what it settles (reasons with their values), its burden and how long it takes."""

    key: tuple[str, ...]
    burden: str
    weight: int
    days: int
    tissue: str
    settles: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Tests in the order in which to do them, and the options without unknowns once all are done."""

    tests: tuple[NextTest, ...]
    settled: tuple[str, ...]


def _worth(each: Matched) -> bool:
    """Whether a test for the option would be of use."""
    return each.opening == "open" and all(reason.code != "match.against" for reason in each.against)


@cache
def _burdens() -> Mapping[str, Any]:
    return {row["burden"]: row for row in load_yaml("rules/next_tests.yaml")["burdens"]}


def _row(reason: Reason) -> Any:
    document = load_yaml("rules/next_tests.yaml")
    for row in document["tests"]:
        only = row.get("only", {})
        if row["code"] == reason.code and all(reason.values.get(k) == v for k, v in only.items()):
            return row
    return {"code": reason.code, "burden": document["otherwise"], "joined_by": sorted(reason.values)}


def tests_of(reasons: Iterable[Reason], tissue: str | None) -> tuple[NextTest, ...]:
    """The tests that settle these reasons, joined where one settles several; `tissue` is what is left."""
    groups: dict[tuple[str, ...], list[Reason]] = {}
    for reason in reasons:
        row = _row(reason)
        key = (row["code"], row["burden"], *(str(reason.values.get(name, "")) for name in row["joined_by"]))
        groups.setdefault(key, []).append(reason)
    return tuple(_test(key, own, tissue) for key, own in groups.items())


def _test(key: tuple[str, ...], reasons: Sequence[Reason], tissue: str | None) -> NextTest:
    burden = _burdens()[key[1]]
    if burden["tissue"] == "block" and tissue == "none":
        burden = _burdens()[load_yaml("rules/next_tests.yaml")["without_tissue"]]
    return NextTest(
        key, burden["burden"], burden["weight"], burden["days"], burden["tissue"], tuple(_once(reasons))
    )


def _once(reasons: Iterable[Reason]) -> list[Reason]:
    found = {(each.code, tuple(each.values.items())): each for each in reasons}
    return list(found.values())


def next_tests(matched: Iterable[Matched], tissue: str | None = None, most: int = EXACT) -> Plan:
    """The plan for the options that hang on something; `most` is the number of tests in it.

    Left out are options that take nobody now, and those that the report's resistance speaks against.
    """
    waiting = [each for each in matched if each.explained.truth is Truth.UNKNOWN and _worth(each)]
    if not waiting:
        return Plan((), ())
    tests = {each.key: each for each in tests_of((r for m in waiting for r in m.open), tissue)}
    order = sorted(tests, key=lambda key: _light((tests[key],)))
    place = {key: index for index, key in enumerate(order)}
    needs = []
    for each in waiting:
        bits = 0
        for test in tests_of(each.open, tissue):
            bits |= 1 << place[test.key]
        needs.append(bits)
    chosen = _exact(needs, [tests[key] for key in order], min(most, EXACT))
    if most > EXACT or not any(need & ~chosen == 0 for need in needs):
        chosen = _greedy(needs, [tests[key] for key in order], chosen, most)
    picked = [tests[key] for index, key in enumerate(order) if chosen >> index & 1]
    settled = [m.option.id for m, need in zip(waiting, needs, strict=True) if need & ~chosen == 0]
    return Plan(tuple(sorted(picked, key=lambda each: _light((each,)))), tuple(settled))


def _light(tests: Sequence[NextTest]) -> tuple[int, int, list[tuple[str, ...]]]:
    return (
        sum(each.weight for each in tests),
        max((each.days for each in tests), default=0),
        sorted(each.key for each in tests),
    )


def _exact(needs: Sequence[int], tests: Sequence[NextTest], most: int) -> int:
    """The best set of up to `most` tests; the best is what some options need together, so those are tried."""
    small = {need for need in needs if need.bit_count() <= most}
    unions = {0}
    for _ in range(most):
        unions |= {bits | need for bits in unions for need in small if (bits | need).bit_count() <= most}

    def score(bits: int) -> tuple[int, int, tuple[int, int, list[tuple[str, ...]]]]:
        count = sum(1 for need in needs if need & ~bits == 0)
        return -count, bits.bit_count(), _light([test for i, test in enumerate(tests) if bits >> i & 1])

    return min(unions, key=score)


def _greedy(needs: Sequence[int], tests: Sequence[NextTest], chosen: int, most: int) -> int:
    """Complete one option after the other, each time the one that needs the lightest addition."""

    def added(need: int) -> list[NextTest]:
        return [test for index, test in enumerate(tests) if (need & ~chosen) >> index & 1]

    while True:
        open_needs = [need for need in needs if need & ~chosen]
        if not open_needs:
            return chosen
        lightest = min(open_needs, key=lambda need: _light(added(need)))
        if chosen and (chosen | lightest).bit_count() > most:
            return chosen
        chosen |= lightest
