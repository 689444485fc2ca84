"""Words of a label that nobody has put into a rule are asked of a person, never passed over."""

from __future__ import annotations

from dataclasses import replace

from presis.knowledge import load_library
from presis.matching.criteria import LabelCondition
from presis.matching.known import known_of
from presis.matching.labels import label_rule
from presis.methods.rules import leaves


def asked(row: str, **changed: str) -> set[str]:
    known = known_of(load_library())
    approval = replace(next(each for each in known.library.approvals if each.row == row), **changed)
    return {each.text for each in leaves(label_rule(approval, known)) if isinstance(each, LabelCondition)}


def test_a_tumour_type_with_words_that_no_code_tells_asks_for_them() -> None:
    assert asked("ema-encorafenib-2") == set()
    assert asked("ema-encorafenib-2", tumour="colorectal, of the left side, metastatic") == {
        "of the left side"
    }
    assert "low-grade glioma of childhood" in asked("fda-tovorafenib-1")
    assert "high grade" in asked("ema-olaparib-1")


def test_a_condition_that_nobody_knows_is_asked_as_it_stands() -> None:
    assert asked("ema-encorafenib-2", conditions="on a Tuesday; age 12 and over") == {"on a Tuesday"}
