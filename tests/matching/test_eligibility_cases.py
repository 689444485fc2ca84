"""Cases that an expert can read and add: this patient, this question, this answer, for these reasons."""

from __future__ import annotations

from typing import Any

import pytest
from tests.matching.eligibility_cases import AT, all_cases, asked, known, patient, questions, said

from presis.documents.language import Language
from presis.matching.bulk.columns import Columns
from presis.matching.bulk.partition import Partition
from presis.matching.bulk.rows import tables_of
from presis.methods.rules import Truth, evaluate

WORDS = {False: Truth.NO, True: Truth.YES, "no": Truth.NO, "yes": Truth.YES, "unknown": Truth.UNKNOWN}


@pytest.mark.parametrize("case", [case for _, case in all_cases()], ids=[name for name, _ in all_cases()])
def test_the_case_is_answered_as_it_says(case: dict[str, Any]) -> None:
    at = case.get("at", AT)
    subject = patient(case.get("tumour"), case.get("case"), at)
    explained = evaluate(asked(case), questions(subject, at).ask)
    assert explained.truth is WORDS[case["answer"]], said(explained.reasons())
    assert said(explained.reasons()) == case["why"]
    assert said(explained.settled_by()) == case.get("settled_by", [])
    assert all(said(explained.reasons(), Language.NB))


def test_a_nation_at_once_answers_every_case_alike() -> None:
    for name, case in all_cases():
        at = case.get("at", AT)
        subject = patient(case.get("tumour"), case.get("case"), at)
        columns = Columns(Partition(tables_of([("P-1", subject)])), known(), at)
        assert columns.rule(asked(case)).tolist() == [WORDS[case["answer"]]], name


def test_every_criterion_has_a_case() -> None:
    from presis.matching.leaf_forms import FORMS

    def keys(node: Any) -> set[str]:
        if isinstance(node, dict):
            return {str(key) for key in node} | {k for each in node.values() for k in keys(each)}
        return {k for each in node for k in keys(each)} if isinstance(node, list) else set()

    used = {key for _, case in all_cases() for key in keys(case.get("ask", {}))}
    assert set(FORMS) <= used
