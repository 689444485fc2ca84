"""What the other processes do: append, react, and be killed. Run from a fork server that has all imported."""

import multiprocessing
import os
import signal
from collections.abc import Iterable, Mapping
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from multiprocessing.synchronize import Barrier
from typing import Any
from uuid import UUID, uuid5

from tests.record.samples import (
    ACCESS,
    KARI,
    MEASUREMENTS,
    ROOM,
    ROOMS,
    SAMPLES,
    MeasureSample,
    ReceiveSample,
    SampleReceived,
    measured,
    received,
)

from presis.application import Application, now
from presis.reactions import Reaction, react
from presis.record import Conflict, Fact
from presis.record.store import open_record

NAMES = UUID(int=7)


def fork_server() -> ForkServerContext:
    """The context whose children start in milliseconds, from a clean process without threads."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def race(url: str, barrier: Barrier, rounds: int, results: Connection) -> None:
    """Append to one new stream each round, at the same moment as the others; say who won."""
    record = open_record(url, ROOMS, now)
    for number in range(rounds):
        stream = f"sample-{number}"
        barrier.wait()
        outcome = record.append(
            [
                received(stream),
                measured(os.getpid() % 100, stream),
                received(f"sample-{os.getpid()}-{number}"),
            ],
            expecting={stream: 0, f"sample-{os.getpid()}-{number}": 0},
            actor=KARI,
            command=f"{os.getpid()}-{number}",
        )
        results.send("conflict" if isinstance(outcome, Conflict) else "won")
    record.database.close()


def same_command(url: str, barrier: Barrier, rounds: int, results: Connection) -> None:
    """Give the same command as the others each round, each time for a stream of its own."""
    record = open_record(url, ROOMS, now)
    for number in range(rounds):
        stream = f"sample-{os.getpid()}-{number}"
        barrier.wait()
        outcome = record.append(
            [received(stream)], expecting={stream: 0}, actor=KARI, command=f"command-{number}"
        )
        assert isinstance(outcome, tuple)
        results.send(outcome[0].stream)
    record.database.close()


def take_numbers(url: str, barrier: Barrier, rounds: int, results: Connection) -> None:
    """Receive samples as fast as possible; each takes the next number."""
    record = open_record(url, ROOMS, now)
    application = Application(record, ROOMS, ACCESS)
    barrier.wait()
    for _ in range(rounds):
        outcome = application.handle(ReceiveSample(id=application.ids(), tissue="colon"), KARI)
        results.send(outcome[0].stream if isinstance(outcome, tuple) else "conflict")
    record.database.close()


def append_for_ever(url: str, life: int, acknowledged: Connection) -> None:
    """Append batches over two streams and acknowledge each, until killed."""
    record = open_record(url, ROOMS, now)
    for number in range(10**6):
        one, other = f"sample-{life}-{number}", f"sample-{life}-{number}-b"
        outcome = record.append(
            [received(one), received(other), measured(40, one)],
            expecting={one: 0, other: 0},
            actor=KARI,
            command=f"{life}-{number}",
        )
        assert isinstance(outcome, tuple)
        acknowledged.send(f"{life}-{number}")


def _measure(fact: Fact[Any], command_id: UUID) -> MeasureSample:
    return MeasureSample(id=command_id, sample=fact.stream.removeprefix("sample-"), tumour_percent=10)


MEASURE_ON_RECEIPT = Reaction(name="measure-on-receipt", on=(SampleReceived,), command=_measure)


def react_for_ever(url: str, life: int, acknowledged: Connection) -> None:
    """Receive samples, each with its reaction, and acknowledge, until killed."""
    record = open_record(url, ROOMS, now)
    application = Application(record, ROOMS, ACCESS, on_commit=lambda app: react(app, [MEASURE_ON_RECEIPT]))
    for number in range(10**6):
        command = ReceiveSample(id=uuid5(NAMES, f"{life}-{number}"), tissue="colon")
        assert isinstance(application.handle(command, KARI), tuple)
        acknowledged.send(str(command.id))


def die_before_the_reaction(url: str, life: int, acknowledged: Connection) -> None:
    """Receive a sample, and be killed after the commit and before its reaction."""
    record = open_record(url, ROOMS, now)
    application = Application(record, ROOMS, ACCESS, on_commit=lambda _: os.kill(os.getpid(), signal.SIGKILL))
    application.handle(ReceiveSample(id=uuid5(NAMES, f"before-{life}"), tissue="colon"), KARI)
    acknowledged.send("never")


def die_after_the_reaction(url: str, life: int, acknowledged: Connection) -> None:
    """Receive a sample, react, and be killed before the reaction's position is stored."""
    command = ReceiveSample(id=uuid5(NAMES, f"after-{life}"), tissue="colon")

    def die(fact: Fact[Any], _command_id: UUID) -> None:
        if fact.command == str(command.id):
            os.kill(os.getpid(), signal.SIGKILL)

    reactions = [MEASURE_ON_RECEIPT, Reaction(name="die", on=(SampleReceived,), command=die)]
    record = open_record(url, ROOMS, now)
    application = Application(record, ROOMS, ACCESS, on_commit=lambda app: react(app, reactions))
    application.handle(command, KARI)
    acknowledged.send("never")


def die_inside_the_append(url: str, life: int, acknowledged: Connection) -> None:
    """Be killed after the facts are in the table and before the transaction is committed."""

    def die(_stream: str, _facts: object) -> Iterable[Mapping[str, Any]]:
        os.kill(os.getpid(), signal.SIGKILL)
        return ()

    deadly = replace(ROOM, views=(replace(SAMPLES, rows=die), MEASUREMENTS))
    record = open_record(url, (*ROOMS[:2], deadly), now)
    stream = f"sample-inside-{life}"
    record.append([received(stream)], expecting={stream: 0}, actor=KARI, command=stream)
    acknowledged.send("never")
