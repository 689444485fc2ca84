"""Real processes at once, and killed at any moment: nothing acknowledged is lost, nothing half written."""

import time
from collections import Counter
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
import pytest
from tests.record import workers
from tests.record.samples import ACCESS, KARI, ROOMS, received

from presis.application import Application
from presis.reactions import react
from presis.record.progress import progress
from presis.record.store import Record
from presis.record.verify import verify

ROUNDS = 12
LIVES = 15


def together(worker: Callable[..., None], url: str, rounds: int = ROUNDS) -> list[list[str]]:
    """What two processes that do the same at the same time say, by process."""
    context = workers.fork_server()
    barrier = context.Barrier(2)
    started = []
    for _ in range(2):
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=worker, args=(url, barrier, rounds, theirs))
        process.start()
        theirs.close()
        started.append((process, ours))
    said = []
    for process, ours in started:
        said.append([ours.recv() for _ in range(rounds)])
        process.join()
        assert process.exitcode == 0
        process.close()
        ours.close()
    return said


def live_and_die(worker: Callable[..., None], url: str, life: int, seconds: float | None) -> list[str]:
    """Let a process work and kill it (or let it kill itself); what it had acknowledged by then."""
    context = workers.fork_server()
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=worker, args=(url, life, theirs))
    process.start()
    theirs.close()
    if seconds is not None:
        assert ours.poll(20), "the process never began"
        time.sleep(seconds)
        process.kill()
    acknowledged = _all(ours)
    process.join()
    assert process.exitcode == -9
    process.close()
    ours.close()
    return acknowledged


def _all(connection: Connection) -> list[str]:
    said = []
    while True:
        try:
            said.append(connection.recv())
        except EOFError:
            return said


def test_of_two_processes_that_append_to_one_stream_at_once_one_wins(record: Record, place: str) -> None:
    one, other = together(workers.race, place)
    assert all({first, second} == {"won", "conflict"} for first, second in zip(one, other, strict=True))
    facts = list(record.facts())
    assert len(facts) == 3 * ROUNDS  # the loser wrote nothing to any stream
    assert set(Counter(fact.command for fact in facts).values()) == {3}
    assert verify(record.database).fault is None


def test_of_two_processes_that_give_the_same_command_one_writes(record: Record, place: str) -> None:
    one, other = together(workers.same_command, place)
    assert one == other
    assert record.head().position == ROUNDS


def test_two_processes_never_take_the_same_number(record: Record, place: str) -> None:
    one, other = together(workers.take_numbers, place, rounds=30)
    numbers = [int(stream.rpartition("-")[2]) for stream in (*one, *other) if stream != "conflict"]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 30
    assert verify(record.database).fault is None


def test_a_process_killed_while_appending_loses_nothing_acknowledged(record: Record, place: str) -> None:
    moments = np.random.default_rng(20261124).exponential(0.015, LIVES)
    acknowledged: set[str] = set()
    for life, seconds in enumerate(moments):
        acknowledged.update(live_and_die(workers.append_for_ever, place, life, float(seconds)))
        commands = Counter(fact.command for fact in record.facts())
        assert acknowledged <= commands.keys()
        assert set(commands.values()) == {3}  # a batch is whole or absent
        assert len(commands) - len(acknowledged) <= life + 1  # only the last of a life may be unacknowledged
        found = verify(record.database)
        assert found.fault is None
        assert found.facts == record.head().position
    views = record.view_rows("samples")
    record.rebuild()
    assert record.view_rows("samples") == views


def test_a_process_killed_inside_the_transaction_has_written_nothing(record: Record, place: str) -> None:
    record.append([received()], expecting={"sample-1": 0}, actor=KARI, command="before")
    head, views = record.head(), record.view_rows("samples")
    for life in range(2):
        live_and_die(workers.die_inside_the_append, place, life, None)
        assert (record.head(), record.view_rows("samples")) == (head, views)
    record.append([received("sample-2")], expecting={"sample-2": 0}, actor=KARI, command="after")
    assert record.head().position == 2
    assert verify(record.database).fault is None


def every_sample_measured_once(record: Record) -> int:
    """The number of samples, after seeing that each was received once and measured once."""
    streams = Counter(
        (fact.stream, fact.kind) for fact in record.facts() if fact.stream.startswith("sample-")
    )
    received = {stream for stream, kind in streams if kind == "samples.received/1"}
    measured = {stream for stream, kind in streams if kind == "samples.measured/1"}
    assert received == measured
    assert set(streams.values()) == {1}
    return len(received)


def test_a_process_killed_while_reacting_loses_and_doubles_no_reaction(record: Record, place: str) -> None:
    application = Application(record, ROOMS, ACCESS)
    moments = np.random.default_rng(42).exponential(0.02, LIVES)
    acknowledged: set[str] = set()
    for life, seconds in enumerate(moments):
        acknowledged.update(live_and_die(workers.react_for_ever, place, life, float(seconds)))
        report = react(application, [workers.MEASURE_ON_RECEIPT])
        assert report.stopped == ()
        assert every_sample_measured_once(record) >= len(acknowledged)
        assert acknowledged <= {fact.command for fact in record.facts()}
    assert verify(record.database).fault is None


@pytest.mark.parametrize("worker", [workers.die_before_the_reaction, workers.die_after_the_reaction])
def test_a_death_between_commit_and_reaction_or_reaction_and_its_note_is_made_good(
    record: Record, place: str, worker: Any
) -> None:
    application = Application(record, ROOMS, ACCESS)
    for life in range(3):
        live_and_die(worker, place, life, None)
        position = record.head().position
        done = react(application, [workers.MEASURE_ON_RECEIPT]).done
        if worker is workers.die_before_the_reaction:
            assert (done, record.head().position) == (1, position + 1)
        else:
            assert record.head().position == position
        assert every_sample_measured_once(record) == life + 1
        assert progress(record.database)["measure-on-receipt"].position == record.head().position
