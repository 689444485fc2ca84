"""The page on the cut names every table and column."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from presis.matching.bulk.tables import TABLES

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "cut.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("table", TABLES)
def test_the_page_names_every_column(table: str) -> None:
    named = set(re.findall(r"`(\w+)`", SECTIONS[table]))
    assert set(TABLES[table].names) - {"sample", "patient"} <= named
