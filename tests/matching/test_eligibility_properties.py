"""What holds of every patient and rule: order says nothing, and knowing less never turns an answer round."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.matching.eligibility_cases import all_cases, known, named, patient, questions, rule

from presis.matching.approved import approved_options
from presis.matching.next_tests import NextTest, _exact
from presis.matching.option_forms import OPTIONS, read_options
from presis.matching.ranking import match_patient
from presis.methods.rules import Truth, evaluate

FULL: dict[str, Any] = {
    "birth": "1961-04-23",
    "sex": "female",
    "alive": {"value": True, "on": "2026-03-01"},
    "stage": {"value": "IV", "on": "2026-03-01"},
    "extent": {"value": "metastatic", "on": "2026-03-01"},
    "ecog": {"value": 1, "on": "2026-03-01"},
    "can_swallow": {"value": True, "on": "2026-03-01"},
    "pregnant": {"value": False, "on": "2026-03-01"},
    "measurable_disease": [{"by": "RECIST 1.1", "state": "measurable", "on": "2026-03-01"}],
    "brain_metastases": {"state": "none", "on": "2026-03-01"},
    "consent": [{"to": "treatment", "value": True, "on": "2026-03-01"}],
    "treatments": [{"drugs": ["FOLFOX"], "line": 1, "end": "2025-11-20", "outcome": "progression"}],
    "treatments_complete": {"value": True, "on": "2026-03-01"},
    "standard_treatment": {"state": "exhausted", "on": "2026-03-01", "by": "oncologist"},
    "laboratory": [
        {"test": "neutrophils", "value": 3.1, "unit": "10^9/l", "on": "2026-03-05"},
        {"test": "bilirubin", "value": 12, "unit": "µmol/l", "on": "2026-03-05", "upper_limit": 25},
    ],
    "statements": [{"of": "autoimmune_disease", "value": False, "on": "2026-03-01"}],
}
TUMOUR: dict[str, Any] = {
    "type": "COAD",
    "variants": ["BRAF V600E", "TP53 R175H"],
    "amplified": ["ERBB2"],
    "msi": 40.0,
    "tmb": 30.0,
}
QUESTIONS = [case["ask"] for _, case in all_cases() if "ask" in case]
DRUGS = ("selpercatinib",)


def answered(subject: Any, document: Any) -> Truth:
    return evaluate(rule(document, DRUGS), questions(subject).ask).truth


@given(st.permutations(list(FULL)))
@settings(max_examples=20, deadline=None)
def test_the_order_of_a_cases_keys_says_nothing(order: list[str]) -> None:
    whole = patient(TUMOUR, FULL)
    shuffled = patient(TUMOUR, {key: FULL[key] for key in order})
    assert all(answered(whole, each) is answered(shuffled, each) for each in QUESTIONS)


@given(st.sampled_from(QUESTIONS), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_order_of_a_rules_keys_says_nothing(document: Any, chance: Any) -> None:
    def shuffled(node: Any) -> Any:
        if isinstance(node, dict):
            keys = list(node)
            chance.shuffle(keys)
            return {key: shuffled(node[key]) for key in keys}
        return [shuffled(each) for each in node] if isinstance(node, list) else node

    subject = patient(TUMOUR, FULL)
    assert answered(subject, document) is answered(subject, shuffled(document))


@given(st.sets(st.sampled_from(list(FULL))), st.sampled_from(QUESTIONS))
@settings(max_examples=300, deadline=None)
def test_knowing_less_never_turns_a_no_into_a_yes_nor_a_yes_into_a_no(gone: set[str], document: Any) -> None:
    if "treatments" in gone:  # without the list nobody can say that it is complete
        gone = gone | {"treatments_complete"}
    less = {key: value for key, value in FULL.items() if key not in gone}
    before, after = answered(patient(TUMOUR, FULL), document), answered(patient(TUMOUR, less), document)
    assert after in {before, Truth.UNKNOWN}


@given(
    st.sets(
        st.sampled_from(["small_variant", "amplification", "deletion", "rna_fusion", "dna_fusion", "splice"])
    ),
    st.sampled_from(QUESTIONS),
)
@settings(max_examples=150, deadline=None)
def test_what_was_not_tested_never_turns_a_no_into_a_yes(gone: set[str], document: Any) -> None:
    before = answered(patient(TUMOUR, FULL), document)
    after = answered(patient({**TUMOUR, "not_tested": sorted(gone)}, FULL), document)
    assert after in {before, Truth.UNKNOWN}


@given(st.sampled_from(QUESTIONS))
@settings(max_examples=100, deadline=None)
def test_every_unknown_says_what_would_settle_it(document: Any) -> None:
    for subject in (patient(None, None), patient(TUMOUR, None), patient(None, FULL)):
        explained = evaluate(rule(document, DRUGS), questions(subject).ask)
        assert (explained.truth is Truth.UNKNOWN) == bool(explained.settled_by())


@given(st.randoms(use_true_random=False))
@settings(max_examples=10, deadline=None)
def test_the_ranking_does_not_depend_on_the_order_of_options(chance: Any) -> None:
    options = [*read_options([OPTIONS], known(), named()), *approved_options(known())]
    before = [each.option.id for each in match_patient(questions(patient(TUMOUR, FULL)), options)]
    chance.shuffle(options)
    assert [e.option.id for e in match_patient(questions(patient(TUMOUR, FULL)), options)] == before


@given(
    st.lists(st.sets(st.integers(0, 6), min_size=1, max_size=5), min_size=1, max_size=8),
    st.lists(st.integers(1, 9), min_size=7, max_size=7),
)
@settings(max_examples=200, deadline=None)
def test_no_other_three_tests_settle_more_options(needs: list[set[int]], weights: list[int]) -> None:
    """The exact part against trying every set of up to three."""
    tests = [NextTest((str(i),), "chart", weight, 0, "none", ()) for i, weight in enumerate(weights)]
    masks = [sum(1 << i for i in need) for need in needs]

    def settled(bits: int) -> int:
        return sum(1 for mask in masks if mask & ~bits == 0)

    chosen = _exact(masks, tests, 3)
    every = [sum(1 << i for i in group) for size in range(4) for group in combinations(range(7), size)]
    best = max(map(settled, every))
    assert settled(chosen) == best
    equal = [bits for bits in every if settled(bits) == best]
    assert chosen.bit_count() == min(bits.bit_count() for bits in equal)
