"""Three-valued rules: the same answer for one subject, for an array, and by a slow, obvious twin."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from presis.errors import BadInput
from presis.methods.reasons import Reason
from presis.methods.rules import (
    AllOf,
    Answer,
    AnyOf,
    AtLeast,
    Leaf,
    Not,
    Rule,
    Truth,
    compiled,
    evaluate,
    evaluate_array,
    leaves,
    of_class,
    over_findings,
    over_findings_array,
    parse,
)

QUESTIONS = 4


def truth(rule: Rule[int], ask: Callable[[int], Truth]) -> Truth:
    return compiled(rule, lambda leaf: lambda _: ask(leaf))(None)


def rules() -> st.SearchStrategy[Rule[int]]:
    leaf = st.integers(0, QUESTIONS - 1).map(Leaf)
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(lambda of: AllOf(tuple(of))),
            st.lists(inner, max_size=3).map(lambda of: AnyOf(tuple(of))),
            inner.map(Not),
            st.tuples(st.integers(0, 4), st.lists(inner, max_size=3)).map(
                lambda a: AtLeast(a[0], tuple(a[1]))
            ),
        ),
        max_leaves=8,
    )


def could_be(rule: Rule[int], world: tuple[bool, ...]) -> bool:
    """Two-valued logic in one world where every question has its answer."""
    match rule:
        case Leaf(of=index):
            return world[index]
        case Not(of=inner):
            return not could_be(inner, world)
        case AllOf(of=of):
            return all(could_be(each, world) for each in of)
        case AnyOf(of=of):
            return any(could_be(each, world) for each in of)
        case AtLeast(count=count, of=of):
            return sum(could_be(each, world) for each in of) >= count
    raise AssertionError


answers = st.lists(st.sampled_from(list(Truth)), min_size=QUESTIONS, max_size=QUESTIONS)


@given(rules(), answers)
def test_a_definite_answer_holds_in_every_world_that_the_unknowns_allow(
    rule: Rule[int], given_answers: list[Truth]
) -> None:
    choices = [{Truth.NO: [False], Truth.UNKNOWN: [False, True], Truth.YES: [True]}[a] for a in given_answers]
    outcomes = {could_be(rule, world) for world in product(*choices)}
    answer = truth(rule, lambda index: given_answers[index])
    if answer is not Truth.UNKNOWN:
        assert outcomes == {answer is Truth.YES}
    if Truth.UNKNOWN not in given_answers:
        assert answer is not Truth.UNKNOWN


@given(rules(), st.lists(answers, min_size=1, max_size=5))
def test_one_subject_and_an_array_of_subjects_agree(rule: Rule[int], subjects: list[list[Truth]]) -> None:
    table = np.array(subjects, np.int8)
    together = evaluate_array(rule, lambda index: table[:, index], len(subjects))
    apart = [truth(rule, lambda index, s=subject: s[index]) for subject in subjects]
    explained = [evaluate(rule, lambda index, s=subject: Answer(s[index])).truth for subject in subjects]
    assert together.dtype == np.int8
    assert together.tolist() == apart == explained


@given(rules(), answers)
def test_turning_every_leaf_that_decided_changes_nothing_else(
    rule: Rule[int], given_answers: list[Truth]
) -> None:
    explained = evaluate(rule, lambda index: Answer(given_answers[index]))
    if explained.truth is Truth.UNKNOWN:
        assert any(part.truth is Truth.UNKNOWN for part in explained.decisive())


@given(
    st.lists(st.tuples(st.integers(0, 3), st.lists(st.sampled_from(list(Truth)), min_size=2, max_size=2))),
    st.lists(st.booleans(), min_size=4, max_size=4),
)
def test_a_leaf_over_findings_agrees_with_its_array(
    findings: list[tuple[int, list[Truth]]], covered: list[bool]
) -> None:
    conditions = np.array([c for _, c in findings], np.int8).reshape(len(findings), 2)
    subject = np.array([s for s, _ in findings], np.intp)
    together = over_findings_array(conditions, subject, np.array(covered))
    apart = [
        over_findings(
            (c for s, c in findings if s == index), covered=Truth.YES if covered[index] else Truth.NO
        )
        for index in range(4)
    ]
    assert together.tolist() == apart


def test_not_tested_is_not_the_same_as_not_found() -> None:
    assert over_findings([], covered=Truth.YES) is Truth.NO
    assert over_findings([], covered=Truth.NO) is Truth.UNKNOWN
    assert over_findings([[Truth.YES, Truth.NO]], covered=Truth.UNKNOWN) is Truth.UNKNOWN
    assert over_findings([[Truth.YES, Truth.YES]], covered=Truth.NO) is Truth.YES


def test_two_half_matches_do_not_make_a_whole_one() -> None:
    halves = [[Truth.YES, Truth.NO], [Truth.NO, Truth.YES]]
    assert over_findings(halves, covered=Truth.YES) is Truth.NO


def test_a_class_known_as_a_set_qualifies_only_if_all_its_members_do() -> None:
    oncogenic = {"oncogenic", "likely_oncogenic"}
    assert of_class({"likely_oncogenic", "oncogenic"}, oncogenic) is Truth.YES
    assert of_class({"vus", "likely_oncogenic"}, oncogenic) is Truth.UNKNOWN
    assert of_class({"vus"}, oncogenic) is Truth.NO
    assert of_class((), oncogenic) is Truth.UNKNOWN


def test_an_unknown_names_what_would_settle_it() -> None:
    answers_by_leaf = {
        "age": Answer(Truth.YES, (Reason.of("age.fits"),)),
        "fusion": Answer(Truth.UNKNOWN, (Reason.of("fusion.not-tested"),), (Reason.of("test.rna"),)),
    }
    explained = evaluate(AllOf((Leaf("age"), Leaf("fusion"))), answers_by_leaf.__getitem__)
    assert explained.truth is Truth.UNKNOWN
    assert [reason.code for reason in explained.reasons()] == ["fusion.not-tested"]
    assert [reason.code for reason in explained.settled_by()] == ["test.rna"]


def word(name: str, value: object) -> str:
    if name != "gene" or not isinstance(value, str):
        raise ValueError(f"{name} is no criterion; use gene")
    return value


def test_a_rule_reads_from_a_document_in_its_own_shape() -> None:
    rule = parse(
        {
            "all": [
                {"gene": "KRAS"},
                {"not": {"gene": "BRAF"}},
                {"at_least": {"count": 1, "of": [{"gene": "ALK"}]}},
            ]
        },
        word,
        file="x.yaml",
    )
    assert rule == AllOf((Leaf("KRAS"), Not(Leaf("BRAF")), AtLeast(1, (Leaf("ALK"),))))
    assert list(leaves(rule)) == ["KRAS", "BRAF", "ALK"]


def test_every_fault_of_a_rule_is_said_at_once_with_its_path() -> None:
    with pytest.raises(BadInput) as caught:
        parse(
            {"all": [{"colour": 1}, {"any": []}, {"at_least": {"count": -1, "of": [{"gene": "A"}]}}]},
            word,
            file="x.yaml",
        )
    assert [str(problem) for problem in caught.value.problems] == [
        "x.yaml, field rule.all[0].colour: colour is no criterion; use gene",
        "x.yaml, field rule.all[1].any: expected a list with at least one rule",
        "x.yaml, field rule.all[2].at_least: expected count as a whole number from 0",
    ]
