"""Appending: one transaction over any number of streams, or a conflict and nothing written."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.record.samples import KARI, ROOMS, START, SampleMeasured, SampleReceived, measured, received

from presis.errors import BadInput
from presis.record import Actor, Conflict, Fact, NewFact, clinical_date
from presis.record.store import Record, initialise
from presis.record.verify import verify


def written(outcome: tuple[Fact[Any], ...] | Conflict) -> tuple[Fact[Any], ...]:
    assert isinstance(outcome, tuple)
    return outcome


def append(record: Record, *facts: NewFact, command: str = "", **expecting: int) -> Any:
    expected = {name.replace("_", "-"): version for name, version in expecting.items()}
    command = command or f"command-{record.head().position}"
    return record.append(facts, expecting=expected, actor=KARI, command=command)


def test_what_was_appended_is_read_back_as_it_was(record: Record) -> None:
    new = NewFact(
        stream="sample-1",
        payload=SampleMeasured(tumour_percent=40, note="blåbærsyltetøy 🫐\tand\nso on"),
        occurred="2026-03",
        reason="measured anew: «for lite»",
        rules={"tumour-content": "2026-05"},
    )
    facts = written(append(record, new, sample_1=0))
    assert record.stream("sample-1") == facts
    (fact,) = facts
    assert (fact.position, fact.version, fact.kind) == (1, 1, "samples.measured/1")
    assert (fact.payload, fact.occurred, fact.reason) == (new.payload, "2026-03", new.reason)
    assert (fact.actor, fact.rules, fact.recorded) == (KARI, {"tumour-content": "2026-05"}, START)


def test_an_empty_reason_is_not_no_reason(record: Record) -> None:
    append(record, NewFact(stream="sample-1", payload=SampleReceived(tissue=""), reason=""), sample_1=0)
    append(record, received("sample-2"), sample_2=0)
    assert [fact.reason for fact in record.facts()] == ["", None]
    assert verify(record.database).fault is None


def test_facts_of_many_streams_are_written_together_with_positions_free_of_gaps(record: Record) -> None:
    facts = written(
        append(record, received(), measured(40), received("sample-2"), measured(50), sample_1=0, sample_2=0)
    )
    assert [fact.position for fact in facts] == [1, 2, 3, 4]
    assert [(fact.stream, fact.version) for fact in facts] == [
        ("sample-1", 1),
        ("sample-1", 2),
        ("sample-2", 1),
        ("sample-1", 3),
    ]
    assert record.head().position == 4


def test_if_one_stream_has_moved_on_nothing_is_written_to_any(record: Record) -> None:
    append(record, received(), measured(40), sample_1=0)
    outcome = append(record, received("sample-2"), measured(50), sample_1=1, sample_2=0)
    assert isinstance(outcome, Conflict)
    assert (outcome.stream, outcome.expected, outcome.found) == ("sample-1", 1, 2)
    assert [fact.payload for fact in outcome.since] == [SampleMeasured(tumour_percent=40)]
    assert outcome.message == (
        "sample-1 has changed: version 1 was expected and 2 found; read it again and decide anew."
    )
    assert record.stream("sample-2") == ()
    assert record.head().position == 2


def test_a_stream_that_was_only_read_is_expected_too(record: Record) -> None:
    append(record, received(), sample_1=0)
    outcome = append(record, received("sample-2"), sample_1=0, sample_2=0)
    assert isinstance(outcome, Conflict)
    assert outcome.stream == "sample-1"


def test_a_repeated_command_returns_what_it_wrote_and_writes_nothing(record: Record) -> None:
    first = written(append(record, received(), measured(40), command="one", sample_1=0))
    again = written(append(record, received("sample-9"), command="one", sample_9=0))
    assert again == first
    assert record.head().position == 2


def test_nothing_to_append_writes_nothing(record: Record) -> None:
    assert append(record, sample_1=0) == ()
    assert record.head().position == 0


def test_time_never_runs_backwards_even_if_the_clock_does(place: str) -> None:
    hours = iter([3, 1, 2, 4])
    record, _ = initialise(place, ROOMS, lambda: START + timedelta(hours=next(hours)))
    for number in range(4):
        append(record, received(f"sample-{number}"), **{f"sample_{number}": 0})
    recorded = [fact.recorded for fact in record.facts()]
    assert recorded == [START + timedelta(hours=hour) for hour in (3, 3, 3, 4)]
    record.database.close()


def test_a_stream_that_is_written_must_be_expected(record: Record) -> None:
    with pytest.raises(ValueError, match="sample-1 is written but no version of it is expected"):
        append(record, received(), sample_2=0)


def test_a_payload_must_be_of_a_registered_kind(record: Record) -> None:
    class Stranger(SampleReceived):
        pass

    with pytest.raises(ValueError, match=r"isn't the registered model of samples\.received/1"):
        append(record, NewFact(stream="sample-1", payload=Stranger(tissue="colon")), sample_1=0)


@pytest.mark.parametrize("text", ["a\x1fb", "a\x00b", "half a pair \ud800"])
def test_a_text_that_would_blur_the_columns_is_refused_in_one_sentence(record: Record, text: str) -> None:
    with pytest.raises(BadInput, match="holds a control character or half a character"):
        append(
            record, NewFact(stream="sample-1", payload=SampleReceived(tissue="x"), reason=text), sample_1=0
        )
    assert record.head().position == 0


NO_DATES = ["2026-13", "2026-02-30", "26-01-01", "2026-1-1", "January", "", "2026-03-01T10", "２０２６"]


@pytest.mark.parametrize("date", NO_DATES)
def test_a_clinical_date_that_does_not_exist_is_refused(date: str) -> None:
    with pytest.raises(BadInput, match="isn't a clinical date; write a day"):
        clinical_date(date)


@pytest.mark.parametrize("date", ["2026", "2026-02", "2024-02-29"])
def test_a_clinical_date_may_be_a_year_or_a_month_only(date: str) -> None:
    assert clinical_date(date) == date


def test_a_fact_with_a_date_that_does_not_exist_is_not_recorded(record: Record) -> None:
    wrong = NewFact(stream="sample-1", payload=SampleReceived(tissue="x"), occurred="2026-02-30")
    with pytest.raises(BadInput, match="isn't a clinical date"):
        append(record, wrong, sample_1=0)
    assert record.head().position == 0


def test_the_record_is_known_at_any_position_and_at_any_time(record: Record) -> None:
    append(record, received(), sample_1=0)
    append(record, measured(40), sample_1=1)
    append(record, received("sample-2"), sample_2=0)
    assert [fact.position for fact in record.facts(known_at=2)] == [1, 2]
    assert [fact.position for fact in record.facts(known_at=START)] == [1]
    assert [fact.position for fact in record.facts(known_at=START + timedelta(seconds=90))] == [1, 2]
    assert [fact.position for fact in record.facts(after=1)] == [2, 3]
    moments = (None, 0, 2, 99, START - timedelta(seconds=1), START, START + timedelta(seconds=90))
    assert [record.position_at(moment) for moment in moments] == [3, 0, 2, 3, 0, 1, 2]
    assert len(record.stream("sample-1", known_at=1)) == 1
    in_norway = datetime.fromisoformat("2026-11-24T10:00:00+01:00")
    assert record.stream("sample-1", known_at=in_norway) == record.stream("sample-1", known_at=1)


def test_reading_page_by_page_gives_every_fact_once(record: Record) -> None:
    for first in range(0, 2500, 500):
        facts = [received(f"sample-{first + number}") for number in range(500)]
        expecting = {fact.stream: 0 for fact in facts}
        record.append(facts, expecting=expecting, actor=Actor("a", "b", "c"), command=str(first))
    assert [fact.position for fact in record.facts()] == list(range(1, 2501))


def test_any_text_goes_in_and_comes_out_unchanged_and_the_chain_holds(record: Record) -> None:
    texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
    reasons = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\x1f"), max_size=30)

    @settings(max_examples=40, deadline=None)
    @given(texts, st.one_of(st.none(), reasons), st.dictionaries(texts, texts, max_size=2))
    def goes_round(note: str, reason: str | None, rules: dict[str, str]) -> None:
        stream = f"sample-{record.head().position}"
        payload = SampleMeasured(tumour_percent=1, note=note)
        new = NewFact(stream=stream, payload=payload, reason=reason, rules=rules)
        facts = written(record.append([new], expecting={stream: 0}, actor=KARI, command=stream))
        assert record.stream(stream) == facts
        assert (facts[0].payload, facts[0].reason, facts[0].rules) == (payload, reason, rules)

    goes_round()
    assert verify(record.database).fault is None


def test_threads_of_one_process_take_turns(record: Record) -> None:
    def work(number: int) -> None:
        for line in range(15):
            new = received(f"sample-{number}-{line}")
            written(record.append([new], expecting={new.stream: 0}, actor=KARI, command=new.stream))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert record.head().position == 60
    assert verify(record.database).fault is None
