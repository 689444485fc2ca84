"""Views: rebuilt, kept in step with every append, and folded by hand, they are the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.record.samples import (
    KARI,
    MEASUREMENTS,
    ROOM,
    ROOMS,
    SAMPLES,
    SampleDiscarded,
    SampleMeasured,
    measured,
    measurement_rows,
    received,
    rows,
    ticking,
)

from presis.errors import BadInput
from presis.record import NewFact, in_place
from presis.record.store import Record, initialise, open_record

Step = tuple[str, int, int]
steps = st.lists(
    st.tuples(
        st.sampled_from(["receive", "measure", "correct", "error", "discard"]),
        st.integers(0, 2),
        st.integers(0, 99),
    ),
    max_size=25,
)


def folded(record: Record) -> dict[str, list[dict[str, Any]]]:
    """What the views should hold, from the facts alone."""
    streams: dict[str, list[Any]] = {}
    for fact in record.facts():
        streams.setdefault(fact.stream, []).append(fact)
    views: dict[str, list[dict[str, Any]]] = {}
    for view, give in ((SAMPLES, rows), (MEASUREMENTS, measurement_rows)):
        views[view.name] = [
            {"stream": stream, "line": line} | dict(row)
            for stream in sorted(streams)
            for line, row in enumerate(give(stream, in_place(streams[stream])), start=1)
        ]
    return views


def stored(record: Record) -> dict[str, list[dict[str, Any]]]:
    return {view.name: record.view_rows(view.name) for view in (SAMPLES, MEASUREMENTS)}


def take(record: Record, step: Step, number: int) -> None:
    """Append what a step says, if the stream allows it."""
    what, which, value = step
    stream = f"sample-{which}"
    facts = record.stream(stream)
    new = {
        "receive": received(stream),
        "measure": measured(value, stream),
        "discard": NewFact(stream=stream, payload=SampleDiscarded()),
    }.get(what)
    if new is None:
        measurements = [fact for fact in facts if fact.kind == SampleMeasured.kind]
        if not measurements:
            return
        wrong = measurements[value % len(measurements)]
        payload = SampleMeasured(tumour_percent=value) if what == "correct" else None
        new = NewFact(stream=stream, payload=payload, kind=wrong.kind, corrects=wrong.position)
    record.append([new], expecting={stream: len(facts)}, actor=KARI, command=f"step-{number}")


def check_law(record: Record, taken: list[Step]) -> None:
    for number, step in enumerate(taken):
        take(record, step, number)
    kept = stored(record)
    assert kept == folded(record)
    record.rebuild()
    assert stored(record) == kept


@settings(max_examples=25, deadline=None)
@given(steps)
def test_rebuilt_is_kept_is_folded(taken: list[Step]) -> None:
    with fresh() as record:
        check_law(record, taken)


@contextmanager
def fresh() -> Iterator[Record]:
    with TemporaryDirectory() as folder:
        record, _ = initialise(f"sqlite:///{Path(folder) / 'presis.db'}", ROOMS, ticking())
        yield record
        record.database.close()


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_rebuilt_is_kept_is_folded_on_postgresql(record: Record) -> None:
    numbers = count()
    whats = ["receive", "measure", "measure", "correct", "error", "measure", "discard"]
    check_law(record, [(what, which, next(numbers)) for what in whats for which in range(3)])


def test_a_rebuild_of_many_streams_gives_every_row(record: Record) -> None:
    for first in range(0, 3000, 1000):
        facts = [received(f"sample-{first + number}") for number in range(1000)]
        record.append(
            facts, expecting={fact.stream: 0 for fact in facts}, actor=KARI, command=f"many-{first}"
        )
    before = record.view_rows("samples")
    assert len(before) == 3000
    assert record.rebuild() == {"tasks": 0, "samples": 3000, "measurements": 0}
    assert record.view_rows("samples") == before


def test_a_view_written_by_other_code_is_refused_and_the_command_named(place: str) -> None:
    old, _ = initialise(place, ROOMS, ticking())
    old.append([received()], expecting={"sample-1": 0}, actor=KARI, command="one")
    old.database.close()
    changed = replace(ROOM, views=(replace(SAMPLES, version=2), MEASUREMENTS))
    record = open_record(place, (*ROOMS[:2], changed), ticking())
    for attempt in (
        lambda: record.append([measured(1)], expecting={"sample-1": 1}, actor=KARI, command="two"),
        lambda: record.view_rows("samples"),
    ):
        with pytest.raises(BadInput) as told:
            attempt()
        assert str(told.value) == (
            f"the samples view of {record.database.place} was written by another version of Presis; "
            "run `presis record rebuild`."
        )
    assert record.head().position == 1
    record.rebuild()
    record.append([measured(1)], expecting={"sample-1": 1}, actor=KARI, command="two")
    assert record.view_rows("samples")[0]["best"] == 1
    record.database.close()


def test_a_view_that_is_new_is_made_by_rebuild(place: str) -> None:
    old, _ = initialise(place, (*ROOMS[:2], replace(ROOM, views=(SAMPLES,))), ticking())
    old.append([received(), measured(40)], expecting={"sample-1": 0}, actor=KARI, command="one")
    old.database.close()
    record = open_record(place, ROOMS, ticking())
    with pytest.raises(BadInput, match="the measurements view"):
        record.view_rows("measurements")
    record.rebuild()
    assert record.view_rows("measurements") == [{"stream": "sample-1", "line": 1, "share": 0.4}]
    record.database.close()
