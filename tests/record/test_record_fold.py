"""Folding: corrections in their places, errors left out, and the past as it was known."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.record.samples import (
    KARI,
    START,
    Sample,
    SampleMeasured,
    SampleReceived,
    measured,
    received,
    state_of,
)

from presis.errors import BadInput
from presis.record import Actor, Fact, FactModel, corrected, entered_in_error, in_place
from presis.record.store import Record


def append(record: Record, *facts: Any) -> tuple[Fact[Any], ...]:
    expecting = {fact.stream: record.version(fact.stream) for fact in facts}
    outcome = record.append(facts, expecting=expecting, actor=KARI, command=f"c-{record.head().position}")
    assert isinstance(outcome, tuple)
    return outcome


def test_a_correction_is_read_in_the_place_of_what_it_corrects(record: Record) -> None:
    _, first, _ = append(record, received(), measured(4), measured(50))
    append(record, corrected(first, SampleMeasured(tumour_percent=40), reason="a zero was missing"))
    assert state_of(record.stream("sample-1")).measured == (40, 50)
    assert state_of(record.stream("sample-1", known_at=3)).measured == (4, 50)


def test_the_corrected_fact_stays_and_the_correction_names_it(record: Record) -> None:
    _, first = append(record, received(), measured(4))
    append(record, corrected(first, SampleMeasured(tumour_percent=40), reason="a zero was missing"))
    facts = record.stream("sample-1")
    assert [fact.payload for fact in facts[1:]] == [
        SampleMeasured(tumour_percent=4),
        SampleMeasured(tumour_percent=40),
    ]
    assert (facts[2].corrects, facts[2].reason) == (2, "a zero was missing")
    seen = in_place(facts)[1]
    assert (seen.position, seen.version, seen.corrected_by) == (2, 2, 3)


def test_the_last_correction_counts_and_may_correct_a_correction(record: Record) -> None:
    _, first = append(record, received(), measured(4))
    (second,) = append(record, corrected(first, SampleMeasured(tumour_percent=40), reason="a"))
    (third,) = append(record, corrected(second, SampleMeasured(tumour_percent=41), reason="b"))
    append(record, corrected(third, SampleMeasured(tumour_percent=42), reason="c"))
    assert state_of(record.stream("sample-1")).measured == (42,)


def test_what_was_entered_in_error_is_skipped_and_can_come_back(record: Record) -> None:
    _, first, _ = append(record, received(), measured(4), measured(50))
    (error,) = append(record, entered_in_error(first, reason="another patient's"))
    assert error.payload is None
    assert state_of(record.stream("sample-1")).measured == (50,)
    append(
        record, corrected(error, SampleMeasured(tumour_percent=4), reason="it was this patient's after all")
    )
    assert state_of(record.stream("sample-1")).measured == (4, 50)


def test_a_stream_whose_only_fact_was_an_error_folds_to_the_beginning(record: Record) -> None:
    (first,) = append(record, received())
    append(record, entered_in_error(first, reason="wrong laboratory"))
    assert state_of(record.stream("sample-1")) == Sample()


def test_a_correction_keeps_the_clinical_date_unless_it_says_another(record: Record) -> None:
    from dataclasses import replace

    _, first = append(record, received(), replace(measured(4), occurred="2026-03"))
    append(record, corrected(first, SampleMeasured(tumour_percent=40), reason="a"))
    assert in_place(record.stream("sample-1"))[1].occurred == "2026-03"
    append(record, corrected(first, SampleMeasured(tumour_percent=40), reason="b", occurred="2026-04-01"))
    assert in_place(record.stream("sample-1"))[1].occurred == "2026-04-01"


def test_a_correction_names_a_fact_of_its_kind_in_its_stream(record: Record) -> None:
    first, _ = append(record, received(), received("sample-2"))
    with pytest.raises(BadInput) as told:
        append(record, corrected(first, SampleMeasured(tumour_percent=40), reason="a"))
    assert str(told.value) == (
        "field corrects: position 1 holds no samples.measured of sample-1, so it can't be corrected there; "
        "name the position of the fact that is wrong."
    )
    assert record.head().position == 2


def _fact(position: int, corrects: int | None, payload: FactModel | None) -> Fact[Any]:
    return Fact(
        position, "sample-1", position, "samples.measured/1", None, START, Actor("a", "b", "c"), None,
        str(position), corrects, {}, payload, "",
    )  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, 30), st.one_of(st.none(), st.integers(0, 100))), max_size=30))
def test_in_place_equals_following_each_correction_to_its_root_by_hand(
    steps: list[tuple[int, int | None]],
) -> None:
    facts = [_fact(1, None, SampleReceived(tissue="colon"))]
    for position, (corrects, percent) in enumerate(steps, start=2):
        earlier = corrects if 1 < corrects < position else None
        payload = None if percent is None else SampleMeasured(tumour_percent=percent)
        if earlier is None and payload is None:
            payload = SampleMeasured(tumour_percent=0)
        facts.append(_fact(position, earlier, payload))
    by_hand = []
    for fact in facts:
        if fact.corrects is None:
            payload = fact.payload
            for later in facts:
                root = later
                while root.corrects is not None:
                    root = facts[root.corrects - 1]
                if root is fact:
                    payload = later.payload
            if payload is not None:
                by_hand.append(payload)
    assert [fact.payload for fact in in_place(facts)] == by_hand
