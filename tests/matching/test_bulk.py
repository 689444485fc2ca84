"""A nation at once answers as each patient alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bulk_strategies import AT, asked, rules_over, subjects
from hypothesis import given, settings
from hypothesis import strategies as st

from presis.knowledge import load_library
from presis.matching.answering import Questions
from presis.matching.bulk.columns import Columns
from presis.matching.bulk.partition import Partition
from presis.matching.bulk.rows import tables_of
from presis.matching.criteria import Molecular
from presis.matching.days import parse_day
from presis.matching.known import known_of
from presis.matching.labels import label_rule
from presis.matching.subject import Subject, Told
from presis.methods.rules import evaluate, leaves


@settings(max_examples=settings.default.max_examples // 2)  # each makes six patients
@given(st.lists(subjects(), min_size=1, max_size=6), st.lists(rules_over(asked()), min_size=1, max_size=4))
def test_bulk_and_single_answer_alike(patients: list[Any], rules: list[Any]) -> None:
    known = known_of(load_library())
    tables = tables_of((f"P{place}", each) for place, each in enumerate(patients))
    columns = Columns(Partition(tables), known, AT)
    for rule in rules:
        single = [int(evaluate(rule, Questions(each, known, AT).ask).truth) for each in patients]
        assert columns.rule(rule).tolist() == single, rule


def test_a_germline_test_counts_in_bulk_as_it_does_for_one() -> None:
    known = known_of(load_library())
    shown = Subject(name="P", germline={"BRCA1": Told("pathogenic", "case.yaml:1", parse_day("2026-01-01"))})
    absent = replace(shown, germline={"BRCA1": Told("not_found", "case.yaml:1", parse_day("2026-01-01"))})
    patients = [shown, absent, Subject(name="P")]
    columns = Columns(Partition(tables_of((f"P{n}", each) for n, each in enumerate(patients))), known, AT)
    approval = next(each for each in known.library.approvals if each.row == "ema-olaparib-6")
    asked_of = next(each for each in leaves(label_rule(approval, known)) if isinstance(each, Molecular))
    assert asked_of.inherited_too == ("BRCA1", "BRCA2")
    single = [int(Questions(each, known, AT).ask(asked_of).truth) for each in patients]
    assert columns.truths(asked_of).tolist() == single == [2, 1, 1]
