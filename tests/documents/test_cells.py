"""A text in a table is never run by a spreadsheet, a number stays a number, and all comes back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presis.documents.cells import cell_told, safe_cell


@pytest.mark.parametrize(
    "text", ["=1+1", "+A1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "-", "-c.5"]
)
def test_what_a_spreadsheet_would_run_is_a_text(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["-0.5", "-0,5", "+3", "-1e-05", "46.2", "", "BRAF V600E", "c.-124C>T", "'quoted'"]
)
def test_numbers_and_other_texts_stay_as_they_are(text: str) -> None:
    assert safe_cell(text) == text


@given(st.text(alphabet="=+-@'\t\r\n 1.a", max_size=8))
def test_every_text_comes_back(text: str) -> None:
    assert cell_told(safe_cell(text)) == text


@given(st.text(alphabet="=+-@'\t\r\n 1.a", max_size=8))
def test_nothing_but_a_number_begins_as_a_formula_does(text: str) -> None:
    written = safe_cell(text)
    if written.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n")):
        float(written.replace(",", "."))
