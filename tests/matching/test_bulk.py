"""A nation at once answers as each patient alone."""

from __future__ import annotations

from typing import Any

from bulk_strategies import AT, asked, rules_over, subjects
from hypothesis import given, settings
from hypothesis import strategies as st

from presis.knowledge import load_library
from presis.matching.answering import Questions
from presis.matching.bulk.columns import Columns
from presis.matching.bulk.partition import Partition
from presis.matching.bulk.rows import tables_of
from presis.matching.known import known_of
from presis.methods.rules import evaluate


@settings(max_examples=settings.default.max_examples // 2)  # each makes six patients
@given(st.lists(subjects(), min_size=1, max_size=6), st.lists(rules_over(asked()), min_size=1, max_size=4))
def test_bulk_and_single_answer_alike(patients: list[Any], rules: list[Any]) -> None:
    known = known_of(load_library())
    tables = tables_of((f"P{place}", each) for place, each in enumerate(patients))
    columns = Columns(Partition(tables), known, AT)
    for rule in rules:
        single = [int(evaluate(rule, Questions(each, known, AT).ask).truth) for each in patients]
        assert columns.rule(rule).tolist() == single, rule
