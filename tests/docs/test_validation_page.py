"""The page on validation names tests that exist, one or more for each hazard, and numbers that are computed."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest
from tests.docs.pages import DOCS, REPO, read, sections

from presis.diagnostics.validation.expected import COLUMNS
from presis.methods.intervals import binomial_interval

PAGE = DOCS / "validation.md"
ROW = re.compile(r"^\| (\d+) \| (.+) \|$", re.MULTILINE)


def hazards() -> str:
    return sections(PAGE)["Hazards"].partition("### ")[0]


def covering() -> dict[str, list[str]]:
    told = sections(PAGE, level=3)["Which tests cover them"]
    return {number: re.findall(r"`([^`]+)`", tests) for number, tests in ROW.findall(told)}


@cache
def named_in(file: str) -> frozenset[str]:
    path = REPO / file
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_every_hazard_has_its_tests_and_no_test_is_of_none() -> None:
    numbers = [number for number, _ in ROW.findall(hazards())]
    assert numbers == [str(each) for each in range(1, len(numbers) + 1)]
    assert set(covering()) == set(numbers)
    assert all(covering().values())


@pytest.mark.parametrize("test", sorted({each for tests in covering().values() for each in tests}))
def test_each_test_that_the_page_names_exists(test: str) -> None:
    file, _, name = test.partition("::")
    assert name in named_in(file), f"docs/validation.md names {test}, which isn't there"


def test_every_hazard_says_cause_control_what_is_left_and_what_the_laboratory_does() -> None:
    for number, cells in ROW.findall(hazards()):
        assert len(cells.split(" | ")) == 6, number
        assert all(cell.strip() for cell in cells.split(" | ")), number


def least(differences: int, level: float) -> int:
    total = differences + 1
    while binomial_interval(total - differences, total, level)[0] < 0.95:
        total += 1
    return total


def test_the_numbers_of_samples_are_computed() -> None:
    rows = re.findall(r"^\| (\d) \| (\d+) \| (\d+) \|$", read(PAGE), re.MULTILINE)
    assert len(rows) == 4
    for differences, one_sided, both in rows:
        assert (least(int(differences), 0.90), least(int(differences), 0.95)) == (int(one_sided), int(both))
    assert round(100 * binomial_interval(10, 10)[0]) == 69


def test_every_column_of_the_expected_table_is_explained() -> None:
    told = re.findall(r"^\| `(\w+)` \|", read(DOCS / "how-to" / "validate.md"), re.MULTILINE)
    assert told[: len(COLUMNS)] == list(COLUMNS)
