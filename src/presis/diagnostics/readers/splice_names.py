"""The usual names of splice variants, by gene and exons or by breakpoints."""

from __future__ import annotations

import csv
from functools import cache

from presis.diagnostics.symbols import TSO500


@cache
def _names() -> dict[tuple[str, str, str, str], str]:
    with (TSO500 / "splice_names.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["gene"], row["exons"], row["breakpoint_1"], row["breakpoint_2"]): row["name"]
            for row in csv.DictReader(file)
        }


def splice_name(gene: str, exons: str | None, first: str | None, second: str | None) -> str | None:
    """The usual name, such as EGFRvIII for exons `2-7/28`; None where none is known."""
    skipped = (exons or "").partition("/")[0]
    by_exons = _names().get((gene, skipped, "", "")) if skipped else None
    return by_exons or _names().get((gene, "", first or "", second or ""))


def gene_at(first: str | None, second: str | None) -> str | None:
    """The gene whose splice variant has these breakpoints; None where none is known."""
    found = {gene for gene, _, start, end in _names() if start and (start, end) == (first, second)}
    return found.pop() if len(found) == 1 else None
